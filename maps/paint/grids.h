/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Borders of administered and patrolled areas as hairlines by tier. Their names: names.h. */
#include <cairo.h>

#include "geo/model/batch.h"
#include "maps/paint/view.h"

/* Tiers from the greatest to the smallest. */
typedef enum {
    MAPS_TIER_DISTRICT,
    MAPS_TIER_STREET,
    MAPS_TIER_COMMUNITY, /* beats and other patrolled areas too */
    MAPS_TIER_GRID,
    MAPS_N_TIERS
} MapsTier;

MapsTier maps_grids_tier(const char *level);

/* The least zoom at which a tier's borders are drawn. */
double maps_grids_zoom(MapsTier tier);

/* Draws the borders of all areas of the batch that the zoom can bear, small tiers first. */
void maps_paint_grids(cairo_t *cr, const MapsView *view, const GeoBatch *areas);

/* The ramp of shares ends at the next of 5, 10, 15, 20, 30, 50, 100 % above all but one area in
 * ten: 12,000 cameras see a few per cent of a city's streets, and the map is to tell where. NANs
 * are passed over. */
double maps_grids_share_end(const double *share, size_t n);

/* A choropleth: areas of the batch filled by share (0..1, NAN: not filled), one number per row. */
void maps_paint_shares(cairo_t *cr, const MapsView *view, const GeoBatch *areas,
                       const double *share);
