/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The Plan workspace: what is done on the map and in its panels goes to the plan, and what the plan
 * says goes to both. */
#include "app/console/camera-panel.h"
#include "app/console/map.h"
#include "app/console/plan-panel.h"

#define APP_TYPE_PLAN_DESK app_plan_desk_get_type()
G_DECLARE_FINAL_TYPE(AppPlanDesk, app_plan_desk, APP, PLAN_DESK, GObject)

/* map, session and jobs are borrowed. Signals: "said" (const char *); "chosen" (gboolean): the
 * editor has something to show, or nothing; "gaps": app_plan_desk_gaps() is another. */
AppPlanDesk *app_plan_desk_new(AppSession *session, AppJobs *jobs, AppMap *map, MapsStyle style,
                               const char *lang);

GtkWidget *app_plan_desk_panel(AppPlanDesk *desk);  /* for the left side; borrowed */
GtkWidget *app_plan_desk_editor(AppPlanDesk *desk); /* for the right side; borrowed */

/* Shown at work or put by; the first time the city is read. */
void app_plan_desk_set_active(AppPlanDesk *desk, bool active);
bool app_plan_desk_active(AppPlanDesk *desk);
bool app_plan_desk_settled(AppPlanDesk *desk); /* nothing is being read */
void app_plan_desk_renew(AppPlanDesk *desk);   /* the register has changed */

/* A click of the map; true when it was for the plan. */
bool app_plan_desk_pick(AppPlanDesk *desk, const AppPick *pick);
void app_plan_desk_choose(AppPlanDesk *desk, int64_t camera); /* 0: none */

/* Of the plan as it is; NULL until it is read. Borrowed until "gaps". */
const GeoCoverageGaps *app_plan_desk_gaps(AppPlanDesk *desk);

/* The map, and beside it a second one of the city as it is while both are compared; borrowed. */
GtkWidget *app_plan_desk_stage(AppPlanDesk *desk);
void app_plan_desk_compare(AppPlanDesk *desk); /* shows or hides the second one */
void app_plan_desk_set_style(AppPlanDesk *desk, MapsStyle style);
void app_plan_desk_set_survey(AppPlanDesk *desk, AppSurvey *survey); /* for the second one */

/* ---- acts ---- */

typedef enum {
    APP_PLAN_ADD,      /* in the middle of the map */
    APP_PLAN_ADD_HERE, /* at the place that was asked about */
    APP_PLAN_REMOVE,
    APP_PLAN_RESTORE,
    APP_PLAN_AIM,
    APP_PLAN_UNDO,
    APP_PLAN_REDO,
    APP_PLAN_NEXT,    /* the next changed camera is chosen */
    APP_PLAN_TYPE,    /* the next type of camera for the chosen one */
    APP_PLAN_MENU,    /* of plans */
    APP_PLAN_PLACE,   /* the best places in sight for as many as the panel says */
    APP_PLAN_PROPOSE, /* the same after repairs and turns, in phases */
} AppPlanAct;

void app_plan_desk_act(AppPlanDesk *desk, AppPlanAct act);
void app_plan_desk_turn(AppPlanDesk *desk, double by_deg);
void app_plan_desk_tilt(AppPlanDesk *desk, double by_deg);
void app_plan_desk_widen(AppPlanDesk *desk, double by_deg); /* the field of the lens */
void app_plan_desk_move(AppPlanDesk *desk, double east_m, double north_m);
