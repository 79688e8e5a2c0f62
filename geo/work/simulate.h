/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Units that move along the roads by seeded walks at the speed of their kind, pause, fall late or
 * silent, and write their fixes tick by tick. */
#include "geo/model/frame.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"

typedef struct {
    size_t n_units;  /* 0: the fleet on duty at from_ms; else as many of the city's units, and where
                        it has none that many synthetic ones, as an import of kind units */
    bool everybody;  /* on duty or not, whatever their status */
    bool place_only; /* one fix each at from_ms and nothing more */
    int64_t from_ms, to_ms;
    int64_t step_s; /* between ticks; 0: 30 */
    uint64_t seed;
    double share_late, share_silent; /* NAN: 0.03 report only every fourth tick, 0.01 fall silent */
} GeoSimulateOptions;

typedef struct {
    size_t units, made; /* that take part; of them synthetic ones made by this run */
    size_t ticks, fixes, refused;
    int64_t last_ms; /* of the last tick */
    double move_s, write_s;
} GeoSimulateReport;

/* All of it at once. Needs roads: GEO_ERROR_MISSING says so. act->now_ms stands for the moment of
 * writing. report may be NULL. */
bool geo_simulate_run(GeoStore *store, const GeoAct *act, const GeoSimulateOptions *options,
                      GeoSimulateReport *report, GeoProgress *progress, GError **error);

/* The same in steps, for a live run: the caller waits between them. */
typedef struct GeoSimulate GeoSimulate;
GeoSimulate *geo_simulate_new(GeoStore *store, const GeoAct *act, const GeoSimulateOptions *options,
                              GeoProgress *progress, GError **error);
/* Moves to at_ms (not before the last step) and lends one fix of each unit that reports, until the
 * next call; write puts the last move's into the store. */
void geo_simulate_move(GeoSimulate *simulate, int64_t at_ms, const GeoFix **fixes, size_t *n_fixes);
bool geo_simulate_write(GeoSimulate *simulate, const GeoAct *act, GError **error);
/* Moves to at_ms (not before the last step) and writes one fix of each unit that reports: both in
 * one. */
bool geo_simulate_step(GeoSimulate *simulate, const GeoAct *act, int64_t at_ms, GError **error);
/* Who takes part: the fixes of a move are in this order, without those that do not report then.
 * code is lent and may be NULL. */
size_t geo_simulate_n(const GeoSimulate *simulate);
int64_t geo_simulate_unit(const GeoSimulate *simulate, size_t i, const char **code);
const GeoSimulateReport *geo_simulate_report(const GeoSimulate *simulate);
void geo_simulate_free(GeoSimulate *simulate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSimulate, geo_simulate_free)
