/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a back end gives so that deeds can be done: the parts that touch its tables. What a deed
 * means is asked of geo/model/casefile.h once for all of them, in deeds.c, which judges everything
 * before it writes anything. Private to geo/store. */
#include "geo/store/cases.h"

/* The first schema that has deeds; an older city is read as it is. */
#define GEO_DEEDS_SCHEMA 5

typedef struct GeoBackend GeoBackend;

/* A unit as it is now. */
typedef struct {
    int64_t version;
    int64_t incident_id;  /* that it is on; 0: free */
    GeoUnitStatus status; /* shown */
    GeoUnitStatus before; /* it was sent from; of a free one AVAILABLE */
    char code[48];        /* what errors call it; "": it has none */
} GeoUnitNow;

typedef enum {
    GEO_PART_OPEN,  /* the unit goes to the incident */
    GEO_PART_CLOSE, /* it is off it */
    GEO_PART_RESUME /* the last such end was a mistake */
} GeoPartWhat;

typedef struct {
    GeoPartWhat what;
    int64_t incident_id, unit_id, at_ms;
    GeoUnitStatus before; /* of OPEN */
} GeoPart;

typedef struct {
    /* A write: nothing of it is seen before end; fail takes all back and returns false. */
    bool (*begin)(GeoBackend *, const GeoAct *, bool *done, int64_t *version, GError **);
    bool (*end)(GeoBackend *, const GeoAct *, GeoOp, const char *entity, int64_t id,
                int64_t version, const char *detail, GError **);
    bool (*fail)(GeoBackend *);
    bool (*log_change)(GeoBackend *, const GeoAct *, const char *entity, int64_t id,
                       int64_t version, GError **);
    /* Several reads of one moment. */
    bool (*begin_read)(GeoBackend *, GError **);
    void (*end_read)(GeoBackend *);

    /* Within one of the two. */
    GeoBatch *(*rows)(GeoBackend *, GeoKind, const GeoQuery *, GError **);
    GeoCaseLog *(*log)(GeoBackend *, int64_t incident_id, GError **);
    bool (*find_unit)(GeoBackend *, int64_t id, GeoUnitNow *, GError **);
    /* int64_t: the incidents that a deed wrote events of. */
    GArray *(*touched)(GeoBackend *, int64_t deed_id, GError **);
    /* *incident_id 0: no such report. */
    bool (*find_report)(GeoBackend *, const char *source, const char *source_no,
                        int64_t *incident_id, GError **);
    /* That the next event will have. */
    bool (*next_seq)(GeoBackend *, int64_t *seq, GError **);
    GeoReport *(*report)(GeoBackend *, int64_t incident_id, GError **);
    GeoMessages *(*messages)(GeoBackend *, const GeoMessageQuery *, GError **);
    GeoOutbox *(*outbox)(GeoBackend *, const char *source, size_t max, GError **);

    /* Writes, within begin and end. */
    bool (*put_incident)(GeoBackend *, const GeoBatch *, bool is_new, GError **);
    bool (*put_report)(GeoBackend *, int64_t incident_id, const GeoReport *, GError **);
    bool (*add_event)(GeoBackend *, GeoCaseEvent *, GError **); /* sets seq, and deed_id where 0 */
    bool (*put_part)(GeoBackend *, const GeoPart *, GError **);
    bool (*put_status)(GeoBackend *, int64_t unit_id, GeoUnitStatus, GError **);
    bool (*add_message)(GeoBackend *, const GeoMessage *, GError **);
    bool (*set_message)(GeoBackend *, const GeoMessage *, GError **);
    bool (*confirm_outbox)(GeoBackend *, const GeoAct *, const char *source, int64_t seq,
                           GError **);
} GeoDeedOps;

/* Texts of a message or an outbox row that live as long as the whole. */
GeoMessages *geo_messages_new(void);
const char *geo_messages_text(GeoMessages *messages, const char *text);
GeoOutbox *geo_outbox_new(void);
const char *geo_outbox_text(GeoOutbox *outbox, const char *text);
GeoReport *geo_report_copy(const GeoReport *report);

/* One case of rows, from its log; within a read or a write. */
GeoCase *geo_deeds_case(GeoBackend *backend, const GeoBatch *rows, size_t i, GError **error);
const char *geo_deeds_called(const GeoCase *one); /* its code, for errors */

/* What a unit shows that is in no emergency: how far it is with the incident it is on, or that it
 * is available. Within a read or a write. */
bool geo_deeds_unit_status(GeoBackend *backend, int64_t unit_id, GeoUnitStatus *status,
                           GError **error);

/* For `check`: cases that are open or have a unit, against what their logs give; one text each. */
bool geo_deeds_check(GeoBackend *backend, GPtrArray *findings, GError **error);
