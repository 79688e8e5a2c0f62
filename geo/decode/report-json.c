/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/report-json.h"

#include <string.h>

#include "geo/decode/json.h"

#define VALUE_SIZE 8192 /* more than any field takes, so that one too long is seen as such */

static int field_of(const GeoJson *json)
{
    for (int i = 0; i < GEO_N_NOTICE_FIELDS; i++)
        if (geo_json_is(json, geo_notice_fields[i]))
            return i;
    return -1;
}

static void read_field(GeoJson *json, GeoNotice *notice, GeoNoticeField field)
{
    char value[VALUE_SIZE];
    size_t from = json->at;
    size_t n = geo_json_word(json, value, sizeof value);
    if (n > 0)
        geo_notice_set(notice, field, value, n);
    else if (json->at - from > sizeof value) /* what did not fit: its length alone counts */
        geo_notice_set(notice, field, memset(value, 'x', sizeof value), sizeof value);
}

static void read_report(GeoJson *json, GeoNotice *notice)
{
    geo_notice_init(notice);
    if (!geo_json_object(json)) {
        notice->flaw = GEO_NOTICE_NO_REPORT;
        return;
    }
    while (geo_json_member(json)) {
        int field = field_of(json);
        if (field >= 0)
            read_field(json, notice, (GeoNoticeField)field);
        else
            geo_json_skip(json);
    }
}

/* The first letter that is no blank. */
static char first_of(const char *text, size_t n)
{
    size_t i = 0;
    while (i < n && g_ascii_isspace(text[i]))
        i++;
    return i < n ? text[i] : '\0';
}

GeoReportJsonResult geo_report_json_read(const char *text, size_t n, GArray *notices)
{
    guint before = notices->len;
    bool many = false;
    GeoNotice notice;
    GeoJson json;
    geo_json_init(&json, text, n);
    if (first_of(text, n) == '{') {
        read_report(&json, &notice);
        g_array_append_val(notices, notice);
    } else if (geo_json_array(&json)) {
        while (geo_json_element(&json)) {
            read_report(&json, &notice);
            many = many || notices->len - before >= GEO_REPORT_JSON_MAX;
            if (!many)
                g_array_append_val(notices, notice);
        }
    } else {
        g_array_set_size(notices, before);
        return GEO_REPORT_JSON_BROKEN;
    }
    GeoReportJsonResult result = !geo_json_end(&json)     ? GEO_REPORT_JSON_BROKEN
                                 : many                   ? GEO_REPORT_JSON_MANY
                                 : notices->len == before ? GEO_REPORT_JSON_NONE
                                                          : GEO_REPORT_JSON_FINE;
    if (result != GEO_REPORT_JSON_FINE)
        g_array_set_size(notices, before);
    return result;
}

const char *geo_report_json_words(GeoReportJsonResult result)
{
    switch (result) {
    case GEO_REPORT_JSON_FINE:
        return "fine";
    case GEO_REPORT_JSON_NONE:
        return "the list is empty: send at least one report";
    case GEO_REPORT_JSON_MANY:
        return "more than 200 reports at once: send them in several parts";
    default:
        return "this is no JSON object or array: send {\"number\": \"A1\", \"words\": \"...\"}, or "
               "a list of such";
    }
}
