/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/duplicates.h"

#include "geo/calc/region.h"
#include "tests/geo/town.h"

static GeoCamera *last_camera(Town *town)
{
    GeoBatch *cameras = town->rows[GEO_KIND_CAMERA];
    return (GeoCamera *)(void *)geo_batch_row(cameras, cameras->rows->len - 1);
}

static GeoSight *sight_of(Town *town)
{
    g_autoptr(GError) error = NULL;
    GeoSightOptions options = {.metres_only = true, .with_off = true};
    GeoSight *sight = geo_sight_load(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    return sight;
}

static GeoDuplicates *find(const GeoSight *sight, const GeoDuplicatesOptions *options)
{
    g_autoptr(GError) error = NULL;
    GeoDuplicates *found = geo_duplicates_find(sight, sight->cameras, options, NULL, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(found->checked + found->blind, ==, sight->cameras->rows->len);
    return found;
}

static const GeoDuplicate *pair_of(const GeoDuplicates *found, guint i)
{
    g_assert_cmpuint(found->pairs->len, >, i);
    return &g_array_index(found->pairs, GeoDuplicate, i);
}

/* Twice in the register, once with half the reach; one that looks away; one across the street. */
static void copies_go_by_where_they_look(void)
{
    g_autoptr(Town) town = town_new();
    town_add_camera(town, 0, 0, 358, GEO_CAMERA_WORKING);
    last_camera(town)->owner = GEO_OWNER_GOVERNMENT;
    town_add_camera(town, 0.5, 0, 1, GEO_CAMERA_FAULTY);
    last_camera(town)->owner = GEO_OWNER_SHOP;
    last_camera(town)->range_m = 50;
    town_add_camera(town, 0, 0, 180, GEO_CAMERA_WORKING);
    town_add_camera(town, 500, 0, 0, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoDuplicates) found = find(sight, NULL);
    g_assert_cmpuint(found->checked, ==, 4);
    g_assert_cmpuint(found->pairs->len, ==, 1);
    g_assert_cmpuint(found->copies, ==, 1);
    g_assert_cmpuint(found->two_owners, ==, 1);
    const GeoDuplicate *pair = pair_of(found, 0);
    g_assert_true(pair->copy);
    g_assert_cmpuint(pair->a, ==, 0);
    g_assert_cmpuint(pair->b, ==, 1);
    g_assert_cmpfloat_with_epsilon(pair->distance_m, 0.5, 0.01);
    /* Half the reach sees a quarter of the ground. */
    g_assert_cmpfloat_with_epsilon(pair->share, 0.25, 0.02);
}

/* Two sectors of 90 degrees and 100 m, turned by 15 degrees: 75 of 105 in common. */
static void shares_are_of_what_both_see(void)
{
    g_autoptr(Town) town = town_new();
    town_add_camera(town, 0, 0, 0, GEO_CAMERA_WORKING);
    town_add_camera(town, 0, 0, 15, GEO_CAMERA_PLANNED);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    GeoDuplicatesOptions options = {.least_share = 0.7};
    g_autoptr(GeoDuplicates) found = find(sight, &options);
    g_assert_false(pair_of(found, 0)->copy);
    g_assert_cmpfloat_with_epsilon(pair_of(found, 0)->share, 75.0 / 105, 0.002);
    g_assert_cmpfloat_with_epsilon(pair_of(found, 0)->common_m2, G_PI * 1e4 * 75 / 360, 20);
    options.least_share = 0.72;
    g_autoptr(GeoDuplicates) none = find(sight, &options);
    g_assert_cmpuint(none->pairs->len, ==, 0);
}

/* Back to back on either side of one house they share nothing, however near they stand. */
static void walls_part_them(void)
{
    g_autoptr(Town) town = town_new();
    town_add_house(town, -60, 0, 60, 0.4);
    town_add_camera(town, 0, -0.1, 0, GEO_CAMERA_WORKING);
    town_add_camera(town, 2, 0.5, 0, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    GeoDuplicatesOptions options = {.least_share = 0.05};
    g_autoptr(GeoDuplicates) found = find(sight, &options);
    g_assert_cmpuint(found->pairs->len, ==, 0);
}

/* A wall at arm's length leaves nothing of the picture: still one camera too many. */
static void blind_ones_are_copies_too(void)
{
    g_autoptr(Town) town = town_new();
    town_add_house(town, -20, 1, 20, 10);
    for (int i = 0; i < 2; i++) {
        town_add_camera(town, 0, 0, 0, GEO_CAMERA_WORKING);
        last_camera(town)->height_m = 6;
        last_camera(town)->tilt_deg = 10;
    }
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoDuplicates) found = find(sight, NULL);
    g_assert_cmpuint(found->copies, ==, 1);
    g_assert_cmpfloat(pair_of(found, 0)->a_m2, ==, 0);
    g_assert_cmpfloat(pair_of(found, 0)->share, ==, 0);
}

static void doubt_is_told(void)
{
    g_autoptr(Town) town = town_new();
    town_add_camera(town, 0, 0, 0, GEO_CAMERA_WORKING);
    town_add_camera(town, 0, 0, 0, GEO_CAMERA_WORKING);
    last_camera(town)->assumed = GEO_ASSUMED_HEADING;
    town_add_camera(town, 0, 0, 0, GEO_CAMERA_WORKING);
    last_camera(town)->heading_deg = NAN; /* nobody knows what it sees */
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoDuplicates) found = find(sight, NULL);
    g_assert_cmpuint(found->blind, ==, 1);
    g_assert_cmpuint(found->pairs->len, ==, 1);
    g_assert_cmpuint(found->unsure, ==, 1);
    g_assert_true(pair_of(found, 0)->unsure);
    g_assert_cmpfloat(pair_of(found, 0)->share, ==, 1);
}

static void only_what_is_asked(void)
{
    g_autoptr(Town) town = town_new();
    for (int i = 0; i < 4; i++)
        town_add_camera(town, i, 0, 0, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    const bool asked[4] = {false, false, true, false};
    GeoDuplicatesOptions options = {.asked = asked};
    g_autoptr(GeoDuplicates) all = find(sight, NULL);
    g_autoptr(GeoDuplicates) some = find(sight, &options);
    g_assert_cmpuint(all->pairs->len, ==, 6);
    g_assert_cmpuint(some->pairs->len, ==, 3);
    for (guint i = 0; i < some->pairs->len; i++)
        g_assert_true(pair_of(some, i)->a == 2 || pair_of(some, i)->b == 2);
}

/* ---- the plain twin ---- */

static bool in_field(const GeoSight *sight, size_t i, GeoXY p)
{
    bool in = false;
    for (uint32_t k = sight->ring0[i]; k < sight->ring0[i + 1]; k++)
        for (uint32_t a = sight->ring[k], last = sight->ring[k + 1] - 1, b = last;
             a < sight->ring[k + 1]; b = a++) {
            const GeoXY *s = &sight->xy[a], *t = &sight->xy[b];
            if ((s->y > p.y) != (t->y > p.y) &&
                p.x < s->x + (p.y - s->y) / (t->y - s->y) * (t->x - s->x))
                in = !in;
        }
    return in;
}

/* Every pair, by squares of 1 m over the whole town. */
static double plain_share(const GeoSight *sight, const Town *town, size_t i, size_t j)
{
    size_t both = 0, either = 0;
    for (double y = -60.5; y < 120; y++)
        for (double x = -60.5; x < 120; x++) {
            GeoXY p = {town->origin.x + x, town->origin.y + y};
            bool a = in_field(sight, i, p), b = in_field(sight, j, p);
            both += a && b;
            either += a || b;
        }
    return (double)both / (double)either;
}

static double told_share(const GeoDuplicates *found, uint32_t a, uint32_t b)
{
    for (guint k = 0; k < found->pairs->len; k++)
        if (pair_of(found, k)->a == a && pair_of(found, k)->b == b)
            return pair_of(found, k)->share;
    return 0;
}

static Town *random_town(size_t n_cameras)
{
    Town *town = town_new();
    for (int i = 0; i < 4; i++) {
        double x = g_test_rand_double_range(0, 50), y = g_test_rand_double_range(0, 50);
        town_add_house(town, x, y, x + 8, y + 5);
    }
    for (size_t i = 0; i < n_cameras; i++) {
        town_add_camera(town, g_test_rand_double_range(0, 60), g_test_rand_double_range(0, 60),
                        g_test_rand_double_range(0, 360), GEO_CAMERA_WORKING);
        last_camera(town)->fov_deg = g_test_rand_double_range(60, 360);
        last_camera(town)->range_m = g_test_rand_double_range(30, 55);
    }
    town_finish(town);
    return town;
}

static void shares_agree_with_squares(void)
{
    enum { CAMERAS = 7 };
    size_t n_met = 0;
    for (int round = 0; round < 6; round++) {
        g_autoptr(Town) town = random_town(CAMERAS);
        g_autoptr(GeoSight) sight = sight_of(town);
        GeoDuplicatesOptions options = {.least_share = 0.3};
        g_autoptr(GeoDuplicates) found = find(sight, &options);
        for (uint32_t a = 0; a < CAMERAS; a++)
            for (uint32_t b = a + 1; b < CAMERAS; b++) {
                double plain = plain_share(sight, town, a, b), told = told_share(found, a, b);
                if (plain > 0.32)
                    g_assert_cmpfloat_with_epsilon(told, plain, 0.02);
                if (plain < 0.28)
                    g_assert_true(told == 0);
                n_met += plain > 0.32;
            }
        for (guint k = 1; k < found->pairs->len; k++)
            g_assert_true(pair_of(found, k - 1)->copy || !pair_of(found, k)->copy);
    }
    g_assert_cmpuint(n_met, >, 5);
}

/* Every pair of a larger town, without sweep or bounds, by the same overlay. */
static size_t check_all_pairs(const GeoSight *sight, const GeoDuplicates *found, double least)
{
    size_t n_pairs = 0;
    g_autoptr(GPtrArray) fields = g_ptr_array_new();
    GeoShaper *shaper = geo_shaper_new(sight->eyes[0].at);
    for (size_t i = 0; i < sight->n; i++) {
        g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
        g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
        geo_view_rings(sight->edges, &sight->eyes[i], points, parts);
        g_ptr_array_add(fields, geo_region_of_rings(
                                    shaper, (const GeoXY *)(const void *)points->data, points->len,
                                    (const uint32_t *)(const void *)parts->data, parts->len));
    }
    for (uint32_t a = 0; a < sight->n; a++)
        for (uint32_t b = a + 1; b < sight->n; b++) {
            GeoRegion *both = geo_region_and(shaper, fields->pdata[a], fields->pdata[b]);
            double common = geo_region_area_m2(shaper, both);
            double either = geo_region_area_m2(shaper, fields->pdata[a]) +
                            geo_region_area_m2(shaper, fields->pdata[b]) - common;
            geo_region_free(shaper, both);
            if (fabs(common / either - least) < 1e-6)
                continue; /* either way is right */
            g_assert_cmpfloat_with_epsilon(told_share(found, a, b),
                                           common / either > least ? common / either : 0, 1e-6);
            n_pairs += common / either > least;
        }
    for (guint i = 0; i < fields->len; i++)
        geo_region_free(shaper, fields->pdata[i]);
    geo_shaper_free(shaper);
    return n_pairs;
}

static void the_sweep_misses_no_pair(void)
{
    for (int round = 0; round < 4; round++) {
        g_autoptr(Town) town = random_town(60);
        g_autoptr(GeoSight) sight = sight_of(town);
        GeoDuplicatesOptions options = {.least_share = g_test_rand_double_range(0.2, 0.6),
                                        .within_m = 1e-6};
        g_autoptr(GeoDuplicates) found = find(sight, &options);
        size_t n_pairs = check_all_pairs(sight, found, options.least_share);
        g_assert_cmpuint(found->pairs->len, ==, n_pairs);
        g_assert_cmpuint(n_pairs, >, 0);
        g_assert_cmpuint(found->crowded, ==, 0);
    }
}

static void crowds_are_told_not_listed(void)
{
    g_autoptr(Town) town = town_new();
    enum { CROWD = 2000 };
    for (int i = 0; i < CROWD; i++)
        town_add_camera(town, 0, 0, 0, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoDuplicates) found = find(sight, NULL);
    const size_t most = GEO_DUPLICATES_MOST;
    g_assert_cmpuint(found->pairs->len, ==, most * (most - 1) / 2 + (CROWD - most) * most);
    g_assert_cmpuint(found->crowded, ==, CROWD - most - 1);
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    g_autoptr(GError) error = NULL;
    geo_progress_cancel(progress);
    g_assert_null(geo_duplicates_find(sight, sight->cameras, NULL, progress, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
}

static void nobody_has_no_twin(void)
{
    g_autoptr(Town) town = town_new();
    town_add_house(town, 0, 0, 10, 10);
    town_finish(town);
    g_autoptr(GeoSight) sight = sight_of(town);
    g_autoptr(GeoDuplicates) found = find(sight, NULL);
    g_assert_cmpuint(found->pairs->len + found->checked + found->blind, ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/duplicates/copies-go-by-where-they-look", copies_go_by_where_they_look);
    g_test_add_func("/duplicates/shares-are-of-what-both-see", shares_are_of_what_both_see);
    g_test_add_func("/duplicates/walls-part-them", walls_part_them);
    g_test_add_func("/duplicates/blind-ones-are-copies-too", blind_ones_are_copies_too);
    g_test_add_func("/duplicates/doubt-is-told", doubt_is_told);
    g_test_add_func("/duplicates/only-what-is-asked", only_what_is_asked);
    g_test_add_func("/duplicates/shares-agree-with-squares", shares_agree_with_squares);
    g_test_add_func("/duplicates/the-sweep-misses-no-pair", the_sweep_misses_no_pair);
    g_test_add_func("/duplicates/crowds-are-told-not-listed", crowds_are_told_not_listed);
    g_test_add_func("/duplicates/nobody-has-no-twin", nobody_has_no_twin);
    return g_test_run();
}
