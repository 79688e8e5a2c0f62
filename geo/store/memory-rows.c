/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/error.h"
#include "geo/store/memory.h"

static void shelf_init(GeoMemoryShelf *shelf, GeoKind kind)
{
    shelf->rows = geo_batch_new(kind);
    shelf->place = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
}

static void shelf_clear(GeoMemoryShelf *shelf)
{
    g_clear_pointer(&shelf->rows, geo_batch_free);
    g_clear_pointer(&shelf->place, g_hash_table_unref);
}

void geo_memory_shelves_init(GeoMemory *memory)
{
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        shelf_init(&memory->shelves[kind], (GeoKind)kind);
}

void geo_memory_shelves_clear(GeoMemory *memory)
{
    for (int kind = 0; kind < GEO_N_KINDS; kind++)
        shelf_clear(&memory->shelves[kind]);
}

static guint place_of(const GeoMemoryShelf *shelf, int64_t id)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(shelf->place, &id));
}

GeoRow *geo_memory_row(GeoMemory *memory, GeoKind kind, int64_t id)
{
    GeoMemoryShelf *shelf = &memory->shelves[kind];
    guint place = place_of(shelf, id);
    return place ? geo_batch_row(shelf->rows, place - 1) : NULL;
}

bool geo_memory_is_live(const GeoMemory *memory, const GeoRow *row)
{
    return row->import_id == 0 || geo_memory_import_is_live(memory, row->import_id);
}

GeoRow *geo_memory_live_row(GeoMemory *memory, GeoKind kind, int64_t id, GError **error)
{
    GeoRow *row = geo_memory_row(memory, kind, id);
    if (row && geo_memory_is_live(memory, row))
        return row;
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no %s %" G_GINT64_FORMAT,
                geo_kind_info(kind)->name, id);
    return NULL;
}

static void shelf_put(GeoMemoryShelf *shelf, const GeoBatch *batch, guint i, int64_t import_id,
                      int64_t version)
{
    GeoRow *row = geo_batch_copy_row(shelf->rows, batch, i);
    row->import_id = import_id;
    row->version = version;
    int64_t *id = g_new(int64_t, 1);
    *id = row->id;
    g_hash_table_replace(shelf->place, id, GUINT_TO_POINTER(shelf->rows->rows->len));
}

void geo_memory_put_row(GeoMemory *memory, const GeoBatch *batch, guint i, int64_t import_id,
                        int64_t version)
{
    shelf_put(&memory->shelves[batch->kind], batch, i, import_id, version);
}

void geo_memory_drop_row(GeoMemory *memory, GeoKind kind, int64_t id)
{
    g_hash_table_remove(memory->shelves[kind].place, &id);
}

void geo_memory_drop_import(GeoMemory *memory, int64_t import_id)
{
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        GeoMemoryShelf *shelf = &memory->shelves[kind], kept;
        shelf_init(&kept, (GeoKind)kind);
        for (guint i = 0; i < shelf->rows->rows->len; i++) {
            const GeoRow *row = geo_batch_row(shelf->rows, i);
            if (place_of(shelf, row->id) == i + 1 && row->import_id != import_id)
                shelf_put(&kept, shelf->rows, i, row->import_id, row->version);
        }
        shelf_clear(shelf);
        *shelf = kept;
    }
}

/* ---- reading ---- */

static bool in_time(const GeoQuery *query, GeoKind kind, const GeoRow *row)
{
    if (query->from_ms == 0 && query->to_ms == 0)
        return true;
    if (kind == GEO_KIND_INCIDENT) {
        int64_t at_ms = ((const GeoIncident *)row)->at_ms;
        return query->from_ms <= at_ms && at_ms < query->to_ms;
    }
    if (kind == GEO_KIND_ROSTER) {
        const GeoRoster *roster = (const GeoRoster *)row;
        return roster->to_ms > query->from_ms && roster->from_ms < query->to_ms;
    }
    return true;
}

static bool matches(const GeoQuery *query, const GeoBatch *batch, const GeoRow *row)
{
    if (query->code && g_strcmp0(query->code, row->code) != 0)
        return false;
    if (query->id && query->id != row->id)
        return false;
    if (query->open && batch->kind == GEO_KIND_INCIDENT &&
        geo_cycle_done((GeoIncidentState)((const GeoIncident *)row)->state))
        return false;
    if (query->level && batch->kind == GEO_KIND_AREA &&
        g_strcmp0(query->level, ((const GeoArea *)row)->level) != 0)
        return false;
    if (query->bounds) {
        GeoBounds bounds = geo_batch_row_bounds(batch, row);
        if (geo_bounds_empty(&bounds) || !geo_bounds_meet(&bounds, query->bounds))
            return false;
    }
    return in_time(query, batch->kind, row);
}

/* Called once for every live row, in no order. */
typedef void (*Visit)(const GeoBatch *batch, guint i, void *data);

static void each_live(const GeoMemory *memory, GeoKind kind, Visit visit, void *data)
{
    const GeoMemoryShelf *shelf = &memory->shelves[kind];
    for (guint i = 0; i < shelf->rows->rows->len; i++) {
        const GeoRow *row = geo_batch_row(shelf->rows, i);
        if (place_of(shelf, row->id) == i + 1 && geo_memory_is_live(memory, row))
            visit(shelf->rows, i, data);
    }
}

typedef struct {
    int64_t id;
    guint i;
} Found;

typedef struct {
    const GeoQuery *query;
    GArray *found; /* Found */
} Search;

static void search_row(const GeoBatch *batch, guint i, void *data)
{
    Search *search = data;
    const GeoRow *row = geo_batch_row(batch, i);
    Found found = {row->id, i};
    if (matches(search->query, batch, row))
        g_array_append_val(search->found, found);
}

static int by_id(const void *a, const void *b)
{
    int64_t p = ((const Found *)a)->id, q = ((const Found *)b)->id;
    return (p > q) - (p < q);
}

/* The shapes of points stay: a place is not what makes a load heavy. */
static void strip_shape(GeoBatch *batch, GeoRow *row)
{
    if (row->shape != GEO_SHAPE_LINE && row->shape != GEO_SHAPE_POLYGON)
        return;
    g_array_set_size(batch->points, g_array_index(batch->parts, uint32_t, row->part0));
    g_array_set_size(batch->parts, row->part0);
    row->shape = GEO_SHAPE_NONE;
    row->n_parts = 0;
}

GeoBatch *geo_memory_load(GeoBackend *backend, GeoKind kind, const GeoQuery *query, GError **error)
{
    static const GeoQuery all = {0};
    GeoMemory *memory = geo_memory_of(backend);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(Found));
    Search search = {query ? query : &all, found};
    each_live(memory, kind, search_row, &search);
    g_array_sort(found, by_id);
    GeoBatch *batch = geo_batch_new(kind);
    bool strip = query && query->no_shapes;
    for (guint k = 0; k < found->len; k++) {
        guint i = g_array_index(found, Found, k).i;
        GeoRow *row = geo_batch_copy_row(batch, memory->shelves[kind].rows, i);
        if (strip)
            strip_shape(batch, row);
    }
    return batch;
}

typedef struct {
    int64_t n;
    GHashTable *levels; /* NULL: not asked */
} Tally;

static void tally_row(const GeoBatch *batch, guint i, void *data)
{
    Tally *tally = data;
    tally->n++;
    if (!tally->levels || batch->kind != GEO_KIND_AREA)
        return;
    const char *level = ((const GeoArea *)(const void *)geo_batch_row(batch, i))->level;
    if (!level)
        return;
    int n = GPOINTER_TO_INT(g_hash_table_lookup(tally->levels, level));
    g_hash_table_replace(tally->levels, g_strdup(level), GINT_TO_POINTER(n + 1));
}

bool geo_memory_count(GeoBackend *backend, int64_t counts[GEO_N_KINDS], GHashTable *levels,
                      GError **error)
{
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        Tally tally = {0, levels};
        each_live(geo_memory_of(backend), (GeoKind)kind, tally_row, &tally);
        counts[kind] = tally.n;
    }
    return true;
}

static void bound_row(const GeoBatch *batch, guint i, void *data)
{
    GeoBounds *bounds = data, own = geo_batch_row_bounds(batch, geo_batch_row(batch, i));
    if (geo_bounds_empty(&own))
        return;
    geo_bounds_add(bounds, (GeoLonLat){own.west, own.south});
    geo_bounds_add(bounds, (GeoLonLat){own.east, own.north});
}

bool geo_memory_bounds(GeoBackend *backend, GeoKind kind, GeoBounds *bounds, GError **error)
{
    GeoBounds all = GEO_BOUNDS_EMPTY;
    each_live(geo_memory_of(backend), kind, bound_row, &all);
    *bounds = all;
    return true;
}
