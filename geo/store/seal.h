/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Fixes in the order they came, made into a block of a day file: each unit's pieces together,
 * units near each other together, in segments of about a page. Private to geo/store; knows no
 * database. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/trackcode.h"

/* A segment and its row fill a page of 4096 bytes. */
#define GEO_SEAL_SEGMENT_BYTES 4040
/* Blocks of so few segments are looked through; others have seats. */
#define GEO_SEAL_FEW_SEGMENTS 8
#define GEO_SEAL_SEATS_PER_PART 2000
#define GEO_SEAL_NOWHERE 65535

typedef struct {
    GeoTrackPoint point;
    float accuracy_m;
    uint32_t slot; /* of the unit */
} GeoSealFix;

typedef struct {
    size_t begin, end; /* in bytes */
    GeoTrackBox box;
} GeoSealSegment;

typedef struct {
    GByteArray *bytes;
    GArray *segments; /* GeoSealSegment */
    GArray *seats;    /* uint16_t for each slot */
    int64_t from_ms, to_ms;
    size_t n; /* fixes; doubles of unit and time left out, the first one stays */
} GeoSealBlock;

/* fixes (n > 0, slots below n_slots) is worked over. Cannot fail; a block of more than 65,535
 * segments is not asked for. O(n log n), O(n) where units report in order. */
GeoSealBlock *geo_seal_block_new(GeoSealFix *fixes, size_t n, uint32_t n_slots);
void geo_seal_block_free(GeoSealBlock *block);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSealBlock, geo_seal_block_free)

/* Reads a segment's pieces one after the other. */
typedef struct {
    const uint8_t *at, *end;
    GeoTrackPoint base;
    bool damaged; /* it ended before its end */
    uint32_t slot;
    GeoTrackHead head;
    const uint8_t *piece; /* of head, for geo_trackcode_decode() */
} GeoSealReader;

void geo_seal_reader_init(GeoSealReader *reader, const uint8_t *bytes, size_t n);

/* The next piece in slot, head and piece; false at the end, or damaged. */
bool geo_seal_reader_next(GeoSealReader *reader);
