/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/official.h"

#include "tests/geo/town.h"

/* Streets of 12 m every 100 m, houses between them, one of them on a street, cameras anywhere. */
static Town *make_town(void)
{
    Town *town = town_new();
    for (int i = 0; i < 7; i++) {
        town_add_road(town, "across", (GeoXY){0, i * 100}, (GeoXY){600, i * 100},
                      GEO_ROAD_TERTIARY);
        town_add_road(town, "along", (GeoXY){i * 100, 0}, (GeoXY){i * 100, 600}, GEO_ROAD_TERTIARY);
    }
    for (int y = 0; y < 6; y++)
        for (int x = 0; x < 6; x++) {
            double west = x * 100 + g_test_rand_double_range(8, 40);
            double south = y * 100 + g_test_rand_double_range(8, 40);
            town_add_house(town, west, south, west + g_test_rand_double_range(10, 50),
                           south + g_test_rand_double_range(10, 50));
        }
    town_add_house(town, 145, 190, 155, 230);
    for (int i = 0; i < 60; i++)
        town_add_camera(town, g_test_rand_double_range(0, 600), g_test_rand_double_range(0, 600),
                        g_test_rand_double_range(0, 360),
                        i % 5 ? GEO_CAMERA_WORKING : GEO_CAMERA_FAULTY);
    GeoArea *area = town_add(town, GEO_KIND_AREA, "west");
    area->level = "half";
    town_draw_box(town, GEO_KIND_AREA, -50, -50, 300, 650);
    area = town_add(town, GEO_KIND_AREA, "east");
    area->level = "half";
    town_draw_box(town, GEO_KIND_AREA, 300, -50, 650, 650);
    town_finish(town);
    return town;
}

static double sum_m2(const GeoPublication *publication)
{
    double m2 = 0;
    for (guint i = 0; i < publication->rows->rows->len; i++)
        m2 += ((const GeoSite *)(const void *)geo_batch_row(publication->rows, i))->cost;
    return m2;
}

static void test_measure(void)
{
    g_autoptr(Town) town = make_town();
    g_autoptr(GError) error = NULL;
    GeoCoverageOptions options = {.level = "half", .night = g_test_rand_bit()};
    g_autoptr(GeoOfficial) official = geo_official_measure(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoCoverage) cells = geo_coverage_measure(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    /* 14 streets of 612 m and round ends, crossed 49 times, one house across one of them. */
    double streets = 14 * (600 * 12 + G_PI * 36) - 49 * 144;
    g_assert_cmpfloat_with_epsilon(official->ground_m2, streets - 120, 0.01 * streets);
    double whole = official->ground_m2, *seen = official->seen_m2;
    g_test_message("ground %.1f m2, by cells %.0f; seen %.1f, by cells %.0f", whole,
                   cells->share.ground_m2, seen[0], cells->share.ground_seen_m2);
    g_assert_cmpfloat_with_epsilon(cells->share.ground_m2, whole, 0.002 * whole);
    g_assert_cmpfloat_with_epsilon(cells->share.ground_seen_m2, seen[0], 0.002 * whole);
    g_assert_cmpfloat(official->raster_m2, ==, cells->share.ground_seen_m2);
    g_assert_cmpfloat_with_epsilon(cells->share.seen_k_m2[1], seen[1] - seen[2], 0.002 * whole);
    g_assert_cmpfloat_with_epsilon(cells->share.seen_k_m2[2], seen[2], 0.002 * whole);
    g_assert_true(seen[0] >= seen[1] && seen[1] >= seen[2] && official->field_m2[0] >= seen[0]);
    g_assert_cmpuint(official->areas->len, ==, 2);
    double ground = 0, parts = 0;
    for (guint i = 0; i < 2; i++) {
        const GeoOfficialArea *area = &g_array_index(official->areas, GeoOfficialArea, i);
        g_assert_cmpfloat_with_epsilon(area->ground_m2, whole / 2, 0.03 * whole);
        ground += area->ground_m2;
        parts += area->seen_m2;
    }
    /* Areas are drawn in degrees of 1e-7: their common border is a centimetre wide. */
    g_assert_cmpfloat_with_epsilon(ground, whole, 10);
    g_assert_cmpfloat_with_epsilon(parts, seen[0], 10);
}

static void test_layers(void)
{
    g_autoptr(Town) town = make_town();
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoOfficial) official = geo_official_measure(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoPublication) fields = geo_official_publish(town->store, GEO_OFFICIAL_FIELDS, NULL,
                                                            GEO_AUDIENCE_PARTNER, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(fields->rows->rows->len, >, 30);
    g_assert_cmpuint(fields->rows->rows->len, <=, 48); /* faulty ones see nothing */
    g_autoptr(GeoPublication) covered = geo_official_publish(
        town->store, GEO_OFFICIAL_COVERED, NULL, GEO_AUDIENCE_PUBLIC, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpfloat_with_epsilon(sum_m2(covered), official->field_m2[0], 1);
    g_autoptr(GeoPublication) gaps = geo_official_publish(town->store, GEO_OFFICIAL_GAPS, NULL,
                                                          GEO_AUDIENCE_PUBLIC, NULL, &error);
    g_assert_no_error(error);
    double unseen = official->ground_m2 - official->seen_m2[0];
    g_assert_cmpfloat(sum_m2(gaps), <=, unseen + 1);
    g_assert_cmpfloat(sum_m2(gaps), >, 0.9 * unseen); /* without the smallest */
    double last = INFINITY;
    for (guint i = 0; i < gaps->rows->rows->len; i++) {
        const GeoSite *gap = (const GeoSite *)(const void *)geo_batch_row(gaps->rows, i);
        g_assert_true(gap->cost >= GEO_COVERAGE_GAP_M2 && gap->height_m <= last);
        g_assert_cmpint(gap->mandatory, ==, i + 1);
        g_assert_cmpstr(gap->row.name, ==, "detect, day");
        last = gap->height_m;
    }
}

static void test_refusals(void)
{
    g_autoptr(Town) town = make_town();
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_official_publish(town->store, GEO_OFFICIAL_FIELDS, NULL, GEO_AUDIENCE_PUBLIC,
                                       NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    GeoCoverageOptions options = {.level = "quarter"};
    g_assert_null(geo_official_measure(town->store, &options, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    g_assert_null(geo_official_measure(town->store, NULL, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
}

static void test_empty(void)
{
    g_autoptr(Town) town = town_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoOfficial) official = geo_official_measure(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_assert_true(official->ground_m2 == 0 && official->seen_m2[0] == 0);
    for (int layer = 0; layer < GEO_N_OFFICIALS; layer++) {
        g_autoptr(GeoPublication) none = geo_official_publish(
            town->store, (GeoOfficialLayer)layer, NULL, GEO_AUDIENCE_INTERNAL, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpuint(none->rows->rows->len, ==, 0);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/official/areas-agree-with-cells-and-halves-add-up", test_measure);
    g_test_add_func("/official/layers-have-the-measured-areas", test_layers);
    g_test_add_func("/official/refuses-what-it-may-not-tell", test_refusals);
    g_test_add_func("/official/an-empty-city-is-no-error", test_empty);
    return g_test_run();
}
