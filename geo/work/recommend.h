/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Whom to send to an incident, and why: by its plan, by road now, with what the positions' age
 * leaves open, and with what those who go leave uncovered. It ranks units for one incident and
 * keeps nothing about anybody. */
#include "geo/calc/leaves.h"
#include "geo/model/planbook.h"
#include "geo/work/areas.h"
#include "geo/work/fleet.h"

typedef struct GeoRecommend GeoRecommend;

/* Plans, areas, crews, who is on what, and how long incidents of a category took. fleet, network
 * and frame are borrowed; the network must be the fleet's. */
GeoRecommend *geo_recommend_new(GeoStore *store, GeoFleet *fleet, const GeoNetwork *network,
                                GeoFrame *frame, GeoProgress *progress, GError **error);
void geo_recommend_free(GeoRecommend *recommend);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRecommend, geo_recommend_free)

/* Incidents, crews or plans have changed in the store. The fleet's own changes need no call. */
bool geo_recommend_renew(GeoRecommend *recommend, GeoStore *store, GError **error);

typedef struct {
    int64_t incident_id; /* 0: no incident yet, but what follows */
    GeoLonLat place;
    const char *category, *item; /* NULL: not said */
    int64_t priority;            /* 1 to 4; 0: 3 */
    size_t k;                    /* rows; 0: 5 */
    double within_s;             /* an area is covered by who reaches its middle so soon; 0: 180 */
    double gain_s; /* who is on a less urgent incident must come so much sooner; 0: 60 */
} GeoRecommendAsk;

/* Place, category and priority of an incident by its code or number; GEO_ERROR_MISSING, and
 * GEO_ERROR_DATA where it has no place yet. Texts are lent by recommend until its next renewal. */
bool geo_recommend_read(GeoRecommend *recommend, GeoStore *store, const char *incident,
                        GeoRecommendAsk *ask, GError **error);

/* Bits of what is to be said of a row, beside its figures. */
typedef enum {
    GEO_SAY_FITS,      /* the plan asks for it: may */
    GEO_SAY_CHOSEN,    /* one of the set that meets the plan: need */
    GEO_SAY_DUTY_ENDS, /* before it would be done: duty_left_s */
    GEO_SAY_OLD_FIX,   /* its position is so old or rough that its arrival is a span of a minute or
                          more */
    GEO_SAY_AT_POST,   /* no position: reckoned from its post */
    GEO_SAY_LEAVES_POST, /* it stands on a fixed post */
    GEO_SAY_CLEARED,     /* free, but has not said the result of its last incident yet */
    GEO_SAY_CREW,        /* others go with it: crew */
    GEO_SAY_APART,       /* others of its crew are not free: apart; the crew is split */
    GEO_SAY_LEAVES,      /* areas uncovered: loss */
    GEO_SAY_OBSERVE,     /* the plan does not ask for it: nearby, observe only */
    GEO_SAY_TAKEN,       /* leaves a less urgent incident: from_incident */
    GEO_SAY_ARRIVED,     /* and is there already */
    GEO_N_SAYS
} GeoRecommendSay;

extern const char *const geo_recommend_says[]; /* "fits", "chosen", "duty_ends" ... */

typedef struct {
    uint32_t area; /* geo_recommend_area() */
    uint32_t next; /* the soonest of those who stay, within 15 minutes; UINT32_MAX: nobody */
    double was_s;
    double next_s; /* INFINITY: nobody; NAN: not sought, there are many holes */
} GeoRecommendHole;

typedef struct {
    GArray *holes; /* GeoRecommendHole, most people first */
    double people;
    double away_s; /* expected: there and handling, without the way back */
} GeoRecommendLoss;

typedef struct {
    uint32_t unit; /* of the fleet */
    GeoForce force;
    uint32_t skills, may; /* bits of the book's skills, and of the plan's needs it could serve */
    double travel_s, distance_m;             /* from its last position */
    double earliest_s, expected_s, latest_s; /* it may be anywhere within its reach since then */
    double duty_left_s;                      /* INFINITY: no end is known */
    int need;                                /* of the plan, that it serves in the set; -1 */
    uint32_t says;                           /* bits of GeoRecommendSay */
    GArray *crew;                            /* uint32_t: units that go with it */
    GArray *apart;                           /* uint32_t: of its crew, who cannot */
    GeoRecommendLoss loss;
    int64_t from_incident, from_priority; /* of TAKEN */
    double gain_s; /* of TAKEN: sooner than the first row; INFINITY: there is none */
} GeoRecommendRow;

typedef struct {
    uint32_t need;
    int wanted, found; /* found: with those who are on the incident already */
    size_t fits;       /* units of the city that would do, on duty or not */
    GArray
        *reserve; /* uint32_t: of those who are off duty, the first five: they can be called in */
} GeoRecommendMissing;

typedef struct {
    GeoRecommendAsk ask;         /* as it was understood */
    const GeoPlanbookPlan *plan; /* lent by recommend */
    const char *township;        /* code of the street or town of the place; NULL */
    double handling_s;           /* expected */
    size_t handling_n;           /* of so many past ones the median; 0: the plan's */
    GArray *rows;   /* GeoRecommendRow: the k soonest that the plan asks for and those of the set */
    GArray *nearby; /* that come sooner than the last row, at most five */
    GArray *taken;  /* on less urgent incidents and much sooner, at most three */
    GArray *missing;       /* GeoRecommendMissing */
    size_t n_set, n_there; /* chosen, and on the incident already */
    GeoRecommendLoss loss; /* of the whole set */
    int alternative; /* the first row that could serve in place of row 0 and leaves nothing; -1 */
    double later_s;  /* than row 0 */
    bool forces, skills;      /* judged: no unit of a city that says none would do otherwise */
    size_t n_judged, n_areas; /* areas whose middle is near a road, of all */
    GeoSnap place[GEO_N_PROFILES];
} GeoRecommendation;

/* Never NULL; a place off every road gives empty rows. Some milliseconds; up to 100 where few units
 * are free in a city of 18,000. */
GeoRecommendation *geo_recommend_ask(GeoRecommend *recommend, const GeoRecommendAsk *ask);
void geo_recommendation_free(GeoRecommendation *recommendation);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRecommendation, geo_recommendation_free)

const GeoPlanbook *geo_recommend_book(const GeoRecommend *recommend);
/* The open incident that the unit is on; 0: none. O(log n). */
int64_t geo_recommend_on(const GeoRecommend *recommend, uint32_t unit);
const GeoArea *geo_recommend_area(const GeoRecommend *recommend, uint32_t area);
const char *geo_recommend_level(const GeoRecommend *recommend); /* of the areas; NULL: none */

/* ---- why not ---- */

/* The first rule that keeps a unit from the rows. */
typedef enum {
    GEO_WHYNOT_OFFERED,  /* it is offered: rank */
    GEO_WHYNOT_THERE,    /* it is on this incident */
    GEO_WHYNOT_OFF_DUTY, /* since_ms, until_ms; 0: not known */
    GEO_WHYNOT_BREAK,    /* until_ms */
    GEO_WHYNOT_BUSY,     /* its status; incident_id when it is on one */
    GEO_WHYNOT_STALE,    /* age_s */
    GEO_WHYNOT_NO_PLACE,
    GEO_WHYNOT_OFF_ROAD,
    GEO_WHYNOT_FORCE,      /* the plan asks for no such force */
    GEO_WHYNOT_SKILLS,     /* lacks: bits of skills */
    GEO_WHYNOT_TOWNSHIP,   /* is of another */
    GEO_WHYNOT_NOT_LINKED, /* no way by road */
    GEO_WHYNOT_FAR,        /* distance_m, beyond the plan's radius_m */
    GEO_WHYNOT_DUTY_ENDS,  /* before it would be there: until_ms */
    GEO_WHYNOT_SLOWER,     /* later_s than the last row, as rank */
    GEO_N_WHYNOTS
} GeoWhyNotReason;

extern const char *const geo_whynot_words[]; /* "offered", "there", "off_duty" ... */

typedef struct {
    uint32_t unit;
    GeoWhyNotReason reason;
    unsigned rank;                           /* of OFFERED, from 1; of SLOWER the last row's */
    double travel_s, expected_s, distance_m; /* NAN: not asked */
    double later_s, age_s, radius_m;
    int64_t since_ms, until_ms, incident_id;
    uint32_t lacks;
} GeoWhyNot;

/* The unit by its code, name, number or the end of its code; GEO_ERROR_MISSING, GEO_ERROR_DATA
 * where several are meant. */
bool geo_recommend_find(const GeoRecommend *recommend, const char *word, uint32_t *unit,
                        GError **error);

GeoWhyNot geo_recommend_why_not(GeoRecommend *recommend, const GeoRecommendation *answer,
                                uint32_t unit);

/* ---- the unaccepted ---- */

typedef struct {
    int64_t incident_id, unit_id;
    int64_t waiting_ms;   /* since it was sent */
    int64_t next_unit_id; /* the soonest that could serve in its place; 0: nobody */
    double expected_s;    /* of the next */
} GeoUnaccepted;

/* Units that were sent and have not accepted after after_ms (0: one minute), the longest waiting
 * first: GeoUnaccepted array. They wait by the clock, now_ms (0: the fleet's moment), for where
 * positions stop coming in the fleet's moment stands still. */
GArray *geo_recommend_unaccepted(GeoRecommend *recommend, int64_t now_ms, int64_t after_ms);
