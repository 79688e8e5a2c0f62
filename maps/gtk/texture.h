/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Painted pixels as GTK's textures, in the format that GTK draws fastest. Any thread. */
#include <cairo.h>
#include <gtk/gtk.h>

#include "maps/paint/view.h"

#define MAPS_PIECE_PX 256

/* A part of a picture. */
typedef struct {
    GdkTexture *texture;          /* owned by the array */
    int left, top, right, bottom; /* in the picture, px */
} MapsPiece;

/* The picture cut into squares of side px, those with nothing in them left out: what is empty need
 * not be laid over the map in every frame. MapsPiece array, the caller's. O(px). */
GArray *maps_texture_cut(cairo_surface_t *surface, int side);

/* Draws a piece of the picture that has its corner at px of the view, grown times its size, unless
 * it is out of sight; edges are on whole px, shared with its neighbours'. */
void maps_piece_draw(const MapsPiece *piece, GtkSnapshot *snap, MapsPoint corner, double grown,
                     const MapsView *view);

gsize maps_texture_bytes(const GArray *pieces);

/* Copies the pixels of an ARGB32 image. O(px). */
GdkTexture *maps_texture_new(cairo_surface_t *surface);
