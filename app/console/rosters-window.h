/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Duty and rosters: a day's shifts by area beside who is on duty now; shifts, posts and beats are
 * edited here, and taken back. A window of its own, so that the map stays in sight. */
#include <adwaita.h>

#include "app/session/session.h"

#define APP_TYPE_ROSTERS_WINDOW app_rosters_window_get_type()
G_DECLARE_FINAL_TYPE(AppRostersWindow, app_rosters_window, APP, ROSTERS_WINDOW, AdwWindow)

/* Signal "ready": the first day is shown. */
AppRostersWindow *app_rosters_window_new(GtkWindow *parent, AppSession *session);
