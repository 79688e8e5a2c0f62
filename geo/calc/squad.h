/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The soonest units that together meet a plan's needs, each unit for one need. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GEO_SQUAD_MAX_NEEDS 32 /* bits of may */

/* number[i] units are wanted for need i; unit u can serve the needs whose bits are in may[u]. Units
 * are given in the order of their arrival. need_of[u] becomes the need that u serves, or -1; room
 * for n_units. Returns how many are chosen: as many as can be, and among all choices of so many the
 * last arrives soonest, then the last but one, and so on; hence their sum is least, too. O(n_units
 * * (all numbers)^2), stops when all are there. */
size_t geo_squad_pick(const uint32_t *may, size_t n_units, const int *number, size_t n_needs,
                      int *need_of);
