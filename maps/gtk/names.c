/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/names.h"

#include <math.h>

#include "maps/gtk/crew.h"
#include "maps/gtk/viewport.h"
#include "maps/paint/names.h"

#define REST_MS 120 /* without a move until names are painted */
#define ROAD_NAMES_ZOOM 12.0
#define GRID_CODES_ZOOM 14.6
#define FOOT_PX 44.0 /* scale bar and licence stand there */

struct _MapsNamesLayer {
    ShumateLayer parent;
    MapsCrew *crew;
    MapsStyle style;
    const char *lang;
    int64_t version;
    guint rest; /* source, 0: none */
    MapsSheet shown;
    GdkTexture *texture; /* of shown; NULL: none yet, or it failed */
    bool tried;          /* shown is what was painted last */
};

G_DEFINE_TYPE(MapsNamesLayer, maps_names_layer, SHUMATE_TYPE_LAYER)

static guint settled_signal;

/* ---- painting, in the crew's thread ---- */

static bool paint_names(MapsJob *job, GError **error)
{
    const MapsView *view = &job->sheet->view;
    GeoStore *store = job->store;
    GeoProgress *progress = job->progress;
    GeoBounds bounds = maps_view_bounds(view);
    GeoQuery query = {.bounds = &bounds};
    g_autoptr(GeoBatch) areas = NULL, base = NULL, roads = NULL;
    if (!(areas = geo_store_load(store, GEO_KIND_AREA, &query, error)) ||
        !geo_progress_step(progress, 0.2, error) ||
        !(base = geo_store_load(store, GEO_KIND_BASE, &query, error)) ||
        !geo_progress_step(progress, 0.4, error) ||
        (view->zoom > ROAD_NAMES_ZOOM &&
         !(roads = geo_store_load(store, GEO_KIND_ROAD, &query, error))) ||
        !geo_progress_step(progress, 0.6, error))
        return false;
    g_autoptr(MapsLabels) labels = maps_labels_new(view);
    maps_labels_block(
        labels, (MapsRect){0, view->height - FOOT_PX * view->scale, view->width, view->height});
    maps_names_tiers(labels, view, areas);
    maps_names_base(labels, view, base);
    if (roads)
        maps_names_roads(labels, view, roads);
    if (view->zoom >= GRID_CODES_ZOOM)
        maps_names_areas(labels, view, areas, MAPS_TIER_GRID, MAPS_LABEL_CODE);
    if (!geo_progress_step(progress, 0.9, error))
        return false;
    maps_labels_paint(job->cr, labels);
    return true;
}

static void on_done(const MapsSheet *sheet, GdkTexture *texture, gpointer report,
                    const GError *error, gpointer user)
{
    MapsNamesLayer *names = user;
    g_free(report);
    names->shown = *sheet;
    names->tried = true;
    g_set_object(&names->texture, texture);
    gtk_widget_queue_draw(GTK_WIDGET(names));
    if (maps_names_layer_complete(names))
        g_signal_emit(names, settled_signal, 0);
}

/* ---- when ---- */

static MapsSheet wanted(MapsNamesLayer *names)
{
    return (MapsSheet){.view = maps_viewport_view(SHUMATE_LAYER(names), names->style, names->lang),
                       .version = names->version};
}

bool maps_names_layer_complete(MapsNamesLayer *names)
{
    MapsSheet sheet = wanted(names);
    return names->tried && sheet.view.width > 0 && maps_sheet_equal(&sheet, &names->shown);
}

static gboolean on_rest(gpointer data)
{
    MapsNamesLayer *names = data;
    MapsSheet sheet = wanted(names);
    names->rest = 0;
    if (sheet.view.width > 0 && sheet.view.height > 0 && !maps_names_layer_complete(names))
        maps_crew_want(names->crew, &sheet, 1);
    return G_SOURCE_REMOVE;
}

static void on_viewport(MapsNamesLayer *names)
{
    gtk_widget_queue_draw(GTK_WIDGET(names));
    if (!names->crew)
        return;
    g_clear_handle_id(&names->rest, g_source_remove);
    names->rest = g_timeout_add(REST_MS, on_rest, names);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snap)
{
    MapsNamesLayer *names = MAPS_NAMES_LAYER(widget);
    if (!names->texture || names->shown.view.style != names->style)
        return;
    const MapsView *then = &names->shown.view;
    MapsView now = maps_viewport_view(SHUMATE_LAYER(widget), names->style, names->lang);
    MapsPoint middle = maps_view_point(&now, then->middle);
    double grown = exp2(now.zoom - then->zoom) * now.scale / then->scale;
    double width = then->width * grown, height = then->height * grown;
    graphene_rect_t rect =
        GRAPHENE_RECT_INIT((float)(round(middle.x - width / 2) / now.scale),
                           (float)(round(middle.y - height / 2) / now.scale),
                           (float)(width / now.scale), (float)(height / now.scale));
    gtk_snapshot_append_texture(snap, names->texture, &rect);
}

/* ---- life ---- */

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    GTK_WIDGET_CLASS(maps_names_layer_parent_class)->size_allocate(widget, width, height, baseline);
    on_viewport(MAPS_NAMES_LAYER(widget));
}

static void constructed(GObject *object)
{
    G_OBJECT_CLASS(maps_names_layer_parent_class)->constructed(object);
    g_signal_connect_swapped(shumate_layer_get_viewport(SHUMATE_LAYER(object)), "notify",
                             G_CALLBACK(on_viewport), object);
    g_signal_connect(object, "notify::scale-factor", G_CALLBACK(on_viewport), NULL);
}

static void dispose(GObject *object)
{
    MapsNamesLayer *names = MAPS_NAMES_LAYER(object);
    ShumateViewport *viewport = shumate_layer_get_viewport(SHUMATE_LAYER(object));
    if (viewport)
        g_signal_handlers_disconnect_by_data(viewport, object);
    g_clear_handle_id(&names->rest, g_source_remove);
    g_clear_pointer(&names->crew, maps_crew_free);
    g_clear_object(&names->texture);
    G_OBJECT_CLASS(maps_names_layer_parent_class)->dispose(object);
}

static void maps_names_layer_class_init(MapsNamesLayerClass *class)
{
    G_OBJECT_CLASS(class)->constructed = constructed;
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    GTK_WIDGET_CLASS(class)->size_allocate = size_allocate;
    settled_signal = g_signal_new("settled", MAPS_TYPE_NAMES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void maps_names_layer_init(MapsNamesLayer *names)
{
}

MapsNamesLayer *maps_names_layer_new(ShumateViewport *viewport, const char *city, MapsStyle style,
                                     const char *lang)
{
    MapsNamesLayer *names = g_object_new(MAPS_TYPE_NAMES, "viewport", viewport, NULL);
    names->style = style;
    names->lang = lang;
    names->crew = maps_crew_new(city, 1, MAPS_RANK_NAMES, paint_names, on_done, names);
    return names;
}

void maps_names_layer_set_style(MapsNamesLayer *names, MapsStyle style)
{
    names->style = style;
    on_viewport(names);
}

void maps_names_layer_renew(MapsNamesLayer *names)
{
    names->version++;
    on_viewport(names);
}
