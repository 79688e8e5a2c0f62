/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Units by small numbers from 0 on, in the order they were first seen. Private to geo/store. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#define GEO_ROLL_NONE UINT32_MAX

typedef struct GeoRoll GeoRoll;

GeoRoll *geo_roll_new(void);
void geo_roll_free(GeoRoll *roll);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRoll, geo_roll_free)

uint32_t geo_roll_n(const GeoRoll *roll);
int64_t geo_roll_id(const GeoRoll *roll, uint32_t slot);

/* The unit's number, a new one where it has none. Fleets that report in the same order each time
 * are found without a search. */
uint32_t geo_roll_add(GeoRoll *roll, int64_t id);

/* GEO_ROLL_NONE where there is none. */
uint32_t geo_roll_find(const GeoRoll *roll, int64_t id);
