/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/census.h"

#include "tests/geo/scene.h"

#define COLUMNS 330
#define ROWS 270
static const GeoBox box = {1000, 2000, 1000 + COLUMNS, 2000 + ROWS};

static double slope(GeoXY p, void *user)
{
    return (p.x - 1000) / 100 + *(double *)user * (p.y - 2000);
}

static void random_triangle(GeoXY tri[3], double reach)
{
    GeoXY at = {scene_real(990, 1340), scene_real(1990, 2280)};
    for (int k = 0; k < 3; k++)
        tri[k] = (GeoXY){at.x + scene_real(-reach, reach), at.y + scene_real(-reach, reach)};
}

/* Cell by cell: in the polygon, ground, counted. */
static GeoCensus plain_census(const GeoCensusOf *of, const GeoXY *ring, const uint32_t *part_first,
                              size_t n_points)
{
    GeoCensus census = {0};
    for (int y = 0; y < ROWS; y++)
        for (int x = 0; x < COLUMNS; x++) {
            GeoXY p = {1000.5 + x, 2000.5 + y};
            size_t outer = part_first[1];
            bool in = scene_in_polygon(ring, outer, p) ^
                      scene_in_polygon(ring + outer, n_points - outer, p);
            if (!in || !geo_ground_at(of->ground, p))
                continue;
            uint8_t count = geo_cover_at(of->cover, p);
            census.ground_m2 += 1;
            census.seen_m2 += count > 0;
            census.sole_m2 += count == 1;
            census.possible_m2 += count == 0 && geo_cover_at(of->possible, p) > 0;
            if (count == 0)
                census.weight += of->weight((GeoXY){1000 + x / 8 * 8 + 4, p.y}, of->user);
        }
    return census;
}

static void test_cells(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1), possible = geo_cover_new(&box, 1);
    for (int i = 0; i < 12; i++) {
        GeoXY line[2] = {{scene_real(990, 1340), scene_real(1990, 2280)},
                         {scene_real(990, 1340), scene_real(1990, 2280)}};
        geo_ground_add_street(ground, line, 2, scene_real(3, 30), 0);
    }
    for (int i = 0; i < 150; i++) {
        GeoXY tri[3];
        random_triangle(tri, 30);
        geo_cover_add(i % 2 ? cover : possible, tri, 3);
    }
    double tilt = 0.01;
    GeoCensusOf of = {ground, cover, possible, slope, &tilt};
    g_autoptr(GeoScan) scan = geo_census_scan(cover);
    double ground_m2 = 0;
    for (int round = 0; round < 40; round++) {
        GeoXY ring[6];
        const uint32_t part_first[2] = {0, 3};
        random_triangle(ring, 200);
        random_triangle(ring + 3, 60);
        GeoCensus census = geo_census_take(&of, scan, ring, part_first, 2, 6);
        GeoCensus plain = plain_census(&of, ring, part_first, 6);
        g_assert_cmpfloat(census.ground_m2, ==, plain.ground_m2);
        g_assert_cmpfloat(census.seen_m2, ==, plain.seen_m2);
        g_assert_cmpfloat(census.sole_m2, ==, plain.sole_m2);
        g_assert_cmpfloat(census.possible_m2, ==, plain.possible_m2);
        g_assert_cmpfloat_with_epsilon(census.weight, plain.weight, 1e-6 * (1 + plain.weight));
        ground_m2 += census.ground_m2;
    }
    g_assert_cmpfloat(ground_m2, >, 10000);
}

/* Areas that share borders count each cell of the whole once. */
static void test_parts(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    GeoXY whole[4] = {{1000, 2000}, {1330, 2000}, {1330, 2270}, {1000, 2270}};
    geo_ground_add_square(ground, whole, NULL, 1, 4);
    for (int i = 0; i < 60; i++) {
        GeoXY tri[3];
        random_triangle(tri, 40);
        geo_cover_add(cover, tri, 3);
    }
    GeoXY middle = {scene_real(1050, 1250), scene_real(2050, 2200)};
    g_autoptr(GeoScan) scan = geo_census_scan(cover);
    GeoCensusOf of = {.ground = ground, .cover = cover};
    GeoCensus sum = {0};
    for (int k = 0; k < 4; k++) {
        GeoXY part[3] = {whole[k], whole[(k + 1) % 4], middle};
        GeoCensus census = geo_census_take(&of, scan, part, NULL, 1, 3);
        sum.ground_m2 += census.ground_m2;
        sum.seen_m2 += census.seen_m2;
        sum.sole_m2 += census.sole_m2;
        g_assert_cmpfloat(census.weight, ==, 0);
        g_assert_cmpfloat(census.possible_m2, ==, 0);
    }
    GeoCoverShare share = geo_ground_share(ground, cover);
    g_assert_cmpfloat(sum.ground_m2, ==, share.ground_m2);
    g_assert_cmpfloat(sum.seen_m2, ==, share.ground_seen_m2);
    g_assert_cmpfloat(sum.sole_m2, ==, share.seen_k_m2[0]);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/census/equals-counting-cells", test_cells);
    g_test_add_func("/census/parts-add-up-to-the-whole", test_parts);
    return g_test_run();
}
