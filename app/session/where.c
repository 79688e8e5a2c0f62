/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Even-odd needs no metres: degrees serve as they are. */
#include "app/session/where.h"

#include "geo/calc/inside.h"

#define MAX_FOUND 64 /* tiers and beats over one place */

struct AppWhere {
    GeoBatch *areas;      /* owned */
    GeoXY *points;        /* owned; inside borrows it and the two below */
    uint32_t *ring0;      /* of each area, one more at the end */
    uint32_t *ring_first; /* point of each ring, one more at the end */
    GeoInside *inside;
};

AppWhere *app_where_new(GeoBatch *areas)
{
    AppWhere *where = g_new0(AppWhere, 1);
    guint n = areas->rows->len, n_rings = areas->parts->len, n_points = areas->points->len;
    where->areas = areas;
    where->points = g_new(GeoXY, n_points + 1);
    where->ring0 = g_new(uint32_t, n + 1);
    where->ring_first = g_new(uint32_t, n_rings + 1);
    for (guint i = 0; i < n_points; i++) {
        GeoLonLat p = g_array_index(areas->points, GeoLonLat, i);
        where->points[i] = (GeoXY){p.lon, p.lat};
    }
    for (guint i = 0; i < n_rings; i++)
        where->ring_first[i] = g_array_index(areas->parts, uint32_t, i);
    where->ring_first[n_rings] = n_points;
    for (guint i = 0; i < n; i++)
        where->ring0[i] = geo_batch_row(areas, i)->part0;
    where->ring0[n] = n_rings;
    where->inside = geo_inside_new(where->points, where->ring_first, where->ring0, n);
    return where;
}

void app_where_free(AppWhere *where)
{
    if (!where)
        return;
    geo_inside_free(where->inside);
    geo_batch_free(where->areas);
    g_free(where->points);
    g_free(where->ring0);
    g_free(where->ring_first);
    g_free(where);
}

const GeoArea *app_where_find(const AppWhere *where, GeoLonLat p)
{
    uint32_t found[MAX_FOUND];
    size_t n = geo_inside_find(where->inside, (GeoXY){p.lon, p.lat}, found, MAX_FOUND);
    const GeoArea *best = NULL;
    for (size_t i = 0; i < MIN(n, MAX_FOUND); i++) {
        const GeoArea *area = &g_array_index(where->areas->rows, GeoArea, found[i]);
        if (!best || maps_grids_tier(area->level) > maps_grids_tier(best->level))
            best = area;
    }
    return best;
}

const GeoBatch *app_where_areas(const AppWhere *where)
{
    return where->areas;
}

const GeoArea *app_where_find_tier(const AppWhere *where, GeoLonLat p, MapsTier tier)
{
    uint32_t found[MAX_FOUND];
    size_t n = geo_inside_find(where->inside, (GeoXY){p.lon, p.lat}, found, MAX_FOUND);
    for (size_t i = 0; i < MIN(n, MAX_FOUND); i++) {
        const GeoArea *area = &g_array_index(where->areas->rows, GeoArea, found[i]);
        if (maps_grids_tier(area->level) == tier)
            return area;
    }
    return NULL;
}
