/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/tally.h"

#include "tests/geo/scene.h"

#define GROUPS 5
static const GeoBox box = {1000, 2000, 1600, 2500};

static void random_streets(GeoGround *ground)
{
    for (int i = 0; i < 25; i++) {
        GeoXY line[3];
        for (int k = 0; k < 3; k++)
            line[k] = (GeoXY){scene_real(980, 1620), scene_real(1980, 2520)};
        geo_ground_add_street(ground, line, 3, scene_real(3, 30), 0);
    }
    for (int i = 0; i < 30; i++) {
        GeoXY at = {scene_real(1000, 1600), scene_real(2000, 2500)};
        GeoXY house[4] = {at, {at.x + 20, at.y}, {at.x + 20, at.y + 12}, {at.x, at.y + 12}};
        geo_ground_cut(ground, house, NULL, 1, 4);
    }
}

static void check(const GeoTally *tally, const GeoGround *ground, const GeoCover *cover,
                  const int32_t *group)
{
    GeoCoverShare kept = geo_tally_share(tally), plain = geo_ground_share(ground, cover);
    double street_m[GROUPS], seen_m[GROUPS];
    g_assert_cmpfloat_with_epsilon(kept.street_m, plain.street_m, 1e-3);
    g_assert_cmpfloat_with_epsilon(kept.street_seen_m, plain.street_seen_m, 1e-3);
    g_assert_cmpfloat(kept.ground_m2, ==, plain.ground_m2);
    g_assert_cmpfloat(kept.ground_seen_m2, ==, plain.ground_seen_m2);
    for (int k = 0; k < 3; k++)
        g_assert_cmpfloat(kept.seen_k_m2[k], ==, plain.seen_k_m2[k]);
    geo_ground_share_by(ground, cover, group, GROUPS, street_m, seen_m);
    for (size_t i = 0; i < GROUPS; i++) {
        double whole, part;
        geo_tally_group(tally, i, &whole, &part);
        g_assert_cmpfloat_with_epsilon(whole, street_m[i], 1e-3);
        g_assert_cmpfloat_with_epsilon(part, seen_m[i], 1e-3);
    }
}

static void test_changes(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    g_autoptr(GArray) views = g_array_new(FALSE, FALSE, 4 * sizeof(GeoXY));
    random_streets(ground);
    size_t n;
    geo_ground_stretches(ground, &n);
    g_autofree int32_t *group = g_new(int32_t, n);
    for (size_t i = 0; i < n; i++)
        group[i] = g_test_rand_int_range(-1, GROUPS);
    g_autoptr(GeoTally) tally = geo_tally_new(ground, cover);
    geo_tally_set_groups(tally, group, GROUPS);
    check(tally, ground, cover, group);
    for (int round = 0; round < 400; round++) {
        GeoXY view[4];
        GeoBox changed = GEO_BOX_EMPTY;
        bool add = views->len == 0 || g_test_rand_int_range(0, 5) < 3;
        guint which = add ? 0 : (guint)g_test_rand_int_range(0, (gint32)views->len);
        GeoXY at = {scene_real(900, 1700), scene_real(1900, 2600)};
        for (int k = 0; k < 4; k++)
            view[k] = add ? (GeoXY){at.x + scene_real(-90, 90), at.y + scene_real(-90, 90)}
                          : ((GeoXY *)(void *)views->data)[4 * which + (guint)k];
        for (int k = 0; k < 4; k++)
            geo_box_add(&changed, view[k]);
        if (add) {
            geo_cover_add(cover, view, 4);
            g_array_append_val(views, view);
        } else {
            geo_cover_remove(cover, view, 4);
            g_array_remove_index_fast(views, which);
        }
        geo_tally_refresh(tally, &changed);
        if (round % 8 == 0)
            check(tally, ground, cover, group);
    }
    check(tally, ground, cover, group);
}

static void test_outside(void)
{
    g_autoptr(GeoGround) ground = geo_ground_new(&box, 1);
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    g_autoptr(GeoTally) tally = geo_tally_new(ground, cover);
    GeoBox nowhere = GEO_BOX_EMPTY, far = {5000, 5000, 6000, 6000};
    geo_tally_refresh(tally, &nowhere);
    geo_tally_refresh(tally, &far);
    g_assert_cmpfloat(geo_tally_share(tally).street_m, ==, 0);
    geo_tally_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/tally/follows-every-change", test_changes);
    g_test_add_func("/tally/no-ground-and-far-changes", test_outside);
    return g_test_run();
}
