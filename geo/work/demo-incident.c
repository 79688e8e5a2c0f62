/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two years of incidents up to the demo's now. Each has a category with its hours of the day and
 * the kind of place it likes: hot corners (stations, markets, hospitals, the pedestrian street,
 * schools by day) draw half of them, homes and streets by their people the rest. */
#include <math.h>
#include <string.h>

#include "geo/calc/partition.h"
#include "geo/model/cycle.h"
#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

#define FULL 300000.0
#define DAYS 731
#define DAY_MS INT64_C(86400000)
#define ZONE_MS INT64_C(28800000) /* Hefei is UTC+8 all year */
#define N_CORNERS 420.0
#define HOT_REACH_M 190.0

typedef enum { DRAW_STATION, DRAW_MARKET, DRAW_NIGHT, DRAW_SCHOOL, DRAW_CORNER, N_DRAWS } Draw;

/* Weight of each hour from midnight. */
static const double hours[][24] = {
    /* round the clock, day heavy */
    {3, 2, 1, 1, 1, 2, 4, 8, 10, 10, 10, 9, 8, 8, 9, 9, 10, 10, 10, 9, 8, 7, 6, 4},
    /* homes while people are out, and the small hours */
    {4, 5, 6, 6, 4, 2, 2, 4, 7, 8, 8, 6, 4, 6, 8, 8, 6, 4, 3, 3, 3, 3, 3, 4},
    /* nights */
    {9, 7, 5, 3, 1, 1, 1, 1, 1, 2, 2, 3, 3, 2, 2, 2, 3, 4, 6, 8, 10, 12, 12, 11},
    /* rush hours */
    {1, 1, 0.5, 0.5, 1, 2, 6, 14, 13, 8, 7, 7, 6, 6, 7, 7, 9, 14, 13, 8, 5, 4, 3, 2},
};

typedef struct {
    const char *name;
    double weight;
    int priority, hours;
    double hot;            /* share drawn to hot places */
    double draws[N_DRAWS]; /* which of them */
    bool indoors;          /* at a house */
} Category;

static const Category categories[] = {
    {"入室盗窃", 2.2, 2, 1, 0.15, {0, 1, 0, 0, 4}, true},
    {"入室抢劫", 0.12, 1, 2, 0.1, {0, 1, 1, 0, 3}, true},
    {"撬盗机动车", 0.9, 2, 2, 0.35, {2, 2, 1, 0, 4}, false},
    {"盗窃电动车", 6.5, 2, 1, 0.5, {5, 6, 2, 3, 6}, false},
    {"扒窃", 2.6, 2, 0, 0.8, {7, 8, 3, 0, 2}, false},
    {"纠纷", 22, 3, 0, 0.42, {3, 6, 4, 1, 6}, false},
    {"打架斗殴", 3.4, 1, 2, 0.65, {2, 2, 9, 1, 4}, false},
    {"噪音扰民", 13, 4, 2, 0.35, {0, 1, 8, 0, 5}, true},
    {"求助", 21, 3, 0, 0.3, {4, 3, 1, 2, 5}, false},
    {"交通事故", 15, 3, 3, 0.4, {4, 3, 1, 4, 8}, false},
    {"走失", 1.8, 2, 0, 0.5, {5, 4, 0, 3, 2}, false},
    {"可疑情况", 4.2, 3, 2, 0.3, {2, 2, 2, 2, 4}, false},
    {"占道堵塞", 6.5, 4, 3, 0.6, {3, 6, 1, 6, 4}, false},
};

typedef struct {
    GArray *blocks; /* uint32_t */
    GArray *chance; /* double: weights of the blocks around hot places, by draw */
} Pool;

typedef struct {
    int64_t at_ms;
    int category;
    uint32_t block;
    GeoXY at;
    uint32_t line;
} Event;

typedef struct {
    Demo *demo;
    GeoDice dice;
    Pool hot[N_DRAWS], homes;
} Town;

/* Weights become running sums, so that a draw is one search. */
static void pool_close(Pool *pool)
{
    double sum = 0;
    for (guint i = 0; i < pool->chance->len; i++)
        g_array_index(pool->chance, double, i) = sum += g_array_index(pool->chance, double, i);
}

static uint32_t pool_draw(const Pool *pool, GeoDice *dice)
{
    guint low = 0, high = pool->blocks->len;
    if (high == 0)
        return GEO_PARTITION_NONE;
    double at = geo_dice_share(dice) * g_array_index(pool->chance, double, high - 1);
    while (low + 1 < high) {
        guint half = (low + high) / 2;
        if (g_array_index(pool->chance, double, half - 1) <= at)
            low = half;
        else
            high = half;
    }
    return g_array_index(pool->blocks, uint32_t, low);
}

static void pool_add(Pool *pool, uint32_t block, double weight)
{
    g_array_append_val(pool->blocks, block);
    g_array_append_val(pool->chance, weight);
}

/* A hot place warms the blocks around it. */
static void add_hot(Town *town, Draw draw, GeoXY at, double weight)
{
    const Demo *demo = town->demo;
    for (uint32_t i = 0; i < demo->blocks->len; i++) {
        GeoXY p = demo_plan_block(demo, i)->inside;
        double off = hypot(p.x - at.x, p.y - at.y);
        if (demo_block(demo, i)->keep && off < 2.5 * HOT_REACH_M)
            pool_add(&town->hot[draw], i, weight * exp(-off * off / (HOT_REACH_M * HOT_REACH_M)));
    }
}

static void add_places(Town *town)
{
    Demo *demo = town->demo;
    const GeoBatch *batch = demo->batches[GEO_KIND_FACILITY];
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoFacility *facility = (const GeoFacility *)geo_batch_row(batch, i);
        GeoLonLat p;
        geo_batch_first(batch, &facility->row, &p);
        GeoXY at = geo_frame_xy(demo->frame, p);
        bool made = g_str_has_suffix(facility->row.name, "农贸市场");
        if (facility->class == GEO_FACILITY_STATION)
            add_hot(town, DRAW_STATION, at, g_str_has_suffix(facility->row.name, "站") ? 3 : 2);
        else if (facility->class == GEO_FACILITY_HOSPITAL)
            add_hot(town, DRAW_STATION, at, 0.4);
        else if (facility->class == GEO_FACILITY_MARKET)
            add_hot(town, DRAW_MARKET, at, made ? 0.4 : 2);
        else if (facility->class == GEO_FACILITY_SCHOOL)
            add_hot(town, DRAW_SCHOOL, at, 1);
        if (facility->class == GEO_FACILITY_MARKET && !made)
            add_hot(town, DRAW_NIGHT, at, 0.8);
    }
    for (uint32_t i = 0; i < demo->lines->len; i++) {
        const DemoLine *line = demo_line(demo, i);
        bool walk = line->kind == DEMO_LINE_ROAD && line->class == GEO_ROAD_PEDESTRIAN;
        for (guint k = 0; walk && k < line->xy->len; k++) {
            add_hot(town, DRAW_NIGHT, g_array_index(line->xy, GeoXY, k), 1.3);
            add_hot(town, DRAW_MARKET, g_array_index(line->xy, GeoXY, k), 0.9);
        }
    }
}

/* Corners with no name where things happen again and again: few of them often, many seldom. */
static void add_corners(Town *town)
{
    uint64_t n = geo_demo_count(town->demo, N_CORNERS);
    for (uint64_t i = 0; i < n; i++) {
        uint32_t block = pool_draw(&town->homes, &town->dice);
        if (block == GEO_PARTITION_NONE)
            continue;
        GeoXY at = demo_plan_block(town->demo, block)->inside;
        add_hot(town, DRAW_CORNER, at, 1 / sqrt((double)i + 1));
        if (i % 6 == 0)
            add_hot(town, DRAW_NIGHT, at, 0.5 / sqrt((double)i + 1));
    }
}

static Pool pool_new(void)
{
    return (Pool){g_array_new(FALSE, FALSE, sizeof(uint32_t)),
                  g_array_new(FALSE, FALSE, sizeof(double))};
}

static void town_open(Town *town)
{
    const Demo *demo = town->demo;
    town->homes = pool_new();
    for (int draw = 0; draw < N_DRAWS; draw++)
        town->hot[draw] = pool_new();
    for (uint32_t i = 0; i < demo->blocks->len; i++)
        if (demo_block(demo, i)->keep)
            pool_add(&town->homes, i,
                     demo_block(demo, i)->people + demo_plan_block(demo, i)->area_m2 * 4e-5);
    pool_close(&town->homes);
    add_places(town);
    add_corners(town);
    for (int draw = 0; draw < N_DRAWS; draw++)
        pool_close(&town->hot[draw]);
}

static void town_clear(Town *town)
{
    g_array_unref(town->homes.blocks);
    g_array_unref(town->homes.chance);
    for (int draw = 0; draw < N_DRAWS; draw++) {
        g_array_unref(town->hot[draw].blocks);
        g_array_unref(town->hot[draw].chance);
    }
}

static int64_t draw_time(Town *town, const Category *category)
{
    for (;;) {
        int64_t day = geo_dice_below(&town->dice, DAYS);
        double season = 1 + 0.12 * sin((double)day / 365.25 * 2 * G_PI);
        if (geo_dice_share(&town->dice) * 1.12 > season)
            continue;
        int64_t hour = geo_dice_pick(&town->dice, hours[category->hours], 24);
        int64_t midnight = (GEO_DEMO_NOW_MS + ZONE_MS) / DAY_MS * DAY_MS - ZONE_MS;
        int64_t at = midnight - (DAYS - 1 - day) * DAY_MS + hour * 3600000 +
                     (int64_t)geo_dice_below(&town->dice, 3600000);
        if (at < GEO_DEMO_NOW_MS && at >= GEO_DEMO_NOW_MS - (DAYS - 1) * DAY_MS)
            return at;
    }
}

static bool draw_event(Town *town, Event *event)
{
    double weights[G_N_ELEMENTS(categories)];
    for (size_t i = 0; i < G_N_ELEMENTS(categories); i++)
        weights[i] = categories[i].weight;
    event->category = (int)geo_dice_pick(&town->dice, weights, G_N_ELEMENTS(categories));
    const Category *category = &categories[event->category];
    event->at_ms = draw_time(town, category);
    event->block = GEO_PARTITION_NONE;
    if (geo_dice_share(&town->dice) < category->hot)
        event->block = pool_draw(&town->hot[geo_dice_pick(&town->dice, category->draws, N_DRAWS)],
                                 &town->dice);
    if (event->block == GEO_PARTITION_NONE)
        event->block = pool_draw(&town->homes, &town->dice);
    DemoSpot spot;
    if (!geo_demo_spot(town->demo, event->block, &town->dice, &spot))
        return false;
    event->line = spot.side->line;
    event->at = spot.at;
    if (category->indoors) {
        GeoXY middle = demo_plan_block(town->demo, event->block)->inside;
        double t = geo_dice_between(&town->dice, 0.1, 0.9);
        event->at.x += (middle.x - event->at.x) * t;
        event->at.y += (middle.y - event->at.y) * t;
    }
    return true;
}

static int by_time(gconstpointer a, gconstpointer b)
{
    const Event *x = a, *y = b;
    if (x->at_ms != y->at_ms)
        return x->at_ms < y->at_ms ? -1 : 1;
    return x->at.x < y->at.x ? -1 : x->at.x > y->at.x;
}

/* How far an incident of this age has come. */
static int draw_state(GeoDice *dice, int64_t age_ms)
{
    double minutes = (double)age_ms / 60000 * geo_dice_between(dice, 0.6, 1.5);
    double chance = geo_dice_share(dice);
    if (minutes < 2)
        return GEO_INCIDENT_RECEIVED;
    if (minutes < 6)
        return chance < 0.5 ? GEO_INCIDENT_DISPATCHED : GEO_INCIDENT_ACCEPTED;
    if (minutes < 14)
        return GEO_INCIDENT_EN_ROUTE;
    if (minutes < 45)
        return chance < 0.5 ? GEO_INCIDENT_ON_SCENE : GEO_INCIDENT_HANDLING;
    if (minutes < 80)
        return chance < 0.4 ? GEO_INCIDENT_CLEARED : GEO_INCIDENT_REPORTED;
    if (minutes < 2880)
        return chance < 0.02 ? GEO_INCIDENT_HELD : GEO_INCIDENT_CLOSED;
    return chance < 0.012   ? GEO_INCIDENT_VOID
           : chance < 0.03  ? GEO_INCIDENT_DUPLICATE
           : chance < 0.045 ? GEO_INCIDENT_TRANSFERRED
           : chance < 0.3   ? GEO_INCIDENT_CALLED_BACK
                            : GEO_INCIDENT_CLOSED;
}

static void add_event(Town *town, const Event *event)
{
    Demo *demo = town->demo;
    GeoBatch *batch = demo->batches[GEO_KIND_INCIDENT];
    const Category *category = &categories[event->category];
    GeoIncident *incident = geo_batch_add(batch);
    incident->row.id = geo_demo_id(batch);
    g_autofree char *code = g_strdup_printf("%07u", batch->rows->len);
    incident->row.code = geo_batch_text(batch, code);
    incident->at_ms = event->at_ms;
    incident->category = geo_batch_word(batch, category->name);
    incident->priority = category->priority;
    incident->state = draw_state(&town->dice, GEO_DEMO_NOW_MS - event->at_ms);
    incident->place = geo_batch_word(batch, geo_demo_line_name(demo, event->line));
    uint32_t grid = demo_block(demo, event->block)->grid;
    incident->area = geo_batch_word(batch, g_array_index(demo->grids, DemoGrid, grid).code);
    GeoLonLat p = geo_demo_lonlat(demo, event->at);
    geo_batch_set_point(batch, p.lon, p.lat);
}

void geo_demo_incidents(Demo *demo)
{
    Town town = {.demo = demo, .dice = geo_dice_new(demo->options.seed, 60)};
    uint64_t all = geo_demo_count(demo, FULL);
    town_open(&town);
    g_autoptr(GArray) events = g_array_new(FALSE, FALSE, sizeof(Event));
    for (uint64_t tries = 0; events->len < all && tries < 20 * all; tries++) {
        Event event;
        if (draw_event(&town, &event))
            g_array_append_val(events, event);
    }
    g_array_sort(events, by_time);
    for (guint i = 0; i < events->len; i++)
        add_event(&town, &g_array_index(events, Event, i));
    town_clear(&town);
}
