/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How Chinese characters sound: pinyin syllables without tones, all readings of a character, and
 * which syllables many people do not tell apart. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GEO_SOUND_MOST 4 /* readings of one character */

typedef uint16_t GeoSound; /* a syllable; below geo_sound_count() */

size_t geo_sound_count(void);

/* The readings of a character, the commonest first; their number, 0 for what is no character of
 * U+4E00..9FFF. O(log second readings). */
size_t geo_sound_of(uint32_t character, GeoSound readings[GEO_SOUND_MOST]);

/* "zhong", "lv"; static. */
const char *geo_sound_text(GeoSound sound);

/* Equal for syllables that are hard to tell apart: zh and z, ch and c, sh and s, n and l at the
 * beginning, en and eng, in and ing, an and ang, v and u. */
GeoSound geo_sound_near(GeoSound sound);

/* Of two ways to cut letters into equally many syllables: "wang hua nan", or "wang huan an". */
typedef enum { GEO_SOUND_BY_CONSONANT, GEO_SOUND_BY_VOWEL } GeoSoundCut;

/* Cuts letters ("changjiang") into the fewest syllables; their number, 0 when they are not wholly
 * syllables or more than max. letters: a to z, n of them. */
size_t geo_sound_split(const char *letters, size_t n, GeoSoundCut cut, GeoSound *sounds,
                       size_t max);
