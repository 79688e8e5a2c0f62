/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Words on a picture: one font family for both scripts, tabular figures, a halo where asked. */
#include <pango/pangocairo.h>

#include "maps/paint/style.h"
#include "maps/paint/view.h"

typedef enum {
    MAPS_TEXT_PLAIN = 0,
    MAPS_TEXT_BOLD = 1 << 0,
    MAPS_TEXT_ITALIC = 1 << 1,
    MAPS_TEXT_MEDIUM = 1 << 2,
} MapsTextLook;

/* A pango context for the view's language; the caller unrefs. */
PangoContext *maps_text_context(const MapsView *view);

/* A layout of size_px (before the view's scale); the caller unrefs. */
PangoLayout *maps_text_layout(PangoContext *context, const MapsView *view, const char *text,
                              double size_px, MapsTextLook look);

/* Logical width and height in px. */
void maps_text_size(PangoLayout *layout, double *width, double *height);

/* Draws with the top left at x, y; halo_px 0: none. */
void maps_text_show(cairo_t *cr, PangoLayout *layout, double x, double y, MapsColor color,
                    MapsColor halo, double halo_px);

/* Lays out, draws and forgets; align 0 left, 0.5 middle, 1 right of x; y is the line's middle.
 * Returns the width. */
double maps_text_line(cairo_t *cr, PangoContext *context, const MapsView *view, const char *text,
                      double size_px, MapsTextLook look, MapsColor color, double align, double x,
                      double y);

/* Has the text a Chinese, Japanese or Korean letter? */
bool maps_text_is_cjk(const char *text);
