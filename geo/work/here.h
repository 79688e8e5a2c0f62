/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What is known of one place: the areas it lies in, the cameras that see it, what happened there.
 */
#include "geo/model/batch.h"
#include "geo/model/frame.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"
#include "geo/work/sight.h"

typedef struct {
    const char *level, *code, *name; /* borrowed from the answer; code and name may be NULL */
} GeoHereArea;

typedef struct {
    int64_t id;
    const char *code, *name;
    int owner; /* GeoOwner */
    int state; /* GeoCameraState */
    GeoLonLat at;
    double distance_m;
    double px_per_m;         /* density there (IEC 62676-4) */
    int class;               /* GeoSightClass that it reaches there */
    double heading_deg;      /* NAN: all round */
    bool assumed;            /* hangs on an assumed heading, field or range */
    uint32_t first, n;       /* its field in points, rings one behind another, not closed */
    uint32_t ring0, n_rings; /* of these, in rings */
} GeoHereCamera;

typedef struct {
    int64_t id, at_ms;
    const char *name; /* name or category */
    int64_t priority;
    int state;
    double distance_m;
} GeoHereIncident;

typedef struct {
    GeoLonLat at;
    bool night;
    GArray *areas;     /* GeoHereArea, greatest first (district ... grid) */
    GArray *cameras;   /* GeoHereCamera that see the place at least at detect, densest first;
                          working ones only */
    GArray *points;    /* GeoLonLat of their fields */
    GArray *rings;     /* uint32_t: where each ring begins among the points of its camera */
    size_t n_off;      /* faulty ones that would see it */
    GArray *incidents; /* GeoHereIncident within radius_m, newest first, at most max_incidents */
    size_t n_incidents_28d, n_incidents_year; /* within radius_m before at_ms */
    double radius_m;
    const char *street; /* nearest street with a name within 60 m; NULL */
    GStringChunk *text; /* owns the texts */
    double work_ms;     /* loading included */
} GeoHere;

typedef struct {
    int64_t at_ms;        /* the moment asked about; incidents after it are not told */
    bool night;           /* which reach of the cameras counts */
    double radius_m;      /* of the history; 0: 150 */
    size_t max_incidents; /* 0: 12 */
    int64_t incident_id;  /* the one that is asked about has no part in the history; 0: a place */
} GeoHereOptions;

/* Some ms: every question goes by spatial index. A city without areas, cameras or incidents gives
 * empty arrays. frame is the city's. */
GeoHere *geo_here_load(GeoStore *store, GeoFrame *frame, GeoLonLat at,
                       const GeoHereOptions *options, GeoProgress *progress, GError **error);
void geo_here_free(GeoHere *here);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoHere, geo_here_free)
