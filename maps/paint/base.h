/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The base map without words: land, water, green, buildings, rail and roads. */
#include <cairo.h>

#include "geo/model/batch.h"
#include "maps/paint/view.h"

typedef struct {
    const GeoBatch *base, *roads, *buildings; /* each may be NULL; borrowed */
} MapsBase;

/* Fills the whole picture. O(points in sight). Below z13 small roads and footprints are left out.
 */
void maps_paint_base(cairo_t *cr, const MapsView *view, const MapsBase *base);

/* The width of a road's fill in px at the view's zoom; 0: not drawn at this zoom. */
double maps_base_road_px(const MapsView *view, GeoRoadClass class);

/* The least zoom at which a class of road is drawn: what a caller need not load below it. */
double maps_base_road_zoom(GeoRoadClass class);

/* Footprints are drawn from this zoom on. */
#define MAPS_BUILDINGS_ZOOM 13.5
