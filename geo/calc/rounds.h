/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Points that must be visited in windows of time: when somebody first came near in each. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

/* Unix seconds; from <= second < to. A visit before late_s is late rather than missing. */
typedef struct {
    uint32_t point;
    int64_t from_s, to_s, late_s;
} GeoRoundsWindow;

#define GEO_ROUNDS_NEVER INT64_MAX

typedef struct {
    int64_t first_s; /* the first second of a visit in the window; GEO_ROUNDS_NEVER: none */
    int64_t late_s;  /* and behind it, before late_s of the window */
} GeoRoundsVisit;

typedef struct GeoRounds GeoRounds;

/* windows by point, then time; those of one point do not overlap. Copies. radius_m: how near a
 * visit comes. */
GeoRounds *geo_rounds_new(const GeoXY *points, size_t n_points, double radius_m,
                          const GeoRoundsWindow *windows, size_t n_windows);
void geo_rounds_free(GeoRounds *rounds);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRounds, geo_rounds_free)

/* Somebody is at `at` at second from_s and goes on by step each second, for n seconds in all: a
 * GeoPatrolRunFunc with rounds as user. Runs may come in any order. O(cells of 200 m met + points
 * in them). */
void geo_rounds_run(int64_t unit_id, int64_t from_s, GeoXY at, GeoXY step, uint32_t n,
                    void *rounds);

/* Of the i-th window. */
GeoRoundsVisit geo_rounds_visit(const GeoRounds *rounds, size_t i);
