/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The marks as a layer. */
#include "maps/gtk/canvas.h"
#include "maps/paint/marks.h"

#define MAPS_TYPE_MARKS_LAYER maps_marks_layer_get_type()
G_DECLARE_FINAL_TYPE(MapsMarksLayer, maps_marks_layer, MAPS, MARKS_LAYER, MapsCanvas)

MapsMarksLayer *maps_marks_layer_new(ShumateViewport *viewport, MapsStyle style, const char *lang);

/* Each setter replaces its part and copies what it is given, texts too; n 0 or NAN clears it. */
void maps_marks_layer_set_asked(MapsMarksLayer *layer, GeoLonLat at);
void maps_marks_layer_set_unit(MapsMarksLayer *layer, GeoLonLat at, double reach_m);
void maps_marks_layer_set_route(MapsMarksLayer *layer, const GeoLonLat *points, size_t n);
void maps_marks_layer_set_badges(MapsMarksLayer *layer, const MapsBadge *badges, size_t n);
void maps_marks_layer_set_witnesses(MapsMarksLayer *layer, const MapsWitness *witnesses, size_t n);
void maps_marks_layer_set_outline(MapsMarksLayer *layer, const GeoLonLat *points,
                                  const uint32_t *rings, size_t n_rings);
void maps_marks_layer_clear(MapsMarksLayer *layer);
