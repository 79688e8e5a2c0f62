/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Rows to a file that other programs read: GeoJSON, CSV, GeoPackage, Shapefile, KML by the file's
 * ending. GeoJSON and CSV are written by us, byte for byte the same for the same rows. */
#include <glib.h>

#include "geo/model/batch.h"

typedef struct {
    const char *crs;           /* NULL: WGS 84; see geo/store/datum.h */
    const char *const *fields; /* which, NULL-terminated; NULL: all of the kind */
    const char *note;          /* attribution; NULL */
} GeoExportOptions;

/* Writes to a new file beside path and renames it over path. Ids stay inside. Fails with
 * GEO_ERROR_DATA (unknown ending, CRS) or GEO_ERROR_IO. */
bool geo_export_batch(const GeoBatch *batch, const char *path, const GeoExportOptions *options,
                      GError **error);
