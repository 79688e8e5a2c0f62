/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Areas of a place in a city, and a city's own list of service items. */
#include "geo/work/routing.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "tests/geo/little-city.h"

static void add_area(GeoBatch *batch, const char *level, const char *code, const char *parent,
                     double west_m, double side_m)
{
    GeoArea *area = geo_batch_add(batch);
    area->row.code = geo_batch_text(batch, code);
    area->level = geo_batch_text(batch, level);
    area->parent = geo_batch_text(batch, parent);
    const GeoLonLat ring[] = {little_place(west_m, 0), little_place(west_m + side_m, 0),
                              little_place(west_m + side_m, side_m), little_place(west_m, side_m)};
    geo_batch_part_from(batch, GEO_SHAPE_POLYGON, ring, G_N_ELEMENTS(ring));
}

/* A district of 1,000 m; in it a street without a shape of its own here, communities and a grid. */
static GeoStore *city_of_areas(void)
{
    GeoStore *store = little_city();
    GeoBatch *batch = geo_batch_new(GEO_KIND_AREA);
    add_area(batch, "grid", "g1", "c1", 0, 100);
    add_area(batch, "community", "c1", "s1", 0, 400);
    add_area(batch, "community", "c2", "s1", 500, 400);
    add_area(batch, "street", "s1", "d1", 5000, 10);
    add_area(batch, "district", "d1", NULL, 0, 1000);
    add_area(batch, "ward", "w1", "c2", 0, 1000); /* a level that takes no part */
    little_import(store, batch, 500);
    return store;
}

static void assert_place(const GeoPlaceAreas *areas, const char *grid, const char *community,
                         const char *street, const char *district)
{
    g_assert_cmpstr(areas->area[GEO_LEVEL_GRID], ==, grid);
    g_assert_cmpstr(areas->area[GEO_LEVEL_COMMUNITY], ==, community);
    g_assert_cmpstr(areas->area[GEO_LEVEL_STREET], ==, street);
    g_assert_cmpstr(areas->area[GEO_LEVEL_DISTRICT], ==, district);
    g_assert_null(areas->area[GEO_LEVEL_CITY]);
}

static void test_places(void)
{
    g_autoptr(GeoStore) store = city_of_areas();
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoRouting) routing = geo_routing_load(store, &error);
    g_assert_no_error(error);
    GeoPlaceAreas in_grid = geo_routing_place(routing, little_place(50, 50));
    assert_place(&in_grid, "g1", "c1", "s1", "d1");
    GeoPlaceAreas in_community = geo_routing_place(routing, little_place(700, 50));
    assert_place(&in_community, NULL, "c2", "s1", "d1");
    GeoPlaceAreas in_district = geo_routing_place(routing, little_place(50, 900));
    assert_place(&in_district, NULL, "c2", "s1", "d1"); /* by the ward's parent */
    GeoPlaceAreas outside = geo_routing_place(routing, little_place(-50, 0));
    assert_place(&outside, NULL, NULL, NULL, NULL);
    GeoPlaceAreas nowhere = geo_routing_place(routing, (GeoLonLat){NAN, NAN});
    assert_place(&nowhere, NULL, NULL, NULL, NULL);
    GeoPlaceAreas by_code = geo_routing_area(routing, "g1");
    assert_place(&by_code, "g1", "c1", "s1", "d1");
    GeoPlaceAreas unknown = geo_routing_area(routing, "g2");
    assert_place(&unknown, NULL, NULL, NULL, NULL);
    const GeoServiceBook *book = geo_routing_book(routing);
    GeoRoute route =
        geo_servicebook_route(book, geo_servicebook_find(book, "vendor"), &in_community);
    g_assert_cmpint(route.tier, ==, GEO_LEVEL_COMMUNITY);
    g_assert_cmpstr(route.area, ==, "c2");
    g_assert_cmpstr(route.department->code, ==, "city");
}

static char *write_list(const char *text)
{
    char *path = NULL;
    int file = g_file_open_tmp("gridbeat-services-XXXXXX.csv", &path, NULL);
    g_assert_cmpint(file, >=, 0);
    g_close(file, NULL);
    g_assert_true(g_file_set_contents(path, text, -1, NULL));
    return path;
}

static void test_own_services(void)
{
    static const char list[] =
        "what,code,name,name_zh,group,department,tier,priority,accept_min,arrive_min,report_min,"
        "mediation,words\ndepartment,d,D,部,,,,,,,,,\ngroup,g,G,组,,,,,,,,,\n"
        "item,only,Only,唯一,g,d,grid,3,1,0,2,no,\n";
    GeoAct act = geo_act_local(NULL, LITTLE_NOON);
    GeoCity city = {.name = "Little", .zone = "Asia/Shanghai", .epsg = LITTLE_EPSG};
    g_autofree char *path = write_list(list);
    g_autofree char *broken = write_list("item,only\n");
    for (int memory = 0; memory < 2; memory++) {
        g_autoptr(GeoStore) store = memory ? geo_store_new_memory(&city) : little_city();
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoServiceBook) first = geo_routing_services(store, &error);
        g_assert_cmpuint(first->items->len, ==, 189);
        g_assert_true(geo_routing_put_services(store, &act, path, &error));
        g_autoptr(GeoServiceBook) own = geo_routing_services(store, &error);
        g_assert_cmpuint(own->items->len, ==, 1);
        g_assert_false(geo_routing_put_services(store, &act, broken, &error));
        g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
        g_clear_error(&error);
        g_autoptr(GeoServiceBook) still = geo_routing_services(store, &error);
        g_assert_cmpuint(still->items->len, ==, 1);
        g_assert_true(geo_routing_put_services(store, &act, NULL, &error));
        g_autoptr(GeoServiceBook) again = geo_routing_services(store, &error);
        g_assert_cmpuint(again->items->len, ==, 189);
        g_assert_false(geo_routing_put_services(store, &act, "/nowhere/list.csv", &error));
        g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    }
    g_remove(path);
    g_remove(broken);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/routing/places-have-areas", test_places);
    g_test_add_func("/routing/city-has-its-own-services", test_own_services);
    return little_run();
}
