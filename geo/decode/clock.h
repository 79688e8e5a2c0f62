/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Times as devices send them, to UTC milliseconds. No zone tables and no clock: a device's time is
 * UTC, has its offset beside it, or is of the zone that its protocol fixes. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GEO_CLOCK_JT808_H 8 /* JT/T 808 times are GMT+8 wherever the terminal is */

/* A day and time of the calendar, UTC. False, with at_ms as it was, when there is no such day, hour
 * or second (a leap second is none), or the year is not 1970 to 9999. */
bool geo_clock_civil(int year, int month, int day, int hour, int minute, int second,
                     int64_t *at_ms);

/* YYMMDDhhmmss in six bytes of BCD, of the years 2000 to 2099 and zone_h hours ahead of UTC. */
bool geo_clock_bcd(const uint8_t bcd[6], int zone_h, int64_t *at_ms);

/* The other way; the fraction of the second is cut, other centuries lose theirs. */
void geo_clock_to_bcd(int64_t at_ms, int zone_h, uint8_t bcd[6]);

/* "2025-01-29T22:33:44", with a blank for the T, a fraction, and Z, +08:00, +0800 or +08 behind it;
 * without any it is UTC. */
bool geo_clock_iso(const char *text, size_t n, int64_t *at_ms);

/* Unix time: seconds below 1e11 (year 5138), else milliseconds. False unless above 0 and below the
 * year 9999. */
bool geo_clock_epoch(double number, int64_t *at_ms);
