/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/inside.h"

#include <math.h>

/* The plain twin: the angle that the rings turn round the point. */
static bool winds(const GeoXY *points, uint32_t first, uint32_t end, GeoXY p)
{
    double turn = 0;
    for (uint32_t i = first; i + 1 < end; i++) {
        double ax = points[i].x - p.x, ay = points[i].y - p.y;
        double bx = points[i + 1].x - p.x, by = points[i + 1].y - p.y;
        turn += atan2(ax * by - ay * bx, ax * bx + ay * by);
    }
    return fabs(turn) > G_PI;
}

static void agrees_with_the_turning_angle(void)
{
    for (int round = 0; round < 100; round++) {
        size_t n_areas = (size_t)g_test_rand_int_range(1, 60);
        g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
        g_autoptr(GArray) ring_point0 = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_autofree uint32_t *ring0 = g_new(uint32_t, n_areas + 1);
        for (size_t a = 0; a < n_areas; a++) {
            ring0[a] = ring_point0->len;
            double x = g_test_rand_double_range(0, 1000), y = g_test_rand_double_range(0, 1000);
            double size = g_test_rand_double_range(5, 200);
            int n_rings = g_test_rand_int_range(1, 3); /* a star, perhaps with a hole */
            for (int r = 0; r < n_rings; r++) {
                g_array_append_val(ring_point0, points->len);
                int n = g_test_rand_int_range(3, 12);
                GeoXY first = {0};
                for (int i = 0; i < n; i++) {
                    double angle = (r ? -1 : 1) * 2 * G_PI * i / n;
                    double reach = size * (r ? 0.2 : g_test_rand_double_range(0.6, 1));
                    GeoXY p = {x + reach * cos(angle), y + reach * sin(angle)};
                    if (i == 0)
                        first = p;
                    g_array_append_val(points, p);
                }
                g_array_append_val(points, first);
            }
        }
        ring0[n_areas] = ring_point0->len;
        g_array_append_val(ring_point0, points->len);
        const GeoXY *at = (const GeoXY *)(const void *)points->data;
        const uint32_t *rings = (const uint32_t *)(const void *)ring_point0->data;
        g_autoptr(GeoInside) inside = geo_inside_new(at, rings, ring0, n_areas);
        for (int i = 0; i < 300; i++) {
            GeoXY p = {g_test_rand_double_range(-100, 1100), g_test_rand_double_range(-100, 1100)};
            uint32_t found[64];
            size_t n = geo_inside_find(inside, p, found, G_N_ELEMENTS(found)), k = 0;
            for (uint32_t a = 0; a < n_areas; a++) {
                bool in = false;
                for (uint32_t r = ring0[a]; r < ring0[a + 1]; r++)
                    in ^= winds(at, rings[r], rings[r + 1], p);
                if (in)
                    g_assert_cmpuint(found[k++], ==, a);
            }
            g_assert_cmpuint(n, ==, k);
        }
    }
}

/* A lattice of squares: points on its very lines, which are what grids of round numbers meet. */
static void a_shared_border_belongs_to_one_neighbour(void)
{
    enum { SIDE = 8 };
    GeoXY points[SIDE * SIDE * 5];
    uint32_t ring_point0[SIDE * SIDE + 1], ring0[SIDE * SIDE + 1];
    static const int dx[] = {0, 1, 1, 0, 0}, dy[] = {0, 0, 1, 1, 0};
    for (uint32_t a = 0; a <= SIDE * SIDE; a++) {
        ring_point0[a] = a * 5;
        ring0[a] = a;
        for (int i = 0; i < 5 && a < SIDE * SIDE; i++)
            points[a * 5 + (uint32_t)i] =
                (GeoXY){(double)(a % SIDE) + dx[i], (double)(a / SIDE) + dy[i]};
    }
    g_autoptr(GeoInside) inside = geo_inside_new(points, ring_point0, ring0, SIDE * SIDE);
    for (int x = 2; x < 2 * SIDE - 1; x++)
        for (int y = 2; y < 2 * SIDE - 1; y++)
            g_assert_cmpuint(geo_inside_find(inside, (GeoXY){x / 2.0, y / 2.0}, NULL, 0), ==, 1);
}

static void nothing_holds_nothing(void)
{
    uint32_t zero[1] = {0};
    g_autoptr(GeoInside) inside = geo_inside_new(NULL, zero, zero, 0);
    g_assert_cmpuint(geo_inside_find(inside, (GeoXY){0, 0}, NULL, 0), ==, 0);
    g_assert_cmpuint(geo_inside_find(inside, (GeoXY){NAN, 0}, NULL, 0), ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/inside/agrees-with-the-turning-angle", agrees_with_the_turning_angle);
    g_test_add_func("/inside/a-shared-border-belongs-to-one-neighbour",
                    a_shared_border_belongs_to_one_neighbour);
    g_test_add_func("/inside/nothing-holds-nothing", nothing_holds_nothing);
    return g_test_run();
}
