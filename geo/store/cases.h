/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Incidents in the store: reports come in, deeds are done, what units and other systems are told.
 * Rules, rights and what a deed means: geo/model/deed.h, geo/model/casefile.h. */
#include "geo/model/casefile.h"
#include "geo/store/store.h"

/* ---- reports ---- */

/* How a report came in. Texts may be NULL. */
typedef struct {
    const char *source;    /* "phone", "online", the name of another system; NULL: "desk" */
    const char *source_no; /* its number there: the same source and number is the same report */
    const char *words;     /* as it was told */
    const char *caller, *phone;
    int64_t call_ms, answer_ms; /* it rang, somebody answered; 0: not known */
} GeoReport;

typedef struct {
    int64_t incident_id;
    bool already;  /* the report was here before: nothing was written */
    char code[32]; /* of the incident */
} GeoTaken;

/* A new incident in state received: row 0 of a batch of incidents, id set by the caller, the place
 * may be missing; without a code it gets the next number of the city, "N-1207". report may be NULL.
 * then: deeds on it (incident_id and version not read) of the same act, such as CLASSIFY and ROUTE,
 * to which the right to take is enough; all or nothing. taken may be NULL. */
bool geo_store_take_report(GeoStore *store, const GeoAct *act, const GeoBatch *incident,
                           const GeoReport *report, const GeoDeed *then, size_t n_then,
                           GeoTaken *taken, GError **error);

/* How a report came in; NULL without error: nobody said. with_caller asks for name and number: the
 * right to it, a purpose in the act, and a row in the audit; else both are masked ("*", the last
 * two figures). Free with geo_report_free(). */
GeoReport *geo_store_read_report(GeoStore *store, const GeoAct *act, int64_t incident_id,
                                 bool with_caller, GError **error);
void geo_report_free(GeoReport *report);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoReport, geo_report_free)

/* ---- deeds ---- */

typedef struct {
    int64_t version; /* of the incident, after it */
    int64_t deed_id; /* what an UNDO names in other_id */
    GeoIncidentState state;
} GeoDeedDone;

/* Does deeds in their order as one act, all or none; one UNDO takes all of them back. An UNDO's
 * other_id 0 is the last deed of its incident, if the act's actor did it. A DISPATCH of a unit that
 * is on another incident is refused, unless preempt: then the other is left, which must be less
 * urgent (or override and a reason), and waits again with its clocks running. A unit whose status
 * says no is sent by override and a reason only. done (n of them) may be NULL. */
bool geo_store_do(GeoStore *store, const GeoAct *act, const GeoDeed *deeds, size_t n,
                  GeoDeedDone *done, GError **error);

typedef struct {
    int64_t incident_id;    /* 0: any */
    const char *code;       /* NULL: any */
    bool open;              /* not over: neither closed, duplicate, void nor transferred */
    int64_t from_ms, to_ms; /* received from <= t < to; both 0: always */
    size_t max;             /* the newest so many; 0: all */
} GeoCaseQuery;

/* GeoCase *, by id. */
GPtrArray *geo_store_cases(GeoStore *store, const GeoCaseQuery *query, GError **error);

/* One of them; GEO_ERROR_MISSING. */
GeoCase *geo_store_case(GeoStore *store, int64_t incident_id, GError **error);

/* ---- what units are told ---- */

typedef enum {
    GEO_MESSAGE_DISPATCH, /* go there */
    GEO_MESSAGE_CHANGE,   /* the place is another */
    GEO_MESSAGE_CANCEL,   /* released */
    GEO_MESSAGE_PREEMPT,  /* released for a more urgent one, of which a DISPATCH of its own tells */
    GEO_MESSAGE_UNDO,     /* the dispatch was a mistake */
    GEO_MESSAGE_SEEN,     /* your SOS is seen */
    GEO_N_MESSAGES
} GeoMessageWhat;

typedef enum {
    GEO_MESSAGE_QUEUED,
    GEO_MESSAGE_NO_CHANNEL, /* no device is connected: radio */
    GEO_MESSAGE_SENT,
    GEO_MESSAGE_DELIVERED, /* the device says so */
    GEO_MESSAGE_ACCEPTED,  /* the person does */
    GEO_N_MESSAGE_STATES
} GeoMessageState;

extern const char *const geo_message_words[];       /* "dispatch" ... */
extern const char *const geo_message_state_words[]; /* "queued", "no_channel" ... */

typedef struct {
    int64_t id, incident_id, unit_id;
    GeoMessageWhat what;
    GeoMessageState state;
    int64_t queued_ms, sent_ms, delivered_ms, accepted_ms; /* 0: not yet */
    int64_t tries;
    const char *channel, *note;          /* may be NULL */
    const char *code, *category, *place; /* of the incident, as it is now; may be NULL */
    int64_t priority;
    GeoLonLat at;          /* 0, 0: not known */
    const char *unit_code; /* may be NULL */
} GeoMessage;

typedef struct {
    GArray *rows; /* GeoMessage, by id */
    GStringChunk *text;
} GeoMessages;

typedef struct {
    bool open;           /* queued, without channel or sent: not yet delivered */
    int64_t incident_id; /* 0: any */
    int64_t unit_id;     /* 0: any */
    int64_t after_id;    /* only later ones */
    int64_t id;          /* just this one; 0: any */
} GeoMessageQuery;

GeoMessages *geo_store_messages(GeoStore *store, const GeoMessageQuery *query, GError **error);
void geo_messages_free(GeoMessages *messages);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoMessages, geo_messages_free)

/* How far a message came; never back, but from no_channel. A message that is SENT again counts one
 * more try; one that is DELIVERED again gets another note. ACCEPTED follows by itself from the
 * unit's ACCEPT. */
bool geo_store_mark_message(GeoStore *store, const GeoAct *act, int64_t id, GeoMessageState state,
                            const char *channel, const char *note, GError **error);

/* Tells a unit in SOS that it is seen. */
bool geo_store_tell_seen(GeoStore *store, const GeoAct *act, int64_t unit_id, GError **error);

/* ---- what other systems are told ---- */

typedef struct {
    int64_t seq; /* rises */
    int64_t incident_id;
    const char *code, *source, *source_no;
    GeoDeedWhat what;
    GeoIncidentState from, to;
    int64_t at_ms;
    const char *level, *department, *reason; /* may be NULL; the reason of a report is its result */
    /* The incident that this report is a duplicate of: from its merge on the rows are that one's.
     * NULL: of none. */
    const char *into;
    GeoIncidentState into_state; /* now */
} GeoOutboxRow;

typedef struct {
    GArray *rows; /* GeoOutboxRow, by seq */
    GStringChunk *text;
} GeoOutbox;

/* Changes of the source's reports that it has not confirmed, oldest first, at most max and the rest
 * of what the last of them tells, as one seq is confirmed as a whole. max 0, source NULL: of all. A
 * report that is a duplicate follows the other incident. */
GeoOutbox *geo_store_outbox(GeoStore *store, const char *source, size_t max, GError **error);
void geo_outbox_free(GeoOutbox *outbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoOutbox, geo_outbox_free)

/* The source knows all up to seq; never back, and nothing that is still to come. */
bool geo_store_confirm_outbox(GeoStore *store, const GeoAct *act, const char *source, int64_t seq,
                              GError **error);
