/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/marks.h"

#include <string.h>

#define SIDE 500

static const MapsView view = {{117.28, 31.86}, 16, SIDE, SIDE, 1, MAPS_STYLE_NIGHT, "en"};

/* Caller frees; premultiplied ARGB. */
static uint32_t *pixels_of(const MapsMarks *marks)
{
    uint32_t *pixels = g_new0(uint32_t, SIDE * SIDE);
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (unsigned char *)pixels, CAIRO_FORMAT_ARGB32, SIDE, SIDE, SIDE * 4);
    cairo_t *cr = cairo_create(surface);
    maps_paint_marks(cr, &view, marks);
    g_assert_cmpint(cairo_status(cr), ==, CAIRO_STATUS_SUCCESS);
    cairo_destroy(cr);
    cairo_surface_destroy(surface);
    return pixels;
}

static GeoLonLat at(double x, double y)
{
    return maps_view_unproject(&view, (MapsPoint){x, y});
}

static uint32_t pixel(const uint32_t *pixels, double x, double y)
{
    return pixels[(int)y * SIDE + (int)x];
}

static void nothing_marked_nothing_painted(void)
{
    MapsMarks none = MAPS_MARKS_NONE;
    g_autofree uint32_t *pixels = pixels_of(&none);
    for (int i = 0; i < SIDE * SIDE; i++)
        g_assert_cmpuint(pixels[i], ==, 0);
    MapsRect rect = maps_marks_rect(&view, &none);
    g_assert_cmpfloat(rect.left, >, rect.right);
}

/* The fill lies along the line, a white casing beside it, nothing farther off. */
static void the_route_is_cased(void)
{
    GeoLonLat route[] = {at(50, 200), at(450, 200)};
    MapsMarks marks = MAPS_MARKS_NONE;
    marks.route = route;
    marks.n_route = 2;
    g_autofree uint32_t *pixels = pixels_of(&marks);
    unsigned blue = 0;
    for (int x = 60; x < 440; x++)
        blue += pixel(pixels, x, 200) == 0xff0072b2;
    g_assert_cmpuint(blue, >, 300);
    g_assert_cmpuint(blue, <, 380);                                 /* the rest is arrows */
    g_assert_cmphex(pixel(pixels, 210, 202) >> 16 & 0xff, >, 0x30); /* half white */
    g_assert_cmphex(pixel(pixels, 210, 210), ==, 0);
}

static void random_marks(MapsMarks *marks, GeoLonLat *points, uint32_t *rings, MapsBadge *badges,
                         MapsWitness *witnesses)
{
    for (int i = 0; i < 12; i++)
        points[i] = at(g_test_rand_double_range(150, 350), g_test_rand_double_range(150, 350));
    rings[0] = 0;
    rings[1] = 4;
    *marks = (MapsMarks){.asked = points[4],
                         .unit = points[5],
                         .reach_m = g_test_rand_double_range(0, 60),
                         .route = points + 6,
                         .n_route = 3,
                         .badges = badges,
                         .n_badges = 2,
                         .witnesses = witnesses,
                         .n_witnesses = 1,
                         .outline = points,
                         .rings = rings,
                         .n_rings = 1};
    badges[0] = (MapsBadge){points[9], 1, "EB-214  1:24"};
    badges[1] = (MapsBadge){points[10], 2, g_test_rand_bit() ? NULL : "\u7535\u5de1-231  1:30"};
    witnesses[0] = (MapsWitness){points[11], "A", points + 3, 3};
}

/* What a layer makes room for is all that there is. */
static void all_lies_within_the_rect(void)
{
    for (int run = 0; run < 30; run++) {
        GeoLonLat points[12];
        uint32_t rings[2];
        MapsBadge badges[2];
        MapsWitness witnesses[1];
        MapsMarks marks;
        random_marks(&marks, points, rings, badges, witnesses);
        MapsRect rect = maps_marks_rect(&view, &marks);
        g_autofree uint32_t *pixels = pixels_of(&marks);
        unsigned painted = 0;
        for (int y = 0; y < SIDE; y++)
            for (int x = 0; x < SIDE; x++)
                if (pixel(pixels, x, y)) {
                    painted++;
                    g_assert_cmpfloat(x + 1, >=, rect.left);
                    g_assert_cmpfloat(x, <=, rect.right);
                    g_assert_cmpfloat(y + 1, >=, rect.top);
                    g_assert_cmpfloat(y, <=, rect.bottom);
                }
        g_assert_cmpuint(painted, >, 1000);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/marks/nothing-marked-nothing-painted", nothing_marked_nothing_painted);
    g_test_add_func("/marks/the-route-is-cased", the_route_is_cased);
    g_test_add_func("/marks/all-lies-within-the-rect", all_lies_within_the_rect);
    return g_test_run();
}
