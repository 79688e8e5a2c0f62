/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/grid.h"

#include <math.h>

/* Tiles across the world. */
static double across(int z)
{
    return exp2(z - 1);
}

/* The world's north-west corner in the view, and its width: px. */
static MapsPoint world_corner(const MapsView *view, double *world_px)
{
    double lat = view->middle.lat * M_PI / 180;
    *world_px = 256 * view->scale * exp2(view->zoom);
    return (MapsPoint){view->width / 2 - (view->middle.lon / 360 + 0.5) * *world_px,
                       view->height / 2 - (0.5 - asinh(tan(lat)) / (2 * M_PI)) * *world_px};
}

int maps_tile_zoom(double zoom)
{
    return (int)fmin(fmax(round(zoom), MAPS_TILE_MIN_Z), MAPS_TILE_MAX_Z);
}

static int within(double index, double n)
{
    return (int)fmin(fmax(floor(index), 0), n - 1);
}

MapsTileRange maps_tile_range(const MapsView *view)
{
    double world_px;
    MapsPoint corner = world_corner(view, &world_px);
    int z = maps_tile_zoom(view->zoom);
    double n = across(z), size = world_px / n;
    if (!(view->width > 0) || !(view->height > 0) || corner.x >= view->width ||
        corner.y >= view->height || corner.x + world_px <= 0 || corner.y + world_px <= 0)
        return (MapsTileRange){z, 0, 0, -1, -1};
    return (MapsTileRange){z, within(-corner.x / size, n), within(-corner.y / size, n),
                           within(ceil((view->width - corner.x) / size) - 1, n),
                           within(ceil((view->height - corner.y) / size) - 1, n)};
}

MapsRect maps_tile_rect(const MapsView *view, MapsTile tile)
{
    double world_px;
    MapsPoint corner = world_corner(view, &world_px);
    double size = world_px / across(tile.z);
    return (MapsRect){round(corner.x + tile.x * size), round(corner.y + tile.y * size),
                      round(corner.x + (tile.x + 1) * size), round(corner.y + (tile.y + 1) * size)};
}

MapsView maps_tile_view(MapsTile tile, double scale, MapsStyle style)
{
    double n = across(tile.z);
    GeoLonLat middle = {(tile.x + 0.5) / n * 360 - 180,
                        atan(sinh(M_PI * (1 - 2 * (tile.y + 0.5) / n))) * 180 / M_PI};
    return (MapsView){.middle = middle,
                      .zoom = tile.z,
                      .width = MAPS_TILE_PX * scale,
                      .height = MAPS_TILE_PX * scale,
                      .scale = scale,
                      .style = style};
}

MapsTile maps_tile_ancestor(MapsTile tile, int up)
{
    return (MapsTile){tile.z - up, tile.x >> up, tile.y >> up};
}
