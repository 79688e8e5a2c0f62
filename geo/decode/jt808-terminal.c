/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/jt808-terminal.h"

#include <string.h>

static void append_word(GByteArray *body, unsigned word)
{
    uint8_t bytes[2] = {(uint8_t)(word >> 8), (uint8_t)word};
    g_byte_array_append(body, bytes, 2);
}

/* GBK in exactly width bytes, padded with NULs; never half a character. */
static void append_text(GByteArray *body, const char *text, size_t width)
{
    static const uint8_t zeros[32] = {0};
    size_t n_chars = (size_t)g_utf8_strlen(text, -1);
    g_autofree char *gbk = NULL;
    gsize n = width + 1;
    while (n > width) {
        g_autofree char *part = g_utf8_substring(text, 0, (glong)n_chars);
        g_free(gbk);
        gbk = g_convert_with_fallback(part, -1, "GBK", "UTF-8", "?", NULL, &n, NULL);
        n = gbk ? n : 0;
        n_chars -= n > width;
    }
    g_byte_array_append(body, (const uint8_t *)(gbk ? gbk : ""), (guint)n);
    g_byte_array_append(body, zeros, (guint)(width - n));
}

unsigned geo_jt808_terminal_register(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                     const GeoJt808Register *registration)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    append_word(body, registration->province);
    append_word(body, registration->city);
    append_text(body, registration->maker, peer->is_2019 ? 11 : 5);
    append_text(body, registration->model, peer->is_2019 ? 30 : 20);
    append_text(body, registration->terminal, peer->is_2019 ? 30 : 7);
    g_byte_array_append(body, &registration->plate_colour, 1);
    g_autofree char *plate =
        g_convert_with_fallback(registration->plate, -1, "GBK", "UTF-8", "?", NULL, NULL, NULL);
    if (plate)
        g_byte_array_append(body, (const uint8_t *)plate, (guint)strlen(plate));
    return geo_jt808_write(out, peer, GEO_JT808_REGISTER, serial, body->data, body->len);
}

unsigned geo_jt808_terminal_auth(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                 const char *code, const char *imei, const char *software)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    uint8_t n = (uint8_t)MIN(strlen(code), 255);
    if (peer->is_2019)
        g_byte_array_append(body, &n, 1);
    g_byte_array_append(body, (const uint8_t *)code, n);
    if (peer->is_2019) {
        append_text(body, imei, 15);
        append_text(body, software, 20);
    }
    return geo_jt808_write(out, peer, GEO_JT808_AUTH, serial, body->data, body->len);
}

unsigned geo_jt808_terminal_heartbeat(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial)
{
    return geo_jt808_write(out, peer, GEO_JT808_HEARTBEAT, serial, NULL, 0);
}

unsigned geo_jt808_terminal_ack(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                const GeoJt808Frame *to, GeoJt808Result result)
{
    uint8_t body[5] = {(uint8_t)(to->serial >> 8), (uint8_t)to->serial, (uint8_t)(to->id >> 8),
                       (uint8_t)to->id, (uint8_t)result};
    return geo_jt808_write(out, peer, GEO_JT808_ACK, serial, body, sizeof body);
}

unsigned geo_jt808_terminal_batch(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                  bool blind, const GeoHeard *heard, size_t n)
{
    g_return_val_if_fail(n > 0 && n <= GEO_JT808_BATCH_PLACES, 0);
    uint8_t body[3 + GEO_JT808_BATCH_PLACES * (2 + GEO_JT808_PLACE_BYTES)] = {
        0,
        (uint8_t)n,
        blind,
    };
    for (size_t i = 0; i < n; i++) {
        uint8_t *item = body + 3 + i * (2 + GEO_JT808_PLACE_BYTES);
        item[1] = GEO_JT808_PLACE_BYTES;
        geo_jt808_write_place(item + 2, &heard[i]);
    }
    return geo_jt808_write(out, peer, GEO_JT808_BATCH, serial, body,
                           3 + n * (2 + GEO_JT808_PLACE_BYTES));
}

bool geo_jt808_terminal_registered(const GeoJt808Frame *frame, uint16_t *serial, uint8_t *result,
                                   char *code, size_t size)
{
    if (frame->n_body < 3)
        return false;
    size_t n = MIN(frame->n_body - 3, size - 1);
    *serial = (uint16_t)(frame->body[0] << 8 | frame->body[1]);
    *result = frame->body[2];
    memcpy(code, frame->body + 3, n);
    code[n] = '\0';
    return true;
}
