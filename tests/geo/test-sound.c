/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/sound.h"

#include <glib.h>
#include <string.h>

static bool reads(const char *character, const char *letters)
{
    GeoSound readings[GEO_SOUND_MOST];
    size_t n = geo_sound_of(g_utf8_get_char(character), readings);
    for (size_t i = 0; i < n; i++)
        if (strcmp(geo_sound_text(readings[i]), letters) == 0)
            return true;
    return false;
}

static GeoSound sound(const char *letters)
{
    GeoSound one;
    g_assert_cmpuint(geo_sound_split(letters, strlen(letters), GEO_SOUND_BY_CONSONANT, &one, 1), ==,
                     1);
    return one;
}

static void characters_keep_all_their_readings(void)
{
    static const char *const pairs[][2] = {
        {"长", "chang"}, {"长", "zhang"}, {"合", "he"},    {"合", "ge"},   {"行", "xing"},
        {"行", "hang"},  {"重", "zhong"}, {"重", "chong"}, {"蚌", "beng"}, {"蚌", "bang"},
        {"六", "lu"},    {"六", "liu"},   {"绿", "lv"},    {"肥", "fei"},  {"瑶", "yao"},
        {"庐", "lu"},    {"蜀", "shu"},   {"包", "bao"}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++)
        g_assert_true(reads(pairs[i][0], pairs[i][1]));
    g_assert_false(reads("长", "zhong"));
    g_assert_false(reads("a", "a"));
    GeoSound readings[GEO_SOUND_MOST];
    g_assert_cmpuint(geo_sound_of(0x10ffff, readings), ==, 0);
    size_t without = 0;
    for (uint32_t han = 0x4e00; han < 0xa000; han++)
        without += geo_sound_of(han, readings) == 0;
    g_assert_cmpuint(without, <, 120); /* units of measure made in Japan and the newest ones */
}

static void near_sounds_are_classes(void)
{
    static const char *const alike[][2] = {{"zhong", "zong"}, {"nan", "lan"}, {"chen", "ceng"},
                                           {"lin", "ning"},   {"shi", "si"},  {"huang", "huan"},
                                           {"lv", "nu"}};
    static const char *const apart[][2] = {{"fu", "hu"},       {"zhong", "zhen"}, {"an", "ai"},
                                           {"jiang", "liang"}, {"xi", "xia"},     {"wu", "yu"}};
    for (size_t i = 0; i < G_N_ELEMENTS(alike); i++)
        g_assert_cmpuint(geo_sound_near(sound(alike[i][0])), ==,
                         geo_sound_near(sound(alike[i][1])));
    for (size_t i = 0; i < G_N_ELEMENTS(apart); i++)
        g_assert_cmpuint(geo_sound_near(sound(apart[i][0])), !=,
                         geo_sound_near(sound(apart[i][1])));
    for (size_t i = 0; i < geo_sound_count(); i++) {
        GeoSound near = geo_sound_near((GeoSound)i);
        g_assert_cmpuint(geo_sound_near(near), ==, near);
    }
}

static char *dup_split(const char *letters, GeoSoundCut cut)
{
    GeoSound sounds[12];
    size_t n = geo_sound_split(letters, strlen(letters), cut, sounds, 12);
    GString *text = g_string_new(NULL);
    for (size_t i = 0; i < n; i++)
        g_string_append_printf(text, "%s%s", i ? " " : "", geo_sound_text(sounds[i]));
    return g_string_free(text, FALSE);
}

static void letters_are_cut_into_the_fewest_syllables(void)
{
    static const char *const pairs[][2] = {{"changjiangzhonglu", "chang jiang zhong lu"},
                                           {"hefei", "he fei"},
                                           {"yaohai", "yao hai"},
                                           {"xingfuxiaoqu", "xing fu xiao qu"},
                                           {"cjzl", ""},
                                           {"street", ""},
                                           {"", ""},
                                           {"n", ""}};
    for (size_t i = 0; i < G_N_ELEMENTS(pairs); i++) {
        g_autofree char *text = dup_split(pairs[i][0], GEO_SOUND_BY_CONSONANT);
        g_assert_cmpstr(text, ==, pairs[i][1]);
    }
    g_autofree char *two = dup_split("changan", GEO_SOUND_BY_CONSONANT);
    g_autofree char *other = dup_split("changan", GEO_SOUND_BY_VOWEL);
    g_assert_cmpstr(two, ==, "chan gan");
    g_assert_cmpstr(other, ==, "chang an");
    GeoSound one;
    g_assert_cmpuint(geo_sound_split("hefei", 5, GEO_SOUND_BY_CONSONANT, &one, 1), ==, 0);
}

/* Any row of syllables, written without gaps, is cut into no more of them, and these spell it. */
static void cutting_keeps_the_letters(void)
{
    for (int round = 0; round < 2000; round++) {
        g_autoptr(GString) letters = g_string_new(NULL);
        int n = g_test_rand_int_range(1, 7), put = 0;
        while (put < n) {
            GeoSound readings[GEO_SOUND_MOST];
            if (geo_sound_of((uint32_t)g_test_rand_int_range(0x4e00, 0x9fa5), readings) == 0 ||
                !strpbrk(geo_sound_text(readings[0]), "aeiouv"))
                continue;
            g_string_append(letters, geo_sound_text(readings[0]));
            put++;
        }
        GeoSound sounds[8];
        size_t cut = geo_sound_split(letters->str, letters->len, round % 2, sounds, 8);
        g_assert_cmpuint(cut, >=, 1);
        g_assert_cmpuint(cut, <=, n);
        g_autoptr(GString) again = g_string_new(NULL);
        for (size_t i = 0; i < cut; i++)
            g_string_append(again, geo_sound_text(sounds[i]));
        g_assert_cmpstr(again->str, ==, letters->str);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/sound/characters-keep-all-their-readings",
                    characters_keep_all_their_readings);
    g_test_add_func("/sound/near-sounds-are-classes", near_sounds_are_classes);
    g_test_add_func("/sound/letters-are-cut-into-the-fewest-syllables",
                    letters_are_cut_into_the_fewest_syllables);
    g_test_add_func("/sound/cutting-keeps-the-letters", cutting_keeps_the_letters);
    return g_test_run();
}
