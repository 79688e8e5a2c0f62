/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The areas of the rosters, those on duty against those planned, to choose one from. */
#include <adwaita.h>

#include "app/session/roster.h"

#define APP_TYPE_ROSTER_AREAS app_roster_areas_get_type()
G_DECLARE_FINAL_TYPE(AppRosterAreas, app_roster_areas, APP, ROSTER_AREAS, AdwBin)

/* Signals: "chosen" (const char *code); "admit": the chosen one, whose shifts nobody has told, is
 * to be let in for a while. */
AppRosterAreas *app_roster_areas_new(void);
void app_roster_areas_show(AppRosterAreas *areas, const AppRoster *roster);
void app_roster_areas_focus(AppRosterAreas *areas); /* to search */
