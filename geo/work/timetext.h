/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Times as foreign files write them, to Unix milliseconds. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    GEO_TIMETEXT_FINE,
    GEO_TIMETEXT_SKIPPED, /* a local time that the zone's clocks skipped: taken as an hour later */
    GEO_TIMETEXT_WRONG,   /* not in the pattern */
    GEO_TIMETEXT_IMPOSSIBLE, /* in the pattern, but no such day or hour */
} GeoTimetext;

/* pattern: %Y %m %d %H %I %M %S %p and literal characters, '*' at its end lets anything follow;
 * NULL takes ISO 8601 ("2018-01-01T00:00:00", also with '/' or '.', a blank, an offset, a fraction,
 * or the day alone), 14 digits, and Unix time in 10 or 13 digits. Times without an offset are of
 * the zone; a local time that came twice is the later one (standard time). */
GeoTimetext geo_timetext_parse(const char *text, const char *pattern, GTimeZone *zone,
                               int64_t *at_ms);
