/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What one camera alone sees: the ground that would be lost with it. */
#include "geo/calc/gaps.h"

typedef struct GeoSole GeoSole;

/* Ground and cover are of one box and cell, and borrowed until it is freed; the cover counts every
 * field that will be asked about, once each. O(street metres). */
GeoSole *geo_sole_new(const GeoGround *ground, const GeoCover *cover);
void geo_sole_free(GeoSole *sole);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSole, geo_sole_free)

/* Metres of street and square metres of ground that the field with these rings sees and no other
 * does: what geo_ground_share() would lose without it. Rings as geo_scan_polygon() takes them.
 * O(cells of the field / 64 + street metres in it). */
void geo_sole_measure(GeoSole *sole, const GeoXY *points, const uint32_t *part_first,
                      size_t n_parts, size_t n_points, double *street_m, double *ground_m2);

/* The same ground as connected pieces (4 neighbours), those smaller than min_m2 left out: GeoGap
 * appended, unranked. weight as geo_gaps_find() asks it. */
void geo_sole_pieces(GeoSole *sole, const GeoXY *points, const uint32_t *part_first, size_t n_parts,
                     size_t n_points, double min_m2, GeoWeightFunc weight, void *user,
                     GArray *pieces);
