/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Cameras: what each sees, how often ground is seen, and where each stands. */
#include <cairo.h>

#include "geo/model/coord.h"
#include "geo/model/kind.h"
#include "maps/paint/view.h"

typedef struct {
    GeoLonLat at;
    int owner;          /* GeoOwner */
    int state;          /* GeoCameraState */
    double heading_deg; /* NAN: all round */
    uint32_t first, n;  /* its points: rings one behind another, not closed; n 0: sees nothing */
    uint32_t ring0, n_rings; /* its rings; n_rings 0: all points are one */
} MapsField;

typedef struct {
    const MapsField *fields; /* borrowed */
    size_t n;
    const GeoLonLat *points; /* borrowed */
    const uint32_t *rings;   /* the first point of each ring, and one more at the end; borrowed */
} MapsFields;

/* Ground seen by one, two, three and more working cameras as deepening teal. O(cells + fields). */
void maps_paint_cover(cairo_t *cr, const MapsView *view, const MapsFields *fields);

/* Outlines: solid where working, dashed where planned, none where faulty. */
void maps_paint_fields(cairo_t *cr, const MapsView *view, const MapsFields *fields);

/* Cameras are dots from this zoom on. */
#define MAPS_CAMERA_ZOOM 14.5

/* Dots by owner, with a letter from z17 on; planned as a ring, faulty crossed. */
void maps_paint_cameras(cairo_t *cr, const MapsView *view, const MapsFields *fields);

/* The dot alone, for legends. */
void maps_paint_camera(cairo_t *cr, const MapsView *view, MapsPoint p, int owner, int state);

/* The letter that stands for the owner. */
const char *maps_fields_letter(int owner);
