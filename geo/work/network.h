/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The roads of a city as a routing graph in the metres of its frame, with its turns, barriers and
 * closures. */
#include "geo/calc/road.h"
#include "geo/model/batch.h"
#include "geo/model/frame.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"

typedef struct {
    GeoBatch *ways; /* the live roads, by id; owned */
    GArray *rows;   /* uint32_t per way of the graph: its row in ways (a row may have many lines) */
    GeoRoads *roads; /* owned; without nodes when the city has no roads */
    GeoRoadFacts facts;
    GeoFrame *frame;   /* borrowed */
    GeoBatch *closed;  /* closures in force in the graph as it is; owned, NULL: none were asked */
    size_t lost_turns; /* rules whose roads the city does not have */
    size_t
        unread_hours; /* hours in another form: the gate is taken as open, the turn as forbidden */
} GeoNetwork;

/* All live roads with turns and barriers, at no particular hour and with nothing closed. A city
 * without roads gives an empty graph, not an error. About 0.3 s for 200,000 edges. The frame must
 * outlive it. */
GeoNetwork *geo_network_load(GeoStore *store, GeoFrame *frame, GeoProgress *progress,
                             GError **error);

/* From ways in hand, which it takes, without rules; cannot fail. */
GeoNetwork *geo_network_new(GeoBatch *ways, GeoFrame *frame);

/* The same with turns and barriers, which are only read. */
GeoNetwork *geo_network_new_ruled(GeoBatch *ways, const GeoBatch *turns, const GeoBatch *barriers,
                                  GeoFrame *frame);

void geo_network_free(GeoNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoNetwork, geo_network_free)

/* Speeds, gates and closures are those of at_ms from now on, in the city's zone; the closures are
 * read anew. at_ms 0: of the city's newest fix, with the closures of else_ms besides, as one drawn
 * now is newer than any fix; where there is no fix, the roads are free and the closures those of
 * else_ms. Nobody may search meanwhile; snaps stay good. O(edges), some ms for a
 * city. */
bool geo_network_set_now(GeoNetwork *network, GeoStore *store, int64_t at_ms, int64_t else_ms,
                         GError **error);

/* It closes roads at that moment: one that was lifted since closed them until then. */
bool geo_network_in_force(const GeoClosure *closure, int64_t at_ms);

/* Why a place has no road within so many metres: closures of the moment, or there is none. English;
 * the caller's. */
char *geo_network_dup_no_road(const GeoNetwork *network, GeoXY p, double within_m);

/* How many edges the closure meets. O(edges). */
size_t geo_network_closes(GeoNetwork *network, const GeoBatch *closures, guint row);

/* The row of ways that an edge comes from. */
const GeoRoad *geo_network_road(const GeoNetwork *network, int64_t edge);

/* So far from a road a place still belongs to it. */
#define GEO_NETWORK_PLACE_M 500.0

/* A yard or island so near the rest of the net is left on foot rather than stayed in. */
#define GEO_NETWORK_ISLAND_M 150.0

/* The nearest edge for the profile, but the profile's main part (geo/calc/road.h) where that is at
 * most GEO_NETWORK_ISLAND_M farther. */
GeoSnap geo_network_snap(const GeoNetwork *network, GeoXY p, GeoProfile profile, double max_m);

/* The same for every profile: what a place that units are sent to asks. */
void geo_network_snap_each(const GeoNetwork *network, GeoXY p, double max_m,
                           GeoSnap place[GEO_N_PROFILES]);
