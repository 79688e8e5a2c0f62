/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The routing graph: ways split where they share a vertex, one-ways, three speeds, components. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"
#include "geo/model/hours.h"
#include "geo/model/kind.h"

typedef enum { GEO_PROFILE_FOOT, GEO_PROFILE_EBIKE, GEO_PROFILE_CAR, GEO_N_PROFILES } GeoProfile;

typedef struct {
    uint32_t point0, n_points;  /* its vertices in the points given */
    int class;                  /* GeoRoadClass */
    int oneway;                 /* 1, -1, 0; feet ignore it */
    double speed_kmh;           /* NAN: by class */
    int access[GEO_N_PROFILES]; /* 0 no, 1 yes, 2 by class */
} GeoWay;

typedef struct GeoRoads GeoRoads;

typedef enum {
    GEO_TURN_NO,  /* from the one way not into the other */
    GEO_TURN_ONLY /* from the one way nowhere else */
} GeoTurnWhat;

typedef struct {
    uint32_t from_way, to_way; /* in the ways given; the same: turning back */
    GeoLonLat via;             /* a vertex of from_way, and of to_way or via_way, to the bit */
    uint32_t via_way;          /* UINT32_MAX: none, else one way between them, without a crossing
                                  of its own */
    int what;                  /* GeoTurnWhat; over a way between ONLY speaks of its far end */
    uint8_t profiles;          /* bits of those it binds */
    GeoHours hours;            /* when; with hours it binds nobody while none was set */
} GeoTurnRule;

/* Something on a way that not everybody passes. */
typedef struct {
    GeoLonLat at;  /* a vertex of a way, to the bit */
    uint8_t never; /* bits of profiles that do not */
    uint8_t gated; /* that do in its hours alone; at all while none was set */
    GeoHours hours;
} GeoBarrier;

/* Splits ways at every vertex that two of them (or one twice) have in common, to the bit of
 * longitude and latitude, and at their ends. xy and lonlat are the same points in both frames. Ways
 * of fewer than 2 points or of no length are skipped and counted. */
GeoRoads *geo_roads_new(const GeoWay *ways, size_t n_ways, const GeoLonLat *lonlat, const GeoXY *xy,
                        size_t n_points);
/* The same with rules. What fits no vertex or no two ways there binds nobody and is counted. */
GeoRoads *geo_roads_new_ruled(const GeoWay *ways, size_t n_ways, const GeoLonLat *lonlat,
                              const GeoXY *xy, size_t n_points, const GeoTurnRule *turns,
                              size_t n_turns, const GeoBarrier *barriers, size_t n_barriers);
void geo_roads_free(GeoRoads *roads);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRoads, geo_roads_free)

typedef struct {
    size_t nodes, edges, components,
        largest; /* largest: nodes of the biggest component, direction ignored */
    size_t skipped_ways;
    size_t turns, unfit_turns, barriers, unfit_barriers;
    double length_m;
} GeoRoadFacts;

GeoRoadFacts geo_roads_facts(const GeoRoads *roads);

/* The hour that speeds and gates are of: minute of the week from Monday 0:00; -1: free roads, open
 * gates, as a new graph has them. factor: share of the free speed that cars make, by class and hour
 * of the day; NULL: the table of road-rules.c. Not while others search. O(edges). */
void geo_roads_set_time(GeoRoads *roads, int minute_of_week,
                        const double factor[GEO_N_ROAD_CLASSES][24]);

/* Closes an edge to profiles, or opens it again. Searches mind it at once after
 * geo_roads_apply_closures(). Not while others search. */
void geo_roads_close(GeoRoads *roads, int64_t edge, uint8_t profiles, bool closed);

/* The same of every edge that a drawn line crosses or touches; how many. O(edges). */
size_t geo_roads_close_line(GeoRoads *roads, const GeoXY *line, size_t n, uint8_t profiles,
                            bool closed);
void geo_roads_apply_closures(GeoRoads *roads);

/* A place on an edge: offset_m along it from its first node, and how far the asked point lies off.
 */
typedef struct {
    int64_t edge; /* -1: none near enough */
    double offset_m;
    double off_m;
    GeoXY at;
    int side; /* of the edge, seen along it: -1 left, +1 right, 0 on it to a centimetre */
} GeoSnap;

/* The nearest edge that the profile may use within max_m. By a grid over the segments;
 * microseconds. */
GeoSnap geo_roads_snap(const GeoRoads *roads, GeoXY p, GeoProfile profile, double max_m);

/* The same for every profile, in little more than the time of one. */
void geo_roads_snap_each(const GeoRoads *roads, GeoXY p, double max_m,
                         GeoSnap place[GEO_N_PROFILES]);

/* The same among the edges of the profile's main part only: the largest set of places from each of
 * which it can drive to all others. Keeps off islands and yards without a way out. */
GeoSnap geo_roads_snap_main(const GeoRoads *roads, GeoXY p, GeoProfile profile, double max_m);
bool geo_roads_edge_is_main(const GeoRoads *roads, int64_t edge, GeoProfile profile);

/* Speed of a class when nothing is posted, m/s; 0: not allowed. The table is in road.c with its
 * reasons. */
double geo_roads_class_speed_mps(int class, GeoProfile profile);

/* Geometry for drawing and simulation. Points of edge e from its first node to its second:
 * borrowed. */
const GeoXY *geo_roads_edge(const GeoRoads *roads, int64_t edge, size_t *n, double *length_m);
void geo_roads_edge_ends(const GeoRoads *roads, int64_t edge, uint32_t *from, uint32_t *to,
                         uint32_t *way);
/* Can be travelled from its first to its second node, or back. */
bool geo_roads_may(const GeoRoads *roads, int64_t edge, GeoProfile profile, bool backwards);
/* Speed on an edge, posted limits minded; 0: not allowed. */
double geo_roads_edge_speed_mps(const GeoRoads *roads, int64_t edge, GeoProfile profile);
/* Edges at a node: borrowed array of edge numbers; a loop is there once. */
const uint32_t *geo_roads_node_edges(const GeoRoads *roads, uint32_t node, size_t *n);
uint32_t geo_roads_node_component(const GeoRoads *roads, uint32_t node);

/* The fastest route between two snapped places: seconds, metres and the line (GeoXY appended to
 * line, may be NULL). The gaps off the road are walked and counted in both, not in the line. false
 * when there is no way. O(m log m) in the nodes nearer than the goal. */
bool geo_roads_route(const GeoRoads *roads, GeoProfile profile, const GeoSnap *from,
                     const GeoSnap *to, double *travel_s, double *distance_m, GArray *line);
