/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The one door for foreign vector files. Only regular local files, only known formats (Shapefile,
 * GeoJSON, TopoJSON, GeoPackage, CSV, XLSX, OSM, GPX, and those in .zip, .gz, .zst), each looked at
 * by us before a library sees it: magic, size, nesting depth, archive entries. No network, no
 * virtual file systems from names, no VRT, no code from a database. Rows come in the file's order
 * with their texts as UTF-8 text, never as numbers: 20-digit codes keep their digits. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "geo/model/coord.h"
#include "geo/model/kind.h"
#include "geo/store/osm.h"

typedef struct GeoSource GeoSource;

/* encoding NULL: detected. All errors are one line: file, place, reason. */
GeoSource *geo_source_open(const char *path, const char *encoding, GError **error);
void geo_source_free(GeoSource *source);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSource, geo_source_free)

const char *geo_source_format(const GeoSource *source);   /* "CSV", "GeoJSON", "OSM" ... */
const char *geo_source_encoding(const GeoSource *source); /* "UTF-8", or "the declared encoding" */
const char *geo_source_base(const GeoSource *source);     /* the file's base name */

/* SHA-256 of the file's bytes, hexadecimal; the caller's. */
char *geo_source_dup_hash(const GeoSource *source, GError **error);

size_t geo_source_n_layers(const GeoSource *source);
const char *geo_source_layer_name(const GeoSource *source, size_t layer);
const char *const *geo_source_columns(const GeoSource *source, size_t layer, size_t *n);

/* The layer's CRS as WKT; NULL when the file does not say. Borrowed. */
const char *geo_source_crs(const GeoSource *source, size_t layer);

typedef struct {
    GeoShape shape; /* of this part */
    bool hole;      /* a ring within the ring before */
    uint32_t first; /* of the row's points */
    uint32_t n;
} GeoSourcePart;

typedef struct {
    size_t layer;
    int64_t line;               /* of the file (CSV, XLSX), else the row's number from 1 */
    const char *const *values;  /* by column; NULL is absent */
    size_t n_values;            /* fewer or more than columns: the row is torn */
    const GeoSourcePart *parts; /* lines, rings (outer anticlockwise), points; as in the file */
    size_t n_parts;
    GeoLonLat *points; /* in the file's CRS, east first; the reader may change them */
    size_t n_points;
    const char *flaw; /* why its geometry cannot be used; NULL */
} GeoSourceRow;

/* The next row of any layer: 1, 0 at the end, -1 with an error. What row points to is borrowed
 * until the next call. */
int geo_source_next(GeoSource *source, GeoSourceRow *row, GError **error);

/* The things of an "OSM" source as they are, beside its rows: geo_osm_read(). */
bool geo_source_read_osm(GeoSource *source, unsigned sorts, GeoOsmTake take, void *user,
                         GeoProgress *progress, GError **error);

/* Back to the first row. */
void geo_source_rewind(GeoSource *source);

/* 0..1: how far reading is; negative when not known. */
double geo_source_share(const GeoSource *source);
