/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A plan of cameras over the map: what would be seen that is not seen now and what no more, cell by
 * cell; the cameras that come, change and go with their fields; the handle of the chosen one. */
#include <cairo.h>

#include "geo/model/coord.h"
#include "maps/paint/path.h"
#include "maps/paint/view.h"

typedef enum {
    MAPS_PLAN_KEPT,
    MAPS_PLAN_ADDED,
    MAPS_PLAN_EDITED,
    MAPS_PLAN_REMOVED,
} MapsPlanState;

typedef struct {
    GeoLonLat at;
    int state; /* MapsPlanState */
    int owner; /* GeoOwner */
    bool chosen;
    double heading_deg; /* NAN: all round, no handle */
    uint32_t part0, n;  /* rings of its field in parts, after and before */
    uint32_t before0, n_before;
} MapsPlanCamera;

#define MAPS_PLAN_CELLS 64 /* a side of a patch */

typedef enum {
    MAPS_PLAN_SAME,
    MAPS_PLAN_OPENED, /* seen now, and was not */
    MAPS_PLAN_LOST,
    MAPS_PLAN_MORE, /* by more cameras than before */
    MAPS_PLAN_FEWER,
    MAPS_PLAN_ON_GROUND = 8, /* a bit: of the ground that counts */
} MapsPlanCell;

/* MapsPlanCell by rows from the south-western corner. */
typedef struct {
    GeoLonLat south_west, south_east, north_west;
    const uint8_t *cells; /* borrowed */
} MapsPlanPatch;

/* All borrowed. */
typedef struct {
    const MapsPlanCamera *cameras;
    size_t n_cameras;
    const uint32_t *parts; /* first point of each ring, and at the end their number */
    const GeoLonLat *points;
    const MapsPlanPatch *patches;
    size_t n_patches;
} MapsPlan;

#define MAPS_PLAN_NONE ((MapsPlan){0})

void maps_paint_plan(cairo_t *cr, const MapsView *view, const MapsPlan *plan);

/* Where it draws, px of the view and beyond; empty when there is nothing. */
MapsRect maps_plan_rect(const MapsView *view, const MapsPlan *plan);

/* Where the handle that turns the camera stands, px of the view. */
MapsPoint maps_plan_handle(const MapsView *view, const MapsPlanCamera *camera);

/* A cell's colour, premultiplied ARGB; x and y of the cell, for its pattern. For legends too. */
uint32_t maps_plan_color(MapsStyle style, uint8_t cell, int x, int y);
