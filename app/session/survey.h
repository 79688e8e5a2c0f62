/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the cameras of the whole city see and where nobody looks, measured once in the background
 * and shared by reference. */
#include "app/session/city.h"
#include "geo/work/coverage.h"
#include "maps/paint/gaps.h"

#define APP_SURVEY_GAPS 400 /* as many of the worst are kept */

typedef struct {
    MapsGaps maps;     /* first: painters take it as such; borrowed from the rest */
    const char *level; /* of the shares by area; interned; NULL: none */
    GeoCoverage *coverage;
    GeoCoverageGaps *gaps;
    GArray *shown;        /* MapsGap */
    GHashTable *happened; /* code of an area of the level -> incidents of 28 days; owned */
    bool counted;         /* the city has incidents at all */
} AppSurvey;

/* Class, hour and level as of the city. A city without cameras or streets gives an answer that
 * says so, not an error. Seconds. */
AppSurvey *app_survey_load(GeoStore *store, const AppCity *city, GeoProgress *progress,
                           GError **error);

/* Incidents in the area during the 28 days before the city's newest moment; -1 in a city without
 * incidents. */
int64_t app_survey_incidents_28d(const AppSurvey *survey, const char *code);

/* Gaps as painters take them: shown (MapsGap, empty at first) and gaps are to outlive it. */
MapsGaps app_survey_maps(const GeoCoverageGaps *gaps, GArray *shown);

AppSurvey *app_survey_ref(AppSurvey *survey);
void app_survey_unref(AppSurvey *survey); /* from any thread */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppSurvey, app_survey_unref)
