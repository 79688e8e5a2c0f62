/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/dutyload.h"

GeoDutyClock *geo_dutyload_clock(GeoStore *store, const GeoBatch *units, int64_t from_ms,
                                 int64_t to_ms, GeoDutyBook **book, GError **error)
{
    int64_t counts[GEO_N_KINDS] = {0};
    GeoQuery query = {.from_ms = from_ms, .to_ms = to_ms};
    if (!geo_store_count(store, counts, NULL, error))
        return NULL;
    g_autoptr(GeoBatch) rosters = geo_store_load(store, GEO_KIND_ROSTER, &query, error);
    g_autoptr(GeoDutyBook) signs = rosters ? geo_store_duty(store, from_ms, to_ms, error) : NULL;
    if (!signs)
        return NULL;
    GeoDutyClock *clock =
        geo_dutybook_clock(signs, units, rosters, counts[GEO_KIND_ROSTER] > rosters->rows->len);
    if (book)
        *book = g_steal_pointer(&signs);
    return clock;
}
