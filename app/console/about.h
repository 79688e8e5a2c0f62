/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the program is, what it is made of, and what it will never do. */
#include <adwaita.h>

void app_about_show(GtkWindow *parent);
