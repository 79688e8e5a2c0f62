/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Polygons and what is made of two of them, by GEOS: the one place of calc that knows it. Between
 * geo/calc/exact.c and those who draw its pieces. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

/* One or more polygons, in metres from the shaper's origin; NULL is the empty one everywhere here.
 * Shapes are the caller's, to be freed by a shaper. */
typedef struct GEOSGeom_t GeoRegion;

/* Belongs to one thread; shapes may go from one shaper to another of the same origin. */
typedef struct GeoShaper GeoShaper;

/* Coordinates are snapped to whole centimetres from origin. */
GeoShaper *geo_shaper_new(GeoXY origin);
void geo_shaper_free(GeoShaper *shaper);

/* False, with GEO_ERROR_DATA and what GEOS said, when anything failed since the last time it was
 * asked; what failed was empty. */
bool geo_shaper_sound(GeoShaper *shaper, GError **error);

/* Rings even-odd, closed or not, part_first[i] is where ring i begins (NULL: one ring). A ring that
 * crosses or touches itself is read even-odd too; one of less than three places, not finite or
 * farther than 10,000 km is left out. */
GeoRegion *geo_region_of_rings(GeoShaper *shaper, const GeoXY *points, size_t n_points,
                               const uint32_t *part_first, size_t n_parts);

/* All within half of width_m of a line; round parts are drawn with 64 corners a circle. */
GeoRegion *geo_region_of_line(GeoShaper *shaper, const GeoXY *line, size_t n, double width_m);

/* In metres from the origin, as the box of a shape is. */
GeoRegion *geo_region_of_box(GeoShaper *shaper, const GeoBox *box);
bool geo_region_box(GeoShaper *shaper, const GeoRegion *shape, GeoBox *box);

GeoRegion *geo_region_copy(GeoShaper *shaper, const GeoRegion *shape);
void geo_region_free(GeoShaper *shaper, GeoRegion *shape);
double geo_region_area_m2(GeoShaper *shaper, const GeoRegion *shape);

GeoRegion *geo_region_and(GeoShaper *shaper, const GeoRegion *a, const GeoRegion *b);
GeoRegion *geo_region_minus(GeoShaper *shaper, const GeoRegion *a, const GeoRegion *b);

/* Takes both. */
GeoRegion *geo_region_or(GeoShaper *shaper, GeoRegion *a, GeoRegion *b);

/* Takes the array's shapes, none of them NULL; not the array. */
GeoRegion *geo_region_union(GeoShaper *shaper, GPtrArray *shapes);

/* Adds copies of the single polygons that a shape consists of. */
void geo_region_split(GeoShaper *shaper, const GeoRegion *shape, GPtrArray *polygons);

/* Polygons in flat arrays: outer ring anticlockwise, then its holes clockwise, all closed. */
typedef struct {
    GArray *points;        /* GeoXY */
    GArray *ring_first;    /* uint32_t: first point of each ring; after the last, the end */
    GArray *polygon_first; /* uint32_t: first ring of each polygon; after the last, the end */
    GArray *area_m2;       /* double, of each polygon */
} GeoRegionRings;

GeoRegionRings *geo_region_rings_new(void);
void geo_region_rings_free(GeoRegionRings *rings);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRegionRings, geo_region_rings_free)

/* Adds a single polygon of at least min_m2, without corners that lie in a straight line; a sliver
 * that has no others is left out. */
void geo_region_rings_add(GeoRegionRings *rings, GeoShaper *shaper, const GeoRegion *polygon,
                          double min_m2);

/* Writes the ends, after the last polygon. */
void geo_region_rings_end(GeoRegionRings *rings);
