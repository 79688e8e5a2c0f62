/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fastest way between two places on edges: Dijkstra from both ends of the first edge that stops
 * when the second place is settled. Labels come from calloc, whose fresh pages cost only where they
 * are touched, so the graph stays const and any thread may ask. */
#include <math.h>
#include <stdlib.h>

#include "geo/calc/heap.h"
#include "geo/calc/road-graph.h"

/* Label.via: how a node was reached. From the first place with its edge, against it, or by edge via
 * - VIA0. */
#define START_AHEAD 1
#define START_BACK 2
#define VIA0 3

/* A stretch of no length at a vertex must not fall between two segments. */
#define ROUNDING 1e-9

typedef struct {
    double time_s;
    uint32_t via; /* 0: not reached */
    bool settled;
} Label;

typedef struct {
    const GeoRoads *roads;
    GeoProfile profile;
    const GeoSnap *from, *to;
    Label *labels;
    GeoHeap heap;
    double best_s;
    int64_t end; /* the node before the last stretch; -1: along one edge; -2: none */
    bool ahead;  /* the last stretch runs with its edge */
} Route;

static void reach(Route *route, uint32_t node, double time_s, uint32_t via)
{
    Label *label = &route->labels[node];
    if (label->settled || (label->via && label->time_s <= time_s))
        return;
    *label = (Label){time_s, via, false};
    geo_heap_push(&route->heap, time_s, node);
}

static void start(Route *route)
{
    const GeoRoadEdge *edge = &route->roads->edges[route->from->edge];
    double pace = edge->pace_spm[route->profile], offset = route->from->offset_m;
    if (geo_road_may(edge, route->profile, false) || offset >= edge->length_m)
        reach(route, edge->to, (edge->length_m - offset) * pace, START_AHEAD);
    if (geo_road_may(edge, route->profile, true) || offset <= 0)
        reach(route, edge->from, offset * pace, START_BACK);
    if (route->from->edge != route->to->edge)
        return;
    double ahead = route->to->offset_m - offset;
    if (geo_road_may(edge, route->profile, ahead < 0) || ahead == 0) {
        route->best_s = fabs(ahead) * pace;
        route->end = -1;
    }
}

/* The last stretch: from a settled end of the second edge to the place on it. */
static void arrive(Route *route, uint32_t node, double time_s)
{
    const GeoRoadEdge *edge = &route->roads->edges[route->to->edge];
    double pace = edge->pace_spm[route->profile];
    double ahead_s = time_s + route->to->offset_m * pace;
    double back_s = time_s + (edge->length_m - route->to->offset_m) * pace;
    bool ahead = geo_road_may(edge, route->profile, false) || route->to->offset_m <= 0;
    bool back = geo_road_may(edge, route->profile, true) || route->to->offset_m >= edge->length_m;
    if (node == edge->from && ahead && ahead_s < route->best_s) {
        route->best_s = ahead_s;
        route->end = node;
        route->ahead = true;
    }
    if (node == edge->to && back && back_s < route->best_s) {
        route->best_s = back_s;
        route->end = node;
        route->ahead = false;
    }
}

static void settle(Route *route)
{
    const GeoRoads *roads = route->roads;
    while (route->heap.n > 0) {
        GeoHeapItem item = geo_heap_pop(&route->heap);
        if (item.key >= route->best_s)
            return;
        Label *label = &route->labels[item.id];
        if (label->settled)
            continue;
        label->settled = true;
        arrive(route, item.id, item.key);
        for (uint32_t i = roads->star0[item.id]; i < roads->star0[item.id + 1]; i++) {
            const GeoRoadEdge *edge = &roads->edges[roads->star[i]];
            bool backwards = edge->from != item.id;
            if (geo_road_may(edge, route->profile, backwards))
                reach(route, backwards ? edge->from : edge->to,
                      item.key + geo_road_cost_s(edge, route->profile), roads->star[i] + VIA0);
        }
    }
}

static void add_point(GArray *line, GeoXY p)
{
    const GeoXY *last = line->len ? &g_array_index(line, GeoXY, line->len - 1) : NULL;
    if (!last || last->x != p.x || last->y != p.y)
        g_array_append_val(line, p);
}

/* The points of an edge between two offsets, in the direction of travel. */
static void add_stretch(const GeoRoads *roads, int64_t e, double from_m, double to_m, GArray *line)
{
    const GeoRoadEdge *edge = &roads->edges[e];
    const GeoXY *points = roads->points + edge->point0;
    size_t n = edge[1].point0 - edge->point0;
    double low = MIN(from_m, to_m), high = MAX(from_m, to_m), along = 0;
    g_autoptr(GArray) piece = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (size_t i = 0; i + 1 < n; i++) {
        GeoXY a = points[i], b = points[i + 1];
        double length = hypot(b.x - a.x, b.y - a.y);
        if (length == 0)
            continue;
        double t0 = (low - along) / length, t1 = (high - along) / length;
        if (t0 <= 1 + ROUNDING && t1 >= -ROUNDING) {
            t0 = CLAMP(t0, 0, 1);
            t1 = CLAMP(t1, 0, 1);
            add_point(piece, (GeoXY){a.x + t0 * (b.x - a.x), a.y + t0 * (b.y - a.y)});
            add_point(piece, (GeoXY){a.x + t1 * (b.x - a.x), a.y + t1 * (b.y - a.y)});
        }
        along += length;
    }
    for (guint i = 0; i < piece->len; i++)
        add_point(line, g_array_index(piece, GeoXY, from_m <= to_m ? i : piece->len - 1 - i));
}

typedef struct {
    int64_t edge;
    double from_m, to_m;
} Step;

/* The stretches from the end back to the start. */
static void trace(const Route *route, GArray *steps)
{
    const GeoRoads *roads = route->roads;
    const GeoRoadEdge *last = &roads->edges[route->to->edge];
    const GeoRoadEdge *first = &roads->edges[route->from->edge];
    uint32_t node = (uint32_t)route->end;
    Step step = {route->to->edge, route->ahead ? 0 : last->length_m, route->to->offset_m};
    g_array_append_val(steps, step);
    while (route->labels[node].via >= VIA0) {
        uint32_t e = route->labels[node].via - VIA0;
        const GeoRoadEdge *edge = &roads->edges[e];
        bool forward = edge->to == node;
        step = (Step){e, forward ? 0 : edge->length_m, forward ? edge->length_m : 0};
        g_array_append_val(steps, step);
        node = forward ? edge->from : edge->to;
    }
    bool forward = route->labels[node].via == START_AHEAD;
    step = (Step){route->from->edge, route->from->offset_m, forward ? first->length_m : 0};
    g_array_append_val(steps, step);
}

static void report(const Route *route, double *distance_m, GArray *line)
{
    g_autoptr(GArray) steps = g_array_new(FALSE, FALSE, sizeof(Step));
    if (route->end == -1) {
        Step step = {route->from->edge, route->from->offset_m, route->to->offset_m};
        g_array_append_val(steps, step);
    } else {
        trace(route, steps);
    }
    *distance_m = route->from->off_m + route->to->off_m;
    for (guint i = steps->len; i-- > 0;) {
        const Step *step = &g_array_index(steps, Step, i);
        *distance_m += fabs(step->to_m - step->from_m);
        if (line)
            add_stretch(route->roads, step->edge, step->from_m, step->to_m, line);
    }
}

bool geo_roads_route(const GeoRoads *roads, GeoProfile profile, const GeoSnap *from,
                     const GeoSnap *to, double *travel_s, double *distance_m, GArray *line)
{
    if (from->edge < 0 || to->edge < 0)
        return false;
    Route route = {
        .roads = roads, .profile = profile, .from = from, .to = to, .best_s = INFINITY, .end = -2};
    route.labels = calloc(roads->n_nodes, sizeof(Label));
    if (!route.labels)
        g_error("no memory for a route over %u nodes", roads->n_nodes);
    start(&route);
    settle(&route);
    bool found = route.end != -2;
    if (found) {
        *travel_s = route.best_s + (from->off_m + to->off_m) / GEO_ROAD_WALK_MPS;
        report(&route, distance_m, line);
    }
    free(route.labels);
    geo_heap_clear(&route.heap);
    return found;
}
