/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/leaves.h"
#include "road-twin.h"

enum { UNITS = 12, PLACES = 25, DEPTH = 4 };

typedef struct {
    Town *town;
    GeoRoads *roads;
    GeoXY unit_at[UNITS], place_at[PLACES];
    uint8_t profile[UNITS], usable[UNITS];
    GeoSnap unit[UNITS], place[PLACES][GEO_N_PROFILES];
    double travel_s[UNITS][PLACES]; /* by the twin; INFINITY: it cannot */
} Scene;

/* The twin knows nothing of searches that serve several units: every pair is a route of its own. */
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

static GeoXY random_place(void)
{
    return (GeoXY){g_test_rand_double_range(-100, 600), g_test_rand_double_range(-100, 600)};
}

static void fill(Scene *scene)
{
    scene->town = town_random(6, g_test_rand_int_range(8, 25));
    scene->roads = town_roads(scene->town);
    for (int u = 0; u < UNITS; u++) {
        scene->unit_at[u] = random_place();
        scene->profile[u] = (uint8_t)g_test_rand_int_range(0, GEO_N_PROFILES);
        scene->usable[u] = g_test_rand_int_range(0, 5) > 0;
        scene->unit[u] =
            geo_roads_snap(scene->roads, scene->unit_at[u], (GeoProfile)scene->profile[u], 1e4);
        scene->usable[u] = scene->usable[u] && scene->unit[u].edge >= 0;
    }
    for (int p = 0; p < PLACES; p++) {
        scene->place_at[p] = random_place();
        for (int profile = 0; profile < GEO_N_PROFILES; profile++)
            scene->place[p][profile] =
                geo_roads_snap(scene->roads, scene->place_at[p], (GeoProfile)profile, 1e4);
        for (int u = 0; u < UNITS; u++)
            scene->travel_s[u][p] =
                scene->usable[u] ? twin_travel(scene->town, scene->unit_at[u], scene->place_at[p],
                                               (GeoProfile)scene->profile[u])
                                 : INFINITY;
    }
}

/* Travel times on the very edge of the time asked for may fall to either side by rounding. */
static bool on_edge(const Scene *scene, int place, double within_s)
{
    for (int u = 0; u < UNITS; u++)
        if (fabs(scene->travel_s[u][place] - within_s) < 1e-6)
            return true;
    return false;
}

static void check_set(const Scene *scene, const GeoLeaves *leaves, const uint32_t *away,
                      size_t n_away)
{
    GeoLeave left[PLACES];
    size_t n = geo_leaves_of(leaves, away, n_away, left), at = 0;
    for (int p = 0; p < PLACES; p++) {
        double gone_s = INFINITY, stays_s = INFINITY;
        for (uint32_t u = 0; u < UNITS; u++) {
            bool goes = false;
            for (size_t i = 0; i < n_away; i++)
                goes |= away[i] == u;
            double *best_s = goes ? &gone_s : &stays_s;
            *best_s = fmin(*best_s, scene->travel_s[u][p]);
        }
        bool hole = gone_s <= leaves->within_s && !(stays_s <= leaves->within_s);
        bool told = at < n && left[at].place == (uint32_t)p;
        if (!on_edge(scene, p, leaves->within_s))
            g_assert_true(hole == told);
        if (told && hole)
            g_assert_cmpfloat_with_epsilon(left[at].was_s, gone_s, 1e-6);
        at += told;
    }
    g_assert_cmpuint(at, ==, n);
}

static void holes_are_those_of_the_plain_twin(void)
{
    size_t holes = 0;
    for (int round = 0; round < 12; round++) {
        Scene scene = {0};
        fill(&scene);
        g_autoptr(GeoNear) near = geo_near_new(scene.roads, scene.unit_at, scene.unit,
                                               scene.profile, scene.usable, UNITS);
        double within_s = g_test_rand_double_range(40, 400);
        g_autoptr(GeoLeaves) leaves = geo_leaves_new(
            near, (const GeoSnap(*)[GEO_N_PROFILES])scene.place, PLACES, within_s, DEPTH);
        for (uint32_t u = 0; u < UNITS; u++) {
            GeoLeave left[PLACES];
            check_set(&scene, leaves, &u, 1);
            holes += geo_leaves_of(leaves, &u, 1, left);
        }
        for (int set = 0; set < 20; set++) {
            uint32_t away[DEPTH - 1];
            for (int i = 0; i < DEPTH - 1; i++)
                away[i] = (uint32_t)g_test_rand_int_range(0, UNITS);
            check_set(&scene, leaves, away, DEPTH - 1);
        }
        geo_roads_free(scene.roads);
        town_free(scene.town);
    }
    g_assert_cmpuint(holes, >, 0);
}

static void nobody_away_leaves_no_hole(void)
{
    Scene scene = {0};
    fill(&scene);
    g_autoptr(GeoNear) near =
        geo_near_new(scene.roads, scene.unit_at, scene.unit, scene.profile, scene.usable, UNITS);
    g_autoptr(GeoLeaves) leaves =
        geo_leaves_new(near, (const GeoSnap(*)[GEO_N_PROFILES])scene.place, PLACES, 180, DEPTH);
    GeoLeave left[PLACES];
    uint32_t stranger = 4711;
    g_assert_cmpuint(geo_leaves_of(leaves, NULL, 0, left), ==, 0);
    g_assert_cmpuint(geo_leaves_of(leaves, &stranger, 1, left), ==, 0);
    geo_roads_free(scene.roads);
    town_free(scene.town);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/leaves/holes-are-those-of-the-plain-twin", holes_are_those_of_the_plain_twin);
    g_test_add_func("/leaves/nobody-away-leaves-no-hole", nobody_away_leaves_no_hole);
    return g_test_run();
}
