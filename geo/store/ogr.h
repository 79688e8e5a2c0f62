/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Rows of one file through GDAL, for geo/store/source.c only: the path has been judged already. */
#include <glib.h>

#include "geo/store/source.h"

typedef struct GeoOgr GeoOgr;

/* driver is the one GDAL driver that may open path; options are its open options, NULL-terminated,
 * or NULL. */
GeoOgr *geo_ogr_open(const char *path, const char *driver, const char *const *options,
                     GError **error);
void geo_ogr_free(GeoOgr *ogr);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoOgr, geo_ogr_free)

size_t geo_ogr_n_layers(const GeoOgr *ogr);
const char *geo_ogr_layer_name(const GeoOgr *ogr, size_t layer);
const char *const *geo_ogr_columns(const GeoOgr *ogr, size_t layer, size_t *n);
const char *geo_ogr_crs(const GeoOgr *ogr, size_t layer);

/* As geo_source_next(). */
int geo_ogr_next(GeoOgr *ogr, GeoSourceRow *row, GError **error);
void geo_ogr_rewind(GeoOgr *ogr);
double geo_ogr_share(const GeoOgr *ogr);
