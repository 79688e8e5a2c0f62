/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/simulate.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/calc/walk.h"
#include "geo/model/error.h"
#include "geo/work/dutyload.h"
#include "geo/work/fleet.h"
#include "geo/work/network.h"

#define DEFAULT_STEP_S 30
#define LATE_TICKS 4 /* a late unit reports one tick in so many */
#define DEFAULT_LATE 0.03
#define DEFAULT_SILENT 0.01
#define MAX_SNAP_M 1000.0
#define CONTINUE_MS (INT64_C(15) * 60 * 1000) /* a fix so fresh is where the unit goes on from */
#define JITTER_M 4.0
#define LIVE_SPAN_MS (INT64_C(24) * 3600 * 1000)

typedef enum { REPORTS, REPORTS_LATE, FALLS_SILENT } Manner;

typedef struct {
    int64_t id;
    const char *code; /* of the batch; NULL for none */
    uint32_t number;  /* of the batch */
    GeoWalk walk;
    GeoXY post; /* where it stands when it is on no road */
    Manner manner;
    uint32_t phase; /* of a late one */
    int64_t silent_ms;
} Mover;

struct GeoSimulate {
    GeoStore *store; /* borrowed */
    GeoFrame *frame;
    GeoNetwork *network;
    GeoBatch *units;
    GeoDutyClock *duty; /* of units */
    GArray *movers;
    GeoSimulateOptions options;
    GeoSimulateReport report;
    int64_t at_ms;
    GeoFix *fixes;  /* room for one of each mover */
    size_t n_fixes; /* of the last move, not written yet */
    GeoXY *xy;
    GeoLonLat *lonlat;
};

static uint64_t hash_text(const char *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325); /* FNV-1a, 64 bits */
    for (const char *c = text; c && *c; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(0x100000001b3);
    return hash;
}

/* ---- synthetic units ---- */

/* Sums of the lengths of the main part, for places drawn evenly along its streets. */
static GArray *sum_lengths(const GeoRoads *roads, GeoProfile profile)
{
    size_t n = geo_roads_facts(roads).edges;
    GArray *sums = g_array_sized_new(FALSE, FALSE, sizeof(double), (guint)n);
    double sum = 0, length;
    for (size_t e = 0; e < n; e++) {
        size_t n_points;
        geo_roads_edge(roads, (int64_t)e, &n_points, &length);
        sum += geo_roads_edge_is_main(roads, (int64_t)e, profile) ? length : 0;
        g_array_append_val(sums, sum);
    }
    return sums;
}

static GeoXY draw_place(const GeoRoads *roads, const GArray *sums, uint64_t *random)
{
    double wanted = geo_walk_share(random) * g_array_index(sums, double, sums->len - 1);
    guint low = 0, high = sums->len - 1;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(sums, double, middle) <= wanted)
            low = middle + 1;
        else
            high = middle;
    }
    double before = low ? g_array_index(sums, double, low - 1) : 0, heading, speed;
    GeoWalk walk = {.edge = low, .offset_m = wanted - before, .pace = 1};
    return geo_walk_place(&walk, roads, &heading, &speed);
}

/* Six of ten walk, three ride, one drives. */
static int kind_of(size_t number)
{
    return number % 10 < 6 ? GEO_UNIT_FOOT : number % 10 < 9 ? GEO_UNIT_EBIKE : GEO_UNIT_CAR;
}

static GeoBatch *make_batch(const GeoSimulate *simulate, size_t first, size_t n)
{
    const GeoRoads *roads = simulate->network->roads;
    GeoBatch *batch = geo_batch_new(GEO_KIND_UNIT);
    GArray *sums[GEO_N_PROFILES];
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        sums[profile] = sum_lengths(roads, (GeoProfile)profile);
    for (size_t i = first; i < first + n; i++) {
        char code[32];
        g_snprintf(code, sizeof code, "SIM-%04zu", i + 1);
        uint64_t random = simulate->options.seed ^ hash_text(code);
        GeoUnit *unit = geo_batch_add(batch);
        uint64_t id_random = hash_text(code);
        unit->row.id = (int64_t)(geo_walk_next(&id_random) >> 2) + 1;
        unit->row.code = geo_batch_text(batch, code);
        unit->unit_kind = kind_of(i);
        unit->status = GEO_STATUS_AVAILABLE;
        unit->agency = geo_batch_word(batch, "simulated");
        const GArray *of = sums[geo_fleet_profile(unit->unit_kind)];
        if (of->len == 0 || g_array_index(of, double, of->len - 1) <= 0)
            continue; /* no street for its kind: it has no post */
        GeoLonLat post = geo_frame_lonlat(simulate->frame, draw_place(roads, of, &random));
        geo_batch_set_point(batch, post.lon, post.lat);
    }
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        g_array_unref(sums[profile]);
    return batch;
}

static bool import_units(GeoStore *store, const GeoAct *act, const GeoBatch *batch, GError **error)
{
    GeoAct part = *act;
    part.command_id = NULL;
    GeoImport import = {.id = geo_act_new_id(act->now_ms),
                        .kind = "units",
                        .source = "simulate",
                        .at_ms = act->now_ms,
                        .note = "synthetic units"};
    if (!geo_store_import_begin(store, &part, &import, error))
        return false;
    if (geo_store_import_put(store, &part, import.id, batch, error) &&
        geo_store_import_finish(store, &part, import.id, 0, error))
        return true;
    geo_store_import_undo(store, &part, import.id, NULL);
    return false;
}

/* A city without units, or with simulated ones only and too few of them, gets the rest. */
static bool make_units(GeoSimulate *simulate, const GeoAct *act, GError **error)
{
    size_t have = simulate->units->rows->len, wanted = simulate->options.n_units;
    for (size_t i = 0; i < have; i++) {
        const char *code = geo_batch_row(simulate->units, i)->code;
        if (!code || !g_str_has_prefix(code, "SIM-"))
            return true;
    }
    if (wanted <= have)
        return true;
    g_autoptr(GeoBatch) batch = make_batch(simulate, have, wanted - have);
    if (!import_units(simulate->store, act, batch, error))
        return false;
    simulate->report.made = wanted - have;
    geo_batch_free(simulate->units);
    simulate->units = geo_store_load(simulate->store, GEO_KIND_UNIT, NULL, error);
    return simulate->units != NULL;
}

/* ---- movers ---- */

static GeoLonLat start_of(const GeoSimulate *simulate, size_t i, const GHashTable *fresh)
{
    const GeoRow *row = geo_batch_row(simulate->units, i);
    GeoLonLat p = {NAN, NAN};
    const GeoFix *fix = g_hash_table_lookup((GHashTable *)fresh, &row->id);
    if (fix)
        return (GeoLonLat){fix->lon, fix->lat};
    geo_batch_first(simulate->units, row, &p);
    return p;
}

static Mover make_mover(const GeoSimulate *simulate, size_t i, const GHashTable *fresh)
{
    const GeoUnit *unit = (const GeoUnit *)(const void *)geo_batch_row(simulate->units, i);
    const GeoSimulateOptions *options = &simulate->options;
    GeoProfile profile = geo_fleet_profile(unit->unit_kind);
    uint64_t random = options->seed ^ (unit->row.code ? hash_text(unit->row.code) : i + 1);
    geo_walk_next(&random);
    GeoLonLat start = start_of(simulate, i, fresh);
    Mover mover = {
        .id = unit->row.id, .code = unit->row.code, .number = (uint32_t)i, .silent_ms = INT64_MAX};
    mover.post = geo_coord_valid(start) ? geo_frame_xy(simulate->frame, start) : (GeoXY){NAN, NAN};
    GeoSnap place = geo_network_snap(simulate->network, mover.post, profile, MAX_SNAP_M);
    double drawn = geo_walk_share(&random);
    if (drawn < options->share_silent)
        mover.manner = FALLS_SILENT;
    else if (drawn < options->share_silent + options->share_late)
        mover.manner = REPORTS_LATE;
    if (mover.manner == FALLS_SILENT && options->to_ms > options->from_ms)
        mover.silent_ms = options->from_ms + (int64_t)(geo_walk_share(&random) *
                                                       (double)(options->to_ms - options->from_ms));
    mover.phase = (uint32_t)(geo_walk_next(&random) % LATE_TICKS);
    mover.walk = geo_walk_new(simulate->network->roads, &place, profile, random);
    /* A fixed post stays; a team waits at its station until it is called. */
    mover.walk.standing = unit->status == GEO_STATUS_FIXED_POST || unit->unit_kind == GEO_UNIT_TEAM;
    return mover;
}

/* Fresh fixes by unit id; a run goes on where the last one stopped. */
static GHashTable *index_fresh(const GArray *fixes)
{
    GHashTable *fresh = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < fixes->len; i++) {
        GeoFix *fix = &g_array_index(fixes, GeoFix, i);
        g_hash_table_insert(fresh, &fix->unit_id, fix);
    }
    return fresh;
}

static bool is_on(const GeoSimulate *simulate, uint32_t number, int64_t at_ms)
{
    return geo_dutyclock_at(simulate->duty, number, at_ms, NULL) == GEO_DUTY_STATE_ON;
}

/* At some time of the run. */
static bool is_ever_on(const GeoSimulate *simulate, uint32_t number, int64_t end_ms)
{
    int64_t at_ms = simulate->options.from_ms;
    while (at_ms < end_ms && !is_on(simulate, number, at_ms))
        at_ms = geo_dutyclock_until(simulate->duty, number, at_ms);
    return at_ms < end_ms;
}

static bool choose_movers(GeoSimulate *simulate, GeoProgress *progress, GError **error)
{
    const GeoSimulateOptions *options = &simulate->options;
    int64_t end_ms =
        options->place_only ? options->from_ms + 1 : MAX(options->to_ms, options->from_ms + 1);
    simulate->duty = geo_dutyload_clock(simulate->store, simulate->units,
                                        options->from_ms - GEO_DUTY_ROSTER_NEAR_MS,
                                        end_ms + GEO_DUTY_ROSTER_NEAR_MS, NULL, error);
    g_autoptr(GArray) fixes =
        simulate->duty ? geo_store_last_fixes(simulate->store, options->from_ms, CONTINUE_MS, error)
                       : NULL;
    if (!fixes)
        return false;
    g_autoptr(GHashTable) fresh = index_fresh(fixes);
    size_t n = simulate->units->rows->len, most = options->n_units ? options->n_units : n;
    simulate->movers = g_array_new(FALSE, FALSE, sizeof(Mover));
    for (size_t i = 0; i < n && simulate->movers->len < most; i++) {
        const GeoUnit *unit = (const GeoUnit *)(const void *)geo_batch_row(simulate->units, i);
        if (!options->everybody && (!geo_status_flags((GeoUnitStatus)unit->status).tracked ||
                                    !is_ever_on(simulate, (uint32_t)i, end_ms)))
            continue;
        Mover mover = make_mover(simulate, i, fresh);
        if (mover.walk.edge >= 0 || isfinite(mover.post.x))
            g_array_append_val(simulate->movers, mover);
        if (i % 1024 == 0 && !geo_progress_step(progress, (double)i / (double)n, error))
            return false;
    }
    simulate->report.units = simulate->movers->len;
    if (simulate->movers->len > 0)
        return true;
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(options->from_ms / 1000);
    g_autofree char *when = g_date_time_format(at, "%Y-%m-%dT%H:%M:%SZ");
    g_set_error(
        error, GEO_ERROR, GEO_ERROR_MISSING,
        n == 0 ? "the city has no units at %s: import some, or give --units"
               : "no unit is on duty at %s with a place to start from: sign some on (duty), give "
                 "--at, or --everybody",
        when);
    return false;
}

static void fill_options(GeoSimulate *simulate, const GeoSimulateOptions *options)
{
    simulate->options = *options;
    GeoSimulateOptions *own = &simulate->options;
    own->step_s = own->step_s > 0 ? own->step_s : DEFAULT_STEP_S;
    own->share_late = isnan(own->share_late) ? DEFAULT_LATE : own->share_late;
    own->share_silent = isnan(own->share_silent) ? DEFAULT_SILENT : own->share_silent;
    if (own->to_ms <= own->from_ms)
        own->to_ms = own->from_ms + LIVE_SPAN_MS; /* a live run without an end */
    simulate->at_ms = own->from_ms;
    simulate->report.last_ms = own->from_ms;
}

static bool load_all(GeoSimulate *simulate, const GeoAct *act, GeoProgress *progress,
                     GError **error)
{
    simulate->frame = geo_frame_new(geo_store_city(simulate->store)->epsg, error);
    if (!simulate->frame)
        return false;
    simulate->network = geo_network_load(simulate->store, simulate->frame, progress, error);
    if (!simulate->network)
        return false;
    if (simulate->network->facts.edges == 0) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                            "the city has no roads to move on: import roads or osm first");
        return false;
    }
    simulate->units = geo_store_load(simulate->store, GEO_KIND_UNIT, NULL, error);
    if (!simulate->units || !make_units(simulate, act, error))
        return false;
    geo_progress_begin(progress, "placing units");
    return choose_movers(simulate, progress, error);
}

GeoSimulate *geo_simulate_new(GeoStore *store, const GeoAct *act, const GeoSimulateOptions *options,
                              GeoProgress *progress, GError **error)
{
    g_autoptr(GeoSimulate) simulate = g_new0(GeoSimulate, 1);
    simulate->store = store;
    fill_options(simulate, options);
    if (!load_all(simulate, act, progress, error))
        return NULL;
    simulate->fixes = g_new(GeoFix, simulate->movers->len);
    simulate->xy = g_new(GeoXY, simulate->movers->len);
    simulate->lonlat = g_new(GeoLonLat, simulate->movers->len);
    return g_steal_pointer(&simulate);
}

void geo_simulate_free(GeoSimulate *simulate)
{
    if (!simulate)
        return;
    geo_frame_free(simulate->frame);
    geo_network_free(simulate->network);
    geo_batch_free(simulate->units);
    geo_dutyclock_free(simulate->duty);
    if (simulate->movers)
        g_array_unref(simulate->movers);
    g_free(simulate->fixes);
    g_free(simulate->xy);
    g_free(simulate->lonlat);
    g_free(simulate);
}

size_t geo_simulate_n(const GeoSimulate *simulate)
{
    return simulate->movers->len;
}

int64_t geo_simulate_unit(const GeoSimulate *simulate, size_t i, const char **code)
{
    const Mover *mover = &g_array_index(simulate->movers, Mover, i);
    *code = mover->code;
    return mover->id;
}

const GeoSimulateReport *geo_simulate_report(const GeoSimulate *simulate)
{
    return &simulate->report;
}

/* ---- ticks ---- */

static bool reports_now(const GeoSimulate *simulate, const Mover *mover, int64_t at_ms)
{
    bool on_duty = simulate->options.everybody || is_on(simulate, mover->number, at_ms);
    if (!on_duty || at_ms >= mover->silent_ms)
        return false;
    return mover->manner != REPORTS_LATE || simulate->options.place_only ||
           (simulate->report.ticks + mover->phase) % LATE_TICKS == 0;
}

/* A receiver's error, near enough to a bell: the sum of three even draws. */
static double jitter_m(uint64_t *random)
{
    double sum = geo_walk_share(random) + geo_walk_share(random) + geo_walk_share(random);
    return (sum - 1.5) * 2 * JITTER_M;
}

static void fill_fix(Mover *mover, const GeoRoads *roads, int64_t at_ms, GeoFix *fix, GeoXY *xy)
{
    double heading_deg = NAN, speed_mps = 0;
    *xy = mover->walk.edge >= 0 ? geo_walk_place(&mover->walk, roads, &heading_deg, &speed_mps)
                                : mover->post;
    xy->x += jitter_m(&mover->walk.random);
    xy->y += jitter_m(&mover->walk.random);
    *fix = (GeoFix){.unit_id = mover->id,
                    .at_ms = at_ms,
                    .speed_mps = (float)speed_mps,
                    .heading_deg = speed_mps > 0 ? (float)heading_deg : NAN,
                    .accuracy_m = (float)(4 + 8 * geo_walk_share(&mover->walk.random))};
}

void geo_simulate_move(GeoSimulate *simulate, int64_t at_ms, const GeoFix **fixes, size_t *n_fixes)
{
    g_return_if_fail(at_ms >= simulate->at_ms);
    gint64 begun_us = g_get_monotonic_time();
    const GeoRoads *roads = simulate->network->roads;
    double duration_s = (double)(at_ms - simulate->at_ms) / 1000;
    size_t n = 0;
    for (guint i = 0; i < simulate->movers->len; i++) {
        Mover *mover = &g_array_index(simulate->movers, Mover, i);
        geo_walk_step(&mover->walk, roads, duration_s);
        if (reports_now(simulate, mover, at_ms)) {
            fill_fix(mover, roads, at_ms, &simulate->fixes[n], &simulate->xy[n]);
            n++;
        }
    }
    geo_frame_to_lonlat(simulate->frame, simulate->xy, simulate->lonlat, n);
    for (size_t i = 0; i < n; i++) {
        simulate->fixes[i].lon = simulate->lonlat[i].lon;
        simulate->fixes[i].lat = simulate->lonlat[i].lat;
    }
    simulate->n_fixes = n;
    simulate->at_ms = at_ms;
    simulate->report.last_ms = at_ms;
    simulate->report.ticks++;
    simulate->report.move_s += (double)(g_get_monotonic_time() - begun_us) / G_USEC_PER_SEC;
    *fixes = simulate->fixes;
    *n_fixes = n;
}

bool geo_simulate_write(GeoSimulate *simulate, const GeoAct *act, GError **error)
{
    gint64 begun_us = g_get_monotonic_time();
    size_t refused = 0, n = simulate->n_fixes;
    if (n > 0 && !geo_store_ingest_fixes(simulate->store, act, simulate->fixes, n, &refused, error))
        return false;
    simulate->n_fixes = 0;
    simulate->report.fixes += n - refused;
    simulate->report.refused += refused;
    simulate->report.write_s += (double)(g_get_monotonic_time() - begun_us) / G_USEC_PER_SEC;
    return true;
}

bool geo_simulate_step(GeoSimulate *simulate, const GeoAct *act, int64_t at_ms, GError **error)
{
    const GeoFix *fixes;
    size_t n;
    geo_simulate_move(simulate, at_ms, &fixes, &n);
    return geo_simulate_write(simulate, act, error);
}

bool geo_simulate_run(GeoStore *store, const GeoAct *act, const GeoSimulateOptions *options,
                      GeoSimulateReport *report, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoSimulate) simulate = geo_simulate_new(store, act, options, progress, error);
    if (!simulate)
        return false;
    GeoAct tick = *act;
    tick.command_id = NULL; /* many writes: one id would make all but the first a retry */
    int64_t step_ms = simulate->options.step_s * 1000;
    int64_t end_ms = options->place_only ? options->from_ms : options->to_ms;
    geo_progress_begin(progress, "moving units");
    for (int64_t at_ms = options->from_ms; at_ms <= end_ms; at_ms += step_ms) {
        double span = (double)(end_ms - options->from_ms);
        if (!geo_progress_step(progress, span > 0 ? (double)(at_ms - options->from_ms) / span : 0,
                               error) ||
            !geo_simulate_step(simulate, &tick, at_ms, error))
            return false;
    }
    if (report)
        *report = simulate->report;
    return true;
}
