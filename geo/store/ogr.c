/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/ogr.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/datadir.h"

#define MAX_DEPTH 32            /* collections within collections */
#define MAX_ROW_POINTS 5000000  /* of one row's shape */
#define OSM_TEMPORARY_MB "1000" /* node index in memory below this */

typedef struct {
    OGRLayerH handle; /* the dataset's */
    char *name;
    GPtrArray *columns; /* char *, owned, NULL-terminated */
    char *crs;          /* WKT or NULL */
    bool *is_text;      /* by column: its string may be borrowed from the feature */
} Layer;

struct GeoOgr {
    GDALDatasetH dataset;
    GPtrArray *layers; /* Layer, owned */
    char *complaint;   /* the first thing GDAL called an error since it was cleared */
    OGRFeatureH feature;
    GPtrArray *values; /* const char *, borrowed from feature or text */
    GStringChunk *text;
    GArray *parts;  /* GeoSourcePart */
    GArray *points; /* GeoLonLat */
    const char *flaw;
    int64_t n_read, n_rows; /* n_rows: of all layers; -1 when that is dear to know */
    bool sheet;             /* XLSX: the feature id is the line */
    bool broken;            /* what is left of the file cannot be read */
};

static void CPL_STDCALL keep_complaint(CPLErr class, CPLErrorNum number, const char *text)
{
    GeoOgr *ogr = CPLGetErrorHandlerUserData();
    if (class < CE_Failure)
        return;
    /* the OSM reader says so once, hands out what it had read, and then ends as if all were well */
    if (g_str_has_prefix(text, "An error occurred during the parsing of data") ||
        g_str_has_prefix(text, "XML parsing of OSM file failed")) {
        if (!ogr->broken)
            g_clear_pointer(&ogr->complaint, g_free);
        ogr->broken = true;
    }
    if (ogr->complaint)
        return;
    ogr->complaint = g_strdup(text);
    g_strdelimit(ogr->complaint, "\r\n", ' ');
}

static void listen(GeoOgr *ogr)
{
    CPLPushErrorHandlerEx(keep_complaint, ogr);
}

/* Once a process: formats compiled in, no plugins from a path, no network. */
static void prepare_gdal(void)
{
    static gsize once;
    if (!g_once_init_enter(&once))
        return;
    CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");
    GDALAllRegister();
    g_once_init_leave(&once, 1);
}

static void configure(void)
{
    g_autofree char *osmconf = geo_datadir_find("osmconf.ini");
    CPLSetThreadLocalConfigOption("OSM_CONFIG_FILE", osmconf);
    CPLSetThreadLocalConfigOption("OSM_MAX_TMPFILE_SIZE", OSM_TEMPORARY_MB);
    /* the faster index drops every node of a file whose ids do not rise, which editors write */
    CPLSetThreadLocalConfigOption("OSM_USE_CUSTOM_INDEXING", "NO");
    CPLSetThreadLocalConfigOption("OGR_XLSX_HEADERS", "FORCE");
    CPLSetThreadLocalConfigOption("OGR_XLSX_FIELD_TYPES", "STRING");
    CPLSetThreadLocalConfigOption("OGR_GEOJSON_MAX_OBJ_SIZE", "200");
    CPLSetThreadLocalConfigOption("SHAPE_RESTORE_SHX", "NO");
    /* a second lock: whatever might still ask the network finds a closed door */
    CPLSetThreadLocalConfigOption("GDAL_HTTP_PROXY", "socks5://127.0.0.1:1");
    CPLSetThreadLocalConfigOption("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{noext}");
}

static void free_layer(gpointer data)
{
    Layer *layer = data;
    g_free(layer->name);
    g_ptr_array_unref(layer->columns);
    CPLFree(layer->crs);
    g_free(layer->is_text);
    g_free(layer);
}

static void add_layer(GeoOgr *ogr, OGRLayerH handle)
{
    Layer *layer = g_new0(Layer, 1);
    layer->handle = handle;
    layer->name = g_strdup(OGR_L_GetName(handle));
    layer->columns = g_ptr_array_new_with_free_func(g_free);
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(handle);
    int n = OGR_FD_GetFieldCount(definition);
    layer->is_text = g_new0(bool, n + 1);
    for (int i = 0; i < n; i++) {
        OGRFieldDefnH field = OGR_FD_GetFieldDefn(definition, i);
        const char *name = OGR_Fld_GetNameRef(field);
        g_ptr_array_add(layer->columns, g_utf8_make_valid(name, -1));
        layer->is_text[i] = OGR_Fld_GetType(field) == OFTString;
    }
    g_ptr_array_add(layer->columns, NULL);
    OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(handle);
    if (srs)
        OSRExportToWkt(srs, &layer->crs);
    g_ptr_array_add(ogr->layers, layer);
    int64_t n_rows = OGR_L_TestCapability(handle, OLCFastFeatureCount)
                         ? OGR_L_GetFeatureCount(handle, FALSE)
                         : -1;
    ogr->n_rows = ogr->n_rows < 0 || n_rows < 0 ? -1 : ogr->n_rows + n_rows;
}

GeoOgr *geo_ogr_open(const char *path, const char *driver, const char *const *options,
                     GError **error)
{
    prepare_gdal();
    configure();
    g_autoptr(GeoOgr) ogr = g_new0(GeoOgr, 1);
    ogr->layers = g_ptr_array_new_with_free_func(free_layer);
    ogr->values = g_ptr_array_new();
    ogr->text = g_string_chunk_new(1 << 12);
    ogr->parts = g_array_new(FALSE, FALSE, sizeof(GeoSourcePart));
    ogr->points = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    ogr->sheet = !strcmp(driver, "XLSX");
    const char *drivers[] = {driver, NULL};
    listen(ogr);
    ogr->dataset = GDALOpenEx(path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                              drivers, options, NULL);
    int n_layers = ogr->dataset ? GDALDatasetGetLayerCount(ogr->dataset) : 0;
    for (int i = 0; i < n_layers; i++)
        add_layer(ogr, GDALDatasetGetLayer(ogr->dataset, i));
    CPLPopErrorHandler();
    if (!ogr->dataset || ogr->complaint || n_layers == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "cannot be read as %s: %.300s", driver,
                    ogr->complaint ? ogr->complaint
                    : ogr->dataset ? "it holds no layer"
                                   : "it is not in this format");
        return NULL;
    }
    return g_steal_pointer(&ogr);
}

void geo_ogr_free(GeoOgr *ogr)
{
    if (!ogr)
        return;
    listen(ogr);
    if (ogr->feature)
        OGR_F_Destroy(ogr->feature);
    if (ogr->dataset)
        GDALClose(ogr->dataset);
    CPLPopErrorHandler();
    g_ptr_array_unref(ogr->layers);
    g_ptr_array_unref(ogr->values);
    g_string_chunk_free(ogr->text);
    g_array_unref(ogr->parts);
    g_array_unref(ogr->points);
    g_free(ogr->complaint);
    g_free(ogr);
}

size_t geo_ogr_n_layers(const GeoOgr *ogr)
{
    return ogr->layers->len;
}

static const Layer *layer_at(const GeoOgr *ogr, size_t i)
{
    return g_ptr_array_index(ogr->layers, i);
}

const char *geo_ogr_layer_name(const GeoOgr *ogr, size_t layer)
{
    return layer_at(ogr, layer)->name;
}

const char *const *geo_ogr_columns(const GeoOgr *ogr, size_t layer, size_t *n)
{
    *n = layer_at(ogr, layer)->columns->len - 1;
    return (const char *const *)layer_at(ogr, layer)->columns->pdata;
}

const char *geo_ogr_crs(const GeoOgr *ogr, size_t layer)
{
    return layer_at(ogr, layer)->crs;
}

static void add_points(GeoOgr *ogr, OGRGeometryH geometry, GeoShape shape, bool hole)
{
    int n = OGR_G_GetPointCount(geometry);
    if (n <= 0)
        return;
    guint first = ogr->points->len;
    if (first + (guint)n > MAX_ROW_POINTS) {
        ogr->flaw = "its shape has more than 5,000,000 vertices";
        return;
    }
    g_array_set_size(ogr->points, first + (guint)n);
    GeoLonLat *points = &g_array_index(ogr->points, GeoLonLat, first);
    OGR_G_GetPoints(geometry, &points->lon, sizeof *points, &points->lat, sizeof *points, NULL, 0);
    GeoSourcePart part = {shape, hole, first, (uint32_t)n};
    g_array_append_val(ogr->parts, part);
}

static void add_geometry(GeoOgr *ogr, OGRGeometryH geometry, int depth);

static void add_members(GeoOgr *ogr, OGRGeometryH geometry, int depth)
{
    if (depth >= MAX_DEPTH) {
        ogr->flaw = "its shape nests deeper than 32";
        return;
    }
    int n = OGR_G_GetGeometryCount(geometry);
    for (int i = 0; i < n && !ogr->flaw; i++)
        add_geometry(ogr, OGR_G_GetGeometryRef(geometry, i), depth + 1);
}

static void add_curve(GeoOgr *ogr, OGRGeometryH geometry, int depth)
{
    OGRGeometryH linear = depth < MAX_DEPTH ? OGR_G_GetLinearGeometry(geometry, 0, NULL) : NULL;
    if (linear && !OGR_GT_IsNonLinear(OGR_G_GetGeometryType(linear)))
        add_geometry(ogr, linear, depth + 1);
    else
        ogr->flaw = "its shape is a curve that cannot be drawn with lines";
    OGR_G_DestroyGeometry(linear);
}

static void add_geometry(GeoOgr *ogr, OGRGeometryH geometry, int depth)
{
    OGRwkbGeometryType type = wkbFlatten(OGR_G_GetGeometryType(geometry));
    switch (type) {
    case wkbPoint:
        if (!OGR_G_IsEmpty(geometry))
            add_points(ogr, geometry, GEO_SHAPE_POINT, false);
        break;
    case wkbLineString:
        add_points(ogr, geometry, GEO_SHAPE_LINE, false);
        break;
    case wkbPolygon:
    case wkbTriangle:
        for (int i = 0; i < OGR_G_GetGeometryCount(geometry) && !ogr->flaw; i++)
            add_points(ogr, OGR_G_GetGeometryRef(geometry, i), GEO_SHAPE_POLYGON, i > 0);
        break;
    default:
        if (OGR_GT_IsNonLinear(type))
            add_curve(ogr, geometry, depth);
        else
            add_members(ogr, geometry, depth);
    }
}

static void take_values(GeoOgr *ogr, const Layer *layer)
{
    g_ptr_array_set_size(ogr->values, 0);
    g_string_chunk_clear(ogr->text);
    for (guint i = 0; i + 1 < layer->columns->len; i++) {
        const char *value = NULL;
        if (OGR_F_IsFieldSetAndNotNull(ogr->feature, (int)i)) {
            value = OGR_F_GetFieldAsString(ogr->feature, (int)i);
            if (!layer->is_text[i])
                value = g_string_chunk_insert(ogr->text, value);
            if (!g_utf8_validate(value, -1, NULL)) {
                g_autofree char *valid = g_utf8_make_valid(value, -1);
                value = g_string_chunk_insert(ogr->text, valid);
            }
        }
        g_ptr_array_add(ogr->values, (gpointer)value);
    }
    g_ptr_array_add(ogr->values, NULL);
}

static size_t index_of(const GeoOgr *ogr, OGRLayerH handle)
{
    for (guint i = 0; i < ogr->layers->len; i++)
        if (layer_at(ogr, i)->handle == handle)
            return i;
    return 0;
}

static void take_feature(GeoOgr *ogr, size_t layer, GeoSourceRow *row)
{
    g_array_set_size(ogr->parts, 0);
    g_array_set_size(ogr->points, 0);
    ogr->flaw = NULL;
    OGRGeometryH geometry = OGR_F_GetGeometryRef(ogr->feature);
    if (geometry)
        add_geometry(ogr, geometry, 0);
    take_values(ogr, layer_at(ogr, layer));
    ogr->n_read++;
    *row = (GeoSourceRow){
        .layer = layer,
        .line = ogr->sheet ? OGR_F_GetFID(ogr->feature) : ogr->n_read,
        .values = (const char *const *)ogr->values->pdata,
        .n_values = ogr->values->len - 1,
        .parts = (const GeoSourcePart *)(void *)ogr->parts->data,
        .n_parts = ogr->flaw ? 0 : ogr->parts->len,
        .points = (GeoLonLat *)(void *)ogr->points->data,
        .n_points = ogr->flaw ? 0 : ogr->points->len,
        .flaw = ogr->flaw ? ogr->flaw : ogr->complaint,
    };
}

int geo_ogr_next(GeoOgr *ogr, GeoSourceRow *row, GError **error)
{
    OGRLayerH handle = NULL;
    if (ogr->feature)
        OGR_F_Destroy(ogr->feature);
    listen(ogr);
    g_clear_pointer(&ogr->complaint, g_free);
    ogr->feature = GDALDatasetGetNextFeature(ogr->dataset, &handle, NULL, NULL, NULL);
    if (ogr->feature)
        take_feature(ogr, index_of(ogr, handle), row);
    CPLPopErrorHandler();
    if (ogr->feature && !ogr->broken)
        return 1;
    if (!ogr->complaint && !ogr->broken)
        return 0;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "after row %" G_GINT64_FORMAT ": %.300s",
                ogr->n_read, ogr->complaint ? ogr->complaint : "the file is cut or damaged");
    return -1;
}

void geo_ogr_rewind(GeoOgr *ogr)
{
    listen(ogr);
    g_clear_pointer(&ogr->feature, OGR_F_Destroy);
    GDALDatasetResetReading(ogr->dataset);
    ogr->n_read = 0;
    CPLPopErrorHandler();
}

double geo_ogr_share(const GeoOgr *ogr)
{
    return ogr->n_rows > 0 ? MIN((double)ogr->n_read / (double)ogr->n_rows, 1) : -1;
}
