/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The map widget's viewport in the painters' terms. */
#include <shumate/shumate.h>

#include "maps/paint/view.h"

/* What the layer shows, in device px; north is up, the window keeps it so. */
MapsView maps_viewport_view(ShumateLayer *layer, MapsStyle style, const char *lang);
