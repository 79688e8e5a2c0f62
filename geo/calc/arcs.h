/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The graph that searches run on, one for each profile: what may be driven in which direction, as
 * it is now. Where turns are ruled, a crossing has one state for each way out of it, and who comes
 * in reaches only those states that he may turn to: so a search knows nothing of turns. Inside
 * calc; others use road.h and near.h. */
#include "geo/calc/road.h"

#define GEO_ARCS_NONE UINT32_MAX

/* A direction of an edge: 2 * edge along it, + 1 against it. */
typedef uint32_t GeoArcId;

/* 16 bytes. Of the arcs into a state: where it comes from. */
typedef struct {
    double time_s;
    uint32_t state; /* that it comes from, or, of the arcs out of a state, leads to */
    GeoArcId arc;
} GeoArc;

typedef struct {
    uint32_t n;        /* states: the nodes, then those of ruled crossings */
    uint32_t *into0;   /* n + 1 */
    GeoArc *into;      /* arcs into each state */
    float *into_m;     /* their lengths: apart, as only the nearest search asks */
    uint32_t *tail;    /* of each direction: the state that it leaves from; NONE: not to be used */
    uint32_t *second;  /* of each ban over a way between: where that begins; NONE */
    uint32_t *split;   /* of each node: NONE, or the first state of its crossing */
    uint32_t *n_split; /* of each extra state's crossing from its first on, at [state - nodes] */
    uint32_t *node;    /* of each extra state, at [state - nodes] */
    GeoArcId *out;     /* the way that an extra state leaves by, at [state - nodes] */
} GeoArcs;

/* What may not be driven: from a direction into another, after a third where via is one. */
typedef struct {
    GeoArcId from, via, to; /* via NONE: they meet */
    uint8_t profiles;       /* whom it binds now */
    uint8_t all;            /* and in its hours */
    uint32_t timed;         /* its hours, in ban_hours; NONE: always */
} GeoRoadBan;

/* Nobody of these passes the node, but back where he came from. */
typedef struct {
    uint32_t node;
    uint8_t shut; /* bits of those, now */
} GeoRoadGate;

GeoArcs *geo_arcs_new(const GeoRoads *roads, GeoProfile profile);
void geo_arcs_free(GeoArcs *arcs);

/* Calls with each state; the same one may come twice. */
typedef void (*GeoArcsVisit)(uint32_t state, void *user);

/* States that leave by a direction; none when it is not to be used. */
void geo_arcs_tails(const GeoRoads *roads, GeoProfile profile, GeoArcId arc, GeoArcsVisit visit,
                    void *user);

/* States that a direction leads to. */
void geo_arcs_heads(const GeoRoads *roads, GeoProfile profile, GeoArcId arc, GeoArcsVisit visit,
                    void *user);

/* All states of a node. */
void geo_arcs_at(const GeoRoads *roads, GeoProfile profile, uint32_t node, GeoArcsVisit visit,
                 void *user);

/* The same arcs, out of each state: n + 1 places and the arcs, both the caller's. */
void geo_arcs_forward(const GeoArcs *arcs, uint32_t **out0, GeoArc **out);
