/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is nearest by road, on Chicago's real roads and on the demo city: bench-dispatch [CITY...].
 * 18,397 units stand within 30 m of random roads, six of ten on foot, three on e-bikes, one by car,
 * all asked at once. Peers get one profile's graph with units and places at its nodes, and must
 * give the same five. Routes are held against a textbook twin; a difference fails the bench. */
#include <math.h>

#include "geo/calc/near.h"
#include "geo/calc/road-snap.h"
#include "tests/bench/bench.h"
#include "tests/bench/dispatch-city.h"
#include "tests/bench/dispatch-peers.h"
#include "tests/bench/dispatch-roads.h"
#include "tests/bench/dispatch-routes.h"

#define NAME "dispatch"

enum { FLEET = DISPATCH_FLEET, QUERIES = 2000, PLACES = 2000, K = 5, RUNS = 21, SEED = 20 };

#define UNIT_OFF_M 30.0
#define SNAP_M 500.0

static size_t n_different; /* all over the bench: its exit code */

typedef struct {
    GeoXY at[FLEET];
    GeoSnap snap[FLEET];
    uint8_t profile[FLEET], usable[FLEET];
} Fleet;

static double say(const DispatchCity *city, const char *task, const char *who, const char *unit,
                  double *figures, size_t n)
{
    g_autofree char *whole = g_strconcat(task, city->mark, NULL);
    return bench_say(NAME, whole, who, unit, figures, n);
}

static void judge(const char *what, double got, double goal, const char *unit)
{
    printf("  %s: %.4g %s, goal under %g: %s\n", what, got, unit, goal,
           got < goal ? "met" : "NOT MET");
}

/* ---- the product's own question ---- */

static void place_fleet(Fleet *fleet, const DispatchCity *city, GRand *random)
{
    for (int i = 0; i < FLEET; i++) {
        fleet->at[i] = dispatch_city_draw(city, random, UNIT_OFF_M);
        fleet->profile[i] = (uint8_t)(i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
        fleet->snap[i] =
            geo_network_snap(city->network, fleet->at[i], (GeoProfile)fleet->profile[i], SNAP_M);
    }
}

static GeoNear *index_share(Fleet *fleet, const DispatchCity *city, int each)
{
    for (int i = 0; i < FLEET; i++)
        fleet->usable[i] = (i * 7919 + i / 10) % each == 0; /* of all profiles alike */
    return geo_near_new(city->network->roads, fleet->at, fleet->snap, fleet->profile, fleet->usable,
                        FLEET);
}

/* Snapping of the place is part of it. The figures are sorted afterwards. */
static void ask(const DispatchCity *city, GeoNear *near, GRand *random, double *figures, size_t n)
{
    GeoSnap place[GEO_N_PROFILES];
    GeoNearHit hits[K];
    for (size_t i = 0; i < n; i++) {
        GeoXY p = dispatch_city_draw(city, random, UNIT_OFF_M);
        double begun = bench_now_us();
        geo_network_snap_each(city->network, p, SNAP_M, place);
        geo_near_by_road(near, place, K, hits);
        figures[i] = bench_now_us() - begun;
    }
}

typedef struct {
    const char *task;
    int each;
    double goal_us, goal_p99_us;
} Share;

/* The same when every state has been told, once a tick, how soon any unit reaches it. */
static void bench_prepared(const DispatchCity *city, GeoNear *near, GRand *random, double *figures,
                           const Share *share)
{
    double took[RUNS];
    for (int run = 0; run < RUNS; run++) {
        double begun = bench_now_us();
        geo_near_prepare(near, K);
        took[run] = (bench_now_us() - begun) / 1000;
    }
    g_autofree char *prepare = g_strconcat("prepare for ", share->task, NULL);
    g_autofree char *task = g_strconcat(share->task, ", prepared", NULL);
    say(city, prepare, "gridbeat", "ms", took, RUNS);
    ask(city, near, random, figures, QUERIES);
    judge("median", say(city, task, "gridbeat", "us", figures, QUERIES), share->goal_us, "us");
    if (isfinite(share->goal_p99_us))
        judge("p99", figures[QUERIES * 99 / 100], share->goal_p99_us, "us");
}

static double bench_nearest(const DispatchCity *city, Fleet *fleet, GRand *random)
{
    static const Share shares[] = {{"nearest", 1, 11, INFINITY},
                                   {"nearest tenth", 10, INFINITY, INFINITY},
                                   {"nearest scarce", 200, 1000, 4000}};
    g_autofree double *figures = g_new(double, QUERIES);
    double all_us = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(shares); i++) {
        GeoNear *near = index_share(fleet, city, shares[i].each);
        ask(city, near, random, figures, 200); /* warm */
        ask(city, near, random, figures, QUERIES);
        double median = say(city, shares[i].task, "gridbeat", "us", figures, QUERIES);
        if (isfinite(shares[i].goal_us))
            judge("median", median, shares[i].goal_us, "us");
        if (isfinite(shares[i].goal_p99_us))
            judge("p99", figures[QUERIES * 99 / 100], shares[i].goal_p99_us, "us");
        all_us = i == 0 ? median : all_us;
        if (isfinite(shares[i].goal_us))
            bench_prepared(city, near, random, figures, &shares[i]);
        geo_near_free(near);
    }
    return all_us;
}

static void bench_air(const DispatchCity *city, Fleet *fleet, GRand *random)
{
    g_autofree double *figures = g_new(double, QUERIES);
    GeoNear *near = index_share(fleet, city, 1);
    GeoNearHit hits[10];
    for (int i = 0; i < QUERIES; i++) {
        GeoXY p = dispatch_city_draw(city, random, UNIT_OFF_M);
        double begun = bench_now_us();
        geo_near_by_air(near, p, 10, hits);
        figures[i] = bench_now_us() - begun;
    }
    say(city, "nearest air k=10", "gridbeat", "us", figures, QUERIES);
    geo_near_free(near);
}

static void bench_reindex(const DispatchCity *city, Fleet *fleet)
{
    double snaps[RUNS], index[RUNS];
    GeoSnapAll all = {.at = fleet->at,
                      .profile = fleet->profile,
                      .n = FLEET,
                      .max_m = SNAP_M,
                      .island_m = GEO_NETWORK_ISLAND_M};
    for (int run = 0; run < RUNS; run++) {
        double begun = bench_now_us();
        geo_roads_snap_all(city->network->roads, &all, fleet->snap);
        snaps[run] = (bench_now_us() - begun) / 1000;
    }
    GeoNear *near = index_share(fleet, city, 1);
    for (int run = -2; run < RUNS; run++) { /* the first two make room */
        double begun = bench_now_us();
        geo_near_put(near, fleet->at, fleet->snap, fleet->usable);
        index[MAX(run, 0)] = (bench_now_us() - begun) / 1000;
    }
    geo_near_free(near);
    judge("median", say(city, "reindex", "gridbeat", "ms", index, RUNS), 0.2, "ms");
    judge("median", say(city, "snap all", "gridbeat", "ms", snaps, RUNS), 20, "ms");
}

static void bench_routes(const DispatchCity *city, GRand *random)
{
    enum { ROUTES = 500 };
    double figures[ROUTES];
    for (int i = 0; i < ROUTES; i++) {
        GeoXY p = dispatch_city_draw(city, random, UNIT_OFF_M);
        GeoXY q = dispatch_city_draw(city, random, UNIT_OFF_M);
        double travel_s, distance_m, begun = bench_now_us();
        GeoSnap a = geo_network_snap(city->network, p, GEO_PROFILE_CAR, SNAP_M);
        GeoSnap b = geo_network_snap(city->network, q, GEO_PROFILE_CAR, SNAP_M);
        geo_roads_route(city->network->roads, GEO_PROFILE_CAR, &a, &b, &travel_s, &distance_m,
                        NULL);
        figures[i] = (bench_now_us() - begun) / 1000;
    }
    say(city, "route", "gridbeat", "ms", figures, ROUTES);
}

static void bench_build(const DispatchCity *city)
{
    double build[5];
    const GArray *points = city->network->ways->points;
    for (int i = 0; i < 5; i++) {
        double begun = bench_now_us();
        geo_roads_free(geo_roads_new((const GeoWay *)(const void *)city->ways->data,
                                     city->ways->len, (const GeoLonLat *)(const void *)points->data,
                                     city->xy, points->len));
        build[i] = (bench_now_us() - begun) / 1000;
    }
    say(city, "build graph", "gridbeat", "ms", build, 5);
}

/* ---- one profile's graph, for all programs ---- */

typedef struct {
    const DispatchCity *city;
    DispatchGraph *graph;
    DispatchHit *truth; /* K of each place, by our own search */
    double ours_us, product_us;
    double ready_us; /* ours where every crossing was told before; 0: not asked */
} Contest;

/* The same times; and the same units, but for those that tie with the last. */
static bool same_hits(const DispatchHit *truth, const DispatchHit *hits, size_t n)
{
    if (n != K)
        return false;
    for (int i = 0; i < K; i++) {
        bool listed = false;
        if (fabs(hits[i].travel_s - truth[i].travel_s) > 1e-6)
            return false;
        for (int j = 0; j < K; j++)
            listed |= hits[j].unit == truth[i].unit;
        if (!listed && truth[i].travel_s < truth[K - 1].travel_s - 1e-6)
            return false;
    }
    return true;
}

/* Every place of the contest; what is found is the truth that the others are held to. */
static void ask_nodes(Contest *contest, GeoNear *near, double *figures)
{
    DispatchGraph *graph = contest->graph;
    GeoSnap place[GEO_N_PROFILES] = {{.edge = -1}, {.edge = -1}, {.edge = -1}};
    for (uint32_t i = 0; i < graph->n_places; i++) {
        GeoNearHit hits[K];
        place[GEO_PROFILE_CAR] =
            dispatch_graph_snap(contest->city, GEO_PROFILE_CAR, graph->place_node[i]);
        double begun = bench_now_us();
        size_t n = geo_near_by_road(near, place, K, hits);
        figures[i] = bench_now_us() - begun;
        for (size_t k = 0; k < K; k++)
            contest->truth[i * K + k] = k < n ? (DispatchHit){hits[k].unit, hits[k].travel_s}
                                              : (DispatchHit){UINT32_MAX, INFINITY};
    }
}

static void contest_ours(Contest *contest, const char *task)
{
    DispatchGraph *graph = contest->graph;
    g_autofree GeoXY *at = g_new(GeoXY, graph->n_units);
    g_autofree GeoSnap *snap = g_new(GeoSnap, graph->n_units);
    g_autofree uint8_t *profile = g_new(uint8_t, graph->n_units);
    g_autofree uint8_t *usable = g_new(uint8_t, graph->n_units);
    for (uint32_t i = 0; i < graph->n_units; i++) {
        snap[i] = dispatch_graph_snap(contest->city, GEO_PROFILE_CAR, graph->unit_node[i]);
        at[i] = snap[i].at;
        profile[i] = GEO_PROFILE_CAR;
        usable[i] = 1;
    }
    g_autoptr(GeoNear) near =
        geo_near_new(contest->city->network->roads, at, snap, profile, usable, graph->n_units);
    g_autofree double *figures = g_new(double, graph->n_places);
    g_autofree char *whole = g_strconcat(task, ", graph alone", NULL);
    g_autofree char *ready = g_strconcat(whole, ", prepared", NULL);
    ask_nodes(contest, near, figures); /* warms */
    ask_nodes(contest, near, figures);
    contest->ours_us = say(contest->city, whole, "gridbeat", "us", figures, graph->n_places);
    g_autofree DispatchHit *searched =
        g_memdup2(contest->truth, graph->n_places * K * sizeof *contest->truth);
    double begun = bench_now_us();
    geo_near_prepare(near, K);
    printf("  prepared in %.3g ms\n", (bench_now_us() - begun) / 1000);
    ask_nodes(contest, near, figures);
    contest->ready_us = say(contest->city, ready, "gridbeat", "us", figures, graph->n_places);
    for (uint32_t i = 0; i < graph->n_places; i++)
        n_different += !same_hits(&searched[i * K], &contest->truth[i * K], K);
}

/* Says what a peer took and whether its answers are ours; wants: the ratio asked for, 0: none. */
static void tell(Contest *contest, const char *task, const char *who, double *figures, uint32_t n,
                 uint32_t different, double wants)
{
    double median = say(contest->city, task, who, "us", figures, n);
    double ratio = median / contest->ours_us;
    if (different > 0)
        printf("  %s gave other units or times at %u of %u places\n", who, different, n);
    else
        printf("  the same %d units with the same times at all %u places\n", K, n);
    printf("  gridbeat takes 1/%.1f of it on the same graph", ratio);
    if (contest->product_us > 0)
        printf(", 1/%.1f with three kinds of unit and snapping", median / contest->product_us);
    if (wants > 0)
        printf("; goal 1/%g: %s", wants, ratio >= wants ? "met" : "NOT MET");
    if (contest->ready_us > 0) {
        ratio = median / contest->ready_us;
        printf("\n  prepared 1/%.1f", ratio);
        if (wants > 0)
            printf("; goal 1/%g: %s", wants, ratio >= wants ? "met" : "NOT MET");
    }
    printf("\n");
}

#ifdef HAVE_BOOST
static void contest_boost(Contest *contest, const char *task, double wants)
{
    static const char *const ways[PEER_BOOST_N] = {"", " no_color_map", " no_init"};
    const DispatchGraph *graph = contest->graph;
    PeerBoost *peer = peer_boost_new(graph->n_nodes, graph->n_edges, graph->from, graph->to,
                                     graph->cost_s, graph->ahead, graph->back);
    peer_boost_place(peer, graph->unit_node, graph->n_units);
    g_autofree double *figures = g_new(double, graph->n_places);
    for (int way = 0; way < PEER_BOOST_N; way++) {
        uint32_t different = 0;
        for (uint32_t i = 0; i < graph->n_places; i++) {
            DispatchHit hits[K];
            double begun = bench_now_us();
            size_t n = peer_boost_nearest(peer, graph->place_node[i], K, (PeerBoostWay)way, hits);
            figures[i] = bench_now_us() - begun;
            different += !same_hits(&contest->truth[i * K], hits, n);
        }
        g_autofree char *who = g_strconcat(peer_boost_version(), ways[way], NULL);
        tell(contest, task, who, figures, graph->n_places, different,
             way == PEER_BOOST_PLAIN ? wants : 0);
        n_different += different;
    }
    peer_boost_free(peer);
}
#else
static void contest_boost(Contest *contest, const char *task, double wants)
{
    (void)contest;
    (void)task;
    (void)wants;
    printf("peer not run here: Boost.Graph: libboost-dev or g++ was not installed when this was "
           "built\n");
}
#endif

/* What most places need for their fifth unit, so that few searches are begun again: chosen with the
 * answers in hand, in the peers' favour. */
static double usual_reach_s(const Contest *contest)
{
    uint32_t n = contest->graph->n_places;
    g_autofree double *last = g_new(double, n);
    for (uint32_t i = 0; i < n; i++)
        last[i] = contest->truth[i * K + K - 1].travel_s;
    qsort(last, n, sizeof *last, bench_rising);
    return MAX(last[n * 9 / 10], 1);
}

static void contest_pgrouting(Contest *contest, PeerPgrouting *peer, const char *task, double wants)
{
    static const struct {
        const char *name;
        uint32_t n;
    } ways[] = {{" drivingDistance, edges cut", 300},
                {" dijkstraCost, 50 by air", 100},
                {" drivingDistance", 15}};
    if (!peer || !peer_pgrouting_place(peer, contest->graph->n_units))
        return;
    double reach_s = usual_reach_s(contest);
    for (int way = 0; way < (int)G_N_ELEMENTS(ways); way++) {
        g_autofree double *figures = g_new(double, ways[way].n);
        uint32_t different = 0;
        for (uint32_t i = 0; i < ways[way].n; i++) {
            DispatchHit hits[K];
            double begun = bench_now_us();
            size_t n = peer_pgrouting_nearest(peer, contest->graph->place_node[i], K,
                                              (PeerPgroutingWay)way, reach_s, hits);
            figures[i] = bench_now_us() - begun;
            different += !same_hits(&contest->truth[i * K], hits, n);
        }
        g_autofree char *who = g_strconcat(peer_pgrouting_version(peer), ways[way].name, NULL);
        tell(contest, task, who, figures, ways[way].n, different,
             way == PEER_PGROUTING_CUT ? wants : 0);
    }
}

static PeerPgrouting *start_pgrouting(const DispatchGraph *graph)
{
    g_autofree char *why = NULL;
    PeerPgrouting *peer = peer_pgrouting_start(graph, &why);
    if (!peer)
        printf("peer not run here: pgRouting: %s\n", why);
    return peer;
}

static void contest_virtual(Contest *contest, PeerVirtual *peer, const char *task, uint32_t most)
{
    if (!peer)
        return;
    peer_virtual_place(peer, contest->graph->n_units);
    double reach_s = usual_reach_s(contest);
    uint32_t n = MIN(most, contest->graph->n_places), different = 0;
    g_autofree double *figures = g_new(double, n);
    for (uint32_t i = 0; i < n; i++) {
        DispatchHit hits[K];
        double begun = bench_now_us();
        size_t found = peer_virtual_nearest(peer, contest->graph->place_node[i], K, reach_s, hits);
        figures[i] = bench_now_us() - begun;
        different += !same_hits(&contest->truth[i * K], hits, found);
    }
    tell(contest, task, peer_virtual_version(peer), figures, n, different, 0);
}

static PeerVirtual *start_virtual(const DispatchGraph *graph)
{
    g_autofree char *why = NULL;
    PeerVirtual *peer = peer_virtual_start(graph, &why);
    if (!peer)
        printf("peer not run here: VirtualRouting: %s\n", why);
    return peer;
}

static void bench_peers(const DispatchCity *city, double product_us, GRand *random)
{
    if (!g_strcmp0(g_getenv("GRIDBEAT_PEERS"), "none")) {
        printf("peers not run here: GRIDBEAT_PEERS=none\n");
        return;
    }
    Contest contest = {.city = city, .product_us = product_us};
    contest.graph = dispatch_graph_new(city, GEO_PROFILE_CAR, FLEET, PLACES, random);
    contest.truth = g_new(DispatchHit, (size_t)PLACES * K);
    printf("-- peers: the cars' graph of %s, %u units and %u places at its nodes, no turn rules\n",
           city->name, contest.graph->n_units, contest.graph->n_places);
    PeerPgrouting *pgrouting = start_pgrouting(contest.graph);
    PeerVirtual *virtual = start_virtual(contest.graph);
    contest_ours(&contest, "nearest");
    contest_boost(&contest, "nearest", 10);
    contest_pgrouting(&contest, pgrouting, "nearest", 1000);
    contest_virtual(&contest, virtual, "nearest", 500);
    printf("-- the same with %d of the units\n", FLEET / 200);
    contest.product_us = 0;
    contest.graph->n_units = FLEET / 200;
    contest_ours(&contest, "nearest scarce");
    contest_boost(&contest, "nearest scarce", 0);
    contest_pgrouting(&contest, pgrouting, "nearest scarce", 0);
    contest_virtual(&contest, virtual, "nearest scarce", 200);
    if (virtual)
        peer_virtual_stop(virtual);
    if (pgrouting)
        peer_pgrouting_stop(pgrouting);
    g_free(contest.truth);
    dispatch_graph_free(contest.graph);
}

/* ---- the proof ---- */

static void prove_routes(const DispatchCity *city, bool ruled, size_t n)
{
    DispatchProof proof = dispatch_routes_prove(city, ruled, n, SEED);
    double different = (double)proof.different;
    printf("-- %zu routes (%zu without a way) under %zu turn rules and %zu barriers against a "
           "textbook Dijkstra: %zu different, %.0f s\n",
           proof.n, proof.without_way, proof.turns, proof.barriers, proof.different, proof.seconds);
    say(city, ruled ? "routes different, ruled" : "routes different", "gridbeat", "routes",
        &different, 1);
    n_different += proof.different;
}

static void bench_city(const char *what, const char *mark, size_t n_routes)
{
    g_autofree char *why = NULL;
    DispatchCity *city = dispatch_city_open(what, mark, &why);
    if (!city) {
        printf("city not run here: %s: %s\n", what, why);
        return;
    }
    g_autoptr(GRand) random = g_rand_new_with_seed(SEED);
    GeoRoadFacts facts = city->network->facts;
    printf("== %s: %zu nodes, %zu edges, %zu parts; %d units; seed %d\n", city->name, facts.nodes,
           facts.edges, facts.components, FLEET, SEED);
    Fleet *fleet = g_new0(Fleet, 1);
    place_fleet(fleet, city, random);
    bench_build(city);
    double product_us = bench_nearest(city, fleet, random);
    bench_air(city, fleet, random);
    bench_reindex(city, fleet);
    bench_routes(city, random);
    bench_peers(city, product_us, random);
    prove_routes(city, false, n_routes / 2);
    prove_routes(city, true, n_routes - n_routes / 2);
    g_free(fleet);
    dispatch_city_free(city);
}

/* How many routes are proven in the first city, where it is not 100,000. */
static size_t routes_wanted(void)
{
    const char *text = g_getenv("GRIDBEAT_ROUTES");
    return text ? (size_t)g_ascii_strtoull(text, NULL, 10) : 100000;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc > 1) {
        for (int i = 1; i < argc; i++) {
            g_autofree char *mark = i > 1 ? g_strdup_printf(", city %d", i) : g_strdup("");
            bench_city(argv[i], mark, routes_wanted());
        }
    } else {
        bench_city("chicago", "", routes_wanted());
        bench_city("demo", ", demo", routes_wanted() / 10);
    }
    bench_machine(NAME);
    return n_different > 0;
}
