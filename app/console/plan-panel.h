/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a plan comes to, before and after, and the cameras that it changes. */
#include <adwaita.h>

#include "app/console/scenario-menu.h"

#define APP_TYPE_PLAN_PANEL app_plan_panel_get_type()
G_DECLARE_FINAL_TYPE(AppPlanPanel, app_plan_panel, APP, PLAN_PANEL, AdwBin)

/* Signal "chosen" (gint64 id). Buttons activate the window's acts. */
AppPlanPanel *app_plan_panel_new(AppPlan *plan); /* borrowed */

unsigned app_plan_panel_count(AppPlanPanel *panel); /* of cameras to be placed */
void app_plan_panel_open_menu(AppPlanPanel *panel); /* of plans */

/* What the plan says now; fills in place, so that a hand on a row keeps it. */
void app_plan_panel_show(AppPlanPanel *panel, AppPlan *plan);
