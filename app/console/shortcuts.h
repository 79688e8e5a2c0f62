/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The list of keys, from the table of acts. */
#include <gtk/gtk.h>

void app_shortcuts_show(GtkWindow *parent);
