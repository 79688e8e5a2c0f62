/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* When this is: the state of time, play and pause, incidents of the last day. A click on these, or
 * a drag, asks for that moment: action "win.replay-at". */
#include <adwaita.h>

#include "app/session/day.h"
#include "app/session/now.h"

#define APP_TYPE_TIME_BAR app_time_bar_get_type()
G_DECLARE_FINAL_TYPE(AppTimeBar, app_time_bar, APP, TIME_BAR, AdwBin)

/* Signal "pause" (gboolean pause): asked by the button. */
AppTimeBar *app_time_bar_new(void);

void app_time_bar_set_time(AppTimeBar *bar, const AppNow *now);
void app_time_bar_set_can_simulate(AppTimeBar *bar, bool can);

/* Incidents by quarter hour; the last one ends at end_ms. counts NULL: not known yet. */
void app_time_bar_set_counts(AppTimeBar *bar, const unsigned counts[APP_DAY_BINS], int64_t end_ms);
