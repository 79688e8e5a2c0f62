/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The plan's walks as ways: cut at bridges and every kilometre or so, the greatest roads as two
 * carriageways with a link at each crossing, and only what hangs together. */
#include <math.h>

#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

#define WAY_POINTS 40
#define GREAT 0x10000     /* marks of a vertex: a primary or trunk road is among its edges */
#define MIDDLE 0x20000    /* one that is no residential street */
#define DIVIDED 0x40000   /* one with two carriageways */
#define CARRIAGEWAY_M 8.0 /* from the middle of a divided road to that of each half */

typedef struct {
    uint32_t line;
    GArray *ids; /* uint32_t */
    bool bridge;
    int oneway, class;
} Way;

typedef struct {
    Demo *demo;
    GArray *ways;       /* Way, ids owned */
    GHashTable *kept;   /* undirected edges at kept blocks; NULL: all */
    GHashTable *degree; /* vertex -> how many walkable edges, and marks */
    GArray *arms;       /* DemoArm */
    GeoDice dice;
} Ways;

static gpointer ends_key(uint32_t a, uint32_t b)
{
    return GSIZE_TO_POINTER(a < b ? (gsize)a << 32 | b : (gsize)b << 32 | a);
}

static const GeoPlanLine *line_of(const Demo *demo, uint32_t line)
{
    return &g_array_index(demo->plan->lines, GeoPlanLine, line);
}

/* The edge lies over water. */
static bool over_water(const Demo *demo, uint32_t a, uint32_t b, int class)
{
    GeoXY p = geo_plan_point(demo->plan, a), q = geo_plan_point(demo->plan, b);
    for (int i = 0; i < 4; i++) {
        double t = (i + 0.5) / 4;
        GeoXY at = {p.x + (q.x - p.x) * t, p.y + (q.y - p.y) * t};
        if (geo_demo_river_m(demo, at, NULL) < 0)
            return true;
        for (uint32_t k = 0; k < demo->lines->len && class <= GEO_ROAD_RESIDENTIAL; k++) {
            const DemoLine *line = demo_line(demo, k);
            if (line->kind == DEMO_LINE_WATER && at.x > line->box.min_x && at.x < line->box.max_x &&
                at.y > line->box.min_y && at.y < line->box.max_y &&
                geo_ring_holds((const GeoXY *)(void *)line->xy->data, line->xy->len, at))
                return true;
        }
    }
    return false;
}

static void add_way(Ways *ways, uint32_t line, const uint32_t *ids, guint n, bool bridge,
                    int oneway, int class)
{
    Way way = {line, g_array_sized_new(FALSE, FALSE, sizeof(uint32_t), n), bridge, oneway, class};
    g_array_append_vals(way.ids, ids, n);
    g_array_append_val(ways->ways, way);
}

static uint32_t add_point(Demo *demo, GeoXY p)
{
    g_array_append_val(demo->plan->points, p);
    return demo->plan->points->len - 1;
}

/* The two halves of a divided road and their links. */
static void add_divided(Ways *ways, uint32_t line, const uint32_t *ids, guint n, bool bridge,
                        uint32_t *ends)
{
    Demo *demo = ways->demo;
    int class = line_of(demo, line)->class;
    g_autofree uint32_t *left = g_new(uint32_t, n);
    g_autofree uint32_t *right = g_new(uint32_t, n);
    g_autoptr(GArray) xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (guint i = 0; i < n; i++) {
        GeoXY p = geo_plan_point(demo->plan, ids[i]);
        g_array_append_val(xy, p);
    }
    g_autoptr(GArray) l = geo_demo_offset(xy, false, CARRIAGEWAY_M);
    g_autoptr(GArray) r = geo_demo_offset(xy, false, -CARRIAGEWAY_M);
    if (l->len != n || r->len != n) { /* a hairpin: one carriageway will do */
        add_way(ways, line, ids, n, bridge, 0, class);
        ends[0] = ends[1] = GEO_PLAN_END;
        return;
    }
    for (guint i = 0; i < n; i++) {
        bool joined = i == 0 && ends[0] != GEO_PLAN_END;
        left[n - 1 - i] = joined ? ends[0] : add_point(demo, g_array_index(l, GeoXY, i));
        right[i] = joined ? ends[1] : add_point(demo, g_array_index(r, GeoXY, i));
        guint meets = GPOINTER_TO_UINT(g_hash_table_lookup(ways->degree, GUINT_TO_POINTER(ids[i])));
        bool great = class == GEO_ROAD_TRUNK || meets & GREAT;
        if (!joined && great && ((meets & 0xffff) >= 3 || i == 0 || i + 1 == n)) {
            uint32_t link[3] = {left[n - 1 - i], ids[i], right[i]};
            add_way(ways, line, link, 3, bridge, 0, GEO_ROAD_TERTIARY);
        }
    }
    ends[0] = left[0], ends[1] = right[n - 1];
    add_way(ways, line, left, n, bridge, 1, class);
    add_way(ways, line, right, n, bridge, 1, class);
}

static void add_piece(Ways *ways, uint32_t line, const uint32_t *ids, guint n, bool bridge,
                      int oneway, uint32_t *ends)
{
    int class = line_of(ways->demo, line)->class;
    if (n < 2)
        return;
    if (class <= GEO_ROAD_TRUNK)
        add_divided(ways, line, ids, n, bridge, ends);
    else
        add_way(ways, line, ids, n, bridge, oneway, class);
}

static guint meets_at(const Ways *ways, uint32_t vertex)
{
    return GPOINTER_TO_UINT(g_hash_table_lookup(ways->degree, GUINT_TO_POINTER(vertex)));
}

/* Ways end where a turn may be forbidden, as mappers cut them. */
static bool is_ruled(const Ways *ways, uint32_t vertex)
{
    guint meets = meets_at(ways, vertex);
    return (meets & 0xffff) >= 4 && (meets & MIDDLE) && !(meets & DIVIDED) &&
           geo_demo_is_ruled(ways->demo, vertex);
}

/* A walk in pieces; edges that are another line's, or beyond the kept part, are left out. */
static void add_walk(Ways *ways, uint32_t line, const uint32_t *ids, guint n)
{
    const Demo *demo = ways->demo;
    const GeoPlanLine *of = line_of(demo, line);
    int oneway = 0;
    uint32_t ends[2] = {GEO_PLAN_END, GEO_PLAN_END};
    if (of->made && of->class == GEO_ROAD_RESIDENTIAL && geo_dice_share(&ways->dice) < 0.1)
        oneway = geo_dice_share(&ways->dice) < 0.5 ? 1 : -1;
    guint first = 0;
    bool bridge = false;
    for (guint i = 0; i + 1 < n; i++) {
        const GeoPlanEdge *edge = geo_plan_edge(demo->plan, ids[i], ids[i + 1]);
        bool mine = edge && edge->line == line;
        if (mine && ways->kept && line < demo->first_lane)
            mine = g_hash_table_contains(ways->kept, ends_key(ids[i], ids[i + 1]));
        bool over = mine && over_water(demo, ids[i], ids[i + 1], of->class);
        if (!mine || over != bridge || i - first >= WAY_POINTS ||
            (i > first && is_ruled(ways, ids[i]))) {
            add_piece(ways, line, ids + first, i - first + 1, bridge, oneway, ends);
            first = mine ? i : i + 1;
            bridge = over;
        }
        if (!mine)
            ends[0] = ends[1] = GEO_PLAN_END;
    }
    add_piece(ways, line, ids + first, n - first, bridge, oneway, ends);
}

static void each_walk(Ways *ways, void (*tell)(Ways *, uint32_t, const uint32_t *, guint))
{
    const GeoPlan *plan = ways->demo->plan;
    g_autoptr(GArray) whole = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < plan->walks->len; i++) {
        uint32_t line = g_array_index(plan->walks, uint32_t, i++), first = i;
        while (g_array_index(plan->walks, uint32_t, i) != GEO_PLAN_END)
            i++;
        if (line_of(ways->demo, line)->class < 0 || i < first + 2)
            continue;
        g_array_set_size(whole, 0);
        geo_plan_expand(plan, &g_array_index(plan->walks, uint32_t, first), i - first, false,
                        whole);
        tell(ways, line, (const uint32_t *)(void *)whole->data, whole->len);
    }
}

/* Walkable edges at each vertex, with a mark where a primary or trunk road is among them. */
static void count_degree(Ways *ways, uint32_t line, const uint32_t *ids, guint n)
{
    int class = line_of(ways->demo, line)->class;
    for (guint i = 0; i + 1 < n; i++) {
        const GeoPlanEdge *edge = geo_plan_edge(ways->demo->plan, ids[i], ids[i + 1]);
        if (!edge || edge->line != line)
            continue;
        for (int k = 0; k < 2; k++) {
            gpointer vertex = GUINT_TO_POINTER(ids[i + k]);
            guint value = GPOINTER_TO_UINT(g_hash_table_lookup(ways->degree, vertex)) + 1;
            if (class == GEO_ROAD_PRIMARY || class == GEO_ROAD_TRUNK)
                value |= GREAT;
            if (class <= GEO_ROAD_TERTIARY)
                value |= class <= GEO_ROAD_TRUNK ? DIVIDED : MIDDLE;
            g_hash_table_insert(ways->degree, vertex, GUINT_TO_POINTER(value));
        }
    }
}

static GHashTable *kept_edges(const Demo *demo)
{
    if (demo->options.scale >= 1)
        return NULL;
    GHashTable *kept = g_hash_table_new(g_direct_hash, g_direct_equal);
    g_autoptr(GArray) ring = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        if (!demo_block(demo, i)->keep)
            continue;
        g_array_set_size(ring, 0);
        geo_plan_ring(demo->plan, demo_plan_block(demo, i), ring);
        const uint32_t *v = (const uint32_t *)(void *)ring->data;
        for (guint k = 0; k < ring->len; k++)
            g_hash_table_add(kept, ends_key(v[k], v[(k + 1) % ring->len]));
    }
    return kept;
}

/* Marks ways of the greatest connected part. */
static bool *main_part(const Demo *demo, const GArray *ways)
{
    uint32_t n = demo->plan->points->len;
    g_autofree uint32_t *up = g_new(uint32_t, n);
    g_autofree uint32_t *size = g_new0(uint32_t, n);
    for (uint32_t i = 0; i < n; i++)
        up[i] = i;
    for (guint w = 0; w < ways->len; w++) {
        const GArray *ids = g_array_index(ways, Way, w).ids;
        for (guint i = 0; i < ids->len; i++)
            for (uint32_t v = g_array_index(ids, uint32_t, i); up[v] != v; v = up[v])
                up[v] = up[up[v]];
        for (guint i = 0; i + 1 < ids->len; i++) {
            uint32_t a = g_array_index(ids, uint32_t, i), b = g_array_index(ids, uint32_t, i + 1);
            while (up[a] != a)
                a = up[a];
            while (up[b] != b)
                b = up[b];
            up[a] = b;
        }
    }
    bool *in = g_new0(bool, ways->len + 1);
    g_autofree uint32_t *root = g_new(uint32_t, ways->len + 1);
    uint32_t best = 0;
    for (guint w = 0; w < ways->len; w++) {
        const GArray *ids = g_array_index(ways, Way, w).ids;
        uint32_t r = g_array_index(ids, uint32_t, 0);
        while (up[r] != r)
            r = up[r];
        root[w] = r;
        size[r] += ids->len;
        if (size[r] > size[best])
            best = r;
    }
    for (guint w = 0; w < ways->len; w++)
        in[w] = root[w] == best;
    return in;
}

static void add_arm(Ways *ways, uint32_t vertex, uint32_t next, guint road)
{
    GeoXY p = geo_plan_point(ways->demo->plan, vertex), q = geo_plan_point(ways->demo->plan, next);
    DemoArm arm = {vertex, road, {q.x - p.x, q.y - p.y}};
    if (is_ruled(ways, vertex))
        g_array_append_val(ways->arms, arm);
}

/* What stands between vertices i and i + 1; false: nothing. */
static bool add_post(Ways *ways, const Way *way, guint i, GeoXY *at)
{
    Demo *demo = ways->demo;
    uint32_t a = g_array_index(way->ids, uint32_t, i), b = g_array_index(way->ids, uint32_t, i + 1);
    GeoXY p = geo_plan_point(demo->plan, a), q = geo_plan_point(demo->plan, b);
    bool lane = way->line >= demo->first_lane && way->ids->len == 2;
    if (lane)
        return geo_demo_gate(demo, p, q, at);
    /* both crossings can be come to otherwise */
    return way->class == GEO_ROAD_RESIDENTIAL && way->oneway == 0 && !way->bridge &&
           (meets_at(ways, a) & 0xffff) >= 4 && (meets_at(ways, b) & 0xffff) >= 4 &&
           geo_demo_bollard(demo, p, q, at);
}

static void add_row(Ways *ways, const Way *way)
{
    Demo *demo = ways->demo;
    GeoBatch *batch = demo->batches[GEO_KIND_ROAD];
    GeoRoad *road = geo_batch_add(batch);
    guint n = way->ids->len;
    const uint32_t *ids = (const uint32_t *)(void *)way->ids->data;
    road->row.id = geo_demo_id(batch);
    road->row.name = geo_batch_word(batch, geo_demo_line_name(demo, way->line));
    road->class = way->class;
    road->oneway = way->oneway;
    road->layer = way->bridge ? 1 : 0;
    road->foot = road->ebike = road->car = 2;
    geo_batch_begin(batch, GEO_SHAPE_LINE);
    for (guint i = 0; i < n; i++) {
        GeoXY at;
        GeoLonLat p = geo_demo_lonlat(demo, geo_plan_point(demo->plan, ids[i]));
        geo_batch_point(batch, p.lon, p.lat);
        if (i + 1 == n || !add_post(ways, way, i, &at))
            continue;
        p = geo_demo_lonlat(demo, at);
        geo_batch_point(batch, p.lon, p.lat);
    }
    add_arm(ways, ids[0], ids[1], batch->rows->len - 1);
    add_arm(ways, ids[n - 1], ids[n - 2], batch->rows->len - 1);
}

void geo_demo_roads(Demo *demo)
{
    Ways ways = {demo,
                 g_array_new(FALSE, FALSE, sizeof(Way)),
                 kept_edges(demo),
                 g_hash_table_new(g_direct_hash, g_direct_equal),
                 g_array_new(FALSE, FALSE, sizeof(DemoArm)),
                 geo_dice_new(demo->options.seed, 12)};
    each_walk(&ways, count_degree);
    each_walk(&ways, add_walk);
    g_autofree bool *in = main_part(demo, ways.ways);
    for (guint i = 0; i < ways.ways->len; i++) {
        Way *way = &g_array_index(ways.ways, Way, i);
        if (in[i])
            add_row(&ways, way);
        g_array_unref(way->ids);
    }
    geo_demo_turns(demo, ways.arms);
    g_array_unref(ways.ways);
    g_array_unref(ways.arms);
    g_hash_table_unref(ways.degree);
    g_clear_pointer(&ways.kept, g_hash_table_unref);
}
