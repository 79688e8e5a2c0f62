/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The colours of the two styles, night and day, and the arithmetic that proves them legible. */
#include <cairo.h>

#include "geo/model/kind.h"
#include "maps/paint/view.h"

typedef struct {
    double r, g, b; /* sRGB, 0..1 */
} MapsColor;

typedef struct {
    /* ground, from the back to the front */
    MapsColor paper, land, water, shore, green, square, farmland, industrial, residential,
        private_ground;
    MapsColor building, building_rim, rail, road[GEO_N_ROAD_CLASSES], casing;
    /* words */
    MapsColor text, text_strong, text_quiet, text_water, text_green, halo;
    /* panels */
    MapsColor panel, panel_rim, accent;
    /* overlays */
    MapsColor cover[3]; /* seen by one, two, three and more cameras */
    MapsColor field, gap, gap_ink, grid, district, trail;
    MapsColor rim; /* around every symbol: what makes it stand off any ground */
    MapsColor camera[GEO_N_OWNERS];
    MapsColor available, reserved, en_route, on_scene, busy, sos;
    MapsColor incident[4]; /* by priority 1..4 */
    MapsColor done;
    double cover_alpha[3], heat_alpha; /* heat_alpha: at street zoom */
} MapsPalette;

const MapsPalette *maps_style_palette(MapsStyle style);

/* By what the unit is doing; out of service and off duty are drawn as outline only. */
MapsColor maps_style_status(const MapsPalette *palette, GeoUnitStatus status);

/* The heat ramp at t 0..1: perceptually even, low to high; dark to bright by night, light to dark
 * by day. */
MapsColor maps_style_heat(MapsStyle style, double t);

/* The choropleth ramp of shares at t 0..1, in the teal of coverage. */
MapsColor maps_style_share(MapsStyle style, double t);

/* Relative luminance and contrast ratio (1..21) of WCAG 2. */
double maps_style_luminance(MapsColor color);
double maps_style_contrast(MapsColor a, MapsColor b);
MapsColor maps_style_mix(MapsColor a, MapsColor b, double t);

void maps_style_set(cairo_t *cr, MapsColor color, double alpha);
