/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The half of near.h that goes by road. Private to geo/calc/near*.c. */
#include "geo/calc/near.h"

typedef struct GeoNearRoad GeoNearRoad;

GeoNearRoad *geo_near_road_new(const GeoRoads *roads, const uint8_t *profile, size_t n);
void geo_near_road_free(GeoNearRoad *near);

/* Where the units are now. */
void geo_near_road_put(GeoNearRoad *near, const GeoSnap *snap, const uint8_t *usable);

void geo_near_road_prepare(GeoNearRoad *near, size_t k);
size_t geo_near_road_prepared(const GeoNearRoad *near); /* for how many; 0: not */

size_t geo_near_road_within(GeoNearRoad *near, const GeoSnap place[GEO_N_PROFILES], double most_s,
                            size_t k, GeoNearHit *hits);
