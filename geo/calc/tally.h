/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How much of the ground a cover sees, kept up to date where the cover changes: what a planner's
 * pointer asks for at each step. */
#include "geo/calc/ground.h"

typedef struct GeoTally GeoTally;

/* Counts all; ground and cover are of one box and cell, borrowed until the tally is freed. O(tiles
 * of ground + street metres). */
GeoTally *geo_tally_new(const GeoGround *ground, const GeoCover *cover);
void geo_tally_free(GeoTally *tally);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoTally, geo_tally_free)

/* The cover has changed within box, and nowhere else. O(tiles and stretches that meet the box). */
void geo_tally_refresh(GeoTally *tally, const GeoBox *box);

/* As geo_ground_share() would say now. O(1). */
GeoCoverShare geo_tally_share(const GeoTally *tally);

/* Street metres by group as geo_ground_share_by(): groups are given once. group[i] of stretch i,
 * below 0: none; the caller keeps no hold of it. */
void geo_tally_set_groups(GeoTally *tally, const int32_t *group, size_t n_groups);
void geo_tally_group(const GeoTally *tally, size_t i, double *street_m, double *seen_m);
