/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The first half of a street plan: lines become a planar map. Segments that share a cell of a
 * plain grid are cut at their crossings, round after round until nothing is cut any more (vertices
 * snap to each other within 5 m, which may move a segment across a third one). Islands get ties,
 * loose ends go, and faces are read off by turning clockwise at each vertex. Cost O(s * c) for s
 * segments with c neighbours in their cells; some thousands of segments take some milliseconds. */
#include "geo/calc/plan.h"

#include <math.h>
#include <string.h>

#include "geo/model/kind.h"

#define SNAP_M 5.0
#define ON_LINE_M 4.0
#define CELL_M 400.0
#define ROUNDS 16

typedef struct {
    uint32_t a, b, walk, at; /* at: place of a in the walk */
} Segment;

typedef struct {
    uint32_t walk, at, vertex;
    double share;
} Cut;

static uint64_t ends_key(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

GeoPlan *geo_plan_new(void)
{
    GeoPlan *plan = g_new0(GeoPlan, 1);
    plan->points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    plan->lines = g_array_new(FALSE, FALSE, sizeof(GeoPlanLine));
    plan->edges = g_array_new(FALSE, FALSE, sizeof(GeoPlanEdge));
    plan->blocks = g_array_new(FALSE, FALSE, sizeof(GeoPlanBlock));
    plan->rings = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    plan->walks = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    plan->by_ends = g_hash_table_new(g_direct_hash, g_direct_equal);
    plan->near = g_hash_table_new(g_direct_hash, g_direct_equal);
    return plan;
}

void geo_plan_free(GeoPlan *plan)
{
    if (!plan)
        return;
    g_array_unref(plan->points);
    g_array_unref(plan->lines);
    g_array_unref(plan->edges);
    g_array_unref(plan->blocks);
    g_array_unref(plan->rings);
    g_array_unref(plan->walks);
    g_hash_table_unref(plan->by_ends);
    g_hash_table_unref(plan->near);
    g_free(plan);
}

static gpointer near_key(double x, double y)
{
    int64_t i = (int64_t)floor(x / SNAP_M) & 0x7fffffff;
    int64_t j = (int64_t)floor(y / SNAP_M) & 0x7fffffff;
    return GSIZE_TO_POINTER((gsize)(i << 32 | j));
}

/* The vertex within 5 m of p, or a new one. */
static uint32_t snap(GeoPlan *plan, GeoXY p)
{
    for (int dx = -1; dx <= 1; dx++)
        for (int dy = -1; dy <= 1; dy++) {
            gpointer key = near_key(p.x + dx * SNAP_M, p.y + dy * SNAP_M);
            guint found = GPOINTER_TO_UINT(g_hash_table_lookup(plan->near, key));
            GeoXY q = found ? geo_plan_point(plan, found - 1) : p;
            if (found && hypot(q.x - p.x, q.y - p.y) < SNAP_M)
                return found - 1;
        }
    g_array_append_val(plan->points, p);
    g_hash_table_insert(plan->near, near_key(p.x, p.y), GUINT_TO_POINTER(plan->points->len));
    return plan->points->len - 1;
}

static void push(GArray *array, uint32_t value)
{
    g_array_append_val(array, value);
}

void geo_plan_add_line(GeoPlan *plan, const GeoPlanLine *line, const GeoXY *points, size_t n)
{
    g_array_append_val(plan->lines, *line);
    push(plan->walks, plan->lines->len - 1);
    uint32_t last = GEO_PLAN_END;
    for (size_t i = 0; i < n; i++) {
        uint32_t vertex = snap(plan, points[i]);
        if (vertex != last)
            push(plan->walks, vertex);
        last = vertex;
    }
    push(plan->walks, GEO_PLAN_END);
}

/* ---- crossings ---- */

static GArray *list_segments(const GeoPlan *plan)
{
    GArray *segments = g_array_new(FALSE, FALSE, sizeof(Segment));
    const uint32_t *walk = (const uint32_t *)(void *)plan->walks->data;
    uint32_t start = 0;
    for (uint32_t i = 1; i < plan->walks->len; i++) {
        if (walk[i] == GEO_PLAN_END)
            start = ++i;
        else if (i > start + 1) {
            Segment segment = {walk[i - 1], walk[i], start, i - 1};
            g_array_append_val(segments, segment);
        }
    }
    return segments;
}

typedef struct {
    GHashTable *cells; /* cell -> GArray of segment numbers, owned */
} Grid;

static void each_cell(const GeoPlan *plan, const Segment *s, uint32_t number, GHashTable *cells)
{
    GeoXY a = geo_plan_point(plan, s->a), b = geo_plan_point(plan, s->b);
    int64_t x0 = (int64_t)floor((fmin(a.x, b.x) - SNAP_M) / CELL_M);
    int64_t x1 = (int64_t)floor((fmax(a.x, b.x) + SNAP_M) / CELL_M);
    int64_t y0 = (int64_t)floor((fmin(a.y, b.y) - SNAP_M) / CELL_M);
    int64_t y1 = (int64_t)floor((fmax(a.y, b.y) + SNAP_M) / CELL_M);
    for (int64_t x = x0; x <= x1; x++)
        for (int64_t y = y0; y <= y1; y++) {
            GeoXY middle = {(x + 0.5) * CELL_M, (y + 0.5) * CELL_M};
            if (geo_ring_segment_m(middle, a, b, NULL) > CELL_M * 0.75)
                continue;
            gpointer key = GSIZE_TO_POINTER((gsize)((x & 0x7fffffff) << 32 | (y & 0x7fffffff)));
            GArray *in = g_hash_table_lookup(cells, key);
            if (!in) {
                in = g_array_new(FALSE, FALSE, sizeof(uint32_t));
                g_hash_table_insert(cells, key, in);
            }
            g_array_append_val(in, number);
        }
}

static double share_on(GeoXY p, GeoXY a, GeoXY b)
{
    double dx = b.x - a.x, dy = b.y - a.y;
    return ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy);
}

static void cut_at(const GeoPlan *plan, const Segment *s, uint32_t vertex, GArray *cuts)
{
    if (vertex == s->a || vertex == s->b)
        return;
    Cut cut = {s->walk, s->at, vertex,
               share_on(geo_plan_point(plan, vertex), geo_plan_point(plan, s->a),
                        geo_plan_point(plan, s->b))};
    g_array_append_val(cuts, cut);
}

/* An end of one on the other's inside cuts it there. */
static bool touch(const GeoPlan *plan, const Segment *s, uint32_t vertex, GArray *cuts)
{
    if (vertex == s->a || vertex == s->b)
        return false;
    GeoXY p = geo_plan_point(plan, vertex);
    GeoXY a = geo_plan_point(plan, s->a), b = geo_plan_point(plan, s->b);
    if (geo_ring_segment_m(p, a, b, NULL) > ON_LINE_M)
        return false;
    cut_at(plan, s, vertex, cuts);
    return true;
}

static bool crossing(GeoXY a, GeoXY b, GeoXY c, GeoXY d, GeoXY *p)
{
    double rx = b.x - a.x, ry = b.y - a.y, sx = d.x - c.x, sy = d.y - c.y;
    double det = rx * sy - ry * sx;
    if (fabs(det) < 1e-9)
        return false;
    double t = ((c.x - a.x) * sy - (c.y - a.y) * sx) / det;
    double u = ((c.x - a.x) * ry - (c.y - a.y) * rx) / det;
    *p = (GeoXY){a.x + t * rx, a.y + t * ry};
    return t > 0 && t < 1 && u > 0 && u < 1;
}

static void meet(GeoPlan *plan, const Segment *s, const Segment *t, GArray *cuts)
{
    /* each is asked, for each may cut */
    bool touched = touch(plan, s, t->a, cuts);
    touched |= touch(plan, s, t->b, cuts);
    touched |= touch(plan, t, s->a, cuts);
    touched |= touch(plan, t, s->b, cuts);
    GeoXY p;
    bool joined = s->a == t->a || s->a == t->b || s->b == t->a || s->b == t->b;
    if (touched || joined ||
        !crossing(geo_plan_point(plan, s->a), geo_plan_point(plan, s->b),
                  geo_plan_point(plan, t->a), geo_plan_point(plan, t->b), &p))
        return;
    uint32_t vertex = snap(plan, p);
    cut_at(plan, s, vertex, cuts);
    cut_at(plan, t, vertex, cuts);
}

static int compare_cuts(gconstpointer a, gconstpointer b)
{
    const Cut *x = a, *y = b;
    if (x->at != y->at)
        return x->at < y->at ? -1 : 1;
    if (x->share != y->share)
        return x->share < y->share ? -1 : 1;
    return x->vertex < y->vertex ? -1 : x->vertex > y->vertex;
}

/* Puts the cuts into the walks. */
static void apply_cuts(GeoPlan *plan, GArray *cuts)
{
    g_array_sort(cuts, compare_cuts);
    GArray *walks = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t next = 0, in_walk = 0; /* 0: the line's number comes, 1: its first vertex */
    for (uint32_t i = 0; i < plan->walks->len; i++) {
        uint32_t value = g_array_index(plan->walks, uint32_t, i);
        bool again = in_walk > 1 && value == g_array_index(walks, uint32_t, walks->len - 1);
        if (value == GEO_PLAN_END || !again)
            push(walks, value);
        in_walk = value == GEO_PLAN_END && in_walk > 0 ? 0 : in_walk + 1;
        for (; next < cuts->len && g_array_index(cuts, Cut, next).at == i; next++) {
            uint32_t vertex = g_array_index(cuts, Cut, next).vertex;
            if (vertex != g_array_index(walks, uint32_t, walks->len - 1))
                push(walks, vertex);
        }
    }
    g_array_unref(plan->walks);
    plan->walks = walks;
}

static int compare_cells(gconstpointer a, gconstpointer b)
{
    gsize x = GPOINTER_TO_SIZE(*(const gpointer *)a), y = GPOINTER_TO_SIZE(*(const gpointer *)b);
    return x < y ? -1 : x > y;
}

/* One round; the number of cuts. Cells are visited in order of their key: hash tables have none. */
static uint32_t cut_once(GeoPlan *plan)
{
    g_autoptr(GArray) segments = list_segments(plan);
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(Cut));
    g_autoptr(GHashTable) cells =
        g_hash_table_new_full(g_direct_hash, g_direct_equal, NULL, (GDestroyNotify)g_array_unref);
    for (uint32_t i = 0; i < segments->len; i++)
        each_cell(plan, &g_array_index(segments, Segment, i), i, cells);
    guint n_keys;
    g_autofree gpointer *keys = g_hash_table_get_keys_as_array(cells, &n_keys);
    qsort(keys, n_keys, sizeof *keys, compare_cells);
    for (guint k = 0; k < n_keys; k++) {
        GArray *in = g_hash_table_lookup(cells, keys[k]);
        for (guint i = 0; i < in->len; i++)
            for (guint j = i + 1; j < in->len; j++)
                meet(plan, &g_array_index(segments, Segment, g_array_index(in, uint32_t, i)),
                     &g_array_index(segments, Segment, g_array_index(in, uint32_t, j)), cuts);
    }
    uint32_t n = cuts->len;
    if (n > 0)
        apply_cuts(plan, cuts);
    return n;
}

static void cut_all(GeoPlan *plan)
{
    for (int round = 0; round < ROUNDS && cut_once(plan) > 0; round++)
        ;
}

/* ---- islands ---- */

static uint32_t root_of(uint32_t *up, uint32_t v)
{
    while (up[v] != v)
        v = up[v] = up[up[v]];
    return v;
}

/* The nearest crossing of other islands' segments with the level line from p, east or west. */
static bool look_level(const GeoPlan *plan, GArray *segments, uint32_t *up, uint32_t from,
                       double side, GeoXY *hit)
{
    GeoXY p = geo_plan_point(plan, from);
    double best = INFINITY;
    for (uint32_t i = 0; i < segments->len; i++) {
        const Segment *s = &g_array_index(segments, Segment, i);
        GeoXY a = geo_plan_point(plan, s->a), b = geo_plan_point(plan, s->b);
        if ((a.y > p.y) == (b.y > p.y) || root_of(up, s->a) == root_of(up, from))
            continue;
        double x = a.x + (b.x - a.x) * (p.y - a.y) / (b.y - a.y);
        if ((x - p.x) * side > 0 && (x - p.x) * side < best) {
            best = (x - p.x) * side;
            *hit = (GeoXY){x, p.y};
        }
    }
    return isfinite(best);
}

/* Ties every part that is not the greatest to its neighbours; false when there is but one. */
static bool tie_islands(GeoPlan *plan, const GeoPlanLine *link)
{
    g_autoptr(GArray) segments = list_segments(plan);
    uint32_t n = plan->points->len;
    g_autofree uint32_t *up = g_new(uint32_t, n);
    g_autofree uint32_t *size = g_new0(uint32_t, n);
    g_autofree uint32_t *far = g_new(uint32_t, 2 * (size_t)n);
    for (uint32_t v = 0; v < n; v++)
        up[v] = v, far[2 * v] = far[2 * v + 1] = GEO_PLAN_END;
    for (uint32_t i = 0; i < segments->len; i++) {
        const Segment *s = &g_array_index(segments, Segment, i);
        up[root_of(up, s->a)] = root_of(up, s->b);
    }
    uint32_t main_root = 0;
    for (uint32_t i = 0; i < segments->len; i++) {
        uint32_t v = g_array_index(segments, Segment, i).a, root = root_of(up, v);
        if (++size[root] > size[main_root])
            main_root = root;
        uint32_t *west = &far[2 * root], *east = &far[2 * root + 1];
        if (*west == GEO_PLAN_END || geo_plan_point(plan, v).x < geo_plan_point(plan, *west).x)
            *west = v;
        if (*east == GEO_PLAN_END || geo_plan_point(plan, v).x > geo_plan_point(plan, *east).x)
            *east = v;
    }
    bool tied = false;
    for (uint32_t v = 0; v < n; v++) {
        if (size[v] == 0 || v == main_root || root_of(up, v) != v)
            continue;
        for (int side = 0; side < 2; side++) {
            uint32_t from = far[2 * v + side];
            GeoXY ends[2] = {geo_plan_point(plan, from)};
            if (!look_level(plan, segments, up, from, side ? 1 : -1, &ends[1]))
                continue;
            geo_plan_add_line(plan, link, ends, 2);
            tied = true;
        }
    }
    return tied;
}

/* ---- edges and faces ---- */

static void add_edge(GeoPlan *plan, uint32_t a, uint32_t b, uint32_t line)
{
    gpointer key = GSIZE_TO_POINTER((gsize)ends_key(a, b));
    if (a == b || g_hash_table_contains(plan->by_ends, key))
        return;
    GeoPlanEdge edge = {a, b, line, -1};
    g_array_append_val(plan->edges, edge);
    g_hash_table_insert(plan->by_ends, key, GUINT_TO_POINTER(plan->edges->len));
}

static void make_edges(GeoPlan *plan)
{
    g_autoptr(GArray) segments = list_segments(plan);
    for (uint32_t i = 0; i < segments->len; i++) {
        const Segment *s = &g_array_index(segments, Segment, i);
        add_edge(plan, s->a, s->b, g_array_index(plan->walks, uint32_t, s->walk));
    }
}

/* Edges that lead nowhere go, again and again, until every vertex has two. */
static void drop_loose_ends(GeoPlan *plan)
{
    g_autofree uint32_t *degree = g_new0(uint32_t, plan->points->len);
    for (uint32_t i = 0; i < plan->edges->len; i++) {
        const GeoPlanEdge *edge = &g_array_index(plan->edges, GeoPlanEdge, i);
        degree[edge->a]++, degree[edge->b]++;
    }
    for (bool again = true; again;) {
        again = false;
        for (uint32_t i = plan->edges->len; i-- > 0;) {
            GeoPlanEdge edge = g_array_index(plan->edges, GeoPlanEdge, i);
            if (degree[edge.a] != 1 && degree[edge.b] != 1)
                continue;
            degree[edge.a]--, degree[edge.b]--;
            g_array_remove_index(plan->edges, i);
            again = true;
        }
    }
    g_hash_table_remove_all(plan->by_ends);
    for (uint32_t i = 0; i < plan->edges->len; i++) {
        const GeoPlanEdge *edge = &g_array_index(plan->edges, GeoPlanEdge, i);
        g_hash_table_insert(plan->by_ends, GSIZE_TO_POINTER((gsize)ends_key(edge->a, edge->b)),
                            GUINT_TO_POINTER(i + 1));
    }
}

typedef struct {
    uint32_t from, to;
    double angle;
    bool used;
} Half;

static int compare_halves(gconstpointer a, gconstpointer b)
{
    const Half *x = a, *y = b;
    if (x->from != y->from)
        return x->from < y->from ? -1 : 1;
    return x->angle < y->angle ? -1 : x->angle > y->angle;
}

static void add_half(const GeoPlan *plan, GArray *halves, uint32_t from, uint32_t to)
{
    GeoXY a = geo_plan_point(plan, from), b = geo_plan_point(plan, to);
    Half half = {from, to, atan2(b.y - a.y, b.x - a.x), false};
    g_array_append_val(halves, half);
}

/* The next side of the face on the left: at the far end, the first one clockwise from where we
 * came. */
static uint32_t next_half(const Half *half, uint32_t n, const uint32_t *first, uint32_t i)
{
    uint32_t at = half[i].to, k = first[at];
    while (half[k].to != half[i].from)
        k++;
    if (k > first[at])
        return k - 1;
    while (k + 1 < n && half[k + 1].from == at)
        k++;
    return k;
}

static void add_block(GeoPlan *plan, const GArray *ring)
{
    g_autofree GeoXY *xy = g_new(GeoXY, ring->len);
    for (guint i = 0; i < ring->len; i++)
        xy[i] = geo_plan_point(plan, g_array_index(ring, uint32_t, i));
    GeoPlanBlock block = {plan->rings->len, ring->len, 0, geo_ring_area_m2(xy, ring->len)};
    if (block.area_m2 < 1)
        return;
    block.inside = geo_ring_middle(xy, ring->len);
    g_array_append_vals(plan->rings, ring->data, ring->len);
    g_array_append_val(plan->blocks, block);
}

static void make_faces(GeoPlan *plan)
{
    g_autoptr(GArray) halves = g_array_new(FALSE, FALSE, sizeof(Half));
    for (uint32_t i = 0; i < plan->edges->len; i++) {
        GeoPlanEdge edge = g_array_index(plan->edges, GeoPlanEdge, i);
        add_half(plan, halves, edge.a, edge.b);
        add_half(plan, halves, edge.b, edge.a);
    }
    g_array_sort(halves, compare_halves);
    Half *half = (Half *)(void *)halves->data;
    g_autofree uint32_t *first = g_new0(uint32_t, plan->points->len);
    for (uint32_t i = halves->len; i-- > 0;)
        first[half[i].from] = i;
    g_autoptr(GArray) ring = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < halves->len; i++) {
        if (half[i].used)
            continue;
        g_array_set_size(ring, 0);
        for (uint32_t k = i; !half[k].used; k = next_half(half, halves->len, first, k)) {
            half[k].used = true;
            push(ring, half[k].from);
        }
        add_block(plan, ring);
    }
}

void geo_plan_close(GeoPlan *plan, int link_class, double link_clear_m)
{
    GeoPlanLine link = {link_class, link_clear_m, UINT32_MAX, true};
    cut_all(plan);
    for (int round = 0; round < ROUNDS && tie_islands(plan, &link); round++)
        cut_all(plan);
    make_edges(plan);
    drop_loose_ends(plan);
    make_faces(plan);
}

const GeoPlanEdge *geo_plan_edge(const GeoPlan *plan, uint32_t a, uint32_t b)
{
    gpointer key = GSIZE_TO_POINTER((gsize)ends_key(a, b));
    guint found = GPOINTER_TO_UINT(g_hash_table_lookup(plan->by_ends, key));
    return found ? &g_array_index(plan->edges, GeoPlanEdge, found - 1) : NULL;
}

static void expand_side(const GeoPlan *plan, uint32_t a, uint32_t b, GArray *whole)
{
    const GeoPlanEdge *edge = geo_plan_edge(plan, a, b);
    if (!edge || edge->middle < 0)
        return;
    expand_side(plan, a, (uint32_t)edge->middle, whole);
    push(whole, (uint32_t)edge->middle);
    expand_side(plan, (uint32_t)edge->middle, b, whole);
}

void geo_plan_expand(const GeoPlan *plan, const uint32_t *walk, size_t n, bool closed,
                     GArray *whole)
{
    for (size_t i = 0; i < n; i++) {
        push(whole, walk[i]);
        if (i + 1 < n || closed)
            expand_side(plan, walk[i], walk[(i + 1) % n], whole);
    }
}

void geo_plan_ring(const GeoPlan *plan, const GeoPlanBlock *block, GArray *ring)
{
    geo_plan_expand(plan, &g_array_index(plan->rings, uint32_t, block->ring0), block->n_ring, true,
                    ring);
}

double geo_plan_clear_m(int class)
{
    switch (class) {
    case GEO_ROAD_MOTORWAY:
        return 38;
    case GEO_ROAD_TRUNK:
        return 30;
    case GEO_ROAD_PRIMARY:
        return 25;
    case GEO_ROAD_SECONDARY:
        return 18;
    case GEO_ROAD_TERTIARY:
        return 13;
    case GEO_ROAD_RESIDENTIAL:
        return 8.5;
    case GEO_ROAD_PEDESTRIAN:
        return 9;
    default:
        return 6;
    }
}
