/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/near.h"
#include "road-twin.h"

enum { MOST = 40 };

typedef struct {
    size_t n;
    GeoXY at[MOST];
    uint8_t profile[MOST], usable[MOST];
    GeoSnap snap[MOST];
} Fleet;

static Fleet random_fleet(double low, double high)
{
    Fleet fleet = {.n = (size_t)g_test_rand_int_range(0, MOST + 1)};
    for (size_t i = 0; i < fleet.n; i++) {
        fleet.at[i] =
            (GeoXY){g_test_rand_double_range(low, high), g_test_rand_double_range(low, high)};
        fleet.profile[i] = (uint8_t)g_test_rand_int_range(0, GEO_N_PROFILES);
        fleet.usable[i] = g_test_rand_int_range(0, 5) > 0;
    }
    return fleet;
}

static void air_agrees_with_sorting_all(void)
{
    for (int round = 0; round < 2000; round++) {
        Fleet fleet = random_fleet(-1000, round % 2 ? 1000 : -990);
        if (fleet.n > 3 && round % 3 == 0)
            fleet.at[0] = (GeoXY){5e5, -3e5}; /* one far away must not spoil the grid */
        g_autoptr(GeoNear) near =
            geo_near_new(NULL, fleet.at, NULL, fleet.profile, fleet.usable, fleet.n);
        GeoXY p = {g_test_rand_double_range(-3000, 3000), g_test_rand_double_range(-3000, 3000)};
        size_t k = (size_t)g_test_rand_int_range(0, 12);
        GeoNearHit hits[12];
        size_t n = geo_near_by_air(near, p, k, hits), n_usable = 0;
        double last = 0;
        bool listed[MOST] = {false};
        for (size_t i = 0; i < n; i++) {
            GeoXY at = fleet.at[hits[i].unit];
            g_assert_cmpfloat_with_epsilon(hits[i].distance_m, hypot(at.x - p.x, at.y - p.y), 1e-6);
            g_assert_cmpfloat(hits[i].distance_m, >=, last);
            g_assert_true(fleet.usable[hits[i].unit] && !listed[hits[i].unit]);
            listed[hits[i].unit] = true;
            last = hits[i].distance_m;
        }
        for (size_t i = 0; i < fleet.n; i++) {
            n_usable += fleet.usable[i];
            if (fleet.usable[i] && !listed[i] && n == k && k > 0)
                g_assert_cmpfloat(hypot(fleet.at[i].x - p.x, fleet.at[i].y - p.y), >=, last - 1e-9);
        }
        g_assert_cmpuint(n, ==, MIN(k, n_usable));
    }
}

/* Travel time of one unit to p by the twin; INFINITY when it cannot. */
static double twin_travel(const Town *town, GeoXY unit, GeoXY p, GeoProfile profile)
{
    Twin *twin = twin_new(town, profile);
    double off_unit = 0, off_p = 0, travel_s = INFINITY;
    uint32_t from = twin_place(twin, unit, 1e4, &off_unit), to = twin_place(twin, p, 1e4, &off_p);
    if (from != UINT32_MAX && to != UINT32_MAX) {
        g_autofree double *seconds = twin_from(twin, from);
        travel_s = seconds[to] + (off_unit + off_p) / 1.25;
    }
    twin_free(twin);
    return travel_s;
}

static void check_query(const Town *town, const GeoRoads *roads, GeoNear *near, const Fleet *fleet,
                        GeoXY p)
{
    GeoSnap place[GEO_N_PROFILES];
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        place[profile] = geo_roads_snap(roads, p, (GeoProfile)profile, 1e4);
    size_t k = (size_t)g_test_rand_int_range(1, 10), n_can = 0;
    GeoNearHit hits[10];
    size_t n = geo_near_by_road(near, place, k, hits);
    double travel_s[MOST];
    bool listed[MOST] = {false};
    for (size_t i = 0; i < fleet->n; i++) {
        travel_s[i] = fleet->usable[i]
                          ? twin_travel(town, fleet->at[i], p, (GeoProfile)fleet->profile[i])
                          : INFINITY;
        n_can += isfinite(travel_s[i]);
    }
    g_assert_cmpuint(n, ==, MIN(k, n_can));
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpfloat_with_epsilon(hits[i].travel_s, travel_s[hits[i].unit], 1e-6);
        g_assert_false(listed[hits[i].unit]);
        listed[hits[i].unit] = true;
        if (i > 0)
            g_assert_cmpfloat(hits[i].travel_s, >=, hits[i - 1].travel_s);
        double route_s, distance_m;
        GeoProfile profile = (GeoProfile)fleet->profile[hits[i].unit];
        g_assert_true(geo_roads_route(roads, profile, &fleet->snap[hits[i].unit], &place[profile],
                                      &route_s, &distance_m, NULL));
        g_assert_cmpfloat_with_epsilon(hits[i].travel_s, route_s, 1e-6);
        g_assert_cmpfloat_with_epsilon(hits[i].distance_m, distance_m,
                                       1e-3); /* kept to a millimetre */
    }
    for (size_t i = 0; i < fleet->n && n == k; i++)
        if (!listed[i])
            g_assert_cmpfloat(travel_s[i], >=, hits[n - 1].travel_s - 1e-6);
}

static void road_agrees_with_one_search_per_unit(void)
{
    for (int round = 0; round < 250; round++) {
        int side = g_test_rand_int_range(2, 7);
        Town *town = town_random(side, g_test_rand_int_range(1, 25));
        g_autoptr(GeoRoads) roads = town_roads(town);
        Fleet fleet = random_fleet(-100, side * 100);
        for (size_t i = 0; i < fleet.n; i++)
            fleet.snap[i] = geo_roads_snap(roads, fleet.at[i], (GeoProfile)fleet.profile[i], 1e4);
        g_autoptr(GeoNear) near =
            geo_near_new(roads, fleet.at, fleet.snap, fleet.profile, fleet.usable, fleet.n);
        for (int i = 0; i < 5; i++) {
            GeoXY p = {g_test_rand_double_range(-100, side * 100),
                       g_test_rand_double_range(-100, side * 100)};
            if (fleet.n > 0 && i == 0) /* on the same edge as a unit, as near as can be */
                p = (GeoXY){fleet.at[0].x + 3, fleet.at[0].y - 2};
            check_query(town, roads, near, &fleet, p);
        }
        town_free(town);
    }
}

static void a_car_overtakes_a_nearer_walker_and_a_oneway_sends_it_round(void)
{
    Town *town = town_new();
    town_way(town, GEO_ROAD_SECONDARY, 1);
    town_point(town, 0, 0);
    town_point(town, 1000, 0);
    town_way(town, GEO_ROAD_SECONDARY, 0);
    town_point(town, 1000, 0);
    town_point(town, 1000, 500);
    town_point(town, 0, 500);
    town_point(town, 0, 0);
    g_autoptr(GeoRoads) roads = town_roads(town);
    Fleet fleet = {.n = 3,
                   .usable = {1, 1, 1},
                   .profile = {GEO_PROFILE_FOOT, GEO_PROFILE_CAR, GEO_PROFILE_CAR}};
    fleet.at[0] = (GeoXY){600, 0}; /* walker, 100 m behind the place */
    fleet.at[1] = (GeoXY){200, 0}; /* car that may go straight on */
    fleet.at[2] = (GeoXY){550, 0}; /* car past it: all the way round */
    for (size_t i = 0; i < fleet.n; i++)
        fleet.snap[i] = geo_roads_snap(roads, fleet.at[i], (GeoProfile)fleet.profile[i], 10);
    g_autoptr(GeoNear) near =
        geo_near_new(roads, fleet.at, fleet.snap, fleet.profile, fleet.usable, fleet.n);
    GeoSnap place[GEO_N_PROFILES];
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        place[profile] = geo_roads_snap(roads, (GeoXY){500, 0}, (GeoProfile)profile, 10);
    GeoNearHit hits[4];
    g_assert_cmpuint(geo_near_by_road(near, place, 4, hits), ==, 3);
    g_assert_cmpuint(hits[0].unit, ==, 1);
    g_assert_cmpfloat_with_epsilon(hits[0].distance_m, 300, 1e-9);
    g_assert_cmpuint(hits[1].unit, ==, 0); /* feet mind no one-way */
    g_assert_cmpfloat_with_epsilon(hits[1].travel_s, 80, 1e-9);
    g_assert_cmpuint(hits[2].unit, ==, 2);
    g_assert_cmpfloat_with_epsilon(hits[2].distance_m, 2950, 1e-9);
    town_free(town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/near/air-agrees-with-sorting-all", air_agrees_with_sorting_all);
    g_test_add_func("/near/road-agrees-with-one-search-per-unit",
                    road_agrees_with_one_search_per_unit);
    g_test_add_func("/near/a-car-overtakes-a-nearer-walker-and-a-oneway-sends-it-round",
                    a_car_overtakes_a_nearer_walker_and_a_oneway_sends_it_round);
    return g_test_run();
}
