/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One shift to be edited, and what its unit may be signed for. */
#include <adwaita.h>

#include "app/session/roster.h"

#define APP_TYPE_ROSTER_FORM app_roster_form_get_type()
G_DECLARE_FINAL_TYPE(AppRosterForm, app_roster_form, APP, ROSTER_FORM, AdwBin)

/* Signals: "wanted" (gint AppRosterWant): a button or Enter asks for it; "said" (const char *): why
 * it cannot be; "left": Escape in a field. */
AppRosterForm *app_roster_form_new(void);

/* The row of the day, or NULL; what has been written into it meanwhile is gone. */
void app_roster_form_show(AppRosterForm *form, const AppRosterRow *row, const AppRoster *roster);

/* A second shift for the unit that is shown. */
void app_roster_form_begin_new(AppRosterForm *form);
void app_roster_form_focus(AppRosterForm *form);
bool app_roster_form_is_edited(AppRosterForm *form); /* something was written that is not saved */

/* The shift as it is written; NULL, with "said", when it is none. The caller's. */
GeoBatch *app_roster_form_dup_shift(AppRosterForm *form);
