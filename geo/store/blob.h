/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* SpatiaLite's geometry blob, written and read here because its SQL functions cost more than the
 * insert. Points, MULTILINESTRING and MULTIPOLYGON in SRID 4326, little-endian; doubles go through
 * bit for bit. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/batch.h"

/* The shape of a row into blob, which is emptied first. Left empty for a row without shape. */
void geo_blob_write(GByteArray *blob, const GeoBatch *batch, const GeoRow *row);

/* Adds a blob's parts to the batch's last row. False, with the row as it was, when the bytes are
 * not such a blob. */
bool geo_blob_read(const void *bytes, size_t n, GeoBatch *batch);

/* The bounds out of a blob's head; false when it is none. */
bool geo_blob_bounds(const void *bytes, size_t n, GeoBounds *bounds);
