/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The public ground of a city and the counts of eyes over it: what coverage and gaps both ask. */
#include "geo/calc/ground.h"
#include "geo/work/coverage.h"
#include "geo/work/sight.h"

struct GeoSurvey {
    GeoSight *sight;   /* owned */
    GeoBatch *roads;   /* GeoRoad rows by id; a stretch of ground names its row; owned */
    GeoBatch *base;    /* GeoBase rows, owned */
    GeoBox box;        /* of ground and fields */
    GeoGround *ground; /* owned */
    GeoCover *cover;   /* owned */
    double load_ms, work_ms;
};

GeoSurvey *geo_survey_load(GeoStore *store, const GeoCoverageOptions *options,
                           GeoProgress *progress, GError **error);
void geo_survey_free(GeoSurvey *survey);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSurvey, geo_survey_free)

/* What cameras may see if their headings are off at best, over the cells of the survey's cover. */
GeoCover *geo_survey_possible(const GeoSurvey *survey, const GeoCoverageOptions *options,
                              GeoProgress *progress, GError **error);

/* Weight of the ground in box (NULL: all), and of what is seen of it; of `cover` views each one a
 * part. O(cells). */
void geo_survey_weigh(const GeoSurvey *survey, GeoRisk *risk, const GeoBox *box, unsigned cover,
                      double *total, double *seen);

/* The way is a public street above ground: motorway to residential, and pedestrian. */
bool geo_survey_is_street(const GeoRoad *road);

/* From wall to wall; 0: no public street. */
double geo_survey_street_m(const GeoRoad *road);
