/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Painted pixels as GTK's textures, in the format that GTK draws fastest. Any thread. */
#include <cairo.h>
#include <gdk/gdk.h>

/* Copies the pixels of an ARGB32 image. O(px). */
GdkTexture *maps_texture_new(cairo_surface_t *surface);
