/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Reports of other systems, on their way into the city's queue. */
#include <glib.h>

#include "geo/model/coord.h"
#include "geo/model/notice.h"

/* What its texts mean. */
typedef struct {
    GeoLonLat at;  /* WGS 84; NAN: not said */
    int64_t at_ms; /* when it was reported there; 0: not said */
    int priority;  /* 0: not said */
} GeoNoticeSense;

/* Reads number, time, place and priority. False, with the flaw in the notice, when it cannot be
 * taken. Times without an offset are of zone. */
bool geo_notices_judge(GeoNotice *notice, GTimeZone *zone, int64_t now_ms, GeoNoticeSense *sense);
