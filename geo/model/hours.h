/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* When something holds in the week: OpenStreetMap's opening_hours as far as clocks and weekdays go.
 * "06:00-23:00", "Mo-Fr 07:00-09:00,16:00-18:00; Sa 08:00-12:00; Su off", "24/7". */
#include <stdbool.h>
#include <stdint.h>

#define GEO_HOURS_MOST 12

/* A value; all zero: always. */
typedef struct {
    uint8_t n; /* 0: always */
    struct {
        uint8_t days;              /* bits from Monday; 0: the span is void */
        uint16_t from_min, to_min; /* of the day; over midnight when to is not more than from */
    } span[GEO_HOURS_MOST];
} GeoHours;

/* false, and hours untouched, for any other text: seasons, sunrise, months, more than
 * GEO_HOURS_MOST spans. Holidays ("PH off") are passed over: days are judged by their weekday. */
bool geo_hours_read(const char *text, GeoHours *hours);

/* It holds at every hour. */
bool geo_hours_always(const GeoHours *hours);

/* It holds at that minute of the week, from Monday 00:00; minute in 0 .. 7 * 1440 - 1. */
bool geo_hours_hold(const GeoHours *hours, int minute);
