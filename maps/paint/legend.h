/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One panel that lists what the picture shows, with swatches; where room is short it says less,
 * never half a line. */
#include <cairo.h>

#include "maps/paint/path.h"
#include "maps/paint/scene.h"

/* Draws into room, from its top left; returns the box used, empty when not even the shortest list
 * fits. cr NULL: measures only. */
MapsRect maps_paint_legend(cairo_t *cr, const MapsView *view, const MapsScene *scene,
                           MapsRect room);
