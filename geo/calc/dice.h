/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Random numbers that are the same on every machine: splitmix64 (Steele, Lea, Flood 2014). */
#include <stdint.h>

typedef struct {
    uint64_t state;
} GeoDice;

/* A stream of its own for each use of one seed, so that a new use does not shift the others. */
GeoDice geo_dice_new(uint64_t seed, uint64_t stream);

uint64_t geo_dice_next(GeoDice *dice);
double geo_dice_share(GeoDice *dice);                            /* 0 <= x < 1 */
double geo_dice_between(GeoDice *dice, double low, double high); /* low <= x < high */
uint32_t geo_dice_below(GeoDice *dice, uint32_t n);              /* 0 .. n-1; n > 0 */

/* The number of the share's place among weights that add up to total. */
uint32_t geo_dice_pick(GeoDice *dice, const double *weights, uint32_t n);
