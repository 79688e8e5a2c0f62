/* SPDX-License-Identifier: GPL-3.0-or-later */
/* GTK 4.8 has the cairo renderer fetch a texture anew in every frame, and takes the slow way over
 * floats for premultiplied pixels, its own default format too. A full-HD texture of 8-bit RGB is
 * fetched in 1.1 ms, of plain BGRA in 4.2, of premultiplied BGRA in 11. So what is opaque becomes
 * RGB and the rest plain BGRA, here, once and mostly in a painter's thread. */
#include "maps/gtk/texture.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>

static const uint32_t *row_of(cairo_surface_t *surface, int y)
{
    return (const uint32_t *)(const void *)(cairo_image_surface_get_data(surface) +
                                            (ptrdiff_t)y * cairo_image_surface_get_stride(surface));
}

static bool is_opaque(cairo_surface_t *surface, int width, int height)
{
    for (int y = 0; y < height; y++) {
        const uint32_t *row = row_of(surface, y);
        uint32_t all = 0xff000000;
        for (int x = 0; x < width; x++)
            all &= row[x];
        if (all != 0xff000000)
            return false;
    }
    return true;
}

static GBytes *rgb_of(cairo_surface_t *surface, int width, int height)
{
    gsize size = (gsize)width * (gsize)height * 3;
    guchar *pixels = g_malloc(size), *to = pixels;
    for (int y = 0; y < height; y++) {
        const uint32_t *row = row_of(surface, y);
        for (int x = 0; x < width; x++, to += 3) {
            to[0] = (guchar)(row[x] >> 16);
            to[1] = (guchar)(row[x] >> 8);
            to[2] = (guchar)row[x];
        }
    }
    return g_bytes_new_take(pixels, size);
}

static guchar divided(uint32_t channel, uint32_t alpha)
{
    return (guchar)MIN((channel * 255 + alpha / 2) / alpha, 255);
}

static GBytes *bgra_of(cairo_surface_t *surface, int width, int height)
{
    gsize size = (gsize)width * (gsize)height * 4;
    guchar *pixels = g_malloc0(size), *to = pixels;
    for (int y = 0; y < height; y++) {
        const uint32_t *row = row_of(surface, y);
        for (int x = 0; x < width; x++, to += 4) {
            uint32_t alpha = row[x] >> 24;
            if (alpha == 0)
                continue;
            to[0] = divided(row[x] & 255, alpha);
            to[1] = divided(row[x] >> 8 & 255, alpha);
            to[2] = divided(row[x] >> 16 & 255, alpha);
            to[3] = (guchar)alpha;
        }
    }
    return g_bytes_new_take(pixels, size);
}

GdkTexture *maps_texture_new(cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    cairo_surface_flush(surface);
    bool opaque = is_opaque(surface, width, height);
    g_autoptr(GBytes) bytes =
        opaque ? rgb_of(surface, width, height) : bgra_of(surface, width, height);
    return gdk_memory_texture_new(width, height, opaque ? GDK_MEMORY_R8G8B8 : GDK_MEMORY_B8G8R8A8,
                                  bytes, (gsize)width * (opaque ? 3 : 4));
}

static void clear_piece(gpointer piece)
{
    g_object_unref(((MapsPiece *)piece)->texture);
}

static bool is_empty(cairo_surface_t *surface, const MapsPiece *piece)
{
    for (int y = piece->top; y < piece->bottom; y++) {
        const uint32_t *row = row_of(surface, y);
        uint32_t any = 0;
        for (int x = piece->left; x < piece->right; x++)
            any |= row[x];
        if (any)
            return false;
    }
    return true;
}

GArray *maps_texture_cut(cairo_surface_t *surface, int side)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    int stride = cairo_image_surface_get_stride(surface);
    GArray *pieces = g_array_new(FALSE, FALSE, sizeof(MapsPiece));
    g_array_set_clear_func(pieces, clear_piece);
    cairo_surface_flush(surface);
    for (int top = 0; top < height; top += side)
        for (int left = 0; left < width; left += side) {
            MapsPiece piece = {NULL, left, top, MIN(left + side, width), MIN(top + side, height)};
            if (is_empty(surface, &piece))
                continue;
            unsigned char *corner =
                cairo_image_surface_get_data(surface) + (ptrdiff_t)top * stride + left * 4;
            cairo_surface_t *part = cairo_image_surface_create_for_data(
                corner, CAIRO_FORMAT_ARGB32, piece.right - left, piece.bottom - top, stride);
            piece.texture = maps_texture_new(part);
            cairo_surface_destroy(part);
            g_array_append_val(pieces, piece);
        }
    return pieces;
}

void maps_piece_draw(const MapsPiece *piece, GtkSnapshot *snap, MapsPoint corner, double grown,
                     const MapsView *view)
{
    double scale = view->scale;
    double left = round(corner.x + piece->left * grown), top = round(corner.y + piece->top * grown);
    double right = round(corner.x + piece->right * grown);
    double bottom = round(corner.y + piece->bottom * grown);
    if (right <= fmax(left, 0) || bottom <= fmax(top, 0) || left >= view->width ||
        top >= view->height)
        return;
    graphene_rect_t rect =
        GRAPHENE_RECT_INIT((float)(left / scale), (float)(top / scale),
                           (float)((right - left) / scale), (float)((bottom - top) / scale));
    gtk_snapshot_append_texture(snap, piece->texture, &rect);
}

gsize maps_texture_bytes(const GArray *pieces)
{
    gsize bytes = 0;
    for (guint i = 0; pieces && i < pieces->len; i++) {
        const MapsPiece *piece = &g_array_index(pieces, MapsPiece, i);
        bytes += (gsize)(piece->right - piece->left) * (gsize)(piece->bottom - piece->top) * 4;
    }
    return bytes;
}
