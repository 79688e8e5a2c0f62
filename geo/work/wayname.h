/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The name of the nearest street, for people. */
#include "geo/calc/ground.h"
#include "geo/model/batch.h"

typedef struct GeoWayname GeoWayname;

/* Stretches of streets whose roads have a name, in cells; both are borrowed. O(stretches). */
GeoWayname *geo_wayname_new(const GeoGround *ground, const GeoBatch *roads);
void geo_wayname_free(GeoWayname *wayname);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoWayname, geo_wayname_free)

/* Of the nearest within 100 m of p; NULL when there is none. Borrowed from the roads. */
const char *geo_wayname_find(const GeoWayname *wayname, GeoXY p);
