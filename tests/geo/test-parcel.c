/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/parcel.h"

#include "shapes.h"

static GeoParcel *parcel_of(const Shapes *shapes, double cell_m)
{
    return geo_parcel_new(shapes_points(shapes), shapes_ring_point0(shapes), shapes_ring0(shapes),
                          shapes->n, cell_m);
}

/* The answer is the twin's, and so it is everywhere within the room. */
static void check_place(const Shapes *shapes, const GeoParcel *parcel, GeoXY p, double *room_sum)
{
    double room;
    int32_t area = geo_parcel_find(parcel, p, &room);
    g_assert_cmpint(area, ==, shapes_find(shapes, p));
    g_assert_cmpfloat(room, >=, 0);
    *room_sum += room;
    for (int i = 0; i < 6; i++) {
        double angle = g_test_rand_double_range(0, 2 * G_PI), reach = room * (i ? 0.9999 : 0.5);
        GeoXY q = {p.x + reach * cos(angle), p.y + reach * sin(angle)};
        g_assert_cmpint(shapes_find(shapes, q), ==, area);
    }
    GeoXY step = {g_test_rand_double_range(-20, 20), g_test_rand_double_range(-20, 20)};
    if (g_test_rand_int_range(0, 20) == 0)
        step = (GeoXY){0, 0};
    double steps;
    g_assert_cmpint(geo_parcel_follow(parcel, p, step, &steps), ==, area);
    for (int i = 0; i < 6; i++) {
        double s = fmin(steps, 1e6) * (i ? g_test_rand_double_range(0, 1) : 1);
        GeoXY q = {p.x + s * step.x, p.y + s * step.y};
        g_assert_cmpint(shapes_find(shapes, q), ==, area);
    }
}

static void stars_anywhere_are_told_as_by_every_edge(void)
{
    double room_sum = 0;
    for (int round = 0; round < 150; round++) {
        g_autoptr(Shapes) shapes = shapes_new();
        int n = g_test_rand_int_range(1, 40);
        for (int a = 0; a < n; a++)
            shapes_star(shapes, g_test_rand_double_range(0, 1000),
                        g_test_rand_double_range(0, 1000), g_test_rand_double_range(5, 250));
        g_autoptr(GeoParcel) parcel = parcel_of(shapes, g_test_rand_double_range(4, 120));
        for (int i = 0; i < 200; i++)
            check_place(
                shapes, parcel,
                (GeoXY){g_test_rand_double_range(-400, 1400), g_test_rand_double_range(-400, 1400)},
                &room_sum);
    }
    /* Room is worth something: far from borders it is more than a few metres. */
    g_assert_cmpfloat(room_sum / (150 * 200), >, 10);
}

/* Squares of round numbers on a raster of round numbers: points on borders and corners belong to
 * one neighbour, the same as the twin says. */
static void a_lattice_leaves_no_place_out_on_its_lines(void)
{
    static const double cells[] = {0, 10, 25, 40, 33.3, 200};
    for (size_t c = 0; c < G_N_ELEMENTS(cells); c++) {
        g_autoptr(Shapes) shapes = shapes_new();
        for (int a = 0; a < 36; a++)
            shapes_square(shapes, a % 6 * 100, a / 6 * 100, 100);
        g_autoptr(GeoParcel) parcel = parcel_of(shapes, cells[c]);
        for (int y = -10; y <= 610; y += 5)
            for (int x = -10; x <= 610; x += 5) {
                double room;
                GeoXY p = {x, y};
                int32_t area = geo_parcel_find(parcel, p, &room);
                g_assert_cmpint(area, ==, shapes_find(shapes, p));
                bool in = x >= 0 && x < 600 && y >= 0 && y < 600;
                g_assert_cmpint(area >= 0, ==, in);
            }
    }
}

static void a_hole_and_an_overlap_are_told(void)
{
    g_autoptr(Shapes) shapes = shapes_new();
    GeoXY outer[4] = {{0, 0}, {300, 0}, {300, 300}, {0, 300}};
    GeoXY hole[4] = {{100, 100}, {100, 200}, {200, 200}, {200, 100}};
    g_array_append_vals(shapes->points, outer, 4);
    shapes_close(shapes, 0);
    g_array_append_vals(shapes->points, hole, 4);
    shapes_close(shapes, 5);
    shapes_end(shapes);
    shapes_square(shapes, 50, 50, 100); /* over the rim and into the hole */
    g_autoptr(GeoParcel) parcel = parcel_of(shapes, 7);
    double room;
    g_assert_cmpint(geo_parcel_find(parcel, (GeoXY){20, 20}, &room), ==, 0);
    g_assert_cmpint(geo_parcel_find(parcel, (GeoXY){60, 60}, &room), ==, 0);
    g_assert_cmpint(geo_parcel_find(parcel, (GeoXY){120, 120}, &room), ==, 1);
    g_assert_cmpint(geo_parcel_find(parcel, (GeoXY){180, 180}, &room), ==, -1);
    g_assert_cmpint(geo_parcel_find(parcel, (GeoXY){NAN, 5}, &room), ==, -1);
    g_assert_cmpfloat(room, ==, 0);
    g_assert_cmpint(geo_parcel_find(parcel, (GeoXY){1e7, 5}, &room), ==, -1);
    g_assert_cmpfloat(room, >, 9e6);
}

static void no_area_at_all_holds_nothing(void)
{
    g_autoptr(Shapes) shapes = shapes_new();
    g_autoptr(GeoParcel) parcel = parcel_of(shapes, 0);
    double room;
    g_assert_cmpint(geo_parcel_find(parcel, (GeoXY){0, 0}, &room), ==, -1);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/parcel/stars-anywhere-are-told-as-by-every-edge",
                    stars_anywhere_are_told_as_by_every_edge);
    g_test_add_func("/parcel/a-lattice-leaves-no-place-out-on-its-lines",
                    a_lattice_leaves_no_place_out_on_its_lines);
    g_test_add_func("/parcel/a-hole-and-an-overlap-are-told", a_hole_and_an_overlap_are_told);
    g_test_add_func("/parcel/no-area-at-all-holds-nothing", no_area_at_all_holds_nothing);
    return g_test_run();
}
