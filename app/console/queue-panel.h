/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Open incidents, most urgent first, each with its clock. While the pointer is over the list or the
 * keyboard in it, no row moves: new ones wait behind a chip, done ones turn grey. */
#include <adwaita.h>

#include "app/session/now.h"

#define APP_TYPE_QUEUE_PANEL app_queue_panel_get_type()
G_DECLARE_FINAL_TYPE(AppQueuePanel, app_queue_panel, APP, QUEUE_PANEL, AdwBin)

/* Signal "chosen" (gint64 id). */
AppQueuePanel *app_queue_panel_new(void);

/* The moment; rows are kept and changed in place. NULL: none yet. */
void app_queue_panel_set_now(AppQueuePanel *panel, const AppNow *now);

/* Marks the row, without a signal; 0: none. */
void app_queue_panel_select(AppQueuePanel *panel, int64_t id);

/* Puts in what waits behind the chip. */
void app_queue_panel_take_new(AppQueuePanel *panel);
