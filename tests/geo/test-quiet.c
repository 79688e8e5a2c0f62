/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The chance of a silence against plain sums and drawn lots; alarms come and go once. */
#include <math.h>

#include "geo/calc/quiet.h"

/* By Pascal's triangle: no logarithms, no gamma function. */
static double plain_tail(uint32_t n, uint32_t k, double p)
{
    g_autofree double *row = g_new0(double, n + 2);
    row[0] = 1;
    for (uint32_t trial = 0; trial < n; trial++)
        for (uint32_t i = trial + 2; i-- > 0;)
            row[i] = row[i] * (1 - p) + (i > 0 ? row[i - 1] * p : 0);
    double sum = 0;
    for (uint32_t i = n + 1; i-- > k;)
        sum += row[i];
    return sum;
}

static void tails_are_the_plain_ones(void)
{
    for (int i = 0; i < 2000; i++) {
        uint32_t n = (uint32_t)g_test_rand_int_range(1, 400);
        uint32_t k = (uint32_t)g_test_rand_int_range(0, (int)n + 2);
        double p = g_test_rand_double_range(0.001, 0.6);
        double plain = k > n ? 0 : plain_tail(n, k, p);
        g_assert_cmpfloat_with_epsilon(geo_quiet_tail(n, k, p), plain, 1e-9 + 1e-7 * plain);
    }
    g_assert_cmpfloat(geo_quiet_tail(10, 0, 0.1), ==, 1);
    g_assert_cmpfloat(geo_quiet_tail(10, 11, 0.1), ==, 0);
}

static void chance_alone_raises_hardly_any_alarm(void)
{
    unsigned alarms = 0;
    for (int look = 0; look < 20000; look++) {
        GeoQuietArea area = {.on_duty = (uint32_t)g_test_rand_int_range(5, 60)};
        for (uint32_t i = 0; i < area.on_duty; i++)
            area.silent += g_test_rand_double() < 0.05;
        geo_quiet_judge(&area, 1, 0.05);
        alarms += area.alarm;
    }
    g_assert_cmpuint(alarms, <, 8);
}

static void a_failure_is_told_until_it_is_over(void)
{
    GeoQuietArea areas[] = {{431, 412, 0, false}, {40, 3, 0, false}, {4, 4, 0, false}};
    geo_quiet_judge(areas, 3, 0.03);
    g_assert_true(areas[0].alarm && !areas[1].alarm && !areas[2].alarm);
    areas[0].silent = 150; /* most are heard again, and still too few */
    geo_quiet_judge(areas, 3, 0.03);
    g_assert_true(areas[0].alarm);
    areas[0].silent = 100;
    geo_quiet_judge(areas, 3, 0.03);
    g_assert_false(areas[0].alarm);
    areas[0].on_duty = 0;
    areas[0].silent = 0;
    areas[0].alarm = true; /* the shift is over: nobody is missed */
    geo_quiet_judge(areas, 3, NAN);
    g_assert_false(areas[0].alarm);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/quiet/tails-are-the-plain-ones", tails_are_the_plain_ones);
    g_test_add_func("/quiet/chance-alone-raises-hardly-any-alarm",
                    chance_alone_raises_hardly_any_alarm);
    g_test_add_func("/quiet/a-failure-is-told-until-it-is-over",
                    a_failure_is_told_until_it_is_over);
    return g_test_run();
}
