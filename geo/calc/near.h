/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The nearest units to a place, by air and by road. */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/calc/road.h"

typedef struct {
    uint32_t unit;   /* index in the arrays given */
    double travel_s; /* by road; by air at the profile's plain speed */
    double distance_m;
} GeoNearHit;

typedef struct GeoNear GeoNear;

/* Indexes n unit places. profile[i] chooses the speed; usable[i] 0 leaves a unit out. snap may be
 * NULL when only nearness by air is asked; else one snapped place per unit. roads is borrowed (NULL
 * with snap NULL). */
GeoNear *geo_near_new(const GeoRoads *roads, const GeoXY *at, const GeoSnap *snap,
                      const uint8_t *profile, const uint8_t *usable, size_t n);

/* The same units at other places: what a tick costs. Keeps its memory. O(n). */
void geo_near_put(GeoNear *near, const GeoXY *at, const GeoSnap *snap, const uint8_t *usable);

/* Tells every crossing which k units are there first: questions for k or fewer are then read off in
 * microseconds however few units are usable, until the next put or a change of the roads. Some
 * 100 ms and 16 k bytes for each crossing and profile; once a tick, or before many questions. The
 * answers are the same. */
void geo_near_prepare(GeoNear *near, size_t k);

/* So many questions for k or fewer come now: prepares if that is less work than to search each
 * time. */
void geo_near_expect(GeoNear *near, size_t k, size_t questions);
void geo_near_free(GeoNear *near);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoNear, geo_near_free)

/* The k nearest by straight line, nearest first. hits has room for k. Returns how many there are.
 * The first question after a put fills the cells, 0.4 ms for a city. */
size_t geo_near_by_air(GeoNear *near, GeoXY p, size_t k, GeoNearHit *hits);

/* The k first to arrive by road at the place, soonest first: a search against the direction of
 * travel that stops at the k-th. One-ways and offsets on both ends are kept. A unit or place off
 * the road walks the gap. */
size_t geo_near_by_road(GeoNear *near, const GeoSnap place[GEO_N_PROFILES], size_t k,
                        GeoNearHit *hits);

/* The same, of those that need at most most_s: a search that ends there. */
size_t geo_near_within(GeoNear *near, const GeoSnap place[GEO_N_PROFILES], double most_s, size_t k,
                       GeoNearHit *hits);
