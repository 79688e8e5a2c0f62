/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The console's window: one city on a map, or words that say how to get to one. */
#include <adwaita.h>

#include "maps/paint/view.h"

#define APP_TYPE_WINDOW app_window_get_type()
G_DECLARE_FINAL_TYPE(AppWindow, app_window, APP, WINDOW, AdwApplicationWindow)

/* lang as in MapsView. Signal "settled": what the window is to show is all there, be it a map, an
 * error or the invitation to open a city. */
AppWindow *app_window_new(GtkApplication *application, MapsStyle style, const char *lang);

/* Reads the city folder in a thread, then shows it. */
void app_window_open(AppWindow *window, const char *path);

/* What went wrong with the city that was opened last; NULL: nothing. */
const char *app_window_error(AppWindow *window);
