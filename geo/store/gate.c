/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/gate.h"

#include <math.h>

#include "geo/model/coord.h"
#include "geo/model/dutyclock.h"

/* A device's clock may run ahead by this much. */
#define CLOCK_SKEW_MS 60000
/* No patrol, on foot or by car, is faster: 250 km/h. */
#define FASTEST_MPS 70.0f

struct GeoGate {
    GHashTable *units; /* int64_t *, owned -> 1 + number in the clock */
    GeoDutyClock *duty;
};

static void add_rosters(const GeoBatch *rosters, GHashTable *by_code, GArray *spans)
{
    for (guint i = 0; i < rosters->rows->len; i++) {
        const GeoRoster *roster = (const GeoRoster *)(const void *)geo_batch_row(rosters, i);
        guint unit =
            roster->row.code ? GPOINTER_TO_UINT(g_hash_table_lookup(by_code, roster->row.code)) : 0;
        /* A shift of nobody we know still says that the city has rosters: unit - 1 is no unit. */
        GeoDutySpan span = {unit - 1, GEO_DUTY_SHIFT, roster->from_ms, roster->to_ms, 0};
        g_array_append_val(spans, span);
    }
}

static void add_jobs(const GArray *jobs, GHashTable *by_id, GArray *spans)
{
    for (guint i = 0; i < jobs->len; i++) {
        const GeoGateJob *job = &g_array_index(jobs, GeoGateJob, i);
        guint unit = GPOINTER_TO_UINT(g_hash_table_lookup(by_id, &job->unit_id));
        GeoDutySpan span = {unit - 1, GEO_DUTY_INCIDENT, job->from_ms, job->to_ms, 0};
        g_array_append_val(spans, span);
    }
}

GeoGate *geo_gate_new(const GeoBatch *units, const GeoBatch *rosters, const GArray *jobs)
{
    GeoGate *gate = g_new0(GeoGate, 1);
    gate->units = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    g_autoptr(GHashTable) by_code = g_hash_table_new(g_str_hash, g_str_equal);
    g_autoptr(GArray) spans = g_array_new(FALSE, FALSE, sizeof(GeoDutySpan));
    /* The gate says only yes or no, so areas do not matter to it: all are one. */
    g_autofree uint32_t *area_of = g_new0(uint32_t, units->rows->len + 1);
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoRow *row = geo_batch_row(units, i);
        g_hash_table_insert(gate->units, g_memdup2(&row->id, sizeof row->id),
                            GUINT_TO_POINTER(i + 1));
        if (row->code)
            g_hash_table_insert(by_code, (gpointer)row->code, GUINT_TO_POINTER(i + 1));
    }
    add_rosters(rosters, by_code, spans);
    add_jobs(jobs, gate->units, spans);
    gate->duty = geo_dutyclock_new(area_of, units->rows->len, 1,
                                   (const GeoDutySpan *)(void *)spans->data, spans->len, NULL, 0);
    return gate;
}

void geo_gate_free(GeoGate *gate)
{
    if (!gate)
        return;
    g_hash_table_unref(gate->units);
    geo_dutyclock_free(gate->duty);
    g_free(gate);
}

static bool is_plausible(const GeoFix *fix, int64_t now_ms)
{
    bool nowhere = fix->lon == 0 && fix->lat == 0;
    return geo_coord_valid((GeoLonLat){fix->lon, fix->lat}) && !nowhere && fix->at_ms > 0 &&
           fix->at_ms <= now_ms + CLOCK_SKEW_MS && !(fix->speed_mps > FASTEST_MPS);
}

bool geo_gate_admits(const GeoGate *gate, const GeoFix *fix, int64_t now_ms)
{
    if (!is_plausible(fix, now_ms))
        return false;
    guint unit = GPOINTER_TO_UINT(g_hash_table_lookup(gate->units, &fix->unit_id));
    return unit > 0 &&
           geo_dutyclock_at(gate->duty, unit - 1, fix->at_ms, NULL) == GEO_DUTY_STATE_ON;
}
