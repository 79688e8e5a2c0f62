/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/canvas.h"

#include <math.h>

#include "maps/gtk/frame.h"
#include "maps/gtk/texture.h"
#include "maps/gtk/viewport.h"

#define REST_MS 100
#define MARGIN_SHARE 0.25 /* of the view on each side: a pan of that much paints nothing */

typedef struct {
    MapsStyle style;
    const char *lang;
    bool stale;          /* the texture is of other things */
    GdkTexture *texture; /* NULL: nothing to show */
    MapsView painted;    /* the texture's */
    MapsView about;      /* the view it was painted for, with the margin */
    guint rest;          /* source, 0: none */
} MapsCanvasPrivate;

G_DEFINE_ABSTRACT_TYPE_WITH_PRIVATE(MapsCanvas, maps_canvas, SHUMATE_TYPE_LAYER)

static void paint(MapsCanvas *canvas, const MapsView *view)
{
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(canvas);
    MapsRect rect = MAPS_CANVAS_GET_CLASS(canvas)->rect(canvas, view);
    double dx = view->width * MARGIN_SHARE, dy = view->height * MARGIN_SHARE;
    double left = floor(fmax(rect.left, -dx)), top = floor(fmax(rect.top, -dy));
    double right = ceil(fmin(rect.right, view->width + dx));
    double bottom = ceil(fmin(rect.bottom, view->height + dy));
    g_clear_object(&self->texture);
    self->stale = false;
    self->about = *view;
    self->painted = *view;
    if (!(left < right) || !(top < bottom))
        return;
    MapsPoint middle = {(left + right) / 2, (top + bottom) / 2};
    self->painted.middle = maps_view_unproject(view, middle);
    self->painted.width = right - left;
    self->painted.height = bottom - top;
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, (int)self->painted.width, (int)self->painted.height);
    cairo_t *cr = cairo_create(surface);
    MAPS_CANVAS_GET_CLASS(canvas)->paint(canvas, cr, &self->painted);
    cairo_destroy(cr);
    self->texture = maps_texture_new(surface);
    cairo_surface_destroy(surface);
}

/* Is the view within what the texture was painted for, but for its zoom? */
static bool is_within(const MapsCanvasPrivate *self, const MapsView *view)
{
    const MapsView *about = &self->about;
    MapsPoint p = maps_view_point(view, about->middle);
    return about->width == view->width && about->height == view->height &&
           fabs(p.x - view->width / 2) <= view->width * MARGIN_SHARE &&
           fabs(p.y - view->height / 2) <= view->height * MARGIN_SHARE;
}

static gboolean on_rest(gpointer data)
{
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(data);
    self->rest = 0;
    self->stale = true;
    gtk_widget_queue_draw(data);
    return G_SOURCE_REMOVE;
}

static void prepare(MapsCanvas *canvas, const MapsView *view)
{
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(canvas);
    bool zooming = self->about.zoom != view->zoom;
    if (self->stale || self->about.style != view->style || self->about.scale != view->scale ||
        (!zooming && !is_within(self, view)))
        paint(canvas, view);
    else if (zooming && self->rest == 0)
        self->rest = g_timeout_add(REST_MS, on_rest, canvas);
}

static void draw(const MapsCanvasPrivate *self, GtkSnapshot *snap, const MapsView *view)
{
    const MapsView *then = &self->painted;
    MapsPoint middle = maps_view_point(view, then->middle);
    double grown = exp2(view->zoom - then->zoom);
    double width = then->width * grown, height = then->height * grown;
    double left = round(middle.x - width / 2), top = round(middle.y - height / 2);
    if (left > view->width || top > view->height || left + width < 0 || top + height < 0)
        return;
    graphene_rect_t rect =
        GRAPHENE_RECT_INIT((float)(left / view->scale), (float)(top / view->scale),
                           (float)(width / view->scale), (float)(height / view->scale));
    gtk_snapshot_append_texture(snap, self->texture, &rect);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snap)
{
    MapsCanvas *canvas = MAPS_CANVAS(widget);
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(canvas);
    gint64 entered = maps_frame_enter();
    MapsView view = maps_viewport_view(SHUMATE_LAYER(widget), self->style, self->lang);
    prepare(canvas, &view);
    if (self->texture)
        draw(self, snap, &view);
    maps_frame_leave(entered, MAPS_FRAME_SNAPSHOT);
}

void maps_canvas_changed(MapsCanvas *canvas)
{
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(canvas);
    self->stale = true;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void maps_canvas_set_style(MapsCanvas *canvas, MapsStyle style)
{
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(canvas);
    self->style = style;
    gtk_widget_queue_draw(GTK_WIDGET(canvas));
}

void maps_canvas_set_lang(MapsCanvas *canvas, const char *lang)
{
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(canvas);
    self->lang = lang;
    maps_canvas_changed(canvas);
}

static void constructed(GObject *object)
{
    G_OBJECT_CLASS(maps_canvas_parent_class)->constructed(object);
    g_signal_connect_swapped(shumate_layer_get_viewport(SHUMATE_LAYER(object)), "notify",
                             G_CALLBACK(gtk_widget_queue_draw), object);
}

static void dispose(GObject *object)
{
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(MAPS_CANVAS(object));
    ShumateViewport *viewport = shumate_layer_get_viewport(SHUMATE_LAYER(object));
    if (viewport)
        g_signal_handlers_disconnect_by_data(viewport, object);
    g_clear_handle_id(&self->rest, g_source_remove);
    g_clear_object(&self->texture);
    G_OBJECT_CLASS(maps_canvas_parent_class)->dispose(object);
}

static void maps_canvas_class_init(MapsCanvasClass *class)
{
    G_OBJECT_CLASS(class)->constructed = constructed;
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
}

static void maps_canvas_init(MapsCanvas *canvas)
{
    MapsCanvasPrivate *self = maps_canvas_get_instance_private(canvas);
    self->stale = true;
}
