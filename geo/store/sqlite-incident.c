/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Incidents, assignments and camera edits: one act, one transaction each. */
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/sqlite.h"

static bool put_event(GeoSqlite *self, const GeoAct *act, int64_t incident_id, const char *from,
                      const char *to, const char *reason, GError **error)
{
    static const char SQL_EVENT[] =
        "INSERT INTO incident_event (incident_id, from_state, to_state, at_ms, actor, reason)"
        " VALUES (?, ?, ?, ?, ?, ?)";
    GeoStatement *statement = geo_db_statement(self->db, SQL_EVENT, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, incident_id);
    geo_db_bind_text(statement, 2, from);
    geo_db_bind_text(statement, 3, to);
    geo_db_bind_int(statement, 4, act->now_ms);
    geo_db_bind_text(statement, 5, act->actor);
    geo_db_bind_text(statement, 6, reason);
    return geo_db_finish(self->db, statement, error);
}

bool geo_sqlite_take_incident(GeoBackend *backend, const GeoAct *act, const GeoBatch *incident,
                              GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    int64_t id = geo_batch_row(incident, 0)->id;
    g_autoptr(GByteArray) blob = g_byte_array_new();
    const char *received = geo_incident_state_words[GEO_INCIDENT_RECEIVED];
    if (!geo_sqlite_insert_row(self, incident, 0, 0, blob, error) ||
        !put_event(self, act, id, NULL, received, NULL, error))
        return geo_sqlite_fail(self);
    return geo_sqlite_end_act(self, act, GEO_OP_TAKE_INCIDENT, "incident", id, 1, received, error);
}

/* The row that a query of one id finds among the live ones; the caller reads and resets the
 * statement. */
static GeoStatement *find_live(GeoSqlite *self, const char *sql, const char *what, int64_t id,
                               GError **error)
{
    GeoStatement *statement = geo_db_statement(self->db, sql, error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    if (step == GEO_DB_DONE)
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no %s %" G_GINT64_FORMAT, what,
                    id);
    return step == GEO_DB_ROW ? statement : NULL;
}

/* State and version of a live incident. */
static bool find_incident(GeoSqlite *self, int64_t id, GeoIncidentState *state, int64_t *version,
                          GError **error)
{
    static const char SQL_FIND[] =
        "SELECT state, version FROM incident WHERE id = ? AND (import_id = 0 OR import_id IN"
        " (SELECT id FROM import WHERE state = 'live'))";
    GeoStatement *statement = find_live(self, SQL_FIND, "incident", id, error);
    if (!statement)
        return false;
    *state = (GeoIncidentState)geo_kind_word(geo_incident_state_words, geo_db_text(statement, 0));
    *version = geo_db_int(statement, 1);
    geo_db_reset(statement);
    return true;
}

static bool check_version(const char *what, int64_t id, int64_t seen, int64_t now, GError **error)
{
    if (seen == now)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                "%s %" G_GINT64_FORMAT " has changed since (version %" G_GINT64_FORMAT
                ", you saw %" G_GINT64_FORMAT "): look again",
                what, id, now, seen);
    return false;
}

static bool set_incident(GeoSqlite *self, const GeoAct *act, int64_t id, GeoIncidentState from,
                         GeoIncidentState to, const char *reason, GError **error)
{
    static const char SQL_SET[] =
        "UPDATE incident SET state = ?, version = version + 1 WHERE id = ?";
    if (!geo_cycle_may(from, to)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "an incident that is %s cannot become %s",
                    geo_incident_state_words[from], geo_incident_state_words[to]);
        return false;
    }
    GeoStatement *statement = geo_db_statement(self->db, SQL_SET, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, geo_incident_state_words[to]);
    geo_db_bind_int(statement, 2, id);
    return geo_db_finish(self->db, statement, error) &&
           put_event(self, act, id, geo_incident_state_words[from], geo_incident_state_words[to],
                     reason, error);
}

bool geo_sqlite_step_incident(GeoBackend *backend, const GeoAct *act, int64_t incident_id,
                              int64_t version, GeoIncidentState to, const char *reason,
                              int64_t *new_version, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoIncidentState from;
    bool done;
    int64_t now;
    if (!geo_sqlite_begin_act(self, act, &done, &now, error))
        return false;
    if (!done) {
        if (!find_incident(self, incident_id, &from, &now, error) ||
            !check_version("incident", incident_id, version, now, error) ||
            !set_incident(self, act, incident_id, from, to, reason, error))
            return geo_sqlite_fail(self);
        now++;
        if (!geo_sqlite_end_act(self, act, GEO_OP_STEP_INCIDENT, "incident", incident_id, now,
                                geo_incident_state_words[to], error))
            return false;
    }
    if (new_version)
        *new_version = now;
    return true;
}

/* ---- assignments ---- */

bool geo_sqlite_find_unit(GeoSqlite *self, int64_t id, int64_t *version, int64_t *incident_id,
                          GError **error)
{
    static const char SQL_FIND[] = "SELECT version, coalesce((SELECT incident_id FROM assignment "
                                   "WHERE unit_id = unit.id AND to_ms IS NULL), 0)"
                                   " FROM unit WHERE id = ? AND (import_id = 0 OR import_id IN "
                                   "(SELECT id FROM import WHERE state = 'live'))";
    GeoStatement *statement = find_live(self, SQL_FIND, "unit", id, error);
    if (!statement)
        return false;
    *version = geo_db_int(statement, 0);
    *incident_id = geo_db_int(statement, 1);
    geo_db_reset(statement);
    return true;
}

bool geo_sqlite_set_unit(GeoSqlite *self, int64_t id, GeoUnitStatus status, GError **error)
{
    static const char SQL_SET[] = "UPDATE unit SET status = ?, version = version + 1 WHERE id = ?";
    GeoStatement *statement = geo_db_statement(self->db, SQL_SET, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, geo_unit_status_words[status]);
    geo_db_bind_int(statement, 2, id);
    return geo_db_finish(self->db, statement, error);
}

static bool open_assignment(GeoSqlite *self, const GeoAct *act, int64_t incident_id,
                            int64_t unit_id, GError **error)
{
    static const char SQL_OPEN[] =
        "INSERT INTO assignment (incident_id, unit_id, from_ms) VALUES (?, ?, ?)";
    GeoStatement *statement = geo_db_statement(self->db, SQL_OPEN, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, incident_id);
    geo_db_bind_int(statement, 2, unit_id);
    geo_db_bind_int(statement, 3, act->now_ms);
    return geo_db_finish(self->db, statement, error) &&
           geo_sqlite_set_unit(self, unit_id, GEO_STATUS_DISPATCHED, error);
}

/* The unit's own row and, with its first unit, the incident's step to dispatched. */
static bool assign_unit(GeoSqlite *self, const GeoAct *act, int64_t incident_id, int64_t unit_id,
                        int64_t *unit_version, GError **error)
{
    GeoIncidentState state;
    int64_t version, on;
    if (!find_incident(self, incident_id, &state, &version, error) ||
        !geo_sqlite_find_unit(self, unit_id, unit_version, &on, error))
        return false;
    if (geo_cycle_done(state) || on != 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    on ? "unit %" G_GINT64_FORMAT " is on incident %" G_GINT64_FORMAT
                         ": release it first"
                       : "unit %" G_GINT64_FORMAT " cannot go to incident %" G_GINT64_FORMAT
                         ", which is over",
                    unit_id, on ? on : incident_id);
        return false;
    }
    if (!open_assignment(self, act, incident_id, unit_id, error))
        return false;
    return !geo_cycle_may(state, GEO_INCIDENT_DISPATCHED) ||
           (set_incident(self, act, incident_id, state, GEO_INCIDENT_DISPATCHED, NULL, error) &&
            geo_sqlite_log_change(self, act, "incident", incident_id, version + 1, error));
}

bool geo_sqlite_assign_unit(GeoBackend *backend, const GeoAct *act, int64_t incident_id,
                            int64_t unit_id, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!assign_unit(self, act, incident_id, unit_id, &version, error))
        return geo_sqlite_fail(self);
    return geo_sqlite_end_act(self, act, GEO_OP_ASSIGN_UNIT, "unit", unit_id, version + 1, "assign",
                              error);
}

static bool close_assignment(GeoSqlite *self, const GeoAct *act, int64_t unit_id, GError **error)
{
    static const char SQL_CLOSE[] =
        "UPDATE assignment SET to_ms = ? WHERE unit_id = ? AND to_ms IS NULL";
    GeoStatement *statement = geo_db_statement(self->db, SQL_CLOSE, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, act->now_ms);
    geo_db_bind_int(statement, 2, unit_id);
    return geo_db_finish(self->db, statement, error) &&
           geo_sqlite_set_unit(self, unit_id, GEO_STATUS_AVAILABLE, error);
}

bool geo_sqlite_release_unit(GeoBackend *backend, const GeoAct *act, int64_t unit_id,
                             GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version, on;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!geo_sqlite_find_unit(self, unit_id, &version, &on, error))
        return geo_sqlite_fail(self);
    if (on == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "unit %" G_GINT64_FORMAT " is on no incident", unit_id);
        return geo_sqlite_fail(self);
    }
    if (!close_assignment(self, act, unit_id, error))
        return geo_sqlite_fail(self);
    return geo_sqlite_end_act(self, act, GEO_OP_ASSIGN_UNIT, "unit", unit_id, version + 1,
                              "release", error);
}

bool geo_sqlite_has_served(GeoBackend *backend, int64_t incident_id, int64_t unit_id, bool *served,
                           GError **error)
{
    static const char SQL_SERVED[] =
        "SELECT 1 FROM assignment WHERE incident_id = ? AND unit_id = ?";
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoStatement *statement = geo_db_statement(self->db, SQL_SERVED, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, incident_id);
    geo_db_bind_int(statement, 2, unit_id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    *served = step == GEO_DB_ROW;
    geo_db_reset(statement);
    return step != GEO_DB_FAILED;
}

GArray *geo_sqlite_assignments(GeoBackend *backend, GError **error)
{
    static const char SQL_OPEN[] = "SELECT incident_id, unit_id FROM assignment"
                                   " WHERE to_ms IS NULL ORDER BY incident_id, unit_id";
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoStatement *statement = geo_db_statement(self->db, SQL_OPEN, error);
    if (!statement)
        return NULL;
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoAssignment));
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        GeoAssignment one = {geo_db_int(statement, 0), geo_db_int(statement, 1)};
        g_array_append_val(found, one);
    }
    geo_db_reset(statement);
    return step == GEO_DB_DONE ? g_steal_pointer(&found) : NULL;
}

/* ---- cameras ---- */

bool geo_sqlite_find_camera(GeoSqlite *self, int64_t id, int64_t *version, int64_t *import_id,
                            GError **error)
{
    static const char SQL_FIND[] =
        "SELECT version, import_id FROM camera WHERE id = ? AND (import_id = 0 OR import_id IN"
        " (SELECT id FROM import WHERE state = 'live'))";
    GeoStatement *statement = find_live(self, SQL_FIND, "camera", id, error);
    if (!statement)
        return false;
    *version = geo_db_int(statement, 0);
    *import_id = geo_db_int(statement, 1);
    geo_db_reset(statement);
    return true;
}

bool geo_sqlite_edit_camera(GeoBackend *backend, const GeoAct *act, const GeoBatch *camera,
                            GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version, import_id;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    const GeoRow *row = geo_batch_row(camera, 0);
    g_autoptr(GeoBatch) next = geo_batch_new(GEO_KIND_CAMERA);
    ((GeoRow *)geo_batch_copy_row(next, camera, 0))->version = row->version + 1;
    g_autoptr(GByteArray) blob = g_byte_array_new();
    if (!geo_sqlite_find_camera(self, row->id, &version, &import_id, error) ||
        !check_version("camera", row->id, row->version, version, error) ||
        !geo_sqlite_delete_row(self, GEO_KIND_CAMERA, row->id, error) ||
        !geo_sqlite_insert_row(self, next, 0, import_id, blob, error))
        return geo_sqlite_fail(self);
    return geo_sqlite_end_act(self, act, GEO_OP_EDIT_CAMERA, "camera", row->id, version + 1, NULL,
                              error);
}
