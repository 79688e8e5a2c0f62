/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* JT/T 808 terminals at their connections: registration, authentication, heartbeat, places and
 * batches, messages in parts, and texts down to them. A terminal is heard once it has given the
 * code that registration gave it; a place is answered when it is on disk. */
#include "app/feed/board.h"
#include "app/feed/door.h"
#include "app/feed/secret.h"
#include "app/feed/taking.h"
#include "geo/decode/jt808.h"

typedef struct AppFeedJt808 AppFeedJt808;

typedef struct {
    uint32_t source;  /* the gate's number of this feed */
    int64_t prove_ms; /* a connection that has not authenticated by then is hung up; 0: 10 s */
    int64_t idle_ms;  /* likewise one that has said nothing for so long; 0: 180 s */
    bool closed;      /* no registration: only codes given before count */
} AppFeedJt808Options;

typedef struct {
    size_t terminals;                            /* authenticated and connected */
    uint64_t frames, dropped, unproven, refused; /* dropped: no frames; unproven: places before
                                                    authentication; refused: registrations and
                                                    codes */
    uint64_t replaced; /* connections that gave way to a newer one of the same terminal */
    uint64_t texts, texts_delivered;
    uint64_t faults[GEO_JT808_TOO_LONG + 1];
} AppFeedJt808Counts;

/* All it is given is borrowed. */
AppFeedJt808 *app_feed_jt808_new(GMainContext *context, AppFeedBoard *board, AppFeedPorch *porch,
                                 AppFeedTaking *taking, const AppFeedSecret *secret,
                                 const AppFeedJt808Options *options);
void app_feed_jt808_free(AppFeedJt808 *jt808); /* after the board */

/* A connection from a door. */
void app_feed_jt808_enter(GSocket *socket, GIOStream *stream, gpointer jt808);

/* What became of a text: delivered when the terminal has said so. */
typedef void (*AppFeedTextDone)(bool delivered, gpointer user);

/* Text down to the terminal of the unit that name stands for, as in geo_muster_find(). False when
 * it is not connected, or the text cannot be sent (empty, above 1,024 bytes of GBK). done comes
 * within 15 s, from the main loop. O(terminals). */
bool app_feed_jt808_text(AppFeedJt808 *jt808, const char *name, const char *text, bool urgent,
                         AppFeedTextDone done, gpointer user);

/* The same, to the terminal of the unit of that id. */
bool app_feed_jt808_order(AppFeedJt808 *jt808, int64_t unit_id, const char *text, bool urgent,
                          AppFeedTextDone done, gpointer user);

/* Asks the unit's person a question; which of the answers (from 1) comes with tag. False as above.
 */
bool app_feed_jt808_ask(AppFeedJt808 *jt808, int64_t unit_id, const char *question,
                        const char *const *answers, size_t n, uint64_t tag);

/* What a person did on a terminal. */
typedef struct {
    int64_t unit_id;
    uint64_t tag; /* of the question; 0: a key of its own, or a question that we do not know */
    uint8_t choice;
    uint64_t terminal; /* for the reply */
    uint16_t id, serial;
} AppFeedChoice;

void app_feed_jt808_set_chose(AppFeedJt808 *jt808,
                              void (*chose)(const AppFeedChoice *choice, gpointer user),
                              gpointer user);

/* The terminal's answer, once what was chosen is on disk or refused. */
void app_feed_jt808_reply(AppFeedJt808 *jt808, const AppFeedChoice *choice, bool done);

const AppFeedJt808Counts *app_feed_jt808_counts(const AppFeedJt808 *jt808);
