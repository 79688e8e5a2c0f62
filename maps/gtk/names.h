/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The map's names as a layer in screen space: painted in a thread once the view rests, moved and
 * scaled with the map until then. */
#include <shumate/shumate.h>

#include "maps/paint/view.h"

#define MAPS_TYPE_NAMES maps_names_layer_get_type()
G_DECLARE_FINAL_TYPE(MapsNamesLayer, maps_names_layer, MAPS, NAMES_LAYER, ShumateLayer)

/* lang as in MapsView, it lives for ever. Signal "settled": the names of the view in sight have
 * come. */
MapsNamesLayer *maps_names_layer_new(ShumateViewport *viewport, const char *city, MapsStyle style,
                                     const char *lang);
void maps_names_layer_set_style(MapsNamesLayer *names, MapsStyle style);
void maps_names_layer_renew(MapsNamesLayer *names);
bool maps_names_layer_complete(MapsNamesLayer *names);
