/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Locations of JT/T 808: 28 fixed bytes and a list of additions (id, length, value), which real
 * terminals fill with whatever their makers like: the fix never hangs on them. */
#include <math.h>
#include <string.h>

#include "geo/decode/clock.h"
#include "geo/decode/jt808.h"

#define FIXED_BYTES 28
#define ALARM_SOS (1u << 0)
#define STATUS_POSITIONED (1u << 1)
#define STATUS_SOUTH (1u << 2)
#define STATUS_WEST (1u << 3)
#define BLIND_AREA 1 /* a batch's type: fixes kept while there was no network */

static uint16_t word_at(const uint8_t *bytes)
{
    return (uint16_t)(bytes[0] << 8 | bytes[1]);
}

static uint32_t dword_at(const uint8_t *bytes)
{
    return (uint32_t)word_at(bytes) << 16 | word_at(bytes + 2);
}

/* One addition; other lengths than the standard's are the maker's own matter. */
static void read_addition(uint8_t id, const uint8_t *value, size_t n, GeoJt808Place *place)
{
    if (id == 0x01 && n == 4)
        place->mileage_m = dword_at(value) * 100.0;
    else if (id == 0x02 && n == 2)
        place->fuel_l = word_at(value) / 10.0;
    else if (id == 0x30 && n == 1)
        place->signal = value[0];
    else if (id == 0x31 && n == 1)
        place->satellites = value[0];
}

/* Up to the first that is none: id 0, or longer than what is left. */
static void read_additions(const uint8_t *bytes, size_t n, GeoJt808Place *place)
{
    size_t at = 0;
    while (n - at >= 2 && bytes[at] != 0 && bytes[at + 1] <= n - at - 2) {
        read_addition(bytes[at], bytes + at + 2, bytes[at + 1], place);
        at += 2u + bytes[at + 1];
        place->n_additions++;
    }
    place->n_tail = n - at;
}

GeoJt808Place geo_jt808_place_of(const GeoJt808Raw *raw)
{
    return (GeoJt808Place){
        .alarm = raw->alarm,
        .status = raw->status,
        .positioned = raw->status & STATUS_POSITIONED,
        .lon = raw->lon * (raw->status & STATUS_WEST ? -1e-6 : 1e-6),
        .lat = raw->lat * (raw->status & STATUS_SOUTH ? -1e-6 : 1e-6),
        .altitude_m = (int16_t)raw->altitude,
        .speed_mps = raw->speed == 0xffff ? NAN : raw->speed / 36.0,
        .heading_deg = raw->heading == 0xffff ? NAN : raw->heading,
        .at_ms = raw->at_ms,
        .mileage_m = NAN,
        .fuel_l = NAN,
        .signal = -1,
        .satellites = -1,
    };
}

bool geo_jt808_place(const uint8_t *body, size_t n, GeoJt808Place *place)
{
    if (n < FIXED_BYTES)
        return false;
    GeoJt808Raw raw = {
        .alarm = dword_at(body),
        .status = dword_at(body + 4),
        .lat = dword_at(body + 8),
        .lon = dword_at(body + 12),
        .altitude = word_at(body + 16),
        .speed = word_at(body + 18),
        .heading = word_at(body + 20),
    };
    geo_clock_bcd(body + 22, GEO_CLOCK_JT808_H, &raw.at_ms);
    *place = geo_jt808_place_of(&raw);
    read_additions(body + FIXED_BYTES, n - FIXED_BYTES, place);
    return true;
}

void geo_jt808_place_hear(const GeoJt808Place *place, const char *key, uint32_t flags,
                          GArray *heard, GeoHeardTally *tally)
{
    GeoHeard one;
    geo_heard_init(&one);
    geo_heard_set_key(&one, key, strlen(key));
    geo_heard_set_time(&one, place->at_ms);
    geo_heard_set_motion(&one, place->speed_mps, place->heading_deg, NAN);
    bool on_earth = geo_heard_set_place(&one, place->lon, place->lat);
    one.flags |= flags;
    if (on_earth && place->positioned && place->at_ms != 0)
        one.flags |= GEO_HEARD_VALID;
    if (place->alarm & ALARM_SOS)
        one.flags |= GEO_HEARD_SOS;
    g_array_append_val(heard, one);
    tally->heard++;
    tally->invalid += !(one.flags & GEO_HEARD_VALID);
    tally->tails += place->n_tail > 0;
}

/* One location's bytes to one GeoHeard; false when they are too few. */
static bool hear(const GeoJt808Frame *frame, const uint8_t *body, size_t n, uint32_t flags,
                 GArray *heard, GeoHeardTally *tally)
{
    GeoJt808Place place;
    if (!geo_jt808_place(body, n, &place))
        return false;
    geo_jt808_place_hear(&place, frame->key, flags, heard, tally);
    return true;
}

/* Count, type, then each location behind its length. The count is only compared. */
static GeoHeardResult hear_batch(const GeoJt808Frame *frame, GArray *heard, GeoHeardTally *tally)
{
    if (frame->n_body < 3)
        return GEO_HEARD_BROKEN;
    uint32_t flags = frame->body[2] == BLIND_AREA ? GEO_HEARD_LATE : 0;
    size_t at = 3, n_items = 0, n_fixes = 0;
    while (frame->n_body - at >= 2) {
        size_t n = word_at(frame->body + at);
        if (n > frame->n_body - at - 2)
            break;
        bool fine = hear(frame, frame->body + at + 2, n, flags, heard, tally);
        n_fixes += fine;
        tally->items += !fine;
        n_items++;
        at += 2 + n;
    }
    tally->tails += at < frame->n_body || n_items != word_at(frame->body);
    return n_fixes > 0 ? GEO_HEARD_FINE : GEO_HEARD_BROKEN;
}

GeoHeardResult geo_jt808_heard(const GeoJt808Frame *frame, GArray *heard, GeoHeardTally *tally)
{
    GeoHeardTally unasked = {0};
    if (!tally)
        tally = &unasked;
    if (frame->id == GEO_JT808_BATCH)
        return hear_batch(frame, heard, tally);
    if (frame->id != GEO_JT808_LOCATION && frame->id != GEO_JT808_LOCATION_REPLY)
        return GEO_HEARD_OTHER;
    size_t n_ahead = frame->id == GEO_JT808_LOCATION_REPLY ? 2 : 0; /* our message's serial */
    if (frame->n_body < n_ahead ||
        !hear(frame, frame->body + n_ahead, frame->n_body - n_ahead, 0, heard, tally))
        return GEO_HEARD_BROKEN;
    return GEO_HEARD_FINE;
}
