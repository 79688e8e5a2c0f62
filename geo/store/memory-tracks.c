/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/gate.h"
#include "geo/store/memory.h"

/* The first fix of the track at or after at_ms. */
static guint position_of(const GArray *track, int64_t at_ms)
{
    guint low = 0, high = track->len;
    while (low < high) {
        guint middle = low + (high - low) / 2;
        if (g_array_index(track, GeoFix, middle).at_ms < at_ms)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* A fix of the same unit and time is a repeat of a feed: the first one stays. */
static void keep_fix(GeoMemory *memory, const GeoFix *fix)
{
    GArray *track = g_hash_table_lookup(memory->tracks, &fix->unit_id);
    if (!track) {
        int64_t *unit_id = g_new(int64_t, 1);
        *unit_id = fix->unit_id;
        track = g_array_new(FALSE, FALSE, sizeof(GeoFix));
        g_hash_table_insert(memory->tracks, unit_id, track);
    }
    guint i = position_of(track, fix->at_ms);
    if (i == track->len || g_array_index(track, GeoFix, i).at_ms != fix->at_ms)
        g_array_insert_val(track, i, *fix);
}

bool geo_memory_ingest_fixes(GeoBackend *backend, const GeoAct *act, const GeoFix *fixes, size_t n,
                             size_t *refused, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    bool done = geo_memory_was_done(memory, act, &result);
    g_autoptr(GeoBatch) units = geo_memory_load(backend, GEO_KIND_UNIT, NULL, NULL);
    g_autoptr(GeoBatch) rosters = geo_memory_load(backend, GEO_KIND_ROSTER, NULL, NULL);
    g_autoptr(GeoGate) gate = geo_gate_new(units, rosters);
    size_t n_refused = 0;
    for (size_t i = 0; i < n; i++)
        if (!geo_gate_admits(gate, &fixes[i], act->now_ms))
            n_refused++;
        else if (!done)
            keep_fix(memory, &fixes[i]);
    if (!done)
        geo_memory_note(memory, act, GEO_OP_INGEST_FIXES, "fixes", act->now_ms, 1);
    if (refused)
        *refused = n_refused;
    return true;
}

static int by_unit(const void *a, const void *b)
{
    int64_t p = *(const int64_t *)*(void *const *)a, q = *(const int64_t *)*(void *const *)b;
    return (p > q) - (p < q);
}

/* Unit ids that have a track, in order; the keys are the table's. */
static GPtrArray *tracked_units(const GeoMemory *memory)
{
    GPtrArray *units = g_ptr_array_new();
    GHashTableIter iter;
    gpointer unit;
    g_hash_table_iter_init(&iter, memory->tracks);
    while (g_hash_table_iter_next(&iter, &unit, NULL))
        g_ptr_array_add(units, unit);
    g_ptr_array_sort(units, by_unit);
    return units;
}

GArray *geo_memory_last_fixes(GeoBackend *backend, int64_t at_ms, int64_t max_age_ms,
                              GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    g_autoptr(GPtrArray) units = tracked_units(memory);
    GArray *fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    for (guint u = 0; u < units->len; u++) {
        const GArray *track = g_hash_table_lookup(memory->tracks, g_ptr_array_index(units, u));
        guint i = position_of(track, at_ms + 1);
        if (i == 0)
            continue;
        const GeoFix *fix = &g_array_index(track, GeoFix, i - 1);
        if (fix->at_ms >= at_ms - max_age_ms)
            g_array_append_vals(fixes, fix, 1);
    }
    return fixes;
}

GArray *geo_memory_load_fixes(GeoBackend *backend, int64_t from_ms, int64_t to_ms, GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    g_autoptr(GPtrArray) units = tracked_units(memory);
    GArray *fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    for (guint u = 0; u < units->len; u++) {
        const GArray *track = g_hash_table_lookup(memory->tracks, g_ptr_array_index(units, u));
        guint first = position_of(track, from_ms), end = position_of(track, to_ms);
        if (end > first)
            g_array_append_vals(fixes, &g_array_index(track, GeoFix, first), end - first);
    }
    return fixes;
}

bool geo_memory_last_fix_at(GeoBackend *backend, int64_t *at_ms, GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    GHashTableIter iter;
    gpointer track;
    *at_ms = 0;
    g_hash_table_iter_init(&iter, memory->tracks);
    while (g_hash_table_iter_next(&iter, NULL, &track)) {
        const GArray *fixes = track;
        if (fixes->len > 0)
            *at_ms = MAX(*at_ms, g_array_index(fixes, GeoFix, fixes->len - 1).at_ms);
    }
    return true;
}
