/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/say.h"

#include <math.h>

#include "geo/decode/clock.h"
#include "geo/decode/jt808.h"

#define KNOTS_PER_MPS (3600 / 1852.0)
#define SEC_MS 1000

/* The decimal point is a point whatever the locale. */
static void add_number(GString *out, const char *before, double number, const char *format)
{
    char text[G_ASCII_DTOSTR_BUF_SIZE];
    if (isnan(number))
        return;
    g_string_append(out, before);
    g_string_append(out, g_ascii_formatd(text, sizeof text, format, number));
}

static void add_whole(GString *out, const char *before, int64_t number)
{
    g_string_append_printf(out, "%s%" G_GINT64_FORMAT, before, number);
}

void geo_say_osmand(GString *out, const GeoHeard *heard)
{
    const GeoFix *fix = &heard->fix;
    g_string_append(out, "id=");
    g_string_append_uri_escaped(out, heard->key, NULL, FALSE);
    add_number(out, "&lat=", fix->lat, "%.7f");
    add_number(out, "&lon=", fix->lon, "%.7f");
    add_whole(out, "&timestamp=", fix->at_ms);
    add_number(out, "&speed=", fix->speed_mps * KNOTS_PER_MPS, "%.3f");
    add_number(out, "&bearing=", fix->heading_deg, "%.1f");
    add_number(out, "&accuracy=", fix->accuracy_m, "%.1f");
    if (!(heard->flags & GEO_HEARD_VALID))
        g_string_append(out, "&valid=false");
    if (heard->flags & GEO_HEARD_SOS)
        g_string_append(out, "&alarm=sos");
}

/* A JSON string; the key has no control characters. */
static void add_key(GString *out, const char *key)
{
    g_string_append_c(out, '"');
    for (const char *c = key; *c; c++) {
        if (*c == '"' || *c == '\\')
            g_string_append_c(out, '\\');
        g_string_append_c(out, *c);
    }
    g_string_append_c(out, '"');
}

static void add_client_location(GString *out, const GeoHeard *heard)
{
    const GeoFix *fix = &heard->fix;
    g_autoptr(GDateTime) at = g_date_time_new_from_unix_utc(fix->at_ms / SEC_MS);
    g_autofree char *when = g_date_time_format(at, "%Y-%m-%dT%H:%M:%S");
    g_string_append_printf(out, "{\"timestamp\":\"%s.%03dZ\",\"coords\":{", when,
                           (int)(fix->at_ms % SEC_MS));
    add_number(out, "\"latitude\":", fix->lat, "%.7f");
    add_number(out, ",\"longitude\":", fix->lon, "%.7f");
    add_number(out, ",\"speed\":", fix->speed_mps, "%.3f");
    add_number(out, ",\"heading\":", fix->heading_deg, "%.1f");
    add_number(out, ",\"accuracy\":", fix->accuracy_m, "%.1f");
    g_string_append_c(out, '}');
    if (!(heard->flags & GEO_HEARD_VALID))
        g_string_append(out, ",\"mock\":true");
    if (heard->flags & GEO_HEARD_SOS)
        g_string_append(out, ",\"extras\":{\"alarm\":\"sos\"}");
    g_string_append_c(out, '}');
}

void geo_say_traccar_client(GString *out, const GeoHeard *heard, size_t n)
{
    g_return_if_fail(n > 0);
    g_string_append(out, n > 1 ? "{\"location\":[" : "{\"location\":");
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        add_client_location(out, &heard[i]);
    }
    g_string_append(out, n > 1 ? "],\"device_id\":" : ",\"device_id\":");
    add_key(out, heard->key);
    g_string_append_c(out, '}');
}

void geo_say_owntracks(GString *out, const GeoHeard *heard)
{
    const GeoFix *fix = &heard->fix;
    g_string_append(out, "{\"_type\":\"location\"");
    add_number(out, ",\"lat\":", fix->lat, "%.7f");
    add_number(out, ",\"lon\":", fix->lon, "%.7f");
    add_whole(out, ",\"tst\":", fix->at_ms / SEC_MS);
    add_number(out, ",\"vel\":", fix->speed_mps * 3.6, "%.0f");
    add_number(out, ",\"cog\":", fix->heading_deg, "%.0f");
    add_number(out, ",\"acc\":", fix->accuracy_m, "%.0f");
    g_string_append_c(out, '}');
}

static void add_emqx_place(GString *out, const GeoHeard *heard)
{
    const GeoFix *fix = &heard->fix;
    uint8_t bcd[6];
    bool moves = !isnan(fix->speed_mps), heads = !isnan(fix->heading_deg);
    int status = 1 | (heard->flags & GEO_HEARD_VALID ? 2 : 0) | (fix->lat < 0 ? 4 : 0) |
                 (fix->lon < 0 ? 8 : 0);
    geo_clock_to_bcd(fix->at_ms, GEO_CLOCK_JT808_H, bcd);
    g_string_append_printf(out, "{\"alarm\":%d,\"status\":%d", heard->flags & GEO_HEARD_SOS ? 1 : 0,
                           status);
    add_whole(out, ",\"latitude\":", llround(fabs(fix->lat) * 1e6));
    add_whole(out, ",\"longitude\":", llround(fabs(fix->lon) * 1e6));
    add_whole(out, ",\"altitude\":0,\"speed\":", moves ? lround(fix->speed_mps * 36) : 0);
    add_whole(out, ",\"direction\":", heads ? lround(fix->heading_deg) % 360 : 0);
    g_string_append_printf(out, ",\"time\":\"%02x%02x%02x%02x%02x%02x\"}", bcd[0], bcd[1], bcd[2],
                           bcd[3], bcd[4], bcd[5]);
}

void geo_say_emqx(GString *out, const GeoHeard *heard, size_t n, bool late)
{
    g_return_if_fail(n > 0);
    bool batch = n > 1 || late;
    g_string_append_printf(out, "{\"header\":{\"msg_id\":%d,\"phone\":\"%s\"},\"body\":",
                           batch ? GEO_JT808_BATCH : GEO_JT808_LOCATION, heard->key);
    if (batch)
        g_string_append_printf(out, "{\"type\":%d,\"length\":%zu,\"location\":[", late, n);
    for (size_t i = 0; i < n; i++) {
        if (i > 0)
            g_string_append_c(out, ',');
        add_emqx_place(out, &heard[i]);
    }
    g_string_append(out, batch ? "]}}" : "}");
}
