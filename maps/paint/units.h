/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Patrol units: symbols by kind, colour by status, form by the age of the position; trails; counts
 * where symbols would crowd. */
#include <cairo.h>

#include "geo/model/coord.h"
#include "geo/model/kind.h"
#include "maps/paint/labels.h"
#include "maps/paint/view.h"

/* Those of geo/model/age.h, by kind of unit: what looks old on the map is what is called old in
 * every list. */
typedef enum {
    MAPS_AGE_LIVE,
    MAPS_AGE_LATE,   /* thinner rim, no heading */
    MAPS_AGE_STALE,  /* hollow, with its minutes */
    MAPS_AGE_SILENT, /* or never heard: dashed and crossed */
    MAPS_N_AGES
} MapsAge;

MapsAge maps_units_age(int kind, double age_s); /* GeoUnitKind; NAN: silent */

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

/* The reach of a symbol from its middle without heading tick, and the most it takes with all, px.
 */
double maps_unit_radius_px(const MapsView *view);
double maps_unit_extent_px(const MapsView *view);

/* Is it drawn at all? Not those off duty or out of service. */
bool maps_unit_on_duty(const MapsUnit *unit);

/* Has it a heading tick? */
bool maps_unit_moving(const MapsUnit *unit);

/* The minutes beside a stale one; p is the middle of its symbol. */
void maps_paint_unit_minutes(cairo_t *cr, const MapsView *view, MapsPoint p, unsigned minutes);

/* Where symbols would crowd: how many of each, drawn as a number in a ring of statuses. */
enum { MAPS_UNIT_BINS = 5 }; /* available, reserved, under way, on scene, other */

typedef struct {
    unsigned n;
    unsigned by[MAPS_UNIT_BINS]; /* shares of the ring, in any unit */
    double x, y;                 /* sums of places, px */
} MapsUnitCount;

int maps_unit_bin(int status); /* GeoUnitStatus */
double maps_unit_count_px(const MapsView *view, unsigned n);
void maps_paint_unit_count(cairo_t *cr, const MapsView *view, MapsPoint p,
                           const MapsUnitCount *count);

/* Squares of the picture in which units are counted, px before scale. */
#define MAPS_UNIT_CELL_PX 76.0

/* So many on duty in sight want counts in place of symbols. */
bool maps_unit_crowd(const MapsView *view, size_t n);

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
