/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The cities of bench-dispatch: their roads, a fleet on them, and the same graph in plain numbers
 * for others. */
#include "geo/model/frame.h"
#include "geo/work/network.h"

#define DISPATCH_FLEET 18397

typedef struct {
    char *name;
    char *mark; /* behind the name of each task; "" for the first city */
    GeoFrame *frame;
    GeoNetwork *network;
    /* What the network was made of, once more, for the twin. */
    GArray *ways; /* GeoWay */
    GeoXY *xy;
} DispatchCity;

/* A city folder, or "chicago" (the real roads of data/chicago beside the project) or "demo" (the
 * generated city at full scale). NULL and in why (owned) the reason, where it cannot be had. */
DispatchCity *dispatch_city_open(const char *what, const char *mark, char **why);
void dispatch_city_free(DispatchCity *city);

/* A place at most off_m from a random point of a random road: longer edges are as likely as their
 * length says. */
GeoXY dispatch_city_draw(const DispatchCity *city, GRand *random, double off_m);

/* One profile's graph, as any program takes it: edges between nodes with one cost in seconds and
 * the directions in which they may be driven. */
typedef struct {
    uint32_t n_nodes, n_edges;
    uint32_t *from, *to;
    double *cost_s;
    uint8_t *ahead, *back;
    GeoXY *node;
    double fastest_mps;

    uint32_t n_units;
    uint32_t *unit_node;
    uint32_t n_places;
    uint32_t *place_node;
} DispatchGraph;

/* A node as a place on an edge that the profile may use; of no length, so that all programs can be
 * asked the same. */
GeoSnap dispatch_graph_snap(const DispatchCity *city, GeoProfile profile, uint32_t node);

/* Units and places at random nodes of the main part. */
DispatchGraph *dispatch_graph_new(const DispatchCity *city, GeoProfile profile, uint32_t n_units,
                                  uint32_t n_places, GRand *random);
void dispatch_graph_free(DispatchGraph *graph);
