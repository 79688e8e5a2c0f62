/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The layers of the map: shown or not, how opaque, what their symbols mean. */
#include "app/console/map.h"

#define APP_TYPE_LAYERS_PANEL app_layers_panel_get_type()
G_DECLARE_FINAL_TYPE(AppLayersPanel, app_layers_panel, APP, LAYERS_PANEL, AdwBin)

/* Signals: "shown" (int layer, gboolean), "opacity" (int layer, double 0..1). */
AppLayersPanel *app_layers_panel_new(const AppCity *city);

/* Moves switch and slider, which then signal. */
void app_layers_panel_set(AppLayersPanel *panel, AppLayer layer, bool shown, double opacity);
bool app_layers_panel_get(AppLayersPanel *panel, AppLayer layer, double *opacity);

/* The numbers of the heat's ramp; NULL: none. */
void app_layers_panel_set_heat(AppLayersPanel *panel, const MapsHeatReport *heat);
