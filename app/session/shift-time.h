/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Times of a shift as people write them: hours and minutes of the city's zone, beside a day. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/* "22:00", "06:00 +1" on the day after that of day_ms, "22:00 −1" on the day before; the caller
 * frees. */
char *app_shift_time_dup(int64_t at_ms, int64_t day_ms, const char *zone);

/* "22:00", "7:30", "2200", "24:00", with the full-width colon too, and "+1", "-1" ... behind for
 * another day than that of day_ms; *says_day: one of these was there. False: it is no time. */
bool app_shift_time_read(const char *text, int64_t day_ms, const char *zone, int64_t *at_ms,
                         bool *says_day);

/* The two ends of a shift that begins on the day of day_ms; an end that is not after the beginning
 * and says no day is on the next one. False: one is no time, or it ends before it begins. */
bool app_shift_time_span(const char *from, const char *to, int64_t day_ms, const char *zone,
                         int64_t *from_ms, int64_t *to_ms);
