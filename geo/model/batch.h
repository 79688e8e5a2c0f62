/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Rows of one kind with their shapes and texts, in flat arrays: what travels between files, store,
 * calc and painters. One owner; freed as a whole. */
#include <glib.h>

#include "geo/model/coord.h"
#include "geo/model/kind.h"

typedef struct {
    GeoKind kind;
    GArray *rows;   /* structs of the kind, geo/model/kind.h */
    GArray *parts;  /* uint32_t: first point of each line or ring; it ends where the next begins */
    GArray *points; /* GeoLonLat; rings are closed, first point equals last */
    GStringChunk *text;   /* owns every text of the rows */
    GHashTable *interned; /* NULL until geo_batch_word() is used */
} GeoBatch;

GeoBatch *geo_batch_new(GeoKind kind);
void geo_batch_free(GeoBatch *batch);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoBatch, geo_batch_free)

/* A new row at the end: zeroed, reals NAN, shape none, parts beginning at the batch's end. The
 * pointer is good until the next call. */
void *geo_batch_add(GeoBatch *batch);

/* Begin a line, ring or point of the last row, then its points. Sets the shape. */
void geo_batch_begin(GeoBatch *batch, GeoShape shape);
void geo_batch_point(GeoBatch *batch, double lon, double lat);
/* begin + point. */
void geo_batch_set_point(GeoBatch *batch, double lon, double lat);

/* A part from an array; rings are closed where they are not. */
void geo_batch_part_from(GeoBatch *batch, GeoShape shape, const GeoLonLat *points, size_t n);

/* A copy of text that lives as long as the batch; NULL and "" give NULL. word keeps one copy of
 * equal ones. */
const char *geo_batch_text(GeoBatch *batch, const char *text);
const char *geo_batch_word(GeoBatch *batch, const char *text);

/* The points of part k (0-based) of a row: borrowed, their number in n; NULL where it has none. */
const GeoLonLat *geo_batch_part(const GeoBatch *batch, const GeoRow *row, uint32_t k, size_t *n);

/* The first point of a row; false when it has none. */
bool geo_batch_first(const GeoBatch *batch, const GeoRow *row, GeoLonLat *p);

GeoBounds geo_batch_row_bounds(const GeoBatch *batch, const GeoRow *row);
GeoBounds geo_batch_bounds(const GeoBatch *batch);

/* Row i's head; cast to the kind's struct. */
static inline GeoRow *geo_batch_row(const GeoBatch *batch, size_t i)
{
    return (GeoRow *)(void *)(batch->rows->data + i * geo_kind_info(batch->kind)->size);
}

/* Copies row i of another batch of the same kind, shape and texts included; the new row's pointer.
 */
void *geo_batch_copy_row(GeoBatch *batch, const GeoBatch *from, size_t i);

/* Everything of two batches but import_id and version is equal, in order. For tests and hashes. */
bool geo_batch_equal(const GeoBatch *a, const GeoBatch *b);
