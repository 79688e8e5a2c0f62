/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fastest way between two places on edges: Dijkstra from the second place against the direction
 * of travel, over states that mind turns (arcs.h), until the first is reached; so the way is read
 * off in its own direction. Labels come from calloc, whose fresh pages cost only where they are
 * touched, so the graph stays const and any thread may ask. */
#include <math.h>
#include <stdlib.h>

#include "geo/calc/heap.h"
#include "geo/calc/road-graph.h"

/* A stretch of no length at a vertex must not fall between two segments. */
#define ROUNDING 1e-9

#define NONE GEO_ARCS_NONE

typedef struct {
    double time_s;   /* to the second place */
    GeoArcId arc;    /* that leaves the state for there */
    uint32_t next;   /* state it leads to; NONE: the second place lies on it */
    uint16_t start;  /* 1 + number of the way that the first place leads here by */
    uint8_t reached; /* 1, and 2 when settled */
} Label;

/* How the first place gets to a state: along its edge or against it. */
typedef struct {
    double time_s;
    bool ahead;
} Start;

typedef struct {
    const GeoRoads *roads;
    const GeoArcs *arcs;
    GeoProfile profile;
    const GeoSnap *from, *to;
    Label *labels;
    GArray *starts; /* Start */
    GeoHeap heap;
    Start now; /* for the visits of states */
    GeoArcId arc;
    double best_s;
    int64_t end; /* the state after the first stretch; -1: along one edge; -2: none */
} Route;

static void reach(Route *route, uint32_t state, double time_s, GeoArcId arc, uint32_t next)
{
    Label *label = &route->labels[state];
    if (label->reached == 2 || (label->reached == 1 && label->time_s <= time_s))
        return;
    label->time_s = time_s;
    label->arc = arc;
    label->next = next;
    label->reached = 1;
    geo_heap_push(&route->heap, time_s, state);
}

static void reach_end(uint32_t state, void *user)
{
    Route *route = user;
    reach(route, state, route->now.time_s, route->arc, NONE);
}

/* A place at the very end of an edge is at its node, whatever the edge allows. */
static void end_at(Route *route, GeoArcId arc, uint32_t node, double along_m, double pace)
{
    route->arc = arc;
    route->now.time_s = along_m * pace;
    geo_arcs_tails(route->roads, route->profile, arc, reach_end, route);
    if (along_m <= 0)
        geo_arcs_at(route->roads, route->profile, node, reach_end, route);
}

static void add_start(uint32_t state, void *user)
{
    Route *route = user;
    Label *label = &route->labels[state];
    if (label->start) {
        Start *known = &g_array_index(route->starts, Start, label->start - 1);
        if (route->now.time_s < known->time_s)
            *known = route->now;
        return;
    }
    g_array_append_val(route->starts, route->now);
    label->start = (uint16_t)route->starts->len;
}

static void start_at(Route *route, GeoArcId arc, uint32_t node, double rest_m, double pace)
{
    route->now = (Start){rest_m * pace, !(arc & 1)};
    if (route->arcs->tail[arc] != NONE)
        geo_arcs_heads(route->roads, route->profile, arc, add_start, route);
    if (rest_m <= 0)
        geo_arcs_at(route->roads, route->profile, node, add_start, route);
}

static void begin(Route *route)
{
    uint32_t e = (uint32_t)route->from->edge, f = (uint32_t)route->to->edge;
    const GeoRoadEdge *edge = &route->roads->edges[e], *last = &route->roads->edges[f];
    double pace = edge->pace_spm[route->profile], offset = route->from->offset_m;
    double last_pace = last->pace_spm[route->profile], reached = route->to->offset_m;
    start_at(route, 2 * e, edge->to, edge->length_m - offset, pace);
    start_at(route, 2 * e + 1, edge->from, offset, pace);
    end_at(route, 2 * f, last->from, reached, last_pace);
    end_at(route, 2 * f + 1, last->to, last->length_m - reached, last_pace);
    if (e != f)
        return;
    double ahead = reached - offset;
    if (geo_road_may(edge, route->profile, ahead < 0) || ahead == 0) {
        route->best_s = fabs(ahead) * pace;
        route->end = -1;
    }
}

static void settle(Route *route)
{
    const GeoArcs *arcs = route->arcs;
    while (route->heap.n > 0) {
        GeoHeapItem item = geo_heap_pop(&route->heap);
        if (item.key >= route->best_s)
            return;
        Label *label = &route->labels[item.id];
        if (label->reached == 2)
            continue;
        label->reached = 2;
        if (label->start) {
            double all_s = item.key + g_array_index(route->starts, Start, label->start - 1).time_s;
            if (all_s < route->best_s) {
                route->best_s = all_s;
                route->end = item.id;
            }
        }
        for (uint32_t i = arcs->into0[item.id]; i < arcs->into0[item.id + 1]; i++)
            reach(route, arcs->into[i].state, item.key + arcs->into[i].time_s, arcs->into[i].arc,
                  item.id);
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

/* The stretches in the direction of travel. */
static void trace(const Route *route, GArray *steps)
{
    const GeoRoads *roads = route->roads;
    const Label *label = &route->labels[route->end];
    const Start *start = &g_array_index(route->starts, Start, label->start - 1);
    double whole_m = roads->edges[route->from->edge].length_m;
    Step step = {route->from->edge, route->from->offset_m, start->ahead ? whole_m : 0};
    g_array_append_val(steps, step);
    for (; label->next != NONE; label = &route->labels[label->next]) {
        const GeoRoadEdge *edge = &roads->edges[label->arc / 2];
        bool back = label->arc & 1;
        step = (Step){label->arc / 2, back ? edge->length_m : 0, back ? 0 : edge->length_m};
        g_array_append_val(steps, step);
    }
    double last_m = roads->edges[route->to->edge].length_m;
    step = (Step){route->to->edge, label->arc & 1 ? last_m : 0, route->to->offset_m};
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
    for (guint i = 0; i < steps->len; i++) {
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
    Route route = {.roads = roads,
                   .arcs = roads->arcs[profile],
                   .profile = profile,
                   .from = from,
                   .to = to,
                   .best_s = INFINITY,
                   .end = -2};
    route.labels = calloc(route.arcs->n, sizeof(Label));
    if (!route.labels)
        g_error("no memory for a route over %u states", route.arcs->n);
    route.starts = g_array_new(FALSE, FALSE, sizeof(Start));
    begin(&route);
    settle(&route);
    bool found = route.end != -2;
    if (found) {
        *travel_s = route.best_s + (from->off_m + to->off_m) / GEO_ROAD_WALK_MPS;
        report(&route, distance_m, line);
    }
    free(route.labels);
    g_array_unref(route.starts);
    geo_heap_clear(&route.heap);
    return found;
}
