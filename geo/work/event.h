/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A coming matter with a place and a time (a fair, a match, a demonstration): who would be there by
 * its plan, what is left elsewhere, which cameras see it, what has happened there, and what is to
 * be thought of. Units are those on duty then, at their posts: where people will be is not known.
 */
#include "geo/work/recommend.h"

typedef struct {
    const char *name, *type; /* type chooses the plan; NULL: "crowd" */
    GeoLonLat place;
    double radius_m; /* 0: 200 */
    int64_t from_ms, to_ms;
    int64_t priority; /* 0: 2 */
    double within_s;  /* 0: 180 */
} GeoEventAsk;

typedef struct {
    const char *code, *name; /* lent by the event; may be NULL */
    int owner;               /* GeoOwner */
    size_t points;           /* of the event's that it sees */
    double px_per_m;         /* the best of them */
} GeoEventCamera;

typedef struct {
    const char *name;
    int class; /* GeoFacilityClass */
    double distance_m;
} GeoEventFacility;

typedef struct {
    const char *category;
    size_t n, same_hours; /* of a year, within the radius; in the hours of the event */
} GeoEventPast;

/* How soon a free unit reaches the middles of the areas within 3 km, by people (or by areas). */
typedef struct {
    double share;           /* within within_s */
    double median_s, p90_s; /* NAN: nobody within 15 minutes */
    size_t covered;         /* areas within within_s */
} GeoEventCover;

typedef struct {
    const char *code, *name;
    double people, before_s, during_s; /* INFINITY: nobody within 15 minutes */
} GeoEventHole;

/* Things to think of; figures are the event's. */
typedef enum {
    GEO_EVENT_UNSEEN,     /* points that no working camera sees: points - seen */
    GEO_EVENT_CAMERA_OFF, /* faulty cameras that would see it: n_off */
    GEO_EVENT_MISSING,    /* the plan asks for more units than there are: send->missing */
    GEO_EVENT_UNCOVERED,  /* areas that lose their cover: holes */
    GEO_EVENT_RELIEF,     /* units of the set that are relieved before its end: n_relieved */
    GEO_EVENT_HISTORY,    /* more than one incident a week there: n_past */
    GEO_EVENT_HOSPITAL,   /* no hospital within 3 km */
    GEO_EVENT_NIGHT,      /* part of it is after dark */
    GEO_EVENT_NO_ROAD,    /* cars do not come within 500 m */
    GEO_N_EVENT_RISKS
} GeoEventRisk;

extern const char *const geo_event_risk_words[]; /* "unseen", "camera_off" ... */

typedef struct {
    GeoEventAsk ask; /* as it was understood */
    bool night;      /* some of it */
    GArray *areas;   /* const char *: codes and names, greatest first; lent */
    const char *street;
    GeoRecommendation *send;                          /* by the plan; owned */
    size_t on_duty[GEO_N_FORCES], near[GEO_N_FORCES]; /* then; of them within five minutes */
    size_t points, seen, n_off;                       /* points of the place under the sky */
    GArray *cameras;                                  /* GeoEventCamera, the most points first */
    GArray *facilities;                               /* GeoEventFacility, nearest first */
    GArray *past;                                     /* GeoEventPast, the most first */
    size_t n_past, n_past_hours;
    size_t n_around; /* areas within 3 km */
    double people_around;
    GeoEventCover before, during;
    GArray *holes; /* GeoEventHole, the most people first */
    size_t n_relieved;
    int64_t first_relief_ms; /* 0: none */
    uint32_t risks;          /* bits of GeoEventRisk */
    GStringChunk *text;
} GeoEvent;

/* The fleet must be of from_ms and at its posts (GeoFleetOptions); recommend is of that fleet. */
GeoEvent *geo_event_load(GeoStore *store, GeoRecommend *recommend, const GeoEventAsk *ask,
                         GeoProgress *progress, GError **error);
void geo_event_free(GeoEvent *event);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoEvent, geo_event_free)
