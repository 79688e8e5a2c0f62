/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which plan is worked on: its name as a button, behind it the others, and what can be done with it
 * as a whole. */
#include <adwaita.h>

#include "app/session/plan.h"

#define APP_TYPE_SCENARIO_MENU app_scenario_menu_get_type()
G_DECLARE_FINAL_TYPE(AppScenarioMenu, app_scenario_menu, APP, SCENARIO_MENU, AdwBin)

/* plan is borrowed. */
AppScenarioMenu *app_scenario_menu_new(AppPlan *plan);

void app_scenario_menu_show(AppScenarioMenu *menu); /* opens it */
