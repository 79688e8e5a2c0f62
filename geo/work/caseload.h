/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The cases of a city as people ask for them: one by its number, some by what they are, all as a
 * table by level, department, source or state. */
#include "geo/model/caseclock.h"
#include "geo/store/cases.h"
#include "geo/work/routing.h"

/* A report on its way in, from the desk, a file or another system. NULL and 0: not said. */
typedef struct {
    GeoReport report;
    const char *code;     /* number of the incident; NULL: the city's next */
    GeoLonLat at;         /* 0, 0 and NAN: not known */
    const char *place;    /* in words */
    const char *area;     /* code of an area that holds it, where the place is not known */
    const char *item;     /* of the city's services; NULL: suggested by the report's words */
    const char *category; /* NULL: the item's name */
    int64_t priority;     /* 0: the item's */
    int64_t at_ms;        /* 0: now */
    bool unrouted;        /* nobody is to have it yet */
} GeoCall;

typedef struct {
    GeoTaken taken;
    const GeoServiceItem *item; /* that it was taken as, of the routing's book; NULL: none */
    bool suggested;             /* nobody said it: the words did */
    char why[160];              /* "suggested by: WORD, WORD"; "" unless suggested */
    GeoRoute route;             /* department NULL: it is not routed */
} GeoCallTaken;

/* The one way in: classified by its item, and routed to the level and department that handle it, in
 * one act with the report. GEO_ERROR_DATA for an item that the city does not have. */
bool geo_caseload_take(GeoStore *store, const GeoRouting *routing, const GeoAct *act,
                       const GeoCall *call, GeoCallTaken *taken, GError **error);

/* One level up, or back: what a RAISE or ROUTE says of the case at its place. False where the
 * ladder ends. */
bool geo_caseload_raise(const GeoRouting *routing, const GeoCase *one, GeoDeedDetail *detail);

/* The area of that level that holds the case's place, else its area, by code; NULL: none is known.
 * Borrowed from the routing. */
const char *geo_caseload_area(const GeoRouting *routing, const GeoCase *one, GeoLevel level);

/* By code, else by id, of full width or in small letters, too; GEO_ERROR_MISSING. Of several of one
 * code the newest. */
GeoCase *geo_caseload_find(GeoStore *store, const char *word, GError **error);

/* As geo_callsign_find_unit() finds it. */
bool geo_caseload_find_unit(GeoStore *store, const char *word, int64_t *unit_id, GError **error);

typedef struct {
    GeoCaseQuery query;     /* max: of those that pass all of it */
    int state;              /* GeoIncidentState; -1: any */
    int level;              /* GeoLevel of who holds it; -1: any */
    const char *department; /* NULL: any */
    bool unaccepted;        /* sent GEO_CASE_UNACCEPTED_MS ago or longer, and nobody has accepted */
    bool due;               /* held or scheduled until now or earlier */
} GeoCaseloadFilter;

/* GeoCase *, the most urgent first, then the oldest. */
GPtrArray *geo_caseload_list(GeoStore *store, const GeoCaseloadFilter *filter, int64_t now_ms,
                             GError **error);

typedef enum {
    GEO_CASE_TALLY_LEVEL,
    GEO_CASE_TALLY_DEPARTMENT,
    GEO_CASE_TALLY_STATE,
    GEO_CASE_TALLY_ITEM,
    GEO_N_CASE_TALLIES
} GeoCaseTallyBy;

extern const char *const geo_case_tally_words[]; /* "level" ... */

typedef struct {
    const char *key; /* of the tally's; "" of those that nobody holds */
    int64_t taken;   /* all of them; = open + over */
    int64_t open, over;
    int64_t waiting, at_work, parked, after; /* of open: cleared to reviewed are after; add up */
    int64_t closed, called_back, void_, duplicate, transferred; /* of over; add up */
    int64_t raised, returned, reworked, preempted, reopened;    /* times, over all of them */
    int64_t satisfied, unsatisfied;
} GeoCaseTallyRow;

typedef struct {
    GArray *rows;        /* GeoCaseTallyRow, by key */
    GeoCaseTallyRow all; /* their sum, counted apart; key "" */
    GStringChunk *text;
} GeoCaseTally;

/* By who holds each case now. O(cases). */
GeoCaseTally *geo_caseload_tally(const GPtrArray *cases, GeoCaseTallyBy by);
void geo_case_tally_free(GeoCaseTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCaseTally, geo_case_tally_free)
