/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One entry for commands, places and codes, with what Enter will do shown below it. */
#include <adwaita.h>

#include "geo/work/finder.h"

#define APP_TYPE_COMMAND_BAR app_command_bar_get_type()
G_DECLARE_FINAL_TYPE(AppCommandBar, app_command_bar, APP, COMMAND_BAR, AdwBin)

/* Signals: "found" (const GeoFound *), "done" when the person is through with it. Commands are
 * activated as actions of the widget's window. */
AppCommandBar *app_command_bar_new(void);

void app_command_bar_set_finder(AppCommandBar *bar, const GeoFinder *finder); /* borrowed; NULL */
void app_command_bar_set_near(AppCommandBar *bar, GeoLonLat near);
void app_command_bar_open(AppCommandBar *bar); /* the keyboard's focus goes there */
