/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who may be heard: the city's units by the names that devices use for them, and when they are on
 * duty. Read once and never changed, so that a feed's sockets and its writer may share one. */
#include "geo/model/coord.h"
#include "geo/model/dutyclock.h"
#include "geo/model/fix.h"
#include "geo/store/store.h"

typedef struct GeoMuster GeoMuster;

/* As of now_ms: duty from two days before it to a day after, last positions of the last two hours.
 * O(units log units + rosters). */
GeoMuster *geo_muster_load(GeoStore *store, int64_t now_ms, GError **error);
GeoMuster *geo_muster_ref(GeoMuster *muster); /* from any thread, as unref */
void geo_muster_unref(GeoMuster *muster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoMuster, geo_muster_unref)

/* Units, rosters, duty or devices have changed in the store since it was loaded, or half of its
 * time is over. Cheap when nothing has. */
bool geo_muster_is_stale(GeoMuster *muster, GeoStore *store, int64_t now_ms, bool *stale,
                         GError **error);

size_t geo_muster_n(const GeoMuster *muster);
/* The number of the unit that a device is: by what is bound to it, else by code, radio number or
 * the phone of geo_jt808_phone_of(); -1 for nobody's, and for a name that is two units'. Leading
 * zeros of a number do not count, as in JT/T 808. */
int64_t geo_muster_find(const GeoMuster *muster, const char *key);
int64_t geo_muster_number(const GeoMuster *muster, int64_t unit_id); /* -1: no unit */
int64_t geo_muster_id(const GeoMuster *muster, uint32_t unit);
const char *geo_muster_code(const GeoMuster *muster, uint32_t unit); /* may be NULL */
const char *geo_muster_area(const GeoMuster *muster, uint32_t unit); /* code; may be NULL */
const GeoDutyClock *geo_muster_duty(const GeoMuster *muster);

/* The last known position; at_ms 0: none. */
GeoFix geo_muster_last(const GeoMuster *muster, uint32_t unit);

/* Of the city with a margin of 10 km; empty when nothing in it has a place. */
GeoBounds geo_muster_bounds(const GeoMuster *muster);
