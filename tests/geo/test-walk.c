/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/walk.h"
#include "road-twin.h"

static GeoWalk random_walk(const GeoRoads *roads, int side, GeoProfile profile)
{
    GeoXY p = {g_test_rand_double_range(0, side * 100), g_test_rand_double_range(0, side * 100)};
    GeoSnap place = geo_roads_snap_main(roads, p, profile, 1e4);
    return geo_walk_new(roads, &place, profile, (uint64_t)g_test_rand_int_range(0, 1 << 30));
}

static void moves_only_where_and_how_it_may(void)
{
    for (int round = 0; round < 150; round++) {
        int side = g_test_rand_int_range(2, 9);
        Town *town = town_random(side, g_test_rand_int_range(3, 40));
        g_autoptr(GeoRoads) roads = town_roads(town);
        GeoProfile profile = (GeoProfile)g_test_rand_int_range(0, GEO_N_PROFILES);
        GeoWalk walk = random_walk(roads, side, profile);
        for (int step = 0; step < 60 && walk.edge >= 0; step++) {
            double heading_deg, speed_mps, length_m;
            GeoXY before = geo_walk_place(&walk, roads, &heading_deg, &speed_mps);
            geo_walk_step(&walk, roads, 10);
            GeoXY after = geo_walk_place(&walk, roads, &heading_deg, &speed_mps);
            size_t n;
            geo_roads_edge(roads, walk.edge, &n, &length_m);
            g_assert_true(geo_roads_may(roads, walk.edge, profile, walk.backwards));
            g_assert_cmpfloat(walk.offset_m, >=, -1e-9);
            g_assert_cmpfloat(walk.offset_m, <=, length_m + 1e-9);
            /* 80 km/h posted on a car's street at most, and the quickest mover's pace. */
            g_assert_cmpfloat(hypot(after.x - before.x, after.y - before.y), <=,
                              10 * 70 / 3.6 * 1.15);
            g_assert_true(heading_deg >= 0 && heading_deg <= 360);
        }
        town_free(town);
    }
}

static void one_long_step_is_many_short_ones(void)
{
    for (int round = 0; round < 60; round++) {
        Town *town = town_random(8, 40);
        g_autoptr(GeoRoads) roads = town_roads(town);
        GeoWalk a = random_walk(roads, 8, GEO_PROFILE_FOOT), b = a;
        geo_walk_step(&a, roads, 600);
        for (int step = 0; step < 600; step++)
            geo_walk_step(&b, roads, 1);
        g_assert_cmpint(a.edge, ==, b.edge);
        g_assert_cmpfloat_with_epsilon(a.offset_m, b.offset_m, 1e-6);
        town_free(town);
    }
}

static void the_end_of_a_dead_end_turns_it_round(void)
{
    Town *town = town_new();
    town_way(town, GEO_ROAD_RESIDENTIAL, 0);
    town_point(town, 0, 0);
    town_point(town, 100, 0);
    g_autoptr(GeoRoads) roads = town_roads(town);
    GeoSnap place = geo_roads_snap(roads, (GeoXY){50, 0}, GEO_PROFILE_FOOT, 10);
    GeoWalk walk = geo_walk_new(roads, &place, GEO_PROFILE_FOOT, 7);
    int turns = 0;
    for (int step = 0; step < 2000; step++) {
        bool before = walk.backwards;
        geo_walk_step(&walk, roads, 5);
        turns += before != walk.backwards;
        g_assert_false(walk.standing);
    }
    g_assert_cmpint(turns, >, 20);
    town_free(town);
}

static void a_place_off_every_road_stays(void)
{
    g_autoptr(GeoRoads) roads = geo_roads_new(NULL, 0, NULL, NULL, 0);
    GeoSnap none = {.edge = -1};
    GeoWalk walk = geo_walk_new(roads, &none, GEO_PROFILE_CAR, 1);
    geo_walk_step(&walk, roads, 100);
    g_assert_cmpint(walk.edge, ==, -1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/walk/moves-only-where-and-how-it-may", moves_only_where_and_how_it_may);
    g_test_add_func("/walk/one-long-step-is-many-short-ones", one_long_step_is_many_short_ones);
    g_test_add_func("/walk/the-end-of-a-dead-end-turns-it-round",
                    the_end_of_a_dead_end_turns_it_round);
    g_test_add_func("/walk/a-place-off-every-road-stays", a_place_off_every_road_stays);
    return g_test_run();
}
