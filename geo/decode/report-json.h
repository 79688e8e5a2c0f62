/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Reports of another system in JSON: one object, or an array of them, each with the members of
 * geo/model/notice.h ("number", "time", "lon", "lat", "words" ...). */
#include <glib.h>

#include "geo/model/notice.h"

#define GEO_REPORT_JSON_MAX 200 /* reports of one text */

typedef enum {
    GEO_REPORT_JSON_FINE,
    GEO_REPORT_JSON_BROKEN, /* no JSON, or neither object nor array */
    GEO_REPORT_JSON_NONE,   /* an empty array */
    GEO_REPORT_JSON_MANY,   /* more than fit */
} GeoReportJsonResult;

/* Appends GeoNotice, in the order of the text; each tells its own flaw. Unless FINE, nothing is
 * appended. O(n). */
GeoReportJsonResult geo_report_json_read(const char *text, size_t n, GArray *notices);

/* What has to be mended, never NULL. */
const char *geo_report_json_words(GeoReportJsonResult result);
