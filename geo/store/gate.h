/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which fixes may be kept: of known units, on duty by the rosters, plausible in place and time.
 * Both back ends ask it before anything reaches the disk. */
#include <glib.h>

#include "geo/model/batch.h"
#include "geo/model/fix.h"

typedef struct GeoGate GeoGate;

/* From live units and rosters. A city without any roster is always on duty. Keeps no reference to
 * the batches. */
GeoGate *geo_gate_new(const GeoBatch *units, const GeoBatch *rosters);
void geo_gate_free(GeoGate *gate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoGate, geo_gate_free)

/* now_ms: fixes from more than a minute in the future are refused. */
bool geo_gate_admits(const GeoGate *gate, const GeoFix *fix, int64_t now_ms);
