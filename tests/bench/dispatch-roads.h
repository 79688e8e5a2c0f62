/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The peers of bench-dispatch that are asked in SQL. */
#include <glib.h>

#include "tests/bench/dispatch-city.h"
#include "tests/bench/dispatch-peers.h"

/* pgRouting in a PostgreSQL of its own. graph is borrowed. NULL and in why (owned) the reason where
 * it cannot be. */
typedef struct PeerPgrouting PeerPgrouting;
PeerPgrouting *peer_pgrouting_start(const DispatchGraph *graph, char **why);
void peer_pgrouting_stop(PeerPgrouting *peer);
const char *peer_pgrouting_version(const PeerPgrouting *peer);

/* The first n_units of the graph instead of the units so far. */
bool peer_pgrouting_place(PeerPgrouting *peer, uint32_t n_units);

/* WHOLE: pgr_drivingDistance over all edges, within_s far and twice as far until k are found. CUT:
 * the same over the edges that can matter then, by the R-tree. CANDIDATES: pgr_dijkstraCost to the
 * 50 nearest by air over the edges that can matter within_s; may miss a unit. */
typedef enum {
    PEER_PGROUTING_CUT,
    PEER_PGROUTING_CANDIDATES,
    PEER_PGROUTING_WHOLE
} PeerPgroutingWay;
size_t peer_pgrouting_nearest(PeerPgrouting *peer, uint32_t node, size_t k, PeerPgroutingWay way,
                              double within_s, DispatchHit *hits);

/* VirtualRouting of SpatiaLite, in a database of its own: all nodes within_s, and within twice that
 * until k units are found. Which units stand at a node is looked up outside, in its favour. */
typedef struct PeerVirtual PeerVirtual;
PeerVirtual *peer_virtual_start(const DispatchGraph *graph, char **why);
void peer_virtual_stop(PeerVirtual *peer);
const char *peer_virtual_version(const PeerVirtual *peer);
void peer_virtual_place(PeerVirtual *peer, uint32_t n_units);
size_t peer_virtual_nearest(PeerVirtual *peer, uint32_t node, size_t k, double within_s,
                            DispatchHit *hits);
