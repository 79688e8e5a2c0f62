/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The layers of the map: eye, opacity and legend of each. */
#include <adwaita.h>

typedef enum {
    APP_LAYER_UNITS,
    APP_LAYER_TRAILS,
    APP_LAYER_INCIDENTS,
    APP_LAYER_CAMERAS, /* fields: seen by 1, 2, 3 and more */
    APP_LAYER_GAPS,
    APP_LAYER_HEAT,
    APP_LAYER_GRIDS,
    APP_LAYER_NAMES,
    APP_N_LAYERS
} AppLayer;

#define APP_TYPE_LAYERS_PANEL app_layers_panel_get_type()
G_DECLARE_FINAL_TYPE(AppLayersPanel, app_layers_panel, APP, LAYERS_PANEL, AdwBin)

/* Signals, by the person's hand only: "shown" (int AppLayer, gboolean); "opacity" (int AppLayer,
 * double 0..1). */
AppLayersPanel *app_layers_panel_new(void);

/* What a window begins with and shows. */
double app_layers_panel_opacity(AppLayersPanel *panel, AppLayer layer);
bool app_layers_panel_shown(AppLayersPanel *panel, AppLayer layer);

/* Without a signal. */
void app_layers_panel_set_opacity(AppLayersPanel *panel, AppLayer layer, double opacity);
void app_layers_panel_set_shown(AppLayersPanel *panel, AppLayer layer, bool shown);

/* Why there is nothing to see and what to do; NULL: there is. */
void app_layers_panel_set_empty(AppLayersPanel *panel, AppLayer layer, const char *why);

/* The numbers of the heat's ramp; n incidents in the period. */
void app_layers_panel_set_heat(AppLayersPanel *panel, double peak_per_km2, unsigned n,
                               double radius_m, const char *period);

/* Which class and hour the fields mean: "observe, by night". */
void app_layers_panel_set_sight(AppLayersPanel *panel, const char *sight);
