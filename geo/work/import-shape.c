/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "geo/work/import-rows.h"

#define WHAT_BYTES 160
#define MIN_RING 4 /* vertices, the first again at the end */

const char *geo_import_check_points(const GeoLonLat *points, size_t n, char *what)
{
    for (size_t i = 0; i < n; i++) {
        GeoLonLat p = points[i];
        if (geo_coord_valid(p))
            continue;
        if (!isfinite(p.lon) || !isfinite(p.lat)) {
            g_strlcpy(what, "longitude or latitude is no number", WHAT_BYTES);
            return "position is no number";
        }
        bool swapped = fabs(p.lat) > 90 && fabs(p.lat) <= 180 && fabs(p.lon) <= 90;
        if (fabs(p.lat) > 90)
            g_snprintf(what, WHAT_BYTES, "latitude %.7g is out of range%s", p.lat,
                       swapped ? "; longitude and latitude may be swapped" : "");
        else
            g_snprintf(what, WHAT_BYTES, "longitude %.7g is out of range", p.lon);
        return swapped ? "longitude and latitude may be swapped" : "position is out of range";
    }
    return NULL;
}

/* Twice the area, positive when anticlockwise; relative to the first vertex to keep digits. */
static double ring_area2(const GeoLonLat *ring, size_t n)
{
    double area2 = 0;
    for (size_t i = 0; i + 1 < n; i++)
        area2 += (ring[i].lon - ring[0].lon) * (ring[i + 1].lat - ring[0].lat) -
                 (ring[i + 1].lon - ring[0].lon) * (ring[i].lat - ring[0].lat);
    return area2;
}

static bool closed(const GeoLonLat *ring, size_t n)
{
    return n > 1 && ring[0].lon == ring[n - 1].lon && ring[0].lat == ring[n - 1].lat;
}

/* Outer rings turn anticlockwise, holes clockwise. */
static void turn(GeoLonLat *ring, size_t n, bool hole)
{
    double area2 = ring_area2(ring, n);
    if (hole ? area2 <= 0 : area2 >= 0)
        return;
    for (size_t i = 0; i < n / 2; i++) {
        GeoLonLat swap = ring[i];
        ring[i] = ring[n - 1 - i];
        ring[n - 1 - i] = swap;
    }
}

static GeoLonLat centroid(const GeoLonLat *ring, size_t n)
{
    double area2 = ring_area2(ring, n), lon = 0, lat = 0;
    if (area2 == 0)
        return ring[0];
    for (size_t i = 0; i + 1 < n; i++) {
        double ax = ring[i].lon - ring[0].lon, ay = ring[i].lat - ring[0].lat;
        double bx = ring[i + 1].lon - ring[0].lon, by = ring[i + 1].lat - ring[0].lat;
        double cross = ax * by - bx * ay;
        lon += (ax + bx) * cross;
        lat += (ay + by) * cross;
    }
    return (GeoLonLat){ring[0].lon + lon / (3 * area2), ring[0].lat + lat / (3 * area2)};
}

bool geo_import_middle(const GeoSourceRow *row, GeoLonLat *middle)
{
    if (row->n_parts == 0)
        return false;
    const GeoSourcePart *part = &row->parts[0];
    const GeoLonLat *points = row->points + part->first;
    if (part->shape == GEO_SHAPE_POLYGON && closed(points, part->n))
        *middle = centroid(points, part->n);
    else
        *middle = points[part->n / 2];
    return true;
}

static const char *take_lines(GeoBatch *batch, const GeoSourceRow *row)
{
    size_t taken = 0;
    for (size_t i = 0; i < row->n_parts; i++) {
        const GeoSourcePart *part = &row->parts[i];
        if (part->shape != GEO_SHAPE_LINE || part->n < 2)
            continue;
        geo_batch_part_from(batch, GEO_SHAPE_LINE, row->points + part->first, part->n);
        taken++;
    }
    return taken > 0 ? NULL : "it has no line of two vertices or more";
}

static const char *take_rings(GeoBatch *batch, GeoSourceRow *row)
{
    size_t taken = 0;
    bool outer_taken = false;
    for (size_t i = 0; i < row->n_parts; i++) {
        const GeoSourcePart *part = &row->parts[i];
        GeoLonLat *ring = row->points + part->first;
        if (part->shape != GEO_SHAPE_POLYGON)
            continue;
        size_t n_closed = part->n + (closed(ring, part->n) ? 0 : 1);
        bool fine = n_closed >= MIN_RING && ring_area2(ring, part->n) != 0;
        if (!part->hole)
            outer_taken = fine;
        if (!fine || !outer_taken)
            continue;
        turn(ring, part->n, part->hole);
        geo_batch_part_from(batch, GEO_SHAPE_POLYGON, ring, part->n);
        taken++;
    }
    return taken > 0 ? NULL : "it has no ring that encloses anything";
}

const char *geo_import_shape(GeoImportPass *pass, GeoKind kind, const GeoSourceRow *row,
                             GeoShape shape)
{
    GeoBatch *batch = pass->read->batches[kind];
    GeoSourceRow own = *row;
    GeoLonLat middle;
    if (row->n_parts == 0)
        return "it has no shape";
    if (shape == GEO_SHAPE_LINE)
        return take_lines(batch, row);
    if (shape == GEO_SHAPE_POLYGON)
        return take_rings(batch, &own);
    geo_import_middle(row, &middle);
    geo_batch_set_point(batch, middle.lon, middle.lat);
    return NULL;
}
