/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The answer to "what about this place": the incident, who comes first and why, cameras that see
 * it, codes, history. */
#include <adwaita.h>

#include "app/session/here.h"
#include "app/session/now.h"

#define APP_TYPE_HERE_PANEL app_here_panel_get_type()
G_DECLARE_FINAL_TYPE(AppHerePanel, app_here_panel, APP, HERE_PANEL, AdwBin)

/* Signals: "dispatch" (gint64 unit id), "comer" (gint64 unit id: show it), "camera" (gint64 id). */
AppHerePanel *app_here_panel_new(void);

/* An answer is on its way; what is shown of the last one is gone at once. incident may be NULL: a
 * place. zone is of the city and outlives the panel. */
void app_here_panel_wait(AppHerePanel *panel, const AppIncident *incident, int64_t now_ms,
                         const char *zone);

/* The answer; borrowed for the call. incident may be NULL. */
void app_here_panel_set(AppHerePanel *panel, const AppHere *here, const AppIncident *incident,
                        int64_t now_ms, const char *zone);

/* Why there is none; with a remedy. */
void app_here_panel_fail(AppHerePanel *panel, const char *why);

/* Once a second: the incident's clock and state. NULL: it is no longer open. */
void app_here_panel_tick(AppHerePanel *panel, const AppIncident *incident, int64_t now_ms);

/* The unit of key 1..9, or of D (key 0: the first); 0: none. */
int64_t app_here_panel_unit(AppHerePanel *panel, unsigned key);

/* Marks the row of that unit; 0: none. */
void app_here_panel_select(AppHerePanel *panel, int64_t unit_id);
