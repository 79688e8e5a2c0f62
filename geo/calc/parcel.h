/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which area holds a point, asked a hundred million times: and how far one may go from there
 * without coming to a border. */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

typedef struct GeoParcel GeoParcel;

/* Area i has rings ring0[i] .. ring0[i + 1] - 1; ring r has points ring_point0[r] .. ring_point0[r
 * + 1] - 1, closed, even-odd, as of geo/calc/inside.h. Copies nothing: the arrays must outlive it.
 * cell_m of its raster; 0: by the extent. O(metres of border / cell + cells). */
GeoParcel *geo_parcel_new(const GeoXY *points, const uint32_t *ring_point0, const uint32_t *ring0,
                          size_t n_areas, double cell_m);
void geo_parcel_free(GeoParcel *parcel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoParcel, geo_parcel_free)

/* The lowest area that holds p; -1: none. room_m: every place nearer than that has the same answer;
 * 0 on a border. O(1), and O(edges in its cell) near a border. */
int32_t geo_parcel_find(const GeoParcel *parcel, GeoXY p, double *room_m);

/* The same for who goes on from p by step again and again: the answer holds for p + s * step with
 * 0 <= s <= *steps, which is told along the way and so is more than room allows. */
int32_t geo_parcel_follow(const GeoParcel *parcel, GeoXY p, GeoXY step, double *steps);
