/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One texture of what the marks cover of the view and a part around it, painted here and now: there
 * are few, and an answer must not wait for a thread. While the view zooms it is scaled, and painted
 * anew when the zoom rests. */
#include "maps/gtk/marks.h"

#include <string.h>

#include "maps/gtk/frame.h"
#include "maps/gtk/texture.h"
#include "maps/gtk/viewport.h"

#define REST_MS 100
#define MARGIN_SHARE 0.25 /* of the view on each side: a pan of that much paints nothing */

struct _MapsMarksLayer {
    ShumateLayer parent;
    MapsStyle style;
    const char *lang;
    MapsMarks marks;     /* points into the arrays below */
    GArray *route;       /* GeoLonLat */
    GArray *badges;      /* MapsBadge; text owned */
    GArray *witnesses;   /* MapsWitness; letter and field owned */
    GArray *outline;     /* GeoLonLat */
    GArray *rings;       /* uint32_t */
    bool stale;          /* the texture is of other marks */
    GdkTexture *texture; /* NULL: nothing to show */
    MapsView painted;    /* the texture's */
    MapsView about;      /* the view it was painted for, with the margin */
    guint rest;          /* source, 0: none */
};

G_DEFINE_TYPE(MapsMarksLayer, maps_marks_layer, SHUMATE_TYPE_LAYER)

static MapsView view_of(MapsMarksLayer *layer)
{
    return maps_viewport_view(SHUMATE_LAYER(layer), layer->style, layer->lang);
}

static void changed(MapsMarksLayer *layer)
{
    layer->marks.route = (const GeoLonLat *)(void *)layer->route->data;
    layer->marks.n_route = layer->route->len;
    layer->marks.badges = (const MapsBadge *)(void *)layer->badges->data;
    layer->marks.n_badges = layer->badges->len;
    layer->marks.witnesses = (const MapsWitness *)(void *)layer->witnesses->data;
    layer->marks.n_witnesses = layer->witnesses->len;
    layer->marks.outline = (const GeoLonLat *)(void *)layer->outline->data;
    layer->marks.rings = (const uint32_t *)(void *)layer->rings->data;
    layer->marks.n_rings = layer->rings->len > 0 ? layer->rings->len - 1 : 0;
    layer->stale = true;
    gtk_widget_queue_draw(GTK_WIDGET(layer));
}

/* ---- painting ---- */

static void paint(MapsMarksLayer *layer, const MapsView *view)
{
    MapsRect rect = maps_marks_rect(view, &layer->marks);
    double dx = view->width * MARGIN_SHARE, dy = view->height * MARGIN_SHARE;
    double left = floor(fmax(rect.left, -dx)), top = floor(fmax(rect.top, -dy));
    double right = ceil(fmin(rect.right, view->width + dx));
    double bottom = ceil(fmin(rect.bottom, view->height + dy));
    g_clear_object(&layer->texture);
    layer->stale = false;
    layer->about = *view;
    layer->painted = *view;
    if (!(left < right) || !(top < bottom))
        return;
    MapsPoint middle = {(left + right) / 2, (top + bottom) / 2};
    layer->painted.middle = maps_view_unproject(view, middle);
    layer->painted.width = right - left;
    layer->painted.height = bottom - top;
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, (int)layer->painted.width, (int)layer->painted.height);
    cairo_t *cr = cairo_create(surface);
    maps_paint_marks(cr, &layer->painted, &layer->marks);
    cairo_destroy(cr);
    layer->texture = maps_texture_new(surface);
    cairo_surface_destroy(surface);
}

/* Is the view within what the texture was painted for, but for its zoom? */
static bool is_within(const MapsMarksLayer *layer, const MapsView *view)
{
    const MapsView *about = &layer->about;
    MapsPoint p = maps_view_point(view, about->middle);
    return about->width == view->width && about->height == view->height &&
           fabs(p.x - view->width / 2) <= view->width * MARGIN_SHARE &&
           fabs(p.y - view->height / 2) <= view->height * MARGIN_SHARE;
}

static gboolean on_rest(gpointer data)
{
    MapsMarksLayer *layer = data;
    layer->rest = 0;
    layer->stale = true;
    gtk_widget_queue_draw(GTK_WIDGET(layer));
    return G_SOURCE_REMOVE;
}

static void prepare(MapsMarksLayer *layer, const MapsView *view)
{
    bool zooming = layer->about.zoom != view->zoom;
    if (layer->stale || layer->about.style != view->style || layer->about.scale != view->scale ||
        (!zooming && !is_within(layer, view)))
        paint(layer, view);
    else if (zooming && layer->rest == 0)
        layer->rest = g_timeout_add(REST_MS, on_rest, layer);
}

static void draw(MapsMarksLayer *layer, GtkSnapshot *snap, const MapsView *view)
{
    const MapsView *then = &layer->painted;
    MapsPoint middle = maps_view_point(view, then->middle);
    double grown = exp2(view->zoom - then->zoom);
    double width = then->width * grown, height = then->height * grown;
    double left = round(middle.x - width / 2), top = round(middle.y - height / 2);
    if (left > view->width || top > view->height || left + width < 0 || top + height < 0)
        return;
    graphene_rect_t rect =
        GRAPHENE_RECT_INIT((float)(left / view->scale), (float)(top / view->scale),
                           (float)(width / view->scale), (float)(height / view->scale));
    gtk_snapshot_append_texture(snap, layer->texture, &rect);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snap)
{
    MapsMarksLayer *layer = MAPS_MARKS_LAYER(widget);
    gint64 entered = maps_frame_enter();
    MapsView view = view_of(layer);
    prepare(layer, &view);
    if (layer->texture)
        draw(layer, snap, &view);
    maps_frame_leave(entered, MAPS_FRAME_SNAPSHOT);
}

/* ---- setters ---- */

void maps_marks_layer_set_style(MapsMarksLayer *layer, MapsStyle style)
{
    layer->style = style;
    gtk_widget_queue_draw(GTK_WIDGET(layer));
}

void maps_marks_layer_set_asked(MapsMarksLayer *layer, GeoLonLat at)
{
    layer->marks.asked = at;
    changed(layer);
}

void maps_marks_layer_set_unit(MapsMarksLayer *layer, GeoLonLat at, double reach_m)
{
    layer->marks.unit = at;
    layer->marks.reach_m = reach_m;
    changed(layer);
}

void maps_marks_layer_set_route(MapsMarksLayer *layer, const GeoLonLat *points, size_t n)
{
    g_array_set_size(layer->route, 0);
    if (n > 0)
        g_array_append_vals(layer->route, points, (guint)n);
    changed(layer);
}

void maps_marks_layer_set_badges(MapsMarksLayer *layer, const MapsBadge *badges, size_t n)
{
    g_array_set_size(layer->badges, 0);
    for (size_t i = 0; i < n; i++) {
        MapsBadge badge = badges[i];
        badge.text = g_strdup(badge.text);
        g_array_append_val(layer->badges, badge);
    }
    changed(layer);
}

void maps_marks_layer_set_witnesses(MapsMarksLayer *layer, const MapsWitness *witnesses, size_t n)
{
    g_array_set_size(layer->witnesses, 0);
    for (size_t i = 0; i < n; i++) {
        MapsWitness witness = witnesses[i];
        witness.letter = g_strdup(witness.letter);
        witness.field = g_memdup2(witness.field, witness.n_field * sizeof *witness.field);
        g_array_append_val(layer->witnesses, witness);
    }
    changed(layer);
}

void maps_marks_layer_set_outline(MapsMarksLayer *layer, const GeoLonLat *points,
                                  const uint32_t *rings, size_t n_rings)
{
    g_array_set_size(layer->outline, 0);
    g_array_set_size(layer->rings, 0);
    if (n_rings > 0) {
        g_array_append_vals(layer->outline, points, rings[n_rings]);
        g_array_append_vals(layer->rings, rings, (guint)n_rings + 1);
    }
    changed(layer);
}

void maps_marks_layer_clear(MapsMarksLayer *layer)
{
    GArray *all[] = {layer->route, layer->badges, layer->witnesses, layer->outline, layer->rings};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_array_set_size(all[i], 0);
    layer->marks = MAPS_MARKS_NONE;
    changed(layer);
}

/* ---- life ---- */

static void clear_badge(gpointer badge)
{
    g_free((char *)((MapsBadge *)badge)->text);
}

static void clear_witness(gpointer witness)
{
    g_free((char *)((MapsWitness *)witness)->letter);
    g_free((GeoLonLat *)((MapsWitness *)witness)->field);
}

static void constructed(GObject *object)
{
    G_OBJECT_CLASS(maps_marks_layer_parent_class)->constructed(object);
    g_signal_connect_swapped(shumate_layer_get_viewport(SHUMATE_LAYER(object)), "notify",
                             G_CALLBACK(gtk_widget_queue_draw), object);
}

static void dispose(GObject *object)
{
    MapsMarksLayer *layer = MAPS_MARKS_LAYER(object);
    ShumateViewport *viewport = shumate_layer_get_viewport(SHUMATE_LAYER(object));
    if (viewport)
        g_signal_handlers_disconnect_by_data(viewport, object);
    g_clear_handle_id(&layer->rest, g_source_remove);
    g_clear_object(&layer->texture);
    G_OBJECT_CLASS(maps_marks_layer_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    MapsMarksLayer *layer = MAPS_MARKS_LAYER(object);
    GArray *all[] = {layer->route, layer->badges, layer->witnesses, layer->outline, layer->rings};
    for (size_t i = 0; i < G_N_ELEMENTS(all); i++)
        g_array_unref(all[i]);
    G_OBJECT_CLASS(maps_marks_layer_parent_class)->finalize(object);
}

static void maps_marks_layer_class_init(MapsMarksLayerClass *class)
{
    G_OBJECT_CLASS(class)->constructed = constructed;
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
}

static void maps_marks_layer_init(MapsMarksLayer *layer)
{
    layer->marks = MAPS_MARKS_NONE;
    layer->route = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    layer->badges = g_array_new(FALSE, FALSE, sizeof(MapsBadge));
    layer->witnesses = g_array_new(FALSE, FALSE, sizeof(MapsWitness));
    layer->outline = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    layer->rings = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_array_set_clear_func(layer->badges, clear_badge);
    g_array_set_clear_func(layer->witnesses, clear_witness);
    layer->stale = true;
}

MapsMarksLayer *maps_marks_layer_new(ShumateViewport *viewport, MapsStyle style, const char *lang)
{
    MapsMarksLayer *layer = g_object_new(MAPS_TYPE_MARKS_LAYER, "viewport", viewport, NULL);
    layer->style = style;
    layer->lang = lang;
    gtk_widget_set_name(GTK_WIDGET(layer), "marks");
    return layer;
}
