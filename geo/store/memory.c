/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/memory.h"

#include "geo/model/error.h"

bool geo_memory_was_done(GeoMemory *memory, const GeoAct *act, int64_t *result)
{
    const int64_t *found =
        act->command_id ? g_hash_table_lookup(memory->commands, act->command_id) : NULL;
    if (found)
        *result = *found;
    return found != NULL;
}

void geo_memory_note_change(GeoMemory *memory, const GeoAct *act, const char *entity,
                            int64_t entity_id, int64_t version)
{
    GeoChange change = {.seq = (int64_t)memory->changes->len + 1,
                        .at_ms = act->now_ms,
                        .entity_id = entity_id,
                        .version = version};
    g_strlcpy(change.entity, entity, sizeof change.entity);
    g_array_append_val(memory->changes, change);
}

static void note_audit(GeoMemory *memory, const GeoAct *act, GeoOp op, const char *entity,
                       int64_t entity_id)
{
    GeoAuditRow row = {
        .seq = (int64_t)memory->audit->len + 1, .at_ms = act->now_ms, .entity_id = entity_id};
    g_strlcpy(row.actor, act->actor, sizeof row.actor);
    g_strlcpy(row.role, geo_role_words[act->role], sizeof row.role);
    g_strlcpy(row.op, geo_op_words[op], sizeof row.op);
    g_strlcpy(row.entity, entity, sizeof row.entity);
    g_array_append_val(memory->audit, row);
}

void geo_memory_note(GeoMemory *memory, const GeoAct *act, GeoOp op, const char *entity,
                     int64_t entity_id, int64_t version)
{
    geo_memory_note_change(memory, act, entity, entity_id, version);
    note_audit(memory, act, op, entity, entity_id);
    if (act->command_id)
        g_hash_table_replace(memory->commands, g_strdup(act->command_id),
                             g_memdup2(&version, sizeof version));
}

static bool note_read(GeoBackend *backend, const GeoAct *act, GeoOp op, const char *entity,
                      int64_t entity_id, const char *detail, GError **error)
{
    note_audit(geo_memory_of(backend), act, op, entity, entity_id);
    return true;
}

static void close_memory(GeoBackend *backend)
{
    GeoMemory *memory = geo_memory_of(backend);
    geo_memory_shelves_clear(memory);
    geo_imports_free(memory->imports);
    g_hash_table_unref(memory->settings);
    g_hash_table_unref(memory->commands);
    g_array_unref(memory->parts);
    geo_memory_deeds_free(memory->deeds);
    geo_dutybook_free(memory->book);
    g_hash_table_unref(memory->tracks);
    g_array_unref(memory->changes);
    g_array_unref(memory->audit);
    g_free(memory->base.warning);
    g_free(memory);
}

static char *dup_setting(GeoBackend *backend, const char *name, GError **error)
{
    return g_strdup(g_hash_table_lookup(geo_memory_of(backend)->settings, name));
}

static bool put_setting(GeoBackend *backend, const GeoAct *act, const char *name, const char *value,
                        GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t version;
    if (geo_memory_was_done(memory, act, &version))
        return true;
    g_hash_table_replace(memory->settings, g_strdup(name), g_strdup(value));
    geo_memory_note(memory, act, GEO_OP_IMPORT, "setting", 0, 1);
    return true;
}

static GArray *changes_since(GeoBackend *backend, int64_t since, GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    GArray *changes = g_array_new(FALSE, TRUE, sizeof(GeoChange));
    for (int64_t i = MAX(since, 0); i < (int64_t)memory->changes->len; i++)
        g_array_append_val(changes, g_array_index(memory->changes, GeoChange, i));
    return changes;
}

static GArray *audit_since(GeoBackend *backend, int64_t since, GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    GArray *rows = g_array_new(FALSE, TRUE, sizeof(GeoAuditRow));
    for (int64_t i = MAX(since, 0); i < (int64_t)memory->audit->len; i++)
        g_array_append_val(rows, g_array_index(memory->audit, GeoAuditRow, i));
    return rows;
}

/* What a database's own checks find cannot happen to arrays; an assignment could lose its ends. */
static GPtrArray *check(GeoBackend *backend, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    GPtrArray *findings = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < memory->parts->len; i++) {
        const GeoMemoryPart *part = &g_array_index(memory->parts, GeoMemoryPart, i);
        if (!geo_memory_row(memory, GEO_KIND_UNIT, part->unit_id) ||
            !geo_memory_row(memory, GEO_KIND_INCIDENT, part->incident_id))
            g_ptr_array_add(findings,
                            g_strdup_printf("assignment of unit %" G_GINT64_FORMAT
                                            " to incident %" G_GINT64_FORMAT " has lost an end",
                                            part->unit_id, part->incident_id));
    }
    geo_deeds_check(backend, findings, NULL);
    return findings;
}

static bool backup(GeoBackend *backend, const GeoAct *act, const char *file, GError **error)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                "cannot back up to '%s': a city in memory has no files", file);
    return false;
}

static const GeoBackendOps ops = {
    .name = "memory",
    .close = close_memory,
    .import_begin = geo_memory_import_begin,
    .import_put = geo_memory_import_put,
    .import_finish = geo_memory_import_finish,
    .import_undo = geo_memory_import_undo,
    .sweep = geo_memory_sweep,
    .imports = geo_memory_imports,
    .load = geo_memory_load,
    .count = geo_memory_count,
    .bounds = geo_memory_bounds,
    .dup_setting = dup_setting,
    .put_setting = put_setting,
    .deeds = &geo_memory_deed_ops,
    .assignments = geo_memory_assignments,
    .edit_camera = geo_memory_edit_camera,
    .sign = geo_memory_sign,
    .end_duty = geo_memory_end_duty,
    .admit_area = geo_memory_admit_area,
    .bind_device = geo_memory_bind_device,
    .edit_roster = geo_memory_edit_roster,
    .put_closure = geo_memory_put_closure,
    .lift_closure = geo_memory_lift_closure,
    .duty = geo_memory_duty,
    .put_scenario = geo_memory_put_scenario,
    .add_step = geo_memory_add_step,
    .undo_step = geo_memory_undo_step,
    .merge_scenario = geo_memory_merge_scenario,
    .ingest_fixes = geo_memory_ingest_fixes,
    .last_fixes = geo_memory_last_fixes,
    .load_fixes = geo_memory_load_fixes,
    .last_fix_at = geo_memory_last_fix_at,
    .purge_tracks = geo_memory_purge_tracks,
    .has_served = geo_memory_has_served,
    .note_read = note_read,
    .changes_since = changes_since,
    .audit_since = audit_since,
    .check = check,
    .backup = backup,
};

GeoBackend *geo_backend_memory_new(const GeoCity *city)
{
    GeoMemory *memory = g_new0(GeoMemory, 1);
    memory->base.ops = &ops;
    memory->base.city = *city;
    geo_memory_shelves_init(memory);
    memory->imports = g_array_new(FALSE, TRUE, sizeof(GeoImport));
    memory->settings = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    memory->commands = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    memory->parts = g_array_new(FALSE, TRUE, sizeof(GeoMemoryPart));
    memory->deeds = geo_memory_deeds_new();
    memory->book = geo_dutybook_new();
    memory->tracks =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)g_array_unref);
    memory->changes = g_array_new(FALSE, TRUE, sizeof(GeoChange));
    memory->audit = g_array_new(FALSE, TRUE, sizeof(GeoAuditRow));
    return &memory->base;
}
