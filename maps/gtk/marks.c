/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/marks.h"

struct _MapsMarksLayer {
    MapsCanvas parent;
    MapsMarks marks;   /* points into the arrays below */
    GArray *route;     /* GeoLonLat */
    GArray *badges;    /* MapsBadge; text owned */
    GArray *witnesses; /* MapsWitness; letter and field owned */
    GArray *outline;   /* GeoLonLat */
    GArray *rings;     /* uint32_t */
};

G_DEFINE_TYPE(MapsMarksLayer, maps_marks_layer, MAPS_TYPE_CANVAS)

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
    maps_canvas_changed(MAPS_CANVAS(layer));
}

/* ---- setters ---- */

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
        witness.rings = g_memdup2(witness.rings, witness.n_rings * sizeof *witness.rings);
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
    g_free((uint32_t *)((MapsWitness *)witness)->rings);
}

static MapsRect rect(MapsCanvas *canvas, const MapsView *view)
{
    return maps_marks_rect(view, &MAPS_MARKS_LAYER(canvas)->marks);
}

static void paint(MapsCanvas *canvas, cairo_t *cr, const MapsView *view)
{
    maps_paint_marks(cr, view, &MAPS_MARKS_LAYER(canvas)->marks);
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
    G_OBJECT_CLASS(class)->finalize = finalize;
    MAPS_CANVAS_CLASS(class)->rect = rect;
    MAPS_CANVAS_CLASS(class)->paint = paint;
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
}

MapsMarksLayer *maps_marks_layer_new(ShumateViewport *viewport, MapsStyle style, const char *lang)
{
    MapsMarksLayer *layer = g_object_new(MAPS_TYPE_MARKS_LAYER, "viewport", viewport, NULL);
    maps_canvas_set_style(MAPS_CANVAS(layer), style);
    maps_canvas_set_lang(MAPS_CANVAS(layer), lang);
    gtk_widget_set_name(GTK_WIDGET(layer), "marks");
    return layer;
}
