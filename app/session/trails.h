/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The ways of the last half hour, gathered unit by unit, handed out as flat arrays that no longer
 * say whose they are. */
#include "app/session/now.h"
#include "geo/model/fix.h"

#define APP_TRAIL_MS (INT64_C(30) * 60 * 1000)

typedef struct AppTrailLog AppTrailLog;

AppTrailLog *app_trail_log_new(void);
void app_trail_log_free(AppTrailLog *log);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppTrailLog, app_trail_log_free)

/* Fixes in order of time within a unit; those nearer than 20 s to the last one kept are passed
 * over. */
void app_trail_log_add(AppTrailLog *log, const GeoFix *fixes, size_t n);

/* The last half hour before at_ms, each way ending at its unit's newest place; older points are
 * forgotten. O(points). The caller's; NULL without any. */
AppTrails *app_trail_log_build(AppTrailLog *log, int64_t at_ms);

AppTrails *app_trails_ref(AppTrails *trails);
void app_trails_unref(AppTrails *trails); /* from any thread */
