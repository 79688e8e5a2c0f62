/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How many cameras see each square metre: a sparse raster of counts, and what it says about ground
 * that matters. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "geo/model/coord.h"
#include "geo/model/progress.h"

typedef struct GeoCover GeoCover;

/* An empty raster of cells of cell_m metres over box; tiles are made when first touched. */
GeoCover *geo_cover_new(const GeoBox *box, double cell_m);
void geo_cover_free(GeoCover *cover);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCover, geo_cover_free)

double geo_cover_cell_m(const GeoCover *cover);

/* Adds or takes away one view polygon, even-odd at cell centres; counts saturate at 255 and a
 * saturated cell is never taken from. O(cells of the polygon). */
void geo_cover_add(GeoCover *cover, const GeoXY *polygon, size_t n);
void geo_cover_remove(GeoCover *cover, const GeoXY *polygon, size_t n);

uint8_t geo_cover_at(const GeoCover *cover, GeoXY p);

/* The counts of row y (cells) from column x on, n of them; for painters. 0 outside. */
void geo_cover_row(const GeoCover *cover, int64_t x, int64_t y, size_t n, uint8_t *counts);
void geo_cover_size(const GeoCover *cover, int64_t *columns, int64_t *rows, GeoXY *origin);

/* Square metres seen by at least k cameras. */
double geo_cover_area_m2(const GeoCover *cover, uint8_t k);

/* The ground that is to be seen: public streets and squares, by default. Same cells as a cover of
 * the same box. */
typedef struct GeoGround GeoGround;

GeoGround *geo_ground_new(const GeoBox *box, double cell_m);
void geo_ground_free(GeoGround *ground);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoGround, geo_ground_free)

/* A street as a line of width_m. Its length counts in street metres, its cells as public ground. */
void geo_ground_add_street(GeoGround *ground, const GeoXY *line, size_t n, double width_m);
/* A public square, rings even-odd: part_first[i] is where ring i begins in points. */
void geo_ground_add_square(GeoGround *ground, const GeoXY *points, const uint32_t *part_first,
                           size_t n_parts, size_t n_points);
bool geo_ground_at(const GeoGround *ground, GeoXY p);

typedef struct {
    double street_m, street_seen_m; /* sampled every metre along the lines' middle */
    double ground_m2, ground_seen_m2;
    double seen_k_m2[3]; /* seen by just one, just two, three and more */
} GeoCoverShare;

GeoCoverShare geo_cover_share(const GeoCover *cover, const GeoGround *ground);

/* Street metres by group: group[i] of street i (in order of adding), total and seen summed into
 * arrays of n_groups. group < 0 is left out. */
void geo_cover_share_by(const GeoCover *cover, const GeoGround *ground, const int32_t *group,
                        size_t n_groups, double *street_m, double *seen_m);

typedef struct {
    double area_m2;
    double weight; /* sum of weight over its cells, m2 x weight */
    GeoXY at;      /* its cell of most weight */
    GeoBox box;
    uint32_t label; /* for geo_gaps_outline() */
} GeoGap;

typedef struct GeoGaps GeoGaps;

/* Weight of one cell's middle, at least 0. */
typedef double (*GeoWeightFunc)(GeoXY p, void *user);

/* Connected pieces (4 neighbours) of ground that nobody sees, cut at blocks of block_m so that a
 * city's street net is not one gap; smaller than min_m2 left out; by weight, then area, heaviest
 * first. weight NULL: 1. */
GeoGaps *geo_gaps_find(const GeoCover *cover, const GeoGround *ground, double block_m,
                       double min_m2, GeoWeightFunc weight, void *user, GeoProgress *progress,
                       GError **error);
void geo_gaps_free(GeoGaps *gaps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoGaps, geo_gaps_free)
const GeoGap *geo_gaps_all(const GeoGaps *gaps, size_t *n);

/* The outline of gap i as closed rings along cell borders: points appended, first index of each
 * ring too. */
void geo_gaps_outline(const GeoGaps *gaps, size_t i, GArray *points, GArray *part_first);
