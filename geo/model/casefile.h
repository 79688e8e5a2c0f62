/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One incident as its log tells it: the only place where a state, a clock or who is on it comes
 * from. A deed appends an event and never changes one; taking a deed back is an event too. Folding
 * the same log again gives the same case. Pure; asked by the store for every deed, whoever does it.
 */
#include <glib.h>

#include "geo/model/act.h"
#include "geo/model/batch.h"
#include "geo/model/deed.h"

typedef struct {
    int64_t seq;     /* in the city's log; 0: not written yet */
    int64_t deed_id; /* seq of the first event of the same act: what an undo names */
    int64_t incident_id;
    int64_t at_ms; /* when it was written down */
    GeoDeedWhat what;
    int from, to; /* GeoIncidentState; from -1: it began with this */
    const char *actor, *role;
    GeoDeedDetail detail;
    bool undone; /* a later event takes it back */
} GeoCaseEvent;

typedef struct {
    GArray *events; /* GeoCaseEvent, by seq */
    GStringChunk *text;
} GeoCaseLog;

GeoCaseLog *geo_caselog_new(void);
void geo_caselog_free(GeoCaseLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCaseLog, geo_caselog_free)
/* A copy with texts that live as long as the log. */
GeoCaseEvent *geo_caselog_add(GeoCaseLog *log, const GeoCaseEvent *event);

/* A time that is kept: what was written down, and what it was corrected to; 0: none. */
typedef struct {
    int64_t recorded_ms, corrected_ms;
} GeoCaseTime;

#define GEO_N_UNIT_STAGES (GEO_INCIDENT_CLEARED - GEO_INCIDENT_DISPATCHED + 1)

/* A unit's part in one cycle of the case. A unit that comes twice has two. */
typedef struct {
    int64_t unit_id;
    int stage; /* GeoIncidentState, DISPATCHED to CLEARED */
    int cycle;
    bool open;                            /* it is on the incident now */
    GeoCaseTime times[GEO_N_UNIT_STAGES]; /* by stage, from DISPATCHED */
    int64_t arrived_gps_ms;               /* by its position alone; 0: not seen */
    int64_t off_ms;                       /* taken off before it cleared; 0: was not */
    bool preempted;                       /* by a more urgent one */
} GeoCaseUnit;

typedef struct {
    int level; /* GeoLevel */
    int ladder;
    const char *area, *department;
    int64_t since_ms;
} GeoCaseHolder;

typedef struct {
    int64_t id, version;
    const char *code, *name, *category, *item, *place; /* may be NULL; the case's, as is area */
    const char *area;                                  /* code of the area that the place lies in */
    GeoLonLat at;                                      /* 0, 0: not known */
    int64_t priority;                                  /* 1 to 4 */
    int64_t created_ms;                                /* never changes: age counts from it */
    int state;                                         /* GeoIncidentState */
    int64_t state_ms;                                  /* since when */
    int waiting; /* the state it falls back to when nobody is at work on it */
    int body;    /* stage of the department that handles it; -1: it has not begun */
    int before;  /* it was parked from this state */
    int cycle;   /* from 1; one more with each time it was opened again */
    GeoCaseTime times[GEO_N_INCIDENT_STATES]; /* of this cycle: when each state was first reached */
    int64_t wake_ms;                          /* held or scheduled until; 0: not */
    int64_t held_ms;                          /* time spent parked, without the present one */
    int64_t duplicate_of;                     /* 0: of none */
    int raised, returned, reworked, preempted; /* how often */
    int satisfied;      /* after the call-back: 1, -1, 0 not reached; 2: not called */
    const char *result; /* of the last report */
    GArray *holders;    /* GeoCaseHolder: who has it is the last */
    GArray *units;      /* GeoCaseUnit, in the order they were sent */
    guint n_before;     /* so many of them were sent before it last went back to the queue */
    GeoCaseLog *log;    /* owned */
    bool torn;          /* the log holds an event that the rules do not give */
} GeoCase;

/* The case of row i of a batch of incidents and its log, which it takes. O(events), of a log with
 * undone deeds O(events * undone). */
GeoCase *geo_case_new(const GeoBatch *incidents, size_t i, GeoCaseLog *log);
void geo_case_free(GeoCase *one);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCase, geo_case_free)

/* Does the deed: appends its event (seq and deed_id 0) and moves the case on. GEO_ERROR_REFUSED
 * when the life cycle says no, GEO_ERROR_DATA when the deed does not say what it must,
 * GEO_ERROR_STALE when the case is of another version: then the case is as it was. What concerns
 * other cases (is the unit on one? is other_id one?) the caller asks. */
bool geo_case_do(GeoCase *one, const GeoDeed *deed, const GeoAct *act, GError **error);

/* The log says neither category nor priority: the case came with an import, or from before deeds.
 * Then its first deed is preceded by one event that says them, so that an undo finds them. */
bool geo_case_lacks_beginning(const GeoCase *one);
void geo_case_add_beginning(GeoCase *one, const GeoAct *act);

/* The newest deed that can still be taken back at now_ms; 0: there is none. */
int64_t geo_case_last_deed(const GeoCase *one, int64_t now_ms);

/* Who holds it; NULL: nobody yet. */
const GeoCaseHolder *geo_case_holder(const GeoCase *one);

/* The part of a unit that is on it now; NULL: it is not. */
const GeoCaseUnit *geo_case_unit(const GeoCase *one, int64_t unit_id);
guint geo_case_n_units(const GeoCase *one); /* on it now */

/* Corrected where it was corrected. 0: never. */
int64_t geo_case_time(GeoCaseTime time);

/* Makes the last row of a batch of incidents what the case now is: category, priority, place with
 * its point, state, version. */
void geo_case_write(const GeoCase *one, GeoBatch *batch);

/* What the unit's status is while it is at that stage. */
GeoUnitStatus geo_case_unit_status(int stage);
