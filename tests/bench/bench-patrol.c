/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Presence of a whole fleet by grid and hour: 18,397 units with a fix each 10 s for half an hour
 * (3.3 million fixes; 53 million are 8 hours), in 4,900 grids whose borders are the streets that
 * half of them walk along. Beside it the plain way on a part of them: each second, asked of the
 * polygons by the uniform grid of geo/calc/inside.h. Then an hour of as many walkers from a city's
 * own day files, reading included, by squares of two blocks whose borders are their streets. */
#include "geo/calc/inside.h"
#include "geo/work/patrolled.h"
#include "tests/bench/bench.h"
#include "tests/bench/walkers.h"

#define NAME "patrol"
#define UNITS 18397
#define STEPS 180
#define SIDE 70
#define GRID_DEG 0.005
#define WEST 117.1
#define SOUTH 31.7
#define BEGIN_S INT64_C(1795000000)
#define DAY_FIXES 53e6

typedef struct {
    GeoLonLat *points;
    uint32_t *ring_point0, *ring0;
} Grids;

/* Squares with nine corners a side, as borders of surveyed grids have. */
static Grids make_grids(void)
{
    enum { CORNERS = 33 };
    size_t n = (size_t)SIDE * SIDE;
    Grids grids = {g_new(GeoLonLat, n * CORNERS), g_new(uint32_t, n + 1), g_new(uint32_t, n + 1)};
    for (size_t a = 0; a <= n; a++) {
        grids.ring_point0[a] = (uint32_t)(a * CORNERS);
        grids.ring0[a] = (uint32_t)a;
        for (int i = 0; i < CORNERS && a < n; i++) {
            int side = i / 8 % 4;
            double along = i % 8 / 8.0, x = side == 0 ? along : side == 1 ? 1 : 1 - along;
            double y = side == 1 ? along : side == 2 ? 1 : 1 - along;
            if (side == 0)
                y = 0;
            if (side == 3)
                x = 0;
            grids.points[a * CORNERS + (size_t)i] =
                (GeoLonLat){WEST + GRID_DEG * ((double)(a % SIDE) + x),
                            SOUTH + GRID_DEG * ((double)(a / SIDE) + y)};
        }
    }
    return grids;
}

/* Walks at 0 to 8 m/s with 4 m of receiver's error; every second unit along a line of grids. */
static GeoFix *make_fixes(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(5);
    GeoFix *fixes = g_new(GeoFix, (size_t)UNITS * STEPS);
    for (int64_t unit = 0; unit < UNITS; unit++) {
        double x = g_rand_double_range(random, 0, SIDE), y = g_rand_double_range(random, 0, SIDE);
        double speed = g_rand_double_range(random, 0, 8) * 10 / (GRID_DEG * 100000), angle = 0;
        double error = 4 / (GRID_DEG * 100000);
        bool on_line = unit % 2 == 0;
        x = on_line ? floor(x) : x;
        for (int64_t i = 0; i < STEPS; i++) {
            angle += g_rand_double_range(random, -0.3, 0.3);
            x += on_line ? 0 : speed * cos(angle);
            y += on_line ? speed : speed * sin(angle);
            y = y > SIDE ? y - SIDE : y;
            fixes[unit * STEPS + i] = (GeoFix){
                .unit_id = unit + 1,
                .at_ms = (BEGIN_S + i * 10) * 1000,
                .lon = WEST + GRID_DEG * (x + g_rand_double_range(random, -error, error)),
                .lat = SOUTH + GRID_DEG * (y + g_rand_double_range(random, -error, error))};
        }
    }
    return fixes;
}

static GeoPatrol *make_patrol(const Grids *grids)
{
    GeoPatrolOptions options = {.from_s = BEGIN_S, .to_s = BEGIN_S + STEPS * 10};
    return geo_patrol_new(&options, grids->points, grids->ring_point0, grids->ring0,
                          (size_t)SIDE * SIDE, NULL, NULL, 0);
}

/* Seconds present in any grid, each second asked. */
static uint64_t step_plainly(const Grids *grids, const GeoFix *fixes, size_t n)
{
    size_t n_points = grids->ring_point0[SIDE * SIDE];
    g_autofree GeoXY *points = g_new(GeoXY, n_points);
    for (size_t i = 0; i < n_points; i++)
        points[i] = (GeoXY){grids->points[i].lon, grids->points[i].lat};
    g_autoptr(GeoInside) inside =
        geo_inside_new(points, grids->ring_point0, grids->ring0, (size_t)SIDE * SIDE);
    uint64_t seconds = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        const GeoFix *a = &fixes[i], *b = a + 1;
        for (int k = 0; a->unit_id == b->unit_id && k < 10; k++) {
            GeoXY p = {a->lon + (b->lon - a->lon) * k / 10, a->lat + (b->lat - a->lat) * k / 10};
            uint32_t area;
            seconds += geo_inside_find(inside, p, &area, 1) > 0;
        }
    }
    return seconds;
}

static uint64_t sum_seconds(const GeoPatrol *patrol)
{
    uint64_t seconds = 0;
    for (size_t a = 0; a < (size_t)SIDE * SIDE; a++)
        for (size_t h = 0; h < geo_patrol_hours(patrol); h++)
            seconds += geo_patrol_cells(patrol, a)[h].unit_s;
    return seconds;
}

/* ---- from disk ---- */

#define TICKS 360
#define BLOCKS 2

static void put_squares(GeoStore *store)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_AREA);
    GeoAct act = geo_act_local(NULL, BEGIN_MS);
    GeoImport import = {.id = 2, .kind = "areas", .source = "bench"};
    double side = BLOCKS * BLOCK_M;
    for (double y = 0; y < SIDE_M + side; y += side)
        for (double x = 0; x < SIDE_M + side; x += side) {
            GeoArea *area = geo_batch_add(batch);
            area->row.id = 1 + batch->rows->len;
            area->level = geo_batch_word(batch, "grid");
            GeoLonLat ring[4] = {place_of(x, y), place_of(x + side, y),
                                 place_of(x + side, y + side), place_of(x, y + side)};
            geo_batch_part_from(batch, GEO_SHAPE_POLYGON, ring, 4);
        }
    must(geo_store_import_begin(store, &act, &import, &error) &&
             geo_store_import_put(store, &act, 2, batch, &error) &&
             geo_store_import_finish(store, &act, 2, 0, &error),
         error);
}

static GeoStore *write_hour(const char *path)
{
    Fleet fleet;
    g_autofree GeoFix *fixes = g_new(GeoFix, UNITS);
    GeoStore *store = make_city(path, UNITS);
    put_squares(store);
    fleet_init(&fleet, UNITS, 7, 1);
    for (int tick = 0; tick < TICKS; tick++) {
        g_autoptr(GError) error = NULL;
        GeoAct act = {
            .actor = "bench", .role = GEO_ROLE_FEED, .now_ms = BEGIN_MS + (int64_t)tick * STEP_MS};
        fleet_tick(&fleet, tick, fixes);
        must(geo_store_ingest_fixes(store, &act, fixes, UNITS, NULL, &error), error);
    }
    fleet_clear(&fleet);
    return store;
}

static long peak_mb(void)
{
    g_autofree char *text = NULL;
    char *line =
        g_file_get_contents("/proc/self/status", &text, NULL, NULL) ? strstr(text, "VmHWM:") : NULL;
    return line ? strtol(line + 6, NULL, 10) / 1024 : 0;
}

static void bench_disk(void)
{
    g_autofree char *folder = g_dir_make_tmp("gridbeat-patrol-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "hour.gridbeat", NULL);
    GeoStore *store = write_hour(path);
    double rates[3], works[3];
    for (int i = 0; i < 3; i++) {
        g_autoptr(GError) error = NULL;
        GeoPatrolledOptions options = {
            .from_ms = BEGIN_MS, .to_ms = BEGIN_MS + TICKS * STEP_MS, .level = "grid"};
        double begun = bench_now_us();
        g_autoptr(GeoPatrolled) patrolled = geo_patrolled_measure(store, &options, NULL, &error);
        must(patrolled != NULL, error);
        double n = (double)geo_patrol_counts(patrolled->patrol).fixes;
        rates[i] = n / (bench_now_us() - begun);
        works[i] = n / patrolled->work_ms / 1000;
        printf("   %.1f million fixes, %zu squares: reading %.0f ms, work %.0f ms\n", n / 1e6,
               patrolled->n_areas, patrolled->load_ms, patrolled->work_ms);
    }
    bench_say(NAME, "hour from disk", "gridbeat", "Mfix/s", rates, 3);
    bench_say(NAME, "of it work", "gridbeat", "Mfix/s", works, 3);
    printf("   peak memory of the process: %ld MB\n", peak_mb());
    geo_store_close(store);
    char *remove[] = {(char *)"rm", (char *)"-rf", folder, NULL};
    must(g_spawn_sync(NULL, remove, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, NULL, NULL),
         NULL);
}

int main(void)
{
    bench_disk();
    Grids grids = make_grids();
    g_autofree GeoFix *fixes = make_fixes();
    size_t n = (size_t)UNITS * STEPS, part = n / 20;
    double figures[5], plain[3], eight[5];
    uint64_t seconds = 0;
    for (int i = 0; i < 5; i++) {
        g_autoptr(GeoPatrol) patrol = make_patrol(&grids);
        double begun = bench_now_us();
        geo_patrol_take(patrol, fixes, n);
        geo_patrol_settle(patrol, INT64_MAX);
        double us = bench_now_us() - begun;
        figures[i] = (double)n / us;
        eight[i] = us / 1e6 * DAY_FIXES / (double)n;
        seconds = sum_seconds(patrol);
    }
    for (int i = 0; i < 3; i++) {
        double begun = bench_now_us();
        g_assert_cmpuint(step_plainly(&grids, fixes, part), >, 0);
        plain[i] = (double)part / (bench_now_us() - begun);
    }
    printf("%zu fixes of %d units, %.1f million seconds in %d grids\n", n, UNITS,
           (double)seconds / 1e6, SIDE * SIDE);
    double ours = bench_say(NAME, "presence", "gridbeat", "Mfix/s", figures, 5);
    double theirs = bench_say(NAME, "presence", "each second", "Mfix/s", plain, 3);
    bench_say(NAME, "53 M fixes", "gridbeat", "s", eight, 5);
    printf("%.1f times as fast as stepping; no peer computes this: none is run\n", ours / theirs);
    g_free(grids.points);
    g_free(grids.ring_point0);
    g_free(grids.ring0);
    bench_machine(NAME);
    return 0;
}
