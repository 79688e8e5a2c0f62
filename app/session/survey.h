/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the cameras of the whole city see and where nobody looks, measured once in the background
 * and shared by reference. */
#include "geo/work/coverage.h"
#include "maps/paint/gaps.h"

#define APP_SURVEY_GAPS 400 /* as many of the worst are kept */

typedef struct {
    MapsGaps maps;     /* first: painters take it as such; borrowed from the rest */
    const char *level; /* of the shares by area; interned; NULL: none */
    GeoCoverage *coverage;
    GeoCoverageGaps *gaps;
    GArray *shown; /* MapsGap */
} AppSurvey;

/* class and hour as of the map's fields. A city without cameras or streets gives an answer that
 * says so, not an error. Seconds. */
AppSurvey *app_survey_load(GeoStore *store, GeoSightClass class, bool night, const char *level,
                           GeoProgress *progress, GError **error);
AppSurvey *app_survey_ref(AppSurvey *survey);
void app_survey_unref(AppSurvey *survey); /* from any thread */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppSurvey, app_survey_unref)
