/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The line along the bottom: how the city is covered at this moment, and what is being worked on.
 */
#include <adwaita.h>

#include "app/session/now.h"

#define APP_TYPE_STRIP app_strip_get_type()
G_DECLARE_FINAL_TYPE(AppStrip, app_strip, APP, STRIP, AdwBin)

/* Signal "cancel": the work told by set_job is to end. */
AppStrip *app_strip_new(void);

void app_strip_set_now(AppStrip *strip, const AppNow *now);         /* NULL: not known yet */
void app_strip_set_cameras(AppStrip *strip, int64_t up, int64_t n); /* n < 0: not known yet */
/* share NAN: not known yet; sight: "observe, by night". */
void app_strip_set_seen(AppStrip *strip, double share, const char *sight);
/* place NULL: not known yet. */
void app_strip_set_gap(AppStrip *strip, const char *place, double area_m2);
void app_strip_set_no_streets(AppStrip *strip); /* no share and no gap is to be waited for */
void app_strip_set_alerts(AppStrip *strip, unsigned n);
void app_strip_set_job(AppStrip *strip, const char *what, double share); /* NULL: idle */
/* What is under the pointer, or any quiet words at the right. */
void app_strip_set_hint(AppStrip *strip, const char *words);
