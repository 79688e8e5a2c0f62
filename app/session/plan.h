/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A plan of cameras on the desk: the coverage of the whole city in memory, steps that are done,
 * undone and done again, and what they come to. The main thread's; only loading is a job. */
#include <gio/gio.h>

#include "app/session/city.h"
#include "app/session/jobs.h"
#include "app/session/session.h"
#include "geo/work/legal.h"
#include "geo/work/whatif.h"

/* A camera as the plan wants it. */
typedef struct {
    int64_t id;
    GeoWhatIfState state; /* KEPT: as the register has it; the rest is then what that is */
    GeoCamera camera;     /* texts live as long as the plan */
    GeoLonLat at;
    int phase;   /* of building, from 1 */
    double cost; /* yuan; NAN: not known */
} AppPlanCamera;

typedef struct {
    GeoCoverShare before, after;
    unsigned added, edited, removed;
    double cost; /* yuan, of all phases */
} AppPlanSum;

#define APP_TYPE_PLAN app_plan_get_type()
G_DECLARE_FINAL_TYPE(AppPlan, app_plan, APP, PLAN, GObject)

/* session and jobs are borrowed and outlive it. Signals, all in the main thread: "loaded";
 * "changed": cameras or sums are others; "chosen": another camera is; "scenario": another one is
 * worked on, or its name or its neighbours have changed; "said" (const char *). */
AppPlan *app_plan_new(AppSession *session, AppJobs *jobs);

/* Reads the city for planning, once; a second call is nothing. "loaded" tells. */
void app_plan_load(AppPlan *plan);
/* Reads it anew: the register has changed, or class and hour. Steps are kept. */
void app_plan_reload(AppPlan *plan, GeoSightClass class, bool night);
bool app_plan_ready(AppPlan *plan);
GeoSightClass app_plan_class(AppPlan *plan, bool *night);
GeoWhatIf *app_plan_whatif(AppPlan *plan); /* borrowed; NULL until loaded */

/* What the camera's field must not show and whose homes it faces, by day, as its lens reaches
 * farther then; NULL until loaded. Some 0.1 ms.
 */
GeoLegal *app_plan_legal(AppPlan *plan, const AppPlanCamera *camera);
const GeoNolook *app_plan_room(AppPlan *plan, const GeoLegalRoom *room); /* borrowed */

/* ---- what is chosen ---- */

void app_plan_choose(AppPlan *plan, int64_t id); /* 0: none */
int64_t app_plan_chosen(AppPlan *plan);
bool app_plan_camera(AppPlan *plan, int64_t id, AppPlanCamera *camera);

/* ---- steps ---- */

/* Types of camera that can be bought: the city's, or usual ones. Borrowed. */
const GeoBatch *app_plan_types(AppPlan *plan);

int app_plan_type_of(AppPlan *plan, const GeoCamera *camera); /* -1: of none */
/* Lens, pixels, ranges and price become the type's. */
void app_plan_set_type(AppPlan *plan, AppPlanCamera *camera, guint type);

/* What is added when nobody says more; heading 0, with an id of its own. */
GeoCamera app_plan_usual_camera(AppPlan *plan);

/* A camera of the usual kind, turned to where it gains most, is added and chosen. */
void app_plan_add(AppPlan *plan, GeoLonLat at);

/* The camera becomes so, at once and with all that follows; a step is made of it by
 * app_plan_commit(), or when it rests for a moment. */
void app_plan_edit(AppPlan *plan, const AppPlanCamera *camera);
void app_plan_commit(AppPlan *plan);

void app_plan_remove(AppPlan *plan, int64_t id);
void app_plan_restore(AppPlan *plan, int64_t id);
/* The best places for so many new cameras within the bounds, chosen in the background; they come as
 * one step, and "said" tells what they gain and what can be missing at the most. */
void app_plan_place(AppPlan *plan, const GeoBounds *bounds, unsigned count);
/* The same after repairs and turns of the cameras that are there, in phases: all of it one step.
 * Both begin from the register, not from the plan. */
void app_plan_propose(AppPlan *plan, const GeoBounds *bounds, unsigned count);
bool app_plan_placing(AppPlan *plan);
/* The heading with the greatest gain. */
void app_plan_aim(AppPlan *plan, int64_t id);

bool app_plan_can_undo(AppPlan *plan);
bool app_plan_can_redo(AppPlan *plan);
void app_plan_undo(AppPlan *plan);
void app_plan_redo(AppPlan *plan);

/* ---- scenarios: every step is one of the scenario's, on disk ---- */

/* What is worked on; NULL before the first answer. Borrowed until "scenario". */
const AppScenario *app_plan_scenario(AppPlan *plan);
bool app_plan_saving(AppPlan *plan); /* something is on its way to the disk */
void app_plan_open(AppPlan *plan, int64_t id);
void app_plan_new_scenario(AppPlan *plan);
void app_plan_rename(AppPlan *plan, const char *name);
void app_plan_join(AppPlan *plan, int64_t other);
void app_plan_drop(AppPlan *plan);
/* Up to the phase; force: over what the register has changed since. */
void app_plan_merge(AppPlan *plan, int64_t phase, bool force);

/* ---- what it comes to ---- */

AppPlanSum app_plan_sum(AppPlan *plan);

/* AppPlanCamera that differ from the register, in order of their first change; the caller's. */
GArray *app_plan_changes(AppPlan *plan);

/* The top gaps as they are planned; the caller's. area_m2 of all is not summed. */
GeoCoverageGaps *app_plan_gaps(AppPlan *plan, size_t top);
