/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The frame of a picture: strips of words above and below, scale bar, attribution, legend, a small
 * map of the whole city. */
#include <cairo.h>

#include "maps/paint/path.h"
#include "maps/paint/scene.h"

/* A plain dark or light sheet with a thin rim. */
void maps_paint_panel(cairo_t *cr, const MapsView *view, MapsRect rect);

/* City, note and clock along the top; returns its box. */
MapsRect maps_paint_title(cairo_t *cr, const MapsView *view, const MapsScene *scene);

/* Facts along the bottom, on a second line where one is too short; returns its box. */
MapsRect maps_paint_facts(cairo_t *cr, const MapsView *view, const MapsScene *scene);

/* A round length of 60 to 150 px; its left bottom at p. Returns its box. */
MapsRect maps_paint_scalebar(cairo_t *cr, const MapsView *view, MapsPoint p);

/* The longest of 1, 2, 3, 5 times a power of ten metres that is at most max_m. */
double maps_scalebar_length_m(double max_m);

/* Right bottom at p. Returns its box; empty without text. */
MapsRect maps_paint_attribution(cairo_t *cr, const MapsView *view, const char *text, MapsPoint p);

/* The whole city by community with the picture's place in it, filling rect. */
void maps_paint_inset(cairo_t *cr, const MapsView *view, const MapsScene *scene, MapsRect rect);
