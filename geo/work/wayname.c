/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Stretches are at most 25 m long, so one within reach has its middle in the cell of the place or
 * in one of the eight around it. */
#include "geo/work/wayname.h"

#include <math.h>

#define REACH_M 100.0
#define CELL_M 125.0 /* reach, half a stretch, and some more */

struct GeoWayname {
    const GeoStretch *stretches;
    const GeoBatch *roads;
    GeoXY origin;
    size_t columns, rows;
    uint32_t *first; /* columns * rows + 1, owned */
    uint32_t *order; /* stretches by cell, owned */
};

static const char *name_of(const GeoWayname *wayname, size_t stretch)
{
    return geo_batch_row(wayname->roads, wayname->stretches[stretch].street)->name;
}

static size_t cell_of(const GeoWayname *wayname, const GeoStretch *stretch)
{
    double x = ((stretch->a.x + stretch->b.x) / 2 - wayname->origin.x) / CELL_M;
    double y = ((stretch->a.y + stretch->b.y) / 2 - wayname->origin.y) / CELL_M;
    return (size_t)y * wayname->columns + (size_t)x;
}

GeoWayname *geo_wayname_new(const GeoGround *ground, const GeoBatch *roads)
{
    GeoWayname *wayname = g_new0(GeoWayname, 1);
    size_t n;
    GeoBox box = GEO_BOX_EMPTY;
    wayname->stretches = geo_ground_stretches(ground, &n);
    wayname->roads = roads;
    for (size_t i = 0; i < n; i++) {
        geo_box_add(&box, wayname->stretches[i].a);
        geo_box_add(&box, wayname->stretches[i].b);
    }
    if (n == 0)
        return wayname;
    wayname->origin = (GeoXY){box.min_x, box.min_y};
    wayname->columns = (size_t)((box.max_x - box.min_x) / CELL_M) + 1;
    wayname->rows = (size_t)((box.max_y - box.min_y) / CELL_M) + 1;
    size_t cells = wayname->columns * wayname->rows;
    wayname->first = g_new0(uint32_t, cells + 1);
    wayname->order = g_new(uint32_t, n);
    for (size_t i = 0; i < n; i++)
        if (name_of(wayname, i))
            wayname->first[cell_of(wayname, &wayname->stretches[i])]++;
    uint32_t end = 0;
    for (size_t c = 0; c <= cells; c++) {
        end += wayname->first[c];
        wayname->first[c] = end; /* where the cell ends; filled from behind */
    }
    for (size_t i = n; i-- > 0;)
        if (name_of(wayname, i))
            wayname->order[--wayname->first[cell_of(wayname, &wayname->stretches[i])]] =
                (uint32_t)i;
    return wayname;
}

void geo_wayname_free(GeoWayname *wayname)
{
    if (!wayname)
        return;
    g_free(wayname->first);
    g_free(wayname->order);
    g_free(wayname);
}

static double distance_m(const GeoStretch *stretch, GeoXY p)
{
    double dx = stretch->b.x - stretch->a.x, dy = stretch->b.y - stretch->a.y;
    double share = ((p.x - stretch->a.x) * dx + (p.y - stretch->a.y) * dy) / (dx * dx + dy * dy);
    share = CLAMP(share, 0, 1);
    return hypot(p.x - stretch->a.x - share * dx, p.y - stretch->a.y - share * dy);
}

const char *geo_wayname_find(const GeoWayname *wayname, GeoXY p)
{
    double column = floor((p.x - wayname->origin.x) / CELL_M);
    double row = floor((p.y - wayname->origin.y) / CELL_M);
    double nearest = REACH_M;
    const char *name = NULL;
    for (double y = fmax(row - 1, 0); y <= fmin(row + 1, (double)wayname->rows - 1); y++)
        for (double x = fmax(column - 1, 0); x <= fmin(column + 1, (double)wayname->columns - 1);
             x++) {
            size_t cell = (size_t)y * wayname->columns + (size_t)x;
            for (uint32_t i = wayname->first[cell]; i < wayname->first[cell + 1]; i++) {
                uint32_t stretch = wayname->order[i];
                double distance = distance_m(&wayname->stretches[stretch], p);
                if (distance < nearest) {
                    nearest = distance;
                    name = name_of(wayname, stretch);
                }
            }
        }
    return name;
}
