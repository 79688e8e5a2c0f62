/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Seen from the eye, a place is hidden by a prism when the ray to it passes the footprint where it
 * is lower than the roof. With the eye as origin that is the footprint swept outwards from 1 to
 * lambda = (c - t) / (c - b): the footprint itself and, for each of its edges, the quadrilateral
 * between the edge and its image. Their union is cut out of the field. */
#include "geo/calc/shade.h"

#include <math.h>

#include "geo/calc/region.h"

#define LEAST_M2 1e-6 /* a quadrilateral seen end on */

static double lambda_of(const GeoEye *eye, double height_m)
{
    return (eye->height_m - eye->target_m) / (eye->height_m - fmax(height_m, 0));
}

static void add_quad(GeoShaper *shaper, const GeoEye *eye, const GeoEdge *edge, double lambda,
                     GPtrArray *shades)
{
    GeoXY e = eye->at, a = edge->a, b = edge->b;
    GeoXY quad[4] = {a,
                     b,
                     {e.x + lambda * (b.x - e.x), e.y + lambda * (b.y - e.y)},
                     {e.x + lambda * (a.x - e.x), e.y + lambda * (a.y - e.y)}};
    double twice = (a.x - e.x) * (b.y - e.y) - (b.x - e.x) * (a.y - e.y);
    if (fabs(twice) * (lambda * lambda - 1) < LEAST_M2)
        return;
    GeoRegion *region = geo_region_of_rings(shaper, quad, 4, NULL, 1);
    if (region)
        g_ptr_array_add(shades, region);
}

/* Edges of one building lie together, ring by ring. */
static void add_building(GeoShaper *shaper, const GeoEdges *edges, const GeoEye *eye, size_t first,
                         size_t end, GPtrArray *shades)
{
    const GeoEdge *all = geo_edges_all(edges);
    double lambda = lambda_of(eye, all[first].height_m);
    g_autoptr(GArray) xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = first; i < end; i++) {
        bool begins = i == first || all[i].a.x != all[i - 1].b.x || all[i].a.y != all[i - 1].b.y;
        uint32_t at = xy->len;
        if (begins)
            g_array_append_val(parts, at);
        g_array_append_val(xy, all[i].a);
        if (lambda > 1)
            add_quad(shaper, eye, &all[i], lambda, shades);
    }
    GeoRegion *footprint =
        geo_region_of_rings(shaper, (const GeoXY *)(const void *)xy->data, xy->len,
                            (const uint32_t *)(const void *)parts->data, parts->len);
    if (footprint)
        g_ptr_array_add(shades, footprint);
}

/* The run of a building's edges, found from its number: edges are in order of buildings. */
static bool find_edges(const GeoEdges *edges, uint32_t building, size_t *first, size_t *end)
{
    const GeoEdge *all = geo_edges_all(edges);
    size_t n = geo_edges_size(edges), low = 0, high = n;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (all[middle].building < building)
            low = middle + 1;
        else
            high = middle;
    }
    *first = *end = low;
    while (*end < n && all[*end].building == building)
        ++*end;
    return *end > *first;
}

static void write_rings(GeoShaper *shaper, const GeoRegion *field, GArray *points,
                        GArray *part_first)
{
    g_autoptr(GeoRegionRings) rings = geo_region_rings_new();
    g_autoptr(GPtrArray) polygons = g_ptr_array_new();
    geo_region_split(shaper, field, polygons);
    for (guint i = 0; i < polygons->len; i++) {
        geo_region_rings_add(rings, shaper, polygons->pdata[i], 0);
        geo_region_free(shaper, polygons->pdata[i]);
    }
    geo_region_rings_end(rings);
    for (guint r = 0; r + 1 < rings->ring_first->len; r++) {
        uint32_t from = g_array_index(rings->ring_first, uint32_t, r);
        uint32_t to = g_array_index(rings->ring_first, uint32_t, r + 1), at = points->len;
        g_array_append_val(part_first, at);
        for (uint32_t k = from; k + 1 < to; k++) { /* the last repeats the first */
            GeoXY p = g_array_index(rings->points, GeoXY, k);
            g_array_append_val(points, p);
        }
    }
}

void geo_shade_cut(const GeoEdges *edges, const GeoEye *eye, const uint32_t *buildings, size_t n,
                   GArray *points, GArray *part_first, guint begin)
{
    GeoShaper *shaper = geo_shaper_new(eye->at);
    g_autoptr(GPtrArray) shades = g_ptr_array_new();
    size_t first, end;
    for (size_t i = 0; i < n; i++)
        if (find_edges(edges, buildings[i], &first, &end))
            add_building(shaper, edges, eye, first, end, shades);
    GeoRegion *star = geo_region_of_rings(shaper, &g_array_index(points, GeoXY, begin),
                                          points->len - begin, NULL, 1);
    GeoRegion *shade = geo_region_union(shaper, shades);
    GeoRegion *field = geo_region_minus(shaper, star, shade);
    g_array_set_size(points, begin);
    if (field) /* else all of it is hidden */
        write_rings(shaper, field, points, part_first);
    geo_region_free(shaper, field);
    geo_region_free(shaper, shade);
    geo_region_free(shaper, star);
    geo_shaper_free(shaper);
}
