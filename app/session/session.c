/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One thread, one queue of requests. Between requests the thread wakes four times a second to
 * follow the store and to move time on. What it has to say goes to the main thread at default
 * priority: idle sources starve while frames overrun. */
#include "app/session/session.h"

#include "app/session/desk.h"
#include "geo/model/error.h"
#include "maps/paint/words.h"

#define POLL_US (G_USEC_PER_SEC / 4)
#define TICK_US G_USEC_PER_SEC

struct _AppSession {
    GObject parent;
    char *path;
    AppSightWish sight;
    GThread *thread;
    GAsyncQueue *requests; /* Request, owned */
    AppCity *city;         /* owned by the main thread once opened */
    AppNow *now;
    AppNow *shown;     /* of a playback; NULL: live */
    gint can_simulate; /* atomic */
    bool closed;
};

G_DEFINE_TYPE(AppSession, app_session, G_TYPE_OBJECT)

enum { OPENED, FAILED, NOW, ARRIVED, RENEWED, TROUBLE, N_SIGNALS };
static guint signals[N_SIGNALS];

typedef enum {
    ASK_HERE,
    ASK_CAST,
    ASK_WINDOW,
    ASK_PURPOSE,
    TAKE,
    DISPATCH,
    UNDO,
    PAUSE,
    STAGE,
    SCENARIO,
    ROSTER,
    QUIT
} Want;

typedef struct {
    Want want;
    GTask *task; /* owned; NULL where nobody waits for an answer */
    GeoLonLat at;
    GeoBounds bounds;
    int64_t incident_id, unit_id;
    GeoBatch *batch; /* owned */
    bool pause;
    AppScenarioAct plan; /* what it points at is owned */
    AppCast *cast;       /* a reference */
    GeoPlayWindow *earlier;
    int64_t from_ms, to_ms;
    char *purpose;       /* owned */
    AppRosterAct roster; /* likewise */
} Request;

static void request_free(Request *request)
{
    g_clear_object(&request->task);
    geo_batch_free(request->batch);
    app_scenario_act_clear(&request->plan);
    app_cast_unref(request->cast);
    geo_playwindow_unref(request->earlier);
    g_free(request->purpose);
    app_roster_act_clear(&request->roster);
    g_free(request);
}

/* ---- from the thread to the main thread ---- */

typedef struct {
    AppSession *session; /* a reference */
    guint signal;
    AppCity *city;
    AppNow *now;
    GError *error;
    int64_t id;
} News;

static void deliver_words(const News *news)
{
    if (news->signal == FAILED)
        g_signal_emit(news->session, signals[FAILED], 0, news->error);
    else
        g_signal_emit(news->session, signals[TROUBLE], 0, news->error->message);
}

static gboolean deliver(gpointer data)
{
    News *news = data;
    AppSession *self = news->session;
    if (news->city && !self->city)
        self->city = g_steal_pointer(&news->city);
    if (news->now) {
        app_now_unref(self->now);
        self->now = g_steal_pointer(&news->now);
    }
    /* What is live goes on behind a playback, and shows when that ends. */
    if (self->closed || (self->shown && news->signal == NOW))
        return G_SOURCE_REMOVE;
    if (news->error)
        deliver_words(news);
    else if (news->signal == ARRIVED)
        g_signal_emit(self, signals[ARRIVED], 0, (gint64)news->id);
    else
        g_signal_emit(self, signals[news->signal], 0);
    return G_SOURCE_REMOVE;
}

static void news_free(gpointer data)
{
    News *news = data;
    app_city_free(news->city);
    app_now_unref(news->now);
    g_clear_error(&news->error);
    g_object_unref(news->session);
    g_free(news);
}

static void tell(AppSession *self, News what)
{
    News *news = g_memdup2(&what, sizeof what);
    news->session = g_object_ref(self);
    g_idle_add_full(G_PRIORITY_DEFAULT, deliver, news, news_free);
}

/* ---- the thread ---- */

static void answer_act(Request *request, char *said, GError *error)
{
    if (said)
        g_task_return_pointer(request->task, said, g_free);
    else
        g_task_return_error(request->task, error);
}

static void answer_here(AppDesk *desk, Request *request)
{
    GError *error = NULL;
    if (g_task_return_error_if_cancelled(request->task))
        return;
    AppHere *here = app_desk_here(desk, request->at, request->incident_id, &error);
    if (here)
        g_task_return_pointer(request->task, here, (GDestroyNotify)app_here_free);
    else
        g_task_return_error(request->task, error);
}

static void answer_cast(AppDesk *desk, Request *request)
{
    GError *error = NULL;
    AppCast *cast = app_cast_load(desk->store, request->from_ms, request->to_ms, &error);
    if (cast)
        g_task_return_pointer(request->task, cast, app_cast_unref);
    else
        g_task_return_error(request->task, error);
}

static void answer_window(AppDesk *desk, Request *request)
{
    GError *error = NULL;
    if (g_task_return_error_if_cancelled(request->task))
        return;
    GeoPlayWindow *window = geo_player_read(desk->store, request->cast->ids, request->cast->n,
                                            request->from_ms, request->earlier, &error);
    if (window)
        g_task_return_pointer(request->task, window, (GDestroyNotify)geo_playwindow_unref);
    else
        g_task_return_error(request->task, error);
}

/* The read itself is what is asked for and written down; what it gives is shown by the playback. */
static void answer_purpose(AppDesk *desk, Request *request)
{
    GError *error = NULL;
    GeoAct act = geo_act_local(NULL, g_get_real_time() / 1000);
    GeoTrackQuery query = {request->from_ms, request->to_ms, request->unit_id, NULL};
    act.purpose = request->purpose;
    g_autoptr(GArray) fixes = geo_store_read_tracks(desk->store, &act, &query, &error);
    if (fixes)
        g_task_return_boolean(request->task, TRUE);
    else
        g_task_return_error(request->task, error);
}

static void answer_scenario(AppDesk *desk, Request *request)
{
    GError *error = NULL;
    AppScenario *scenario = app_desk_scenario(desk, &request->plan, &error);
    if (scenario)
        g_task_return_pointer(request->task, scenario, (GDestroyNotify)app_scenario_free);
    else
        g_task_return_error(request->task, error);
}

static void answer_roster(AppDesk *desk, Request *request)
{
    GError *error = NULL;
    AppRoster *roster = app_desk_roster(desk, &request->roster, &error);
    if (roster)
        g_task_return_pointer(request->task, roster, (GDestroyNotify)app_roster_free);
    else
        g_task_return_error(request->task, error);
}

static void stage(AppSession *self, AppDesk *desk, Request *request)
{
    int64_t id = 0;
    GError *error = NULL;
    if (!app_desk_stage(desk, request->at, &request->bounds, &id, &error))
        tell(self, (News){.signal = TROUBLE, .error = error});
    else if (id != 0)
        tell(self, (News){.signal = ARRIVED, .id = id});
}

static void answer(AppSession *self, AppDesk *desk, Request *request)
{
    GError *error = NULL;
    char *said;
    switch (request->want) {
    case ASK_HERE:
        answer_here(desk, request);
        break;
    case ASK_CAST:
        answer_cast(desk, request);
        break;
    case ASK_WINDOW:
        answer_window(desk, request);
        break;
    case ASK_PURPOSE:
        answer_purpose(desk, request);
        break;
    case TAKE:
        said = app_desk_take(desk, request->batch, &error);
        answer_act(request, said, error);
        break;
    case DISPATCH:
        said = app_desk_dispatch(desk, request->incident_id, request->unit_id, &error);
        answer_act(request, said, error);
        break;
    case UNDO:
        said = app_desk_undo(desk, &error);
        answer_act(request, said, error);
        break;
    case PAUSE:
        if (!app_desk_pause(desk, request->pause, &error))
            tell(self, (News){.signal = TROUBLE, .error = error});
        tell(self, (News){.signal = NOW, .now = app_desk_now(desk)});
        break;
    case STAGE:
        stage(self, desk, request);
        break;
    case SCENARIO:
        answer_scenario(desk, request);
        break;
    case ROSTER:
        answer_roster(desk, request);
        break;
    case QUIT:
        break;
    }
}

/* Follows the store; true when what is shown has changed. */
static bool follow(AppSession *self, AppDesk *desk, GError **error)
{
    bool news = false, renewed = false;
    g_autoptr(GArray) arrived = g_array_new(FALSE, FALSE, sizeof(int64_t));
    if (!app_desk_follow(desk, &news, &renewed, arrived, error))
        return false;
    if (news)
        tell(self, (News){.signal = NOW, .now = app_desk_now(desk)});
    if (renewed)
        tell(self, (News){.signal = RENEWED});
    for (guint i = 0; i < arrived->len; i++)
        tell(self, (News){.signal = ARRIVED, .id = g_array_index(arrived, int64_t, i)});
    return true;
}

/* A fault of the disk is told once, not four times a second; again when it had gone. */
static void tell_once(AppSession *self, GError *error, char **last)
{
    if (g_strcmp0(*last, error->message) == 0) {
        g_error_free(error);
        return;
    }
    g_free(*last);
    *last = g_strdup(error->message);
    tell(self, (News){.signal = TROUBLE, .error = error});
}

static bool tick(AppSession *self, AppDesk *desk, GError **error)
{
    app_desk_listen(desk);
    if (!app_desk_tick(desk, error) || !app_desk_raise(desk, error))
        return false;
    tell(self, (News){.signal = NOW, .now = app_desk_now(desk)});
    return true;
}

static void serve(AppSession *self, AppDesk *desk)
{
    gint64 next_poll = 0, next_tick = 0;
    g_autofree char *last_follow = NULL, *last_tick = NULL; /* each has faults of its own */
    for (;;) {
        gint64 wait = MIN(next_poll, next_tick) - g_get_monotonic_time();
        Request *request = g_async_queue_timeout_pop(self->requests, (guint64)MAX(wait, 1));
        bool quit = request && request->want == QUIT;
        GError *error = NULL;
        if (request && !quit)
            answer(self, desk, request);
        bool acted = request && request->want >= TAKE && request->want != PAUSE;
        if (request)
            request_free(request);
        if (quit)
            return;
        gint64 now = g_get_monotonic_time();
        if (acted || now >= next_poll) {
            next_poll = now + POLL_US;
            if (!follow(self, desk, &error))
                tell_once(self, g_steal_pointer(&error), &last_follow);
            else
                g_clear_pointer(&last_follow, g_free);
        }
        if (now >= next_tick) {
            next_tick = MAX(next_tick + TICK_US, now + TICK_US / 4);
            if (!tick(self, desk, &error))
                tell_once(self, g_steal_pointer(&error), &last_tick);
            else
                g_clear_pointer(&last_tick, g_free);
        }
    }
}

/* Cancelled answers for whoever still waits. */
static void drain(AppSession *self)
{
    Request *request;
    while ((request = g_async_queue_try_pop(self->requests))) {
        if (request->task)
            g_task_return_new_error(request->task, G_IO_ERROR, G_IO_ERROR_CANCELLED,
                                    "the city is being closed");
        request_free(request);
    }
}

/* Of a city that could not be loaded nothing can be answered; who asks is told so. */
static void wait_for_quit(AppSession *self)
{
    for (bool quit = false; !quit;) {
        Request *request = g_async_queue_pop(self->requests);
        quit = request->want == QUIT;
        if (request->task)
            g_task_return_new_error(request->task, GEO_ERROR, GEO_ERROR_MISSING,
                                    "the city could not be loaded");
        request_free(request);
    }
}

static gpointer run(gpointer data)
{
    AppSession *self = data;
    GError *error = NULL;
    AppCity *city = NULL;
    g_autoptr(AppDesk) desk = app_desk_open(self->path, self->sight, &city, &error);
    if (desk)
        tell(self, (News){.signal = OPENED, .city = city});
    if (desk && app_desk_load(desk, &error)) {
        tell(self, (News){.signal = NOW, .now = app_desk_now(desk)});
        if (!app_desk_begin_simulation(desk, self->path, &error))
            tell(self, (News){.signal = TROUBLE, .error = g_steal_pointer(&error)});
        g_atomic_int_set(&self->can_simulate, desk->simulate != NULL);
        serve(self, desk);
    } else {
        tell(self, (News){.signal = FAILED, .error = error});
        wait_for_quit(self);
    }
    drain(self);
    g_object_unref(self);
    return NULL;
}

/* ---- the main thread ---- */

AppSession *app_session_new(const char *path, AppSightWish sight)
{
    AppSession *self = g_object_new(APP_TYPE_SESSION, NULL);
    self->path = g_strdup(path);
    self->sight = sight;
    self->thread = g_thread_new("session", run, g_object_ref(self));
    return self;
}

static void ask(AppSession *self, Request what)
{
    if (!self->closed) {
        g_async_queue_push(self->requests, g_memdup2(&what, sizeof what));
        return;
    }
    if (what.task)
        g_task_return_new_error(what.task, G_IO_ERROR, G_IO_ERROR_CANCELLED, "the city is closed");
    g_clear_object(&what.task);
    geo_batch_free(what.batch);
    app_scenario_act_clear(&what.plan);
    app_cast_unref(what.cast);
    geo_playwindow_unref(what.earlier);
    g_free(what.purpose);
    app_roster_act_clear(&what.roster);
}

void app_session_close(AppSession *self)
{
    if (self->closed)
        return;
    ask(self, (Request){.want = QUIT});
    self->closed = true;
    g_thread_join(g_steal_pointer(&self->thread));
    drain(self);
}

const AppCity *app_session_city(AppSession *self)
{
    return self->city;
}

AppNow *app_session_now(AppSession *self)
{
    return self->shown ? self->shown : self->now;
}

void app_session_show(AppSession *self, AppNow *now)
{
    AppNow *before = self->shown;
    if (!before && !now)
        return;
    self->shown = now ? app_now_ref(now) : NULL;
    app_now_unref(before);
    if (!self->closed && app_session_now(self))
        g_signal_emit(self, signals[NOW], 0);
}

void app_session_ask_cast(AppSession *self, int64_t from_ms, int64_t to_ms,
                          GCancellable *cancellable, GAsyncReadyCallback done, gpointer user)
{
    ask(self, (Request){.want = ASK_CAST,
                        .task = g_task_new(self, cancellable, done, user),
                        .from_ms = from_ms,
                        .to_ms = to_ms});
}

AppCast *app_session_ask_cast_finish(AppSession *self, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void app_session_ask_window(AppSession *self, AppCast *cast, int64_t at_ms, GeoPlayWindow *earlier,
                            GCancellable *cancellable, GAsyncReadyCallback done, gpointer user)
{
    ask(self, (Request){.want = ASK_WINDOW,
                        .task = g_task_new(self, cancellable, done, user),
                        .cast = app_cast_ref(cast),
                        .from_ms = at_ms,
                        .earlier = earlier});
}

GeoPlayWindow *app_session_ask_window_finish(AppSession *self, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void app_session_ask_purpose(AppSession *self, int64_t unit_id, int64_t from_ms, int64_t to_ms,
                             const char *purpose, GAsyncReadyCallback done, gpointer user)
{
    ask(self, (Request){.want = ASK_PURPOSE,
                        .task = g_task_new(self, NULL, done, user),
                        .unit_id = unit_id,
                        .from_ms = from_ms,
                        .to_ms = to_ms,
                        .purpose = g_strdup(purpose)});
}

bool app_session_ask_purpose_finish(AppSession *self, GAsyncResult *result, GError **error)
{
    return g_task_propagate_boolean(G_TASK(result), error);
}

/* What is past cannot be acted on. */
static bool refuse_past(AppSession *self, GAsyncReadyCallback done, gpointer user)
{
    if (!self->shown)
        return false;
    g_autoptr(GTask) task = g_task_new(self, NULL, done, user);
    g_task_return_new_error(task, GEO_ERROR, GEO_ERROR_REFUSED, "%s",
                            _("This is a playback: End goes back to live first."));
    return true;
}

void app_session_ask_here(AppSession *self, GeoLonLat at, int64_t incident_id,
                          GCancellable *cancellable, GAsyncReadyCallback done, gpointer user)
{
    ask(self, (Request){.want = ASK_HERE,
                        .task = g_task_new(self, cancellable, done, user),
                        .at = at,
                        .incident_id = incident_id});
}

AppHere *app_session_ask_here_finish(AppSession *self, GAsyncResult *result, GError **error)
{
    AppHere *here = g_task_propagate_pointer(G_TASK(result), error);
    /* Who would come now is no answer about then. */
    if (here && self->shown) {
        g_array_set_size(here->comers, 0);
        g_array_set_size(here->left_out, 0);
    }
    return here;
}

void app_session_take_incident(AppSession *self, GeoBatch *incident, GAsyncReadyCallback done,
                               gpointer user)
{
    if (self->shown)
        geo_batch_free(incident);
    if (refuse_past(self, done, user))
        return;
    ask(self,
        (Request){.want = TAKE, .task = g_task_new(self, NULL, done, user), .batch = incident});
}

void app_session_dispatch(AppSession *self, int64_t incident_id, int64_t unit_id,
                          GAsyncReadyCallback done, gpointer user)
{
    if (refuse_past(self, done, user))
        return;
    ask(self, (Request){.want = DISPATCH,
                        .task = g_task_new(self, NULL, done, user),
                        .incident_id = incident_id,
                        .unit_id = unit_id});
}

void app_session_undo(AppSession *self, GAsyncReadyCallback done, gpointer user)
{
    if (refuse_past(self, done, user))
        return;
    ask(self, (Request){.want = UNDO, .task = g_task_new(self, NULL, done, user)});
}

bool app_session_act_finish(AppSession *self, GAsyncResult *result, char **said, GError **error)
{
    g_autofree char *words = g_task_propagate_pointer(G_TASK(result), error);
    if (!words)
        return false;
    if (said)
        *said = g_steal_pointer(&words);
    return true;
}

void app_session_scenario(AppSession *self, AppScenarioAct act, GAsyncReadyCallback done,
                          gpointer user)
{
    ask(self, (Request){.want = SCENARIO, .task = g_task_new(self, NULL, done, user), .plan = act});
}

AppScenario *app_session_scenario_finish(AppSession *self, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void app_session_roster(AppSession *self, AppRosterAct act, GAsyncReadyCallback done, gpointer user)
{
    ask(self, (Request){.want = ROSTER, .task = g_task_new(self, NULL, done, user), .roster = act});
}

AppRoster *app_session_roster_finish(AppSession *self, GAsyncResult *result, GError **error)
{
    return g_task_propagate_pointer(G_TASK(result), error);
}

void app_session_pause(AppSession *self, bool pause)
{
    ask(self, (Request){.want = PAUSE, .pause = pause});
}

bool app_session_can_simulate(AppSession *self)
{
    return g_atomic_int_get(&self->can_simulate);
}

void app_session_stage(AppSession *self, GeoLonLat at, const GeoBounds *bounds)
{
    if (self->shown)
        return;
    ask(self, (Request){.want = STAGE, .at = at, .bounds = *bounds});
}

/* ---- life ---- */

static void finalize(GObject *object)
{
    AppSession *self = APP_SESSION(object);
    app_city_free(self->city);
    app_now_unref(self->now);
    app_now_unref(self->shown);
    g_async_queue_unref(self->requests);
    g_free(self->path);
    G_OBJECT_CLASS(app_session_parent_class)->finalize(object);
}

static guint add_signal(const char *name, guint n_types, GType type)
{
    return g_signal_new(name, APP_TYPE_SESSION, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                        n_types, type);
}

static void app_session_class_init(AppSessionClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[OPENED] = add_signal("opened", 0, G_TYPE_NONE);
    signals[FAILED] = add_signal("failed", 1, G_TYPE_ERROR);
    signals[NOW] = add_signal("now", 0, G_TYPE_NONE);
    signals[ARRIVED] = add_signal("arrived", 1, G_TYPE_INT64);
    signals[RENEWED] = add_signal("renewed", 0, G_TYPE_NONE);
    signals[TROUBLE] = add_signal("trouble", 1, G_TYPE_STRING);
}

static void app_session_init(AppSession *self)
{
    self->requests = g_async_queue_new();
}
