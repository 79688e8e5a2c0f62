/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Simulated devices that send their fixes to a feed as real ones do: a JT/T 808 terminal for each
 * unit on a TCP connection of its own, phones by HTTP, gateways by MQTT. One thread, no main loop:
 * the caller gives fixes and turns. It counts what was said and answered, and how long that took,
 * so that afterwards everything acknowledged can be looked for in the store. */
#include "app/feed/sender-ledger.h"
#include "geo/model/fix.h"

typedef enum {
    APP_FEED_SENDER_JT808,          /* HOST:PORT */
    APP_FEED_SENDER_OSMAND,         /* http://HOST:PORT/PATH?QUERY */
    APP_FEED_SENDER_TRACCAR_CLIENT, /* likewise */
    APP_FEED_SENDER_EMQX,           /* mqtt://USER:PASSWORD@HOST:PORT */
    APP_FEED_SENDER_OWNTRACKS,      /* likewise */
    APP_FEED_SENDER_N_SHAPES
} AppFeedSenderShape;

extern const char *const app_feed_sender_words[]; /* "jt808", "osmand" ... */

typedef struct {
    AppFeedSenderShape shape;
    const char *address;
    size_t
        connections; /* of HTTP and MQTT, which devices may share; 0: HTTP one for each, MQTT 8 */
    int qos;         /* of MQTT: 0 or 1 */
    bool is_2013;    /* JT/T 808-2013 instead of 2019 */
    /* From the first fix on, that share of the devices has no signal for lost_s of every
     * lost_every_s seconds, each at its own time: its connection breaks, and what it has meanwhile
     * it sends late. */
    double lost_share, lost_s, lost_every_s; /* 0 s: 30 of 300 */
    double patience_s; /* an answer that takes longer is none: the connection is hung up; 0: 30 */
} AppFeedSenderOptions;

typedef struct {
    int64_t id;
    const char *code; /* the device's name where the protocol can say it, else the phone of
                         geo_jt808_phone_of(); may be NULL */
} AppFeedSenderUnit;

typedef struct {
    uint64_t given, said;                         /* fixes: had by devices; said at least once */
    uint64_t acknowledged, refused, unanswerable; /* of these; the last by MQTT at QoS 0 */
    uint64_t late;      /* of the acknowledged: said after they could not be */
    uint64_t again;     /* said anew after an answer did not come */
    uint64_t forgotten; /* had while the memory was full */
} AppFeedSenderCounts;

typedef struct {
    AppFeedSenderCounts fixes;
    uint64_t waiting;                   /* fixes that are neither answered nor given up */
    size_t devices, connections, ready; /* ready: connections that may speak now */
    uint64_t opened, lost, failed;      /* connections: made, broken by the other side, not made */
    uint64_t stalled;                   /* hung up for want of an answer */
    uint64_t turned_away;               /* registrations and authentications refused */
    uint64_t out_of_signal;             /* times that a device lost its signal */
    double reply_p50_s, reply_p99_s, reply_max_s; /* of what was not late: from when the device had
                                                     it to the answer; NAN: none */
    double behind_max_s; /* the most that the sender itself came late to say something */
} AppFeedSenderReport;

typedef struct AppFeedSender AppFeedSender;

/* Opens nothing yet. Fails on an address that is none, and where the system gives too few
 * descriptors. */
AppFeedSender *app_feed_sender_new(const AppFeedSenderOptions *options,
                                   const AppFeedSenderUnit *units, size_t n, GError **error);
void app_feed_sender_free(AppFeedSender *sender);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppFeedSender, app_feed_sender_free)

/* The device of units[device] has a fix at due_us of the monotonic clock, not before the ones given
 * earlier; its time is cut to the second, which is all that JT/T 808 can say. */
void app_feed_sender_give(AppFeedSender *sender, uint32_t device, const GeoFix *fix,
                          int64_t due_us);

/* Works until then, of the monotonic clock. */
void app_feed_sender_turn(AppFeedSender *sender, int64_t until_us);

/* All connections may speak; those of devices without signal do not count. */
bool app_feed_sender_is_ready(const AppFeedSender *sender);

/* From now on every device has signal; nothing is left to be said or answered: false while
 * something is. */
void app_feed_sender_finish(AppFeedSender *sender);
bool app_feed_sender_is_done(const AppFeedSender *sender);

AppFeedSenderReport app_feed_sender_report(const AppFeedSender *sender);
const AppFeedSenderLedger *app_feed_sender_ledger(const AppFeedSender *sender);

/* Who acknowledges in this shape: "feed", "broker" or "nobody". */
const char *app_feed_sender_acknowledger(const AppFeedSenderOptions *options);
