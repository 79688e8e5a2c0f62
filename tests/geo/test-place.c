/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/place.h"

#include <string.h>

#include "geo/work/coverage.h"
#include "tests/geo/town.h"

/* Three streets each way between houses, one camera in the register. */
static Town *plain_town(void)
{
    Town *town = town_new();
    for (int i = 0; i < 3; i++) {
        town_add_road(town, "East Street", (GeoXY){0, i * 150}, (GeoXY){400, i * 150},
                      GEO_ROAD_PRIMARY);
        town_add_road(town, "North Street", (GeoXY){i * 200, -20}, (GeoXY){i * 200, 320},
                      GEO_ROAD_RESIDENTIAL);
    }
    for (int i = 0; i < 8; i++)
        town_add_house(town, 20 + 45 * i, 20 + 30 * (i % 3), 50 + 45 * i, 45 + 30 * (i % 3));
    town_add_camera(town, 5, 0, 90, GEO_CAMERA_WORKING);
    return town;
}

static GeoPlacement *place(Town *town, const GeoPlaceOptions *options)
{
    g_autoptr(GError) error = NULL;
    GeoPlacement *placement = geo_place_find(town->store, options, NULL, &error);
    g_assert_no_error(error);
    return placement;
}

static const GeoPlacePick *pick_at(const GeoPlacement *placement, guint i)
{
    return &g_array_index(placement->picks, GeoPlacePick, i);
}

/* What a city whose register has the picks says of its ground. */
static double measured(const GeoPlacement *placement, unsigned cover)
{
    g_autoptr(Town) town = plain_town();
    for (guint i = 0; i < placement->picks->len; i++) {
        GeoCamera *camera = town_add(town, GEO_KIND_CAMERA, NULL);
        GeoRow row = camera->row;
        *camera = pick_at(placement, i)->camera;
        camera->row = row;
        camera->state = GEO_CAMERA_WORKING;
        geo_batch_set_point(town->rows[GEO_KIND_CAMERA], pick_at(placement, i)->at.lon,
                            pick_at(placement, i)->at.lat);
    }
    town_finish(town);
    g_autoptr(GError) error = NULL;
    GeoCoverageOptions options = {.cell_m = 2};
    g_autoptr(GeoCoverage) coverage = geo_coverage_measure(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    const GeoCoverShare *share = &coverage->share;
    double views = share->seen_k_m2[0] + 2 * share->seen_k_m2[1] + 3 * share->seen_k_m2[2];
    return (cover == 1 ? share->ground_seen_m2 : fmin(views, INFINITY) / cover) / share->ground_m2;
}

static void test_equals_measured(void)
{
    g_autoptr(Town) town = plain_town();
    town_finish(town);
    for (size_t count = 1; count <= 6; count += 5) {
        GeoPlaceOptions options = {.count = count, .weigh = GEO_RISK_EQUAL};
        g_autoptr(GeoPlacement) placement = place(town, &options);
        double sum = placement->covered_before;
        g_assert_cmpuint(placement->picks->len, ==, count);
        for (guint i = 0; i < count; i++) {
            sum += pick_at(placement, i)->gain;
            g_assert_true(i == 0 || pick_at(placement, i)->gain <= pick_at(placement, i - 1)->gain);
            g_assert_cmpfloat(pick_at(placement, i)->cost, >, 0);
            g_assert_nonnull(pick_at(placement, i)->street);
        }
        g_assert_cmpfloat_with_epsilon(sum, placement->covered_after, 1e-9);
        g_assert_cmpfloat(placement->bound, >=, placement->covered_after);
        g_assert_cmpfloat(placement->gap_share, <=, 0.05);
        g_assert_cmpfloat_with_epsilon(placement->covered_after, measured(placement, 1), 2e-3);
    }
}

static double cost_of(const GeoPlacement *placement, int owner)
{
    double sum = 0;
    for (guint i = 0; i < placement->picks->len; i++)
        if (owner < 0 || pick_at(placement, i)->camera.owner == owner)
            sum += pick_at(placement, i)->cost;
    return sum;
}

static void test_money(void)
{
    g_autoptr(Town) town = plain_town();
    town_finish(town);
    GeoPlaceOptions all = {.count = 10, .weigh = GEO_RISK_EQUAL, .budget_all = 9000};
    g_autoptr(GeoPlacement) poor = place(town, &all);
    g_assert_cmpfloat(cost_of(poor, -1), <=, 9000);
    g_assert_cmpuint(poor->picks->len, >=, 2);
    GeoPlaceOptions units = {.count = 10, .weigh = GEO_RISK_EQUAL};
    for (int k = 0; k < GEO_N_OWNERS; k++)
        units.budget[k] = k == GEO_OWNER_UNIT ? 7000 : -1;
    g_autoptr(GeoPlacement) walls = place(town, &units);
    g_assert_cmpfloat(cost_of(walls, GEO_OWNER_UNIT), <=, 7000);
    g_assert_cmpfloat(cost_of(walls, GEO_OWNER_GOVERNMENT), ==, 0);
    g_assert_cmpuint(walls->picks->len, >=, 1);
    GeoPlaceOptions twice = {.count = 6, .weigh = GEO_RISK_EQUAL, .cover = 2};
    g_autoptr(GeoPlacement) doubly = place(town, &twice);
    g_assert_cmpfloat(doubly->covered_after, >, doubly->covered_before);
    g_assert_cmpfloat(doubly->bound, <=, 1);
}

/* A city's own sites: the mandatory one is picked first, and nothing else is asked. */
static void test_sites(void)
{
    g_autoptr(Town) town = plain_town();
    const GeoXY spots[3] = {{200, 152}, {100, 2}, {300, 302}};
    for (int i = 0; i < 3; i++) {
        GeoSite *site = town_add(town, GEO_KIND_SITE, i == 2 ? "MUST" : "MAY");
        site->mount = GEO_MOUNT_POLE;
        site->cost = 1000;
        site->mandatory = i == 2;
        town_draw(town, GEO_KIND_SITE, GEO_SHAPE_POINT, &spots[i], 1);
    }
    town_finish(town);
    GeoPlaceOptions options = {.count = 2, .weigh = GEO_RISK_EQUAL, .sites_only = true};
    g_autoptr(GeoPlacement) placement = place(town, &options);
    g_assert_cmpuint(placement->picks->len, ==, 2);
    g_assert_cmpuint(placement->places, ==, 3);
    g_assert_true(pick_at(placement, 0)->mandatory);
    GeoLonLat must = town_lonlat(town, 300, 302);
    g_assert_cmpfloat_with_epsilon(pick_at(placement, 0)->at.lon, must.lon, 1e-7);
    g_assert_false(pick_at(placement, 1)->mandatory);
}

/* No candidate looks into a room that is not to be seen, though it would gain. */
static void test_nolook(void)
{
    g_autoptr(Town) town = plain_town();
    town_add(town, GEO_KIND_NOLOOK, "room");
    town_draw_box(town, GEO_KIND_NOLOOK, 180, 120, 420, 320);
    town_finish(town);
    GeoPlaceOptions options = {.count = 8, .weigh = GEO_RISK_EQUAL};
    g_autoptr(GeoPlacement) placement = place(town, &options);
    g_assert_cmpuint(placement->refused, >, 0);
    for (guint i = 0; i < placement->picks->len; i++) {
        GeoXY p = geo_frame_xy(town->frame, pick_at(placement, i)->at);
        double x = p.x - town->origin.x, y = p.y - town->origin.y;
        g_assert_false(x > 181 && x < 419 && y > 121 && y < 319);
    }
}

static void test_refusals(void)
{
    g_autoptr(Town) town = plain_town();
    town_finish(town);
    g_autoptr(GError) error = NULL;
    GeoPlaceOptions type = {.count = 2, .lens = "no such"};
    g_assert_null(geo_place_find(town->store, &type, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_assert_nonnull(strstr(error->message, "B4-4K"));
    g_clear_error(&error);
    GeoPlaceOptions area = {.count = 2, .area = "nowhere"};
    g_assert_null(geo_place_find(town->store, &area, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    GeoBounds far = {10, 10, 10.1, 10.1};
    GeoPlaceOptions empty = {.count = 2, .within = &far};
    g_assert_null(geo_place_find(town->store, &empty, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    GeoPlaceOptions plain = {.count = 2};
    geo_progress_cancel(progress);
    g_assert_null(geo_place_find(town->store, &plain, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
    geo_placement_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/place/a-city-built-so-measures-the-same", test_equals_measured);
    g_test_add_func("/place/no-budget-is-exceeded", test_money);
    g_test_add_func("/place/sites-of-the-city-and-the-one-that-must-be", test_sites);
    g_test_add_func("/place/no-room-is-looked-into", test_nolook);
    g_test_add_func("/place/refusals-name-what-is-missing", test_refusals);
    return g_test_run();
}
