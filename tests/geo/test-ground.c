/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/ground.h"

#include "tests/geo/scene.h"

static const GeoBox box = {0, 0, 300, 200};

static double line_distance(const GeoXY *line, size_t n, GeoXY p)
{
    double best = INFINITY;
    for (size_t i = 0; i + 1 < n; i++)
        best = fmin(best, scene_distance(line[i], line[i + 1], p));
    return best;
}

static void test_strips(void)
{
    for (int round = 0; round < 30; round++) {
        g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
        GeoXY line[4];
        for (int i = 0; i < 4; i++)
            line[i] = (GeoXY){scene_real(-20, 320), scene_real(-20, 220)};
        if (round % 3 == 0) { /* along the axes, and standing still */
            line[1].y = line[0].y;
            line[2].x = line[1].x;
            line[3] = line[2];
        }
        double width = scene_real(2, 30);
        geo_ground_add_street(ground, line, 4, width, 0);
        for (int y = 0; y < 200; y++)
            for (int x = 0; x < 300; x++) {
                GeoXY p = {x + 0.5, y + 0.5};
                double off = line_distance(line, 4, p);
                if (fabs(off - width / 2) > 1e-9)
                    g_assert_true(geo_ground_at(ground, p) == (off < width / 2));
            }
        size_t n;
        const GeoStretch *stretches = geo_ground_stretches(ground, &n);
        double length = 0, wanted = 0;
        for (size_t i = 0; i < n; i++) {
            double bit =
                hypot(stretches[i].b.x - stretches[i].a.x, stretches[i].b.y - stretches[i].a.y);
            g_assert_cmpfloat(bit, <=, 25 + 1e-9);
            length += bit;
        }
        for (int i = 0; i < 3; i++)
            wanted += hypot(line[i + 1].x - line[i].x, line[i + 1].y - line[i].y);
        g_assert_cmpfloat_with_epsilon(length, wanted, 1e-6);
    }
}

static void test_share(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    GeoXY line[2] = {{10, 50}, {210, 50}};
    geo_ground_add_street(ground, line, 2, 10, 7);
    GeoCoverShare dark = geo_ground_share(ground, cover);
    g_assert_cmpfloat_with_epsilon(dark.street_m, 200, 1e-9);
    g_assert_cmpfloat(dark.street_seen_m, ==, 0);
    g_assert_cmpfloat(dark.ground_seen_m2, ==, 0);
    g_assert_cmpfloat_with_epsilon(dark.ground_m2, 200 * 10 + G_PI * 25, 8);
    GeoXY west[4] = {{0, 0}, {110, 0}, {110, 100}, {0, 100}};
    GeoXY middle[4] = {{60, 0}, {160, 0}, {160, 100}, {60, 100}};
    GeoXY third[4] = {{100, 0}, {120, 0}, {120, 100}, {100, 100}};
    geo_cover_add(cover, west, 4);
    geo_cover_add(cover, middle, 4);
    geo_cover_add(cover, third, 4);
    GeoCoverShare lit = geo_ground_share(ground, cover);
    g_assert_cmpfloat_with_epsilon(lit.street_seen_m, 150, 1e-9);
    g_assert_cmpfloat_with_epsilon(lit.seen_k_m2[2], 10 * 10, 1e-9);
    g_assert_cmpfloat_with_epsilon(lit.seen_k_m2[1], (40 + 10) * 10, 1e-9);
    g_assert_cmpfloat_with_epsilon(lit.ground_seen_m2,
                                   lit.seen_k_m2[0] + lit.seen_k_m2[1] + lit.seen_k_m2[2], 1e-9);
    /* A building over the street takes its metres out; a square adds ground and no metres. */
    GeoXY house[4] = {{20, 40}, {40, 40}, {40, 60}, {20, 60}};
    GeoXY square[9] = {{220, 100}, {260, 100}, {260, 140}, {220, 140},
                       {230, 110}, {230, 120}, {240, 120}, {240, 110}};
    uint32_t parts[2] = {0, 4};
    geo_ground_cut(ground, house, NULL, 1, 4);
    geo_ground_add_square(ground, square, parts, 2, 8);
    GeoCoverShare cut = geo_ground_share(ground, cover);
    g_assert_cmpfloat_with_epsilon(cut.street_m, 180, 1e-9);
    g_assert_cmpfloat_with_epsilon(cut.street_seen_m, 130, 1e-9);
    g_assert_cmpfloat_with_epsilon(cut.ground_m2, lit.ground_m2 - 200 + 1600 - 100, 1e-9);
    int32_t group[8];
    for (int i = 0; i < 8; i++)
        group[i] = i < 4 ? 0 : i < 7 ? 1 : -1;
    double street_m[2], seen_m[2];
    geo_ground_share_by(ground, cover, group, 2, street_m, seen_m);
    g_assert_cmpfloat_with_epsilon(street_m[0], 80, 1e-9);
    g_assert_cmpfloat_with_epsilon(seen_m[0], 80, 1e-9);
    g_assert_cmpfloat_with_epsilon(street_m[1], 75, 1e-9);
    g_assert_cmpfloat_with_epsilon(seen_m[1], 50, 1e-9);
}

/* Random streets, squares, cuts and views against counting every cell. */
static void test_share_plain(void)
{
    for (int round = 0; round < 10; round++) {
        g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
        g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
        for (int i = 0; i < 8; i++) {
            GeoXY tri[3];
            for (int k = 0; k < 3; k++)
                tri[k] = (GeoXY){scene_real(-20, 320), scene_real(-20, 220)};
            if (i < 2)
                geo_ground_add_street(ground, tri, 3, scene_real(2, 20), (uint32_t)i);
            else if (i == 2)
                geo_ground_add_square(ground, tri, NULL, 1, 3);
            else if (i == 3)
                geo_ground_cut(ground, tri, NULL, 1, 3);
            else
                geo_cover_add(cover, tri, 3);
        }
        double cells[4] = {0};
        for (int y = 0; y < 200; y++)
            for (int x = 0; x < 300; x++) {
                GeoXY p = {x + 0.5, y + 0.5};
                if (geo_ground_at(ground, p))
                    cells[MIN(geo_cover_at(cover, p), 3)]++;
            }
        GeoCoverShare share = geo_ground_share(ground, cover);
        g_assert_cmpfloat(share.ground_m2, ==, cells[0] + cells[1] + cells[2] + cells[3]);
        for (int k = 0; k < 3; k++)
            g_assert_cmpfloat(share.seen_k_m2[k], ==, cells[k + 1]);
    }
}

static void test_degenerate(void)
{
    GeoBox empty = GEO_BOX_EMPTY;
    g_autoptr(GeoGround) ground = geo_ground_new(&empty, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&empty, 1);
    GeoXY broken[3] = {{0, 0}, {NAN, 1}, {5, 5}}, dot[2] = {{0, 0}, {0, 0}};
    geo_ground_add_street(ground, broken, 3, 10, 0);
    geo_ground_add_street(ground, dot, 2, 10, 0);
    geo_ground_add_street(ground, dot, 1, 10, 0);
    geo_ground_add_square(ground, broken, NULL, 1, 3);
    size_t n;
    geo_ground_stretches(ground, &n);
    g_assert_cmpuint(n, ==, 0);
    GeoCoverShare share = geo_ground_share(ground, cover);
    g_assert_cmpfloat(share.street_m + share.ground_m2, ==, 0);
    g_assert_false(geo_ground_at(ground, (GeoXY){NAN, 0}));
    geo_ground_free(NULL);
}

static void test_seen_by(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    for (int i = 0; i < 6; i++) {
        GeoXY line[2] = {{scene_real(-20, 320), scene_real(-20, 220)},
                         {scene_real(-20, 320), scene_real(-20, 220)}};
        geo_ground_add_street(ground, line, 2, scene_real(3, 30), 0);
    }
    for (int i = 0; i < 60; i++) {
        GeoXY tri[3];
        for (int k = 0; k < 3; k++)
            tri[k] = (GeoXY){scene_real(0, 300), scene_real(0, 200)};
        geo_cover_add(cover, tri, 3);
    }
    for (uint8_t k = 1; k <= 4; k++)
        for (int just = 0; just < 2; just++) {
            g_autoptr(GeoGround) part = geo_ground_seen_by(ground, cover, k, just);
            for (int cell = 0; cell < 300 * 200; cell++) {
                GeoXY p = {cell % 300 + 0.5, cell / 300 + 0.5};
                uint8_t count = geo_cover_at(cover, p);
                bool wanted = geo_ground_at(ground, p) && (just ? count == k : count >= k);
                g_assert_true(geo_ground_at(part, p) == wanted);
            }
        }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ground/a-street-is-all-within-half-its-width", test_strips);
    g_test_add_func("/ground/shares-count-metres-cells-and-groups", test_share);
    g_test_add_func("/ground/shares-equal-counting-every-cell", test_share_plain);
    g_test_add_func("/ground/cells-by-how-many-see-them", test_seen_by);
    g_test_add_func("/ground/degenerate-input-is-defined", test_degenerate);
    return g_test_run();
}
