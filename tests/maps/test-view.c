/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "maps/paint/view.h"

static void projects_and_back(void)
{
    for (int i = 0; i < 1000; i++) {
        MapsView view = {
            .middle = {g_test_rand_double_range(-170, 170), g_test_rand_double_range(-80, 80)},
            .zoom = g_test_rand_double_range(1, 20),
            .width = 1920,
            .height = 1080,
            .scale = 1 + g_test_rand_bit()};
        MapsPoint p = {g_test_rand_double_range(0, 1920), g_test_rand_double_range(0, 1080)};
        GeoLonLat q = maps_view_unproject(&view, p);
        if (fabs(q.lat) > 85)
            continue;
        MapsPoint back = maps_view_point(&view, q);
        g_assert_cmpfloat_with_epsilon(back.x, p.x, 1e-3);
        g_assert_cmpfloat_with_epsilon(back.y, p.y, 1e-3);
    }
}

static void metres_agree_with_the_ground(void)
{
    MapsView view = {{117.28, 31.86}, 15, 1000, 1000, 1, MAPS_STYLE_NIGHT};
    GeoBounds bounds = maps_view_bounds(&view);
    double m =
        geo_coord_distance_m((GeoLonLat){bounds.west, 31.86}, (GeoLonLat){bounds.east, 31.86});
    g_assert_cmpfloat_with_epsilon(m / 1000, maps_view_m_per_px(&view), 0.01);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/view/projects-and-back", projects_and_back);
    g_test_add_func("/view/metres-agree-with-the-ground", metres_agree_with_the_ground);
    return g_test_run();
}
