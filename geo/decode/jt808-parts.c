/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/jt808-parts.h"

#include <string.h>

#define MAX_ASKS 3

/* One message under way; free while n_parts is 0. */
typedef struct {
    GeoJt808Frame first; /* its head, as the first frame's: body and part are not used */
    uint16_t n_parts, n_kept;
    unsigned asks;
    int64_t moved_ms;                        /* the last frame or ask */
    GByteArray *bodies[GEO_JT808_MAX_PARTS]; /* NULL while missing, owned */
} Message;

struct GeoJt808Parts {
    Message messages[GEO_JT808_OPEN_PARTS];
    GByteArray *whole; /* the last message given, owned */
};

GeoJt808Parts *geo_jt808_parts_new(void)
{
    return g_new0(GeoJt808Parts, 1);
}

static void forget(Message *message)
{
    for (size_t i = 0; i < GEO_JT808_MAX_PARTS; i++)
        g_clear_pointer(&message->bodies[i], g_byte_array_unref);
    memset(message, 0, sizeof *message);
}

void geo_jt808_parts_free(GeoJt808Parts *parts)
{
    if (!parts)
        return;
    for (size_t i = 0; i < GEO_JT808_OPEN_PARTS; i++)
        forget(&parts->messages[i]);
    g_clear_pointer(&parts->whole, g_byte_array_unref);
    g_free(parts);
}

/* The message that the frame belongs to, or a free one; NULL when all are taken. */
static Message *find(GeoJt808Parts *parts, const GeoJt808Frame *frame)
{
    Message *vacant = NULL;
    for (size_t i = 0; i < GEO_JT808_OPEN_PARTS; i++) {
        Message *message = &parts->messages[i];
        if (message->n_parts == 0)
            vacant = message;
        else if (message->first.id == frame->id && !strcmp(message->first.key, frame->key))
            return message;
    }
    return vacant;
}

static void begin(Message *message, const GeoJt808Frame *frame, uint16_t first_serial)
{
    forget(message);
    message->first = *frame;
    message->first.serial = first_serial;
    message->first.part = message->first.n_parts = 0;
    message->first.body = NULL;
    message->n_parts = frame->n_parts;
}

static void join(GeoJt808Parts *parts, Message *message, GeoJt808Frame *whole)
{
    if (!parts->whole)
        parts->whole = g_byte_array_new();
    g_byte_array_set_size(parts->whole, 0);
    for (size_t i = 0; i < message->n_parts; i++)
        g_byte_array_append(parts->whole, message->bodies[i]->data, message->bodies[i]->len);
    *whole = message->first;
    static const uint8_t nothing = 0; /* an array of no bytes has no address */
    whole->body = parts->whole->len > 0 ? parts->whole->data : &nothing;
    whole->n_body = parts->whole->len;
    forget(message);
}

GeoJt808Part geo_jt808_parts_add(GeoJt808Parts *parts, const GeoJt808Frame *frame, int64_t now_ms,
                                 GeoJt808Frame *whole)
{
    g_clear_pointer(&parts->whole, g_byte_array_unref);
    if (frame->part == 0 || frame->part > frame->n_parts || frame->n_parts > GEO_JT808_MAX_PARTS)
        return GEO_JT808_REFUSED;
    Message *message = find(parts, frame);
    if (!message)
        return GEO_JT808_REFUSED;
    uint16_t first_serial = (uint16_t)(frame->serial - (frame->part - 1));
    if (message->n_parts != frame->n_parts || message->first.serial != first_serial)
        begin(message, frame, first_serial);
    message->moved_ms = now_ms;
    GByteArray **body = &message->bodies[frame->part - 1];
    if (!*body) {
        *body = g_byte_array_sized_new((guint)frame->n_body);
        g_byte_array_append(*body, frame->body, (guint)frame->n_body);
        message->n_kept++;
    }
    if (message->n_kept < message->n_parts)
        return GEO_JT808_KEPT;
    join(parts, message, whole);
    return GEO_JT808_WHOLE;
}

bool geo_jt808_parts_stalled(GeoJt808Parts *parts, int64_t now_ms, int64_t wait_ms,
                             GeoJt808Gap *gap)
{
    for (size_t i = 0; i < GEO_JT808_OPEN_PARTS; i++) {
        Message *message = &parts->messages[i];
        if (message->n_parts == 0 || now_ms - message->moved_ms < wait_ms)
            continue;
        if (message->asks++ == MAX_ASKS) {
            forget(message);
            continue;
        }
        message->moved_ms = now_ms;
        *gap = (GeoJt808Gap){
            .peer = message->first.peer,
            .id = message->first.id,
            .first_serial = message->first.serial,
        };
        for (uint16_t k = 0; k < message->n_parts; k++)
            if (!message->bodies[k])
                gap->missing[gap->n_missing++] = (uint16_t)(k + 1);
        return true;
    }
    return false;
}

size_t geo_jt808_parts_bytes(const GeoJt808Parts *parts)
{
    size_t bytes = parts->whole ? parts->whole->len : 0;
    for (size_t i = 0; i < GEO_JT808_OPEN_PARTS; i++)
        for (size_t k = 0; k < GEO_JT808_MAX_PARTS; k++)
            bytes += parts->messages[i].bodies[k] ? parts->messages[i].bodies[k]->len : 0;
    return bytes;
}
