/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/trackcode.h"
#include "geo/store/day.h"
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

/* A fix of the same unit and time is a repeat of a feed: the first one stays. Places are kept in
 * cells, as on disk. */
static void keep_fix(GeoMemory *memory, const GeoFix *fix)
{
    GeoFix kept = *fix;
    kept.lon = geo_trackcode_degrees(geo_trackcode_cell(fix->lon));
    kept.lat = geo_trackcode_degrees(geo_trackcode_cell(fix->lat));
    GArray *track = g_hash_table_lookup(memory->tracks, &fix->unit_id);
    if (!track) {
        int64_t *unit_id = g_new(int64_t, 1);
        *unit_id = fix->unit_id;
        track = g_array_new(FALSE, FALSE, sizeof(GeoFix));
        g_hash_table_insert(memory->tracks, unit_id, track);
    }
    guint i = position_of(track, fix->at_ms);
    if (i == track->len || g_array_index(track, GeoFix, i).at_ms != fix->at_ms)
        g_array_insert_val(track, i, kept);
}

bool geo_memory_ingest_fixes(GeoBackend *backend, const GeoAct *act, const GeoFix *fixes, size_t n,
                             size_t *refused, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    bool done = geo_memory_was_done(memory, act, &result);
    g_autoptr(GeoBatch) units = geo_memory_load(backend, GEO_KIND_UNIT, NULL, NULL);
    g_autoptr(GeoBatch) rosters = geo_memory_load(backend, GEO_KIND_ROSTER, NULL, NULL);
    g_autoptr(GeoGate) gate = geo_gate_new(units, rosters, memory->book);
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

/* By its cell, as an index on disk says it. */
static bool is_inside(const GeoBounds *bounds, const GeoFix *fix)
{
    if (!bounds)
        return true;
    GeoTrackBox box = geo_trackcode_box(bounds);
    int32_t x = geo_trackcode_cell(fix->lon), y = geo_trackcode_cell(fix->lat);
    return x >= box.min_x && x <= box.max_x && y >= box.min_y && y <= box.max_y;
}

GArray *geo_memory_load_fixes(GeoBackend *backend, const GeoTrackQuery *query, GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    g_autoptr(GPtrArray) units = tracked_units(memory);
    GArray *fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    for (guint u = 0; u < units->len; u++) {
        const int64_t *unit_id = g_ptr_array_index(units, u);
        const GArray *track = g_hash_table_lookup(memory->tracks, unit_id);
        if (query->unit_id > 0 && *unit_id != query->unit_id)
            continue;
        guint end = position_of(track, query->to_ms);
        for (guint i = position_of(track, query->from_ms); i < end; i++)
            if (is_inside(query->bounds, &g_array_index(track, GeoFix, i)))
                g_array_append_val(fixes, g_array_index(track, GeoFix, i));
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

static int64_t day_of(const GeoFix *fix)
{
    return fix->at_ms / GEO_DAY_MS;
}

bool geo_memory_purge_tracks(GeoBackend *backend, const GeoAct *act, int64_t before_ms,
                             size_t *n_days, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result, whole_ms = before_ms - before_ms % GEO_DAY_MS;
    g_autoptr(GHashTable) days = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, memory->tracks);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        GArray *track = value;
        guint end = position_of(track, whole_ms);
        for (guint i = 0; i < end; i++) {
            int64_t day = day_of(&g_array_index(track, GeoFix, i));
            g_hash_table_add(days, g_memdup2(&day, sizeof day));
        }
        if (end > 0)
            g_array_remove_range(track, 0, end);
    }
    *n_days = g_hash_table_size(days);
    if (!geo_memory_was_done(memory, act, &result))
        geo_memory_note(memory, act, GEO_OP_PURGE_TRACKS, "tracks", act->now_ms, 1);
    return true;
}
