/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Polygons for tests of what asks for areas: squares side by side, and stars anywhere. */
#include <glib.h>
#include <math.h>

#include "geo/model/coord.h"

typedef struct {
    GArray *points;      /* GeoXY */
    GArray *ring_point0; /* uint32_t, and one more */
    GArray *ring0;       /* uint32_t, and one more */
    uint32_t n;
} Shapes;

static inline Shapes *shapes_new(void)
{
    Shapes *shapes = g_new0(Shapes, 1);
    shapes->points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    shapes->ring_point0 = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    shapes->ring0 = g_array_new(FALSE, TRUE, sizeof(uint32_t));
    g_array_set_size(shapes->ring_point0, 1);
    g_array_set_size(shapes->ring0, 1);
    return shapes;
}

static inline void shapes_free(Shapes *shapes)
{
    g_array_unref(shapes->points);
    g_array_unref(shapes->ring_point0);
    g_array_unref(shapes->ring0);
    g_free(shapes);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Shapes, shapes_free)

/* Closes the ring that the points since the last one make. */
static inline void shapes_close(Shapes *shapes, uint32_t first)
{
    GeoXY p = g_array_index(shapes->points, GeoXY, first);
    g_array_append_val(shapes->points, p);
    g_array_append_val(shapes->ring_point0, shapes->points->len);
}

static inline void shapes_end(Shapes *shapes)
{
    uint32_t rings = shapes->ring_point0->len - 1;
    g_array_append_val(shapes->ring0, rings);
    shapes->n++;
}

static inline void shapes_square(Shapes *shapes, double x, double y, double size)
{
    GeoXY corners[4] = {{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}};
    uint32_t first = shapes->points->len;
    g_array_append_vals(shapes->points, corners, 4);
    shapes_close(shapes, first);
    shapes_end(shapes);
}

/* A star of random reach, perhaps with a hole. */
static inline void shapes_star(Shapes *shapes, double x, double y, double size)
{
    int n_rings = g_test_rand_int_range(1, 3);
    for (int r = 0; r < n_rings; r++) {
        int n = g_test_rand_int_range(3, 12);
        uint32_t first = shapes->points->len;
        for (int i = 0; i < n; i++) {
            double angle = (r ? -1 : 1) * 2 * G_PI * i / n;
            double reach = size * (r ? 0.2 : g_test_rand_double_range(0.6, 1));
            GeoXY p = {x + reach * cos(angle), y + reach * sin(angle)};
            g_array_append_val(shapes->points, p);
        }
        shapes_close(shapes, first);
    }
    shapes_end(shapes);
}

static inline const GeoXY *shapes_points(const Shapes *shapes)
{
    return (const GeoXY *)(const void *)shapes->points->data;
}

static inline const uint32_t *shapes_ring_point0(const Shapes *shapes)
{
    return (const uint32_t *)(const void *)shapes->ring_point0->data;
}

static inline const uint32_t *shapes_ring0(const Shapes *shapes)
{
    return (const uint32_t *)(const void *)shapes->ring0->data;
}

/* The plain twin: every edge of every area, even-odd, the lowest area first. */
static inline int32_t shapes_find(const Shapes *shapes, GeoXY p)
{
    const GeoXY *at = shapes_points(shapes);
    const uint32_t *ring = shapes_ring_point0(shapes), *ring0 = shapes_ring0(shapes);
    for (uint32_t a = 0; a < shapes->n; a++) {
        bool in = false;
        for (uint32_t r = ring0[a]; r < ring0[a + 1]; r++)
            for (uint32_t i = ring[r]; i + 1 < ring[r + 1]; i++) {
                GeoXY low = at[i].y <= at[i + 1].y ? at[i] : at[i + 1];
                GeoXY high = at[i].y <= at[i + 1].y ? at[i + 1] : at[i];
                if (low.y <= p.y && high.y > p.y)
                    in ^= (high.x - low.x) * (p.y - low.y) > (p.x - low.x) * (high.y - low.y);
            }
        if (in)
            return (int32_t)a;
    }
    return -1;
}
