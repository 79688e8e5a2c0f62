/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The facts of one unit, camera or area. Never a person's name. */
#include <adwaita.h>

#include "app/session/city.h"
#include "app/session/now.h"
#include "app/session/survey.h"

#define APP_TYPE_THING_PANEL app_thing_panel_get_type()
G_DECLARE_FINAL_TYPE(AppThingPanel, app_thing_panel, APP, THING_PANEL, AdwBin)

/* city is borrowed. */
AppThingPanel *app_thing_panel_new(const AppCity *city);

void app_thing_panel_show_unit(AppThingPanel *panel, const AppUnit *who, const MapsUnit *unit);
void app_thing_panel_show_camera(AppThingPanel *panel, const GeoCamera *camera, GeoLonLat at);
/* survey NULL: not measured yet. */
void app_thing_panel_show_area(AppThingPanel *panel, const GeoArea *area, const AppSurvey *survey);
