/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <string.h>

#include "geo/model/trackcode.h"

/* A piece that is taken is a track: its times rise, it agrees with its head, and coded anew it is
 * the same track. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    static GeoTrackPoint points[GEO_TRACKCODE_MOST], again[GEO_TRACKCODE_MOST];
    GeoTrackPoint base = {INT64_C(1795435200) * 1000, 26388685, 7168768};
    GeoTrackHead head, other;
    if (!geo_trackcode_head(bytes, n, base, &head))
        return 0;
    g_assert(head.bytes <= n && head.n <= GEO_TRACKCODE_MOST);
    if (!geo_trackcode_decode(bytes, &head, points))
        return 0;
    for (size_t i = 1; i < head.n; i++)
        g_assert(points[i].at_ms > points[i - 1].at_ms);
    if (points[head.n - 1].at_ms - points[0].at_ms >= INT64_C(1) << 31)
        return 0; /* seconds reach further than we write */
    g_autofree uint8_t *coded = g_malloc(geo_trackcode_bound(head.n));
    size_t used = geo_trackcode_encode(points, head.n, base, head.accuracy_m, coded);
    g_assert(geo_trackcode_head(coded, used, base, &other));
    g_assert(other.n == head.n && geo_trackcode_decode(coded, &other, again));
    g_assert(!memcmp(points, again, head.n * sizeof *points));
    return 0;
}
