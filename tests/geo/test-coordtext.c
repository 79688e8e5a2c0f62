/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Coordinates as people write them: each form against the degrees it means, what is none, and what
 * was written from a random place in every form read back. */
#include <glib.h>
#include <math.h>

#include "geo/model/coordtext.h"

#define SECOND (1 / 3600.0)

static void each_form_is_read(void)
{
    static const struct {
        const char *text;
        double first, second;
        bool axes, plain;
    } cases[] = {
        {"117.28, 31.86", 117.28, 31.86, false, false},
        {"117.28 31.86", 117.28, 31.86, false, false},
        {"31.86;117.28", 31.86, 117.28, false, false},
        {"117 31", 117, 31, false, true},
        {"-87.63,41.88", -87.63, 41.88, false, false},
        {"E117.28 N31.86", 117.28, 31.86, true, false},
        {"N31.86 E117.28", 117.28, 31.86, true, false},
        {"31.86N, 117.28E", 117.28, 31.86, true, false},
        {"31.86 n 117.28 e", 117.28, 31.86, true, false},
        {"41.88N 87.63W", -87.63, 41.88, true, false},
        {"s33.5e18", 18, -33.5, true, false},
        {"lat 31.86 lon 117.28", 117.28, 31.86, true, false},
        {"Longitude: 117.28, Latitude: 31.86", 117.28, 31.86, true, false},
        {"117°16'48\"E 31°51'36\"N", 117.28, 31.86, true, false},
        {"31°51′36″N 117°16′48″E", 117.28, 31.86, true, false},
        {"117°16'48\" 31°51'36\"", 117.28, 31.86, false, false},
        {"117°16.8' 31°51.6'", 117.28, 31.86, false, false},
        {"117.28° 31.86°", 117.28, 31.86, false, false},
        {"31 51 36 N, 117 16 48 E", 117.28, 31.86, true, false},
        {"31 51 36 N 117 16 48 E", 117.28, 31.86, true, false},
        {"117 16 48 31 51 36", 117.28, 31.86, false, false},
        {"117 16.8, 31 51.6", 117.28, 31.86, false, false},
        {"东经117.28 北纬31.86", 117.28, 31.86, true, false},
        {"北纬31度51分36秒，东经117度16分48秒", 117.28, 31.86, true, false},
        {"东经１１７度１６分４８秒、北纬３１．８６", 117.28, 31.86, true, false},
        {"纬度:31.86,经度:117.28", 117.28, 31.86, true, false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        GeoCoordText read;
        g_test_message("%s", cases[i].text);
        g_assert_true(geo_coordtext_read(cases[i].text, &read));
        g_assert_cmpfloat_with_epsilon(read.first, cases[i].first, 1e-9);
        g_assert_cmpfloat_with_epsilon(read.second, cases[i].second, 1e-9);
        g_assert_cmpint(read.axes, ==, cases[i].axes);
        g_assert_cmpint(read.plain, ==, cases[i].plain);
    }
}

static void other_texts_are_none(void)
{
    static const char *const texts[] = {
        "",
        "117.28",
        "014-01",
        "3号楼",
        "117.28, 31.86, 5",
        "E117 E31",
        "N31.86 N31.87",
        "31°61' 117°16'",
        "31°51'60\" 117°",
        "-31.86S 117.28E",
        "31' 117'",
        "117.28 16 31.8",
        "1 2 3 4 5 6 7 8",
        "Clark St 12",
        "12 Clark",
        "news",
        "E N",
        "117.28E 31.86E",
        "31°51\"",
        "1 2 3",

        "北京路 12 14",

        "0x10 3",
        "东 117 西 31",
    };
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        GeoCoordText read = {.first = 77};
        g_test_message("%s", texts[i]);
        g_assert_false(geo_coordtext_read(texts[i], &read));
        g_assert_cmpfloat(read.first, ==, 77);
    }
    g_assert_false(geo_coordtext_read(NULL, NULL));
}

static char *dup_dms(double degrees, const char *const marks[3])
{
    double size = fabs(degrees);
    int whole = (int)size, minutes = (int)((size - whole) * 60);
    return g_strdup_printf("%d%s%02d%s%09.6f%s", whole, marks[0], minutes, marks[1],
                           MAX(0, (size - whole - minutes / 60.0) * 3600), marks[2]);
}

static void what_is_written_is_read(void)
{
    static const char *const marks[][3] = {
        {"°", "'", "\""}, {"°", "′", "″"}, {" ", " ", " "}, {"度", "分", "秒"}};
    for (int round = 0; round < 2000; round++) {
        double lon = g_test_rand_double_range(-180, 180), lat = g_test_rand_double_range(-90, 90);
        const char *const *mark = marks[g_test_rand_int_range(0, G_N_ELEMENTS(marks))];
        const char *side[] = {lon < 0 ? "W" : "E", lat < 0 ? "S" : "N"};
        g_autofree char *x = dup_dms(lon, mark), *y = dup_dms(lat, mark);
        bool before = g_test_rand_bit(), turned = g_test_rand_bit();
        g_autofree char *a = g_strconcat(before ? side[0] : x, before ? x : side[0], NULL);
        g_autofree char *b = g_strconcat(before ? side[1] : y, before ? y : side[1], NULL);
        g_autofree char *text =
            g_strconcat(turned ? b : a, g_test_rand_bit() ? ", " : " ", turned ? a : b, NULL);
        GeoCoordText read;
        if (strstr(text, "60.000000")) /* rounded up: no seconds */
            continue;
        g_test_message("%s", text);
        g_assert_true(geo_coordtext_read(text, &read));
        g_assert_cmpfloat_with_epsilon(read.first, lon, 1e-6 * SECOND);
        g_assert_cmpfloat_with_epsilon(read.second, lat, 1e-6 * SECOND);
        g_assert_true(read.axes);
    }
}

/* Any mixture of the tokens: read or not, no crash, figures of some sense. */
static void any_mixture_is_borne(void)
{
    static const char *const parts[] = {"117", "31.86", "-",    "°",   "'",  "\"",
                                        "E",   "n",     " ",    ",",   "度", "分",
                                        "秒",  "东经",  "纬度", "lat", ".",  "60"};
    for (int round = 0; round < 20000; round++) {
        g_autoptr(GString) text = g_string_new(NULL);
        for (int n = g_test_rand_int_range(0, 30); n > 0; n--)
            g_string_append(text, parts[g_test_rand_int_range(0, G_N_ELEMENTS(parts))]);
        GeoCoordText read;
        if (geo_coordtext_read(text->str, &read))
            g_assert_true(isfinite(read.first) && isfinite(read.second));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/coordtext/each-form-is-read", each_form_is_read);
    g_test_add_func("/coordtext/other-texts-are-none", other_texts_are_none);
    g_test_add_func("/coordtext/what-is-written-is-read", what_is_written_is_read);
    g_test_add_func("/coordtext/any-mixture-is-borne", any_mixture_is_borne);
    return g_test_run();
}
