/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How many cameras see each square metre: a sparse raster of counts. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "geo/model/coord.h"

/* Cells of a raster lie in square tiles of so many a side; those never touched take no memory. */
#define GEO_TILE_CELLS 64

typedef struct GeoCover GeoCover;

/* An empty raster of cells of cell_m metres over box, from its south-western corner; a box of more
 * than 2^19 cells a side is cut there. An empty box gives a raster of one cell. */
GeoCover *geo_cover_new(const GeoBox *box, double cell_m);
void geo_cover_free(GeoCover *cover);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCover, geo_cover_free)

double geo_cover_cell_m(const GeoCover *cover);
void geo_cover_size(const GeoCover *cover, int64_t *columns, int64_t *rows, GeoXY *origin);

/* Adds or takes away one view polygon, even-odd at cell centres; counts saturate at 255 and a
 * saturated cell is never taken from. O(rows x corners + cells). */
void geo_cover_add(GeoCover *cover, const GeoXY *polygon, size_t n);
void geo_cover_remove(GeoCover *cover, const GeoXY *polygon, size_t n);

/* The same for a field of several rings, each counted once, even-odd over all. Ring i begins at
 * points[part_first[i] - part_first[0]]: the numbers may count from anywhere. */
void geo_cover_add_rings(GeoCover *cover, const GeoXY *points, size_t n, const uint32_t *part_first,
                         size_t n_parts);
void geo_cover_remove_rings(GeoCover *cover, const GeoXY *points, size_t n,
                            const uint32_t *part_first, size_t n_parts);

/* 0 outside. */
uint8_t geo_cover_at(const GeoCover *cover, GeoXY p);

/* The counts of row y (cells) from column x on, n of them; for painters. 0 outside. */
void geo_cover_row(const GeoCover *cover, int64_t x, int64_t y, size_t n, uint8_t *counts);

/* The tile of so many tiles east and north: 64 rows of 64 counts, or NULL while all are 0. */
const uint8_t *geo_cover_tile(const GeoCover *cover, int64_t tile_x, int64_t tile_y);

/* Which of the 64 counts of a tile's row are at least k (1 to 128): bit 0 is the first. */
uint64_t geo_cover_row_seen(const uint8_t *counts, uint8_t k);

/* Square metres seen by at least k cameras. */
double geo_cover_area_m2(const GeoCover *cover, uint8_t k);
