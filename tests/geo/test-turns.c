/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Turns, barriers, gates, hours and closures: routes and nearest units against a plain twin that
 * walks over (direction, direction before it) pairs by relaxation until nothing changes, and looks
 * every rule up as it was given. */
#include <math.h>

#include "geo/calc/near.h"

enum { SIDE = 5, WAYS_MAX = 2 * SIDE * (SIDE - 1), RULES = 14, GATES = 3 };

/* A lattice whose every street block is a way of its own, so that a rule names what it means. */
typedef struct {
    GeoWay ways[WAYS_MAX];
    GeoLonLat lonlat[2 * WAYS_MAX];
    GeoXY xy[2 * WAYS_MAX];
    size_t n_ways;
    GeoTurnRule turns[RULES];
    GeoBarrier barriers[GATES];
    size_t n_turns, n_barriers;
    int minute;
    bool closed[WAYS_MAX];
    GeoRoads *roads;
} Town;

static void add_way(Town *town, int x0, int y0, int x1, int y1)
{
    uint32_t at = (uint32_t)(2 * town->n_ways);
    GeoWay *way = &town->ways[town->n_ways++];
    *way = (GeoWay){.point0 = at,
                    .n_points = 2,
                    .class = g_test_rand_bit() ? GEO_ROAD_RESIDENTIAL : GEO_ROAD_PRIMARY,
                    .oneway = g_test_rand_int_range(0, 5) ? 0 : 1,
                    .speed_kmh = NAN,
                    .access = {2, 2, 2}};
    int ends[2][2] = {{x0, y0}, {x1, y1}};
    for (int i = 0; i < 2; i++) {
        town->xy[at + (uint32_t)i] =
            (GeoXY){ends[i][0] * 100 + ends[i][1] * 7, ends[i][1] * 100 + ends[i][0] % 2 * 13};
        town->lonlat[at + (uint32_t)i] =
            (GeoLonLat){117 + ends[i][0] * 0.001, 31 + ends[i][1] * 0.001};
    }
}

static bool touches(const Town *town, uint32_t way, GeoLonLat at)
{
    for (uint32_t i = 2 * way; i < 2 * way + 2; i++)
        if (town->lonlat[i].lon == at.lon && town->lonlat[i].lat == at.lat)
            return true;
    return false;
}

static GeoLonLat other_end(const Town *town, uint32_t way, GeoLonLat at)
{
    return town->lonlat[2 * way].lon == at.lon && town->lonlat[2 * way].lat == at.lat
               ? town->lonlat[2 * way + 1]
               : town->lonlat[2 * way];
}

static uint32_t way_at(const Town *town, GeoLonLat at, uint32_t but)
{
    for (int tries = 0; tries < 1000; tries++) {
        uint32_t way = (uint32_t)g_test_rand_int_range(0, (gint32)town->n_ways);
        if (way != but && touches(town, way, at))
            return way;
    }
    return but;
}

static GeoHours draw_hours(void)
{
    GeoHours hours = {.n = (uint8_t)g_test_rand_int_range(0, 4)};
    for (int i = 0; i < hours.n; i++) {
        hours.span[i].days = (uint8_t)g_test_rand_int_range(0, 128);
        hours.span[i].from_min = (uint16_t)(60 * g_test_rand_int_range(0, 24));
        hours.span[i].to_min = (uint16_t)(60 * g_test_rand_int_range(0, 25));
    }
    return hours;
}

static void draw_rules(Town *town)
{
    for (size_t i = 0; i < RULES; i++) {
        uint32_t from = (uint32_t)g_test_rand_int_range(0, (gint32)town->n_ways);
        GeoLonLat via = town->lonlat[2 * from + (uint32_t)g_test_rand_int_range(0, 2)];
        GeoTurnRule *rule = &town->turns[town->n_turns];
        *rule = (GeoTurnRule){.from_way = from,
                              .via = via,
                              .via_way = UINT32_MAX,
                              .what = g_test_rand_int_range(0, 4) ? GEO_TURN_NO : GEO_TURN_ONLY,
                              .profiles = (uint8_t)g_test_rand_int_range(1, 8)};
        if (g_test_rand_bit())
            rule->hours = draw_hours();
        rule->to_way = g_test_rand_int_range(0, 8) ? way_at(town, via, from) : from;
        if (rule->what == GEO_TURN_ONLY && rule->to_way == from)
            continue;
        if (g_test_rand_int_range(0, 4) == 0) {
            uint32_t between = way_at(town, via, from);
            rule->via_way = between;
            rule->to_way = way_at(town, other_end(town, between, via), between);
            if (between == from || rule->to_way == between)
                continue;
        }
        town->n_turns++;
    }
    for (size_t i = 0; i < GATES; i++)
        town->barriers[town->n_barriers++] =
            (GeoBarrier){town->lonlat[g_test_rand_int_range(0, (gint32)(2 * town->n_ways))],
                         (uint8_t)g_test_rand_int_range(0, 8), (uint8_t)g_test_rand_int_range(0, 8),
                         draw_hours()};
}

static Town *town_new(void)
{
    Town *town = g_new0(Town, 1);
    for (int y = 0; y < SIDE; y++)
        for (int x = 0; x < SIDE; x++) {
            if (x + 1 < SIDE)
                add_way(town, x, y, x + 1, y);
            if (y + 1 < SIDE)
                add_way(town, x, y, x, y + 1);
        }
    draw_rules(town);
    town->roads =
        geo_roads_new_ruled(town->ways, town->n_ways, town->lonlat, town->xy, 2 * town->n_ways,
                            town->turns, town->n_turns, town->barriers, town->n_barriers);
    town->minute = g_test_rand_bit() ? g_test_rand_int_range(0, 7 * 1440) : -1;
    geo_roads_set_time(town->roads, town->minute, NULL);
    for (size_t w = 0; w < town->n_ways; w++)
        town->closed[w] = g_test_rand_int_range(0, 12) == 0;
    GeoRoadFacts facts = geo_roads_facts(town->roads);
    for (size_t e = 0; e < facts.edges; e++) {
        uint32_t from, to, way;
        geo_roads_edge_ends(town->roads, (int64_t)e, &from, &to, &way);
        if (town->closed[way])
            geo_roads_close(town->roads, (int64_t)e, 7, true);
    }
    geo_roads_apply_closures(town->roads);
    g_assert_cmpuint(facts.turns, ==, town->n_turns);
    g_assert_cmpuint(facts.barriers, ==, town->n_barriers);
    return town;
}

static void town_free(Town *town)
{
    geo_roads_free(town->roads);
    g_free(town);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Town, town_free)

/* ---- the twin ---- */

/* Direction 2 * way, + 1 against it. Every edge is a way here. */
static GeoLonLat head(const Town *town, uint32_t direction)
{
    return town->lonlat[2 * (direction / 2) + (direction & 1 ? 0 : 1)];
}

static bool meets(GeoLonLat a, GeoLonLat b)
{
    return a.lon == b.lon && a.lat == b.lat;
}

static bool holds(const Town *town, const GeoHours *hours)
{
    int day = town->minute / 1440, now = town->minute % 1440;
    if (hours->n == 0)
        return true;
    for (int i = 0; i < hours->n; i++) {
        bool over = hours->span[i].to_min <= hours->span[i].from_min;
        int behind = over && now < hours->span[i].to_min; /* of the day before */
        int its = (day + 7 - behind) % 7, at = now + 1440 * behind;
        int to = hours->span[i].to_min + 1440 * over;
        if ((hours->span[i].days >> its & 1) && at >= hours->span[i].from_min && at < to)
            return true;
        if (behind && (hours->span[i].days >> day & 1) && now >= hours->span[i].from_min)
            return true;
    }
    return false;
}

static bool gate_shut(const Town *town, GeoLonLat at, int profile)
{
    for (size_t i = 0; i < town->n_barriers; i++) {
        const GeoBarrier *barrier = &town->barriers[i];
        bool open = town->minute < 0 || holds(town, &barrier->hours);
        if (meets(barrier->at, at) &&
            ((barrier->never | (open ? 0 : barrier->gated)) >> profile & 1))
            return true;
    }
    return false;
}

/* May one go from a to b, having come to a from before (UINT32_MAX: began on a)? */
static bool may_turn(const Town *town, int profile, uint32_t before, uint32_t a, uint32_t b)
{
    GeoLonLat at = head(town, a);
    bool back = b == (a ^ 1);
    if (!back && gate_shut(town, at, profile))
        return false;
    for (size_t i = 0; i < town->n_turns; i++) {
        const GeoTurnRule *rule = &town->turns[i];
        if (!(rule->profiles >> profile & 1) ||
            (rule->hours.n && (town->minute < 0 || !holds(town, &rule->hours))))
            continue;
        if (rule->via_way == UINT32_MAX) {
            if (rule->from_way != a / 2 || !meets(rule->via, at))
                continue;
            bool named = b / 2 == rule->to_way && (rule->from_way == rule->to_way) == back;
            if (rule->what == GEO_TURN_NO ? named : !named && !back)
                return false;
        } else if (before != UINT32_MAX && rule->from_way == before / 2 && rule->via_way == a / 2 &&
                   meets(rule->via, head(town, before)) &&
                   (rule->what == GEO_TURN_NO ? rule->to_way == b / 2
                                              : rule->to_way != b / 2 && !back)) {
            return false;
        }
    }
    return true;
}

typedef struct {
    const Town *town;
    int profile;
    double *best; /* [before + 1][direction]: time from the first place to the direction's head */
    uint32_t n;
} Walk;

static double *best_of(Walk *walk, uint32_t before, uint32_t direction)
{
    uint32_t row = before == UINT32_MAX ? 0 : before + 1;
    return &walk->best[(size_t)row * walk->n + direction];
}

static bool may_drive(const Town *town, int64_t edge_of_way, uint32_t direction, int profile)
{
    return geo_roads_may(town->roads, edge_of_way, (GeoProfile)profile, direction & 1);
}

typedef struct {
    int64_t edge[WAYS_MAX]; /* of each way; and whether it runs against it */
    bool turned[WAYS_MAX];
} Edges;

static Edges edges_of(const Town *town)
{
    Edges edges;
    GeoRoadFacts facts = geo_roads_facts(town->roads);
    for (size_t e = 0; e < facts.edges; e++) {
        uint32_t from, to, way;
        size_t n;
        geo_roads_edge_ends(town->roads, (int64_t)e, &from, &to, &way);
        const GeoXY *points = geo_roads_edge(town->roads, (int64_t)e, &n, NULL);
        edges.edge[way] = (int64_t)e;
        edges.turned[way] =
            points[0].x != town->xy[2 * way].x || points[0].y != town->xy[2 * way].y;
        g_assert_false(edges.turned[way]);
    }
    return edges;
}

static double cost_of(const Town *town, int64_t edge, int profile)
{
    size_t n;
    double length_m;
    geo_roads_edge(town->roads, edge, &n, &length_m);
    return length_m / geo_roads_edge_speed_mps(town->roads, edge, (GeoProfile)profile);
}

static double twin_route(const Town *town, const Edges *edges, int profile, const GeoSnap *from,
                         const GeoSnap *to)
{
    uint32_t n = (uint32_t)(2 * town->n_ways), first = 0, last = 0;
    Walk walk = {town, profile, g_new(double, (size_t)(n + 1) * n), n};
    for (size_t i = 0; i < (size_t)(n + 1) * n; i++)
        walk.best[i] = INFINITY;
    for (uint32_t w = 0; w < town->n_ways; w++) {
        if (edges->edge[w] == from->edge)
            first = w;
        if (edges->edge[w] == to->edge)
            last = w;
    }
    double pace = cost_of(town, from->edge, profile), best = INFINITY;
    size_t points;
    double from_m, to_m;
    geo_roads_edge(town->roads, from->edge, &points, &from_m);
    geo_roads_edge(town->roads, to->edge, &points, &to_m);
    for (uint32_t back = 0; back < 2; back++)
        if (may_drive(town, from->edge, back, profile))
            *best_of(&walk, UINT32_MAX, 2 * first + back) =
                pace * (back ? from->offset_m : from_m - from->offset_m) / from_m;
    for (bool more = true; more;) {
        more = false;
        for (uint32_t before = 0; before <= n; before++)
            for (uint32_t a = 0; a < n; a++) {
                uint32_t came = before == 0 ? UINT32_MAX : before - 1;
                double time = *best_of(&walk, came, a);
                if (!isfinite(time))
                    continue;
                for (uint32_t b = 0; b < n; b++) {
                    if (!meets(head(town, b ^ 1), head(town, a)) ||
                        !may_drive(town, edges->edge[b / 2], b, profile) ||
                        !may_turn(town, profile, came, a, b))
                        continue;
                    double whole = cost_of(town, edges->edge[b / 2], profile);
                    if (b / 2 == last) {
                        double along = b & 1 ? to_m - to->offset_m : to->offset_m;
                        best = MIN(best, time + whole * along / to_m);
                    }
                    double *next = best_of(&walk, a, b);
                    if (time + whole < *next - 1e-9) {
                        *next = time + whole;
                        more = true;
                    }
                }
            }
    }
    g_free(walk.best);
    double ahead = to->offset_m - from->offset_m;
    if (from->edge == to->edge && may_drive(town, from->edge, ahead < 0, profile))
        best = MIN(best, pace * fabs(ahead) / from_m);
    return best;
}

static GeoSnap draw_place(const Town *town, int profile)
{
    for (;;) {
        GeoXY p = {g_test_rand_double() * 100 * SIDE, g_test_rand_double() * 100 * SIDE};
        GeoSnap snap = geo_roads_snap(town->roads, p, (GeoProfile)profile, 500);
        size_t n;
        double length_m = 0;
        if (snap.edge < 0)
            return snap;
        geo_roads_edge(town->roads, snap.edge, &n, &length_m);
        if (snap.offset_m > 1 && snap.offset_m < length_m - 1)
            return snap; /* at a crossing itself the two would mean other things */
    }
}

static void routes_mind_every_rule(void)
{
    size_t found = 0, none = 0;
    for (int round = 0; round < 60; round++) {
        g_autoptr(Town) town = town_new();
        Edges edges = edges_of(town);
        for (int i = 0; i < 8; i++) {
            int profile = g_test_rand_int_range(0, GEO_N_PROFILES);
            GeoSnap from = draw_place(town, profile), to = draw_place(town, profile);
            if (from.edge < 0 || to.edge < 0)
                continue;
            double time_s = INFINITY, metres;
            bool ok = geo_roads_route(town->roads, (GeoProfile)profile, &from, &to, &time_s,
                                      &metres, NULL);
            double twin = twin_route(town, &edges, profile, &from, &to);
            g_assert_cmpint(ok, ==, isfinite(twin));
            if (ok && fabs(time_s - (from.off_m + to.off_m) / 1.25 - twin) > 1e-6)
                for (size_t r = 0; r < town->n_turns; r++)
                    g_test_message("rule %zu: way %u over %d to %u, %d, profiles %d of %d", r,
                                   town->turns[r].from_way, (int)town->turns[r].via_way,
                                   town->turns[r].to_way, town->turns[r].what,
                                   town->turns[r].profiles, profile);
            if (ok)
                g_assert_cmpfloat_with_epsilon(time_s - (from.off_m + to.off_m) / 1.25, twin, 1e-6);
            ok ? found++ : none++;
        }
    }
    g_test_message("%zu routes, %zu pairs without one", found, none);
    g_assert_cmpuint(found, >, 100);
    g_assert_cmpuint(none, >, 0);
}

static void nearest_units_mind_every_rule(void)
{
    enum { UNITS = 25, K = 5 };
    for (int round = 0; round < 200; round++) {
        g_autoptr(Town) town = town_new();
        GeoXY at[UNITS];
        GeoSnap snap[UNITS], place[GEO_N_PROFILES];
        uint8_t profile[UNITS], usable[UNITS];
        double time_s[UNITS];
        for (int i = 0; i < UNITS; i++) {
            profile[i] = (uint8_t)g_test_rand_int_range(0, GEO_N_PROFILES);
            usable[i] = g_test_rand_int_range(0, 5) > 0;
            GeoXY corner = {100 * g_test_rand_int_range(0, SIDE),
                            100 * g_test_rand_int_range(0, SIDE)};
            snap[i] = g_test_rand_int_range(0, 3) > 0
                          ? draw_place(town, profile[i])
                          : geo_roads_snap(town->roads, corner, (GeoProfile)profile[i], 500);
            at[i] = snap[i].at;
        }
        g_autoptr(GeoNear) near = geo_near_new(town->roads, at, snap, profile, usable, UNITS);
        GeoXY p = {g_test_rand_double() * 400, g_test_rand_double() * 400};
        for (int profiles = 0; profiles < GEO_N_PROFILES; profiles++)
            place[profiles] = geo_roads_snap(town->roads, p, (GeoProfile)profiles, 500);
        GeoNearHit hits[K];
        if (g_test_rand_bit())
            geo_near_prepare(near, (size_t)g_test_rand_int_range(1, K + 3));
        size_t n = geo_near_by_road(near, place, K, hits), can = 0;
        for (int i = 0; i < UNITS; i++) {
            double metres;
            time_s[i] = INFINITY;
            if (usable[i])
                geo_roads_route(town->roads, (GeoProfile)profile[i], &snap[i], &place[profile[i]],
                                &time_s[i], &metres, NULL);
            can += isfinite(time_s[i]);
        }
        g_assert_cmpuint(n, ==, MIN(K, can));
        for (size_t i = 0; i < n; i++) {
            size_t sooner = 0;
            g_assert_cmpfloat_with_epsilon(hits[i].travel_s, time_s[hits[i].unit], 1e-6);
            for (int u = 0; u < UNITS; u++)
                sooner += time_s[u] < hits[i].travel_s - 1e-6;
            g_assert_cmpuint(sooner, <=, i);
        }
    }
}

static void a_drawn_line_closes_what_it_crosses(void)
{
    g_autoptr(Town) town = town_new();
    GeoXY line[] = {{-50, 150}, {600, 155}};
    size_t closed = geo_roads_close_line(town->roads, line, 2, 1 << GEO_PROFILE_CAR, true);
    g_assert_cmpuint(closed, ==, SIDE); /* the streets from the second row to the third */
    geo_roads_apply_closures(town->roads);
    GeoSnap below = geo_roads_snap(town->roads, (GeoXY){150, 2}, GEO_PROFILE_FOOT, 500);
    GeoSnap above = geo_roads_snap(town->roads, (GeoXY){150, 420}, GEO_PROFILE_FOOT, 500);
    double time_s, metres;
    g_assert_false(
        geo_roads_route(town->roads, GEO_PROFILE_CAR, &below, &above, &time_s, &metres, NULL));
    g_assert_cmpuint(geo_roads_close_line(town->roads, line, 2, 7, false), ==, SIDE);
}

static void cars_are_slower_at_rush_hour(void)
{
    g_autoptr(Town) town = town_new();
    GeoRoadFacts facts = geo_roads_facts(town->roads);
    for (size_t e = 0; e < facts.edges; e++) {
        double speed[3][2];
        const int minutes[] = {-1, 18 * 60}; /* Monday */
        for (int m = 0; m < 2; m++) {
            geo_roads_set_time(town->roads, minutes[m], NULL);
            for (int p = 0; p < GEO_N_PROFILES; p++)
                speed[p][m] = geo_roads_edge_speed_mps(town->roads, (int64_t)e, (GeoProfile)p);
        }
        g_assert_cmpfloat(speed[GEO_PROFILE_CAR][1], <, speed[GEO_PROFILE_CAR][0]);
        g_assert_cmpfloat(speed[GEO_PROFILE_FOOT][1], ==, speed[GEO_PROFILE_FOOT][0]);
    }
}

static GeoSnap middle_of(const GeoRoads *roads, int64_t edge)
{
    size_t n;
    double length_m;
    const GeoXY *points = geo_roads_edge(roads, edge, &n, &length_m);
    return (GeoSnap){.edge = edge,
                     .offset_m = length_m / 2,
                     .at = {(points[0].x + points[1].x) / 2, (points[0].y + points[1].y) / 2}};
}

static void the_main_part_gets_about_under_every_rule(void)
{
    size_t n_main = 0, n_left_out = 0;
    for (int round = 0; round < 60; round++) {
        Town *town = town_new();
        const GeoRoads *roads = town->roads;
        size_t n = geo_roads_facts(roads).edges;
        geo_roads_set_time(town->roads, -1, NULL);
        for (size_t e = 0; e < n; e++)
            geo_roads_close(town->roads, (int64_t)e, 7, false);
        geo_roads_apply_closures(town->roads);
        GeoProfile profile = (GeoProfile)g_test_rand_int_range(0, GEO_N_PROFILES);
        for (int64_t e = 0; e < (int64_t)n; e++) {
            bool main = geo_roads_edge_is_main(roads, e, profile);
            n_main += main;
            n_left_out += !main;
            for (int64_t f = 0; f < (int64_t)n && main; f++) {
                GeoSnap a = middle_of(roads, e), b = middle_of(roads, f);
                double travel_s, distance_m;
                if (geo_roads_edge_is_main(roads, f, profile))
                    g_assert_true(
                        geo_roads_route(roads, profile, &a, &b, &travel_s, &distance_m, NULL));
            }
        }
        town_free(town);
    }
    g_test_message("%zu edges in the main part, %zu not", n_main, n_left_out);
    g_assert_cmpuint(n_main, >, n_left_out);
    g_assert_cmpuint(n_left_out, >, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/turns/routes-mind-every-rule", routes_mind_every_rule);
    g_test_add_func("/turns/nearest-units-mind-every-rule", nearest_units_mind_every_rule);
    g_test_add_func("/turns/a-drawn-line-closes-what-it-crosses",
                    a_drawn_line_closes_what_it_crosses);
    g_test_add_func("/turns/the-main-part-gets-about-under-every-rule",
                    the_main_part_gets_about_under_every_rule);
    g_test_add_func("/turns/cars-are-slower-at-rush-hour", cars_are_slower_at_rush_hour);
    return g_test_run();
}
