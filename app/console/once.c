/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/once.h"

#include "geo/model/error.h"

bool app_once_save(AppWindow *window, const char *file, GError **error)
{
    GtkWidget *widget = GTK_WIDGET(window);
    g_autoptr(GdkPaintable) paintable = gtk_widget_paintable_new(widget);
    GtkSnapshot *snapshot = gtk_snapshot_new();
    int scale = gtk_widget_get_scale_factor(widget);
    int width = gtk_widget_get_width(widget), height = gtk_widget_get_height(widget);
    gtk_snapshot_scale(snapshot, (float)scale, (float)scale);
    gdk_paintable_snapshot(paintable, snapshot, width, height);
    GskRenderNode *node = gtk_snapshot_free_to_node(snapshot);
    GskRenderer *renderer = gtk_native_get_renderer(GTK_NATIVE(window));
    if (!node || !renderer) {
        g_clear_pointer(&node, gsk_render_node_unref);
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s': the window shows nothing",
                    file);
        return false;
    }
    g_autoptr(GdkTexture) texture = gsk_renderer_render_texture(
        renderer, node, &GRAPHENE_RECT_INIT(0, 0, (float)(width * scale), (float)(height * scale)));
    gsk_render_node_unref(node);
    if (gdk_texture_save_to_png(texture, file))
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s'", file);
    return false;
}
