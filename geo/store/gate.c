/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/gate.h"

#include <math.h>

#include "geo/model/coord.h"

/* A device's clock may run ahead by this much. */
#define CLOCK_SKEW_MS 60000
/* No patrol, on foot or by car, is faster: 250 km/h. */
#define FASTEST_MPS 70.0f

typedef struct {
    int64_t from_ms, to_ms;
} Shift;

struct GeoGate {
    GHashTable *units; /* int64_t *, owned -> GArray of Shift, owned; NULL: no shift */
    bool always;       /* no rosters at all */
};

static void free_shifts(gpointer shifts)
{
    if (shifts)
        g_array_unref(shifts);
}

GeoGate *geo_gate_new(const GeoBatch *units, const GeoBatch *rosters)
{
    GeoGate *gate = g_new0(GeoGate, 1);
    gate->units = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, free_shifts);
    gate->always = rosters->rows->len == 0;
    g_autoptr(GHashTable) by_code = g_hash_table_new(g_str_hash, g_str_equal);
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoRow *row = geo_batch_row(units, i);
        GArray *shifts = g_array_new(FALSE, FALSE, sizeof(Shift));
        g_hash_table_insert(gate->units, g_memdup2(&row->id, sizeof row->id), shifts);
        if (row->code)
            g_hash_table_insert(by_code, (gpointer)row->code, shifts);
    }
    for (guint i = 0; i < rosters->rows->len; i++) {
        const GeoRoster *roster = (const GeoRoster *)(const void *)geo_batch_row(rosters, i);
        GArray *shifts = roster->row.code ? g_hash_table_lookup(by_code, roster->row.code) : NULL;
        Shift shift = {roster->from_ms, roster->to_ms};
        if (shifts)
            g_array_append_val(shifts, shift);
    }
    return gate;
}

void geo_gate_free(GeoGate *gate)
{
    if (!gate)
        return;
    g_hash_table_unref(gate->units);
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
    gpointer found;
    if (!is_plausible(fix, now_ms) ||
        !g_hash_table_lookup_extended(gate->units, &fix->unit_id, NULL, &found))
        return false;
    if (gate->always)
        return true;
    const GArray *shifts = found;
    for (guint i = 0; i < shifts->len; i++) {
        const Shift *shift = &g_array_index(shifts, Shift, i);
        if (shift->from_ms <= fix->at_ms && fix->at_ms < shift->to_ms)
            return true;
    }
    return false;
}
