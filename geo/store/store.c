/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The front: arguments, rights and read-only are looked at here, once for every back end. */
#include "geo/store/store.h"

#include "geo/model/error.h"
#include "geo/store/backend.h"
#include "geo/store/purpose.h"

/* Opening a city may sweep for so long. */
#define SWEEP_MS 200

struct GeoStore {
    GeoBackend *backend; /* owned */
};

static GeoStore *new_store(GeoBackend *backend)
{
    if (!backend)
        return NULL;
    GeoStore *store = g_new0(GeoStore, 1);
    store->backend = backend;
    return store;
}

GeoStore *geo_store_create(const char *path, const GeoCity *city, GError **error)
{
    g_return_val_if_fail(path && city, NULL);
    return new_store(geo_backend_sqlite_create(path, city, error));
}

GeoStore *geo_store_open(const char *path, const GeoStoreOptions *options, GError **error)
{
    g_return_val_if_fail(path, NULL);
    GeoStore *store = new_store(geo_backend_sqlite_open(path, options, error));
    bool left;
    if (store && !store->backend->read_only)
        /* What is not swept now waits for the next time: never a reason not to open. */
        store->backend->ops->sweep(store->backend, g_get_real_time() / 1000, SWEEP_MS, &left, NULL);
    return store;
}

GeoStore *geo_store_new_memory(const GeoCity *city)
{
    g_return_val_if_fail(city, NULL);
    return new_store(geo_backend_memory_new(city));
}

GeoBackend *geo_store_backend(GeoStore *store)
{
    return store->backend;
}

void geo_store_close(GeoStore *store)
{
    if (!store)
        return;
    store->backend->ops->close(store->backend);
    g_free(store);
}

const GeoCity *geo_store_city(const GeoStore *store)
{
    return &store->backend->city;
}

bool geo_store_is_read_only(const GeoStore *store)
{
    return store->backend->read_only;
}

const char *geo_store_warning(const GeoStore *store)
{
    return store->backend->warning;
}

/* The one place where a write is let through or not. */
bool geo_store_may(GeoStore *store, const GeoAct *act, GeoOp op, GError **error)
{
    g_return_val_if_fail(store && act && act->actor && *act->actor, false);
    if (!geo_rights_may(act->role, op)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "'%s' (%s) has no right to %s", act->actor,
                    geo_role_words[act->role], geo_op_words[op]);
        return false;
    }
    if (!store->backend->read_only)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "the city is open for reading only%s%s",
                store->backend->warning ? ": " : "",
                store->backend->warning ? store->backend->warning : "");
    return false;
}

/* A text is UTF-8, a word is one of its list. */
static bool check_field(const GeoField *field, const void *value, const char **wrong)
{
    if (field->type == GEO_FIELD_TEXT) {
        const char *text = *(const char *const *)value;
        *wrong = "is not UTF-8";
        return !text || g_utf8_validate(text, -1, NULL);
    }
    if (field->type != GEO_FIELD_ENUM)
        return true;
    *wrong = "has an unknown value";
    int n = 0;
    while (field->words[n])
        n++;
    return *(const int *)value >= 0 && *(const int *)value < n;
}

static bool fail_row(GError **error, const GeoBatch *batch, const GeoRow *row, const char *name,
                     const char *wrong)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "%s %" G_GINT64_FORMAT ": %s %s",
                geo_kind_info(batch->kind)->name, row->id, name, wrong);
    return false;
}

/* Every row has an id, known words, UTF-8 and, where it has a shape, places on earth. */
bool geo_store_check_rows(const GeoBatch *batch, GError **error)
{
    const GeoKindInfo *info = geo_kind_info(batch->kind);
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoRow *row = geo_batch_row(batch, i);
        const char *wrong = "is missing";
        if (row->id <= 0)
            return fail_row(error, batch, row, "its id", wrong);
        for (size_t f = 0; f < info->n_fields; f++)
            if (!check_field(&info->fields[f], (const char *)row + info->fields[f].offset, &wrong))
                return fail_row(error, batch, row, info->fields[f].name, wrong);
        for (uint32_t k = 0; k < row->n_parts; k++) {
            size_t n;
            const GeoLonLat *points = geo_batch_part(batch, row, k, &n);
            for (size_t p = 0; p < n; p++)
                if (!geo_coord_valid(points[p])) {
                    g_autofree char *place =
                        g_strdup_printf("longitude %g, latitude %g", points[p].lon, points[p].lat);
                    return fail_row(error, batch, row, place, "is not a place");
                }
        }
    }
    return true;
}

bool geo_store_import_begin(GeoStore *store, const GeoAct *act, const GeoImport *import,
                            GError **error)
{
    g_return_val_if_fail(import && import->id > 0 && import->kind && import->source, false);
    return geo_store_may(store, act, GEO_OP_IMPORT, error) &&
           store->backend->ops->import_begin(store->backend, act, import, error);
}

bool geo_store_import_put(GeoStore *store, const GeoAct *act, int64_t import_id,
                          const GeoBatch *batch, GError **error)
{
    g_return_val_if_fail(batch, false);
    return geo_store_may(store, act, GEO_OP_IMPORT, error) && geo_store_check_rows(batch, error) &&
           store->backend->ops->import_put(store->backend, act, import_id, batch, error);
}

bool geo_store_import_finish(GeoStore *store, const GeoAct *act, int64_t import_id, int64_t refused,
                             GError **error)
{
    return geo_store_may(store, act, GEO_OP_IMPORT, error) &&
           store->backend->ops->import_finish(store->backend, act, import_id, refused, error);
}

bool geo_store_import_undo(GeoStore *store, const GeoAct *act, int64_t import_id, GError **error)
{
    return geo_store_may(store, act, GEO_OP_IMPORT, error) &&
           store->backend->ops->import_undo(store->backend, act, import_id, error);
}

bool geo_store_sweep(GeoStore *store, int64_t now_ms, int budget_ms, bool *left, GError **error)
{
    g_return_val_if_fail(store && left, false);
    *left = false;
    return store->backend->read_only ||
           store->backend->ops->sweep(store->backend, now_ms, budget_ms, left, error);
}

GArray *geo_store_imports(GeoStore *store, GError **error)
{
    return store->backend->ops->imports(store->backend, error);
}

void geo_imports_free(GArray *imports)
{
    for (guint i = 0; imports && i < imports->len; i++) {
        GeoImport *import = &g_array_index(imports, GeoImport, i);
        const char *texts[] = {import->kind,  import->source,   import->source_hash,
                               import->state, import->replaces, import->note};
        for (size_t k = 0; k < G_N_ELEMENTS(texts); k++)
            g_free((char *)texts[k]);
    }
    g_clear_pointer(&imports, g_array_unref);
}

GeoBatch *geo_store_load(GeoStore *store, GeoKind kind, const GeoQuery *query, GError **error)
{
    g_return_val_if_fail(store && kind < GEO_N_KINDS, NULL);
    return store->backend->ops->load(store->backend, kind, query, error);
}

bool geo_store_count(GeoStore *store, int64_t counts[GEO_N_KINDS], GHashTable *levels,
                     GError **error)
{
    return store->backend->ops->count(store->backend, counts, levels, error);
}

bool geo_store_bounds(GeoStore *store, GeoKind kind, GeoBounds *bounds, GError **error)
{
    g_return_val_if_fail(store && kind < GEO_N_KINDS && bounds, false);
    return store->backend->ops->bounds(store->backend, kind, bounds, error);
}

char *geo_store_dup_setting(GeoStore *store, const char *name, GError **error)
{
    return store->backend->ops->dup_setting(store->backend, name, error);
}

bool geo_store_put_setting(GeoStore *store, const GeoAct *act, const char *name, const char *value,
                           GError **error)
{
    g_return_val_if_fail(name && value, false);
    return geo_store_may(store, act, GEO_OP_IMPORT, error) &&
           store->backend->ops->put_setting(store->backend, act, name, value, error);
}

GArray *geo_store_assignments(GeoStore *store, GError **error)
{
    return store->backend->ops->assignments(store->backend, error);
}

bool geo_store_edit_camera(GeoStore *store, const GeoAct *act, const GeoBatch *camera,
                           GError **error)
{
    g_return_val_if_fail(camera && camera->kind == GEO_KIND_CAMERA && camera->rows->len == 1,
                         false);
    return geo_store_may(store, act, GEO_OP_EDIT_CAMERA, error) &&
           geo_store_check_rows(camera, error) &&
           store->backend->ops->edit_camera(store->backend, act, camera, error);
}

/* ---- duty ---- */

#define DAY_MS INT64_C(86400000)
#define MAX_ADMISSION_MS (31 * DAY_MS)
#define MAX_TEXT 200

static bool is_text(const char *text)
{
    return !text || (strlen(text) <= MAX_TEXT && g_utf8_validate(text, -1, NULL));
}

static const char *wrong_entry(const GeoDutyEntry *entry)
{
    static const bool is_act[GEO_N_DUTY_SPANS] = {[GEO_DUTY_ON] = true,
                                                  [GEO_DUTY_OFF] = true,
                                                  [GEO_DUTY_BREAK] = true,
                                                  [GEO_DUTY_WELFARE] = true,
                                                  [GEO_DUTY_SOS] = true};
    if (entry->what >= GEO_N_DUTY_SPANS || !is_act[entry->what])
        return "is nothing that can be signed";
    if (entry->from_ms <= 0 || entry->to_ms <= entry->from_ms)
        return "ends before it begins";
    if (!is_text(entry->person) || !is_text(entry->device) || !is_text(entry->vehicle) ||
        !is_text(entry->crew) || !is_text(entry->reason))
        return "has a text that is no UTF-8 or longer than 200 bytes";
    return NULL;
}

static bool check_entries(const GeoDutyEntry *entries, size_t n, GError **error)
{
    const char *wrong = n == 0 ? "names no unit" : NULL;
    size_t at = 0;
    for (size_t i = 0; i < n && !wrong; i++) {
        wrong = wrong_entry(&entries[i]);
        at = i;
        for (size_t j = 0; j < i && !wrong; j++)
            if (entries[j].unit_id == entries[i].unit_id)
                wrong = "is there twice";
    }
    if (!wrong)
        return true;
    if (n == 0)
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA, "an act of duty names no unit");
    else
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "duty of unit %" G_GINT64_FORMAT " %s",
                    entries[at].unit_id, wrong);
    return false;
}

bool geo_store_sign(GeoStore *store, const GeoAct *act, const GeoDutyEntry *entries, size_t n,
                    GError **error)
{
    g_return_val_if_fail(entries || n == 0, false);
    GeoOp op = GEO_OP_RAISE_SOS;
    for (size_t i = 0; i < n; i++)
        if (entries[i].what != GEO_DUTY_SOS)
            op = GEO_OP_SIGN_DUTY;
    return geo_store_may(store, act, op, error) && check_entries(entries, n, error) &&
           store->backend->ops->sign(store->backend, act, op, entries, n, error);
}

bool geo_store_end_duty(GeoStore *store, const GeoAct *act, int64_t unit_id, GeoDutyWhat what,
                        int64_t at_ms, GError **error)
{
    return geo_store_may(store, act, GEO_OP_SIGN_DUTY, error) &&
           store->backend->ops->end_duty(store->backend, act, GEO_OP_SIGN_DUTY, unit_id, what,
                                         at_ms, error);
}

bool geo_store_admit_area(GeoStore *store, const GeoAct *act, const char *area, int64_t from_ms,
                          int64_t to_ms, GError **error)
{
    if (!geo_store_may(store, act, GEO_OP_SIGN_DUTY, error))
        return false;
    if (!area || !*area || !is_text(area) || from_ms <= 0 || to_ms <= from_ms ||
        to_ms - from_ms > MAX_ADMISSION_MS) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA,
                            "an area is admitted by its code, for at most 31 days");
        return false;
    }
    return store->backend->ops->admit_area(store->backend, act, area, from_ms, to_ms, error);
}

bool geo_store_bind_device(GeoStore *store, const GeoAct *act, const char *key, int64_t unit_id,
                           GError **error)
{
    if (!geo_store_may(store, act, GEO_OP_SIGN_DUTY, error))
        return false;
    if (!key || !*key || !is_text(key)) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA,
                            "a device is bound by the name it calls itself");
        return false;
    }
    return store->backend->ops->bind_device(store->backend, act, key, unit_id, error);
}

bool geo_store_edit_roster(GeoStore *store, const GeoAct *act, const GeoBatch *roster, bool remove,
                           GError **error)
{
    g_return_val_if_fail(roster && roster->kind == GEO_KIND_ROSTER && roster->rows->len == 1,
                         false);
    const GeoRoster *row = &g_array_index(roster->rows, GeoRoster, 0);
    if (!geo_store_may(store, act, GEO_OP_EDIT_ROSTER, error) ||
        !geo_store_check_rows(roster, error))
        return false;
    if (!remove && (!row->row.code || row->from_ms <= 0 || row->to_ms <= row->from_ms)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "shift %" G_GINT64_FORMAT " names no unit, or ends before it begins",
                    row->row.id);
        return false;
    }
    return store->backend->ops->edit_roster(store->backend, act, roster, remove, error);
}

GeoDutyBook *geo_store_duty(GeoStore *store, int64_t from_ms, int64_t to_ms, GError **error)
{
    return store->backend->ops->duty(store->backend, from_ms, to_ms, error);
}

bool geo_store_put_scenario(GeoStore *store, const GeoAct *act, const GeoBatch *scenario,
                            int64_t *new_version, GError **error)
{
    g_return_val_if_fail(
        scenario && scenario->kind == GEO_KIND_SCENARIO && scenario->rows->len == 1, false);
    const char *name = geo_batch_row(scenario, 0)->name;
    if (!geo_store_may(store, act, GEO_OP_PLAN, error) || !geo_store_check_rows(scenario, error))
        return false;
    if (!name || !*name) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "a scenario needs a name");
        return false;
    }
    return store->backend->ops->put_scenario(store->backend, act, scenario, new_version, error);
}

bool geo_store_add_step(GeoStore *store, const GeoAct *act, int64_t version, const GeoBatch *step,
                        const GeoBatch *planned, int64_t *new_version, GError **error)
{
    g_return_val_if_fail(step && step->kind == GEO_KIND_STEP && step->rows->len == 1, false);
    g_return_val_if_fail(planned && planned->kind == GEO_KIND_PLANNED, false);
    return geo_store_may(store, act, GEO_OP_PLAN, error) && geo_store_check_rows(step, error) &&
           geo_store_check_rows(planned, error) &&
           store->backend->ops->add_step(store->backend, act, version, step, planned, new_version,
                                         error);
}

bool geo_store_undo_step(GeoStore *store, const GeoAct *act, int64_t scenario_id, int64_t version,
                         bool redo, int64_t *new_version, GError **error)
{
    return geo_store_may(store, act, GEO_OP_PLAN, error) &&
           store->backend->ops->undo_step(store->backend, act, scenario_id, version, redo,
                                          new_version, error);
}

bool geo_store_merge_scenario(GeoStore *store, const GeoAct *act, int64_t scenario_id,
                              int64_t version, const GeoBatch *planned, int64_t phase, bool whole,
                              bool force, int64_t *conflict, int64_t *new_version, GError **error)
{
    g_return_val_if_fail(planned && planned->kind == GEO_KIND_PLANNED, false);
    return geo_store_may(store, act, GEO_OP_PLAN, error) &&
           geo_store_may(store, act, GEO_OP_EDIT_CAMERA, error) &&
           geo_store_check_rows(planned, error) &&
           store->backend->ops->merge_scenario(store->backend, act, scenario_id, version, planned,
                                               phase, whole, force, conflict, new_version, error);
}

bool geo_store_ingest_fixes(GeoStore *store, const GeoAct *act, const GeoFix *fixes, size_t n,
                            size_t *refused, GError **error)
{
    g_return_val_if_fail(fixes || n == 0, false);
    return geo_store_may(store, act, GEO_OP_INGEST_FIXES, error) &&
           store->backend->ops->ingest_fixes(store->backend, act, fixes, n, refused, error);
}

GArray *geo_store_last_fixes(GeoStore *store, int64_t at_ms, int64_t max_age_ms, GError **error)
{
    return store->backend->ops->last_fixes(store->backend, at_ms, max_age_ms, error);
}

GArray *geo_store_load_fixes(GeoStore *store, int64_t from_ms, int64_t to_ms, GError **error)
{
    return store->backend->ops->load_fixes(
        store->backend, &(GeoTrackQuery){.from_ms = from_ms, .to_ms = to_ms}, error);
}

GArray *geo_store_load_fixes_in(GeoStore *store, const GeoBounds *bounds, int64_t from_ms,
                                int64_t to_ms, GError **error)
{
    g_return_val_if_fail(bounds, NULL);
    GeoTrackQuery query = {.from_ms = from_ms, .to_ms = to_ms, .bounds = bounds};
    return store->backend->ops->load_fixes(store->backend, &query, error);
}

GArray *geo_store_read_tracks(GeoStore *store, const GeoAct *act, const GeoTrackQuery *query,
                              GError **error)
{
    g_return_val_if_fail(query, NULL);
    GeoBackend *backend = store->backend;
    g_autofree char *detail = geo_purpose_dup_detail(query);
    if (!geo_store_may(store, act, GEO_OP_READ_TRACK, error) ||
        !geo_purpose_check(backend, act, query, error) ||
        !backend->ops->note_read(backend, act, GEO_OP_READ_TRACK,
                                 query->unit_id > 0 ? "unit" : "place", query->unit_id, detail,
                                 error))
        return NULL;
    return backend->ops->load_fixes(backend, query, error);
}

bool geo_store_purge_tracks(GeoStore *store, const GeoAct *act, int64_t before_ms, size_t *n_days,
                            GError **error)
{
    size_t n = 0;
    if (!geo_store_may(store, act, GEO_OP_PURGE_TRACKS, error))
        return false;
    if (before_ms > act->now_ms) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_REFUSED,
                            "only days that are over can be purged");
        return false;
    }
    if (!store->backend->ops->purge_tracks(store->backend, act, before_ms, &n, error))
        return false;
    if (n_days)
        *n_days = n;
    return true;
}

bool geo_store_last_fix_at(GeoStore *store, int64_t *at_ms, GError **error)
{
    return store->backend->ops->last_fix_at(store->backend, at_ms, error);
}

GArray *geo_store_changes_since(GeoStore *store, int64_t since, GError **error)
{
    return store->backend->ops->changes_since(store->backend, since, error);
}

GArray *geo_store_audit_since(GeoStore *store, int64_t since, GError **error)
{
    return store->backend->ops->audit_since(store->backend, since, error);
}

GPtrArray *geo_store_check(GeoStore *store, GError **error)
{
    return store->backend->ops->check(store->backend, error);
}

bool geo_store_backup(GeoStore *store, const GeoAct *act, const char *file, GError **error)
{
    g_return_val_if_fail(store && act && file, false);
    if (!geo_rights_may(act->role, GEO_OP_BACKUP)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "'%s' (%s) has no right to %s", act->actor,
                    geo_role_words[act->role], geo_op_words[GEO_OP_BACKUP]);
        return false;
    }
    return store->backend->ops->backup(store->backend, act, file, error);
}

bool geo_store_restore(const char *file, const char *path, GError **error)
{
    g_return_val_if_fail(file && path, false);
    return geo_backend_sqlite_restore(file, path, error);
}
