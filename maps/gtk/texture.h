/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Painted pixels as GTK's textures. Any thread. */
#include <cairo.h>
#include <gdk/gdk.h>

/* The pixels become the texture's; nothing is copied. The caller may drop the surface, and must not
 * paint on it any more. */
GdkTexture *maps_texture_new(cairo_surface_t *surface);
