/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A report as another system tells it: its own number, and texts as they came. Decoders and tables
 * end here; what becomes of it is geo/work/notices.h. Caller and phone are fields of their own, so
 * that nobody sees them who does not ask for them. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GEO_NOTICE_SOURCE_SIZE 33 /* of a source's name, with the NUL, as all below */

typedef enum {
    GEO_NOTICE_NUMBER, /* the source's own; never doubled */
    GEO_NOTICE_TIME,
    GEO_NOTICE_DATUM, /* "wgs84", "gcj02", "bd09" */
    GEO_NOTICE_PLACE, /* in words */
    GEO_NOTICE_ITEM,  /* of the city's service items */
    GEO_NOTICE_CATEGORY,
    GEO_NOTICE_WORDS, /* what happened */
    GEO_NOTICE_PRIORITY,
    GEO_NOTICE_CALLER,
    GEO_NOTICE_PHONE,
    GEO_NOTICE_LON,
    GEO_NOTICE_LAT,
    GEO_N_NOTICE_FIELDS
} GeoNoticeField;

extern const char *const geo_notice_fields[]; /* "number", "time" ...: names of members, columns */

/* Why a report is not taken. */
typedef enum {
    GEO_NOTICE_FINE,
    GEO_NOTICE_NO_NUMBER,
    GEO_NOTICE_TOO_LONG,
    GEO_NOTICE_BAD_TEXT, /* control characters, or no UTF-8 */
    GEO_NOTICE_BAD_TIME,
    GEO_NOTICE_FUTURE,
    GEO_NOTICE_BAD_DATUM,
    GEO_NOTICE_BAD_POINT,
    GEO_NOTICE_BAD_PRIORITY,
    GEO_NOTICE_EMPTY,     /* says neither what happened nor where */
    GEO_NOTICE_NO_REPORT, /* is no object */
    GEO_NOTICE_TORN,      /* a row with more or fewer values than there are columns */
    GEO_N_NOTICE_FLAWS
} GeoNoticeFlaw;

typedef struct {
    char number[65], time[41], datum[9], place[257], item[65], category[65], words[4001],
        priority[9], caller[65], phone[33], lon[33], lat[33];
    int64_t line; /* of a file; 0: of none */
    GeoNoticeFlaw flaw;
    GeoNoticeField flawed; /* the field, where the flaw is of one */
} GeoNotice;

void geo_notice_init(GeoNotice *notice);

/* Without the blanks around it; the first flaw stands. text needs no NUL; line ends in words and
 * places become blanks. */
void geo_notice_set(GeoNotice *notice, GeoNoticeField field, const char *text, size_t n);
const char *geo_notice_get(const GeoNotice *notice, GeoNoticeField field); /* "" when not said */

/* What has to be mended, never NULL. */
const char *geo_notice_flaw_words(GeoNoticeFlaw flaw);

/* The name of a source: 1 to 32 small letters, digits, hyphens, dots and underscores. */
bool geo_notice_is_source(const char *name);
