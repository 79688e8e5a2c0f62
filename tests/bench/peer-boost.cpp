/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <boost/graph/compressed_sparse_row_graph.hpp>
#include <boost/graph/dijkstra_shortest_paths.hpp>
#include <boost/graph/dijkstra_shortest_paths_no_color_map.hpp>
#include <boost/version.hpp>

#include <limits>
#include <utility>
#include <vector>

#include "tests/bench/dispatch-peers.h"

struct Arc {
    double cost_s;
};
typedef boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, Arc> Graph;
typedef boost::graph_traits<Graph>::vertex_descriptor Vertex;

static const double never = std::numeric_limits<double>::infinity();

struct PeerBoost {
    Graph graph;
    uint32_t n_nodes;
    bool clean; /* time_s and color are as a search without reset wants them */
    std::vector<uint32_t> unit0, unit; /* units by node */
    std::vector<double> time_s;
    std::vector<boost::default_color_type> color;
    std::vector<Vertex> touched;
};

namespace
{
struct Enough {
};

/* Takes the units of each node as it is settled. */
struct Taker : public boost::default_dijkstra_visitor {
    PeerBoost *peer;
    DispatchHit *hits;
    size_t *n, k;
    bool note;

    void discover_vertex(Vertex v, const Graph &)
    {
        if (note)
            peer->touched.push_back(v);
    }
    void examine_vertex(Vertex v, const Graph &)
    {
        for (uint32_t i = peer->unit0[v]; i < peer->unit0[v + 1]; i++) {
            hits[*n].unit = peer->unit[i];
            hits[*n].travel_s = peer->time_s[v];
            if (++*n == k)
                throw Enough();
        }
    }
};
} // namespace

PeerBoost *peer_boost_new(uint32_t n_nodes, uint32_t n_edges, const uint32_t *from,
                          const uint32_t *to, const double *cost_s, const uint8_t *ahead,
                          const uint8_t *back)
{
    std::vector<std::pair<uint32_t, uint32_t>> arcs;
    std::vector<Arc> costs;
    for (uint32_t e = 0; e < n_edges; e++) {
        Arc arc = {cost_s[e]};
        if (ahead[e]) {
            arcs.push_back(std::make_pair(to[e], from[e]));
            costs.push_back(arc);
        }
        if (back[e]) {
            arcs.push_back(std::make_pair(from[e], to[e]));
            costs.push_back(arc);
        }
    }
    PeerBoost *peer = new PeerBoost;
    peer->graph = Graph(boost::edges_are_unsorted_multi_pass, arcs.begin(), arcs.end(),
                        costs.begin(), n_nodes);
    peer->n_nodes = n_nodes;
    peer->clean = false;
    peer->time_s.resize(n_nodes);
    peer_boost_place(peer, nullptr, 0);
    return peer;
}

void peer_boost_place(PeerBoost *peer, const uint32_t *unit_node, uint32_t n_units)
{
    uint32_t n_nodes = peer->n_nodes;
    peer->unit0.assign(n_nodes + 2, 0);
    peer->unit.resize(n_units);
    for (uint32_t u = 0; u < n_units; u++)
        peer->unit0[unit_node[u] + 2]++;
    for (uint32_t v = 0; v < n_nodes; v++)
        peer->unit0[v + 2] += peer->unit0[v + 1];
    for (uint32_t u = 0; u < n_units; u++)
        peer->unit[peer->unit0[unit_node[u] + 1]++] = u;
}

void peer_boost_free(PeerBoost *peer)
{
    delete peer;
}

/* The library's own time map; a search that is thrown out of leaves it as it was then. */
static void search_all(PeerBoost *peer, Vertex node, PeerBoostWay way, const Taker &taker)
{
    using namespace boost;
    auto time = make_iterator_property_map(peer->time_s.begin(), get(vertex_index, peer->graph));
    auto cost = get(&Arc::cost_s, peer->graph);
    peer->clean = false;
    if (way == PEER_BOOST_PLAIN)
        dijkstra_shortest_paths(peer->graph, node,
                                distance_map(time).weight_map(cost).visitor(taker));
    else
        dijkstra_shortest_paths_no_color_map(peer->graph, node,
                                             distance_map(time).weight_map(cost).visitor(taker));
}

static void search_lean(PeerBoost *peer, Vertex node, const Taker &taker)
{
    using namespace boost;
    auto index = get(vertex_index, peer->graph);
    auto time = make_iterator_property_map(peer->time_s.begin(), index);
    auto color = make_iterator_property_map(peer->color.begin(), index);
    peer->time_s[node] = 0;
    dijkstra_shortest_paths_no_init(peer->graph, node, dummy_property_map(), time,
                                    get(&Arc::cost_s, peer->graph), index, std::less<double>(),
                                    closed_plus<double>(never), 0.0, taker, color);
}

size_t peer_boost_nearest(PeerBoost *peer, uint32_t node, size_t k, PeerBoostWay way,
                          DispatchHit *hits)
{
    size_t n = 0;
    bool lean = way == PEER_BOOST_LEAN;
    Taker taker;
    taker.peer = peer;
    taker.hits = hits;
    taker.n = &n;
    taker.k = k;
    taker.note = lean;
    if (lean && !peer->clean) {
        peer->time_s.assign(peer->n_nodes, never);
        peer->color.assign(peer->n_nodes, boost::white_color);
        peer->clean = true;
    }
    peer->touched.clear();
    try {
        if (lean)
            search_lean(peer, node, taker);
        else
            search_all(peer, node, way, taker);
    } catch (Enough) {
    }
    for (size_t i = 0; i < peer->touched.size(); i++) {
        peer->time_s[peer->touched[i]] = never;
        peer->color[peer->touched[i]] = boost::white_color;
    }
    return n;
}

const char *peer_boost_version(void)
{
    static char text[32];
    snprintf(text, sizeof text, "boost %d.%d", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000);
    return text;
}
