/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/dutyload.h"

/* The number of each unit's area; the number of areas in n_areas. */
static uint32_t *number_areas(const GeoBatch *units, size_t *n_areas)
{
    guint n = units->rows->len;
    uint32_t *area_of = g_new0(uint32_t, n + 1);
    g_autoptr(GHashTable) numbers = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < n; i++) {
        const GeoUnit *unit = &g_array_index(units->rows, GeoUnit, i);
        guint number = unit->area ? GPOINTER_TO_UINT(g_hash_table_lookup(numbers, unit->area)) : 0;
        if (unit->area && number == 0) {
            number = g_hash_table_size(numbers) + 1;
            g_hash_table_insert(numbers, (gpointer)unit->area, GUINT_TO_POINTER(number));
        }
        area_of[i] = number - 1; /* of none: above every number */
    }
    *n_areas = g_hash_table_size(numbers);
    return area_of;
}

static void add_shifts(const GeoBatch *units, const GeoBatch *rosters, GArray *spans)
{
    g_autoptr(GHashTable) by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoRow *row = geo_batch_row(units, i);
        if (row->code)
            g_hash_table_insert(by_code, (gpointer)row->code, GUINT_TO_POINTER(i + 1));
    }
    for (guint i = 0; i < rosters->rows->len; i++) {
        const GeoRoster *roster = &g_array_index(rosters->rows, GeoRoster, i);
        guint unit =
            roster->row.code ? GPOINTER_TO_UINT(g_hash_table_lookup(by_code, roster->row.code)) : 0;
        /* A shift of nobody we know still says that the city has rosters: unit - 1 is no unit. */
        GeoDutySpan span = {unit - 1, GEO_DUTY_SHIFT, roster->from_ms, roster->to_ms, 0};
        g_array_append_val(spans, span);
    }
}

GeoDutyClock *geo_dutyload_clock(GeoStore *store, const GeoBatch *units, int64_t from_ms,
                                 int64_t to_ms, GError **error)
{
    int64_t counts[GEO_N_KINDS] = {0};
    GeoQuery query = {.from_ms = from_ms, .to_ms = to_ms};
    if (!geo_store_count(store, counts, NULL, error))
        return NULL;
    g_autoptr(GeoBatch) rosters = geo_store_load(store, GEO_KIND_ROSTER, &query, error);
    if (!rosters)
        return NULL;
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(GeoDutySpan));
    add_shifts(units, rosters, spans);
    /* Rosters that all lie elsewhere in time are rosters all the same. */
    if (counts[GEO_KIND_ROSTER] > 0 && spans->len == 0) {
        GeoDutySpan elsewhere = {UINT32_MAX, GEO_DUTY_SHIFT, from_ms - 2, from_ms - 1, 0};
        g_array_append_val(spans, elsewhere);
    }
    size_t n_areas;
    g_autofree uint32_t *area_of = number_areas(units, &n_areas);
    return geo_dutyclock_new(area_of, units->rows->len, n_areas,
                             (const GeoDutySpan *)(void *)spans->data, spans->len, NULL, 0);
}
