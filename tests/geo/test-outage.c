/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/outage.h"

#include <string.h>

#include "tests/geo/scene.h"
#include "tests/geo/town.h"

#define SIDE_M 600.0
#define CAMERAS 60

/* Streets, houses, cameras with codes of three owners; without: one camera left out, -1 none; owner
 * likewise. Drawn from the seed, so that two such towns differ in nothing else. */
static Town *seeded_town(GRand *dice, int without, int owner)
{
    Town *town = town_new();
    for (int i = 0; i < 8; i++) {
        g_autofree char *name = g_strdup_printf("Street %d", i);
        GeoXY a = {g_rand_double_range(dice, 0, SIDE_M), 0};
        GeoXY b = {g_rand_double_range(dice, 0, SIDE_M), SIDE_M};
        town_add_road(town, name, a, b, i % 2 ? GEO_ROAD_RESIDENTIAL : GEO_ROAD_PRIMARY);
    }
    for (int i = 0; i < 30; i++) {
        double x = g_rand_double_range(dice, 0, SIDE_M), y = g_rand_double_range(dice, 0, SIDE_M);
        town_add_house(town, x, y, x + 15, y + 10);
    }
    for (int i = 0; i < 25; i++) {
        GeoFacility *place = town_add(town, GEO_KIND_FACILITY, NULL);
        GeoXY at = {g_rand_double_range(dice, 0, SIDE_M), g_rand_double_range(dice, 0, SIDE_M)};
        place->must_see = 1;
        place->class = GEO_FACILITY_SCHOOL;
        town_draw(town, GEO_KIND_FACILITY, GEO_SHAPE_POINT, &at, 1);
    }
    for (int i = 0; i < CAMERAS; i++) {
        double x = g_rand_double_range(dice, 0, SIDE_M), y = g_rand_double_range(dice, 0, SIDE_M);
        double heading = g_rand_double_range(dice, 0, 360);
        int state = i % 10 == 9 ? GEO_CAMERA_FAULTY : GEO_CAMERA_WORKING;
        bool off = i == without || i % 3 == owner;
        town_add_camera(town, x, y, heading, off ? GEO_CAMERA_FAULTY : state);
        GeoBatch *rows = town->rows[GEO_KIND_CAMERA];
        GeoCamera *camera = (GeoCamera *)(void *)geo_batch_row(rows, rows->rows->len - 1);
        g_autofree char *code = g_strdup_printf("C%02d", i);
        camera->row.code = geo_batch_text(rows, code);
        camera->owner = i % 3;
    }
    town_finish(town);
    return town;
}

static GeoSurvey *survey_of(Town *town)
{
    g_autoptr(GError) error = NULL;
    const GeoCoverageOptions plain = {0};
    GeoSurvey *survey = geo_survey_load(town->store, &plain, NULL, &error);
    g_assert_no_error(error);
    return survey;
}

static void check_share(const GeoCoverShare *a, const GeoCoverShare *b)
{
    g_assert_cmpfloat_with_epsilon(a->street_m, b->street_m, 1e-6);
    g_assert_cmpfloat_with_epsilon(a->street_seen_m, b->street_seen_m, 1e-6);
    g_assert_cmpfloat(a->ground_seen_m2, ==, b->ground_seen_m2);
    for (int k = 0; k < 3; k++)
        g_assert_cmpfloat(a->seen_k_m2[k], ==, b->seen_k_m2[k]);
}

/* A city whose register says that they are faulty has the shares that the outage foretells. */
static void test_foretold(void)
{
    guint32 seed = g_test_rand_int_range(0, G_MAXINT);
    const GeoCoverageOptions plain = {0};
    for (int round = 0; round < 4; round++) {
        g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
        g_autoptr(GRand) again = g_rand_new_with_seed(seed);
        int without = round < 2 ? 10 * round + 3 : -1, owner = round < 2 ? -1 : round - 1;
        g_autoptr(Town) whole = seeded_town(dice, -1, -1);
        g_autoptr(Town) broken = seeded_town(again, without, owner);
        g_autoptr(GeoSurvey) survey = survey_of(whole);
        g_autoptr(GeoSurvey) dark = survey_of(broken);
        g_autofree char *code = g_strdup_printf("C%02d", without);
        const char *const codes[] = {code, NULL};
        GeoOutageOptions options = {
            .codes = without >= 0 ? codes : NULL, .owner = owner, .top = 1000};
        g_autoptr(GError) error = NULL;
        GeoCoverShare before = geo_ground_share(survey->ground, survey->cover);
        g_autoptr(GeoOutage) outage =
            geo_outage_measure(whole->store, survey, &plain, &options, NULL, &error);
        g_assert_no_error(error);
        GeoCoverShare after = geo_ground_share(dark->ground, dark->cover);
        GeoCoverShare restored = geo_ground_share(survey->ground, survey->cover);
        check_share(&outage->before, &before);
        check_share(&outage->before, &restored);
        check_share(&outage->after, &after);
        g_assert_cmpuint(outage->out, ==, without >= 0 ? 1 : 18);
        g_assert_cmpint(outage->mustsee, ==, 25);
        g_assert_cmpint(outage->mustsee_after, <=, outage->mustsee_before);
        g_autoptr(GeoCoverage) coverage =
            geo_coverage_of_survey(broken->store, dark, NULL, NULL, &error);
        g_assert_cmpint(outage->mustsee_after, ==, coverage->mustsee_seen);
        double sum = 0;
        for (guint i = 0; i < outage->gaps->len; i++)
            sum += g_array_index(outage->gaps, GeoOutageGap, i).area_m2;
        g_assert_cmpfloat(sum, <=, outage->opened_m2);
        g_assert_cmpuint(outage->found, ==, outage->gaps->len);
    }
}

/* The worth of each camera is what the shares lose when it alone fails. */
static void test_missed(void)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(g_test_rand_int_range(0, G_MAXINT));
    g_autoptr(Town) town = seeded_town(dice, -1, -1);
    g_autoptr(GeoSurvey) survey = survey_of(town);
    const GeoCoverageOptions plain = {0};
    GeoOutageOptions nobody = {.owner = -1, .top = 1000};
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoOutage) outage =
        geo_outage_measure(town->store, survey, &plain, &nobody, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(outage->out, ==, 0);
    check_share(&outage->before, &outage->after);
    g_assert_cmpuint(outage->missed->len, >, 20);
    for (guint i = 0; i < outage->missed->len; i++) {
        const GeoOutageCamera *camera = &g_array_index(outage->missed, GeoOutageCamera, i);
        g_assert_true(i == 0 || camera[-1].street_m >= camera->street_m);
        if (i % 7)
            continue;
        const char *const codes[] = {camera->code, NULL};
        GeoOutageOptions one = {.codes = codes, .owner = -1, .top = 1};
        g_autoptr(GeoOutage) alone =
            geo_outage_measure(town->store, survey, &plain, &one, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpfloat_with_epsilon(alone->before.street_seen_m - alone->after.street_seen_m,
                                       camera->street_m, 1e-3);
        g_assert_cmpfloat(alone->opened_m2, ==, camera->ground_m2);
    }
}

static void test_refused(void)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);
    g_autoptr(Town) town = seeded_town(dice, -1, -1);
    g_autoptr(GeoSurvey) survey = survey_of(town);
    const GeoCoverageOptions plain = {0};
    const char *const unknown[] = {"C03", "X", NULL}, *const faulty[] = {"C09", NULL};
    GeoOutageOptions options = {.codes = unknown, .owner = -1, .top = 3};
    g_autoptr(GError) error = NULL, cancelled = NULL;
    g_assert_null(geo_outage_measure(town->store, survey, &plain, &options, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "'X'"));
    options.codes = faulty;
    g_autoptr(GeoOutage) outage =
        geo_outage_measure(town->store, survey, &plain, &options, NULL, NULL);
    g_assert_cmpuint(outage->out, ==, 0);
    g_assert_cmpuint(outage->off, ==, 1);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    GeoCoverShare before = geo_ground_share(survey->ground, survey->cover);
    options.codes = NULL;
    options.owner = 1;
    g_assert_null(geo_outage_measure(town->store, survey, &plain, &options, progress, &cancelled));
    g_assert_error(cancelled, GEO_ERROR, GEO_ERROR_CANCELLED);
    GeoCoverShare restored = geo_ground_share(survey->ground, survey->cover);
    check_share(&before, &restored);
}

/* More on one spot than a cell counts. */
static void test_crowd(void)
{
    g_autoptr(Town) town = town_new();
    town_add_road(town, "Street", (GeoXY){0, 0}, (GeoXY){200, 0}, GEO_ROAD_RESIDENTIAL);
    for (int i = 0; i < 400; i++) {
        town_add_camera(town, 0, 0, 90, GEO_CAMERA_WORKING);
        GeoBatch *rows = town->rows[GEO_KIND_CAMERA];
        ((GeoCamera *)(void *)geo_batch_row(rows, rows->rows->len - 1))->owner =
            i < 399 ? GEO_OWNER_SHOP : GEO_OWNER_UNIT;
    }
    town_finish(town);
    g_autoptr(GeoSurvey) survey = survey_of(town);
    const GeoCoverageOptions plain = {0};
    GeoOutageOptions shops = {.owner = GEO_OWNER_SHOP, .top = 5};
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoOutage) outage =
        geo_outage_measure(town->store, survey, &plain, &shops, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(outage->out, ==, 399);
    g_assert_cmpfloat(outage->after.street_seen_m, ==, outage->before.street_seen_m);
    g_assert_cmpuint(outage->missed->len, ==, 1); /* the last one is missed now */
    g_assert_cmpfloat_with_epsilon(g_array_index(outage->missed, GeoOutageCamera, 0).street_m, 100,
                                   2);
    shops.owner = GEO_OWNER_UNIT;
    g_autoptr(GeoOutage) other =
        geo_outage_measure(town->store, survey, &plain, &shops, NULL, &error);
    g_assert_cmpuint(other->missed->len, ==, 0);
    g_assert_cmpuint(other->found, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/outage/shares-are-those-of-a-city-with-them-faulty", test_foretold);
    g_test_add_func("/outage/a-camera-is-worth-what-its-loss-costs", test_missed);
    g_test_add_func("/outage/a-crowd-on-one-spot-fails-one-by-one", test_crowd);
    g_test_add_func("/outage/unknown-codes-and-cancel-change-nothing", test_refused);
    return g_test_run();
}
