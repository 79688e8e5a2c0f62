/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What is not driven in the demo: left turns at some crossings of greater streets, gates of
 * compounds by the hour, bollards in side streets. Seeded by place, so that the rest of the city is
 * the same with them or without. */
#include <math.h>

#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

#define RULED_SHARE 0.2
#define GATED_SHARE 0.35
#define BOLLARD_SHARE 0.02
#define GATE_IN_M 15.0 /* from the middle of the street */
#define BOLLARD_LEAST_M 60.0

static GeoDice dice_at(const Demo *demo, uint32_t stream, GeoXY p)
{
    uint64_t place = (uint64_t)(llround(p.x * 100) * 1000003 + llround(p.y * 100));
    return geo_dice_new(demo->options.seed ^ (place * UINT64_C(0x9e3779b97f4a7c15)), stream);
}

bool geo_demo_is_ruled(const Demo *demo, uint32_t vertex)
{
    GeoDice dice = dice_at(demo, 13, geo_plan_point(demo->plan, vertex));
    return geo_dice_share(&dice) < RULED_SHARE;
}

static GeoObstacle *add_post(Demo *demo, const char *class, GeoXY at)
{
    GeoBatch *batch = demo->batches[GEO_KIND_BARRIER];
    GeoObstacle *row = geo_batch_add(batch);
    GeoLonLat p = geo_demo_lonlat(demo, at);
    char code[32];
    row->row.id = geo_demo_id(batch);
    g_snprintf(code, sizeof code, "barrier-%u", batch->rows->len);
    row->row.code = geo_batch_text(batch, code);
    row->class = geo_batch_word(batch, class);
    row->foot = row->ebike = row->car = 1;
    geo_batch_set_point(batch, p.lon, p.lat);
    return row;
}

/* People on foot pass at all hours: somebody sits at the gate. */
bool geo_demo_gate(Demo *demo, GeoXY street, GeoXY end, GeoXY *at)
{
    static const char *const hours[] = {"06:00-23:00", "05:30-24:00", "06:00-22:00", "05:00-23:30"};
    GeoDice dice = dice_at(demo, 14, street);
    double length_m = hypot(end.x - street.x, end.y - street.y);
    if (geo_dice_share(&dice) >= GATED_SHARE || length_m < 2 * GATE_IN_M)
        return false;
    double share = GATE_IN_M / length_m;
    *at = (GeoXY){street.x + (end.x - street.x) * share, street.y + (end.y - street.y) * share};
    GeoObstacle *gate = add_post(demo, "lift_gate", *at);
    gate->ebike = gate->car = 2;
    gate->hours = geo_batch_word(demo->batches[GEO_KIND_BARRIER], hours[geo_dice_below(&dice, 4)]);
    return true;
}

bool geo_demo_bollard(Demo *demo, GeoXY a, GeoXY b, GeoXY *at)
{
    *at = (GeoXY){(a.x + b.x) / 2, (a.y + b.y) / 2};
    GeoDice dice = dice_at(demo, 15, *at);
    if (hypot(b.x - a.x, b.y - a.y) < BOLLARD_LEAST_M || geo_dice_share(&dice) >= BOLLARD_SHARE)
        return false;
    add_post(demo, "bollard", *at)->car = 0;
    return true;
}

/* ---- turns ---- */

/* From the direction of coming to that of going on: radians, left positive. */
static double turn_rad(const DemoArm *from, const DemoArm *to)
{
    double in_x = -from->out.x, in_y = -from->out.y;
    return atan2(in_x * to->out.y - in_y * to->out.x, in_x * to->out.x + in_y * to->out.y);
}

static const char *code_of(Demo *demo, const DemoArm *arm)
{
    GeoBatch *roads = demo->batches[GEO_KIND_ROAD];
    GeoRow *row = geo_batch_row(roads, arm->road);
    char code[32];
    g_snprintf(code, sizeof code, "road-%u", arm->road + 1);
    if (!row->code)
        row->code = geo_batch_text(roads, code);
    return row->code;
}

static void add_turn(Demo *demo, const DemoArm *from, const DemoArm *to, bool only,
                     const char *hours)
{
    GeoBatch *batch = demo->batches[GEO_KIND_TURN];
    GeoTurn *turn = geo_batch_add(batch);
    GeoLonLat p = geo_demo_lonlat(demo, geo_plan_point(demo->plan, from->vertex));
    char code[32];
    turn->row.id = geo_demo_id(batch);
    g_snprintf(code, sizeof code, "turn-%u", batch->rows->len);
    turn->row.code = geo_batch_text(batch, code);
    turn->row.name = geo_batch_word(batch, only ? "straight on only" : "no left turn");
    turn->what = only ? GEO_TURN_SORT_ONLY : GEO_TURN_SORT_NO;
    turn->from_way = geo_batch_word(batch, code_of(demo, from));
    turn->to_way = geo_batch_word(batch, code_of(demo, to));
    turn->hours = geo_batch_word(batch, hours);
    turn->car = 1;
    geo_batch_set_point(batch, p.lon, p.lat);
}

static void rule_crossing(Demo *demo, const DemoArm *arms, guint n)
{
    GeoDice dice = dice_at(demo, 16, geo_plan_point(demo->plan, arms[0].vertex));
    const DemoArm *from = &arms[geo_dice_below(&dice, n)];
    bool only = geo_dice_share(&dice) < 0.2;
    const char *hours = geo_dice_share(&dice) < 0.4 ? "Mo-Fr 07:00-09:00,17:00-19:00" : NULL;
    for (guint i = 0; i < n; i++) {
        double angle = turn_rad(from, &arms[i]);
        bool wanted = only ? fabs(angle) < M_PI / 8 : fabs(angle - M_PI / 2) < M_PI / 5;
        if (&arms[i] == from || arms[i].road == from->road || !wanted)
            continue;
        add_turn(demo, from, &arms[i], only, hours);
        return;
    }
}

static int by_vertex(gconstpointer a, gconstpointer b)
{
    const DemoArm *x = a, *y = b;
    if (x->vertex != y->vertex)
        return x->vertex < y->vertex ? -1 : 1;
    return x->road < y->road ? -1 : x->road > y->road;
}

void geo_demo_turns(Demo *demo, GArray *arms)
{
    g_array_sort(arms, by_vertex);
    for (guint i = 0, end = 0; i < arms->len; i = end) {
        const DemoArm *first = &g_array_index(arms, DemoArm, i);
        for (end = i; end < arms->len && g_array_index(arms, DemoArm, end).vertex == first->vertex;)
            end++;
        if (end - i >= 4)
            rule_crossing(demo, first, end - i);
    }
}
