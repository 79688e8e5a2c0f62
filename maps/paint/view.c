/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/view.h"

#include <math.h>

#define TILE_PX 256.0
#define EQUATOR_M 40075016.685578488
#define MAX_LAT 85.0511287798

static double world_px(const MapsView *view)
{
    return TILE_PX * view->scale * exp2(view->zoom);
}

static MapsPoint mercator(GeoLonLat p)
{
    double lat = fmin(fmax(p.lat, -MAX_LAT), MAX_LAT) * M_PI / 180;
    return (MapsPoint){p.lon / 360 + 0.5, 0.5 - asinh(tan(lat)) / (2 * M_PI)};
}

void maps_view_project(const MapsView *view, const GeoLonLat *from, MapsPoint *to, size_t n)
{
    double world = world_px(view);
    MapsPoint middle = mercator(view->middle);
    double dx = view->width / 2 - middle.x * world, dy = view->height / 2 - middle.y * world;
    for (size_t i = 0; i < n; i++) {
        MapsPoint p = mercator(from[i]);
        to[i] = (MapsPoint){p.x * world + dx, p.y * world + dy};
    }
}

MapsPoint maps_view_point(const MapsView *view, GeoLonLat p)
{
    MapsPoint q;
    maps_view_project(view, &p, &q, 1);
    return q;
}

GeoLonLat maps_view_unproject(const MapsView *view, MapsPoint p)
{
    double world = world_px(view);
    MapsPoint middle = mercator(view->middle);
    double x = middle.x + (p.x - view->width / 2) / world;
    double y = middle.y + (p.y - view->height / 2) / world;
    return (GeoLonLat){(x - 0.5) * 360, atan(sinh((0.5 - y) * 2 * M_PI)) * 180 / M_PI};
}

GeoBounds maps_view_bounds(const MapsView *view)
{
    GeoBounds bounds = GEO_BOUNDS_EMPTY;
    geo_bounds_add(&bounds, maps_view_unproject(view, (MapsPoint){0, 0}));
    geo_bounds_add(&bounds, maps_view_unproject(view, (MapsPoint){view->width, view->height}));
    return bounds;
}

double maps_view_m_per_px(const MapsView *view)
{
    return EQUATOR_M * cos(view->middle.lat * M_PI / 180) / world_px(view);
}
