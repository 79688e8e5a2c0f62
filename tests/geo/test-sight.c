/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/sight.h"

#include <math.h>
#include <string.h>

#include "tests/geo/town.h"

static GeoCamera camera_of(int lens, double fov_deg, double range_m, int64_t width_px)
{
    return (GeoCamera){.lens = lens,
                       .state = GEO_CAMERA_WORKING,
                       .heading_deg = 0,
                       .fov_deg = fov_deg,
                       .range_m = range_m,
                       .night_range_m = NAN,
                       .width_px = width_px};
}

static void test_reach(void)
{
    /* 1920 pixels over 90 degrees: 2 d metres wide at the distance d. */
    GeoCamera camera = camera_of(GEO_LENS_FIXED, 90, 1000, 1920);
    const double px_per_m[4] = {25, 62.5, 125, 250};
    int64_t assumed;
    for (int class = 0; class < GEO_N_SIGHT_CLASSES; class ++) {
        double wanted = 1920 / (2 * px_per_m[class]);
        g_assert_cmpfloat(geo_sight_px_per_m(class), ==, px_per_m[class]);
        g_assert_cmpfloat_with_epsilon(geo_sight_reach_m(&camera, class, false, &assumed), wanted,
                                       1e-9);
        g_assert_cmpint(assumed, ==, 0);
    }
    camera.range_m = 20;
    g_assert_cmpfloat(geo_sight_reach_m(&camera, GEO_SIGHT_DETECT, false, NULL), ==, 20);
    camera.night_range_m = 12;
    g_assert_cmpfloat(geo_sight_reach_m(&camera, GEO_SIGHT_DETECT, true, &assumed), ==, 12);
    g_assert_cmpint(assumed, ==, 0);
    camera.state = GEO_CAMERA_FAULTY;
    g_assert_cmpfloat(geo_sight_reach_m(&camera, GEO_SIGHT_DETECT, false, NULL), ==, 0);
    camera.state = GEO_CAMERA_PLANNED;
    g_assert_cmpfloat(geo_sight_reach_m(&camera, GEO_SIGHT_DETECT, false, NULL), ==, 0);
}

static void test_assumed(void)
{
    GeoCamera silent = camera_of(GEO_LENS_FIXED, NAN, NAN, 0);
    int64_t assumed;
    double day = geo_sight_reach_m(&silent, GEO_SIGHT_DETECT, false, &assumed);
    g_assert_cmpint(assumed, ==, GEO_ASSUMED_FOV | GEO_ASSUMED_RANGE | GEO_ASSUMED_PIXELS);
    g_assert_cmpfloat(day, >, 20);
    g_assert_cmpfloat(geo_sight_reach_m(&silent, GEO_SIGHT_DETECT, true, NULL), <, day);
    silent.heading_deg = NAN;
    g_assert_cmpfloat(geo_sight_reach_m(&silent, GEO_SIGHT_DETECT, false, NULL), ==, 0);
    silent.heading_deg = 0;
    silent.heading_err_deg = 180;
    g_assert_cmpfloat(geo_sight_reach_m(&silent, GEO_SIGHT_DETECT, false, &assumed), ==, 0);
    g_assert_cmpint(assumed & GEO_ASSUMED_HEADING, !=, 0);
    GeoCamera dome = camera_of(GEO_LENS_DOME, 60, 200, 1920);
    dome.heading_deg = NAN; /* it looks all round anyhow */
    g_assert_cmpfloat_with_epsilon(geo_sight_reach_m(&dome, GEO_SIGHT_DETECT, false, &assumed),
                                   1920 / (50 * tan(G_PI / 6)), 1e-9);
    GeoCamera panorama = camera_of(GEO_LENS_PANORAMA, 360, 200, 4000);
    g_assert_cmpfloat_with_epsilon(geo_sight_reach_m(&panorama, GEO_SIGHT_DETECT, false, &assumed),
                                   4000 / (25 * 2 * G_PI), 1e-9);
}

static void test_load(void)
{
    g_autoptr(Town) town = town_new();
    town_add_house(town, 40, 10, 60, 30);
    town_add_camera(town, 20, 20, 90, GEO_CAMERA_WORKING);
    town_add_camera(town, 200, 20, 270, GEO_CAMERA_FAULTY);
    town_add_camera(town, 300, 200, 0, GEO_CAMERA_PLANNED);
    town_finish(town);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSight) sight = geo_sight_load(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(sight->n, ==, 3);
    g_assert_cmpuint(sight->first[0], ==, 0);
    g_assert_cmpuint(sight->first[1], >, 5);
    g_assert_cmpuint(sight->first[3], ==, sight->first[1]);
    double farthest = 0;
    for (uint32_t i = 0; i < sight->first[1]; i++) {
        GeoXY back = geo_frame_xy(sight->frame, sight->lonlat[i]);
        g_assert_cmpfloat(hypot(back.x - sight->xy[i].x, back.y - sight->xy[i].y), <, 1e-3);
        GeoXY from = {sight->xy[i].x - town->origin.x, sight->xy[i].y - town->origin.y};
        if (fabs(from.y - 20) < 10.01) /* straight behind the house nothing is seen */
            farthest = fmax(farthest, from.x);
    }
    g_assert_cmpfloat_with_epsilon(farthest, 40, 0.05);
    GeoSightOptions options = {.with_off = true, .metres_only = true};
    g_autoptr(GeoSight) all = geo_sight_load(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_null(all->lonlat);
    g_assert_cmpuint(all->first[2], >, all->first[1]);
    g_assert_cmpuint(all->first[3], >, all->first[2]);
    GeoLonLat a = town_lonlat(town, 150, 0), b = town_lonlat(town, 250, 100);
    GeoBounds bounds = {a.lon, a.lat, b.lon, b.lat};
    options.bounds = &bounds;
    g_autoptr(GeoSight) part = geo_sight_load(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(part->n, ==, 1);
    g_assert_cmpuint(part->buildings->rows->len, <=, 1);
}

static void test_empty(void)
{
    g_autoptr(Town) town = town_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSight) sight = geo_sight_load(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(sight->n, ==, 0);
    g_assert_cmpuint(sight->first[0], ==, 0);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    g_assert_null(geo_sight_load(town->store, NULL, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sight/reach-follows-pixels-field-and-range", test_reach);
    g_test_add_func("/sight/what-is-missing-is-assumed-and-told", test_assumed);
    g_test_add_func("/sight/fields-stop-at-walls-and-off-is-blind", test_load);
    g_test_add_func("/sight/an-empty-city-and-a-cancel", test_empty);
    return g_test_run();
}
