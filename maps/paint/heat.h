/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Density of incidents as a glow over the map. */
#include <cairo.h>
#include <stdbool.h>

#include "geo/model/coord.h"
#include "maps/paint/view.h"

typedef struct {
    GeoBounds bounds; /* of the grid of cells */
    size_t columns, rows;
    const double *per_km2; /* at cell middles, row 0 in the south; borrowed */
    double peak_per_km2;   /* the ramp's end; what lies above has its colour */
    bool beyond;           /* something lies above */
    double radius_m;       /* of the kernel */
    size_t n;              /* incidents counted */
    const char *period;    /* for people: "21 Oct - 21 Nov 2026" */
} MapsHeat;

/* Fewer incidents than this say nothing about place: the picture is hatched and the legend says so.
 */
#define MAPS_HEAT_FEW 30

void maps_paint_heat(cairo_t *cr, const MapsView *view, const MapsHeat *heat);

/* The ramp as a bar, for legends. */
void maps_paint_heat_bar(cairo_t *cr, const MapsView *view, double x, double y, double width,
                         double height);

/* How opaque the heat is at share t (0..1) of its peak, at the view's zoom: at most 0.35 in the
 * streets, 0.65 over the city. */
double maps_heat_alpha(const MapsView *view, double t);
