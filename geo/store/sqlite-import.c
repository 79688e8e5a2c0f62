/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Imports: rows go in under an import that nobody reads yet, in short transactions so that a
 * dispatcher's act never waits for one; one row flips them live. A file held locked says that the
 * importer is alive. */
#include <errno.h>
#include <fcntl.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "geo/model/error.h"
#include "geo/store/sqlite.h"

/* A transaction lasts 20 ms at most. Rows are added for as long as a budget that shrinks when the
 * commits, whose cost depends on the disk and on how scattered the index is, push past CHUNK_US. */
#define CHUNK_US 18000
#define MIN_BUDGET_US 4000
#define MAX_BUDGET_US 10000
/* 12 MB of log, folded back by the import itself: seldom enough that pages written many times are
 * folded once, soon enough that no dispatcher's commit has to. */
#define FOLD_PAGES 3000
#define SWEEP_ROWS 500
#define COMMANDS_KEPT_MS (INT64_C(7) * 24 * 3600 * 1000)

static char *lock_path(const GeoSqlite *self, int64_t import_id)
{
    return g_strdup_printf("%s/import-%" G_GINT64_FORMAT ".lock", self->folder, import_id);
}

static bool hold_lock(GeoSqlite *self, int64_t import_id, GError **error)
{
    g_autofree char *path = lock_path(self, import_id);
    int fd = open(path, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (fd < 0 || flock(fd, LOCK_EX | LOCK_NB) != 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot lock '%s': %s", path,
                    g_strerror(errno));
        if (fd >= 0)
            close(fd);
        return false;
    }
    g_hash_table_insert(self->locks, g_memdup2(&import_id, sizeof import_id), GINT_TO_POINTER(fd));
    return true;
}

static void drop_lock(GeoSqlite *self, int64_t import_id)
{
    g_autofree char *path = lock_path(self, import_id);
    gpointer fd;
    if (g_hash_table_lookup_extended(self->locks, &import_id, NULL, &fd)) {
        g_unlink(path);
        close(GPOINTER_TO_INT(fd));
        g_hash_table_remove(self->locks, &import_id);
    }
}

/* No living process holds the import's lock. */
static bool is_dead(GeoSqlite *self, int64_t import_id)
{
    if (g_hash_table_contains(self->locks, &import_id))
        return false;
    g_autofree char *path = lock_path(self, import_id);
    int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return errno == ENOENT;
    bool dead = flock(fd, LOCK_EX | LOCK_NB) == 0;
    if (dead)
        g_unlink(path);
    close(fd);
    return dead;
}

bool geo_sqlite_import_begin(GeoBackend *backend, const GeoAct *act, const GeoImport *import,
                             GError **error)
{
    static const char SQL_BEGIN[] =
        "INSERT INTO import (id, kind, source, source_hash, state, at_ms, n_rows, refused,"
        " replaces, note) VALUES (?, ?, ?, ?, 'staged', ?, 0, 0, ?, ?)";
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    GeoStatement *statement = geo_db_statement(self->db, SQL_BEGIN, error);
    if (!statement)
        return geo_sqlite_fail(self);
    geo_db_bind_int(statement, 1, import->id);
    geo_db_bind_text(statement, 2, import->kind);
    geo_db_bind_text(statement, 3, import->source);
    geo_db_bind_text(statement, 4, import->source_hash);
    geo_db_bind_int(statement, 5, act->now_ms);
    geo_db_bind_text(statement, 6, import->replaces);
    geo_db_bind_text(statement, 7, import->note);
    if (!geo_db_finish(self->db, statement, error) || !hold_lock(self, import->id, error))
        return geo_sqlite_fail(self);
    if (geo_sqlite_end_act(self, act, GEO_OP_IMPORT, "import", import->id, 1, "begin", error))
        return true;
    drop_lock(self, import->id);
    return false;
}

static bool add_rows(GeoSqlite *self, int64_t import_id, int64_t n, GError **error)
{
    static const char SQL_ADD[] =
        "UPDATE import SET n_rows = n_rows + ? WHERE id = ? AND state = 'staged'";
    GeoStatement *statement = geo_db_statement(self->db, SQL_ADD, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, n);
    geo_db_bind_int(statement, 2, import_id);
    if (!geo_db_finish(self->db, statement, error))
        return false;
    if (geo_db_changes(self->db) == 1)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                "import %" G_GINT64_FORMAT " is not open for rows", import_id);
    return false;
}

/* One transaction of rows from *i on, added for budget_us. Its rows are staged and invisible, so
 * change log and audit have their rows at begin, finish and undo. */
static bool put_chunk(GeoSqlite *self, int64_t import_id, const GeoBatch *batch, guint *i,
                      int64_t *budget_us, GByteArray *blob, GError **error)
{
    if (!geo_db_begin_bulk(self->db, error))
        return false;
    int64_t begun_us = g_get_monotonic_time(), until_us = begun_us + *budget_us;
    guint first = *i, at = first;
    /* That it is open at all is said before what is wrong with its rows. */
    bool ok = first > 0 || add_rows(self, import_id, 0, error);
    while (ok && at < batch->rows->len && (at == first || g_get_monotonic_time() < until_us))
        ok = geo_sqlite_insert_row(self, batch, at++, import_id, blob, error);
    if (!ok || !add_rows(self, import_id, at - first, error))
        return geo_sqlite_fail(self);
    if (!geo_db_commit(self->db, error))
        return false;
    *budget_us = g_get_monotonic_time() - begun_us > CHUNK_US
                     ? MAX(*budget_us * 2 / 3, MIN_BUDGET_US)
                     : MIN(*budget_us * 9 / 8, MAX_BUDGET_US);
    *i = at;
    return true;
}

bool geo_sqlite_import_put(GeoBackend *backend, const GeoAct *act, int64_t import_id,
                           const GeoBatch *batch, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    (void)act;
    g_autoptr(GByteArray) blob = g_byte_array_new();
    int64_t budget_us = MAX_BUDGET_US / 2;
    for (guint i = 0; i < batch->rows->len; geo_db_checkpoint(self->db, FOLD_PAGES))
        if (!put_chunk(self, import_id, batch, &i, &budget_us, blob, error))
            return false;
    return true;
}

/* Live imports of the kinds listed, but not this one, become undone. */
static bool retire_replaced(GeoSqlite *self, int64_t import_id, GError **error)
{
    static const char SQL_RETIRE[] =
        "UPDATE import SET state = 'undone' WHERE state = 'live' AND id <> ?1 AND instr("
        " (SELECT ',' || coalesce(replaces, '') || ',' FROM import WHERE id = ?1), ',' || kind || "
        "',') > 0";
    GeoStatement *statement = geo_db_statement(self->db, SQL_RETIRE, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, import_id);
    return geo_db_finish(self->db, statement, error);
}

static bool set_state(GeoSqlite *self, int64_t import_id, const char *state, const char *from,
                      int64_t refused, GError **error)
{
    static const char SQL_STATE[] =
        "UPDATE import SET state = ?1, refused = max(refused, ?2) WHERE id = ?3 AND"
        " instr(?4, state) > 0";
    GeoStatement *statement = geo_db_statement(self->db, SQL_STATE, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, state);
    geo_db_bind_int(statement, 2, refused);
    geo_db_bind_int(statement, 3, import_id);
    geo_db_bind_text(statement, 4, from);
    if (!geo_db_finish(self->db, statement, error))
        return false;
    if (geo_db_changes(self->db) == 1)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                "import %" G_GINT64_FORMAT " is not %s, so cannot become %s", import_id, from,
                state);
    return false;
}

bool geo_sqlite_import_finish(GeoBackend *backend, const GeoAct *act, int64_t import_id,
                              int64_t refused, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!set_state(self, import_id, "live", "staged", refused, error) ||
        !retire_replaced(self, import_id, error))
        return geo_sqlite_fail(self);
    if (!geo_sqlite_end_act(self, act, GEO_OP_IMPORT, "import", import_id, 2, "live", error))
        return false;
    drop_lock(self, import_id);
    return true;
}

bool geo_sqlite_import_undo(GeoBackend *backend, const GeoAct *act, int64_t import_id,
                            GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!set_state(self, import_id, "undone", "staged,live", 0, error))
        return geo_sqlite_fail(self);
    if (!geo_sqlite_end_act(self, act, GEO_OP_IMPORT, "import", import_id, 3, "undone", error))
        return false;
    drop_lock(self, import_id);
    return true;
}

/* ---- sweeping ---- */

static GArray *load_ids(GeoSqlite *self, const char *sql, int64_t parameter, GError **error)
{
    GeoStatement *statement = geo_db_statement(self->db, sql, error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, parameter);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        int64_t id = geo_db_int(statement, 0);
        g_array_append_val(ids, id);
    }
    return step == GEO_DB_DONE ? g_steal_pointer(&ids) : NULL;
}

/* A single statement as a transaction of its own, in the queue of writers like the others. */
static bool write_alone(GeoSqlite *self, const char *sql, int64_t parameter, GError **error)
{
    if (!geo_db_begin(self->db, error))
        return false;
    GeoStatement *statement = geo_db_statement(self->db, sql, error);
    if (!statement)
        return geo_sqlite_fail(self);
    geo_db_bind_int(statement, 1, parameter);
    if (!geo_db_finish(self->db, statement, error))
        return geo_sqlite_fail(self);
    return geo_db_commit(self->db, error);
}

static bool retire_dead(GeoSqlite *self, GError **error)
{
    static const char SQL_STAGED[] = "SELECT id FROM import WHERE state = 'staged' AND id <> ?";
    g_autoptr(GArray) staged = load_ids(self, SQL_STAGED, 0, error);
    for (guint i = 0; staged && i < staged->len; i++) {
        int64_t id = g_array_index(staged, int64_t, i);
        if (!is_dead(self, id))
            continue;
        /* Finished between our list and our look: then it is staged no more, and well. */
        static const char SQL_BURY[] =
            "UPDATE import SET state = 'undone' WHERE id = ? AND state = 'staged'";
        if (!write_alone(self, SQL_BURY, id, error))
            return false;
    }
    return staged != NULL;
}

/* An incident takes its steps with it. */
static bool delete_events(GeoSqlite *self, int64_t incident_id, GError **error)
{
    static const char SQL_EVENTS[] = "DELETE FROM incident_event WHERE incident_id = ?";
    GeoStatement *statement = geo_db_statement(self->db, SQL_EVENTS, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, incident_id);
    return geo_db_finish(self->db, statement, error);
}

static bool sweep_row(GeoSqlite *self, GeoKind kind, int64_t id, GError **error)
{
    return (kind != GEO_KIND_INCIDENT || delete_events(self, id, error)) &&
           geo_sqlite_delete_row(self, kind, id, error);
}

/* Deletes up to SWEEP_ROWS rows of one kind and import in one transaction; n says how many. */
static bool sweep_chunk(GeoSqlite *self, GeoKind kind, int64_t import_id, guint *n, GError **error)
{
    g_autofree char *sql = g_strdup_printf("SELECT id FROM \"%s\" WHERE import_id = ? LIMIT %d",
                                           geo_kind_info(kind)->name, SWEEP_ROWS);
    /* Only we delete rows of an undone import, or somebody else does the same: no need to hold the
     * lock while looking. */
    g_autoptr(GArray) ids = load_ids(self, sql, import_id, error);
    *n = 0;
    if (!ids)
        return false;
    if (ids->len == 0)
        return true;
    if (!geo_db_begin_bulk(self->db, error))
        return false;
    int64_t until_us = g_get_monotonic_time() + MAX_BUDGET_US;
    *n = 0;
    while (*n < ids->len && (*n == 0 || g_get_monotonic_time() < until_us))
        if (!sweep_row(self, kind, g_array_index(ids, int64_t, (*n)++), error))
            return geo_sqlite_fail(self);
    return geo_db_commit(self->db, error);
}

/* A retry comes within minutes; after a week nobody repeats a command. */
static bool forget_commands(GeoSqlite *self, int64_t now_ms, GError **error)
{
    static const char SQL_OLDEST[] = "SELECT min(at_ms) FROM command";
    static const char SQL_FORGET[] = "DELETE FROM command WHERE at_ms < ?";
    int64_t oldest_ms, until_ms = now_ms - COMMANDS_KEPT_MS;
    if (!geo_db_scalar(self->db, SQL_OLDEST, 0, &oldest_ms, error))
        return false;
    return oldest_ms == 0 || oldest_ms >= until_ms ||
           write_alone(self, SQL_FORGET, until_ms, error);
}

bool geo_sqlite_sweep(GeoBackend *backend, int64_t now_ms, int budget_ms, bool *left,
                      GError **error)
{
    static const char SQL_UNDONE[] =
        "SELECT id FROM import WHERE state = 'undone' AND swept = 0 AND id <> ?";
    static const char SQL_SWEPT[] = "UPDATE import SET swept = 1 WHERE id = ?";
    GeoSqlite *self = (GeoSqlite *)backend;
    int64_t until_us = g_get_monotonic_time() + (int64_t)budget_ms * 1000;
    if (!retire_dead(self, error) || !forget_commands(self, now_ms, error) ||
        !geo_sqlite_seal_days(self, now_ms, error))
        return false;
    g_autoptr(GArray) undone = load_ids(self, SQL_UNDONE, 0, error);
    if (!undone)
        return false;
    for (guint i = 0; i < undone->len; i++) {
        int64_t import_id = g_array_index(undone, int64_t, i);
        for (GeoKind kind = 0; kind < GEO_N_KINDS; kind++)
            for (guint n = 1; n > 0;) {
                if (g_get_monotonic_time() > until_us) {
                    *left = true;
                    return true;
                }
                if (!sweep_chunk(self, kind, import_id, &n, error))
                    return false;
                geo_db_checkpoint(self->db, FOLD_PAGES);
            }
        if (!write_alone(self, SQL_SWEPT, import_id, error))
            return false;
    }
    *left = false;
    return true;
}

GArray *geo_sqlite_imports(GeoBackend *backend, GError **error)
{
    static const char SQL_IMPORTS[] =
        "SELECT id, kind, source, source_hash, state, at_ms, n_rows, refused, replaces,"
        " note FROM import ORDER BY at_ms DESC, id DESC";
    GeoSqlite *self = (GeoSqlite *)backend;
    GeoStatement *statement = geo_db_statement(self->db, SQL_IMPORTS, error);
    if (!statement)
        return NULL;
    GArray *imports = g_array_new(FALSE, TRUE, sizeof(GeoImport));
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        GeoImport import = {
            .id = geo_db_int(statement, 0),
            .kind = g_strdup(geo_db_text(statement, 1)),
            .source = g_strdup(geo_db_text(statement, 2)),
            .source_hash = g_strdup(geo_db_text(statement, 3)),
            .state = g_strdup(geo_db_text(statement, 4)),
            .at_ms = geo_db_int(statement, 5),
            .rows = geo_db_int(statement, 6),
            .refused = geo_db_int(statement, 7),
            .replaces = g_strdup(geo_db_text(statement, 8)),
            .note = g_strdup(geo_db_text(statement, 9)),
        };
        g_array_append_val(imports, import);
    }
    if (step == GEO_DB_DONE)
        return imports;
    geo_imports_free(imports);
    return NULL;
}
