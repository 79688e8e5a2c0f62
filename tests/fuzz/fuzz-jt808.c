/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A terminal's bytes: first as they are, then each piece between two 7E with its sum and its length
 * made right, so that bodies are reached. */
#include <stdint.h>
#include <string.h>

#include "geo/decode/jt808-parts.h"
#include "geo/decode/jt808-write.h"

static void take_frame(GeoJt808Parts *parts, const GeoJt808Frame *frame, GArray *heard)
{
    GeoJt808Frame whole = *frame;
    GeoJt808Register registration;
    GeoJt808Auth auth;
    GeoJt808Ack ack;
    if (frame->n_parts > 0 && geo_jt808_parts_add(parts, frame, 0, &whole) != GEO_JT808_WHOLE)
        return;
    guint before = heard->len;
    GeoHeardTally tally = {0};
    GeoHeardResult result = geo_jt808_heard(&whole, heard, &tally);
    g_assert((result == GEO_HEARD_FINE) == (heard->len > before));
    g_assert(tally.heard == heard->len - before && heard->len - before <= whole.n_body / 28);
    for (guint i = before; i < heard->len; i++) {
        const GeoHeard *one = &g_array_index(heard, GeoHeard, i);
        g_assert(!(one->flags & GEO_HEARD_VALID) || (one->fix.lon >= -180 && one->fix.lon <= 180 &&
                                                     one->fix.lat >= -90 && one->fix.lat <= 90));
        g_assert(one->key[0] >= '1' && one->key[0] <= '9' && strlen(one->key) <= 20);
        g_assert(!(one->fix.speed_mps < 0) && !(one->fix.heading_deg >= 360));
    }
    if (geo_jt808_register(&whole, &registration))
        g_assert(g_utf8_validate(registration.plate, -1, NULL) &&
                 g_utf8_validate(registration.model, -1, NULL));
    if (geo_jt808_auth(&whole, &auth))
        g_assert(auth.n_code <= whole.n_body && g_utf8_validate(auth.software, -1, NULL));
    GeoJt808Choice choice;
    geo_jt808_ack(&whole, &ack);
    geo_jt808_choice(&whole, &choice);
}

static void run(const uint8_t *bytes, size_t n)
{
    g_autoptr(GeoJt808Stream) stream = geo_jt808_stream_new();
    g_autoptr(GeoJt808Parts) parts = geo_jt808_parts_new();
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    GeoJt808Frame frame;
    GeoJt808Fault fault = GEO_JT808_SOUND;
    GeoJt808Event event;
    while ((event = geo_jt808_stream_next(stream, &bytes, &n, &frame, &fault)) != GEO_JT808_MORE &&
           event != GEO_JT808_CLOSE) {
        if (event == GEO_JT808_FRAME)
            take_frame(parts, &frame, heard);
        g_assert(event == GEO_JT808_FRAME || fault != GEO_JT808_SOUND);
    }
    g_assert(geo_jt808_parts_bytes(parts) <= 96 * 1024);
    GeoJt808Gap gap;
    g_autoptr(GByteArray) out = g_byte_array_new();
    for (int i = 0; i < 8 && geo_jt808_parts_stalled(parts, 20000, 10000, &gap); i++)
        geo_jt808_write_resend(out, &gap.peer, 1, gap.first_serial, gap.missing, gap.n_missing);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t n)
{
    run(bytes, n);
    /* The input as plain contents: 7E separates messages, everything else is meant. */
    static const uint8_t flag = 0x7e;
    g_autoptr(GByteArray) mended = g_byte_array_new();
    for (size_t at = 0; at < n;) {
        const uint8_t *end = memchr(bytes + at, 0x7e, n - at);
        size_t n_piece = MIN(end ? (size_t)(end - bytes) - at : n - at, 1023 + 21);
        if (n_piece >= 12) {
            bool is_2019 = bytes[at + 2] & 0x40;
            size_t n_header = (is_2019 ? 17 : 12) + (bytes[at + 2] & 0x20 ? 4 : 0);
            uint8_t piece[1023 + 21 + 1], sum = 0;
            memcpy(piece, bytes + at, n_piece);
            size_t n_body = n_piece > n_header ? MIN(n_piece - n_header, 1023) : 0;
            piece[2] = (uint8_t)((piece[2] & 0xe0) | n_body >> 8);
            piece[3] = (uint8_t)n_body;
            for (size_t i = 0; i < n_piece; i++)
                sum ^= piece[i];
            piece[n_piece] = sum;
            g_byte_array_append(mended, &flag, 1);
            for (size_t i = 0; i <= n_piece; i++) {
                uint8_t pair[2] = {piece[i], 0};
                if (piece[i] == 0x7d || piece[i] == 0x7e) {
                    pair[0] = 0x7d;
                    pair[1] = piece[i] == 0x7e ? 2 : 1;
                }
                g_byte_array_append(mended, pair, pair[1] ? 2 : 1);
            }
        }
        g_byte_array_append(mended, &flag, 1);
        at = end ? (size_t)(end - bytes) + 1 : n;
    }
    if (mended->len > 0)
        run(mended->data, mended->len);
    return 0;
}
