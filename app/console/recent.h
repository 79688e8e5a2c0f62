/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The cities opened last, for the page without a city and for the menu. */
#include <adwaita.h>

#include "app/console/settings.h"

#define APP_TYPE_RECENT app_recent_get_type()
G_DECLARE_FINAL_TYPE(AppRecent, app_recent, APP, RECENT, AdwBin)

/* Follows the settings' list and is invisible while that is empty. A folder that is gone, which is
 * looked for without waiting, is grey and has a button that takes it from the list. Signal
 * "chosen" (const char *path). */
AppRecent *app_recent_new(AppSettings *settings);
