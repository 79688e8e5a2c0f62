/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cuts, and units for their posts, until each post has one. */
#include "geo/calc/contain.h"

#include <math.h>
#include <string.h>

#include "geo/calc/assign.h"
#include "geo/calc/contain-ring.h"
#include "geo/model/error.h"

#define MOST_ROUNDS 60

GeoContain *geo_contain_new(const GeoRoads *roads)
{
    GeoContain *contain = g_new0(GeoContain, 1);
    contain->roads = roads;
    contain->he = g_new0(GeoContainLabel, MAX(roads->n_nodes, 1));
    contain->unit = g_new0(GeoContainLabel, MAX(GEO_N_PROFILES * (size_t)roads->n_nodes, 1));
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

/* ---- a unit of its own for each post ---- */

static GeoContainPost post_of(const GeoRing *ring, uint32_t c)
{
    const GeoCrossing *crossing = &g_array_index(ring->crossings, GeoCrossing, c);
    double unit_s = crossing->unit_s - ring->ask->elapsed_s;
    return (GeoContainPost){.node = crossing->node,
                            .at = ring->contain->roads->nodes[crossing->node],
                            .he_s = crossing->he_s,
                            .unit_s = unit_s,
                            .unit = -1,
                            .spare_s = crossing->he_s - crossing->unit_s};
}

/* Who can be at a post in time, at most as many as there are posts: more are never needed. */
static void add_candidates(const GeoRing *ring, uint32_t c, size_t k, GeoAssignRow *row,
                           GArray *edges)
{
    const GeoCrossing *crossing = &g_array_index(ring->crossings, GeoCrossing, c);
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
static bool give_units(GeoRing *ring, const GArray *posts, GeoContained *contained)
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
            g_array_index(ring->crossings, GeoCrossing, c).refused = true;
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

static void tell_open(GeoRing *ring, GeoContained *contained)
{
    g_autofree uint8_t *seen = g_new0(uint8_t, ring->crossings->len + 1);
    geo_ring_walk(ring, contained->posts, seen);
    g_array_set_size(contained->open, 0);
    for (uint32_t c = 0; c < ring->crossings->len; c++)
        if (seen[c] == 1 && g_array_index(ring->crossings, GeoCrossing, c).beyond) {
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

static GeoCrossing *crossing_of(GeoRing *ring, const GeoContainPost *post)
{
    return &g_array_index(ring->crossings, GeoCrossing, ring->contain->at[post->node] - 1);
}

typedef struct {
    GArray *posts, *open;       /* of the cut: uint32_t */
    GeoContained *found, *best; /* best: the caller's */
    unsigned round;
} Tries;

/* One cut, a unit for each of its posts, and what then is open; true when each has one. */
static bool try_cut(GeoRing *ring, Tries *tries)
{
    GeoContained *found = tries->found, *best = tries->best;
    geo_ring_cut(ring, tries->posts, tries->open);
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
static bool try_refusing(GeoRing *ring, Tries *tries, GeoProgress *progress, GError **error)
{
    do {
        if (!geo_progress_step(progress, 0.6, error))
            return false;
    } while (!try_cut(ring, tries) && tries->round < MOST_ROUNDS);
    return true;
}

static void keep_posts(GeoRing *ring, const GArray *posts)
{
    memset(ring->taken, 0, ring->units->n);
    for (guint i = 0; i < ring->crossings->len; i++)
        g_array_index(ring->crossings, GeoCrossing, i).kept = false;
    for (guint i = 0; i < posts->len; i++) {
        const GeoContainPost *post = &g_array_index(posts, GeoContainPost, i);
        crossing_of(ring, post)->kept = true;
        ring->taken[post->unit] = 1;
    }
}

/* Where many crossings hang on the same few units, each refusal leads to a neighbour of the same
 * need. So posts that have a unit are kept for nothing, and the rest is closed by units that are
 * still free, as long as that finds more. */
static bool try_keeping(GeoRing *ring, Tries *tries, GeoProgress *progress, GError **error)
{
    for (guint i = 0; i < ring->crossings->len; i++)
        g_array_index(ring->crossings, GeoCrossing, i).refused = false;
    keep_posts(ring, tries->best->posts);
    for (unsigned i = 0; i < MOST_ROUNDS && tries->best->open->len > tries->best->bound_open; i++) {
        if (!geo_progress_step(progress, 0.8, error) || !geo_ring_race(ring, progress, error))
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
static void drop_useless(GeoRing *ring, Tries *tries)
{
    GArray *posts = tries->best->posts;
    for (guint i = 0; i < ring->crossings->len; i++) {
        GeoCrossing *crossing = &g_array_index(ring->crossings, GeoCrossing, i);
        crossing->refused = true;
        crossing->kept = false;
    }
    for (guint i = 0; i < posts->len; i++) {
        GeoCrossing *crossing = crossing_of(ring, &g_array_index(posts, GeoContainPost, i));
        crossing->refused = false;
        crossing->free_s = crossing->unit_s;
    }
    geo_ring_cut(ring, tries->posts, tries->open);
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

static bool close_ring(GeoRing *ring, GeoContained *best, GeoProgress *progress, GError **error)
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
    GeoRing ring = {.contain = contain, .ask = ask, .units = units, .box = GEO_BOX_EMPTY};
    ring.crossings = g_array_new(FALSE, FALSE, sizeof(GeoCrossing));
    ring.taken = g_new0(uint8_t, units->n + 1);
    GeoContained *contained = contained_new();
    bool ok = geo_ring_find(&ring, progress, error) && geo_ring_race(&ring, progress, error);
    for (guint i = 0; i < ring.crossings->len; i++) {
        GeoCrossing *crossing = &g_array_index(ring.crossings, GeoCrossing, i);
        crossing->unit_s = crossing->free_s;
        contained->n_within += !crossing->beyond;
        contained->n_exits += crossing->beyond;
    }
    ok = ok && close_ring(&ring, contained, progress, error);
    for (guint i = 0; i < ring.crossings->len; i++)
        contain->at[g_array_index(ring.crossings, GeoCrossing, i).node] = 0;
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
