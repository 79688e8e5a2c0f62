/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The moment that a picture shows, and times and numbers in words. */
#include "geo/store/store.h"

/* The newest moment that the city knows of: last position, the demo's own now, newest incident;
 * else now_ms. */
bool app_moment_of_city(GeoStore *store, int64_t now_ms, int64_t *at_ms, GError **error);

/* "2026-11-21 23:14", with or without an offset or Z, in digits of any width, as
 * geo_timetext_parse() takes it; without an offset it is local to the zone. False when it is no
 * time. */
bool app_moment_parse(const char *text, const char *zone, int64_t *at_ms);

/* "2026-11-21 Sat 23:14:05" in the zone; the caller frees. */
char *app_moment_dup_clock(int64_t at_ms, const char *zone);
char *app_moment_dup_date(int64_t at_ms, const char *zone); /* "2026-11-21" */

/* Between 18:00 and 06:00 in the zone. */
bool app_moment_is_night(int64_t at_ms, const char *zone);

/* 18397 as "18,397". */
char *app_moment_dup_count(int64_t n);
