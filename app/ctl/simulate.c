/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/simulate.h"

#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "app/ctl/city.h"
#include "app/ctl/moment.h"
#include "app/ctl/report.h"
#include "app/ctl/sending.h"
#include "app/ctl/when.h"
#include "geo/work/simulate.h"

#define DEFAULT_MINUTES 30
#define MS_PER_MINUTE 60000

static const AppOption options[] = {
    {"units", "N", "so many units; a city without units gets synthetic ones (the fleet on duty)"},
    {"everybody", NULL, "units that are off duty too"},
    {"place-only", NULL, "one position each, now, and stop"},
    {"speed", "X", "times as fast as the clock; 0: at once (1)"},
    {"minutes", "M", "of simulated time (until Ctrl+C; 30 at other speeds)"},
    {"step", "SECONDS", "between positions (30)"},
    {"at", "TIME", "when it begins (so that it ends by the clock; a demo: its own time)"},
    {"seed", "N", "the same seed walks the same ways (1)"},
    {"late", "SHARE", "of the units that report only every fourth time (0.03; 0 when sending)"},
    {"silent", "SHARE", "of the units that fall silent for good (0.01; 0 when sending)"},
    {"jt808", "HOST:PORT", "write nothing: send as JT/T 808 terminals, each on its connection"},
    {"http", "URL", "write nothing: send as phones, http://HOST:PORT/ (?token=CODE)"},
    {"mqtt", "URL", "write nothing: send as gateways to a broker, mqtt://HOST:PORT"},
    {"shape", "WORD", "osmand or traccar-client by HTTP; emqx or owntracks by MQTT (the first)"},
    {"interval", "SECONDS", "between two positions that a unit sends (10)"},
    {"edition", "YEAR", "of JT/T 808: 2013 or 2019 (2019)"},
    {"qos", "N", "of MQTT: 0 or 1 (1)"},
    {"connections", "N", "that units share: HTTP (one each), MQTT (8)"},
    {"lost-signal", "SHARE", "of the units that lose their signal now and then, and send late (0)"},
    {"lost-seconds", "S", "for so long of ten times so long (30)"},
    {"check", "FOLDER", "the feed's city: is all that was acknowledged in it?"},
    {NULL, NULL, NULL},
};

typedef struct {
    GeoSimulateOptions run;
    double speed;
    bool endless;
    bool sends;     /* over connections, and writes nothing */
    double minutes; /* NAN: endless */
    int64_t at_ms;  /* as asked for; 0: not */
    bool own_clock; /* a demo lives at its own time, wherever the wall's clock stands */
} Plan;

static volatile sig_atomic_t stopped;

static void stop(int signal_number)
{
    stopped = 1;
}

/* When a run of span_ms begins that is to end now. */
static bool choose_start(GeoStore *store, double span_ms, Plan *plan, GError **error)
{
    g_autoptr(GError) problem = NULL;
    g_autofree char *demo = geo_store_dup_setting(store, "demo_now_ms", &problem);
    if (problem) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return false;
    }
    plan->own_clock = demo != NULL && !plan->sends; /* a feed lives by the clock */
    if (plan->own_clock)
        return app_moment_of_city(store, app_when_now_ms(), &plan->run.from_ms, error);
    /* Faster than the clock, it begins in the past and ends with the clock: no position lies in
     * the future, where the store would refuse it. */
    double lead = plan->speed == 0 ? 1 : MAX(1 - 1 / plan->speed, 0);
    plan->run.from_ms = app_when_now_ms() - (int64_t)(span_ms * lead);
    return true;
}

static bool read_shares(const AppArgs *args, Plan *plan, GError **error)
{
    plan->run.share_late = plan->run.share_silent = plan->sends ? 0 : NAN;
    if (!app_args_number(args, "late", &plan->run.share_late, error) ||
        !app_args_number(args, "silent", &plan->run.share_silent, error))
        return false;
    if (plan->run.share_late < 0 || plan->run.share_silent < 0 ||
        plan->run.share_late + plan->run.share_silent > 1) {
        g_set_error_literal(error, APP_USAGE, 0, "--late and --silent are shares from 0 to 1");
        return false;
    }
    if (plan->sends && (plan->speed != 1 || plan->run.place_only)) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "what is sent is sent by the clock: without --speed and --place-only");
        return false;
    }
    return true;
}

static bool read_plan(const AppArgs *args, GeoStore *store, Plan *plan, GError **error)
{
    const char *zone = geo_store_city(store)->zone;
    gint64 units = 0, step_s = 30, seed = 1, at_ms = 0;
    double minutes = NAN;
    *plan = (Plan){.speed = 1, .sends = app_sending_is_asked(args)};
    if (!app_args_integer(args, "units", 1, 1000000, &units, error) ||
        !app_args_integer(args, "step", 1, 3600, &step_s, error) ||
        !app_args_integer(args, "seed", 0, G_MAXINT64, &seed, error) ||
        !app_args_number(args, "speed", &plan->speed, error) ||
        !app_args_number(args, "minutes", &minutes, error) ||
        (plan->sends && !app_sending_read(args, &step_s, error)) ||
        !app_when_option(args, "at", zone, &at_ms, error))
        return false;
    if (plan->speed < 0 || plan->speed > 1e6 || minutes <= 0 || minutes > 100000) {
        g_set_error_literal(error, APP_USAGE, 0, "--speed and --minutes take positive numbers");
        return false;
    }
    plan->minutes = minutes;
    plan->endless = isnan(minutes) && plan->speed == 1;
    if (isnan(minutes))
        minutes = plan->endless ? 0 : DEFAULT_MINUTES;
    plan->run = (GeoSimulateOptions){.n_units = (size_t)units,
                                     .everybody = app_args_has(args, "everybody"),
                                     .place_only = app_args_has(args, "place-only"),
                                     .step_s = step_s,
                                     .seed = (uint64_t)seed};
    if (!read_shares(args, plan, error))
        return false;
    double span_ms = plan->run.place_only ? 0 : minutes * MS_PER_MINUTE;
    if (!choose_start(store, span_ms, plan, error))
        return false;
    plan->at_ms = at_ms;
    if (at_ms)
        plan->run.from_ms = at_ms;
    plan->run.to_ms = plan->run.from_ms + (int64_t)span_ms;
    return true;
}

/* Sleeps until due, in pieces, so that Ctrl+C is heard at once. */
static void wait_until(gint64 due_us)
{
    while (!stopped && g_get_monotonic_time() < due_us)
        g_usleep((gulong)CLAMP(due_us - g_get_monotonic_time(), 0, 100000));
}

static bool run_plan(GeoSimulate *simulate, const Plan *plan, bool talk, GError **error)
{
    gint64 begun_us = g_get_monotonic_time();
    int64_t step_ms = plan->run.step_s * 1000, at_ms = plan->run.from_ms;
    for (; !stopped; at_ms += step_ms) {
        if (plan->speed > 0)
            wait_until(begun_us +
                       (gint64)((double)(at_ms - plan->run.from_ms) * 1000 / plan->speed));
        if (stopped)
            break;
        GeoAct act = geo_act_local(NULL, plan->own_clock ? at_ms : app_when_now_ms());
        if (!geo_simulate_step(simulate, &act, at_ms, error))
            return false;
        const GeoSimulateReport *report = geo_simulate_report(simulate);
        if (talk)
            fprintf(stderr, "\rtick %zu, %zu positions written", report->ticks, report->fixes);
        if (plan->run.place_only || (!plan->endless && at_ms + step_ms > plan->run.to_ms))
            break;
    }
    if (talk)
        fputc('\n', stderr);
    return true;
}

static void print_report(const GeoSimulateReport *done, const char *zone, bool json, double load_ms)
{
    g_autofree char *last = app_when_dup(done->last_ms, zone);
    if (!json) {
        printf("%zu units (%zu made), %zu ticks, %zu positions written, %zu refused; last at %s\n",
               done->units, done->made, done->ticks, done->fixes, done->refused, last);
        printf("moving %.0f ms, writing %.0f ms, loading %.0f ms\n", done->move_s * 1000,
               done->write_s * 1000, load_ms);
        return;
    }
    JsonBuilder *report = app_report_new("simulate");
    app_report_integer(report, "units", (gint64)done->units);
    app_report_integer(report, "made", (gint64)done->made);
    app_report_integer(report, "ticks", (gint64)done->ticks);
    app_report_integer(report, "fixes", (gint64)done->fixes);
    app_report_integer(report, "refused", (gint64)done->refused);
    app_report_text(report, "last", last);
    app_report_number(report, "work_ms", done->move_s * 1000, 3);
    app_report_number(report, "write_ms", done->write_s * 1000, 3);
    app_report_number(report, "load_ms", load_ms, 1);
    app_report_print(report);
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, !app_sending_is_asked(args), error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    Plan plan;
    if (!read_plan(args, store, &plan, error))
        return APP_EXIT_USAGE;
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    gint64 begun_us = g_get_monotonic_time();
    GeoAct act = geo_act_local(NULL, plan.own_clock ? plan.run.from_ms : app_when_now_ms());
    g_autoptr(GeoSimulate) simulate = geo_simulate_new(store, &act, &plan.run, NULL, error);
    if (!simulate)
        return APP_EXIT_DATA;
    if (plan.sends)
        return app_sending_run(args, store, simulate, plan.minutes, plan.at_ms, &stopped, error);
    double load_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    bool json = app_args_has(args, "json");
    if (!run_plan(simulate, &plan, !json && !plan.run.place_only && isatty(STDERR_FILENO), error))
        return APP_EXIT_DATA;
    print_report(geo_simulate_report(simulate), zone, json, load_ms);
    return APP_EXIT_OK;
}

const AppCommand app_simulate_command = {
    .name = "simulate",
    .places = "CITY",
    .summary = "move units along the roads and write their positions, or send them to a feed",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
