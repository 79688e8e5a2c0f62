/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who goes where when many incidents wait: a suggestion for all of them at once, the best by the
 * wishes of geo/calc/assign.h, which is proven. An incident that its plan sends three units to has
 * three places. */
#include "geo/work/recommend.h"

typedef struct {
    double within_s; /* an area is covered by who reaches its middle so soon; 0: 180 */
} GeoAllotAsk;

/* One place of one incident. */
typedef struct {
    int64_t incident_id, priority;
    uint32_t need; /* of the incident's plan */
    bool served;
    uint32_t unit; /* of the fleet; its crew goes with it */
    double travel_s, distance_m, earliest_s, expected_s, latest_s;
    double people;    /* that it alone covers now */
    uint32_t soonest; /* who could serve here first; UINT32_MAX: nobody within half an hour */
    double soonest_s; /* of that one */
    int64_t goes_to;  /* the incident that the soonest goes to; 0: it stays */
    size_t fits;      /* free units that could serve here and were weighed */
} GeoAllotPlace;

/* An incident, in the order of its urgency, then of its age. */
typedef struct {
    int64_t incident_id, version, priority;
    const char *code, *category; /* lent by the recommendations until their next renewal */
    const GeoPlanbookPlan *plan;
    bool placed;    /* it has a place near a road */
    guint first, n; /* its places */
} GeoAllotCase;

typedef struct {
    GArray *cases;           /* GeoAllotCase */
    GArray *places;          /* GeoAllotPlace */
    size_t served, unplaced; /* places; incidents */
    size_t left_over;        /* incidents beyond the thousand places that are weighed at once */
    double longest_s[4];     /* by priority from 1: the longest expected arrival; 0: nobody goes */
    double people;           /* that those who go cover alone, each for itself */
    unsigned rounds;         /* until nobody not yet known could better it */
    double fetch_ms, solve_ms;
} GeoAllotment;

/* All waiting incidents against all free units; NULL: cancelled. Every unit that could matter is
 * weighed, so that the answer is the best of all that come within half an hour. */
GeoAllotment *geo_allot(GeoRecommend *recommend, const GeoAllotAsk *ask, GeoProgress *progress,
                        GError **error);
void geo_allotment_free(GeoAllotment *allotment);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoAllotment, geo_allotment_free)

typedef struct {
    int64_t incident_id;
    size_t sent;   /* units */
    char *refused; /* why nobody was; NULL: they were */
} GeoAllotDone;

/* Sends them: one act for each incident, all of its units or none. An incident that has changed
 * since is refused, the others are not. GeoAllotDone array; free with geo_allot_done_free(). */
GArray *geo_allot_do(const GeoRecommend *recommend, const GeoAllotment *allotment, GeoStore *store,
                     const GeoAct *act);
void geo_allot_done_free(GArray *done);
