/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One mover on the road graph: seeded random walk at the speed of its profile, with pauses. */
#include "geo/calc/road.h"

typedef struct {
    int64_t edge; /* -1: cannot move */
    double offset_m;
    bool backwards; /* moves from the edge's second node to its first */
    bool standing;  /* stays where it is for ever */
    double pause_s; /* still to stand */
    double pace;    /* 0.8 .. 1.15 of the profile's speed */
    GeoProfile profile;
    uint64_t random; /* state of its own generator: movers do not disturb each other */
} GeoWalk;

/* The next of a generator (splitmix64), and a number 0 <= x < 1 from it. */
uint64_t geo_walk_next(uint64_t *random);
double geo_walk_share(uint64_t *random);

/* Puts a mover on a snapped place; it begins with a direction it may take. */
GeoWalk geo_walk_new(const GeoRoads *roads, const GeoSnap *place, GeoProfile profile,
                     uint64_t seed);

/* Lets duration_s pass. O(edges passed). */
void geo_walk_step(GeoWalk *walk, const GeoRoads *roads, double duration_s);

/* Where it is and where it heads, clockwise from the frame's north; speed 0 while it pauses. */
GeoXY geo_walk_place(const GeoWalk *walk, const GeoRoads *roads, double *heading_deg,
                     double *speed_mps);
