/* SPDX-License-Identifier: GPL-3.0-or-later */
/* replay CITY FILE: a file's positions come in as if they were live, at any speed. */
#include "app/ctl/replay.h"

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ctl/city.h"
#include "app/ctl/trackfile.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"

#define STEP_US 250000 /* positions are written four times a second */

static const AppOption options[] = {
    {"speed", "X", "times as fast as the clock; 0: at once (1)"},
    {"from", "TIME", "positions at or after"},
    {"to", "TIME", "positions before"},
    {"keep-times", NULL, "at their own times; else moved so that the last is now when it ends"},
    {"unit", "UNIT", "whose the file is, where no column says it"},
    {"encoding", "NAME", "of the file's texts: GB18030, CP949 ..."},
    {"zone", "TZ", "of times without an offset (the city's)"},
    {"make-units", NULL, "units that the city does not know become its own"},
    {NULL, NULL, NULL},
};

typedef struct {
    double speed;
    gint64 from_ms, to_ms; /* of the file's own time */
    int64_t shift_ms;
} Plan;

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    stopped = 1;
}

static bool read_plan(const AppArgs *args, const char *zone, Plan *plan, GError **error)
{
    *plan = (Plan){.speed = 1, .from_ms = G_MININT64, .to_ms = G_MAXINT64};
    if (!app_args_number(args, "speed", &plan->speed, error) ||
        !app_when_option(args, "from", zone, &plan->from_ms, error) ||
        !app_when_option(args, "to", zone, &plan->to_ms, error))
        return false;
    if (plan->speed >= 0 && plan->speed <= 1e6 && plan->from_ms < plan->to_ms)
        return true;
    g_set_error_literal(error, APP_USAGE, 0,
                        "--speed takes a number from 0 to 1000000, --from lies before --to");
    return false;
}

/* The file's time at this moment of the replay. */
static int64_t file_time(const Plan *plan, int64_t begin_ms, gint64 begun_us)
{
    if (plan->speed == 0)
        return plan->to_ms;
    double gone_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    return begin_ms + (int64_t)(gone_ms * plan->speed);
}

static bool play(GeoTrackPlay *tracks, GeoStore *store, const Plan *plan, bool talk, GError **error)
{
    gint64 begun_us = g_get_monotonic_time();
    int64_t first_ms, next_ms;
    size_t waiting;
    if (!geo_trackplay_next(tracks, &first_ms))
        return true;
    int64_t begin_ms = first_ms - plan->shift_ms;
    while (!stopped && geo_trackplay_next(tracks, &next_ms) &&
           next_ms - plan->shift_ms < plan->to_ms) {
        int64_t due_ms = MIN(file_time(plan, begin_ms, begun_us), plan->to_ms - 1);
        /* All at once is still a step at a time, so that Ctrl+C is heard. */
        if (plan->speed == 0)
            due_ms = MIN(due_ms, next_ms - plan->shift_ms + 300000);
        GeoAct act = geo_act_local(NULL, app_when_now_ms());
        if (!geo_trackplay_step(tracks, due_ms + plan->shift_ms, &waiting, error) ||
            !geo_trackplay_write(tracks, store, &act, error))
            return false;
        if (talk)
            fprintf(stderr, "\r%zu positions written   ", geo_trackplay_done(tracks)->kept);
        if (plan->speed > 0)
            g_usleep(STEP_US);
    }
    if (talk)
        fputc('\n', stderr);
    return true;
}

static void print(const AppArgs *args, const GeoTrackFile *file, const GeoTrackFileDone *done,
                  const char *zone, size_t made_units)
{
    if (!app_args_has(args, "json")) {
        app_trackfile_print(geo_trackfile_report(file), done, zone);
        return;
    }
    JsonBuilder *json = app_report_new("replay");
    app_trackfile_put(json, geo_trackfile_report(file), done, zone);
    app_report_integer(json, "made_units", (gint64)made_units);
    app_report_print(json);
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, true, error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    Plan plan;
    size_t made_units = 0;
    if (!read_plan(args, zone, &plan, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoTrackFile) file = app_trackfile_read(args, 1, zone, NULL, error);
    if (!file)
        return APP_EXIT_DATA;
    GeoAct act = app_city_act();
    if (app_args_has(args, "make-units") &&
        !geo_trackfile_make_units(file, store, &act, &made_units, error))
        return APP_EXIT_DATA;
    const GeoTrackFileReport *report = geo_trackfile_report(file);
    if (!app_args_has(args, "keep-times"))
        plan.shift_ms = app_when_now_ms() - MAX(report->from_ms, plan.from_ms);
    if (plan.shift_ms != 0 && plan.speed != 1) { /* the last one is now: none lies in the future */
        double lead = plan.speed == 0 ? 1 : MAX(1 - 1 / plan.speed, 0);
        int64_t end_ms = MIN(report->to_ms, plan.to_ms);
        plan.shift_ms -= (int64_t)(lead * (double)(end_ms - MAX(report->from_ms, plan.from_ms)));
    }
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    g_autoptr(GeoTrackPlay) tracks =
        geo_trackplay_new(file, store, plan.from_ms, plan.to_ms, plan.shift_ms, error);
    bool talk = !app_args_has(args, "json") && isatty(STDERR_FILENO);
    if (!tracks || !play(tracks, store, &plan, talk, error))
        return APP_EXIT_DATA;
    print(args, file, geo_trackplay_done(tracks), zone, made_units);
    return APP_EXIT_OK;
}

const AppCommand app_replay_command = {
    .name = "replay",
    .places = "CITY FILE",
    .summary = "let a file's positions come in as if they were live",
    .min_places = 2,
    .max_places = 2,
    .options = options,
    .run = run,
};
