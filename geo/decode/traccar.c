/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/traccar.h"

#include <math.h>
#include <string.h>

#include "geo/decode/clock.h"
#include "geo/decode/json.h"

#define MPS_PER_KNOT (1852.0 / 3600)

typedef struct {
    double lon, lat, speed, heading_deg, accuracy_m;
    int64_t at_ms;
    bool doubtful, late, sos;
} Position;

static const Position unknown = {
    .lon = NAN, .lat = NAN, .speed = NAN, .heading_deg = NAN, .accuracy_m = NAN};

/* ISO with its zone, or Unix time of either size. */
static int64_t read_time(GeoJson *json)
{
    char word[40];
    int64_t at_ms = 0;
    size_t n = geo_json_word(json, word, sizeof word);
    if (n > 0 && !geo_clock_iso(word, n, &at_ms) && strspn(word, "0123456789.") == n)
        geo_clock_epoch(g_ascii_strtod(word, NULL), &at_ms);
    return at_ms;
}

/* Alarms are a word, or several behind each other: "sos,lowBattery". */
static bool read_sos(GeoJson *json)
{
    char words[128];
    geo_json_word(json, words, sizeof words);
    g_auto(GStrv) each = g_strsplit(words, ",", -1);
    for (char **word = each; *word; word++)
        if (!g_ascii_strcasecmp(g_strstrip(*word), "sos"))
            return true;
    return false;
}

static GeoHeardResult append(const Position *position, double mps_per_unit, const char *key,
                             GArray *heard, GeoHeardTally *tally)
{
    GeoHeard one;
    geo_heard_init(&one);
    geo_heard_set_key(&one, key, strlen(key));
    geo_heard_set_time(&one, position->at_ms);
    bool on_earth = geo_heard_set_place(&one, position->lon, position->lat);
    geo_heard_set_motion(&one, position->speed * mps_per_unit, position->heading_deg,
                         position->accuracy_m);
    if (on_earth && !position->doubtful)
        one.flags |= GEO_HEARD_VALID;
    if (position->late)
        one.flags |= GEO_HEARD_LATE;
    if (position->sos)
        one.flags |= GEO_HEARD_SOS;
    return geo_heard_append(heard, &one, tally);
}

static void read_attributes(GeoJson *json, Position *position)
{
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json))
        if (geo_json_is(json, "alarm"))
            position->sos |= read_sos(json);
        else if (geo_json_is(json, "archive"))
            position->late = geo_json_truth(json) == 1;
        else
            geo_json_skip(json);
}

static void read_position(GeoJson *json, Position *position)
{
    if (geo_json_is(json, "latitude"))
        position->lat = geo_json_number(json);
    else if (geo_json_is(json, "longitude"))
        position->lon = geo_json_number(json);
    else if (geo_json_is(json, "fixTime"))
        position->at_ms = read_time(json);
    else if (geo_json_is(json, "speed"))
        position->speed = geo_json_number(json);
    else if (geo_json_is(json, "course"))
        position->heading_deg = geo_json_number(json);
    else if (geo_json_is(json, "accuracy"))
        position->accuracy_m = geo_json_number(json);
    else if (geo_json_is(json, "valid"))
        position->doubtful |= geo_json_truth(json) == 0;
    else if (geo_json_is(json, "outdated"))
        position->doubtful |= geo_json_truth(json) == 1;
    else if (geo_json_is(json, "attributes"))
        read_attributes(json, position);
    else
        geo_json_skip(json);
}

static void read_device(GeoJson *json, char *key, size_t size)
{
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json))
        if (geo_json_is(json, "uniqueId"))
            geo_json_word(json, key, size);
        else
            geo_json_skip(json);
}

GeoHeardResult geo_traccar_heard(const char *text, size_t n, GArray *heard, GeoHeardTally *tally)
{
    GeoHeardTally unasked = {0};
    Position position = unknown;
    char key[GEO_HEARD_KEY_SIZE] = "";
    bool placed = false;
    GeoJson json;
    geo_json_init(&json, text, n);
    if (!geo_json_object(&json))
        return geo_json_end(&json) ? GEO_HEARD_OTHER : GEO_HEARD_BROKEN;
    while (geo_json_member(&json))
        if (geo_json_is(&json, "device")) {
            read_device(&json, key, sizeof key);
        } else if (geo_json_is(&json, "position")) {
            placed = geo_json_object(&json);
            while (placed && geo_json_member(&json))
                read_position(&json, &position);
        } else {
            geo_json_skip(&json);
        }
    if (!geo_json_end(&json))
        return GEO_HEARD_BROKEN;
    if (!placed)
        return GEO_HEARD_OTHER;
    if (position.accuracy_m == 0) /* Traccar's word for not said */
        position.accuracy_m = NAN;
    return append(&position, MPS_PER_KNOT, key, heard, tally ? tally : &unasked);
}

static void read_coords(GeoJson *json, Position *position)
{
    if (!geo_json_object(json))
        return;
    while (geo_json_member(json))
        if (geo_json_is(json, "latitude"))
            position->lat = geo_json_number(json);
        else if (geo_json_is(json, "longitude"))
            position->lon = geo_json_number(json);
        else if (geo_json_is(json, "speed"))
            position->speed = geo_json_number(json);
        else if (geo_json_is(json, "heading"))
            position->heading_deg = geo_json_number(json);
        else if (geo_json_is(json, "accuracy"))
            position->accuracy_m = geo_json_number(json);
        else
            geo_json_skip(json);
}

/* One location; false when it is no object. */
static bool read_location(GeoJson *json, Position *position)
{
    *position = unknown;
    if (!geo_json_object(json))
        return false;
    while (geo_json_member(json))
        if (geo_json_is(json, "timestamp"))
            position->at_ms = read_time(json);
        else if (geo_json_is(json, "coords"))
            read_coords(json, position);
        else if (geo_json_is(json, "mock"))
            position->doubtful = geo_json_truth(json) == 1;
        else if (geo_json_is(json, "alarm"))
            position->sos |= read_sos(json);
        else if (geo_json_is(json, "extras"))
            read_attributes(json, position);
        else
            geo_json_skip(json);
    return true;
}

/* The device's name, which may stand behind its locations. */
static bool find_client(GeoJson json, char *key, size_t size)
{
    if (!geo_json_object(&json))
        return geo_json_end(&json);
    while (geo_json_member(&json))
        if (geo_json_is(&json, "device_id"))
            geo_json_word(&json, key, size);
        else
            geo_json_skip(&json);
    return geo_json_end(&json);
}

GeoHeardResult geo_traccar_client_heard(const char *text, size_t n, GArray *heard,
                                        GeoHeardTally *tally)
{
    GeoHeardTally unasked = {0};
    char key[GEO_HEARD_KEY_SIZE] = "";
    GeoJson json;
    geo_json_init(&json, text, n);
    if (!find_client(json, key, sizeof key))
        return GEO_HEARD_BROKEN;
    tally = tally ? tally : &unasked;
    GeoHeardResult result = GEO_HEARD_OTHER;
    guint before = heard->len;
    Position position;
    if (!geo_json_object(&json))
        return GEO_HEARD_OTHER;
    while (geo_json_member(&json)) {
        if (!geo_json_is(&json, "location")) {
            geo_json_skip(&json);
            continue;
        }
        GeoJson one = json;
        if (read_location(&one, &position)) {
            json = one;
            result = append(&position, 1, key, heard, tally);
            continue;
        }
        if (!geo_json_array(&json))
            continue;
        while (geo_json_element(&json)) {
            result = read_location(&json, &position) ? append(&position, 1, key, heard, tally)
                                                     : GEO_HEARD_BROKEN;
            tally->items += result != GEO_HEARD_FINE;
        }
    }
    return heard->len > before ? GEO_HEARD_FINE : result;
}
