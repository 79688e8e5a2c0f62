/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The city's plan: the skeleton's lines with their banks and shores, faces, and how each place is
 * divided into blocks. */
#include <math.h>

#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

#define BANK_M 28.0  /* green between water and the ways along it */
#define SHORE_M 14.0 /* and at lakes */
#define MOAT_M 130.0 /* the ring of parks reaches this far from the moat's water */
#define STRADDLE_M2 60000.0

bool geo_demo_is_built(int zone)
{
    return zone >= DEMO_TOWN;
}

/* ---- lines into the plan ---- */

static void add(Demo *demo, uint32_t street, int class, double clear_m, const GArray *xy,
                bool closed)
{
    GeoPlanLine line = {class, clear_m, street, false};
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    g_array_append_vals(points, xy->data, xy->len);
    if (closed && xy->len > 2)
        g_array_append_vals(points, xy->data, 1);
    geo_plan_add_line(demo->plan, &line, (const GeoXY *)(void *)points->data, points->len);
}

static void add_banks(Demo *demo, uint32_t i)
{
    const DemoLine *line = demo_line(demo, i);
    for (int side = -1; side <= 1; side += 2) {
        g_autoptr(GArray) bank =
            geo_demo_offset(line->xy, false, side * (line->width_m / 2 + BANK_M));
        add(demo, i, line->class, geo_plan_clear_m(line->class), bank, false);
    }
}

static void add_kind(Demo *demo, DemoLineKind kind)
{
    for (uint32_t i = 0; i < demo->lines->len; i++) {
        const DemoLine *line = demo_line(demo, i);
        if (line->kind != kind)
            continue;
        if (kind == DEMO_LINE_ROAD)
            add(demo, i, line->class, geo_plan_clear_m(line->class), line->xy, line->closed);
        else if (kind == DEMO_LINE_RIVER)
            add_banks(demo, i);
        else if (kind == DEMO_LINE_RAIL)
            add(demo, i, -1, 22, line->xy, false);
        else if (kind == DEMO_LINE_WATER) {
            g_autoptr(GArray) shore = geo_demo_offset(line->xy, true, -SHORE_M);
            add(demo, i, GEO_ROAD_PATH, 6, shore, true);
        } else
            add(demo, i, kind == DEMO_LINE_SQUARE ? GEO_ROAD_PEDESTRIAN : GEO_ROAD_PATH, 8,
                line->xy, true);
    }
}

static void add_frame(Demo *demo)
{
    GeoBox box = demo->box;
    GeoXY corners[] = {{box.min_x, box.min_y},
                       {box.max_x, box.min_y},
                       {box.max_x, box.max_y},
                       {box.min_x, box.max_y},
                       {box.min_x, box.min_y}};
    GeoPlanLine line = {-1, 2, UINT32_MAX, true};
    geo_plan_add_line(demo->plan, &line, corners, G_N_ELEMENTS(corners));
}

/* ---- what a place is ---- */

double geo_demo_river_m(const Demo *demo, GeoXY p, const DemoLine **nearest)
{
    double best = INFINITY;
    for (uint32_t i = 0; i < demo->lines->len; i++) {
        const DemoLine *line = demo_line(demo, i);
        if (line->kind != DEMO_LINE_RIVER || p.x < line->box.min_x - 400 ||
            p.x > line->box.max_x + 400 || p.y < line->box.min_y - 400 ||
            p.y > line->box.max_y + 400)
            continue;
        const GeoXY *q = (const GeoXY *)(void *)line->xy->data;
        for (guint k = 0; k + 1 < line->xy->len; k++) {
            if (fmin(q[k].x, q[k + 1].x) - p.x > 400 || p.x - fmax(q[k].x, q[k + 1].x) > 400)
                continue;
            double off = geo_ring_segment_m(p, q[k], q[k + 1], NULL) - line->width_m / 2;
            if (off < best) {
                best = off;
                if (nearest)
                    *nearest = line;
            }
        }
    }
    return best;
}

static bool line_holds(const DemoLine *line, GeoXY p)
{
    return p.x >= line->box.min_x && p.x <= line->box.max_x && p.y >= line->box.min_y &&
           p.y <= line->box.max_y &&
           geo_ring_holds((const GeoXY *)(void *)line->xy->data, line->xy->len, p);
}

static int zone_at(const Demo *demo, GeoXY p)
{
    int zone = DEMO_FARM, cover = -1;
    for (uint32_t i = 0; i < demo->lines->len; i++) {
        const DemoLine *line = demo_line(demo, i);
        if (line->kind < DEMO_LINE_WATER || line->kind > DEMO_LINE_ZONE || !line_holds(line, p))
            continue;
        if (line->kind == DEMO_LINE_ZONE)
            zone = line->class;
        else if (line->kind == DEMO_LINE_WATER)
            return DEMO_WATER;
        else
            cover = line->kind == DEMO_LINE_PARK ? DEMO_PARK : DEMO_SQUARE;
    }
    if (cover >= 0)
        return cover;
    const DemoLine *river = NULL;
    double off = geo_demo_river_m(demo, p, &river);
    if (off < BANK_M)
        return DEMO_BANK;
    if (off < MOAT_M && g_str_equal(river->name, "护城河") && zone != DEMO_OLD)
        return DEMO_PARK;
    return zone;
}

/* ---- how it is divided ---- */

static const GeoPlanRule rules[DEMO_N_ZONES] = {
    [DEMO_FARM] =
        {420000, 0.07, 0.12, 0, {GEO_ROAD_TERTIARY, GEO_ROAD_TRACK, GEO_ROAD_TRACK}, {4e6, 1.2e6}},
    [DEMO_WATER] = {1500000, 0, 0.1, 0, {-1, -1, -1}, {0, 0}},
    [DEMO_BANK] = {30000, 0, 0.1, 0, {-1, -1, -1}, {0, 0}},
    [DEMO_PARK] = {30000, 0.13, 0.14, 0, {GEO_ROAD_PATH, GEO_ROAD_PATH, GEO_ROAD_PATH}, {0, 0}},
    [DEMO_TOWN] = {14000,
                   0.04,
                   0.12,
                   0,
                   {GEO_ROAD_TERTIARY, GEO_ROAD_RESIDENTIAL, GEO_ROAD_RESIDENTIAL},
                   {200000, 40000}},
    [DEMO_INDUSTRY] = {80000,
                       0,
                       0.1,
                       0,
                       {GEO_ROAD_SECONDARY, GEO_ROAD_TERTIARY, GEO_ROAD_RESIDENTIAL},
                       {1.6e6, 250000}},
    [DEMO_URBAN] = {34000,
                    0.035,
                    0.13,
                    0,
                    {GEO_ROAD_SECONDARY, GEO_ROAD_TERTIARY, GEO_ROAD_RESIDENTIAL},
                    {1e6, 110000}},
    [DEMO_NEW] = {46000,
                  0.012,
                  0.05,
                  0,
                  {GEO_ROAD_SECONDARY, GEO_ROAD_TERTIARY, GEO_ROAD_RESIDENTIAL},
                  {1e6, 130000}},
    [DEMO_CAMPUS] = {32000,
                     0.05,
                     0.13,
                     0,
                     {GEO_ROAD_RESIDENTIAL, GEO_ROAD_SERVICE, GEO_ROAD_SERVICE},
                     {300000, 0}},
    [DEMO_CORE] = {19000,
                   0.035,
                   0.13,
                   0,
                   {GEO_ROAD_TERTIARY, GEO_ROAD_TERTIARY, GEO_ROAD_RESIDENTIAL},
                   {500000, 90000}},
    [DEMO_OLD] = {9000,
                  0.045,
                  0.13,
                  0,
                  {GEO_ROAD_TERTIARY, GEO_ROAD_RESIDENTIAL, GEO_ROAD_RESIDENTIAL},
                  {90000, 30000}},
};

/* 0: wholly beyond the districts, 1: wholly in one, 2: across a border. */
static int straddles(const Demo *demo, const GeoXY *ring, size_t n, double area_m2, GeoXY inside)
{
    int district = geo_demo_district_at(demo, inside);
    GeoBox box = GEO_BOX_EMPTY;
    for (size_t i = 0; i < n; i++) {
        /* A little inwards: a corner on the border itself belongs to both sides. */
        GeoXY p = {0.85 * ring[i].x + 0.15 * inside.x, 0.85 * ring[i].y + 0.15 * inside.y};
        if (geo_demo_district_at(demo, p) != district)
            return 2;
        geo_box_add(&box, ring[i]);
    }
    for (int i = 1; i < 12 && area_m2 > 1e6; i++)
        for (int k = 1; k < 12; k++) {
            GeoXY p = {box.min_x + (box.max_x - box.min_x) * i / 12,
                       box.min_y + (box.max_y - box.min_y) * k / 12};
            if (geo_demo_district_at(demo, p) != district && geo_ring_holds(ring, n, p))
                return 2;
        }
    return district >= 0;
}

/* Paths of a great park lie wider apart. */
static double park_target(const Demo *demo, GeoXY p)
{
    for (uint32_t i = 0; i < demo->lines->len; i++) {
        const DemoLine *line = demo_line(demo, i);
        if (line->kind == DEMO_LINE_PARK && line_holds(line, p))
            return CLAMP(geo_ring_area_m2((const GeoXY *)(void *)line->xy->data, line->xy->len) /
                             22,
                         22000, 160000);
    }
    return rules[DEMO_PARK].target_m2;
}

static bool is_rural(int zone)
{
    return zone == DEMO_FARM || zone == DEMO_WATER || zone == DEMO_BANK;
}

static bool rule_for(const GeoPlan *plan, const GeoXY *ring, size_t n, double area_m2, GeoXY inside,
                     GeoPlanRule *rule, void *user)
{
    const Demo *demo = user;
    int zone = zone_at(demo, inside), lies = straddles(demo, ring, n, area_m2, inside);
    *rule = rules[zone];
    rule->zone = zone;
    if (zone == DEMO_PARK)
        rule->target_m2 = park_target(demo, inside);
    if (lies == 0 && !geo_demo_is_built(zone))
        return false;
    if (lies == 2 && is_rural(zone) && area_m2 < rules[zone].target_m2 * 1.2 + STRADDLE_M2 * 2) {
        *rule = (GeoPlanRule){STRADDLE_M2, 0, 0.05, zone, {-1, -1, -1}, {0, 0}};
        return true;
    }
    return rule->target_m2 > 0;
}

/* Beyond the built-up city no street runs along a district's border, so the border itself is a line
 * of the plan. Within it a border keeps to the streets beside it. Both districts' rings bring it;
 * the plan joins what lies together. */
static void add_borders(Demo *demo)
{
    GeoPlanLine line = {-1, 2, UINT32_MAX, true};
    for (guint r = 0; r < demo->borders->len; r++) {
        const GArray *ring = g_ptr_array_index(demo->borders, r);
        g_autoptr(GArray) run = g_array_new(FALSE, FALSE, sizeof(GeoXY));
        for (guint i = 0; i <= ring->len; i++) {
            GeoXY p = g_array_index(ring, GeoXY, i % ring->len);
            if (i < ring->len && is_rural(zone_at(demo, p))) {
                g_array_append_val(run, p);
                continue;
            }
            if (run->len > 1)
                geo_plan_add_line(demo->plan, &line, (const GeoXY *)(void *)run->data, run->len);
            g_array_set_size(run, 0);
        }
    }
}

void geo_demo_plan(Demo *demo)
{
    static const DemoLineKind order[] = {DEMO_LINE_ROAD, DEMO_LINE_RIVER,  DEMO_LINE_WATER,
                                         DEMO_LINE_PARK, DEMO_LINE_SQUARE, DEMO_LINE_RAIL};
    demo->plan = geo_plan_new();
    add_frame(demo);
    for (size_t i = 0; i < G_N_ELEMENTS(order); i++)
        add_kind(demo, order[i]);
    add_borders(demo);
    geo_plan_close(demo->plan, GEO_ROAD_RESIDENTIAL, geo_plan_clear_m(GEO_ROAD_RESIDENTIAL));
    demo->first_made = demo->lines->len;
    geo_plan_divide(demo->plan, rule_for, demo, demo->options.seed, demo->first_made);
}
