/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/replay.h"

#include <math.h>
#include <string.h>

#include "app/session/category.h"
#include "app/session/trails.h"
#include "geo/work/playback.h"

/* Ways of a whole fleet are gathered more sparsely: it is the main thread that does it. */
#define TRAIL_STEP_MS 20000
#define TRAIL_MANY_STEP_MS 60000
#define MANY_UNITS 6000
#define TRAILS_EVERY_US 1000000
/* Incidents are shown for so long after they were received. */
#define RECENT_MS (INT64_C(60) * 60 * 1000)

struct AppReplay {
    AppSession *session; /* a reference */
    GCancellable *cancellable;
    AppCast *cast;     /* a reference; NULL until it is read */
    GeoPlayer *player; /* likewise */
    GeoPlayPlace *places;
    int64_t at_ms, from_ms, to_ms;
    double speed;
    bool plays, reads;
    size_t n_shown; /* units of the last picture */
    AppTrails *trails;
    gint64 trails_us;
    int64_t trails_ms;
    void (*changed)(const char *said, gpointer user);
    gpointer user;
};

static const double speeds[] = {1, 2, 5, 10, 30, 60, 120, 300, 600};

/* ---- reading ---- */

static void ask_for_more(AppReplay *self);

static void on_window(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    GeoPlayWindow *window = app_session_ask_window_finish(APP_SESSION(source), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return; /* the replay is gone */
    AppReplay *self = data;
    self->reads = false;
    if (window) {
        geo_player_put(self->player, window, self->at_ms);
        ask_for_more(self);
    }
    self->changed(error ? error->message : NULL, self->user);
}

static void ask_for_more(AppReplay *self)
{
    int64_t wanted;
    if (!self->player || self->reads ||
        !geo_player_wants(self->player, self->at_ms, self->speed, &wanted))
        return;
    self->reads = true;
    app_session_ask_window(self->session, self->cast, wanted,
                           geo_player_earlier(self->player, wanted), self->cancellable, on_window,
                           self);
}

static void on_cast(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(GError) error = NULL;
    AppCast *cast = app_session_ask_cast_finish(APP_SESSION(source), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    AppReplay *self = data;
    if (cast) {
        self->cast = cast;
        self->player = geo_player_new(cast->ids, cast->n);
        self->places = g_new(GeoPlayPlace, cast->n + 1);
        ask_for_more(self);
    }
    self->changed(error ? error->message : NULL, self->user);
}

AppReplay *app_replay_new(AppSession *session, int64_t from_ms, int64_t to_ms,
                          void (*changed)(const char *said, gpointer user), gpointer user)
{
    AppReplay *self = g_new0(AppReplay, 1);
    self->session = g_object_ref(session);
    self->cancellable = g_cancellable_new();
    self->from_ms = from_ms;
    self->to_ms = to_ms;
    self->at_ms = to_ms;
    self->speed = 60;
    self->changed = changed;
    self->user = user;
    app_session_ask_cast(session, from_ms - RECENT_MS, to_ms, self->cancellable, on_cast, self);
    return self;
}

void app_replay_free(AppReplay *self)
{
    if (!self)
        return;
    g_cancellable_cancel(self->cancellable);
    g_object_unref(self->cancellable);
    geo_player_free(self->player);
    app_cast_unref(self->cast);
    app_trails_unref(self->trails);
    g_free(self->places);
    g_object_unref(self->session);
    g_free(self);
}

/* ---- its clock ---- */

int64_t app_replay_at_ms(const AppReplay *self)
{
    return self->at_ms;
}

void app_replay_seek(AppReplay *self, int64_t at_ms)
{
    self->at_ms = CLAMP(at_ms, self->from_ms, self->to_ms - 1);
    self->trails_us = 0;
    ask_for_more(self);
}

double app_replay_speed(const AppReplay *self)
{
    return self->speed;
}

void app_replay_set_speed(AppReplay *self, double speed)
{
    self->speed = speed;
    ask_for_more(self);
}

bool app_replay_plays(const AppReplay *self)
{
    return self->plays;
}

void app_replay_play(AppReplay *self, bool play)
{
    self->plays = play;
}

double app_replay_step_speed(double speed, int by)
{
    int i = 0;
    while (i + 1 < (int)G_N_ELEMENTS(speeds) && speeds[i] < fabs(speed))
        i++;
    return copysign(speeds[CLAMP(i + by, 0, (int)G_N_ELEMENTS(speeds) - 1)], speed);
}

bool app_replay_advance(AppReplay *self, int64_t elapsed_ms)
{
    if (!self->player || !geo_player_at(self->player, self->at_ms, self->places)) {
        ask_for_more(self);
        return false;
    }
    if (self->plays) {
        int64_t next = self->at_ms + (int64_t)((double)elapsed_ms * self->speed);
        self->at_ms = CLAMP(next, self->from_ms, self->to_ms - 1);
        self->plays = self->at_ms == next; /* at either end it stops */
    }
    ask_for_more(self);
    return geo_player_at(self->player, self->at_ms, self->places);
}

/* ---- what there was ---- */

/* A gap is as old as its fix; in between a place is as fresh as one can be. */
static double age_of(const GeoPlayPlace *place, int64_t at_ms)
{
    return place->how == GEO_PLAY_BETWEEN ? 0 : (double)(at_ms - place->fix_ms) / 1000;
}

static void fill_units(const AppReplay *self, AppNow *now)
{
    now->units = g_new(MapsUnit, self->cast->n + 1);
    now->who = g_new0(AppUnit, self->cast->n + 1);
    now->n_fleet = (int64_t)self->cast->n;
    for (size_t i = 0; i < self->cast->n; i++) {
        const GeoPlayPlace *place = &self->places[i];
        const GeoUnit *unit = &g_array_index(self->cast->units->rows, GeoUnit, i);
        if (place->how == GEO_PLAY_NOWHERE)
            continue;
        double age_s = age_of(place, self->at_ms);
        now->units[now->n_units] = (MapsUnit){.at = {place->lon, place->lat},
                                              .kind = unit->unit_kind,
                                              .status = GEO_STATUS_AVAILABLE,
                                              .age_s = age_s,
                                              .heading_deg = (double)place->heading_deg,
                                              .speed_mps = (double)place->speed_mps};
        now->who[now->n_units++] =
            (AppUnit){.id = unit->row.id, .code = unit->row.code, .on_duty = true};
        now->n_on_duty++;
        now->n_age[maps_units_age(unit->unit_kind, age_s)]++;
    }
}

static void fill_incidents(const AppReplay *self, AppNow *now)
{
    guint n, first = app_cast_incidents(self->cast, self->at_ms - RECENT_MS, self->at_ms, &n);
    now->queue = g_new0(AppIncident, n + 1);
    for (guint i = first + n; i-- > first;) { /* the newest first */
        const GeoIncident *row = &g_array_index(self->cast->incidents->rows, GeoIncident, i);
        const char *name = row->row.name ? row->row.name : app_category_words(row->category);
        AppIncident shown = {.id = row->row.id,
                             .version = row->row.version,
                             .at_ms = row->at_ms,
                             .name = g_string_chunk_insert_const(now->text, name ? name : ""),
                             .place = row->place,
                             .area = row->area,
                             .number = row->row.code ? row->row.code : "",
                             .priority = row->priority,
                             .state = GEO_INCIDENT_RECEIVED,
                             .at = {NAN, NAN}};
        size_t length = strlen(shown.number);
        shown.number += length > 4 ? length - 4 : 0;
        geo_batch_first(self->cast->incidents, &row->row, &shown.at);
        now->queue[now->n_queue++] = shown;
    }
}

typedef struct {
    GArray *points, *first;
    int64_t at_ms;
} TrailBag;

static void keep_run(size_t unit, const GeoLonLat *points, const int64_t *at_ms, size_t n,
                     void *user)
{
    TrailBag *bag = user;
    for (size_t i = 0; i < n; i++) {
        MapsTrailPoint point = {points[i], (float)(bag->at_ms - at_ms[i]) / 1000};
        g_array_append_val(bag->points, point);
    }
    uint32_t end = bag->points->len;
    g_array_append_val(bag->first, end);
}

/* Twice a second is enough for ways, and while nobody moves they stay as they are. */
static void renew_trails(AppReplay *self)
{
    gint64 now_us = g_get_monotonic_time();
    if (self->trails &&
        (self->trails_ms == self->at_ms || now_us - self->trails_us < TRAILS_EVERY_US))
        return;
    uint32_t zero = 0;
    TrailBag bag = {g_array_new(FALSE, FALSE, sizeof(MapsTrailPoint)),
                    g_array_new(FALSE, FALSE, sizeof(uint32_t)), self->at_ms};
    g_array_append_val(bag.first, zero);
    geo_player_trails(self->player, self->at_ms, APP_TRAIL_MS,
                      self->n_shown > MANY_UNITS ? TRAIL_MANY_STEP_MS : TRAIL_STEP_MS, keep_run,
                      &bag);
    app_trails_unref(self->trails);
    self->trails = g_atomic_rc_box_new0(AppTrails);
    self->trails->n = bag.first->len - 1;
    self->trails->points = (MapsTrailPoint *)(void *)g_array_free(bag.points, FALSE);
    self->trails->first = (uint32_t *)(void *)g_array_free(bag.first, FALSE);
    self->trails_us = now_us;
    self->trails_ms = self->at_ms;
}

AppNow *app_replay_now(AppReplay *self)
{
    if (!self->player || !geo_player_at(self->player, self->at_ms, self->places))
        return NULL;
    const AppCity *city = app_session_city(self->session);
    AppNow *now = g_new0(AppNow, 1);
    g_atomic_ref_count_init(&now->refs);
    now->at_ms = self->at_ms;
    now->time = APP_TIME_PLAYBACK;
    now->speed = self->plays ? self->speed : 0;
    now->zone = g_intern_string(city->city.zone);
    now->text = g_string_chunk_new(1024);
    now->cast = app_cast_ref(self->cast);
    fill_units(self, now);
    self->n_shown = now->n_units;
    fill_incidents(self, now);
    renew_trails(self);
    now->trails = app_trails_ref(self->trails);
    return now;
}
