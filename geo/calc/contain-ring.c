/* SPDX-License-Identifier: GPL-3.0-or-later */
/* His times by Dijkstra over the crossings; units' times by one Dijkstra from all of them, bounded
 * to the ground from which one can come in time. */
#include "geo/calc/contain-ring.h"

#include <math.h>

static void reach(GeoContain *contain, GeoContainLabel *labels, uint32_t id, double time_s)
{
    GeoContainLabel *label = &labels[id];
    uint32_t now = 2 * contain->search;
    if (label->seen == now + 1 || (label->seen == now && label->time_s <= time_s))
        return;
    *label = (GeoContainLabel){time_s, now};
    geo_heap_push(&contain->heap, time_s, id);
}

static void new_search(GeoContain *contain)
{
    contain->search++;
    contain->heap.n = 0;
}

/* ---- how far he can be ---- */

bool geo_ring_he_may(const GeoRing *ring, const GeoRoadEdge *edge, bool backwards)
{
    bool may = geo_road_may(edge, ring->ask->profile, backwards);
    return may || (ring->ask->any_way && geo_road_may(edge, ring->ask->profile, !backwards));
}

static void begin_him(GeoRing *ring)
{
    GeoContain *contain = ring->contain;
    const GeoSnap *place = &ring->ask->place;
    const GeoRoadEdge *edge = &contain->roads->edges[place->edge];
    double pace = edge->pace_spm[ring->ask->profile];
    double gap_s = place->off_m / GEO_ROAD_WALK_MPS, rest = edge->length_m - place->offset_m;
    new_search(contain);
    if (geo_ring_he_may(ring, edge, false) || rest <= 0)
        reach(contain, contain->he, edge->to, gap_s + rest * pace);
    if (geo_ring_he_may(ring, edge, true) || place->offset_m <= 0)
        reach(contain, contain->he, edge->from, gap_s + place->offset_m * pace);
}

/* Settles crossings in the order he can reach them; those beyond the horizon end it. */
bool geo_ring_find(GeoRing *ring, GeoProgress *progress, GError **error)
{
    GeoContain *contain = ring->contain;
    const GeoRoads *roads = contain->roads;
    double until_s = ring->ask->elapsed_s + ring->ask->horizon_s;
    begin_him(ring);
    while (contain->heap.n > 0) {
        uint32_t node = geo_heap_pop(&contain->heap).id;
        GeoContainLabel *label = &contain->he[node];
        if (label->seen & 1)
            continue;
        label->seen++;
        GeoCrossing crossing = {.node = node,
                                .he_s = label->time_s,
                                .unit_s = INFINITY,
                                .free_s = INFINITY,
                                .beyond = label->time_s > until_s};
        g_array_append_val(ring->crossings, crossing);
        geo_box_add(&ring->box, roads->nodes[node]);
        contain->at[node] = ring->crossings->len;
        if (ring->crossings->len % 4096 == 0 && !geo_progress_step(progress, 0.2, error))
            return false;
        if (crossing.beyond)
            continue;
        for (uint32_t i = roads->star0[node]; i < roads->star0[node + 1]; i++) {
            const GeoRoadEdge *edge = &roads->edges[roads->star[i]];
            bool backwards = edge->from != node;
            if (geo_ring_he_may(ring, edge, backwards))
                reach(contain, contain->he, backwards ? edge->from : edge->to,
                      label->time_s + edge->length_m * edge->pace_spm[ring->ask->profile]);
        }
    }
    return true;
}

/* ---- where units are before him ---- */

static bool lies_in(const GeoBox *box, GeoXY p, double by_m)
{
    return p.x >= box->min_x - by_m && p.x <= box->max_x + by_m && p.y >= box->min_y - by_m &&
           p.y <= box->max_y + by_m;
}

static void begin_unit(GeoRing *ring, size_t i, double within_s)
{
    GeoContain *contain = ring->contain;
    const GeoRoads *roads = contain->roads;
    const GeoSnap *snap = &ring->units->snap[i];
    int p = ring->units->profile[i];
    const GeoRoadEdge *edge = &roads->edges[snap->edge];
    double pace = edge->pace_spm[p], gap_s = snap->off_m / GEO_ROAD_WALK_MPS;
    double rest = edge->length_m - snap->offset_m;
    double ahead_s = gap_s + rest * pace, back_s = gap_s + snap->offset_m * pace;
    uint32_t base = (uint32_t)p * roads->n_nodes;
    if ((geo_road_may(edge, (GeoProfile)p, false) || rest <= 0) && ahead_s <= within_s)
        reach(contain, contain->unit, base + edge->to, ahead_s);
    if ((geo_road_may(edge, (GeoProfile)p, true) || snap->offset_m <= 0) && back_s <= within_s)
        reach(contain, contain->unit, base + edge->from, back_s);
}

/* Nobody who takes no longer than within_s comes from outside the box, wider by what he makes in
 * that time. */
static bool race_units(GeoRing *ring, double within_s, GeoProgress *progress, GError **error)
{
    GeoContain *contain = ring->contain;
    const GeoRoads *roads = contain->roads;
    uint32_t n_settled = 0;
    double by_m[GEO_N_PROFILES];
    for (int p = 0; p < GEO_N_PROFILES; p++)
        by_m[p] = contain->fastest_mps[p] * within_s + 1;
    new_search(contain);
    for (size_t i = 0; i < ring->units->n; i++)
        if (ring->units->usable[i] && !ring->taken[i] && ring->units->snap[i].edge >= 0 &&
            lies_in(&ring->box, ring->units->snap[i].at, by_m[ring->units->profile[i]]))
            begin_unit(ring, i, within_s);
    while (contain->heap.n > 0) {
        GeoHeapItem item = geo_heap_pop(&contain->heap);
        GeoContainLabel *label = &contain->unit[item.id];
        if (label->seen & 1)
            continue;
        label->seen++;
        if (++n_settled % 8192 == 0 && !geo_progress_step(progress, 0.5, error))
            return false;
        uint32_t p = item.id / roads->n_nodes, node = item.id % roads->n_nodes;
        uint32_t at = contain->at[node];
        if (at) {
            GeoCrossing *crossing = &g_array_index(ring->crossings, GeoCrossing, at - 1);
            crossing->free_s = MIN(crossing->free_s, ring->ask->elapsed_s + item.key);
        }
        for (uint32_t i = roads->star0[node]; i < roads->star0[node + 1]; i++) {
            const GeoRoadEdge *edge = &roads->edges[roads->star[i]];
            bool backwards = edge->from != node;
            uint32_t next = backwards ? edge->from : edge->to;
            double time_s = item.key + geo_road_cost_s(edge, (GeoProfile)p);
            if (geo_road_may(edge, (GeoProfile)p, backwards) && time_s <= within_s &&
                lies_in(&ring->box, roads->nodes[next], by_m[p]))
                reach(contain, contain->unit, p * roads->n_nodes + next, time_s);
        }
    }
    return true;
}

/* Whether a unit is there before him is known of every crossing. */
static bool is_decided(const GeoRing *ring, double within_s)
{
    const GeoContainAsk *ask = ring->ask;
    for (guint i = 0; i < ring->crossings->len; i++) {
        const GeoCrossing *crossing = &g_array_index(ring->crossings, GeoCrossing, i);
        if (!isfinite(crossing->free_s) && !crossing->kept &&
            crossing->he_s - ask->margin_s - ask->elapsed_s > within_s)
            return false;
    }
    return true;
}

/* In a full city everything is met within a minute; only where it is not is farther looked. */
bool geo_ring_race(GeoRing *ring, GeoProgress *progress, GError **error)
{
    static const double spans_s[] = {30, 60, 120, INFINITY};
    double most_s = 0; /* who comes later than he to the last crossing is no help */
    for (guint i = 0; i < ring->crossings->len; i++) {
        GeoCrossing *crossing = &g_array_index(ring->crossings, GeoCrossing, i);
        crossing->free_s = INFINITY;
        most_s = MAX(most_s, crossing->he_s - ring->ask->elapsed_s);
    }
    for (size_t k = 0; k < G_N_ELEMENTS(spans_s); k++) {
        double within_s = MIN(spans_s[k], most_s);
        if (!race_units(ring, within_s, progress, error))
            return false;
        if (spans_s[k] >= most_s || is_decided(ring, within_s))
            break;
    }
    return true;
}
