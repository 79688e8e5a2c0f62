/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>

#include <math.h>

#include "geo/model/age.h"
#include "geo/model/dutyclock.h"
#include "geo/model/kind.h"

#define HOUR_MS (INT64_C(3600) * 1000)
/* 2026-03-01 00:00 UTC */
#define MIDNIGHT_MS (INT64_C(1772323200) * 1000)

static GeoDutySpan span(uint32_t unit, GeoDutyWhat what, int64_t from_h, int64_t to_h)
{
    return (GeoDutySpan){unit, what, MIDNIGHT_MS + from_h * HOUR_MS, MIDNIGHT_MS + to_h * HOUR_MS,
                         0};
}

static GeoDutyClock *clock_of(const GeoDutySpan *spans, size_t n)
{
    static const uint32_t area_of[3] = {0, 0, 1};
    return geo_dutyclock_new(area_of, 3, 2, spans, n, NULL, 0);
}

static GeoDutyState at(const GeoDutyClock *clock, uint32_t unit, double hour)
{
    return geo_dutyclock_at(clock, unit, MIDNIGHT_MS + (int64_t)(hour * (double)HOUR_MS), NULL);
}

static void shift_over_midnight(void)
{
    GeoDutySpan spans[] = {span(0, GEO_DUTY_SHIFT, -2, 6)};
    g_autoptr(GeoDutyClock) clock = clock_of(spans, 1);
    for (int64_t ms = -2; ms <= 2; ms++)
        g_assert_cmpint(geo_dutyclock_at(clock, 0, MIDNIGHT_MS + ms, NULL), ==, GEO_DUTY_STATE_ON);
    g_assert_cmpint(geo_dutyclock_at(clock, 0, MIDNIGHT_MS - 2 * HOUR_MS - 1, NULL), ==,
                    GEO_DUTY_STATE_OFF);
    g_assert_cmpint(at(clock, 0, -2), ==, GEO_DUTY_STATE_ON);
    g_assert_cmpint(at(clock, 0, 6), ==, GEO_DUTY_STATE_OFF);
    g_assert_cmpint(at(clock, 1, 0), ==, GEO_DUTY_STATE_OFF);
    g_assert_cmpint(geo_dutyclock_until(clock, 0, MIDNIGHT_MS), ==, MIDNIGHT_MS + 6 * HOUR_MS);
}

static void ends_at_the_later(void)
{
    GeoDutySpan spans[] = {span(0, GEO_DUTY_SHIFT, 0, 8),    span(0, GEO_DUTY_INCIDENT, 7, 10),
                           span(0, GEO_DUTY_WELFARE, 9, 11), span(0, GEO_DUTY_SOS, 11, 12),
                           span(1, GEO_DUTY_SHIFT, 0, 8),    span(1, GEO_DUTY_INCIDENT, 2, 3)};
    g_autoptr(GeoDutyClock) clock = clock_of(spans, G_N_ELEMENTS(spans));
    GeoDutyBy by;
    g_assert_cmpint(geo_dutyclock_until(clock, 0, MIDNIGHT_MS), ==, MIDNIGHT_MS + 12 * HOUR_MS);
    g_assert_cmpint(geo_dutyclock_until(clock, 1, MIDNIGHT_MS), ==, MIDNIGHT_MS + 8 * HOUR_MS);
    g_assert_cmpint(geo_dutyclock_at(clock, 0, MIDNIGHT_MS + 9 * HOUR_MS, &by), ==,
                    GEO_DUTY_STATE_ON);
    g_assert_cmpint(by, ==, GEO_DUTY_BY_INCIDENT);
    g_assert_false(geo_dutyclock_planned(clock, 0, MIDNIGHT_MS + 9 * HOUR_MS));
}

/* Sign-off ends a shift early, but not a job; a later sign-on stands above it. */
static void the_last_act_stands(void)
{
    GeoDutySpan spans[] = {span(0, GEO_DUTY_SHIFT, 0, 8), span(0, GEO_DUTY_OFF, 4, 8),
                           span(0, GEO_DUTY_INCIDENT, 3, 5), span(0, GEO_DUTY_ON, 6, 9),
                           span(0, GEO_DUTY_SHIFT, 24, 32)};
    spans[1].order = 1;
    spans[3].order = 2;
    g_autoptr(GeoDutyClock) clock = clock_of(spans, G_N_ELEMENTS(spans));
    const struct {
        double hour;
        GeoDutyState state;
    } said[] = {{3.9, GEO_DUTY_STATE_ON},  {4.5, GEO_DUTY_STATE_ON}, {5, GEO_DUTY_STATE_OFF},
                {5.9, GEO_DUTY_STATE_OFF}, {6, GEO_DUTY_STATE_ON},   {8.5, GEO_DUTY_STATE_ON},
                {9, GEO_DUTY_STATE_OFF},   {24, GEO_DUTY_STATE_ON}};
    for (size_t i = 0; i < G_N_ELEMENTS(said); i++)
        g_assert_cmpint(at(clock, 0, said[i].hour), ==, said[i].state);
}

static void break_keeps_presence(void)
{
    GeoDutySpan spans[] = {span(0, GEO_DUTY_SHIFT, 0, 8), span(0, GEO_DUTY_BREAK, 3, 9),
                           span(0, GEO_DUTY_INCIDENT, 4, 5)};
    g_autoptr(GeoDutyClock) clock = clock_of(spans, G_N_ELEMENTS(spans));
    g_assert_cmpint(at(clock, 0, 3.5), ==, GEO_DUTY_STATE_BREAK);
    g_assert_cmpint(at(clock, 0, 4.5), ==, GEO_DUTY_STATE_ON);
    g_assert_cmpint(at(clock, 0, 8.5), ==, GEO_DUTY_STATE_OFF);
}

static void area_without_roster_is_named_and_admitted(void)
{
    static const uint32_t area_of[3] = {0, 1, UINT32_MAX};
    GeoDutySpan spans[] = {span(0, GEO_DUTY_SHIFT, 0, 8)};
    GeoDutyAdmission admitted[] = {{1, MIDNIGHT_MS + HOUR_MS, MIDNIGHT_MS + 3 * HOUR_MS},
                                   {0, MIDNIGHT_MS + 9 * HOUR_MS, MIDNIGHT_MS + 10 * HOUR_MS}};
    g_autoptr(GeoDutyClock) clock = geo_dutyclock_new(area_of, 3, 2, spans, 1, admitted, 2);
    g_assert_cmpint(at(clock, 1, 0), ==, GEO_DUTY_STATE_NO_ROSTER);
    g_assert_cmpint(at(clock, 1, 1), ==, GEO_DUTY_STATE_ON);
    g_assert_cmpint(at(clock, 1, 3), ==, GEO_DUTY_STATE_NO_ROSTER);
    g_assert_cmpint(at(clock, 2, 2), ==, GEO_DUTY_STATE_NO_ROSTER);
    /* One that has a roster needs no admission, and none opens it. */
    g_assert_cmpint(at(clock, 0, 9.5), ==, GEO_DUTY_STATE_OFF);
    /* It ran out: nobody knows any more. */
    g_assert_cmpint(at(clock, 0, 8 + 72), ==, GEO_DUTY_STATE_NO_ROSTER);
}

static void city_without_roster_is_always_on(void)
{
    GeoDutySpan spans[] = {span(0, GEO_DUTY_OFF, 2, 3)};
    g_autoptr(GeoDutyClock) clock = clock_of(spans, 1);
    GeoDutyBy by;
    g_assert_true(geo_dutyclock_is_always(clock));
    g_assert_cmpint(geo_dutyclock_at(clock, 1, MIDNIGHT_MS, &by), ==, GEO_DUTY_STATE_ON);
    g_assert_cmpint(by, ==, GEO_DUTY_BY_DEFAULT);
    g_assert_cmpint(at(clock, 0, 2.5), ==, GEO_DUTY_STATE_OFF);
    g_assert_cmpint(geo_dutyclock_until(clock, 1, MIDNIGHT_MS), ==, GEO_DUTY_OPEN);
}

/* ---- the slow plain twin: looks at every span for every question ---- */

typedef struct {
    const uint32_t *area_of;
    const GeoDutySpan *spans;
    const GeoDutyAdmission *admissions;
    size_t n_spans, n_admissions;
} Plain;

static bool plain_has(const Plain *plain, uint32_t unit, GeoDutyWhat what, int64_t ms)
{
    for (size_t i = 0; i < plain->n_spans; i++) {
        const GeoDutySpan *one = &plain->spans[i];
        if (one->unit == unit && one->what == what && one->from_ms <= ms && ms < one->to_ms)
            return true;
    }
    return false;
}

static GeoDutyState plain_at(const Plain *plain, uint32_t unit, int64_t ms)
{
    bool any = false, near = false, admitted = false;
    const GeoDutySpan *act = NULL;
    for (size_t i = 0; i < plain->n_spans; i++) {
        const GeoDutySpan *one = &plain->spans[i];
        bool real = one->from_ms < one->to_ms;
        if (one->what == GEO_DUTY_SHIFT) {
            any = true;
            near |= real && plain->area_of[one->unit] == plain->area_of[unit] &&
                    one->from_ms - GEO_DUTY_ROSTER_NEAR_MS <= ms &&
                    ms < one->to_ms + GEO_DUTY_ROSTER_NEAR_MS;
        }
        if (one->unit == unit && one->what >= GEO_DUTY_ON && one->from_ms <= ms &&
            ms < one->to_ms && (!act || one->order > act->order))
            act = one;
    }
    for (size_t i = 0; i < plain->n_admissions; i++)
        admitted |= plain->admissions[i].area == plain->area_of[unit] &&
                    plain->admissions[i].from_ms <= ms && ms < plain->admissions[i].to_ms;
    if (plain_has(plain, unit, GEO_DUTY_INCIDENT, ms) ||
        plain_has(plain, unit, GEO_DUTY_WELFARE, ms) || plain_has(plain, unit, GEO_DUTY_SOS, ms))
        return GEO_DUTY_STATE_ON;
    bool on = act ? act->what == GEO_DUTY_ON
                  : !any || plain_has(plain, unit, GEO_DUTY_SHIFT, ms) || (!near && admitted);
    if (on)
        return plain_has(plain, unit, GEO_DUTY_BREAK, ms) ? GEO_DUTY_STATE_BREAK
                                                          : GEO_DUTY_STATE_ON;
    return near || act ? GEO_DUTY_STATE_OFF : GEO_DUTY_STATE_NO_ROSTER;
}

static void agrees_with_plain(void)
{
    enum { UNITS = 5, AREAS = 2, SPANS = 14, ADMISSIONS = 3 };
    size_t seen[GEO_N_DUTY_STATES] = {0};
    for (int round = 0; round < 300; round++) {
        uint32_t area_of[UNITS];
        GeoDutySpan spans[SPANS];
        GeoDutyAdmission admissions[ADMISSIONS];
        for (int i = 0; i < UNITS; i++)
            area_of[i] = (uint32_t)g_test_rand_int_range(0, AREAS + 1);
        for (int i = 0; i < SPANS; i++) {
            int from = g_test_rand_int_range(-200, 200);
            spans[i] = span((uint32_t)g_test_rand_int_range(0, UNITS),
                            (GeoDutyWhat)g_test_rand_int_range(0, GEO_N_DUTY_SPANS), from,
                            from + g_test_rand_int_range(-1, 60));
            spans[i].order = i;
        }
        for (int i = 0; i < ADMISSIONS; i++) {
            int64_t from_ms = MIDNIGHT_MS + g_test_rand_int_range(-200, 200) * HOUR_MS;
            admissions[i] =
                (GeoDutyAdmission){(uint32_t)g_test_rand_int_range(0, AREAS + 1), from_ms,
                                   from_ms + g_test_rand_int_range(0, 90) * HOUR_MS};
        }
        g_autoptr(GeoDutyClock) clock =
            geo_dutyclock_new(area_of, UNITS, AREAS, spans, SPANS, admissions, ADMISSIONS);
        Plain plain = {area_of, spans, admissions, SPANS, ADMISSIONS};
        for (int k = 0; k < 200; k++) {
            uint32_t unit = (uint32_t)g_test_rand_int_range(0, UNITS);
            int64_t ms = MIDNIGHT_MS + g_test_rand_int_range(-300, 300) * HOUR_MS +
                         g_test_rand_int_range(-1, 2);
            GeoDutyState state = geo_dutyclock_at(clock, unit, ms, NULL);
            g_assert_cmpint(state, ==, plain_at(&plain, unit, ms));
            seen[state]++;
            int64_t until = geo_dutyclock_until(clock, unit, ms);
            if (until == GEO_DUTY_OPEN)
                continue;
            g_assert_cmpint(plain_at(&plain, unit, until - 1), ==, state);
            g_assert_cmpint(plain_at(&plain, unit, until), !=, state);
        }
    }
    for (int state = 0; state < GEO_N_DUTY_STATES; state++)
        g_assert_cmpuint(seen[state], >, 100);
}

static void ages_rise(void)
{
    for (int kind = -1; kind <= GEO_N_UNIT_KINDS; kind++) {
        GeoAgeLimits limit = geo_age_limits(kind);
        const int64_t edges[] = {limit.live_ms, limit.late_ms, limit.stale_ms};
        for (int i = 0; i < 3; i++) {
            g_assert_cmpint(geo_age_of(kind, MIDNIGHT_MS, MIDNIGHT_MS + edges[i]), ==, i);
            g_assert_cmpint(geo_age_of(kind, MIDNIGHT_MS, MIDNIGHT_MS + edges[i] + 1), ==, i + 1);
        }
        g_assert_cmpint(geo_age_of(kind, 0, 1), ==, GEO_AGE_SILENT);
        g_assert_cmpint(geo_age_of(kind, MIDNIGHT_MS + 1, MIDNIGHT_MS), ==, GEO_AGE_LIVE);
    }
}

static void a_reach_grows_with_age_and_has_an_end(void)
{
    g_assert_cmpfloat(geo_age_reach_m(GEO_UNIT_FOOT, 8, 0), ==, 8);
    g_assert_cmpfloat_with_epsilon(geo_age_reach_m(GEO_UNIT_FOOT, NAN, 600), 1080, 1e-9);
    g_assert_cmpfloat_with_epsilon(geo_age_reach_m(GEO_UNIT_CAR, 10, 100), 1410, 1e-9);
    g_assert_cmpfloat(geo_age_reach_m(GEO_UNIT_CAR, NAN, 86400), ==, GEO_AGE_FARTHEST_M);
    g_assert_cmpfloat(geo_age_reach_m(GEO_UNIT_CAR, 10, NAN), ==, 0);
    g_assert_cmpfloat(geo_age_reach_m(GEO_UNIT_CAR, 10, -5), ==, 10);
    g_assert_cmpfloat(geo_age_reach_m(99, NAN, 10), ==, geo_age_reach_m(GEO_UNIT_FOOT, NAN, 10));
    for (int i = 0; i < 1000; i++) {
        int kind = g_test_rand_int_range(0, GEO_N_UNIT_KINDS);
        double age_s = g_test_rand_double_range(0, 5000), more = g_test_rand_double_range(0, 500);
        g_assert_cmpfloat(geo_age_reach_m(kind, 5, age_s), <=,
                          geo_age_reach_m(kind, 5, age_s + more));
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/dutyclock/shift-over-midnight", shift_over_midnight);
    g_test_add_func("/dutyclock/ends-at-the-later", ends_at_the_later);
    g_test_add_func("/dutyclock/the-last-act-stands", the_last_act_stands);
    g_test_add_func("/dutyclock/break-keeps-presence", break_keeps_presence);
    g_test_add_func("/dutyclock/area-without-roster-is-named-and-admitted",
                    area_without_roster_is_named_and_admitted);
    g_test_add_func("/dutyclock/city-without-roster-is-always-on",
                    city_without_roster_is_always_on);
    g_test_add_func("/dutyclock/agrees-with-plain", agrees_with_plain);
    g_test_add_func("/age/ages-rise", ages_rise);
    g_test_add_func("/age/a-reach-grows-with-age-and-has-an-end",
                    a_reach_grows_with_age_and_has_an_end);
    return g_test_run();
}
