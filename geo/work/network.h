/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The roads of a city as a routing graph in the metres of its frame. */
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
} GeoNetwork;

/* All live roads. A city without roads gives an empty graph, not an error. About 0.3 s for 200,000
 * edges. */
GeoNetwork *geo_network_load(GeoStore *store, GeoFrame *frame, GeoProgress *progress,
                             GError **error);

/* The same from ways in hand, which it takes; cannot fail. */
GeoNetwork *geo_network_new(GeoBatch *ways, GeoFrame *frame);

void geo_network_free(GeoNetwork *network);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoNetwork, geo_network_free)

/* The row of ways that an edge comes from. */
const GeoRoad *geo_network_road(const GeoNetwork *network, int64_t edge);

/* A yard or island so near the rest of the net is left on foot rather than stayed in. */
#define GEO_NETWORK_ISLAND_M 150.0

/* The nearest edge for the profile, but the profile's main part (geo/calc/road.h) where that is at
 * most GEO_NETWORK_ISLAND_M farther. */
GeoSnap geo_network_snap(const GeoNetwork *network, GeoXY p, GeoProfile profile, double max_m);

/* The same for every profile: what a place that units are sent to asks. */
void geo_network_snap_each(const GeoNetwork *network, GeoXY p, double max_m,
                           GeoSnap place[GEO_N_PROFILES]);
