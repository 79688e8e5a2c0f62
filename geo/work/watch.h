/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Coverage in space and time: how long within a window nobody saw each metre of street, by the
 * cameras' reach by day and by night and by outages that are foreseen. */
#include "geo/calc/spell.h"
#include "geo/calc/sun.h"
#include "geo/work/survey.h"

typedef struct {
    const char *code; /* of the camera */
    int64_t from_ms, to_ms;
} GeoWatchOutage;

typedef struct {
    GeoSightClass class;
    double px_per_m;        /* a density beside the four classes; 0: that of class */
    int64_t from_ms, to_ms; /* at least a minute, at most GEO_WATCH_MAX_DAYS */
    const GeoWatchOutage *outages;
    size_t n_outages;
} GeoWatchOptions;

#define GEO_WATCH_MAX_DAYS 92

typedef struct {
    int32_t limit_s;            /* longest spell of at most so long; the window: all */
    double street_m, ground_m2; /* of it, and of shorter ones */
} GeoWatchStep;

typedef struct {
    GeoSightClass class;
    double px_per_m; /* as asked */
    int64_t from_ms, to_ms;
    bool without_cameras;
    GArray *sun; /* GeoSunChange within the window */
    bool begins_by_day;
    double street_m, ground_m2;             /* the denominator */
    double never_street_m, never_ground_m2; /* seen at no moment of the window */
    GArray *steps;                          /* GeoWatchStep, the first of 0 s: never unseen */
    size_t events;                          /* fields that opened or shut */
    GeoSurvey *survey; /* owned; its counts are of the hour the window begins in */
    GeoSpell *spell;   /* owned: the longest spell of any place */
    double load_ms, work_ms;
} GeoWatch;

/* Cameras that work stand by the sun of the city's middle: their fields by day while it is up,
 * those by night while it is not. A code in outages that no camera has is GEO_ERROR_MISSING. */
GeoWatch *geo_watch_measure(GeoStore *store, const GeoWatchOptions *options, GeoProgress *progress,
                            GError **error);
void geo_watch_free(GeoWatch *watch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoWatch, geo_watch_free)
