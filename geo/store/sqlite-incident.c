/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who is on which incident, and camera edits. What is done to incidents is in sqlite-deed.c. */
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/sqlite.h"

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
