/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fields of view, directions, resolutions and times in words. */
#include <math.h>

#include "geo/work/timetext.h"
#include "geo/work/viewtext.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    g_autofree char *text = g_strndup((const char *)bytes, n);
    double a = NAN, b = NAN, c = NAN;
    int lens = -1;
    if (geo_viewtext_field(text, &a, &lens))
        g_assert(lens >= 0 && (isnan(a) || (a >= 1 && a <= 360)));
    if (geo_viewtext_direction(text, &a, &b, &c))
        g_assert(a >= 0 && a < 360 && b >= 0 && (isnan(c) || (c > 0 && c <= 360)));
    int width_px = geo_viewtext_width_px(text);
    g_assert(width_px >= 0 && width_px <= 20000);
    static GTimeZone *zone;
    if (!zone)
        zone = g_time_zone_new_utc();
    int64_t at_ms = 0;
    geo_timetext_parse(text, NULL, zone, &at_ms);
    geo_timetext_parse(text, "%m/%d/%Y %I:%M:%S %p*", zone, &at_ms);
    return 0;
}
