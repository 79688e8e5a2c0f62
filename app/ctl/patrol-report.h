/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the subcommand patrol has found, as one JSON object or for people. */
#include "geo/work/patrolled.h"

typedef struct {
    const GeoPatrolledOptions *asked;
    const char *zone;
    const char *class_words; /* of the cameras' class; NULL: not asked */
    bool hours;
    gint64 top; /* areas that are printed for people */
} AppPatrolReport;

void app_patrol_report_json(const GeoPatrolled *patrolled, const AppPatrolReport *how);
void app_patrol_report_text(const GeoPatrolled *patrolled, const AppPatrolReport *how);

/* Sums of an area over its hours. */
typedef struct {
    guint64 visits, unit_s, seen_s;
    guint hours_seen;    /* with at least 10 min */
    guint hours_planned; /* in which at least 10 min were */
    double joined;       /* mean over the time; NAN: no cameras asked, or no street */
} AppPatrolSum;

AppPatrolSum app_patrol_sum(const GeoPatrolled *patrolled, size_t area);
