/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The ground net: patrollers on foot, e-bike and in cars, four emergency teams a street or town,
 * and their shifts around the demo's now. Who is off duty has no roster at that time, so the store
 * would drop a position of theirs. */
#include <math.h>
#include <string.h>

#include "geo/calc/partition.h"
#include "geo/model/kind.h"
#include "geo/work/demo-city.h"

#define FULL 18397.0
#define HOUR_MS INT64_C(3600000)
#define SHIFT_MS (8 * HOUR_MS)
#define NIGHT_SHIFT 2
#define N_SHIFTS 4 /* the last one rests */

/* 21 November, 06:30 in Hefei: the day's first shift. */
#define FIRST_SHIFT_MS (GEO_DEMO_NOW_MS - (16 * HOUR_MS + 44 * 60000))

typedef struct {
    Demo *demo;
    GeoDice dice;
    int number[GEO_N_UNIT_KINDS];
} Force;

static int draw_status(GeoDice *dice)
{
    static const double weights[GEO_N_STATUSES] = {
        [GEO_STATUS_AVAILABLE] = 80, [GEO_STATUS_FIXED_POST] = 5, [GEO_STATUS_RESERVED] = 0.8,
        [GEO_STATUS_EN_ROUTE] = 2,   [GEO_STATUS_ON_SCENE] = 2.4, [GEO_STATUS_HANDLING] = 1.6,
        [GEO_STATUS_ESCORT] = 0.3,   [GEO_STATUS_CLEARED] = 0.6,  [GEO_STATUS_BREAK] = 4,
        [GEO_STATUS_BUSY] = 2.3,     [GEO_STATUS_OUT] = 1};
    return (int)geo_dice_pick(dice, weights, GEO_N_STATUSES);
}

/* Whose it is and what it can do hang on its code alone, so that the draws of the rest stay as they
 * were. */
static void equip(GeoBatch *batch, GeoUnit *unit)
{
    static const char *const foot[] = {"auxiliary", "guard", "guard", "volunteer", "volunteer"};
    static const char *const cars[] = {"first_aid;fire_kit", "riot_gear", "dog", "first_aid;rescue",
                                       "riot_gear;mediation"};
    static const char *const others[] = {"first_aid", "mediation", "fire_kit",
                                         "first_aid;mediation"};
    guint draw = g_str_hash(unit->row.code) / 7;
    const char *skills = draw % 3 ? NULL : others[draw / 3 % G_N_ELEMENTS(others)];
    const char *force = "auxiliary";
    if (unit->unit_kind == GEO_UNIT_TEAM) {
        force = "emergency";
        skills = "first_aid;fire_kit;riot_gear;rescue;ladder";
    } else if (unit->unit_kind == GEO_UNIT_CAR) {
        force = "police";
        skills = cars[draw % G_N_ELEMENTS(cars)];
    } else if (unit->unit_kind == GEO_UNIT_FOOT) {
        force = foot[draw % G_N_ELEMENTS(foot)];
    }
    unit->force = geo_batch_word(batch, force);
    unit->skills = geo_batch_word(batch, skills);
}

static void add_rosters(Force *force, const GeoUnit *unit, int shift, const char *area)
{
    static const char *const names[] = {"早班", "中班", "夜班"};
    GeoBatch *batch = force->demo->batches[GEO_KIND_ROSTER];
    for (int day = 0; day < 2 && shift < N_SHIFTS - 1; day++) {
        GeoRoster *roster = geo_batch_add(batch);
        roster->row.id = geo_demo_id(batch);
        roster->row.code = geo_batch_text(batch, unit->row.code);
        roster->row.name = geo_batch_word(batch, names[shift]);
        roster->from_ms = FIRST_SHIFT_MS + shift * SHIFT_MS + day * 24 * HOUR_MS;
        roster->to_ms = roster->from_ms + SHIFT_MS;
        roster->area = geo_batch_word(batch, area);
        roster->post = geo_batch_word(batch, unit->agency);
    }
}

static void add_unit(Force *force, int kind, const char *area, const char *agency, int shift,
                     GeoXY at)
{
    static const char *const marks[] = {[GEO_UNIT_FOOT] = "F",
                                        [GEO_UNIT_EBIKE] = "EB",
                                        [GEO_UNIT_CAR] = "C",
                                        [GEO_UNIT_TEAM] = "T"};
    GeoBatch *batch = force->demo->batches[GEO_KIND_UNIT];
    GeoUnit *unit = geo_batch_add(batch);
    unit->row.id = geo_demo_id(batch);
    g_autofree char *code = g_strdup_printf("%s-%0*d", marks[kind], kind == GEO_UNIT_FOOT ? 5 : 4,
                                            ++force->number[kind]);
    g_autofree char *radio = g_strdup_printf("%06u", 400000 + batch->rows->len);
    unit->row.code = geo_batch_text(batch, code);
    unit->row.name = unit->row.code;
    unit->radio = geo_batch_text(batch, radio);
    unit->unit_kind = kind;
    unit->agency = geo_batch_word(batch, agency);
    unit->area = geo_batch_word(batch, area);
    unit->status = shift == NIGHT_SHIFT ? draw_status(&force->dice) : GEO_STATUS_OFF;
    equip(batch, unit);
    GeoLonLat p = geo_demo_lonlat(force->demo, at);
    geo_batch_set_point(batch, p.lon, p.lat);
    add_rosters(force, unit, shift, area);
}

static bool post_in(Force *force, uint32_t community, DemoSpot *spot)
{
    for (int round = 0; round < 12; round++) {
        uint32_t block = geo_demo_pick_block(force->demo, community, &force->dice);
        if (block != GEO_PARTITION_NONE && geo_demo_spot(force->demo, block, &force->dice, spot) &&
            spot->side->class <= GEO_ROAD_PATH)
            return true;
    }
    return false;
}

/* Four teams for each street or town: one a shift and one that rests. */
static uint64_t add_teams(Force *force)
{
    const Demo *demo = force->demo;
    uint64_t n = 0;
    const char *last = NULL;
    for (uint32_t c = 0; c < demo->communities->len; c++) {
        const DemoCommunity *community = g_ptr_array_index(demo->communities, c);
        DemoSpot spot;
        if (((GArray *)g_ptr_array_index(demo->own, c))->len == 0 ||
            g_strcmp0(last, community->street_code) == 0 || !post_in(force, c, &spot))
            continue;
        last = community->street_code;
        g_autofree char *agency = g_strconcat(community->street, "应急分队", NULL);
        for (int shift = 0; shift < N_SHIFTS; shift++, n++)
            add_unit(force, GEO_UNIT_TEAM, community->street_code, agency, shift, spot.at);
    }
    return n;
}

/* People of each kept community, and their sum at the end. */
static double *community_people(const Demo *demo)
{
    double *people = g_new0(double, demo->communities->len);
    for (uint32_t c = 0; c < demo->communities->len; c++) {
        const GArray *own = g_ptr_array_index(demo->own, c);
        for (guint i = 0; i < own->len; i++)
            people[c] += demo_block(demo, g_array_index(own, uint32_t, i))->people;
        if (own->len > 0)
            people[c] += 2500;
    }
    return people;
}

void geo_demo_units(Demo *demo)
{
    static const double kinds[] = {0.6, 0.27, 0.13}, shifts[] = {0.44, 0.3, 0.19, 0.07};
    Force force = {demo, geo_dice_new(demo->options.seed, 50), {0}};
    uint64_t all = geo_demo_count(demo, FULL);
    g_autofree double *people = community_people(demo);
    uint64_t n = add_teams(&force);
    while (n < all) {
        uint32_t c = geo_dice_pick(&force.dice, people, demo->communities->len);
        const DemoCommunity *community = g_ptr_array_index(demo->communities, c);
        int kind = (int)geo_dice_pick(&force.dice, kinds, G_N_ELEMENTS(kinds));
        int shift = (int)geo_dice_pick(&force.dice, shifts, G_N_ELEMENTS(shifts));
        bool car = kind == GEO_UNIT_CAR;
        DemoSpot spot;
        if (!post_in(&force, c, &spot))
            continue;
        g_autofree char *agency =
            car ? g_strconcat(community->street, "巡防车组", NULL)
                : g_strconcat(community->name, kind == GEO_UNIT_FOOT ? "巡逻队" : "骑巡队", NULL);
        add_unit(&force, kind, car ? community->street_code : community->code, agency, shift,
                 spot.at);
        n++;
    }
}
