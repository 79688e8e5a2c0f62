/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A street plan as a planar map: lines drawn by hand are cut where they cross, the faces between
 * them are divided again and again by new streets until they are blocks. Every vertex is shared by
 * number, so ways meet exactly and blocks tile the plane without gap or overlap. Metres
 * throughout; pure and deterministic. */
#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

#include "geo/calc/dice.h"
#include "geo/model/coord.h"

typedef struct {
    int class;       /* GeoRoadClass; -1: a border only (rail, frame) that nobody walks on */
    double clear_m;  /* from its middle to what may be built beside it */
    uint32_t street; /* number of the caller's line, or of the street that a division made */
    bool made;       /* by a division */
} GeoPlanLine;

typedef struct {
    uint32_t a, b;  /* vertices */
    uint32_t line;  /* in lines */
    int64_t middle; /* vertex that split it; -1: whole */
} GeoPlanEdge;

typedef struct {
    uint32_t ring0, n_ring; /* first of its vertices in rings, anticlockwise, not closed */
    int zone;               /* of the caller */
    double area_m2;
    GeoXY inside; /* a point inside */
} GeoPlanBlock;

typedef struct {
    GArray *points; /* GeoXY */
    GArray *lines;  /* GeoPlanLine */
    GArray *edges;  /* GeoPlanEdge */
    GArray *blocks; /* GeoPlanBlock */
    GArray *rings;  /* uint32_t */
    GArray *walks;  /* uint32_t: each line's vertices, ended by GEO_PLAN_END, line number before */
    GHashTable *by_ends; /* (a, b) -> edge number + 1 */
    GHashTable *near;    /* snapping grid -> vertex number + 1 */
} GeoPlan;

#define GEO_PLAN_END UINT32_MAX

GeoPlan *geo_plan_new(void);
void geo_plan_free(GeoPlan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPlan, geo_plan_free)

/* A line of the caller; points nearer than 5 m become one vertex. */
void geo_plan_add_line(GeoPlan *plan, const GeoPlanLine *line, const GeoXY *points, size_t n);

/* Cuts lines at their crossings, ties islands to what lies east and west of them by ways of class
 * link_class, drops loose ends, and makes the faces the first blocks. O(s * c) for s segments with
 * c neighbours. */
void geo_plan_close(GeoPlan *plan, int link_class, double link_clear_m);

/* How a block of some place is divided. */
typedef struct {
    double target_m2; /* area at which division stops; 0: stays whole */
    double bend;      /* streets bend by this share of their length at most */
    double skew;      /* 0: halves, 0.3: uneven */
    int zone;
    int class[3]; /* of a dividing street in blocks above area_m2[0], above [1], below; -1: only a
                     border */
    double area_m2[2];
} GeoPlanRule;

/* Asked for each face before it is divided, and for each part again: false stops. */
typedef bool (*GeoPlanRuleFunc)(const GeoPlan *plan, const GeoXY *ring, size_t n, double area_m2,
                                GeoXY inside, GeoPlanRule *rule, void *user);

/* Divides all blocks. Street numbers of new lines count from first_street. */
void geo_plan_divide(GeoPlan *plan, GeoPlanRuleFunc rule, void *user, uint64_t seed,
                     uint32_t first_street);

/* A block's whole ring, with the vertices that later streets put on its sides: appended to ring. */
void geo_plan_ring(const GeoPlan *plan, const GeoPlanBlock *block, GArray *ring);

/* A walk with such vertices. */
void geo_plan_expand(const GeoPlan *plan, const uint32_t *walk, size_t n, bool closed,
                     GArray *whole);

/* A way of its own from a new vertex on the edge a-b to a dead end inside a block; the new vertex.
 */
uint32_t geo_plan_add_lane(GeoPlan *plan, uint32_t a, uint32_t b, GeoXY gate, GeoXY end, int class,
                           uint32_t street);

/* The edge between two neighbours of a ring, or NULL. */
const GeoPlanEdge *geo_plan_edge(const GeoPlan *plan, uint32_t a, uint32_t b);
double geo_plan_clear_m(int class);

static inline GeoXY geo_plan_point(const GeoPlan *plan, uint32_t vertex)
{
    return g_array_index(plan->points, GeoXY, vertex);
}

/* Plain geometry of rings that plan, plot and their callers share. */
double geo_ring_area_m2(const GeoXY *ring, size_t n); /* anticlockwise is positive */
bool geo_ring_holds(const GeoXY *ring, size_t n, GeoXY p);
GeoXY geo_ring_middle(const GeoXY *ring, size_t n); /* a point well inside */
double geo_ring_segment_m(GeoXY p, GeoXY a, GeoXY b, GeoXY *foot);
