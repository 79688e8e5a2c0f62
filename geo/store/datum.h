/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Coordinates of foreign files to and from WGS 84. WGS 84 and CGCS2000 pass bit by bit; the Chinese
 * obfuscated datums are functions; everything else is PROJ's, and a "ballpark" shift is refused. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/coord.h"

typedef struct GeoDatum GeoDatum;

/* crs: "EPSG:4548", "4548", "wgs84", "gcj02", "bd09", WKT or a PROJ string; NULL is WGS 84. Fails
 * with GEO_ERROR_DATA where the shift to WGS 84 is not known (Beijing 1954, Xian 1980 ...). */
GeoDatum *geo_datum_new(const char *crs, GError **error);
void geo_datum_free(GeoDatum *datum);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoDatum, geo_datum_free)

/* For people: "EPSG:3435", "gcj02", "WGS 84". */
const char *geo_datum_name(const GeoDatum *datum);

/* In place; x (east) first. A point that cannot be shifted becomes NAN. */
void geo_datum_to_wgs(GeoDatum *datum, GeoLonLat *points, size_t n);
void geo_datum_from_wgs(GeoDatum *datum, GeoLonLat *points, size_t n);
