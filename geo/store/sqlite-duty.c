/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Acts of duty, admissions, devices and shifts: one act, one transaction each. */
#include "geo/model/error.h"
#include "geo/store/sqlite.h"

#define FIRST_SCHEMA 3 /* that has these tables */

/* ---- signing ---- */

static bool bind_now(GeoSqlite *self, const GeoAct *act, const char *key, int64_t unit_id,
                     int64_t from_ms, int64_t to_ms, GError **error)
{
    static const char SQL_FREE[] = "UPDATE device SET to_ms = max(?1, from_ms) WHERE \"key\" = ?2"
                                   " AND (to_ms IS NULL OR to_ms > ?1)";
    static const char SQL_BIND[] =
        "INSERT INTO device (\"key\", unit_id, from_ms, to_ms, actor) VALUES (?, ?, ?, ?, ?)";
    GeoStatement *statement = geo_db_statement(self->db, SQL_FREE, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, from_ms);
    geo_db_bind_text(statement, 2, key);
    if (!geo_db_finish(self->db, statement, error) || unit_id == 0)
        return unit_id == 0;
    statement = geo_db_statement(self->db, SQL_BIND, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, key);
    geo_db_bind_int(statement, 2, unit_id);
    geo_db_bind_int(statement, 3, from_ms);
    if (to_ms != GEO_DUTY_OPEN)
        geo_db_bind_int(statement, 4, to_ms);
    geo_db_bind_text(statement, 5, act->actor);
    return geo_db_finish(self->db, statement, error);
}

/* The unit is in an SOS that goes on. */
static bool is_in_sos(GeoSqlite *self, int64_t unit_id, bool *is, GError **error)
{
    static const char SQL_SOS[] =
        "SELECT 1 FROM duty WHERE unit_id = ? AND what = 'sos' AND to_ms IS NULL";
    GeoStatement *statement = geo_db_statement(self->db, SQL_SOS, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, unit_id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    *is = step == GEO_DB_ROW;
    geo_db_reset(statement);
    return step != GEO_DB_FAILED;
}

static bool insert_entry(GeoSqlite *self, const GeoAct *act, const GeoDutyEntry *entry,
                         GError **error)
{
    static const char SQL_SIGN[] =
        "INSERT INTO duty (unit_id, what, from_ms, to_ms, person, device, vehicle, crew, reason,"
        " actor, signed_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
    GeoStatement *statement = geo_db_statement(self->db, SQL_SIGN, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, entry->unit_id);
    geo_db_bind_text(statement, 2, geo_duty_words[entry->what]);
    geo_db_bind_int(statement, 3, entry->from_ms);
    if (entry->to_ms != GEO_DUTY_OPEN)
        geo_db_bind_int(statement, 4, entry->to_ms);
    geo_db_bind_text(statement, 5, entry->person);
    geo_db_bind_text(statement, 6, entry->device);
    geo_db_bind_text(statement, 7, entry->vehicle);
    geo_db_bind_text(statement, 8, entry->crew);
    geo_db_bind_text(statement, 9, entry->reason);
    geo_db_bind_text(statement, 10, act->actor);
    geo_db_bind_int(statement, 11, act->now_ms);
    return geo_db_finish(self->db, statement, error);
}

/* The map shows an emergency by the unit's status. */
static bool show_sos(GeoSqlite *self, const GeoAct *act, int64_t unit_id, int64_t version,
                     GeoUnitStatus status, GError **error)
{
    return geo_sqlite_set_unit(self, unit_id, status, error) &&
           geo_sqlite_log_change(self, act, "unit", unit_id, version + 1, error);
}

static bool end_entries(GeoSqlite *self, const GeoAct *act, int64_t unit_id, GeoDutyWhat what,
                        int64_t at_ms, bool *any, GError **error)
{
    static const char SQL_END[] =
        "UPDATE duty SET to_ms = ?1, ended_by = ?2 WHERE unit_id = ?3 AND what = ?4"
        " AND from_ms <= ?1 AND (to_ms IS NULL OR to_ms > ?1) RETURNING id";
    GeoStatement *statement = geo_db_statement(self->db, SQL_END, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, at_ms);
    geo_db_bind_text(statement, 2, act->actor);
    geo_db_bind_int(statement, 3, unit_id);
    geo_db_bind_text(statement, 4, geo_duty_words[what]);
    GeoDbStep step;
    *any = false;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW)
        *any = true;
    geo_db_reset(statement);
    return step == GEO_DB_DONE;
}

/* The device of a unit that signs off is its own no more. */
static bool free_devices(GeoSqlite *self, int64_t unit_id, int64_t at_ms, GError **error)
{
    static const char SQL_FREE[] =
        "UPDATE device SET to_ms = ?1 WHERE unit_id = ?2 AND from_ms <= ?1"
        " AND to_ms > ?1";
    GeoStatement *statement = geo_db_statement(self->db, SQL_FREE, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, at_ms);
    geo_db_bind_int(statement, 2, unit_id);
    return geo_db_finish(self->db, statement, error);
}

/* Who signs off leaves what it was signed on for, and its break. */
static bool leave(GeoSqlite *self, const GeoAct *act, int64_t unit_id, int64_t at_ms,
                  GError **error)
{
    bool any;
    return end_entries(self, act, unit_id, GEO_DUTY_ON, at_ms, &any, error) &&
           end_entries(self, act, unit_id, GEO_DUTY_BREAK, at_ms, &any, error) &&
           free_devices(self, unit_id, at_ms, error);
}

static bool sign_one(GeoSqlite *self, const GeoAct *act, const GeoDutyEntry *entry, GError **error)
{
    int64_t version, incident_id;
    bool in_sos = false;
    if (!geo_sqlite_find_unit(self, entry->unit_id, &version, &incident_id, error) ||
        (entry->what == GEO_DUTY_SOS && !is_in_sos(self, entry->unit_id, &in_sos, error)))
        return false;
    if (in_sos)
        return true;
    if (entry->what == GEO_DUTY_OFF && !leave(self, act, entry->unit_id, entry->from_ms, error))
        return false;
    if (!insert_entry(self, act, entry, error) ||
        !geo_sqlite_log_change(self, act, "duty", entry->unit_id, 1, error))
        return false;
    if (entry->what == GEO_DUTY_SOS)
        return show_sos(self, act, entry->unit_id, version, GEO_STATUS_SOS, error);
    return entry->what != GEO_DUTY_ON || !entry->device || !*entry->device ||
           bind_now(self, act, entry->device, entry->unit_id, entry->from_ms, entry->to_ms, error);
}

static char *dup_detail(const GeoDutyEntry *entries, size_t n)
{
    GString *detail = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(detail, "%s%s %" G_GINT64_FORMAT, i ? ", " : "",
                               geo_duty_words[entries[i].what], entries[i].unit_id);
    return g_string_free(detail, FALSE);
}

bool geo_sqlite_sign(GeoBackend *backend, const GeoAct *act, GeoOp op, const GeoDutyEntry *entries,
                     size_t n, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    for (size_t i = 0; i < n; i++)
        if (!sign_one(self, act, &entries[i], error))
            return geo_sqlite_fail(self);
    g_autofree char *detail = dup_detail(entries, n);
    return geo_sqlite_end_act(self, act, op, "duty", entries[0].unit_id, 1, detail, error);
}

/* ---- ending ---- */

bool geo_sqlite_end_duty(GeoBackend *backend, const GeoAct *act, GeoOp op, int64_t unit_id,
                         GeoDutyWhat what, int64_t at_ms, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done, any;
    int64_t version, incident_id;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!geo_sqlite_find_unit(self, unit_id, &version, &incident_id, error) ||
        !end_entries(self, act, unit_id, what, at_ms, &any, error))
        return geo_sqlite_fail(self);
    if (!any) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "unit %" G_GINT64_FORMAT " has no %s that could be ended then", unit_id,
                    geo_duty_words[what]);
        return geo_sqlite_fail(self);
    }
    GeoUnitStatus status;
    if ((what == GEO_DUTY_SOS && (!geo_deeds_unit_status(backend, unit_id, &status, error) ||
                                  !show_sos(self, act, unit_id, version, status, error))) ||
        (what == GEO_DUTY_ON && !free_devices(self, unit_id, at_ms, error)))
        return geo_sqlite_fail(self);
    g_autofree char *detail = g_strdup_printf("end %s", geo_duty_words[what]);
    return geo_sqlite_end_act(self, act, op, "duty", unit_id, 2, detail, error);
}

/* ---- admissions and devices ---- */

bool geo_sqlite_admit_area(GeoBackend *backend, const GeoAct *act, const char *area,
                           int64_t from_ms, int64_t to_ms, GError **error)
{
    static const char SQL_ADMIT[] =
        "INSERT INTO admission (area, from_ms, to_ms, actor) VALUES (?, ?, ?, ?)";
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    GeoStatement *statement = geo_db_statement(self->db, SQL_ADMIT, error);
    if (!statement)
        return geo_sqlite_fail(self);
    geo_db_bind_text(statement, 1, area);
    geo_db_bind_int(statement, 2, from_ms);
    geo_db_bind_int(statement, 3, to_ms);
    geo_db_bind_text(statement, 4, act->actor);
    if (!geo_db_finish(self->db, statement, error))
        return geo_sqlite_fail(self);
    g_autofree char *detail = g_strdup_printf("admit %s", area);
    return geo_sqlite_end_act(self, act, GEO_OP_SIGN_DUTY, "admission", act->now_ms, 1, detail,
                              error);
}

bool geo_sqlite_bind_device(GeoBackend *backend, const GeoAct *act, const char *key,
                            int64_t unit_id, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version, incident_id;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if ((unit_id && !geo_sqlite_find_unit(self, unit_id, &version, &incident_id, error)) ||
        !bind_now(self, act, key, unit_id, act->now_ms, GEO_DUTY_OPEN, error))
        return geo_sqlite_fail(self);
    g_autofree char *detail = g_strdup_printf(unit_id ? "bind %s" : "free %s", key);
    return geo_sqlite_end_act(self, act, GEO_OP_SIGN_DUTY, "device", unit_id, 1, detail, error);
}

/* ---- shifts ---- */

/* Version and import of a live shift; *there false when there is none. */
static bool find_shift(GeoSqlite *self, int64_t id, bool *there, int64_t *version,
                       int64_t *import_id, GError **error)
{
    static const char SQL_FIND[] =
        "SELECT version, import_id FROM roster WHERE id = ? AND (import_id = 0 OR import_id IN"
        " (SELECT id FROM import WHERE state = 'live'))";
    GeoStatement *statement = geo_db_statement(self->db, SQL_FIND, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    *there = step == GEO_DB_ROW;
    if (*there) {
        *version = geo_db_int(statement, 0);
        *import_id = geo_db_int(statement, 1);
    }
    geo_db_reset(statement);
    return step != GEO_DB_FAILED;
}

static bool put_shift(GeoSqlite *self, const GeoBatch *roster, bool remove, int64_t *next,
                      GError **error)
{
    const GeoRow *row = geo_batch_row(roster, 0);
    bool there;
    int64_t version = 0, import_id = 0;
    if (!find_shift(self, row->id, &there, &version, &import_id, error))
        return false;
    if (!there && (row->version != 0 || remove)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no shift %" G_GINT64_FORMAT,
                    row->id);
        return false;
    }
    if (version != row->version) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                    "shift %" G_GINT64_FORMAT " has changed since (version %" G_GINT64_FORMAT
                    ", you saw %" G_GINT64_FORMAT "): look again",
                    row->id, version, row->version);
        return false;
    }
    *next = version + 1;
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_ROSTER);
    ((GeoRow *)geo_batch_copy_row(batch, roster, 0))->version = *next;
    g_autoptr(GByteArray) blob = g_byte_array_new();
    return (!there || geo_sqlite_delete_row(self, GEO_KIND_ROSTER, row->id, error)) &&
           (remove || geo_sqlite_insert_row(self, batch, 0, import_id, blob, error));
}

bool geo_sqlite_edit_roster(GeoBackend *backend, const GeoAct *act, const GeoBatch *roster,
                            bool remove, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!put_shift(self, roster, remove, &version, error))
        return geo_sqlite_fail(self);
    return geo_sqlite_end_act(self, act, GEO_OP_EDIT_ROSTER, "roster", geo_batch_row(roster, 0)->id,
                              version, remove ? "remove" : NULL, error);
}

/* ---- reading ---- */

static void bind_span(GeoStatement *statement, int64_t from_ms, int64_t to_ms)
{
    geo_db_bind_int(statement, 1, from_ms);
    geo_db_bind_int(statement, 2, to_ms);
    geo_db_bind_int(statement, 3, GEO_DUTY_OPEN);
}

static bool read_entries(GeoSqlite *self, int64_t from_ms, int64_t to_ms, GeoDutyBook *book,
                         GError **error)
{
    static const char SQL_DUTY[] =
        "SELECT id, unit_id, what, from_ms, coalesce(to_ms, ?3), person, device, vehicle, crew,"
        " reason, actor FROM duty WHERE from_ms < ?2 AND (to_ms IS NULL OR to_ms > ?1)"
        " ORDER BY unit_id, from_ms, id";
    GeoStatement *statement = geo_db_statement(self->db, SQL_DUTY, error);
    if (!statement)
        return false;
    bind_span(statement, from_ms, to_ms);
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        int what = geo_kind_word(geo_duty_words, geo_db_text(statement, 2));
        GeoDutyEntry entry = {.id = geo_db_int(statement, 0),
                              .unit_id = geo_db_int(statement, 1),
                              .what = (uint32_t)what,
                              .from_ms = geo_db_int(statement, 3),
                              .to_ms = geo_db_int(statement, 4),
                              .person = geo_dutybook_text(book, geo_db_text(statement, 5)),
                              .device = geo_dutybook_text(book, geo_db_text(statement, 6)),
                              .vehicle = geo_dutybook_text(book, geo_db_text(statement, 7)),
                              .crew = geo_dutybook_text(book, geo_db_text(statement, 8)),
                              .reason = geo_dutybook_text(book, geo_db_text(statement, 9)),
                              .actor = geo_dutybook_text(book, geo_db_text(statement, 10))};
        g_array_append_val(book->entries, entry);
    }
    geo_db_reset(statement);
    return step == GEO_DB_DONE;
}

static bool read_jobs(GeoSqlite *self, int64_t from_ms, int64_t to_ms, GeoDutyBook *book,
                      GError **error)
{
    static const char SQL_JOBS[] = "SELECT unit_id, from_ms, coalesce(to_ms, ?3) FROM assignment"
                                   " WHERE from_ms < ?2 AND (to_ms IS NULL OR to_ms > ?1)"
                                   " ORDER BY unit_id, from_ms";
    GeoStatement *statement = geo_db_statement(self->db, SQL_JOBS, error);
    if (!statement)
        return false;
    bind_span(statement, from_ms, to_ms);
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        GeoDutyEntry job = {.unit_id = geo_db_int(statement, 0),
                            .what = GEO_DUTY_INCIDENT,
                            .from_ms = geo_db_int(statement, 1),
                            .to_ms = geo_db_int(statement, 2)};
        g_array_append_val(book->entries, job);
    }
    geo_db_reset(statement);
    return step == GEO_DB_DONE;
}

static bool read_admissions(GeoSqlite *self, int64_t from_ms, int64_t to_ms, GeoDutyBook *book,
                            GError **error)
{
    static const char SQL_ADMITTED[] = "SELECT area, from_ms, min(to_ms, ?3) FROM admission"
                                       " WHERE from_ms < ?2 AND to_ms > ?1 ORDER BY id";
    GeoStatement *statement = geo_db_statement(self->db, SQL_ADMITTED, error);
    if (!statement)
        return false;
    bind_span(statement, from_ms, to_ms);
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        GeoDutyAdmitted one = {geo_dutybook_text(book, geo_db_text(statement, 0)),
                               geo_db_int(statement, 1), geo_db_int(statement, 2)};
        g_array_append_val(book->admissions, one);
    }
    geo_db_reset(statement);
    return step == GEO_DB_DONE;
}

static bool read_devices(GeoSqlite *self, int64_t from_ms, int64_t to_ms, GeoDutyBook *book,
                         GError **error)
{
    static const char SQL_DEVICES[] =
        "SELECT \"key\", unit_id, from_ms, coalesce(to_ms, ?3) FROM device"
        " WHERE from_ms < ?2 AND (to_ms IS NULL OR to_ms > ?1) ORDER BY id";
    GeoStatement *statement = geo_db_statement(self->db, SQL_DEVICES, error);
    if (!statement)
        return false;
    bind_span(statement, from_ms, to_ms);
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        GeoDutyDevice one = {geo_dutybook_text(book, geo_db_text(statement, 0)),
                             geo_db_int(statement, 1), geo_db_int(statement, 2),
                             geo_db_int(statement, 3)};
        g_array_append_val(book->devices, one);
    }
    geo_db_reset(statement);
    return step == GEO_DB_DONE;
}

GeoDutyBook *geo_sqlite_duty(GeoBackend *backend, int64_t from_ms, int64_t to_ms, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    g_autoptr(GeoDutyBook) book = geo_dutybook_new();
    if (!read_jobs(self, from_ms, to_ms, book, error))
        return NULL;
    if (self->version >= FIRST_SCHEMA && (!read_entries(self, from_ms, to_ms, book, error) ||
                                          !read_admissions(self, from_ms, to_ms, book, error) ||
                                          !read_devices(self, from_ms, to_ms, book, error)))
        return NULL;
    geo_dutybook_sort(book); /* jobs and what was signed, together */
    return g_steal_pointer(&book);
}
