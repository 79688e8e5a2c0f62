/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/export-rows.h"

typedef struct {
    GDALDatasetH dataset;
    OGRLayerH layer;
    char *complaint;
} Target;

static void CPL_STDCALL keep_complaint(CPLErr class, CPLErrorNum number, const char *text)
{
    Target *target = CPLGetErrorHandlerUserData();
    if (class >= CE_Failure && !target->complaint)
        target->complaint = g_strdup(text);
}

static OGRwkbGeometryType layer_type(const GeoExportRows *rows)
{
    bool seen[GEO_SHAPE_POLYGON + 1] = {false};
    for (guint i = 0; i < rows->batch->rows->len; i++)
        seen[geo_batch_row(rows->batch, i)->shape] = true;
    int shapes = seen[GEO_SHAPE_POINT] + seen[GEO_SHAPE_LINE] + seen[GEO_SHAPE_POLYGON];
    if (shapes == 0)
        return wkbNone;
    if (shapes > 1)
        return wkbUnknown;
    return seen[GEO_SHAPE_POINT]  ? wkbPoint
           : seen[GEO_SHAPE_LINE] ? wkbMultiLineString
                                  : wkbMultiPolygon;
}

static OGRGeometryH simple_of(const GeoLonLat *points, size_t n, OGRwkbGeometryType type)
{
    OGRGeometryH geometry = OGR_G_CreateGeometry(type);
    OGR_G_SetPoints(geometry, (int)n, &points->lon, sizeof *points, &points->lat, sizeof *points,
                    NULL, 0);
    return geometry;
}

static OGRGeometryH polygons_of(const GeoExportRows *rows, const GeoRow *row)
{
    OGRGeometryH all = OGR_G_CreateGeometry(wkbMultiPolygon), polygon = NULL;
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *ring = geo_export_part(rows, row, k, &n);
        if (!polygon || geo_export_is_outer(rows, row, k)) {
            if (polygon)
                OGR_G_AddGeometryDirectly(all, polygon);
            polygon = OGR_G_CreateGeometry(wkbPolygon);
        }
        OGR_G_AddGeometryDirectly(polygon, simple_of(ring, n, wkbLinearRing));
    }
    if (polygon)
        OGR_G_AddGeometryDirectly(all, polygon);
    return all;
}

static OGRGeometryH geometry_of(const GeoExportRows *rows, const GeoRow *row)
{
    size_t n;
    if (row->n_parts == 0)
        return NULL;
    if (row->shape == GEO_SHAPE_POLYGON)
        return polygons_of(rows, row);
    const GeoLonLat *points = geo_export_part(rows, row, 0, &n);
    if (row->shape == GEO_SHAPE_POINT)
        return simple_of(points, 1, wkbPoint);
    OGRGeometryH lines = OGR_G_CreateGeometry(wkbMultiLineString);
    for (uint32_t k = 0; k < row->n_parts; k++) {
        points = geo_export_part(rows, row, k, &n);
        OGR_G_AddGeometryDirectly(lines, simple_of(points, n, wkbLineString));
    }
    return lines;
}

static void create_fields(const GeoExportRows *rows, OGRLayerH layer)
{
    for (guint i = 0; i < rows->fields->len; i++) {
        const GeoField *field = g_ptr_array_index(rows->fields, i);
        OGRFieldType type = field->type == GEO_FIELD_INT    ? OFTInteger64
                            : field->type == GEO_FIELD_REAL ? OFTReal
                                                            : OFTString;
        OGRFieldDefnH definition = OGR_Fld_Create(g_ptr_array_index(rows->names, i), type);
        OGR_L_CreateField(layer, definition, TRUE);
        OGR_Fld_Destroy(definition);
    }
}

static bool write_row(const GeoExportRows *rows, Target *target, const GeoRow *row)
{
    OGRFeatureH feature = OGR_F_Create(OGR_L_GetLayerDefn(target->layer));
    for (guint i = 0; i < rows->fields->len; i++) {
        g_autofree char *value = geo_export_dup_value(row, g_ptr_array_index(rows->fields, i));
        if (value)
            OGR_F_SetFieldString(feature, (int)i, value);
    }
    OGRGeometryH geometry = geometry_of(rows, row);
    if (geometry)
        OGR_F_SetGeometryDirectly(feature, geometry);
    bool ok = OGR_L_CreateFeature(target->layer, feature) == OGRERR_NONE;
    OGR_F_Destroy(feature);
    return ok;
}

static bool write_dataset(const GeoExportRows *rows, Target *target, const char *path,
                          const char *driver_name)
{
    GDALDriverH driver = GDALGetDriverByName(driver_name);
    target->dataset = driver ? GDALCreate(driver, path, 0, 0, 0, GDT_Unknown, NULL) : NULL;
    if (!target->dataset)
        return false;
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    const char *name = geo_datum_name(rows->datum);
    /* GCJ-02 and BD-09 have no code: the layer says nothing rather than WGS 84 */
    bool known = OSRSetFromUserInput(srs, name) == OGRERR_NONE;
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    char **options =
        !strcmp(driver_name, "ESRI Shapefile") ? CSLSetNameValue(NULL, "ENCODING", "UTF-8") : NULL;
    target->layer =
        GDALDatasetCreateLayer(target->dataset, geo_kind_info(rows->batch->kind)->plural,
                               known ? srs : NULL, layer_type(rows), options);
    CSLDestroy(options);
    bool ok = target->layer != NULL;
    if (ok)
        create_fields(rows, target->layer);
    bool grouped = ok && GDALDatasetStartTransaction(target->dataset, FALSE) == OGRERR_NONE;
    for (guint i = 0; ok && i < rows->batch->rows->len; i++)
        ok = write_row(rows, target, geo_batch_row(rows->batch, i));
    if (grouped)
        ok = GDALDatasetCommitTransaction(target->dataset) == OGRERR_NONE && ok;
    OSRDestroySpatialReference(srs);
    return ok;
}

bool geo_export_ogr(const GeoExportRows *rows, const char *path, const char *driver, GError **error)
{
    if (!strcmp(driver, "ESRI Shapefile") && layer_type(rows) == wkbUnknown) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "a shapefile holds lines or polygons, not both: take .gpkg");
        return false;
    }
    Target target = {0};
    GDALAllRegister();
    CPLPushErrorHandlerEx(keep_complaint, &target);
    bool ok = write_dataset(rows, &target, path, driver);
    if (target.dataset)
        GDALClose(target.dataset);
    CPLPopErrorHandler();
    /* what fails is told by the return codes; a complaint alone may be about "not supported" */
    if (!ok)
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "%s cannot be written: %.300s", driver,
                    target.complaint ? target.complaint : "unknown reason");
    g_free(target.complaint);
    return ok;
}
