/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

#include "tests/bench/tracks-peers.h"

#define BIN "/usr/lib/postgresql/15/bin/"

struct PeerPostgis {
    PGconn *connection;
    char *folder, *version;
    GByteArray *rows;
};

/* ---- the server: it refuses to run as root ---- */

static bool run(const char *const *words)
{
    g_autoptr(GPtrArray) argv = g_ptr_array_new();
    if (geteuid() == 0) {
        static const char *const as[] = {"setpriv", "--reuid=postgres", "--regid=postgres",
                                         "--clear-groups", NULL};
        for (size_t i = 0; as[i]; i++)
            g_ptr_array_add(argv, (gpointer)as[i]);
    }
    for (size_t i = 0; words[i]; i++)
        g_ptr_array_add(argv, (gpointer)words[i]);
    g_ptr_array_add(argv, NULL);
    int status = -1;
    return g_spawn_sync("/", (char **)argv->pdata, NULL,
                        G_SPAWN_SEARCH_PATH | G_SPAWN_STDOUT_TO_DEV_NULL |
                            G_SPAWN_STDERR_TO_DEV_NULL,
                        NULL, NULL, NULL, NULL, &status, NULL) &&
           g_spawn_check_wait_status(status, NULL);
}

static bool start_server(const char *folder)
{
    g_autofree char *data = g_build_filename(folder, "data", NULL);
    g_autofree char *log = g_build_filename(folder, "log", NULL);
    g_autofree char *options = g_strdup_printf(
        "-c listen_addresses= -c unix_socket_directories=%s -c shared_buffers=1GB -c jit=off"
        " -c max_wal_size=8GB -c maintenance_work_mem=512MB",
        folder);
    const char *const initdb[] = {BIN "initdb", "-D",          data, "-A",   "trust",     "-U",
                                  "bench",      "--no-locale", "-E", "UTF8", "--no-sync", NULL};
    const char *const start[] = {BIN "pg_ctl", "-D",    data,    "-l", log,
                                 "-o",         options, "start", "-w", NULL};
    return run(initdb) && run(start);
}

static bool give_away(const char *folder)
{
    const struct passwd *user = geteuid() == 0 ? getpwnam("postgres") : NULL;
    return geteuid() != 0 || (user && chown(folder, user->pw_uid, user->pw_gid) == 0);
}

static bool command(PeerPostgis *peer, const char *sql)
{
    PGresult *result = PQexec(peer->connection, sql);
    bool ok =
        PQresultStatus(result) == PGRES_COMMAND_OK || PQresultStatus(result) == PGRES_TUPLES_OK;
    if (!ok)
        g_printerr("%s", PQerrorMessage(peer->connection));
    PQclear(result);
    return ok;
}

static char *scalar(PeerPostgis *peer, const char *sql)
{
    PGresult *result = PQexec(peer->connection, sql);
    char *text = PQntuples(result) == 1 ? g_strdup(PQgetvalue(result, 0, 0)) : NULL;
    PQclear(result);
    return text;
}

bool peer_postgis_make_indexes(PeerPostgis *peer)
{
    return command(peer, "CREATE INDEX fix_unit ON fix (unit_id, at_ms)") &&
           command(peer, "CREATE INDEX fix_geom ON fix USING gist (geom)") &&
           command(peer, "CREATE INDEX fix_at ON fix USING brin (at_ms)");
}

bool peer_postgis_drop_indexes(PeerPostgis *peer)
{
    return command(peer, "DROP INDEX fix_unit, fix_geom, fix_at");
}

static bool make_table(PeerPostgis *peer)
{
    return command(peer, "CREATE EXTENSION postgis") &&
           command(peer, "CREATE TABLE fix (unit_id int8 NOT NULL, at_ms int8 NOT NULL,"
                         " speed real, heading real, accuracy real,"
                         " geom geometry(Point, 4326) NOT NULL)") &&
           peer_postgis_make_indexes(peer);
}

static bool prepare(PeerPostgis *peer)
{
    static const char *const sql[2][2] = {
        /* && alone compares in 32 bits: the point itself is looked at after the index */
        {"in_box", "SELECT unit_id, at_ms, ST_X(geom), ST_Y(geom) FROM fix WHERE geom &&"
                   " ST_MakeEnvelope($1, $2, $3, $4, 4326) AND at_ms >= $5 AND at_ms < $6"
                   " AND ST_X(geom) BETWEEN $1 AND $3 AND ST_Y(geom) BETWEEN $2 AND $4"},
        {"of_unit", "SELECT unit_id, at_ms, ST_X(geom), ST_Y(geom) FROM fix WHERE unit_id = $1"
                    " AND at_ms >= $2 AND at_ms < $3 ORDER BY at_ms"}};
    bool ok = true;
    for (int i = 0; i < 2 && ok; i++) {
        PGresult *result = PQprepare(peer->connection, sql[i][0], sql[i][1], 0, NULL);
        ok = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    return ok;
}

PeerPostgis *peer_postgis_start(char **why)
{
    PeerPostgis *peer = g_new0(PeerPostgis, 1);
    peer->folder = g_dir_make_tmp("gridbeat-pg-XXXXXX", NULL);
    peer->rows = g_byte_array_new();
    *why = NULL;
    if (g_access(BIN "initdb", X_OK) != 0)
        *why = g_strdup("postgresql-15 is not installed");
    else if (!give_away(peer->folder) || !start_server(peer->folder))
        *why = g_strdup("its server does not start");
    if (*why) {
        peer_postgis_stop(peer);
        return NULL;
    }
    g_autofree char *to = g_strdup_printf("host=%s user=bench dbname=postgres", peer->folder);
    peer->connection = PQconnectdb(to);
    if (PQstatus(peer->connection) != CONNECTION_OK)
        *why = g_strdup("no connection to its server");
    else if (!make_table(peer) || !prepare(peer))
        *why = g_strdup("postgresql-15-postgis-3 is not installed");
    if (*why) {
        peer_postgis_stop(peer);
        return NULL;
    }
    g_autofree char *server = scalar(peer, "SHOW server_version");
    g_autofree char *gis = scalar(peer, "SELECT postgis_lib_version()");
    peer->version =
        g_strdup_printf("postgis %s, postgresql %.*s", gis, (int)strcspn(server, " "), server);
    return peer;
}

static void remove_tree(const char *path)
{
    g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
    const char *name;
    while (dir && (name = g_dir_read_name(dir))) {
        g_autofree char *inner = g_build_filename(path, name, NULL);
        if (g_file_test(inner, G_FILE_TEST_IS_DIR) && !g_file_test(inner, G_FILE_TEST_IS_SYMLINK))
            remove_tree(inner);
        g_unlink(inner);
    }
    g_rmdir(path);
}

void peer_postgis_stop(PeerPostgis *peer)
{
    g_autofree char *data = g_build_filename(peer->folder, "data", NULL);
    const char *const stop[] = {BIN "pg_ctl", "-D", data, "-m", "fast", "-w", "stop", NULL};
    if (peer->connection)
        PQfinish(peer->connection);
    if (g_file_test(data, G_FILE_TEST_IS_DIR))
        run(stop);
    remove_tree(peer->folder);
    g_byte_array_unref(peer->rows);
    g_free(peer->folder);
    g_free(peer->version);
    g_free(peer);
}

const char *peer_postgis_version(const PeerPostgis *peer)
{
    return peer->version;
}

/* ---- COPY in binary: lengths and big-endian values ---- */

static void put_16(GByteArray *rows, guint16 value)
{
    value = GUINT16_TO_BE(value);
    g_byte_array_append(rows, (const guint8 *)&value, 2);
}

static void put_32(GByteArray *rows, guint32 value)
{
    value = GUINT32_TO_BE(value);
    g_byte_array_append(rows, (const guint8 *)&value, 4);
}

static void put_64(GByteArray *rows, guint64 value)
{
    put_32(rows, 8);
    value = GUINT64_TO_BE(value);
    g_byte_array_append(rows, (const guint8 *)&value, 8);
}

static void put_float(GByteArray *rows, float value)
{
    guint32 bits;
    memcpy(&bits, &value, 4);
    put_32(rows, 4);
    put_32(rows, bits);
}

/* Little-endian EWKB with SRID 4326. */
static void put_point(GByteArray *rows, double lon, double lat)
{
    static const guint8 head[9] = {1, 1, 0, 0, 0x20, 0xe6, 0x10, 0, 0};
    put_32(rows, 25);
    g_byte_array_append(rows, head, sizeof head);
    g_byte_array_append(rows, (const guint8 *)&lon, 8);
    g_byte_array_append(rows, (const guint8 *)&lat, 8);
}

static void fill_rows(GByteArray *rows, const GeoFix *fixes, size_t n)
{
    static const guint8 signature[19] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0";
    g_byte_array_set_size(rows, 0);
    g_byte_array_append(rows, signature, sizeof signature);
    for (size_t i = 0; i < n; i++) {
        put_16(rows, 6);
        put_64(rows, (guint64)fixes[i].unit_id);
        put_64(rows, (guint64)fixes[i].at_ms);
        put_float(rows, fixes[i].speed_mps);
        put_float(rows, fixes[i].heading_deg);
        put_float(rows, fixes[i].accuracy_m);
        put_point(rows, fixes[i].lon, fixes[i].lat);
    }
    put_16(rows, G_MAXUINT16);
}

bool peer_postgis_ingest(PeerPostgis *peer, const GeoFix *fixes, size_t n)
{
    fill_rows(peer->rows, fixes, n);
    PGresult *result = PQexec(peer->connection, "COPY fix FROM STDIN (FORMAT binary)");
    bool ok = PQresultStatus(result) == PGRES_COPY_IN;
    PQclear(result);
    ok = ok &&
         PQputCopyData(peer->connection, (const char *)peer->rows->data, (int)peer->rows->len) ==
             1 &&
         PQputCopyEnd(peer->connection, NULL) == 1;
    while ((result = PQgetResult(peer->connection))) {
        ok = ok && PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
    }
    return ok;
}

double peer_postgis_bytes(PeerPostgis *peer)
{
    command(peer, "VACUUM ANALYZE fix");
    g_autofree char *text = scalar(peer, "SELECT pg_total_relation_size('fix')");
    return text ? g_ascii_strtod(text, NULL) : 0;
}

/* ---- questions ---- */

static int ask(PeerPostgis *peer, const char *name, int n, const char *const *values)
{
    PGresult *result = PQexecPrepared(peer->connection, name, n, values, NULL, NULL, 1);
    int rows = PQresultStatus(result) == PGRES_TUPLES_OK ? PQntuples(result) : -1;
    PQclear(result);
    return rows;
}

int peer_postgis_window(PeerPostgis *peer, const GeoBounds *box, int64_t from_ms, int64_t to_ms)
{
    const double corners[4] = {box->west, box->south, box->east, box->north};
    char texts[6][G_ASCII_DTOSTR_BUF_SIZE];
    const char *values[6];
    for (int i = 0; i < 4; i++)
        g_ascii_dtostr(texts[i], sizeof texts[i], corners[i]);
    g_snprintf(texts[4], sizeof texts[4], "%" G_GINT64_FORMAT, from_ms);
    g_snprintf(texts[5], sizeof texts[5], "%" G_GINT64_FORMAT, to_ms);
    for (int i = 0; i < 6; i++)
        values[i] = texts[i];
    return ask(peer, "in_box", 6, values);
}

int peer_postgis_unit(PeerPostgis *peer, int64_t unit_id, int64_t from_ms, int64_t to_ms)
{
    const int64_t numbers[3] = {unit_id, from_ms, to_ms};
    char texts[3][32];
    const char *values[3];
    for (int i = 0; i < 3; i++) {
        g_snprintf(texts[i], sizeof texts[i], "%" G_GINT64_FORMAT, numbers[i]);
        values[i] = texts[i];
    }
    return ask(peer, "of_unit", 3, values);
}
