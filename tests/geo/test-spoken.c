/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The place finder against addresses as people say them: the bench's questions, on a small city. */
#include "spoken.h"

#define QUESTIONS 280
#define FIRST 3

static void places_as_people_say_them_are_found(void)
{
    static const uint64_t seeds[] = {SPOKEN_SEED, 5};
    for (size_t s = 0; s < G_N_ELEMENTS(seeds); s++) {
        SpokenTown town = {0};
        g_autoptr(GError) error = NULL;
        spoken_begin(&town, 0.04, seeds[s], QUESTIONS);
        g_autoptr(GeoStore) store = spoken_store(&town);
        g_autoptr(GeoFinder) finder = geo_finder_load(store, NULL, &error);
        g_assert_no_error(error);
        g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoFound));
        int right[SPOKEN_KINDS] = {0}, n[SPOKEN_KINDS] = {0}, all = 0;
        for (guint i = 0; i < town.spoken->len; i++) {
            const Spoken *one = &g_array_index(town.spoken, Spoken, i);
            geo_finder_search(finder, one->text, one->near, FIRST, found);
            bool good = spoken_place(&town, one, found, FIRST) > 0;
            if (!good)
                g_test_message("missed, %s: %s", spoken_kinds[one->kind], one->text);
            n[one->kind]++;
            right[one->kind] += good;
            all += good;
        }
        for (int kind = 0; kind < SPOKEN_KINDS; kind++) {
            g_test_message("%s: %d of %d", spoken_kinds[kind], right[kind], n[kind]);
            g_assert_cmpint(right[kind] * 100, >=, n[kind] * 60);
        }
        g_assert_cmpint(all * 100, >=, QUESTIONS * 95);
        spoken_end(&town);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/spoken/places-as-people-say-them-are-found",
                    places_as_people_say_them_are_found);
    return g_test_run();
}
