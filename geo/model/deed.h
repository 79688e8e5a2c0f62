/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What can be done to an incident: one table of deeds for console, command line, import and feeds.
 * Which deed may follow which state, what it must say, and what it does to a unit. What a deed
 * makes of an incident is geo/model/casefile.h. States after the command-room practice of a
 * three-tier platform. */
#include <stdbool.h>
#include <stdint.h>

#include "geo/model/coord.h"
#include "geo/model/cycle.h"
#include "geo/model/rights.h"

typedef enum {
    GEO_DEED_TAKE,     /* the report comes in; the first of every incident */
    GEO_DEED_CLASSIFY, /* service item, category, priority */
    GEO_DEED_MOVE,     /* the place becomes known, or is another */
    GEO_DEED_ROUTE,    /* to a level, its area and a department */
    GEO_DEED_RAISE,    /* one level up */
    GEO_DEED_RETURN,   /* to who held it before, with a reason */
    GEO_DEED_DISPATCH, /* a unit is sent; without one: the department that holds it is told */
    GEO_DEED_ACCEPT,
    GEO_DEED_GO,
    GEO_DEED_ARRIVE, /* value 1: the machine says so by its position, and no person has yet */
    GEO_DEED_HANDLE,
    GEO_DEED_CLEAR,
    GEO_DEED_RELEASE, /* a unit is taken off before it has cleared */
    GEO_DEED_PREEMPT, /* the same, because a more urgent incident takes it: other_id */
    GEO_DEED_REPORT,  /* feedback: the result in words */
    GEO_DEED_REWORK,  /* the reviewer is not content */
    GEO_DEED_REVIEW,
    GEO_DEED_CLOSE,
    GEO_DEED_CALL_BACK, /* value 1: satisfied, -1: not, 0: not reached */
    GEO_DEED_HOLD,      /* until until_ms */
    GEO_DEED_SCHEDULE,  /* begins at until_ms */
    GEO_DEED_WAKE,      /* from hold or schedule, to the state before */
    GEO_DEED_TRANSFER,  /* to somebody outside: said in the reason */
    GEO_DEED_MERGE,     /* is the same as other_id */
    GEO_DEED_VOID,
    GEO_DEED_REOPEN,  /* a new cycle; old times are kept */
    GEO_DEED_CORRECT, /* the time of state `value` was happened_ms: beside the recorded one */
    GEO_DEED_NOTE,
    GEO_DEED_UNDO, /* takes other_id, a deed, back */
    GEO_DEED_STEP, /* of a city that was written before deeds: a state was set */
    GEO_N_DEEDS
} GeoDeedWhat;

extern const char *const geo_deed_words[]; /* "take", "classify" ... */

/* Who can hold an incident: 0 is nobody yet. */
typedef enum {
    GEO_LEVEL_NONE,
    GEO_LEVEL_GRID,
    GEO_LEVEL_COMMUNITY,
    GEO_LEVEL_STREET, /* street, town, township */
    GEO_LEVEL_DISTRICT,
    GEO_LEVEL_CITY,
    GEO_N_LEVELS
} GeoLevel;

extern const char *const geo_level_words[]; /* "none", "grid" ... */

/* Service goes from grid to community, district, city; mediation from community (village) to street
 * (town), district (county). */
typedef enum { GEO_LADDER_SERVICE, GEO_LADDER_MEDIATION, GEO_N_LADDERS } GeoLadder;

extern const char *const geo_ladder_words[];

/* One level up; NONE above the last. From a level that the ladder has not: the next that it has. */
GeoLevel geo_ladder_above(GeoLadder ladder, GeoLevel level);

/* What a deed says; 0 and NULL: nothing. Shared by what is asked for and what is written down. */
typedef struct {
    int64_t unit_id;
    int64_t other_id;    /* an incident, or a deed */
    int64_t happened_ms; /* when it happened, where that is not when it is written down */
    int64_t until_ms;
    const char *reason, *item, *category, *place;
    const char *area; /* code: of the body that is to handle it */
    const char *department;
    int level;        /* GeoLevel */
    int ladder;       /* GeoLadder */
    int64_t priority; /* 1 to 4 */
    GeoLonLat at;     /* 0, 0 is no place */
    int64_t value;
} GeoDeedDetail;

typedef struct {
    GeoDeedWhat what;
    int64_t incident_id;
    int64_t version; /* that the caller last saw: GEO_ERROR_STALE when it is another; 0: any, for
                        those who see one unit and not the incident */
    GeoDeedDetail detail;
    bool preempt;  /* DISPATCH: the unit may be taken off a less urgent incident */
    bool override; /* against a rule that a person may break with a reason: an equal or higher
                      priority is left, the unit's status says no */
    bool on_duty;  /* DISPATCH: the duty clock says that the unit is there; then a register that
                      says "off" is of another day (geo/work/fleet.c judges likewise) */
    const char *unit_code; /* what errors call the unit; the store looks it up */
} GeoDeed;

typedef struct {
    uint32_t from;      /* states that allow it, as bits */
    uint32_t stage;     /* of the unit, as bits, where it names one; 0: it names none */
    int to;             /* state it leads to; -1: the case decides, or it stays */
    GeoOp op;           /* right that it asks for */
    bool needs_reason;  /* must say why */
    bool may_be_undone; /* within GEO_DEED_UNDO_MS */
    bool without_units; /* not while a unit is on it */
} GeoDeedRule;

/* For so long a deed can be taken back. */
#define GEO_DEED_UNDO_MS INT64_C(60000)

const GeoDeedRule *geo_deed_rule(GeoDeedWhat what);

/* The unit's stage that the deed leads to; -1: none. */
int geo_deed_stage(GeoDeedWhat what);
