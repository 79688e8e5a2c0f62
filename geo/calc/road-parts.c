/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of the graph. Components ignore direction and rights: union-find with path halving. The
 * main part of a profile is its largest strongly connected component (Tarjan 1972, with an own
 * stack: streets are deeper than the machine's). A place snapped to a yard that a car can enter but
 * never leave would have no answer; snapping prefers the main part. O(nodes + edges) per profile.
 */
#include "geo/calc/road-graph.h"

#define NONE UINT32_MAX

static uint32_t find_root(uint32_t *parent, uint32_t v)
{
    while (parent[v] != v) {
        parent[v] = parent[parent[v]];
        v = parent[v];
    }
    return v;
}

static void mark_components(GeoRoads *roads)
{
    g_autofree uint32_t *parent = g_new(uint32_t, (size_t)roads->n_nodes + 1);
    for (uint32_t v = 0; v < roads->n_nodes; v++)
        parent[v] = v;
    for (uint32_t e = 0; e < roads->n_edges; e++) {
        uint32_t a = find_root(parent, roads->edges[e].from);
        uint32_t b = find_root(parent, roads->edges[e].to);
        parent[MAX(a, b)] = MIN(a, b);
    }
    roads->component = g_new(uint32_t, (size_t)roads->n_nodes + 1);
    g_autofree uint32_t *size = g_new0(uint32_t, (size_t)roads->n_nodes + 1);
    uint32_t n = 0;
    for (uint32_t v = 0; v < roads->n_nodes; v++) {
        /* A root is the least of its nodes, so it has its number before the others ask for it. */
        uint32_t root = find_root(parent, v);
        roads->component[v] = root == v ? n++ : roads->component[root];
        size[roads->component[v]]++;
    }
    roads->facts.components = n;
    for (uint32_t c = 0; c < n; c++)
        roads->facts.largest = MAX(roads->facts.largest, size[c]);
}

typedef struct {
    uint32_t node, next; /* next: the place in star where the walk goes on */
} Frame;

typedef struct {
    const GeoRoads *roads;
    GeoProfile profile;
    uint32_t *index, *low, *part;
    GArray *stack; /* uint32_t, nodes not yet in a part */
    GArray *walk;  /* Frame */
    uint32_t n_seen, n_parts, best, best_size;
} Parts;

static void enter(Parts *parts, uint32_t v)
{
    parts->index[v] = parts->low[v] = ++parts->n_seen;
    g_array_append_val(parts->stack, v);
    Frame frame = {v, parts->roads->star0[v]};
    g_array_append_val(parts->walk, frame);
}

static void close_part(Parts *parts, uint32_t v)
{
    uint32_t size = 0, w;
    do {
        w = g_array_index(parts->stack, uint32_t, parts->stack->len - 1);
        g_array_set_size(parts->stack, parts->stack->len - 1);
        parts->part[w] = parts->n_parts;
        size++;
    } while (w != v);
    if (size > parts->best_size) {
        parts->best_size = size;
        parts->best = parts->n_parts;
    }
    parts->n_parts++;
}

static void walk_from(Parts *parts, uint32_t root)
{
    const GeoRoads *roads = parts->roads;
    enter(parts, root);
    while (parts->walk->len > 0) {
        Frame *frame = &g_array_index(parts->walk, Frame, parts->walk->len - 1);
        uint32_t v = frame->node;
        if (frame->next < roads->star0[v + 1]) {
            const GeoRoadEdge *edge = &roads->edges[roads->star[frame->next++]];
            bool backwards = edge->from != v;
            uint32_t w = backwards ? edge->from : edge->to;
            if (!geo_road_may(edge, parts->profile, backwards))
                continue;
            if (parts->index[w] == 0)
                enter(parts, w);
            else if (parts->part[w] == NONE)
                parts->low[v] = MIN(parts->low[v], parts->index[w]);
            continue;
        }
        g_array_set_size(parts->walk, parts->walk->len - 1);
        if (parts->walk->len > 0) {
            uint32_t up = g_array_index(parts->walk, Frame, parts->walk->len - 1).node;
            parts->low[up] = MIN(parts->low[up], parts->low[v]);
        }
        if (parts->low[v] == parts->index[v])
            close_part(parts, v);
    }
}

static void mark_main(GeoRoads *roads, GeoProfile profile)
{
    Parts parts = {.roads = roads, .profile = profile};
    parts.index = g_new0(uint32_t, (size_t)roads->n_nodes + 1);
    parts.low = g_new0(uint32_t, (size_t)roads->n_nodes + 1);
    parts.part = g_new(uint32_t, (size_t)roads->n_nodes + 1);
    parts.stack = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    parts.walk = g_array_new(FALSE, FALSE, sizeof(Frame));
    for (uint32_t v = 0; v < roads->n_nodes; v++)
        parts.part[v] = NONE;
    for (uint32_t v = 0; v < roads->n_nodes; v++)
        if (parts.index[v] == 0)
            walk_from(&parts, v);
    for (uint32_t e = 0; e < roads->n_edges; e++) {
        GeoRoadEdge *edge = &roads->edges[e];
        bool used = (edge->may[0] | edge->may[1]) >> profile & 1;
        if (used && parts.part[edge->from] == parts.best && parts.part[edge->to] == parts.best)
            edge->main |= (uint8_t)(1U << profile);
    }
    g_array_unref(parts.stack);
    g_array_unref(parts.walk);
    g_free(parts.index);
    g_free(parts.low);
    g_free(parts.part);
}

void geo_roads_mark_parts(GeoRoads *roads)
{
    mark_components(roads);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        mark_main(roads, (GeoProfile)profile);
}
