/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Parts of the moment in the form that the map's layers take, each with what it borrows. */
#include "app/session/now.h"
#include "geo/work/coverage.h"

/* Incidents that have a place, most urgent first. */
typedef struct {
    AppNow *now; /* owns the names */
    MapsIncident *shown;
    int64_t *id;
    size_t n;
} AppIncidentSet;

AppIncidentSet *app_incident_set_new(AppNow *now);
void app_incident_set_free(gpointer set);
/* Nothing to be drawn anew: the same incidents in the same states. */
bool app_incident_set_shows(const AppIncidentSet *set, const AppNow *now);

/* Begins with MapsUnits. */
gpointer app_trail_set_new(AppNow *now);
void app_trail_set_free(gpointer set);

/* Begins with MapsGaps. Copies. */
gpointer app_gap_set_new(const GeoCoverageGaps *gaps);
void app_gap_set_free(gpointer set);
