/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Readings come from CLDR by way of ICU, as tables made by the build (sound-table.c). Tones are
 * left out: nobody types them, and on the telephone they are the first to go. */
#include "geo/calc/sound.h"

#include <string.h>

#include "geo/calc/sound-table.h"

#define MAX_LETTERS 48 /* of one run; longer ones are no name */
#define COST 100       /* of a syllable, beside 1 for how it begins */
#define LONGEST 6      /* letters of a syllable: zhuang */

size_t geo_sound_count(void)
{
    return geo_sound_n;
}

size_t geo_sound_of(uint32_t character, GeoSound readings[GEO_SOUND_MOST])
{
    if (character < GEO_SOUND_FIRST_HAN || character >= GEO_SOUND_END_HAN)
        return 0;
    uint16_t main_reading = geo_sound_first[character - GEO_SOUND_FIRST_HAN];
    if (main_reading == 0xffff)
        return 0;
    size_t n = 0, low = 0, high = geo_sound_n_more;
    readings[n++] = main_reading;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (geo_sound_more[middle].han < character)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < geo_sound_n_more && geo_sound_more[low].han == character && n < GEO_SOUND_MOST;
         low++)
        readings[n++] = geo_sound_more[low].sound;
    return n;
}

const char *geo_sound_text(GeoSound sound)
{
    return sound < geo_sound_n ? geo_sound_letters[sound] : "";
}

GeoSound geo_sound_near(GeoSound sound)
{
    return sound < geo_sound_n ? geo_sound_nears[sound] : sound;
}

/* O(sounds): some 400 short texts. */
static bool sound_of_letters(const char *letters, size_t n, GeoSound *sound)
{
    for (uint16_t i = 0; i < geo_sound_n; i++)
        if (strncmp(geo_sound_letters[i], letters, n) == 0 && geo_sound_letters[i][n] == '\0') {
            *sound = i;
            return true;
        }
    return false;
}

size_t geo_sound_split(const char *letters, size_t n, GeoSoundCut cut, GeoSound *sounds, size_t max)
{
    size_t cost[MAX_LETTERS + 1], fewest[MAX_LETTERS + 1], begin[MAX_LETTERS + 1];
    GeoSound last[MAX_LETTERS + 1];
    if (n == 0 || n > MAX_LETTERS)
        return 0;
    cost[0] = fewest[0] = 0;
    for (size_t end = 1; end <= n; end++) {
        cost[end] = SIZE_MAX;
        for (size_t size = 1; size <= LONGEST && size <= end; size++) {
            GeoSound sound;
            size_t at = end - size;
            /* lone m, n, hm are sounds of the table but in no name */
            if (cost[at] == SIZE_MAX || strcspn(letters + at, "aeiouv") >= size ||
                !sound_of_letters(letters + at, size, &sound))
                continue;
            bool by_vowel = strchr("aeo", letters[at]) != NULL;
            size_t sum = cost[at] + COST + (by_vowel != (cut == GEO_SOUND_BY_VOWEL));
            if (sum >= cost[end])
                continue;
            cost[end] = sum;
            fewest[end] = fewest[at] + 1;
            begin[end] = at;
            last[end] = sound;
        }
    }
    if (cost[n] == SIZE_MAX || fewest[n] > max)
        return 0;
    for (size_t end = n, i = fewest[n]; i > 0; end = begin[end])
        sounds[--i] = last[end];
    return fewest[n];
}
