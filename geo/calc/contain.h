/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Closing the roads around a place in time: how far somebody can have come from it, where units are
 * before him, and the fewest posts that leave no way out. It knows a place and a time, and nothing
 * of whom it concerns. A minimum vertex cut on the crossings within the horizon, by augmenting
 * paths (Menger 1927; Ford and Fulkerson 1956): as many ways that share no post as there are posts
 * prove that fewer cannot do. */
#include <glib.h>

#include "geo/calc/near.h"
#include "geo/calc/road.h"
#include "geo/model/progress.h"

typedef struct {
    GeoSnap place;      /* of the profile */
    GeoProfile profile; /* that whoever leaves moves by */
    bool any_way;       /* he minds no one-ways; turns and gates he minds in no case */
    double elapsed_s;   /* since he was at the place */
    double horizon_s;   /* from now: how far ahead is looked */
    double margin_s;    /* a post stands so long before he can be there */
} GeoContainAsk;

/* The units of near, as they were put there. */
typedef struct {
    const GeoSnap *snap;
    const uint8_t *profile, *usable;
    size_t n;
    GeoNear *near;
} GeoContainUnits;

typedef struct {
    uint32_t node;
    GeoXY at;
    double he_s;    /* earliest he can be there, from when he was at the place */
    double unit_s;  /* the unit is there, from now */
    int64_t unit;   /* its own; -1: none is left for it */
    double spare_s; /* between the two, less than margin_s when it is late */
} GeoContainPost;

typedef struct {
    GArray *posts;   /* GeoContainPost with a unit of its own, soonest reached first */
    GArray *open;    /* GeoContainPost, unit -1: ways out that nobody closes in time; unit_s is the
                        soonest of all units, INFINITY: none comes; least late first */
    size_t n_within; /* crossings that he can have reached by the horizon */
    size_t n_exits;  /* first crossings beyond it */
    size_t bound;    /* posts that are needed at least, even if a unit could hold several; with the
                        same ways left open */
    size_t bound_open; /* ways that stay open at least, even so */
    unsigned rounds;   /* cuts that were tried until each post had a unit of its own */
    bool closed;       /* no way is open */
} GeoContained;

typedef struct GeoContain GeoContain;

/* Keeps labels for the roads, which are borrowed; one search at a time. */
GeoContain *geo_contain_new(const GeoRoads *roads);
void geo_contain_free(GeoContain *contain);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoContain, geo_contain_free)

/* NULL when it is cancelled, GEO_ERROR_CANCELLED, or the place lies on no road, GEO_ERROR_DATA. As
 * it grows with elapsed_s, ask again: nothing is kept. The fewest ways are left open, then the
 * fewest posts are taken; where posts have to share a unit other crossings are tried, then other
 * units beside those that have a post, and what still has none is open: the bounds tell how far
 * that is from the best there can be. O(crossings within the horizon * posts). */
GeoContained *geo_contain_find(GeoContain *contain, const GeoContainAsk *ask,
                               const GeoContainUnits *units, GeoProgress *progress, GError **error);
void geo_contained_free(GeoContained *contained);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoContained, geo_contained_free)

/* A node as a place on its edges, for the profile; edge -1: it has none that the profile may use.
 */
GeoSnap geo_roads_at_node(const GeoRoads *roads, uint32_t node, GeoProfile profile);
