/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest by road: one Dijkstra against the direction of travel, from the place outwards, over the
 * states of all profiles in one queue, so that foot, e-bike and car race each other. A unit hangs
 * on the states that it can drive to first; when one of those is settled the unit is a candidate,
 * and the search stops when nothing in the queue can come before the k-th. About k * nodes / units
 * states are settled. Once geo_near_road_prepare() has told every state who is there first, nothing
 * is searched: the states that lead to the place are read.
 * Labels carry the number of the query they belong to and the lists of units that of their filling,
 * so that nothing is cleared between queries or ticks. */
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

/* A unit at a state that it reaches first. */
typedef struct {
    double time_s;
    float metres;
    uint32_t unit, next; /* next: of the same state */
    uint32_t edge;
} Entry;

/* A unit on its edge; edge NONE: it cannot be sent. */
typedef struct {
    double offset_m, off_m;
    uint32_t edge;
    uint8_t profile;
} Place;

enum { AHEAD = 8 };

struct GeoNearRoad {
    const GeoRoads *roads; /* borrowed */
    size_t n;
    Place *place;
    uint32_t base[GEO_N_PROFILES + 1]; /* first state of each profile among all */
    uint32_t *head; /* of each state: where + number of its first entry; below where: none */
    uint32_t where; /* of this filling */
    Entry *entries;
    uint32_t n_entries, room;
    GArray *alone; /* uint32_t: units that reach no state at all */
    bool present[GEO_N_PROFILES];
    uint32_t stamp; /* of the roads that the entries are of */
    GeoNearLabels *first[GEO_N_PROFILES];
    size_t n_first; /* units that each state was told of; 0: not prepared */
    Label *labels;
    uint32_t query;
    GeoHeap heap;
    /* for the visits of states */
    Entry now;
    int profile;
    guint added;
};

GeoNearRoad *geo_near_road_new(const GeoRoads *roads, const uint8_t *profile, size_t n)
{
    GeoNearRoad *near = g_new0(GeoNearRoad, 1);
    near->roads = roads;
    near->n = n;
    near->place = g_new(Place, MAX(n, 1));
    for (size_t i = 0; i < n; i++)
        near->place[i] = (Place){.edge = GEO_ARCS_NONE, .profile = profile[i]};
    near->alone = g_array_new(FALSE, FALSE, sizeof(uint32_t));
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
    g_free(near->head);
    g_free(near->labels);
    forget_first(near);
    g_free(near->entries);
    g_array_unref(near->alone);
    geo_heap_clear(&near->heap);
    g_free(near);
}

/* ---- units ---- */

/* The roads have other states than before. */
static void fit_states(GeoNearRoad *near)
{
    for (int p = 0; p < GEO_N_PROFILES; p++)
        near->base[p + 1] = near->base[p] + near->roads->arcs[p]->n;
    g_free(near->head);
    g_free(near->labels);
    forget_first(near);
    near->head = g_new0(uint32_t, near->base[GEO_N_PROFILES] + 1);
    near->labels = g_new0(Label, near->base[GEO_N_PROFILES] + 1);
    near->where = 1;
    near->query = 0;
    near->stamp = near->roads->stamp;
}

static inline void hang(GeoNearRoad *near, uint32_t state)
{
    uint32_t *head = &near->head[near->base[near->profile] + state];
    near->now.next = *head;
    *head = near->where + near->n_entries;
    if (near->n_entries == near->room) {
        near->room = MAX(2 * near->room, 1024);
        near->entries = g_renew(Entry, near->entries, near->room);
    }
    near->entries[near->n_entries++] = near->now;
    near->added++;
}

static void hang_at(uint32_t state, void *user)
{
    hang(user, state);
}

/* Along a direction to its end; at the very end of the edge the unit is at the node, whatever the
 * edge allows. */
static void hang_ahead(GeoNearRoad *near, const Place *place, GeoArcId arc, double rest_m)
{
    const GeoRoads *roads = near->roads;
    const GeoArcs *arcs = roads->arcs[place->profile];
    const GeoRoadEdge *edge = &roads->edges[place->edge];
    GeoProfile profile = (GeoProfile)place->profile;
    uint32_t node = arc & 1 ? edge->from : edge->to;
    near->now.time_s = rest_m * edge->pace_spm[profile] + place->off_m / GEO_ROAD_WALK_MPS;
    near->now.metres = (float)(rest_m + place->off_m);
    bool plain = arcs->split[node] == GEO_ARCS_NONE;
    if (arcs->tail[arc] != GEO_ARCS_NONE || rest_m <= 0) {
        if (plain)
            hang(near, node);
        else if (rest_m <= 0)
            geo_arcs_at(roads, profile, node, hang_at, near);
        else
            geo_arcs_heads(roads, profile, arc, hang_at, near);
    }
}

/* Units come in no order of their own: their edges, and then the heads of their ends, are asked for
 * while others are hung up. */
static void look_ahead(const GeoNearRoad *near, size_t i)
{
    const Place *place = i + 2 * AHEAD < near->n ? &near->place[i + 2 * AHEAD] : NULL;
    if (place && place->edge != GEO_ARCS_NONE)
        __builtin_prefetch(&near->roads->edges[place->edge]);
    place = i + AHEAD < near->n ? &near->place[i + AHEAD] : NULL;
    if (!place || place->edge == GEO_ARCS_NONE)
        return;
    const GeoRoadEdge *edge = &near->roads->edges[place->edge];
    const GeoArcs *arcs = near->roads->arcs[place->profile];
    const uint32_t *head = &near->head[near->base[place->profile]];
    __builtin_prefetch(&head[edge->from], 1);
    __builtin_prefetch(&head[edge->to], 1);
    __builtin_prefetch(&arcs->split[edge->from]);
    __builtin_prefetch(&arcs->split[edge->to]);
    __builtin_prefetch(&arcs->tail[2 * place->edge]);
}

static void fill(GeoNearRoad *near)
{
    if (!near->head || near->stamp != near->roads->stamp)
        fit_states(near);
    near->n_first = 0;
    near->where += near->n_entries;
    if (near->where > UINT32_MAX / 2) {
        memset(near->head, 0, near->base[GEO_N_PROFILES] * sizeof *near->head);
        near->where = 1;
    }
    near->n_entries = 0;
    g_array_set_size(near->alone, 0);
    memset(near->present, 0, sizeof near->present);
    for (uint32_t i = 0; i < near->n; i++) {
        const Place *place = &near->place[i];
        look_ahead(near, i);
        if (place->edge == GEO_ARCS_NONE)
            continue;
        double length = near->roads->edges[place->edge].length_m;
        near->profile = place->profile;
        near->now.unit = i;
        near->now.edge = place->edge;
        near->added = 0;
        hang_ahead(near, place, 2 * place->edge, length - place->offset_m);
        hang_ahead(near, place, 2 * place->edge + 1, place->offset_m);
        near->present[place->profile] = true;
        if (near->added == 0)
            g_array_append_val(near->alone, i);
    }
}

void geo_near_road_put(GeoNearRoad *near, const GeoSnap *snap, const uint8_t *usable)
{
    for (size_t i = 0; i < near->n; i++) {
        Place *place = &near->place[i];
        bool can = usable[i] && snap[i].edge >= 0;
        place->edge = can ? (uint32_t)snap[i].edge : GEO_ARCS_NONE;
        place->offset_m = snap[i].offset_m;
        place->off_m = snap[i].off_m;
    }
    fill(near);
}

/* ---- who is first everywhere ---- */

static void tell_states(GeoNearRoad *near, int p, size_t k)
{
    if (!near->first[p])
        near->first[p] = geo_near_labels_new(near->roads, (GeoProfile)p);
    geo_near_labels_begin(near->first[p], k);
    for (uint32_t state = 0; state < near->roads->arcs[p]->n; state++)
        for (uint32_t at = near->head[near->base[p] + state]; at >= near->where;) {
            const Entry *entry = &near->entries[at - near->where];
            geo_near_labels_add(near->first[p], state,
                                (GeoNearLabel){entry->time_s, entry->metres, entry->unit});
            at = entry->next;
        }
    geo_near_labels_spread(near->first[p]);
}

void geo_near_road_prepare(GeoNearRoad *near, size_t k)
{
    if (!near->head || near->stamp != near->roads->stamp)
        fill(near);
    for (int p = 0; p < GEO_N_PROFILES; p++)
        if (near->present[p])
            tell_states(near, p, k);
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
    if (from->edge != (uint32_t)place->edge ||
        (ahead != 0 && !geo_road_may(edge, (GeoProfile)from->profile, ahead < 0)))
        return;
    double gap_m = place->off_m + from->off_m;
    double time_s = gap_m / GEO_ROAD_WALK_MPS + fabs(ahead) * edge->pace_spm[from->profile];
    if (time_s <= search->most_s)
        offer(search, unit, time_s, gap_m + fabs(ahead));
}

typedef struct {
    Search *search;
    const GeoSnap *place;
} Beside;

static void offer_hanging(uint32_t state, void *user)
{
    const Beside *beside = user;
    const GeoNearRoad *near = beside->search->near;
    uint32_t at = near->head[near->base[near->profile] + state];
    while (at >= near->where) {
        const Entry *entry = &near->entries[at - near->where];
        if (entry->edge == (uint32_t)beside->place->edge)
            offer_beside(beside->search, entry->unit, beside->place);
        at = entry->next;
    }
}

static void begin(Search *search, GeoProfile profile, const GeoSnap *place)
{
    GeoNearRoad *near = search->near;
    const GeoRoadEdge *edge = &near->roads->edges[place->edge];
    GeoArcId arc = 2 * (uint32_t)place->edge;
    Beside beside = {search, place};
    begin_at(search, profile, arc, edge->from, place->offset_m, place->off_m);
    begin_at(search, profile, arc + 1, edge->to, edge->length_m - place->offset_m, place->off_m);
    geo_arcs_at(near->roads, profile, edge->to, offer_hanging, &beside);
    geo_arcs_at(near->roads, profile, edge->from, offer_hanging, &beside);
    for (guint i = 0; i < near->alone->len; i++) {
        uint32_t unit = g_array_index(near->alone, uint32_t, i);
        if (near->place[unit].profile == profile)
            offer_beside(search, unit, place);
    }
}

static inline void settle(Search *search, uint32_t id, const Label *label)
{
    GeoNearRoad *near = search->near;
    int p = id >= near->base[2] ? 2 : id >= near->base[1] ? 1 : 0;
    const GeoArcs *arcs = near->roads->arcs[p];
    uint32_t base = near->base[p], state = id - base;
    double time_s = label->time_s;
    float metres = label->metres;
    for (uint32_t at = near->head[id]; at >= near->where;) {
        const Entry *entry = &near->entries[at - near->where];
        if (time_s + entry->time_s <= search->most_s)
            offer(search, entry->unit, time_s + entry->time_s,
                  (double)metres + (double)entry->metres);
        at = entry->next;
    }
    for (uint32_t i = arcs->into0[state], end = arcs->into0[state + 1]; i < end; i++) {
        const GeoArc *arc = &arcs->into[i];
        reach(search, base + arc->state, time_s + arc->time_s, metres + arcs->into_m[i]);
    }
}

size_t geo_near_road_within(GeoNearRoad *near, const GeoSnap place[GEO_N_PROFILES], double most_s,
                            size_t k, GeoNearHit *hits)
{
    Search search = {.near = near, .hits = hits, .k = k, .most_s = most_s};
    if (k == 0)
        return 0;
    if (!near->head || near->stamp != near->roads->stamp)
        fill(near); /* roads were closed, or the hour has changed */
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
        settle(&search, id, label);
    }
    return search.n;
}
