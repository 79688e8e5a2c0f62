/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a person may set once and for all. A change is in the settings at once, whose signal
 * "changed" tells the rest; the language is taken at the next start, which the row says. */
#include <adwaita.h>

#include "app/console/settings.h"

/* The window holds a reference to the settings. */
void app_preferences_show(GtkWindow *parent, AppSettings *settings);
