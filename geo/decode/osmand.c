/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/osmand.h"

#include <math.h>
#include <string.h>

#include "geo/decode/clock.h"

#define VALUE_SIZE 128

typedef struct {
    GeoHeard heard;
    double lon, lat, speed, heading_deg, accuracy_m;
    bool timed, doubtful;
} Form;

/* '+' and %XX undone. Returns the length; 0, with "", when it does not fit or holds a NUL. */
static size_t unescape(const char *text, size_t n, char *plain, size_t size)
{
    size_t n_plain = 0;
    plain[0] = '\0';
    for (size_t i = 0; i < n; i++) {
        char c = text[i] == '+' ? ' ' : text[i];
        if (c == '%' && n - i > 2 && g_ascii_isxdigit(text[i + 1]) &&
            g_ascii_isxdigit(text[i + 2])) {
            c = (char)(g_ascii_xdigit_value(text[i + 1]) << 4 | g_ascii_xdigit_value(text[i + 2]));
            i += 2;
        }
        if (c == '\0' || n_plain + 1 >= size) {
            plain[0] = '\0';
            return 0;
        }
        plain[n_plain++] = c;
    }
    plain[n_plain] = '\0';
    return n_plain;
}

/* A decimal number and nothing else; NAN. */
static double number_of(const char *text)
{
    size_t n = strlen(text);
    char *end = NULL;
    if (n == 0 || strspn(text, "0123456789+-.eE") != n)
        return NAN;
    double number = g_ascii_strtod(text, &end);
    return end == text + n && isfinite(number) ? number : NAN;
}

/* Unix time or ISO, whose '+' of an offset may have become a blank on the way. */
static int64_t time_of(char *text, size_t n)
{
    int64_t at_ms = 0;
    double number = number_of(text);
    if (!isnan(number)) {
        geo_clock_epoch(number, &at_ms);
        return at_ms;
    }
    char *blank = n > 19 ? strchr(text + 19, ' ') : NULL;
    if (blank)
        *blank = '+';
    geo_clock_iso(text, n, &at_ms);
    return at_ms;
}

static void read_location(char *value, Form *form)
{
    char *comma = strchr(value, ',');
    if (!comma)
        return;
    *comma = '\0';
    form->lat = number_of(value);
    form->lon = number_of(comma + 1);
}

static void read_field(const char *name, char *value, size_t n, Form *form)
{
    if (!strcmp(name, "id") || !strcmp(name, "deviceid")) {
        geo_heard_set_key(&form->heard, value, n);
    } else if (!strcmp(name, "lat")) {
        form->lat = number_of(value);
    } else if (!strcmp(name, "lon")) {
        form->lon = number_of(value);
    } else if (!strcmp(name, "location")) {
        read_location(value, form);
    } else if (!strcmp(name, "timestamp")) {
        form->timed = true;
        geo_heard_set_time(&form->heard, time_of(value, n));
    } else if (!strcmp(name, "speed")) {
        form->speed = number_of(value);
    } else if (!strcmp(name, "bearing") || !strcmp(name, "heading")) {
        form->heading_deg = number_of(value);
    } else if (!strcmp(name, "accuracy")) {
        form->accuracy_m = number_of(value);
    } else if (!strcmp(name, "valid")) {
        form->doubtful = strcmp(value, "1") && g_ascii_strcasecmp(value, "true");
    } else if (!strcmp(name, "alarm") && !g_ascii_strcasecmp(value, "sos")) {
        form->heard.flags |= GEO_HEARD_SOS;
    }
}

/* All fields; false when there is none with a name. */
static bool read_form(const char *text, size_t n, Form *form)
{
    bool any = false;
    for (size_t at = 0; at <= n;) {
        const char *amp = at < n ? memchr(text + at, '&', n - at) : NULL;
        size_t n_field = amp ? (size_t)(amp - text) - at : n - at;
        const char *equals = n_field > 0 ? memchr(text + at, '=', n_field) : NULL;
        if (equals) {
            char name[24], value[VALUE_SIZE];
            size_t n_name = (size_t)(equals - text) - at;
            any |= unescape(text + at, n_name, name, sizeof name) > 0;
            size_t n_value = unescape(equals + 1, n_field - n_name - 1, value, sizeof value);
            read_field(name, value, n_value, form);
        }
        at += n_field + 1;
    }
    return any;
}

GeoHeardResult geo_osmand_heard(const char *text, size_t n, GeoOsmandSpeed speed, int64_t now_ms,
                                GArray *heard, GeoHeardTally *tally)
{
    static const double mps[] = {
        [GEO_OSMAND_KNOTS] = 1852.0 / 3600, [GEO_OSMAND_KMH] = 1 / 3.6, [GEO_OSMAND_MPS] = 1};
    g_return_val_if_fail(speed < G_N_ELEMENTS(mps), GEO_HEARD_BROKEN);
    GeoHeardTally unasked = {0};
    Form form = {.lon = NAN, .lat = NAN, .speed = NAN, .heading_deg = NAN, .accuracy_m = NAN};
    geo_heard_init(&form.heard);
    if (!read_form(text, n, &form))
        return GEO_HEARD_BROKEN;
    if (!form.timed)
        geo_heard_set_time(&form.heard, now_ms);
    if (geo_heard_set_place(&form.heard, form.lon, form.lat) && !form.doubtful)
        form.heard.flags |= GEO_HEARD_VALID;
    geo_heard_set_motion(&form.heard, form.speed * mps[speed], form.heading_deg, form.accuracy_m);
    return geo_heard_append(heard, &form.heard, tally ? tally : &unasked);
}
