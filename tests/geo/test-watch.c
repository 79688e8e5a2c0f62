/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/watch.h"

#include <stdlib.h>
#include <string.h>

#include "geo/work/fields.h"
#include "tests/geo/scene.h"
#include "tests/geo/town.h"

#define SIDE_M 400.0
#define CAMERAS 40
#define OUTAGES 30
#define HOUR_MS INT64_C(3600000)
#define FROM_MS INT64_C(1780243200000) /* 2026-06-01 00:00 in Hefei */

static Town *random_town(void)
{
    Town *town = town_new();
    for (int i = 0; i < 6; i++) {
        GeoXY a = {scene_real(0, SIDE_M), 0}, b = {scene_real(0, SIDE_M), SIDE_M};
        town_add_road(town, "Street", a, b, GEO_ROAD_RESIDENTIAL);
    }
    for (int i = 0; i < CAMERAS; i++) {
        town_add_camera(town, scene_real(0, SIDE_M), scene_real(0, SIDE_M), scene_real(0, 360),
                        i % 8 ? GEO_CAMERA_WORKING : GEO_CAMERA_FAULTY);
        GeoBatch *rows = town->rows[GEO_KIND_CAMERA];
        g_autofree char *code = g_strdup_printf("C%02d", i);
        geo_batch_row(rows, rows->rows->len - 1)->code = geo_batch_text(rows, code);
    }
    town_finish(town);
    return town;
}

static int compare_times(const void *pa, const void *pb)
{
    const int64_t *a = pa, *b = pb;
    return (*a > *b) - (*a < *b);
}

/* The window cut at every moment at which anything changes; between two of them the city is counted
 * anew, and each cell that nobody sees grows its spell. */
static void check(const GeoWatch *watch, const GeoWatchOptions *options)
{
    const GeoSurvey *survey = watch->survey;
    int64_t cut[2 * OUTAGES + 64] = {options->from_ms, options->to_ms};
    size_t n = 2;
    for (guint i = 0; i < watch->sun->len; i++)
        cut[n++] = g_array_index(watch->sun, GeoSunChange, i).at_ms;
    for (size_t i = 0; i < options->n_outages; i++) {
        cut[n++] = CLAMP(options->outages[i].from_ms, options->from_ms, options->to_ms);
        cut[n++] = CLAMP(options->outages[i].to_ms, options->from_ms, options->to_ms);
    }
    qsort(cut, n, sizeof *cut, compare_times);
    int64_t columns, rows;
    GeoXY origin;
    geo_cover_size(survey->cover, &columns, &rows, &origin);
    g_autofree int64_t *spell = g_new0(int64_t, (size_t)(columns * rows));
    g_autofree int64_t *longest = g_new0(int64_t, (size_t)(columns * rows));
    for (size_t k = 0; k + 1 < n; k++) {
        int64_t middle = cut[k] + (cut[k + 1] - cut[k]) / 2;
        GeoSightOptions sight = {
            .night = !geo_sun_is_up(geo_frame_lonlat(survey->sight->frame, origin), middle)};
        uint8_t wanted[CAMERAS];
        memset(wanted, 1, sizeof wanted);
        for (size_t i = 0; i < options->n_outages; i++)
            if (options->outages[i].from_ms <= middle && middle < options->outages[i].to_ms)
                wanted[atoi(options->outages[i].code + 1)] = 0;
        g_autoptr(GeoCover) cover = geo_fields_cover(survey->sight, &sight, GEO_FIELDS_STATED,
                                                     wanted, survey->cover, NULL, NULL);
        for (int64_t i = 0; i < columns * rows && cut[k] < cut[k + 1]; i++) {
            GeoXY p = {origin.x + (double)(i % columns) + 0.5,
                       origin.y + (double)(i / columns) + 0.5};
            spell[i] = geo_cover_at(cover, p) ? 0 : spell[i] + cut[k + 1] - cut[k];
            longest[i] = MAX(longest[i], spell[i]);
        }
    }
    for (int64_t i = 0; i < columns * rows; i++) {
        GeoXY p = {origin.x + (double)(i % columns) + 0.5, origin.y + (double)(i / columns) + 0.5};
        int32_t found = geo_spell_longest_s(watch->spell, p);
        if (geo_ground_at(survey->ground, p))
            g_assert_cmpfloat(fabs(found - (double)longest[i] / 1000), <=, 1); /* whole seconds */
        else
            g_assert_cmpint(found, ==, -1);
    }
}

static void test_plain(void)
{
    g_autoptr(Town) town = random_town();
    char code[OUTAGES][8];
    GeoWatchOutage outages[OUTAGES];
    for (int i = 0; i < OUTAGES; i++) {
        g_snprintf(code[i], sizeof code[i], "C%02d", g_test_rand_int_range(0, CAMERAS / 2));
        outages[i].code = code[i];
        outages[i].from_ms = FROM_MS + (int64_t)scene_real(-10, 70) * HOUR_MS;
        outages[i].to_ms = outages[i].from_ms + (int64_t)(scene_real(0, 30) * (double)HOUR_MS);
    }
    for (int round = 0; round < 3; round++) {
        GeoWatchOptions options = {.from_ms = FROM_MS + 7 * round * HOUR_MS,
                                   .outages = outages,
                                   .n_outages = round == 0 ? 0 : OUTAGES};
        options.to_ms = options.from_ms + (round == 1 ? 5 : 60) * HOUR_MS;
        g_autoptr(GError) error = NULL;
        g_autoptr(GeoWatch) watch = geo_watch_measure(town->store, &options, NULL, &error);
        g_assert_no_error(error);
        check(watch, &options);
        const GeoWatchStep *step = (const GeoWatchStep *)(const void *)watch->steps->data;
        for (guint k = 1; k < watch->steps->len; k++)
            g_assert_true(step[k].street_m >= step[k - 1].street_m &&
                          step[k].limit_s > step[k - 1].limit_s);
        const GeoWatchStep *last = &step[watch->steps->len - 1];
        g_assert_cmpfloat(last->street_m, ==, watch->street_m);
        g_assert_cmpfloat(last->ground_m2, ==, watch->ground_m2);
        GeoCoverShare share = geo_ground_share(watch->survey->ground, watch->survey->cover);
        g_assert_cmpfloat_with_epsilon(watch->street_m, share.street_m, 1e-6);
        g_assert_cmpfloat(watch->ground_m2, ==, share.ground_m2);
        if (round == 0) /* all day and night: the field by day is the greater */
            g_assert_cmpfloat_with_epsilon(watch->street_m - watch->never_street_m,
                                           share.street_seen_m, 2);
    }
}

static void test_refused(void)
{
    g_autoptr(Town) town = town_new();
    GeoWatchOutage outage = {"X", FROM_MS, FROM_MS + HOUR_MS};
    GeoWatchOptions options = {
        .from_ms = FROM_MS, .to_ms = FROM_MS + 24 * HOUR_MS, .outages = &outage, .n_outages = 1};
    g_autoptr(GError) error = NULL, cancelled = NULL;
    g_assert_null(geo_watch_measure(town->store, &options, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    options.n_outages = 0;
    g_autoptr(GeoWatch) nothing = geo_watch_measure(town->store, &options, NULL, NULL);
    g_assert_true(nothing->without_cameras);
    g_assert_cmpfloat(nothing->street_m, ==, 0);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    g_assert_null(geo_watch_measure(town->store, &options, progress, &cancelled));
    g_assert_error(cancelled, GEO_ERROR, GEO_ERROR_CANCELLED);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/watch/equals-counting-between-all-changes", test_plain);
    g_test_add_func("/watch/empty-cities-unknown-codes-cancel", test_refused);
    return g_test_run();
}
