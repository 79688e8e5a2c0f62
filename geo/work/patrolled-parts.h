/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The parts of geo/work/patrolled.c: duty, windows, rates. */
#include "geo/calc/rounds.h"
#include "geo/work/patrolled.h"

/* Duty of all units over the time, and the homes that it names. */
typedef struct {
    GArray *duty;  /* GeoPatrolDuty, by unit, then time */
    GArray *first; /* uint32_t: of each home, and one more */
    GArray *areas; /* uint32_t */
    bool always;
} GeoPatrolledDuty;

bool geo_patrolled_duty_load(GeoStore *store, const GeoPatrolled *patrolled, GeoPatrolledDuty *duty,
                             GError **error);
void geo_patrolled_duty_clear(GeoPatrolledDuty *duty);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(GeoPatrolledDuty, geo_patrolled_duty_clear)

/* planned_s, silent_s and the three rates of what was planned. */
void geo_patrolled_rate(GeoPatrolled *patrolled, const GeoPatrolledDuty *duty);
void geo_patrolled_fill_rate(GeoPatrolledRate *rate, const char *formula, double part, double whole,
                             double unknown);

/* Must-visit points: loads them and their windows before the tracks are read, judges them behind.
 */
GeoRounds *geo_patrolled_must_load(GeoStore *store, const GeoPatrolledOptions *options,
                                   GeoPatrolled *patrolled, GArray *windows, GError **error);
void geo_patrolled_must_judge(GeoPatrolled *patrolled, const GeoRounds *rounds,
                              const GArray *windows);

bool geo_patrolled_join(GeoStore *store, const GeoPatrolledOptions *options,
                        GeoPatrolled *patrolled, GeoProgress *progress, GError **error);
bool geo_patrolled_rank(GeoStore *store, const GeoPatrolledOptions *options,
                        GeoPatrolled *patrolled, GError **error);
