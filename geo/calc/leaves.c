/* SPDX-License-Identifier: GPL-3.0-or-later */
/* For each place one search backwards from it, cut at the time asked for: the first units to come.
 * Whether a unit is missed follows from these alone, so one round of searches serves every unit and
 * set of units that might go, as long as a set is smaller than the number of units kept. Exact for
 * places; what lies between them is not asked. */
#include "geo/calc/leaves.h"

GeoLeaves *geo_leaves_new(GeoNear *near, const GeoSnap (*place)[GEO_N_PROFILES], size_t n,
                          double within_s, size_t depth)
{
    GeoLeaves *leaves = g_new0(GeoLeaves, 1);
    leaves->n = n;
    leaves->depth = depth;
    leaves->within_s = within_s;
    leaves->hits = g_new(GeoNearHit, n * depth + 1);
    leaves->n_hits = g_new0(uint32_t, n + 1);
    for (size_t i = 0; i < n; i++)
        leaves->n_hits[i] =
            (uint32_t)geo_near_within(near, place[i], within_s, depth, leaves->hits + i * depth);
    return leaves;
}

void geo_leaves_free(GeoLeaves *leaves)
{
    if (!leaves)
        return;
    g_free(leaves->hits);
    g_free(leaves->n_hits);
    g_free(leaves);
}

static bool is_away(uint32_t unit, const uint32_t *away, size_t n_away)
{
    for (size_t i = 0; i < n_away; i++)
        if (away[i] == unit)
            return true;
    return false;
}

size_t geo_leaves_of(const GeoLeaves *leaves, const uint32_t *away, size_t n_away, GeoLeave *left)
{
    g_return_val_if_fail(n_away < leaves->depth, 0);
    size_t n = 0;
    for (size_t i = 0; i < leaves->n; i++) {
        const GeoNearHit *hits = leaves->hits + i * leaves->depth;
        uint32_t k = 0;
        while (k < leaves->n_hits[i] && is_away(hits[k].unit, away, n_away))
            k++;
        if (k > 0 && k == leaves->n_hits[i])
            left[n++] = (GeoLeave){(uint32_t)i, hits[0].travel_s};
    }
    return n;
}
