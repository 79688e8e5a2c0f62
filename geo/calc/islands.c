/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Union-find with path halving over the states that searches run on, so that whatever keeps a
 * search from passing parts islands too. The two directions of an edge are one road, even where
 * turning back is not allowed. Near linear. It does not tell that a part can be entered but not
 * left: that is what the main part of road-parts.c is for. */
#include "geo/calc/islands.h"

#include <string.h>

#include "geo/calc/road-graph.h"

struct GeoIslands {
    GArray *list; /* GeoIsland, longest first */
    uint32_t *of; /* of each edge */
    uint32_t n_edges;
};

static uint32_t find_root(uint32_t *parent, uint32_t v)
{
    while (parent[v] != v) {
        parent[v] = parent[parent[v]];
        v = parent[v];
    }
    return v;
}

static void join(uint32_t *parent, uint32_t a, uint32_t b)
{
    a = find_root(parent, a);
    b = find_root(parent, b);
    parent[MAX(a, b)] = MIN(a, b);
}

static uint32_t *join_states(const GeoArcs *arcs, uint32_t n_edges)
{
    uint32_t *parent = g_new(uint32_t, (size_t)arcs->n + 1);
    for (uint32_t v = 0; v < arcs->n; v++)
        parent[v] = v;
    for (uint32_t v = 0; v < arcs->n; v++)
        for (uint32_t i = arcs->into0[v]; i < arcs->into0[v + 1]; i++)
            join(parent, v, arcs->into[i].state);
    for (uint32_t e = 0; e < n_edges; e++)
        if (arcs->tail[2 * e] != GEO_ARCS_NONE && arcs->tail[2 * e + 1] != GEO_ARCS_NONE)
            join(parent, arcs->tail[2 * e], arcs->tail[2 * e + 1]);
    return parent;
}

static void add_edge(GeoIsland *island, const GeoRoads *roads, uint32_t e)
{
    const GeoRoadEdge *edge = &roads->edges[e];
    if (island->edges == 0 || edge->length_m > roads->edges[island->longest].length_m) {
        island->longest = e;
        island->at = roads->points[(edge->point0 + edge[1].point0) / 2];
    }
    island->edges++;
    island->length_m += edge->length_m;
}

static int longest_first(const void *a, const void *b, void *user)
{
    const GeoIsland *list = user, *p = &list[*(const uint32_t *)a],
                    *q = &list[*(const uint32_t *)b];
    if (p->length_m != q->length_m)
        return p->length_m > q->length_m ? -1 : 1;
    return (p->longest > q->longest) - (p->longest < q->longest);
}

static void sort_islands(GeoIslands *islands)
{
    guint n = islands->list->len;
    const GeoIsland *list = (const GeoIsland *)(const void *)islands->list->data;
    g_autofree uint32_t *order = g_new(uint32_t, n + 1), *number = g_new(uint32_t, n + 1);
    for (guint i = 0; i < n; i++)
        order[i] = i;
    g_qsort_with_data(order, (gint)n, sizeof *order, longest_first, islands->list->data);
    GArray *sorted = g_array_sized_new(FALSE, FALSE, sizeof(GeoIsland), n);
    for (guint i = 0; i < n; i++) {
        g_array_append_val(sorted, list[order[i]]);
        number[order[i]] = i;
    }
    for (uint32_t e = 0; e < islands->n_edges; e++)
        if (islands->of[e] != GEO_ISLANDS_NONE)
            islands->of[e] = number[islands->of[e]];
    g_array_unref(islands->list);
    islands->list = sorted;
}

GeoIslands *geo_islands_new(const GeoRoads *roads, GeoProfile profile)
{
    g_return_val_if_fail(profile < GEO_N_PROFILES, NULL);
    const GeoArcs *arcs = roads->arcs[profile];
    GeoIslands *islands = g_new0(GeoIslands, 1);
    islands->n_edges = roads->n_edges;
    islands->of = g_new(uint32_t, (size_t)roads->n_edges + 1);
    islands->list = g_array_new(FALSE, TRUE, sizeof(GeoIsland));
    g_autofree uint32_t *parent = join_states(arcs, roads->n_edges);
    g_autofree uint32_t *number = g_new(uint32_t, (size_t)arcs->n + 1);
    memset(number, 0xff, arcs->n * sizeof *number);
    for (uint32_t e = 0; e < roads->n_edges; e++) {
        uint32_t state = MIN(arcs->tail[2 * e], arcs->tail[2 * e + 1]);
        islands->of[e] = GEO_ISLANDS_NONE;
        if (state == GEO_ARCS_NONE)
            continue;
        uint32_t root = find_root(parent, state);
        if (number[root] == GEO_ISLANDS_NONE) {
            number[root] = islands->list->len;
            g_array_set_size(islands->list, islands->list->len + 1);
        }
        islands->of[e] = number[root];
        add_edge(&g_array_index(islands->list, GeoIsland, number[root]), roads, e);
    }
    sort_islands(islands);
    return islands;
}

void geo_islands_free(GeoIslands *islands)
{
    if (!islands)
        return;
    g_array_unref(islands->list);
    g_free(islands->of);
    g_free(islands);
}

size_t geo_islands_count(const GeoIslands *islands)
{
    return islands->list->len;
}

const GeoIsland *geo_islands_get(const GeoIslands *islands, size_t number)
{
    g_return_val_if_fail(number < islands->list->len, NULL);
    return &g_array_index(islands->list, GeoIsland, number);
}

uint32_t geo_islands_of(const GeoIslands *islands, int64_t edge)
{
    g_return_val_if_fail(edge >= 0 && edge < islands->n_edges, GEO_ISLANDS_NONE);
    return islands->of[edge];
}
