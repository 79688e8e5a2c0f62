/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Positions: a file for each UTC day with an append-only log of packed groups and each unit's
 * newest fix. A group is one row, on disk when the call returns. Deleting a day is deleting its
 * file. */
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/gate.h"
#include "geo/store/schema.h"
#include "geo/store/sqlite.h"

#define DAY_MS INT64_C(86400000)
enum { FIX_BYTES = 8 + 8 + 4 + 4 + 4 + 4 + 4 };
/* 1e-7 degree is 1.1 cm, finer than any receiver. */
#define UNITS_PER_DEGREE 1e7

static void pack(GByteArray *bytes, const GeoFix *fix)
{
    int32_t lon = (int32_t)lround(fix->lon * UNITS_PER_DEGREE),
            lat = (int32_t)lround(fix->lat * UNITS_PER_DEGREE);
    g_byte_array_append(bytes, (const guint8 *)&fix->unit_id, 8);
    g_byte_array_append(bytes, (const guint8 *)&fix->at_ms, 8);
    g_byte_array_append(bytes, (const guint8 *)&lon, 4);
    g_byte_array_append(bytes, (const guint8 *)&lat, 4);
    g_byte_array_append(bytes, (const guint8 *)&fix->speed_mps, 4);
    g_byte_array_append(bytes, (const guint8 *)&fix->heading_deg, 4);
    g_byte_array_append(bytes, (const guint8 *)&fix->accuracy_m, 4);
}

static GeoFix unpack(const guint8 *bytes)
{
    GeoFix fix;
    int32_t lon, lat;
    memcpy(&fix.unit_id, bytes, 8);
    memcpy(&fix.at_ms, bytes + 8, 8);
    memcpy(&lon, bytes + 16, 4);
    memcpy(&lat, bytes + 20, 4);
    memcpy(&fix.speed_mps, bytes + 24, 4);
    memcpy(&fix.heading_deg, bytes + 28, 4);
    memcpy(&fix.accuracy_m, bytes + 32, 4);
    fix.lon = lon / UNITS_PER_DEGREE;
    fix.lat = lat / UNITS_PER_DEGREE;
    return fix;
}

static char *day_name(int64_t at_ms)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at_ms / 1000);
    return g_date_time_format(time, "%Y-%m-%d.sqlite");
}

static int by_name(gconstpointer a, gconstpointer b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* YYYY-MM-DD.sqlite, and nothing else that lies about. */
static bool is_day(const char *name)
{
    return strlen(name) == strlen("2026-11-21.sqlite") && strspn(name, "0123456789-") == 10 &&
           !strcmp(name + 10, ".sqlite");
}

GPtrArray *geo_sqlite_days(GeoSqlite *self)
{
    GPtrArray *days = g_ptr_array_new_with_free_func(g_free);
    g_autofree char *folder = g_build_filename(self->folder, GEO_SQLITE_TRACKS, NULL);
    g_autoptr(GDir) dir = g_dir_open(folder, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir)))
        if (is_day(name))
            g_ptr_array_add(days, g_strdup(name));
    g_ptr_array_sort(days, by_name);
    return days;
}

static bool make_day(GeoDb *db, GError **error)
{
    geo_db_set_migrating(db, true);
    bool ok = geo_db_run(db, geo_schema_tracks, error);
    geo_db_set_migrating(db, false);
    return ok;
}

/* Opens the day's file into self->day; *found false, without error, when it is not there and not to
 * be made. */
static bool open_day(GeoSqlite *self, const char *name, bool write, bool *found, GError **error)
{
    *found = true;
    if (self->day && !strcmp(self->day_name, name) && (self->day_writes || !write))
        return true;
    g_clear_pointer(&self->day, geo_db_close);
    g_autofree char *path = g_build_filename(self->folder, GEO_SQLITE_TRACKS, name, NULL);
    bool exists = g_file_test(path, G_FILE_TEST_EXISTS);
    if (!exists && !write) {
        *found = false;
        return true;
    }
    if (exists && !geo_sqlite_probe(path, GEO_SQLITE_APPLICATION_ID, 1, error))
        return false;
    g_autoptr(GeoDb) db = geo_db_open(path,
                                      !exists ? GEO_DB_CREATE
                                      : write ? GEO_DB_WRITE
                                              : GEO_DB_READ,
                                      false, error);
    if (!db || (!exists && !make_day(db, error)))
        return false;
    self->day = g_steal_pointer(&db);
    self->day_writes = write;
    g_free(self->day_name);
    self->day_name = g_strdup(name);
    return true;
}

/* ---- taking in ---- */

static bool put_group(GeoSqlite *self, const GeoFix *fixes, size_t n, GError **error)
{
    static const char SQL_HOT[] = "INSERT INTO hot (from_ms, to_ms, n, fixes) VALUES (?, ?, ?, ?)";
    g_autoptr(GByteArray) bytes = g_byte_array_sized_new((guint)(n * FIX_BYTES));
    int64_t from_ms = INT64_MAX, to_ms = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        pack(bytes, &fixes[i]);
        from_ms = MIN(from_ms, fixes[i].at_ms);
        to_ms = MAX(to_ms, fixes[i].at_ms);
    }
    GeoStatement *statement = geo_db_statement(self->day, SQL_HOT, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, from_ms);
    geo_db_bind_int(statement, 2, to_ms);
    geo_db_bind_int(statement, 3, (int64_t)n);
    geo_db_bind_blob(statement, 4, bytes->data, bytes->len);
    return geo_db_finish(self->day, statement, error);
}

static bool put_last(GeoSqlite *self, const GeoFix *fix, GByteArray *bytes, GError **error)
{
    static const char SQL_LAST[] =
        "INSERT INTO last (unit_id, at_ms, fix) VALUES (?, ?, ?) ON CONFLICT (unit_id)"
        " DO UPDATE SET at_ms = excluded.at_ms, fix = excluded.fix"
        " WHERE excluded.at_ms > last.at_ms";
    GeoStatement *statement = geo_db_statement(self->day, SQL_LAST, error);
    if (!statement)
        return false;
    g_byte_array_set_size(bytes, 0);
    pack(bytes, fix);
    geo_db_bind_int(statement, 1, fix->unit_id);
    geo_db_bind_int(statement, 2, fix->at_ms);
    geo_db_bind_blob(statement, 3, bytes->data, bytes->len);
    return geo_db_finish(self->day, statement, error);
}

static bool write_day(GeoSqlite *self, const GeoFix *fixes, size_t n, GError **error)
{
    bool found;
    g_autofree char *name = day_name(fixes[0].at_ms);
    if (!open_day(self, name, true, &found, error) || !geo_db_begin(self->day, error))
        return false;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    bool ok = put_group(self, fixes, n, error);
    for (size_t i = 0; ok && i < n; i++)
        ok = put_last(self, &fixes[i], bytes, error);
    if (ok)
        return geo_db_commit(self->day, error);
    geo_db_rollback(self->day);
    return false;
}

static int by_time(const void *a, const void *b)
{
    int64_t x = ((const GeoFix *)a)->at_ms, y = ((const GeoFix *)b)->at_ms;
    return (x > y) - (x < y);
}

/* The gate of the units and rosters of now: rebuilt only when an import or a unit has changed
 * since. */
static const GeoGate *current_gate(GeoSqlite *self, GError **error)
{
    static const char SQL_SEQ[] =
        "SELECT seq FROM change_log WHERE entity IN ('import', 'unit') ORDER BY seq DESC LIMIT 1";
    int64_t seq;
    if (!geo_db_scalar(self->db, SQL_SEQ, 0, &seq, error))
        return NULL;
    if (self->gate && self->gate_seq == seq)
        return self->gate;
    g_autoptr(GeoBatch) units = geo_sqlite_load(&self->base, GEO_KIND_UNIT, NULL, error);
    g_autoptr(GeoBatch) rosters =
        units ? geo_sqlite_load(&self->base, GEO_KIND_ROSTER, NULL, error) : NULL;
    if (!rosters)
        return NULL;
    geo_gate_free(self->gate);
    self->gate = geo_gate_new(units, rosters);
    self->gate_seq = seq;
    return self->gate;
}

static GArray *admit(GeoSqlite *self, const GeoAct *act, const GeoFix *fixes, size_t n,
                     GError **error)
{
    const GeoGate *gate = current_gate(self, error);
    if (!gate)
        return NULL;
    GArray *admitted = g_array_sized_new(FALSE, FALSE, sizeof(GeoFix), (guint)n);
    for (size_t i = 0; i < n; i++)
        if (geo_gate_admits(gate, &fixes[i], act->now_ms))
            g_array_append_val(admitted, fixes[i]);
    return admitted;
}

static bool is_done(GeoSqlite *self, const GeoAct *act, bool *done, GError **error)
{
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, done, &version, error))
        return false;
    if (!*done)
        geo_db_rollback(self->db);
    return true;
}

/* The act is recorded after the fixes are on disk, so that the city's lock is never held while a
 * fleet is written: a retry after a crash in between writes the same fixes again, which readers see
 * once, because a unit's fix of one moment is one fix. */
bool geo_sqlite_ingest_fixes(GeoBackend *backend, const GeoAct *act, const GeoFix *fixes, size_t n,
                             size_t *refused, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done = false;
    int64_t version;
    g_autoptr(GArray) admitted = admit(self, act, fixes, n, error);
    if (!admitted || (act->command_id && !is_done(self, act, &done, error)))
        return false;
    g_array_sort(admitted, by_time);
    const GeoFix *sorted = (const GeoFix *)(const void *)admitted->data;
    for (guint i = 0; !done && i < admitted->len;) {
        guint end = i;
        while (end < admitted->len && sorted[end].at_ms / DAY_MS == sorted[i].at_ms / DAY_MS)
            end++;
        if (!write_day(self, sorted + i, end - i, error))
            return false;
        i = end;
    }
    if (!done && !geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (!done &&
        !geo_sqlite_end_act(self, act, GEO_OP_INGEST_FIXES, "fixes", act->now_ms, 1, NULL, error))
        return false;
    if (refused)
        *refused = n - admitted->len;
    return true;
}

/* ---- reading ---- */

static int by_unit_and_time(const void *a, const void *b)
{
    const GeoFix *x = a, *y = b;
    if (x->unit_id != y->unit_id)
        return x->unit_id < y->unit_id ? -1 : 1;
    return (x->at_ms > y->at_ms) - (x->at_ms < y->at_ms);
}

static bool read_hot(GeoSqlite *self, int64_t from_ms, int64_t to_ms, GArray *fixes, GError **error)
{
    static const char SQL_HOT[] =
        "SELECT n, fixes FROM hot WHERE to_ms >= ? AND from_ms < ? ORDER BY seq";
    GeoStatement *statement = geo_db_statement(self->day, SQL_HOT, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, from_ms);
    geo_db_bind_int(statement, 2, to_ms);
    GeoDbStep step;
    while ((step = geo_db_step(self->day, statement, error)) == GEO_DB_ROW) {
        size_t n_bytes;
        const guint8 *bytes = geo_db_blob(statement, 1, &n_bytes);
        for (size_t at = 0; at + FIX_BYTES <= n_bytes; at += FIX_BYTES) {
            GeoFix fix = unpack(bytes + at);
            if (fix.at_ms >= from_ms && fix.at_ms < to_ms)
                g_array_append_val(fixes, fix);
        }
    }
    return step == GEO_DB_DONE;
}

/* One fix a unit and moment: retries and overlapping feeds bring the same again. */
static void drop_doubles(GArray *fixes)
{
    GeoFix *all = (GeoFix *)(void *)fixes->data;
    guint kept = 0;
    for (guint i = 0; i < fixes->len; i++)
        if (kept == 0 || by_unit_and_time(&all[kept - 1], &all[i]) != 0)
            all[kept++] = all[i];
    g_array_set_size(fixes, kept);
}

GArray *geo_sqlite_load_fixes(GeoBackend *backend, int64_t from_ms, int64_t to_ms, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    g_autofree char *first = day_name(from_ms);
    g_autofree char *last = day_name(to_ms);
    g_autoptr(GPtrArray) days = geo_sqlite_days(self);
    for (guint i = 0; i < days->len; i++) {
        const char *name = g_ptr_array_index(days, i);
        bool found;
        if (strcmp(name, first) < 0 || strcmp(name, last) > 0)
            continue;
        if (!open_day(self, name, false, &found, error) ||
            (found && !read_hot(self, from_ms, to_ms, fixes, error)))
            return NULL;
    }
    g_array_sort(fixes, by_unit_and_time);
    drop_doubles(fixes);
    return g_steal_pointer(&fixes);
}

/* The open day's newest fix of each unit from from_ms on. *beyond: one is newer than at_ms and
 * hides what the unit reported before. */
static bool read_last(GeoSqlite *self, int64_t from_ms, int64_t at_ms, GArray *fixes, bool *beyond,
                      GError **error)
{
    static const char SQL_LAST[] = "SELECT at_ms, fix FROM last WHERE at_ms >= ?";
    GeoStatement *statement = geo_db_statement(self->day, SQL_LAST, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, from_ms);
    GeoDbStep step;
    while ((step = geo_db_step(self->day, statement, error)) == GEO_DB_ROW) {
        size_t n_bytes;
        const guint8 *bytes = geo_db_blob(statement, 1, &n_bytes);
        if (n_bytes != FIX_BYTES)
            continue;
        GeoFix fix = unpack(bytes);
        *beyond |= fix.at_ms > at_ms;
        g_array_append_val(fixes, fix);
    }
    return step == GEO_DB_DONE;
}

/* By the days' tables of newest fixes: as many rows as units, however long the days were. NULL
 * without an error when the moment asked lies before some of them. */
static GArray *newest_of_days(GeoSqlite *self, int64_t from_ms, int64_t at_ms, GError **error)
{
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    g_autofree char *first = day_name(from_ms);
    g_autofree char *last = day_name(at_ms);
    g_autoptr(GPtrArray) days = geo_sqlite_days(self);
    bool beyond = false;
    for (guint i = 0; i < days->len && !beyond; i++) {
        const char *name = g_ptr_array_index(days, i);
        bool found;
        if (strcmp(name, first) < 0 || strcmp(name, last) > 0)
            continue;
        if (!open_day(self, name, false, &found, error) ||
            (found && !read_last(self, from_ms, at_ms, fixes, &beyond, error)))
            return NULL;
    }
    g_array_sort(fixes, by_unit_and_time);
    return beyond ? NULL : g_steal_pointer(&fixes);
}

GArray *geo_sqlite_last_fixes(GeoBackend *backend, int64_t at_ms, int64_t max_age_ms,
                              GError **error)
{
    int64_t from_ms = at_ms - max_age_ms;
    g_autoptr(GError) problem = NULL;
    g_autoptr(GArray) fixes = newest_of_days((GeoSqlite *)backend, from_ms, at_ms, &problem);
    if (!fixes && !problem)
        fixes = geo_sqlite_load_fixes(backend, from_ms, at_ms + 1, &problem);
    if (!fixes) {
        g_propagate_error(error, g_steal_pointer(&problem));
        return NULL;
    }
    GeoFix *all = (GeoFix *)(void *)fixes->data;
    guint kept = 0;
    for (guint i = 0; i < fixes->len; i++)
        if (i + 1 == fixes->len || all[i + 1].unit_id != all[i].unit_id)
            all[kept++] = all[i];
    g_array_set_size(fixes, kept);
    return g_steal_pointer(&fixes);
}

bool geo_sqlite_last_fix_at(GeoBackend *backend, int64_t *at_ms, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    g_autoptr(GPtrArray) days = geo_sqlite_days(self);
    int64_t newest = 0;
    for (guint i = days->len; i-- > 0 && newest == 0;) {
        bool found;
        if (!open_day(self, g_ptr_array_index(days, i), false, &found, error) ||
            (found && !geo_db_scalar(self->day, "SELECT coalesce(max(at_ms), 0) FROM last", 0,
                                     &newest, error)))
            return false;
    }
    *at_ms = newest;
    return true;
}
