/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/emqx.h"

#include <math.h>
#include <string.h>

#include "geo/decode/clock.h"
#include "geo/decode/json.h"
#include "geo/decode/jt808.h"

#define BLIND_AREA 1

typedef struct {
    int id;
    char key[GEO_HEARD_KEY_SIZE];
} Header;

/* A whole number from 0 to most; else none. */
static uint32_t whole(GeoJson *json, uint32_t most, uint32_t none)
{
    double number = geo_json_number(json);
    return number >= 0 && number <= most && number == floor(number) ? (uint32_t)number : none;
}

/* Twelve digits of GMT+8; 0. */
static int64_t read_time(GeoJson *json)
{
    char digits[16];
    uint8_t bcd[6];
    int64_t at_ms = 0;
    if (geo_json_word(json, digits, sizeof digits) != 12)
        return 0;
    for (size_t i = 0; i < 6; i++) {
        int tens = g_ascii_digit_value(digits[2 * i]),
            ones = g_ascii_digit_value(digits[2 * i + 1]);
        if (tens < 0 || ones < 0)
            return 0;
        bcd[i] = (uint8_t)(tens << 4 | ones);
    }
    geo_clock_bcd(bcd, GEO_CLOCK_JT808_H, &at_ms);
    return at_ms;
}

/* All bits set is off the earth, and so no place. */
static void read_field(GeoJson *json, GeoJt808Raw *raw, bool *placed)
{
    if (geo_json_is(json, "alarm")) {
        raw->alarm = whole(json, G_MAXUINT32, 0);
    } else if (geo_json_is(json, "status")) {
        raw->status = whole(json, G_MAXUINT32, 0);
    } else if (geo_json_is(json, "latitude")) {
        raw->lat = whole(json, G_MAXUINT32, G_MAXUINT32);
    } else if (geo_json_is(json, "longitude")) {
        raw->lon = whole(json, G_MAXUINT32, G_MAXUINT32);
        *placed = true;
    } else if (geo_json_is(json, "speed")) {
        raw->speed = (uint16_t)whole(json, G_MAXUINT16, G_MAXUINT16);
    } else if (geo_json_is(json, "direction")) {
        raw->heading = (uint16_t)whole(json, G_MAXUINT16, G_MAXUINT16);
    } else if (geo_json_is(json, "time")) {
        raw->at_ms = read_time(json);
    } else {
        geo_json_skip(json);
    }
}

/* One location, when the value is one; passed over in any case. */
static bool hear(GeoJson *json, const char *key, GArray *heard, GeoHeardTally *tally)
{
    GeoJt808Raw raw = {
        .lat = G_MAXUINT32, .lon = G_MAXUINT32, .speed = G_MAXUINT16, .heading = G_MAXUINT16};
    bool placed = false;
    if (!geo_json_object(json))
        return false;
    while (geo_json_member(json))
        read_field(json, &raw, &placed);
    if (!placed)
        return false;
    GeoJt808Place place = geo_jt808_place_of(&raw);
    geo_jt808_place_hear(&place, key, 0, heard, tally);
    return true;
}

static void read_header(GeoJson *json, Header *header)
{
    char phone[GEO_HEARD_KEY_SIZE];
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json))
        if (geo_json_is(json, "msg_id")) {
            header->id = (int)whole(json, G_MAXUINT16, 0);
        } else if (geo_json_is(json, "phone")) {
            size_t n = geo_json_word(json, phone, sizeof phone);
            size_t zeros = strspn(phone, "0");
            if (n > 0 && strspn(phone, "0123456789") == n)
                g_strlcpy(header->key, phone + zeros, sizeof header->key);
        } else {
            geo_json_skip(json);
        }
}

/* The header often stands behind the body. */
static bool find_header(GeoJson json, Header *header)
{
    if (!geo_json_object(&json))
        return geo_json_end(&json);
    while (geo_json_member(&json))
        if (geo_json_is(&json, "header"))
            read_header(&json, header);
        else
            geo_json_skip(&json);
    return geo_json_end(&json);
}

static void hear_list(GeoJson *json, const char *key, GArray *heard, GeoHeardTally *tally)
{
    if (!geo_json_array(json))
        return;
    while (geo_json_element(json))
        tally->items += !hear(json, key, heard, tally);
}

/* The list, whose type ("blind-area memory") often stands behind it. */
static void hear_batch(GeoJson *json, const char *key, GArray *heard, GeoHeardTally *tally)
{
    guint before = heard->len;
    bool late = false;
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json))
        if (geo_json_is(json, "type"))
            late = geo_json_number(json) == BLIND_AREA;
        else if (geo_json_is(json, "location"))
            hear_list(json, key, heard, tally);
        else
            geo_json_skip(json);
    for (guint i = before; late && i < heard->len; i++)
        g_array_index(heard, GeoHeard, i).flags |= GEO_HEARD_LATE;
}

static void hear_reply(GeoJson *json, const char *key, GArray *heard, GeoHeardTally *tally)
{
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json))
        if (geo_json_is(json, "params"))
            hear(json, key, heard, tally);
        else
            geo_json_skip(json);
}

GeoHeardResult geo_emqx_heard(const char *text, size_t n, GArray *heard, GeoHeardTally *tally)
{
    GeoHeardTally unasked = {0};
    Header header = {0};
    GeoJson json;
    geo_json_init(&json, text, n);
    if (!find_header(json, &header))
        return GEO_HEARD_BROKEN;
    if (header.id != GEO_JT808_LOCATION && header.id != GEO_JT808_LOCATION_REPLY &&
        header.id != GEO_JT808_BATCH)
        return GEO_HEARD_OTHER;
    if (header.key[0] == '\0')
        return GEO_HEARD_NO_KEY;
    tally = tally ? tally : &unasked;
    guint before = heard->len;
    if (!geo_json_object(&json))
        return GEO_HEARD_OTHER;
    while (geo_json_member(&json))
        if (!geo_json_is(&json, "body"))
            geo_json_skip(&json);
        else if (header.id == GEO_JT808_BATCH)
            hear_batch(&json, header.key, heard, tally);
        else if (header.id == GEO_JT808_LOCATION)
            hear(&json, header.key, heard, tally);
        else
            hear_reply(&json, header.key, heard, tally);
    return heard->len > before ? GEO_HEARD_FINE : GEO_HEARD_NO_PLACE;
}
