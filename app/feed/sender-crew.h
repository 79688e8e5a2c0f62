/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The simulated devices behind their connections: what each has to say, what it said under which
 * token and what became of it. No sockets and no clock. Private to app/feed/sender*. */
#include "app/feed/sender-ledger.h"
#include "app/feed/sender.h"
#include "geo/model/heard.h"

/* What a device can keep while nobody listens; the oldest is forgotten then. */
#define APP_FEED_SENDER_MEMORY 4096

typedef struct {
    GeoFix fix;
    int64_t due_us; /* of the monotonic clock: when the device had it */
    int64_t said_us;
    uint32_t token; /* of the message that it went in; 0: none yet */
    bool late;      /* it could not be said when it was had */
} AppFeedSenderSaid;

typedef struct {
    char key[GEO_HEARD_KEY_SIZE];
    AppFeedSenderSaid *said; /* owned, oldest first */
    uint32_t n, room;
} AppFeedSenderDevice;

typedef struct {
    AppFeedSenderDevice *devices; /* owned, as all here */
    size_t n;
    AppFeedSenderLedger *ledger;
    AppFeedSenderCounts counts;
} AppFeedSenderCrew;

AppFeedSenderCrew *app_feed_sender_crew_new(const AppFeedSenderUnit *units, size_t n, bool digits);
void app_feed_sender_crew_free(AppFeedSenderCrew *crew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppFeedSenderCrew, app_feed_sender_crew_free)

void app_feed_sender_crew_add(AppFeedSenderCrew *crew, uint32_t device, const GeoFix *fix,
                              int64_t due_us, bool late);

/* Takes up to most of what the device has not said, late ones or live ones, and marks it with the
 * token, not 0. Returns how many; oldest first. */
size_t app_feed_sender_crew_take(AppFeedSenderCrew *crew, uint32_t device, bool late,
                                 uint32_t token, int64_t now_us, GeoHeard *heard, size_t most);

typedef enum {
    APP_FEED_SENDER_KEPT,    /* the other side has it */
    APP_FEED_SENDER_REFUSED, /* it will not take it: saying it again is of no use */
    APP_FEED_SENDER_SILENT,  /* there are no answers in this protocol */
} AppFeedSenderAnswer;

/* To what went under the token; nothing when that was answered before. */
void app_feed_sender_crew_answer(AppFeedSenderCrew *crew, uint32_t device, uint32_t token,
                                 AppFeedSenderAnswer answer, int64_t now_us);

/* What was said and not answered is to be said again, as late; token 0: all of it. */
void app_feed_sender_crew_unsay(AppFeedSenderCrew *crew, uint32_t device, uint32_t token);

/* When the oldest of what is not answered was said; 0: all is. */
int64_t app_feed_sender_crew_waiting_us(const AppFeedSenderCrew *crew, uint32_t device);

/* What is not said yet. */
bool app_feed_sender_crew_has(const AppFeedSenderCrew *crew, uint32_t device, bool late);
