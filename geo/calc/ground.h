/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The ground that is to be seen, as cells and as metres of street, and how much of it is. */
#include "geo/calc/cover.h"

typedef struct GeoGround GeoGround;

/* No ground at all, over the cells that a cover of the same box and cell has. */
GeoGround *geo_ground_new(const GeoBox *box, double cell_m);
void geo_ground_free(GeoGround *ground);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoGround, geo_ground_free)

/* A street as a line: cells within half of width_m of it become ground, its length counts in street
 * metres. street is the caller's number for it. Lines that are not finite are left out. */
void geo_ground_add_street(GeoGround *ground, const GeoXY *line, size_t n, double width_m,
                           uint32_t street);

/* A public square, rings even-odd: part_first[i] is where ring i begins in points. */
void geo_ground_add_square(GeoGround *ground, const GeoXY *points, const uint32_t *part_first,
                           size_t n_parts, size_t n_points);

/* Takes the cells of a polygon out again: a building, private land. A metre of street whose cell is
 * no ground does not count. */
void geo_ground_cut(GeoGround *ground, const GeoXY *points, const uint32_t *part_first,
                    size_t n_parts, size_t n_points);

/* The cells of ground that at least k cameras see (1 to 127), and with only just k: no streets. Of
 * one box and cell with cover. O(tiles of ground). */
GeoGround *geo_ground_seen_by(const GeoGround *ground, const GeoCover *cover, uint8_t k,
                              bool just_k);

bool geo_ground_at(const GeoGround *ground, GeoXY p);
double geo_ground_cell_m(const GeoGround *ground);

/* The tile of so many tiles east and north: 64 rows of 64 bits, the lowest in the west; NULL: none
 * is ground. */
const uint64_t *geo_ground_tile(const GeoGround *ground, int64_t tile_x, int64_t tile_y);

/* A straight bit of street of at most 25 m. */
typedef struct {
    GeoXY a, b;
    uint32_t street;
} GeoStretch;

/* All of them, in order of adding: borrowed. */
const GeoStretch *geo_ground_stretches(const GeoGround *ground, size_t *n);

/* How often a stretch is looked at: about each metre along its middle. */
long geo_ground_samples(const GeoStretch *stretch);

/* How many of these places are ground, and how many of them somebody sees. */
void geo_ground_sample(const GeoGround *ground, const GeoCover *cover, const GeoStretch *stretch,
                       uint32_t *on, uint32_t *seen);

/* Adds the cells of one tile: ground, and of it those seen by at least one, two, three. counts
 * NULL: nobody sees any. */
void geo_ground_count_tile(const uint64_t *bits, const uint8_t *counts, uint64_t cells[4]);

typedef struct {
    double street_m, street_seen_m; /* sampled about each metre along the lines' middle */
    double ground_m2, ground_seen_m2;
    double seen_k_m2[3]; /* seen by just one, just two, three and more */
} GeoCoverShare;

/* Both of one box and cell. O(tiles of ground + street metres). */
GeoCoverShare geo_ground_share(const GeoGround *ground, const GeoCover *cover);

/* Street metres by group: group[i] of stretch i, total and seen summed into arrays of n_groups.
 * A group below 0 is left out. */
void geo_ground_share_by(const GeoGround *ground, const GeoCover *cover, const int32_t *group,
                         size_t n_groups, double *street_m, double *seen_m);
