/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The base map and the grids' borders as a layer of painted tiles. libshumate's own layer fetches
 * from an idle source and starves while frames overrun; this one draws what it has in every frame
 * and paints the rest in threads. */
#include <shumate/shumate.h>

#include "maps/paint/view.h"

#define MAPS_TYPE_TILES maps_tiles_get_type()
G_DECLARE_FINAL_TYPE(MapsTiles, maps_tiles, MAPS, TILES, ShumateLayer)

/* Signals: "settled" when the last tile in sight has come, "trouble" (const char *) when one could
 * not be painted. */
MapsTiles *maps_tiles_new(ShumateViewport *viewport, const char *city, MapsStyle style);

void maps_tiles_set_style(MapsTiles *tiles, MapsStyle style);

/* The city has changed: all is painted anew, the old tiles stay in sight until then. */
void maps_tiles_renew(MapsTiles *tiles);

/* Every tile in sight is there, of this style and version. */
bool maps_tiles_complete(MapsTiles *tiles);
