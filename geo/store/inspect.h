/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which format a file is in, by ending and first bytes, and what must be true of it before a
 * library may open it. */
#include <glib.h>
#include <stdbool.h>

#include "geo/store/jsonscan.h"

typedef enum {
    GEO_FORMAT_CSV,
    GEO_FORMAT_GEOJSON,
    GEO_FORMAT_TOPOJSON,
    GEO_FORMAT_SHAPEFILE,
    GEO_FORMAT_GPKG,
    GEO_FORMAT_XLSX,
    GEO_FORMAT_OSM,
    GEO_FORMAT_GPX,
    GEO_N_FORMATS
} GeoFormat;

/* GDAL's names of the drivers, which people know too. */
extern const char *const geo_format_words[];

/* The name ends as files with rows do. */
bool geo_inspect_has_rows(const char *name);

/* ".csv", ".osm.pbf": the ending in lower case; "" when it has none. The caller's. */
char *geo_inspect_ending(const char *name);

/* GeoJSON and TopoJSON are told apart later. */
bool geo_inspect(const char *path, GeoFormat *format, GError **error);

/* Says which JSON format it is; refuses a root that is none and a CRS that is a link. */
bool geo_inspect_json(const GeoJsonScan *scan, GeoFormat *format, GError **error);

/* The parts are there and regular. encoding may be NULL; else it gets the guess for a .dbf without
 * a .cpg, NULL when the file says itself. The caller's. */
bool geo_inspect_shapefile(const char *path, char **encoding, GError **error);

/* An SQLite database made as a GeoPackage, sound, without views; opened hardened. */
bool geo_inspect_gpkg(const char *path, GError **error);

/* A zip that is no bomb and holds a workbook. */
bool geo_inspect_xlsx(const char *path, GError **error);
