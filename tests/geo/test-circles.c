/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Rapid circles against one question for each area, and moves against asking again afterwards. */
#include <math.h>

#include "geo/work/circles.h"
#include "tests/geo/fresh-city.h"

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    GeoNetwork *network;
    GeoFleet *fleet;
} Town;

static Town town_of(FreshCity *city)
{
    g_autoptr(GError) error = NULL;
    Town town = {.store = city->store};
    town.frame = geo_frame_new(geo_store_city(city->store)->epsg, &error);
    town.network = geo_network_load(city->store, town.frame, NULL, &error);
    g_assert_no_error(error);
    GeoFleetOptions now = {0};
    town.fleet = geo_fleet_load(city->store, town.frame, town.network, &now, NULL, &error);
    g_assert_no_error(error);
    return town;
}

/* Streets 200 m apart, five areas in a row, units in the first two. */
static FreshCity *row_of_areas(void)
{
    FreshCity *city = fresh_city_new("memory");
    GeoBatch *roads = geo_batch_new(GEO_KIND_ROAD), *areas = geo_batch_new(GEO_KIND_AREA);
    GeoRoad *road = fresh_row(roads, 1, "r");
    road->class = GEO_ROAD_PRIMARY;
    road->foot = road->ebike = road->car = 2;
    geo_batch_begin(roads, GEO_SHAPE_LINE);
    for (int i = 0; i <= 50; i++)
        geo_batch_point(roads, 117 + 0.002 * i, 31.005);
    for (int i = 0; i < 5; i++) {
        g_autofree char *code = g_strdup_printf("a%d", i);
        GeoArea *area = fresh_row(areas, 10 + i, code);
        area->level = "community";
        area->population = 100 * (i + 1);
        double west = 117 + 0.02 * i;
        const GeoLonLat ring[] = {
            {west, 31}, {west + 0.02, 31}, {west + 0.02, 31.01}, {west, 31.01}};
        geo_batch_part_from(areas, GEO_SHAPE_POLYGON, ring, 4);
    }
    GeoBatch *units = geo_batch_new(GEO_KIND_UNIT);
    for (int i = 0; i < 4; i++) {
        g_autofree char *code = g_strdup_printf("u%d", i);
        GeoUnit *unit = fresh_row(units, 100 + i, code);
        unit->unit_kind = GEO_UNIT_CAR;
        unit->status = GEO_STATUS_AVAILABLE;
        geo_batch_set_point(units, i < 3 ? 117.009 + 0.0005 * i : 117.031, 31.005);
    }
    fresh_import(city->store, 100, roads);
    fresh_import(city->store, 101, areas);
    fresh_import(city->store, 102, units);
    return city;
}

static void holes_are_found_and_moves_open_none(void)
{
    g_autoptr(FreshCity) city = row_of_areas();
    g_autoptr(GError) error = NULL;
    Town town = town_of(city);
    GeoCirclesOptions options = {
        .within_s = {60, 120, 300}, .n = 3, .judged = 1, .level = "community", .moves = 3};
    g_autoptr(GeoCircles) circles =
        geo_circles_find(town.store, town.frame, town.network, town.fleet, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(circles->all->len, ==, 5);
    size_t within = 0;
    for (guint i = 0; i < 5; i++) {
        const GeoCirclesArea *area = &g_array_index(circles->all, GeoCirclesArea, i);
        GeoXY middle;
        GeoLonLat at;
        g_assert_true(geo_areas_middle(circles->areas, area->area, &middle));
        geo_frame_to_lonlat(town.frame, &middle, &at, 1);
        g_autoptr(GeoFleetAnswer) answer = geo_fleet_nearest(town.fleet, at, 1, true, 0);
        double soonest = g_array_index(answer->hits, GeoFleetHit, 0).travel_s;
        g_assert_cmpfloat_with_epsilon(area->soonest_s, soonest, 0.01);
        if (i > 0)
            g_assert_cmpfloat(area->soonest_s, <=,
                              g_array_index(circles->all, GeoCirclesArea, i - 1).soonest_s);
        within += soonest <= 120;
    }
    g_assert_cmpuint(circles->within[1], ==, within);
    g_assert_cmpint(circles->all_people, ==, 1500);
    g_assert_cmpuint(circles->moves->len, >, 0);
    g_assert_cmpuint(circles->moves->len, <, 4); /* somebody has to stay with the first areas */
    /* Whoever moves: the areas that were covered before are covered by who is left. */
    for (guint i = 0; i < circles->moves->len; i++)
        geo_fleet_set_status(
            town.fleet,
            geo_fleet_unit(town.fleet, g_array_index(circles->moves, GeoCirclesMove, i).unit)->id,
            GEO_STATUS_BUSY);
    options.moves = 0;
    g_autoptr(GeoCircles) after =
        geo_circles_find(town.store, town.frame, town.network, town.fleet, &options, NULL, &error);
    g_assert_cmpuint(after->within[1], ==, within);
    geo_fleet_free(town.fleet);
    geo_network_free(town.network);
    geo_frame_free(town.frame);
}

static void step(FreshCity *city, int64_t now_ms, GeoDeedWhat what, int64_t unit_id)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, now_ms);
    GeoDeed deed = {.what = what, .incident_id = 1, .detail = {.unit_id = unit_id}};
    geo_store_do(city->store, &act, &deed, 1, NULL, &error);
    g_assert_no_error(error);
}

static double uncovered_of(const Town *town, int64_t from_ms, int64_t to_ms, uint32_t area)
{
    g_autoptr(GError) error = NULL;
    GeoCirclesOptions options = {.within_s = {60, 120, 300},
                                 .n = 3,
                                 .judged = 1,
                                 .level = "community",
                                 .from_ms = from_ms,
                                 .to_ms = to_ms,
                                 .every_ms = 600000};
    g_autoptr(GeoCircles) circles = geo_circles_find(town->store, town->frame, town->network,
                                                     town->fleet, &options, NULL, &error);
    g_assert_no_error(error);
    for (guint i = 0; i < circles->all->len; i++)
        if (g_array_index(circles->all, GeoCirclesArea, i).area == area)
            return g_array_index(circles->all, GeoCirclesArea, i).uncovered_min;
    g_assert_not_reached();
}

/* The only unit of the second area is away for 20 minutes of the hour, and is on an incident again
 * when that is asked. */
static void who_was_away_then_covered_nothing(void)
{
    enum { MINUTE = 60000 };
    g_autoptr(FreshCity) city = row_of_areas();
    g_autoptr(GError) error = NULL;
    int64_t t0 = FRESH_NOW;
    GeoAct act = geo_act_local(NULL, t0);
    g_autoptr(GeoBatch) call = fresh_points(GEO_KIND_INCIDENT, 1, 1);
    g_array_index(call->rows, GeoIncident, 0).at_ms = t0;
    g_assert_true(geo_store_take_incident(city->store, &act, call, &error));
    for (int64_t unit = 101; unit <= 102; unit++) /* one of three stays in the first area */
        step(city, t0 + 5 * MINUTE, GEO_DEED_DISPATCH, unit);
    step(city, t0 + 5 * MINUTE, GEO_DEED_DISPATCH, 103);
    step(city, t0 + 25 * MINUTE, GEO_DEED_RELEASE, 103);
    step(city, t0 + 59 * MINUTE, GEO_DEED_DISPATCH, 103);
    Town town = town_of(city);
    g_assert_cmpfloat(uncovered_of(&town, t0, t0 + 60 * MINUTE, 1), ==, 20);
    g_assert_cmpfloat(uncovered_of(&town, t0, t0 + 60 * MINUTE, 0), ==, 0);
    geo_fleet_free(town.fleet);
    geo_network_free(town.network);
    geo_frame_free(town.frame);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/circles/holes-are-found-and-moves-open-none",
                    holes_are_found_and_moves_open_none);
    g_test_add_func("/circles/who-was-away-then-covered-nothing",
                    who_was_away_then_covered_nothing);
    return g_test_run();
}
