/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/texture.h"

GdkTexture *maps_texture_new(cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    gsize stride = (gsize)cairo_image_surface_get_stride(surface);
    cairo_surface_flush(surface);
    g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(
        cairo_image_surface_get_data(surface), stride * (gsize)height,
        (GDestroyNotify)cairo_surface_destroy, cairo_surface_reference(surface));
    return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}
