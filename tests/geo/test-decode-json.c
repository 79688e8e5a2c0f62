/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Fixes in text: OwnTracks, Traccar's two shapes, EMQX's gateway, the OsmAnd form. */
#include <math.h>
#include <string.h>

#include "geo/decode/clock.h"
#include "geo/decode/emqx.h"
#include "geo/decode/osmand.h"
#include "geo/decode/owntracks.h"
#include "geo/decode/traccar.h"

#define NOW_MS INT64_C(1700000000000)

typedef enum { OWNTRACKS, FORWARD, CLIENT, EMQX, OSMAND, OSMAND_KMH, OSMAND_MPS, N_SHAPES } Shape;

static GeoHeardResult hear(Shape shape, const char *text, GArray *heard, GeoHeardTally *tally)
{
    /* Without a NUL behind it, so that reading on is seen by the sanitizer. */
    size_t n = strlen(text);
    g_autofree char *bare = g_memdup2(text, n);
    switch (shape) {
    case OWNTRACKS:
        return geo_owntracks_heard("owntracks/li/phone", bare, n, heard, tally);
    case FORWARD:
        return geo_traccar_heard(bare, n, heard, tally);
    case CLIENT:
        return geo_traccar_client_heard(bare, n, heard, tally);
    case EMQX:
        return geo_emqx_heard(bare, n, heard, tally);
    case OSMAND:
        return geo_osmand_heard(bare, n, GEO_OSMAND_KNOTS, NOW_MS, heard, tally);
    case OSMAND_KMH:
        return geo_osmand_heard(bare, n, GEO_OSMAND_KMH, 0, heard, tally);
    case OSMAND_MPS:
        return geo_osmand_heard(bare, n, GEO_OSMAND_MPS, 0, heard, tally);
    default:
        g_assert_not_reached();
    }
}

static GeoHeard one(Shape shape, const char *text)
{
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    GeoHeardTally tally = {0};
    g_assert_cmpstr(geo_heard_word(hear(shape, text, heard, &tally)), ==, "fine");
    g_assert_cmpuint(heard->len, ==, 1);
    g_assert_cmpuint(tally.heard, ==, 1);
    return g_array_index(heard, GeoHeard, 0);
}

static void assert_refused(Shape shape, const char *text, const char *why)
{
    g_autoptr(GArray) heard = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    GeoHeardTally tally = {0};
    g_test_message("%s", text);
    g_assert_cmpstr(geo_heard_word(hear(shape, text, heard, &tally)), ==, why);
    g_assert_cmpuint(heard->len, ==, 0);
    g_assert_cmpuint(tally.heard + tally.invalid, ==, 0);
}

/* One car on one road at 36 km/h, said in the units of each: 10 m/s, 123 degrees, 22:33:44 in
 * Hefei. */
static const struct {
    Shape shape;
    const char *key, *text;
} same[] = {
    {OWNTRACKS, "li/phone",
     "{\"_type\":\"location\",\"tid\":\"LP\",\"lat\":31.861191,\"lon\":117.283042,\"tst\":"
     "1738161224,"
     "\"vel\":36,\"cog\":123,\"acc\":8,\"alt\":20,\"batt\":80,\"t\":\"u\"}"},
    {FORWARD, "860000000000001",
     "{\"position\":{\"id\":1,\"attributes\":{\"batteryLevel\":80,\"motion\":true},\"deviceId\":7,"
     "\"protocol\":\"huabao\",\"serverTime\":\"2025-01-29T14:33:45.000+00:00\","
     "\"deviceTime\":\"2025-01-29T14:33:44.000+00:00\",\"fixTime\":\"2025-01-29T14:33:44.000+00:"
     "00\","
     "\"outdated\":false,\"valid\":true,\"latitude\":31.861191,\"longitude\":117.283042,"
     "\"altitude\":20.0,\"speed\":19.438444924406,\"course\":123.0,\"address\":null,\"accuracy\":8."
     "0,"
     "\"network\":null,\"geofenceIds\":null},\"device\":{\"id\":7,\"attributes\":{},"
     "\"name\":\"car 7\",\"uniqueId\":\"860000000000001\",\"status\":\"online\"}}"},
    {CLIENT, "48241179",
     "{\"location\":{\"timestamp\":\"2025-01-29T14:33:44.000Z\",\"coords\":{\"latitude\":31.861191,"
     "\"longitude\":117.283042,\"accuracy\":8,\"speed\":10,\"heading\":123,\"altitude\":20},"
     "\"is_moving\":true,\"odometer\":0,\"event\":\"motionchange\",\"battery\":{\"level\":1,"
     "\"is_charging\":false},\"activity\":{\"type\":\"still\"},\"extras\":{}},"
     "\"device_id\":\"48241179\"}"},
    {EMQX, "13912344329",
     "{\"body\":{\"alarm\":0,\"altitude\":20,\"direction\":123,\"extra\":{\"mileage\":12},"
     "\"latitude\":31861191,\"longitude\":117283042,\"speed\":360,\"status\":3,"
     "\"time\":\"250129223344\"},\"header\":{\"encrypt\":0,\"len\":28,\"msg_id\":512,\"msg_sn\":1,"
     "\"phone\":\"00000000013912344329\",\"proto_ver\":1}}"},
    {OSMAND, "car-7",
     "id=car-7&lat=31.861191&lon=117.283042&timestamp=1738161224&speed=19.438444924406&bearing=123"
     "&accuracy=8&altitude=20&batt=80"},
    {OSMAND_KMH, "car-7",
     "deviceid=car-7&location=31.861191,117.283042&timestamp=1738161224000&speed=36&heading=123"
     "&accuracy=8"},
    {OSMAND_MPS, "car-7",
     "id=car%2D7&lat=31.861191&lon=117.283042&timestamp=2025-01-29T22%3A33%3A44+08%3A00&speed=10"
     "&bearing=123&accuracy=8"},
};

static void test_units(void)
{
    g_assert_cmpuint(G_N_ELEMENTS(same), ==, N_SHAPES);
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        GeoHeard heard = one(same[i].shape, same[i].text);
        g_assert_cmpstr(heard.key, ==, same[i].key);
        g_assert_cmpint(heard.fix.at_ms, ==, INT64_C(1738161224000));
        g_assert_cmpfloat_with_epsilon(heard.fix.lon, 117.283042, 1e-9);
        g_assert_cmpfloat_with_epsilon(heard.fix.lat, 31.861191, 1e-9);
        g_assert_cmpfloat_with_epsilon(heard.fix.speed_mps, 10, 1e-5);
        g_assert_cmpfloat(heard.fix.heading_deg, ==, 123);
        if (same[i].shape == EMQX) /* JT/T 808 has no accuracy */
            g_assert_true(isnan(heard.fix.accuracy_m));
        else
            g_assert_cmpfloat(heard.fix.accuracy_m, ==, 8);
        g_assert_cmpuint(heard.flags, ==, GEO_HEARD_VALID);
        g_assert_cmpint(heard.fix.unit_id, ==, 0);
        g_assert_cmpint(heard.heard_ms, ==, 0);
    }
}

/* Every text that ends too early is broken, and leaves nothing behind. */
static void test_cut(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(same); i++) {
        size_t n = strlen(same[i].text);
        if (same[i].shape >= OSMAND)
            continue;
        for (size_t cut = 0; cut < n; cut++) {
            g_autofree char *text = g_strndup(same[i].text, cut);
            assert_refused(same[i].shape, text, "broken");
        }
        g_autofree char *more = g_strconcat(same[i].text, "}", NULL);
        assert_refused(same[i].shape, more, "broken");
    }
}

static void test_owntracks(void)
{
    GeoHeard heard =
        one(OWNTRACKS, "{\"_type\":\"location\",\"lat\":-1,\"lon\":2,\"tst\":1738161224,"
                       "\"vel\":-1,\"cog\":-1,\"acc\":-1}");
    g_assert_true(isnan(heard.fix.speed_mps) && isnan(heard.fix.heading_deg));
    g_assert_true(isnan(heard.fix.accuracy_m));
    assert_refused(OWNTRACKS, "{\"_type\":\"lwt\",\"tst\":1738161224}", "other");
    assert_refused(OWNTRACKS, "{\"_type\":\"encrypted\",\"data\":\"AAAA\"}", "other");
    assert_refused(OWNTRACKS, "[]", "other");
    assert_refused(OWNTRACKS, "{\"_type\":\"location\",\"lat\":91,\"lon\":2,\"tst\":1}",
                   "no-place");
    assert_refused(OWNTRACKS, "{\"_type\":\"location\",\"lat\":\"31\",\"lon\":2,\"tst\":1}",
                   "no-place");
    assert_refused(OWNTRACKS, "{\"_type\":\"location\",\"lat\":31,\"lon\":2}", "no-time");
    assert_refused(OWNTRACKS, "{\"_type\":\"location\",\"lat\":31,\"lon\":2,\"tst\":-5}",
                   "no-time");
    /* Whose it is: the topic first, and by HTTP what the message says. */
    static const struct {
        const char *topic, *members, *key;
    } names[] = {
        {"owntracks/li/phone", "\"topic\":\"owntracks/wang/phone\",\"tid\":\"WA\"", "li/phone"},
        {"patrol/7", "\"tid\":\"WA\"", "patrol/7"},
        {NULL, "\"topic\":\"owntracks/wang/phone\",\"tid\":\"WA\"", "wang/phone"},
        {NULL, "\"tid\":\"WA\"", "WA"},
        {NULL, "\"tid\":\"\"", NULL},
        {NULL, "\"tid\":\"a\\nb\"", NULL},
        {"owntracks/", "\"tid\":\"WA\"", NULL},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autofree char *text =
            g_strdup_printf("{\"_type\":\"location\",\"lat\":31,\"lon\":2,\"tst\":1738161224,%s}",
                            names[i].members);
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
        GeoHeardResult result =
            geo_owntracks_heard(names[i].topic, text, strlen(text), found, NULL);
        g_assert_cmpint(result, ==, names[i].key ? GEO_HEARD_FINE : GEO_HEARD_NO_KEY);
        if (names[i].key)
            g_assert_cmpstr(g_array_index(found, GeoHeard, 0).key, ==, names[i].key);
    }
}

#define FORWARDED(position, device) "{\"device\":{" device "},\"position\":{" position "}}"
#define PLACE "\"latitude\":31.8,\"longitude\":117.2,\"fixTime\":\"2025-01-29T14:33:44Z\""
#define CAR "\"uniqueId\":\"7\""

static void test_forward(void)
{
    g_assert_cmpuint(one(FORWARD, FORWARDED(PLACE, CAR)).flags, ==, GEO_HEARD_VALID);
    g_assert_cmpuint(one(FORWARD, FORWARDED(PLACE ",\"valid\":false", CAR)).flags, ==, 0);
    g_assert_cmpuint(one(FORWARD, FORWARDED(PLACE ",\"outdated\":true", CAR)).flags, ==, 0);
    g_assert_cmpuint(one(FORWARD, FORWARDED(PLACE ",\"attributes\":{\"archive\":true}", CAR)).flags,
                     ==, GEO_HEARD_VALID | GEO_HEARD_LATE);
    g_assert_cmpuint(
        one(FORWARD, FORWARDED(PLACE ",\"attributes\":{\"alarm\":\"lowBattery,sos\"}", CAR)).flags,
        ==, GEO_HEARD_VALID | GEO_HEARD_SOS);
    g_assert_cmpuint(
        one(FORWARD, FORWARDED(PLACE ",\"attributes\":{\"alarm\":\"sosed\"}", CAR)).flags, ==,
        GEO_HEARD_VALID);
    /* An emergency needs no place and no time, only a name. */
    GeoHeard sos = one(FORWARD, FORWARDED("\"attributes\":{\"alarm\":\"sos\"}", CAR));
    g_assert_cmpuint(sos.flags, ==, GEO_HEARD_SOS | GEO_HEARD_UNTIMED);
    g_assert_true(isnan(sos.fix.lon));
    assert_refused(FORWARD, FORWARDED("\"attributes\":{\"alarm\":\"sos\"}", ""), "no-key");
    assert_refused(FORWARD, FORWARDED(PLACE, ""), "no-key");
    assert_refused(FORWARD, FORWARDED("\"latitude\":31.8", CAR), "no-place");
    assert_refused(FORWARD, FORWARDED("\"latitude\":31.8,\"longitude\":7", CAR), "no-time");
    assert_refused(FORWARD, "{\"device\":{\"uniqueId\":\"7\"},\"position\":null}", "other");
    assert_refused(FORWARD, "{\"event\":{\"type\":\"geofenceEnter\"}}", "other");
    /* Traccar's accuracy of 0 is no accuracy. Older servers write +0000. */
    GeoHeard old = one(FORWARD, FORWARDED("\"latitude\":31.8,\"longitude\":117.2,\"accuracy\":0.0,"
                                          "\"fixTime\":\"2018-09-14T15:34:17.250+0000\"",
                                          CAR));
    g_assert_true(isnan(old.fix.accuracy_m));
    g_assert_cmpint(old.fix.at_ms, ==, INT64_C(1536939257250));
}

static void test_client(void)
{
    static const char place[] = "\"timestamp\":\"2025-01-29T14:33:44.5Z\",\"coords\":{\"latitude\":"
                                "31.8,\"longitude\":117.2,\"speed\":-1,\"heading\":-1}";
    g_autofree char *mock =
        g_strdup_printf("{\"device_id\":12,\"location\":{%s,\"mock\":true}}", place);
    GeoHeard heard = one(CLIENT, mock);
    g_assert_cmpstr(heard.key, ==, "12");
    g_assert_cmpuint(heard.flags, ==, 0);
    g_assert_true(isnan(heard.fix.speed_mps) && isnan(heard.fix.heading_deg));
    g_assert_cmpint(heard.fix.at_ms, ==, INT64_C(1738161224500));
    g_autofree char *sos = g_strdup_printf(
        "{\"location\":{%s,\"extras\":{\"alarm\":\"sos\"}},\"device_id\":\"a\"}", place);
    g_assert_cmpuint(one(CLIENT, sos).flags, ==, GEO_HEARD_VALID | GEO_HEARD_SOS);
    /* Several at once, one of them nowhere and one no object. */
    g_autofree char *list = g_strdup_printf(
        "{\"location\":[{%s},{\"timestamp\":\"2025-01-29T14:33:44Z\"},7,{%s}],\"device_id\":\"a\"}",
        place, place);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    GeoHeardTally tally = {0};
    g_assert_cmpint(hear(CLIENT, list, found, &tally), ==, GEO_HEARD_FINE);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpuint(tally.items, ==, 2);
    assert_refused(CLIENT, "{\"device_id\":\"a\"}", "other");
    assert_refused(CLIENT, "7", "other");
    assert_refused(CLIENT, "{\"device_id\":\"a\",\"location\":{}}", "no-place");
    assert_refused(CLIENT, "{\"location\":{}}", "no-key");
}

static void test_emqx(void)
{
    /* South and west are status bits, as in the protocol. */
    GeoHeard south =
        one(EMQX, "{\"header\":{\"msg_id\":513,\"phone\":13900000000},\"body\":{\"seq\":1,"
                  "\"params\":{\"alarm\":1,\"status\":14,\"latitude\":31234567,"
                  "\"longitude\":121987654,\"speed\":0,\"direction\":0,"
                  "\"time\":\"171019193538\"}}}");
    g_assert_cmpstr(south.key, ==, "13900000000");
    g_assert_cmpfloat_with_epsilon(south.fix.lat, -31.234567, 1e-9);
    g_assert_cmpfloat_with_epsilon(south.fix.lon, -121.987654, 1e-9);
    g_assert_cmpuint(south.flags, ==, GEO_HEARD_VALID | GEO_HEARD_SOS);
    g_assert_true(isnan(south.fix.heading_deg)); /* 0 while standing */
    /* A batch from the blind area: its type stands behind its fixes. */
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoHeard));
    GeoHeardTally tally = {0};
    static const char batch[] =
        "{\"body\":{\"length\":3,\"location\":[{\"status\":2,\"latitude\":31000000,\"longitude\":"
        "121000000,\"time\":\"171019193538\"},{\"status\":0,\"latitude\":31000000,\"longitude\":"
        "121000000,\"time\":\"171019193539\"},{}],\"type\":1},\"header\":{\"msg_id\":1796,"
        "\"phone\":\"013900000000\"}}";
    g_assert_cmpint(hear(EMQX, batch, found, &tally), ==, GEO_HEARD_FINE);
    g_assert_cmpuint(found->len, ==, 2);
    g_assert_cmpuint(tally.items, ==, 1);
    g_assert_cmpuint(tally.invalid, ==, 1);
    g_assert_cmpuint(g_array_index(found, GeoHeard, 0).flags, ==, GEO_HEARD_VALID | GEO_HEARD_LATE);
    g_assert_cmpuint(g_array_index(found, GeoHeard, 1).flags, ==, GEO_HEARD_LATE);
    assert_refused(EMQX, "{\"header\":{\"msg_id\":2,\"phone\":\"1\"},\"body\":{}}", "other");
    assert_refused(EMQX, "{\"header\":{\"msg_id\":512,\"phone\":\"x1\"},\"body\":{}}", "no-key");
    assert_refused(EMQX, "{\"header\":{\"msg_id\":512,\"phone\":\"000\"},\"body\":{}}", "no-key");
    assert_refused(EMQX, "{\"header\":{\"msg_id\":512,\"phone\":\"1\"},\"body\":{}}", "no-place");
    assert_refused(EMQX, "{\"header\":{\"msg_id\":1796,\"phone\":\"1\"},\"body\":{\"location\":7}}",
                   "no-place");
    assert_refused(EMQX, "{\"header\":7}", "other");
    /* Numbers that no terminal can have sent leave the fix invalid, never something else. */
    GeoHeard odd =
        one(EMQX, "{\"header\":{\"msg_id\":512,\"phone\":\"1\"},\"body\":{\"status\":2.5,"
                  "\"latitude\":1e300,\"longitude\":-5,\"speed\":70000,\"time\":\"25\"}}");
    g_assert_cmpuint(odd.flags, ==, GEO_HEARD_UNTIMED);
    g_assert_true(isnan(odd.fix.lon) && isnan(odd.fix.speed_mps));
}

static void test_osmand(void)
{
    GeoHeard heard = one(OSMAND, "id=7&lat=31.8&lon=117.2");
    g_assert_cmpint(heard.fix.at_ms, ==, NOW_MS); /* no time is the receiver's */
    g_assert_true(isnan(heard.fix.speed_mps));
    assert_refused(OSMAND_MPS, "id=7&lat=31.8&lon=117.2", "no-time");
    assert_refused(OSMAND, "id=7&lat=31.8&lon=117.2&timestamp=yesterday", "no-time");
    static const struct {
        const char *timestamp;
        int64_t at_ms;
    } times[] = {
        {"1738161224", 1738161224000},
        {"1738161224.25", 1738161224250},
        {"1738161224250", 1738161224250},
        {"2025-01-29T14:33:44Z", 1738161224000},
        {"2025-01-29T14:33:44.250Z", 1738161224250},
        {"2025-01-29+14:33:44", 1738161224000},
        {"2025-01-29%2014%3a33%3A44", 1738161224000},
        {"2025-01-29T22:33:44%2B08:00", 1738161224000},
        {"2025-01-29T22:33:44+0800", 1738161224000},
        {"2025-01-29T09:03:44-05:30", 1738161224000},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(times); i++) {
        g_autofree char *text =
            g_strconcat("id=7&lat=31.8&lon=117.2&timestamp=", times[i].timestamp, NULL);
        g_assert_cmpint(one(OSMAND, text).fix.at_ms, ==, times[i].at_ms);
    }
    g_assert_cmpuint(one(OSMAND, "&&valid=0&id=7&lat=31.8&lon=117.2&=&").flags, ==, 0);
    g_assert_cmpuint(one(OSMAND, "valid=TRUE&id=7&lat=31.8&lon=117.2").flags, ==, GEO_HEARD_VALID);
    g_assert_cmpuint(one(OSMAND, "id=7&alarm=sos").flags, ==, GEO_HEARD_SOS);
    g_assert_cmpstr(one(OSMAND, "id=%E9%BB%84+7&lat=31.8&lon=117.2").key, ==, "黄 7");
    static const char *const nowhere[] = {"id=7&lat=31,8&lon=117.2",  "id=7&lat=&lon=117.2",
                                          "id=7&lat=0x1f&lon=117.2",  "id=7&lat=nan&lon=117.2",
                                          "id=7&lat=inf&lon=117.2",   "id=7&lat=91&lon=117.2",
                                          "id=7&location=31.8",       "id=7&location=31.8,1,2",
                                          "id=7&lat=31.8&lon=117.2x", "id=7"};
    for (size_t i = 0; i < G_N_ELEMENTS(nowhere); i++)
        assert_refused(OSMAND, nowhere[i], "no-place");
    g_autofree char *long_id = g_strnfill(64, 'x');
    g_autofree char *too_long = g_strdup_printf("id=%s&lat=31.8&lon=117.2", long_id);
    assert_refused(OSMAND, too_long, "no-key");
    assert_refused(OSMAND, "lat=31.8&lon=117.2", "no-key");
    assert_refused(OSMAND, "id=%00&lat=31.8&lon=117.2", "no-key");
    assert_refused(OSMAND, "id=%ff&lat=31.8&lon=117.2", "no-key");
    assert_refused(OSMAND, "", "broken");
    assert_refused(OSMAND, "lat", "broken");
}

typedef struct {
    double lon, lat, speed_mps, heading_deg, accuracy_m;
    int64_t at_ms;
} Truth;

/* Members in any order, strangers between them, blanks where they may be. */
static void put_members(GString *out, const char *const *members, size_t n)
{
    static const char *const strangers[] = {"\"x\":{\"lat\":1,\"lon\":[2,{}]}", "\"\\u0000\":null",
                                            "\"LAT\":5", "\"note\":\"\\\"lat\\\":3,}\""};
    size_t order[16];
    for (size_t i = 0; i < n; i++) {
        size_t other = (size_t)g_test_rand_int_range(0, (int)i + 1);
        order[i] = order[other];
        order[other] = i;
    }
    g_string_append_c(out, '{');
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            g_string_append(out, g_test_rand_bit() ? " ,\n" : ",");
        if (g_test_rand_int_range(0, 4) == 0)
            g_string_append_printf(out, "%s,\t",
                                   strangers[g_test_rand_int_range(0, G_N_ELEMENTS(strangers))]);
        g_string_append(out, members[order[i]]);
    }
    g_string_append_c(out, '}');
}

static char *number_text(const char *name, const char *format, double number)
{
    char text[64];
    return g_strconcat(name, g_ascii_formatd(text, sizeof text, format, number), NULL);
}

static char *iso_text(int64_t at_ms)
{
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(at_ms / 1000);
    int hours = g_test_rand_int_range(-12, 15), minutes = g_test_rand_bit() ? 30 : 0;
    g_autoptr(GDateTime) local =
        g_date_time_add_minutes(utc, hours * 60 + (hours < 0 ? -minutes : minutes));
    g_autofree char *stem = g_date_time_format(local, "%Y-%m-%dT%H:%M:%S");
    return g_strdup_printf("%s.%03d%c%02d:%02d", stem, (int)(at_ms % 1000), hours < 0 ? '-' : '+',
                           ABS(hours), minutes);
}

static char *write_owntracks(const Truth *truth)
{
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *lon = number_text("\"lon\":", "%.7f", truth->lon),
                    *lat = number_text("\"lat\":", "%.7f", truth->lat);
    g_autofree char *speed = number_text("\"vel\" : ", "%.9g", truth->speed_mps * 3.6);
    g_autofree char *heading = number_text("\"cog\":", "%.9g", truth->heading_deg);
    g_autofree char *accuracy = number_text("\"acc\":", "%.9g", truth->accuracy_m);
    g_autofree char *at = number_text("\"tst\":", "%.3f", (double)truth->at_ms / 1000);
    const char *members[] = {"\"_type\": \"location\"", lon, lat, speed, heading, accuracy, at};
    put_members(out, members, G_N_ELEMENTS(members));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *write_forward(const Truth *truth)
{
    g_autoptr(GString) position = g_string_new("\"position\":"), out = g_string_new(NULL);
    g_autofree char *lon = number_text("\"longitude\":", "%.7f", truth->lon);
    g_autofree char *lat = number_text("\"latitude\":", "%.7f", truth->lat);
    g_autofree char *speed = number_text("\"speed\":", "%.12g", truth->speed_mps * 3600 / 1852);
    g_autofree char *heading = number_text("\"course\":", "%.9g", truth->heading_deg);
    g_autofree char *accuracy = number_text("\"accuracy\":", "%.9g", truth->accuracy_m);
    g_autofree char *iso = iso_text(truth->at_ms), *at = g_strdup_printf("\"fixTime\":\"%s\"", iso);
    const char *members[] = {lon, lat, speed, heading, accuracy, at};
    put_members(position, members, G_N_ELEMENTS(members));
    const char *parts[] = {position->str, "\"device\":{\"uniqueId\":\"li/phone\"}"};
    put_members(out, parts, G_N_ELEMENTS(parts));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *write_client(const Truth *truth)
{
    g_autoptr(GString) coords = g_string_new("\"coords\":"),
                       location = g_string_new("\"location\":");
    g_autoptr(GString) out = g_string_new(NULL);
    g_autofree char *lon = number_text("\"longitude\":", "%.7f", truth->lon);
    g_autofree char *lat = number_text("\"latitude\":", "%.7f", truth->lat);
    g_autofree char *speed = number_text("\"speed\":", "%.9g", truth->speed_mps);
    g_autofree char *heading = number_text("\"heading\":", "%.9g", truth->heading_deg);
    g_autofree char *accuracy = number_text("\"accuracy\":", "%.9g", truth->accuracy_m);
    g_autofree char *iso = iso_text(truth->at_ms),
                    *at = g_strdup_printf("\"timestamp\":\"%s\"", iso);
    const char *members[] = {lon, lat, speed, heading, accuracy};
    put_members(coords, members, G_N_ELEMENTS(members));
    const char *parts[] = {coords->str, at};
    put_members(location, parts, G_N_ELEMENTS(parts));
    const char *both[] = {location->str, "\"device_id\":\"li\\/phone\""};
    put_members(out, both, G_N_ELEMENTS(both));
    return g_string_free(g_steal_pointer(&out), FALSE);
}

static char *write_osmand(const Truth *truth)
{
    g_autofree char *lon = number_text("lon=", "%.7f", truth->lon),
                    *lat = number_text("lat=", "%.7f", truth->lat);
    g_autofree char *speed = number_text("speed=", "%.9g", truth->speed_mps);
    g_autofree char *heading = number_text("bearing=", "%.9g", truth->heading_deg);
    g_autofree char *accuracy = number_text("accuracy=", "%.9g", truth->accuracy_m);
    g_autofree char *iso = iso_text(truth->at_ms), *escaped = g_uri_escape_string(iso, NULL, FALSE);
    return g_strdup_printf("id=li%%2fphone&%s&%s&timestamp=%s&%s&%s&%s", lon, lat, escaped, speed,
                           heading, accuracy);
}

static void test_round_trip(void)
{
    static const struct {
        Shape shape;
        char *(*write)(const Truth *truth);
    } shapes[] = {{OWNTRACKS, write_owntracks},
                  {FORWARD, write_forward},
                  {CLIENT, write_client},
                  {OSMAND_MPS, write_osmand}};
    for (int round = 0; round < 4000; round++) {
        Truth truth = {
            .lon = g_test_rand_int_range(-1800000000, 1800000001) / 1e7,
            .lat = g_test_rand_int_range(-900000000, 900000001) / 1e7,
            .speed_mps = g_test_rand_int_range(1, 100000) / 1000.0,
            .heading_deg = g_test_rand_int_range(0, 36000) / 100.0,
            .accuracy_m = g_test_rand_int_range(1, 10000) / 10.0,
            .at_ms = INT64_C(1000000000000) + (int64_t)g_test_rand_int_range(0, G_MAXINT) * 700,
        };
        g_autofree char *text = shapes[round % 4].write(&truth);
        GeoHeard heard = one(shapes[round % 4].shape, text);
        g_assert_cmpstr(heard.key, ==, "li/phone");
        g_assert_cmpuint(heard.flags, ==, GEO_HEARD_VALID);
        g_assert_cmpint(heard.fix.at_ms, ==, truth.at_ms);
        g_assert_cmpfloat_with_epsilon(heard.fix.lon, truth.lon, 1e-9);
        g_assert_cmpfloat_with_epsilon(heard.fix.lat, truth.lat, 1e-9);
        g_assert_cmpfloat_with_epsilon(heard.fix.speed_mps, truth.speed_mps, 1e-4);
        g_assert_cmpfloat_with_epsilon(heard.fix.heading_deg, truth.heading_deg, 1e-4);
        g_assert_cmpfloat_with_epsilon(heard.fix.accuracy_m, truth.accuracy_m, 1e-4);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/decode-json/units-are-metres-and-utc", test_units);
    g_test_add_func("/decode-json/half-a-text-is-broken", test_cut);
    g_test_add_func("/decode-json/owntracks", test_owntracks);
    g_test_add_func("/decode-json/traccar-forward", test_forward);
    g_test_add_func("/decode-json/traccar-client", test_client);
    g_test_add_func("/decode-json/emqx-gateway", test_emqx);
    g_test_add_func("/decode-json/osmand-form", test_osmand);
    g_test_add_func("/decode-json/fixes-round-trip", test_round_trip);
    return g_test_run();
}
