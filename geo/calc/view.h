/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What one camera sees on the ground: the star-shaped polygon of its field cut by walls. */
#include <stdbool.h>
#include <stddef.h>

#include "geo/calc/edges.h"
#include "geo/model/coord.h"

typedef struct {
    GeoXY at;
    double heading_deg, fov_deg; /* clockwise from north; fov 360 is all round */
    double range_m;
    double height_m; /* NAN: every wall hides for ever */
} GeoEye;

/* Anticlockwise polygon, not closed; the eye is its first point unless fov is 360. The arc of the
 * rim is cut into chords that leave at most 0.1 m of it out. A camera inside a building or on its
 * wall is not blinded by that building's own wall behind it. points is the caller's array of GeoXY,
 * appended to. Returns how many points were appended; 0 for a field or range of nothing. O(e log e)
 * in the edges within range. */
size_t geo_view_polygon(const GeoEdges *edges, const GeoEye *eye, GArray *points);

/* The slow twin: is the straight line from the eye to p within the field and free of walls? */
bool geo_view_sees(const GeoEdges *edges, const GeoEye *eye, GeoXY p);
