/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/who.h"

#include "geo/work/fields.h"
#include "tests/geo/scene.h"
#include "tests/geo/town.h"

#define SIDE_M 700.0

static Town *crowded_town(void)
{
    Town *town = town_new();
    for (int i = 0; i < 80; i++) {
        double x = scene_real(0, SIDE_M), y = scene_real(0, SIDE_M);
        town_add_house(town, x, y, x + scene_real(5, 30), y + scene_real(5, 30));
    }
    for (int i = 0; i < 500; i++) {
        int state = i % 7 == 0 ? GEO_CAMERA_FAULTY : GEO_CAMERA_WORKING;
        town_add_camera(town, scene_real(0, SIDE_M), scene_real(0, SIDE_M), scene_real(0, 360),
                        state);
    }
    town_finish(town);
    return town;
}

/* Every camera asked, all rings of its field, even-odd; then sorted by density. */
static GArray *plain_seers(const GeoSight *sight, GeoXY p)
{
    g_autoptr(GeoFields) fields = geo_fields_of(sight);
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    GArray *seers = g_array_new(FALSE, FALSE, sizeof(GeoWhoSeer));
    for (uint32_t i = 0; i < sight->n; i++) {
        size_t n;
        const GeoXY *xy = geo_fields_rings(fields, i, first, &n);
        bool in = false;
        for (guint k = 0; xy && k < first->len; k++) {
            size_t from = g_array_index(first, uint32_t, k);
            size_t to = k + 1 < first->len ? g_array_index(first, uint32_t, k + 1) : n;
            in ^= scene_in_polygon(xy + from, to - from, p);
        }
        if (!in)
            continue;
        const GeoCamera *camera = &g_array_index(sight->cameras->rows, GeoCamera, i);
        GeoWhoSeer seer = {.camera = i};
        seer.distance_m = hypot(sight->eyes[i].at.x - p.x, sight->eyes[i].at.y - p.y);
        seer.px_per_m = geo_sight_density_px_per_m(camera, sight->eyes[i].at, p);
        guint at = 0;
        while (at < seers->len && g_array_index(seers, GeoWhoSeer, at).px_per_m >= seer.px_per_m)
            at++;
        g_array_insert_val(seers, at, seer);
    }
    return seers;
}

static void test_all(void)
{
    g_autoptr(Town) town = crowded_town();
    g_autoptr(GError) error = NULL;
    for (int night = 0; night < 2; night++) {
        GeoSightOptions options = {.night = night, .metres_only = true, .with_off = night};
        g_autoptr(GeoSight) sight = geo_sight_load(town->store, &options, NULL, &error);
        g_assert_no_error(error);
        g_autoptr(GeoWho) who = geo_who_new(sight);
        size_t seen = 0;
        for (int k = 0; k < 1500; k++) {
            GeoXY p = {town->origin.x + scene_real(-100, SIDE_M + 100),
                       town->origin.y + scene_real(-100, SIDE_M + 100)};
            g_autoptr(GArray) wanted = plain_seers(sight, p);
            GeoWhoSeer seers[3];
            g_assert_cmpuint(geo_who_find(who, p, seers, 3), ==, wanted->len);
            for (guint i = 0; i < MIN(wanted->len, 3); i++) {
                const GeoWhoSeer *right = &g_array_index(wanted, GeoWhoSeer, i);
                g_assert_cmpuint(seers[i].camera, ==, right->camera);
                g_assert_cmpfloat(seers[i].px_per_m, ==, right->px_per_m);
                g_assert_cmpfloat(seers[i].px_per_m, >=,
                                  seers[i].class > 0 ? geo_sight_px_per_m(seers[i].class) : 0);
            }
            seen += wanted->len;
        }
        g_assert_cmpuint(seen, >, 1000);
    }
}

/* More on one spot than the index keeps room for: all are counted, the densest come first. */
static void test_crowd(void)
{
    g_autoptr(Town) town = town_new();
    for (int i = 0; i < 700; i++)
        town_add_camera(town, -i * 0.1, 0, 90, GEO_CAMERA_WORKING);
    town_finish(town);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSight) sight = geo_sight_load(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoWho) who = geo_who_new(sight);
    GeoWhoSeer seers[2];
    GeoXY p = {town->origin.x + 5, town->origin.y};
    g_assert_cmpuint(geo_who_find(who, p, seers, 2), ==, 700);
    g_assert_cmpuint(seers[0].camera, ==, 0);
    g_assert_cmpuint(seers[1].camera, ==, 1);
}

static void test_nobody(void)
{
    g_autoptr(Town) town = town_new();
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSight) sight = geo_sight_load(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoWho) who = geo_who_new(sight);
    g_assert_cmpuint(geo_who_find(who, town->origin, NULL, 0), ==, 0);
    geo_who_free(NULL);
}

/* Fields drawn again are the fields that a load under the same options draws. */
static void test_redrawn(void)
{
    g_autoptr(Town) town = crowded_town();
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoSight) day = geo_sight_load(town->store, NULL, NULL, &error);
    g_assert_no_error(error);
    GeoSightOptions options = {.night = true, .class = GEO_SIGHT_IDENTIFY, .with_off = true};
    g_autoptr(GeoSight) night = geo_sight_load(town->store, &options, NULL, &error);
    g_assert_no_error(error);
    g_autoptr(GeoFields) wanted = geo_fields_of(night);
    g_autoptr(GeoFields) drawn =
        geo_fields_draw(day, &options, GEO_FIELDS_STATED, NULL, NULL, &error);
    g_assert_no_error(error);
    size_t rings = wanted->ring0[wanted->n];
    g_assert_cmpmem(wanted->ring0, (wanted->n + 1) * sizeof(uint32_t), drawn->ring0,
                    (drawn->n + 1) * sizeof(uint32_t));
    g_assert_cmpmem(wanted->ring, (rings + 1) * sizeof(uint32_t), drawn->ring,
                    (rings + 1) * sizeof(uint32_t));
    g_assert_cmpmem(wanted->xy, wanted->ring[rings] * sizeof(GeoXY), drawn->xy,
                    drawn->ring[rings] * sizeof(GeoXY));
    g_autofree uint8_t *one = g_new0(uint8_t, day->n);
    one[3] = 1;
    g_autoptr(GeoFields) few = geo_fields_draw(day, &options, GEO_FIELDS_STATED, one, NULL, &error);
    for (size_t i = 0; i < few->n; i++)
        g_assert_true(geo_fields_empty(few, i) == (i != 3 || geo_fields_empty(drawn, 3)));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/who/equals-asking-every-camera", test_all);
    g_test_add_func("/who/ranks-a-crowd-on-one-spot", test_crowd);
    g_test_add_func("/who/nobody-sees-an-empty-city", test_nobody);
    g_test_add_func("/who/fields-drawn-again-equal-those-loaded", test_redrawn);
    return g_test_run();
}
