/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Where no camera looks: the worst gaps by rank, and the share of streets seen. */
#include <adwaita.h>

#include "geo/work/coverage.h"

#define APP_TYPE_GAPS_PANEL app_gaps_panel_get_type()
G_DECLARE_FINAL_TYPE(AppGapsPanel, app_gaps_panel, APP, GAPS_PANEL, AdwBin)

/* Signal "chosen" (guint index of gaps, 0 the worst). */
AppGapsPanel *app_gaps_panel_new(void);

/* Both borrowed for the call; NULL: not measured yet. */
void app_gaps_panel_set(AppGapsPanel *panel, const GeoCoverageGaps *gaps,
                        const GeoCoverage *coverage);

/* The list follows a plan, whose own panel tells the share. Borrowed for the call. */
void app_gaps_panel_follow(AppGapsPanel *panel, const GeoCoverageGaps *gaps);
