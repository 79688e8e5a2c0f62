/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How old a position may be before it must look old: four steps, by kind of unit. The limits are
 * ours: a device that reports every 10 s (cars, e-bikes) has missed three reports when it is late,
 * a walker's every 30 s has missed two; a control channel that carries 1,000 positions a minute is
 * late by design, and shall look so. */
#include <stdint.h>

typedef enum { GEO_AGE_LIVE, GEO_AGE_LATE, GEO_AGE_STALE, GEO_AGE_SILENT, GEO_N_AGES } GeoAge;

extern const char *const geo_age_words[]; /* "live", "late", "stale", "silent" */

/* Longest age of each step in ms; what is older than stale_ms is silent. */
typedef struct {
    int64_t live_ms, late_ms, stale_ms;
} GeoAgeLimits;

/* Of a GeoUnitKind; an unknown kind is judged as the slowest. */
GeoAgeLimits geo_age_limits(int unit_kind);

/* A position from the future counts as live: its clock is the gate's matter. A fix_ms of 0 is no
 * fix at all: silent. */
GeoAge geo_age_of(int unit_kind, int64_t fix_ms, int64_t now_ms);

/* How far from its last position a unit may be by now, metres: what the position may be off
 * (accuracy_m, NAN: nothing known) and the way it can have gone since, at the brisk pace of its
 * kind in a city (foot 1.8 m/s, e-bike 7, car and team 14). 0 without a position (age_s NAN); at
 * most GEO_AGE_FARTHEST_M, beyond which it is anywhere. */
#define GEO_AGE_FARTHEST_M 5000.0
double geo_age_reach_m(int unit_kind, double accuracy_m, double age_s);
