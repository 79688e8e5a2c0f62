/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Shifts of an area and a day as a table, and the units that have none. */
#include <adwaita.h>

#include "app/session/roster.h"

#define APP_TYPE_ROSTER_TABLE app_roster_table_get_type()
G_DECLARE_FINAL_TYPE(AppRosterTable, app_roster_table, APP, ROSTER_TABLE, AdwBin)

/* Signals: "chosen": another row is; "activated": Enter or a double click on one. */
AppRosterTable *app_roster_table_new(void);

/* Shows the rows of the day, which is borrowed until the next call (NULL: none). The row of the
 * same shift, else of the same unit, stays chosen. */
void app_roster_table_show(AppRosterTable *table, const AppRoster *roster);

const AppRosterRow *app_roster_table_chosen(AppRosterTable *table); /* NULL: none */
void app_roster_table_choose(AppRosterTable *table, int64_t shift_id, int64_t unit_id);
void app_roster_table_focus(AppRosterTable *table);
