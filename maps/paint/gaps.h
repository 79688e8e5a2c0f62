/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Public ground that no camera sees: hatched, with its rank. */
#include <cairo.h>

#include "geo/model/coord.h"
#include "maps/paint/labels.h"
#include "maps/paint/view.h"

typedef struct {
    unsigned rank; /* 1 is the worst */
    GeoLonLat at;
    uint32_t part0, n_parts; /* rings of its outline */
} MapsGap;

typedef struct {
    const MapsGap *gaps;   /* borrowed, worst first */
    const uint32_t *parts; /* first point of each ring; it ends where the next begins */
    const GeoLonLat *points;
    size_t n, n_parts, n_points;
} MapsGaps;

void maps_paint_gaps(cairo_t *cr, const MapsView *view, const MapsGaps *gaps);

/* Rank badges, above other things; they are blocked in labels (may be NULL). */
void maps_paint_gap_ranks(cairo_t *cr, const MapsView *view, const MapsGaps *gaps,
                          MapsLabels *labels);

/* Hatches the current path of cr in color, lines every step_px. */
void maps_gaps_hatch(cairo_t *cr, const MapsView *view, double step_px, double width_px,
                     double alpha);
