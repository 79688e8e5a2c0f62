/* SPDX-License-Identifier: GPL-3.0-or-later */
/* His times by Dijkstra over the crossings, units' times by one Dijkstra from all of them, bounded
 * to the ground from which one can come in time; then a flow through the crossings, where a
 * crossing that a unit reaches before him lets one unit of flow pass, one that stays open very
 * many, and any other no end of it. */
#include "geo/calc/contain.h"

#include <math.h>
#include <string.h>

#include "geo/calc/assign.h"
#include "geo/calc/heap.h"
#include "geo/calc/road-graph.h"
#include "geo/model/error.h"

#define NONE UINT32_MAX
#define OPEN 100000 /* an open way weighs more than all posts */
#define ENDLESS 1000000000
#define MOST_ROUNDS 60

typedef struct {
    double time_s;
    uint32_t seen; /* 2 * search, + 1 when settled */
} Label;

struct GeoContain {
    const GeoRoads *roads;
    Label *he;   /* of each node */
    Label *unit; /* of each node, three times */
    uint32_t search;
    double fastest_mps[GEO_N_PROFILES];
    uint32_t *at; /* of each node: 1 + its number within the ring */
    GeoHeap heap;
};

/* A crossing within the ring, or the first beyond it. */
typedef struct {
    uint32_t node;
    double he_s, unit_s; /* both from when he was at the place */
    double free_s;       /* as unit_s, of the units that no kept post has */
    bool beyond;
    bool refused; /* a post here got no unit of its own */
    bool kept;    /* it has one already */
} Crossing;

typedef struct {
    uint32_t to;
    int room;
} Pipe;

typedef struct {
    GeoContain *contain;
    const GeoContainAsk *ask;
    const GeoContainUnits *units;
    GArray *crossings; /* Crossing */
    /* the flow: 2 * crossing is its way in, + 1 its way out; then source and drain */
    uint32_t n, source, drain;
    uint32_t *pipe0, *came; /* came: pipe that a place was reached by */
    Pipe *pipes;            /* pipe i and its back are each other's pair[] */
    uint32_t *pair;
    uint32_t *queue;
    uint8_t *taken; /* of each unit: a kept post has it */
    GeoBox box;     /* of the crossings */
} Ring;

GeoContain *geo_contain_new(const GeoRoads *roads)
{
    GeoContain *contain = g_new0(GeoContain, 1);
    contain->roads = roads;
    contain->he = g_new0(Label, MAX(roads->n_nodes, 1));
    contain->unit = g_new0(Label, MAX(GEO_N_PROFILES * (size_t)roads->n_nodes, 1));
    contain->at = g_new0(uint32_t, MAX(roads->n_nodes, 1));
    for (uint32_t e = 0; e < roads->n_edges; e++)
        for (int p = 0; p < GEO_N_PROFILES; p++)
            contain->fastest_mps[p] =
                MAX(contain->fastest_mps[p],
                    geo_roads_edge_speed_mps(roads, (int64_t)e, (GeoProfile)p));
    return contain;
}

void geo_contain_free(GeoContain *contain)
{
    if (!contain)
        return;
    g_free(contain->he);
    g_free(contain->unit);
    g_free(contain->at);
    geo_heap_clear(&contain->heap);
    g_free(contain);
}

void geo_contained_free(GeoContained *contained)
{
    if (!contained)
        return;
    g_array_unref(contained->posts);
    g_array_unref(contained->open);
    g_free(contained);
}

GeoSnap geo_roads_at_node(const GeoRoads *roads, uint32_t node, GeoProfile profile)
{
    for (uint32_t i = roads->star0[node]; i < roads->star0[node + 1]; i++) {
        const GeoRoadEdge *edge = &roads->edges[roads->star[i]];
        if (!((edge->may[0] | edge->may[1]) >> profile & 1))
            continue;
        return (GeoSnap){.edge = roads->star[i],
                         .offset_m = edge->from == node ? 0 : edge->length_m,
                         .at = roads->nodes[node]};
    }
    return (GeoSnap){.edge = -1, .at = roads->nodes[node]};
}

static void reach(GeoContain *contain, Label *labels, uint32_t id, double time_s)
{
    Label *label = &labels[id];
    uint32_t now = 2 * contain->search;
    if (label->seen == now + 1 || (label->seen == now && label->time_s <= time_s))
        return;
    *label = (Label){time_s, now};
    geo_heap_push(&contain->heap, time_s, id);
}

static void new_search(GeoContain *contain)
{
    contain->search++;
    contain->heap.n = 0;
}

/* ---- how far he can be ---- */

static bool he_may(const Ring *ring, const GeoRoadEdge *edge, bool backwards)
{
    bool may = geo_road_may(edge, ring->ask->profile, backwards);
    return may || (ring->ask->any_way && geo_road_may(edge, ring->ask->profile, !backwards));
}

static void begin_him(Ring *ring)
{
    GeoContain *contain = ring->contain;
    const GeoSnap *place = &ring->ask->place;
    const GeoRoadEdge *edge = &contain->roads->edges[place->edge];
    double pace = edge->pace_spm[ring->ask->profile];
    double gap_s = place->off_m / GEO_ROAD_WALK_MPS, rest = edge->length_m - place->offset_m;
    new_search(contain);
    if (he_may(ring, edge, false) || rest <= 0)
        reach(contain, contain->he, edge->to, gap_s + rest * pace);
    if (he_may(ring, edge, true) || place->offset_m <= 0)
        reach(contain, contain->he, edge->from, gap_s + place->offset_m * pace);
}

/* Settles crossings in the order he can reach them; those beyond the horizon end it. */
static bool find_ring(Ring *ring, GeoProgress *progress, GError **error)
{
    GeoContain *contain = ring->contain;
    const GeoRoads *roads = contain->roads;
    double until_s = ring->ask->elapsed_s + ring->ask->horizon_s;
    begin_him(ring);
    while (contain->heap.n > 0) {
        uint32_t node = geo_heap_pop(&contain->heap).id;
        Label *label = &contain->he[node];
        if (label->seen & 1)
            continue;
        label->seen++;
        Crossing crossing = {.node = node,
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
            if (he_may(ring, edge, backwards))
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

static void begin_unit(Ring *ring, size_t i, double within_s)
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
static bool race_units(Ring *ring, double within_s, GeoProgress *progress, GError **error)
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
        Label *label = &contain->unit[item.id];
        if (label->seen & 1)
            continue;
        label->seen++;
        if (++n_settled % 8192 == 0 && !geo_progress_step(progress, 0.5, error))
            return false;
        uint32_t p = item.id / roads->n_nodes, node = item.id % roads->n_nodes;
        uint32_t at = contain->at[node];
        if (at) {
            Crossing *crossing = &g_array_index(ring->crossings, Crossing, at - 1);
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
static bool is_decided(const Ring *ring, double within_s)
{
    const GeoContainAsk *ask = ring->ask;
    for (guint i = 0; i < ring->crossings->len; i++) {
        const Crossing *crossing = &g_array_index(ring->crossings, Crossing, i);
        if (!isfinite(crossing->free_s) && !crossing->kept &&
            crossing->he_s - ask->margin_s - ask->elapsed_s > within_s)
            return false;
    }
    return true;
}

/* In a full city everything is met within a minute; only where it is not is farther looked. */
static bool find_units(Ring *ring, GeoProgress *progress, GError **error)
{
    static const double spans_s[] = {30, 60, 120, INFINITY};
    double most_s = 0; /* who comes later than he to the last crossing is no help */
    for (guint i = 0; i < ring->crossings->len; i++) {
        Crossing *crossing = &g_array_index(ring->crossings, Crossing, i);
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

/* ---- the cut ---- */

static bool may_hold(const Ring *ring, const Crossing *crossing)
{
    return !crossing->refused && crossing->free_s + ring->ask->margin_s <= crossing->he_s;
}

typedef void (*EachPipe)(Ring *ring, uint32_t from, uint32_t to, int room, uint32_t *next);

static void count_pipe(Ring *ring, uint32_t from, uint32_t to, int room, uint32_t *next)
{
    ring->pipe0[from + 1]++;
    ring->pipe0[to + 1]++;
}

static void put_pipe(Ring *ring, uint32_t from, uint32_t to, int room, uint32_t *next)
{
    uint32_t there = next[from]++, back = next[to]++;
    ring->pipes[there] = (Pipe){to, room};
    ring->pipes[back] = (Pipe){from, 0};
    ring->pair[there] = back;
    ring->pair[back] = there;
}

static void each_pipe(Ring *ring, EachPipe call, uint32_t *next)
{
    const GeoContain *contain = ring->contain;
    const GeoRoads *roads = contain->roads;
    const GeoRoadEdge *first = &roads->edges[ring->ask->place.edge];
    for (uint32_t c = 0; c < ring->crossings->len; c++) {
        const Crossing *crossing = &g_array_index(ring->crossings, Crossing, c);
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
            if (to && he_may(ring, edge, backwards))
                call(ring, 2 * c + 1, 2 * (to - 1), ENDLESS, next);
        }
    }
    uint32_t to = contain->at[first->to], from = contain->at[first->from];
    if (to && (he_may(ring, first, false) || ring->ask->place.offset_m >= first->length_m))
        call(ring, ring->source, 2 * (to - 1), ENDLESS, next);
    if (from && (he_may(ring, first, true) || ring->ask->place.offset_m <= 0))
        call(ring, ring->source, 2 * (from - 1), ENDLESS, next);
}

static void lay_pipes(Ring *ring)
{
    ring->source = 2 * ring->crossings->len;
    ring->drain = ring->source + 1;
    ring->n = ring->drain + 1;
    ring->pipe0 = g_renew(uint32_t, ring->pipe0, ring->n + 1);
    memset(ring->pipe0, 0, (ring->n + 1) * sizeof *ring->pipe0);
    each_pipe(ring, count_pipe, NULL);
    for (uint32_t i = 0; i < ring->n; i++)
        ring->pipe0[i + 1] += ring->pipe0[i];
    ring->pipes = g_renew(Pipe, ring->pipes, ring->pipe0[ring->n] + 1);
    ring->pair = g_renew(uint32_t, ring->pair, ring->pipe0[ring->n] + 1);
    ring->came = g_renew(uint32_t, ring->came, ring->n);
    ring->queue = g_renew(uint32_t, ring->queue, ring->n);
    g_autofree uint32_t *next = g_memdup2(ring->pipe0, (ring->n + 1) * sizeof *next);
    each_pipe(ring, put_pipe, next);
}

/* What can still be reached from the source; true when the drain is among it. */
static bool search_drain(Ring *ring, bool to_end)
{
    uint32_t first = 0, last = 0;
    memset(ring->came, 0xff, ring->n * sizeof *ring->came);
    ring->queue[last++] = ring->source;
    ring->came[ring->source] = NONE - 1;
    while (first < last) {
        uint32_t at = ring->queue[first++];
        for (uint32_t i = ring->pipe0[at]; i < ring->pipe0[at + 1]; i++) {
            const Pipe *pipe = &ring->pipes[i];
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

static void push_flow(Ring *ring)
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
static void read_cut(Ring *ring, GArray *posts, GArray *open)
{
    g_array_set_size(posts, 0);
    g_array_set_size(open, 0);
    search_drain(ring, true);
    for (uint32_t c = 0; c < ring->crossings->len; c++) {
        bool in = ring->came[2 * c] != NONE, out = ring->came[2 * c + 1] != NONE;
        if (in && !out)
            g_array_append_val(posts, c);
        else if (out && g_array_index(ring->crossings, Crossing, c).beyond)
            g_array_append_val(open, c);
    }
}

static void cut(Ring *ring, GArray *posts, GArray *open)
{
    lay_pipes(ring);
    while (search_drain(ring, false))
        push_flow(ring);
    read_cut(ring, posts, open);
}

/* ---- a unit of its own for each post ---- */

static GeoContainPost post_of(const Ring *ring, uint32_t c)
{
    const Crossing *crossing = &g_array_index(ring->crossings, Crossing, c);
    double unit_s = crossing->unit_s - ring->ask->elapsed_s;
    return (GeoContainPost){.node = crossing->node,
                            .at = ring->contain->roads->nodes[crossing->node],
                            .he_s = crossing->he_s,
                            .unit_s = unit_s,
                            .unit = -1,
                            .spare_s = crossing->he_s - crossing->unit_s};
}

/* Who can be at a post in time, at most as many as there are posts: more are never needed. */
static void add_candidates(const Ring *ring, uint32_t c, size_t k, GeoAssignRow *row, GArray *edges)
{
    const Crossing *crossing = &g_array_index(ring->crossings, Crossing, c);
    g_autofree GeoNearHit *hits = g_new(GeoNearHit, k);
    GeoSnap place[GEO_N_PROFILES];
    double most_s = crossing->he_s - ring->ask->margin_s - ring->ask->elapsed_s;
    for (int p = 0; p < GEO_N_PROFILES; p++)
        place[p] = geo_roads_at_node(ring->contain->roads, crossing->node, (GeoProfile)p);
    size_t n = geo_near_within(ring->units->near, place, most_s, k, hits);
    *row = (GeoAssignRow){edges->len, (uint32_t)n, 1};
    for (size_t i = 0; i < n; i++) {
        GeoAssignEdge edge = {hits[i].unit, (uint32_t)(hits[i].travel_s * 1000 + 0.5)};
        g_array_append_val(edges, edge);
    }
}

static int soonest(const void *a, const void *b)
{
    double p = ((const GeoContainPost *)a)->he_s, q = ((const GeoContainPost *)b)->he_s;
    return (p > q) - (p < q);
}

static int least_late(const void *a, const void *b)
{
    double p = ((const GeoContainPost *)a)->spare_s, q = ((const GeoContainPost *)b)->spare_s;
    return (p < q) - (p > q);
}

/* Fills the answer; false where a post has no unit of its own, which is then refused. */
static bool give_units(Ring *ring, const GArray *posts, GeoContained *contained)
{
    size_t n = MIN(posts->len, GEO_ASSIGN_MAX_ROWS);
    g_autofree GeoAssignRow *rows = g_new(GeoAssignRow, n + 1);
    g_autofree int32_t *unit_of = g_new(int32_t, n + 1);
    g_autoptr(GArray) edges = g_array_new(FALSE, FALSE, sizeof(GeoAssignEdge));
    bool all = posts->len == n;
    for (size_t i = 0; i < n; i++)
        add_candidates(ring, g_array_index(posts, uint32_t, i), n, &rows[i], edges);
    geo_assign_wishes(rows, n, (const GeoAssignEdge *)(void *)edges->data, ring->units->n, NULL,
                      unit_of, NULL, NULL);
    g_array_set_size(contained->posts, 0);
    for (size_t i = 0; i < n; i++) {
        uint32_t c = g_array_index(posts, uint32_t, i);
        GeoContainPost post = post_of(ring, c);
        if (unit_of[i] == GEO_ASSIGN_NOBODY) {
            g_array_index(ring->crossings, Crossing, c).refused = true;
            all = false;
            continue;
        }
        for (uint32_t e = rows[i].first; e < rows[i].first + rows[i].n; e++) {
            const GeoAssignEdge *edge = &g_array_index(edges, GeoAssignEdge, e);
            if (edge->column == (uint32_t)unit_of[i])
                post.unit_s = edge->time_ms / 1000.0;
        }
        post.unit = unit_of[i];
        post.spare_s = post.he_s - ring->ask->elapsed_s - post.unit_s;
        g_array_append_val(contained->posts, post);
    }
    return all;
}

/* Where he comes with these posts and no others: asked of the roads, not of the cut. */
static void walk_past(Ring *ring, const GeoContained *contained, uint8_t *seen)
{
    const GeoContain *contain = ring->contain;
    const GeoRoads *roads = contain->roads;
    uint32_t first = 0, last = 0;
    for (guint i = 0; i < contained->posts->len; i++) {
        uint32_t node = g_array_index(contained->posts, GeoContainPost, i).node;
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
        const Crossing *crossing = &g_array_index(ring->crossings, Crossing, ring->queue[first++]);
        for (uint32_t i = roads->star0[crossing->node];
             !crossing->beyond && i < roads->star0[crossing->node + 1]; i++) {
            const GeoRoadEdge *edge = &roads->edges[roads->star[i]];
            bool backwards = edge->from != crossing->node;
            uint32_t to = contain->at[backwards ? edge->from : edge->to];
            if (to && he_may(ring, edge, backwards) && !seen[to - 1]) {
                seen[to - 1] = 1;
                ring->queue[last++] = to - 1;
            }
        }
    }
}

static void tell_open(Ring *ring, GeoContained *contained)
{
    g_autofree uint8_t *seen = g_new0(uint8_t, ring->crossings->len + 1);
    walk_past(ring, contained, seen);
    g_array_set_size(contained->open, 0);
    for (uint32_t c = 0; c < ring->crossings->len; c++)
        if (seen[c] == 1 && g_array_index(ring->crossings, Crossing, c).beyond) {
            GeoContainPost post = post_of(ring, c);
            g_array_append_val(contained->open, post);
        }
}

/* ---- posts that have a unit each ---- */

static GeoContained *contained_new(void)
{
    GeoContained *contained = g_new0(GeoContained, 1);
    contained->posts = g_array_new(FALSE, FALSE, sizeof(GeoContainPost));
    contained->open = g_array_new(FALSE, FALSE, sizeof(GeoContainPost));
    return contained;
}

static Crossing *crossing_of(Ring *ring, const GeoContainPost *post)
{
    return &g_array_index(ring->crossings, Crossing, ring->contain->at[post->node] - 1);
}

typedef struct {
    GArray *posts, *open;       /* of the cut: uint32_t */
    GeoContained *found, *best; /* best: the caller's */
    unsigned round;
} Tries;

/* One cut, a unit for each of its posts, and what then is open; true when each has one. */
static bool try_cut(Ring *ring, Tries *tries)
{
    GeoContained *found = tries->found, *best = tries->best;
    cut(ring, tries->posts, tries->open);
    if (tries->round++ == 0) {
        best->bound = tries->posts->len;
        best->bound_open = tries->open->len;
    }
    bool all = give_units(ring, tries->posts, found);
    tell_open(ring, found);
    if (tries->round == 1 || found->open->len < best->open->len ||
        (found->open->len == best->open->len && found->posts->len < best->posts->len)) {
        g_array_set_size(best->posts, 0);
        g_array_set_size(best->open, 0);
        g_array_append_vals(best->posts, found->posts->data, found->posts->len);
        g_array_append_vals(best->open, found->open->data, found->open->len);
    }
    return all;
}

/* Crossings that got no unit are refused, and the cut goes by others. */
static bool try_refusing(Ring *ring, Tries *tries, GeoProgress *progress, GError **error)
{
    do {
        if (!geo_progress_step(progress, 0.6, error))
            return false;
    } while (!try_cut(ring, tries) && tries->round < MOST_ROUNDS);
    return true;
}

static void keep_posts(Ring *ring, const GArray *posts)
{
    memset(ring->taken, 0, ring->units->n);
    for (guint i = 0; i < ring->crossings->len; i++)
        g_array_index(ring->crossings, Crossing, i).kept = false;
    for (guint i = 0; i < posts->len; i++) {
        const GeoContainPost *post = &g_array_index(posts, GeoContainPost, i);
        crossing_of(ring, post)->kept = true;
        ring->taken[post->unit] = 1;
    }
}

/* Where many crossings hang on the same few units, each refusal leads to a neighbour of the same
 * need. So posts that have a unit are kept for nothing, and the rest is closed by units that are
 * still free, as long as that finds more. */
static bool try_keeping(Ring *ring, Tries *tries, GeoProgress *progress, GError **error)
{
    for (guint i = 0; i < ring->crossings->len; i++)
        g_array_index(ring->crossings, Crossing, i).refused = false;
    keep_posts(ring, tries->best->posts);
    for (unsigned i = 0; i < MOST_ROUNDS && tries->best->open->len > tries->best->bound_open; i++) {
        if (!geo_progress_step(progress, 0.8, error) || !find_units(ring, progress, error))
            return false;
        try_cut(ring, tries);
        bool is_more = false;
        for (guint k = 0; k < tries->found->posts->len && !is_more; k++)
            is_more =
                !crossing_of(ring, &g_array_index(tries->found->posts, GeoContainPost, k))->kept;
        if (!is_more)
            break;
        keep_posts(ring, tries->found->posts);
    }
    return true;
}

/* Posts that close nothing, as one beside them could not be held, are given up: of those that are
 * there the fewest that leave no more open. */
static void drop_useless(Ring *ring, Tries *tries)
{
    GArray *posts = tries->best->posts;
    for (guint i = 0; i < ring->crossings->len; i++) {
        Crossing *crossing = &g_array_index(ring->crossings, Crossing, i);
        crossing->refused = true;
        crossing->kept = false;
    }
    for (guint i = 0; i < posts->len; i++) {
        Crossing *crossing = crossing_of(ring, &g_array_index(posts, GeoContainPost, i));
        crossing->refused = false;
        crossing->free_s = crossing->unit_s;
    }
    cut(ring, tries->posts, tries->open);
    guint n = 0;
    for (guint i = 0; i < posts->len; i++) {
        GeoContainPost post = g_array_index(posts, GeoContainPost, i);
        uint32_t c = ring->contain->at[post.node] - 1;
        for (guint k = 0; k < tries->posts->len; k++)
            if (g_array_index(tries->posts, uint32_t, k) == c) {
                g_array_index(posts, GeoContainPost, n++) = post;
                break;
            }
    }
    g_array_set_size(posts, n);
}

static bool close_ring(Ring *ring, GeoContained *best, GeoProgress *progress, GError **error)
{
    g_autoptr(GArray) posts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) open = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GeoContained) found = contained_new();
    Tries tries = {posts, open, found, best, 0};
    if (!try_refusing(ring, &tries, progress, error) || !try_keeping(ring, &tries, progress, error))
        return false;
    if (best->posts->len != best->bound || best->open->len != best->bound_open)
        drop_useless(ring, &tries);
    best->rounds = tries.round;
    best->closed = best->open->len == 0;
    g_array_sort(best->open, least_late);
    g_array_sort(best->posts, soonest);
    return true;
}

GeoContained *geo_contain_find(GeoContain *contain, const GeoContainAsk *ask,
                               const GeoContainUnits *units, GeoProgress *progress, GError **error)
{
    if (ask->place.edge < 0) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA, "the place lies on no road");
        return NULL;
    }
    Ring ring = {.contain = contain, .ask = ask, .units = units, .box = GEO_BOX_EMPTY};
    ring.crossings = g_array_new(FALSE, FALSE, sizeof(Crossing));
    ring.taken = g_new0(uint8_t, units->n + 1);
    GeoContained *contained = contained_new();
    bool ok = find_ring(&ring, progress, error) && find_units(&ring, progress, error);
    for (guint i = 0; i < ring.crossings->len; i++) {
        Crossing *crossing = &g_array_index(ring.crossings, Crossing, i);
        crossing->unit_s = crossing->free_s;
        contained->n_within += !crossing->beyond;
        contained->n_exits += crossing->beyond;
    }
    ok = ok && close_ring(&ring, contained, progress, error);
    for (guint i = 0; i < ring.crossings->len; i++)
        contain->at[g_array_index(ring.crossings, Crossing, i).node] = 0;
    g_array_unref(ring.crossings);
    g_free(ring.pipe0);
    g_free(ring.pipes);
    g_free(ring.pair);
    g_free(ring.came);
    g_free(ring.queue);
    g_free(ring.taken);
    if (ok)
        return contained;
    geo_contained_free(contained);
    return NULL;
}
