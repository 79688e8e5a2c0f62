/* SPDX-License-Identifier: GPL-3.0-or-later */
/* 50,000 cameras on one spot, as a register with one default place for all gives them: every
 * question has its answer, and none takes minutes. */
#include "geo/work/official.h"
#include "geo/work/outage.h"
#include "geo/work/place.h"
#include "geo/work/who.h"

#include "tests/geo/town.h"

#define CROWD 50000
#define MOST_S 20 /* of one question; a slow machine under sanitizers stays below it */

static Town *crowd_town(size_t n)
{
    Town *town = town_new();
    town_add_road(town, "Main Street", (GeoXY){0, 100}, (GeoXY){400, 100}, GEO_ROAD_RESIDENTIAL);
    town_add_house(town, 150, 112, 190, 140);
    for (size_t i = 0; i < n; i++)
        town_add_camera(town, 100, 100, 90, GEO_CAMERA_WORKING);
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

/* What 50,000 see is what one of them sees; counts stop at their top and hide nothing. */
static void sees_as_one(void)
{
    g_autoptr(Town) alone = crowd_town(1);
    g_autoptr(Town) town = crowd_town(CROWD);
    g_autoptr(GeoSurvey) one = survey_of(alone);
    g_test_timer_start();
    g_autoptr(GeoSurvey) survey = survey_of(town);
    g_test_message("survey of %d on one spot: %.2f s", CROWD, g_test_timer_elapsed());
    g_assert_cmpfloat(g_test_timer_last(), <, MOST_S);
    GeoCoverShare a = geo_ground_share(one->ground, one->cover);
    GeoCoverShare b = geo_ground_share(survey->ground, survey->cover);
    g_assert_cmpfloat(a.ground_seen_m2, >, 100);
    g_assert_cmpfloat(a.ground_seen_m2, ==, b.ground_seen_m2);
    g_assert_cmpfloat(b.seen_k_m2[2], ==, b.ground_seen_m2);
    g_assert_cmpfloat_with_epsilon(a.street_seen_m, b.street_seen_m, 1e-6);
    g_autoptr(GeoWho) who = geo_who_new(survey->sight);
    GeoWhoSeer seers[4];
    GeoXY p = {town->origin.x + 130, town->origin.y + 100};
    g_test_timer_start();
    g_assert_cmpuint(geo_who_find(who, p, seers, 4), ==, CROWD);
    g_assert_cmpfloat(g_test_timer_elapsed(), <, MOST_S);
    g_assert_cmpfloat_with_epsilon(seers[0].distance_m, 30, 0.01);
}

static void fails_as_one(void)
{
    g_autoptr(Town) town = crowd_town(CROWD);
    g_autoptr(GeoSurvey) survey = survey_of(town);
    const GeoCoverageOptions plain = {0};
    GeoOutageOptions all = {.owner = 0, .top = 3};
    g_autoptr(GError) error = NULL;
    g_test_timer_start();
    g_autoptr(GeoOutage) outage =
        geo_outage_measure(town->store, survey, &plain, &all, NULL, &error);
    g_assert_no_error(error);
    g_test_message("outage of all %d: %.2f s", CROWD, g_test_timer_elapsed());
    g_assert_cmpfloat(g_test_timer_last(), <, MOST_S);
    g_assert_cmpuint(outage->out, ==, CROWD);
    g_assert_cmpfloat(outage->before.ground_seen_m2, >, 100);
    g_assert_cmpfloat(outage->after.ground_seen_m2, ==, 0);
}

/* Fewer for the exact tiles: unions of equal polygons grow with their number. */
static void measures_as_one(void)
{
    g_autoptr(Town) alone = crowd_town(1);
    g_autoptr(Town) town = crowd_town(2000);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoOfficial) one = geo_official_measure(alone->store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_test_timer_start();
    g_autoptr(GeoOfficial) all = geo_official_measure(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_test_message("exact areas of 2000 on one spot: %.2f s", g_test_timer_elapsed());
    g_assert_cmpfloat(g_test_timer_last(), <, MOST_S);
    g_assert_cmpfloat_with_epsilon(one->seen_m2[0], all->seen_m2[0], 1e-6 * one->seen_m2[0]);
    g_assert_cmpfloat_with_epsilon(all->seen_m2[2], all->seen_m2[0], 1e-6 * one->seen_m2[0]);
}

static void places_as_for_one(void)
{
    g_autoptr(Town) alone = crowd_town(1);
    g_autoptr(Town) town = crowd_town(CROWD);
    g_autoptr(GError) error = NULL;
    GeoPlaceOptions options = {.count = 2, .weigh = GEO_RISK_EQUAL, .candidates = 500};
    g_autoptr(GeoPlacement) a = geo_place_find(alone->store, &options, NULL, &error);
    g_assert_no_error(error);
    g_test_timer_start();
    g_autoptr(GeoPlacement) b = geo_place_find(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    g_test_message("placement beside %d on one spot: %.2f s", CROWD, g_test_timer_elapsed());
    g_assert_cmpfloat(g_test_timer_last(), <, MOST_S);
    g_assert_cmpuint(b->picks->len, ==, a->picks->len);
    g_assert_cmpfloat_with_epsilon(a->covered_after, b->covered_after, 1e-9);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/crowd/sees-as-one", sees_as_one);
    g_test_add_func("/crowd/fails-as-one", fails_as_one);
    g_test_add_func("/crowd/measures-as-one", measures_as_one);
    g_test_add_func("/crowd/places-as-for-one", places_as_for_one);
    return g_test_run();
}
