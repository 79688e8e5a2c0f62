/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Answers that are of a moment long past, because no position has come in since. */
#include "geo/work/fleet.h"

/* A line on standard error where nobody asked for a moment (asked_ms 0) and the newest position is
 * older than ten minutes: ages and arrivals are reckoned from then, and look fresh. */
void app_freshness_warn(const GeoFleet *fleet, gint64 asked_ms, const char *zone);
