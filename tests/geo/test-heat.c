/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/heat.h"

#include <math.h>

/* The largest difference as a share of the twin's peak. */
static double worst_share(const GeoXY *points, const double *weight, size_t n, const GeoBox *box,
                          size_t columns, size_t rows, double radius_m)
{
    g_autofree double *fast = g_new(double, columns *rows);
    g_autofree double *exact = g_new(double, columns *rows);
    g_assert_true(geo_heat_grid(points, weight, n, box, columns, rows, radius_m, fast, NULL, NULL));
    geo_heat_exact(points, weight, n, box, columns, rows, radius_m, exact);
    double worst = 0, peak = 0;
    for (size_t i = 0; i < columns * rows; i++) {
        g_assert_cmpfloat(fast[i], >=, 0);
        worst = MAX(worst, fabs(fast[i] - exact[i]));
        peak = MAX(peak, exact[i]);
    }
    return peak > 0 ? worst / peak : worst;
}

static void agrees_with_every_event_against_every_cell(void)
{
    double worst = 0;
    for (int round = 0; round < 40; round++) {
        size_t n = (size_t)g_test_rand_int_range(0, 1500);
        g_autofree GeoXY *points = g_new(GeoXY, n + 1);
        g_autofree double *weight = g_new(double, n + 1);
        GeoXY centre = {0};
        for (size_t i = 0; i < n; i++) { /* clusters, and events outside the box */
            if (i % 50 == 0)
                centre = (GeoXY){g_test_rand_double_range(-500, 4500),
                                 g_test_rand_double_range(-500, 2500)};
            points[i] = (GeoXY){centre.x + g_test_rand_double_range(-300, 300),
                                centre.y + g_test_rand_double_range(-300, 300)};
            weight[i] = g_test_rand_double_range(0.5, 4);
        }
        GeoBox box = {0, 0, 4000, 2000};
        double radius_m = g_test_rand_double_range(40, 900);
        size_t columns = (size_t)g_test_rand_int_range(5, 160);
        size_t rows = (size_t)g_test_rand_int_range(5, 80);
        worst = MAX(worst, worst_share(points, round % 2 ? weight : NULL, n, &box, columns, rows,
                                       radius_m));
    }
    g_test_message("worst difference %.4f %% of the peak", worst * 100);
    g_assert_cmpfloat(worst, <=, 0.005);
}

/* The hardest case of the lattice: all at one spot, so nothing averages out; enough of them, and
 * enough cells a radius, that the lattice is the cheaper way. */
static void one_spot_keeps_its_shape_on_the_lattice(void)
{
    enum { N = 100 };
    double worst = 0;
    for (int round = 0; round < 30; round++) {
        GeoXY points[N];
        points[0] = (GeoXY){g_test_rand_double_range(300, 700), g_test_rand_double_range(300, 700)};
        for (int i = 1; i < N; i++)
            points[i] = points[0];
        GeoBox box = {0, 0, 1000, 1000};
        worst = MAX(worst, worst_share(points, NULL, N, &box, 200, 200,
                                       g_test_rand_double_range(150, 400)));
    }
    g_test_message("worst difference %.4f %% of the peak", worst * 100);
    g_assert_cmpfloat(worst, >, 1e-9); /* else the exact way was taken and nothing was tested */
    g_assert_cmpfloat(worst, <=, 0.005);
}

static void the_field_holds_as_many_incidents_as_there_were(void)
{
    enum { N = 300 };
    GeoXY points[N];
    for (int i = 0; i < N; i++)
        points[i] =
            (GeoXY){g_test_rand_double_range(2000, 8000), g_test_rand_double_range(2000, 8000)};
    GeoBox box = {0, 0, 10000, 10000};
    g_autofree double *density = g_new(double, 500 * 500);
    g_assert_true(geo_heat_grid(points, NULL, N, &box, 500, 500, 400, density, NULL, NULL));
    double sum = 0;
    for (int i = 0; i < 500 * 500; i++)
        sum += density[i] * 0.02 * 0.02; /* km2 of a cell */
    g_assert_cmpfloat_with_epsilon(sum, N, N * 0.001);
}

static void a_cancel_stops_it(void)
{
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    GeoXY point = {5, 5};
    GeoBox box = {0, 0, 10, 10};
    g_autofree double *density = g_new(double, 3000 * 3000);
    g_autoptr(GError) error = NULL;
    g_assert_false(geo_heat_grid(&point, NULL, 1, &box, 3000, 3000, 50, density, progress, &error));
    g_assert_nonnull(error);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/heat/agrees-with-every-event-against-every-cell",
                    agrees_with_every_event_against_every_cell);
    g_test_add_func("/heat/one-spot-keeps-its-shape-on-the-lattice",
                    one_spot_keeps_its_shape_on_the_lattice);
    g_test_add_func("/heat/the-field-holds-as-many-incidents-as-there-were",
                    the_field_holds_as_many_incidents_as_there_were);
    g_test_add_func("/heat/a-cancel-stops-it", a_cancel_stops_it);
    return g_test_run();
}
