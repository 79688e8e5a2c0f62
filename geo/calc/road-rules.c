/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not driven although the ways are there: turns, barriers, gates by the hour, closures; and
 * how fast cars are by the hour. Each change makes the arcs of all profiles anew: some ms for a
 * city. */
#include <math.h>
#include <string.h>

#include "geo/calc/road-graph.h"

#define NONE UINT32_MAX

/* Share of the free speed by class group and hour: weekday shape of Chinese city traffic reports
 * (two peaks, free after 21:00); ours, to be replaced by a city's own measurement. */
static const double peak_share[24] = {1.15, 1.2, 1.2, 1.2,  1.2, 1.15, 1.05, 0.75,
                                      0.65, 0.8, 0.9, 0.9,  0.9, 0.9,  0.9,  0.9,
                                      0.85, 0.7, 0.6, 0.75, 0.9, 1.0,  1.1,  1.15};
#define WEEKEND_MIN (5 * 1440)

/* Small streets jam less: half of what main roads lose. */
static double share_of(const double factor[GEO_N_ROAD_CLASSES][24], int class, int minute)
{
    int hour = minute % 1440 / 60;
    if (factor)
        return factor[class][hour];
    double share = minute >= WEEKEND_MIN ? MAX(peak_share[hour], 0.85) : peak_share[hour];
    return class <= GEO_ROAD_TERTIARY ? share : 1 + (share - 1) / 2;
}

void geo_roads_renew_arcs(GeoRoads *roads)
{
    for (int profile = 0; profile < GEO_N_PROFILES; profile++) {
        geo_arcs_free(roads->arcs[profile]);
        roads->arcs[profile] = geo_arcs_new(roads, (GeoProfile)profile);
    }
    roads->stamp++;
}

/* Whom bans and gates bind at the minute that is set. */
static void apply_hours(GeoRoads *roads)
{
    int minute = roads->minute;
    for (uint32_t i = 0; i < roads->n_bans; i++) {
        GeoRoadBan *ban = &roads->bans[i];
        if (ban->timed != NONE)
            ban->profiles =
                minute >= 0 && geo_hours_hold(&roads->ban_hours[ban->timed], minute) ? ban->all : 0;
    }
    for (uint32_t i = 0; i < roads->n_gates; i++)
        roads->gates[i].shut = 0;
    for (uint32_t i = 0; i < roads->n_posts; i++) {
        const GeoBarrier *post = &roads->posts[i];
        bool open = minute < 0 || geo_hours_hold(&post->hours, minute);
        roads->gates[roads->post_gate[i]].shut |= post->never | (open ? 0 : post->gated);
    }
}

void geo_roads_set_time(GeoRoads *roads, int minute_of_week,
                        const double factor[GEO_N_ROAD_CLASSES][24])
{
    g_return_if_fail(minute_of_week < 7 * 1440);
    if (!roads->base_spm) {
        roads->base_spm = g_new(double, MAX(roads->n_edges, 1));
        for (uint32_t e = 0; e < roads->n_edges; e++)
            roads->base_spm[e] = roads->edges[e].pace_spm[GEO_PROFILE_CAR];
    }
    for (uint32_t e = 0; e < roads->n_edges; e++) {
        GeoRoadEdge *edge = &roads->edges[e];
        double share = minute_of_week < 0 ? 1 : share_of(factor, edge->class, minute_of_week);
        edge->pace_spm[GEO_PROFILE_CAR] = roads->base_spm[e] / MAX(share, 0.01);
    }
    roads->minute = minute_of_week;
    apply_hours(roads);
    geo_roads_renew_arcs(roads);
}

/* ---- closures ---- */

void geo_roads_close(GeoRoads *roads, int64_t edge, uint8_t profiles, bool closed)
{
    g_return_if_fail(edge >= 0 && edge < roads->n_edges);
    GeoRoadEdge *it = &roads->edges[edge];
    for (int way = 0; way < 2; way++)
        it->may[way] =
            closed ? it->may[way] & (uint8_t)~profiles : it->may[way] | (it->open[way] & profiles);
}

void geo_roads_apply_closures(GeoRoads *roads)
{
    geo_roads_renew_arcs(roads);
}

/* Twice the area of the triangle; its sign is the side. */
static double side(GeoXY a, GeoXY b, GeoXY p)
{
    return (b.x - a.x) * (p.y - a.y) - (b.y - a.y) * (p.x - a.x);
}

static bool lies_between(GeoXY a, GeoXY b, GeoXY p)
{
    return p.x >= MIN(a.x, b.x) && p.x <= MAX(a.x, b.x) && p.y >= MIN(a.y, b.y) &&
           p.y <= MAX(a.y, b.y);
}

static bool meet(GeoXY a, GeoXY b, GeoXY c, GeoXY d)
{
    double ac = side(a, b, c), ad = side(a, b, d), ca = side(c, d, a), cb = side(c, d, b);
    if (((ac > 0) != (ad > 0)) && ((ca > 0) != (cb > 0)) && ac != 0 && ad != 0 && ca != 0 &&
        cb != 0)
        return true;
    return (ac == 0 && lies_between(a, b, c)) || (ad == 0 && lies_between(a, b, d)) ||
           (ca == 0 && lies_between(c, d, a)) || (cb == 0 && lies_between(c, d, b));
}

static bool crosses(const GeoRoads *roads, uint32_t e, const GeoXY *line, size_t n)
{
    for (uint32_t i = roads->edges[e].point0; i + 1 < roads->edges[e + 1].point0; i++)
        for (size_t k = 0; k + 1 < n; k++)
            if (meet(roads->points[i], roads->points[i + 1], line[k], line[k + 1]))
                return true;
    return false;
}

size_t geo_roads_close_line(GeoRoads *roads, const GeoXY *line, size_t n, uint8_t profiles,
                            bool closed)
{
    size_t found = 0;
    GeoBox box = GEO_BOX_EMPTY;
    for (size_t i = 0; i < n; i++)
        geo_box_add(&box, line[i]);
    for (uint32_t e = 0; e < roads->n_edges; e++) {
        GeoBox own = GEO_BOX_EMPTY;
        for (uint32_t i = roads->edges[e].point0; i < roads->edges[e + 1].point0; i++)
            geo_box_add(&own, roads->points[i]);
        if (own.min_x > box.max_x || own.max_x < box.min_x || own.min_y > box.max_y ||
            own.max_y < box.min_y || !crosses(roads, e, line, n))
            continue;
        geo_roads_close(roads, e, profiles, closed);
        found++;
    }
    return found;
}

/* ---- rules ---- */

static uint32_t head_of(const GeoRoads *roads, GeoArcId arc)
{
    return arc & 1 ? roads->edges[arc / 2].from : roads->edges[arc / 2].to;
}

/* Directions of a way that lead into a node, or out of it: uint32_t appended. */
static void add_arcs(const GeoRoads *roads, uint32_t node, uint32_t way, bool out, GArray *arcs)
{
    for (uint32_t i = roads->star0[node]; i < roads->star0[node + 1]; i++) {
        uint32_t e = roads->star[i];
        if (way != NONE && roads->edges[e].way != way)
            continue;
        for (GeoArcId back = 0; back < 2; back++) {
            GeoArcId arc = 2 * e + back;
            if (head_of(roads, out ? arc ^ 1 : arc) == node)
                g_array_append_val(arcs, arc);
        }
    }
}

typedef struct {
    GeoRoads *roads;
    GArray *bans;   /* GeoRoadBan */
    GArray *hours;  /* GeoHours */
    uint32_t timed; /* of the rule at hand */
    GArray *ruled;  /* uint32_t */
} Rules;

static void add_ban(Rules *rules, GeoArcId from, GeoArcId via, GeoArcId to, uint8_t profiles)
{
    GeoRoadBan ban = {from, via, to, profiles, profiles, rules->timed};
    uint32_t nodes[] = {head_of(rules->roads, from), head_of(rules->roads, to ^ 1)};
    g_array_append_val(rules->bans, ban);
    g_array_append_vals(rules->ruled, nodes, 2);
}

static bool holds(const GArray *arcs, GeoArcId arc)
{
    for (guint i = 0; i < arcs->len; i++)
        if (g_array_index(arcs, GeoArcId, i) == arc)
            return true;
    return false;
}

/* A way that ends at the node has one direction into it; of one that goes through it both ends are
 * meant, as the source does not say which. */
static bool add_plain(Rules *rules, const GeoTurnRule *turn, uint32_t node)
{
    g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(GeoArcId));
    g_autoptr(GArray) to = g_array_new(FALSE, FALSE, sizeof(GeoArcId));
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(GeoArcId));
    add_arcs(rules->roads, node, turn->from_way, false, from);
    add_arcs(rules->roads, node, turn->to_way, true, to);
    add_arcs(rules->roads, node, NONE, true, all);
    for (guint f = 0; f < from->len; f++) {
        GeoArcId in = g_array_index(from, GeoArcId, f);
        for (guint t = 0; t < all->len; t++) {
            GeoArcId out = g_array_index(all, GeoArcId, t);
            bool named = holds(to, out);
            if (turn->from_way == turn->to_way) /* back: its own edge alone */
                named = out == (in ^ 1);
            else if (out == (in ^ 1))
                named = turn->what == GEO_TURN_ONLY; /* turning back is a rule of its own */
            if (named == (turn->what == GEO_TURN_NO))
                add_ban(rules, in, GEO_ARCS_NONE, out, turn->profiles);
        }
    }
    return from->len > 0 && to->len > 0;
}

/* What follows the way between: the one forbidden, or all but the only one and the way back. */
static bool add_beyond(Rules *rules, const GeoTurnRule *turn, GeoArcId from, GeoArcId between)
{
    uint32_t far = head_of(rules->roads, between);
    g_autoptr(GArray) to = g_array_new(FALSE, FALSE, sizeof(GeoArcId));
    g_autoptr(GArray) all = g_array_new(FALSE, FALSE, sizeof(GeoArcId));
    add_arcs(rules->roads, far, turn->to_way, true, to);
    add_arcs(rules->roads, far, NONE, true, all);
    for (guint t = 0; to->len > 0 && t < all->len; t++) {
        GeoArcId out = g_array_index(all, GeoArcId, t);
        bool named = holds(to, out);
        if (turn->what == GEO_TURN_ONLY ? !named && out != (between ^ 1) : named)
            add_ban(rules, from, between, out, turn->profiles);
    }
    return to->len > 0;
}

static bool add_over(Rules *rules, const GeoTurnRule *turn, uint32_t node)
{
    g_autoptr(GArray) from = g_array_new(FALSE, FALSE, sizeof(GeoArcId));
    g_autoptr(GArray) via = g_array_new(FALSE, FALSE, sizeof(GeoArcId));
    bool any = false;
    add_arcs(rules->roads, node, turn->from_way, false, from);
    add_arcs(rules->roads, node, turn->via_way, true, via);
    for (guint v = 0; v < via->len; v++)
        for (guint f = 0; f < from->len; f++)
            any |= add_beyond(rules, turn, g_array_index(from, GeoArcId, f),
                              g_array_index(via, GeoArcId, v));
    return any;
}

static void link_bans(GeoRoads *roads)
{
    if (roads->n_bans == 0)
        return;
    roads->ban0 = g_new(uint32_t, MAX(roads->n_nodes, 1));
    roads->next_ban = g_new(uint32_t, roads->n_bans);
    memset(roads->ban0, 0xff, MAX(roads->n_nodes, 1) * sizeof *roads->ban0);
    for (uint32_t i = roads->n_bans; i-- > 0;) {
        uint32_t node = head_of(roads, roads->bans[i].from);
        roads->next_ban[i] = roads->ban0[node];
        roads->ban0[node] = i;
    }
}

/* Two at one vertex make one gate: both bind. */
static void add_post(GeoRoads *roads, const GeoBarrier *barrier, uint32_t node)
{
    if (roads->gate0[node] == NONE) {
        roads->gate0[node] = roads->n_gates;
        roads->gates[roads->n_gates++] = (GeoRoadGate){.node = node};
    }
    roads->post_gate[roads->n_posts] = roads->gate0[node];
    roads->posts[roads->n_posts++] = *barrier;
}

static void add_turn(Rules *rules, const GeoTurnRule *turn, uint32_t node)
{
    rules->timed = turn->hours.n ? rules->hours->len : NONE;
    if (turn->hours.n)
        g_array_append_val(rules->hours, turn->hours);
    bool fits = node != NONE && (turn->via_way == UINT32_MAX ? add_plain(rules, turn, node)
                                                             : add_over(rules, turn, node));
    fits ? rules->roads->facts.turns++ : rules->roads->facts.unfit_turns++;
}

void geo_roads_set_rules(GeoRoads *roads, const GeoTurnRule *turns, const uint32_t *turn_node,
                         size_t n_turns, const GeoBarrier *barriers, const uint32_t *barrier_node,
                         size_t n_barriers)
{
    Rules rules = {.roads = roads};
    rules.bans = g_array_new(FALSE, FALSE, sizeof(GeoRoadBan));
    rules.ruled = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    rules.hours = g_array_new(FALSE, FALSE, sizeof(GeoHours));
    for (size_t i = 0; i < n_turns; i++)
        add_turn(&rules, &turns[i], turn_node[i]);
    if (n_barriers) {
        roads->gate0 = g_new(uint32_t, MAX(roads->n_nodes, 1));
        memset(roads->gate0, 0xff, MAX(roads->n_nodes, 1) * sizeof *roads->gate0);
        roads->gates = g_new(GeoRoadGate, n_barriers);
        roads->posts = g_new(GeoBarrier, n_barriers);
        roads->post_gate = g_new(uint32_t, n_barriers);
    }
    for (size_t i = 0; i < n_barriers; i++) {
        if (barrier_node[i] == NONE) {
            roads->facts.unfit_barriers++;
            continue;
        }
        roads->facts.barriers++;
        add_post(roads, &barriers[i], barrier_node[i]);
        g_array_append_val(rules.ruled, barrier_node[i]);
    }
    roads->n_bans = rules.bans->len;
    roads->bans = (GeoRoadBan *)(void *)g_array_free(rules.bans, FALSE);
    roads->n_ruled = rules.ruled->len;
    roads->ruled = (uint32_t *)(void *)g_array_free(rules.ruled, FALSE);
    roads->ban_hours = (GeoHours *)(void *)g_array_free(rules.hours, FALSE);
    link_bans(roads);
    apply_hours(roads);
}
