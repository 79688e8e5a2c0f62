/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Rows to a file that other programs read: GeoJSON, CSV, GeoPackage, Shapefile, KML by the file's
 * ending. GeoJSON and CSV are written by us, byte for byte the same for the same rows: fixed order
 * of fields, 7 decimals of degrees (1 cm) or 3 of metres. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/batch.h"

typedef struct {
    const char *crs; /* NULL: WGS 84; see geo/store/datum.h */
    /* Fields of the kind to write and their names in the file, both NULL-terminated; NULL: all,
     * under their own names. */
    const char *const *fields;
    const char *const *names;
    const char *note; /* attribution; NULL */
} GeoExportOptions;

/* Written in a folder of its own beside path and then moved there, over an older file. Ids stay
 * inside. Texts that a spreadsheet would take for a formula get an apostrophe in CSV. Fails with
 * GEO_ERROR_DATA (unknown ending, CRS) or GEO_ERROR_IO. options may be NULL. */
bool geo_export_batch(const GeoBatch *batch, const char *path, const GeoExportOptions *options,
                      GError **error);
