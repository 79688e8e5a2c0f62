/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The plan as a layer. */
#include "maps/gtk/canvas.h"
#include "maps/paint/plan.h"

#define MAPS_TYPE_PLAN_LAYER maps_plan_layer_get_type()
G_DECLARE_FINAL_TYPE(MapsPlanLayer, maps_plan_layer, MAPS, PLAN_LAYER, MapsCanvas)

MapsPlanLayer *maps_plan_layer_new(ShumateViewport *viewport, MapsStyle style, const char *lang);

/* What plan points at must live until the next call, or until the layer is gone. NULL: nothing. */
void maps_plan_layer_set(MapsPlanLayer *layer, const MapsPlan *plan);

typedef enum { MAPS_PLAN_HIT_NONE, MAPS_PLAN_HIT_CAMERA, MAPS_PLAN_HIT_HANDLE } MapsPlanHit;

/* What lies at x, y of the widget, and which camera of the plan it is. */
MapsPlanHit maps_plan_layer_hit(MapsPlanLayer *layer, double x, double y, size_t *camera);
