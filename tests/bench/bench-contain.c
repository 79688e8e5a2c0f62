/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Closing the roads around a place with a horizon of five minutes: bench-contain [CITY...], the
 * demo city where none is given. Units stand near random roads, six of ten on foot, three on
 * e-bikes, one by car; 18,397 of them, 2,000 and 200. */
#include "bench.h"
#include "geo/calc/contain.h"
#include "tests/bench/dispatch-city.h"

#define NAME "contain"

enum { FLEET = DISPATCH_FLEET, PLACES = 101 };

#define UNIT_OFF_M 30.0
#define SNAP_M 500.0

typedef struct {
    GeoXY at[FLEET];
    GeoSnap snap[FLEET];
    uint8_t profile[FLEET], usable[FLEET];
} Fleet;

static void place_fleet(Fleet *fleet, const DispatchCity *city, GRand *random)
{
    for (int i = 0; i < FLEET; i++) {
        fleet->at[i] = dispatch_city_draw(city, random, UNIT_OFF_M);
        fleet->profile[i] = (uint8_t)(i % 10 < 6 ? 0 : i % 10 < 9 ? 1 : 2);
        fleet->snap[i] =
            geo_network_snap(city->network, fleet->at[i], (GeoProfile)fleet->profile[i], SNAP_M);
    }
}

static void bench_units(Fleet *fleet, const DispatchCity *city, int n_units, GRand *random)
{
    double took[PLACES];
    size_t closed = 0, posts = 0, at_bound = 0, open = 0, bound_open = 0;
    for (int i = 0; i < FLEET; i++)
        fleet->usable[i] = (int64_t)i * 7919 % FLEET < n_units;
    const GeoRoads *roads = city->network->roads;
    g_autoptr(GeoNear) near =
        geo_near_new(roads, fleet->at, fleet->snap, fleet->profile, fleet->usable, FLEET);
    g_autoptr(GeoContain) engine = geo_contain_new(roads);
    GeoContainUnits units = {fleet->snap, fleet->profile, fleet->usable, FLEET, near};
    for (int i = 0; i < PLACES; i++) {
        GeoContainAsk ask = {.profile = GEO_PROFILE_CAR, .horizon_s = 300, .margin_s = 30};
        do
            ask.place = geo_roads_snap_main(roads, dispatch_city_draw(city, random, UNIT_OFF_M),
                                            GEO_PROFILE_CAR, SNAP_M);
        while (ask.place.edge < 0);
        double begun = bench_now_us();
        g_autoptr(GeoContained) contained = geo_contain_find(engine, &ask, &units, NULL, NULL);
        took[i] = (bench_now_us() - begun) / 1e3;
        closed += contained->closed;
        posts += contained->closed ? contained->posts->len : 0;
        open += contained->open->len;
        bound_open += contained->bound_open;
        at_bound += contained->closed && contained->posts->len == contained->bound;
    }
    g_autofree char *task = n_units == FLEET ? g_strdup_printf("contain%s", city->mark)
                                             : g_strdup_printf("contain %d%s", n_units, city->mark);
    double median = bench_say(NAME, task, "gridbeat", "ms", took, PLACES);
    printf(
        "  %d units: %zu of %d closed, %.1f posts in the mean, %zu with the fewest there can be; "
        "%zu ways open in all, %zu at least; goal a median under 100 ms: %s\n",
        n_units, closed, PLACES, closed ? (double)posts / (double)closed : 0, at_bound, open,
        bound_open, median < 100 ? "met" : "NOT MET");
}

static void bench_city(const char *path, const char *mark)
{
    g_autofree char *why = NULL;
    g_autoptr(GRand) random = g_rand_new_with_seed(300);
    DispatchCity *city = dispatch_city_open(path, mark, &why);
    if (!city) {
        printf("not measured: %s\n", why);
        return;
    }
    Fleet *fleet = g_new(Fleet, 1);
    place_fleet(fleet, city, random);
    bench_units(fleet, city, FLEET, random);
    bench_units(fleet, city, 2000, random);
    bench_units(fleet, city, 200, random);
    g_free(fleet);
    dispatch_city_free(city);
}

int main(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        bench_city(argv[i], i == 1 ? "" : ", city 2");
    if (argc < 2)
        bench_city("demo", "");
    bench_machine(NAME);
    return 0;
}
