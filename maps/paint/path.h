/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Shapes of batches as cairo paths: projected, thinned to what a pixel can show, left out when
 * outside. */
#include <cairo.h>

#include "geo/model/batch.h"
#include "maps/paint/view.h"

typedef struct {
    double left, top, right, bottom; /* px; empty while left > right */
} MapsRect;

bool maps_rect_meet(const MapsRect *a, const MapsRect *b);

/* The row's box on the picture. */
MapsRect maps_path_row_rect(const MapsView *view, const GeoBatch *batch, const GeoRow *row);

/* Is a box within margin px of the picture? */
bool maps_path_visible(const MapsView *view, const MapsRect *rect, double margin);

/* Adds a line, closed for a ring, leaving out points nearer than half a pixel to the one before. */
void maps_path_points(cairo_t *cr, const MapsView *view, const GeoLonLat *points, size_t n,
                      bool closed);
void maps_path_row(cairo_t *cr, const MapsView *view, const GeoBatch *batch, const GeoRow *row);

/* A rounded rectangle. */
void maps_path_rounded(cairo_t *cr, double x, double y, double width, double height, double radius);
