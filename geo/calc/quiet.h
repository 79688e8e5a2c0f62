/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Whether an area has gone quiet: more of its units on duty have fallen silent at once than devices
 * do by chance, so that a mast, a gateway or a line is what failed. Each unit is silent now and
 * then by itself; with the city's own usual share of silence, n units give k silent ones by the
 * binomial law. An alarm is raised where k or more would come less than once in 10,000 such looks,
 * and taken back only when most of the units are heard again, so that it does not flap. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Fewer units on duty than this prove nothing, whatever they do. */
#define GEO_QUIET_LEAST 5
/* Chance below which it is no chance. */
#define GEO_QUIET_CHANCE 1e-4
/* Nothing is usual below it: a fleet of ten perfect devices is no law. */
#define GEO_QUIET_LEAST_SHARE 0.02
/* An alarm ends when no more than so many of its units are silent. */
#define GEO_QUIET_END_SHARE 0.25

typedef struct {
    uint32_t on_duty, silent; /* silent: of those on duty, later than stale */
    double chance;            /* of so many or more by chance; 1 when none is silent */
    bool alarm;
} GeoQuietArea;

/* P(X >= k) for X binomial of n and p, by logarithms; exact to 1e-9. O(n - k). */
double geo_quiet_tail(uint32_t n, uint32_t k, double p);

/* Judges each area; usual_share is the city's share of silent ones at ordinary times (NAN: 0.02).
 * alarm goes in as it was at the last look. O(sum of on_duty). */
void geo_quiet_judge(GeoQuietArea *areas, size_t n, double usual_share);
