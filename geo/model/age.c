/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/age.h"

#include <math.h>

#include "geo/model/kind.h"

const char *const geo_age_words[] = {"live", "late", "stale", "silent", 0};

static const GeoAgeLimits limits[GEO_N_UNIT_KINDS] = {
    [GEO_UNIT_FOOT] = {60000, 180000, 900000},
    [GEO_UNIT_EBIKE] = {30000, 120000, 600000},
    [GEO_UNIT_CAR] = {30000, 120000, 600000},
    [GEO_UNIT_TEAM] = {60000, 180000, 900000},
};

GeoAgeLimits geo_age_limits(int unit_kind)
{
    return limits[unit_kind >= 0 && unit_kind < GEO_N_UNIT_KINDS ? unit_kind : GEO_UNIT_FOOT];
}

GeoAge geo_age_of(int unit_kind, int64_t fix_ms, int64_t now_ms)
{
    if (fix_ms == 0)
        return GEO_AGE_SILENT;
    GeoAgeLimits limit = geo_age_limits(unit_kind);
    int64_t age_ms = now_ms - fix_ms;
    if (age_ms <= limit.live_ms)
        return GEO_AGE_LIVE;
    if (age_ms <= limit.late_ms)
        return GEO_AGE_LATE;
    return age_ms <= limit.stale_ms ? GEO_AGE_STALE : GEO_AGE_SILENT;
}

double geo_age_reach_m(int unit_kind, double accuracy_m, double age_s)
{
    static const double mps[GEO_N_UNIT_KINDS] = {
        [GEO_UNIT_FOOT] = 1.8, [GEO_UNIT_EBIKE] = 7, [GEO_UNIT_CAR] = 14, [GEO_UNIT_TEAM] = 14};
    if (isnan(age_s))
        return 0;
    bool known = unit_kind >= 0 && unit_kind < GEO_N_UNIT_KINDS;
    double off_m = isnan(accuracy_m) ? 0 : fmax(accuracy_m, 0);
    return fmin(off_m + mps[known ? unit_kind : GEO_UNIT_FOOT] * fmax(age_s, 0),
                GEO_AGE_FARTHEST_M);
}
