/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Incidents: triangles by priority, fill by state. */
#include <cairo.h>
#include <stdbool.h>

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

/* From its middle to its tip, px. */
double maps_incident_radius_px(const MapsView *view, int64_t priority);

/* Incidents are drawn from this zoom on, their names from the other. */
#define MAPS_INCIDENT_ZOOM 12.5
#define MAPS_INCIDENT_NAME_ZOOM 14.5

/* Is its name drawn: nobody was sent yet, and its priority is 1 or 2? */
bool maps_incident_urgent(int64_t priority, int state);

/* Two rings about the one that is selected; they reach as far as the second says, px. */
void maps_paint_incident_ring(cairo_t *cr, const MapsView *view, MapsPoint p, int64_t priority);
double maps_incident_ring_px(const MapsView *view, int64_t priority);

/* The name, right of the symbol with a halo, or, of the selected one, below it on a plate. Returns
 * the box; cr NULL: measures only. */
MapsRect maps_paint_incident_name(cairo_t *cr, const MapsView *view, MapsPoint p, int64_t priority,
                                  const char *name, bool selected);

void maps_paint_incidents(cairo_t *cr, const MapsView *view, const MapsIncidents *incidents);

/* Keeps labels off the symbols; then, in a second call, adds the names. */
void maps_incidents_block(MapsLabels *labels, const MapsView *view, const MapsIncidents *incidents);
void maps_incidents_label(MapsLabels *labels, const MapsView *view, const MapsIncidents *incidents);
