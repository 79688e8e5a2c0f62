/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/memory.h"

static GeoImport *find_import(const GeoMemory *memory, int64_t id)
{
    for (guint i = 0; i < memory->imports->len; i++) {
        GeoImport *import = &g_array_index(memory->imports, GeoImport, i);
        if (import->id == id)
            return import;
    }
    return NULL;
}

bool geo_memory_import_is_live(const GeoMemory *memory, int64_t import_id)
{
    const GeoImport *import = find_import(memory, import_id);
    return import && !strcmp(import->state, "live");
}

static void set_state(GeoImport *import, const char *state)
{
    g_free((char *)import->state);
    import->state = g_strdup(state);
}

/* The import, in a state that the operation may begin from. */
static GeoImport *import_in(GeoMemory *memory, int64_t id, const char *state, const char *other,
                            GError **error)
{
    GeoImport *import = find_import(memory, id);
    if (import && (!strcmp(import->state, state) || !g_strcmp0(import->state, other)))
        return import;
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "import %" G_GINT64_FORMAT " is %s, not %s",
                id, import ? import->state : "unknown", state);
    return NULL;
}

static GeoImport dup_import(const GeoImport *from)
{
    GeoImport import = *from;
    import.kind = g_strdup(from->kind);
    import.source = g_strdup(from->source);
    import.source_hash = g_strdup(from->source_hash);
    import.state = g_strdup(from->state);
    import.replaces = g_strdup(from->replaces);
    import.note = g_strdup(from->note);
    return import;
}

bool geo_memory_import_begin(GeoBackend *backend, const GeoAct *act, const GeoImport *import,
                             GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    if (find_import(memory, import->id)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "import %" G_GINT64_FORMAT " exists already",
                    import->id);
        return false;
    }
    GeoImport own = dup_import(import);
    set_state(&own, "staged");
    own.at_ms = act->now_ms;
    own.rows = own.refused = 0;
    g_array_append_val(memory->imports, own);
    geo_memory_note(memory, act, GEO_OP_IMPORT, "import", own.id, 1);
    return true;
}

static bool check_new(GeoMemory *memory, const GeoBatch *batch, GError **error)
{
    g_autoptr(GHashTable) seen = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < batch->rows->len; i++) {
        GeoRow *row = geo_batch_row(batch, i);
        if (geo_memory_row(memory, batch->kind, row->id) || !g_hash_table_add(seen, &row->id)) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "%s %" G_GINT64_FORMAT " exists already",
                        geo_kind_info(batch->kind)->name, row->id);
            return false;
        }
    }
    return true;
}

/* Rows that nobody sees yet: change log and audit have theirs at begin, finish and undo. */
bool geo_memory_import_put(GeoBackend *backend, const GeoAct *act, int64_t import_id,
                           const GeoBatch *batch, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    if (batch->rows->len == 0)
        return true;
    GeoImport *import = import_in(memory, import_id, "staged", NULL, error);
    if (!import || !check_new(memory, batch, error))
        return false;
    for (guint i = 0; i < batch->rows->len; i++)
        geo_memory_put_row(memory, batch, i, import_id, geo_batch_row(batch, i)->version);
    import->rows += batch->rows->len;
    return true;
}

static bool is_replaced(const char *kind, const char *replaces)
{
    g_auto(GStrv) kinds = g_strsplit(replaces ? replaces : "", ",", -1);
    for (char **word = kinds; *word; word++)
        if (!strcmp(*word, kind))
            return true;
    return false;
}

bool geo_memory_import_finish(GeoBackend *backend, const GeoAct *act, int64_t import_id,
                              int64_t refused, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    GeoImport *import = import_in(memory, import_id, "staged", NULL, error);
    if (!import)
        return false;
    for (guint i = 0; i < memory->imports->len; i++) {
        GeoImport *earlier = &g_array_index(memory->imports, GeoImport, i);
        if (!strcmp(earlier->state, "live") && is_replaced(earlier->kind, import->replaces))
            set_state(earlier, "undone");
    }
    set_state(import, "live");
    import->refused = MAX(import->refused, refused);
    geo_memory_note(memory, act, GEO_OP_IMPORT, "import", import_id, 2);
    return true;
}

bool geo_memory_import_undo(GeoBackend *backend, const GeoAct *act, int64_t import_id,
                            GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    GeoImport *import = import_in(memory, import_id, "staged", "live", error);
    if (!import)
        return false;
    set_state(import, "undone");
    geo_memory_note(memory, act, GEO_OP_IMPORT, "import", import_id, 3);
    return true;
}

/* Staged imports belong to this process, which lives: only undone ones go. */
bool geo_memory_sweep(GeoBackend *backend, int64_t now_ms, int budget_ms, bool *left,
                      GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    for (guint i = 0; i < memory->imports->len; i++) {
        const GeoImport *import = &g_array_index(memory->imports, GeoImport, i);
        if (!strcmp(import->state, "undone"))
            geo_memory_drop_import(memory, import->id);
    }
    *left = false;
    return true;
}

static int newest_first(const void *a, const void *b)
{
    const GeoImport *p = a, *q = b;
    if (p->at_ms != q->at_ms)
        return p->at_ms < q->at_ms ? 1 : -1;
    return (p->id < q->id) - (p->id > q->id);
}

GArray *geo_memory_imports(GeoBackend *backend, GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    GArray *imports = g_array_new(FALSE, TRUE, sizeof(GeoImport));
    for (guint i = 0; i < memory->imports->len; i++) {
        GeoImport import = dup_import(&g_array_index(memory->imports, GeoImport, i));
        g_array_append_val(imports, import);
    }
    g_array_sort(imports, newest_first);
    return imports;
}
