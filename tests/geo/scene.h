/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Random footprints for the tests of edges, view and cover: seeded by g_test_rand_*. */
#include <glib.h>
#include <math.h>

#include "geo/calc/edges.h"

static inline double scene_real(double from, double to)
{
    return g_test_rand_double_range(from, to);
}

static inline void scene_ring(GArray *edges, const GeoXY *ring, size_t n, uint32_t building)
{
    for (size_t i = 0; i < n; i++) {
        GeoEdge edge = {ring[i], ring[(i + 1) % n], INFINITY, building};
        g_array_append_val(edges, edge);
    }
}

/* A rectangle or an L, turned, anticlockwise, its corner at p. */
static inline void scene_house(GArray *edges, GeoXY p, uint32_t building)
{
    double w = scene_real(4, 40), h = scene_real(4, 25), turn = scene_real(0, 2 * G_PI);
    GeoXY shape[6] = {{0, 0}, {w, 0}, {w, h / 2}, {w / 3, h / 2}, {w / 3, h}, {0, h}};
    GeoXY box[4] = {{0, 0}, {w, 0}, {w, h}, {0, h}};
    bool is_l = g_test_rand_bit();
    size_t n = is_l ? 6 : 4;
    GeoXY ring[6];
    for (size_t i = 0; i < n; i++) {
        GeoXY c = is_l ? shape[i] : box[i];
        ring[i] = (GeoXY){p.x + c.x * cos(turn) - c.y * sin(turn),
                          p.y + c.x * sin(turn) + c.y * cos(turn)};
    }
    scene_ring(edges, ring, n, building);
}

/* n houses over a square of side metres; they may overlap. GeoEdge array. */
static inline GArray *scene_town(uint32_t n, double side)
{
    GArray *edges = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    for (uint32_t i = 0; i < n; i++)
        scene_house(edges, (GeoXY){scene_real(0, side), scene_real(0, side)}, i);
    return edges;
}

static inline GeoEdges *scene_edges(const GArray *edges)
{
    return geo_edges_new((const GeoEdge *)(const void *)edges->data, edges->len);
}

static inline bool scene_crosses_ray(GeoXY a, GeoXY b, GeoXY p)
{
    return (a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x;
}

/* Even-odd over all edges of one building; UINT32_MAX: of all. */
static inline bool scene_inside(const GArray *edges, uint32_t building, GeoXY p)
{
    bool inside = false;
    for (guint i = 0; i < edges->len; i++) {
        const GeoEdge *edge = &g_array_index(edges, GeoEdge, i);
        if (building == UINT32_MAX || edge->building == building)
            inside ^= scene_crosses_ray(edge->a, edge->b, p);
    }
    return inside;
}

static inline bool scene_in_polygon(const GeoXY *polygon, size_t n, GeoXY p)
{
    bool inside = false;
    for (size_t i = 0; i < n; i++)
        inside ^= scene_crosses_ray(polygon[i], polygon[(i + 1) % n], p);
    return inside;
}

static inline double scene_distance(GeoXY a, GeoXY b, GeoXY p)
{
    double dx = b.x - a.x, dy = b.y - a.y, length2 = dx * dx + dy * dy;
    double share = length2 > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / length2 : 0;
    share = CLAMP(share, 0, 1);
    return hypot(p.x - a.x - share * dx, p.y - a.y - share * dy);
}
