/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Check, backup, restore. A backup is one SQLite file that holds each file of the city in parts,
 * with a hash of the whole file: made from consistent copies while others write, restored under
 * another name until every hash is right. */
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <unistd.h>

#include "geo/model/error.h"
#include "geo/store/schema.h"
#include "geo/store/sqlite.h"

#define BACKUP_ID 1196573011 /* "GRBS" */
#define BACKUP_VERSION 1
#define PART_BYTES (4 << 20)

/* ---- check ---- */

static void find(GPtrArray *findings, const char *format, ...) G_GNUC_PRINTF(2, 3);

static void find(GPtrArray *findings, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_ptr_array_add(findings, g_strdup_vprintf(format, args));
    va_end(args);
}

static bool check_integrity(GeoDb *db, GPtrArray *findings, GError **error)
{
    GeoStatement *statement = geo_db_statement(db, "PRAGMA integrity_check(20)", error);
    if (!statement)
        return false;
    GeoDbStep step;
    while ((step = geo_db_step(db, statement, error)) == GEO_DB_ROW)
        if (g_strcmp0(geo_db_text(statement, 0), "ok") != 0)
            find(findings, "'%s': %s", geo_db_path(db), geo_db_text(statement, 0));
    return step == GEO_DB_DONE;
}

/* Rows with a shape and rows of the index are as many, and each shape lies in its index box.
 * SpatiaLite's own CheckSpatialIndex() wants to write, which a reader must not. The index holds
 * 32-bit floats. */
static bool check_index(GeoSqlite *self, GeoKind kind, GPtrArray *findings, GError **error)
{
    const char *name = geo_kind_info(kind)->name;
    g_autofree char *sql = g_strdup_printf(
        "SELECT (SELECT count(*) FROM \"%s\" WHERE geom IS NOT NULL) <>"
        " (SELECT count(*) FROM \"idx_%s_geom\") OR EXISTS (SELECT 1 FROM \"%s\" t LEFT JOIN"
        " \"idx_%s_geom\" i ON i.pkid = t.id WHERE t.geom IS NOT NULL AND (i.pkid IS NULL OR"
        " i.xmin > MbrMinX(t.geom) OR i.xmax < MbrMaxX(t.geom) OR i.ymin > MbrMinY(t.geom) OR"
        " i.ymax < MbrMaxY(t.geom)))",
        name, name, name, name);
    int64_t wrong;
    if (!geo_db_scalar(self->db, sql, 0, &wrong, error))
        return false;
    if (wrong)
        find(findings,
             "the spatial index of %s does not agree with its rows; restore a backup or import "
             "again",
             name);
    return true;
}

static bool check_orphans(GeoSqlite *self, GeoKind kind, GPtrArray *findings, GError **error)
{
    const char *name = geo_kind_info(kind)->name;
    g_autofree char *sql = g_strdup_printf("SELECT count(*) FROM \"%s\" WHERE import_id <> 0 AND "
                                           "import_id NOT IN (SELECT id FROM import)",
                                           name);
    int64_t n;
    if (!geo_db_scalar(self->db, sql, 0, &n, error))
        return false;
    if (n > 0)
        find(findings, "%" G_GINT64_FORMAT " rows of %s belong to no import", n, name);
    return true;
}

static bool check_states(GeoSqlite *self, GPtrArray *findings, GError **error)
{
    static const char SQL_EVENTS[] = "SELECT count(*) FROM incident i WHERE i.import_id = 0 AND "
                                     "i.state IS NOT (SELECT to_state FROM incident_event e"
                                     " WHERE e.incident_id = i.id ORDER BY seq DESC LIMIT 1)";
    int64_t n;
    if (!geo_db_scalar(self->db, SQL_EVENTS, 0, &n, error))
        return false;
    if (n > 0)
        find(findings, "%" G_GINT64_FORMAT " incidents are in another state than their last event",
             n);
    return true;
}

static bool check_day(GeoSqlite *self, const char *name, GPtrArray *findings, GError **error)
{
    g_autofree char *folder = g_build_filename(self->folder, GEO_SQLITE_TRACKS, NULL);
    bool found;
    g_autoptr(GeoDay) day = geo_day_open(folder, name, false, &found, error);
    return day ? geo_day_check(day, findings, error) : !found;
}

GPtrArray *geo_sqlite_check(GeoBackend *backend, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    g_autoptr(GPtrArray) findings = g_ptr_array_new_with_free_func(g_free);
    bool ok = check_integrity(self->db, findings, error);
    for (GeoKind kind = 0; ok && kind < GEO_N_KINDS; kind++)
        ok = geo_kind_info(kind)->since > self->version ||
             ((!geo_sqlite_indexed(kind, self->version) ||
               check_index(self, kind, findings, error)) &&
              check_orphans(self, kind, findings, error));
    ok = ok && check_states(self, findings, error) &&
         (self->version < GEO_DEEDS_SCHEMA || geo_deeds_check(backend, findings, error));
    g_autoptr(GPtrArray) days = geo_sqlite_days(self);
    for (guint i = 0; ok && i < days->len; i++) {
        g_autofree char *path =
            g_build_filename(self->folder, GEO_SQLITE_TRACKS, g_ptr_array_index(days, i), NULL);
        g_autoptr(GError) wrong = NULL;
        g_autoptr(GeoDb) db =
            geo_sqlite_probe(path, GEO_SQLITE_APPLICATION_ID, GEO_DAY_VERSION, &wrong)
                ? geo_db_open(path, GEO_DB_READ, false, &wrong)
                : NULL;
        if (!db || !check_integrity(db, findings, &wrong) ||
            !check_day(self, g_ptr_array_index(days, i), findings, &wrong))
            find(findings, "%s", wrong->message);
    }
    return ok ? g_steal_pointer(&findings) : NULL;
}

/* ---- backup ---- */

static bool make_backup_tables(GeoDb *db, GError **error)
{
    static const char SQL_TABLES[] = "PRAGMA application_id = 1196573011; PRAGMA user_version = 1;"
                                     "CREATE TABLE file (name TEXT PRIMARY KEY, bytes INTEGER NOT "
                                     "NULL, sha256 TEXT NOT NULL) STRICT;"
                                     "CREATE TABLE part (name TEXT NOT NULL, n INTEGER NOT NULL, "
                                     "bytes BLOB NOT NULL, PRIMARY KEY (name, n)) STRICT;";
    geo_db_set_migrating(db, true);
    bool ok = geo_db_run(db, SQL_TABLES, error);
    geo_db_set_migrating(db, false);
    return ok;
}

static bool put_part(GeoDb *backup, const char *name, int64_t n, const char *bytes, size_t size,
                     GError **error)
{
    static const char SQL_PART[] = "INSERT INTO part (name, n, bytes) VALUES (?, ?, ?)";
    GeoStatement *statement = geo_db_statement(backup, SQL_PART, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, name);
    geo_db_bind_int(statement, 2, n);
    geo_db_bind_blob(statement, 3, bytes, size);
    return geo_db_finish(backup, statement, error);
}

static bool put_file(GeoDb *backup, const char *name, const char *path, GError **error)
{
    static const char SQL_FILE[] = "INSERT INTO file (name, bytes, sha256) VALUES (?, ?, ?)";
    g_autoptr(GMappedFile) map = g_mapped_file_new(path, FALSE, error);
    if (!map)
        return false;
    const char *bytes = g_mapped_file_get_contents(map);
    gsize size = g_mapped_file_get_length(map);
    g_autofree char *hash =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size);
    GeoStatement *statement = geo_db_statement(backup, SQL_FILE, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, name);
    geo_db_bind_int(statement, 2, (int64_t)size);
    geo_db_bind_text(statement, 3, hash);
    bool ok = geo_db_finish(backup, statement, error);
    for (gsize at = 0; ok && at < size; at += PART_BYTES)
        ok = put_part(backup, name, (int64_t)(at / PART_BYTES), bytes + at,
                      MIN(PART_BYTES, size - at), error);
    return ok;
}

bool geo_sqlite_copy(GeoDb *db, const char *file, GError **error)
{
    g_unlink(file); /* of an attempt that did not end */
    GeoDb *copy = geo_db_open(file, GEO_DB_CREATE, false, error);
    bool ok = copy && geo_db_copy(db, copy, error);
    geo_db_close(copy); /* folds the log into the copy */
    return ok;
}

/* A consistent copy beside the backup, put in, and deleted. */
static bool put_database(GeoDb *backup, GeoDb *from, const char *name, GError **error)
{
    g_autofree char *copy_path = g_strconcat(geo_db_path(backup), ".copy", NULL);
    g_autofree char *wal = g_strconcat(copy_path, "-wal", NULL);
    g_autofree char *shm = g_strconcat(copy_path, "-shm", NULL);
    bool ok = geo_sqlite_copy(from, copy_path, error) && put_file(backup, name, copy_path, error);
    g_unlink(copy_path);
    g_unlink(wal);
    g_unlink(shm);
    return ok;
}

static bool put_days(GeoSqlite *self, GeoDb *backup, GError **error)
{
    g_autoptr(GPtrArray) days = geo_sqlite_days(self);
    for (guint i = 0; i < days->len; i++) {
        g_autofree char *name =
            g_build_filename(GEO_SQLITE_TRACKS, g_ptr_array_index(days, i), NULL);
        g_autofree char *path = g_build_filename(self->folder, name, NULL);
        g_autoptr(GeoDb) day = geo_db_open(path, GEO_DB_READ, false, error);
        if (!day || !put_database(backup, day, name, error))
            return false;
    }
    return true;
}

bool geo_sqlite_backup(GeoBackend *backend, const GeoAct *act, const char *file, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    GeoDb *backup = geo_db_open(file, GEO_DB_CREATE, false, error);
    if (!backup)
        return false;
    bool ok = make_backup_tables(backup, error) && geo_db_begin(backup, error);
    ok = ok && put_database(backup, self->db, GEO_SQLITE_CITY, error) &&
         put_days(self, backup, error) && geo_db_commit(backup, error);
    /* One file and no log beside it: a backup is carried about. */
    geo_db_set_migrating(backup, true);
    ok = ok && geo_db_run(backup, "PRAGMA journal_mode=DELETE", error);
    geo_db_close(backup);
    if (!ok) {
        g_unlink(file);
        return false;
    }
    if (self->base.read_only)
        return true;
    return geo_sqlite_begin_act(self, act, &done, &version, error) &&
           (done ||
            geo_sqlite_end_act(self, act, GEO_OP_BACKUP, "backup", act->now_ms, 1, file, error));
}

/* ---- restore ---- */

/* Only names that a backup has: the city's file and day files. Never a path out of a file. */
static bool is_known_name(const char *name)
{
    if (!strcmp(name, GEO_SQLITE_CITY))
        return true;
    return g_str_has_prefix(name, GEO_SQLITE_TRACKS "/") &&
           geo_day_is_name(name + strlen(GEO_SQLITE_TRACKS "/"));
}

static bool write_parts(GeoDb *backup, const char *name, int fd, GChecksum *sum, GError **error)
{
    static const char SQL_PARTS[] = "SELECT bytes FROM part WHERE name = ? ORDER BY n";
    GeoStatement *statement = geo_db_statement(backup, SQL_PARTS, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, name);
    GeoDbStep step;
    while ((step = geo_db_step(backup, statement, error)) == GEO_DB_ROW) {
        size_t n;
        const guchar *bytes = geo_db_blob(statement, 0, &n);
        g_checksum_update(sum, bytes, (gssize)n);
        if (write(fd, bytes, n) != (ssize_t)n) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s': %s", name,
                        g_strerror(errno));
            geo_db_reset(statement);
            return false;
        }
    }
    return step == GEO_DB_DONE;
}

static bool restore_file(GeoDb *backup, const char *name, const char *hash, const char *folder,
                         GError **error)
{
    if (!is_known_name(name)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "'%s' holds a file '%s' that no city has",
                    geo_db_path(backup), name);
        return false;
    }
    g_autofree char *path = g_build_filename(folder, name, NULL);
    int fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot make '%s': %s", path,
                    g_strerror(errno));
        return false;
    }
    g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
    bool ok = write_parts(backup, name, fd, sum, error) && fsync(fd) == 0;
    close(fd);
    if (ok && g_strcmp0(g_checksum_get_string(sum), hash) != 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is damaged: '%s' has another hash than when it was saved",
                    geo_db_path(backup), name);
        return false;
    }
    return ok;
}

static bool restore_files(GeoDb *backup, const char *folder, GError **error)
{
    static const char SQL_FILES[] = "SELECT name, sha256 FROM file ORDER BY name";
    GeoStatement *statement = geo_db_statement(backup, SQL_FILES, error);
    if (!statement)
        return false;
    GeoDbStep step;
    while ((step = geo_db_step(backup, statement, error)) == GEO_DB_ROW)
        if (!restore_file(backup, geo_db_text(statement, 0), geo_db_text(statement, 1), folder,
                          error)) {
            geo_db_reset(statement);
            return false;
        }
    return step == GEO_DB_DONE;
}

static void remove_city(const char *folder)
{
    const char *const folders[] = {GEO_SQLITE_TRACKS, "."};
    for (size_t i = 0; i < G_N_ELEMENTS(folders); i++) {
        g_autofree char *path = g_build_filename(folder, folders[i], NULL);
        g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
        const char *name;
        while (dir && (name = g_dir_read_name(dir))) {
            g_autofree char *file = g_build_filename(path, name, NULL);
            g_unlink(file);
        }
        g_rmdir(i == 0 ? path : folder);
    }
}

bool geo_backend_sqlite_restore(const char *file, const char *path, GError **error)
{
    if (g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "'%s' exists already; restore makes a new city", path);
        return false;
    }
    if (!geo_sqlite_probe(file, BACKUP_ID, BACKUP_VERSION, error))
        return false;
    g_autoptr(GeoDb) backup = geo_db_open(file, GEO_DB_READ, false, error);
    if (!backup)
        return false;
    g_autofree char *part = g_strconcat(path, ".restoring", NULL);
    g_autofree char *tracks = g_build_filename(part, GEO_SQLITE_TRACKS, NULL);
    remove_city(part);
    if (g_mkdir(part, 0700) != 0 || g_mkdir(tracks, 0700) != 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot make '%s': %s", part,
                    g_strerror(errno));
        return false;
    }
    bool ok = restore_files(backup, part, error);
    if (ok && g_rename(part, path) != 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot name the city '%s': %s", path,
                    g_strerror(errno));
        ok = false;
    }
    if (!ok)
        remove_city(part);
    return ok;
}
