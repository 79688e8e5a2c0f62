/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Between the writers of geo/store/export*.c only: what is to be written. */
#include "geo/store/datum.h"
#include "geo/store/export.h"

typedef struct {
    const GeoBatch *batch;
    const GeoLonLat *points; /* the batch's, in the file's CRS */
    GeoDatum *datum;
    const char *crs;   /* as asked for; NULL: WGS 84 */
    bool degrees;      /* of the coordinates; else metres */
    const char *note;  /* NULL */
    GPtrArray *fields; /* const GeoField *, borrowed */
    GPtrArray *names;  /* const char *, borrowed */
} GeoExportRows;

/* The points of part k of a row, in the file's CRS. */
const GeoLonLat *geo_export_part(const GeoExportRows *rows, const GeoRow *row, uint32_t k,
                                 size_t *n);

/* The ring begins a polygon (turns anticlockwise); else it is a hole of the one before. */
bool geo_export_is_outer(const GeoExportRows *rows, const GeoRow *row, uint32_t k);

/* A value as text; NULL when absent. The caller's. */
char *geo_export_dup_value(const GeoRow *row, const GeoField *field);

/* Through GDAL: driver is "GPKG", "ESRI Shapefile" or "KML". */
bool geo_export_ogr(const GeoExportRows *rows, const char *path, const char *driver,
                    GError **error);
