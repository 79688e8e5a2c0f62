/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/dice.h"

uint64_t geo_dice_next(GeoDice *dice)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

GeoDice geo_dice_new(uint64_t seed, uint64_t stream)
{
    GeoDice dice = {seed};
    uint64_t a = geo_dice_next(&dice);
    dice.state = a ^ (stream * UINT64_C(0xd1342543de82ef95));
    geo_dice_next(&dice);
    return dice;
}

double geo_dice_share(GeoDice *dice)
{
    return (double)(geo_dice_next(dice) >> 11) * 0x1p-53;
}

double geo_dice_between(GeoDice *dice, double low, double high)
{
    return low + (high - low) * geo_dice_share(dice);
}

uint32_t geo_dice_below(GeoDice *dice, uint32_t n)
{
    return (uint32_t)(((geo_dice_next(dice) >> 32) * n) >> 32);
}

uint32_t geo_dice_pick(GeoDice *dice, const double *weights, uint32_t n)
{
    double total = 0;
    for (uint32_t i = 0; i < n; i++)
        total += weights[i];
    double at = geo_dice_share(dice) * total;
    for (uint32_t i = 0; i + 1 < n; i++) {
        at -= weights[i];
        if (at < 0)
            return i;
    }
    return n - 1;
}
