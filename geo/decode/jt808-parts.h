/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Messages in several frames, put together for one connection within a fixed memory: two messages
 * at a time, 32 frames each, and the last whole one: 96 KiB whatever a client sends, and nothing
 * while none is under way. */
#include "geo/decode/jt808.h"

#define GEO_JT808_MAX_PARTS 32
#define GEO_JT808_OPEN_PARTS 2 /* messages at a time */

typedef struct GeoJt808Parts GeoJt808Parts;
GeoJt808Parts *geo_jt808_parts_new(void);
void geo_jt808_parts_free(GeoJt808Parts *parts);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoJt808Parts, geo_jt808_parts_free)

typedef enum {
    GEO_JT808_KEPT,    /* others are missing */
    GEO_JT808_WHOLE,   /* whole is filled; its body lives until the next call */
    GEO_JT808_REFUSED, /* too many frames or messages: answer 0x8001 with UNSUPPORTED */
} GeoJt808Part;

/* A frame with n_parts above 0. The same frame twice is taken once; a frame that is of another
 * message under the same id (its serial says so) begins that one and forgets the former. whole is
 * that message as if it had come in one frame, with the first frame's serial. */
GeoJt808Part geo_jt808_parts_add(GeoJt808Parts *parts, const GeoJt808Frame *frame, int64_t now_ms,
                                 GeoJt808Frame *whole);

typedef struct {
    GeoJt808Peer peer;
    uint16_t id, first_serial;
    uint16_t missing[GEO_JT808_MAX_PARTS];
    size_t n_missing;
} GeoJt808Gap;

/* The next message that has waited for wait_ms: gap says what to ask again (0x8003). After three
 * asks it is forgotten. False when none waits; call until then. */
bool geo_jt808_parts_stalled(GeoJt808Parts *parts, int64_t now_ms, int64_t wait_ms,
                             GeoJt808Gap *gap);

/* Bytes of bodies held. */
size_t geo_jt808_parts_bytes(const GeoJt808Parts *parts);
