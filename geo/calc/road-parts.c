/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Parts of the graph. Components ignore direction and rights: union-find with path halving. The
 * main part of a profile is the largest strongly connected component (Tarjan 1972, with an own
 * stack: streets are deeper than the machine's) of the states that searches run on, so that turns
 * and barriers count, gates open and nothing closed. A place snapped to a yard that a car can enter
 * but never leave would have no answer; snapping prefers the main part. O(arcs) per profile. */
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
    uint32_t state, next; /* next: the arc where the walk goes on */
} Frame;

typedef struct {
    uint32_t *out0; /* of each state: where its arcs begin */
    GeoArc *out;
    uint32_t *index, *low, *part;
    GArray *stack; /* uint32_t, states not yet in a part */
    GArray *walk;  /* Frame */
    uint32_t n_seen, n_parts, best, best_size;
} Parts;

static void enter(Parts *parts, uint32_t v)
{
    parts->index[v] = parts->low[v] = ++parts->n_seen;
    g_array_append_val(parts->stack, v);
    Frame frame = {v, parts->out0[v]};
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
    enter(parts, root);
    while (parts->walk->len > 0) {
        Frame *frame = &g_array_index(parts->walk, Frame, parts->walk->len - 1);
        uint32_t v = frame->state;
        if (frame->next < parts->out0[v + 1]) {
            uint32_t w = parts->out[frame->next++].state;
            if (parts->index[w] == 0)
                enter(parts, w);
            else if (parts->part[w] == NONE)
                parts->low[v] = MIN(parts->low[v], parts->index[w]);
            continue;
        }
        g_array_set_size(parts->walk, parts->walk->len - 1);
        if (parts->walk->len > 0) {
            uint32_t up = g_array_index(parts->walk, Frame, parts->walk->len - 1).state;
            parts->low[up] = MIN(parts->low[up], parts->low[v]);
        }
        if (parts->low[v] == parts->index[v])
            close_part(parts, v);
    }
}

/* An edge is in the main part when one of its directions leaves from it and leads into it. */
static void mark_edges(GeoRoads *roads, const Parts *parts, uint32_t n_states, GeoProfile profile)
{
    for (uint32_t v = 0; v < n_states; v++) {
        if (parts->part[v] != parts->best)
            continue;
        for (uint32_t i = parts->out0[v]; i < parts->out0[v + 1]; i++)
            if (parts->part[parts->out[i].state] == parts->best)
                roads->edges[parts->out[i].arc / 2].main |= (uint8_t)(1U << profile);
    }
}

static void mark_main(GeoRoads *roads, GeoProfile profile)
{
    uint32_t n_states = roads->arcs[profile]->n;
    Parts parts = {0};
    geo_arcs_forward(roads->arcs[profile], &parts.out0, &parts.out);
    parts.index = g_new0(uint32_t, (size_t)n_states + 1);
    parts.low = g_new0(uint32_t, (size_t)n_states + 1);
    parts.part = g_new(uint32_t, (size_t)n_states + 1);
    parts.stack = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    parts.walk = g_array_new(FALSE, FALSE, sizeof(Frame));
    for (uint32_t v = 0; v < n_states; v++)
        parts.part[v] = NONE;
    for (uint32_t v = 0; v < n_states; v++)
        if (parts.index[v] == 0)
            walk_from(&parts, v);
    mark_edges(roads, &parts, n_states, profile);
    g_array_unref(parts.stack);
    g_array_unref(parts.walk);
    g_free(parts.out0);
    g_free(parts.out);
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
