/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Incidents: triangles by priority, fill by state. */
#include <cairo.h>

#include "geo/model/coord.h"
#include "geo/model/cycle.h"
#include "maps/paint/labels.h"
#include "maps/paint/view.h"

typedef struct {
    GeoLonLat at;
    int64_t priority; /* 1 highest .. 4 */
    int state;        /* GeoIncidentState */
    const char *name; /* drawn beside new ones of priority 1 and 2 and close by; may be NULL */
} MapsIncident;

typedef struct {
    const MapsIncident *incidents; /* borrowed */
    size_t n;
} MapsIncidents;

void maps_paint_incident(cairo_t *cr, const MapsView *view, MapsPoint p, int64_t priority,
                         int state);
void maps_paint_incidents(cairo_t *cr, const MapsView *view, const MapsIncidents *incidents);

/* Keeps labels off the symbols; then, in a second call, adds the names. */
void maps_incidents_block(MapsLabels *labels, const MapsView *view, const MapsIncidents *incidents);
void maps_incidents_label(MapsLabels *labels, const MapsView *view, const MapsIncidents *incidents);
