/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A terminal of JT/T 808, written from the standard's tables and not from our decoder: what it
 * sends is what the decoder's tests expect. Byte by byte and slow. */
#include <glib.h>
#include <math.h>
#include <string.h>

typedef struct {
    bool is_2019;
    const char *phone; /* digits */
    unsigned id, serial, part, n_parts;
} TwinHead;

static inline void twin_put(GByteArray *out, uint64_t number, int n_bytes)
{
    for (int i = n_bytes - 1; i >= 0; i--) {
        uint8_t byte = (uint8_t)(number >> 8 * i);
        g_byte_array_append(out, &byte, 1);
    }
}

/* digits, padded with zeros on the left, two a byte */
static inline void twin_put_bcd(GByteArray *out, const char *digits, int n_bytes)
{
    g_autofree char *padded = g_strnfill((gsize)(2 * n_bytes), '0');
    memcpy(padded + 2 * n_bytes - strlen(digits), digits, strlen(digits));
    for (int i = 0; i < n_bytes; i++)
        twin_put(out, (uint64_t)((padded[2 * i] - '0') * 16 + padded[2 * i + 1] - '0'), 1);
}

/* Local time of GMT+8 by GLib's calendar. */
static inline void twin_put_time(GByteArray *out, int64_t at_ms)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    g_autoptr(GDateTime) local = g_date_time_add_hours(utc, 8);
    g_autofree char *digits = g_date_time_format(local, "%y%m%d%H%M%S");
    twin_put_bcd(out, digits, 6);
}

/* The 28 bytes of a location. */
static inline void twin_put_place(GByteArray *out, unsigned alarm, double lon, double lat,
                                  int altitude_m, unsigned speed_dkmh, unsigned heading_deg,
                                  int64_t at_ms, bool positioned)
{
    unsigned status = 1 | (unsigned)positioned << 1 | (lat < 0) << 2 | (lon < 0) << 3;
    twin_put(out, alarm, 4);
    twin_put(out, status, 4);
    twin_put(out, (uint64_t)llround(fabs(lat) * 1e6), 4);
    twin_put(out, (uint64_t)llround(fabs(lon) * 1e6), 4);
    twin_put(out, (uint16_t)altitude_m, 2);
    twin_put(out, speed_dkmh, 2);
    twin_put(out, heading_deg, 2);
    twin_put_time(out, at_ms);
}

static inline void twin_put_frame(GByteArray *out, const TwinHead *head, const uint8_t *body,
                                  size_t n_body)
{
    g_autoptr(GByteArray) plain = g_byte_array_new();
    twin_put(plain, head->id, 2);
    twin_put(plain, n_body + (head->n_parts ? 8192 : 0) + (head->is_2019 ? 16384 : 0), 2);
    if (head->is_2019)
        twin_put(plain, 1, 1);
    twin_put_bcd(plain, head->phone, head->is_2019 ? 10 : 6);
    twin_put(plain, head->serial, 2);
    if (head->n_parts) {
        twin_put(plain, head->n_parts, 2);
        twin_put(plain, head->part, 2);
    }
    if (n_body > 0)
        g_byte_array_append(plain, body, (guint)n_body);
    uint8_t sum = 0;
    for (guint i = 0; i < plain->len; i++)
        sum ^= plain->data[i];
    twin_put(plain, sum, 1);
    twin_put(out, 0x7e, 1);
    for (guint i = 0; i < plain->len; i++)
        if (plain->data[i] == 0x7e)
            twin_put(out, 0x7d02, 2);
        else if (plain->data[i] == 0x7d)
            twin_put(out, 0x7d01, 2);
        else
            twin_put(out, plain->data[i], 1);
    twin_put(out, 0x7e, 1);
}

/* From hex; blanks are skipped. */
static inline GByteArray *twin_bytes(const char *hex)
{
    GByteArray *bytes = g_byte_array_new();
    while (*hex) {
        if (*hex == ' ') {
            hex++;
            continue;
        }
        uint8_t byte = (uint8_t)(g_ascii_xdigit_value(hex[0]) << 4 | g_ascii_xdigit_value(hex[1]));
        g_byte_array_append(bytes, &byte, 1);
        hex += 2;
    }
    return bytes;
}
