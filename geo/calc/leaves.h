/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What units leave uncovered when they go: places that no other free unit reaches in time. */
#include "geo/calc/near.h"

/* Who reaches each of n places within a time, the soonest `depth` of them. */
typedef struct {
    size_t n, depth;
    double within_s;
    GeoNearHit *hits; /* depth for each place, soonest first; owned */
    uint32_t *n_hits; /* of each place, at most depth; owned */
} GeoLeaves;

/* place[i] are the snaps of place i, one a profile; a place without any is reached by nobody. n
 * searches that end at within_s or with the depth-th unit. */
GeoLeaves *geo_leaves_new(GeoNear *near, const GeoSnap (*place)[GEO_N_PROFILES], size_t n,
                          double within_s, size_t depth);
void geo_leaves_free(GeoLeaves *leaves);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoLeaves, geo_leaves_free)

typedef struct {
    uint32_t place;
    double was_s; /* of the soonest of those who go */
} GeoLeave;

/* The places that some of the n_away units (fewer than depth) reach in time and nobody else does;
 * left has room for n. Returns how many. O(n * depth * n_away). */
size_t geo_leaves_of(const GeoLeaves *leaves, const uint32_t *away, size_t n_away, GeoLeave *left);
