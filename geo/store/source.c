/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/source.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>

#include "geo/model/error.h"
#include "geo/store/archive.h"
#include "geo/store/csv.h"
#include "geo/store/encoding.h"
#include "geo/store/inspect.h"
#include "geo/store/ogr.h"

#define MAX_TEXT_BYTES (UINT64_C(1) << 30) /* CSV and JSON are held in memory */
#define MAX_FILE_BYTES (UINT64_C(16) << 30)

struct GeoSource {
    char *path, *base;
    GeoFormat format;
    char *folder;     /* temporary, with unpacked or converted files; NULL */
    GPtrArray *files; /* char *, in folder, removed with it */
    const char *rows; /* what the library reads: path, or one of files */
    const char *encoding;
    char *declared; /* encoding that a shapefile declares or that was asked for; NULL */
    GeoCsv *csv;
    GeoOgr *ogr;
};

/* ---- the file itself ---- */

/* An existing regular file of this machine; a symbolic link to one will do. */
static bool check_file(const char *path, uint64_t *size, GError **error)
{
    struct stat status;
    if (strstr(path, "://") || g_str_has_prefix(path, "/vsi")) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%.120s' is no local file: nothing is fetched or opened by a driver's name",
                    path);
        return false;
    }
    if (stat(path, &status) != 0) {
        g_set_error(error, GEO_ERROR, errno == ENOENT ? GEO_ERROR_MISSING : GEO_ERROR_IO,
                    "cannot read '%.300s': %s", path, g_strerror(errno));
        return false;
    }
    const char *why = S_ISDIR(status.st_mode)                     ? "it is a directory"
                      : !S_ISREG(status.st_mode)                  ? "it is no regular file"
                      : status.st_size == 0                       ? "it is empty"
                      : (uint64_t)status.st_size > MAX_FILE_BYTES ? "it is larger than 16 GiB"
                                                                  : NULL;
    if (why) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "cannot read '%.300s': %s", path, why);
        return false;
    }
    *size = (uint64_t)status.st_size;
    return true;
}

static char *temporary_path(GeoSource *source, const char *name, GError **error)
{
    if (!source->folder)
        source->folder = g_dir_make_tmp("gridbeat-XXXXXX", error);
    if (!source->folder)
        return NULL;
    char *path = g_build_filename(source->folder, name, NULL);
    g_ptr_array_add(source->files, path);
    return path;
}

static GMappedFile *map_file(const char *path, GError **error)
{
    g_autoptr(GError) bad = NULL;
    GMappedFile *map = g_mapped_file_new(path, FALSE, &bad);
    if (!map)
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "%s", bad->message);
    return map;
}

/* ---- packed files ---- */

/* The one entry of a zip that holds rows; files that lie beside a .shp are found by its stem. */
static const GeoArchiveEntry *find_rows(const GArray *entries, GError **error)
{
    const GeoArchiveEntry *found = NULL;
    for (guint i = 0; i < entries->len; i++) {
        const GeoArchiveEntry *entry = &g_array_index(entries, GeoArchiveEntry, i);
        if (g_str_has_prefix(entry->name, "__MACOSX/") || !geo_inspect_has_rows(entry->name))
            continue;
        if (found) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "holds several layers ('%.60s', '%.60s'): unpack it and name one",
                        found->name, entry->name);
            return NULL;
        }
        found = entry;
    }
    if (!found)
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "holds no file of a format we read");
    return found;
}

static char *extract(GeoSource *source, const uint8_t *bytes, size_t n,
                     const GeoArchiveEntry *entry, const char *ending, GError **error)
{
    g_autofree char *name = g_strconcat("layer", ending, NULL);
    char *path = temporary_path(source, name, error);
    return path && geo_archive_extract(bytes, n, entry, path, error) ? path : NULL;
}

static bool extract_siblings(GeoSource *source, const uint8_t *bytes, size_t n,
                             const GArray *entries, const char *shp, GError **error)
{
    static const char *const endings[] = {".shx", ".dbf", ".prj", ".cpg"};
    size_t stem = strlen(shp) - 4;
    for (guint i = 0; i < entries->len; i++) {
        const GeoArchiveEntry *entry = &g_array_index(entries, GeoArchiveEntry, i);
        for (size_t k = 0; k < G_N_ELEMENTS(endings); k++)
            if (strlen(entry->name) == stem + 4 && !strncmp(entry->name, shp, stem) &&
                !g_ascii_strcasecmp(entry->name + stem, endings[k]) &&
                !extract(source, bytes, n, entry, endings[k], error))
                return false;
    }
    return true;
}

/* The unpacked rows of a zip; borrowed from files. */
static char *unzip(GeoSource *source, const uint8_t *bytes, size_t n, GError **error)
{
    GArray *entries = geo_archive_list(bytes, n, error);
    const GeoArchiveEntry *rows = entries ? find_rows(entries, error) : NULL;
    char *path = NULL;
    if (rows) {
        g_autofree char *ending = geo_inspect_ending(rows->name);
        path = extract(source, bytes, n, rows, ending, error);
        if (path && !strcmp(ending, ".shp") &&
            !extract_siblings(source, bytes, n, entries, rows->name, error))
            path = NULL;
    }
    geo_archive_entries_free(entries);
    return path;
}

/* Unpacks what is packed; path becomes the file with the rows, borrowed. */
static bool unpack(GeoSource *source, const char **path, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(source->base, -1);
    bool gz = g_str_has_suffix(lower, ".gz"), zst = g_str_has_suffix(lower, ".zst");
    bool zip = g_str_has_suffix(lower, ".zip");
    if (!gz && !zst && !zip)
        return true;
    GMappedFile *map = map_file(*path, error);
    if (!map)
        return false;
    const uint8_t *bytes = (const uint8_t *)g_mapped_file_get_contents(map);
    size_t n = g_mapped_file_get_length(map);
    char *unpacked = NULL;
    if (zip) {
        unpacked = unzip(source, bytes, n, error);
    } else {
        g_autofree char *stem = g_strndup(lower, strlen(lower) - (gz ? 3 : 4));
        g_autofree char *ending = geo_inspect_ending(stem);
        g_autofree char *name = g_strconcat("rows", ending, NULL);
        unpacked = temporary_path(source, name, error);
        bool ok =
            unpacked && (gz ? geo_archive_gunzip(bytes, n, unpacked, MAX_FILE_BYTES / 4, error)
                            : geo_archive_unzstd(bytes, n, unpacked, MAX_FILE_BYTES / 4, error));
        unpacked = ok ? unpacked : NULL;
    }
    g_mapped_file_unref(map);
    *path = unpacked;
    return unpacked != NULL;
}

/* ---- formats ---- */

static char *read_text(const char *path, const char *encoding, const char **used, size_t *n,
                       GError **error)
{
    GMappedFile *map = map_file(path, error);
    if (!map)
        return NULL;
    char *text = NULL;
    if (g_mapped_file_get_length(map) > MAX_TEXT_BYTES)
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "a text larger than 1 GiB: split it");
    else
        text = geo_encoding_to_utf8(g_mapped_file_get_contents(map), g_mapped_file_get_length(map),
                                    encoding, used, n, error);
    g_mapped_file_unref(map);
    return text;
}

static bool open_csv(GeoSource *source, const char *path, const char *encoding, GError **error)
{
    size_t n;
    char *text = read_text(path, encoding, &source->encoding, &n, error);
    source->csv = text ? geo_csv_new(text, n, error) : NULL;
    return source->csv != NULL;
}

/* JSON is judged by us first, then read by GDAL from a UTF-8 copy where it was in anything else. */
static bool open_json(GeoSource *source, const char *path, const char *encoding, GError **error)
{
    size_t n;
    GeoJsonScan scan;
    g_autofree char *text = read_text(path, encoding, &source->encoding, &n, error);
    if (!text || !geo_jsonscan(text, n, &scan, error) ||
        !geo_inspect_json(&scan, &source->format, error))
        return false;
    bool copy = strcmp(source->encoding, "UTF-8") || (guchar)text[0] != '{';
    const char *from = path;
    if (copy) {
        char *converted = temporary_path(source, "utf8.json", error);
        if (!converted || !g_file_set_contents(converted, text, (gssize)n, error))
            return false;
        from = converted;
    }
    static const char *const options[] = {"ARRAY_AS_STRING=YES", "NATIVE_DATA=NO", NULL};
    bool topo = source->format == GEO_FORMAT_TOPOJSON;
    source->ogr = geo_ogr_open(from, topo ? "TopoJSON" : "GeoJSON", topo ? NULL : options, error);
    return source->ogr != NULL;
}

/* Texts of a .dbf are in what its .cpg says; without one they are looked at. */
static bool open_shapefile(GeoSource *source, const char *path, const char *encoding,
                           GError **error)
{
    g_autofree char *guessed = NULL;
    if (!geo_inspect_shapefile(path, encoding ? NULL : &guessed, error))
        return false;
    const char *used = encoding ? encoding : guessed;
    g_autofree char *option = used ? g_strconcat("ENCODING=", used, NULL) : NULL;
    const char *options[] = {option, NULL};
    source->declared = g_strdup(used ? used : "the declared encoding");
    source->encoding = source->declared;
    source->ogr = geo_ogr_open(path, "ESRI Shapefile", option ? options : NULL, error);
    return source->ogr != NULL;
}

static bool open_library(GeoSource *source, const char *path, GError **error)
{
    static const char *const gpkg_options[] = {"LIST_ALL_TABLES=NO", NULL};
    source->encoding = "UTF-8";
    if (source->format == GEO_FORMAT_GPKG && !geo_inspect_gpkg(path, error))
        return false;
    if (source->format == GEO_FORMAT_XLSX && !geo_inspect_xlsx(path, error))
        return false;
    source->ogr = geo_ogr_open(path, geo_format_words[source->format],
                               source->format == GEO_FORMAT_GPKG ? gpkg_options : NULL, error);
    return source->ogr != NULL;
}

static bool open_format(GeoSource *source, const char *path, const char *encoding, GError **error)
{
    if (!geo_inspect(path, &source->format, error))
        return false;
    switch (source->format) {
    case GEO_FORMAT_CSV:
        return open_csv(source, path, encoding, error);
    case GEO_FORMAT_GEOJSON:
    case GEO_FORMAT_TOPOJSON:
        return open_json(source, path, encoding, error);
    case GEO_FORMAT_SHAPEFILE:
        return open_shapefile(source, path, encoding, error);
    default:
        return open_library(source, path, error);
    }
}

GeoSource *geo_source_open(const char *path, const char *encoding, GError **error)
{
    uint64_t size;
    if (!check_file(path, &size, error))
        return NULL;
    g_autoptr(GeoSource) source = g_new0(GeoSource, 1);
    /* absolute, so that no library takes the name for an option or a scheme */
    source->path = g_canonicalize_filename(path, NULL);
    source->base = g_path_get_basename(source->path);
    source->files = g_ptr_array_new_with_free_func(g_free);
    source->rows = source->path;
    if (unpack(source, &source->rows, error) && open_format(source, source->rows, encoding, error))
        return g_steal_pointer(&source);
    g_prefix_error(error, "cannot read '%s': ", source->base);
    return NULL;
}

void geo_source_free(GeoSource *source)
{
    if (!source)
        return;
    geo_csv_free(source->csv);
    geo_ogr_free(source->ogr);
    for (guint i = 0; i < source->files->len; i++)
        g_unlink(g_ptr_array_index(source->files, i));
    if (source->folder)
        g_rmdir(source->folder);
    g_ptr_array_unref(source->files);
    g_free(source->folder);
    g_free(source->declared);
    g_free(source->path);
    g_free(source->base);
    g_free(source);
}

const char *geo_source_format(const GeoSource *source)
{
    return geo_format_words[source->format];
}

const char *geo_source_encoding(const GeoSource *source)
{
    return source->encoding;
}

const char *geo_source_base(const GeoSource *source)
{
    return source->base;
}

char *geo_source_dup_hash(const GeoSource *source, GError **error)
{
    GMappedFile *map = map_file(source->path, error);
    if (!map)
        return NULL;
    char *hash =
        g_compute_checksum_for_data(G_CHECKSUM_SHA256, (guchar *)g_mapped_file_get_contents(map),
                                    g_mapped_file_get_length(map));
    g_mapped_file_unref(map);
    return hash;
}

size_t geo_source_n_layers(const GeoSource *source)
{
    return source->csv ? 1 : geo_ogr_n_layers(source->ogr);
}

const char *geo_source_layer_name(const GeoSource *source, size_t layer)
{
    return source->csv ? source->base : geo_ogr_layer_name(source->ogr, layer);
}

const char *const *geo_source_columns(const GeoSource *source, size_t layer, size_t *n)
{
    return source->csv ? geo_csv_columns(source->csv, n) : geo_ogr_columns(source->ogr, layer, n);
}

const char *geo_source_crs(const GeoSource *source, size_t layer)
{
    return source->csv ? NULL : geo_ogr_crs(source->ogr, layer);
}

static int next_of_csv(GeoSource *source, GeoSourceRow *row, GError **error)
{
    *row = (GeoSourceRow){0};
    return geo_csv_next(source->csv, &row->values, &row->n_values, &row->line, error);
}

int geo_source_next(GeoSource *source, GeoSourceRow *row, GError **error)
{
    int more =
        source->csv ? next_of_csv(source, row, error) : geo_ogr_next(source->ogr, row, error);
    if (more < 0)
        g_prefix_error(error, "cannot read '%s': ", source->base);
    return more;
}

bool geo_source_read_osm(GeoSource *source, unsigned sorts, GeoOsmTake take, void *user,
                         GeoProgress *progress, GError **error)
{
    g_return_val_if_fail(source->format == GEO_FORMAT_OSM, false);
    if (geo_osm_read(source->rows, sorts, take, user, progress, error))
        return true;
    g_prefix_error(error, "cannot read '%s': ", source->base);
    return false;
}

void geo_source_rewind(GeoSource *source)
{
    if (source->csv)
        geo_csv_rewind(source->csv);
    else
        geo_ogr_rewind(source->ogr);
}

double geo_source_share(const GeoSource *source)
{
    return source->csv ? geo_csv_share(source->csv) : geo_ogr_share(source->ogr);
}
