/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <math.h>

#include "geo/calc/dice.h"
#include "geo/calc/intake.h"

#define NOW_MS (INT64_C(1772323200) * 1000)
#define HOUR_MS (INT64_C(3600) * 1000)

/* Unit 0 is on, 1 is off, 2 is on a break, 3 is of an area without roster. */
static GeoDutyClock *four(void)
{
    static const uint32_t area_of[] = {0, 0, 0, 1};
    const GeoDutySpan spans[] = {
        {0, GEO_DUTY_SHIFT, NOW_MS - 4 * HOUR_MS, NOW_MS + 4 * HOUR_MS, 0},
        {1, GEO_DUTY_SHIFT, NOW_MS - 4 * HOUR_MS, NOW_MS - 2 * HOUR_MS, 0},
        {2, GEO_DUTY_SHIFT, NOW_MS - 4 * HOUR_MS, NOW_MS + 4 * HOUR_MS, 0},
        {2, GEO_DUTY_BREAK, NOW_MS - HOUR_MS, NOW_MS + HOUR_MS, 0},
    };
    return geo_dutyclock_new(area_of, 4, 2, spans, G_N_ELEMENTS(spans), NULL, 0);
}

static GeoHeard heard_at(int64_t s, double east_m)
{
    GeoHeard heard;
    geo_heard_init(&heard);
    geo_heard_set_place(&heard, 117.28 + east_m / 94500, 31.86);
    geo_heard_set_motion(&heard, 1, 90, 8);
    geo_heard_set_time(&heard, NOW_MS + s * 1000);
    heard.flags |= GEO_HEARD_VALID;
    heard.heard_ms = NOW_MS + s * 1000 + 800;
    return heard;
}

static const GeoIntakeOptions city = {.bounds = {117, 31.5, 117.6, 32.2}};

static void every_reason_is_told(void)
{
    g_autoptr(GeoDutyClock) duty = four();
    g_autoptr(GeoIntake) intake = geo_intake_new(&city, duty, 4, 2);
    struct {
        int64_t unit;
        GeoHeard heard;
        GeoIntakeVerdict verdict;
    } told[] = {
        {-1, heard_at(0, 0), GEO_INTAKE_UNKNOWN},  {1, heard_at(0, 0), GEO_INTAKE_OFF_DUTY},
        {2, heard_at(0, 0), GEO_INTAKE_PRESENCE},  {3, heard_at(0, 0), GEO_INTAKE_NO_ROSTER},
        {0, heard_at(0, 0), GEO_INTAKE_LIVE},      {0, heard_at(0, 0), GEO_INTAKE_REPLAY},
        {0, heard_at(0, 3), GEO_INTAKE_NOT_NEWER}, {0, heard_at(-60, 0), GEO_INTAKE_LATE},
        {0, heard_at(-60, 0), GEO_INTAKE_REPLAY},  {0, heard_at(10, 5000), GEO_INTAKE_TOO_FAST},
        {0, heard_at(10, 9), GEO_INTAKE_LIVE},     {0, heard_at(20, 0), GEO_INTAKE_FUTURE},
        {0, heard_at(20, 0), GEO_INTAKE_TOO_OLD},  {0, heard_at(20, 0), GEO_INTAKE_INVALID},
        {0, heard_at(20, 0), GEO_INTAKE_OUTSIDE},  {0, heard_at(20, 0), GEO_INTAKE_VAGUE},
        {0, heard_at(20, 0), GEO_INTAKE_TOO_FAST}, {0, heard_at(10, 9), GEO_INTAKE_TOO_OFTEN},
        {0, heard_at(30, 0), GEO_INTAKE_LATE},     {0, heard_at(20, 18), GEO_INTAKE_LIVE},
        {0, heard_at(21, 0), GEO_INTAKE_INVALID},  {0, heard_at(21, 0), GEO_INTAKE_INVALID},
    };
    told[11].heard.heard_ms -= 61 * 1000 + 800;
    told[12].heard.heard_ms += 49 * HOUR_MS;
    told[13].heard.flags &= ~(uint32_t)GEO_HEARD_VALID;
    told[14].heard.fix.lon = 118;
    told[15].heard.fix.accuracy_m = 1500;
    told[16].heard.fix.speed_mps = 71;
    told[17].heard.fix.at_ms += 150;
    told[18].heard.flags |= GEO_HEARD_LATE;
    told[20].heard.flags |= GEO_HEARD_UNTIMED;
    told[21].heard.fix.lon = told[21].heard.fix.lat = 0;
    uint64_t expected[GEO_N_INTAKES] = {0}, n[GEO_N_INTAKES];
    for (size_t i = 0; i < G_N_ELEMENTS(told); i++) {
        told[i].heard.source = i % 2;
        GeoIntakeVerdict verdict = geo_intake_take(intake, told[i].unit, &told[i].heard);
        g_assert_cmpstr(geo_intake_words[verdict], ==, geo_intake_words[told[i].verdict]);
        expected[told[i].verdict]++;
    }
    geo_intake_counts(intake, n);
    for (int i = 0; i < GEO_N_INTAKES; i++) {
        g_assert_cmpuint(n[i], ==, expected[i]);
        g_assert_true(i == GEO_INTAKE_SOS || n[i] > 0);
    }
    g_assert_cmpint(geo_intake_heard_ms(intake, 2), ==, NOW_MS + 800);
    g_assert_cmpint(geo_intake_marker(intake, 2).at_ms, ==, 0);
    g_assert_cmpint(geo_intake_heard_ms(intake, 1), ==, 0);
}

static void a_wrong_place_locks_nobody_out(void)
{
    g_autoptr(GeoDutyClock) duty = four();
    g_autoptr(GeoIntake) intake = geo_intake_new(&city, duty, 4, 1);
    GeoHeard wrong = heard_at(0, 25000);
    g_assert_cmpint(geo_intake_take(intake, 0, &wrong), ==, GEO_INTAKE_LIVE);
    for (int i = 1; i <= 4; i++) {
        GeoHeard right = heard_at(i * 10, i * 9);
        g_assert_cmpint(geo_intake_take(intake, 0, &right), ==,
                        i < 3 ? GEO_INTAKE_TOO_FAST : GEO_INTAKE_LIVE);
    }
}

/* Whatever the dice put into it. */
static GeoHeard any_heard(GeoDice *dice, int64_t now_ms)
{
    static const double places[] = {117.3, 117.3, 117.3, 117.31, 140, 0, 500, NAN};
    GeoHeard heard;
    geo_heard_init(&heard);
    double lon = places[geo_dice_below(dice, 8)];
    heard.fix.lon = lon;
    heard.fix.lat = lon == 0 || isnan(lon) ? lon : 31.8 + geo_dice_share(dice) / 100;
    heard.fix.speed_mps = (float)geo_dice_between(dice, -1, 90);
    heard.fix.accuracy_m = (float)geo_dice_between(dice, -5, 1200);
    heard.fix.at_ms = now_ms - 20000 + (int64_t)geo_dice_below(dice, 90) * 1000;
    if (geo_dice_below(dice, 20) == 0)
        heard.fix.at_ms = (int64_t)geo_dice_next(dice) / 2;
    heard.flags = geo_dice_below(dice, 8);
    if (geo_dice_below(dice, 3))
        heard.flags |= GEO_HEARD_VALID;
    if (geo_dice_below(dice, 10) == 0)
        heard.flags |= GEO_HEARD_UNTIMED;
    heard.heard_ms = now_ms;
    return heard;
}

static void sos_passes_and_markers_never_go_back(void)
{
    GeoDice dice = geo_dice_new((uint64_t)g_test_rand_int(), 1);
    g_autoptr(GeoDutyClock) duty = four();
    g_autoptr(GeoIntake) intake = geo_intake_new(&city, duty, 4, 1);
    int64_t marker_ms[4] = {0}, n_sos = 0, n_live = 0, n_kept = 0;
    for (int i = 0; i < 200000; i++) {
        int64_t now_ms = NOW_MS + i * 40;
        GeoHeard heard = any_heard(&dice, now_ms);
        int64_t unit = (int64_t)geo_dice_below(&dice, 5) - 1;
        const bool sos = heard.flags & GEO_HEARD_SOS;
        GeoIntakeVerdict verdict = geo_intake_take(intake, unit, &heard);
        g_assert_cmpint(verdict == GEO_INTAKE_SOS, ==, sos);
        bool kept = geo_intake_keeps(verdict, unit, &heard);
        n_sos += sos;
        n_kept += kept;
        n_live += verdict == GEO_INTAKE_LIVE;
        if (kept) {
            g_assert_true(geo_coord_valid((GeoLonLat){heard.fix.lon, heard.fix.lat}));
            g_assert_cmpint(heard.fix.at_ms, <=, now_ms + 60000);
            g_assert_cmpint(heard.fix.at_ms, >=, now_ms - 48 * HOUR_MS);
            if (!sos)
                g_assert_cmpint(geo_dutyclock_at(duty, (uint32_t)unit, heard.fix.at_ms, NULL), ==,
                                GEO_DUTY_STATE_ON);
        }
        for (uint32_t u = 0; u < 4; u++) {
            int64_t ms = geo_intake_marker(intake, u).at_ms;
            g_assert_cmpint(ms, >=, marker_ms[u]);
            bool moves = ms != marker_ms[u];
            g_assert_true(!moves || (kept && unit == u && verdict != GEO_INTAKE_LATE));
            marker_ms[u] = ms;
        }
    }
    g_assert_cmpint(n_sos, >, 50000);
    g_assert_cmpint(n_live, >, 100);
    g_assert_cmpint(n_kept, >, n_live);
}

static void health_is_of_the_last_minutes(void)
{
    g_autoptr(GeoDutyClock) duty = four();
    g_autoptr(GeoIntake) intake = geo_intake_new(&city, duty, 4, 1);
    g_assert_true(isnan(geo_intake_health(intake, 0, NOW_MS).delay_p50_s));
    for (int s = 0; s < 1000; s++) {
        GeoHeard heard = heard_at(s, s);
        heard.heard_ms = NOW_MS + s * 1000;
        heard.fix.at_ms -= s % 10 == 0 ? 9000 : 2000;
        geo_intake_take(intake, 0, &heard);
    }
    GeoIntakeHealth health = geo_intake_health(intake, 0, NOW_MS + 1000 * 1000);
    g_assert_cmpfloat_with_epsilon(health.per_s, 1, 1e-9);
    g_assert_cmpfloat_with_epsilon(health.usual_per_s, 1, 0.05);
    g_assert_cmpfloat_with_epsilon(health.delay_p50_s, 2, 1e-6);
    g_assert_cmpfloat_with_epsilon(health.delay_p95_s, 9, 1e-6);
    g_assert_cmpfloat_with_epsilon(health.skew_s, -2, 1e-6);
    g_assert_cmpint(health.last_heard_ms, ==, NOW_MS + 999 * 1000);
    /* Ten minutes of silence: nothing now, and much less than usual. */
    health = geo_intake_health(intake, 0, NOW_MS + 1600 * 1000);
    g_assert_cmpfloat(health.per_s, ==, 0);
    g_assert_cmpfloat(health.usual_per_s, <, 0.5);
}

static void a_city_is_judged_fast(void)
{
    enum { UNITS = 18397, ROUNDS = 110 };
    g_autofree uint32_t *area_of = g_new(uint32_t, UNITS);
    g_autofree GeoDutySpan *spans = g_new(GeoDutySpan, UNITS * 3);
    for (uint32_t i = 0; i < UNITS; i++) {
        area_of[i] = i % 352;
        for (uint32_t k = 0; k < 3; k++)
            spans[i * 3 + k] =
                (GeoDutySpan){i, GEO_DUTY_SHIFT, NOW_MS + ((int64_t)k - 1) * 24 * HOUR_MS - HOUR_MS,
                              NOW_MS + ((int64_t)k - 1) * 24 * HOUR_MS + 7 * HOUR_MS, 0};
    }
    g_autoptr(GeoDutyClock) duty =
        geo_dutyclock_new(area_of, UNITS, 352, spans, (size_t)UNITS * 3, NULL, 0);
    g_autoptr(GeoIntake) intake = geo_intake_new(&city, duty, UNITS, 1);
    size_t live = 0;
    int64_t from_us = g_get_monotonic_time();
    for (int round = 0; round < ROUNDS; round++)
        for (uint32_t i = 0; i < UNITS; i++) {
            GeoHeard heard = heard_at(round * 10, round * 10 + i % 100);
            live += geo_intake_take(intake, i, &heard) == GEO_INTAKE_LIVE;
        }
    double s = (double)(g_get_monotonic_time() - from_us) / 1e6;
    g_assert_cmpuint(live, ==, (size_t)UNITS * ROUNDS);
    g_test_message("%.2f million positions a second, made and judged",
                   (double)UNITS * ROUNDS / s / 1e6);
    /* A tick of the whole city takes well under a second even where all is slow. */
    g_assert_cmpfloat(s / ROUNDS, <, 0.2);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/intake/every-reason-is-told", every_reason_is_told);
    g_test_add_func("/intake/a-wrong-place-locks-nobody-out", a_wrong_place_locks_nobody_out);
    g_test_add_func("/intake/sos-passes-and-markers-never-go-back",
                    sos_passes_and_markers_never_go_back);
    g_test_add_func("/intake/health-is-of-the-last-minutes", health_is_of_the_last_minutes);
    g_test_add_func("/intake/a-city-is-judged-fast", a_city_is_judged_fast);
    return g_test_run();
}
