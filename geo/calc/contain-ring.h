/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The crossings that somebody can have reached, with the times at which he and the units are there,
 * and the least cut through them. Only contain.c asks for it. */
#include "geo/calc/contain.h"
#include "geo/calc/heap.h"
#include "geo/calc/road-graph.h"

typedef struct {
    double time_s;
    uint32_t seen; /* 2 * search, + 1 when settled */
} GeoContainLabel;

struct GeoContain {
    const GeoRoads *roads;
    GeoContainLabel *he;   /* of each node */
    GeoContainLabel *unit; /* of each node, three times */
    uint32_t search;
    double fastest_mps[GEO_N_PROFILES];
    uint32_t *at; /* of each node: 1 + its number within the ring */
    GeoHeap heap;
};

/* A crossing within the ring, or the first beyond it. */
typedef struct {
    uint32_t node;
    double he_s, unit_s; /* both from when he was at the place */
    double free_s;       /* as unit_s, of the units that no kept post has */
    bool beyond;
    bool refused; /* a post here got no unit of its own */
    bool kept;    /* it has one already */
} GeoCrossing;

typedef struct {
    uint32_t to;
    int room;
} GeoContainPipe;

typedef struct {
    GeoContain *contain;
    const GeoContainAsk *ask;
    const GeoContainUnits *units;
    GArray *crossings; /* GeoCrossing */
    /* the flow: 2 * crossing is its way in, + 1 its way out; then source and drain */
    uint32_t n, source, drain;
    uint32_t *pipe0, *came; /* came: pipe that a place was reached by */
    GeoContainPipe *pipes;  /* pipe i and its back are each other's pair[] */
    uint32_t *pair;
    uint32_t *queue;
    uint8_t *taken; /* of each unit: a kept post has it */
    GeoBox box;     /* of the crossings */
} GeoRing;

/* Of the ring, whose crossings are still none: all that he can have reached by the horizon, and the
 * first beyond it; each has its number in contain->at. false: cancelled. */
bool geo_ring_find(GeoRing *ring, GeoProgress *progress, GError **error);

/* free_s of all crossings: the soonest of the units that are not taken. false: cancelled. */
bool geo_ring_race(GeoRing *ring, GeoProgress *progress, GError **error);

bool geo_ring_he_may(const GeoRing *ring, const GeoRoadEdge *edge, bool backwards);

/* The fewest crossings (numbers, uint32_t) that leave the fewest ways open, by the crossings that a
 * free unit holds in time; kept ones cost nothing. */
void geo_ring_cut(GeoRing *ring, GArray *posts, GArray *open);

/* Where he comes with these posts (GeoContainPost) and no others, asked of the roads and not of the
 * cut, which has been there before: of each crossing 1, or 2 where a post is. */
void geo_ring_walk(GeoRing *ring, const GArray *posts, uint8_t *seen);
