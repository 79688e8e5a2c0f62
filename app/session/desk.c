/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The clock of a synthetic city goes on from its newest moment while its simulator runs; that of
 * any other city stands at its newest moment until somebody brings positions. */
#include "app/session/desk.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <sys/file.h>
#include <unistd.h>

#include "app/ctl/moment.h"
#include "geo/model/error.h"
#include "geo/model/status.h"
#include "maps/paint/words.h"

/* How far back of the newest fix others may still write. */
#define AGAIN_MS 15000
#define AGAIN_MANY_MS 5000
#define MANY_FIXES 60000
#define WRITE_MS 10000 /* a real device reports about so often */
#define TRAILS_MS 10000
#define COMERS 5
#define LEFT_OUT 8
#define US_PER_MS 1000

AppDesk *app_desk_open(const char *path, AppSightWish sight, AppCity **city, GError **error)
{
    g_autoptr(AppDesk) desk = g_new0(AppDesk, 1);
    GeoStoreOptions reading = {.read_only = true};
    g_autoptr(GError) problem = NULL;
    desk->lease = -1;
    desk->path = g_strdup(path);
    desk->store = geo_store_open(path, NULL, &problem);
    if (!desk->store && !(desk->store = geo_store_open(path, &reading, NULL))) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    desk->city = geo_store_city(desk->store);
    desk->trail_log = app_trail_log_new();
    desk->fresh = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    desk->dice = g_random_int() | 1;
    *city = app_city_read(desk->store, path, sight, error);
    return *city ? g_steal_pointer(&desk) : NULL;
}

void app_desk_close(AppDesk *desk)
{
    if (!desk)
        return;
    if (desk->simulate && desk->written_ms < desk->moved_ms) {
        GeoAct act = app_desk_act(desk);
        geo_simulate_write(desk->simulate, &act, NULL);
    }
    geo_simulate_free(desk->simulate);
    geo_fleet_free(desk->fleet);
    geo_network_free(desk->network);
    geo_frame_free(desk->frame);
    geo_batch_free(desk->open);
    geo_batch_free(desk->model);
    g_clear_pointer(&desk->assignments, g_array_unref);
    g_clear_pointer(&desk->fresh, g_hash_table_unref);
    app_trail_log_free(desk->trail_log);
    app_trails_unref(desk->trails);
    geo_health_free(desk->health);
    app_feed_words_free(desk->feed);
    g_free(desk->path);
    geo_store_close(desk->store);
    if (desk->lease >= 0)
        close(desk->lease);
    g_free(desk);
}

/* ---- loading ---- */

static bool load_changes(AppDesk *desk, GError **error)
{
    g_autoptr(GArray) changes = geo_store_changes_since(desk->store, 0, error);
    if (!changes)
        return false;
    if (changes->len > 0)
        desk->seq = g_array_index(changes, GeoChange, changes->len - 1).seq;
    return true;
}

static bool load_fleet(AppDesk *desk, GError **error)
{
    GeoFleetOptions options = {.at_ms = desk->base_ms};
    g_clear_pointer(&desk->fleet, geo_fleet_free);
    desk->fleet = geo_fleet_load(desk->store, desk->frame,
                                 desk->network->facts.edges > 0 ? desk->network : NULL, &options,
                                 NULL, error);
    return desk->fleet != NULL;
}

static bool load_trails(AppDesk *desk, GError **error)
{
    g_autoptr(GArray) fixes =
        geo_store_load_fixes(desk->store, desk->base_ms - APP_TRAIL_MS, desk->base_ms + 1, error);
    if (!fixes)
        return false;
    app_trail_log_add(desk->trail_log, (const GeoFix *)(const void *)fixes->data, fixes->len);
    desk->trails = app_trail_log_build(desk->trail_log, desk->base_ms);
    desk->trails_ms = desk->base_ms;
    return true;
}

bool app_desk_set_roads(AppDesk *desk, int64_t at_ms, GError **error)
{
    if (!geo_network_set_now(desk->network, desk->store, at_ms, at_ms, error))
        return false;
    desk->roads_ms = at_ms;
    return true;
}

bool app_desk_load(AppDesk *desk, GError **error)
{
    if (!app_moment_of_city(desk->store, g_get_real_time() / US_PER_MS, &desk->base_ms, error) ||
        !geo_store_last_fix_at(desk->store, &desk->fix_ms, error) || !load_changes(desk, error) ||
        !(desk->frame = geo_frame_new(desk->city->epsg, error)) ||
        !(desk->network = geo_network_load(desk->store, desk->frame, NULL, error)) ||
        !app_desk_set_roads(desk, desk->base_ms, error))
        return false;
    desk->base_us = g_get_monotonic_time();
    desk->paused = true;
    return load_fleet(desk, error) && load_trails(desk, error) &&
           app_desk_load_queue(desk, NULL, error);
}

/* A feed holds its lock as long as it runs: then units are where their devices say. */
static bool is_fed(const char *path)
{
    g_autofree char *file = g_build_filename(path, "feed.lock", NULL);
    int lock = open(file, O_RDONLY | O_CLOEXEC);
    if (lock < 0)
        return false;
    bool held = flock(lock, LOCK_SH | LOCK_NB) != 0;
    close(lock);
    return held;
}

/* One process moves the units of a city; the lock goes with it. */
static bool take_lease(AppDesk *desk, const char *path)
{
    desk->lease = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (desk->lease >= 0 && flock(desk->lease, LOCK_EX | LOCK_NB) == 0)
        return true;
    if (desk->lease >= 0)
        close(desk->lease);
    desk->lease = -1;
    return false;
}

bool app_desk_begin_simulation(AppDesk *desk, const char *path, GError **error)
{
    GeoAct act = app_desk_act(desk);
    GeoSimulateOptions options = {
        .from_ms = desk->base_ms, .seed = 1, .share_late = NAN, .share_silent = NAN};
    g_autofree char *tracks = g_build_filename(path, "tracks", NULL);
    if (!desk->city->synthetic || geo_store_is_read_only(desk->store) ||
        geo_fleet_n(desk->fleet) == 0 || desk->network->facts.edges == 0 || is_fed(path) ||
        !take_lease(desk, tracks))
        return true;
    g_autoptr(GError) problem = NULL;
    desk->simulate = geo_simulate_new(desk->store, &act, &options, NULL, &problem);
    if (!desk->simulate && !g_error_matches(problem, GEO_ERROR, GEO_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    desk->moved_ms = desk->written_ms = desk->base_ms;
    desk->base_us = g_get_monotonic_time();
    desk->paused = desk->simulate == NULL; /* nobody is on duty: nothing moves */
    return true;
}

/* ---- time ---- */

int64_t app_desk_clock(const AppDesk *desk)
{
    return desk->paused ? desk->base_ms
                        : desk->base_ms + (g_get_monotonic_time() - desk->base_us) / US_PER_MS;
}

GeoAct app_desk_act(const AppDesk *desk)
{
    return geo_act_local(NULL, desk->city->synthetic ? app_desk_clock(desk)
                                                     : g_get_real_time() / US_PER_MS);
}

static void renew_trails(AppDesk *desk, int64_t at_ms)
{
    if (at_ms - desk->trails_ms < TRAILS_MS)
        return;
    app_trails_unref(desk->trails);
    desk->trails = app_trail_log_build(desk->trail_log, at_ms);
    desk->trails_ms = at_ms;
}

static bool write_moves(AppDesk *desk, GError **error)
{
    GeoAct act = app_desk_act(desk);
    desk->written_ms = desk->moved_ms;
    return geo_simulate_write(desk->simulate, &act, error);
}

static bool simulate_tick(AppDesk *desk, GError **error)
{
    int64_t at_ms = app_desk_clock(desk) / 1000 * 1000;
    const GeoFix *fixes;
    size_t n;
    if (desk->paused || at_ms <= desk->moved_ms)
        return true;
    geo_simulate_move(desk->simulate, at_ms, &fixes, &n);
    geo_fleet_move(desk->fleet, fixes, n, at_ms);
    app_trail_log_add(desk->trail_log, fixes, n);
    renew_trails(desk, at_ms);
    desk->moved_ms = at_ms;
    desk->fix_ms = at_ms;
    return at_ms - desk->written_ms < WRITE_MS || write_moves(desk, error);
}

/* Somebody else brings positions: a feed, or the console that holds the lease. */
static bool follow_fixes(AppDesk *desk, GError **error)
{
    int64_t newest;
    if (!geo_store_last_fix_at(desk->store, &newest, error))
        return false;
    if (newest <= desk->fix_ms)
        return true;
    /* Fixes of one second come over a second, and some later: what was read last is read again. */
    int64_t again_ms = desk->n_followed > MANY_FIXES ? AGAIN_MANY_MS : AGAIN_MS;
    g_autoptr(GArray) fixes =
        geo_store_load_fixes(desk->store, desk->fix_ms - again_ms, newest + 1, error);
    if (!fixes)
        return false;
    desk->n_followed = fixes->len;
    const GeoFix *first = (const GeoFix *)(const void *)fixes->data;
    geo_fleet_move(desk->fleet, first, fixes->len, newest);
    app_trail_log_add(desk->trail_log, first, fixes->len);
    desk->fix_ms = newest;
    desk->base_ms = newest;
    desk->base_us = g_get_monotonic_time();
    desk->paused = false;
    renew_trails(desk, newest);
    return true;
}

bool app_desk_tick(AppDesk *desk, GError **error)
{
    return desk->simulate ? simulate_tick(desk, error) : follow_fixes(desk, error);
}

bool app_desk_pause(AppDesk *desk, bool pause, GError **error)
{
    if (!desk->simulate || pause == desk->paused)
        return true;
    if (!pause) {
        desk->base_us = g_get_monotonic_time();
        desk->paused = false;
        return true;
    }
    if (!simulate_tick(desk, error))
        return false;
    desk->paused = true;
    desk->base_ms = desk->moved_ms; /* the clock says what the positions say */
    return desk->written_ms == desk->moved_ms || write_moves(desk, error);
}

/* ---- what is shown ---- */

static AppTime time_of(const AppDesk *desk)
{
    if (desk->simulate)
        return desk->paused ? APP_TIME_PAUSED : APP_TIME_SIMULATION;
    return desk->paused ? APP_TIME_STILL : APP_TIME_FEED;
}

static int64_t incident_of(const AppDesk *desk, int64_t unit_id)
{
    for (guint i = 0; desk->assignments && i < desk->assignments->len; i++) {
        const GeoAssignment *one = &g_array_index(desk->assignments, GeoAssignment, i);
        if (one->unit_id == unit_id)
            return one->incident_id;
    }
    return 0;
}

/* Units off duty have no place here: where they are is not our business. */
static void fill_units(const AppDesk *desk, AppNow *now)
{
    size_t n = desk->fleet ? geo_fleet_n(desk->fleet) : 0;
    now->n_fleet = (int64_t)n;
    now->units = g_new(MapsUnit, n + 1);
    now->who = g_new(AppUnit, n + 1);
    for (size_t i = 0; i < n; i++) {
        const GeoFleetUnit *unit = geo_fleet_unit(desk->fleet, i);
        if (unit->left == GEO_LEFT_OFF_DUTY || unit->left == GEO_LEFT_NO_PLACE)
            continue;
        now->units[now->n_units] = (MapsUnit){unit->lonlat, unit->kind,        unit->status,
                                              unit->age_s,  unit->heading_deg, unit->speed_mps};
        now->who[now->n_units++] =
            (AppUnit){.id = unit->id,
                      .code = unit->code ? g_string_chunk_insert(now->text, unit->code) : NULL,
                      .on_duty = true,
                      .incident_id = incident_of(desk, unit->id)};
        now->n_on_duty++;
        now->n_age[maps_units_age(unit->kind, unit->age_s)]++;
    }
}

AppNow *app_desk_now(AppDesk *desk)
{
    AppNow *now = g_new0(AppNow, 1);
    g_atomic_ref_count_init(&now->refs);
    now->at_ms = app_desk_clock(desk);
    now->time = time_of(desk);
    now->zone = g_intern_string(desk->city->zone);
    now->text = g_string_chunk_new(4096);
    fill_units(desk, now);
    app_desk_fill_queue(desk, now);
    app_desk_fill_health(desk, now);
    now->trails = app_trails_ref(desk->trails);
    return now;
}

/* ---- a place ---- */

static AppComer comer_of(const AppDesk *desk, const GeoFleetHit *hit, GStringChunk *text)
{
    const GeoFleetUnit *unit = geo_fleet_unit(desk->fleet, hit->unit);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, unit->id);
    return (AppComer){.id = unit->id,
                      .code = g_string_chunk_insert(text, unit->code ? unit->code : number),
                      .kind = unit->kind,
                      .status = unit->status,
                      .at = unit->lonlat,
                      .travel_s = hit->travel_s,
                      .distance_m = hit->distance_m,
                      .air_m = hit->air_m,
                      .age_s = unit->age_s,
                      .left = hit->left};
}

static GArray *comers_of(const AppDesk *desk, const GArray *hits, GStringChunk *text)
{
    GArray *comers = g_array_new(FALSE, TRUE, sizeof(AppComer));
    for (guint i = 0; i < hits->len; i++) {
        AppComer comer = comer_of(desk, &g_array_index(hits, GeoFleetHit, i), text);
        g_array_append_val(comers, comer);
    }
    return comers;
}

static void ask_fleet(AppDesk *desk, AppHere *here, GeoLonLat at)
{
    here->by_road = desk->network->facts.edges > 0;
    here->n_fleet = geo_fleet_n(desk->fleet);
    gint64 begun_us = g_get_monotonic_time();
    g_autoptr(GeoFleetAnswer) answer =
        geo_fleet_nearest(desk->fleet, at, COMERS, here->by_road, LEFT_OUT);
    here->work_ms = (double)(g_get_monotonic_time() - begun_us) / US_PER_MS;
    here->comers = comers_of(desk, answer->hits, here->text);
    here->left_out = comers_of(desk, answer->left_out, here->text);
    for (int i = 0; i < GEO_N_LEFT; i++)
        here->n_left[i] = answer->n_left[i];
    if (here->by_road && answer->hits->len > 0)
        geo_fleet_route(desk->fleet, answer, 0, here->route);
}

AppHere *app_desk_here(AppDesk *desk, GeoLonLat at, int64_t incident_id, GError **error)
{
    g_autoptr(AppHere) here = g_new0(AppHere, 1);
    here->text = g_string_chunk_new(512);
    here->at_ms = app_desk_clock(desk);
    here->incident_id = incident_id;
    here->route = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    GeoHereOptions options = {.at_ms = here->at_ms,
                              .night = app_moment_is_night(here->at_ms, desk->city->zone),
                              .incident_id = incident_id};
    here->place = geo_here_load(desk->store, desk->frame, at, &options, NULL, error);
    if (!here->place)
        return NULL;
    ask_fleet(desk, here, at);
    return g_steal_pointer(&here);
}
