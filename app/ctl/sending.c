/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/sending.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "app/feed/sender.h"
#include "geo/model/error.h"

#define DEFAULT_INTERVAL_S 10
#define MS_PER_MINUTE 60000
#define CONNECT_US (120 * G_USEC_PER_SEC)
#define DRAIN_US (30 * G_USEC_PER_SEC)
#define BROKER_US (2 * G_USEC_PER_SEC) /* what a broker has taken is in the store after so long */
#define SLICE_US (G_USEC_PER_SEC / 10) /* Ctrl+C is heard so often */

typedef struct {
    const AppArgs *args;
    GeoSimulate *simulate; /* borrowed */
    const volatile sig_atomic_t *stopped;
    AppFeedSenderOptions options;
    gint64 interval_s;
    double minutes; /* NAN: endless */
    int64_t at_ms;  /* 0: the time */
    size_t n;
    AppFeedSenderUnit *units; /* owned, as all below */
    int64_t *ids;
    AppFeedSender *sender;
    int64_t begun_us, ended_us;
    double cpu_s; /* of this process, from begun to ended */
    bool talk;
} Sending;

/* ---- options ---- */

bool app_sending_is_asked(const AppArgs *args)
{
    return app_args_has(args, "jt808") || app_args_has(args, "http") || app_args_has(args, "mqtt");
}

static bool fail_usage(const char *text, GError **error)
{
    g_set_error_literal(error, APP_USAGE, 0, text);
    return false;
}

static bool read_shape(const AppArgs *args, AppFeedSenderOptions *options, GError **error)
{
    const char *jt808 = app_args_value(args, "jt808", NULL),
               *http = app_args_value(args, "http", NULL);
    const char *mqtt = app_args_value(args, "mqtt", NULL),
               *shape = app_args_value(args, "shape", NULL);
    if (!!jt808 + !!http + !!mqtt > 1)
        return fail_usage("give one of --jt808, --http and --mqtt", error);
    options->address = jt808 ? jt808 : http ? http : mqtt;
    AppFeedSenderShape first = http ? APP_FEED_SENDER_OSMAND : APP_FEED_SENDER_EMQX;
    options->shape = jt808 ? APP_FEED_SENDER_JT808 : first;
    if (!shape)
        return true;
    if (!jt808 && !strcmp(shape, app_feed_sender_words[first + 1]))
        options->shape = first + 1;
    else if (jt808 || strcmp(shape, app_feed_sender_words[first]))
        return fail_usage("--shape is osmand or traccar-client with --http, emqx or owntracks with "
                          "--mqtt",
                          error);
    return true;
}

static bool read_options(const AppArgs *args, AppFeedSenderOptions *options, GError **error)
{
    gint64 qos = 1, edition = 2019, connections = 0;
    *options = (AppFeedSenderOptions){0};
    if (!read_shape(args, options, error) || !app_args_integer(args, "qos", 0, 1, &qos, error) ||
        !app_args_integer(args, "edition", 2013, 2019, &edition, error) ||
        !app_args_integer(args, "connections", 1, 100000, &connections, error) ||
        !app_args_number(args, "lost-signal", &options->lost_share, error) ||
        !app_args_number(args, "lost-seconds", &options->lost_s, error))
        return false;
    if (options->lost_share < 0 || options->lost_share > 1 || options->lost_s < 0 ||
        options->lost_s > 3600)
        return fail_usage("--lost-signal is a share from 0 to 1, --lost-seconds at most 3600",
                          error);
    if (edition != 2013 && edition != 2019)
        return fail_usage("--edition is 2013 or 2019", error);
    options->qos = (int)qos;
    options->is_2013 = edition == 2013;
    options->connections = (size_t)connections;
    options->lost_every_s = 10 * options->lost_s;
    return true;
}

bool app_sending_read(const AppArgs *args, gint64 *interval_s, GError **error)
{
    AppFeedSenderOptions options;
    *interval_s = DEFAULT_INTERVAL_S;
    return read_options(args, &options, error) &&
           app_args_integer(args, "interval", 1, 3600, interval_s, error);
}

/* ---- the run ---- */

static double cpu_s(void)
{
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (double)(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
           (double)(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / G_USEC_PER_SEC;
}

static void tell(const Sending *sending, const char *doing)
{
    if (!sending->talk)
        return;
    AppFeedSenderReport report = app_feed_sender_report(sending->sender);
    fprintf(stderr,
            "\r%s: %zu of %zu connections, %" G_GUINT64_FORMAT " sent, %" G_GUINT64_FORMAT
            " acknowledged, %" G_GUINT64_FORMAT " waiting   ",
            doing, report.ready, report.connections, report.fixes.said, report.fixes.acknowledged,
            report.waiting);
}

static void turn_until(const Sending *sending, int64_t until_us)
{
    while (!*sending->stopped && g_get_monotonic_time() < until_us)
        app_feed_sender_turn(sending->sender, MIN(until_us, g_get_monotonic_time() + SLICE_US));
}

static bool connect_all(const Sending *sending, GError **error)
{
    int64_t until_us = g_get_monotonic_time() + CONNECT_US;
    do {
        app_feed_sender_turn(sending->sender, g_get_monotonic_time() + SLICE_US);
        tell(sending, "connecting");
        AppFeedSenderReport report = app_feed_sender_report(sending->sender);
        if (report.opened == 0 && report.failed >= report.connections) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "nobody takes connections at %s",
                        sending->options.address);
            return false;
        }
    } while (!*sending->stopped && !app_feed_sender_is_ready(sending->sender) &&
             g_get_monotonic_time() < until_us);
    return true;
}

/* Each device has its own moment in the interval, and its clock shows the second of it. */
static void give_move(const Sending *sending, const GeoFix *fixes, size_t n_fixes, int64_t due_us)
{
    int64_t interval_us = sending->interval_s * G_USEC_PER_SEC;
    uint32_t device = 0;
    for (size_t i = 0; i < n_fixes; i++, device++) {
        GeoFix fix = fixes[i];
        while (sending->ids[device] != fix.unit_id)
            device++;
        int64_t phase_us = (int64_t)((double)device / (double)sending->n * (double)interval_us);
        fix.at_ms += phase_us / 1000;
        app_feed_sender_give(sending->sender, device, &fix, due_us + phase_us);
    }
}

static void send_all(Sending *sending)
{
    int64_t interval_us = sending->interval_s * G_USEC_PER_SEC;
    /* From a whole second of the clock on, as receivers measure. */
    int64_t begin_us = g_get_monotonic_time() + G_USEC_PER_SEC - g_get_real_time() % G_USEC_PER_SEC;
    turn_until(sending, begin_us);
    int64_t at_ms = sending->at_ms ? sending->at_ms : (g_get_real_time() + 500000) / 1000000 * 1000;
    double cpu_before_s = cpu_s();
    sending->begun_us = begin_us;
    for (int64_t tick = 0; !*sending->stopped; tick++) {
        int64_t due_us = begin_us + tick * interval_us;
        const GeoFix *fixes;
        size_t n;
        if ((double)(due_us - begin_us) >= sending->minutes * 60 * G_USEC_PER_SEC)
            break;
        geo_simulate_move(sending->simulate, at_ms + tick * sending->interval_s * 1000, &fixes, &n);
        give_move(sending, fixes, n, due_us);
        turn_until(sending, due_us + interval_us);
        tell(sending, "sending");
    }
    sending->ended_us = g_get_monotonic_time();
    sending->cpu_s = cpu_s() - cpu_before_s;
}

/* Ctrl+C ends the sending; what was sent is still waited for. */
static void drain(const Sending *sending)
{
    int64_t until_us = g_get_monotonic_time() + DRAIN_US;
    app_feed_sender_finish(sending->sender);
    while (!app_feed_sender_is_done(sending->sender) && g_get_monotonic_time() < until_us) {
        app_feed_sender_turn(sending->sender, g_get_monotonic_time() + SLICE_US);
        tell(sending, "waiting for answers");
    }
    if (sending->talk)
        fputc('\n', stderr);
}

static bool check(const Sending *sending, AppFeedSenderCheck *found, GError **error)
{
    GeoStoreOptions options = {.read_only = true};
    if (strcmp(app_feed_sender_acknowledger(&sending->options), "feed"))
        app_feed_sender_turn(sending->sender, g_get_monotonic_time() + BROKER_US);
    g_autoptr(GeoStore) store =
        geo_store_open(app_args_value(sending->args, "check", NULL), &options, error);
    return store && app_feed_sender_ledger_check(app_feed_sender_ledger(sending->sender), store,
                                                 sending->ids, found, error);
}

/* ---- words ---- */

static void print_text(const Sending *sending, const AppFeedSenderReport *done,
                       const AppFeedSenderCheck *found, const char *zone)
{
    const AppFeedSenderCounts *fixes = &done->fixes;
    double seconds = (double)(sending->ended_us - sending->begun_us) / G_USEC_PER_SEC;
    printf("%zu devices, %.0f s, one position every %" G_GINT64_FORMAT " s, %s\n", done->devices,
           seconds, sending->interval_s, app_feed_sender_words[sending->options.shape]);
    printf("%" G_GUINT64_FORMAT " positions, %" G_GUINT64_FORMAT " sent, %" G_GUINT64_FORMAT
           " acknowledged by the %s (%" G_GUINT64_FORMAT " of them late), %" G_GUINT64_FORMAT
           " refused, %" G_GUINT64_FORMAT " unanswered, %" G_GUINT64_FORMAT " said again\n",
           fixes->given, fixes->said, fixes->acknowledged,
           app_feed_sender_acknowledger(&sending->options), fixes->late, fixes->refused,
           done->waiting + fixes->unanswerable, fixes->again);
    printf("%zu of %zu connections at the end; %" G_GUINT64_FORMAT " made, %" G_GUINT64_FORMAT
           " lost, %" G_GUINT64_FORMAT " failed, %" G_GUINT64_FORMAT " stalled, %" G_GUINT64_FORMAT
           " turned away; %" G_GUINT64_FORMAT " times without signal\n",
           done->ready, done->connections, done->opened, done->lost, done->failed, done->stalled,
           done->turned_away, done->out_of_signal);
    printf(
        "answers after p50 %.3f s, p99 %.3f s, at most %.3f s; sender at most %.3f s behind, %.2f "
        "of a core\n",
        done->reply_p50_s, done->reply_p99_s, done->reply_max_s, done->behind_max_s,
        seconds > 0 ? sending->cpu_s / seconds : 0);
    if (!found)
        return;
    printf("in the store %" G_GUINT64_FORMAT " (%" G_GUINT64_FORMAT
           " of them without an answer); acknowledged and not there: %" G_GUINT64_FORMAT "\n",
           found->stored, found->unanswered_stored, found->missing);
    if (found->missing > 0) {
        g_autofree char *when = app_when_dup(found->missing_ms, zone);
        printf("the first one is of unit %" G_GINT64_FORMAT
               " at %s; what the feed's gate refuses it acknowledges too: see its health\n",
               found->missing_unit, when);
    }
}

static void report_fixes(JsonBuilder *report, const AppFeedSenderReport *done)
{
    const AppFeedSenderCounts *fixes = &done->fixes;
    app_report_integer(report, "given", (gint64)fixes->given);
    app_report_integer(report, "sent", (gint64)fixes->said);
    app_report_integer(report, "acknowledged", (gint64)fixes->acknowledged);
    app_report_integer(report, "late", (gint64)fixes->late);
    app_report_integer(report, "refused", (gint64)fixes->refused);
    app_report_integer(report, "unanswered", (gint64)(done->waiting + fixes->unanswerable));
    app_report_integer(report, "again", (gint64)fixes->again);
    app_report_integer(report, "forgotten", (gint64)fixes->forgotten);
    app_report_integer(report, "connections", (gint64)done->connections);
    app_report_integer(report, "ready", (gint64)done->ready);
    app_report_integer(report, "opened", (gint64)done->opened);
    app_report_integer(report, "lost", (gint64)done->lost);
    app_report_integer(report, "failed", (gint64)done->failed);
    app_report_integer(report, "stalled", (gint64)done->stalled);
    app_report_integer(report, "turned_away", (gint64)done->turned_away);
    app_report_integer(report, "out_of_signal", (gint64)done->out_of_signal);
    app_report_number(report, "reply_p50_ms", done->reply_p50_s * 1000, 1);
    app_report_number(report, "reply_p99_ms", done->reply_p99_s * 1000, 1);
    app_report_number(report, "reply_max_ms", done->reply_max_s * 1000, 1);
    app_report_number(report, "behind_max_ms", done->behind_max_s * 1000, 1);
}

static void print_json(const Sending *sending, const AppFeedSenderReport *done,
                       const AppFeedSenderCheck *found, const char *zone)
{
    double seconds = (double)(sending->ended_us - sending->begun_us) / G_USEC_PER_SEC;
    JsonBuilder *report = app_report_new("simulate");
    app_report_text(report, "shape", app_feed_sender_words[sending->options.shape]);
    app_report_text(report, "acknowledged_by", app_feed_sender_acknowledger(&sending->options));
    app_report_integer(report, "devices", (gint64)done->devices);
    app_report_number(report, "seconds", seconds, 3);
    app_report_integer(report, "interval_s", sending->interval_s);
    report_fixes(report, done);
    app_report_number(report, "cores", seconds > 0 ? sending->cpu_s / seconds : NAN, 3);
    if (found) {
        g_autofree char *when = found->missing ? app_when_dup(found->missing_ms, zone) : NULL;
        json_builder_set_member_name(report, "check");
        json_builder_begin_object(report);
        app_report_integer(report, "acknowledged", (gint64)found->acknowledged);
        app_report_integer(report, "stored", (gint64)found->stored);
        app_report_integer(report, "stored_unanswered", (gint64)found->unanswered_stored);
        app_report_integer(report, "missing", (gint64)found->missing);
        app_report_integer(report, "missing_unit", found->missing_unit);
        app_report_text(report, "missing_at", when);
        json_builder_end_object(report);
    }
    app_report_print(report);
}

/* ---- all of it ---- */

static bool send_and_print(Sending *sending, const char *zone, bool *sound, GError **error)
{
    AppFeedSenderCheck found = {0};
    bool checks = app_args_has(sending->args, "check");
    sending->sender = app_feed_sender_new(&sending->options, sending->units, sending->n, error);
    if (!sending->sender || !connect_all(sending, error))
        return false;
    send_all(sending);
    drain(sending);
    if (checks && !check(sending, &found, error))
        return false;
    AppFeedSenderReport done = app_feed_sender_report(sending->sender);
    if (app_args_has(sending->args, "json"))
        print_json(sending, &done, checks ? &found : NULL, zone);
    else
        print_text(sending, &done, checks ? &found : NULL, zone);
    bool answered = done.fixes.acknowledged > 0 || done.fixes.unanswerable > 0;
    *sound = found.missing == 0 && (answered || done.fixes.given == 0);
    return true;
}

AppExit app_sending_run(const AppArgs *args, GeoStore *store, GeoSimulate *simulate, double minutes,
                        int64_t at_ms, const volatile sig_atomic_t *stopped, GError **error)
{
    Sending sending = {.args = args,
                       .simulate = simulate,
                       .stopped = stopped,
                       .minutes = minutes,
                       .at_ms = at_ms / 1000 * 1000,
                       .n = geo_simulate_n(simulate),
                       .talk = !app_args_has(args, "json") && isatty(STDERR_FILENO)};
    if (!read_options(args, &sending.options, error) ||
        !app_sending_read(args, &sending.interval_s, error))
        return APP_EXIT_USAGE;
    sending.units = g_new0(AppFeedSenderUnit, sending.n);
    sending.ids = g_new0(int64_t, sending.n);
    for (size_t i = 0; i < sending.n; i++) {
        AppFeedSenderUnit *unit = &sending.units[i];
        unit->id = sending.ids[i] = geo_simulate_unit(simulate, i, &unit->code);
    }
    bool sound = false;
    bool whole = send_and_print(&sending, geo_store_city(store)->zone, &sound, error);
    app_feed_sender_free(sending.sender);
    g_free(sending.units);
    g_free(sending.ids);
    return !whole ? APP_EXIT_DATA : sound ? APP_EXIT_OK : APP_EXIT_FINDINGS;
}
