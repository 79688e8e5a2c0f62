/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/owntracks.h"

#include <math.h>
#include <string.h>

#include "geo/decode/clock.h"
#include "geo/decode/json.h"

typedef struct {
    char type[16], topic[128], tid[GEO_HEARD_KEY_SIZE];
    double lon, lat, at, speed_kmh, heading_deg, accuracy_m;
} Message;

static void read_member(GeoJson *json, Message *message)
{
    if (geo_json_is(json, "_type"))
        geo_json_word(json, message->type, sizeof message->type);
    else if (geo_json_is(json, "lat"))
        message->lat = geo_json_number(json);
    else if (geo_json_is(json, "lon"))
        message->lon = geo_json_number(json);
    else if (geo_json_is(json, "tst"))
        message->at = geo_json_number(json);
    else if (geo_json_is(json, "vel"))
        message->speed_kmh = geo_json_number(json);
    else if (geo_json_is(json, "cog"))
        message->heading_deg = geo_json_number(json);
    else if (geo_json_is(json, "acc"))
        message->accuracy_m = geo_json_number(json);
    else if (geo_json_is(json, "topic"))
        geo_json_word(json, message->topic, sizeof message->topic);
    else if (geo_json_is(json, "tid"))
        geo_json_word(json, message->tid, sizeof message->tid);
    else
        geo_json_skip(json);
}

static void set_key(GeoHeard *one, const char *topic, const Message *message)
{
    static const char root[] = "owntracks/";
    if (!topic)
        topic = message->topic[0] ? message->topic : message->tid;
    if (g_str_has_prefix(topic, root))
        topic += strlen(root);
    geo_heard_set_key(one, topic, strlen(topic));
}

GeoHeardResult geo_owntracks_heard(const char *topic, const char *text, size_t n, GArray *heard,
                                   GeoHeardTally *tally)
{
    GeoHeardTally unasked = {0};
    Message message = {
        .lon = NAN, .lat = NAN, .at = NAN, .speed_kmh = NAN, .heading_deg = NAN, .accuracy_m = NAN};
    GeoJson json;
    geo_json_init(&json, text, n);
    if (geo_json_object(&json))
        while (geo_json_member(&json))
            read_member(&json, &message);
    if (!geo_json_end(&json))
        return GEO_HEARD_BROKEN;
    if (strcmp(message.type, "location"))
        return GEO_HEARD_OTHER;
    GeoHeard one;
    int64_t at_ms = 0;
    geo_heard_init(&one);
    set_key(&one, topic, &message);
    geo_clock_epoch(message.at, &at_ms);
    geo_heard_set_time(&one, at_ms);
    if (geo_heard_set_place(&one, message.lon, message.lat))
        one.flags |= GEO_HEARD_VALID;
    geo_heard_set_motion(&one, message.speed_kmh / 3.6, message.heading_deg, message.accuracy_m);
    return geo_heard_append(heard, &one, tally ? tally : &unasked);
}
