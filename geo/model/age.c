/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/age.h"

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
