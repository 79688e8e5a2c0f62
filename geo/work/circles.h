/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Rapid circles: how soon a free unit is in the middle of each area, by road; which areas nobody
 * reaches in time, for how long that was so, and who could move up without leaving another one. */
#include "geo/work/areas.h"
#include "geo/work/fleet.h"

#define GEO_CIRCLES_MAX 6

typedef struct {
    double within_s[GEO_CIRCLES_MAX]; /* rising: 60, 180, 300 */
    size_t n;
    size_t judged; /* the circle that makes a hole, number of within_s */
    const char *level;
    size_t moves;           /* suggestions at most */
    int64_t from_ms, to_ms; /* beside now, how many minutes areas were holes; both 0: not asked */
    int64_t every_ms;       /* between two looks at that time */
} GeoCirclesOptions;

typedef struct {
    uint32_t area;        /* of the areas */
    bool linked;          /* its middle is near a road */
    double soonest_s;     /* INFINITY: nobody comes within half an hour */
    uint32_t unit;        /* of the fleet, that is there so soon */
    double uncovered_min; /* of the time asked about; NAN: not asked */
} GeoCirclesArea;

typedef struct {
    uint32_t area, unit;
    double travel_s; /* of the unit to there */
} GeoCirclesMove;

typedef struct {
    GeoAreas *areas; /* owned */
    GArray *all;   /* GeoCirclesArea, the worst first: nobody, then the latest, then most people */
    GArray *moves; /* GeoCirclesMove: after all of them no other area is a hole that was none */
    size_t within[GEO_CIRCLES_MAX], linked; /* areas */
    int64_t people[GEO_CIRCLES_MAX], all_people;
    size_t looks;         /* at the time asked about, where positions are known */
    size_t unknown_looks; /* where none is: they count nowhere */
    double work_ms;       /* of now */
} GeoCircles;

/* The fleet is of the moment asked about. Looks at earlier moments read the store anew, about as
 * long as geo_fleet_load each. */
GeoCircles *geo_circles_find(GeoStore *store, GeoFrame *frame, const GeoNetwork *network,
                             GeoFleet *fleet, const GeoCirclesOptions *options,
                             GeoProgress *progress, GError **error);
void geo_circles_free(GeoCircles *circles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCircles, geo_circles_free)
