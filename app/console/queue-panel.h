/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The open incidents, most urgent first. While the pointer is over them they keep their order, and
 * new ones wait behind a button. */
#include <adwaita.h>

#include "app/session/now.h"

#define APP_TYPE_QUEUE_PANEL app_queue_panel_get_type()
G_DECLARE_FINAL_TYPE(AppQueuePanel, app_queue_panel, APP, QUEUE_PANEL, AdwBin)

/* Signal "chosen" (gint64 id). */
AppQueuePanel *app_queue_panel_new(void);
void app_queue_panel_set_now(AppQueuePanel *panel, AppNow *now); /* borrowed for the call */
void app_queue_panel_select(AppQueuePanel *panel, int64_t id);   /* 0: none; does not signal */
