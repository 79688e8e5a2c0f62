/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Snapping by side, by heading and of a fleet, held against looking at every segment. */
#include "geo/calc/road-snap.h"

#include "road-twin.h"

enum { MOST = 60 };

static GeoXY random_place(int side)
{
    return (GeoXY){g_test_rand_double_range(-150, side * 100 + 50),
                   g_test_rand_double_range(-150, side * 100 + 50)};
}

/* Now and then with a village so far away that single precision knows the town by decimetres. */
static Town *random_land(int side)
{
    Town *town = town_random(side, g_test_rand_int_range(1, 30));
    if (g_test_rand_int_range(0, 12) == 0) { /* its grid is the largest there is: not often */
        town_way(town, GEO_ROAD_RESIDENTIAL, 0);
        town_point(town, -4e5, -3e5);
        town_point(town, -4e5 + 80, -3e5 + 10);
    }
    return town;
}

/* ---- the twin ---- */

typedef struct {
    double cost, off_m, offset_m;
    int64_t edge;
    size_t segment;
} Best;

static double angle_penalty(const GeoRoads *roads, int64_t edge, GeoProfile profile, GeoXY a,
                            GeoXY b, double heading_deg)
{
    double worst = 180, bearing = atan2(b.x - a.x, b.y - a.y) * 180 / G_PI;
    for (int backwards = 0; backwards < 2; backwards++) {
        double turn = fabs(remainder(bearing + 180 * backwards - heading_deg, 360));
        if (geo_roads_may(roads, edge, profile, backwards))
            worst = MIN(worst, turn);
    }
    return GEO_SNAP_AGAINST_M * (1 - cos(worst * G_PI / 180)) / 2;
}

static Best look_at_all(const GeoRoads *roads, GeoXY p, GeoProfile profile, double heading_deg,
                        double max_m, bool main)
{
    Best best = {.cost = INFINITY, .edge = -1};
    for (size_t e = 0; e < geo_roads_facts(roads).edges; e++) {
        size_t n;
        const GeoXY *points = geo_roads_edge(roads, (int64_t)e, &n, NULL);
        if (geo_roads_edge_speed_mps(roads, (int64_t)e, profile) == 0 ||
            (main && !geo_roads_edge_is_main(roads, (int64_t)e, profile)))
            continue;
        double along = 0;
        for (size_t i = 0; i + 1 < n; i++) {
            GeoXY a = points[i], b = points[i + 1];
            double length = hypot(b.x - a.x, b.y - a.y);
            double share = ((p.x - a.x) * (b.x - a.x) + (p.y - a.y) * (b.y - a.y)) / length;
            share = CLAMP(share, 0, length) / length;
            double off = hypot(a.x + share * (b.x - a.x) - p.x, a.y + share * (b.y - a.y) - p.y);
            double cost = off + (isnan(heading_deg) ? 0
                                                    : angle_penalty(roads, (int64_t)e, profile, a,
                                                                    b, heading_deg));
            if (off <= max_m && cost < best.cost)
                best = (Best){cost, off, along + share * length, (int64_t)e, i};
            along += length;
        }
    }
    return best;
}

/* Left or right by the pseudo-normal: at a bend the normals of both its segments, added. */
static double leftness(const GeoRoads *roads, const GeoSnap *snap, GeoXY p)
{
    size_t n;
    const GeoXY *points = geo_roads_edge(roads, snap->edge, &n, NULL);
    double x = 0, y = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        GeoXY a = points[i], b = points[i + 1];
        double length = hypot(b.x - a.x, b.y - a.y);
        double share =
            ((snap->at.x - a.x) * (b.x - a.x) + (snap->at.y - a.y) * (b.y - a.y)) / length / length;
        share = CLAMP(share, 0, 1);
        if (hypot(a.x + share * (b.x - a.x) - snap->at.x, a.y + share * (b.y - a.y) - snap->at.y) >
            1e-6)
            continue;
        x -= (b.y - a.y) / length;
        y += (b.x - a.x) / length;
    }
    return (p.x - snap->at.x) * x + (p.y - snap->at.y) * y;
}

/* ---- the claims ---- */

/* One way with bends, never crossing itself. */
static Town *random_bends(void)
{
    Town *town = town_new();
    town_way(town, GEO_ROAD_RESIDENTIAL, 0);
    int n = g_test_rand_int_range(2, 7);
    for (int i = 0; i < n; i++)
        town_point(town, i * 20 + g_test_rand_double_range(0, 15),
                   g_test_rand_double_range(-60, 60));
    return town;
}

static void the_side_is_the_pseudo_normals(void)
{
    int sides[3] = {0};
    for (int round = 0; round < 3000; round++) {
        Town *town = random_bends();
        g_autoptr(GeoRoads) roads = town_roads(town);
        GeoXY p = {g_test_rand_double_range(-50, 200), g_test_rand_double_range(-100, 100)};
        GeoSnap snap = geo_roads_snap(roads, p, GEO_PROFILE_CAR, 1e4);
        double left = leftness(roads, &snap, p);
        if (snap.off_m <= 0.01)
            g_assert_cmpint(snap.side, ==, 0);
        else if (fabs(left) > 1e-6) /* nearly straight on from its end: either may be said */
            g_assert_cmpint(snap.side, ==, left > 0 ? -1 : 1);
        sides[snap.side + 1]++;
        GeoSnap on_it = geo_roads_snap(roads, snap.at, GEO_PROFILE_CAR, 1e4);
        g_assert_cmpint(on_it.side, ==, 0);
        town_free(town);
    }
    g_assert_cmpint(sides[0], >, 500);
    g_assert_cmpint(sides[2], >, 500);
}

static void a_car_keeps_to_the_carriageway_it_drives_on(void)
{
    Town *town = town_new();
    town_way(town, GEO_ROAD_PRIMARY, 1); /* eastbound */
    town_point(town, 0, 0);
    town_point(town, 1000, 0);
    town_way(town, GEO_ROAD_PRIMARY, -1); /* westbound, drawn eastwards */
    town_point(town, 0, 16);
    town_point(town, 1000, 16);
    town_way(town, GEO_ROAD_RESIDENTIAL, 0); /* crosses above */
    town_point(town, 500, -200);
    town_point(town, 500, 200);
    g_autoptr(GeoRoads) roads = town_roads(town);
    static const struct {
        GeoXY p;
        double heading_deg, at_x, at_y;
        int side;
    } cases[] = {{{300, 4}, NAN, 300, 0, -1}, {{300, 4}, 90, 300, 0, -1},
                 {{300, 4}, 270, 300, 16, 1}, {{300, 12}, 95, 300, 0, -1},
                 {{500, 6}, NAN, 500, 6, 0},  {{501, 6}, 90, 501, 0, -1},
                 {{501, 6}, 271, 501, 16, 1}, {{501, 6}, 2, 500, 6, 1},
                 {{300, -400}, 90, 0, 0, 0} /* too far, whatever the heading */};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GeoSnap snap =
            geo_roads_snap_heading(roads, cases[i].p, GEO_PROFILE_CAR, cases[i].heading_deg, 200);
        if (cases[i].p.y < -300) {
            g_assert_cmpint(snap.edge, ==, -1);
            continue;
        }
        g_assert_cmpfloat_with_epsilon(snap.at.x, cases[i].at_x, 1e-9);
        g_assert_cmpfloat_with_epsilon(snap.at.y, cases[i].at_y, 1e-9);
        g_assert_cmpint(snap.side, ==, cases[i].side);
    }
    /* Feet mind no one-way: heading west beside the eastbound one they stay. */
    GeoSnap walker = geo_roads_snap_heading(roads, (GeoXY){300, 4}, GEO_PROFILE_FOOT, 270, 300);
    g_assert_cmpfloat(walker.at.y, ==, 0);
    town_free(town);
}

static void headings_cost_what_all_segments_say(void)
{
    for (int round = 0; round < 150; round++) {
        int side = g_test_rand_int_range(2, 20);
        Town *town = random_land(side);
        g_autoptr(GeoRoads) roads = town_roads(town);
        for (int i = 0; i < 60; i++) {
            GeoXY p = random_place(side);
            GeoProfile profile = (GeoProfile)g_test_rand_int_range(0, GEO_N_PROFILES);
            double heading = i % 4 ? g_test_rand_double_range(-180, 360) : NAN;
            double max_m = g_test_rand_double_range(5, 1500);
            Best best = look_at_all(roads, p, profile, heading, max_m, false);
            GeoSnap snap = geo_roads_snap_heading(roads, p, profile, heading, max_m);
            g_assert_true((best.edge < 0) == (snap.edge < 0));
            if (snap.edge < 0)
                continue;
            g_assert_cmpfloat(snap.off_m, <=, max_m);
            if (snap.edge == best.edge)
                g_assert_cmpfloat_with_epsilon(snap.offset_m, best.offset_m, 1e-6);
            else /* two edges alike, at the node they share */
                g_assert_cmpfloat_with_epsilon(snap.off_m, best.off_m, 1e-6);
        }
        town_free(town);
    }
}

/* What one by one would say, the main part preferred by hand. */
static GeoSnap snap_by_hand(const GeoRoads *roads, const GeoSnapAll *all, size_t i)
{
    GeoProfile profile = (GeoProfile)all->profile[i];
    double heading = all->heading_deg ? all->heading_deg[i] : NAN;
    GeoSnap snap = geo_roads_snap_heading(roads, all->at[i], profile, heading, all->max_m);
    if (snap.edge < 0 || geo_roads_edge_is_main(roads, snap.edge, profile))
        return snap;
    double reach_m = MIN(all->max_m, snap.off_m + all->island_m);
    Best best = look_at_all(roads, all->at[i], profile, heading, reach_m, true);
    return best.edge >= 0 && all->island_m > 0
               ? (GeoSnap){.edge = best.edge, .off_m = best.off_m, .offset_m = best.offset_m}
               : snap;
}

static void a_fleet_is_snapped_as_its_units_are(void)
{
    size_t moved_to_main = 0;
    for (int round = 0; round < 300; round++) {
        int side = g_test_rand_int_range(2, 12);
        Town *town = random_land(side);
        g_autoptr(GeoRoads) roads = town_roads(town);
        GeoXY at[MOST];
        uint8_t profile[MOST], wanted[MOST];
        double heading[MOST];
        GeoSnap snaps[MOST];
        for (size_t i = 0; i < MOST; i++) {
            at[i] = random_place(side);
            if (i % 20 == 0)
                at[i].x = i % 40 ? NAN : 1e7;
            profile[i] = (uint8_t)g_test_rand_int_range(0, GEO_N_PROFILES);
            wanted[i] = g_test_rand_int_range(0, 5) > 0;
            heading[i] = i % 3 ? g_test_rand_double_range(0, 360) : NAN;
        }
        GeoSnapAll all = {.at = at,
                          .profile = profile,
                          .heading_deg = round % 2 ? heading : NULL,
                          .wanted = round % 3 ? wanted : NULL,
                          .n = (size_t)g_test_rand_int_range(0, MOST + 1),
                          .max_m = g_test_rand_double_range(10, 800),
                          .island_m = round % 4 ? g_test_rand_double_range(0, 300) : 0};
        geo_roads_snap_all(roads, &all, snaps);
        for (size_t i = 0; i < all.n; i++) {
            if ((all.wanted && !wanted[i]) || !isfinite(at[i].x)) {
                g_assert_cmpint(snaps[i].edge, ==, -1);
                continue;
            }
            GeoSnap one = snap_by_hand(roads, &all, i);
            g_assert_true((one.edge < 0) == (snaps[i].edge < 0));
            if (one.edge < 0)
                continue;
            g_assert_cmpfloat_with_epsilon(snaps[i].off_m, one.off_m, 1e-6);
            if (one.edge == snaps[i].edge)
                g_assert_cmpfloat_with_epsilon(snaps[i].offset_m, one.offset_m, 1e-6);
            moved_to_main +=
                one.edge != geo_roads_snap(roads, at[i], (GeoProfile)profile[i], all.max_m).edge;
        }
        town_free(town);
    }
    g_assert_cmpuint(moved_to_main, >, 100);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/road-snap/the-side-is-the-pseudo-normals", the_side_is_the_pseudo_normals);
    g_test_add_func("/road-snap/a-car-keeps-to-the-carriageway-it-drives-on",
                    a_car_keeps_to_the_carriageway_it_drives_on);
    g_test_add_func("/road-snap/headings-cost-what-all-segments-say",
                    headings_cost_what_all_segments_say);
    g_test_add_func("/road-snap/a-fleet-is-snapped-as-its-units-are",
                    a_fleet_is_snapped_as_its_units_are);
    return g_test_run();
}
