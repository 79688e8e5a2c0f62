/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/duty.h"

#include <string.h>

typedef struct {
    const char *code; /* the batch's */
    int64_t from_ms, to_ms;
} Shift;

struct GeoDuty {
    bool always;
    GeoBatch *rosters; /* owned */
    GArray *shifts;    /* Shift, by code then time */
};

static int by_code(const void *a, const void *b)
{
    const Shift *p = a, *q = b;
    int order = strcmp(p->code, q->code);
    return order ? order : (p->from_ms > q->from_ms) - (p->from_ms < q->from_ms);
}

GeoDuty *geo_duty_load(GeoStore *store, int64_t from_ms, int64_t to_ms, GError **error)
{
    int64_t counts[GEO_N_KINDS] = {0};
    if (!geo_store_count(store, counts, NULL, error))
        return NULL;
    g_autoptr(GeoDuty) duty = g_new0(GeoDuty, 1);
    duty->shifts = g_array_new(FALSE, FALSE, sizeof(Shift));
    duty->always = counts[GEO_KIND_ROSTER] == 0;
    if (duty->always)
        return g_steal_pointer(&duty);
    GeoQuery query = {.from_ms = from_ms, .to_ms = to_ms};
    duty->rosters = geo_store_load(store, GEO_KIND_ROSTER, &query, error);
    if (!duty->rosters)
        return NULL;
    for (guint i = 0; i < duty->rosters->rows->len; i++) {
        const GeoRoster *roster = (const GeoRoster *)(const void *)geo_batch_row(duty->rosters, i);
        Shift shift = {roster->row.code, roster->from_ms, roster->to_ms};
        if (shift.code && shift.from_ms < to_ms && shift.to_ms > from_ms)
            g_array_append_val(duty->shifts, shift);
    }
    g_array_sort(duty->shifts, by_code);
    return g_steal_pointer(&duty);
}

void geo_duty_free(GeoDuty *duty)
{
    if (!duty)
        return;
    geo_batch_free(duty->rosters);
    g_array_unref(duty->shifts);
    g_free(duty);
}

bool geo_duty_is_always(const GeoDuty *duty)
{
    return duty->always;
}

/* The first shift of the code; the number of shifts when there is none. */
static guint first_of(const GeoDuty *duty, const char *code)
{
    guint low = 0, high = duty->shifts->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (strcmp(g_array_index(duty->shifts, Shift, middle).code, code) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_of(const GeoDuty *duty, guint i, const char *code)
{
    return i < duty->shifts->len && !strcmp(g_array_index(duty->shifts, Shift, i).code, code);
}

bool geo_duty_on(const GeoDuty *duty, const char *code, int64_t at_ms)
{
    if (duty->always)
        return true;
    if (!code)
        return false;
    for (guint i = first_of(duty, code); is_of(duty, i, code); i++) {
        const Shift *shift = &g_array_index(duty->shifts, Shift, i);
        if (shift->from_ms <= at_ms && at_ms < shift->to_ms)
            return true;
    }
    return false;
}

bool geo_duty_any(const GeoDuty *duty, const char *code)
{
    return duty->always || (code && is_of(duty, first_of(duty, code), code));
}
