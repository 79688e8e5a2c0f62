/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Layout after the SpatiaLite manual, "BLOB-Geometry": start, byte order, SRID, bounds, 0x7C,
 * class, body, 0xFE; each member of a collection begins with 0x69 and its class. */
#include "geo/store/blob.h"

#include <string.h>

G_STATIC_ASSERT(G_BYTE_ORDER == G_LITTLE_ENDIAN);

enum { START = 0x00, LITTLE = 0x01, MBR_END = 0x7C, ENTITY = 0x69, END = 0xFE };
enum { POINT = 1, LINE = 2, POLYGON = 3, MULTILINE = 5, MULTIPOLYGON = 6 };
enum { SRID = 4326, HEAD_BYTES = 43 };

static void put_byte(GByteArray *blob, guint8 byte)
{
    g_byte_array_append(blob, &byte, 1);
}

static void put_int(GByteArray *blob, int32_t value)
{
    g_byte_array_append(blob, (const guint8 *)&value, sizeof value);
}

static void put_points(GByteArray *blob, const GeoLonLat *points, size_t n)
{
    g_byte_array_append(blob, (const guint8 *)points, (guint)(n * sizeof *points));
}

static void put_part(GByteArray *blob, const GeoBatch *batch, const GeoRow *row, uint32_t k)
{
    size_t n;
    const GeoLonLat *points = geo_batch_part(batch, row, k, &n);
    put_int(blob, (int32_t)n);
    put_points(blob, points, n);
}

static bool is_outer(const GeoBatch *batch, const GeoRow *row, uint32_t k)
{
    size_t n;
    const GeoLonLat *p = geo_batch_part(batch, row, k, &n);
    double twice = 0;
    for (size_t i = 0; i + 1 < n; i++)
        twice += (p[i].lon - p[0].lon) * (p[i + 1].lat - p[0].lat) -
                 (p[i + 1].lon - p[0].lon) * (p[i].lat - p[0].lat);
    return k == 0 || twice >= 0;
}

static uint32_t polygon_end(const GeoBatch *batch, const GeoRow *row, uint32_t k)
{
    uint32_t end = k + 1;
    while (end < row->n_parts && !is_outer(batch, row, end))
        end++;
    return end;
}

static void put_polygons(GByteArray *blob, const GeoBatch *batch, const GeoRow *row)
{
    int32_t n_polygons = 0;
    for (uint32_t k = 0; k < row->n_parts; k = polygon_end(batch, row, k))
        n_polygons++;
    put_int(blob, n_polygons);
    for (uint32_t k = 0; k < row->n_parts;) {
        uint32_t end = polygon_end(batch, row, k);
        put_byte(blob, ENTITY);
        put_int(blob, POLYGON);
        put_int(blob, (int32_t)(end - k));
        for (; k < end; k++)
            put_part(blob, batch, row, k);
    }
}

static void put_lines(GByteArray *blob, const GeoBatch *batch, const GeoRow *row)
{
    put_int(blob, (int32_t)row->n_parts);
    for (uint32_t k = 0; k < row->n_parts; k++) {
        put_byte(blob, ENTITY);
        put_int(blob, LINE);
        put_part(blob, batch, row, k);
    }
}

void geo_blob_write(GByteArray *blob, const GeoBatch *batch, const GeoRow *row)
{
    g_byte_array_set_size(blob, 0);
    if (row->n_parts == 0)
        return;
    GeoBounds bounds = geo_batch_row_bounds(batch, row);
    put_byte(blob, START);
    put_byte(blob, LITTLE);
    put_int(blob, SRID);
    g_byte_array_append(blob, (const guint8 *)&bounds, sizeof bounds);
    put_byte(blob, MBR_END);
    if (row->shape == GEO_SHAPE_POINT) {
        size_t n;
        const GeoLonLat *p = geo_batch_part(batch, row, 0, &n);
        put_int(blob, POINT);
        put_points(blob, p, 1);
    } else if (row->shape == GEO_SHAPE_LINE) {
        put_int(blob, MULTILINE);
        put_lines(blob, batch, row);
    } else {
        put_int(blob, MULTIPOLYGON);
        put_polygons(blob, batch, row);
    }
    put_byte(blob, END);
}

typedef struct {
    const guint8 *at, *end;
    bool ok;
} Reader;

static const void *take(Reader *reader, size_t n)
{
    if (!reader->ok || n > (size_t)(reader->end - reader->at)) {
        reader->ok = false;
        return NULL;
    }
    const void *bytes = reader->at;
    reader->at += n;
    return bytes;
}

static int32_t take_int(Reader *reader)
{
    int32_t value = -1;
    const void *bytes = take(reader, sizeof value);
    if (bytes)
        memcpy(&value, bytes, sizeof value);
    return value;
}

static void take_part(Reader *reader, GeoBatch *batch, GeoShape shape, int32_t n)
{
    const void *bytes = n < 0 ? NULL : take(reader, (size_t)n * sizeof(GeoLonLat));
    if (!bytes) {
        reader->ok = false;
        return;
    }
    geo_batch_begin(batch, shape);
    if (n == 0)
        return;
    guint first = batch->points->len;
    g_array_set_size(batch->points, first + (guint)n);
    memcpy(&g_array_index(batch->points, GeoLonLat, first), bytes, (size_t)n * sizeof(GeoLonLat));
}

static void take_rings(Reader *reader, GeoBatch *batch)
{
    int32_t n = take_int(reader);
    for (int32_t i = 0; i < n && reader->ok; i++)
        take_part(reader, batch, GEO_SHAPE_POLYGON, take_int(reader));
}

static void take_collection(Reader *reader, GeoBatch *batch, int32_t member)
{
    int32_t n = take_int(reader);
    for (int32_t i = 0; i < n && reader->ok; i++) {
        const guint8 *mark = take(reader, 1);
        if (!mark || *mark != ENTITY || take_int(reader) != member)
            reader->ok = false;
        else if (member == LINE)
            take_part(reader, batch, GEO_SHAPE_LINE, take_int(reader));
        else
            take_rings(reader, batch);
    }
}

static void take_body(Reader *reader, GeoBatch *batch)
{
    switch (take_int(reader)) {
    case POINT:
        take_part(reader, batch, GEO_SHAPE_POINT, 1);
        break;
    case LINE:
        take_part(reader, batch, GEO_SHAPE_LINE, take_int(reader));
        break;
    case POLYGON:
        take_rings(reader, batch);
        break;
    case MULTILINE:
        take_collection(reader, batch, LINE);
        break;
    case MULTIPOLYGON:
        take_collection(reader, batch, POLYGON);
        break;
    default:
        reader->ok = false;
    }
}

bool geo_blob_bounds(const void *bytes, size_t n, GeoBounds *bounds)
{
    const guint8 *b = bytes;
    if (!b || n < HEAD_BYTES + 1 || b[0] != START || b[1] != LITTLE || b[38] != MBR_END ||
        b[n - 1] != END)
        return false;
    memcpy(bounds, b + 6, sizeof *bounds);
    return true;
}

bool geo_blob_read(const void *bytes, size_t n, GeoBatch *batch)
{
    GeoBounds bounds;
    if (!geo_blob_bounds(bytes, n, &bounds))
        return false;
    GeoRow *row = geo_batch_row(batch, batch->rows->len - 1);
    GeoRow before = *row;
    guint n_parts = batch->parts->len, n_points = batch->points->len;
    Reader reader = {(const guint8 *)bytes + 39, (const guint8 *)bytes + n, true};
    take_body(&reader, batch);
    const guint8 *end = take(&reader, 1);
    if (end && *end == END && reader.at == reader.end)
        return true;
    *geo_batch_row(batch, batch->rows->len - 1) = before;
    g_array_set_size(batch->parts, n_parts);
    g_array_set_size(batch->points, n_points);
    return false;
}
