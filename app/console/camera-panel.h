/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One camera of a plan, every property to be changed; or a place, and what a camera there would
 * do. */
#include <adwaita.h>

#include "app/session/plan.h"

#define APP_TYPE_CAMERA_PANEL app_camera_panel_get_type()
G_DECLARE_FINAL_TYPE(AppCameraPanel, app_camera_panel, APP, CAMERA_PANEL, AdwBin)

/* Signal "edited" (const AppPlanCamera *): as the person wants it. Buttons activate the window's
 * acts. */
AppCameraPanel *app_camera_panel_new(void);

void app_camera_panel_show(AppCameraPanel *panel, AppPlan *plan, const AppPlanCamera *camera);

/* What is known of a place, for one who thinks of a camera there. */
typedef struct {
    GeoLonLat at;
    const char *street; /* NULL: none near */
    GeoWhatIfPlace place;
    double gain_m;       /* of the usual camera, turned well */
    double heading_deg;  /* so */
    double worst_gain_m; /* of the least useful new camera of the plan; NAN: there is none */
} AppCameraSpot;

void app_camera_panel_show_spot(AppCameraPanel *panel, const AppCameraSpot *spot);
