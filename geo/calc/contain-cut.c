/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A flow through the crossings, where a crossing that a unit reaches before him lets one unit of
 * flow pass, one that stays open very many, and any other no end of it. */
#include "geo/calc/contain-ring.h"

#include <string.h>

#define NONE UINT32_MAX
#define OPEN 100000 /* an open way weighs more than all posts */
#define ENDLESS 1000000000

static bool may_hold(const GeoRing *ring, const GeoCrossing *crossing)
{
    return !crossing->refused && crossing->free_s + ring->ask->margin_s <= crossing->he_s;
}

typedef void (*EachPipe)(GeoRing *ring, uint32_t from, uint32_t to, int room, uint32_t *next);

static void count_pipe(GeoRing *ring, uint32_t from, uint32_t to, int room, uint32_t *next)
{
    ring->pipe0[from + 1]++;
    ring->pipe0[to + 1]++;
}

static void put_pipe(GeoRing *ring, uint32_t from, uint32_t to, int room, uint32_t *next)
{
    uint32_t there = next[from]++, back = next[to]++;
    ring->pipes[there] = (GeoContainPipe){to, room};
    ring->pipes[back] = (GeoContainPipe){from, 0};
    ring->pair[there] = back;
    ring->pair[back] = there;
}

static void each_pipe(GeoRing *ring, EachPipe call, uint32_t *next)
{
    const GeoContain *contain = ring->contain;
    const GeoRoads *roads = contain->roads;
    const GeoRoadEdge *first = &roads->edges[ring->ask->place.edge];
    for (uint32_t c = 0; c < ring->crossings->len; c++) {
        const GeoCrossing *crossing = &g_array_index(ring->crossings, GeoCrossing, c);
        int room = crossing->kept ? 0 : may_hold(ring, crossing) ? 1 : ENDLESS;
        call(ring, 2 * c, 2 * c + 1, room, next);
        if (crossing->beyond) {
            call(ring, 2 * c + 1, ring->drain, OPEN, next);
            continue;
        }
        for (uint32_t i = roads->star0[crossing->node]; i < roads->star0[crossing->node + 1]; i++) {
            const GeoRoadEdge *edge = &roads->edges[roads->star[i]];
            bool backwards = edge->from != crossing->node;
            uint32_t to = contain->at[backwards ? edge->from : edge->to];
            if (to && geo_ring_he_may(ring, edge, backwards))
                call(ring, 2 * c + 1, 2 * (to - 1), ENDLESS, next);
        }
    }
    uint32_t to = contain->at[first->to], from = contain->at[first->from];
    if (to && (geo_ring_he_may(ring, first, false) || ring->ask->place.offset_m >= first->length_m))
        call(ring, ring->source, 2 * (to - 1), ENDLESS, next);
    if (from && (geo_ring_he_may(ring, first, true) || ring->ask->place.offset_m <= 0))
        call(ring, ring->source, 2 * (from - 1), ENDLESS, next);
}

static void lay_pipes(GeoRing *ring)
{
    ring->source = 2 * ring->crossings->len;
    ring->drain = ring->source + 1;
    ring->n = ring->drain + 1;
    ring->pipe0 = g_renew(uint32_t, ring->pipe0, ring->n + 1);
    memset(ring->pipe0, 0, (ring->n + 1) * sizeof *ring->pipe0);
    each_pipe(ring, count_pipe, NULL);
    for (uint32_t i = 0; i < ring->n; i++)
        ring->pipe0[i + 1] += ring->pipe0[i];
    ring->pipes = g_renew(GeoContainPipe, ring->pipes, ring->pipe0[ring->n] + 1);
    ring->pair = g_renew(uint32_t, ring->pair, ring->pipe0[ring->n] + 1);
    ring->came = g_renew(uint32_t, ring->came, ring->n);
    ring->queue = g_renew(uint32_t, ring->queue, ring->n);
    g_autofree uint32_t *next = g_memdup2(ring->pipe0, (ring->n + 1) * sizeof *next);
    each_pipe(ring, put_pipe, next);
}

/* What can still be reached from the source; true when the drain is among it. */
static bool search_drain(GeoRing *ring, bool to_end)
{
    uint32_t first = 0, last = 0;
    memset(ring->came, 0xff, ring->n * sizeof *ring->came);
    ring->queue[last++] = ring->source;
    ring->came[ring->source] = NONE - 1;
    while (first < last) {
        uint32_t at = ring->queue[first++];
        for (uint32_t i = ring->pipe0[at]; i < ring->pipe0[at + 1]; i++) {
            const GeoContainPipe *pipe = &ring->pipes[i];
            if (pipe->room <= 0 || ring->came[pipe->to] != NONE)
                continue;
            ring->came[pipe->to] = i;
            if (pipe->to == ring->drain && !to_end)
                return true;
            ring->queue[last++] = pipe->to;
        }
    }
    return ring->came[ring->drain] != NONE;
}

static void push_flow(GeoRing *ring)
{
    int room = ENDLESS;
    for (uint32_t at = ring->drain; at != ring->source;
         at = ring->pipes[ring->pair[ring->came[at]]].to)
        room = MIN(room, ring->pipes[ring->came[at]].room);
    for (uint32_t at = ring->drain; at != ring->source;
         at = ring->pipes[ring->pair[ring->came[at]]].to) {
        ring->pipes[ring->came[at]].room -= room;
        ring->pipes[ring->pair[ring->came[at]]].room += room;
    }
}

/* Crossings whose way in is reached and whose way out is not are the posts; a way beyond that is
 * reached whole stays open. */
static void read_cut(GeoRing *ring, GArray *posts, GArray *open)
{
    g_array_set_size(posts, 0);
    g_array_set_size(open, 0);
    search_drain(ring, true);
    for (uint32_t c = 0; c < ring->crossings->len; c++) {
        bool in = ring->came[2 * c] != NONE, out = ring->came[2 * c + 1] != NONE;
        if (in && !out)
            g_array_append_val(posts, c);
        else if (out && g_array_index(ring->crossings, GeoCrossing, c).beyond)
            g_array_append_val(open, c);
    }
}

void geo_ring_cut(GeoRing *ring, GArray *posts, GArray *open)
{
    lay_pipes(ring);
    while (search_drain(ring, false))
        push_flow(ring);
    read_cut(ring, posts, open);
}

void geo_ring_walk(GeoRing *ring, const GArray *posts, uint8_t *seen)
{
    const GeoContain *contain = ring->contain;
    const GeoRoads *roads = contain->roads;
    uint32_t first = 0, last = 0;
    for (guint i = 0; i < posts->len; i++) {
        uint32_t node = g_array_index(posts, GeoContainPost, i).node;
        seen[contain->at[node] - 1] = 2;
    }
    for (uint32_t i = ring->pipe0[ring->source]; i < ring->pipe0[ring->source + 1]; i++) {
        uint32_t c = ring->pipes[i].to / 2;
        if (!seen[c]) {
            seen[c] = 1;
            ring->queue[last++] = c;
        }
    }
    while (first < last) {
        const GeoCrossing *crossing =
            &g_array_index(ring->crossings, GeoCrossing, ring->queue[first++]);
        for (uint32_t i = roads->star0[crossing->node];
             !crossing->beyond && i < roads->star0[crossing->node + 1]; i++) {
            const GeoRoadEdge *edge = &roads->edges[roads->star[i]];
            bool backwards = edge->from != crossing->node;
            uint32_t to = contain->at[backwards ? edge->from : edge->to];
            if (to && geo_ring_he_may(ring, edge, backwards) && !seen[to - 1]) {
                seen[to - 1] = 1;
                ring->queue[last++] = to - 1;
            }
        }
    }
}
