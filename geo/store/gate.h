/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which fixes may be kept: of known units, on duty by rosters and jobs, plausible in place and
 * time. Both back ends ask it before anything reaches the disk. */
#include <glib.h>

#include "geo/model/dutybook.h"
#include "geo/model/fix.h"

typedef struct GeoGate GeoGate;

/* From live units, rosters and what was signed and assigned: duty is that of geo/model/dutyclock.h,
 * so that a unit on a job is not lost when its shift ends. Keeps no reference to what it is given.
 */
GeoGate *geo_gate_new(const GeoBatch *units, const GeoBatch *rosters, const GeoDutyBook *book);
void geo_gate_free(GeoGate *gate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoGate, geo_gate_free)

/* now_ms: fixes from more than a minute in the future are refused. */
bool geo_gate_admits(const GeoGate *gate, const GeoFix *fix, int64_t now_ms);
