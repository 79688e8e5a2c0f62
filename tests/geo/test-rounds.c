/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/rounds.h"

#include <math.h>

static void a_visit_counts_in_its_window_or_as_late(void)
{
    GeoXY points[] = {{0, 0}, {1000, 0}};
    GeoRoundsWindow windows[] = {
        {0, 100, 200, 300}, {0, 400, 500, 600}, {1, 100, 200, 300}, {1, 400, 500, 600}};
    g_autoptr(GeoRounds) rounds = geo_rounds_new(points, 2, 50, windows, 4);
    geo_rounds_run(1, 180, (GeoXY){-100, 0}, (GeoXY){10, 0}, 200, rounds); /* at 1 by 275 */
    geo_rounds_run(2, 250, (GeoXY){0, 51}, (GeoXY){0, 0}, 1000, rounds);   /* never near enough */
    geo_rounds_run(3, 599, (GeoXY){1000, 50}, (GeoXY){0, 0}, 60, rounds);
    g_assert_cmpint(geo_rounds_visit(rounds, 0).first_s, ==, 185);
    g_assert_cmpint(geo_rounds_visit(rounds, 0).late_s, ==, GEO_ROUNDS_NEVER);
    g_assert_cmpint(geo_rounds_visit(rounds, 1).first_s, ==, GEO_ROUNDS_NEVER);
    g_assert_cmpint(geo_rounds_visit(rounds, 2).first_s, ==, GEO_ROUNDS_NEVER);
    g_assert_cmpint(geo_rounds_visit(rounds, 2).late_s, ==, 285);
    g_assert_cmpint(geo_rounds_visit(rounds, 3).first_s, ==, GEO_ROUNDS_NEVER);
    g_assert_cmpint(geo_rounds_visit(rounds, 3).late_s, ==, 599);
}

static int64_t plain_first(GeoXY point, double radius_m, int64_t low_s, int64_t high_s,
                           const GeoXY *at, const GeoXY *step, const int64_t *from_s,
                           const uint32_t *n, size_t n_runs)
{
    int64_t first = GEO_ROUNDS_NEVER;
    for (size_t r = 0; r < n_runs; r++)
        for (uint32_t k = 0; k < n[r]; k++) {
            double x = at[r].x + step[r].x * k - point.x, y = at[r].y + step[r].y * k - point.y;
            int64_t second = from_s[r] + k;
            if (x * x + y * y <= radius_m * radius_m && second >= low_s && second < high_s)
                first = MIN(first, second);
        }
    return first;
}

static void visits_are_those_of_looking_each_second(void)
{
    enum { POINTS = 30, WINDOWS = 4, RUNS = 60 };
    size_t found = 0, late = 0;
    for (int round = 0; round < 60; round++) {
        GeoXY points[POINTS], at[RUNS], step[RUNS];
        GeoRoundsWindow windows[POINTS * WINDOWS];
        int64_t from_s[RUNS];
        uint32_t n[RUNS];
        double extent = g_test_rand_double_range(10, 4000),
               radius = g_test_rand_double_range(1, 80);
        for (uint32_t p = 0; p < POINTS; p++) {
            points[p] =
                (GeoXY){g_test_rand_double_range(0, extent), g_test_rand_double_range(0, extent)};
            int64_t begin = 0;
            for (int w = 0; w < WINDOWS; w++) {
                int64_t low = begin + g_test_rand_int_range(0, 500);
                int64_t high = low + g_test_rand_int_range(1, 500);
                begin = high + g_test_rand_int_range(0, 200);
                windows[p * WINDOWS + (uint32_t)w] = (GeoRoundsWindow){p, low, high, begin};
            }
        }
        g_autoptr(GeoRounds) rounds =
            geo_rounds_new(points, POINTS, radius, windows, POINTS * WINDOWS);
        for (int r = 0; r < RUNS; r++) {
            at[r] = (GeoXY){g_test_rand_double_range(-100, extent + 100),
                            g_test_rand_double_range(-100, extent + 100)};
            step[r] = (GeoXY){g_test_rand_double_range(-20, 20), g_test_rand_double_range(-20, 20)};
            if (r % 5 == 0)
                step[r] = (GeoXY){0, 0};
            from_s[r] = g_test_rand_int_range(0, 3000);
            n[r] = (uint32_t)g_test_rand_int_range(1, 60);
            geo_rounds_run(r, from_s[r], at[r], step[r], n[r], rounds);
        }
        for (size_t i = 0; i < POINTS * WINDOWS; i++) {
            const GeoRoundsWindow *w = &windows[i];
            GeoRoundsVisit visit = geo_rounds_visit(rounds, i);
            g_assert_cmpint(visit.first_s, ==,
                            plain_first(points[w->point], radius, w->from_s, w->to_s, at, step,
                                        from_s, n, RUNS));
            g_assert_cmpint(visit.late_s, ==,
                            plain_first(points[w->point], radius, w->to_s, w->late_s, at, step,
                                        from_s, n, RUNS));
            found += visit.first_s != GEO_ROUNDS_NEVER;
            late += visit.late_s != GEO_ROUNDS_NEVER;
        }
    }
    g_assert_cmpuint(found, >, 50);
    g_assert_cmpuint(late, >, 5);
}

static void without_points_nothing_happens(void)
{
    g_autoptr(GeoRounds) rounds = geo_rounds_new(NULL, 0, 50, NULL, 0);
    geo_rounds_run(1, 0, (GeoXY){0, 0}, (GeoXY){1, 1}, 100, rounds);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/rounds/a-visit-counts-in-its-window-or-as-late",
                    a_visit_counts_in_its_window_or_as_late);
    g_test_add_func("/rounds/visits-are-those-of-looking-each-second",
                    visits_are_those_of_looking_each_second);
    g_test_add_func("/rounds/without-points-nothing-happens", without_points_nothing_happens);
    return g_test_run();
}
