/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Frames of JT/T 808: 7E, header, body, XOR of both, 7E, where 7E and 7D within are written 7D 02
 * and 7D 01. Every flag both ends what came before and begins what follows, so a lost flag costs
 * the frames beside it and no more, and shared and doubled flags need no care. Unescaped while the
 * bytes arrive: one pass, one copy. */
#include "geo/decode/jt808.h"

#include <string.h>

#define FLAG 0x7e
#define ESCAPE 0x7d
#define FIRST_BYTES 128 /* most frames are shorter: 18,397 connections need 2 MB and not 38 */

struct GeoJt808Stream {
    uint8_t *bytes; /* unescaped, since the last flag; owned */
    size_t n, n_room;
    size_t n_raw; /* bytes since the last flag as they came */
    bool begun;   /* a flag was seen */
    bool escaped; /* the last byte was 7D */
    bool broken;  /* a wrong escape since the last flag */
    bool closed;
};

const char *geo_jt808_fault_word(GeoJt808Fault fault)
{
    static const char *const words[] = {
        [GEO_JT808_SOUND] = "sound",       [GEO_JT808_NO_FLAG] = "no-flag",
        [GEO_JT808_ESCAPE] = "escape",     [GEO_JT808_SHORT] = "short",
        [GEO_JT808_CHECKSUM] = "checksum", [GEO_JT808_LENGTH] = "length",
        [GEO_JT808_PHONE] = "phone",       [GEO_JT808_ENCRYPTED] = "encrypted",
        [GEO_JT808_PART] = "part",         [GEO_JT808_TOO_LONG] = "too-long",
    };
    return fault < G_N_ELEMENTS(words) ? words[fault] : "unknown";
}

GeoJt808Stream *geo_jt808_stream_new(void)
{
    return g_new0(GeoJt808Stream, 1);
}

void geo_jt808_stream_free(GeoJt808Stream *stream)
{
    if (!stream)
        return;
    g_free(stream->bytes);
    g_free(stream);
}

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

/* The digits of a BCD phone without leading zeros. */
static bool read_phone(const uint8_t *phone, size_t n, char key[21])
{
    size_t n_key = 0;
    for (size_t i = 0; i < 2 * n; i++) {
        int digit = i % 2 ? phone[i / 2] & 15 : phone[i / 2] >> 4;
        if (digit > 9)
            return false;
        if (digit > 0 || n_key > 0)
            key[n_key++] = (char)('0' + digit);
    }
    key[n_key] = '\0';
    return n_key > 0;
}

/* Everything between two flags, unescaped. */
static GeoJt808Fault read_frame(const uint8_t *bytes, size_t n, GeoJt808Frame *frame)
{
    uint8_t sum = 0;
    for (size_t i = 0; i < n; i++)
        sum ^= bytes[i];
    if (n < 13)
        return GEO_JT808_SHORT;
    if (sum != 0)
        return GEO_JT808_CHECKSUM;
    memset(frame, 0, sizeof *frame);
    uint16_t attributes = word_at(bytes + 2);
    bool is_2019 = attributes & 1 << 14, in_parts = attributes & 1 << 13;
    size_t at = is_2019 ? 5 : 4, n_phone = is_2019 ? 10 : 6;
    size_t n_header = at + n_phone + 2 + (in_parts ? 4 : 0), n_body = attributes & 0x3ff;
    if (n < n_header + 1)
        return GEO_JT808_SHORT;
    if (n != n_header + n_body + 1)
        return GEO_JT808_LENGTH;
    if (attributes & 7 << 10)
        return GEO_JT808_ENCRYPTED;
    frame->id = word_at(bytes);
    frame->peer.is_2019 = is_2019;
    frame->peer.protocol = is_2019 ? bytes[4] : 0;
    memcpy(frame->peer.phone, bytes + at, n_phone);
    if (!read_phone(bytes + at, n_phone, frame->key))
        return GEO_JT808_PHONE;
    frame->serial = word_at(bytes + at + n_phone);
    if (in_parts) {
        frame->n_parts = word_at(bytes + n_header - 4);
        frame->part = word_at(bytes + n_header - 2);
        if (frame->part == 0 || frame->part > frame->n_parts)
            return GEO_JT808_PART;
    }
    frame->body = bytes + n_header;
    frame->n_body = n_body;
    return GEO_JT808_SOUND;
}

static void keep(GeoJt808Stream *stream, uint8_t byte)
{
    if (stream->n == stream->n_room) {
        stream->n_room = stream->n_room ? 2 * stream->n_room : FIRST_BYTES;
        stream->bytes = g_realloc(stream->bytes, stream->n_room);
    }
    stream->bytes[stream->n++] = byte;
}

/* One byte between flags; false when there are too many. */
static bool take(GeoJt808Stream *stream, uint8_t byte)
{
    if (++stream->n_raw > GEO_JT808_MAX_GAP)
        return false;
    if (!stream->begun || stream->broken)
        return true;
    if (stream->escaped) {
        stream->escaped = false;
        stream->broken = byte != 1 && byte != 2;
        keep(stream, byte == 1 ? ESCAPE : FLAG);
    } else if (byte == ESCAPE) {
        stream->escaped = true;
    } else {
        keep(stream, byte);
    }
    return true;
}

/* At a flag: what is between it and the one before. */
static GeoJt808Event end_frame(GeoJt808Stream *stream, GeoJt808Frame *frame, GeoJt808Fault *fault)
{
    bool empty = stream->n_raw == 0;
    size_t n = stream->n;
    if (!stream->begun)
        *fault = GEO_JT808_NO_FLAG;
    else if (stream->broken || stream->escaped)
        *fault = GEO_JT808_ESCAPE;
    else if (!empty)
        *fault = read_frame(stream->bytes, n, frame);
    stream->n = stream->n_raw = 0;
    stream->begun = true;
    stream->escaped = stream->broken = false;
    if (empty)
        return GEO_JT808_MORE;
    return *fault == GEO_JT808_SOUND ? GEO_JT808_FRAME : GEO_JT808_DROPPED;
}

GeoJt808Event geo_jt808_stream_next(GeoJt808Stream *stream, const uint8_t **bytes, size_t *n,
                                    GeoJt808Frame *frame, GeoJt808Fault *fault)
{
    while (*n > 0 && !stream->closed) {
        uint8_t byte = **bytes;
        ++*bytes;
        --*n;
        if (byte == FLAG) {
            GeoJt808Event event = end_frame(stream, frame, fault);
            if (event != GEO_JT808_MORE)
                return event;
        } else if (!take(stream, byte)) {
            stream->closed = true;
        }
    }
    if (!stream->closed)
        return GEO_JT808_MORE;
    *fault = GEO_JT808_TOO_LONG;
    return GEO_JT808_CLOSE;
}
