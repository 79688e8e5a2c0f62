/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a scenario comes to: its steps folded into one line a camera. */
#include "geo/model/batch.h"

/* The scenario's planned cameras as its done steps leave them, in order of their first change; KEEP
 * takes a camera out again. Phases up to merged_phase, which the register has, are left out. steps
 * and planned hold rows of any scenarios, by id. PLANNED rows, the caller's. O(rows). */
GeoBatch *geo_scenario_fold(const GeoBatch *steps, const GeoBatch *planned, int64_t scenario,
                            int64_t merged_phase);

/* Adds a planned camera to a batch of cameras, under its own id and the version it was planned on.
 */
GeoCamera *geo_scenario_add_camera(GeoBatch *cameras, const GeoBatch *planned, guint i);

/* Adds a camera to a batch of planned ones: id 0, step 0, phase 1, cost NAN. at NAN: it has no
 * place. */
GeoPlanned *geo_scenario_add_planned(GeoBatch *planned, const GeoCamera *camera, GeoLonLat at,
                                     GeoPlannedWhat what);

/* The step that undoing takes back, or redoing brings again: its row in steps; -1: there is none.
 */
gssize geo_scenario_undoable(const GeoBatch *steps, int64_t scenario);
gssize geo_scenario_redoable(const GeoBatch *steps, int64_t scenario);
