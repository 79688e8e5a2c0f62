/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A textbook twin of the router for whole cities: every vertex of every way is a node, every
 * segment an arc each way that the profile may take, and a Dijkstra with a binary heap goes from
 * one place to all. A state is the arc that was taken last; whether another may follow is looked up
 * in the rules as they were given (no hours; no rules over a way between). It shares no code with
 * geo/calc/road*; speeds come from the public table and the rule for posted limits. O(arcs log
 * arcs) a source. */
#include <math.h>
#include <string.h>

#include "geo/calc/road.h"

#define ROUTE_TWIN_NONE UINT32_MAX

typedef struct {
    const GeoXY *xy; /* borrowed */
    uint32_t n_points, n_vertices;
    uint32_t *vertex;  /* of each point */
    uint32_t *way;     /* of the segment that begins at a point; NONE: no segment begins there */
    uint32_t *way0;    /* first point of each way */
    double *cost_s[3]; /* by profile, of arc 2 * point (ahead) and 2 * point + 1 (back); INFINITY:
                          not allowed */
    uint32_t *out0, *out; /* arcs by the vertex they leave */
    uint8_t *turns_back;  /* of each vertex: a crossing, a way's end or a barrier, where one may */
    const GeoTurnRule *rules;    /* borrowed */
    uint32_t *rule0, *next_rule; /* the first of each vertex, the next after each */
    uint8_t *never;              /* of each vertex: bits of profiles that a barrier stops */
} RouteTwin;

typedef struct {
    double lon, lat;
    uint32_t point;
} RouteTwinVertex;

static int route_twin_by_place(const void *a, const void *b)
{
    const RouteTwinVertex *p = a, *q = b;
    if (p->lon != q->lon)
        return p->lon < q->lon ? -1 : 1;
    if (p->lat != q->lat)
        return p->lat < q->lat ? -1 : 1;
    return (p->point > q->point) - (p->point < q->point);
}

static inline void route_twin_number(RouteTwin *twin, const GeoLonLat *lonlat)
{
    g_autofree RouteTwinVertex *all = g_new(RouteTwinVertex, twin->n_points + 1);
    for (uint32_t i = 0; i < twin->n_points; i++)
        all[i] = (RouteTwinVertex){lonlat[i].lon, lonlat[i].lat, i};
    qsort(all, twin->n_points, sizeof *all, route_twin_by_place);
    for (uint32_t i = 0; i < twin->n_points; i++) {
        if (i == 0 || all[i].lon != all[i - 1].lon || all[i].lat != all[i - 1].lat)
            twin->n_vertices++;
        twin->vertex[all[i].point] = twin->n_vertices - 1;
    }
}

static inline double route_twin_speed_mps(const GeoWay *way, GeoProfile profile)
{
    double speed = geo_roads_class_speed_mps(way->class, profile);
    if (way->access[profile] == 0)
        return 0;
    if (speed == 0)
        return way->access[profile] != 1 ? 0 : (profile == GEO_PROFILE_FOOT ? 4.5 : 10) / 3.6;
    if (!(way->speed_kmh > 0))
        return speed;
    return profile == GEO_PROFILE_CAR ? way->speed_kmh * 0.7 / 3.6
                                      : MIN(speed, way->speed_kmh / 3.6);
}

static inline uint32_t route_twin_tail(const RouteTwin *twin, uint32_t arc)
{
    return twin->vertex[arc / 2 + arc % 2];
}

static inline uint32_t route_twin_head(const RouteTwin *twin, uint32_t arc)
{
    return twin->vertex[arc / 2 + 1 - arc % 2];
}

static inline void route_twin_lay(RouteTwin *twin, const GeoWay *way, uint32_t number)
{
    for (uint32_t i = way->point0; i < way->point0 + way->n_points; i++)
        if (!isfinite(twin->xy[i].x) || !isfinite(twin->xy[i].y))
            return;
    for (uint32_t i = way->point0; i + 1 < way->point0 + way->n_points; i++) {
        if (twin->vertex[i] == twin->vertex[i + 1])
            continue;
        twin->way[i] = number;
        double metres = hypot(twin->xy[i + 1].x - twin->xy[i].x, twin->xy[i + 1].y - twin->xy[i].y);
        for (int profile = 0; profile < GEO_N_PROFILES; profile++) {
            double speed = route_twin_speed_mps(way, (GeoProfile)profile);
            bool feet = profile == GEO_PROFILE_FOOT;
            double cost = speed > 0 ? metres / speed : INFINITY;
            twin->cost_s[profile][2 * i] = feet || way->oneway >= 0 ? cost : INFINITY;
            twin->cost_s[profile][2 * i + 1] = feet || way->oneway <= 0 ? cost : INFINITY;
        }
    }
}

static inline void route_twin_sort_arcs(RouteTwin *twin)
{
    for (uint32_t arc = 0; arc < 2 * twin->n_points; arc++)
        if (twin->way[arc / 2] != ROUTE_TWIN_NONE)
            twin->out0[route_twin_tail(twin, arc) + 2]++;
    for (uint32_t v = 0; v < twin->n_vertices; v++)
        twin->out0[v + 2] += twin->out0[v + 1];
    for (uint32_t arc = 0; arc < 2 * twin->n_points; arc++)
        if (twin->way[arc / 2] != ROUTE_TWIN_NONE)
            twin->out[twin->out0[route_twin_tail(twin, arc) + 1]++] = arc;
}

/* Vertices of two ways, or twice of one, and ways' ends. A way of no length is none. */
static inline void route_twin_mark(RouteTwin *twin, const GeoWay *way)
{
    uint32_t end = way->point0 + way->n_points, last = way->point0;
    bool any = false;
    for (uint32_t i = way->point0; i < end; i++)
        any |= twin->vertex[i] != twin->vertex[way->point0];
    if (!any)
        return;
    for (uint32_t i = way->point0; i < end; i++) {
        uint32_t v = twin->vertex[i];
        if (i > way->point0 && v == twin->vertex[i - 1])
            continue;
        twin->turns_back[v] = (uint8_t)MIN(twin->turns_back[v] + 1, 2);
        last = v;
    }
    twin->turns_back[twin->vertex[way->point0]] = twin->turns_back[last] = 2;
}

static inline RouteTwin *route_twin_new(const GeoWay *ways, size_t n_ways, const GeoLonLat *lonlat,
                                        const GeoXY *xy, size_t n_points)
{
    RouteTwin *twin = g_new0(RouteTwin, 1);
    twin->xy = xy;
    twin->n_points = (uint32_t)n_points;
    twin->vertex = g_new(uint32_t, n_points + 1);
    twin->way = g_new(uint32_t, n_points + 1);
    memset(twin->way, 0xff, (n_points + 1) * sizeof *twin->way);
    twin->way0 = g_new(uint32_t, n_ways + 1);
    route_twin_number(twin, lonlat);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++) {
        twin->cost_s[profile] = g_new(double, 2 * n_points + 2);
        for (size_t arc = 0; arc < 2 * n_points; arc++)
            twin->cost_s[profile][arc] = INFINITY;
    }
    twin->turns_back = g_new0(uint8_t, twin->n_vertices + 1);
    twin->never = g_new0(uint8_t, twin->n_vertices + 1);
    twin->rule0 = g_new(uint32_t, twin->n_vertices + 1);
    memset(twin->rule0, 0xff, (twin->n_vertices + 1) * sizeof *twin->rule0);
    for (size_t w = 0; w < n_ways; w++) {
        route_twin_mark(twin, &ways[w]);
        twin->way0[w] = ways[w].point0;
        route_twin_lay(twin, &ways[w], (uint32_t)w);
    }
    twin->out0 = g_new0(uint32_t, twin->n_vertices + 3);
    twin->out = g_new(uint32_t, 2 * n_points + 1);
    route_twin_sort_arcs(twin);
    return twin;
}

static inline void route_twin_free(RouteTwin *twin)
{
    g_free(twin->vertex);
    g_free(twin->way);
    g_free(twin->way0);
    g_free(twin->out0);
    g_free(twin->out);
    g_free(twin->turns_back);
    g_free(twin->never);
    g_free(twin->rule0);
    g_free(twin->next_rule);
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        g_free(twin->cost_s[profile]);
    g_free(twin);
}

/* ---- rules ---- */

static inline uint32_t route_twin_vertex(const RouteTwin *twin, const GeoLonLat *lonlat,
                                         const GeoWay *way, GeoLonLat at)
{
    for (uint32_t i = way->point0; i < way->point0 + way->n_points; i++)
        if (lonlat[i].lon == at.lon && lonlat[i].lat == at.lat)
            return twin->vertex[i];
    return ROUTE_TWIN_NONE;
}

/* The rules to go by from now on, borrowed. barrier_way: a way of each barrier. */
static inline void route_twin_rule(RouteTwin *twin, const GeoWay *ways, const GeoLonLat *lonlat,
                                   const GeoTurnRule *rules, size_t n_rules,
                                   const GeoBarrier *barriers, const uint32_t *barrier_way,
                                   size_t n_barriers)
{
    twin->rules = rules;
    twin->next_rule = g_new(uint32_t, n_rules + 1);
    for (size_t i = 0; i < n_rules; i++) {
        uint32_t v = route_twin_vertex(twin, lonlat, &ways[rules[i].from_way], rules[i].via);
        twin->next_rule[i] = twin->rule0[v];
        twin->rule0[v] = (uint32_t)i;
    }
    for (size_t i = 0; i < n_barriers; i++) {
        uint32_t v = route_twin_vertex(twin, lonlat, &ways[barrier_way[i]], barriers[i].at);
        twin->never[v] |= barriers[i].never;
        twin->turns_back[v] = 2;
    }
}

/* Whether out may follow in, which meet at a vertex. */
static inline bool route_twin_may_turn(const RouteTwin *twin, GeoProfile profile, uint32_t in,
                                       uint32_t out)
{
    uint32_t v = route_twin_head(twin, in), from = twin->way[in / 2], to = twin->way[out / 2];
    bool back = out == (in ^ 1);
    if (back && twin->turns_back[v] < 2)
        return false;
    if (!back && (twin->never[v] >> profile & 1))
        return false;
    if (back && (twin->never[v] >> profile & 1))
        return true;
    for (uint32_t i = twin->rule0[v]; i != ROUTE_TWIN_NONE; i = twin->next_rule[i]) {
        const GeoTurnRule *rule = &twin->rules[i];
        if (!(rule->profiles >> profile & 1) || rule->from_way != from)
            continue;
        if (rule->from_way == rule->to_way) {
            if (back)
                return false;
        } else if (!back && (rule->to_way == to) == (rule->what == GEO_TURN_NO)) {
            return false;
        }
    }
    return true;
}

/* Random rules of turns of these ways, and barriers at their vertices with a way of each. */
static inline void route_twin_draw_rules(const RouteTwin *twin, const GeoLonLat *lonlat,
                                         GRand *random, GeoTurnRule *rules, size_t n_rules,
                                         GeoBarrier *barriers, uint32_t *barrier_way,
                                         size_t n_barriers)
{
    for (size_t n = 0; n < n_rules;) {
        uint32_t in = (uint32_t)g_rand_int_range(random, 0, 2 * (gint32)twin->n_points);
        if (twin->way[in / 2] == ROUTE_TWIN_NONE)
            continue;
        uint32_t v = route_twin_head(twin, in), n_out = twin->out0[v + 1] - twin->out0[v];
        if (twin->turns_back[v] < 2)
            continue;
        uint32_t out =
            twin->out[twin->out0[v] + (uint32_t)g_rand_int_range(random, 0, (gint32)n_out)];
        bool same = twin->way[in / 2] == twin->way[out / 2];
        bool only = g_rand_int_range(random, 0, 6) == 0;
        if (same && (only || out != (in ^ 1)))
            continue;
        rules[n++] = (GeoTurnRule){.from_way = twin->way[in / 2],
                                   .to_way = twin->way[out / 2],
                                   .via = lonlat[in / 2 + 1 - in % 2],
                                   .via_way = UINT32_MAX,
                                   .what = only ? GEO_TURN_ONLY : GEO_TURN_NO,
                                   .profiles = (uint8_t)g_rand_int_range(random, 1, 8)};
    }
    for (size_t n = 0; n < n_barriers;) {
        uint32_t i = (uint32_t)g_rand_int_range(random, 0, (gint32)twin->n_points);
        if (twin->way[i] == ROUTE_TWIN_NONE)
            continue;
        barrier_way[n] = twin->way[i];
        barriers[n++] =
            (GeoBarrier){.at = lonlat[i], .never = (uint8_t)g_rand_int_range(random, 1, 8)};
    }
}

/* ---- places: a segment and the share of it that lies behind ---- */

typedef struct {
    uint32_t point; /* NONE: off the road */
    double share, off_m;
} RouteTwinPlace;

/* Where a snapped place is: its edge is walked point by point to the segment, which is then looked
 * for in the way. */
static inline RouteTwinPlace route_twin_place(const RouteTwin *twin, const GeoRoads *roads,
                                              const GeoSnap *snap)
{
    RouteTwinPlace place = {.point = ROUTE_TWIN_NONE, .off_m = snap->off_m};
    if (snap->edge < 0)
        return place;
    uint32_t from, to, way;
    size_t n;
    double length_m, left_m = snap->offset_m;
    const GeoXY *points = geo_roads_edge(roads, snap->edge, &n, &length_m);
    geo_roads_edge_ends(roads, snap->edge, &from, &to, &way);
    GeoXY a = points[0], b = points[0];
    for (size_t i = 0; i + 1 < n; i++) {
        double metres = hypot(points[i + 1].x - points[i].x, points[i + 1].y - points[i].y);
        if (metres == 0)
            continue;
        a = points[i];
        b = points[i + 1];
        place.share = MIN(left_m / metres, 1);
        if (left_m <= metres)
            break;
        left_m -= metres;
    }
    for (uint32_t i = twin->way0[way]; i < twin->n_points; i++) {
        if (twin->way[i] != way)
            continue;
        bool ahead = !memcmp(&twin->xy[i], &a, sizeof a) && !memcmp(&twin->xy[i + 1], &b, sizeof b);
        bool back = !memcmp(&twin->xy[i], &b, sizeof a) && !memcmp(&twin->xy[i + 1], &a, sizeof b);
        if (ahead || back) {
            place.point = i;
            place.share = ahead ? place.share : 1 - place.share;
            return place;
        }
    }
    g_error("edge %" G_GINT64_FORMAT " is not of way %u", snap->edge, way);
}

/* At the very vertex of a rule or barrier, where it is a question of words whether it is before or
 * behind it. */
static inline bool route_twin_is_unsure(const RouteTwin *twin, RouteTwinPlace place)
{
    if (place.point == ROUTE_TWIN_NONE)
        return false;
    for (uint32_t end = 0; end < 2; end++) {
        uint32_t v = twin->vertex[place.point + end];
        if (fabs(place.share - end) < 1e-9 && (twin->never[v] || twin->rule0[v] != ROUTE_TWIN_NONE))
            return true;
    }
    return false;
}

/* ---- one to all ---- */

typedef struct {
    double key;
    uint32_t arc;
} RouteTwinItem;

/* What one thread works with. */
typedef struct {
    const RouteTwin *twin;
    GeoProfile profile;
    RouteTwinPlace from;
    double *arrive_s; /* at the head of each arc, and of the two halves of the first segment */
    double *vertex_s; /* the least of them at each vertex */
    GArray *heap;     /* RouteTwinItem */
} RouteTwinSearch;

static inline RouteTwinSearch *route_twin_search_new(const RouteTwin *twin)
{
    RouteTwinSearch *search = g_new0(RouteTwinSearch, 1);
    search->twin = twin;
    search->arrive_s = g_new(double, 2 * (size_t)twin->n_points + 2);
    search->vertex_s = g_new(double, (size_t)twin->n_vertices + 1);
    search->heap = g_array_new(FALSE, FALSE, sizeof(RouteTwinItem));
    return search;
}

static inline void route_twin_search_free(RouteTwinSearch *search)
{
    g_free(search->arrive_s);
    g_free(search->vertex_s);
    g_array_unref(search->heap);
    g_free(search);
}

static inline void route_twin_push(RouteTwinSearch *search, double key, uint32_t arc)
{
    if (!(key < search->arrive_s[arc]))
        return;
    search->arrive_s[arc] = key;
    RouteTwinItem item = {key, arc};
    g_array_append_val(search->heap, item);
    RouteTwinItem *items = (RouteTwinItem *)(void *)search->heap->data;
    for (guint i = search->heap->len - 1; i > 0 && items[(i - 1) / 2].key > items[i].key;
         i = (i - 1) / 2) {
        RouteTwinItem above = items[(i - 1) / 2];
        items[(i - 1) / 2] = items[i];
        items[i] = above;
    }
}

static inline RouteTwinItem route_twin_pop(RouteTwinSearch *search)
{
    RouteTwinItem *items = (RouteTwinItem *)(void *)search->heap->data, least = items[0];
    guint n = search->heap->len - 1, i = 0;
    items[0] = items[n];
    g_array_set_size(search->heap, n);
    for (;;) {
        guint child = 2 * i + 1;
        if (child + 1 < n && items[child + 1].key < items[child].key)
            child++;
        if (child >= n || items[child].key >= items[i].key)
            return least;
        RouteTwinItem below = items[child];
        items[child] = items[i];
        items[i] = below;
        i = child;
    }
}

/* in: the arc that came here; NONE: one stands here and may leave by any. */
static inline void route_twin_leave(RouteTwinSearch *search, uint32_t vertex, uint32_t in,
                                    double time_s)
{
    const RouteTwin *twin = search->twin;
    search->vertex_s[vertex] = MIN(search->vertex_s[vertex], time_s);
    for (uint32_t i = twin->out0[vertex]; i < twin->out0[vertex + 1]; i++)
        if (in == ROUTE_TWIN_NONE || route_twin_may_turn(twin, search->profile, in, twin->out[i]))
            route_twin_push(search, time_s + twin->cost_s[search->profile][twin->out[i]],
                            twin->out[i]);
}

/* From a place to all arcs and vertices. */
static inline void route_twin_from(RouteTwinSearch *search, GeoProfile profile, RouteTwinPlace from)
{
    const RouteTwin *twin = search->twin;
    search->profile = profile;
    search->from = from;
    uint32_t n_arcs = 2 * twin->n_points;
    for (uint32_t arc = 0; arc < n_arcs + 2; arc++)
        search->arrive_s[arc] = INFINITY;
    for (uint32_t v = 0; v < twin->n_vertices; v++)
        search->vertex_s[v] = INFINITY;
    if (from.point == ROUTE_TWIN_NONE)
        return;
    const double *cost = &twin->cost_s[profile][2 * from.point];
    if (from.share <= 0 || from.share >= 1) {
        route_twin_leave(search, twin->vertex[from.point + (from.share >= 1)], ROUTE_TWIN_NONE, 0);
    } else {
        route_twin_push(search, (1 - from.share) * cost[0], n_arcs);
        route_twin_push(search, from.share * cost[1], n_arcs + 1);
    }
    while (search->heap->len > 0) {
        RouteTwinItem item = route_twin_pop(search);
        if (item.key > search->arrive_s[item.arc])
            continue;
        uint32_t arc = item.arc < n_arcs ? item.arc : 2 * from.point + (item.arc - n_arcs);
        route_twin_leave(search, route_twin_head(twin, arc), arc, item.key);
    }
}

/* Seconds to a place, without the gaps off the road; INFINITY: no way. */
static inline double route_twin_to(const RouteTwinSearch *search, RouteTwinPlace to)
{
    const RouteTwin *twin = search->twin;
    if (to.point == ROUTE_TWIN_NONE || search->from.point == ROUTE_TWIN_NONE)
        return INFINITY;
    uint32_t ahead = 2 * to.point, back = ahead + 1;
    const double *cost = twin->cost_s[search->profile];
    double best = INFINITY;
    if (isfinite(cost[ahead])) /* whatever was waited at the tail is in the arrival at the head */
        best = MIN(best, search->arrive_s[ahead] - (1 - to.share) * cost[ahead]);
    if (isfinite(cost[back]))
        best = MIN(best, search->arrive_s[back] - to.share * cost[back]);
    if (to.share <= 0)
        best = MIN(best, search->vertex_s[twin->vertex[to.point]]);
    if (to.share >= 1)
        best = MIN(best, search->vertex_s[twin->vertex[to.point + 1]]);
    double share = to.share - search->from.share;
    if (to.point == search->from.point && share == 0)
        return 0;
    if (to.point == search->from.point && isfinite(cost[share > 0 ? ahead : back]))
        best = MIN(best, fabs(share) * cost[share > 0 ? ahead : back]);
    return best;
}
