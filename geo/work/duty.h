/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who is on duty when: the rosters of a span of time, by unit code. A city without any roster is
 * always on duty. */
#include "geo/store/store.h"

typedef struct GeoDuty GeoDuty;

/* Shifts that touch from <= t < to. */
GeoDuty *geo_duty_load(GeoStore *store, int64_t from_ms, int64_t to_ms, GError **error);
void geo_duty_free(GeoDuty *duty);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoDuty, geo_duty_free)

/* The city has no rosters at all. */
bool geo_duty_is_always(const GeoDuty *duty);

/* A shift of the unit covers at_ms, which lies in the span loaded. code may be NULL: never on a
 * roster. */
bool geo_duty_on(const GeoDuty *duty, const char *code, int64_t at_ms);

/* A shift of the unit touches the span. */
bool geo_duty_any(const GeoDuty *duty, const char *code);
