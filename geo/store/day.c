/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/day.h"

#include <fcntl.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>
#include <unistd.h>

#include "geo/model/error.h"
#include "geo/store/day-file.h"
#include "geo/store/schema.h"
#include "geo/store/seal.h"
#include "geo/store/sqlite.h"

/* Version 1 kept places so. */
#define OLD_UNITS_PER_DEGREE 1e7

/* ---- names ---- */

char *geo_day_dup_name(int64_t at_ms)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at_ms / 1000);
    return g_date_time_format(time, "%Y-%m-%d.sqlite");
}

bool geo_day_is_name(const char *name)
{
    return strlen(name) == strlen("2026-11-21.sqlite") && strspn(name, "0123456789-") == 10 &&
           !strcmp(name + 10, ".sqlite");
}

int64_t geo_day_begin_ms(const char *name)
{
    g_autofree char *text = g_strdup_printf("%.10sT00:00:00Z", name);
    g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(text, NULL);
    return time ? g_date_time_to_unix(time) * 1000 : 0;
}

/* ---- records ---- */

static void pack(guint8 *bytes, const GeoFix *fix)
{
    int32_t x = geo_trackcode_cell(fix->lon), y = geo_trackcode_cell(fix->lat);
    memcpy(bytes, &fix->unit_id, 8);
    memcpy(bytes + 8, &fix->at_ms, 8);
    memcpy(bytes + 16, &x, 4);
    memcpy(bytes + 20, &y, 4);
    memcpy(bytes + 24, &fix->speed_mps, 4);
    memcpy(bytes + 28, &fix->heading_deg, 4);
    memcpy(bytes + 32, &fix->accuracy_m, 4);
}

GeoFix geo_day_unpack(const GeoDay *day, const guint8 *bytes)
{
    GeoFix fix;
    int32_t x, y;
    memcpy(&fix.unit_id, bytes, 8);
    memcpy(&fix.at_ms, bytes + 8, 8);
    memcpy(&x, bytes + 16, 4);
    memcpy(&y, bytes + 20, 4);
    memcpy(&fix.speed_mps, bytes + 24, 4);
    memcpy(&fix.heading_deg, bytes + 28, 4);
    memcpy(&fix.accuracy_m, bytes + 32, 4);
    if (day->version < GEO_DAY_VERSION) {
        x = geo_trackcode_cell(x / OLD_UNITS_PER_DEGREE);
        y = geo_trackcode_cell(y / OLD_UNITS_PER_DEGREE);
    }
    fix.lon = geo_trackcode_degrees(x);
    fix.lat = geo_trackcode_degrees(y);
    return fix;
}

/* ---- making and opening ---- */

static bool fail_file(GError **error, const char *path)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot make '%s': %s", path, g_strerror(errno));
    return false;
}

/* So that the name outlives a power cut as the fixes under it do. */
static bool sync_folder(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && fsync(fd) == 0;
    if (fd >= 0)
        close(fd);
    return ok;
}

/* Gives a whole file its name; another process may have been faster with the same. */
static bool name_file(const char *part, const char *path)
{
    if (link(part, path) == 0 || errno == EEXIST)
        return true;
    /* a file system without links */
    return g_file_test(path, G_FILE_TEST_EXISTS) || g_rename(part, path) == 0;
}

/* Under another name until it is whole. */
static bool make_file(const char *folder, const char *path, GError **error)
{
    g_autofree char *part = g_strdup_printf("%s.%d.part", path, (int)getpid());
    g_unlink(part);
    GeoDb *db = geo_db_open(part, GEO_DB_CREATE, false, error);
    if (db)
        geo_db_set_migrating(db, true);
    bool ok = db && geo_db_run(db, geo_schema_tracks, error);
    geo_db_close(db);
    if (ok && (!name_file(part, path) || !sync_folder(folder)))
        ok = fail_file(error, path);
    g_unlink(part);
    return ok;
}

/* Fixes and rows of the hot log, and when the first came in. */
static bool count_hot(GeoDay *day, GError **error)
{
    static const char SQL_COUNT[] =
        "SELECT coalesce(sum(n), 0), coalesce(min(came_ms), 0) FROM hot";
    GeoStatement *statement = geo_db_statement(day->db, SQL_COUNT, error);
    if (!statement || geo_db_step(day->db, statement, error) != GEO_DB_ROW)
        return false;
    day->n_hot = geo_db_int(statement, 0);
    day->oldest_ms = geo_db_int(statement, 1);
    geo_db_reset(statement);
    return true;
}

/* Version 1 had its hot log in finer units, a table of newest fixes, and nothing sealed. */
static bool convert_rows(GeoDay *day, GError **error)
{
    static const char SQL_OLD[] = "SELECT from_ms, to_ms, n, fixes FROM old_hot ORDER BY seq";
    static const char SQL_NEW[] =
        "INSERT INTO hot (from_ms, to_ms, n, came_ms, fixes) VALUES (?, ?, ?, ?, ?)";
    GeoStatement *old = geo_db_statement(day->db, SQL_OLD, error);
    GeoDbStep step = GEO_DB_FAILED;
    while (old && (step = geo_db_step(day->db, old, error)) == GEO_DB_ROW) {
        size_t n_bytes;
        const guint8 *bytes = geo_db_blob(old, 3, &n_bytes);
        g_autofree guint8 *packed = g_memdup2(bytes, n_bytes);
        for (size_t at = 0; at + GEO_DAY_FIX_BYTES <= n_bytes; at += GEO_DAY_FIX_BYTES) {
            GeoFix fix = geo_day_unpack(day, bytes + at);
            pack(packed + at, &fix);
        }
        GeoStatement *new = geo_db_statement(day->db, SQL_NEW, error);
        if (!new)
            return false;
        for (int column = 0; column < 3; column++)
            geo_db_bind_int(new, column + 1, geo_db_int(old, column));
        geo_db_bind_int(new, 4, geo_db_int(old, 1));
        geo_db_bind_blob(new, 5, packed, n_bytes);
        if (!geo_db_finish(day->db, new, error))
            return false;
    }
    return step == GEO_DB_DONE;
}

/* The schema's script from its first table on: what stands before it is of a new file alone. */
static bool migrate(GeoDay *day, GError **error)
{
    const char *tables = strstr(geo_schema_tracks, "CREATE TABLE");
    int64_t version;
    geo_db_set_migrating(day->db, true);
    bool ok = geo_db_begin(day->db, error) &&
              geo_db_scalar(day->db, "PRAGMA user_version", 0, &version, error);
    bool mine = ok && version < GEO_DAY_VERSION; /* another was faster */
    ok = ok && (!mine || (geo_db_run(day->db,
                                     "ALTER TABLE hot RENAME TO old_hot; DROP INDEX hot_time;"
                                     "DROP TABLE last",
                                     error) &&
                          geo_db_run(day->db, tables, error) && convert_rows(day, error) &&
                          geo_db_run(day->db, "DROP TABLE old_hot", error)));
    ok = ok && geo_db_commit(day->db, error);
    if (!ok)
        geo_db_rollback(day->db);
    geo_db_set_migrating(day->db, false);
    day->version = ok ? GEO_DAY_VERSION : day->version;
    return ok;
}

static uint64_t inode_of(const char *path)
{
    GStatBuf info;
    return g_stat(path, &info) == 0 ? info.st_ino : 0;
}

GeoDay *geo_day_open(const char *folder, const char *name, bool write, bool *found, GError **error)
{
    g_autofree char *path = g_build_filename(folder, name, NULL);
    *found = g_file_test(path, G_FILE_TEST_EXISTS);
    if (!*found && (!write || !make_file(folder, path, error)))
        return NULL;
    *found = true;
    if (!geo_sqlite_probe(path, GEO_SQLITE_APPLICATION_ID, GEO_DAY_VERSION, error))
        return NULL;
    g_autoptr(GeoDay) day = g_new0(GeoDay, 1);
    GeoDbMode mode = write                        ? GEO_DB_WRITE
                     : geo_db_nobody_writes(path) ? GEO_DB_READ_ALONE
                                                  : GEO_DB_READ;
    day->db = geo_db_open(path, mode, false, error);
    day->name = g_strdup(name);
    day->inode = inode_of(path);
    day->writes = write;
    if (!day->db || !geo_db_scalar(day->db, "PRAGMA user_version", 0, &day->version, error))
        return NULL;
    if (write &&
        ((day->version < GEO_DAY_VERSION && !migrate(day, error)) || !count_hot(day, error)))
        return NULL;
    return g_steal_pointer(&day);
}

void geo_day_close(GeoDay *day)
{
    if (!day)
        return;
    geo_db_close(day->db);
    geo_roll_free(day->roll);
    g_free(day->name);
    g_free(day);
}

const char *geo_day_name(const GeoDay *day)
{
    return day->name;
}

bool geo_day_writes(const GeoDay *day)
{
    return day->writes;
}

bool geo_day_is_there(const GeoDay *day)
{
    return inode_of(geo_db_path(day->db)) == day->inode;
}

/* ---- the hot log ---- */

bool geo_day_put(GeoDay *day, const GeoFix *fixes, size_t n, int64_t now_ms, GError **error)
{
    static const char SQL_HOT[] =
        "INSERT INTO hot (from_ms, to_ms, n, came_ms, fixes) VALUES (?, ?, ?, ?, ?)";
    g_autofree guint8 *bytes = g_malloc(n * GEO_DAY_FIX_BYTES);
    int64_t from_ms = INT64_MAX, to_ms = INT64_MIN;
    for (size_t i = 0; i < n; i++) {
        pack(bytes + i * GEO_DAY_FIX_BYTES, &fixes[i]);
        from_ms = MIN(from_ms, fixes[i].at_ms);
        to_ms = MAX(to_ms, fixes[i].at_ms);
    }
    GeoStatement *statement = geo_db_statement(day->db, SQL_HOT, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, from_ms);
    geo_db_bind_int(statement, 2, to_ms);
    geo_db_bind_int(statement, 3, (int64_t)n);
    geo_db_bind_int(statement, 4, now_ms);
    geo_db_bind_blob(statement, 5, bytes, n * GEO_DAY_FIX_BYTES);
    if (!geo_db_finish(day->db, statement, error)) /* a statement alone commits itself */
        return false;
    if (day->n_hot == 0)
        day->oldest_ms = now_ms;
    day->n_hot += (int64_t)n;
    return true;
}

bool geo_day_is_hot(const GeoDay *day)
{
    return day->n_hot > 0;
}

bool geo_day_is_due(const GeoDay *day, int64_t now_ms)
{
    return day->n_hot >= GEO_DAY_HOT_FIXES ||
           (day->n_hot > 0 && now_ms - day->oldest_ms >= GEO_DAY_HOT_MS);
}

/* ---- sealing ---- */

GeoRoll *geo_day_roll(GeoDay *day, GError **error)
{
    static const char SQL_UNITS[] = "SELECT slot, id FROM unit WHERE slot >= ? ORDER BY slot";
    if (!day->roll)
        day->roll = geo_roll_new();
    GeoStatement *statement = geo_db_statement(day->db, SQL_UNITS, error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, geo_roll_n(day->roll));
    GeoDbStep step;
    while ((step = geo_db_step(day->db, statement, error)) == GEO_DB_ROW)
        if (geo_roll_add(day->roll, geo_db_int(statement, 1)) != geo_db_int(statement, 0)) {
            geo_db_reset(statement);
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "'%s': its list of units is damaged; restore a backup",
                        geo_db_path(day->db));
            return NULL;
        }
    return step == GEO_DB_DONE ? day->roll : NULL;
}

static bool put_units(GeoDay *day, uint32_t from, GError **error)
{
    static const char SQL_UNIT[] = "INSERT INTO unit (slot, id) VALUES (?, ?)";
    for (uint32_t slot = from; slot < geo_roll_n(day->roll); slot++) {
        GeoStatement *statement = geo_db_statement(day->db, SQL_UNIT, error);
        if (!statement)
            return false;
        geo_db_bind_int(statement, 1, slot);
        geo_db_bind_int(statement, 2, geo_roll_id(day->roll, slot));
        if (!geo_db_finish(day->db, statement, error))
            return false;
    }
    return true;
}

/* Hot groups in the order they came, until there are enough for a block; *seq is the last one's. */
static bool take_hot(GeoDay *day, int64_t until_ms, GArray *fixes, int64_t *seq, GError **error)
{
    static const char SQL_HOT[] = "SELECT seq, fixes FROM hot WHERE came_ms <= ? ORDER BY seq";
    GeoStatement *statement = geo_db_statement(day->db, SQL_HOT, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, until_ms);
    GeoDbStep step = GEO_DB_DONE;
    while (fixes->len < GEO_DAY_HOT_FIXES &&
           (step = geo_db_step(day->db, statement, error)) == GEO_DB_ROW) {
        size_t n_bytes;
        const guint8 *bytes = geo_db_blob(statement, 1, &n_bytes);
        *seq = geo_db_int(statement, 0);
        guint at = fixes->len;
        g_array_set_size(fixes, at + (guint)(n_bytes / GEO_DAY_FIX_BYTES));
        for (; at < fixes->len; at++, bytes += GEO_DAY_FIX_BYTES) {
            GeoSealFix *fix = &g_array_index(fixes, GeoSealFix, at);
            int64_t id;
            memcpy(&id, bytes, 8);
            memcpy(&fix->point.at_ms, bytes + 8, 8);
            memcpy(&fix->point.x, bytes + 16, 4);
            memcpy(&fix->point.y, bytes + 20, 4);
            memcpy(&fix->accuracy_m, bytes + 32, 4);
            fix->slot = geo_roll_add(day->roll, id);
        }
    }
    geo_db_reset(statement);
    return step != GEO_DB_FAILED;
}

static bool put_blob(GeoDay *day, const char *sql, int64_t id, const void *bytes, size_t n,
                     GError **error)
{
    GeoStatement *statement = geo_db_statement(day->db, sql, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    geo_db_bind_blob(statement, 2, bytes, n);
    return geo_db_finish(day->db, statement, error);
}

static bool put_segments(GeoDay *day, const GeoSealBlock *block, int64_t id, GError **error)
{
    static const char SQL_SEGMENT[] = "INSERT INTO segment (id, pieces) VALUES (?, ?)";
    bool ok = true;
    for (guint i = 0; ok && i < block->segments->len; i++) {
        const GeoSealSegment *segment = &g_array_index(block->segments, GeoSealSegment, i);
        ok = put_blob(day, SQL_SEGMENT, id << 16 | i, block->bytes->data + segment->begin,
                      segment->end - segment->begin, error);
    }
    return ok;
}

/* Parts in which no unit sits are left out. */
static bool put_seats(GeoDay *day, const GeoSealBlock *block, int64_t id, GError **error)
{
    static const char SQL_SEAT[] = "INSERT INTO seat (id, segments) VALUES (?, ?)";
    if (block->segments->len <= GEO_SEAL_FEW_SEGMENTS)
        return true;
    for (guint begin = 0; begin < block->seats->len; begin += GEO_SEAL_SEATS_PER_PART) {
        guint16 part[GEO_SEAL_SEATS_PER_PART];
        guint n = MIN(block->seats->len - begin, GEO_SEAL_SEATS_PER_PART), used = 0;
        for (guint i = 0; i < n; i++) {
            guint16 seat = g_array_index(block->seats, guint16, begin + i);
            part[i] = GUINT16_TO_LE(seat);
            used = seat == GEO_SEAL_NOWHERE ? used : i + 1;
        }
        if (used > 0 && !put_blob(day, SQL_SEAT, id << 16 | begin / GEO_SEAL_SEATS_PER_PART, part,
                                  used * sizeof *part, error))
            return false;
    }
    return true;
}

static bool put_block(GeoDay *day, const GeoSealBlock *block, int64_t id, GError **error)
{
    static const char SQL_BLOCK[] =
        "INSERT INTO block (id, from_ms, to_ms, n, boxes) VALUES (?, ?, ?, ?, ?)";
    g_autoptr(GArray) boxes = g_array_new(FALSE, FALSE, sizeof(guint32));
    for (guint i = 0; i < block->segments->len; i++) {
        const GeoTrackBox *box = &g_array_index(block->segments, GeoSealSegment, i).box;
        guint32 words[4] = {GUINT32_TO_LE((guint32)box->min_x), GUINT32_TO_LE((guint32)box->min_y),
                            GUINT32_TO_LE((guint32)box->max_x), GUINT32_TO_LE((guint32)box->max_y)};
        g_array_append_vals(boxes, words, 4);
    }
    GeoStatement *statement = geo_db_statement(day->db, SQL_BLOCK, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    geo_db_bind_int(statement, 2, block->from_ms);
    geo_db_bind_int(statement, 3, block->to_ms);
    geo_db_bind_int(statement, 4, (int64_t)block->n);
    geo_db_bind_blob(statement, 5, boxes->data, boxes->len * sizeof(guint32));
    return geo_db_finish(day->db, statement, error) && put_segments(day, block, id, error) &&
           put_seats(day, block, id, error);
}

static bool drop_hot(GeoDay *day, int64_t until_ms, int64_t seq, GError **error)
{
    static const char SQL_DROP[] = "DELETE FROM hot WHERE seq <= ? AND came_ms <= ?";
    GeoStatement *statement = geo_db_statement(day->db, SQL_DROP, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, seq);
    geo_db_bind_int(statement, 2, until_ms);
    return geo_db_finish(day->db, statement, error);
}

/* One block of what was hot by until_ms, inside a transaction; *more: it was not all. */
static bool seal_some(GeoDay *day, int64_t until_ms, bool *more, GError **error)
{
    g_autoptr(GArray) fixes =
        g_array_sized_new(FALSE, FALSE, sizeof(GeoSealFix), (guint)CLAMP(day->n_hot, 16, 3000000));
    int64_t seq = 0, id;
    if (!geo_day_roll(day, error))
        return false;
    uint32_t known = geo_roll_n(day->roll);
    if (!take_hot(day, until_ms, fixes, &seq, error) ||
        !geo_db_scalar(day->db, "SELECT coalesce(max(id), 0) + 1 FROM block", 1, &id, error))
        return false;
    if (fixes->len > 0) {
        g_autoptr(GeoSealBlock) block = geo_seal_block_new((GeoSealFix *)(void *)fixes->data,
                                                           fixes->len, geo_roll_n(day->roll));
        if (!put_units(day, known, error) || !put_block(day, block, id, error))
            return false;
    }
    *more = fixes->len >= GEO_DAY_HOT_FIXES;
    return drop_hot(day, until_ms, seq, error) && count_hot(day, error);
}

static bool shrink(GeoDay *day, GError **error)
{
    geo_db_set_migrating(day->db, true);
    bool ok = geo_db_run(day->db, "PRAGMA incremental_vacuum", error);
    geo_db_set_migrating(day->db, false);
    return ok;
}

bool geo_day_seal(GeoDay *day, int64_t now_ms, bool over, GError **error)
{
    g_return_val_if_fail(day->writes, false);
    bool more, all = over || day->n_hot >= GEO_DAY_HOT_FIXES;
    int64_t until_ms = all ? INT64_MAX : now_ms - GEO_DAY_LIVE_MS;
    do {
        if (!geo_db_begin(day->db, error))
            return false;
        if (!seal_some(day, until_ms, &more, error) || !geo_db_commit(day->db, error)) {
            geo_db_rollback(day->db);
            g_clear_pointer(&day->roll, geo_roll_free); /* it knows units that nobody has written */
            count_hot(day, NULL);
            return false;
        }
    } while (more);
    return !over || shrink(day, error);
}
