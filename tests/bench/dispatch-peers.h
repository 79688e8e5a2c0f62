/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What bench-dispatch is measured against. Each takes the graph as it is, with units and places at
 * its nodes, and finds the k units that are first at a place, against the direction of travel. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    uint32_t unit;
    double travel_s;
} DispatchHit;

/* Boost.Graph's compressed_sparse_row_graph, with a visitor that throws when the k-th unit is
 * found. PLAIN: dijkstra_shortest_paths, the ordinary call, which sets all its maps before it
 * begins. NO_COLOR: dijkstra_shortest_paths_no_color_map, which has one map less. LEAN:
 * dijkstra_shortest_paths_no_init over maps of which the user sets back what was touched. */
typedef enum { PEER_BOOST_PLAIN, PEER_BOOST_NO_COLOR, PEER_BOOST_LEAN, PEER_BOOST_N } PeerBoostWay;
typedef struct PeerBoost PeerBoost;
PeerBoost *peer_boost_new(uint32_t n_nodes, uint32_t n_edges, const uint32_t *from,
                          const uint32_t *to, const double *cost_s, const uint8_t *ahead,
                          const uint8_t *back);
void peer_boost_free(PeerBoost *peer);
/* Instead of the units so far. */
void peer_boost_place(PeerBoost *peer, const uint32_t *unit_node, uint32_t n_units);
size_t peer_boost_nearest(PeerBoost *peer, uint32_t node, size_t k, PeerBoostWay way,
                          DispatchHit *hits);
const char *peer_boost_version(void);

#ifdef __cplusplus
}
#endif
