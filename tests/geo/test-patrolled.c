/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What was patrolled, on a city of two communities of two grids each, four hours of one morning. */
#include "geo/work/patrolled.h"

#include "tests/geo/fresh-city.h"
#include "tests/geo/town.h"

static const char *const backends[] = {"memory", "sqlite", NULL};

#define EIGHT INT64_C(1699920000000) /* 08:00 of 14 November 2023 in Shanghai */
#define HOUR INT64_C(3600000)
#define WEST 117.28
#define SOUTH 31.86
#define SIDE 0.005

/* Grids G1 .. G4 from west to east, the first two of community C1, the others of C2. */
static void add_areas(GeoStore *store)
{
    static const char *const codes[] = {"C1", "C2", "G1", "G2", "G3", "G4"};
    static const char *const parents[] = {NULL, NULL, "C1", "C1", "C2", "C2"};
    GeoBatch *batch = geo_batch_new(GEO_KIND_AREA);
    for (int i = 0; i < 6; i++) {
        GeoArea *area = fresh_row(batch, 10 + i, codes[i]);
        area->level = geo_batch_word(batch, i < 2 ? "community" : "grid");
        area->parent = geo_batch_word(batch, parents[i]);
        double west = WEST + SIDE * (i < 2 ? 2 * i : i - 2), east = west + SIDE * (i < 2 ? 2 : 1);
        GeoLonLat ring[4] = {
            {west, SOUTH}, {east, SOUTH}, {east, SOUTH + SIDE}, {west, SOUTH + SIDE}};
        geo_batch_part_from(batch, GEO_SHAPE_POLYGON, ring, 4);
    }
    fresh_import(store, 200, batch);
}

static void add_units(GeoStore *store)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_UNIT);
    for (int i = 1; i <= 3; i++) {
        g_autofree char *code = g_strdup_printf("U%d", i);
        GeoUnit *unit = fresh_row(batch, i, code);
        unit->status = GEO_STATUS_AVAILABLE;
        unit->area = geo_batch_word(batch, "C1");
    }
    fresh_import(store, 201, batch);
}

typedef struct {
    const char *unit, *area;
    double from_h, to_h; /* after eight */
} Shift;

static void add_rosters(GeoStore *store, const Shift *shifts, size_t n)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_ROSTER);
    for (size_t i = 0; i < n; i++) {
        GeoRoster *roster = fresh_row(batch, 100 + (int64_t)i, shifts[i].unit);
        roster->from_ms = EIGHT + (int64_t)(shifts[i].from_h * (double)HOUR);
        roster->to_ms = EIGHT + (int64_t)(shifts[i].to_h * (double)HOUR);
        roster->area = geo_batch_word(batch, shifts[i].area);
    }
    fresh_import(store, 202, batch);
}

/* A fix each half minute in the middle of a grid (0 .. 3), both ends in. */
static void stand(GeoStore *store, int64_t unit, int grid, double from_h, double to_h)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) fixes = g_array_new(FALSE, FALSE, sizeof(GeoFix));
    for (int64_t at = (int64_t)(from_h * 3600); at <= (int64_t)(to_h * 3600); at += 30) {
        GeoFix fix = {.unit_id = unit,
                      .at_ms = EIGHT + at * 1000,
                      .lon = WEST + SIDE * (grid + 0.5),
                      .lat = SOUTH + SIDE * 0.5,
                      .speed_mps = NAN,
                      .heading_deg = NAN,
                      .accuracy_m = NAN};
        g_array_append_val(fixes, fix);
    }
    size_t refused = 0;
    GeoAct act = geo_act_local(NULL, EIGHT + 24 * HOUR);
    g_assert_true(geo_store_ingest_fixes(store, &act, (const GeoFix *)(void *)fixes->data,
                                         fixes->len, &refused, &error));
    g_assert_no_error(error);
}

static FreshCity *city_of(const char *backend, const Shift *shifts, size_t n)
{
    FreshCity *city = fresh_city_new(backend);
    add_areas(city->store);
    add_units(city->store);
    if (n > 0)
        add_rosters(city->store, shifts, n);
    return city;
}

static GeoPatrolled *measure(GeoStore *store, const GeoPatrolledOptions *more)
{
    g_autoptr(GError) error = NULL;
    GeoPatrolledOptions options = more ? *more : (GeoPatrolledOptions){0};
    options.from_ms = options.from_ms ? options.from_ms : EIGHT;
    options.to_ms = options.to_ms ? options.to_ms : EIGHT + 4 * HOUR;
    options.level = options.level ? options.level : "grid";
    GeoPatrolled *patrolled = geo_patrolled_measure(store, &options, NULL, &error);
    g_assert_no_error(error);
    return patrolled;
}

static void check_rate(const GeoPatrolledRate *rate, double part, double whole, double unknown)
{
    g_assert_cmpfloat_with_epsilon(rate->part, part, 0.05);
    g_assert_cmpfloat_with_epsilon(rate->whole, whole, 0.01);
    g_assert_cmpfloat_with_epsilon(rate->unknown, unknown, 0.05);
    g_assert_nonnull(rate->formula);
    if (unknown > 0.2 * whole + 0.05)
        g_assert_true(isnan(rate->share));
    else
        g_assert_cmpfloat_with_epsilon(rate->share, part / (whole - unknown), 0.02);
}

/* U1 of G1 is there for two hours; U2 of C2 is in G3 for an hour and then leaves for G1. */
static void walk(GeoStore *store)
{
    stand(store, 1, 0, 0, 2);
    stand(store, 2, 2, 0, 1);
    stand(store, 2, 0, 1.1, 2);
}

static void rates_are_of_what_was_planned(void)
{
    static const Shift shifts[] = {{"U1", "G1", 0, 2}, {"U2", "C2", 0, 2}};
    for (const char *const *backend = backends; *backend; backend++) {
        g_autoptr(FreshCity) city = city_of(*backend, shifts, 2);
        walk(city->store);
        g_autoptr(GeoPatrolled) grids = measure(city->store, NULL);
        g_assert_cmpuint(grids->n_areas, ==, 4);
        g_assert_cmpuint(grids->n_hours, ==, 4);
        g_assert_false(grids->always);
        /* G1, G3 and G4 for two hours each; seen are G1 in both and G3 in one. */
        check_rate(&grids->visibility, 3, 6, 0);
        check_rate(&grids->visited, 2, 3, 0);
        /* Six minutes between the two places are silent. */
        check_rate(&grids->on_post, 3, 4, 0.1);
        g_assert_cmpuint(geo_patrol_cells(grids->patrol, 0)[0].seen_s, ==, 3600);
        g_assert_cmpuint(geo_patrol_cells(grids->patrol, 0)[1].units, ==, 2);
        /* By community the post of U1 is in C1, and U2 is absent from C2 in its second hour. */
        g_autoptr(GeoPatrolled) whole =
            measure(city->store, &(GeoPatrolledOptions){.level = "community"});
        check_rate(&whole->visibility, 3, 4, 0);
        check_rate(&whole->on_post, 3, 4, 0.1);
    }
}

static void too_much_unknown_gives_no_rate(void)
{
    static const Shift shifts[] = {{"U1", "G1", 0, 4}, {"U2", "C2", 0, 2}, {"U3", "C1", 0, 4}};
    g_autoptr(FreshCity) city = city_of("memory", shifts, 3);
    walk(city->store);
    g_autoptr(GeoPatrolled) patrolled = measure(city->store, NULL);
    /* G1 and G2 for four hours, G3 and G4 for two. Unknown: G1 when U1 is silent, all of G2. */
    check_rate(&patrolled->visibility, 3, 12, 6);
    check_rate(&patrolled->visited, 2, 4, 1);
    check_rate(&patrolled->on_post, 3, 10, 6.1);
    g_assert_true(isnan(patrolled->on_post.share));
}

static void breaks_and_jobs_are_leave(void)
{
    static const Shift shifts[] = {{"U1", "G1", 0, 2}, {"U2", "C2", 0, 2}};
    for (const char *const *backend = backends; *backend; backend++) {
        g_autoptr(FreshCity) city = city_of(*backend, shifts, 2);
        g_autoptr(GError) error = NULL;
        GeoAct act = geo_act_local(NULL, EIGHT + HOUR / 2);
        GeoDutyEntry rest = {.unit_id = 1,
                             .what = GEO_DUTY_BREAK,
                             .from_ms = EIGHT + HOUR / 2,
                             .to_ms = EIGHT + HOUR};
        g_assert_true(geo_store_sign(city->store, &act, &rest, 1, &error));
        g_assert_no_error(error);
        GeoBatch *incidents = geo_batch_new(GEO_KIND_INCIDENT);
        GeoIncident *incident = fresh_row(incidents, 900, "I1");
        incident->at_ms = EIGHT;
        geo_batch_set_point(incidents, WEST, SOUTH);
        fresh_import(city->store, 210, incidents);
        act = geo_act_local(NULL, EIGHT + HOUR);
        g_assert_true(geo_store_assign_unit(city->store, &act, 900, 2, &error));
        act = geo_act_local(NULL, EIGHT + 3 * HOUR / 2);
        g_assert_true(geo_store_release_unit(city->store, &act, 2, &error));
        g_assert_no_error(error);
        stand(city->store, 1, 0, 0, 0.5);
        stand(city->store, 1, 0, 1, 2);
        stand(city->store, 2, 2, 0, 1);
        stand(city->store, 2, 2, 1.5, 2);
        g_autoptr(GeoPatrolled) patrolled = measure(city->store, NULL);
        check_rate(&patrolled->on_post, 4, 4, 0);
        uint32_t leave_s[2] = {0};
        for (size_t home = 0; home < 2; home++)
            for (size_t h = 0; h < 4; h++) {
                leave_s[0] += geo_patrol_posts(patrolled->patrol, home)[h].break_s;
                leave_s[1] += geo_patrol_posts(patrolled->patrol, home)[h].incident_s;
            }
        check_rate(&patrolled->on_post, 4, 4, 0);
        g_assert_cmpuint(patrolled->posts[0].rostered_s, ==, 7200);
        g_assert_cmpuint(patrolled->posts[0].break_s, ==, 1800);
        GeoPatrolledRate first = geo_patrolled_post_rate(&patrolled->posts[0]);
        check_rate(&first, 2, 2, 0);
        g_assert_cmpuint(patrolled->posts[2].rostered_s, ==, 0); /* C2 is two grids */
        g_assert_cmpuint(leave_s[0], ==, 1800);
        g_assert_cmpuint(leave_s[1], ==, 1800);
    }
}

static void without_rosters_silence_is_everywhere(void)
{
    g_autoptr(FreshCity) city = city_of("memory", NULL, 0);
    walk(city->store);
    g_autoptr(GeoPatrolled) patrolled = measure(city->store, NULL);
    g_assert_true(patrolled->always);
    g_assert_cmpfloat(patrolled->visibility.whole, ==, 16);
    g_assert_true(isnan(patrolled->visibility.share));
    g_assert_cmpfloat_with_epsilon(patrolled->on_post.whole, 12, 0.01);
    g_assert_true(isnan(patrolled->on_post.share));
}

/* ---- points ---- */

static void add_points(GeoStore *store)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_FACILITY);
    for (int i = 0; i < 3; i++) {
        static const char *const codes[] = {"F1", "F2", "F3"};
        GeoFacility *facility = fresh_row(batch, 300 + i, codes[i]);
        facility->must_see = i < 2;
        geo_batch_set_point(batch, WEST + SIDE * (0.5 + i), SOUTH + SIDE * 0.5);
    }
    fresh_import(store, 203, batch);
}

static void points_are_visited_late_or_missing(void)
{
    static const Shift shifts[] = {{"U1", "G1", 0, 4}, {"U2", "C1", 0, 4}};
    g_autoptr(FreshCity) city = city_of("sqlite", shifts, 2);
    add_points(city->store);
    stand(city->store, 1, 0, 0, 0.9);
    stand(city->store, 1, 3, 1, 2.2);
    stand(city->store, 1, 0, 2.5, 4);
    stand(city->store, 2, 3, 0, 4);
    GeoPatrolledOptions options = {.must = true,
                                   .windows = "08:00-09:00, 09:30-10:00,10:40-11:40,11:50-12:10"};
    g_autoptr(GeoPatrolled) patrolled = measure(city->store, &options);
    g_assert_cmpuint(patrolled->points->len, ==, 2);
    const GeoPatrolledPoint *first = &g_array_index(patrolled->points, GeoPatrolledPoint, 0);
    g_assert_cmpstr(first->code, ==, "F1");
    g_assert_cmpuint(first->due, ==, 3); /* the last window is not over */
    g_assert_cmpuint(first->visited, ==, 2);
    g_assert_cmpuint(first->late, ==, 1);
    const GeoPatrolledPoint *second = first + 1;
    g_assert_cmpuint(second->due, ==, 3);
    g_assert_cmpuint(second->visited + second->late, ==, 0);
    g_assert_cmpuint(second->unknown, ==, 0); /* all of them were heard all the time */
    check_rate(&patrolled->must, 2, 6, 0);
}

static guint windows_of(GeoStore *store, const char *windows, int64_t from_ms, int64_t to_ms)
{
    GeoPatrolledOptions options = {
        .must = true, .windows = windows, .from_ms = from_ms, .to_ms = to_ms};
    g_autoptr(GeoPatrolled) patrolled = measure(store, &options);
    return g_array_index(patrolled->points, GeoPatrolledPoint, 0).due;
}

static void windows_may_lie_over_midnight(void)
{
    g_autoptr(FreshCity) city = city_of("memory", NULL, 0);
    add_points(city->store);
    GeoStore *store = city->store;
    g_assert_cmpuint(windows_of(store, "22:00-02:00", EIGHT, EIGHT + 72 * HOUR), ==, 3);
    g_assert_cmpuint(windows_of(store, "22:00-08:00", EIGHT, EIGHT + 72 * HOUR), ==, 3);
    g_assert_cmpuint(windows_of(store, "22:00-08:01", EIGHT, EIGHT + 72 * HOUR), ==, 2);
    g_assert_cmpuint(windows_of(store, "00:00-24:00", EIGHT, EIGHT + 72 * HOUR), ==, 2);
    g_assert_cmpuint(windows_of(store, NULL, EIGHT, EIGHT + 72 * HOUR), ==, 8);
    static const char *const wrong[] = {
        "8:00-9:00", "08:00", "08:00-09:00,08:30-10:00", "24:00-25:00", "23:00-01:00,00:30-02:00",
        ""};
    for (size_t i = 0; i < G_N_ELEMENTS(wrong); i++) {
        g_autoptr(GError) error = NULL;
        GeoPatrolledOptions options = {.from_ms = EIGHT,
                                       .to_ms = EIGHT + HOUR,
                                       .level = "grid",
                                       .must = true,
                                       .windows = wrong[i]};
        g_assert_null(geo_patrolled_measure(store, &options, NULL, &error));
        g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    }
}

/* ---- next, cameras ---- */

static void the_next_place_is_risky_and_long_unseen(void)
{
    static const Shift shifts[] = {{"U1", "G1", 0, 4}, {"U2", "C2", 0, 4}};
    g_autoptr(FreshCity) city = city_of("memory", shifts, 2);
    walk(city->store);
    GeoBatch *batch = geo_batch_new(GEO_KIND_INCIDENT);
    for (int i = 0; i < 60; i++) {
        GeoIncident *incident = fresh_row(batch, 400 + i, NULL);
        /* Of G1 thirty at noon and as many at midnight, of G2 ten an hour after noon. */
        int grid = i < 50 ? 0 : 1;
        incident->at_ms = EIGHT - (i + 1) * 24 * HOUR + (i < 25 ? 4 : i < 50 ? 16 : 5) * HOUR;
        geo_batch_set_point(batch, WEST + SIDE * (grid + 0.3), SOUTH + SIDE * 0.3);
    }
    fresh_import(city->store, 204, batch);
    g_autoptr(GeoPatrolled) patrolled = measure(city->store, &(GeoPatrolledOptions){.next = 3});
    g_assert_cmpuint(patrolled->next->len, ==, 3);
    const GeoPatrolledNext *next = (const GeoPatrolledNext *)(void *)patrolled->next->data;
    double km2 = SIDE * SIDE * 111.3195 * 111.3195 * cos(31.8625 * G_PI / 180);
    g_assert_cmpuint(next[0].area, ==, 0);
    g_assert_false(next[0].at_least);
    g_assert_cmpfloat_with_epsilon(next[0].since_h, 2, 0.001);
    g_assert_cmpfloat_with_epsilon(next[0].per_hour, (25 + km2) / (3 * 365), 1e-5);
    g_assert_cmpuint(next[1].area, ==, 1);
    g_assert_true(next[1].at_least);
    g_assert_cmpfloat_with_epsilon(next[1].since_h, 4, 1e-9);
    g_assert_cmpfloat_with_epsilon(next[1].per_hour, (10 + km2) / (3 * 365), 1e-5);
    g_assert_cmpfloat_with_epsilon(next[1].score, next[1].per_hour * 4, 1e-9);
    g_assert_cmpuint(next[2].area, ==, 3); /* nobody in four hours, and no incident */
}

/* A street of 400 m of which a camera sees 100 by day and 50 by night; somebody is there for half
 * of the last hour of light and the first of darkness. */
static void cameras_and_patrols_join(void)
{
    g_autoptr(Town) town = town_new();
    town_add_road(town, "Long Street", (GeoXY){0, 0}, (GeoXY){400, 0}, GEO_ROAD_RESIDENTIAL);
    town_add_camera(town, 0, 0, 90, GEO_CAMERA_WORKING);
    for (int i = 0; i < 2; i++) {
        GeoArea *area = town_add(town, GEO_KIND_AREA, i ? "empty" : "street");
        area->level = geo_batch_word(town->rows[GEO_KIND_AREA], "grid");
        town_draw_box(town, GEO_KIND_AREA, 500 * i, -100, 450 + 500 * i, 100);
    }
    GeoUnit *unit = town_add(town, GEO_KIND_UNIT, "U1");
    int64_t unit_id = unit->row.id;
    town_finish(town);
    /* Sunset in Hefei on 14 November: 17:13. */
    int64_t from_ms = EIGHT + 8 * HOUR;
    GeoLonLat at = town_lonlat(town, 200, 5);
    GeoAct act = geo_act_local(NULL, from_ms + 24 * HOUR);
    g_autoptr(GError) error = NULL;
    for (int i = 0; i <= 120; i++) {
        GeoFix fix = {.unit_id = unit_id,
                      .at_ms = from_ms + HOUR / 2 + i * 30000,
                      .lon = at.lon,
                      .lat = at.lat,
                      .speed_mps = NAN,
                      .heading_deg = NAN,
                      .accuracy_m = NAN};
        size_t refused;
        geo_store_ingest_fixes(town->store, &act, &fix, 1, &refused, &error);
        g_assert_no_error(error);
    }
    GeoCoverageOptions cameras = {0};
    GeoPatrolledOptions options = {
        .from_ms = from_ms, .to_ms = from_ms + 2 * HOUR, .cameras = &cameras};
    g_autoptr(GeoPatrolled) patrolled = measure(town->store, &options);
    g_assert_false(patrolled->night[0]);
    g_assert_true(patrolled->night[1]);
    g_assert_cmpfloat_with_epsilon(patrolled->by_day[0], 0.25, 0.01);
    g_assert_cmpfloat_with_epsilon(patrolled->by_night[0], 0.125, 0.01);
    g_assert_true(isnan(patrolled->by_day[1]));
    double day = geo_patrolled_joined(patrolled, 0, 0),
           night = geo_patrolled_joined(patrolled, 0, 1);
    g_assert_cmpfloat_with_epsilon(day, 1 - 0.75 * 0.5, 0.01);
    g_assert_cmpfloat_with_epsilon(night, 1 - 0.875 * 0.5, 0.01);
    g_assert_true(isnan(geo_patrolled_joined(patrolled, 1, 0)));
    g_assert_cmpfloat_with_epsilon(patrolled->space_time.share, (day + night) / 2, 1e-6);
    g_assert_cmpfloat_with_epsilon(patrolled->space_time.whole, 0.8, 0.01);
}

/* ---- what is wrong ---- */

static void what_is_not_there_is_said(void)
{
    g_autoptr(FreshCity) city = fresh_city_new("memory");
    GeoPatrolledOptions options = {.from_ms = EIGHT, .to_ms = EIGHT + HOUR};
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_patrolled_measure(city->store, &options, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    add_areas(city->store);
    g_autoptr(GeoPatrolled) finest = geo_patrolled_measure(city->store, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpstr(finest->level, ==, "grid");
    options.level = "beat";
    g_assert_null(geo_patrolled_measure(city->store, &options, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "'beat'"));
    g_clear_error(&error);
    options = (GeoPatrolledOptions){.from_ms = EIGHT, .to_ms = EIGHT + 401 * 24 * HOUR};
    g_assert_null(geo_patrolled_measure(city->store, &options, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_clear_error(&error);
    options = (GeoPatrolledOptions){.from_ms = EIGHT, .to_ms = EIGHT + 999};
    g_assert_null(geo_patrolled_measure(city->store, &options, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
}

static void a_cancel_ends_it(void)
{
    g_autoptr(FreshCity) city = city_of("sqlite", NULL, 0);
    walk(city->store);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    g_autoptr(GError) error = NULL;
    GeoPatrolledOptions options = {.from_ms = EIGHT, .to_ms = EIGHT + 4 * HOUR};
    geo_progress_cancel(progress);
    g_assert_null(geo_patrolled_measure(city->store, &options, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/patrolled/rates-are-of-what-was-planned", rates_are_of_what_was_planned);
    g_test_add_func("/patrolled/too-much-unknown-gives-no-rate", too_much_unknown_gives_no_rate);
    g_test_add_func("/patrolled/breaks-and-jobs-are-leave", breaks_and_jobs_are_leave);
    g_test_add_func("/patrolled/without-rosters-silence-is-everywhere",
                    without_rosters_silence_is_everywhere);
    g_test_add_func("/patrolled/points-are-visited-late-or-missing",
                    points_are_visited_late_or_missing);
    g_test_add_func("/patrolled/windows-may-lie-over-midnight", windows_may_lie_over_midnight);
    g_test_add_func("/patrolled/the-next-place-is-risky-and-long-unseen",
                    the_next_place_is_risky_and_long_unseen);
    g_test_add_func("/patrolled/cameras-and-patrols-join", cameras_and_patrols_join);
    g_test_add_func("/patrolled/what-is-not-there-is-said", what_is_not_there_is_said);
    g_test_add_func("/patrolled/a-cancel-ends-it", a_cancel_ends_it);
    return g_test_run();
}
