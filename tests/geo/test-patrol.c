/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/patrol.h"

#include "patrol-twin.h"

#define LON 117.28
#define LAT 31.86
#define M_PER_LAT 111319.49
#define BEGIN_S INT64_C(1795000000)

static GeoLonLat place(double x, double y)
{
    return (GeoLonLat){LON + x / (M_PER_LAT * cos(LAT * G_PI / 180)), LAT + y / M_PER_LAT};
}

static GeoFix fix_at(int64_t unit, double second, double x, double y)
{
    GeoLonLat p = place(x, y);
    return (GeoFix){.unit_id = unit,
                    .at_ms = BEGIN_S * 1000 + (int64_t)llround(second * 1000),
                    .lon = p.lon,
                    .lat = p.lat,
                    .speed_mps = NAN,
                    .heading_deg = NAN,
                    .accuracy_m = NAN};
}

static GeoPatrol *patrol_over(const Shapes *shapes, const GeoPatrolOptions *options,
                              const GeoPatrolHomes *homes, const GArray *duty)
{
    g_autofree GeoLonLat *points = g_new(GeoLonLat, shapes->points->len + 1);
    for (guint i = 0; i < shapes->points->len; i++)
        points[i] = place(shapes_points(shapes)[i].x, shapes_points(shapes)[i].y);
    return geo_patrol_new(options, points, shapes_ring_point0(shapes), shapes_ring0(shapes),
                          shapes->n, homes, duty ? (const GeoPatrolDuty *)(void *)duty->data : NULL,
                          duty ? duty->len : 0);
}

/* Two squares of 100 m side by side, for a time from the beginning. */
static GeoPatrol *two_squares(int64_t length_s, const GArray *duty)
{
    g_autoptr(Shapes) shapes = shapes_new();
    shapes_square(shapes, 0, 0, 100);
    shapes_square(shapes, 100, 0, 100);
    GeoPatrolOptions options = {BEGIN_S, BEGIN_S + length_s, BEGIN_S, 0, 0, 0, 0};
    static const uint32_t first[] = {0, 1, 3}, areas[] = {0, 0, 1};
    GeoPatrolHomes homes = {2, first, areas}; /* the west alone, and both */
    return patrol_over(shapes, &options, &homes, duty);
}

static void take(GeoPatrol *patrol, const GeoFix *fixes, size_t n)
{
    geo_patrol_take(patrol, fixes, n);
    geo_patrol_settle(patrol, INT64_MAX);
}

static void time_is_split_at_the_border(void)
{
    g_autoptr(GeoPatrol) patrol = two_squares(3600, NULL);
    /* At 2 m/s from 50 m before the border to 30 m behind it. */
    GeoFix fixes[] = {fix_at(1, 100, 50.5, 50), fix_at(1, 140, 130.5, 50)};
    take(patrol, fixes, 2);
    const GeoPatrolCell *west = geo_patrol_cells(patrol, 0), *east = geo_patrol_cells(patrol, 1);
    g_assert_cmpuint(west->seen_s, ==, 25);
    g_assert_cmpuint(east->seen_s, ==, 16); /* and the second of the last fix */
    g_assert_cmpuint(west->visits, ==, 1);
    g_assert_cmpuint(east->visits, ==, 1);
    g_assert_cmpuint(west->gap_s, ==, 3600 - 125);
    g_assert_cmpuint(east->gap_s, ==, 3600 - 141);
}

static void nothing_is_told_of_a_minute_or_of_a_leap(void)
{
    g_autoptr(GeoPatrol) patrol = two_squares(3600, NULL);
    GeoFix fixes[] = {fix_at(1, 0, 10, 50), fix_at(1, 60, 20, 50), fix_at(1, 119, 30, 50),
                      fix_at(1, 120, 95, 50)};
    take(patrol, fixes, G_N_ELEMENTS(fixes));
    GeoPatrolCounts counts = geo_patrol_counts(patrol);
    g_assert_cmpuint(counts.links, ==, 1);
    g_assert_cmpuint(counts.gaps, ==, 1);
    g_assert_cmpuint(counts.leaps, ==, 1);
    g_assert_cmpuint(geo_patrol_cells(patrol, 0)->seen_s, ==, 1 + 59 + 1 + 1);
}

static void coming_back_soon_is_one_visit(void)
{
    for (int away_s = 590; away_s <= 610; away_s += 20) {
        g_autoptr(GeoPatrol) patrol = two_squares(3600, NULL);
        GeoFix fixes[] = {fix_at(1, 0, 50, 50), fix_at(1, 1, 150, 50), fix_at(1, away_s, 150, 50),
                          fix_at(1, away_s + 1, 50, 50)};
        take(patrol, fixes, G_N_ELEMENTS(fixes));
        g_assert_cmpuint(geo_patrol_cells(patrol, 0)->visits, ==, away_s > 600 ? 2 : 1);
        g_assert_cmpuint(geo_patrol_cells(patrol, 1)->visits, ==, 1);
    }
}

static void silence_is_not_leaving(void)
{
    g_autoptr(GeoPatrol) patrol = two_squares(3 * 3600, NULL);
    GeoFix fixes[] = {fix_at(1, 0, 50, 50), fix_at(1, 3000, 50, 50), fix_at(1, 7000, 50, 50)};
    take(patrol, fixes, G_N_ELEMENTS(fixes));
    const GeoPatrolCell *cells = geo_patrol_cells(patrol, 0);
    g_assert_cmpuint(cells[0].visits, ==, 1); /* 50 minutes of silence */
    g_assert_cmpuint(cells[1].visits, ==, 1); /* more than an hour */
    GeoPatrolArea whole = geo_patrol_area(patrol, 0);
    g_assert_cmpuint(whole.units, ==, 1);
    g_assert_cmpuint(whole.gap_s, ==, 3999);
    g_assert_cmpint(whole.last_s, ==, BEGIN_S + 7000);
}

static void unknown_duty_is_kept_apart(void)
{
    g_autoptr(GArray) duty = g_array_new(FALSE, FALSE, sizeof(GeoPatrolDuty));
    GeoPatrolDuty spans[] = {{1, BEGIN_S - 500, BEGIN_S + 1000, 0, GEO_PATROL_POST},
                             {1, BEGIN_S + 1000, BEGIN_S + 1200, 0, GEO_PATROL_BREAK},
                             {1, BEGIN_S + 1200, BEGIN_S + 1300, 0, GEO_PATROL_INCIDENT},
                             {2, BEGIN_S, BEGIN_S + 100, -1, GEO_PATROL_POST},
                             {3, BEGIN_S, BEGIN_S + 100, 1, GEO_PATROL_POST}};
    g_array_append_vals(duty, spans, G_N_ELEMENTS(spans));
    g_autoptr(GeoPatrol) patrol = two_squares(3600, duty);
    GeoFix fixes[] = {fix_at(1, 0, 50, 50),    fix_at(1, 50, 50, 50),   fix_at(1, 200, 150, 50),
                      fix_at(1, 220, 150, 50), fix_at(1, 1010, 50, 50), fix_at(2, 10, 900, 900),
                      fix_at(3, 20, 150, 50),  fix_at(3, 30, 250, 50)};
    take(patrol, fixes, G_N_ELEMENTS(fixes));
    const GeoPatrolPost *west = geo_patrol_posts(patrol, 0), *both = geo_patrol_posts(patrol, 1);
    const GeoPatrolPost *none = geo_patrol_posts(patrol, 2);
    g_assert_cmpuint(west->rostered_s, ==, 1300);
    g_assert_cmpuint(west->break_s, ==, 200);
    g_assert_cmpuint(west->incident_s, ==, 100);
    g_assert_cmpuint(west->told_s, ==, 51 + 21);
    g_assert_cmpuint(west->present_s, ==, 51);
    g_assert_cmpuint(both->told_s, ==, 11);
    g_assert_cmpuint(both->present_s, ==, 5);
    g_assert_cmpuint(none->rostered_s, ==, 100);
    g_assert_cmpuint(none->present_s, ==, 1);
}

/* ---- against stepping second by second ---- */

static GArray *random_fixes(int64_t n_units, double length_s, double extent_m)
{
    GArray *fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    for (int64_t unit = 1; unit <= n_units; unit++) {
        double x = g_test_rand_double_range(-50, extent_m), angle = 0;
        double y = g_test_rand_double_range(-50, extent_m), speed = g_test_rand_int_range(0, 25);
        double usual_s = g_test_rand_double_range(0.3, 30);
        for (double t = g_test_rand_double_range(-100, 900); t < length_s + 100;) {
            GeoFix fix = fix_at(unit, t, x, y);
            g_array_append_val(fixes, fix);
            double step = g_test_rand_int_range(0, 80)
                              ? g_test_rand_double_range(0.5, 1.5) * usual_s
                              : g_test_rand_double_range(1, 4000);
            angle += g_test_rand_double_range(-1, 1);
            if (g_test_rand_int_range(0, 40) == 0) { /* far off, by a bad fix */
                x = g_test_rand_double_range(0, extent_m);
                y = g_test_rand_double_range(0, extent_m);
            }
            double reach = fmin(step, 60) * speed * g_test_rand_double_range(0, 1);
            x = CLAMP(x + reach * cos(angle), -100, extent_m + 100);
            y = CLAMP(y + reach * sin(angle), -100, extent_m + 100);
            t += fmax(step, 0.002);
        }
    }
    return fixes;
}

static GArray *random_duty(int64_t n_units, size_t n_homes, int64_t length_s)
{
    GArray *duty = g_array_new(FALSE, FALSE, sizeof(GeoPatrolDuty));
    for (int64_t unit = 1; unit <= n_units + 1; unit++)
        for (int64_t at = g_test_rand_int_range(-5000, 5000); at < length_s;) {
            int64_t end = at + g_test_rand_int_range(1, 6000);
            GeoPatrolDuty span = {unit, BEGIN_S + at, BEGIN_S + end,
                                  g_test_rand_int_range(-1, (int)n_homes),
                                  g_test_rand_int_range(0, 3)};
            g_array_append_val(duty, span);
            at = end + (g_test_rand_bit() ? 0 : g_test_rand_int_range(1, 3000));
        }
    return duty;
}

/* Fixes in pieces of time, as they come from the day files. */
static void take_in_pieces(GeoPatrol *patrol, const GArray *fixes, int64_t length_s)
{
    for (int64_t from = -200; from < length_s + 200;) {
        int64_t to = from + g_test_rand_int_range(60, 4000);
        g_autoptr(GArray) piece = g_array_new(FALSE, FALSE, sizeof(GeoFix));
        for (guint i = 0; i < fixes->len; i++) {
            GeoFix fix = g_array_index(fixes, GeoFix, i);
            if (fix.at_ms >= (BEGIN_S + from) * 1000 && fix.at_ms < (BEGIN_S + to) * 1000)
                g_array_append_val(piece, fix);
        }
        geo_patrol_take(patrol, (const GeoFix *)(void *)piece->data, piece->len);
        geo_patrol_settle(patrol, BEGIN_S + to);
        from = to;
    }
    geo_patrol_settle(patrol, INT64_MAX);
}

static void compare(const Twin *twin, const GeoPatrol *patrol)
{
    g_assert_cmpuint(geo_patrol_hours(patrol), ==, twin->n_hours);
    g_assert_cmpint(geo_patrol_hour_s(patrol, 0), ==, twin->base_s);
    for (size_t i = 0; i <= twin->homes.n; i++)
        g_assert_cmpmem(geo_patrol_posts(patrol, i), twin->n_hours * sizeof(GeoPatrolPost),
                        &twin->posts[i * twin->n_hours], twin->n_hours * sizeof(GeoPatrolPost));
    for (uint32_t a = 0; a < twin->shapes->n; a++) {
        for (size_t h = 0; h < twin->n_hours; h++) {
            const GeoPatrolCell *cell = &geo_patrol_cells(patrol, a)[h];
            const GeoPatrolCell *told = &twin->cells[a * twin->n_hours + h];
            g_assert_cmpmem(cell, sizeof *cell, told, sizeof *told);
        }
        GeoPatrolArea area = geo_patrol_area(patrol, a);
        g_assert_cmpuint(area.units, ==, twin->areas[a].units);
        g_assert_cmpuint(area.gap_s, ==, twin->areas[a].gap_s);
        g_assert_cmpint(area.last_s, ==, twin->areas[a].last_s);
    }
}

static void fill_twin(Twin *twin, const GeoPatrol *patrol, const GArray *fixes, const GArray *duty,
                      int64_t n_units)
{
    for (int64_t unit = 1; unit <= n_units + 1; unit++) {
        guint first = 0, end;
        while (first < fixes->len && g_array_index(fixes, GeoFix, first).unit_id != unit)
            first++;
        for (end = first; end < fixes->len && g_array_index(fixes, GeoFix, end).unit_id == unit;)
            end++;
        g_autofree int32_t *where =
            twin_seconds_of(twin, patrol, (const GeoFix *)(void *)fixes->data + first, end - first);
        twin_add_unit(twin, where);
        for (guint d = 0; d < duty->len; d++)
            if (g_array_index(duty, GeoPatrolDuty, d).unit_id == unit)
                twin_add_duty(twin, &g_array_index(duty, GeoPatrolDuty, d), where);
    }
    twin_finish(twin);
}

/* Each area alone, and some together. */
static GeoPatrolHomes random_homes(uint32_t n_areas, GArray *first, GArray *areas)
{
    for (uint32_t home = 0; home < n_areas + 3; home++) {
        g_array_append_val(first, areas->len);
        for (uint32_t a = 0; a < n_areas; a++)
            if (a == home || (home >= n_areas && g_test_rand_bit()))
                g_array_append_val(areas, a);
    }
    g_array_append_val(first, areas->len);
    return (GeoPatrolHomes){n_areas + 3, (const uint32_t *)(void *)first->data,
                            (const uint32_t *)(void *)areas->data};
}

static Shapes *random_shapes(bool stars)
{
    Shapes *shapes = shapes_new();
    for (int a = 0; a < (stars ? g_test_rand_int_range(1, 12) : 16); a++)
        if (stars)
            shapes_star(shapes, g_test_rand_double_range(0, 800), g_test_rand_double_range(0, 800),
                        g_test_rand_double_range(30, 300));
        else
            shapes_square(shapes, a % 4 * 200, a / 4 * 200, 200);
    return shapes;
}

/* The same polygons in the plane of the patrol, as it made them from degrees. */
static Shapes *in_plane(const Shapes *shapes, const GeoPatrol *patrol)
{
    Shapes *plane = shapes_new();
    g_array_set_size(plane->points, 0);
    for (guint i = 0; i < shapes->points->len; i++) {
        GeoXY at = shapes_points(shapes)[i];
        GeoXY p = geo_patrol_xy(patrol, place(at.x, at.y));
        g_array_append_val(plane->points, p);
    }
    g_array_set_size(plane->ring_point0, 0);
    g_array_append_vals(plane->ring_point0, shapes->ring_point0->data, shapes->ring_point0->len);
    g_array_set_size(plane->ring0, 0);
    g_array_append_vals(plane->ring0, shapes->ring0->data, shapes->ring0->len);
    plane->n = shapes->n;
    return plane;
}

static void all_figures_are_those_of_stepping_each_second(void)
{
    uint64_t seen_s = 0, visits = 0;
    for (int round = 0; round < 40; round++) {
        int64_t length_s = g_test_rand_int_range(300, 9000), n_units = g_test_rand_int_range(1, 12);
        g_autoptr(Shapes) shapes = random_shapes(round % 2);
        GeoPatrolOptions options = {.from_s = BEGIN_S,
                                    .to_s = BEGIN_S + length_s,
                                    .hour0_s = g_test_rand_int_range(-9000, 9000),
                                    .max_gap_ms = g_test_rand_int_range(5000, 90000),
                                    .max_speed_mps = g_test_rand_double_range(5, 60),
                                    .away_s = g_test_rand_int_range(1, 900),
                                    .silence_s = g_test_rand_int_range(1, 4000)};
        g_autoptr(GArray) fixes = random_fixes(n_units, (double)length_s, 800);
        g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        g_autoptr(GArray) areas = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        GeoPatrolHomes homes = random_homes(shapes->n, first, areas);
        g_autoptr(GArray) duty = random_duty(n_units, homes.n, length_s);
        g_autoptr(GeoPatrol) patrol = patrol_over(shapes, &options, &homes, duty);
        take_in_pieces(patrol, fixes, length_s);
        g_autoptr(Shapes) plane = in_plane(shapes, patrol);
        g_autoptr(Twin) twin = twin_new(&options, plane, &homes);
        fill_twin(twin, patrol, fixes, duty, n_units);
        compare(twin, patrol);
        for (uint32_t a = 0; a < shapes->n; a++) {
            seen_s += twin->cells[a * twin->n_hours].seen_s;
            visits += twin->cells[a * twin->n_hours].visits;
        }
    }
    /* The rounds were about something. */
    g_assert_cmpuint(seen_s, >, 5000);
    g_assert_cmpuint(visits, >, 150);
}

/* Whatever comes in, seconds of an hour are not more than the hour has. */
static void sums_keep_their_bounds(void)
{
    for (int round = 0; round < 20; round++) {
        int64_t length_s = g_test_rand_int_range(100, 20000);
        g_autoptr(Shapes) shapes = random_shapes(round % 2);
        GeoPatrolOptions options = {.from_s = BEGIN_S, .to_s = BEGIN_S + length_s};
        g_autoptr(GArray) fixes = random_fixes(30, (double)length_s, 800);
        g_autoptr(GArray) duty = random_duty(30, 0, length_s);
        g_autoptr(GeoPatrol) patrol = patrol_over(shapes, &options, NULL, duty);
        take_in_pieces(patrol, fixes, length_s);
        for (uint32_t a = 0; a < shapes->n; a++) {
            GeoPatrolArea area = geo_patrol_area(patrol, a);
            uint32_t seen_s = 0;
            for (size_t h = 0; h < geo_patrol_hours(patrol); h++) {
                const GeoPatrolCell *cell = &geo_patrol_cells(patrol, a)[h];
                uint32_t length = geo_patrol_hour_length(patrol, h);
                g_assert_cmpuint(cell->seen_s + cell->gap_s, <=, length);
                g_assert_cmpuint(cell->seen_s, <=, cell->unit_s);
                g_assert_cmpuint(cell->unit_s, <=, length * cell->units);
                g_assert_cmpuint(cell->units, <=, area.units);
                g_assert_cmpuint(cell->gap_s, <=, area.gap_s);
                seen_s += cell->seen_s;
            }
            g_assert_cmpuint(seen_s + area.gap_s, <=, length_s);
        }
        for (size_t h = 0; h < geo_patrol_hours(patrol); h++) {
            const GeoPatrolPost *post = &geo_patrol_posts(patrol, 0)[h];
            g_assert_cmpuint(post->present_s, ==, post->told_s); /* no homes: anywhere will do */
            g_assert_cmpuint(post->told_s + post->break_s + post->incident_s, <=, post->rostered_s);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/patrol/time-is-split-at-the-border", time_is_split_at_the_border);
    g_test_add_func("/patrol/nothing-is-told-of-a-minute-or-of-a-leap",
                    nothing_is_told_of_a_minute_or_of_a_leap);
    g_test_add_func("/patrol/coming-back-soon-is-one-visit", coming_back_soon_is_one_visit);
    g_test_add_func("/patrol/silence-is-not-leaving", silence_is_not_leaving);
    g_test_add_func("/patrol/unknown-duty-is-kept-apart", unknown_duty_is_kept_apart);
    g_test_add_func("/patrol/all-figures-are-those-of-stepping-each-second",
                    all_figures_are_those_of_stepping_each_second);
    g_test_add_func("/patrol/sums-keep-their-bounds", sums_keep_their_bounds);
    return g_test_run();
}
