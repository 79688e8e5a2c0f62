/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Of every state of one profile, the k units that are there first: what makes a question for the
 * nearest a matter of reading. Private to geo/calc/near*.c. */
#include "geo/calc/arcs.h"

typedef struct {
    double time_s;
    float metres;
    uint32_t unit; /* GEO_ARCS_NONE: no further one */
} GeoNearLabel;

typedef struct GeoNearLabels GeoNearLabels;

/* For the roads as they are now: a change of them asks for new ones. */
GeoNearLabels *geo_near_labels_new(const GeoRoads *roads, GeoProfile profile);
void geo_near_labels_free(GeoNearLabels *labels);

/* Forgets what it knew; add each unit at each state that it can drive to first, then spread. O(k *
 * arcs), nearly. */
void geo_near_labels_begin(GeoNearLabels *labels, size_t k);
void geo_near_labels_add(GeoNearLabels *labels, uint32_t state, GeoNearLabel unit);
void geo_near_labels_spread(GeoNearLabels *labels);

/* k of them, soonest first, each unit once. */
const GeoNearLabel *geo_near_labels_at(const GeoNearLabels *labels, uint32_t state);
