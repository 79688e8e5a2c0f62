/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "tests/bench/dispatch-routes.h"

#include "tests/bench/bench.h"
#include "tests/geo/route-twin.h"

enum { GOALS = 100, MOST_PRINTED = 10, RULES = 20000, BARRIERS = 2000 };

#define OFF_M 40.0
#define SNAP_M 500.0
#define LOCAL_M 3000.0
#define WALK_MPS 1.25

typedef struct {
    const DispatchCity *city;
    const GeoRoads *roads;
    RouteTwin *twin;
    guint32 seed;
    gint n_sources, next; /* next is shared by the threads */
    gint without_way, unsure, different;
} Proof;

static bool agree(bool found, double travel_s, double twin_s)
{
    if (!found || !isfinite(twin_s))
        return !found && !isfinite(twin_s);
    return fabs(travel_s - twin_s) <= 1e-6 + 1e-9 * twin_s;
}

static void compare(Proof *proof, const RouteTwinSearch *search, const GeoSnap *from,
                    const GeoSnap *to)
{
    const GeoRoads *roads = proof->roads;
    RouteTwinPlace goal = route_twin_place(proof->twin, roads, to);
    if (route_twin_is_unsure(proof->twin, search->from) ||
        route_twin_is_unsure(proof->twin, goal)) {
        g_atomic_int_inc(&proof->unsure);
        return;
    }
    double travel_s = INFINITY, distance_m;
    bool found = geo_roads_route(roads, search->profile, from, to, &travel_s, &distance_m, NULL);
    double twin_s = route_twin_to(search, goal) + (from->off_m + to->off_m) / WALK_MPS;
    if (!found)
        g_atomic_int_inc(&proof->without_way);
    if (agree(found, travel_s, twin_s))
        return;
    if (g_atomic_int_add(&proof->different, 1) < MOST_PRINTED)
        printf("DIFFERENT: profile %d, edge %" G_GINT64_FORMAT
               " at %.3f m to edge %" G_GINT64_FORMAT " at %.3f m: %.6f s, the twin %.6f s\n",
               (int)search->profile, from->edge, from->offset_m, to->edge, to->offset_m, travel_s,
               twin_s);
}

static gpointer work(gpointer data)
{
    Proof *proof = data;
    const GeoRoads *roads = proof->roads;
    RouteTwinSearch *search = route_twin_search_new(proof->twin);
    for (gint i; (i = g_atomic_int_add(&proof->next, 1)) < proof->n_sources;) {
        g_autoptr(GRand) random = g_rand_new_with_seed(proof->seed + (guint32)i);
        GeoProfile profile = (GeoProfile)(i % GEO_N_PROFILES);
        GeoXY p = dispatch_city_draw(proof->city, random, OFF_M);
        GeoSnap from = geo_roads_snap(roads, p, profile, SNAP_M);
        route_twin_from(search, profile, route_twin_place(proof->twin, roads, &from));
        for (int goal = 0; goal < GOALS; goal++) {
            GeoXY q = dispatch_city_draw(proof->city, random, OFF_M);
            if (goal % 2)
                q = (GeoXY){p.x + g_rand_double_range(random, -LOCAL_M, LOCAL_M),
                            p.y + g_rand_double_range(random, -LOCAL_M, LOCAL_M)};
            GeoSnap to = geo_roads_snap(roads, q, profile, SNAP_M);
            compare(proof, search, &from, &to);
        }
    }
    route_twin_search_free(search);
    return NULL;
}

/* What the city's own rules would be, drawn; owned by the proof. */
typedef struct {
    GeoTurnRule turns[RULES];
    GeoBarrier barriers[BARRIERS];
    uint32_t barrier_way[BARRIERS];
} Rules;

static Rules *draw_rules(Proof *proof, const GeoWay *ways, const GeoLonLat *lonlat)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(proof->seed);
    Rules *rules = g_new0(Rules, 1);
    route_twin_draw_rules(proof->twin, lonlat, random, rules->turns, RULES, rules->barriers,
                          rules->barrier_way, BARRIERS);
    route_twin_rule(proof->twin, ways, lonlat, rules->turns, RULES, rules->barriers,
                    rules->barrier_way, BARRIERS);
    return rules;
}

DispatchProof dispatch_routes_prove(const DispatchCity *city, bool ruled, size_t n, guint32 seed)
{
    const GArray *points = city->network->ways->points;
    const GeoWay *ways = (const GeoWay *)(const void *)city->ways->data;
    const GeoLonLat *lonlat = (const GeoLonLat *)(const void *)points->data;
    Proof proof = {.city = city, .seed = seed, .n_sources = (gint)((n + GOALS - 1) / GOALS)};
    proof.twin = route_twin_new(ways, city->ways->len, lonlat, city->xy, points->len);
    Rules *rules = ruled ? draw_rules(&proof, ways, lonlat) : NULL;
    g_autoptr(GeoRoads) roads =
        rules ? geo_roads_new_ruled(ways, city->ways->len, lonlat, city->xy, points->len,
                                    rules->turns, RULES, rules->barriers, BARRIERS)
              : geo_roads_new(ways, city->ways->len, lonlat, city->xy, points->len);
    proof.roads = roads;
    GeoRoadFacts facts = geo_roads_facts(roads);
    double begun = bench_now_us();
    guint n_threads = CLAMP(g_get_num_processors(), 1, 16);
    GThread *threads[16];
    for (guint i = 0; i < n_threads; i++)
        threads[i] = g_thread_new("routes", work, &proof);
    for (guint i = 0; i < n_threads; i++)
        g_thread_join(threads[i]);
    route_twin_free(proof.twin);
    g_free(rules);
    return (DispatchProof){.n = (size_t)proof.n_sources * GOALS - (size_t)proof.unsure,
                           .turns = facts.turns,
                           .barriers = facts.barriers,
                           .without_way = (size_t)proof.without_way,
                           .different = (size_t)proof.different,
                           .seconds = (bench_now_us() - begun) / 1e6};
}
