/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest unit, snapping, routes and re-indexing on a jittered lattice of 387 x 387 crossings, 80 m
 * apart: 149,769 nodes, every third small street one-way, every tenth an arterial. */
#include <math.h>

#include "bench.h"
#include "geo/calc/near.h"

#define NAME "dispatch"

enum { SIDE = 387, FLEET = 18397, QUERIES = 2000 };

typedef struct {
    GeoWay *ways;
    GeoLonLat *lonlat;
    GeoXY *xy;
    size_t n_ways, n_points;
} Lattice;

static Lattice make_lattice(GRand *random)
{
    Lattice lattice = {.n_ways = 2 * SIDE, .n_points = 2 * SIDE * SIDE};
    lattice.ways = g_new0(GeoWay, lattice.n_ways);
    lattice.lonlat = g_new(GeoLonLat, lattice.n_points);
    lattice.xy = g_new(GeoXY, lattice.n_points);
    g_autofree GeoXY *crossing = g_new(GeoXY, SIDE * SIDE);
    for (int i = 0; i < SIDE * SIDE; i++)
        crossing[i] = (GeoXY){i % SIDE * 80 + g_rand_double_range(random, -25, 25),
                              i / SIDE * 80 + g_rand_double_range(random, -25, 25)};
    uint32_t n = 0;
    for (int line = 0; line < 2 * SIDE; line++) {
        int street = line % SIDE;
        GeoWay *way = &lattice.ways[line];
        *way = (GeoWay){.point0 = n, .n_points = SIDE, .speed_kmh = NAN, .access = {2, 2, 2}};
        way->class = street % 10 == 0  ? GEO_ROAD_PRIMARY
                     : street % 5 == 0 ? GEO_ROAD_TERTIARY
                                       : GEO_ROAD_RESIDENTIAL;
        way->oneway =
            way->class == GEO_ROAD_RESIDENTIAL && street % 3 == 0 ? 1 - street % 2 * 2 : 0;
        for (int i = 0; i < SIDE; i++, n++) {
            GeoXY p = crossing[line < SIDE ? street * SIDE + i : i * SIDE + street];
            lattice.xy[n] = p;
            lattice.lonlat[n] = (GeoLonLat){p.x / 1e5, p.y / 1e5};
        }
    }
    return lattice;
}

typedef struct {
    GeoXY at[FLEET];
    GeoSnap snap[FLEET];
    uint8_t profile[FLEET], usable[FLEET];
} Fleet;

static GeoXY draw(GRand *random)
{
    return (GeoXY){g_rand_double_range(random, 0, SIDE * 80),
                   g_rand_double_range(random, 0, SIDE * 80)};
}

static void place_fleet(Fleet *fleet, const GeoRoads *roads, GRand *random)
{
    for (int i = 0; i < FLEET; i++) {
        fleet->at[i] = draw(random);
        fleet->profile[i] = (uint8_t)(i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
        fleet->usable[i] = 1;
        fleet->snap[i] = geo_roads_snap(roads, fleet->at[i], (GeoProfile)fleet->profile[i], 500);
    }
}

static void bench_air(const GeoNear *near, const Fleet *fleet, GRand *random, size_t k)
{
    double *grid = g_new(double, QUERIES), *plain = g_new(double, QUERIES / 20);
    GeoNearHit hits[32];
    for (int i = 0; i < QUERIES; i++) {
        GeoXY p = draw(random);
        double begun = bench_now_us();
        geo_near_by_air(near, p, k, hits);
        grid[i] = bench_now_us() - begun;
    }
    double *far = g_new(double, FLEET);
    for (int i = 0; i < QUERIES / 20; i++) {
        GeoXY p = draw(random);
        double begun = bench_now_us();
        for (int u = 0; u < FLEET; u++)
            far[u] = hypot(fleet->at[u].x - p.x, fleet->at[u].y - p.y);
        qsort(far, FLEET, sizeof *far, bench_rising);
        plain[i] = bench_now_us() - begun;
    }
    g_autofree char *task = g_strdup_printf("nearest air k=%zu", k);
    bench_say(NAME, task, "gridbeat", "us", grid, QUERIES);
    bench_say(NAME, task, "sort all", "us", plain, QUERIES / 20);
    g_free(grid);
    g_free(plain);
    g_free(far);
}

static double bench_road(const char *task, GeoNear *near, const GeoRoads *roads, GRand *random,
                         size_t k, size_t n)
{
    g_autofree double *figures = g_new(double, n);
    g_autofree GeoNearHit *hits = g_new(GeoNearHit, k);
    GeoSnap place[GEO_N_PROFILES];
    for (size_t i = 0; i < n; i++) {
        GeoXY p = draw(random);
        double begun = bench_now_us();
        for (int profile = 0; profile < GEO_N_PROFILES; profile++)
            place[profile] = geo_roads_snap_main(roads, p, (GeoProfile)profile, 500);
        geo_near_by_road(near, place, k, hits);
        figures[i] = bench_now_us() - begun;
    }
    return bench_say(NAME, task, k >= FLEET ? "one to all" : "gridbeat", "us", figures, n);
}

static void bench_reindex(const Fleet *fleet, const GeoRoads *roads)
{
    double snaps[20], index[20];
    for (int run = 0; run < 20; run++) {
        double begun = bench_now_us();
        for (int i = 0; i < FLEET; i++)
            (void)geo_roads_snap(roads, fleet->at[i], (GeoProfile)fleet->profile[i], 500);
        double snapped = bench_now_us();
        geo_near_free(
            geo_near_new(roads, fleet->at, fleet->snap, fleet->profile, fleet->usable, FLEET));
        snaps[run] = (snapped - begun) / 1000;
        index[run] = (bench_now_us() - snapped) / 1000;
    }
    bench_say(NAME, "reindex", "gridbeat", "ms", index, 20);
    bench_say(NAME, "snap fleet", "gridbeat", "ms", snaps, 20);
}

static void bench_routes(const GeoRoads *roads, GRand *random)
{
    double figures[200];
    for (int i = 0; i < 200; i++) {
        GeoSnap a = geo_roads_snap_main(roads, draw(random), GEO_PROFILE_CAR, 500);
        GeoSnap b = geo_roads_snap_main(roads, draw(random), GEO_PROFILE_CAR, 500);
        double travel_s, distance_m, begun = bench_now_us();
        geo_roads_route(roads, GEO_PROFILE_CAR, &a, &b, &travel_s, &distance_m, NULL);
        figures[i] = (bench_now_us() - begun) / 1000;
    }
    bench_say(NAME, "route", "gridbeat", "ms", figures, 200);
}

int main(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(20);
    Lattice lattice = make_lattice(random);
    double build[5];
    GeoRoads *roads = NULL;
    for (int i = 0; i < 5; i++) {
        geo_roads_free(roads);
        double begun = bench_now_us();
        roads = geo_roads_new(lattice.ways, lattice.n_ways, lattice.lonlat, lattice.xy,
                              lattice.n_points);
        build[i] = (bench_now_us() - begun) / 1000;
    }
    GeoRoadFacts facts = geo_roads_facts(roads);
    printf("%zu nodes, %zu edges, %d units: 6 of 10 on foot, 3 on e-bikes, 1 by car; seed 20\n",
           facts.nodes, facts.edges, FLEET);
    bench_say(NAME, "build graph", "gridbeat", "ms", build, 5);
    Fleet *fleet = g_new(Fleet, 1);
    place_fleet(fleet, roads, random);
    GeoNear *near =
        geo_near_new(roads, fleet->at, fleet->snap, fleet->profile, fleet->usable, FLEET);
    bench_air(near, fleet, random, 10);
    bench_road("nearest k=1", near, roads, random, 1, QUERIES);
    double ours = bench_road("nearest", near, roads, random, 10, QUERIES);
    double all = bench_road("nearest", near, roads, random, FLEET, 20);
    printf("nearest stops early: 1/%.0f of the search to all\n", all / ours);
    for (int i = 0; i < FLEET; i++)
        fleet->usable[i] = i % 200 == 0; /* 0.5 % free */
    GeoNear *scarce =
        geo_near_new(roads, fleet->at, fleet->snap, fleet->profile, fleet->usable, FLEET);
    bench_road("nearest scarce", scarce, roads, random, 10, 500);
    for (int i = 0; i < FLEET; i++)
        fleet->usable[i] = 1;
    bench_reindex(fleet, roads);
    bench_routes(roads, random);
    printf("peers not run here: pgRouting, Boost, VirtualRouting\n");
    bench_machine(NAME);
    geo_near_free(near);
    geo_near_free(scarce);
    geo_roads_free(roads);
    g_free(fleet);
    g_free(lattice.ways);
    g_free(lattice.lonlat);
    g_free(lattice.xy);
    return 0;
}
