/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest by road: one Dijkstra against the direction of travel, from the place outwards, over the
 * states of all profiles in one queue, so that foot, e-bike and car race each other. A unit hangs
 * on its edge; where the search goes along that against the traffic, it is a candidate, and the
 * search stops when nothing in the queue can come before the k-th. About k * nodes / units states
 * are settled. Once geo_near_road_prepare() has told every state who is there first, nothing is
 * searched: the states that lead to the place are read. Labels carry the number of the query they
 * belong to and the lists of units that of their filling, so that nothing is cleared between
 * queries or ticks. */
#include "geo/calc/near-road.h"

#include <math.h>
#include <string.h>

#include "geo/calc/heap.h"
#include "geo/calc/near-labels.h"
#include "geo/calc/road-graph.h"

/* 16 bytes. */
typedef struct {
    double time_s;
    float metres;
    uint32_t seen; /* 2 * query when labelled, + 1 when settled */
} Label;

/* A unit that stands at a node, whatever its edge allows, at a state of it. */
typedef struct {
    uint32_t unit, next; /* next: of the same state */
} Entry;

/* A unit on its edge; edge NONE: it cannot be sent. */
typedef struct {
    double offset_m, off_m;
    uint32_t edge, next; /* next: of the same edge and profile */
    uint8_t profile;
} Place;

enum { AHEAD = 16 };

struct GeoNearRoad {
    const GeoRoads *roads; /* borrowed */
    size_t n;
    Place *place;
    uint32_t base[GEO_N_PROFILES + 1]; /* first state of each profile among all */
    /* Of each profile and edge its first unit, of each state its first entry: where + its number;
     * below where: none. */
    uint32_t *on_edge, *at_state;
    uint32_t where;   /* of this filling */
    double *length_m; /* of each edge: beside each other, for the filling */
    Entry *entries;
    uint32_t n_entries, room;
    bool present[GEO_N_PROFILES];
    uint32_t stamp; /* of the roads that the lists are of */
    GeoNearLabels *first[GEO_N_PROFILES];
    size_t n_first; /* units that each state was told of; 0: not prepared */
    Label *labels;
    uint32_t query;
    GeoHeap heap;
    /* for the visits of states */
    GeoNearLabel now;
    int profile;
};

GeoNearRoad *geo_near_road_new(const GeoRoads *roads, const uint8_t *profile, size_t n)
{
    GeoNearRoad *near = g_new0(GeoNearRoad, 1);
    near->roads = roads;
    near->n = n;
    near->place = g_new(Place, MAX(n, 1));
    for (size_t i = 0; i < n; i++)
        near->place[i] = (Place){.edge = GEO_ARCS_NONE, .profile = profile[i]};
    return near;
}

static void forget_first(GeoNearRoad *near)
{
    for (int p = 0; p < GEO_N_PROFILES; p++)
        g_clear_pointer(&near->first[p], geo_near_labels_free);
    near->n_first = 0;
}

void geo_near_road_free(GeoNearRoad *near)
{
    if (!near)
        return;
    g_free(near->place);
    g_free(near->on_edge);
    g_free(near->at_state);
    g_free(near->length_m);
    g_free(near->labels);
    forget_first(near);
    g_free(near->entries);
    geo_heap_clear(&near->heap);
    g_free(near);
}

/* ---- units ---- */

/* The roads have other states than before. */
static void fit_states(GeoNearRoad *near)
{
    const GeoRoads *roads = near->roads;
    for (int p = 0; p < GEO_N_PROFILES; p++)
        near->base[p + 1] = near->base[p] + roads->arcs[p]->n;
    g_free(near->on_edge);
    g_free(near->at_state);
    g_free(near->length_m);
    g_free(near->labels);
    forget_first(near);
    near->on_edge = g_new0(uint32_t, GEO_N_PROFILES * (size_t)roads->n_edges + 1);
    near->at_state = g_new0(uint32_t, near->base[GEO_N_PROFILES] + 1);
    near->length_m = g_new(double, roads->n_edges + 1);
    for (uint32_t i = 0; i < roads->n_edges; i++)
        near->length_m[i] = roads->edges[i].length_m;
    near->labels = g_new0(Label, near->base[GEO_N_PROFILES] + 1);
    near->where = 1;
    near->query = 0;
    near->stamp = roads->stamp;
}

static void stand_at(uint32_t state, void *user)
{
    GeoNearRoad *near = user;
    uint32_t *first = &near->at_state[near->base[near->profile] + state];
    if (near->n_entries == near->room) {
        near->room = MAX(2 * near->room, 1024);
        near->entries = g_renew(Entry, near->entries, near->room);
    }
    near->entries[near->n_entries] = (Entry){near->now.unit, *first};
    *first = near->where + near->n_entries++;
}

static inline uint32_t *on_edge(GeoNearRoad *near, int profile, uint32_t edge)
{
    return &near->on_edge[(size_t)profile * near->roads->n_edges + edge];
}

/* Units come in no order of their own: their edges are asked for while others are hung up. */
static inline void look_ahead(GeoNearRoad *near, size_t i, int64_t edge)
{
    if (edge < 0 || edge >= near->roads->n_edges)
        return;
    __builtin_prefetch(on_edge(near, near->place[i].profile, (uint32_t)edge), 1);
    __builtin_prefetch(&near->length_m[edge]);
}

/* Numbers of earlier fillings say nothing any more. */
static void forget_units(GeoNearRoad *near)
{
    uint32_t used = MAX((uint32_t)near->n, near->n_entries);
    near->n_first = 0;
    near->n_entries = 0;
    near->where += used;
    if (near->where > UINT32_MAX / 2) {
        memset(near->on_edge, 0,
               GEO_N_PROFILES * (size_t)near->roads->n_edges * sizeof *near->on_edge);
        memset(near->at_state, 0, near->base[GEO_N_PROFILES] * sizeof *near->at_state);
        near->where = 1;
    }
    memset(near->present, 0, sizeof near->present);
}

/* At the very end of its edge: it stands at the node. */
static void hang_at_nodes(GeoNearRoad *near, uint32_t i)
{
    const Place *place = &near->place[i];
    const GeoRoadEdge *edge = &near->roads->edges[place->edge];
    GeoProfile profile = (GeoProfile)place->profile;
    near->profile = place->profile;
    near->now.unit = i;
    geo_arcs_at(near->roads, profile, place->offset_m <= 0 ? edge->from : edge->to, stand_at, near);
    if (edge->length_m <= 0)
        geo_arcs_at(near->roads, profile, edge->to, stand_at, near);
}

static inline void hang(GeoNearRoad *near, uint32_t i)
{
    Place *place = &near->place[i];
    if (place->edge == GEO_ARCS_NONE)
        return;
    uint32_t *first = on_edge(near, place->profile, place->edge);
    place->next = *first;
    *first = near->where + i;
    near->present[place->profile] = true;
    if (place->offset_m <= 0 || place->offset_m >= near->length_m[place->edge])
        hang_at_nodes(near, i);
}

static void begin_filling(GeoNearRoad *near)
{
    if (!near->on_edge || near->stamp != near->roads->stamp)
        fit_states(near);
    forget_units(near);
}

void geo_near_road_put(GeoNearRoad *near, const GeoSnap *snap, const uint8_t *usable)
{
    begin_filling(near);
    for (uint32_t i = 0; i < near->n; i++) {
        Place *place = &near->place[i];
        if (i + AHEAD < near->n)
            look_ahead(near, i + AHEAD, snap[i + AHEAD].edge);
        bool can = usable[i] && snap[i].edge >= 0;
        place->edge = can ? (uint32_t)snap[i].edge : GEO_ARCS_NONE;
        place->offset_m = snap[i].offset_m;
        place->off_m = snap[i].off_m;
        hang(near, i);
    }
}

/* The same units once more: roads were closed, or the hour has changed. */
static void refill(GeoNearRoad *near)
{
    begin_filling(near);
    for (uint32_t i = 0; i < near->n; i++)
        hang(near, i);
}

/* What a unit needs to the end of its edge that a direction leads to. */
static inline double rest_m(const GeoRoadEdge *edge, const Place *place, GeoArcId arc)
{
    return arc & 1 ? place->offset_m : edge->length_m - place->offset_m;
}

static inline double rest_s(const GeoRoadEdge *edge, const Place *place, double metres)
{
    return metres * edge->pace_spm[place->profile] + place->off_m / GEO_ROAD_WALK_MPS;
}

/* ---- who is first everywhere ---- */

static void tell_state(uint32_t state, void *user)
{
    GeoNearRoad *near = user;
    geo_near_labels_add(near->first[near->profile], state, near->now);
}

/* Along a direction to its end; at the very end of the edge the unit is at the node, whatever the
 * edge allows. */
static void tell_ahead(GeoNearRoad *near, const Place *place, GeoArcId arc)
{
    const GeoRoads *roads = near->roads;
    const GeoRoadEdge *edge = &roads->edges[place->edge];
    GeoProfile profile = (GeoProfile)place->profile;
    double metres = rest_m(edge, place, arc);
    near->now.time_s = rest_s(edge, place, metres);
    near->now.metres = (float)(metres + place->off_m);
    if (metres <= 0)
        geo_arcs_at(roads, profile, arc & 1 ? edge->from : edge->to, tell_state, near);
    else if (roads->arcs[profile]->tail[arc] != GEO_ARCS_NONE)
        geo_arcs_heads(roads, profile, arc, tell_state, near);
}

void geo_near_road_prepare(GeoNearRoad *near, size_t k)
{
    if (!near->on_edge || near->stamp != near->roads->stamp)
        refill(near);
    for (int p = 0; p < GEO_N_PROFILES; p++) {
        if (!near->first[p])
            near->first[p] = geo_near_labels_new(near->roads, (GeoProfile)p);
        geo_near_labels_begin(near->first[p], near->present[p] ? k : 0);
    }
    for (uint32_t i = 0; i < near->n; i++) {
        const Place *place = &near->place[i];
        if (place->edge == GEO_ARCS_NONE)
            continue;
        near->profile = place->profile;
        near->now.unit = i;
        tell_ahead(near, place, 2 * place->edge);
        tell_ahead(near, place, 2 * place->edge + 1);
    }
    for (int p = 0; p < GEO_N_PROFILES; p++)
        geo_near_labels_spread(near->first[p]);
    near->n_first = k;
}

size_t geo_near_road_prepared(const GeoNearRoad *near)
{
    return near->stamp == near->roads->stamp ? near->n_first : 0;
}

/* ---- the search ---- */

typedef struct {
    GeoNearRoad *near;
    GeoNearHit *hits; /* soonest first */
    size_t n, k;
    double most_s; /* later than this is not looked for; the k-th, once there are k */
    double time_s; /* for the visits of states */
    float metres;
} Search;

/* Equally soon ones stay as they came. */
static void offer(Search *search, uint32_t unit, double time_s, double metres)
{
    size_t n = search->n, at = 0;
    while (at < n && search->hits[at].unit != unit)
        at++;
    if (at < n) {
        if (search->hits[at].travel_s <= time_s)
            return;
    } else if (n < search->k) {
        at = search->n++;
    } else {
        at = n - 1;
    }
    for (; at > 0 && search->hits[at - 1].travel_s > time_s; at--)
        search->hits[at] = search->hits[at - 1];
    search->hits[at] = (GeoNearHit){unit, time_s, metres};
    if (search->n == search->k)
        search->most_s = MIN(search->most_s, search->hits[search->n - 1].travel_s);
}

static inline void reach(Search *search, uint32_t id, double time_s, float metres)
{
    GeoNearRoad *near = search->near;
    Label *label = &near->labels[id];
    uint32_t now = 2 * near->query;
    if (time_s > search->most_s || label->seen == now + 1 ||
        (label->seen == now && label->time_s <= time_s))
        return;
    *label = (Label){time_s, metres, now};
    geo_heap_push(&near->heap, time_s, id);
}

/* All that a state was told of. */
static void read_first(Search *search, uint32_t state)
{
    const GeoNearRoad *near = search->near;
    const GeoNearLabel *label = geo_near_labels_at(near->first[near->profile], state);
    for (size_t i = 0; i < near->n_first && label[i].unit != GEO_ARCS_NONE; i++) {
        double time_s = search->time_s + label[i].time_s;
        if (time_s > search->most_s)
            break;
        offer(search, label[i].unit, time_s, (double)search->metres + (double)label[i].metres);
    }
}

static void reach_at(uint32_t state, void *user)
{
    Search *search = user;
    GeoNearRoad *near = search->near;
    if (near->n_first >= search->k) {
        read_first(search, state);
        return;
    }
    reach(search, near->base[near->profile] + state, search->time_s, search->metres);
}

static void begin_at(Search *search, GeoProfile profile, GeoArcId arc, uint32_t node,
                     double along_m, double gap_m)
{
    GeoNearRoad *near = search->near;
    double pace = near->roads->edges[arc / 2].pace_spm[profile];
    near->profile = (int)profile;
    search->time_s = gap_m / GEO_ROAD_WALK_MPS + along_m * pace;
    search->metres = (float)(gap_m + along_m);
    geo_arcs_tails(near->roads, profile, arc, reach_at, search);
    if (along_m <= 0)
        geo_arcs_at(near->roads, profile, node, reach_at, search);
}

/* A unit on the place's own edge drives along it, if it may. */
static void offer_beside(Search *search, uint32_t unit, const GeoSnap *place)
{
    const GeoNearRoad *near = search->near;
    const Place *from = &near->place[unit];
    const GeoRoadEdge *edge = &near->roads->edges[place->edge];
    double ahead = place->offset_m - from->offset_m;
    if (ahead != 0 && !geo_road_may(edge, (GeoProfile)from->profile, ahead < 0))
        return;
    double gap_m = place->off_m + from->off_m;
    double time_s = gap_m / GEO_ROAD_WALK_MPS + fabs(ahead) * edge->pace_spm[from->profile];
    if (time_s <= search->most_s)
        offer(search, unit, time_s, gap_m + fabs(ahead));
}

static void begin(Search *search, GeoProfile profile, const GeoSnap *place)
{
    GeoNearRoad *near = search->near;
    const GeoRoadEdge *edge = &near->roads->edges[place->edge];
    GeoArcId arc = 2 * (uint32_t)place->edge;
    begin_at(search, profile, arc, edge->from, place->offset_m, place->off_m);
    begin_at(search, profile, arc + 1, edge->to, edge->length_m - place->offset_m, place->off_m);
    for (uint32_t at = *on_edge(near, (int)profile, arc / 2); at >= near->where;) {
        uint32_t unit = at - near->where;
        offer_beside(search, unit, place);
        at = near->place[unit].next;
    }
}

/* Who stands on an edge drives along it to its end, where the search has come to. */
static void offer_along(Search *search, uint32_t at, GeoArcId arc, const Label *end)
{
    const GeoNearRoad *near = search->near;
    const GeoRoadEdge *edge = &near->roads->edges[arc / 2];
    while (at >= near->where) {
        uint32_t unit = at - near->where;
        const Place *place = &near->place[unit];
        double metres = rest_m(edge, place, arc);
        double time_s = end->time_s + rest_s(edge, place, metres);
        if (time_s <= search->most_s)
            offer(search, unit, time_s, (double)end->metres + metres + place->off_m);
        at = place->next;
    }
}

static void offer_standing(Search *search, uint32_t at, const Label *here)
{
    const GeoNearRoad *near = search->near;
    while (at >= near->where) {
        const Entry *entry = &near->entries[at - near->where];
        double off_m = near->place[entry->unit].off_m;
        double time_s = here->time_s + off_m / GEO_ROAD_WALK_MPS;
        if (time_s <= search->most_s)
            offer(search, entry->unit, time_s, (double)here->metres + off_m);
        at = entry->next;
    }
}

static inline void settle(Search *search, uint32_t id, Label label)
{
    GeoNearRoad *near = search->near;
    int p = id >= near->base[2] ? 2 : id >= near->base[1] ? 1 : 0;
    const GeoArcs *arcs = near->roads->arcs[p];
    uint32_t base = near->base[p], state = id - base;
    const uint32_t *edges = on_edge(near, p, 0);
    if (near->at_state[id] >= near->where)
        offer_standing(search, near->at_state[id], &label);
    for (uint32_t i = arcs->into0[state], end = arcs->into0[state + 1]; i < end; i++) {
        const GeoArc *arc = &arcs->into[i];
        uint32_t at = edges[arc->arc / 2];
        /* Who stands on a way between is not known to have come by a way that bans the turn. */
        if (at >= near->where && arcs->tail[arc->arc] == arc->state)
            offer_along(search, at, arc->arc, &label);
        reach(search, base + arc->state, label.time_s + arc->time_s,
              label.metres + arcs->into_m[i]);
    }
}

size_t geo_near_road_within(GeoNearRoad *near, const GeoSnap place[GEO_N_PROFILES], double most_s,
                            size_t k, GeoNearHit *hits)
{
    Search search = {.near = near, .hits = hits, .k = k, .most_s = most_s};
    if (k == 0)
        return 0;
    if (!near->on_edge || near->stamp != near->roads->stamp)
        refill(near);
    if (++near->query >= UINT32_MAX / 2) {
        memset(near->labels, 0, near->base[GEO_N_PROFILES] * sizeof(Label));
        near->query = 1;
    }
    near->heap.n = 0;
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        if (near->present[profile] && place[profile].edge >= 0)
            begin(&search, (GeoProfile)profile, &place[profile]);
    while (near->heap.n > 0 && near->heap.items[0].key <= search.most_s) {
        uint32_t id = geo_heap_pop(&near->heap).id;
        Label *label = &near->labels[id];
        if (label->seen & 1)
            continue;
        label->seen++;
        settle(&search, id, *label);
    }
    return search.n;
}
