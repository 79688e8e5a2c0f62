/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/geo/scene.h"

#define APPROX(a, b, tolerance) g_assert_cmpfloat_with_epsilon(a, b, tolerance)

static void test_pieces(void)
{
    g_autoptr(GArray) town = scene_town(200, 1000);
    GeoEdge runway = {{-431.5, 77.7}, {2210.25, 1890.5}, 3, 4000};
    GeoEdge border = {{25, -50}, {25, 75}, 3, 4001};
    g_array_append_val(town, runway);
    g_array_append_val(town, border);
    g_autoptr(GeoEdges) edges = scene_edges(town);
    g_assert_cmpuint(geo_edges_size(edges), ==, town->len);
    const GeoEdgeGrid *grid = geo_edges_grid(edges);
    g_autofree double *length = g_new0(double, town->len);
    for (size_t c = 0; c < (size_t)grid->columns * (size_t)grid->rows; c++)
        for (uint32_t i = grid->first[c]; i < grid->first[c + 1]; i++) {
            const GeoEdgePiece *piece = &grid->piece[i];
            const GeoEdge *edge = &geo_edges_all(edges)[piece->edge];
            double west = grid->origin.x + (double)(c % (size_t)grid->columns) * grid->cell_m;
            double south = grid->origin.y + (double)(c / (size_t)grid->columns) * grid->cell_m;
            g_assert_cmpfloat(fmin(piece->a.x, piece->b.x), >=, west);
            g_assert_cmpfloat(fmax(piece->a.x, piece->b.x), <=, west + grid->cell_m);
            g_assert_cmpfloat(fmin(piece->a.y, piece->b.y), >=, south);
            g_assert_cmpfloat(fmax(piece->a.y, piece->b.y), <=, south + grid->cell_m);
            g_assert_cmpfloat(scene_distance(edge->a, edge->b, piece->a), <, 1e-8);
            length[piece->edge] += hypot(piece->b.x - piece->a.x, piece->b.y - piece->a.y);
        }
    for (guint i = 0; i < town->len; i++) {
        const GeoEdge *edge = &geo_edges_all(edges)[i];
        APPROX(length[i], hypot(edge->b.x - edge->a.x, edge->b.y - edge->a.y), 1e-6);
    }
}

static void test_inside(void)
{
    g_autoptr(GArray) town = scene_town(150, 400);
    GeoXY around[8] = {{-50, -50}, {450, -50}, {450, 450}, {-50, 450}};
    scene_ring(town, around, 4, 150);
    g_autoptr(GeoEdges) edges = scene_edges(town);
    size_t found = 0;
    for (int i = 0; i < 3000; i++) {
        GeoXY p = {scene_real(-120, 520), scene_real(-120, 520)};
        if (i % 3 == 0) /* on borders of the grid, where cut points lie */
            p = (GeoXY){25.0 * floor(p.x / 25), 25.0 * floor(p.y / 25)};
        uint32_t held[64];
        size_t n = geo_edges_buildings_at(edges, p, held, 64);
        for (uint32_t b = 0; b <= 150; b++) {
            bool holds = false;
            for (size_t k = 0; k < n; k++)
                holds |= held[k] == b;
            g_assert_true(holds == scene_inside(town, b, p));
        }
        found += n;
    }
    g_assert_cmpuint(found, >, 2000);
}

static bool all_sound(const GeoXY *ring, size_t n)
{
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    scene_ring(edges, ring, n, 0);
    g_autoptr(GeoEdges) built = scene_edges(edges);
    const GeoEdgeGrid *grid = geo_edges_grid(built);
    bool sound = true, crooked = true;
    for (uint32_t i = 0; i < grid->first[grid->columns * grid->rows]; i++) {
        sound &= grid->piece[i].sound;
        crooked &= !grid->piece[i].sound;
    }
    g_assert_true(sound != crooked);
    return sound;
}

static void test_sound(void)
{
    GeoXY square[4] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}};
    GeoXY clockwise[4] = {{0, 0}, {0, 10}, {10, 10}, {10, 0}};
    GeoXY bow[4] = {{0, 0}, {10, 10}, {10, 0}, {0, 10}};
    GeoXY eight[6] = {{0, 0}, {10, 0}, {5, 5}, {10, 10}, {0, 10}, {5, 5}};
    GeoXY spike[5] = {{0, 0}, {10, 0}, {20, 0}, {10, 0}, {10, 10}};
    GeoXY twice[8] = {{0, 0}, {10, 0}, {10, 10}, {0, 10}, {0, 0}, {10, 0}, {10, 10}, {0, 10}};
    GeoXY touch[7] = {{0, 0}, {10, 0}, {10, 10}, {5, 0}, {0, 10}, {-1, 5}, {-1, 2}};
    g_assert_true(all_sound(square, 4));
    g_assert_false(all_sound(clockwise, 4));
    g_assert_false(all_sound(bow, 4));
    g_assert_true(all_sound(eight, 6));
    g_assert_false(all_sound(spike, 5));
    g_assert_false(all_sound(twice, 8));
    g_assert_false(all_sound(touch, 7));
}

static void test_hole(void)
{
    g_autoptr(GArray) ring = g_array_new(FALSE, FALSE, sizeof(GeoEdge));
    GeoXY outer[4] = {{0, 0}, {90, 0}, {90, 90}, {0, 90}};
    GeoXY yard[4] = {{30, 30}, {30, 60}, {60, 60}, {60, 30}};
    scene_ring(ring, outer, 4, 9);
    scene_ring(ring, yard, 4, 9);
    g_autoptr(GeoEdges) edges = scene_edges(ring);
    uint32_t held;
    g_assert_true(geo_edges_grid(edges)->piece[0].sound);
    g_assert_cmpuint(geo_edges_buildings_at(edges, (GeoXY){10, 10}, &held, 1), ==, 1);
    g_assert_cmpuint(held, ==, 9);
    g_assert_cmpuint(geo_edges_buildings_at(edges, (GeoXY){45, 45}, &held, 1), ==, 0);
    g_assert_cmpuint(geo_edges_buildings_at(edges, (GeoXY){-1, 45}, &held, 1), ==, 0);
}

static void test_degenerate(void)
{
    g_autoptr(GeoEdges) none = geo_edges_new(NULL, 0);
    uint32_t held[4];
    g_assert_cmpuint(geo_edges_size(none), ==, 0);
    g_assert_cmpuint(geo_edges_buildings_at(none, (GeoXY){0, 0}, held, 4), ==, 0);
    GeoEdge bad[4] = {{{1, 1}, {1, 1}, 3, 0},
                      {{NAN, 1}, {1, 2}, 3, 0},
                      {{0, 1}, {INFINITY, 2}, 3, 0},
                      {{0, 1}, {1e9, 2}, 3, 0}};
    g_autoptr(GeoEdges) dropped = geo_edges_new(bad, 4);
    g_assert_cmpuint(geo_edges_size(dropped), ==, 0);
    GeoEdge far_apart[2] = {{{-9e6, -9e6}, {-9e6 + 1, -9e6}, 3, 0},
                            {{9e6, 9e6}, {9e6 + 1, 9e6}, 3, 1}};
    g_autoptr(GeoEdges) wide = geo_edges_new(far_apart, 2);
    const GeoEdgeGrid *grid = geo_edges_grid(wide);
    g_assert_cmpuint(geo_edges_size(wide), ==, 2);
    g_assert_cmpint((gint64)grid->columns * grid->rows, <=, 1 << 24);
    g_assert_cmpuint(geo_edges_buildings_at(wide, (GeoXY){NAN, 0}, held, 4), ==, 0);
    geo_edges_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/edges/pieces-lie-in-their-cell-and-add-up", test_pieces);
    g_test_add_func("/edges/buildings-at-equals-even-odd-of-each", test_inside);
    g_test_add_func("/edges/only-clean-footprints-are-sound", test_sound);
    g_test_add_func("/edges/a-yard-is-outside", test_hole);
    g_test_add_func("/edges/degenerate-input-is-defined", test_degenerate);
    return g_test_run();
}
