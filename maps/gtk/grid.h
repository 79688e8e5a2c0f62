/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The grid of map tiles: which tiles a view needs and where they lie in it. Pure arithmetic. */
#include "maps/paint/path.h"
#include "maps/paint/view.h"

#define MAPS_TILE_PX 512
#define MAPS_TILE_MIN_Z 1
#define MAPS_TILE_MAX_Z 20

/* z is the zoom at which the tile is shown at its own size; the world is 2^(z - 1) tiles wide,
 * x from the west, y from the north. */
typedef struct {
    int z, x, y;
} MapsTile;

typedef struct {
    int z, x0, y0, x1, y1; /* both ends are inside; empty while x0 > x1 */
} MapsTileRange;

/* The whole zoom nearest to zoom that has tiles. */
int maps_tile_zoom(double zoom);

/* The tiles of the view's nearest zoom that meet it. */
MapsTileRange maps_tile_range(const MapsView *view);

/* Where a tile of any zoom lies in the view, px; edges are whole and shared with its neighbours. */
MapsRect maps_tile_rect(const MapsView *view, MapsTile tile);

/* The tile as a picture of its own, px and scale of the screen. */
MapsView maps_tile_view(MapsTile tile, double scale, MapsStyle style);

/* The tile that holds it, up zooms further out; up must be less than z. */
MapsTile maps_tile_ancestor(MapsTile tile, int up);
