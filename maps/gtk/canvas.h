/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A layer of few things that a person points at or is answered: one texture of what it covers of
 * the view and a part around it, painted here and now, for an answer must not wait for a thread.
 * While the view zooms it is scaled, and painted anew when the zoom rests. */
#include <cairo.h>
#include <shumate/shumate.h>

#include "maps/paint/path.h"
#include "maps/paint/view.h"

#define MAPS_TYPE_CANVAS maps_canvas_get_type()
G_DECLARE_DERIVABLE_TYPE(MapsCanvas, maps_canvas, MAPS, CANVAS, ShumateLayer)

struct _MapsCanvasClass {
    ShumateLayerClass parent;
    /* Where paint() draws, px of the view and beyond; empty when there is nothing. */
    MapsRect (*rect)(MapsCanvas *canvas, const MapsView *view);
    void (*paint)(MapsCanvas *canvas, cairo_t *cr, const MapsView *view);
};

/* What it shows has changed. */
void maps_canvas_changed(MapsCanvas *canvas);

void maps_canvas_set_style(MapsCanvas *canvas, MapsStyle style);
void maps_canvas_set_lang(MapsCanvas *canvas, const char *lang); /* borrowed, lives for ever */
