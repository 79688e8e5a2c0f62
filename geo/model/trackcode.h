/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The code of a piece of one unit's track: times and places as small differences in few bits. Times
 * are exact to the millisecond; a place is a cell of one grid of the whole earth, so what is kept
 * does not change by being coded. Speed and heading are not coded: they follow from the places.
 * About 1.7 bytes a fix for a walk at 10 s, with the head. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

/* Cells of 4.4e-6 degrees: 0.495 m northward, less eastward; the middle of a cell is at most 0.35 m
 * off. */
#define GEO_TRACKCODE_CELLS_PER_DEGREE 225000

/* Fixes of one piece at most: what a hostile one may make its reader hold. */
#define GEO_TRACKCODE_MOST 4096

typedef struct {
    int64_t at_ms;
    int32_t x, y; /* cells east and north of 0, 0 */
} GeoTrackPoint;

typedef struct {
    int32_t min_x, min_y, max_x, max_y; /* cells, both ends in */
} GeoTrackBox;

/* What a piece says of itself before it is decoded. */
typedef struct {
    uint32_t n; /* 1 .. GEO_TRACKCODE_MOST */
    int64_t t0_ms, t1_ms;
    GeoTrackBox box;
    float accuracy_m; /* no fix was worse, to 1 m up; 255 stands for all above; NAN: none said */
    size_t bytes;     /* of the whole piece */
    /* for the decoder */
    GeoTrackPoint first;
    size_t head_bytes;
    int64_t step; /* time units */
    uint8_t flags, k_x, k_y, k_t;
} GeoTrackHead;

/* The cell of a coordinate, and its middle. geo_trackcode_cell(geo_trackcode_degrees(c)) is c. */
int32_t geo_trackcode_cell(double degrees);
double geo_trackcode_degrees(int32_t cell);

/* The cells whose middles lie in the bounds; empty (min above max) where none does. */
GeoTrackBox geo_trackcode_box(const GeoBounds *bounds);

/* Bytes that n fixes need at most. */
size_t geo_trackcode_bound(size_t n);

/* Codes n fixes (1 .. GEO_TRACKCODE_MOST) of strictly rising time, all within 2^31 ms of the first,
 * into bytes (room: geo_trackcode_bound(n), the caller's); returns how many were used. base is
 * anything near that the reader will know too; its time is in whole seconds. Cannot fail. */
size_t geo_trackcode_encode(const GeoTrackPoint *points, size_t n, GeoTrackPoint base,
                            float accuracy_m, uint8_t *bytes);

/* The head of the piece that begins at bytes; false when it is not one that we could have written
 * or ends beyond n_bytes. head is touched only on success. O(1). */
bool geo_trackcode_head(const uint8_t *bytes, size_t n_bytes, GeoTrackPoint base,
                        GeoTrackHead *head);

/* The head->n fixes of the piece at bytes whose head was read there; points is the caller's. False
 * when the body does not agree with the head: points then hold nothing to rely on. */
bool geo_trackcode_decode(const uint8_t *bytes, const GeoTrackHead *head, GeoTrackPoint *points);
