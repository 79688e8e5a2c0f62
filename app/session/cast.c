/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/cast.h"

#include <stdlib.h>

static int by_time(gconstpointer a, gconstpointer b)
{
    int64_t p = ((const GeoIncident *)a)->at_ms, q = ((const GeoIncident *)b)->at_ms;
    return (p > q) - (p < q);
}

AppCast *app_cast_load(GeoStore *store, int64_t from_ms, int64_t to_ms, GError **error)
{
    GeoQuery no_shapes = {.no_shapes = true}, span = {.from_ms = from_ms, .to_ms = to_ms};
    g_autoptr(GeoBatch) units = geo_store_load(store, GEO_KIND_UNIT, &no_shapes, error);
    g_autoptr(GeoBatch) incidents =
        units ? geo_store_load(store, GEO_KIND_INCIDENT, &span, error) : NULL;
    if (!incidents)
        return NULL;
    AppCast *cast = g_new0(AppCast, 1);
    g_atomic_ref_count_init(&cast->refs);
    cast->n = units->rows->len;
    cast->ids = g_new(int64_t, cast->n + 1);
    for (guint i = 0; i < cast->n; i++) /* rows come by id */
        cast->ids[i] = geo_batch_row(units, i)->id;
    g_array_sort(incidents->rows, by_time);
    cast->units = g_steal_pointer(&units);
    cast->incidents = g_steal_pointer(&incidents);
    cast->from_ms = from_ms;
    cast->to_ms = to_ms;
    return cast;
}

AppCast *app_cast_ref(AppCast *cast)
{
    g_atomic_ref_count_inc(&cast->refs);
    return cast;
}

void app_cast_unref(gpointer data)
{
    AppCast *cast = data;
    if (!cast || !g_atomic_ref_count_dec(&cast->refs))
        return;
    geo_batch_free(cast->units);
    geo_batch_free(cast->incidents);
    g_free(cast->ids);
    g_free(cast);
}

/* The first incident after at_ms. */
static guint first_after(const AppCast *cast, int64_t at_ms)
{
    guint low = 0, high = cast->incidents->rows->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(cast->incidents->rows, GeoIncident, middle).at_ms <= at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

guint app_cast_incidents(const AppCast *cast, int64_t from_ms, int64_t to_ms, guint *n)
{
    guint first = first_after(cast, from_ms);
    *n = first_after(cast, to_ms) - first;
    return first;
}
