/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/sender.h"

#include <math.h>

#include "app/feed/sender-protocol.h"

/* All that is due is said, all that came is heard, then the thread sleeps: a wake for each of
 * eighteen thousand answers a second would cost more than the answers. */
#define TURN_US (5 * G_USEC_PER_SEC / 1000)
#define SIGNAL_US (G_USEC_PER_SEC / 4)
#define DEFAULT_PATIENCE_S 30
#define DEFAULT_LOST_S 30
#define DEFAULT_LOST_EVERY_S 300

const char *const app_feed_sender_words[] = {
    [APP_FEED_SENDER_JT808] = "jt808",
    [APP_FEED_SENDER_OSMAND] = "osmand",
    [APP_FEED_SENDER_TRACCAR_CLIENT] = "traccar-client",
    [APP_FEED_SENDER_EMQX] = "emqx",
    [APP_FEED_SENDER_OWNTRACKS] = "owntracks",
    NULL,
};

typedef struct {
    uint32_t device;
    int64_t due_us;
    GeoFix fix;
} Due;

struct AppFeedSender {
    AppFeedSenderOptions options;
    const AppFeedSenderProtocol *protocol;
    gpointer fleet; /* the protocol's */
    AppFeedSenderCrew *crew;
    GArray *due; /* Due, owned; from next_due on */
    guint next_due;
    bool *no_signal; /* by device, owned */
    bool finishing;
    int64_t begun_us; /* when the first fix was due; signals are there until then. 0: none yet */
    int64_t signals_us, behind_us;
    uint64_t out_of_signal;
};

AppFeedSender *app_feed_sender_new(const AppFeedSenderOptions *options,
                                   const AppFeedSenderUnit *units, size_t n, GError **error)
{
    static const AppFeedSenderProtocol *const protocols[] = {
        [APP_FEED_SENDER_JT808] = &app_feed_sender_jt808,
        [APP_FEED_SENDER_OSMAND] = &app_feed_sender_http,
        [APP_FEED_SENDER_TRACCAR_CLIENT] = &app_feed_sender_http,
        [APP_FEED_SENDER_EMQX] = &app_feed_sender_mqtt,
        [APP_FEED_SENDER_OWNTRACKS] = &app_feed_sender_mqtt,
    };
    g_return_val_if_fail(options->shape < APP_FEED_SENDER_N_SHAPES && n > 0, NULL);
    g_autoptr(AppFeedSender) sender = g_new0(AppFeedSender, 1);
    AppFeedSenderOptions *own = &sender->options;
    *own = *options;
    own->patience_s = own->patience_s > 0 ? own->patience_s : DEFAULT_PATIENCE_S;
    own->lost_s = own->lost_s > 0 ? own->lost_s : DEFAULT_LOST_S;
    own->lost_every_s = own->lost_every_s > 0 ? own->lost_every_s : DEFAULT_LOST_EVERY_S;
    sender->protocol = protocols[own->shape];
    sender->crew = app_feed_sender_crew_new(
        units, n, own->shape == APP_FEED_SENDER_JT808 || own->shape == APP_FEED_SENDER_EMQX);
    sender->due = g_array_new(FALSE, FALSE, sizeof(Due));
    sender->no_signal = g_new0(bool, n);
    sender->fleet = sender->protocol->open(own, sender->crew, error);
    return sender->fleet ? g_steal_pointer(&sender) : NULL;
}

void app_feed_sender_free(AppFeedSender *sender)
{
    if (!sender)
        return;
    if (sender->fleet)
        sender->protocol->free(sender->fleet);
    app_feed_sender_crew_free(sender->crew);
    g_array_unref(sender->due);
    g_free(sender->no_signal);
    g_free(sender);
}

/* ---- signal ---- */

/* splitmix64's mixer, to an even draw from 0 to 1. */
static double draw(uint64_t x)
{
    x = (x + 1) * UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (double)((x ^ (x >> 31)) >> 11) / (double)(UINT64_C(1) << 53);
}

static bool is_out(const AppFeedSender *sender, uint32_t device, int64_t now_us)
{
    const AppFeedSenderOptions *options = &sender->options;
    if (sender->finishing || draw(2 * (uint64_t)device) >= options->lost_share)
        return false;
    double phase_s = draw(2 * (uint64_t)device + 1) * options->lost_every_s;
    double at_s = (double)(now_us - sender->begun_us) / G_USEC_PER_SEC + phase_s;
    return fmod(at_s, options->lost_every_s) < options->lost_s;
}

static void turn_signals(AppFeedSender *sender, int64_t now_us)
{
    if (sender->options.lost_share <= 0 || sender->begun_us == 0 ||
        now_us - sender->signals_us < SIGNAL_US)
        return;
    sender->signals_us = now_us;
    for (uint32_t device = 0; device < sender->crew->n; device++) {
        bool out = is_out(sender, device, now_us);
        if (out == sender->no_signal[device])
            continue;
        sender->no_signal[device] = out;
        sender->out_of_signal += out;
        sender->protocol->signal(sender->fleet, device, !out);
    }
}

/* ---- turns ---- */

void app_feed_sender_give(AppFeedSender *sender, uint32_t device, const GeoFix *fix, int64_t due_us)
{
    g_return_if_fail(device < sender->crew->n);
    Due due = {device, due_us, *fix};
    if (sender->begun_us == 0)
        sender->begun_us = due_us;
    g_array_append_val(sender->due, due);
}

static void say_due(AppFeedSender *sender, int64_t now_us)
{
    for (; sender->next_due < sender->due->len; sender->next_due++) {
        const Due *due = &g_array_index(sender->due, Due, sender->next_due);
        if (due->due_us > now_us)
            break;
        bool out = sender->no_signal[due->device];
        sender->behind_us = MAX(sender->behind_us, now_us - due->due_us);
        bool late = out || !sender->protocol->hears(sender->fleet, due->device);
        app_feed_sender_crew_add(sender->crew, due->device, &due->fix, due->due_us, late);
        if (!out)
            sender->protocol->say(sender->fleet, due->device, now_us);
    }
    if (sender->next_due == sender->due->len) {
        g_array_set_size(sender->due, 0);
        sender->next_due = 0;
    }
}

void app_feed_sender_turn(AppFeedSender *sender, int64_t until_us)
{
    for (;;) {
        int64_t now_us = g_get_monotonic_time();
        turn_signals(sender, now_us);
        say_due(sender, now_us);
        sender->protocol->turn(sender->fleet, now_us);
        int64_t spent_us = g_get_monotonic_time() - now_us;
        int64_t left_us = until_us - now_us - spent_us;
        if (left_us <= 0)
            return;
        if (spent_us < TURN_US)
            g_usleep((gulong)MIN(TURN_US - spent_us, left_us));
    }
}

bool app_feed_sender_is_ready(const AppFeedSender *sender)
{
    AppFeedSenderReport report = {0};
    size_t wanted = sender->protocol->report(sender->fleet, &report);
    return report.ready >= wanted;
}

void app_feed_sender_finish(AppFeedSender *sender)
{
    sender->finishing = true;
    sender->signals_us = 0;
}

static uint64_t waiting(const AppFeedSender *sender)
{
    const AppFeedSenderCounts *counts = &sender->crew->counts;
    return counts->given - counts->acknowledged - counts->refused - counts->unanswerable -
           counts->forgotten;
}

bool app_feed_sender_is_done(const AppFeedSender *sender)
{
    return sender->next_due == sender->due->len && waiting(sender) == 0;
}

AppFeedSenderReport app_feed_sender_report(const AppFeedSender *sender)
{
    const AppFeedSenderLedger *ledger = sender->crew->ledger;
    AppFeedSenderReport report = {
        .fixes = sender->crew->counts,
        .waiting = waiting(sender),
        .devices = sender->crew->n,
        .out_of_signal = sender->out_of_signal,
        .behind_max_s = (double)sender->behind_us / G_USEC_PER_SEC,
        .reply_p50_s = app_feed_sender_ledger_quantile(ledger, 0.5),
        .reply_p99_s = app_feed_sender_ledger_quantile(ledger, 0.99),
        .reply_max_s = app_feed_sender_ledger_quantile(ledger, 1),
    };
    sender->protocol->report(sender->fleet, &report);
    return report;
}

const AppFeedSenderLedger *app_feed_sender_ledger(const AppFeedSender *sender)
{
    return sender->crew->ledger;
}

const char *app_feed_sender_acknowledger(const AppFeedSenderOptions *options)
{
    if (options->shape != APP_FEED_SENDER_EMQX && options->shape != APP_FEED_SENDER_OWNTRACKS)
        return "feed";
    return options->qos > 0 ? "broker" : "nobody";
}
