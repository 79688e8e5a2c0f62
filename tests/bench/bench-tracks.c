/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A fleet of 3,472 walkers on a shift of 8 hours, a fix each 10 s: 10.0 million. They walk along
 * streets 120 m apart on 17 x 17 km (the density of 18,397 in a city), stand now and then, and
 * their receivers err by 4 m each time (a bell). Each tick is one acknowledged batch: through the
 * store's operation, gate and audit included, into the hot log and sealed from there; by COPY into
 * PostGIS, and by INSERT into SpatiaLite. Peers get the places as they are kept here, and answers
 * must be as many rows. Peers take in fewer fixes than ours under their indexes (said below),
 * PostGIS the rest without, with its indexes made after: the questions meet all. */
#include <glib/gstdio.h>
#include <math.h>
#include <sys/stat.h>

#include "geo/model/trackcode.h"
#include "geo/store/source.h"
#include "geo/store/store.h"
#include "geo/work/timetext.h"
#include "tests/bench/bench.h"
#include "tests/bench/tracks-peers.h"
#include "tests/bench/walkers.h"

#define NAME "tracks"
#define N_UNITS 3472
#define N_TICKS 2880
#define PARTS 10
#define QUESTIONS 60
#define POSTGIS_TICKS 288
#define SPATIALITE_TICKS 72

static double ingest(GeoStore *store, const GeoFix *fixes, size_t n, int64_t now_ms)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = {.actor = "bench", .role = GEO_ROLE_FEED, .now_ms = now_ms};
    size_t refused = 0;
    double begun = bench_now_us();
    must(geo_store_ingest_fixes(store, &act, fixes, n, &refused, &error), error);
    double spent = bench_now_us() - begun;
    must(refused == 0, NULL);
    return spent;
}

/* ---- ingest ---- */

static void bench_ours(const char *path, double *rate, double *each)
{
    g_autofree Fleet *fleet = g_new0(Fleet, 1);
    g_autofree GeoFix *fixes = g_new(GeoFix, N_UNITS);
    g_autofree double *acks = g_new(double, N_TICKS);
    double parts[PARTS] = {0}, rates[PARTS], whole = 0;
    GeoStore *store = make_city(path, N_UNITS);
    fleet_init(fleet, N_UNITS, 7, 1);
    for (int tick = 0; tick < N_TICKS; tick++) {
        fleet_tick(fleet, tick, fixes);
        double us = ingest(store, fixes, N_UNITS, fixes[0].at_ms);
        acks[tick] = us / 1000;
        parts[tick / (N_TICKS / PARTS)] += us;
    }
    double begun = bench_now_us();
    geo_store_close(store); /* seals the rest: the day is over */
    parts[PARTS - 1] += bench_now_us() - begun;
    for (int i = 0; i < PARTS; i++) {
        rates[i] = (double)N_UNITS * N_TICKS / PARTS / parts[i] * 1e6;
        whole += parts[i];
    }
    *rate = bench_say(NAME, "ingest", "gridbeat", "fixes/s", rates, PARTS);
    printf("   all in all %.0f fixes/s in %.2f s, closing and the last seal included\n",
           (double)N_UNITS * N_TICKS / whole * 1e6, whole / 1e6);
    bench_say(NAME, "acknowledge", "gridbeat", "ms", acks, N_TICKS);
    *each = bytes_of(path) / ((double)N_UNITS * N_TICKS);
    bench_say(NAME, "bytes", "gridbeat", "bytes/fix", each, 1);
    fleet_clear(fleet);
}

static void bench_postgis(PeerPostgis *peer, double ours, double our_bytes)
{
    g_autofree Fleet *fleet = g_new0(Fleet, 1);
    g_autofree GeoFix *fixes = g_new(GeoFix, (size_t)N_UNITS * 60);
    const char *who = peer_postgis_version(peer);
    double parts[PARTS] = {0}, rates[PARTS];
    fleet_init(fleet, N_UNITS, 7, 1);
    for (int tick = 0; tick < POSTGIS_TICKS; tick++) {
        fleet_tick(fleet, tick, fixes);
        double begun = bench_now_us();
        must(peer_postgis_ingest(peer, fixes, N_UNITS), NULL);
        parts[tick * PARTS / POSTGIS_TICKS] += bench_now_us() - begun;
    }
    for (int i = 0; i < PARTS; i++)
        rates[i] = (double)N_UNITS * POSTGIS_TICKS / PARTS / parts[i] * 1e6;
    double theirs = bench_say(NAME, "ingest", who, "fixes/s", rates, PARTS);
    printf("   ours is %.1f times that\n", ours / theirs);
    must(peer_postgis_drop_indexes(peer), NULL);
    for (int tick = POSTGIS_TICKS; tick < N_TICKS;) {
        int n = 0;
        for (; n < 60 && tick < N_TICKS; n++, tick++)
            fleet_tick(fleet, tick, fixes + (size_t)n * N_UNITS);
        must(peer_postgis_ingest(peer, fixes, (size_t)n * N_UNITS), NULL);
    }
    must(peer_postgis_make_indexes(peer), NULL);
    double each = peer_postgis_bytes(peer) / ((double)N_UNITS * N_TICKS);
    bench_say(NAME, "bytes", who, "bytes/fix", &each, 1);
    printf("   ours is %.4f of that\n", our_bytes / each);
    fleet_clear(fleet);
}

static void bench_spatialite(const char *folder, double ours, double our_bytes)
{
    g_autofree char *path = g_build_filename(folder, "rows.sqlite", NULL);
    g_autofree Fleet *fleet = g_new0(Fleet, 1);
    g_autofree GeoFix *fixes = g_new(GeoFix, N_UNITS);
    double parts[PARTS] = {0}, rates[PARTS];
    PeerSpatialite *peer = peer_spatialite_new(path);
    must(peer != NULL, NULL);
    fleet_init(fleet, N_UNITS, 7, 1);
    for (int tick = 0; tick < SPATIALITE_TICKS; tick++) {
        fleet_tick(fleet, tick, fixes);
        double begun = bench_now_us();
        must(peer_spatialite_ingest(peer, fixes, N_UNITS), NULL);
        parts[tick * PARTS / SPATIALITE_TICKS] += bench_now_us() - begun;
    }
    peer_spatialite_free(peer);
    for (int i = 0; i < PARTS; i++) {
        int ticks = ((i + 1) * SPATIALITE_TICKS + PARTS - 1) / PARTS -
                    (i * SPATIALITE_TICKS + PARTS - 1) / PARTS;
        rates[i] = (double)N_UNITS * ticks / parts[i] * 1e6;
    }
    double theirs = bench_say(NAME, "ingest", "spatialite", "fixes/s", rates, PARTS);
    printf("   ours is %.1f times that\n", ours / theirs);
    GStatBuf info;
    must(g_stat(path, &info) == 0, NULL);
    double each = (double)info.st_size / ((double)N_UNITS * SPATIALITE_TICKS);
    bench_say(NAME, "bytes", "spatialite", "bytes/fix", &each, 1);
    printf("   ours is %.4f of that\n", our_bytes / each);
    g_unlink(path);
}

/* ---- questions ---- */

typedef struct {
    double figures[2][QUESTIONS]; /* ms: ours, theirs */
    size_t rows;
} Race;

static void say_race(const char *task, Race *race, PeerPostgis *peer)
{
    double ours = bench_say(NAME, task, "gridbeat", "ms", race->figures[0], QUESTIONS);
    printf("   %.0f rows each on the mean\n", (double)race->rows / QUESTIONS);
    if (!peer)
        return;
    double theirs =
        bench_say(NAME, task, peer_postgis_version(peer), "ms", race->figures[1], QUESTIONS);
    printf("   ours takes %.4f of that (1/%.0f)\n", ours / theirs, theirs / ours);
}

/* A peer's server must not outlive us: the end says that answers differed. */
static bool differed;

static void check_rows(const char *task, guint ours, int theirs)
{
    if ((int)ours == theirs)
        return;
    printf("%s: %u rows here, %d there\n", task, ours, theirs);
    differed = true;
}

static void bench_window(GeoStore *store, PeerPostgis *peer)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(11);
    Race race = {0};
    for (int i = -5; i < QUESTIONS; i++) { /* some to warm up */
        double x = g_rand_double_range(rand, 0, SIDE_M - 1000);
        double y = g_rand_double_range(rand, 0, SIDE_M - 1000);
        GeoLonLat p = place_of(x, y), q = place_of(x + 1000, y + 1000);
        GeoBounds box = {p.lon, p.lat, q.lon, q.lat};
        int64_t from_ms = BEGIN_MS + g_rand_int_range(rand, 0, 7 * 3600) * INT64_C(1000);
        int64_t to_ms = from_ms + 3600000;
        double begun = bench_now_us();
        g_autoptr(GArray) fixes = geo_store_load_fixes_in(store, &box, from_ms, to_ms, NULL);
        double middle = bench_now_us();
        if (peer)
            check_rows("window", fixes->len, peer_postgis_window(peer, &box, from_ms, to_ms));
        if (i < 0)
            continue;
        race.figures[0][i] = (middle - begun) / 1000;
        race.figures[1][i] = (bench_now_us() - middle) / 1000;
        race.rows += fixes->len;
    }
    say_race("window", &race, peer);
}

/* With its purpose, and its audit on disk before. */
static void bench_unit_day(GeoStore *store, PeerPostgis *peer)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(13);
    Race race = {0};
    GeoAct act = {"bench", GEO_ROLE_SUPERVISOR, NULL, "case:bench", NULL, BEGIN_MS};
    for (int i = -5; i < QUESTIONS; i++) {
        GeoTrackQuery query = {BEGIN_MS, BEGIN_MS + INT64_C(86400000),
                               g_rand_int_range(rand, 1000, 1000 + N_UNITS), NULL};
        double begun = bench_now_us();
        g_autoptr(GArray) fixes = geo_store_read_tracks(store, &act, &query, NULL);
        double middle = bench_now_us();
        if (peer)
            check_rows("unit day", fixes->len,
                       peer_postgis_unit(peer, query.unit_id, query.from_ms, query.to_ms));
        if (i < 0)
            continue;
        race.figures[0][i] = (middle - begun) / 1000;
        race.figures[1][i] = (bench_now_us() - middle) / 1000;
        race.rows += fixes->len;
    }
    say_race("unit day", &race, peer);
}

static void bench_fleet_at(GeoStore *store)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(17);
    double figures[QUESTIONS];
    for (int i = 0; i < QUESTIONS; i++) {
        int64_t at_ms = BEGIN_MS + g_rand_int_range(rand, 600, 8 * 3600) * INT64_C(1000);
        double begun = bench_now_us();
        g_autoptr(GArray) last = geo_store_last_fixes(store, at_ms, 600000, NULL);
        figures[i] = (bench_now_us() - begun) / 1000;
        must(last->len == N_UNITS, NULL);
    }
    bench_say(NAME, "fleet at", "gridbeat", "ms", figures, QUESTIONS);
}

/* ---- other motion, for its bytes ---- */

static void bench_bytes(const char *folder, const char *task, double faster)
{
    const int ticks = N_TICKS / 8;
    g_autofree char *path = g_strdup_printf("%s/%g.gridbeat", folder, faster);
    g_autofree Fleet *fleet = g_new0(Fleet, 1);
    g_autofree GeoFix *fixes = g_new(GeoFix, N_UNITS);
    GeoStore *store = make_city(path, N_UNITS);
    fleet_init(fleet, N_UNITS, 19, faster);
    for (int tick = 0; tick < ticks; tick++) {
        fleet_tick(fleet, tick, fixes);
        ingest(store, fixes, N_UNITS, fixes[0].at_ms);
    }
    geo_store_close(store);
    double each = bytes_of(path) / ((double)N_UNITS * ticks);
    bench_say(NAME, task, "gridbeat", "bytes/fix", &each, 1);
}

/* ---- real buses: the city of Austin's, a fix in half a minute or so ---- */

static bool read_bus(const GeoSourceRow *row, const char *const *columns, GTimeZone *zone,
                     GeoFix *fix)
{
    *fix = (GeoFix){.speed_mps = NAN, .heading_deg = NAN, .accuracy_m = NAN};
    for (size_t i = 0; i < row->n_values; i++) {
        const char *value = row->values[i] ? row->values[i] : "";
        if (!strcmp(columns[i], "vehicle_id"))
            fix->unit_id = 1000 + g_ascii_strtoll(value, NULL, 10);
        else if (!strcmp(columns[i], "latitude"))
            fix->lat = g_ascii_strtod(value, NULL);
        else if (!strcmp(columns[i], "longitude"))
            fix->lon = g_ascii_strtod(value, NULL);
        else if (!strcmp(columns[i], "timestamp") &&
                 geo_timetext_parse(value, NULL, zone, &fix->at_ms) != GEO_TIMETEXT_FINE)
            return false;
    }
    return true;
}

static size_t feed_buses(GeoStore *store, const char *file)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GTimeZone) zone = g_time_zone_new_utc();
    g_autoptr(GeoSource) source = geo_source_open(file, NULL, &error);
    must(source != NULL, error);
    size_t n_columns, refused, n = 0;
    const char *const *columns = geo_source_columns(source, 0, &n_columns);
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    GeoSourceRow row;
    while (geo_source_next(source, &row, NULL) > 0) {
        GeoFix fix;
        if (row.n_values == n_columns && read_bus(&row, columns, zone, &fix))
            g_array_append_val(fixes, fix);
    }
    GeoAct act = geo_act_local(NULL, INT64_C(1795000000000));
    for (guint i = 0; i < fixes->len; i += 1000) {
        must(geo_store_ingest_fixes(store, &act, &g_array_index(fixes, GeoFix, i),
                                    MIN(1000, fixes->len - i), &refused, &error),
             error);
        n += MIN(1000, fixes->len - i) - refused;
    }
    return n;
}

static void bench_buses(const char *folder)
{
    const char *shared = g_getenv("GRIDBEAT_SHARED");
    g_autofree char *data =
        g_build_filename(shared ? shared : "../shared", "data", "gps", "austin", NULL);
    g_autoptr(GDir) dir = g_dir_open(data, 0, NULL);
    if (!dir) {
        printf("buses not run here: no '%s'\n", data);
        return;
    }
    g_autofree char *path = g_build_filename(folder, "austin.gridbeat", NULL);
    GeoStore *store = make_city(path, 20000);
    size_t n = 0;
    const char *name;
    while ((name = g_dir_read_name(dir))) {
        g_autofree char *file = g_build_filename(data, name, NULL);
        n += feed_buses(store, file);
    }
    g_autoptr(GArray) kept_fixes = geo_store_load_fixes(store, 0, INT64_C(1795000000000), NULL);
    geo_store_close(store);
    double each = bytes_of(path) / (double)kept_fixes->len;
    printf("   %zu rows of Austin's buses, %u fixes without doubles\n", n, kept_fixes->len);
    bench_say(NAME, "bytes buses", "gridbeat", "bytes/fix", &each, 1);
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_unlink(inner) != 0)
            remove_tree(inner);
    }
    g_rmdir(path);
}

static PeerPostgis *start_peer(void)
{
    g_autofree char *why = NULL;
    PeerPostgis *peer = peer_postgis_start(&why);
    if (!peer)
        printf("peer not run here: PostGIS: %s\n", why);
    return peer;
}

int main(void)
{
    g_autofree char *folder = g_dir_make_tmp("gridbeat-tracks-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "day.gridbeat", NULL);
    double rate, each;
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%d walkers, 8 h at 10 s: %d fixes, seed 7; PostGIS takes in %d of them under its "
           "indexes, SpatiaLite %d\n",
           N_UNITS, N_UNITS * N_TICKS, N_UNITS * POSTGIS_TICKS, N_UNITS * SPATIALITE_TICKS);
    bench_ours(path, &rate, &each);
    PeerPostgis *peer = start_peer();
    if (peer)
        bench_postgis(peer, rate, each);
    bench_spatialite(folder, rate, each);
    GeoStore *store = geo_store_open(path, NULL, NULL);
    must(store != NULL, NULL);
    bench_window(store, peer);
    bench_unit_day(store, peer);
    bench_fleet_at(store);
    geo_store_close(store);
    if (peer)
        peer_postgis_stop(peer);
    bench_bytes(folder, "bytes e-bikes", 4);
    bench_bytes(folder, "bytes cars", 8);
    bench_buses(folder);
    remove_tree(folder);
    bench_machine(NAME);
    return differed;
}
