/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The ground that buildings lower than a camera hide from it: a finite strip behind each. */
#include "geo/calc/view.h"

/* Takes the footprints and shades of the named buildings out of the one ring that lies in points
 * from begin on: it is replaced by the rings that remain, whose first points are appended to
 * part_first; outer ones anticlockwise, holes clockwise, not closed. A building of height b hides
 * from a camera of height c what is of height t at distance d behind a point of it at distance e
 * for d < e (c - t) / (c - b). O(n log n) in the corners, by GEOS. */
void geo_shade_cut(const GeoEdges *edges, const GeoEye *eye, const uint32_t *buildings, size_t n,
                   GArray *points, GArray *part_first, guint begin);
