/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Walkers on streets 120 m apart on 17 x 17 km who stand now and then and whose receivers err by 4
 * m each time (a bell), and the city they belong to: what benches of tracks take in. */
#include <glib/gstdio.h>
#include <math.h>
#include <sys/stat.h>

#include "geo/model/trackcode.h"
#include "geo/store/store.h"

#define STEP_MS 10000
#define BEGIN_MS INT64_C(1700006400000) /* 00:00 UTC */
#define SIDE_M 17000.0
#define BLOCK_M 120.0
#define ERROR_M 4.0
#define DEGREE_M 111319.49
#define LON 117.2
#define LAT 31.8

typedef struct {
    double x, y, speed_mps;
    int way; /* 0 east, 1 north, 2 west, 3 south */
    double pause_s;
} Walker;

typedef struct {
    GRand *rand;
    int n;
    Walker *walkers; /* n, owned */
    double per_tick; /* speed is this many times a walker's */
} Fleet;

static inline double bell(GRand *rand)
{
    double u = 1 - g_rand_double(rand), v = g_rand_double(rand);
    return sqrt(-2 * log(u)) * cos(2 * G_PI * v);
}

static inline void fleet_init(Fleet *fleet, int n, guint32 seed, double faster)
{
    fleet->n = n;
    fleet->walkers = g_new(Walker, n);
    fleet->rand = g_rand_new_with_seed(seed);
    fleet->per_tick = faster;
    for (int i = 0; i < fleet->n; i++) {
        int blocks = (int)(SIDE_M / BLOCK_M);
        fleet->walkers[i] = (Walker){.x = g_rand_int_range(fleet->rand, 1, blocks) * BLOCK_M,
                                     .y = g_rand_int_range(fleet->rand, 1, blocks) * BLOCK_M,
                                     .speed_mps = g_rand_double_range(fleet->rand, 0.9, 1.5),
                                     .way = g_rand_int_range(fleet->rand, 0, 4)};
    }
}

/* To the next crossing and on, with a turn there. */
static inline void walk(Fleet *fleet, Walker *walker, double metres)
{
    static const int dx[4] = {1, 0, -1, 0}, dy[4] = {0, 1, 0, -1};
    while (metres > 0) {
        double at = walker->way % 2 ? walker->y : walker->x;
        bool up = walker->way < 2;
        double next =
            (up ? floor(at / BLOCK_M + 1e-9) + 1 : ceil(at / BLOCK_M - 1e-9) - 1) * BLOCK_M;
        double go = fmin(metres, fabs(next - at));
        walker->x += dx[walker->way] * go;
        walker->y += dy[walker->way] * go;
        metres -= go;
        if (go < fabs(next - at))
            continue;
        int turn = g_rand_int_range(fleet->rand, 0, 6);
        if (turn < 2)
            walker->way = (walker->way + (turn ? 1 : 3)) % 4;
        bool out =
            walker->x < BLOCK_M || walker->y < BLOCK_M || walker->x > SIDE_M || walker->y > SIDE_M;
        if (out) {
            walker->way = (walker->way + 2) % 4;
            walker->x = CLAMP(walker->x, BLOCK_M, SIDE_M);
            walker->y = CLAMP(walker->y, BLOCK_M, SIDE_M);
        }
    }
}

static inline double kept(double degrees)
{
    return geo_trackcode_degrees(geo_trackcode_cell(degrees));
}

static inline GeoLonLat place_of(double x_m, double y_m)
{
    return (GeoLonLat){LON + x_m / (DEGREE_M * cos(LAT * G_PI / 180)), LAT + y_m / DEGREE_M};
}

static inline void fleet_clear(Fleet *fleet)
{
    g_rand_free(fleet->rand);
    g_free(fleet->walkers);
}

static inline void fleet_tick(Fleet *fleet, int tick, GeoFix *fixes)
{
    for (int i = 0; i < fleet->n; i++) {
        Walker *walker = &fleet->walkers[i];
        if (walker->pause_s > 0)
            walker->pause_s -= STEP_MS / 1000.0;
        else if (g_rand_double(fleet->rand) < 0.01)
            walker->pause_s = g_rand_double_range(fleet->rand, 30, 300);
        else
            walk(fleet, walker, walker->speed_mps * fleet->per_tick * STEP_MS / 1000);
        bool moves = walker->pause_s <= 0;
        GeoLonLat p = place_of(walker->x + ERROR_M * bell(fleet->rand),
                               walker->y + ERROR_M * bell(fleet->rand));
        fixes[i] =
            (GeoFix){.unit_id = 1000 + i,
                     .at_ms = BEGIN_MS + (int64_t)tick * STEP_MS,
                     .lon = kept(p.lon),
                     .lat = kept(p.lat),
                     .speed_mps = moves ? (float)walker->speed_mps : 0,
                     .heading_deg = moves ? (float)((90 - 90 * walker->way + 360) % 360) : NAN,
                     .accuracy_m = (float)g_rand_double_range(fleet->rand, 4, 12)};
    }
}

/* ---- the city ---- */

static inline void must(bool ok, GError *error)
{
    if (!ok)
        g_error("%s", error ? error->message : "a peer failed");
}

static inline void put_units(GeoStore *store, int n)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) units = geo_batch_new(GEO_KIND_UNIT);
    GeoAct act = geo_act_local(NULL, BEGIN_MS);
    GeoImport import = {.id = 1, .kind = "units", .source = "bench"};
    for (int i = 0; i < n; i++) {
        g_autofree char *code = g_strdup_printf("U%05d", i);
        GeoRow *row = geo_batch_add(units);
        row->id = 1000 + i;
        row->code = geo_batch_text(units, code);
    }
    must(geo_store_import_begin(store, &act, &import, &error) &&
             geo_store_import_put(store, &act, 1, units, &error) &&
             geo_store_import_finish(store, &act, 1, 0, &error),
         error);
}

static inline GeoStore *make_city(const char *path, int n_units)
{
    g_autoptr(GError) error = NULL;
    GeoCity city = {.name = "bench", .zone = "Asia/Shanghai", .epsg = 4548};
    GeoStore *store = geo_store_create(path, &city, &error);
    must(store != NULL, error);
    put_units(store, n_units);
    return store;
}

/* The day files of a closed city. */
static inline double bytes_of(const char *city)
{
    g_autofree char *folder = g_build_filename(city, "tracks", NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    double bytes = 0;
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(folder, name, NULL);
        GStatBuf info;
        if (g_stat(file, &info) == 0)
            bytes += (double)info.st_size;
    }
    return bytes;
}
