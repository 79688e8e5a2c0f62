/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What is known of the chosen incident or place: who comes first and why, who sees it, the codes it
 * lies in, what happened there. */
#include <adwaita.h>

#include "app/session/here.h"
#include "app/session/now.h"

#define APP_TYPE_HERE_PANEL app_here_panel_get_type()
G_DECLARE_FINAL_TYPE(AppHerePanel, app_here_panel, APP, HERE_PANEL, AdwBin)

/* Signals: "comer" (int index): a recommended unit was chosen; "area" (const char *code); "camera"
 * (gint64 id). Buttons activate "win.dispatch". */
AppHerePanel *app_here_panel_new(const char *zone);

/* A question was asked; its answer is not there yet. incident NULL: a place. */
void app_here_panel_wait(AppHerePanel *panel, const AppIncident *incident, GeoLonLat at);

/* The answer, borrowed for the call. */
void app_here_panel_show(AppHerePanel *panel, const AppHere *here, const AppIncident *incident);

/* Only the clock of the incident. */
void app_here_panel_tick(AppHerePanel *panel, const AppIncident *incident, int64_t now_ms);
