/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/db.h"

#include <fcntl.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

/* Needs sqlite3.h before it. */
#include <spatialite.h>

#include "geo/model/error.h"

/* Longer than any of our own transactions by far; shorter than a person's patience. SQLite's own
 * handler sleeps up to 100 ms between tries and so loses to an import in a loop: we poll. */
#define BUSY_US (5 * G_USEC_PER_SEC)
#define BUSY_POLL_US 400
/* 32 MB of log are folded back by whoever commits past them; an import does it sooner, so that the
 * commit of a dispatcher hardly ever pays. */
#define CHECKPOINT_PAGES 8000
/* Rounds of folding until nobody has written meanwhile: only then does the log begin anew. */
#define FOLD_ROUNDS 3
#define COPY_PAGES 512
/* How long bulk work gives way to writers that wait; one of them may be a stopped process. */
#define GIVE_WAY_US 100000
#define GIVE_WAY_POLL_US 200

struct GeoDb {
    sqlite3 *handle;
    void *spatial;          /* SpatiaLite's cache; NULL without it */
    GHashTable *statements; /* char * -> sqlite3_stmt *, owned */
    char *path;
    char *file; /* its key among the files of this process; NULL: not known */
    bool migrating;
    int log_pages, folded_pages; /* of the log at our last commit, and at our last checkpoint */
    gint64 busy_since_us;
    int queue_fd; /* the folder, locked shared by whoever waits to write; -1: none */
};

static sqlite3_stmt *raw(GeoStatement *statement)
{
    return (sqlite3_stmt *)(void *)statement;
}

static void set_error(GError **error, GeoDb *db, int code)
{
    int primary = code & 0xff;
    GeoErrorCode kind =
        primary == SQLITE_BUSY || primary == SQLITE_LOCKED ? GEO_ERROR_BUSY
        : primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB || primary == SQLITE_CONSTRAINT
            ? GEO_ERROR_DATA
            : GEO_ERROR_IO;
    g_set_error(error, GEO_ERROR, kind, "'%s': %s", db->path,
                kind == GEO_ERROR_BUSY ? "another process has held the city for 5 s; try again"
                                       : sqlite3_errmsg(db->handle));
}

static bool allowed_pragma(const char *name)
{
    static const char *const names[] = {"quick_check",
                                        "integrity_check",
                                        "foreign_key_check",
                                        "user_version",
                                        "application_id",
                                        "data_version",
                                        "index_list",
                                        "index_info",
                                        "index_xinfo",
                                        "wal_checkpoint",
                                        "table_info",
                                        "page_count",
                                        NULL};
    return name && g_strv_contains(names, name);
}

/* Our own statements are trusted; this keeps a mistake in one of them, or a trigger in a file that
 * somebody has edited, from reaching another file or changing the schema. */
static int authorize(void *user, int action, const char *a, const char *b, const char *c,
                     const char *d)
{
    const GeoDb *db = user;
    (void)b;
    (void)c;
    (void)d;
    if (db->migrating)
        return SQLITE_OK;
    switch (action) {
    case SQLITE_ATTACH:
    case SQLITE_DETACH:
    case SQLITE_ALTER_TABLE:
    case SQLITE_CREATE_INDEX:
    case SQLITE_CREATE_TABLE:
    case SQLITE_CREATE_TRIGGER:
    case SQLITE_CREATE_VIEW:
    case SQLITE_CREATE_VTABLE:
    case SQLITE_DROP_INDEX:
    case SQLITE_DROP_TABLE:
    case SQLITE_DROP_TRIGGER:
    case SQLITE_DROP_VIEW:
    case SQLITE_DROP_VTABLE:
        return SQLITE_DENY;
    case SQLITE_PRAGMA:
        return allowed_pragma(a) ? SQLITE_OK : SQLITE_DENY;
    default:
        return SQLITE_OK;
    }
}

/* Makes the file ourselves, so that it is private from its first byte whatever the umask is. */
static bool make_file(const char *path, GError **error)
{
    int fd = open(path, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot make '%s': %s", path,
                    g_strerror(errno));
        return false;
    }
    fchmod(fd, 0600);
    close(fd);
    return true;
}

static int wait_for_lock(void *user, int tries)
{
    GeoDb *db = user;
    gint64 now_us = g_get_monotonic_time();
    if (tries == 0)
        db->busy_since_us = now_us;
    if (now_us - db->busy_since_us > BUSY_US)
        return 0;
    g_usleep(BUSY_POLL_US);
    return 1;
}

/* In place of SQLite's own: it runs when the write lock is already free again. */
static int after_commit(void *user, sqlite3 *handle, const char *schema, int pages)
{
    GeoDb *db = user;
    (void)handle;
    (void)schema;
    db->log_pages = pages;
    if (pages < db->folded_pages)
        db->folded_pages = 0; /* the log has begun anew */
    geo_db_checkpoint(db, CHECKPOINT_PAGES);
    return SQLITE_OK;
}

void geo_db_checkpoint(GeoDb *db, int pages)
{
    if (db->log_pages - db->folded_pages < pages)
        return;
    int in_log = 0, folded = -1, code = SQLITE_OK;
    for (int i = 0; i < FOLD_ROUNDS && code == SQLITE_OK && folded != in_log; i++)
        code = sqlite3_wal_checkpoint_v2(db->handle, NULL, SQLITE_CHECKPOINT_PASSIVE, &in_log,
                                         &folded);
    db->folded_pages = db->log_pages;
}

static bool configure(GeoDb *db, GeoDbMode mode, GError **error)
{
    static const char SQL_CREATE[] = "PRAGMA journal_mode=WAL;";
    static const char SQL_WRITE[] = "PRAGMA synchronous=FULL; PRAGMA journal_size_limit=33554432;";
    static const char SQL_EVERY[] = "PRAGMA foreign_keys=ON; PRAGMA cell_size_check=ON; PRAGMA "
                                    "cache_size=-65536; PRAGMA temp_store=MEMORY;";
    db->migrating = true;
    bool ok = (mode != GEO_DB_CREATE || geo_db_run(db, SQL_CREATE, error)) &&
              (mode < GEO_DB_WRITE || geo_db_run(db, SQL_WRITE, error)) &&
              geo_db_run(db, SQL_EVERY, error);
    db->migrating = false;
    sqlite3_wal_hook(db->handle, after_commit, db);
    return ok;
}

/* ---- the files that this process has open ---- */

static GMutex files_mutex;
static GHashTable *files; /* char *, "device inode" -> how many connections */

static char *file_key(const char *path)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return NULL;
    return g_strdup_printf("%" G_GUINT64_FORMAT " %" G_GUINT64_FORMAT, (guint64)info.st_dev,
                           (guint64)info.st_ino);
}

static void count_file(const char *key, int change)
{
    if (!key)
        return;
    g_mutex_lock(&files_mutex);
    if (!files)
        files = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int n = GPOINTER_TO_INT(g_hash_table_lookup(files, key)) + change;
    if (n > 0)
        g_hash_table_insert(files, g_strdup(key), GINT_TO_POINTER(n));
    else
        g_hash_table_remove(files, key);
    if (g_hash_table_size(files) == 0)
        g_clear_pointer(&files, g_hash_table_unref);
    g_mutex_unlock(&files_mutex);
}

void geo_db_enter_files(void)
{
    g_mutex_lock(&files_mutex);
}

bool geo_db_has_file(const char *path)
{
    g_autofree char *key = file_key(path);
    return key && files && g_hash_table_contains(files, key);
}

void geo_db_leave_files(void)
{
    g_mutex_unlock(&files_mutex);
}

/* ---- connections ---- */

bool geo_db_nobody_writes(const char *path)
{
    g_autofree char *log = g_strconcat(path, "-wal", NULL);
    g_autofree char *folder = g_path_get_dirname(path);
    struct stat info;
    return access(folder, W_OK) != 0 && (lstat(log, &info) != 0 || info.st_size == 0);
}

GeoDb *geo_db_open(const char *path, GeoDbMode mode, bool spatial, GError **error)
{
    if (mode == GEO_DB_CREATE && !make_file(path, error))
        return NULL;
    g_autoptr(GeoDb) db = g_new0(GeoDb, 1);
    db->path = g_strdup(path);
    db->file = file_key(path);
    count_file(db->file, 1);
    g_autofree char *folder = g_path_get_dirname(path);
    bool shared = spatial && mode == GEO_DB_WRITE;
    db->queue_fd = shared ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;
    db->statements = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    bool writes = mode == GEO_DB_WRITE || mode == GEO_DB_CREATE;
    g_autofree char *escaped = g_uri_escape_string(path, "/", TRUE);
    g_autofree char *uri =
        g_strconcat("file:", escaped, mode == GEO_DB_READ_ALONE ? "?immutable=1" : "", NULL);
    int flags = (writes ? SQLITE_OPEN_READWRITE : SQLITE_OPEN_READONLY) | SQLITE_OPEN_NOMUTEX |
                SQLITE_OPEN_URI;
    int code = sqlite3_open_v2(uri, &db->handle, flags, NULL);
    if (code != SQLITE_OK) {
        set_error(error, db, code);
        return NULL;
    }
    sqlite3_extended_result_codes(db->handle, 1);
    sqlite3_busy_handler(db->handle, wait_for_lock, db);
    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    /* SpatiaLite's own triggers and views need trust; day files and foreign backups get none. */
    if (!spatial)
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    if (spatial) {
        db->spatial = spatialite_alloc_connection();
        spatialite_init_ex(db->handle, db->spatial, 0);
    }
    sqlite3_set_authorizer(db->handle, authorize, db);
    return configure(db, mode, error) ? g_steal_pointer(&db) : NULL;
}

void geo_db_close(GeoDb *db)
{
    if (!db)
        return;
    GHashTableIter iter;
    gpointer statement;
    g_hash_table_iter_init(&iter, db->statements);
    while (g_hash_table_iter_next(&iter, NULL, &statement))
        sqlite3_finalize(statement);
    g_hash_table_unref(db->statements);
    sqlite3_close(db->handle);
    count_file(db->file, -1);
    g_free(db->file);
    if (db->queue_fd >= 0)
        close(db->queue_fd);
    if (db->spatial)
        spatialite_cleanup_ex(db->spatial); /* after the connection, as SpatiaLite asks */
    g_free(db->path);
    g_free(db);
}

const char *geo_db_path(const GeoDb *db)
{
    return db->path;
}

void geo_db_set_migrating(GeoDb *db, bool migrating)
{
    db->migrating = migrating;
}

bool geo_db_run(GeoDb *db, const char *script, GError **error)
{
    int code = sqlite3_exec(db->handle, script, NULL, NULL, NULL);
    if (code != SQLITE_OK)
        set_error(error, db, code);
    return code == SQLITE_OK;
}

/* SQLite's lock has no queue: under load a writer in a loop takes it again before one that sleeps
 * wakes up. So who wants to write holds the folder locked, shared, until it has begun, and bulk
 * work asks for that lock before each chunk. Locks of a folder need no file and die with their
 * process; nobody's writing depends on them. */
bool geo_db_begin(GeoDb *db, GError **error)
{
    GeoStatement *statement = geo_db_statement(db, "BEGIN IMMEDIATE", error);
    bool queued = db->queue_fd >= 0 && flock(db->queue_fd, LOCK_SH | LOCK_NB) == 0;
    bool ok = statement && geo_db_finish(db, statement, error);
    if (queued)
        flock(db->queue_fd, LOCK_UN);
    return ok;
}

bool geo_db_begin_bulk(GeoDb *db, GError **error)
{
    GeoStatement *statement = geo_db_statement(db, "BEGIN IMMEDIATE", error);
    gint64 until_us = g_get_monotonic_time() + GIVE_WAY_US;
    while (db->queue_fd >= 0 && flock(db->queue_fd, LOCK_EX | LOCK_NB) != 0 &&
           g_get_monotonic_time() < until_us)
        g_usleep(GIVE_WAY_POLL_US);
    if (db->queue_fd >= 0)
        flock(db->queue_fd, LOCK_UN);
    return statement && geo_db_finish(db, statement, error);
}

bool geo_db_begin_read(GeoDb *db, GError **error)
{
    GeoStatement *statement = geo_db_statement(db, "BEGIN", error);
    return statement && geo_db_finish(db, statement, error);
}

bool geo_db_commit(GeoDb *db, GError **error)
{
    GeoStatement *statement = geo_db_statement(db, "COMMIT", error);
    if (statement && geo_db_finish(db, statement, error))
        return true;
    geo_db_rollback(db);
    return false;
}

void geo_db_rollback(GeoDb *db)
{
    if (!sqlite3_get_autocommit(db->handle))
        sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
}

GeoStatement *geo_db_statement(GeoDb *db, const char *sql, GError **error)
{
    sqlite3_stmt *statement = g_hash_table_lookup(db->statements, sql);
    if (statement) {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
        return (GeoStatement *)(void *)statement;
    }
    int code = sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, NULL);
    if (code != SQLITE_OK) {
        set_error(error, db, code);
        return NULL;
    }
    g_hash_table_insert(db->statements, g_strdup(sql), statement);
    return (GeoStatement *)(void *)statement;
}

void geo_db_bind_int(GeoStatement *statement, int i, int64_t value)
{
    sqlite3_bind_int64(raw(statement), i, value);
}

void geo_db_bind_real(GeoStatement *statement, int i, double value)
{
    if (isnan(value))
        sqlite3_bind_null(raw(statement), i);
    else
        sqlite3_bind_double(raw(statement), i, value);
}

void geo_db_bind_text(GeoStatement *statement, int i, const char *value)
{
    sqlite3_bind_text(raw(statement), i, value, -1, SQLITE_STATIC);
}

void geo_db_bind_blob(GeoStatement *statement, int i, const void *bytes, size_t n)
{
    sqlite3_bind_blob64(raw(statement), i, bytes, n, SQLITE_STATIC);
}

GeoDbStep geo_db_step(GeoDb *db, GeoStatement *statement, GError **error)
{
    int code = sqlite3_step(raw(statement));
    if (code == SQLITE_ROW)
        return GEO_DB_ROW;
    if (code != SQLITE_DONE)
        set_error(error, db, code);
    sqlite3_reset(raw(statement));
    return code == SQLITE_DONE ? GEO_DB_DONE : GEO_DB_FAILED;
}

bool geo_db_finish(GeoDb *db, GeoStatement *statement, GError **error)
{
    GeoDbStep step;
    do
        step = geo_db_step(db, statement, error);
    while (step == GEO_DB_ROW);
    return step == GEO_DB_DONE;
}

void geo_db_reset(GeoStatement *statement)
{
    sqlite3_reset(raw(statement));
}

int64_t geo_db_int(GeoStatement *statement, int column)
{
    return sqlite3_column_int64(raw(statement), column);
}

double geo_db_real(GeoStatement *statement, int column)
{
    return sqlite3_column_type(raw(statement), column) == SQLITE_NULL
               ? NAN
               : sqlite3_column_double(raw(statement), column);
}

const char *geo_db_text(GeoStatement *statement, int column)
{
    return (const char *)sqlite3_column_text(raw(statement), column);
}

const void *geo_db_blob(GeoStatement *statement, int column, size_t *n)
{
    const void *bytes = sqlite3_column_blob(raw(statement), column);
    *n = (size_t)sqlite3_column_bytes(raw(statement), column);
    return bytes;
}

int64_t geo_db_changes(GeoDb *db)
{
    return sqlite3_changes64(db->handle);
}

bool geo_db_scalar(GeoDb *db, const char *sql, int64_t otherwise, int64_t *value, GError **error)
{
    GeoStatement *statement = geo_db_statement(db, sql, error);
    if (!statement)
        return false;
    GeoDbStep step = geo_db_step(db, statement, error);
    if (step == GEO_DB_FAILED)
        return false;
    *value = step == GEO_DB_ROW ? geo_db_int(statement, 0) : otherwise;
    geo_db_reset(statement);
    return true;
}

/* A held read transaction pins one snapshot: else every commit of another process would send the
 * copy back to its first page, and under a feed it would never end. */
bool geo_db_copy(GeoDb *from, GeoDb *to, GError **error)
{
    int64_t tables;
    if (!geo_db_begin_read(from, error))
        return false;
    if (!geo_db_scalar(from, "SELECT count(*) FROM sqlite_schema", 0, &tables, error)) {
        geo_db_rollback(from);
        return false;
    }
    sqlite3_backup *backup = sqlite3_backup_init(to->handle, "main", from->handle, "main");
    int code = backup ? SQLITE_OK : sqlite3_errcode(to->handle);
    while (code == SQLITE_OK)
        code = sqlite3_backup_step(backup, COPY_PAGES);
    sqlite3_backup_finish(backup);
    geo_db_rollback(from);
    if (code != SQLITE_DONE)
        set_error(error, to, code);
    return code == SQLITE_DONE;
}
