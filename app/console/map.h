/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The map of one city with its strip of words: what lies under the pointer. */
#include <adwaita.h>

#include "app/session/city.h"
#include "maps/paint/view.h"

#define APP_TYPE_MAP app_map_get_type()
G_DECLARE_FINAL_TYPE(AppMap, app_map, APP, MAP, AdwBin)

/* Takes the city. lang as in MapsView. Signals: "settled" when all in sight is drawn, "trouble"
 * (const char *) when a part could not be. */
AppMap *app_map_new(AppCity *city, MapsStyle style, const char *lang);

const AppCity *app_map_city(AppMap *map);
void app_map_set_style(AppMap *map, MapsStyle style);
void app_map_renew(AppMap *map); /* draws everything anew from the store */
bool app_map_complete(AppMap *map);

/* By parts of the window, right and down. */
void app_map_pan(AppMap *map, double right, double down);
void app_map_zoom(AppMap *map, double by);
void app_map_home(AppMap *map);
