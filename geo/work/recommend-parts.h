/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the files of recommend share; for geo/work/recommend*.c and geo/work/allot.c alone. */
#include "geo/calc/squad.h"
#include "geo/store/cases.h"
#include "geo/work/recommend.h"
#include "geo/work/routing.h"

/* Nobody is sought longer than this by road: half an hour is no help. */
#define GEO_RECOMMEND_FAR_S 1800.0
#define GEO_RECOMMEND_NO_CREW UINT32_MAX

/* What is known of a unit beside the fleet's own. */
typedef struct {
    GeoForce force;
    uint32_t skills;
    uint32_t crew;        /* number of the vehicle it shares; GEO_RECOMMEND_NO_CREW */
    const char *township; /* code of the street or town it belongs to; NULL */
} GeoRecommendUnit;

/* A unit on an open case. */
typedef struct {
    int64_t unit_id, incident_id, priority, sent_ms;
    int stage;         /* GeoIncidentState */
    const GeoCase *of; /* borrowed from cases */
} GeoRecommendJob;

/* The middle of an area. */
typedef struct {
    GeoXY at;
    GeoSnap snap[GEO_N_PROFILES];
    bool linked; /* some profile reaches it */
} GeoRecommendMiddle;

struct GeoRecommend {
    GeoFleet *fleet; /* borrowed, as the next two */
    const GeoNetwork *network;
    GeoFrame *frame;
    GeoPlanbook *book; /* owned, as all below */
    GeoRouting *routing;
    GeoAreas *areas;             /* NULL: the city has none to judge */
    const char *level;           /* of areas; static */
    GeoRecommendMiddle *middles; /* by area */
    double max_mps[GEO_N_PROFILES];
    GeoRecommendUnit *units; /* by unit of the fleet */
    GPtrArray *cases;        /* GeoCase, open ones, by id */
    GPtrArray *lent;         /* GeoCase, that were asked for by name */
    GArray *jobs;            /* GeoRecommendJob, by unit */
    GHashTable *handling;    /* category -> GArray of double: seconds, sorted */
    uint32_t n_crews;
    uint32_t *crew0, *members; /* of crew c the units members[crew0[c]] to before [crew0[c + 1]] */
    bool heard; /* some unit has a position: one without is anywhere, else all are at posts */
    bool forces, skills; /* some unit's is known: else they are not judged */
};

/* A unit that could come. */
typedef struct {
    uint32_t unit, may;
    double travel_s, distance_m, earliest_s, expected_s, latest_s, duty_left_s;
} GeoRecommendCandidate;

/* recommend-fit.c */

/* What the ask comes to: plan, township, snaps; rows empty. */
GeoRecommendation *geo_recommend_begin(GeoRecommend *recommend, const GeoRecommendAsk *ask);

/* Bits of the plan's needs that the unit could serve, wherever it is. */
uint32_t geo_recommend_fits(const GeoRecommend *recommend, const GeoRecommendation *answer,
                            uint32_t unit);

/* The same, that far away by road. */
uint32_t geo_recommend_may(const GeoRecommend *recommend, const GeoRecommendation *answer,
                           uint32_t unit, double distance_m);

/* Arrival with its span, and what duty is left. */
GeoRecommendCandidate geo_recommend_candidate(const GeoRecommend *recommend,
                                              const GeoRecommendation *answer, uint32_t unit,
                                              double travel_s, double distance_m);

/* Its way to the place by road; false: there is none. */
bool geo_recommend_way(const GeoRecommend *recommend, const GeoRecommendation *answer,
                       uint32_t unit, double *travel_s, double *distance_m);

int geo_recommend_by_expected(const void *a, const void *b); /* GeoRecommendCandidate */

/* The job that the unit is on; NULL. O(log n). */
const GeoRecommendJob *geo_recommend_job(const GeoRecommend *recommend, int64_t unit_id);

/* How many of each need of the plan are still to be sent. */
typedef struct {
    int number[GEO_SQUAD_MAX_NEEDS];
    size_t n_needs;
    int all;
} GeoRecommendWanted;

/* What the plan asks for at this priority, less those who are on the incident, whom it counts. */
GeoRecommendWanted geo_recommend_wanted(const GeoRecommend *recommend, GeoRecommendation *answer);

/* The k soonest units by their expected arrival, a crew as one: GeoRecommendCandidate array. All
 * that come within *seen_s are among them; INFINITY: all that come at all. */
GArray *geo_recommend_fetch(GeoRecommend *recommend, const GeoRecommendation *answer, size_t k,
                            double *seen_s);

/* recommend-crew.c */

/* Units that came in one vehicle are one crew, by the duty of the fleet's moment. */
bool geo_recommend_load_crews(GeoRecommend *recommend, GeoStore *store, GError **error);

/* The unit's crew without it, those that are free or those that are not: uint32_t array, the
 * caller's. */
GArray *geo_recommend_crew_of(const GeoRecommend *recommend, uint32_t unit, bool free);

/* A crew comes when the last of its free members does, near or not, and can do what any of them
 * can: the soonest stands for all, and the others are struck out. */
void geo_recommend_join_crews(const GeoRecommend *recommend, const GeoRecommendation *answer,
                              GArray *candidates);

/* recommend-leave.c */

/* People of the areas that the unit alone (with its crew) reaches within within_s, by unit; where
 * no area has people, the number of areas. The caller's. One search for each area of the city. */
double *geo_recommend_alone(GeoRecommend *recommend, double within_s);

/* Middles of areas and the greatest speeds; once. */
bool geo_recommend_load_areas(GeoRecommend *recommend, GeoStore *store, GError **error);

/* Fills the loss of every row and of the set. */
void geo_recommend_leave(GeoRecommend *recommend, GeoRecommendation *answer);
void geo_recommend_loss_clear(GeoRecommendLoss *loss);
