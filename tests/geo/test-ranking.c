/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Gaps by area and street, and ground that one camera alone sees. */
#include <string.h>

#include "geo/work/coverage.h"
#include "geo/work/outage.h"
#include "tests/geo/scene.h"
#include "tests/geo/town.h"

#define SIDE_M 600.0

static Town *random_town(void)
{
    Town *town = town_new();
    for (int i = 0; i < 9; i++) {
        g_autofree char *name = g_strdup_printf("Street %d", i / 2); /* two ways a name */
        GeoXY a = {scene_real(0, SIDE_M), 0}, b = {scene_real(0, SIDE_M), SIDE_M};
        town_add_road(town, i == 8 ? NULL : name, a, b, GEO_ROAD_RESIDENTIAL);
    }
    for (int i = 0; i < 9; i++) {
        g_autofree char *code = g_strdup_printf("%02d", i);
        GeoArea *area = town_add(town, GEO_KIND_AREA, code);
        area->level = geo_batch_word(town->rows[GEO_KIND_AREA], "grid");
        double x = i % 3 * 200, y = i / 3 * 200;
        town_draw_box(town, GEO_KIND_AREA, x, y, x + 200, y + 200);
    }
    for (int i = 0; i < 50; i++) {
        town_add_camera(town, scene_real(0, SIDE_M), scene_real(0, SIDE_M), scene_real(0, 360),
                        GEO_CAMERA_WORKING);
        GeoBatch *rows = town->rows[GEO_KIND_CAMERA];
        GeoCamera *camera = (GeoCamera *)(void *)geo_batch_row(rows, rows->rows->len - 1);
        g_autofree char *code = g_strdup_printf("C%02d", i);
        camera->row.code = geo_batch_text(rows, code);
        camera->heading_err_deg = 15;
    }
    for (int i = 0; i < 60; i++) {
        GeoPopulation *people = town_add(town, GEO_KIND_POPULATION, NULL);
        people->people = i % 7;
        town_draw(town, GEO_KIND_POPULATION, GEO_SHAPE_POINT,
                  &(GeoXY){scene_real(0, SIDE_M), scene_real(0, SIDE_M)}, 1);
    }
    town_finish(town);
    return town;
}

/* An area's row says what coverage says of the area. */
static void test_areas(void)
{
    g_autoptr(Town) town = random_town();
    g_autoptr(GError) error = NULL;
    GeoCoverageOptions options = {
        .level = "grid", .doubt = true, .weigh = GEO_RISK_EQUAL, .night = true};
    g_autoptr(GeoCoverageRanking) ranking =
        geo_coverage_rank(town->store, &options, 100, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoCoverage) coverage = geo_coverage_measure(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(ranking->rows->len, ==, 9);
    double unsure_m2 = 0;
    for (guint i = 0; i < 9; i++) {
        const GeoCoverageRow *row = &g_array_index(ranking->rows, GeoCoverageRow, i);
        const GeoCoverageArea *area =
            &g_array_index(coverage->areas, GeoCoverageArea, (guint)atoi(row->code));
        g_assert_cmpstr(row->code, ==, area->code);
        g_assert_cmpfloat_with_epsilon(row->street_m, area->street_m, 1e-6);
        g_assert_cmpfloat_with_epsilon(row->unseen_m, area->street_m - area->seen_m, 1e-6);
        g_assert_cmpfloat(row->ground_m2, ==, area->ground_m2);
        g_assert_cmpfloat(row->unseen_m2, ==, area->ground_m2 - area->ground_seen_m2);
        g_assert_cmpfloat(row->weight, ==, row->unseen_m);
        g_assert_cmpfloat(row->unsure_m2, <=, row->unseen_m2);
        g_assert_true(i == 0 || row[-1].unseen_m >= row->unseen_m);
        unsure_m2 += row->unsure_m2;
    }
    g_assert_cmpfloat(unsure_m2, >, 100);
    /* Chords of a wider rim lie elsewhere: some cells of the narrow field are not in the wide. */
    double wider_m2 = coverage->possible.ground_seen_m2 - coverage->share.ground_seen_m2;
    g_assert_cmpfloat_with_epsilon(unsure_m2, wider_m2, 50);
    options.weigh = GEO_RISK_POPULATION;
    g_autoptr(GeoCoverageRanking) people =
        geo_coverage_rank(town->store, &options, 3, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(people->rows->len, ==, 3);
    g_assert_cmpuint(people->found, ==, 9);
    const GeoCoverageRow *row = (const GeoCoverageRow *)(const void *)people->rows->data;
    g_assert_true(row[0].weight >= row[1].weight && row[1].weight >= row[2].weight);
}

/* Metre by metre along the ways of each name. */
static void test_streets(void)
{
    g_autoptr(Town) town = random_town();
    g_autoptr(GError) error = NULL;
    GeoCoverageOptions options = {.weigh = GEO_RISK_EQUAL};
    g_autoptr(GeoCoverageRanking) ranking =
        geo_coverage_rank(town->store, &options, 100, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoSurvey) survey = geo_survey_load(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    size_t n;
    const GeoStretch *stretch = geo_ground_stretches(survey->ground, &n);
    g_assert_cmpuint(ranking->rows->len, ==, 5);
    for (guint r = 0; r < ranking->rows->len; r++) {
        const GeoCoverageRow *row = &g_array_index(ranking->rows, GeoCoverageRow, r);
        double street_m = 0, unseen_m = 0;
        for (size_t i = 0; i < n; i++) {
            const char *name = geo_batch_row(survey->roads, stretch[i].street)->name;
            if (g_strcmp0(name, row->name) != 0)
                continue;
            GeoXY a = stretch[i].a, b = stretch[i].b;
            long samples = geo_ground_samples(&stretch[i]);
            for (long k = 0; k < samples; k++) {
                double t = ((double)k + 0.5) / (double)samples;
                GeoXY p = {a.x + t * (b.x - a.x), a.y + t * (b.y - a.y)};
                double metres = hypot(b.x - a.x, b.y - a.y) / (double)samples;
                street_m += geo_ground_at(survey->ground, p) ? metres : 0;
                unseen_m += geo_ground_at(survey->ground, p) && !geo_cover_at(survey->cover, p)
                                ? metres
                                : 0;
            }
        }
        g_assert_cmpfloat_with_epsilon(row->street_m, street_m, 1e-6);
        g_assert_cmpfloat_with_epsilon(row->unseen_m, unseen_m, 1e-6);
        g_assert_cmpfloat_with_epsilon(row->weight, unseen_m, 1e-6);
        g_assert_true(isnan(row->ground_m2) && row->code == NULL);
    }
}

/* Each piece goes dark with its camera, and all of them are the ground that one sees. */
static void test_soles(void)
{
    g_autoptr(Town) town = random_town();
    g_autoptr(GError) error = NULL;
    GeoCoverageOptions options = {.weigh = GEO_RISK_EQUAL};
    g_autoptr(GeoCoverageSoles) soles =
        geo_coverage_find_soles(town->store, &options, 1000, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoSurvey) survey = geo_survey_load(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    GeoCoverShare share = geo_ground_share(survey->ground, survey->cover);
    g_assert_cmpfloat(soles->area_m2, <=, share.seen_k_m2[0]);
    g_assert_cmpfloat(soles->area_m2, >, share.seen_k_m2[0] * 0.8);
    for (guint i = 0; i < soles->pieces->len; i++) {
        const GeoCoverageSole *one = &g_array_index(soles->pieces, GeoCoverageSole, i);
        GeoXY at = geo_frame_xy(town->frame, one->at);
        g_assert_cmpint(geo_cover_at(survey->cover, at), ==, 1);
        g_assert_true(i == 0 || one[-1].area_m2 >= one->area_m2);
        g_assert_cmpfloat(one->weight, ==, one->area_m2);
        if (i % 8)
            continue;
        const char *const codes[] = {one->camera, NULL};
        GeoOutageOptions outage = {.codes = codes, .owner = -1, .top = 1000};
        g_autoptr(GeoOutage) loss =
            geo_outage_measure(town->store, survey, &options, &outage, NULL, &error);
        g_assert_no_error(error);
        g_assert_cmpfloat(loss->opened_m2, >=, one->area_m2);
        g_assert_cmpuint(loss->out, ==, 1);
    }
    g_assert_cmpuint(soles->pieces->len, >, 10);
}

/* Two streets, one with incidents at noon, one with fewer at midnight. */
static void test_hours(void)
{
    g_autoptr(Town) town = town_new();
    town_add_road(town, "Noon", (GeoXY){0, 0}, (GeoXY){100, 0}, GEO_ROAD_RESIDENTIAL);
    town_add_road(town, "Midnight", (GeoXY){0, 900}, (GeoXY){100, 900}, GEO_ROAD_RESIDENTIAL);
    for (int i = 0; i < 30; i++) {
        GeoIncident *incident = town_add(town, GEO_KIND_INCIDENT, NULL);
        bool night = i % 3 == 0; /* 04:00 or 16:00 UTC is noon or midnight in Hefei */
        incident->at_ms = INT64_C(1767225600000) + (night ? 16 : 4) * INT64_C(3600000);
        GeoXY p = {3.0 * i, night ? 900 : 0};
        town_draw(town, GEO_KIND_INCIDENT, GEO_SHAPE_POINT, &p, 1);
    }
    town_finish(town);
    for (int k = 0; k < 3; k++) {
        GeoCoverageOptions options = {.weigh = k < 2 ? GEO_RISK_HOUR : GEO_RISK_INCIDENTS,
                                      .night = k > 0};
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoCoverageRanking) streets =
            geo_coverage_rank(town->store, &options, 5, NULL, &error);
        g_assert_no_error(error);
        const GeoCoverageRow *row = (const GeoCoverageRow *)(const void *)streets->rows->data;
        g_assert_cmpuint(streets->rows->len, ==, 2);
        g_assert_cmpstr(row[0].name, ==, k == 1 ? "Midnight" : "Noon");
        /* Nothing of that hour weighs on the other street but the base of 1 a km2. */
        if (k < 2)
            g_assert_cmpfloat_with_epsilon(row[1].weight, 1e-6 * row[1].unseen_m, 1e-9);
        else
            g_assert_cmpfloat(row[1].weight, >, 1e-3);
    }
}

static void test_nothing(void)
{
    g_autoptr(Town) town = town_new();
    g_autoptr(GError) error = NULL;
    GeoCoverageOptions options = {.weigh = GEO_RISK_POPULATION};
    g_assert_null(geo_coverage_rank(town->store, &options, 5, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    options = (GeoCoverageOptions){.level = "grid"};
    g_assert_null(geo_coverage_rank(town->store, &options, 5, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    options.level = NULL;
    g_autoptr(GeoCoverageRanking) streets =
        geo_coverage_rank(town->store, &options, 5, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(streets->found, ==, 0);
    g_assert_true(streets->without_cameras && streets->without_weight);
    g_autoptr(GeoCoverageSoles) soles =
        geo_coverage_find_soles(town->store, &options, 5, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(soles->found, ==, 0);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    g_assert_null(geo_coverage_find_soles(town->store, &options, 5, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/ranking/areas-as-coverage-says", test_areas);
    g_test_add_func("/ranking/streets-equal-walking-them", test_streets);
    g_test_add_func("/ranking/pieces-of-one-go-dark-with-it", test_soles);
    g_test_add_func("/ranking/incidents-of-the-hour", test_hours);
    g_test_add_func("/ranking/empty-cities-and-refusals", test_nothing);
    return g_test_run();
}
