/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Scenarios: heads, steps and planned cameras are rows like others; here is what may be done to
 * them. Undoing changes the state of a step and nothing else. */
#include "geo/model/error.h"
#include "geo/model/scenario.h"
#include "geo/store/sqlite.h"

typedef struct {
    int64_t version;
    int state;
} Head;

static bool find_head(GeoSqlite *self, int64_t id, Head *head, bool *there, GError **error)
{
    static const char SQL_FIND[] = "SELECT version, state FROM scenario WHERE id = ?";
    GeoStatement *statement = geo_db_statement(self->db, SQL_FIND, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    *there = step == GEO_DB_ROW;
    if (*there) {
        head->version = geo_db_int(statement, 0);
        head->state = geo_kind_word(geo_scenario_state_words, geo_db_text(statement, 1));
    }
    geo_db_reset(statement);
    return step != GEO_DB_FAILED;
}

static bool check_head(int64_t id, const Head *head, int64_t version, GError **error)
{
    if (head->version != version) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                    "scenario %" G_GINT64_FORMAT " has changed since (version %" G_GINT64_FORMAT
                    ", you saw %" G_GINT64_FORMAT "): look again",
                    id, head->version, version);
        return false;
    }
    return true;
}

/* An open scenario of that version. */
static bool find_open(GeoSqlite *self, int64_t id, int64_t version, GError **error)
{
    Head head;
    bool there;
    if (!find_head(self, id, &head, &there, error))
        return false;
    if (!there) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no scenario %" G_GINT64_FORMAT,
                    id);
        return false;
    }
    if (!check_head(id, &head, version, error))
        return false;
    if (head.state != GEO_SCENARIO_OPEN)
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "scenario %" G_GINT64_FORMAT " is %s: nothing can be changed in it", id,
                    geo_scenario_state_words[head.state]);
    return head.state == GEO_SCENARIO_OPEN;
}

static bool run_on(GeoSqlite *self, const char *sql, int64_t id, GError **error)
{
    GeoStatement *statement = geo_db_statement(self->db, sql, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    return geo_db_finish(self->db, statement, error);
}

static bool raise_version(GeoSqlite *self, int64_t id, GError **error)
{
    return run_on(self, "UPDATE scenario SET version = version + 1 WHERE id = ?", id, error);
}

/* ---- heads ---- */

static bool name_is_free(GeoSqlite *self, const GeoRow *row, GError **error)
{
    static const char SQL_NAME[] =
        "SELECT 1 FROM scenario WHERE name = ? AND state <> 'dropped' AND id <> ?";
    GeoStatement *statement = geo_db_statement(self->db, SQL_NAME, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, row->name);
    geo_db_bind_int(statement, 2, row->id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    geo_db_reset(statement);
    if (step == GEO_DB_ROW)
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "there is a scenario '%s' already: choose another name", row->name);
    return step == GEO_DB_DONE;
}

static bool set_head(GeoSqlite *self, const GeoScenario *scenario, const Head *head, GError **error)
{
    static const char SQL_SET[] = "UPDATE scenario SET name = ?, note = ?, budget = ?, state = ?,"
                                  " version = version + 1 WHERE id = ?";
    if (!check_head(scenario->row.id, head, scenario->row.version, error))
        return false;
    if (head->state == GEO_SCENARIO_MERGED || scenario->state == GEO_SCENARIO_MERGED) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "scenario '%s': only merging makes one merged, and for good",
                    scenario->row.name);
        return false;
    }
    GeoStatement *statement = geo_db_statement(self->db, SQL_SET, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, scenario->row.name);
    geo_db_bind_text(statement, 2, scenario->note);
    geo_db_bind_real(statement, 3, scenario->budget);
    geo_db_bind_text(statement, 4, geo_scenario_state_words[scenario->state]);
    geo_db_bind_int(statement, 5, scenario->row.id);
    return geo_db_finish(self->db, statement, error);
}

static bool insert_head(GeoSqlite *self, const GeoAct *act, const GeoBatch *batch, GError **error)
{
    g_autoptr(GeoBatch) first = geo_batch_new(GEO_KIND_SCENARIO);
    GeoScenario *scenario = geo_batch_copy_row(first, batch, 0);
    scenario->row.version = 1;
    scenario->state = GEO_SCENARIO_OPEN;
    scenario->merged_phase = 0;
    scenario->at_ms = act->now_ms;
    scenario->actor = geo_batch_text(first, act->actor);
    return geo_sqlite_insert_row(self, first, 0, 0, NULL, error);
}

bool geo_sqlite_put_scenario(GeoBackend *backend, const GeoAct *act, const GeoBatch *batch,
                             int64_t *new_version, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    const GeoScenario *scenario = (const GeoScenario *)(const void *)geo_batch_row(batch, 0);
    Head head = {0};
    bool done, there;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (!done) {
        bool ok =
            find_head(self, scenario->row.id, &head, &there, error) &&
            (scenario->state == GEO_SCENARIO_DROPPED || name_is_free(self, &scenario->row, error));
        ok = ok && (there ? set_head(self, scenario, &head, error)
                          : insert_head(self, act, batch, error));
        if (!ok)
            return geo_sqlite_fail(self);
        version = there ? head.version + 1 : 1;
        if (!geo_sqlite_end_act(self, act, GEO_OP_PLAN, "scenario", scenario->row.id, version,
                                scenario->row.name, error))
            return false;
    }
    if (new_version)
        *new_version = version;
    return true;
}

/* ---- steps ---- */

static bool insert_all(GeoSqlite *self, const GeoBatch *batch, GError **error)
{
    g_autoptr(GByteArray) blob = g_byte_array_new();
    for (guint i = 0; i < batch->rows->len; i++)
        if (!geo_sqlite_insert_row(self, batch, i, 0, blob, error))
            return false;
    return true;
}

static bool insert_step(GeoSqlite *self, const GeoAct *act, const GeoBatch *step, GError **error)
{
    g_autoptr(GeoBatch) own = geo_batch_new(GEO_KIND_STEP);
    GeoStep *row = geo_batch_copy_row(own, step, 0);
    row->state = GEO_STEP_DONE;
    row->at_ms = act->now_ms;
    row->actor = geo_batch_text(own, act->actor);
    return geo_sqlite_insert_row(self, own, 0, 0, NULL, error);
}

bool geo_sqlite_add_step(GeoBackend *backend, const GeoAct *act, int64_t version,
                         const GeoBatch *step, const GeoBatch *planned, int64_t *new_version,
                         GError **error)
{
    static const char SQL_DROP[] =
        "UPDATE step SET state = 'dropped' WHERE scenario = ? AND state = 'undone'";
    GeoSqlite *self = (GeoSqlite *)backend;
    const GeoStep *row = (const GeoStep *)(const void *)geo_batch_row(step, 0);
    bool done;
    int64_t now;
    if (!geo_sqlite_begin_act(self, act, &done, &now, error))
        return false;
    if (!done) {
        if (!find_open(self, row->scenario, version, error) ||
            !run_on(self, SQL_DROP, row->scenario, error) || !insert_step(self, act, step, error) ||
            !insert_all(self, planned, error) || !raise_version(self, row->scenario, error))
            return geo_sqlite_fail(self);
        now = version + 1;
        if (!geo_sqlite_end_act(self, act, GEO_OP_PLAN, "scenario", row->scenario, now,
                                row->row.name, error))
            return false;
    }
    if (new_version)
        *new_version = now;
    return true;
}

/* The step to be taken back or brought again; 0: none. */
static bool find_step(GeoSqlite *self, int64_t scenario, bool redo, int64_t *id, GError **error)
{
    static const char SQL_UNDO[] =
        "SELECT coalesce(max(id), 0) FROM step WHERE scenario = ? AND state = 'done'";
    static const char SQL_REDO[] =
        "SELECT coalesce(min(id), 0) FROM step WHERE scenario = ? AND state = 'undone'";
    GeoStatement *statement = geo_db_statement(self->db, redo ? SQL_REDO : SQL_UNDO, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, scenario);
    bool found = geo_db_step(self->db, statement, error) == GEO_DB_ROW;
    if (found)
        *id = geo_db_int(statement, 0);
    geo_db_reset(statement);
    return found;
}

bool geo_sqlite_undo_step(GeoBackend *backend, const GeoAct *act, int64_t scenario_id,
                          int64_t version, bool redo, int64_t *new_version, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t now, step;
    if (!geo_sqlite_begin_act(self, act, &done, &now, error))
        return false;
    if (!done) {
        if (!find_open(self, scenario_id, version, error) ||
            !find_step(self, scenario_id, redo, &step, error))
            return geo_sqlite_fail(self);
        if (step == 0) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "there is no step to %s",
                        redo ? "do again" : "take back");
            return geo_sqlite_fail(self);
        }
        if (!run_on(self,
                    redo ? "UPDATE step SET state = 'done' WHERE id = ?"
                         : "UPDATE step SET state = 'undone' WHERE id = ?",
                    step, error) ||
            !raise_version(self, scenario_id, error))
            return geo_sqlite_fail(self);
        now = version + 1;
        if (!geo_sqlite_end_act(self, act, GEO_OP_PLAN, "scenario", scenario_id, now,
                                redo ? "redo" : "undo", error))
            return false;
    }
    if (new_version)
        *new_version = now;
    return true;
}

/* ---- into the register ---- */

/* The camera's version and import as they are now; 0 and 0 when there is none. */
static bool look_up(GeoSqlite *self, int64_t id, int64_t *version, int64_t *import_id,
                    GError **error)
{
    g_autoptr(GError) missing = NULL;
    *version = *import_id = 0;
    if (geo_sqlite_find_camera(self, id, version, import_id, &missing) ||
        g_error_matches(missing, GEO_ERROR, GEO_ERROR_MISSING))
        return true;
    g_propagate_error(error, g_steal_pointer(&missing));
    return false;
}

static bool put_camera(GeoSqlite *self, const GeoAct *act, const GeoBatch *planned, guint i,
                       bool force, int64_t *conflict, GError **error)
{
    const GeoPlanned *one = &g_array_index(planned->rows, GeoPlanned, i);
    int64_t version, import_id;
    if (!look_up(self, one->camera_id, &version, &import_id, error))
        return false;
    if (version != one->base_version && !force) {
        *conflict = one->camera_id;
        g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                    "camera %" G_GINT64_FORMAT " (%s) has changed in the register since it was "
                    "planned: look again, or let the plan win",
                    one->camera_id, one->camera.row.name ? one->camera.row.name : "no name");
        return false;
    }
    if (version != 0 && !geo_sqlite_delete_row(self, GEO_KIND_CAMERA, one->camera_id, error))
        return false;
    if (one->what != GEO_PLANNED_REMOVE) {
        g_autoptr(GeoBatch) camera = geo_batch_new(GEO_KIND_CAMERA);
        g_autoptr(GByteArray) blob = g_byte_array_new();
        geo_scenario_add_camera(camera, planned, i)->row.version = version + 1;
        if (!geo_sqlite_insert_row(self, camera, 0, import_id, blob, error))
            return false;
    }
    return geo_sqlite_log_change(self, act, "camera", one->camera_id, version + 1, error);
}

static bool close_head(GeoSqlite *self, int64_t id, int64_t phase, bool whole, GError **error)
{
    static const char SQL_SET[] = "UPDATE scenario SET merged_phase = ?, version = version + 1,"
                                  " state = ? WHERE id = ?";
    GeoStatement *statement = geo_db_statement(self->db, SQL_SET, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, phase);
    geo_db_bind_text(statement, 2, whole ? "merged" : "open");
    geo_db_bind_int(statement, 3, id);
    return geo_db_finish(self->db, statement, error);
}

bool geo_sqlite_merge_scenario(GeoBackend *backend, const GeoAct *act, int64_t scenario_id,
                               int64_t version, const GeoBatch *planned, int64_t phase, bool whole,
                               bool force, int64_t *conflict, int64_t *new_version, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t now;
    *conflict = 0;
    if (!geo_sqlite_begin_act(self, act, &done, &now, error))
        return false;
    if (!done) {
        bool ok = find_open(self, scenario_id, version, error);
        for (guint i = 0; ok && i < planned->rows->len; i++)
            ok = put_camera(self, act, planned, i, force, conflict, error);
        if (!ok || !close_head(self, scenario_id, phase, whole, error))
            return geo_sqlite_fail(self);
        now = version + 1;
        if (!geo_sqlite_end_act(self, act, GEO_OP_PLAN, "scenario", scenario_id, now, "merge",
                                error))
            return false;
    }
    if (new_version)
        *new_version = now;
    return true;
}
