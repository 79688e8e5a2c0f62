/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Making, probing and opening a city folder. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "geo/model/error.h"
#include "geo/store/sqlite.h"

enum { HEAD_BYTES = 100, PAGES_AT = 28, USER_VERSION_AT = 60, APPLICATION_ID_AT = 68 };
/* statfs magics of network and user-space file systems; locks there are not to be trusted. */
enum { NFS_MAGIC = 0x6969, FUSE_MAGIC = 0x65735546 };
#define SMB_MAGIC 0x517B
#define CIFS_MAGIC 0xFF534D42
#define SMB2_MAGIC 0xFE534D42

static uint32_t big_endian(const guint8 *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* The page count in the header is to be trusted only while no log waits to be folded back. */
static bool is_whole(const char *path, const guint8 *head, off_t size)
{
    uint32_t page = (uint32_t)head[16] << 8 | head[17];
    page = page == 1 ? 65536 : page;
    if (page < 512 || (page & (page - 1)) != 0)
        return false;
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    struct stat info;
    if (lstat(log, &info) == 0 && info.st_size > 0)
        return true;
    return (int64_t)big_endian(head + PAGES_AT) * page <= (int64_t)size;
}

static bool refuse(GError **error, int code, const char *path, const char *why)
{
    g_set_error(error, GEO_ERROR, code, "cannot open '%s': %s", path, why);
    return false;
}

static bool read_head(const char *path, guint8 *head, GError **error)
{
    /* O_NONBLOCK: a pipe in the file's place must not hang us. */
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    struct stat info;
    if (fd < 0)
        return refuse(error, errno == ENOENT ? GEO_ERROR_MISSING : GEO_ERROR_DATA, path,
                      errno == ELOOP ? "it is a symbolic link" : g_strerror(errno));
    bool regular = fstat(fd, &info) == 0 && S_ISREG(info.st_mode);
    ssize_t n = regular ? read(fd, head, HEAD_BYTES) : 0;
    close(fd);
    if (!regular)
        return refuse(error, GEO_ERROR_DATA, path, "it is not a regular file");
    if (info.st_size == 0)
        return refuse(error, GEO_ERROR_DATA, path, "the file is empty; restore a backup");
    if (n != HEAD_BYTES || memcmp(head, "SQLite format 3", 16) != 0)
        return refuse(error, GEO_ERROR_DATA, path, "it is not a database of Gridbeat");
    if (!is_whole(path, head, info.st_size))
        return refuse(error, GEO_ERROR_DATA, path,
                      "the file is damaged or cut short; restore a backup");
    return true;
}

static bool is_known(const char *path, int64_t version, int64_t newest, GError **error)
{
    if (version <= newest)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "'%s' was written by a newer Gridbeat (schema %" G_GINT64_FORMAT
                ", this one knows %d); it was not touched: open it with that version",
                path, version, (int)newest);
    return false;
}

bool geo_sqlite_probe(const char *path, int64_t application_id, int64_t newest, GError **error)
{
    guint8 head[HEAD_BYTES];
    geo_db_enter_files();
    bool known = geo_db_has_file(path); /* was looked at when it was opened first */
    bool ok = known || read_head(path, head, error);
    geo_db_leave_files();
    if (known || !ok)
        return ok;
    if (big_endian(head + APPLICATION_ID_AT) != (uint32_t)application_id) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is a database of another program; it was not touched", path);
        return false;
    }
    return is_known(path, big_endian(head + USER_VERSION_AT), newest, error);
}

/* ---- making ---- */

static bool fail_path(GError **error, const char *path)
{
    g_set_error(error, GEO_ERROR, errno == EEXIST ? GEO_ERROR_REFUSED : GEO_ERROR_IO,
                "cannot make city '%s': %s", path, g_strerror(errno));
    return false;
}

static bool fill_folder(const char *folder, const GeoCity *city, GError **error)
{
    g_autofree char *tracks = g_build_filename(folder, GEO_SQLITE_TRACKS, NULL);
    g_autofree char *file = g_build_filename(folder, GEO_SQLITE_CITY, NULL);
    if (g_chmod(folder, 0700) != 0 || g_mkdir(tracks, 0700) != 0 || g_chmod(tracks, 0700) != 0)
        return fail_path(error, tracks);
    g_autoptr(GeoDb) db = geo_db_open(file, GEO_DB_CREATE, true, error);
    return db && geo_sqlite_make(db, city, error);
}

static void remove_folder(const char *folder)
{
    static const char *const names[] = {"", "-wal", "-shm"};
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *file = g_strconcat(folder, "/" GEO_SQLITE_CITY, names[i], NULL);
        g_unlink(file);
    }
    g_autofree char *tracks = g_build_filename(folder, GEO_SQLITE_TRACKS, NULL);
    g_rmdir(tracks);
    g_rmdir(folder);
}

/* Made under another name and renamed when whole: a city exists or it does not, whenever the
 * process dies, and of two makers one wins. */
GeoBackend *geo_backend_sqlite_create(const char *path, const GeoCity *city, GError **error)
{
    g_autofree char *name = g_strdup(path);
    for (size_t n = strlen(name); n > 1 && name[n - 1] == '/'; n--)
        name[n - 1] = '\0';
    g_autofree char *folder = g_strdup_printf("%s.new-%d", name, (int)getpid());
    struct stat info;
    bool exists = lstat(name, &info) == 0;
    if (exists)
        errno = EEXIST;
    if (exists || g_mkdir(folder, 0700) != 0) {
        fail_path(error, path);
        return NULL;
    }
    bool ok = fill_folder(folder, city, error);
    /* EINVAL: a file system that cannot promise it; the look before must do. */
    if (ok && renameat2(AT_FDCWD, folder, AT_FDCWD, name, RENAME_NOREPLACE) != 0 &&
        (errno != EINVAL || rename(folder, name) != 0))
        ok = fail_path(error, path);
    if (!ok) {
        remove_folder(folder);
        return NULL;
    }
    return geo_backend_sqlite_open(name, NULL, error);
}

/* ---- opening ---- */

/* The head of the file may be older than the log beside it: a newer program may hold it open. */
static bool check_version(GeoDb *db, int64_t *version, GError **error)
{
    return geo_db_scalar(db, "PRAGMA user_version", 0, version, error) &&
           is_known(geo_db_path(db), *version, GEO_SQLITE_USER_VERSION, error);
}

G_GNUC_PRINTF(2, 3)
static void add_warning(char **warning, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    g_autofree char *more = g_strdup_vprintf(format, args);
    va_end(args);
    char *both = *warning ? g_strconcat(*warning, "; ", more, NULL) : g_steal_pointer(&more);
    g_free(*warning);
    *warning = both;
}

static bool load_city(GeoDb *db, GeoCity *city, GError **error)
{
    static const char SQL_CITY[] = "SELECT name, zone, epsg, synthetic, note FROM city";
    GeoStatement *statement = geo_db_statement(db, SQL_CITY, error);
    if (!statement)
        return false;
    GeoDbStep step = geo_db_step(db, statement, error);
    if (step == GEO_DB_ROW) {
        g_strlcpy(city->name, geo_db_text(statement, 0), sizeof city->name);
        g_strlcpy(city->zone, geo_db_text(statement, 1), sizeof city->zone);
        city->epsg = (int)geo_db_int(statement, 2);
        city->synthetic = geo_db_int(statement, 3) != 0;
        g_strlcpy(city->note, geo_db_text(statement, 4), sizeof city->note);
        geo_db_reset(statement);
    } else if (step == GEO_DB_DONE) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "'%s' has no city in it; restore a backup",
                    geo_db_path(db));
    }
    return step == GEO_DB_ROW;
}

/* What the file system means for writing: a warning (owned) or NULL; *read_only is set on network
 * ones. */
static char *judge_filesystem(const char *path, bool any, bool *read_only)
{
    struct statfs info;
    if (statfs(path, &info) != 0)
        return NULL;
    uint32_t type = (uint32_t)info.f_type;
    if (type == NFS_MAGIC || type == SMB_MAGIC || type == CIFS_MAGIC || type == SMB2_MAGIC) {
        *read_only |= !any;
        return g_strdup(
            any ? "the city is on a network file system, whose locks may fail: one writer only"
                : "the city is on a network file system, so it is open for reading only; for "
                  "several "
                  "seats use a PostgreSQL server, or copy the city to a local disk");
    }
    if (type == FUSE_MAGIC)
        return g_strdup("the city is on a FUSE file system, whose locks may not be trustworthy");
    return NULL;
}

static GeoSqlite *new_backend(GeoDb *db, const char *folder);

GeoBackend *geo_backend_sqlite_open(const char *path, const GeoStoreOptions *options,
                                    GError **error)
{
    g_autofree char *file = g_build_filename(path, GEO_SQLITE_CITY, NULL);
    if (!g_file_test(path, G_FILE_TEST_EXISTS)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "there is no city '%s'; import a file into it or run demo", path);
        return NULL;
    }
    if (!g_file_test(path, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' is not a city: a city is a folder NAME.gridbeat", path);
        return NULL;
    }
    if (!geo_sqlite_probe(file, GEO_SQLITE_APPLICATION_ID, GEO_SQLITE_USER_VERSION, error))
        return NULL;
    bool read_only = (options && options->read_only) || access(file, W_OK) != 0;
    g_autofree char *warning =
        judge_filesystem(path, options && options->any_filesystem, &read_only);
    if (read_only && !warning && !(options && options->read_only))
        warning = g_strdup_printf("'%s' may not be written: see whose it is, and its rights", file);
    GeoDbMode mode = !read_only                   ? GEO_DB_WRITE
                     : geo_db_nobody_writes(file) ? GEO_DB_READ_ALONE
                                                  : GEO_DB_READ;
    g_autoptr(GeoDb) db = geo_db_open(file, mode, true, error);
    GeoCity city = {0};
    int64_t version;
    if (!db || !check_version(db, &version, error))
        return NULL;
    if (!read_only && version < GEO_SQLITE_USER_VERSION) {
        g_autofree char *copy = NULL;
        if (!geo_sqlite_migrate(db, &copy, error))
            return NULL;
        if (copy)
            add_warning(
                &warning,
                "the city was brought to schema %d; as it was before it lies in '%s', which "
                "may be deleted",
                GEO_SQLITE_USER_VERSION, copy);
        version = GEO_SQLITE_USER_VERSION;
    }
    if (!load_city(db, &city, error))
        return NULL;
    GeoSqlite *self = new_backend(g_steal_pointer(&db), path);
    self->version = (int)version;
    self->base.city = city;
    self->base.read_only = read_only;
    self->base.warning = g_steal_pointer(&warning);
    return &self->base;
}

static void close_fd(gpointer fd)
{
    close(GPOINTER_TO_INT(fd));
}

static void close_backend(GeoBackend *backend)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    geo_sqlite_rows_clear(self);
    geo_gate_free(self->gate);
    geo_sqlite_close_days(self);
    geo_db_close(self->db);
    g_hash_table_unref(self->locks);
    g_free(self->folder);
    g_free(self->base.warning);
    g_free(self);
}

static char *dup_setting(GeoBackend *backend, const char *name, GError **error)
{
    static const char SQL_SETTING[] = "SELECT value FROM setting WHERE name = ?";
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoStatement *statement = geo_db_statement(self->db, SQL_SETTING, error);
    if (!statement)
        return NULL;
    geo_db_bind_text(statement, 1, name);
    if (geo_db_step(self->db, statement, error) != GEO_DB_ROW)
        return NULL;
    char *value = g_strdup(geo_db_text(statement, 0));
    geo_db_reset(statement);
    return value;
}

static bool put_setting(GeoBackend *backend, const GeoAct *act, const char *name, const char *value,
                        GError **error)
{
    static const char SQL_PUT[] = "INSERT INTO setting (name, value) VALUES (?, ?)"
                                  " ON CONFLICT (name) DO UPDATE SET value = excluded.value";
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    GeoStatement *statement = geo_db_statement(self->db, SQL_PUT, error);
    if (!statement)
        return geo_sqlite_fail(self);
    geo_db_bind_text(statement, 1, name);
    geo_db_bind_text(statement, 2, value);
    if (!geo_db_finish(self->db, statement, error))
        return geo_sqlite_fail(self);
    return geo_sqlite_end_act(self, act, GEO_OP_IMPORT, "setting", 0, 1, name, error);
}

static const GeoBackendOps ops;

static GeoSqlite *new_backend(GeoDb *db, const char *folder)
{
    GeoSqlite *self = g_new0(GeoSqlite, 1);
    self->base.ops = &ops;
    self->db = db;
    self->folder = g_strdup(folder);
    self->locks = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, close_fd);
    geo_sqlite_rows_init(self);
    return self;
}

/* ---- acts and following ---- */

static bool find_command(GeoSqlite *self, const char *command_id, bool *done, int64_t *version,
                         GError **error)
{
    static const char SQL_FIND[] = "SELECT version FROM command WHERE id = ?";
    GeoStatement *statement = geo_db_statement(self->db, SQL_FIND, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, command_id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    *done = step == GEO_DB_ROW;
    if (*done)
        *version = geo_db_int(statement, 0);
    geo_db_reset(statement);
    return step != GEO_DB_FAILED;
}

bool geo_sqlite_begin_act(GeoSqlite *self, const GeoAct *act, bool *done, int64_t *version,
                          GError **error)
{
    *done = false;
    *version = 0;
    if (!geo_db_begin(self->db, error))
        return false;
    if (act->command_id && !find_command(self, act->command_id, done, version, error))
        return geo_sqlite_fail(self);
    if (*done)
        geo_db_rollback(self->db);
    return true;
}

bool geo_sqlite_fail(GeoSqlite *self)
{
    geo_db_rollback(self->db);
    return false;
}

bool geo_sqlite_log_change(GeoSqlite *self, const GeoAct *act, const char *entity, int64_t id,
                           int64_t version, GError **error)
{
    static const char SQL_CHANGE[] =
        "INSERT INTO change_log (at_ms, entity, entity_id, version) VALUES (?, ?, ?, ?)";
    GeoStatement *statement = geo_db_statement(self->db, SQL_CHANGE, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, act->now_ms);
    geo_db_bind_text(statement, 2, entity);
    geo_db_bind_int(statement, 3, id);
    geo_db_bind_int(statement, 4, version);
    return geo_db_finish(self->db, statement, error);
}

static bool log_audit(GeoSqlite *self, const GeoAct *act, GeoOp op, const char *entity, int64_t id,
                      const char *detail, GError **error)
{
    static const char SQL_AUDIT[] =
        "INSERT INTO audit (at_ms, actor, role, op, area, purpose, entity, entity_id, detail)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)";
    GeoStatement *statement = geo_db_statement(self->db, SQL_AUDIT, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, act->now_ms);
    geo_db_bind_text(statement, 2, act->actor);
    geo_db_bind_text(statement, 3, geo_role_words[act->role]);
    geo_db_bind_text(statement, 4, geo_op_words[op]);
    geo_db_bind_text(statement, 5, act->area);
    geo_db_bind_text(statement, 6, act->purpose);
    geo_db_bind_text(statement, 7, entity);
    geo_db_bind_int(statement, 8, id);
    geo_db_bind_text(statement, 9, detail);
    return geo_db_finish(self->db, statement, error);
}

static bool note_read(GeoBackend *backend, const GeoAct *act, GeoOp op, const char *entity,
                      int64_t entity_id, const char *detail, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    /* one statement, so one transaction */
    return log_audit(self, act, op, entity, entity_id, detail, error);
}

static bool log_command(GeoSqlite *self, const GeoAct *act, GeoOp op, int64_t version,
                        GError **error)
{
    static const char SQL_COMMAND[] =
        "INSERT INTO command (id, op, version, at_ms) VALUES (?, ?, ?, ?)";
    if (!act->command_id)
        return true;
    GeoStatement *statement = geo_db_statement(self->db, SQL_COMMAND, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, act->command_id);
    geo_db_bind_text(statement, 2, geo_op_words[op]);
    geo_db_bind_int(statement, 3, version);
    geo_db_bind_int(statement, 4, act->now_ms);
    return geo_db_finish(self->db, statement, error);
}

bool geo_sqlite_end_act(GeoSqlite *self, const GeoAct *act, GeoOp op, const char *entity,
                        int64_t entity_id, int64_t version, const char *detail, GError **error)
{
    if (!geo_sqlite_log_change(self, act, entity, entity_id, version, error) ||
        !log_audit(self, act, op, entity, entity_id, detail, error) ||
        !log_command(self, act, op, version, error))
        return geo_sqlite_fail(self);
    return geo_db_commit(self->db, error);
}

static GArray *changes_since(GeoBackend *backend, int64_t since, GError **error)
{
    static const char SQL_CHANGES[] =
        "SELECT seq, at_ms, entity, entity_id, version FROM change_log WHERE seq > ? ORDER BY seq";
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoStatement *statement = geo_db_statement(self->db, SQL_CHANGES, error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, since);
    g_autoptr(GArray) changes = g_array_new(FALSE, TRUE, sizeof(GeoChange));
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        GeoChange change = {.seq = geo_db_int(statement, 0),
                            .at_ms = geo_db_int(statement, 1),
                            .entity_id = geo_db_int(statement, 3),
                            .version = geo_db_int(statement, 4)};
        g_strlcpy(change.entity, geo_db_text(statement, 2), sizeof change.entity);
        g_array_append_val(changes, change);
    }
    return step == GEO_DB_DONE ? g_steal_pointer(&changes) : NULL;
}

static GArray *audit_since(GeoBackend *backend, int64_t since, GError **error)
{
    static const char SQL_AUDIT[] = "SELECT seq, at_ms, entity_id, actor, role, op, entity FROM "
                                    "audit WHERE seq > ? ORDER BY seq";
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoStatement *statement = geo_db_statement(self->db, SQL_AUDIT, error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, since);
    g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(GeoAuditRow));
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        GeoAuditRow row = {.seq = geo_db_int(statement, 0),
                           .at_ms = geo_db_int(statement, 1),
                           .entity_id = geo_db_int(statement, 2)};
        g_strlcpy(row.actor, geo_db_text(statement, 3), sizeof row.actor);
        g_strlcpy(row.role, geo_db_text(statement, 4), sizeof row.role);
        g_strlcpy(row.op, geo_db_text(statement, 5), sizeof row.op);
        g_strlcpy(row.entity, geo_db_text(statement, 6), sizeof row.entity);
        g_array_append_val(rows, row);
    }
    return step == GEO_DB_DONE ? g_steal_pointer(&rows) : NULL;
}

static const GeoBackendOps ops = {
    .name = "sqlite",
    .close = close_backend,
    .import_begin = geo_sqlite_import_begin,
    .import_put = geo_sqlite_import_put,
    .import_finish = geo_sqlite_import_finish,
    .import_undo = geo_sqlite_import_undo,
    .sweep = geo_sqlite_sweep,
    .imports = geo_sqlite_imports,
    .load = geo_sqlite_load,
    .count = geo_sqlite_count,
    .bounds = geo_sqlite_bounds,
    .dup_setting = dup_setting,
    .put_setting = put_setting,
    .deeds = &geo_sqlite_deeds,
    .assignments = geo_sqlite_assignments,
    .edit_camera = geo_sqlite_edit_camera,
    .sign = geo_sqlite_sign,
    .end_duty = geo_sqlite_end_duty,
    .admit_area = geo_sqlite_admit_area,
    .bind_device = geo_sqlite_bind_device,
    .edit_roster = geo_sqlite_edit_roster,
    .put_closure = geo_sqlite_put_closure,
    .lift_closure = geo_sqlite_lift_closure,
    .duty = geo_sqlite_duty,
    .put_scenario = geo_sqlite_put_scenario,
    .add_step = geo_sqlite_add_step,
    .undo_step = geo_sqlite_undo_step,
    .merge_scenario = geo_sqlite_merge_scenario,
    .ingest_fixes = geo_sqlite_ingest_fixes,
    .last_fixes = geo_sqlite_last_fixes,
    .load_fixes = geo_sqlite_load_fixes,
    .last_fix_at = geo_sqlite_last_fix_at,
    .purge_tracks = geo_sqlite_purge_tracks,
    .has_served = geo_sqlite_has_served,
    .note_read = note_read,
    .changes_since = changes_since,
    .audit_since = audit_since,
    .check = geo_sqlite_check,
    .backup = geo_sqlite_backup,
};
