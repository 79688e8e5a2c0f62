/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* When the sun rises and sets: by the equations of NOAA's Solar Calculator (Global Monitoring
 * Laboratory, after Meeus, Astronomical Algorithms), good to a minute between 72 degrees north and
 * south and the years 1901 to 2099. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "geo/model/coord.h"

/* The sun's middle is so far below the horizon when its upper edge is seen to touch it: radius and
 * refraction (NOAA). */
#define GEO_SUN_EDGE_DEG (-0.833)

/* Height of the sun's middle above the horizon, refraction left out; Unix ms. */
double geo_sun_height_deg(GeoLonLat at, int64_t at_ms);

/* The sun is up: its upper edge is seen. */
bool geo_sun_is_up(GeoLonLat at, int64_t at_ms);

typedef struct {
    int64_t at_ms;
    bool rises; /* else it sets */
} GeoSunChange;

/* Sunrises and sunsets with from < at <= to, in order: GeoSunChange array, the caller's. None while
 * the sun stays up or down. O(days). */
GArray *geo_sun_changes(GeoLonLat at, int64_t from_ms, int64_t to_ms);
