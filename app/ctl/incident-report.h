/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Cases in words and as JSON. */
#include "app/ctl/report.h"
#include "geo/work/caseload.h"

/* Of a call-back, from value -1 on. */
extern const char *const app_incident_answers[];

typedef struct {
    const char *zone;
    int64_t now_ms;
    GHashTable *units;              /* int64_t id -> code; borrowed texts */
    GeoStore *store;                /* where other incidents are looked up by id */
    const GeoServiceBook *services; /* whose items have the targets */
} AppIncidentView;

/* id -> code of all units; texts are copied. */
GHashTable *app_incident_units(GeoStore *store, GError **error);

void app_incident_print_list(const GPtrArray *cases, const AppIncidentView *view);
void app_incident_print_case(const GeoCase *one, const GeoReport *report,
                             const GeoMessages *messages, const AppIncidentView *view);
void app_incident_print_log(const GeoCase *one, const AppIncidentView *view);
void app_incident_print_tally(const GeoCaseTally *tally, const char *by);

/* Members of an open object. */
void app_incident_report_case(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view);
void app_incident_report_how(JsonBuilder *json, const GeoReport *report,
                             const GeoMessages *messages, const AppIncidentView *view);
void app_incident_report_log(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view);
void app_incident_report_tally(JsonBuilder *json, const GeoCaseTally *tally);
