/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Point in polygons: each area is entered in the cells of a uniform grid that its bounds meet; a
 * point is tested even-odd against the areas of its cell. An edge counts when it spans the point's
 * height half-open (one end at or below, the other above), so that neighbours that share a border
 * never both hold a point and leave none out. O(vertices of the cell's areas) a point. */
#include "geo/calc/inside.h"

#include <math.h>

#define CELLS_PER_AREA 4.0
#define CELLS_ACROSS                                                                               \
    2.0 /* of an area of mean size, at the most: thousands may lie in one place                    \
         */
#define MAX_SIDE 2000.0

struct GeoInside {
    const GeoXY *points;
    const uint32_t *ring_point0, *ring0;
    size_t n_areas;
    GeoBox *boxes; /* one per area */
    GeoBox box;
    size_t columns, rows;
    double cell_x, cell_y;
    uint32_t *cell0; /* columns * rows + 1 */
    uint32_t *areas; /* by cell, rising */
};

static size_t cell_of(double at, double low, double size, size_t n)
{
    double cell = (at - low) / size;
    return cell <= 0 ? 0 : MIN((size_t)cell, n - 1);
}

/* Counts (areas NULL) or enters each area in its cells. */
static void enter_areas(const GeoInside *inside, uint32_t *count, uint32_t *areas)
{
    for (size_t a = 0; a < inside->n_areas; a++) {
        const GeoBox *box = &inside->boxes[a];
        if (box->min_x > box->max_x)
            continue;
        size_t c0 = cell_of(box->min_x, inside->box.min_x, inside->cell_x, inside->columns);
        size_t c1 = cell_of(box->max_x, inside->box.min_x, inside->cell_x, inside->columns);
        size_t r0 = cell_of(box->min_y, inside->box.min_y, inside->cell_y, inside->rows);
        size_t r1 = cell_of(box->max_y, inside->box.min_y, inside->cell_y, inside->rows);
        for (size_t r = r0; r <= r1; r++)
            for (size_t c = c0; c <= c1; c++) {
                size_t cell = r * inside->columns + c;
                if (areas)
                    areas[count[cell]++] = (uint32_t)a;
                else
                    count[cell + 1]++;
            }
    }
}

static void measure(GeoInside *inside)
{
    inside->box = GEO_BOX_EMPTY;
    inside->boxes = g_new(GeoBox, MAX(inside->n_areas, 1));
    for (size_t a = 0; a < inside->n_areas; a++) {
        inside->boxes[a] = GEO_BOX_EMPTY;
        uint32_t first = inside->ring_point0[inside->ring0[a]];
        uint32_t end = inside->ring_point0[inside->ring0[a + 1]];
        for (uint32_t i = first; i < end; i++)
            geo_box_add(&inside->boxes[a], inside->points[i]);
        if (first < end) {
            const GeoBox *box = &inside->boxes[a];
            geo_box_add(&inside->box, (GeoXY){box->min_x, box->min_y});
            geo_box_add(&inside->box, (GeoXY){box->max_x, box->max_y});
        }
    }
}

static size_t cells_along(double length, double sum_of_areas, size_t n_areas)
{
    double side = sqrt(CELLS_PER_AREA * (double)n_areas);
    if (sum_of_areas > 0)
        side = fmin(side, CELLS_ACROSS * length * (double)n_areas / sum_of_areas);
    return (size_t)CLAMP(side, 1, MAX_SIDE);
}

static void lay_grid(GeoInside *inside)
{
    double width = inside->box.max_x - inside->box.min_x, widths = 0;
    double height = inside->box.max_y - inside->box.min_y, heights = 0;
    for (size_t a = 0; a < inside->n_areas; a++) {
        const GeoBox *box = &inside->boxes[a];
        widths += fmax(box->max_x - box->min_x, 0);
        heights += fmax(box->max_y - box->min_y, 0);
    }
    inside->columns = cells_along(width, widths, inside->n_areas);
    inside->rows = cells_along(height, heights, inside->n_areas);
    inside->cell_x = width > 0 ? width / (double)inside->columns : 1;
    inside->cell_y = height > 0 ? height / (double)inside->rows : 1;
}

GeoInside *geo_inside_new(const GeoXY *points, const uint32_t *ring_point0, const uint32_t *ring0,
                          size_t n_areas)
{
    GeoInside *inside = g_new0(GeoInside, 1);
    inside->points = points;
    inside->ring_point0 = ring_point0;
    inside->ring0 = ring0;
    inside->n_areas = n_areas;
    measure(inside);
    lay_grid(inside);
    size_t n_cells = inside->columns * inside->rows;
    inside->cell0 = g_new0(uint32_t, n_cells + 1);
    enter_areas(inside, inside->cell0, NULL);
    for (size_t c = 0; c < n_cells; c++)
        inside->cell0[c + 1] += inside->cell0[c];
    inside->areas = g_new(uint32_t, MAX(inside->cell0[n_cells], 1));
    g_autofree uint32_t *next = g_memdup2(inside->cell0, (n_cells + 1) * sizeof *next);
    enter_areas(inside, next, inside->areas);
    return inside;
}

void geo_inside_free(GeoInside *inside)
{
    if (!inside)
        return;
    g_free(inside->boxes);
    g_free(inside->cell0);
    g_free(inside->areas);
    g_free(inside);
}

static bool holds(const GeoInside *inside, size_t area, GeoXY p)
{
    bool in = false;
    for (uint32_t r = inside->ring0[area]; r < inside->ring0[area + 1]; r++)
        for (uint32_t i = inside->ring_point0[r]; i + 1 < inside->ring_point0[r + 1]; i++) {
            GeoXY a = inside->points[i], b = inside->points[i + 1];
            if ((a.y > p.y) == (b.y > p.y))
                continue;
            /* From the lower end always, so that both users of a border compute the same bits. */
            if (a.y > b.y) {
                GeoXY t = a;
                a = b;
                b = t;
            }
            in ^= (b.x - a.x) * (p.y - a.y) > (p.x - a.x) * (b.y - a.y);
        }
    return in;
}

size_t geo_inside_find(const GeoInside *inside, GeoXY p, uint32_t *areas, size_t max)
{
    const GeoBox *box = &inside->box;
    if (!(p.x >= box->min_x && p.x <= box->max_x && p.y >= box->min_y && p.y <= box->max_y))
        return 0;
    size_t column = cell_of(p.x, box->min_x, inside->cell_x, inside->columns);
    size_t row = cell_of(p.y, box->min_y, inside->cell_y, inside->rows);
    size_t cell = row * inside->columns + column, n = 0;
    for (uint32_t i = inside->cell0[cell]; i < inside->cell0[cell + 1]; i++) {
        uint32_t area = inside->areas[i];
        const GeoBox *of = &inside->boxes[area];
        if (p.x < of->min_x || p.x > of->max_x || p.y < of->min_y || p.y > of->max_y)
            continue;
        if (!holds(inside, area, p))
            continue;
        if (n < max)
            areas[n] = area;
        n++;
    }
    return n;
}
