/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The tables that the build writes (sound-table.c), for sound.c only. */
#include <stdint.h>

#define GEO_SOUND_FIRST_HAN 0x4e00u
#define GEO_SOUND_END_HAN 0xa000u

typedef struct {
    uint32_t han;
    uint16_t sound;
} GeoSoundMore;

extern const uint16_t geo_sound_n;
extern const char geo_sound_letters[][8];
extern const uint16_t geo_sound_nears[]; /* the sound that stands for those near it */
extern const uint16_t geo_sound_first[]; /* by character from GEO_SOUND_FIRST_HAN; 0xffff: none */
extern const uint32_t geo_sound_n_more;
extern const GeoSoundMore geo_sound_more[]; /* second readings, by character */
