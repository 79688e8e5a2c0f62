/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The cells of a raster that a polygon fills, row by row. */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

#define GEO_SCAN_MAX_CELLS (1 << 19) /* a side */

typedef struct {
    int32_t row, from, to; /* columns from .. to - 1 */
} GeoSpan;

/* A raster's frame, and room to work in; of one thread. */
typedef struct GeoScan GeoScan;

/* Cells of cell_m over box from its south-western corner, at least one, at most GEO_SCAN_MAX_CELLS
 * a side. */
GeoScan *geo_scan_new(const GeoBox *box, double cell_m);
void geo_scan_free(GeoScan *scan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoScan, geo_scan_free)

int32_t geo_scan_columns(const GeoScan *scan);
int32_t geo_scan_rows(const GeoScan *scan);
GeoXY geo_scan_origin(const GeoScan *scan);
double geo_scan_cell_m(const GeoScan *scan);

/* Spans of the cells whose middle lies in the polygon, even-odd over all rings, from the south, cut
 * to the raster. Ring i begins at points[part_first[i] - part_first[0]] and closes itself;
 * part_first NULL: one ring. None for points that are not finite. Borrowed until the next call.
 * O(crossings). */
const GeoSpan *geo_scan_polygon(GeoScan *scan, const GeoXY *points, size_t n_points,
                                const uint32_t *part_first, size_t n_parts, size_t *n_spans);

/* The same for all places within half_m of the segment. */
const GeoSpan *geo_scan_capsule(GeoScan *scan, GeoXY a, GeoXY b, double half_m, size_t *n_spans);
