/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/plan.h"

#include <math.h>

#include "geo/work/whatif.h"
#include "maps/gtk/viewport.h"

#define HIT_PX 13.0

/* The painter knows no work; what work says is handed to it as it is. */
G_STATIC_ASSERT(MAPS_PLAN_CELLS == GEO_WHATIF_CELLS);
G_STATIC_ASSERT((int)MAPS_PLAN_ADDED == (int)GEO_WHATIF_ADDED);
G_STATIC_ASSERT((int)MAPS_PLAN_EDITED == (int)GEO_WHATIF_EDITED);
G_STATIC_ASSERT((int)MAPS_PLAN_REMOVED == (int)GEO_WHATIF_REMOVED);
G_STATIC_ASSERT((int)MAPS_PLAN_OPENED == (int)GEO_WHATIF_OPENED);
G_STATIC_ASSERT((int)MAPS_PLAN_LOST == (int)GEO_WHATIF_LOST);
G_STATIC_ASSERT((int)MAPS_PLAN_MORE == (int)GEO_WHATIF_MORE);
G_STATIC_ASSERT((int)MAPS_PLAN_FEWER == (int)GEO_WHATIF_FEWER);
G_STATIC_ASSERT((int)MAPS_PLAN_ON_GROUND == (int)GEO_WHATIF_ON_GROUND);

struct _MapsPlanLayer {
    MapsCanvas parent;
    MapsPlan plan;
};

G_DEFINE_TYPE(MapsPlanLayer, maps_plan_layer, MAPS_TYPE_CANVAS)

static MapsRect rect(MapsCanvas *canvas, const MapsView *view)
{
    return maps_plan_rect(view, &MAPS_PLAN_LAYER(canvas)->plan);
}

static void paint(MapsCanvas *canvas, cairo_t *cr, const MapsView *view)
{
    maps_paint_plan(cr, view, &MAPS_PLAN_LAYER(canvas)->plan);
}

void maps_plan_layer_set(MapsPlanLayer *layer, const MapsPlan *plan)
{
    layer->plan = plan ? *plan : MAPS_PLAN_NONE;
    maps_canvas_changed(MAPS_CANVAS(layer));
}

MapsPlanHit maps_plan_layer_hit(MapsPlanLayer *layer, double x, double y, size_t *camera)
{
    MapsView view = maps_viewport_view(SHUMATE_LAYER(layer), MAPS_STYLE_DAY, NULL);
    double best = HIT_PX * view.scale;
    MapsPlanHit hit = MAPS_PLAN_HIT_NONE;
    for (size_t i = 0; i < layer->plan.n_cameras; i++) {
        const MapsPlanCamera *one = &layer->plan.cameras[i];
        MapsPoint p = maps_view_point(&view, one->at), h = maps_plan_handle(&view, one);
        double to_dot = hypot(p.x - x * view.scale, p.y - y * view.scale);
        double to_handle = hypot(h.x - x * view.scale, h.y - y * view.scale);
        bool handle = one->chosen && one->state != MAPS_PLAN_REMOVED && to_handle < to_dot;
        double off = handle ? to_handle : to_dot;
        if (off < best) {
            best = off;
            hit = handle ? MAPS_PLAN_HIT_HANDLE : MAPS_PLAN_HIT_CAMERA;
            *camera = i;
        }
    }
    return hit;
}

static void maps_plan_layer_class_init(MapsPlanLayerClass *class)
{
    MAPS_CANVAS_CLASS(class)->rect = rect;
    MAPS_CANVAS_CLASS(class)->paint = paint;
}

static void maps_plan_layer_init(MapsPlanLayer *layer)
{
}

MapsPlanLayer *maps_plan_layer_new(ShumateViewport *viewport, MapsStyle style, const char *lang)
{
    MapsPlanLayer *layer = g_object_new(MAPS_TYPE_PLAN_LAYER, "viewport", viewport, NULL);
    maps_canvas_set_style(MAPS_CANVAS(layer), style);
    maps_canvas_set_lang(MAPS_CANVAS(layer), lang);
    gtk_widget_set_name(GTK_WIDGET(layer), "plan");
    return layer;
}
