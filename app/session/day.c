/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/day.h"

#define BIN_MS (INT64_C(15) * 60 * 1000)

AppDay *app_day_count(GeoStore *store, int64_t until_ms, GError **error)
{
    int64_t end_ms = (until_ms / BIN_MS + 1) * BIN_MS;
    GeoQuery query = {.from_ms = end_ms - APP_DAY_BINS * BIN_MS, .to_ms = end_ms};
    g_autoptr(GeoBatch) incidents = geo_store_load(store, GEO_KIND_INCIDENT, &query, error);
    if (!incidents)
        return NULL;
    AppDay *day = g_new0(AppDay, 1);
    day->end_ms = end_ms;
    for (guint i = 0; i < incidents->rows->len; i++) {
        int64_t at_ms = g_array_index(incidents->rows, GeoIncident, i).at_ms;
        day->by[(at_ms - query.from_ms) / BIN_MS]++;
    }
    return day;
}
