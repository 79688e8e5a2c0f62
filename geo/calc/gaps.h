/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Pieces of ground that nobody sees, the ones that matter most first. */
#include "geo/calc/ground.h"
#include "geo/model/progress.h"

typedef struct {
    double area_m2;
    double weight; /* sum of weight x square metres over its cells */
    GeoXY at;      /* middle of its cell of most weight, the first from south-west */
    GeoBox box;
} GeoGap;

typedef struct GeoGaps GeoGaps;

/* At least 0; asked once for each patch of 8 x 8 cells, at its middle. */
typedef double (*GeoWeightFunc)(GeoXY p, void *user);

/* Connected pieces (4 neighbours) of ground that nobody sees, cut at blocks of block_m (rounded to
 * whole tiles of GEO_TILE_CELLS) so that a city's street net is not one gap; smaller than min_m2
 * left out; by weight, then area, then south-west first. weight NULL: 1. Both are of one box and
 * cell, and borrowed until the gaps are freed: after a change ask geo_gaps_refresh() before all
 * else. O(tiles of ground). Fails only by cancel. */
GeoGaps *geo_gaps_find(const GeoGround *ground, const GeoCover *cover, double block_m,
                       double min_m2, GeoWeightFunc weight, void *user, GeoProgress *progress,
                       GError **error);

/* The cover has changed within box, and nowhere else: the gaps are what geo_gaps_find() would say
 * now with the same weights. O(tiles of the blocks that meet the box + gaps). */
void geo_gaps_refresh(GeoGaps *gaps, const GeoBox *box, GeoWeightFunc weight, void *user);
void geo_gaps_free(GeoGaps *gaps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoGaps, geo_gaps_free)

const GeoGap *geo_gaps_all(const GeoGaps *gaps, size_t *n);

/* Square metres of each gap that another cover of the same box and cell sees: of an unsure gap,
 * what cameras within their doubt would. m2 has room for all gaps, owned by the caller. O(tiles of
 * the blocks that have gaps). */
void geo_gaps_overlap(const GeoGaps *gaps, const GeoCover *other, double *m2);

/* The outline of gap i along cell borders: closed rings, anticlockwise outside and clockwise holes;
 * GeoXY appended to points, the uint32_t index of each ring's first point to part_first. */
void geo_gaps_outline(const GeoGaps *gaps, size_t i, GArray *points, GArray *part_first);
