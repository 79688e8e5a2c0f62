/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Open incidents as triangles, with words beside the new ones and the selected one. Meant for some
 * hundreds at most. */
#include <shumate/shumate.h>

#include "maps/paint/incidents.h"

#define MAPS_TYPE_INCIDENTS_LAYER maps_incidents_layer_get_type()
G_DECLARE_FINAL_TYPE(MapsIncidentsLayer, maps_incidents_layer, MAPS, INCIDENTS_LAYER, ShumateLayer)

MapsIncidentsLayer *maps_incidents_layer_new(ShumateViewport *viewport, MapsStyle style,
                                             const char *lang);

void maps_incidents_layer_set_style(MapsIncidentsLayer *layer, MapsStyle style);

/* As maps_units_layer_set_units(); the most urgent first. Nothing is selected afterwards. An
 * incident's name is shown while nobody was sent to it and its priority is 1 or 2. */
void maps_incidents_layer_set_incidents(MapsIncidentsLayer *layer, const MapsIncident *incidents,
                                        size_t n, gpointer owner, GDestroyNotify release);

/* -1: none. It is drawn at every zoom, on top, ringed, with its name. */
void maps_incidents_layer_select(MapsIncidentsLayer *layer, gssize index);

/* The index of the incident nearest to x, y (px of the widget) among those whose symbols lie there;
 * -1 where there is none. */
gssize maps_incidents_layer_pick(MapsIncidentsLayer *layer, double x, double y);
