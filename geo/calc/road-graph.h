/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The inside of the routing graph, for the files of calc that search it. Others use road.h. */
#include "geo/calc/arcs.h"
#include "geo/calc/road.h"

/* What a cell of the grid knows of a segment: enough to pass it over without looking elsewhere. */
typedef struct {
    float ax, ay, bx, by; /* metres from the grid's corner */
    uint32_t segment;
    uint8_t may; /* bits of profiles, as built; the edge itself has the last word */
} GeoRoadCellItem;

/* 64 bytes and in one place: an edge costs one cache line. */
typedef struct {
    double length_m;
    double pace_spm[GEO_N_PROFILES]; /* seconds per metre; 0: the profile may not use it */
    uint32_t from, to, way;
    uint32_t point0; /* in points; the points end where those of the next edge begin */
    uint8_t may[2];  /* bits of profiles: [0] from -> to, [1] to -> from */
    uint8_t main;    /* bits of profiles in whose main part it lies */
    uint8_t open[2]; /* may without what is closed */
    uint8_t class;   /* GeoRoadClass */
} GeoRoadEdge;

struct GeoRoads {
    uint32_t n_nodes, n_edges;
    GeoXY *nodes;
    GeoRoadEdge *edges; /* n_edges and a sentinel; by their first node */
    GeoXY *points;      /* of all edges, in order */
    uint32_t *star0;    /* n_nodes + 1: where a node's edges begin in star */
    uint32_t *star;     /* edge numbers */
    uint32_t *component;
    GeoRoadFacts facts;

    /* what may not be driven */
    uint32_t n_bans, n_gates, n_ruled;
    GeoRoadBan *bans;
    uint32_t *next_ban, *ban0; /* by the node that their first way leads to; NULL: none at all */
    GeoHours *ban_hours;       /* of bans with hours */
    GeoRoadGate *gates;
    GeoBarrier *posts;   /* what stands there, n_posts; two may make one gate */
    uint32_t *post_gate; /* of each its gate */
    uint32_t n_posts;
    uint32_t *gate0; /* of each node; NULL: none at all */
    uint32_t *ruled; /* nodes with rules; one may be there twice */

    int minute;       /* of the week from Monday; -1: nobody asked, roads are free */
    double *base_spm; /* of cars without the hour, of each edge; NULL until an hour was set */
    GeoArcs *arcs[GEO_N_PROFILES];
    uint32_t stamp; /* one more with each change of the arcs */

    /* grid of segments; a segment is numbered by its first point */
    GeoBox box;
    double cell_m;
    uint32_t columns, rows;
    uint32_t *cell0;        /* columns * rows + 1 */
    GeoRoadCellItem *items; /* by cell */
    uint32_t *owner;        /* edge of each point */
};

/* Builds the grid of segments; road-snap.c. */
void geo_roads_index(GeoRoads *roads);

/* Marks components and, per profile, the main part: the largest set of states from each of which
 * one can reach all others. After the first arcs are made; road-parts.c. */
void geo_roads_mark_parts(GeoRoads *roads);

/* Makes the arcs anew after a change of rights, hours or rules; road-rules.c. */
void geo_roads_renew_arcs(GeoRoads *roads);

/* Resolves rules: of each its node, NONE where it lies on none; road-rules.c. */
void geo_roads_set_rules(GeoRoads *roads, const GeoTurnRule *turns, const uint32_t *turn_node,
                         size_t n_turns, const GeoBarrier *barriers, const uint32_t *barrier_node,
                         size_t n_barriers);

static inline double geo_road_cost_s(const GeoRoadEdge *edge, GeoProfile profile)
{
    return edge->length_m * edge->pace_spm[profile];
}

static inline bool geo_road_may(const GeoRoadEdge *edge, GeoProfile profile, bool backwards)
{
    return edge->may[backwards] >> profile & 1;
}

/* What lies off the road is walked, whatever comes. */
#define GEO_ROAD_WALK_MPS 1.25
