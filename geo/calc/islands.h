/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Parts of the road network that a profile cannot get to from one another: named, so that "no way"
 * has a reason. */
#include "geo/calc/road.h"

#define GEO_ISLANDS_NONE UINT32_MAX

typedef struct {
    size_t edges;
    double length_m;
    int64_t longest; /* its longest edge */
    GeoXY at;        /* the vertex in the middle of that */
} GeoIsland;

typedef struct GeoIslands GeoIslands;

/* The islands as the roads are now: rights, barriers, gates at the hour set and closures minded,
 * directions not. Longest first, so 0 is the mainland. O(edges) and a sort of the islands. */
GeoIslands *geo_islands_new(const GeoRoads *roads, GeoProfile profile);
void geo_islands_free(GeoIslands *islands);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoIslands, geo_islands_free)

size_t geo_islands_count(const GeoIslands *islands);

/* Borrowed; number < geo_islands_count(). */
const GeoIsland *geo_islands_get(const GeoIslands *islands, size_t number);

/* The number of the island that an edge lies on; NONE when the profile may not use it. */
uint32_t geo_islands_of(const GeoIslands *islands, int64_t edge);
