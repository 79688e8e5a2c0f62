/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/batch.h"

#include <math.h>
#include <string.h>

#define TEXT_BLOCK_BYTES 8192

GeoBatch *geo_batch_new(GeoKind kind)
{
    GeoBatch *batch = g_new0(GeoBatch, 1);
    batch->kind = kind;
    batch->rows = g_array_new(FALSE, TRUE, (guint)geo_kind_info(kind)->size);
    batch->parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    batch->points = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    batch->text = g_string_chunk_new(TEXT_BLOCK_BYTES);
    return batch;
}

void geo_batch_free(GeoBatch *batch)
{
    if (!batch)
        return;
    g_array_unref(batch->rows);
    g_array_unref(batch->parts);
    g_array_unref(batch->points);
    g_string_chunk_free(batch->text);
    g_clear_pointer(&batch->interned, g_hash_table_unref);
    g_free(batch);
}

void *geo_batch_add(GeoBatch *batch)
{
    const GeoKindInfo *info = geo_kind_info(batch->kind);
    g_array_set_size(batch->rows, batch->rows->len + 1);
    GeoRow *row = geo_batch_row(batch, batch->rows->len - 1);
    memset(row, 0, info->size);
    row->part0 = batch->parts->len;
    row->version = 1;
    for (size_t i = 0; i < info->n_fields; i++)
        if (info->fields[i].type == GEO_FIELD_REAL)
            *(double *)(void *)((char *)row + info->fields[i].offset) = NAN;
    return row;
}

void geo_batch_begin(GeoBatch *batch, GeoShape shape)
{
    GeoRow *row = geo_batch_row(batch, batch->rows->len - 1);
    uint32_t first = batch->points->len;
    row->shape = shape;
    row->n_parts++;
    g_array_append_val(batch->parts, first);
}

void geo_batch_point(GeoBatch *batch, double lon, double lat)
{
    GeoLonLat p = {lon, lat};
    g_array_append_val(batch->points, p);
}

void geo_batch_set_point(GeoBatch *batch, double lon, double lat)
{
    geo_batch_begin(batch, GEO_SHAPE_POINT);
    geo_batch_point(batch, lon, lat);
}

void geo_batch_part_from(GeoBatch *batch, GeoShape shape, const GeoLonLat *points, size_t n)
{
    geo_batch_begin(batch, shape);
    g_array_append_vals(batch->points, points, (guint)n);
    bool open = n > 0 && (points[0].lon != points[n - 1].lon || points[0].lat != points[n - 1].lat);
    if (shape == GEO_SHAPE_POLYGON && open)
        geo_batch_point(batch, points[0].lon, points[0].lat);
}

const char *geo_batch_text(GeoBatch *batch, const char *text)
{
    return text && *text ? g_string_chunk_insert(batch->text, text) : NULL;
}

const char *geo_batch_word(GeoBatch *batch, const char *text)
{
    if (!text || !*text)
        return NULL;
    if (!batch->interned)
        batch->interned = g_hash_table_new(g_str_hash, g_str_equal);
    const char *kept = g_hash_table_lookup(batch->interned, text);
    if (!kept) {
        kept = g_string_chunk_insert(batch->text, text);
        g_hash_table_add(batch->interned, (gpointer)kept);
    }
    return kept;
}

const GeoLonLat *geo_batch_part(const GeoBatch *batch, const GeoRow *row, uint32_t k, size_t *n)
{
    uint32_t part = row->part0 + k;
    uint32_t first = g_array_index(batch->parts, uint32_t, part);
    uint32_t end = part + 1 < batch->parts->len ? g_array_index(batch->parts, uint32_t, part + 1)
                                                : batch->points->len;
    *n = end - first;
    return *n ? &g_array_index(batch->points, GeoLonLat, first) : NULL;
}

bool geo_batch_first(const GeoBatch *batch, const GeoRow *row, GeoLonLat *p)
{
    if (row->n_parts == 0)
        return false;
    size_t n;
    const GeoLonLat *points = geo_batch_part(batch, row, 0, &n);
    if (n > 0)
        *p = points[0];
    return n > 0;
}

GeoBounds geo_batch_row_bounds(const GeoBatch *batch, const GeoRow *row)
{
    GeoBounds bounds = GEO_BOUNDS_EMPTY;
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *points = geo_batch_part(batch, row, k, &n);
        for (size_t i = 0; i < n; i++)
            geo_bounds_add(&bounds, points[i]);
    }
    return bounds;
}

GeoBounds geo_batch_bounds(const GeoBatch *batch)
{
    GeoBounds bounds = GEO_BOUNDS_EMPTY;
    for (guint i = 0; i < batch->points->len; i++)
        geo_bounds_add(&bounds, g_array_index(batch->points, GeoLonLat, i));
    return bounds;
}

void *geo_batch_copy_row(GeoBatch *batch, const GeoBatch *from, size_t i)
{
    const GeoKindInfo *info = geo_kind_info(batch->kind);
    const GeoRow *source = geo_batch_row(from, i);
    GeoRow *row = geo_batch_add(batch);
    uint32_t part0 = row->part0;
    memcpy(row, source, info->size);
    row->part0 = part0;
    row->n_parts = 0;
    for (size_t f = 0; f < info->n_fields; f++)
        if (info->fields[f].type == GEO_FIELD_TEXT) {
            const char **slot = (const char **)(void *)((char *)row + info->fields[f].offset);
            *slot = geo_batch_word(batch, *slot);
        }
    for (uint32_t k = 0; k < source->n_parts; k++) {
        size_t n;
        const GeoLonLat *points = geo_batch_part(from, source, k, &n);
        geo_batch_begin(batch, source->shape);
        g_array_append_vals(batch->points, points, (guint)n);
    }
    return geo_batch_row(batch, batch->rows->len - 1);
}

static bool field_equal(const GeoField *field, const GeoRow *a, const GeoRow *b)
{
    const void *va = (const char *)a + field->offset, *vb = (const char *)b + field->offset;
    switch (field->type) {
    case GEO_FIELD_TEXT:
        return g_strcmp0(*(const char *const *)va, *(const char *const *)vb) == 0;
    case GEO_FIELD_ENUM:
        return *(const int *)va == *(const int *)vb;
    case GEO_FIELD_REAL:
        return *(const double *)va == *(const double *)vb ||
               (isnan(*(const double *)va) && isnan(*(const double *)vb));
    default:
        return *(const int64_t *)va == *(const int64_t *)vb;
    }
}

static bool shape_equal(const GeoBatch *a, const GeoRow *row_a, const GeoBatch *b,
                        const GeoRow *row_b)
{
    if (row_a->shape != row_b->shape || row_a->n_parts != row_b->n_parts)
        return false;
    for (uint32_t k = 0; k < row_a->n_parts; k++) {
        size_t n_a, n_b;
        const GeoLonLat *points_a = geo_batch_part(a, row_a, k, &n_a);
        const GeoLonLat *points_b = geo_batch_part(b, row_b, k, &n_b);
        if (n_a != n_b || memcmp(points_a, points_b, n_a * sizeof *points_a) != 0)
            return false;
    }
    return true;
}

bool geo_batch_equal(const GeoBatch *a, const GeoBatch *b)
{
    if (a->kind != b->kind || a->rows->len != b->rows->len)
        return false;
    const GeoKindInfo *info = geo_kind_info(a->kind);
    for (guint i = 0; i < a->rows->len; i++) {
        const GeoRow *row_a = geo_batch_row(a, i), *row_b = geo_batch_row(b, i);
        if (row_a->id != row_b->id || !shape_equal(a, row_a, b, row_b))
            return false;
        for (size_t f = 0; f < info->n_fields; f++)
            if (!field_equal(&info->fields[f], row_a, row_b))
                return false;
    }
    return true;
}
