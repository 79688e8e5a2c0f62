/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <string.h>

#include "tests/bench/pg-server.h"
#include "tests/bench/tracks-peers.h"

#define OPTIONS "-c max_wal_size=8GB -c maintenance_work_mem=512MB"

struct PeerPostgis {
    PgServer *server;
    char *version;
    GByteArray *rows;
};

bool peer_postgis_make_indexes(PeerPostgis *peer)
{
    return pg_server_command(peer->server, "CREATE INDEX fix_unit ON fix (unit_id, at_ms)") &&
           pg_server_command(peer->server, "CREATE INDEX fix_geom ON fix USING gist (geom)") &&
           pg_server_command(peer->server, "CREATE INDEX fix_at ON fix USING brin (at_ms)");
}

bool peer_postgis_drop_indexes(PeerPostgis *peer)
{
    return pg_server_command(peer->server, "DROP INDEX fix_unit, fix_geom, fix_at");
}

static bool make_table(PeerPostgis *peer)
{
    return pg_server_command(peer->server, "CREATE EXTENSION postgis") &&
           pg_server_command(peer->server,
                             "CREATE TABLE fix (unit_id int8 NOT NULL, at_ms int8 NOT NULL,"
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
    return pg_server_prepare(peer->server, sql[0][0], sql[0][1]) &&
           pg_server_prepare(peer->server, sql[1][0], sql[1][1]);
}

PeerPostgis *peer_postgis_start(char **why)
{
    PgServer *server = pg_server_start(OPTIONS, why);
    if (!server)
        return NULL;
    PeerPostgis *peer = g_new0(PeerPostgis, 1);
    peer->server = server;
    peer->rows = g_byte_array_new();
    if (!make_table(peer) || !prepare(peer)) {
        *why = g_strdup("postgresql-15-postgis-3 is not installed");
        peer_postgis_stop(peer);
        return NULL;
    }
    g_autofree char *version = pg_server_dup(server, "SHOW server_version");
    g_autofree char *gis = pg_server_dup(server, "SELECT postgis_lib_version()");
    peer->version =
        g_strdup_printf("postgis %s, postgresql %.*s", gis, (int)strcspn(version, " "), version);
    return peer;
}

void peer_postgis_stop(PeerPostgis *peer)
{
    pg_server_stop(peer->server);
    g_byte_array_unref(peer->rows);
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
    return pg_server_copy(peer->server, "COPY fix FROM STDIN (FORMAT binary)",
                          (const char *)peer->rows->data, peer->rows->len);
}

double peer_postgis_bytes(PeerPostgis *peer)
{
    pg_server_command(peer->server, "VACUUM ANALYZE fix");
    g_autofree char *text = pg_server_dup(peer->server, "SELECT pg_total_relation_size('fix')");
    return text ? g_ascii_strtod(text, NULL) : 0;
}

/* ---- questions ---- */

static int ask(PeerPostgis *peer, const char *name, int n, const char *const *values)
{
    PGresult *result = PQexecPrepared(peer->server->connection, name, n, values, NULL, NULL, 1);
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
