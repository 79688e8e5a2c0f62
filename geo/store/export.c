/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/export.h"

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/export-rows.h"

#define DEGREE_DECIMALS 7
#define METRE_DECIMALS 3
#define FLUSH_BYTES (1 << 20)
#define FORMULA_MARKS "=+-@\t\r"

/* ---- values ---- */

static char *dup_time(int64_t at_ms)
{
    g_autoptr(GDateTime) time = g_date_time_new_from_unix_utc(at_ms / 1000);
    return time ? g_date_time_format(time, "%Y-%m-%dT%H:%M:%SZ") : NULL;
}

char *geo_export_dup_value(const GeoRow *row, const GeoField *field)
{
    const void *at = (const char *)row + field->offset;
    char number[G_ASCII_DTOSTR_BUF_SIZE];
    switch (field->type) {
    case GEO_FIELD_INT:
        return g_strdup_printf("%" G_GINT64_FORMAT, *(const int64_t *)at);
    case GEO_FIELD_REAL:
        if (!isfinite(*(const double *)at))
            return NULL;
        return g_strdup(g_ascii_formatd(number, sizeof number, "%.10g", *(const double *)at));
    case GEO_FIELD_TIME:
        return dup_time(*(const int64_t *)at);
    case GEO_FIELD_ENUM:
        return g_strdup(field->words[*(const int *)at]);
    default:
        return g_strdup(*(const char *const *)at);
    }
}

const GeoLonLat *geo_export_part(const GeoExportRows *rows, const GeoRow *row, uint32_t k,
                                 size_t *n)
{
    const GeoLonLat *own = geo_batch_part(rows->batch, row, k, n);
    return rows->points + (own - (const GeoLonLat *)(const void *)rows->batch->points->data);
}

bool geo_export_is_outer(const GeoExportRows *rows, const GeoRow *row, uint32_t k)
{
    size_t n;
    const GeoLonLat *ring = geo_batch_part(rows->batch, row, k, &n);
    double area2 = 0;
    for (size_t i = 0; i + 1 < n; i++)
        area2 += (ring[i].lon - ring[0].lon) * (ring[i + 1].lat - ring[0].lat) -
                 (ring[i + 1].lon - ring[0].lon) * (ring[i].lat - ring[0].lat);
    return k == 0 || area2 > 0;
}

/* ---- GeoJSON ---- */

static void put_json_text(GString *out, const char *text)
{
    g_string_append_c(out, '"');
    for (const char *c = text; *c; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_printf(out, "\\%c", *c);
        else if ((unsigned char)*c < 0x20)
            g_string_append_printf(out, "\\u%04x", (unsigned)*c);
        else
            g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

static void put_number(GString *out, double value, int decimals)
{
    char format[8], number[G_ASCII_DTOSTR_BUF_SIZE];
    g_snprintf(format, sizeof format, "%%.%df", decimals);
    g_string_append(out, g_ascii_formatd(number, sizeof number, format, value));
}

static void put_point(GString *out, const GeoExportRows *rows, GeoLonLat p, const char *between)
{
    int decimals = rows->degrees ? DEGREE_DECIMALS : METRE_DECIMALS;
    put_number(out, p.lon, decimals);
    g_string_append(out, between);
    put_number(out, p.lat, decimals);
}

static void put_json_part(GString *out, const GeoExportRows *rows, const GeoRow *row, uint32_t k)
{
    size_t n;
    const GeoLonLat *points = geo_export_part(rows, row, k, &n);
    g_string_append_c(out, '[');
    for (size_t i = 0; i < n; i++) {
        g_string_append(out, i > 0 ? ",[" : "[");
        put_point(out, rows, points[i], ",");
        g_string_append_c(out, ']');
    }
    g_string_append_c(out, ']');
}

/* Lines in one MultiLineString, rings grouped by polygon in one MultiPolygon. */
static void put_json_shape(GString *out, const GeoExportRows *rows, const GeoRow *row)
{
    size_t n;
    if (row->n_parts == 0) {
        g_string_append(out, "null");
        return;
    }
    if (row->shape == GEO_SHAPE_POINT) {
        g_string_append(out, "{\"type\":\"Point\",\"coordinates\":[");
        put_point(out, rows, geo_export_part(rows, row, 0, &n)[0], ",");
        g_string_append(out, "]}");
        return;
    }
    bool line = row->shape == GEO_SHAPE_LINE;
    g_string_append_printf(out, "{\"type\":\"%s\",\"coordinates\":[",
                           line ? "MultiLineString" : "MultiPolygon");
    for (uint32_t k = 0; k < row->n_parts; k++) {
        bool outer = !line && geo_export_is_outer(rows, row, k);
        g_string_append(out, k == 0 ? "" : outer ? "]," : ",");
        g_string_append(out, outer ? "[" : "");
        put_json_part(out, rows, row, k);
    }
    g_string_append(out, line ? "]}" : "]]}");
}

static void put_json_row(GString *out, const GeoExportRows *rows, const GeoRow *row)
{
    g_string_append(out, "{\"type\":\"Feature\",\"properties\":{");
    for (guint i = 0; i < rows->fields->len; i++) {
        const GeoField *field = g_ptr_array_index(rows->fields, i);
        g_autofree char *value = geo_export_dup_value(row, field);
        g_string_append(out, i > 0 ? "," : "");
        put_json_text(out, g_ptr_array_index(rows->names, i));
        g_string_append_c(out, ':');
        if (!value)
            g_string_append(out, "null");
        else if (field->type == GEO_FIELD_INT || field->type == GEO_FIELD_REAL)
            g_string_append(out, value);
        else
            put_json_text(out, value);
    }
    g_string_append(out, "},\"geometry\":");
    put_json_shape(out, rows, row);
    g_string_append_c(out, '}');
}

static void put_json_head(GString *out, const GeoExportRows *rows)
{
    g_string_append(out, "{\"type\":\"FeatureCollection\",\n");
    if (rows->note) {
        g_string_append(out, "\"attribution\":");
        put_json_text(out, rows->note);
        g_string_append(out, ",\n");
    }
    if (rows->crs && !g_ascii_strncasecmp(geo_datum_name(rows->datum), "EPSG:", 5) &&
        strcmp(geo_datum_name(rows->datum), "EPSG:4326"))
        g_string_append_printf(
            out,
            "\"crs\":{\"type\":\"name\",\"properties\":{\"name\":\"urn:ogc:def:crs:EPSG::%s\"}},\n",
            geo_datum_name(rows->datum) + 5);
    else if (rows->crs && strcmp(geo_datum_name(rows->datum), "EPSG:4326"))
        g_string_append_printf(out, "\"datum\":\"%s\",\n", geo_datum_name(rows->datum));
    g_string_append(out, "\"features\":[\n");
}

/* ---- CSV ---- */

static void put_csv_text(GString *out, const char *text)
{
    bool formula = *text && strchr(FORMULA_MARKS, *text);
    if (!formula && !strpbrk(text, "\",\r\n")) {
        g_string_append(out, text);
        return;
    }
    g_string_append(out, formula ? "\"'" : "\"");
    for (const char *c = text; *c; c++) {
        if (*c == '"')
            g_string_append_c(out, '"');
        g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

static void put_wkt(GString *out, const GeoExportRows *rows, const GeoRow *row)
{
    bool line = row->shape == GEO_SHAPE_LINE;
    g_string_append(out, line ? "\"MULTILINESTRING (" : "\"MULTIPOLYGON (");
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *points = geo_export_part(rows, row, k, &n);
        bool outer = !line && geo_export_is_outer(rows, row, k);
        g_string_append(out, k == 0 ? "" : outer ? "), " : ", ");
        g_string_append(out, outer ? "((" : "(");
        for (size_t i = 0; i < n; i++) {
            g_string_append(out, i > 0 ? ", " : "");
            put_point(out, rows, points[i], " ");
        }
        g_string_append_c(out, ')');
    }
    g_string_append(out, line ? ")\"" : "))\"");
}

static void put_csv_row(GString *out, const GeoExportRows *rows, const GeoRow *row, bool points)
{
    for (guint i = 0; i < rows->fields->len; i++) {
        const GeoField *field = g_ptr_array_index(rows->fields, i);
        g_autofree char *value = geo_export_dup_value(row, field);
        g_string_append(out, i > 0 ? "," : "");
        if (value && (field->type == GEO_FIELD_TEXT || field->type == GEO_FIELD_ENUM))
            put_csv_text(out, value);
        else if (value)
            g_string_append(out, value);
    }
    size_t n;
    g_string_append_c(out, ',');
    if (row->n_parts == 0)
        g_string_append(out, points ? "," : "");
    else if (points)
        put_point(out, rows, geo_export_part(rows, row, 0, &n)[0], ",");
    else
        put_wkt(out, rows, row);
    g_string_append_c(out, '\n');
}

/* ---- files ---- */

static bool flush(GString *out, FILE *file, size_t at_least, GError **error)
{
    if (out->len < at_least)
        return true;
    if (fwrite(out->str, 1, out->len, file) != out->len) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write: %s", g_strerror(errno));
        return false;
    }
    g_string_truncate(out, 0);
    return true;
}

static void put_csv_head(GString *out, const GeoExportRows *rows, bool points)
{
    for (guint i = 0; i < rows->names->len; i++)
        g_string_append_printf(out, "%s%s", i > 0 ? "," : "",
                               (const char *)g_ptr_array_index(rows->names, i));
    g_string_append(out, points ? ",lon,lat\n" : ",wkt\n");
}

static bool write_rows(const GeoExportRows *rows, FILE *file, bool json, GError **error)
{
    g_autoptr(GString) out = g_string_new(NULL);
    GeoShape shape = geo_kind_info(rows->batch->kind)->shape;
    bool points = shape == GEO_SHAPE_POINT || shape == GEO_SHAPE_NONE;
    for (guint i = 0; points && i < rows->batch->rows->len; i++)
        points = geo_batch_row(rows->batch, i)->shape <= GEO_SHAPE_POINT;
    if (json)
        put_json_head(out, rows);
    else
        put_csv_head(out, rows, points);
    for (guint i = 0; i < rows->batch->rows->len; i++) {
        const GeoRow *row = geo_batch_row(rows->batch, i);
        if (json) {
            put_json_row(out, rows, row);
            g_string_append(out, i + 1 < rows->batch->rows->len ? ",\n" : "\n");
        } else {
            put_csv_row(out, rows, row, points);
        }
        if (!flush(out, file, FLUSH_BYTES, error))
            return false;
    }
    if (json)
        g_string_append(out, "]}\n");
    return flush(out, file, 0, error);
}

static bool write_text(const GeoExportRows *rows, const char *path, bool json, GError **error)
{
    FILE *file = fopen(path, "wbe");
    bool ok = file && write_rows(rows, file, json, error);
    bool closed = file && fclose(file) == 0;
    if ((!file || (ok && !closed)) && error && !*error)
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write: %s", g_strerror(errno));
    return ok && closed;
}

/* Moves or removes every file of the folder, then the folder. */
static bool empty_folder(const char *folder, const char *to, GError **error)
{
    GDir *dir = g_dir_open(folder, 0, NULL);
    bool ok = dir != NULL;
    for (const char *name; dir && (name = g_dir_read_name(dir));) {
        g_autofree char *from = g_build_filename(folder, name, NULL);
        g_autofree char *target = to ? g_build_filename(to, name, NULL) : NULL;
        if (ok && target && g_rename(from, target) != 0) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s': %s", target,
                        g_strerror(errno));
            ok = false;
        }
        if (!ok || !target)
            g_unlink(from);
    }
    if (dir)
        g_dir_close(dir);
    g_rmdir(folder);
    return ok;
}

static bool write_format(const GeoExportRows *rows, const char *path, GError **error)
{
    g_autofree char *lower = g_ascii_strdown(path, -1);
    if (g_str_has_suffix(lower, ".geojson") || g_str_has_suffix(lower, ".json"))
        return write_text(rows, path, true, error);
    if (g_str_has_suffix(lower, ".csv"))
        return write_text(rows, path, false, error);
    if (g_str_has_suffix(lower, ".gpkg"))
        return geo_export_ogr(rows, path, "GPKG", error);
    if (g_str_has_suffix(lower, ".shp"))
        return geo_export_ogr(rows, path, "ESRI Shapefile", error);
    if (g_str_has_suffix(lower, ".kml") && !rows->crs)
        return geo_export_ogr(rows, path, "KML", error);
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                g_str_has_suffix(lower, ".kml")
                    ? "KML is in WGS 84 always: leave --crs out"
                    : "unknown ending; known are .geojson, .csv, .gpkg, .shp, .kml");
    return false;
}

/* ---- what is to be written ---- */

static const GeoField *find_field(const GeoKindInfo *info, const char *name)
{
    for (size_t i = 0; i < info->n_fields; i++)
        if (!strcmp(info->fields[i].name, name))
            return &info->fields[i];
    return NULL;
}

static bool choose_fields(GeoExportRows *rows, const GeoExportOptions *options, GError **error)
{
    const GeoKindInfo *info = geo_kind_info(rows->batch->kind);
    for (size_t i = 0; !options->fields && i < info->n_fields; i++) {
        g_ptr_array_add(rows->fields, (gpointer)&info->fields[i]);
        g_ptr_array_add(rows->names, (gpointer)info->fields[i].name);
    }
    for (size_t i = 0; options->fields && options->fields[i]; i++) {
        const GeoField *field = find_field(info, options->fields[i]);
        if (!field) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "%s have no field '%s'", info->plural,
                        options->fields[i]);
            return false;
        }
        g_ptr_array_add(rows->fields, (gpointer)field);
        g_ptr_array_add(rows->names, (gpointer)(options->names ? options->names[i] : field->name));
    }
    return true;
}

static bool in_degrees(const GeoLonLat *points, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (fabs(points[i].lon) > 360 || fabs(points[i].lat) > 360)
            return false;
    return true;
}

static bool write_beside(const GeoExportRows *rows, const char *path, GError **error)
{
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *to = g_path_get_dirname(full), *base = g_path_get_basename(full);
    g_autofree char *folder = g_build_filename(to, ".gridbeat-XXXXXX", NULL);
    if (!g_mkdtemp_full(folder, 0700)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s': %s", path,
                    g_strerror(errno));
        return false;
    }
    g_autofree char *inside = g_build_filename(folder, base, NULL);
    bool ok = write_format(rows, inside, error);
    if (!ok)
        g_prefix_error(error, "cannot export '%s': ", path);
    return empty_folder(folder, ok ? to : NULL, error) && ok;
}

bool geo_export_batch(const GeoBatch *batch, const char *path, const GeoExportOptions *options,
                      GError **error)
{
    static const GeoExportOptions none;
    options = options ? options : &none;
    g_autoptr(GeoDatum) datum = geo_datum_new(options->crs, error);
    if (!datum)
        return false;
    size_t n = batch->points->len;
    g_autofree GeoLonLat *points = g_new(GeoLonLat, n + 1);
    memcpy(points, batch->points->data, n * sizeof *points);
    geo_datum_from_wgs(datum, points, n);
    for (size_t i = 0; i < n; i++)
        if (!isfinite(points[i].lon) || !isfinite(points[i].lat)) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                        "cannot export '%s': a place lies outside what %s can show", path,
                        geo_datum_name(datum));
            return false;
        }
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    g_autoptr(GPtrArray) names = g_ptr_array_new();
    GeoExportRows rows = {batch,         points, datum, options->crs, in_degrees(points, n),
                          options->note, fields, names};
    return choose_fields(&rows, options, error) && write_beside(&rows, path, error);
}
