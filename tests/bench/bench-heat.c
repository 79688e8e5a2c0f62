/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Heat of 300,000 and of a million clustered events: a picture's quarter, and a whole 1280 x 960.
 */
#include "bench.h"
#include "geo/calc/heat.h"

#define NAME "heat"

static GeoXY *make_events(size_t n, double width, double height)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(21);
    GeoXY *events = g_new(GeoXY, n), centre = {0};
    for (size_t i = 0; i < n; i++) {
        if (i % 500 == 0)
            centre = (GeoXY){g_rand_double_range(random, 0, width),
                             g_rand_double_range(random, 0, height)};
        events[i] = (GeoXY){centre.x + g_rand_double_range(random, -800, 800),
                            centre.y + g_rand_double_range(random, -800, 800)};
    }
    return events;
}

static void run(const char *task, size_t n, double width, size_t columns, size_t rows,
                double radius_m)
{
    double height = width * (double)rows / (double)columns;
    g_autofree GeoXY *events = make_events(n, width, height);
    g_autofree double *density = g_new(double, columns *rows);
    GeoBox box = {0, 0, width, height};
    double figures[9];
    for (int i = 0; i < 9; i++) {
        double begun = bench_now_us();
        geo_heat_grid(events, NULL, n, &box, columns, rows, radius_m, density, NULL, NULL);
        figures[i] = (bench_now_us() - begun) / 1000;
    }
    bench_say(NAME, task, "gridbeat", "ms", figures, 9);
}

int main(void)
{
    printf("quartic kernel, clustered events, seed 21\n");
    run("screen 20 km r=200 m", 300000, 20000, 480, 270, 200);
    run("screen 60 km r=400 m", 300000, 60000, 480, 270, 400);
    run("screen 5 km r=200 m", 300000, 5000, 480, 270, 200);
    run("h10", 1000000, 12800, 1280, 960, 100);
    run("h40", 1000000, 12800, 1280, 960, 400);
    printf("peers not run here: scatter, QGIS, GRASS\n");
    bench_machine(NAME);
    return 0;
}
