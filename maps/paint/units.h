/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Patrol units: symbols by kind, colour by status, form by the age of the position; trails; counts
 * where symbols would crowd. */
#include <cairo.h>

#include "geo/model/coord.h"
#include "geo/model/kind.h"
#include "maps/paint/labels.h"
#include "maps/paint/view.h"

typedef enum {
    MAPS_AGE_LIVE,   /* under 20 s */
    MAPS_AGE_LATE,   /* under 2 min */
    MAPS_AGE_STALE,  /* under 10 min: hollow, with its minutes */
    MAPS_AGE_SILENT, /* older, or never heard: dashed and crossed */
    MAPS_N_AGES
} MapsAge;

MapsAge maps_units_age(double age_s); /* NAN: silent */

typedef struct {
    GeoLonLat at;
    int kind;           /* GeoUnitKind */
    int status;         /* GeoUnitStatus */
    double age_s;       /* of the position; NAN: never heard, at is its post */
    double heading_deg; /* NAN: unknown */
    double speed_mps;
} MapsUnit;

typedef struct {
    GeoLonLat at;
    float age_s;
} MapsTrailPoint;

typedef struct {
    const MapsUnit *units; /* borrowed */
    size_t n;
    const MapsTrailPoint *trail; /* borrowed, oldest first within a unit */
    const uint32_t *trail_first; /* n_trails + 1 */
    size_t n_trails;
    double trail_s; /* how far back they go */
} MapsUnits;

/* One symbol; with the minutes of a stale one drawn by maps_paint_units(). */
void maps_paint_unit(cairo_t *cr, const MapsView *view, MapsPoint p, const MapsUnit *unit);

/* Are there so many in the picture that counts are drawn instead of symbols? */
bool maps_units_crowded(const MapsView *view, const MapsUnits *units);

/* Nothing where units crowd: their streets would drown. */
void maps_paint_trails(cairo_t *cr, const MapsView *view, const MapsUnits *units);

/* Symbols, or counts with a ring of statuses where they crowd. */
void maps_paint_units(cairo_t *cr, const MapsView *view, const MapsUnits *units);

/* Keeps labels off the symbols or counts; then, in a second call, adds the minutes of stale ones.
 */
void maps_units_block(MapsLabels *labels, const MapsView *view, const MapsUnits *units);
void maps_units_label(MapsLabels *labels, const MapsView *view, const MapsUnits *units);
