/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A plan of cameras on the desk: the coverage of the whole city in memory, steps that are done,
 * undone and done again, and what they come to. The main thread's; only loading is a job. */
#include <gio/gio.h>

#include "app/session/city.h"
#include "app/session/jobs.h"
#include "geo/work/whatif.h"

/* A camera as the plan wants it. */
typedef struct {
    int64_t id;
    GeoWhatIfState state; /* KEPT: as the register has it; the rest is then what that is */
    GeoCamera camera;     /* texts live as long as the plan */
    GeoLonLat at;
    int phase;   /* of building, from 1 */
    double cost; /* yuan, of this phase */
} AppPlanCamera;

typedef struct {
    GeoCoverShare before, after;
    unsigned added, edited, removed;
    double cost; /* yuan, of all phases */
} AppPlanSum;

#define APP_TYPE_PLAN app_plan_get_type()
G_DECLARE_FINAL_TYPE(AppPlan, app_plan, APP, PLAN, GObject)

/* city and jobs are borrowed and outlive it. Signals, all in the main thread: "loaded"; "changed":
 * cameras or sums are others; "chosen": another camera is; "said" (const char *). */
AppPlan *app_plan_new(const AppCity *city, AppJobs *jobs);

/* Reads the city for planning, once; a second call is nothing. "loaded" tells. */
void app_plan_load(AppPlan *plan);
/* Reads it anew: the register has changed, or class and hour. Steps are kept. */
void app_plan_reload(AppPlan *plan, GeoSightClass class, bool night);
bool app_plan_ready(AppPlan *plan);
GeoSightClass app_plan_class(AppPlan *plan, bool *night);
GeoWhatIf *app_plan_whatif(AppPlan *plan); /* borrowed; NULL until loaded */

/* ---- what is chosen ---- */

void app_plan_choose(AppPlan *plan, int64_t id); /* 0: none */
int64_t app_plan_chosen(AppPlan *plan);
bool app_plan_camera(AppPlan *plan, int64_t id, AppPlanCamera *camera);

/* ---- steps ---- */

/* What is added when nobody says more; heading 0, with an id of its own. */
GeoCamera app_plan_usual_camera(void);

/* A camera of the usual kind, turned to where it gains most, is added and chosen. */
void app_plan_add(AppPlan *plan, GeoLonLat at);

/* The camera becomes so, at once and with all that follows; a step is made of it by
 * app_plan_commit(), or when it rests for a moment. */
void app_plan_edit(AppPlan *plan, const AppPlanCamera *camera);
void app_plan_commit(AppPlan *plan);

void app_plan_remove(AppPlan *plan, int64_t id);
void app_plan_restore(AppPlan *plan, int64_t id);
/* The heading with the greatest gain. */
void app_plan_aim(AppPlan *plan, int64_t id);

bool app_plan_can_undo(AppPlan *plan);
bool app_plan_can_redo(AppPlan *plan);
void app_plan_undo(AppPlan *plan);
void app_plan_redo(AppPlan *plan);

/* ---- what it comes to ---- */

AppPlanSum app_plan_sum(AppPlan *plan);

/* AppPlanCamera that differ from the register, in order of their first change; the caller's. */
GArray *app_plan_changes(AppPlan *plan);

/* The top gaps as they are planned; the caller's. area_m2 of all is not summed. */
GeoCoverageGaps *app_plan_gaps(AppPlan *plan, size_t top);
