/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What one camera sees on the ground: its field, cut by walls. */
#include <stdbool.h>
#include <stddef.h>

#include "geo/calc/edges.h"
#include "geo/model/coord.h"

typedef struct {
    GeoXY at;
    double heading_deg, fov_deg; /* clockwise from north; fov 360 is all round */
    double range_m;              /* at most GEO_VIEW_MAX_RANGE_M is seen */
    double height_m;             /* NAN: every wall hides for ever */
    double near_m;   /* ground nearer than this lies under the picture; 0: none. Measured along the
                        heading, so that the border is a straight line across it. Not asked in
                        fields of GEO_VIEW_ARC_DEG and more */
    double depth_m;  /* along the heading, farther than this is told too coarsely; 0 or INFINITY:
                        none. Not asked in fields of GEO_VIEW_ARC_DEG and more */
    double target_m; /* height over the ground of what is to be seen; 0: the ground itself */
} GeoEye;

#define GEO_VIEW_MAX_RANGE_M 10000.0

/* Fields as wide as this have no straight borders. */
#define GEO_VIEW_ARC_DEG 150.0

/* How far straight ahead the eye reaches at the most. */
static inline double geo_view_ahead_m(const GeoEye *eye)
{
    return eye->depth_m > 0 && eye->depth_m < eye->range_m ? eye->depth_m : eye->range_m;
}

/* An eye nearer than this to a wall stands this far in front of it. */
#define GEO_VIEW_WALL_M 0.03

/* Anticlockwise polygon, not closed; the eye is its first point unless fov is 360. The arc of the
 * rim is cut into chords that leave at most 0.1 m of it out. Walls hide what is behind them for
 * ever. A camera on a wall stands in front of it, and sees no inside of its own building. To a
 * camera inside a building, or in the crack between two, that building is of glass. points is the
 * caller's array of GeoXY, appended to. Returns how many points were appended; 0 for a field or
 * range of nothing and for numbers that are not finite. Heights, near_m and target_m are not asked.
 * O(e log e) in the edges within range. */
size_t geo_view_polygon(const GeoEdges *edges, const GeoEye *eye, GArray *points);

/* The whole field as rings: even-odd, outer ones anticlockwise, holes clockwise, not closed, none
 * crossing another. As geo_view_polygon(), but for heights: near_m is cut away in fields below
 * GEO_VIEW_ARC_DEG, and of a camera whose height is known buildings lower than it hide a strip
 * (geo/calc/shade.h), the others all behind them. The index of each ring's first point is appended
 * to part_first, an array of uint32_t; returns how many points were appended. Where strips are cut
 * out, places are snapped to whole centimetres from the eye, and it takes some 20 us more for
 * each lower building in sight. */
size_t geo_view_rings(const GeoEdges *edges, const GeoEye *eye, GArray *points, GArray *part_first);
