/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/gate.h"

#include <math.h>

#include "geo/model/coord.h"

/* A device's clock may run ahead by this much. */
#define CLOCK_SKEW_MS 60000
/* No patrol, on foot or by car, is faster: 250 km/h. */
#define FASTEST_MPS 70.0f

struct GeoGate {
    GHashTable *units; /* int64_t *, owned -> 1 + number in the clock */
    GeoDutyClock *duty;
};

GeoGate *geo_gate_new(const GeoBatch *units, const GeoBatch *rosters, const GeoDutyBook *book)
{
    GeoGate *gate = g_new0(GeoGate, 1);
    gate->units = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoRow *row = geo_batch_row(units, i);
        g_hash_table_insert(gate->units, g_memdup2(&row->id, sizeof row->id),
                            GUINT_TO_POINTER(i + 1));
    }
    gate->duty = geo_dutybook_clock(book, units, rosters, false);
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
