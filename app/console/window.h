/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The console's window: one city on the desk, or words that say how to get to one. */
#include <adwaita.h>

#include "app/console/room.h"
#include "app/console/settings.h"

#define APP_TYPE_WINDOW app_window_get_type()
G_DECLARE_FINAL_TYPE(AppWindow, app_window, APP, WINDOW, AdwApplicationWindow)

/* settings is borrowed and outlives the window; lang as in MapsView. Signals: "settled": what the
 * window is to show is all there, be it a map, an error or the invitation to open a city;
 * "language": the person wants the other one. */
AppWindow *app_window_new(GtkApplication *application, AppSettings *settings, const char *lang);

/* Reads the city folder in a thread, then shows it. */
void app_window_open(AppWindow *window, const char *path);

/* Where the map looks once the city is there. */
void app_window_look_at(AppWindow *window, GeoLonLat at, double zoom);

/* A city that is being made: it is offered as soon as its folder is there. */
void app_window_set_next(AppWindow *window, const char *path);

/* What went wrong with the city that was opened last; NULL: nothing. */
const char *app_window_error(AppWindow *window);

AppRoom *app_window_room(AppWindow *window);    /* NULL: no city is open */
const char *app_window_path(AppWindow *window); /* of the city; NULL: none */
bool app_window_complete(AppWindow *window);
