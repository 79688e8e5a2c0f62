/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest units. By air: a uniform grid filled by counting sort, searched ring by ring; O(n) to
 * build, about k cells a query. By road: one Dijkstra against the direction of travel, from the
 * place outwards, over (profile, node) pairs and the units themselves in one queue, so that foot,
 * e-bike and car race each other and the search stops when the k-th unit leaves the queue; about
 * k * nodes / units nodes are settled. Labels carry the number of the query they belong to, so
 * nothing is cleared between queries. Turn restrictions and traffic are not known. */
#include "geo/calc/near.h"

#include <math.h>
#include <string.h>

#include "geo/calc/heap.h"
#include "geo/calc/road-graph.h"

/* What a kind makes as the crow flies where no road is asked: 4.5, 15 and 25 km/h. */
static const double air_mps[GEO_N_PROFILES] = {1.25, 4.2, 6.9};

typedef struct {
    double x, y;
    uint32_t unit;
} AirPlace;

typedef struct {
    double offset_m, gap_s, gap_m;
    uint32_t unit;
    uint8_t profile;
} RoadPlace;

typedef struct {
    double time_s, metres;
    uint32_t seen; /* 2 * query when labelled, + 1 when settled */
} Label;

struct GeoNear {
    const GeoRoads *roads; /* borrowed, may be NULL */
    uint8_t *profile;      /* of each unit */
    size_t n;

    AirPlace *air; /* usable units by cell */
    uint32_t *air0;
    uint32_t columns, rows;
    GeoBox box;
    double cell_m;

    RoadPlace *road; /* usable snapped units by edge */
    uint32_t *road0; /* n_edges + 1 */
    bool present[GEO_N_PROFILES];

    Label *labels; /* 3 * nodes, then units; made by the first query */
    uint32_t query;
    GeoHeap heap;
};

/* ---- by air ---- */

#define UNITS_PER_CELL 2.0

static uint32_t air_cell(const GeoNear *near, GeoXY p)
{
    uint32_t column = (uint32_t)((p.x - near->box.min_x) / near->cell_m);
    uint32_t row = (uint32_t)((p.y - near->box.min_y) / near->cell_m);
    return MIN(row, near->rows - 1) * near->columns + MIN(column, near->columns - 1);
}

static void index_air(GeoNear *near, const GeoXY *at, const uint8_t *usable)
{
    size_t n_usable = 0;
    near->box = GEO_BOX_EMPTY;
    for (size_t i = 0; i < near->n; i++)
        if (usable[i] && isfinite(at[i].x) && isfinite(at[i].y)) {
            geo_box_add(&near->box, at[i]);
            n_usable++;
        }
    double width = n_usable ? near->box.max_x - near->box.min_x : 0;
    double height = n_usable ? near->box.max_y - near->box.min_y : 0;
    double wanted = MAX((double)n_usable / UNITS_PER_CELL, 1);
    near->cell_m = MAX(MAX(sqrt(width * height / wanted), MAX(width, height) / wanted), 1);
    near->columns = (uint32_t)(width / near->cell_m) + 1;
    near->rows = (uint32_t)(height / near->cell_m) + 1;
    size_t n_cells = (size_t)near->columns * near->rows;
    near->air = g_new(AirPlace, MAX(n_usable, 1));
    near->air0 = g_new0(uint32_t, n_cells + 2);
    uint32_t *next = near->air0 + 1; /* ends where the cells' beginnings should be */
    for (size_t i = 0; i < near->n; i++)
        if (usable[i] && isfinite(at[i].x) && isfinite(at[i].y))
            next[air_cell(near, at[i]) + 1]++;
    for (size_t c = 0; c < n_cells; c++)
        next[c + 1] += next[c];
    for (size_t i = 0; i < near->n; i++)
        if (usable[i] && isfinite(at[i].x) && isfinite(at[i].y))
            near->air[next[air_cell(near, at[i])]++] = (AirPlace){at[i].x, at[i].y, (uint32_t)i};
}

/* The farther of two, or the later index of equally far ones. */
static bool worse(const GeoNearHit *a, const GeoNearHit *b)
{
    return a->distance_m > b->distance_m || (a->distance_m == b->distance_m && a->unit > b->unit);
}

/* hits is a heap with the worst on top. */
static void sink(GeoNearHit *hits, size_t n, size_t i)
{
    GeoNearHit hit = hits[i];
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && worse(&hits[child + 1], &hits[child]))
            child++;
        if (!worse(&hits[child], &hit))
            break;
        hits[i] = hits[child];
    }
    hits[i] = hit;
}

static void offer(GeoNearHit *hits, size_t *n, size_t k, GeoNearHit hit)
{
    if (*n == k) {
        if (!worse(&hits[0], &hit))
            return;
        hits[0] = hit;
        sink(hits, k, 0);
        return;
    }
    size_t i = (*n)++;
    for (; i > 0 && worse(&hit, &hits[(i - 1) / 2]); i = (i - 1) / 2)
        hits[i] = hits[(i - 1) / 2];
    hits[i] = hit;
}

typedef struct {
    const GeoNear *near;
    GeoXY p;
    GeoNearHit *hits;
    size_t n, k;
} AirSearch;

static void search_cell(AirSearch *search, int64_t column, int64_t row)
{
    const GeoNear *near = search->near;
    if (column < 0 || row < 0 || column >= near->columns || row >= near->rows)
        return;
    size_t cell = (size_t)row * near->columns + (size_t)column;
    for (uint32_t i = near->air0[cell]; i < near->air0[cell + 1]; i++) {
        const AirPlace *place = &near->air[i];
        /* Squares until the end: the root comes once per hit. */
        double dx = place->x - search->p.x, dy = place->y - search->p.y;
        offer(search->hits, &search->n, search->k,
              (GeoNearHit){.unit = place->unit, .distance_m = dx * dx + dy * dy});
    }
}

static void search_rings(AirSearch *search)
{
    const GeoNear *near = search->near;
    double fx = (search->p.x - near->box.min_x) / near->cell_m;
    double fy = (search->p.y - near->box.min_y) / near->cell_m;
    /* Far outside the box the rings would be many and empty: begin at its nearest cell, and count
     * distances from there. */
    double cx = CLAMP(fx, 0, (double)near->columns), cy = CLAMP(fy, 0, (double)near->rows);
    int64_t column = (int64_t)cx, row = (int64_t)cy;
    double inset =
        MIN(MIN(cx - floor(cx), floor(cx) + 1 - cx), MIN(cy - floor(cy), floor(cy) + 1 - cy));
    int64_t last = MAX(near->columns, near->rows) + 1;
    for (int64_t ring = 0; ring <= last; ring++) {
        /* All cells of this ring and beyond are at least so far from p: its nearest point of the
         * box is nearer to any unit than p itself is. */
        double reach = ((double)ring - 1 + inset) * near->cell_m;
        if (search->n == search->k && reach > 0 && reach * reach > search->hits[0].distance_m)
            return;
        for (int64_t c = column - ring; c <= column + ring; c++) {
            search_cell(search, c, row - ring);
            if (ring > 0)
                search_cell(search, c, row + ring);
        }
        for (int64_t r = row - ring + 1; r < row + ring; r++) {
            search_cell(search, column - ring, r);
            search_cell(search, column + ring, r);
        }
    }
}

size_t geo_near_by_air(const GeoNear *near, GeoXY p, size_t k, GeoNearHit *hits)
{
    if (k == 0 || !isfinite(p.x) || !isfinite(p.y))
        return 0;
    AirSearch search = {.near = near, .p = p, .hits = hits, .k = k};
    search_rings(&search);
    for (size_t n = search.n; n > 1; n--) {
        GeoNearHit worst = hits[0];
        hits[0] = hits[n - 1];
        sink(hits, n - 1, 0);
        hits[n - 1] = worst;
    }
    for (size_t i = 0; i < search.n; i++) {
        hits[i].distance_m = sqrt(hits[i].distance_m);
        hits[i].travel_s = hits[i].distance_m / air_mps[near->profile[hits[i].unit]];
    }
    return search.n;
}

/* ---- by road ---- */

static void index_road(GeoNear *near, const GeoSnap *snap, const uint8_t *usable)
{
    uint32_t n_edges = near->roads->n_edges;
    near->road0 = g_new0(uint32_t, (size_t)n_edges + 2);
    uint32_t *next = near->road0 + 1;
    size_t n_usable = 0;
    for (size_t i = 0; i < near->n; i++)
        if (usable[i] && snap[i].edge >= 0) {
            next[snap[i].edge + 1]++;
            n_usable++;
        }
    for (uint32_t e = 0; e < n_edges; e++)
        next[e + 1] += next[e];
    near->road = g_new(RoadPlace, MAX(n_usable, 1));
    for (size_t i = 0; i < near->n; i++) {
        if (!usable[i] || snap[i].edge < 0)
            continue;
        near->road[next[snap[i].edge]++] = (RoadPlace){.offset_m = snap[i].offset_m,
                                                       .gap_s = snap[i].off_m / GEO_ROAD_WALK_MPS,
                                                       .gap_m = snap[i].off_m,
                                                       .unit = (uint32_t)i,
                                                       .profile = near->profile[i]};
        near->present[near->profile[i]] = true;
    }
}

GeoNear *geo_near_new(const GeoRoads *roads, const GeoXY *at, const GeoSnap *snap,
                      const uint8_t *profile, const uint8_t *usable, size_t n)
{
    g_return_val_if_fail(!snap || roads, NULL);
    g_return_val_if_fail(!roads || GEO_N_PROFILES * (uint64_t)roads->n_nodes + n < UINT32_MAX,
                         NULL);
    GeoNear *near = g_new0(GeoNear, 1);
    near->n = n;
    near->profile = n ? g_memdup2(profile, n) : NULL;
    index_air(near, at, usable);
    if (snap) {
        near->roads = roads;
        index_road(near, snap, usable);
    }
    return near;
}

void geo_near_free(GeoNear *near)
{
    if (!near)
        return;
    g_free(near->profile);
    g_free(near->air);
    g_free(near->air0);
    g_free(near->road);
    g_free(near->road0);
    g_free(near->labels);
    geo_heap_clear(&near->heap);
    g_free(near);
}

static void reach(GeoNear *near, uint32_t id, double time_s, double metres)
{
    Label *label = &near->labels[id];
    uint32_t now = 2 * near->query;
    if (label->seen == now + 1 || (label->seen == now && label->time_s <= time_s))
        return;
    *label = (Label){time_s, metres, now};
    geo_heap_push(&near->heap, time_s, id);
}

static void reach_unit(GeoNear *near, const RoadPlace *place, double time_s, double metres)
{
    reach(near, GEO_N_PROFILES * near->roads->n_nodes + place->unit, time_s + place->gap_s,
          metres + place->gap_m);
}

/* Units on an edge reach its settled end, time_s and metres from the place. */
static void reach_units_on(GeoNear *near, uint32_t e, GeoProfile profile, bool at_to, double time_s,
                           double metres)
{
    const GeoRoadEdge *edge = &near->roads->edges[e];
    double pace = edge->pace_spm[profile];
    for (uint32_t i = near->road0[e]; i < near->road0[e + 1]; i++) {
        const RoadPlace *place = &near->road[i];
        if (place->profile != profile)
            continue;
        double ahead = at_to ? edge->length_m - place->offset_m : place->offset_m;
        if (geo_road_may(edge, profile, !at_to) || ahead <= 0)
            reach_unit(near, place, time_s + ahead * pace, metres + ahead);
    }
}

static void settle_node(GeoNear *near, GeoProfile profile, uint32_t node, const Label *label)
{
    const GeoRoads *roads = near->roads;
    double time_s = label->time_s, metres = label->metres;
    for (uint32_t i = roads->star0[node]; i < roads->star0[node + 1]; i++) {
        uint32_t e = roads->star[i];
        const GeoRoadEdge *edge = &roads->edges[e];
        bool units = near->road0[e] < near->road0[e + 1];
        if (units && edge->to == node)
            reach_units_on(near, e, profile, true, time_s, metres);
        if (units && edge->from == node)
            reach_units_on(near, e, profile, false, time_s, metres);
        bool at_to = edge->to == node;
        if (geo_road_may(edge, profile, !at_to))
            reach(near, (uint32_t)profile * roads->n_nodes + (at_to ? edge->from : edge->to),
                  time_s + geo_road_cost_s(edge, profile), metres + edge->length_m);
    }
}

/* The two ends of the place's edge, and the units that stand on it. */
static void start_from(GeoNear *near, GeoProfile profile, const GeoSnap *place)
{
    const GeoRoads *roads = near->roads;
    const GeoRoadEdge *edge = &roads->edges[place->edge];
    uint32_t base = (uint32_t)profile * roads->n_nodes;
    double pace = edge->pace_spm[profile], offset = place->offset_m, gap_m = place->off_m;
    double gap_s = gap_m / GEO_ROAD_WALK_MPS, rest = edge->length_m - offset;
    if (geo_road_may(edge, profile, false) || offset <= 0)
        reach(near, base + edge->from, gap_s + offset * pace, gap_m + offset);
    if (geo_road_may(edge, profile, true) || rest <= 0)
        reach(near, base + edge->to, gap_s + rest * pace, gap_m + rest);
    for (uint32_t i = near->road0[place->edge]; i < near->road0[place->edge + 1]; i++) {
        const RoadPlace *unit = &near->road[i];
        double ahead = offset - unit->offset_m;
        if (unit->profile == profile && (ahead == 0 || geo_road_may(edge, profile, ahead < 0)))
            reach_unit(near, unit, gap_s + fabs(ahead) * pace, gap_m + fabs(ahead));
    }
}

static void next_query(GeoNear *near)
{
    size_t n_labels = GEO_N_PROFILES * (size_t)near->roads->n_nodes + near->n;
    if (!near->labels)
        near->labels = g_new0(Label, n_labels + 1);
    if (++near->query >= UINT32_MAX / 2) {
        memset(near->labels, 0, n_labels * sizeof(Label));
        near->query = 1;
    }
    near->heap.n = 0;
}

size_t geo_near_by_road(GeoNear *near, const GeoSnap place[GEO_N_PROFILES], size_t k,
                        GeoNearHit *hits)
{
    return geo_near_within(near, place, INFINITY, k, hits);
}

size_t geo_near_within(GeoNear *near, const GeoSnap place[GEO_N_PROFILES], double most_s, size_t k,
                       GeoNearHit *hits)
{
    g_return_val_if_fail(near->roads, 0);
    uint32_t n_nodes = near->roads->n_nodes, first_unit = GEO_N_PROFILES * n_nodes;
    next_query(near);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        if (near->present[profile] && place[profile].edge >= 0)
            start_from(near, (GeoProfile)profile, &place[profile]);
    size_t n = 0;
    while (n < k && near->heap.n > 0 && near->heap.items[0].key <= most_s) {
        uint32_t id = geo_heap_pop(&near->heap).id;
        Label *label = &near->labels[id];
        if (label->seen & 1)
            continue;
        label->seen++;
        if (id >= first_unit)
            hits[n++] = (GeoNearHit){id - first_unit, label->time_s, label->metres};
        else
            settle_node(near, (GeoProfile)(id / n_nodes), id % n_nodes, label);
    }
    return n;
}
