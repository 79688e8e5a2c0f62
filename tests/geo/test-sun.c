/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/sun.h"

#include <math.h>

#define HOUR_MS INT64_C(3600000)
#define DAY_MS (24 * HOUR_MS)
static const GeoLonLat chicago = {-87.6862, 41.8373}, hefei = {117.283042, 31.861191};

static int64_t moment(int year, int month, int day, int hour, int minute, int second)
{
    g_autoptr(GDateTime) time = g_date_time_new_utc(year, month, day, hour, minute, second);
    return g_date_time_to_unix(time) * 1000;
}

typedef struct {
    int year, month, day, offset_h; /* of its clock from UTC */
    int rise[3], set[3];
    int slack_s;
} Published;

/* Chicago at 41.8373 N 87.6862 W, to the second: mybreeze.pro/sunrise-sunset/1840000494; to the
 * minute: thedailyparker.com, "Chicago sunrise chart". */
static const Published published[] = {
    {2025, 9, 3, -5, {6, 19, 8}, {19, 20, 44}, 60},
    {2025, 9, 13, -5, {6, 29, 23}, {19, 3, 34}, 60},
    {2025, 9, 22, -5, {6, 38, 41}, {18, 47, 52}, 60},
    {2008, 12, 21, -6, {7, 16, 0}, {16, 23, 0}, 90},
    {2009, 3, 20, -5, {6, 54, 0}, {19, 4, 0}, 90},
    {2009, 6, 21, -5, {5, 16, 0}, {20, 30, 0}, 90},
    {2021, 11, 6, -5, {7, 30, 11}, {17, 39, 0}, 90},
};

static void test_published(void)
{
    for (size_t i = 0; i < G_N_ELEMENTS(published); i++) {
        const Published *one = &published[i];
        int64_t midnight =
            moment(one->year, one->month, one->day, 0, 0, 0) - one->offset_h * HOUR_MS;
        g_autoptr(GArray) changes = geo_sun_changes(chicago, midnight, midnight + DAY_MS);
        g_assert_cmpuint(changes->len, ==, 2);
        const int *clock[2] = {one->rise, one->set};
        for (guint k = 0; k < 2; k++) {
            const GeoSunChange *change = &g_array_index(changes, GeoSunChange, k);
            int64_t wanted =
                midnight + ((clock[k][0] * 60 + clock[k][1]) * 60 + clock[k][2]) * INT64_C(1000);
            g_assert_true(change->rises == (k == 0));
            g_assert_cmpint(ABS(change->at_ms - wanted), <=, one->slack_s * 1000);
        }
    }
}

/* The plain twin: the Nautical Almanac Office's Almanac for Computers (1990), good to a minute or
 * two. UT hours of the edge on that day of the year. */
static double almanac_h(GeoLonLat at, int day_of_year, bool rises)
{
    const double rad = G_PI / 180;
    double t = day_of_year + ((rises ? 6 : 18) - at.lon / 15) / 24;
    double anomaly = 0.9856 * t - 3.289;
    double longitude =
        anomaly + 1.916 * sin(anomaly * rad) + 0.020 * sin(2 * anomaly * rad) + 282.634;
    longitude = fmod(longitude + 720, 360);
    double ascension =
        fmod(atan2(0.91764 * sin(longitude * rad), cos(longitude * rad)) / rad + 360, 360) / 15;
    double sine = 0.39782 * sin(longitude * rad), cosine = cos(asin(sine));
    double hour = (cos(90.833 * rad) - sine * sin(at.lat * rad)) / (cosine * cos(at.lat * rad));
    double angle = acos(hour) / rad;
    double local = (rises ? 360 - angle : angle) / 15 + ascension - 0.06571 * t - 6.622;
    return fmod(local - at.lon / 15 + 72, 24);
}

static void test_almanac(void)
{
    const GeoLonLat places[] = {hefei, chicago, {9.52, 47.14}, {151.2, -33.87}};
    for (size_t p = 0; p < G_N_ELEMENTS(places); p++)
        for (int day = 1; day <= 365; day += 13) {
            int64_t year = moment(2026, 1, 1, 0, 0, 0);
            int64_t noon = year + (int64_t)((day - 0.5 - places[p].lon / 360) * (double)DAY_MS);
            g_autoptr(GArray) changes =
                geo_sun_changes(places[p], noon - DAY_MS / 2, noon + DAY_MS / 2);
            g_assert_cmpuint(changes->len, ==, 2);
            for (guint k = 0; k < 2; k++) {
                const GeoSunChange *change = &g_array_index(changes, GeoSunChange, k);
                double wanted = almanac_h(places[p], day, k == 0);
                double found = (double)((change->at_ms - year) % DAY_MS) / (double)HOUR_MS;
                double off = fmod(found - wanted + 36, 24) - 12;
                g_assert_cmpfloat(fabs(off) * 60, <, 2.5);
                /* The height says the same: down before sunrise, up after. */
                g_assert_true(geo_sun_is_up(places[p], change->at_ms + 60000) == change->rises);
                g_assert_true(geo_sun_is_up(places[p], change->at_ms - 60000) != change->rises);
            }
        }
}

static void test_poles(void)
{
    GeoLonLat north = {20, 78};
    int64_t june = moment(2026, 6, 21, 0, 0, 0), december = moment(2026, 12, 21, 0, 0, 0);
    g_autoptr(GArray) summer = geo_sun_changes(north, june, june + 3 * DAY_MS);
    g_autoptr(GArray) winter = geo_sun_changes(north, december, december + 3 * DAY_MS);
    g_assert_cmpuint(summer->len + winter->len, ==, 0);
    g_assert_true(geo_sun_is_up(north, june) && !geo_sun_is_up(north, december));
}

/* Windows that follow each other find each edge once, in order. */
static void test_windows(void)
{
    int64_t from = moment(2026, 3, 1, 0, 0, 0), at = from;
    g_autoptr(GArray) whole = geo_sun_changes(hefei, from, from + 60 * DAY_MS);
    guint found = 0;
    while (at < from + 60 * DAY_MS) {
        int64_t to = MIN(at + g_test_rand_int_range(1, 100000000), from + 60 * DAY_MS);
        g_autoptr(GArray) part = geo_sun_changes(hefei, at, to);
        for (guint k = 0; k < part->len; k++) {
            const GeoSunChange *change = &g_array_index(part, GeoSunChange, k);
            const GeoSunChange *wanted = &g_array_index(whole, GeoSunChange, found++);
            g_assert_cmpint(change->at_ms, ==, wanted->at_ms);
            g_assert_true(change->rises == wanted->rises);
        }
        at = to;
    }
    g_assert_cmpuint(found, ==, 120);
    g_assert_cmpuint(whole->len, ==, 120);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sun/agrees-with-published-times", test_published);
    g_test_add_func("/sun/agrees-with-an-almanac", test_almanac);
    g_test_add_func("/sun/neither-rises-nor-sets-near-a-pole", test_poles);
    g_test_add_func("/sun/windows-find-each-edge-once", test_windows);
    return g_test_run();
}
