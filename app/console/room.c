/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/room.h"

#include <math.h>

#include "app/console/here-panel.h"
#include "app/console/layers-panel.h"
#include "app/console/looks.h"
#include "app/console/plan-desk.h"
#include "app/console/queue-panel.h"
#include "app/console/replay-desk.h"
#include "app/console/room-sides.h"
#include "app/console/time-bar.h"
#include "app/session/day.h"
#include "app/session/jobs.h"
#include "geo/model/age.h"
#include "geo/model/error.h"
#include "maps/paint/words.h"

#define STAGE_S 4      /* after the map is there */
#define ASK_AGAIN_S 5  /* units move on */
#define AREA_ZOOM 13.0 /* farther out a click means the area */

const char *const app_workspace_ids[] = {"operate", "dispatch", "plan", "assess", NULL};

struct _AppRoom {
    AdwBin parent;
    AppSession *session; /* owned */
    AppJobs *jobs;       /* owned */
    MapsStyle style;
    AppMap *map;
    AppSides *sides;   /* owned */
    AppPlanDesk *plan; /* owned */
    GtkLabel *hint;
    AppWorkspace workspace;
    /* chosen */
    AppPick pick;
    bool any;
    AppHere *here; /* owned; of the pick; NULL: asked or not a place */
    GCancellable *asking;
    gint64 asked_us;
    /* background */
    GeoFinder *finder; /* owned */
    AppSurvey *survey; /* owned */
    bool surveyed;     /* or failed */
    bool begun, staged, paused;
    bool near;   /* the map was last seen so near that units have badges */
    guint stage; /* source */
};

G_DEFINE_TYPE(AppRoom, app_room, ADW_TYPE_BIN)

enum { SETTLED, SAID, FINDER, N_SIGNALS };
static guint signals[N_SIGNALS];

static void say(AppRoom *self, const char *words)
{
    g_signal_emit(self, signals[SAID], 0, words);
}

static const AppIncident *incident_of(AppRoom *self)
{
    return self->any && self->pick.kind == APP_PICK_INCIDENT
               ? app_now_incident(app_session_now(self->session), self->pick.id)
               : NULL;
}

/* ---- settled ---- */

/* A live demo is complete with its first incident and who comes to it. */
bool app_room_complete(AppRoom *self)
{
    bool asks = self->asking != NULL;
    bool stages = app_session_can_simulate(self->session) && !self->staged &&
                  !app_plan_desk_active(self->plan);
    bool plans = app_plan_desk_active(self->plan) && !app_plan_desk_settled(self->plan);
    return self->begun && app_session_now(self->session) && app_map_complete(self->map) && !asks &&
           !stages && self->surveyed && self->finder && !plans;
}

static void settle(AppRoom *self)
{
    if (app_room_complete(self))
        g_signal_emit(self, signals[SETTLED], 0);
}

/* ---- asking ---- */

static void show_here(AppRoom *self)
{
    app_sides_show_here(self->sides, self->here, incident_of(self));
    app_map_mark_here(self->map, self->here);
    if (self->here->comers->len > 0 && incident_of(self)) {
        const AppComer *first = &g_array_index(self->here->comers, AppComer, 0);
        g_autofree char *words = g_strdup_printf(
            _("D to dispatch %s   ·   / search or command   ·   J next incident   ·   ? keys"),
            first->code);
        gtk_label_set_text(self->hint, words);
    }
}

static void on_here(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(AppRoom) self = data;
    g_autoptr(GError) error = NULL;
    AppHere *here = app_session_ask_here_finish(APP_SESSION(source), result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_clear_object(&self->asking);
    if (!here) {
        say(self, error->message);
        return;
    }
    app_here_free(self->here);
    self->here = here;
    show_here(self);
    self->staged |= self->pick.kind == APP_PICK_INCIDENT;
    settle(self);
}

static void ask(AppRoom *self)
{
    if (self->asking)
        g_cancellable_cancel(self->asking);
    g_clear_object(&self->asking);
    self->asking = g_cancellable_new();
    self->asked_us = g_get_monotonic_time();
    app_session_ask_here(self->session, self->pick.at,
                         self->pick.kind == APP_PICK_INCIDENT ? self->pick.id : 0, self->asking,
                         on_here, g_object_ref(self));
}

/* ---- choosing ---- */

static void forget(AppRoom *self)
{
    if (self->asking)
        g_cancellable_cancel(self->asking);
    g_clear_object(&self->asking);
    g_clear_pointer(&self->here, app_here_free);
    self->any = false;
    app_map_clear_marks(self->map);
    app_map_mark_area(self->map, NULL);
    app_sides_select_incident(self->sides, 0);
}

static void choose_area(AppRoom *self, const GeoArea *area)
{
    app_map_mark_area(self->map, area);
    app_sides_show_area(self->sides, area, self->survey);
}

static void choose_place(AppRoom *self)
{
    const AppCity *city = app_session_city(self->session);
    const GeoArea *area = app_where_find(city->where, self->pick.at);
    MapsView view = app_map_view(self->map);
    if (view.zoom < AREA_ZOOM &&
        (area = app_where_find_tier(city->where, self->pick.at, MAPS_TIER_COMMUNITY))) {
        choose_area(self, area);
        return;
    }
    app_map_mark_area(self->map, area);
    app_map_mark_place(self->map, self->pick.at);
    app_sides_wait_here(self->sides, NULL, self->pick.at);
    ask(self);
}

/* What is not there any more is not shown as if it were. */
static void forget_gone(AppRoom *self, const char *words)
{
    forget(self);
    app_sides_show_nothing(self->sides);
    say(self, words);
}

static void choose_unit(AppRoom *self)
{
    AppNow *now = app_session_now(self->session);
    for (size_t i = 0; now && i < now->n_units; i++)
        if (now->who[i].id == self->pick.id) {
            const MapsUnit *unit = &now->units[i];
            bool live = maps_units_age(unit->kind, unit->age_s) == MAPS_AGE_LIVE;
            app_map_mark_unit(self->map, unit->at,
                              live ? 0 : geo_age_reach_m(unit->kind, NAN, unit->age_s));
            app_sides_show_unit(self->sides, &now->who[i], unit);
            return;
        }
    if (now)
        forget_gone(self, _("this unit is gone"));
}

static void choose(AppRoom *self, const AppPick *pick)
{
    forget(self);
    self->pick = *pick;
    self->any = true;
    const AppIncident *incident = incident_of(self);
    switch (pick->kind) {
    case APP_PICK_PLACE:
        choose_place(self);
        break;
    case APP_PICK_UNIT:
        choose_unit(self);
        break;
    case APP_PICK_CAMERA:
        app_map_mark_place(self->map, pick->at);
        app_sides_show_camera(self->sides, pick->row);
        break;
    case APP_PICK_PLANNED: /* the plan's desk has taken it */
        break;
    case APP_PICK_INCIDENT:
        app_sides_select_incident(self->sides, pick->id);
        app_map_mark_incident(self->map, pick->id);
        if (!incident || !isfinite(incident->at.lon))
            break;
        self->pick.at = incident->at;
        app_sides_wait_here(self->sides, incident, incident->at);
        ask(self);
        break;
    }
}

static void on_picked(AppRoom *self, const AppPick *pick)
{
    if (app_plan_desk_active(self->plan))
        forget(self);
    if (!app_plan_desk_pick(self->plan, pick))
        choose(self, pick);
}

static void choose_incident(AppRoom *self, int64_t id)
{
    AppPick pick = {.kind = APP_PICK_INCIDENT, .id = id};
    choose(self, &pick);
}

static void on_queue(AppRoom *self, gint64 id)
{
    const AppIncident *incident = app_now_incident(app_session_now(self->session), id);
    choose_incident(self, id);
    if (incident)
        app_map_reveal(self->map, incident->at);
}

static void on_comer(AppRoom *self, int index)
{
    if (self->here && index >= 0 && (guint)index < self->here->comers->len)
        app_map_reveal(self->map, g_array_index(self->here->comers, AppComer, index).at);
}

static void on_area(AppRoom *self, const char *code)
{
    const AppCity *city = app_session_city(self->session);
    const GeoBatch *areas = app_where_areas(city->where);
    for (guint i = 0; i < areas->rows->len; i++) {
        const GeoArea *area = &g_array_index(areas->rows, GeoArea, i);
        if (g_strcmp0(area->row.code, code) == 0) {
            choose_area(self, area);
            return;
        }
    }
}

static void on_camera(AppRoom *self, gint64 id)
{
    const GeoBatch *cameras = app_session_city(self->session)->cameras;
    for (guint i = 0; i < cameras->rows->len; i++) {
        AppPick pick = {.kind = APP_PICK_CAMERA, .row = i};
        if (geo_batch_row(cameras, i)->id == id &&
            geo_batch_first(cameras, geo_batch_row(cameras, i), &pick.at)) {
            choose(self, &pick);
            app_map_reveal(self->map, pick.at);
            return;
        }
    }
}

static void on_gap(AppRoom *self, int index)
{
    const GeoCoverageGaps *planned = app_plan_desk_gaps(self->plan);
    const GeoCoverageGaps *gaps = planned ? planned : self->survey ? self->survey->gaps : NULL;
    if (!gaps || (guint)index >= gaps->gaps->len)
        return;
    const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, index);
    AppPick pick = {.kind = APP_PICK_PLACE, .at = gap->at};
    on_picked(self, &pick);
    app_map_fly(self->map, gap->at, fmax(app_map_view(self->map).zoom, 16));
}

/* ---- time ---- */

static gboolean on_stage(gpointer data)
{
    AppRoom *self = data;
    MapsView view = app_map_view(self->map);
    GeoBounds all = maps_view_bounds(&view);
    double dx = (all.east - all.west) * 0.25, dy = (all.north - all.south) * 0.25;
    GeoBounds inner = {all.west + dx, all.south + dy, all.east - dx, all.north - dy};
    GeoLonLat at = {view.middle.lon + dx * 0.2, view.middle.lat - dy * 0.1};
    self->stage = 0;
    if (app_session_can_simulate(self->session) && !app_plan_desk_active(self->plan))
        app_session_stage(self->session, at, &inner);
    return G_SOURCE_REMOVE;
}

/* The first one is shown; later ones only wait in the queue. */
static void on_arrived(AppRoom *self, gint64 id)
{
    if (!self->any && app_session_can_simulate(self->session) && !self->staged &&
        !app_plan_desk_active(self->plan))
        choose_incident(self, id);
}

static void refresh_chosen(AppRoom *self)
{
    const AppIncident *incident = incident_of(self);
    AppNow *now = app_session_now(self->session);
    bool runs = now->time == APP_TIME_SIMULATION || now->time == APP_TIME_FEED;
    if (self->any && self->pick.kind == APP_PICK_UNIT)
        choose_unit(self);
    if (self->any && self->pick.kind == APP_PICK_INCIDENT && self->here && !incident)
        forget_gone(self, _("this incident is over"));
    if (!incident)
        return;
    app_sides_tick_here(self->sides, incident, now->at_ms);
    if ((runs || self->asked_us == 0) && self->here && !self->asking &&
        g_get_monotonic_time() - self->asked_us > ASK_AGAIN_S * G_USEC_PER_SEC)
        ask(self);
}

static void on_now(AppRoom *self)
{
    AppNow *now = app_session_now(self->session);
    self->paused = now->time == APP_TIME_PAUSED;
    app_map_set_now(self->map, now);
    app_sides_set_now(self->sides, now);
    refresh_chosen(self);
    settle(self);
}

static void on_renewed(AppRoom *self)
{
    app_map_renew(self->map);
    app_plan_desk_renew(self->plan);
}

/* ---- the plan ---- */

static void on_plan_chosen(AppRoom *self, gboolean any)
{
    if (any)
        app_sides_show_editor(self->sides);
    else
        app_sides_show_nothing(self->sides);
}

static void on_plan_gaps(AppRoom *self)
{
    app_sides_set_plan_gaps(self->sides, app_plan_desk_gaps(self->plan));
    settle(self);
}

AppPlanDesk *app_room_plan(AppRoom *self)
{
    return self->plan;
}

/* ---- background ---- */

static gpointer find_names(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    return geo_finder_load(store, progress, error);
}

static void on_names(gpointer result, const GError *error, gpointer user)
{
    AppRoom *self = user;
    if (error)
        say(self, error->message);
    self->finder = result;
    g_signal_emit(self, signals[FINDER], 0);
    settle(self);
}

static gpointer measure(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    return app_survey_load(store, data, progress, error);
}

static void on_survey(gpointer result, const GError *error, gpointer user)
{
    AppRoom *self = user;
    self->surveyed = true;
    if (error)
        say(self, g_error_matches(error, GEO_ERROR, GEO_ERROR_CANCELLED)
                      ? _("Coverage was not measured: cancelled. Ctrl+R measures it again.")
                      : error->message);
    if (result) {
        app_survey_unref(self->survey);
        self->survey = result;
        app_plan_desk_set_survey(self->plan, self->survey);
        if (!self->survey->coverage->without_cameras) /* else all is gap, which says nothing */
            app_map_set_survey(self->map, self->survey);
        app_sides_set_survey(self->sides, self->survey);
    }
    settle(self);
}

static gpointer count_day(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    return app_day_count(store, ((const AppCity *)data)->opened_ms, error);
}

static void on_day(gpointer result, const GError *error, gpointer user)
{
    AppRoom *self = user;
    AppDay *day = result;
    if (error)
        say(self, error->message);
    if (day)
        app_sides_set_counts(self->sides, day->by, day->end_ms);
    g_free(day);
}

static void survey(AppRoom *self)
{
    app_jobs_add(self->jobs, _("measuring coverage"), measure,
                 (gpointer)app_session_city(self->session), (GDestroyNotify)app_survey_unref,
                 on_survey, self);
}

/* After the first whole map: what the eye waits for goes first. */
static void begin(AppRoom *self)
{
    if (self->begun || !app_map_complete(self->map) || !app_session_now(self->session))
        return;
    self->begun = true;
    g_debug("the first map is complete");
    app_jobs_add(self->jobs, _("reading names"), find_names, NULL, (GDestroyNotify)geo_finder_free,
                 on_names, self);
    app_jobs_add(self->jobs, _("counting incidents"), count_day,
                 (gpointer)app_session_city(self->session), g_free, on_day, self);
    survey(self);
    self->stage = g_timeout_add_seconds(STAGE_S, on_stage, self);
}

static void on_map_settled(AppRoom *self)
{
    bool near = app_map_view(self->map).zoom >= AREA_ZOOM;
    if (self->here && near != self->near)
        app_map_mark_here(self->map, self->here); /* far out it says less */
    self->near = near;
    begin(self);
    settle(self);
}

static void on_jobs(AppRoom *self)
{
    double share;
    const char *what = app_jobs_running(self->jobs, &share);
    app_sides_set_job(self->sides, what, share);
}

static void on_cancel(AppRoom *self)
{
    app_jobs_cancel(self->jobs);
}

static void on_map_trouble(AppRoom *self, const char *why)
{
    g_autofree char *words = g_strdup_printf(_("A part of the map could not be drawn: %s"), why);
    say(self, words);
}

static void on_pointed(AppRoom *self, double lon, double lat)
{
    const AppCity *city = app_session_city(self->session);
    app_sides_set_place(self->sides, (GeoLonLat){lon, lat}, app_map_view(self->map).zoom,
                        app_where_find(city->where, (GeoLonLat){lon, lat}));
}

static void on_heat(AppRoom *self)
{
    app_sides_set_heat(self->sides, app_map_heat(self->map));
}

static void on_layer_shown(AppRoom *self, int layer, gboolean shown)
{
    app_map_show_layer(self->map, (AppLayer)layer, shown);
}

static void on_layer_opacity(AppRoom *self, int layer, double opacity)
{
    app_map_set_opacity(self->map, (AppLayer)layer, opacity);
}

/* ---- making ---- */

static void watch_sides(AppRoom *self)
{
    static const struct {
        const char *signal;
        GCallback callback;
    } wires[] = {{"queue", G_CALLBACK(on_queue)},
                 {"comer", G_CALLBACK(on_comer)},
                 {"area", G_CALLBACK(on_area)},
                 {"camera", G_CALLBACK(on_camera)},
                 {"gap", G_CALLBACK(on_gap)},
                 {"cancel", G_CALLBACK(on_cancel)},
                 {"layer-shown", G_CALLBACK(on_layer_shown)},
                 {"layer-opacity", G_CALLBACK(on_layer_opacity)}};
    for (gsize i = 0; i < G_N_ELEMENTS(wires); i++)
        g_signal_connect_object(self->sides, wires[i].signal, wires[i].callback, self,
                                G_CONNECT_SWAPPED);
}

static void watch(AppRoom *self)
{
    const struct {
        gpointer from;
        const char *signal;
        GCallback callback;
    } wires[] = {{self->session, "now", G_CALLBACK(on_now)},
                 {self->session, "arrived", G_CALLBACK(on_arrived)},
                 {self->session, "renewed", G_CALLBACK(on_renewed)},
                 {self->session, "trouble", G_CALLBACK(say)},
                 {self->jobs, "changed", G_CALLBACK(on_jobs)},
                 {self->plan, "said", G_CALLBACK(say)},
                 {self->plan, "chosen", G_CALLBACK(on_plan_chosen)},
                 {self->plan, "gaps", G_CALLBACK(on_plan_gaps)},
                 {self->map, "picked", G_CALLBACK(on_picked)},
                 {self->map, "pointed", G_CALLBACK(on_pointed)},
                 {self->map, "settled", G_CALLBACK(on_map_settled)},
                 {self->map, "trouble", G_CALLBACK(on_map_trouble)},
                 {self->map, "heat", G_CALLBACK(on_heat)}};
    for (gsize i = 0; i < G_N_ELEMENTS(wires); i++)
        g_signal_connect_object(wires[i].from, wires[i].signal, wires[i].callback, self,
                                G_CONNECT_SWAPPED);
}

static GtkWidget *make_middle(AppRoom *self)
{
    GtkWidget *overlay = gtk_overlay_new();
    self->hint = GTK_LABEL(app_looks_label(_("/ search or command   ·   ? keys"), "hint", 0.5));
    gtk_widget_set_halign(GTK_WIDGET(self->hint), GTK_ALIGN_CENTER);
    gtk_widget_set_valign(GTK_WIDGET(self->hint), GTK_ALIGN_END);
    gtk_widget_set_margin_bottom(GTK_WIDGET(self->hint), 40);
    gtk_widget_set_can_target(GTK_WIDGET(self->hint), FALSE);
    gtk_overlay_set_child(GTK_OVERLAY(overlay), app_plan_desk_stage(self->plan));
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), GTK_WIDGET(self->hint));
    app_replay_desk_attach(self, self->session, GTK_OVERLAY(overlay), GTK_WIDGET(self->hint));
    gtk_widget_set_hexpand(overlay, TRUE);
    gtk_widget_set_vexpand(overlay, TRUE);
    return overlay;
}

AppRoom *app_room_new(AppSession *session, MapsStyle style, const char *lang)
{
    AppRoom *self = g_object_new(APP_TYPE_ROOM, NULL);
    const AppCity *city = app_session_city(session);
    self->session = g_object_ref(session);
    self->style = style;
    self->jobs = app_jobs_new(city->path);
    self->map = app_map_new(city, style, lang);
    self->plan = app_plan_desk_new(session, self->jobs, self->map, style, lang);
    self->sides = app_sides_new(city, make_middle(self));
    app_sides_set_plan(self->sides, app_plan_desk_panel(self->plan),
                       app_plan_desk_editor(self->plan));
    watch(self);
    watch_sides(self);
    adw_bin_set_child(ADW_BIN(self), app_sides_widget(self->sides));
    app_room_set_workspace(self, APP_WORKSPACE_OPERATE);
    if (app_session_now(session))
        on_now(self);
    return self;
}

void app_room_close(AppRoom *self)
{
    g_clear_handle_id(&self->stage, g_source_remove);
    app_replay_desk_end(app_replay_desk_of(self));
    app_jobs_close(self->jobs);
}

AppMap *app_room_map(AppRoom *self)
{
    return self->map;
}

void app_room_set_style(AppRoom *self, MapsStyle style)
{
    self->style = style;
    app_map_set_style(self->map, style);
    app_plan_desk_set_style(self->plan, style);
    app_sides_restyle(self->sides);
}

void app_room_set_workspace(AppRoom *self, AppWorkspace workspace)
{
    bool plans = workspace == APP_WORKSPACE_PLAN;
    if (self->workspace == APP_WORKSPACE_PLAN && !plans && self->survey)
        app_map_set_survey(self->map, self->survey); /* its own gaps again */
    self->workspace = workspace;
    app_sides_set_workspace(self->sides, workspace);
    app_sides_rest(self->sides, plans);
    if (plans && !app_plan_desk_active(self->plan))
        app_room_escape(self);
    app_plan_desk_set_active(self->plan, plans);
}

void app_room_show_side(AppRoom *self, bool left, bool shown)
{
    app_sides_show(self->sides, left, shown);
}

bool app_room_side_shown(AppRoom *self, bool left)
{
    return app_sides_shown(self->sides, left);
}

bool app_room_layer(AppRoom *self, AppLayer layer, double *opacity)
{
    return app_sides_layer(self->sides, layer, opacity);
}

bool app_room_keeps_layer(AppRoom *self, AppLayer layer)
{
    return !app_sides_rests(self->sides, layer);
}

void app_room_set_layer(AppRoom *self, AppLayer layer, bool shown, double opacity)
{
    app_sides_set_layer(self->sides, layer, shown, opacity);
}

const GeoFinder *app_room_finder(AppRoom *self)
{
    return self->finder;
}

/* ---- acts ---- */

void app_room_go_to(AppRoom *self, const GeoFound *found)
{
    AppPick pick = {.kind = APP_PICK_PLACE, .at = found->at};
    if (found->kind == GEO_FOUND_AREA) {
        double wide = fmax(found->bounds.east - found->bounds.west, 1e-5);
        MapsView view = app_map_view(self->map);
        double zoom = log2(0.6 * view.width / view.scale * 360 / 256 / wide);
        forget(self);
        on_area(self, found->code ? found->code : found->title);
        app_map_fly(self->map, found->at, CLAMP(zoom, 9, 17));
        return;
    }
    if (found->kind == GEO_FOUND_CAMERA) {
        on_camera(self, found->id);
        app_map_fly(self->map, found->at, fmax(app_map_view(self->map).zoom, 17));
        return;
    }
    app_map_fly(self->map, found->at, fmax(app_map_view(self->map).zoom, 16));
    forget(self);
    self->pick = pick;
    self->any = true;
    app_map_mark_place(self->map, pick.at);
    app_sides_wait_here(self->sides, NULL, pick.at);
    ask(self);
}

void app_room_ask_middle(AppRoom *self)
{
    AppPick pick = {.kind = APP_PICK_PLACE, .at = app_map_view(self->map).middle};
    choose(self, &pick);
}

void app_room_escape(AppRoom *self)
{
    if (self->any)
        forget(self);
    else
        gtk_widget_set_visible(GTK_WIDGET(self->hint), FALSE);
    app_plan_desk_choose(self->plan, 0);
    app_map_clear_marks(self->map);
    app_sides_show_nothing(self->sides);
}

void app_room_next_incident(AppRoom *self)
{
    AppNow *now = app_session_now(self->session);
    size_t next = 0;
    if (!now || now->n_queue == 0) {
        say(self, _("No open incidents"));
        return;
    }
    for (size_t i = 0; i < now->n_queue; i++)
        if (self->any && now->queue[i].id == self->pick.id)
            next = (i + 1) % now->n_queue;
    on_queue(self, now->queue[next].id);
}

static void on_acted(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(AppRoom) self = data;
    g_autoptr(GError) error = NULL;
    g_autofree char *said = NULL;
    if (app_session_act_finish(APP_SESSION(source), result, &said, &error)) {
        say(self, said);
        self->asked_us = 0; /* the ranking has changed, and while time is held no tick asks */
        refresh_chosen(self);
    } else if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED)) {
        say(self, error->message);
    }
}

void app_room_dispatch(AppRoom *self, unsigned number)
{
    const AppIncident *incident = incident_of(self);
    if (!incident || !self->here || number < 1 || number > self->here->comers->len) {
        say(self, incident ? _("Nobody is recommended for this incident.")
                           : _("Choose an incident first: J, or a click in the queue."));
        return;
    }
    const AppComer *comer = &g_array_index(self->here->comers, AppComer, number - 1);
    gtk_widget_set_visible(GTK_WIDGET(self->hint), FALSE);
    app_session_dispatch(self->session, incident->id, comer->id, on_acted, g_object_ref(self));
}

void app_room_undo(AppRoom *self)
{
    if (app_plan_desk_active(self->plan))
        app_plan_desk_act(self->plan, APP_PLAN_UNDO);
    else
        app_session_undo(self->session, on_acted, g_object_ref(self));
}

void app_room_pause(AppRoom *self)
{
    if (!app_session_can_simulate(self->session))
        say(self, _("Nothing moves here: no simulation runs in this city."));
    else
        app_session_pause(self->session, !self->paused);
}

void app_room_renew(AppRoom *self)
{
    app_map_renew(self->map);
    if (self->surveyed) {
        self->surveyed = false;
        survey(self);
    }
}

void app_room_whole_city(AppRoom *self)
{
    const AppCity *city = app_session_city(self->session);
    app_map_fly(self->map, city->whole_middle, city->whole_zoom);
}

/* ---- life ---- */

static void dispose(GObject *object)
{
    AppRoom *self = APP_ROOM(object);
    if (self->asking)
        g_cancellable_cancel(self->asking);
    g_clear_object(&self->asking);
    g_clear_handle_id(&self->stage, g_source_remove);
    if (self->jobs)
        app_jobs_close(self->jobs);
    g_clear_object(&self->plan);
    g_clear_object(&self->jobs);
    G_OBJECT_CLASS(app_room_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    AppRoom *self = APP_ROOM(object);
    g_clear_object(&self->sides);
    g_clear_object(&self->session);
    app_here_free(self->here);
    geo_finder_free(self->finder);
    app_survey_unref(self->survey);
    G_OBJECT_CLASS(app_room_parent_class)->finalize(object);
}

static void app_room_class_init(AppRoomClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[SETTLED] = g_signal_new("settled", APP_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
    signals[SAID] = g_signal_new("said", APP_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[FINDER] = g_signal_new("finder", APP_TYPE_ROOM, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 0);
}

static void app_room_init(AppRoom *self)
{
}
