/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The session and the jobs on a small demo city, without a display. */
#include "app/session/jobs.h"
#include "app/session/session.h"
#include "app/session/survey.h"
#include "geo/work/demo.h"
#include "tests/geo/fresh-city.h"

#define LIMIT_S 30

typedef struct {
    char *folder, *path;
    AppSession *session;
    guint arrived, renewed, failed;
    gint64 last;
    AppHere *here;
    char *said, *refused;
    guint answers;
} Desk;

static gboolean never(gpointer data)
{
    g_error("nothing came within %d s", LIMIT_S);
    return G_SOURCE_REMOVE;
}

/* Turns the main loop until the condition holds. */
#define UNTIL(condition)                                                                           \
    do {                                                                                           \
        guint limit = g_timeout_add_seconds(LIMIT_S, never, NULL);                                 \
        while (!(condition))                                                                       \
            g_main_context_iteration(NULL, TRUE);                                                  \
        g_source_remove(limit);                                                                    \
    } while (0)

static void make_city(Desk *desk, bool with_demo)
{
    g_autoptr(GError) error = NULL;
    desk->folder = g_dir_make_tmp("gridbeat-XXXXXX", &error);
    g_assert_no_error(error);
    desk->path = g_build_filename(desk->folder, "city.gridbeat", NULL);
    GeoCity city = geo_demo_city();
    GeoDemoOptions options = {.scale = 0.01, .seed = 1};
    g_autoptr(GeoStore) store = geo_store_create(desk->path, &city, &error);
    g_assert_no_error(error);
    if (with_demo)
        g_assert_true(geo_demo_make(store, &options, NULL, &error));
}

static void on_arrived(Desk *desk, gint64 id)
{
    desk->arrived++;
    desk->last = id;
}

static void on_renewed(Desk *desk)
{
    desk->renewed++;
}

static void on_failed(Desk *desk, const GError *error)
{
    g_assert_nonnull(error);
    desk->failed++;
}

static void open_desk(Desk *desk)
{
    desk->session = app_session_new(desk->path, APP_SIGHT_USUAL);
    g_signal_connect_swapped(desk->session, "arrived", G_CALLBACK(on_arrived), desk);
    g_signal_connect_swapped(desk->session, "renewed", G_CALLBACK(on_renewed), desk);
    g_signal_connect_swapped(desk->session, "failed", G_CALLBACK(on_failed), desk);
}

static void end_desk(Desk *desk)
{
    if (desk->session)
        app_session_close(desk->session);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_clear_object(&desk->session);
    app_here_free(desk->here);
    g_free(desk->said);
    g_free(desk->refused);
    fresh_remove(desk->folder);
    g_free(desk->folder);
    g_free(desk->path);
}

static void on_here(GObject *source, GAsyncResult *result, gpointer data)
{
    Desk *desk = data;
    g_autoptr(GError) error = NULL;
    app_here_free(desk->here);
    desk->here = app_session_ask_here_finish(APP_SESSION(source), result, &error);
    desk->answers++;
}

static void on_act(GObject *source, GAsyncResult *result, gpointer data)
{
    Desk *desk = data;
    g_autoptr(GError) error = NULL;
    g_clear_pointer(&desk->said, g_free);
    g_clear_pointer(&desk->refused, g_free);
    if (!app_session_act_finish(APP_SESSION(source), result, &desk->said, &error))
        desk->refused = g_strdup(error->message);
    desk->answers++;
}

static void ask(Desk *desk, GeoLonLat at, int64_t incident)
{
    guint before = desk->answers;
    app_session_ask_here(desk->session, at, incident, NULL, on_here, desk);
    UNTIL(desk->answers > before);
}

static void act(Desk *desk, int64_t incident, int64_t unit)
{
    guint before = desk->answers;
    if (incident)
        app_session_dispatch(desk->session, incident, unit, on_act, desk);
    else
        app_session_undo(desk->session, on_act, desk);
    UNTIL(desk->answers > before);
}

/* The scripted incident of the middle of the city, once it is in the queue. */
static const AppIncident *stage(Desk *desk)
{
    GeoLonLat at = app_session_city(desk->session)->middle;
    GeoBounds nowhere = {0, 0, 0, 0};
    app_session_stage(desk->session, at, &nowhere);
    UNTIL(desk->arrived > 0);
    UNTIL(app_now_incident(app_session_now(desk->session), desk->last));
    return app_now_incident(app_session_now(desk->session), desk->last);
}

static void a_demo_lives_and_waits_when_told(void)
{
    Desk desk = {0};
    make_city(&desk, true);
    open_desk(&desk);
    UNTIL(app_session_now(desk.session) &&
          app_session_now(desk.session)->time == APP_TIME_SIMULATION);
    int64_t first_ms = app_session_now(desk.session)->at_ms;
    g_assert_cmpint(app_session_now(desk.session)->n_on_duty, >, 0);
    g_assert_nonnull(app_session_now(desk.session)->trails);
    UNTIL(app_session_now(desk.session)->at_ms > first_ms + 1000);
    app_session_pause(desk.session, true);
    UNTIL(app_session_now(desk.session)->time == APP_TIME_PAUSED);
    /* What is on screen is in the store while it waits. */
    g_autoptr(GeoStore) other = geo_store_open(desk.path, NULL, NULL);
    int64_t newest = 0;
    g_assert_true(geo_store_last_fix_at(other, &newest, NULL));
    g_assert_cmpint(newest, ==, app_session_now(desk.session)->at_ms);
    end_desk(&desk);
}

static void the_ranking_is_that_of_the_core(void)
{
    Desk desk = {0};
    g_autoptr(GError) error = NULL;
    make_city(&desk, true);
    open_desk(&desk);
    UNTIL(app_session_now(desk.session) && app_session_can_simulate(desk.session));
    app_session_pause(desk.session, true);
    UNTIL(app_session_now(desk.session)->time == APP_TIME_PAUSED);
    GeoLonLat at = app_session_city(desk.session)->middle;
    ask(&desk, at, 0);
    g_autoptr(GeoStore) store = geo_store_open(desk.path, NULL, &error);
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(store)->epsg, &error);
    g_autoptr(GeoNetwork) network = geo_network_load(store, frame, NULL, &error);
    int64_t at_ms = app_session_now(desk.session)->at_ms; /* both mind the hour */
    g_assert_true(geo_network_set_now(network, store, at_ms, at_ms, &error));
    GeoFleetOptions options = {0};
    g_autoptr(GeoFleet) fleet = geo_fleet_load(store, frame, network, &options, NULL, &error);
    g_autoptr(GeoFleetAnswer) answer = geo_fleet_nearest(fleet, at, 5, true, 8);
    g_assert_cmpuint(desk.here->comers->len, ==, answer->hits->len);
    g_assert_cmpuint(answer->hits->len, >, 0);
    for (guint i = 0; i < answer->hits->len; i++) {
        const GeoFleetHit *hit = &g_array_index(answer->hits, GeoFleetHit, i);
        const AppComer *comer = &g_array_index(desk.here->comers, AppComer, i);
        g_assert_cmpint(comer->id, ==, geo_fleet_unit(fleet, hit->unit)->id);
        g_assert_cmpfloat_with_epsilon(comer->travel_s, hit->travel_s, 0.05);
    }
    end_desk(&desk);
}

static void a_dispatch_is_done_once_and_taken_back(void)
{
    Desk desk = {0};
    make_city(&desk, true);
    open_desk(&desk);
    UNTIL(app_session_can_simulate(desk.session) && app_session_now(desk.session));
    int64_t id = stage(&desk)->id;
    ask(&desk, app_now_incident(app_session_now(desk.session), id)->at, id);
    g_assert_cmpuint(desk.here->comers->len, >, 0);
    int64_t unit = g_array_index(desk.here->comers, AppComer, 0).id;
    act(&desk, id, unit);
    g_assert_nonnull(desk.said);
    UNTIL(app_now_incident(app_session_now(desk.session), id)->units);
    g_assert_cmpint(app_now_incident(app_session_now(desk.session), id)->state, ==,
                    GEO_INCIDENT_DISPATCHED);
    const AppNow *now = app_session_now(desk.session);
    for (size_t i = 0; i < now->n_queue; i++) /* Ctrl+Z is offered where it acts */
        g_assert_true(now->queue[i].may_undo == (now->queue[i].id == id));
    act(&desk, id, unit);
    g_assert_nonnull(desk.refused); /* it is there already */
    act(&desk, 0, 0);
    g_assert_nonnull(desk.said);
    UNTIL(!app_now_incident(app_session_now(desk.session), id)->units);
    g_assert_cmpint(app_now_incident(app_session_now(desk.session), id)->state, ==,
                    GEO_INCIDENT_RECEIVED);
    g_assert_false(app_now_incident(app_session_now(desk.session), id)->may_undo);
    act(&desk, 0, 0);
    g_assert_nonnull(desk.refused); /* nothing is left to take back */
    end_desk(&desk);
}

static void what_another_process_does_is_seen(void)
{
    Desk desk = {0};
    g_autoptr(GError) error = NULL;
    make_city(&desk, true);
    open_desk(&desk);
    UNTIL(app_session_now(desk.session));
    g_autoptr(GeoStore) other = geo_store_open(desk.path, NULL, &error);
    g_assert_no_error(error);
    int64_t now_ms = app_session_now(desk.session)->at_ms;
    GeoAct act_of_other = geo_act_local(NULL, now_ms);
    g_autoptr(GeoBatch) call = geo_batch_new(GEO_KIND_INCIDENT);
    GeoIncident *row = fresh_row(call, 4711, "4711");
    row->at_ms = now_ms;
    row->priority = 1;
    GeoLonLat at = app_session_city(desk.session)->middle;
    geo_batch_set_point(call, at.lon, at.lat);
    g_assert_true(geo_store_take_incident(other, &act_of_other, call, &error));
    UNTIL(app_now_incident(app_session_now(desk.session), 4711));
    g_assert_cmpint(app_now_incident(app_session_now(desk.session), 4711)->priority, ==, 1);
    end_desk(&desk);
}

/* Whether the unit is shown with a position that new. */
static bool is_shown(Desk *desk, int64_t unit_id, double age_s)
{
    const AppNow *now = app_session_now(desk->session);
    for (size_t i = 0; now && i < now->n_units; i++)
        if (now->who[i].id == unit_id && now->units[i].age_s <= age_s)
            return true;
    return false;
}

static void put_fix(GeoStore *store, int64_t unit_id, int64_t at_ms)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, at_ms);
    GeoFix fix = {unit_id, at_ms, 117.28, 31.86, NAN, NAN, NAN};
    size_t refused = 0;
    geo_store_ingest_fixes(store, &act, &fix, 1, &refused, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(refused, ==, 0);
}

/* A fleet's fixes of one second come over a second, and a slow line brings them later. */
static void a_position_that_comes_late_is_seen(void)
{
    Desk desk = {0};
    g_autoptr(GError) error = NULL;
    int64_t now_ms = g_get_real_time() / 1000 / 1000 * 1000;
    make_city(&desk, false);
    g_autoptr(GeoStore) other = geo_store_open(desk.path, NULL, &error);
    g_assert_no_error(error);
    fresh_import(other, 100, fresh_points(GEO_KIND_UNIT, 11, 2)); /* without a status */
    put_fix(other, 11, now_ms - 60000);
    put_fix(other, 12, now_ms - 60000);
    open_desk(&desk);
    UNTIL(is_shown(&desk, 12, 600));
    put_fix(other, 11, now_ms - 2000);
    UNTIL(app_session_now(desk.session)->at_ms >= now_ms - 2000);
    g_assert_false(is_shown(&desk, 12, 30));
    put_fix(other, 12, now_ms - 3000);
    put_fix(other, 11, now_ms - 1000);
    UNTIL(is_shown(&desk, 12, 30));
    end_desk(&desk);
}

static void a_real_city_gets_no_invented_incident(void)
{
    Desk desk = {0};
    make_city(&desk, false);
    open_desk(&desk);
    UNTIL(app_session_now(desk.session));
    GeoBounds all = {-180, -90, 180, 90};
    app_session_stage(desk.session, (GeoLonLat){117.28, 31.86}, &all);
    ask(&desk, (GeoLonLat){117.28, 31.86}, 0); /* answered after it */
    g_assert_cmpuint(desk.arrived, ==, 0);
    g_assert_cmpuint(app_session_now(desk.session)->n_queue, ==, 0);
    g_assert_cmpuint(desk.here->comers->len, ==, 0);
    end_desk(&desk);
}

static void a_missing_city_fails_in_words(void)
{
    Desk desk = {.folder = g_strdup("/nonexistent"), .path = g_strdup("/nonexistent/x.gridbeat")};
    open_desk(&desk);
    UNTIL(desk.failed == 1);
    end_desk(&desk);
}

static void closing_answers_who_still_waits(void)
{
    Desk desk = {0};
    make_city(&desk, true);
    open_desk(&desk);
    UNTIL(app_session_now(desk.session));
    for (int i = 0; i < 20; i++)
        app_session_ask_here(desk.session, app_session_city(desk.session)->middle, 0, NULL, on_here,
                             &desk);
    app_session_close(desk.session);
    UNTIL(desk.answers == 20);
    end_desk(&desk);
}

/* ---- jobs ---- */

typedef struct {
    gint begun, done, failed;
} Watch;

static gpointer endless(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    Watch *watch = data;
    g_atomic_int_inc(&watch->begun);
    while (geo_progress_step(progress, 0.5, error))
        g_usleep(1000);
    return NULL;
}

static gpointer quick(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    return g_strdup(geo_store_city(store)->name);
}

static void on_done(gpointer result, const GError *error, gpointer user)
{
    Watch *watch = user;
    watch->done += result != NULL;
    watch->failed += error != NULL;
    g_free(result);
}

static void a_job_is_cancelled_and_the_next_one_runs(void)
{
    Desk desk = {0};
    Watch watch = {0};
    make_city(&desk, false);
    AppJobs *jobs = app_jobs_new(desk.path);
    app_jobs_add(jobs, "endless", endless, &watch, g_free, on_done, &watch);
    app_jobs_add(jobs, "quick", quick, NULL, g_free, on_done, &watch);
    UNTIL(g_atomic_int_get(&watch.begun) == 1);
    double share;
    g_assert_cmpstr(app_jobs_running(jobs, &share), ==, "endless");
    app_jobs_cancel(jobs);
    UNTIL(watch.done == 1);
    g_assert_cmpint(watch.failed, ==, 1);
    app_jobs_close(jobs);
    g_object_unref(jobs);
    end_desk(&desk);
}

static void closing_ends_what_runs(void)
{
    Desk desk = {0};
    Watch watch = {0};
    make_city(&desk, false);
    AppJobs *jobs = app_jobs_new(desk.path);
    app_jobs_add(jobs, "endless", endless, &watch, g_free, on_done, &watch);
    app_jobs_add(jobs, "quick", quick, NULL, g_free, on_done, &watch);
    UNTIL(g_atomic_int_get(&watch.begun) == 1);
    app_jobs_close(jobs);
    while (g_main_context_iteration(NULL, FALSE))
        ;
    g_assert_cmpint(watch.done + watch.failed, ==, 0);
    g_object_unref(jobs);
    end_desk(&desk);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/session/a-demo-lives-and-waits-when-told", a_demo_lives_and_waits_when_told);
    g_test_add_func("/session/the-ranking-is-that-of-the-core", the_ranking_is_that_of_the_core);
    g_test_add_func("/session/a-dispatch-is-done-once-and-taken-back",
                    a_dispatch_is_done_once_and_taken_back);
    g_test_add_func("/session/what-another-process-does-is-seen",
                    what_another_process_does_is_seen);
    g_test_add_func("/session/a-position-that-comes-late-is-seen",
                    a_position_that_comes_late_is_seen);
    g_test_add_func("/session/a-real-city-gets-no-invented-incident",
                    a_real_city_gets_no_invented_incident);
    g_test_add_func("/session/a-missing-city-fails-in-words", a_missing_city_fails_in_words);
    g_test_add_func("/session/closing-answers-who-still-waits", closing_answers_who_still_waits);
    g_test_add_func("/jobs/a-job-is-cancelled-and-the-next-one-runs",
                    a_job_is_cancelled_and_the_next_one_runs);
    g_test_add_func("/jobs/closing-ends-what-runs", closing_ends_what_runs);
    return g_test_run();
}
