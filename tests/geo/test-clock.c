/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/decode/clock.h"

#include <glib.h>

/* Our calendar against GLib's, both ways, leap days and all. */
static void test_clock(void)
{
    for (int round = 0; round < 20000; round++) {
        int64_t at_s = g_test_rand_int_range(0, G_MAXINT) + INT64_C(2) * 946684800 * (round % 2);
        at_s = round % 3 ? at_s : at_s / 86400 * 86400 - round % 2;
        g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(MAX(at_s, 0));
        int64_t found = -1;
        g_assert_true(geo_clock_civil(g_date_time_get_year(utc), g_date_time_get_month(utc),
                                      g_date_time_get_day_of_month(utc), g_date_time_get_hour(utc),
                                      g_date_time_get_minute(utc), g_date_time_get_second(utc),
                                      &found));
        g_assert_cmpint(found, ==, MAX(at_s, 0) * 1000);
        int64_t in_2000s = 946684800 + 8 * 3600 + MAX(at_s, 0) % (100 * 365 * INT64_C(86400));
        uint8_t bcd[6];
        geo_clock_to_bcd(in_2000s * 1000 + 999, 8, bcd);
        g_assert_true(geo_clock_bcd(bcd, 8, &found));
        g_assert_cmpint(found, ==, in_2000s * 1000);
    }
    int64_t kept = 42;
    g_assert_false(geo_clock_civil(2023, 2, 29, 0, 0, 0, &kept));
    g_assert_false(geo_clock_civil(2100, 2, 29, 0, 0, 0, &kept));
    g_assert_true(geo_clock_civil(2000, 2, 29, 0, 0, 0, &kept));
    kept = 42;
    g_assert_false(geo_clock_civil(2023, 13, 1, 0, 0, 0, &kept));
    g_assert_false(geo_clock_civil(2023, 1, 0, 0, 0, 0, &kept));
    g_assert_false(geo_clock_civil(2023, 1, 1, 24, 0, 0, &kept));
    g_assert_false(geo_clock_civil(2023, 1, 1, 0, 60, 0, &kept));
    g_assert_false(geo_clock_civil(2023, 1, 1, 0, 0, 60, &kept));
    g_assert_false(geo_clock_bcd((const uint8_t[6]){0x25, 0x01, 0x1a, 0, 0, 0}, 8, &kept));
    g_assert_cmpint(kept, ==, 42);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/clock/calendar-is-glibs", test_clock);
    return g_test_run();
}
