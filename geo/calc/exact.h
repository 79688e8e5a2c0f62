/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Exact areas of many overlapping polygons, kept in tiles: what official figures and outlines are
 * taken from, where geo/calc/cover.h answers while a pointer moves. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/calc/region.h"
#include "geo/model/coord.h"
#include "geo/model/progress.h"

#define GEO_EXACT_TILE_M 200.0
#define GEO_EXACT_LEVELS 3 /* seen by at least one, two, three */

/* Belongs to one thread. Functions that may fail say GEO_ERROR_DATA where the geometry library
 * gives up, and GEO_ERROR_CANCELLED. */
typedef struct GeoExact GeoExact;

/* Empty; tiles of tile_m metres count from origin on in all directions. Coordinates are snapped to
 * whole centimetres from there. */
GeoExact *geo_exact_new(GeoXY origin, double tile_m);
void geo_exact_free(GeoExact *exact);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoExact, geo_exact_free)

/* The polygon called id, in place of an earlier one: rings even-odd, closed or not, part_first[i]
 * is where ring i begins (NULL: one ring). A ring that crosses or touches itself is read even-odd
 * too; one of less than three places, or not finite, is left out. Only its tiles become dirty. */
bool geo_exact_put(GeoExact *exact, int64_t id, const GeoXY *points, size_t n_points,
                   const uint32_t *part_first, size_t n_parts, GError **error);

/* The same for all within half of width_m of a line; round parts are drawn with 64 corners a
 * circle. */
bool geo_exact_put_line(GeoExact *exact, int64_t id, const GeoXY *line, size_t n, double width_m,
                        GError **error);

/* Of an unknown id does nothing. */
void geo_exact_remove(GeoExact *exact, int64_t id);

/* Tiles that hold anything, and those of them whose levels are not up to date. O(tiles). */
size_t geo_exact_tiles(const GeoExact *exact, size_t *dirty);

/* Brings the levels 1 .. k up to date; all questions below do it themselves where needed. O(dirty
 * tiles); some 0.3 ms a tile of 200 m with ten fields. */
bool geo_exact_refresh(GeoExact *exact, unsigned k, GeoProgress *progress, GError **error);

/* Square metres in at least k of the polygons. */
bool geo_exact_area(GeoExact *exact, unsigned k, double *area_m2, GeoProgress *progress,
                    GError **error);

/* The same within the union of mask, which has the same origin and tiles. O(tiles of mask). */
bool geo_exact_area_within(GeoExact *exact, unsigned k, GeoExact *mask, double *area_m2,
                           GeoProgress *progress, GError **error);

typedef enum { GEO_EXACT_AND, GEO_EXACT_MINUS } GeoExactJoin;

/* What is in at least k polygons of one, and in the union of another of the same origin and tiles,
 * or not in it: a new one. */
GeoExact *geo_exact_join(GeoExact *exact, unsigned k, GeoExactJoin how, GeoExact *other,
                         GeoProgress *progress, GError **error);

/* Where at least k polygons are: one polygon a connected piece (pieces that touch in a corner are
 * two), smaller than min_m2 left out, corners in a straight line too. merged joins pieces over the
 * borders of tiles, else they are cut there. From south-west to north-east by tile. */
GeoRegionRings *geo_exact_rings(GeoExact *exact, unsigned k, bool merged, double min_m2,
                                GeoProgress *progress, GError **error);
