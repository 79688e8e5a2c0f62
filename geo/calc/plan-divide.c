/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The second half of a street plan: blocks are cut in two across their longer side until they are
 * small enough, as recursive subdivision in procedural modelling does it (Parish and Mueller 2001
 * name it; this is the plain form). A cut prefers straight angles, even halves and corners that the
 * streets of neighbours have already made, so crossings are more frequent than staggered ends. What
 * a street cuts is remembered at the edge, so that the neighbour's ring sees it too. */
#include <math.h>

#include "geo/calc/plan.h"
#include "geo/model/kind.h"

#define MIN_SHARE 0.18 /* of the smaller part */
#define FLAT_COS 0.94  /* a corner this straight is not a corner */
#define MAX_CROSSINGS 64

typedef struct {
    const uint32_t *ids;
    const GeoXY *xy;
    size_t n;
    double area_m2;
} Ring;

typedef struct {
    size_t side; /* ring side from side to side + 1 */
    bool corner; /* at the vertex side itself */
    GeoXY at;
} End;

typedef struct {
    End a, b;
    double score;
} Cut;

static GeoXY unit(GeoXY a, GeoXY b)
{
    double dx = b.x - a.x, dy = b.y - a.y, length = hypot(dx, dy);
    return length > 0 ? (GeoXY){dx / length, dy / length} : (GeoXY){1, 0};
}

static double dot(GeoXY a, GeoXY b)
{
    return a.x * b.x + a.y * b.y;
}

static void extent(const Ring *ring, GeoXY along, double *low, double *high)
{
    *low = INFINITY, *high = -INFINITY;
    for (size_t i = 0; i < ring->n; i++) {
        double s = dot(ring->xy[i], along);
        *low = fmin(*low, s), *high = fmax(*high, s);
    }
}

/* The direction of the longer side of the smallest box around the ring that stands on one of its
 * long sides. */
static GeoXY long_axis(const Ring *ring)
{
    GeoXY best = {1, 0};
    double best_area = INFINITY, longest = 0;
    for (size_t i = 0; i < ring->n; i++) {
        GeoXY a = ring->xy[i], b = ring->xy[(i + 1) % ring->n];
        longest = fmax(longest, hypot(b.x - a.x, b.y - a.y));
    }
    for (size_t i = 0; i < ring->n; i++) {
        GeoXY a = ring->xy[i], b = ring->xy[(i + 1) % ring->n];
        if (hypot(b.x - a.x, b.y - a.y) < 0.4 * longest)
            continue;
        GeoXY d = unit(a, b), across = {-d.y, d.x};
        double low, high, left, right;
        extent(ring, d, &low, &high);
        extent(ring, across, &left, &right);
        if ((high - low) * (right - left) < best_area * 0.999) {
            best_area = (high - low) * (right - left);
            best = high - low >= right - left ? d : across;
        }
    }
    return best;
}

/* Sides that the line p + s * d crosses, by s. */
static size_t crossings(const Ring *ring, GeoXY p, GeoXY d, double *s, End *ends)
{
    size_t n = 0;
    GeoXY across = {-d.y, d.x};
    for (size_t i = 0; i < ring->n && n < MAX_CROSSINGS; i++) {
        GeoXY a = ring->xy[i], b = ring->xy[(i + 1) % ring->n];
        double u = (a.x - p.x) * across.x + (a.y - p.y) * across.y;
        double v = (b.x - p.x) * across.x + (b.y - p.y) * across.y;
        if ((u > 0) == (v > 0))
            continue;
        double t = u / (u - v);
        GeoXY at = {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
        double along = (at.x - p.x) * d.x + (at.y - p.y) * d.y;
        size_t k = n++;
        for (; k > 0 && s[k - 1] > along; k--)
            s[k] = s[k - 1], ends[k] = ends[k - 1];
        s[k] = along;
        ends[k] = (End){i, false, at};
    }
    return n;
}

static double corner_cos(const Ring *ring, size_t i)
{
    GeoXY before = ring->xy[(i + ring->n - 1) % ring->n], after = ring->xy[(i + 1) % ring->n];
    return dot(unit(before, ring->xy[i]), unit(ring->xy[i], after));
}

/* Moves an end to a vertex near it. */
static void to_corner(const Ring *ring, End *end, double snap_m)
{
    size_t next = (end->side + 1) % ring->n;
    GeoXY a = ring->xy[end->side], b = ring->xy[next];
    double to_a = hypot(end->at.x - a.x, end->at.y - a.y);
    double to_b = hypot(end->at.x - b.x, end->at.y - b.y);
    if (fmin(to_a, to_b) > snap_m)
        return;
    end->side = to_a <= to_b ? end->side : next;
    end->at = ring->xy[end->side];
    end->corner = true;
}

static double cross(GeoXY o, GeoXY a, GeoXY b)
{
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

/* No side but those at the ends crosses the stretch. */
static bool free_stretch(const Ring *ring, GeoXY p, GeoXY q, const End *a, const End *b)
{
    GeoXY middle = {(p.x + q.x) / 2, (p.y + q.y) / 2};
    if (!geo_ring_holds(ring->xy, ring->n, middle))
        return false;
    for (size_t i = 0; i < ring->n; i++) {
        size_t j = (i + 1) % ring->n;
        bool at_a = i == a->side || (a->corner && j == a->side);
        bool at_b = i == b->side || (b->corner && j == b->side);
        if (at_a || at_b)
            continue;
        GeoXY u = ring->xy[i], v = ring->xy[j];
        if (geo_ring_segment_m(u, p, q, NULL) < 3)
            return false;
        if (cross(p, q, u) * cross(p, q, v) < 0 && cross(u, v, p) * cross(u, v, q) < 0)
            return false;
    }
    return true;
}

/* Ids of the part from end a along the ring to end b; the cut's own vertices are added by others.
 */
static double part_area(const Ring *ring, const End *a, const End *b)
{
    double twice = 0;
    GeoXY o = a->at, last = a->at;
    size_t stop = b->side;
    for (size_t i = (a->side + 1) % ring->n;; i = (i + 1) % ring->n) {
        GeoXY p = ring->xy[i];
        twice += (last.x - o.x) * (p.y - o.y) - (p.x - o.x) * (last.y - o.y);
        last = p;
        if (i == stop)
            break;
    }
    GeoXY p = b->at;
    twice += (last.x - o.x) * (p.y - o.y) - (p.x - o.x) * (last.y - o.y);
    return twice / 2;
}

/* How straight the cut meets the ring at an end: 1 square, 0 along it; corners are worse, corners
 * that a neighbour's street made in a straight side better. */
static double end_score(const Ring *ring, const End *end, GeoXY d)
{
    if (!end->corner) {
        GeoXY side = unit(ring->xy[end->side], ring->xy[(end->side + 1) % ring->n]);
        return 1 - fabs(dot(side, d));
    }
    double straight = corner_cos(ring, end->side);
    GeoXY side = unit(ring->xy[end->side], ring->xy[(end->side + 1) % ring->n]);
    return straight > FLAT_COS ? 1.35 - fabs(dot(side, d)) : 0.25;
}

static void try_line(const Ring *ring, GeoXY p, GeoXY d, double snap_m, Cut *best)
{
    double s[MAX_CROSSINGS];
    End ends[MAX_CROSSINGS];
    size_t n = crossings(ring, p, d, s, ends);
    for (size_t i = 0; i + 1 < n; i++) {
        Cut cut = {ends[i], ends[i + 1], 0};
        to_corner(ring, &cut.a, snap_m);
        to_corner(ring, &cut.b, snap_m);
        double length = hypot(cut.b.at.x - cut.a.at.x, cut.b.at.y - cut.a.at.y);
        if (cut.a.side == cut.b.side || length < 15)
            continue;
        double share = part_area(ring, &cut.a, &cut.b) / ring->area_m2;
        if (share < MIN_SHARE || share > 1 - MIN_SHARE ||
            !free_stretch(ring, cut.a.at, cut.b.at, &cut.a, &cut.b))
            continue;
        GeoXY along = unit(cut.a.at, cut.b.at);
        cut.score = 1.2 * fmin(share, 1 - share) + 0.5 * end_score(ring, &cut.a, along) +
                    0.5 * end_score(ring, &cut.b, along) - 0.15 * length / sqrt(ring->area_m2);
        if (cut.score > best->score)
            *best = cut;
    }
}

static bool find_cut(const Ring *ring, const GeoPlanRule *rule, GeoDice *dice, Cut *best)
{
    static const double offsets[] = {0, 0.07, -0.07, 0.15, -0.15, 0.24, -0.24};
    GeoXY d = long_axis(ring), across = {-d.y, d.x};
    double low, high, skew = geo_dice_between(dice, -rule->skew, rule->skew);
    double snap_m = fmin(32, fmax(12, 0.14 * sqrt(rule->target_m2)));
    extent(ring, d, &low, &high);
    best->score = -INFINITY;
    for (size_t k = 0; k < G_N_ELEMENTS(offsets); k++) {
        double s = low + (high - low) * (0.5 + skew + offsets[k]);
        GeoXY p = {d.x * s, d.y * s};
        try_line(ring, p, across, snap_m, best);
    }
    for (int k = 0; k < 3 && !isfinite(best->score); k++) {
        double s, left, right;
        extent(ring, across, &left, &right);
        s = left + (right - left) * (0.35 + 0.15 * k);
        try_line(ring, (GeoXY){across.x * s, across.y * s}, d, snap_m, best);
    }
    return isfinite(best->score);
}

/* ---- the cut made ---- */

static uint32_t new_point(GeoPlan *plan, GeoXY p)
{
    g_array_append_val(plan->points, p);
    return plan->points->len - 1;
}

static void new_edge(GeoPlan *plan, uint32_t a, uint32_t b, uint32_t line)
{
    GeoPlanEdge edge = {a, b, line, -1};
    uint64_t key = a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
    g_array_append_val(plan->edges, edge);
    g_hash_table_insert(plan->by_ends, GSIZE_TO_POINTER((gsize)key),
                        GUINT_TO_POINTER(plan->edges->len));
}

static uint32_t split_edge(GeoPlan *plan, uint32_t a, uint32_t b, GeoXY at)
{
    const GeoPlanEdge *edge = geo_plan_edge(plan, a, b);
    size_t number = (size_t)(edge - (const GeoPlanEdge *)(void *)plan->edges->data);
    uint32_t vertex = new_point(plan, at), line = edge->line;
    new_edge(plan, a, vertex, line);
    new_edge(plan, vertex, b, line);
    g_array_index(plan->edges, GeoPlanEdge, number).middle = vertex;
    return vertex;
}

/* The vertex of an end, made on its side where there is none; walkable: a street may end there. */
static uint32_t end_vertex(GeoPlan *plan, const Ring *ring, const End *end, double *rail_m)
{
    uint32_t a = ring->ids[end->side], b = ring->ids[(end->side + 1) % ring->n];
    const GeoPlanEdge *edge = geo_plan_edge(plan, a, b);
    uint32_t line = edge ? edge->line : 0;
    const GeoPlanLine *of = &g_array_index(plan->lines, GeoPlanLine, line);
    *rail_m = of->class < 0 ? of->clear_m : 0;
    if (end->corner) {
        uint32_t before = ring->ids[(end->side + ring->n - 1) % ring->n];
        const GeoPlanEdge *other = geo_plan_edge(plan, before, a);
        if (other && g_array_index(plan->lines, GeoPlanLine, other->line).class >= 0)
            *rail_m = 0;
        return a;
    }
    return split_edge(plan, a, b, end->at);
}

static void add_walk(GeoPlan *plan, const GeoPlanLine *line, const uint32_t *ids, size_t n)
{
    if (n < 2)
        return;
    g_array_append_val(plan->lines, *line);
    uint32_t number = plan->lines->len - 1, end = GEO_PLAN_END;
    g_array_append_val(plan->walks, number);
    g_array_append_vals(plan->walks, ids, (guint)n);
    g_array_append_val(plan->walks, end);
    for (size_t i = 0; i + 1 < n; i++)
        new_edge(plan, ids[i], ids[i + 1], number);
}

uint32_t geo_plan_add_lane(GeoPlan *plan, uint32_t a, uint32_t b, GeoXY gate, GeoXY end, int class,
                           uint32_t street)
{
    uint32_t ids[2] = {split_edge(plan, a, b, gate), 0};
    GeoPlanLine line = {class, geo_plan_clear_m(class), street, true};
    ids[1] = new_point(plan, end);
    add_walk(plan, &line, ids, 2);
    return ids[0];
}

static GeoXY between(GeoXY a, GeoXY b, double share)
{
    return (GeoXY){a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
}

/* The cut's vertices from a to b, and its walks: the street itself, and the stretches to a railway
 * that it does not cross. */
static size_t lay_street(GeoPlan *plan, const Ring *ring, const Cut *cut, const GeoPlanRule *rule,
                         uint32_t street, GeoDice *dice, uint32_t *ids)
{
    double rail_a, rail_b;
    uint32_t a = end_vertex(plan, ring, &cut->a, &rail_a);
    uint32_t b = end_vertex(plan, ring, &cut->b, &rail_b);
    double length = hypot(cut->b.at.x - cut->a.at.x, cut->b.at.y - cut->a.at.y);
    int level = ring->area_m2 > rule->area_m2[0] ? 0 : ring->area_m2 > rule->area_m2[1] ? 1 : 2;
    int class = rule->class[level];
    if (rail_a + rail_b + 25 > length)
        class = -1;
    GeoPlanLine line = {class, class < 0 ? 2 : geo_plan_clear_m(class), street, true};
    GeoPlanLine border = {-1, 2, street, true};
    size_t n = 0, from = 0;
    ids[n++] = a;
    if (class >= 0 && rail_a > 0) {
        ids[n++] = new_point(plan, between(cut->a.at, cut->b.at, rail_a / length));
        add_walk(plan, &border, ids, 2);
        from = 1;
    }
    double bend = geo_dice_between(dice, -rule->bend, rule->bend) * length;
    GeoXY d = unit(cut->a.at, cut->b.at), middle = between(cut->a.at, cut->b.at, 0.5);
    GeoXY bent = {middle.x - d.y * bend, middle.y + d.x * bend};
    if (rail_a + rail_b == 0 && length > 70 && fabs(bend) > 2 &&
        free_stretch(ring, cut->a.at, bent, &cut->a, &cut->a) &&
        free_stretch(ring, bent, cut->b.at, &cut->b, &cut->b))
        ids[n++] = new_point(plan, bent);
    if (class >= 0 && rail_b > 0)
        ids[n++] = new_point(plan, between(cut->a.at, cut->b.at, 1 - rail_b / length));
    ids[n++] = b;
    size_t to = class >= 0 && rail_b > 0 ? n - 1 : n;
    add_walk(plan, &line, ids + from, to - from);
    if (to < n)
        add_walk(plan, &border, ids + n - 2, 2);
    return n;
}

/* The part of the ring from one end of the cut to the other, closed by the cut itself. */
static GArray *part_of(const Ring *ring, const End *a, const End *b, const uint32_t *street,
                       size_t n_street, bool forwards)
{
    GArray *part = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t i = (a->side + 1) % ring->n;; i = (i + 1) % ring->n) {
        bool is_end = b->corner && i == b->side;
        if (!is_end)
            g_array_append_val(part, ring->ids[i]);
        if (i == b->side)
            break;
    }
    for (size_t i = 0; i < n_street; i++)
        g_array_append_val(part, street[forwards ? i : n_street - 1 - i]);
    return part;
}

static void keep_block(GeoPlan *plan, const Ring *ring, GeoXY inside, int zone)
{
    GeoPlanBlock block = {plan->rings->len, (uint32_t)ring->n, zone, ring->area_m2, inside};
    g_array_append_vals(plan->rings, ring->ids, (guint)ring->n);
    g_array_append_val(plan->blocks, block);
}

void geo_plan_divide(GeoPlan *plan, GeoPlanRuleFunc ask, void *user, uint64_t seed,
                     uint32_t first_street)
{
    g_autoptr(GPtrArray) stack = g_ptr_array_new();
    for (guint i = plan->blocks->len; i-- > 0;) {
        const GeoPlanBlock *block = &g_array_index(plan->blocks, GeoPlanBlock, i);
        GArray *ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_array_append_vals(ids, &g_array_index(plan->rings, uint32_t, block->ring0),
                            block->n_ring);
        g_ptr_array_add(stack, ids);
    }
    g_array_set_size(plan->blocks, 0);
    g_array_set_size(plan->rings, 0);
    GeoDice dice = geo_dice_new(seed, 1);
    while (stack->len > 0) {
        g_autoptr(GArray) part = g_ptr_array_steal_index(stack, stack->len - 1);
        g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        geo_plan_expand(plan, (const uint32_t *)(void *)part->data, part->len, true, ids);
        g_autofree GeoXY *xy = g_new(GeoXY, ids->len);
        for (guint i = 0; i < ids->len; i++)
            xy[i] = geo_plan_point(plan, g_array_index(ids, uint32_t, i));
        Ring ring = {(const uint32_t *)(void *)ids->data, xy, ids->len,
                     geo_ring_area_m2(xy, ids->len)};
        GeoXY inside = geo_ring_middle(xy, ids->len);
        GeoPlanRule rule = {0};
        Cut cut;
        bool more = ask(plan, xy, ring.n, ring.area_m2, inside, &rule, user) &&
                    ring.area_m2 > rule.target_m2 * geo_dice_between(&dice, 0.7, 1.5);
        if (!more || !find_cut(&ring, &rule, &dice, &cut)) {
            keep_block(plan, &ring, inside, rule.zone);
            continue;
        }
        uint32_t street[6];
        size_t n = lay_street(plan, &ring, &cut, &rule, first_street++, &dice, street);
        g_ptr_array_add(stack, part_of(&ring, &cut.b, &cut.a, street, n, true));
        g_ptr_array_add(stack, part_of(&ring, &cut.a, &cut.b, street, n, false));
    }
}
