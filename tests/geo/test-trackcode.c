/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/trackcode.h"

#include <glib.h>
#include <math.h>
#include <string.h>

#include "geo/model/coord.h"

#define NOON_MS INT64_C(1795435200000)
#define MOST GEO_TRACKCODE_MOST

typedef enum { WALK, RIDE, STAND, LEAP, N_MANNERS } Manner;

/* A step of a unit that moves in that manner, in cells. */
static int32_t draw_step(Manner manner, double *speed)
{
    switch (manner) {
    case WALK:
        *speed = 0.9 * *speed + g_test_rand_double_range(-4, 4);
        return (int32_t)(*speed + g_test_rand_double_range(-6, 6));
    case RIDE:
        *speed = 0.97 * *speed + g_test_rand_double_range(-12, 12);
        return (int32_t)(*speed + g_test_rand_double_range(-6, 6));
    case STAND:
        return g_test_rand_int_range(-1, 2);
    default:
        return g_test_rand_int_range(-50000000, 50000000);
    }
}

static int32_t bound(int64_t cell, double degrees)
{
    int64_t most = (int64_t)(degrees * GEO_TRACKCODE_CELLS_PER_DEGREE);
    return (int32_t)CLAMP(cell, -most, most);
}

/* share of the times is irregular; unit_ms: what times are whole in. */
static void draw_track(Manner manner, double share, int64_t unit_ms, GeoTrackPoint *points,
                       size_t n)
{
    double speed_x = 0, speed_y = 0;
    int64_t step_ms = g_test_rand_int_range(1, 60) * 1000;
    points[0] = (GeoTrackPoint){NOON_MS + g_test_rand_int_range(0, 100000) * unit_ms,
                                g_test_rand_int_range(-40500000, 40500001),
                                g_test_rand_int_range(-20250000, 20250001)};
    for (size_t i = 1; i < n; i++) {
        const GeoTrackPoint *old = &points[i - 1];
        int64_t dt = g_test_rand_double() < share
                         ? g_test_rand_int_range(1, (int32_t)(300000 / unit_ms)) * unit_ms
                         : step_ms;
        points[i] = (GeoTrackPoint){old->at_ms + dt,
                                    bound(old->x + (int64_t)draw_step(manner, &speed_x), 180),
                                    bound(old->y + (int64_t)draw_step(manner, &speed_y), 90)};
    }
}

static GeoTrackPoint draw_base(const GeoTrackPoint *first)
{
    return (GeoTrackPoint){(first->at_ms / 1000 - g_test_rand_int_range(0, 100000)) * 1000,
                           g_test_rand_int_range(-40500000, 40500000),
                           bound(first->y + (int64_t)g_test_rand_int_range(-3000, 3000), 90)};
}

static void assert_same(const GeoTrackPoint *a, const GeoTrackPoint *b, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpint(a[i].at_ms, ==, b[i].at_ms);
        g_assert_cmpint(a[i].x, ==, b[i].x);
        g_assert_cmpint(a[i].y, ==, b[i].y);
    }
}

/* The head's facts, counted again the plain way. */
static void assert_head(const GeoTrackHead *head, const GeoTrackPoint *points, size_t n)
{
    GeoTrackBox box = {INT32_MAX, INT32_MAX, INT32_MIN, INT32_MIN};
    for (size_t i = 0; i < n; i++)
        box = (GeoTrackBox){MIN(box.min_x, points[i].x), MIN(box.min_y, points[i].y),
                            MAX(box.max_x, points[i].x), MAX(box.max_y, points[i].y)};
    g_assert_cmpuint(head->n, ==, n);
    g_assert_cmpint(head->t0_ms, ==, points[0].at_ms);
    g_assert_cmpint(head->t1_ms, ==, points[n - 1].at_ms);
    g_assert_cmpmem(&head->box, sizeof box, &box, sizeof box);
}

static void what_is_coded_comes_back(void)
{
    g_autofree GeoTrackPoint *points = g_new(GeoTrackPoint, MOST);
    g_autofree GeoTrackPoint *again = g_new(GeoTrackPoint, MOST);
    g_autofree uint8_t *bytes = g_malloc(geo_trackcode_bound(MOST));
    static const double shares[] = {0, 0.05, 1};
    for (int round = 0; round < 3000; round++) {
        size_t n = (size_t)(round % 100 == 0 ? MOST : g_test_rand_int_range(1, 200));
        draw_track((Manner)(round % N_MANNERS), shares[round % 3], g_test_rand_bit() ? 1000 : 1,
                   points, n);
        GeoTrackPoint base = draw_base(points);
        size_t used = geo_trackcode_encode(points, n, base, 7.2f, bytes);
        g_assert_cmpuint(used, <=, geo_trackcode_bound(n));
        GeoTrackHead head;
        g_assert_true(geo_trackcode_head(bytes, used, base, &head));
        g_assert_cmpuint(head.bytes, ==, used);
        g_assert_cmpfloat(head.accuracy_m, ==, 8);
        assert_head(&head, points, n);
        g_assert_true(geo_trackcode_decode(bytes, &head, again));
        assert_same(points, again, n);
    }
}

static void a_cell_is_a_place_to_half_a_metre(void)
{
    for (int i = 0; i < 20000; i++) {
        GeoLonLat p = {g_test_rand_double_range(-180, 180), g_test_rand_double_range(-90, 90)};
        int32_t x = geo_trackcode_cell(p.lon), y = geo_trackcode_cell(p.lat);
        GeoLonLat q = {geo_trackcode_degrees(x), geo_trackcode_degrees(y)};
        g_assert_cmpfloat(geo_coord_distance_m(p, q), <, 0.352);
        g_assert_cmpint(geo_trackcode_cell(q.lon), ==, x);
        g_assert_cmpint(geo_trackcode_cell(q.lat), ==, y);
    }
}

static void accuracy_is_the_worst_to_a_metre(void)
{
    static const struct {
        float said, kept;
    } cases[] = {{0.2f, 1}, {1, 1}, {1.01f, 2}, {254.5f, 255}, {4000, 255}, {NAN, 0}, {-1, 0}};
    GeoTrackPoint point = {NOON_MS, 1, 2}, base = {0};
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        uint8_t bytes[200];
        GeoTrackHead head;
        size_t used = geo_trackcode_encode(&point, 1, base, cases[i].said, bytes);
        g_assert_true(geo_trackcode_head(bytes, used, base, &head));
        if (cases[i].kept > 0)
            g_assert_cmpfloat(head.accuracy_m, ==, cases[i].kept);
        else
            g_assert_true(isnan(head.accuracy_m));
    }
}

/* A piece cut short at any place, in memory that ends there. */
static void a_cut_piece_is_refused(void)
{
    GeoTrackPoint points[60], again[60];
    uint8_t bytes[2000];
    for (int round = 0; round < 40; round++) {
        draw_track((Manner)(round % N_MANNERS), round % 3 / 2.0, 1000, points, 60);
        size_t used = geo_trackcode_encode(points, 60, (GeoTrackPoint){0}, NAN, bytes);
        for (size_t n = 0; n < used; n++) {
            g_autofree uint8_t *cut = g_memdup2(bytes, n);
            GeoTrackHead head;
            g_assert_false(geo_trackcode_head(cut, n, (GeoTrackPoint){0}, &head));
        }
        /* The body alone cut: the head says so many bytes less. */
        GeoTrackHead head;
        g_assert_true(geo_trackcode_head(bytes, used, (GeoTrackPoint){0}, &head));
        g_autofree uint8_t *cut = g_memdup2(bytes, used - 1);
        head.bytes = used - 1;
        g_assert_false(geo_trackcode_decode(cut, &head, again));
    }
}

/* What a changed piece decodes to, if it does, keeps the rules of one. */
static void a_changed_piece_is_refused_or_still_a_track(void)
{
    GeoTrackPoint points[60];
    g_autofree GeoTrackPoint *again = g_new(GeoTrackPoint, MOST);
    uint8_t bytes[2000];
    size_t refused = 0;
    for (int round = 0; round < 20000; round++) {
        draw_track((Manner)(round % N_MANNERS), round % 3 / 2.0, 1000, points, 60);
        size_t used = geo_trackcode_encode(points, 60, (GeoTrackPoint){0}, 5, bytes);
        g_autofree uint8_t *changed = g_memdup2(bytes, used);
        for (int i = g_test_rand_int_range(1, 4); i > 0; i--)
            changed[g_test_rand_int_range(0, (int32_t)used)] ^=
                (uint8_t)(1 << g_test_rand_int_range(0, 8));
        GeoTrackHead head;
        if (!geo_trackcode_head(changed, used, (GeoTrackPoint){0}, &head) ||
            !geo_trackcode_decode(changed, &head, again)) {
            refused++;
            continue;
        }
        assert_head(&head, again, head.n);
        for (size_t i = 1; i < head.n; i++)
            g_assert_cmpint(again[i].at_ms, >, again[i - 1].at_ms);
    }
    g_assert_cmpuint(refused, >, 10000);
}

static void garbage_is_refused_without_overrun(void)
{
    g_autofree GeoTrackPoint *points = g_new(GeoTrackPoint, MOST);
    for (int round = 0; round < 100000; round++) {
        size_t n = (size_t)g_test_rand_int_range(0, 80);
        g_autofree uint8_t *bytes = g_malloc(n + 1);
        for (size_t i = 0; i < n; i++)
            bytes[i] = (uint8_t)g_test_rand_int_range(0, 256);
        if (n > 0 && round % 2)
            bytes[0] = (uint8_t)(0x10 | (bytes[0] & 7)); /* past the version */
        g_autofree uint8_t *exact = g_memdup2(bytes, n);
        GeoTrackHead head;
        if (geo_trackcode_head(exact, n, (GeoTrackPoint){0}, &head))
            geo_trackcode_decode(exact, &head, points);
    }
}

static void a_walk_of_ten_seconds_takes_two_bytes_a_fix(void)
{
    GeoTrackPoint points[90];
    uint8_t bytes[4000];
    size_t used = 0;
    for (int round = 0; round < 200; round++) {
        draw_track(WALK, 0, 1000, points, 90);
        used += geo_trackcode_encode(
            points, 90, points[0].at_ms % 1000 ? (GeoTrackPoint){0} : points[0], 8, bytes);
    }
    double each = (double)used / (200 * 90);
    g_test_message("%.3f bytes a fix", each);
    g_assert_cmpfloat(each, <, 2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/trackcode/what-is-coded-comes-back", what_is_coded_comes_back);
    g_test_add_func("/trackcode/a-cell-is-a-place-to-half-a-metre",
                    a_cell_is_a_place_to_half_a_metre);
    g_test_add_func("/trackcode/accuracy-is-the-worst-to-a-metre",
                    accuracy_is_the_worst_to_a_metre);
    g_test_add_func("/trackcode/a-cut-piece-is-refused", a_cut_piece_is_refused);
    g_test_add_func("/trackcode/a-changed-piece-is-refused-or-still-a-track",
                    a_changed_piece_is_refused_or_still_a_track);
    g_test_add_func("/trackcode/garbage-is-refused-without-overrun",
                    garbage_is_refused_without_overrun);
    g_test_add_func("/trackcode/a-walk-of-ten-seconds-takes-two-bytes-a-fix",
                    a_walk_of_ten_seconds_takes_two_bytes_a_fix);
    return g_test_run();
}
