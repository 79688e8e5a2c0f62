/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What failing cameras cost: shares before and after, the ground that goes dark, and which cameras
 * would be missed most. */
#include "geo/work/survey.h"

typedef struct {
    const char *const *codes; /* cameras that fail, by code, NULL-terminated; NULL: none */
    int owner;                /* all working ones of this GeoOwner fail; below 0: of nobody */
    size_t top;               /* gaps that open, and cameras most missed */
} GeoOutageOptions;

typedef struct {
    const char *code, *name; /* borrowed from the answer; may be NULL */
    int owner;               /* GeoOwner */
    GeoLonLat at;
    double street_m, ground_m2; /* that it alone sees */
} GeoOutageCamera;

typedef struct {
    double area_m2, weight; /* weight as of GeoCoverageGap */
    GeoLonLat at;
    const char *code, *street; /* borrowed from the answer; as of GeoCoverageGap */
} GeoOutageGap;

typedef struct {
    GeoSightClass class;
    double px_per_m; /* as asked */
    bool night;
    size_t out;                  /* working cameras that fail */
    size_t off;                  /* named, and not working before: nothing changes with them */
    GeoCoverShare before, after; /* after equals before when nobody fails */
    int64_t mustsee, mustsee_before, mustsee_after;
    size_t found;       /* gaps that open, cut at blocks as geo_coverage_find_gaps() does */
    double opened_m2;   /* of all of them, small ones included */
    GArray *gaps;       /* GeoOutageGap, heaviest first, at most top */
    GArray *missed;     /* GeoOutageCamera by street metres they alone see, at most top; of the
                           cameras that still work */
    GStringChunk *text; /* owns all texts */
    double load_ms, work_ms;
} GeoOutage;

/* Counts the cameras that are left anew, so that a crowd on one spot is told rightly too. A code
 * that no camera has is GEO_ERROR_MISSING. O(cells of all fields). */
GeoOutage *geo_outage_measure(GeoStore *store, const GeoSurvey *survey,
                              const GeoCoverageOptions *coverage, const GeoOutageOptions *options,
                              GeoProgress *progress, GError **error);
void geo_outage_free(GeoOutage *outage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoOutage, geo_outage_free)
