/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/optics.h"

#include <glib.h>
#include <math.h>
#include <stdbool.h>

#define FOOT_M 0.3048

static void near_to(double got, double wanted, double off)
{
    g_assert_cmpfloat_with_epsilon(got, wanted, off);
}

static void table(void)
{
    /* Published: 2560 pixels on a sensor of 1/2", 6.4 mm wide, 38 pixels a foot at 40 feet ask for
     * a lens of 3.8 mm (an installers' calculator). */
    double picture_m = 2560 / (38 / FOOT_M);
    double field = 2 * atan(picture_m / 2 / (40 * FOOT_M)) * 180 / G_PI;
    near_to(geo_optics_focal_mm(field, 6.4), 3.8, 0.01);
    near_to(geo_optics_px_per_m(2560, field, 40 * FOOT_M), 38 / FOOT_M, 1e-9);
    near_to(geo_optics_depth_m(2560, field, 38 / FOOT_M), 40 * FOOT_M, 1e-9);
    /* By hand: a sensor as wide as twice the focal length sees 90 degrees, of 4:3 73.74 high. */
    near_to(geo_optics_field_deg(4, 8), 90, 1e-12);
    near_to(geo_optics_vertical_deg(90, 4.0 / 3), 2 * atan(0.75) * 180 / G_PI, 1e-12);
    near_to(geo_optics_picture_m(90), 2, 1e-12);
    near_to(geo_optics_picture_m(180), G_PI, 1e-12);
    near_to(geo_optics_px_per_m(2000, 90, 40), 25, 1e-12);
    /* 10 m up, 45 degrees down, 30 degrees high: 60 and 30 degrees below the horizon. */
    near_to(geo_optics_near_m(10, 45, 30), 10 / sqrt(3), 1e-9);
    near_to(geo_optics_far_m(10, 45, 30), 10 * sqrt(3), 1e-9);
    g_assert_cmpfloat(geo_optics_near_m(10, 80, 30), ==, 0);
    g_assert_true(isinf(geo_optics_far_m(10, 10, 30)));
    g_assert_true(isinf(geo_optics_near_m(10, -20, 30)));
    near_to(geo_optics_depth_of_ground_m(30, 40, 90 - 36.869897645844), 30 * 0.6 + 40 * 0.8, 1e-9);
    near_to(geo_optics_depth_of_ground_m(30, NAN, 20), 30, 1e-12);
}

/* The plain twin: places on the ground through the matrix of a pinhole camera. */
static void ground_through_a_pinhole(void)
{
    for (int i = 0; i < 20000; i++) {
        double height = g_test_rand_double_range(1, 40), tilt = g_test_rand_double_range(-10, 80);
        double field = g_test_rand_double_range(5, 140), width_px = 2560, aspect = 16.0 / 9;
        double t = tilt * G_PI / 180, x = g_test_rand_double_range(0, 200);
        double y = g_test_rand_double_range(-50, 50);
        /* Axes of the camera: right, down, forward; the place is x ahead, y to the right, and
         * height below. */
        double forward = x * cos(t) + height * sin(t), down = height * cos(t) - x * sin(t);
        if (forward < 0.1)
            continue;
        double focal_px = width_px / 2 / tan(field * G_PI / 360);
        double u = focal_px * y / forward, v = focal_px * down / forward;
        double u_off = focal_px * (y + 1e-4) / forward;
        double px_per_m =
            geo_optics_px_per_m(width_px, field, geo_optics_depth_of_ground_m(x, height, tilt));
        near_to(px_per_m / ((u_off - u) / 1e-4), 1, 1e-6);
        near_to(geo_optics_ground_of_depth_m(forward, height, tilt), x, 1e-6);
        bool in_height = fabs(v) <= width_px / aspect / 2;
        double vertical = geo_optics_vertical_deg(field, aspect);
        double near_m = geo_optics_near_m(height, tilt, vertical);
        double far_m = geo_optics_far_m(height, tilt, vertical);
        if (fabs(x - near_m) > 1e-6 && fabs(x - far_m) > 1e-6)
            g_assert_true(in_height == (x >= near_m && x <= far_m));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/optics/table", table);
    g_test_add_func("/optics/ground-through-a-pinhole", ground_through_a_pinhole);
    return g_test_run();
}
