/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/inspect.h"

#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "geo/model/error.h"
#include "geo/store/archive.h"
#include "geo/store/encoding.h"

#define HEAD_BYTES 4096
#define DBF_SAMPLE_BYTES (1 << 20)
#define SQL_STEPS 1000      /* virtual machine steps between looks at the count below */
#define MAX_SQL_LOOKS 20000 /* about a second of looking at a database's table of contents */
#define MAX_SQL_LENGTH 4000000

const char *const geo_format_words[] = {
    "CSV", "GeoJSON", "TopoJSON", "ESRI Shapefile", "GPKG", "XLSX", "OSM", "GPX", NULL};

typedef struct {
    const char *ending;
    GeoFormat format;
} Ending;

/* Longer endings first. */
static const Ending endings[] = {
    {".osm.pbf", GEO_FORMAT_OSM},     {".topojson", GEO_FORMAT_TOPOJSON},
    {".geojson", GEO_FORMAT_GEOJSON}, {".json", GEO_FORMAT_GEOJSON},
    {".csv", GEO_FORMAT_CSV},         {".tsv", GEO_FORMAT_CSV},
    {".txt", GEO_FORMAT_CSV},         {".shp", GEO_FORMAT_SHAPEFILE},
    {".gpkg", GEO_FORMAT_GPKG},       {".xlsx", GEO_FORMAT_XLSX},
    {".osm", GEO_FORMAT_OSM},         {".pbf", GEO_FORMAT_OSM},
    {".gpx", GEO_FORMAT_GPX},
};

static const Ending *find_ending(const char *name)
{
    g_autofree char *lower = g_ascii_strdown(name, -1);
    for (size_t i = 0; i < G_N_ELEMENTS(endings); i++)
        if (g_str_has_suffix(lower, endings[i].ending))
            return &endings[i];
    return NULL;
}

bool geo_inspect_has_rows(const char *name)
{
    return find_ending(name) != NULL;
}

char *geo_inspect_ending(const char *name)
{
    const Ending *found = find_ending(name);
    return g_strdup(found ? found->ending : "");
}

static bool refuse(GError **error, const char *why)
{
    g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA, why);
    return false;
}

/* ---- first bytes ---- */

static size_t read_head(const char *path, uint8_t head[HEAD_BYTES])
{
    FILE *file = fopen(path, "rbe");
    size_t n = file ? fread(head, 1, HEAD_BYTES, file) : 0;
    if (file)
        fclose(file);
    return n;
}

static bool begins(const uint8_t *head, size_t n, const char *magic, size_t n_magic)
{
    return n >= n_magic && !memcmp(head, magic, n_magic);
}

static bool is_pbf(const uint8_t *head, size_t n)
{
    return n > 15 && head[0] == 0 && head[1] == 0 && head[4] == 0x0a && head[5] == 9 &&
           !memcmp(head + 6, "OSMHeader", 9);
}

/* Entities of a document type are how XML bombs are made; none of our formats needs one. */
static bool check_xml(const uint8_t *head, size_t n, const char *root, GError **error)
{
    g_autofree char *text = g_strndup((const char *)head, n);
    if (strstr(text, "<!DOCTYPE") || strstr(text, "<!ENTITY"))
        return refuse(error, "line 1: an XML file with a document type of its own is refused");
    return strstr(text, root) || refuse(error, "line 1: not the XML that its name promises");
}

static bool check_magic(GeoFormat format, const uint8_t *head, size_t n, GError **error)
{
    switch (format) {
    case GEO_FORMAT_SHAPEFILE:
        return begins(head, n, "\0\0\x27\x0a", 4) ||
               refuse(error, "its first bytes are not those of a shapefile");
    case GEO_FORMAT_GPKG:
        return begins(head, n, "SQLite format 3", 16) ||
               refuse(error, "its first bytes are not those of a GeoPackage");
    case GEO_FORMAT_XLSX:
        return begins(head, n, "PK\3\4", 4) ||
               refuse(error, "its first bytes are not those of a workbook (.xlsx)");
    case GEO_FORMAT_OSM:
        return is_pbf(head, n) || check_xml(head, n, "<osm", error);
    case GEO_FORMAT_GPX:
        return check_xml(head, n, "<gpx", error);
    default:
        if (begins(head, n, "SQLite format 3", 16) || begins(head, n, "PK\3\4", 4))
            return refuse(error, "its first bytes are not those of a text");
        return true;
    }
}

bool geo_inspect(const char *path, GeoFormat *format, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(path, -1);
    if (g_str_has_suffix(lower, ".mbtiles"))
        return refuse(error, "map tiles (.mbtiles) are pictures, not rows: nothing to import");
    const Ending *found = find_ending(path);
    if (!found)
        return refuse(error, "unknown format; known are .shp (and .zip of one), .geojson, .json, "
                             ".topojson, .gpkg, .csv, .xlsx, .osm, .pbf, .gpx, and .gz, .zst");
    uint8_t head[HEAD_BYTES];
    size_t n = read_head(path, head);
    if (n == 0)
        return refuse(error, "it is empty");
    *format = found->format;
    return check_magic(found->format, head, n, error);
}

bool geo_inspect_json(const GeoJsonScan *scan, GeoFormat *format, GError **error)
{
    static const char *const known[] = {"FeatureCollection", "Feature",      "Point",
                                        "MultiPoint",        "LineString",   "MultiLineString",
                                        "Polygon",           "MultiPolygon", "GeometryCollection"};
    if (scan->linked_crs)
        return refuse(error, "its \"crs\" is a link: nothing is fetched; name it with --crs");
    if (!strcmp(scan->type, "Topology")) {
        *format = GEO_FORMAT_TOPOJSON;
        return true;
    }
    *format = GEO_FORMAT_GEOJSON;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++)
        if (!strcmp(scan->type, known[i]))
            return true;
    if (!*scan->type)
        return refuse(error, "line 1: its root has no \"type\", so it is neither GeoJSON nor "
                             "TopoJSON");
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "line 1: its root's \"type\" is '%.31s', which is neither GeoJSON nor TopoJSON",
                scan->type);
    return false;
}

/* ---- shapefiles ---- */

static char *sibling(const char *path, const char *ending)
{
    g_autofree char *stem = g_strndup(path, strlen(path) - 4);
    g_autofree char *upper = g_ascii_strup(ending, -1);
    char *found = g_strconcat(stem, ending, NULL);
    if (g_file_test(found, G_FILE_TEST_EXISTS))
        return found;
    g_free(found);
    found = g_strconcat(stem, upper, NULL);
    if (g_file_test(found, G_FILE_TEST_EXISTS))
        return found;
    g_free(found);
    return NULL;
}

/* The likely encoding of a .dbf's texts, from its first megabyte behind the header. */
static char *guess_dbf(const char *path)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return NULL;
    uint8_t head[32];
    char *guess = NULL;
    if (fread(head, 1, 32, file) == 32 &&
        fseek(file, (long)(head[8] | head[9] << 8), SEEK_SET) == 0) {
        g_autofree char *sample = g_malloc(DBF_SAMPLE_BYTES);
        size_t n = fread(sample, 1, DBF_SAMPLE_BYTES, file);
        guess = g_strdup(geo_encoding_guess(sample, n, false));
    }
    fclose(file);
    return guess;
}

bool geo_inspect_shapefile(const char *path, char **encoding, GError **error)
{
    static const char *const parts[] = {".dbf", ".shx", ".prj", ".cpg"};
    for (size_t i = 0; i < G_N_ELEMENTS(parts); i++) {
        g_autofree char *found = sibling(path, parts[i]);
        if (!found && i < 2) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "its %s file is missing beside it",
                        parts[i]);
            return false;
        }
        struct stat status;
        if (found && (stat(found, &status) != 0 || !S_ISREG(status.st_mode))) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "its %s file is no regular file",
                        parts[i]);
            return false;
        }
        if (i == 0 && encoding)
            *encoding = guess_dbf(found);
        if (i == 3 && found && encoding)
            g_clear_pointer(encoding, g_free);
    }
    return true;
}

/* ---- databases ---- */

static int count_looks(void *looks)
{
    return ++*(int *)looks > MAX_SQL_LOOKS;
}

static sqlite3 *open_hardened(const char *path, int *looks)
{
    sqlite3 *db = NULL;
    if (sqlite3_open_v2(path, &db, SQLITE_OPEN_READONLY | SQLITE_OPEN_NOMUTEX, NULL) != SQLITE_OK) {
        sqlite3_close(db);
        return NULL;
    }
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
    sqlite3_limit(db, SQLITE_LIMIT_LENGTH, MAX_SQL_LENGTH);
    sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
    sqlite3_progress_handler(db, SQL_STEPS, count_looks, looks);
    return db;
}

/* The one number of a query; false when it cannot be run. */
static bool ask(sqlite3 *db, const char *sql, int64_t *number)
{
    sqlite3_stmt *statement = NULL;
    bool ok = sqlite3_prepare_v2(db, sql, -1, &statement, NULL) == SQLITE_OK &&
              sqlite3_step(statement) == SQLITE_ROW;
    if (ok)
        *number = sqlite3_column_int64(statement, 0);
    sqlite3_finalize(statement);
    return ok;
}

static const char *judge_gpkg(sqlite3 *db)
{
    static const char SQL_CONTENTS[] = "SELECT count(*) FROM sqlite_master WHERE name IN "
                                       "('gpkg_contents', 'gpkg_spatial_ref_sys') "
                                       "AND type = 'table'";
    static const char SQL_VIEWS[] =
        "SELECT count(*) FROM gpkg_contents c JOIN sqlite_master m ON lower(m.name) = "
        "lower(c.table_name) WHERE m.type <> 'table' OR m.sql LIKE 'CREATE VIRTUAL%'";
    static const char SQL_SOUND[] = "PRAGMA quick_check(1)";
    int64_t number;
    sqlite3_stmt *statement = NULL;
    if (!ask(db, SQL_CONTENTS, &number))
        return "it is a damaged database";
    if (number < 2)
        return "it is a database of another program, not a GeoPackage";
    if (!ask(db, SQL_VIEWS, &number))
        return "it is a damaged GeoPackage";
    if (number > 0)
        return "a layer of it is a view: only tables are read of a foreign database";
    bool sound = sqlite3_prepare_v2(db, SQL_SOUND, -1, &statement, NULL) == SQLITE_OK &&
                 sqlite3_step(statement) == SQLITE_ROW &&
                 !strcmp((const char *)sqlite3_column_text(statement, 0), "ok");
    sqlite3_finalize(statement);
    return sound ? NULL : "it is a damaged GeoPackage";
}

bool geo_inspect_gpkg(const char *path, GError **error)
{
    int looks = 0;
    sqlite3 *db = open_hardened(path, &looks);
    const char *why = db ? judge_gpkg(db) : "it cannot be opened as a database";
    sqlite3_close(db);
    return !why || refuse(error, why);
}

bool geo_inspect_xlsx(const char *path, GError **error)
{
    GMappedFile *map = g_mapped_file_new(path, FALSE, NULL);
    if (!map)
        return refuse(error, "it cannot be read");
    GArray *entries = geo_archive_list((const uint8_t *)g_mapped_file_get_contents(map),
                                       g_mapped_file_get_length(map), error);
    bool workbook = false;
    for (guint i = 0; entries && i < entries->len; i++)
        workbook |= !strcmp(g_array_index(entries, GeoArchiveEntry, i).name, "xl/workbook.xml");
    if (entries && !workbook)
        refuse(error, "it is a zip without a workbook");
    geo_archive_entries_free(entries);
    g_mapped_file_unref(map);
    return workbook;
}
