/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Directions become arcs, ruled crossings several states. A rule that reaches over a way between
 * gives that way a second beginning, for those who come by the rule's first way: it leads to every
 * state but the forbidden one. O(edges) and a little for each rule. */
#include "geo/calc/arcs.h"

#include <string.h>

#include "geo/calc/road-graph.h"

typedef struct {
    const GeoRoads *roads;
    GeoProfile profile;
    GeoArcs *arcs;
    GArray *extra;  /* Extra: states beyond the nodes */
    guint n_second; /* of them, at the end */
} Build;

typedef struct {
    uint32_t node;
    GeoArcId out;
} Extra;

static uint32_t head_node(const GeoRoads *roads, GeoArcId arc)
{
    const GeoRoadEdge *edge = &roads->edges[arc / 2];
    return arc & 1 ? edge->from : edge->to;
}

static uint32_t tail_node(const GeoRoads *roads, GeoArcId arc)
{
    return head_node(roads, arc ^ 1);
}

static bool may(const GeoRoads *roads, GeoProfile profile, GeoArcId arc)
{
    return geo_road_may(&roads->edges[arc / 2], profile, arc & 1);
}

static bool is_bound(const GeoRoadBan *ban, GeoProfile profile)
{
    return ban->profiles >> profile & 1;
}

/* The profile does not pass the node now. */
static bool is_barred(const GeoRoads *roads, GeoProfile profile, uint32_t node)
{
    uint32_t i = roads->gate0 ? roads->gate0[node] : GEO_ARCS_NONE;
    if (i == GEO_ARCS_NONE)
        return false;
    return roads->gates[i].shut >> profile & 1; /* one a node: later ones were joined to it */
}

static bool is_banned(const GeoRoads *roads, GeoProfile profile, GeoArcId from, GeoArcId to)
{
    uint32_t node = head_node(roads, from);
    if (is_barred(roads, profile, node))
        return to != (from ^ 1);
    for (uint32_t i = roads->ban0 ? roads->ban0[node] : GEO_ARCS_NONE; i != GEO_ARCS_NONE;
         i = roads->next_ban[i]) {
        const GeoRoadBan *ban = &roads->bans[i];
        if (ban->via == GEO_ARCS_NONE && ban->from == from && ban->to == to &&
            is_bound(ban, profile))
            return true;
    }
    return false;
}

/* ---- states ---- */

static bool needs_split(const Build *build, uint32_t node)
{
    if (is_barred(build->roads, build->profile, node))
        return true;
    for (uint32_t i = build->roads->ban0 ? build->roads->ban0[node] : GEO_ARCS_NONE;
         i != GEO_ARCS_NONE; i = build->roads->next_ban[i])
        if (is_bound(&build->roads->bans[i], build->profile))
            return true;
    return false;
}

static void split_node(Build *build, uint32_t node)
{
    const GeoRoads *roads = build->roads;
    uint32_t first = roads->n_nodes + build->extra->len;
    for (uint32_t i = roads->star0[node]; i < roads->star0[node + 1]; i++)
        for (GeoArcId back = 0; back < 2; back++) {
            GeoArcId arc = 2 * roads->star[i] + back;
            if (tail_node(roads, arc) != node || !may(roads, build->profile, arc))
                continue;
            build->arcs->tail[arc] = roads->n_nodes + build->extra->len;
            Extra extra = {node, arc};
            g_array_append_val(build->extra, extra);
        }
    build->arcs->split[node] = first;
}

/* The second beginning of an earlier rule over the same two ways. */
static uint32_t same_beginning(const Build *build, uint32_t ban)
{
    const GeoRoads *roads = build->roads;
    const GeoRoadBan *its = &roads->bans[ban];
    for (uint32_t i = roads->ban0[head_node(roads, its->from)]; i != GEO_ARCS_NONE;
         i = roads->next_ban[i])
        if (i < ban && roads->bans[i].via == its->via && roads->bans[i].from == its->from &&
            is_bound(&roads->bans[i], build->profile))
            return build->arcs->second[i];
    return GEO_ARCS_NONE;
}

/* Some rule over the two ways forbids the third. */
static bool is_banned_over(const GeoRoads *roads, GeoProfile profile, const GeoRoadBan *over,
                           GeoArcId to)
{
    for (uint32_t i = roads->ban0[head_node(roads, over->from)]; i != GEO_ARCS_NONE;
         i = roads->next_ban[i]) {
        const GeoRoadBan *ban = &roads->bans[i];
        if (ban->from == over->from && ban->via == over->via && ban->to == to &&
            is_bound(ban, profile))
            return true;
    }
    return false;
}

static void name_states(Build *build)
{
    const GeoRoads *roads = build->roads;
    GeoArcs *arcs = build->arcs;
    for (GeoArcId arc = 0; arc < 2 * roads->n_edges; arc++)
        arcs->tail[arc] = may(roads, build->profile, arc) ? tail_node(roads, arc) : GEO_ARCS_NONE;
    memset(arcs->split, 0xff, MAX(roads->n_nodes, 1) * sizeof *arcs->split);
    for (uint32_t i = 0; i < roads->n_ruled; i++)
        if (arcs->split[roads->ruled[i]] == GEO_ARCS_NONE && needs_split(build, roads->ruled[i]))
            split_node(build, roads->ruled[i]);
    for (uint32_t i = 0; i < roads->n_bans; i++) { /* the far crossing of a rule over a way */
        uint32_t far = tail_node(roads, roads->bans[i].to);
        if (is_bound(&roads->bans[i], build->profile) && arcs->split[far] == GEO_ARCS_NONE)
            split_node(build, far);
    }
    for (uint32_t i = 0; i < roads->n_bans; i++) {
        const GeoRoadBan *ban = &roads->bans[i];
        if (ban->via == GEO_ARCS_NONE || !is_bound(ban, build->profile) ||
            !may(roads, build->profile, ban->via))
            continue;
        const uint32_t known = same_beginning(build, i);
        arcs->second[i] = known != GEO_ARCS_NONE ? known : roads->n_nodes + build->extra->len;
        if (known != GEO_ARCS_NONE)
            continue;
        Extra extra = {tail_node(roads, ban->via), ban->via};
        g_array_append_val(build->extra, extra);
        build->n_second++;
    }
}

/* How many states the crossing of an extra state has from it on; the second beginnings stand alone.
 */
static void keep_states(Build *build)
{
    GeoArcs *arcs = build->arcs;
    guint n = build->extra->len;
    arcs->n = build->roads->n_nodes + n;
    arcs->node = g_new(uint32_t, MAX(n, 1));
    arcs->out = g_new(GeoArcId, MAX(n, 1));
    arcs->n_split = g_new(uint32_t, MAX(n, 1));
    guint plain = n - build->n_second;
    for (guint i = n; i-- > 0;) {
        const Extra *extra = &g_array_index(build->extra, Extra, i);
        arcs->node[i] = extra->node;
        arcs->out[i] = extra->out;
        bool more = i + 1 < plain && arcs->node[i + 1] == extra->node;
        arcs->n_split[i] = more ? arcs->n_split[i + 1] + 1 : 1;
    }
}

/* ---- heads ---- */

enum { MOST_HEADS = 64 };

/* Where a rule over a way between begins, for who comes by from; else the state itself. */
static uint32_t begin_of(const GeoRoads *roads, const GeoArcs *arcs, GeoProfile profile,
                         GeoArcId from, uint32_t state)
{
    GeoArcId out = arcs->out[state - roads->n_nodes];
    for (uint32_t i = roads->ban0 ? roads->ban0[head_node(roads, from)] : GEO_ARCS_NONE;
         i != GEO_ARCS_NONE; i = roads->next_ban[i])
        if (roads->bans[i].via == out && roads->bans[i].from == from &&
            is_bound(&roads->bans[i], profile))
            return arcs->second[i];
    return state;
}

/* The states that a direction leads to: of a split crossing those that are not forbidden. over: a
 * rule over this direction, for who came by its first one; NULL: for the others. */
static uint32_t heads_of(const GeoRoads *roads, const GeoArcs *arcs, GeoProfile profile,
                         GeoArcId from, const GeoRoadBan *over, uint32_t heads[MOST_HEADS])
{
    uint32_t node = head_node(roads, from), first = arcs->split[node], n = 0;
    if (first == GEO_ARCS_NONE) {
        heads[n++] = node;
        return n;
    }
    uint32_t base = first - roads->n_nodes;
    if (first >= arcs->n || arcs->node[base] != node)
        return 0; /* nothing leaves it */
    for (uint32_t i = base; i < base + arcs->n_split[base] && n < MOST_HEADS; i++)
        if (!is_banned(roads, profile, from, arcs->out[i]) &&
            (!over || !is_banned_over(roads, profile, over, arcs->out[i])))
            heads[n++] = begin_of(roads, arcs, profile, from, roads->n_nodes + i);
    return n;
}

typedef void (*EachArc)(Build *build, uint32_t tail, uint32_t head, GeoArcId arc, void *user);

static void each_arc(Build *build, EachArc call, void *user)
{
    const GeoRoads *roads = build->roads;
    const GeoArcs *arcs = build->arcs;
    uint32_t heads[MOST_HEADS];
    for (GeoArcId arc = 0; arc < 2 * roads->n_edges; arc++) {
        if (arcs->tail[arc] == GEO_ARCS_NONE)
            continue;
        uint32_t n = heads_of(roads, arcs, build->profile, arc, NULL, heads);
        for (uint32_t i = 0; i < n; i++)
            call(build, arcs->tail[arc], heads[i], arc, user);
    }
    for (uint32_t b = 0; b < roads->n_bans; b++) {
        const GeoRoadBan *ban = &roads->bans[b];
        if (arcs->second[b] == GEO_ARCS_NONE || same_beginning(build, b) != GEO_ARCS_NONE)
            continue;
        uint32_t n = heads_of(roads, arcs, build->profile, ban->via, ban, heads);
        for (uint32_t i = 0; i < n; i++)
            call(build, arcs->second[b], heads[i], ban->via, user);
    }
}

static void count_arc(Build *build, uint32_t tail, uint32_t head, GeoArcId arc, void *user)
{
    build->arcs->into0[head + 1]++;
}

static void put_arc(Build *build, uint32_t tail, uint32_t head, GeoArcId arc, void *user)
{
    uint32_t *next = user;
    const GeoRoadEdge *edge = &build->roads->edges[arc / 2];
    uint32_t at = next[head]++;
    build->arcs->into[at] = (GeoArc){geo_road_cost_s(edge, build->profile), tail, arc};
    build->arcs->into_m[at] = (float)edge->length_m;
}

GeoArcs *geo_arcs_new(const GeoRoads *roads, GeoProfile profile)
{
    GeoArcs *arcs = g_new0(GeoArcs, 1);
    Build build = {.roads = roads, .profile = profile, .arcs = arcs};
    build.extra = g_array_new(FALSE, FALSE, sizeof(Extra));
    arcs->tail = g_new(uint32_t, MAX(2 * (size_t)roads->n_edges, 1));
    arcs->split = g_new(uint32_t, MAX(roads->n_nodes, 1));
    arcs->second = g_new(uint32_t, MAX(roads->n_bans, 1));
    memset(arcs->second, 0xff, MAX(roads->n_bans, 1) * sizeof *arcs->second);
    name_states(&build);
    keep_states(&build);
    arcs->into0 = g_new0(uint32_t, (size_t)arcs->n + 2);
    each_arc(&build, count_arc, NULL);
    for (uint32_t s = 0; s < arcs->n; s++)
        arcs->into0[s + 1] += arcs->into0[s];
    arcs->into = g_new(GeoArc, MAX(arcs->into0[arcs->n], 1));
    arcs->into_m = g_new(float, MAX(arcs->into0[arcs->n], 1));
    g_autofree uint32_t *next = g_memdup2(arcs->into0, ((size_t)arcs->n + 1) * sizeof *next);
    each_arc(&build, put_arc, next);
    g_array_unref(build.extra);
    return arcs;
}

void geo_arcs_free(GeoArcs *arcs)
{
    if (!arcs)
        return;
    g_free(arcs->into0);
    g_free(arcs->into);
    g_free(arcs->into_m);
    g_free(arcs->tail);
    g_free(arcs->split);
    g_free(arcs->second);
    g_free(arcs->n_split);
    g_free(arcs->node);
    g_free(arcs->out);
    g_free(arcs);
}

void geo_arcs_at(const GeoRoads *roads, GeoProfile profile, uint32_t node, GeoArcsVisit visit,
                 void *user)
{
    const GeoArcs *arcs = roads->arcs[profile];
    uint32_t first = arcs->split[node];
    if (first == GEO_ARCS_NONE) {
        visit(node, user);
        return;
    }
    uint32_t base = first - roads->n_nodes;
    if (first >= arcs->n || arcs->node[base] != node)
        return;
    for (uint32_t i = 0; i < arcs->n_split[base]; i++)
        visit(first + i, user);
}

void geo_arcs_tails(const GeoRoads *roads, GeoProfile profile, GeoArcId arc, GeoArcsVisit visit,
                    void *user)
{
    const GeoArcs *arcs = roads->arcs[profile];
    if (arcs->tail[arc] == GEO_ARCS_NONE)
        return;
    visit(arcs->tail[arc], user);
    for (uint32_t i = roads->ban0 ? roads->ban0[tail_node(roads, arc)] : GEO_ARCS_NONE;
         i != GEO_ARCS_NONE; i = roads->next_ban[i])
        if (roads->bans[i].via == arc && arcs->second[i] != GEO_ARCS_NONE)
            visit(arcs->second[i], user);
}

void geo_arcs_heads(const GeoRoads *roads, GeoProfile profile, GeoArcId arc, GeoArcsVisit visit,
                    void *user)
{
    uint32_t heads[MOST_HEADS];
    uint32_t n = heads_of(roads, roads->arcs[profile], profile, arc, NULL, heads);
    for (uint32_t i = 0; i < n; i++)
        visit(heads[i], user);
}

void geo_arcs_forward(const GeoArcs *arcs, uint32_t **out0, GeoArc **out)
{
    uint32_t n_arcs = arcs->into0[arcs->n];
    *out0 = g_new0(uint32_t, (size_t)arcs->n + 2);
    *out = g_new(GeoArc, MAX(n_arcs, 1));
    for (uint32_t i = 0; i < n_arcs; i++)
        (*out0)[arcs->into[i].state + 1]++;
    for (uint32_t s = 0; s < arcs->n; s++)
        (*out0)[s + 1] += (*out0)[s];
    g_autofree uint32_t *next = g_memdup2(*out0, ((size_t)arcs->n + 1) * sizeof *next);
    for (uint32_t s = 0; s < arcs->n; s++)
        for (uint32_t i = arcs->into0[s]; i < arcs->into0[s + 1]; i++)
            (*out)[next[arcs->into[i].state]++] =
                (GeoArc){arcs->into[i].time_s, s, arcs->into[i].arc};
}
