/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/jt808-write.h"

#include <math.h>
#include <string.h>

#include "geo/decode/clock.h"

#define FLAG 0x7e
#define ESCAPE 0x7d
#define TEXT_BYTES 1024

static void put_word(uint8_t *bytes, unsigned word)
{
    bytes[0] = (uint8_t)(word >> 8);
    bytes[1] = (uint8_t)word;
}

static void append_escaped(GByteArray *out, const uint8_t *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        uint8_t pair[2] = {bytes[i], 0};
        if (bytes[i] == FLAG || bytes[i] == ESCAPE) {
            pair[0] = ESCAPE;
            pair[1] = bytes[i] == FLAG ? 2 : 1;
        }
        g_byte_array_append(out, pair, pair[1] ? 2 : 1);
    }
}

/* n_parts 0: the message is whole. */
static void append_frame(GByteArray *out, const GeoJt808Peer *peer, const GeoJt808Frame *head,
                         const uint8_t *body, size_t n_body)
{
    static const uint8_t flag = FLAG;
    uint8_t bytes[21], sum = 0;
    size_t n = 4;
    put_word(bytes, head->id);
    put_word(bytes + 2,
             (unsigned)n_body | (head->n_parts > 0) << 13 | (unsigned)peer->is_2019 << 14);
    if (peer->is_2019)
        bytes[n++] = peer->protocol;
    memcpy(bytes + n, peer->phone, peer->is_2019 ? 10 : 6);
    n += peer->is_2019 ? 10 : 6;
    put_word(bytes + n, head->serial);
    n += 2;
    if (head->n_parts > 0) {
        put_word(bytes + n, head->n_parts);
        put_word(bytes + n + 2, head->part);
        n += 4;
    }
    for (size_t i = 0; i < n; i++)
        sum ^= bytes[i];
    for (size_t i = 0; i < n_body; i++)
        sum ^= body[i];
    g_byte_array_append(out, &flag, 1);
    append_escaped(out, bytes, n);
    append_escaped(out, body, n_body);
    append_escaped(out, &sum, 1);
    g_byte_array_append(out, &flag, 1);
}

unsigned geo_jt808_write(GByteArray *out, const GeoJt808Peer *peer, uint16_t id, uint16_t serial,
                         const uint8_t *body, size_t n_body)
{
    size_t n_parts = n_body <= GEO_JT808_MAX_BODY ? 1 : (n_body - 1) / GEO_JT808_MAX_BODY + 1;
    g_return_val_if_fail(n_parts <= G_MAXUINT16, 0);
    for (size_t i = 0; i < n_parts; i++) {
        size_t from = i * GEO_JT808_MAX_BODY, n = MIN(n_body - from, GEO_JT808_MAX_BODY);
        GeoJt808Frame head = {.id = id, .serial = (uint16_t)(serial + i)};
        if (n_parts > 1) {
            head.n_parts = (uint16_t)n_parts;
            head.part = (uint16_t)(i + 1);
        }
        append_frame(out, peer, &head, from > 0 ? body + from : body, n);
    }
    return (unsigned)n_parts;
}

unsigned geo_jt808_write_ack(GByteArray *out, const GeoJt808Frame *to, uint16_t serial,
                             GeoJt808Result result)
{
    uint8_t body[5];
    put_word(body, to->serial);
    put_word(body + 2, to->id);
    body[4] = (uint8_t)result;
    return geo_jt808_write(out, &to->peer, GEO_JT808_PLATFORM_ACK, serial, body, sizeof body);
}

unsigned geo_jt808_write_registered(GByteArray *out, const GeoJt808Frame *to, uint16_t serial,
                                    GeoJt808Registration result, const char *code)
{
    uint8_t body[3 + 255];
    size_t n_code = result == GEO_JT808_WELCOME ? strlen(code) : 0;
    g_return_val_if_fail(n_code <= 255, 0);
    put_word(body, to->serial);
    body[2] = (uint8_t)result;
    if (n_code > 0)
        memcpy(body + 3, code, n_code);
    return geo_jt808_write(out, &to->peer, GEO_JT808_REGISTERED, serial, body, 3 + n_code);
}

unsigned geo_jt808_write_resend(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                uint16_t first_serial, const uint16_t *parts, size_t n_parts)
{
    g_return_val_if_fail(n_parts > 0 && n_parts <= (peer->is_2019 ? G_MAXUINT16 : 255), 0);
    size_t n_count = peer->is_2019 ? 2 : 1;
    g_autofree uint8_t *body = g_malloc(2 + n_count + 2 * n_parts);
    put_word(body, first_serial);
    if (peer->is_2019)
        put_word(body + 2, (unsigned)n_parts);
    else
        body[2] = (uint8_t)n_parts;
    for (size_t i = 0; i < n_parts; i++)
        put_word(body + 2 + n_count + 2 * i, parts[i]);
    return geo_jt808_write(out, peer, GEO_JT808_RESEND, serial, body, 2 + n_count + 2 * n_parts);
}

unsigned geo_jt808_write_time(GByteArray *out, const GeoJt808Frame *to, uint16_t serial,
                              int64_t at_ms)
{
    uint8_t body[6];
    geo_clock_to_bcd(at_ms, 0, body);
    return geo_jt808_write(out, &to->peer, GEO_JT808_TIME, serial, body, sizeof body);
}

unsigned geo_jt808_write_ask_location(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial)
{
    return geo_jt808_write(out, peer, GEO_JT808_ASK_LOCATION, serial, NULL, 0);
}

unsigned geo_jt808_write_text(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                              unsigned flags, uint8_t type, const char *text)
{
    gsize n_text = 0;
    g_autofree char *gbk =
        g_utf8_validate(text, -1, NULL)
            ? g_convert_with_fallback(text, -1, "GBK", "UTF-8", "?", NULL, &n_text, NULL)
            : NULL;
    if (!gbk || n_text == 0 || n_text > TEXT_BYTES)
        return 0;
    uint8_t body[2 + TEXT_BYTES];
    size_t n = 0;
    body[n++] = (uint8_t)flags;
    if (peer->is_2019)
        body[n++] = type;
    memcpy(body + n, gbk, n_text);
    return geo_jt808_write(out, peer, GEO_JT808_TEXT, serial, body, n + n_text);
}

/* GBK behind its length in n_length bytes; false when it is empty, no UTF-8, or too long. */
static bool append_counted(GByteArray *body, const char *text, size_t n_length, size_t max)
{
    gsize n = 0;
    g_autofree char *gbk =
        g_utf8_validate(text, -1, NULL)
            ? g_convert_with_fallback(text, -1, "GBK", "UTF-8", "?", NULL, &n, NULL)
            : NULL;
    if (!gbk || n == 0 || n > max)
        return false;
    uint8_t length[2];
    put_word(length, (unsigned)n);
    g_byte_array_append(body, length + 2 - n_length, (guint)n_length);
    g_byte_array_append(body, (const uint8_t *)gbk, (guint)n);
    return true;
}

unsigned geo_jt808_write_question(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                  unsigned flags, const char *question, const char *const *answers,
                                  size_t n)
{
    g_autoptr(GByteArray) body = g_byte_array_new();
    uint8_t first = (uint8_t)flags;
    g_byte_array_append(body, &first, 1);
    bool ok = n > 0 && n <= 255 && append_counted(body, question, 1, 255);
    for (size_t i = 0; i < n && ok; i++) {
        uint8_t number = (uint8_t)(i + 1);
        g_byte_array_append(body, &number, 1);
        ok = append_counted(body, answers[i], 2, GEO_JT808_MAX_BODY);
    }
    if (!ok || body->len > GEO_JT808_MAX_BODY)
        return 0;
    return geo_jt808_write(out, peer, GEO_JT808_QUESTION, serial, body->data, body->len);
}

void geo_jt808_phone_of(int64_t unit_id, char phone[13])
{
    /* splitmix64's mixer: ids that follow each other lie far apart. */
    uint64_t x = (uint64_t)unit_id + UINT64_C(0x9e3779b97f4a7c15);
    x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
    x ^= x >> 31;
    uint64_t number = UINT64_C(100000000000) + x % UINT64_C(900000000000);
    for (int i = 11; i >= 0; i--, number /= 10)
        phone[i] = (char)('0' + number % 10);
    phone[12] = '\0';
}

bool geo_jt808_peer(const char *digits, bool is_2019, GeoJt808Peer *peer)
{
    size_t n = strlen(digits), n_room = is_2019 ? 20 : 12;
    if (n == 0 || n > n_room || strspn(digits, "0123456789") != n)
        return false;
    *peer = (GeoJt808Peer){.is_2019 = is_2019, .protocol = is_2019};
    for (size_t i = 0; i < n; i++) {
        size_t at = n_room - n + i;
        peer->phone[at / 2] |= (uint8_t)((digits[i] - '0') << (at % 2 ? 0 : 4));
    }
    return true;
}

static void put_dword(uint8_t *bytes, double number)
{
    uint32_t dword = isnan(number) ? 0 : (uint32_t)llround(number);
    put_word(bytes, dword >> 16);
    put_word(bytes + 2, dword & 0xffff);
}

void geo_jt808_write_place(uint8_t body[GEO_JT808_PLACE_BYTES], const GeoHeard *heard)
{
    const GeoFix *fix = &heard->fix;
    memset(body, 0, GEO_JT808_PLACE_BYTES);
    body[3] = heard->flags & GEO_HEARD_SOS ? 1 : 0;
    body[7] = (uint8_t)(1 | (heard->flags & GEO_HEARD_VALID ? 2 : 0) | (fix->lat < 0 ? 4 : 0) |
                        (fix->lon < 0 ? 8 : 0));
    put_dword(body + 8, fabs(fix->lat) * 1e6);
    put_dword(body + 12, fabs(fix->lon) * 1e6);
    put_word(body + 18,
             isnan(fix->speed_mps) ? 0 : (unsigned)MIN(lround(fix->speed_mps * 36), 65534));
    put_word(body + 20, isnan(fix->heading_deg) ? 0 : (unsigned)(lround(fix->heading_deg) % 360));
    geo_clock_to_bcd(fix->at_ms, GEO_CLOCK_JT808_H, body + 22);
}

unsigned geo_jt808_write_location(GByteArray *out, const GeoJt808Peer *peer, uint16_t serial,
                                  const GeoHeard *heard)
{
    uint8_t body[GEO_JT808_PLACE_BYTES];
    geo_jt808_write_place(body, heard);
    return geo_jt808_write(out, peer, GEO_JT808_LOCATION, serial, body, sizeof body);
}
