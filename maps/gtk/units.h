/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The patrol units as shared sprites, or counts where they would crowd. Places are projected once
 * for each set of units; a frame is one affine over those in sight. */
#include <shumate/shumate.h>

#include "maps/paint/units.h"

#define MAPS_TYPE_UNITS_LAYER maps_units_layer_get_type()
G_DECLARE_FINAL_TYPE(MapsUnitsLayer, maps_units_layer, MAPS, UNITS_LAYER, ShumateLayer)

MapsUnitsLayer *maps_units_layer_new(ShumateViewport *viewport, MapsStyle style, const char *lang);

void maps_units_layer_set_style(MapsUnitsLayer *layer, MapsStyle style);

/* The array belongs to owner and stays as it is until release(owner) is called, in the main
 * thread, when other units take its place or the layer goes. O(n). */
void maps_units_layer_set_units(MapsUnitsLayer *layer, const MapsUnit *units, size_t n,
                                gpointer owner, GDestroyNotify release);

/* The index of the unit nearest to x, y (px of the widget) among those whose symbols lie there; -1
 * where there is none, or only a count. O(units in sight). */
gssize maps_units_layer_pick(MapsUnitsLayer *layer, double x, double y);

/* Are counts shown instead of symbols? */
bool maps_units_layer_crowded(MapsUnitsLayer *layer);
