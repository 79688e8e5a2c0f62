/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which areas hold a point: polygons of one set in a grid, even-odd. */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

typedef struct GeoInside GeoInside;

/* Area i has rings ring0[i] .. ring0[i + 1] - 1; ring r has points ring_point0[r] .. ring_point0[r
 * + 1] - 1, closed. Copies nothing: the arrays must outlive it. */
GeoInside *geo_inside_new(const GeoXY *points, const uint32_t *ring_point0, const uint32_t *ring0,
                          size_t n_areas);
void geo_inside_free(GeoInside *inside);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoInside, geo_inside_free)

/* The areas that hold p, at most max, lowest index first; returns how many hold it in all. */
size_t geo_inside_find(const GeoInside *inside, GeoXY p, uint32_t *areas, size_t max);
