/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the person at the desk points at or is answered: the asked place, the way there, the units
 * recommended, the cameras that see it, the selected area and unit. Fewer than a hundred things. */
#include <cairo.h>
#include <math.h>

#include "geo/model/coord.h"
#include "maps/paint/path.h"
#include "maps/paint/view.h"

/* A recommended unit: "1" in a badge, text beside it. */
typedef struct {
    GeoLonLat at;
    unsigned number;  /* from 1; the first is filled in the route's colour */
    const char *text; /* call sign and time, "EB-214  1:24"; may be NULL */
} MapsBadge;

/* A camera that sees the place: its field lit, its letter at it. */
typedef struct {
    GeoLonLat at;
    const char *letter;     /* "A" */
    const GeoLonLat *field; /* rings one behind another, not closed; may be NULL */
    size_t n_field;
    const uint32_t *rings; /* where each begins in field; NULL: it is one */
    size_t n_rings;
} MapsWitness;

/* All borrowed. */
typedef struct {
    GeoLonLat asked; /* NAN: nothing is asked */
    GeoLonLat unit;  /* the selected one; NAN: none */
    double reach_m;  /* about the selected unit: how far it may have gone since; 0: not drawn */
    const GeoLonLat *route; /* from the unit to the place */
    size_t n_route;
    const MapsBadge *badges;
    size_t n_badges;
    const MapsWitness *witnesses;
    size_t n_witnesses;
    const GeoLonLat *outline; /* of the selected area */
    const uint32_t *rings;    /* n_rings + 1: where each ring begins, and the end */
    size_t n_rings;
} MapsMarks;

#define MAPS_MARKS_NONE ((MapsMarks){.asked = {NAN, NAN}, .unit = {NAN, NAN}})

/* From the back to the front: area, fields, reach, route, ring, letters, badges. */
void maps_paint_marks(cairo_t *cr, const MapsView *view, const MapsMarks *marks);

/* Where maps_paint_marks() draws, px of the view and beyond; empty when there is nothing. */
MapsRect maps_marks_rect(const MapsView *view, const MapsMarks *marks);
