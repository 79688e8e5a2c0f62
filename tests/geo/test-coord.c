/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>
#include <string.h>

#include "geo/model/city.h"
#include "geo/model/coord.h"
#include "geo/model/frame.h"

static void gcj02_check_point(void)
{
    GeoLonLat gcj = geo_coord_to_gcj02((GeoLonLat){117.283042, 31.861191});
    g_assert_cmpfloat_with_epsilon(gcj.lon, 117.288563, 1.1e-6);
    g_assert_cmpfloat_with_epsilon(gcj.lat, 31.859195, 1.1e-6);
}

static void datums_go_back_within_a_millimetre(void)
{
    for (int i = 0; i < 10000; i++) {
        GeoLonLat p = {g_test_rand_double_range(75, 134), g_test_rand_double_range(19, 53)};
        GeoLonLat gcj = geo_coord_from_gcj02(geo_coord_to_gcj02(p));
        GeoLonLat bd = geo_coord_from_bd09(geo_coord_to_bd09(p));
        g_assert_cmpfloat(geo_coord_distance_m(p, gcj), <, 1e-3);
        g_assert_cmpfloat(geo_coord_distance_m(p, bd), <, 1e-3);
    }
}

static void abroad_nothing_is_shifted(void)
{
    GeoLonLat chicago = {-87.6298, 41.8781}, moved = geo_coord_to_gcj02(chicago);
    g_assert_true(moved.lon == chicago.lon && moved.lat == chicago.lat);
}

static void frame_is_easting_first_and_goes_back(void)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoFrame) frame = geo_frame_new(4548, &error);
    g_assert_no_error(error);
    GeoXY q = geo_frame_xy(frame, (GeoLonLat){117.283042, 31.861191});
    g_assert_cmpfloat_with_epsilon(q.x, 526777, 100);
    g_assert_cmpfloat_with_epsilon(q.y, 3526495, 1000);
    for (int i = 0; i < 100; i++) {
        GeoLonLat p = {g_test_rand_double_range(116, 118), g_test_rand_double_range(31, 33)};
        g_assert_cmpfloat(geo_coord_distance_m(p, geo_frame_lonlat(frame, geo_frame_xy(frame, p))),
                          <, 1e-3);
    }
}

static void frame_refuses_degrees_and_feet(void)
{
    int bad[] = {4326, 4490, 3435, 999999};
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(GError) error = NULL;
        g_assert_null(geo_frame_new(bad[i], &error));
        g_assert_nonnull(error);
    }
}

static void city_is_chosen_from_the_data(void)
{
    struct {
        GeoLonLat p;
        int epsg;
        const char *zone;
    } cases[] = {
        {{117.28, 31.86}, 4548, "Asia/Shanghai"}, {{-87.63, 41.88}, 32616, "America/Chicago"},
        {{129.07, 35.18}, 32652, "Asia/Seoul"},   {{9.52, 47.14}, 32632, "Europe/Zurich"},
        {{121.5, 25.04}, 32651, "Asia/Taipei"},   {{-46.6, -23.5}, 32723, "America/Sao_Paulo"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GeoBounds bounds = GEO_BOUNDS_EMPTY;
        char zone[GEO_CITY_TEXT];
        geo_bounds_add(&bounds, cases[i].p);
        geo_city_choose_zone(&bounds, zone);
        g_assert_cmpint(geo_city_choose_epsg(&bounds), ==, cases[i].epsg);
        g_assert_cmpstr(zone, ==, cases[i].zone);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/coord/gcj02-check-point", gcj02_check_point);
    g_test_add_func("/coord/datums-go-back-within-a-millimetre",
                    datums_go_back_within_a_millimetre);
    g_test_add_func("/coord/abroad-nothing-is-shifted", abroad_nothing_is_shifted);
    g_test_add_func("/frame/is-easting-first-and-goes-back", frame_is_easting_first_and_goes_back);
    g_test_add_func("/frame/refuses-degrees-and-feet", frame_refuses_degrees_and_feet);
    g_test_add_func("/city/is-chosen-from-the-data", city_is_chosen_from_the_data);
    return g_test_run();
}
