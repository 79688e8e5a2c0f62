/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/pictures.h"

#include <math.h>

#include "maps/gtk/frame.h"
#include "maps/gtk/viewport.h"

struct _MapsPictures {
    ShumateLayer parent;
    const MapsPicturesPainter *painter;
    MapsCrew *crew;
    MapsStyle style;
    const char *lang;
    double opacity;
    int64_t version;
    guint rest; /* source, 0: none */
    MapsSheet shown;
    GArray *pieces;  /* MapsPiece, of shown; NULL: none yet, or it failed */
    gpointer report; /* of shown; owned */
    bool tried;      /* shown is what was painted last */
};

G_DEFINE_TYPE(MapsPictures, maps_pictures, SHUMATE_TYPE_LAYER)

enum { SETTLED, TROUBLE, N_SIGNALS };
static guint signals[N_SIGNALS];

static MapsView view_of(MapsPictures *pictures)
{
    return maps_viewport_view(SHUMATE_LAYER(pictures), pictures->style, pictures->lang);
}

/* The picture wanted: wider than the view by the margin, on whole px. */
static MapsSheet wanted(MapsPictures *pictures)
{
    MapsView view = view_of(pictures);
    view.width += 2 * round(view.width * pictures->painter->margin_share);
    view.height += 2 * round(view.height * pictures->painter->margin_share);
    return (MapsSheet){.view = view, .version = pictures->version};
}

/* Has the layer anything to do with the view? */
static bool is_on(MapsPictures *pictures)
{
    ShumateViewport *viewport = shumate_layer_get_viewport(SHUMATE_LAYER(pictures));
    return gtk_widget_get_visible(GTK_WIDGET(pictures)) &&
           shumate_viewport_get_zoom_level(viewport) >= pictures->painter->least_zoom;
}

bool maps_pictures_complete(MapsPictures *pictures)
{
    MapsSheet sheet = wanted(pictures);
    return !is_on(pictures) ||
           (pictures->tried && sheet.view.width > 0 && maps_sheet_equal(&sheet, &pictures->shown));
}

static void on_done(const MapsSheet *sheet, GArray *pieces, gpointer report, const GError *error,
                    gpointer user)
{
    MapsPictures *pictures = user;
    pictures->shown = *sheet;
    pictures->tried = true;
    g_clear_pointer(&pictures->pieces, g_array_unref);
    pictures->pieces = pieces ? g_array_ref(pieces) : NULL;
    g_free(pictures->report);
    pictures->report = report;
    gtk_widget_queue_draw(GTK_WIDGET(pictures));
    if (error)
        g_signal_emit(pictures, signals[TROUBLE], 0, error->message);
    if (maps_pictures_complete(pictures))
        g_signal_emit(pictures, signals[SETTLED], 0);
}

/* ---- when ---- */

static gboolean on_rest(gpointer data)
{
    MapsPictures *pictures = data;
    MapsSheet sheet = wanted(pictures);
    pictures->rest = 0;
    if (sheet.view.width > 0 && sheet.view.height > 0 && !maps_pictures_complete(pictures))
        maps_crew_want(pictures->crew, &sheet, 1);
    return G_SOURCE_REMOVE;
}

static void on_viewport(MapsPictures *pictures)
{
    gtk_widget_queue_draw(GTK_WIDGET(pictures));
    if (!pictures->crew)
        return;
    g_clear_handle_id(&pictures->rest, g_source_remove);
    if (is_on(pictures)) {
        pictures->rest = g_timeout_add(pictures->painter->rest_ms, on_rest, pictures);
        return;
    }
    maps_crew_want(pictures->crew, NULL, 0);
    g_signal_emit(pictures, signals[SETTLED], 0);
}

static void draw(MapsPictures *pictures, GtkSnapshot *snap)
{
    const MapsView *then = &pictures->shown.view;
    MapsView now = view_of(pictures);
    MapsPoint middle = maps_view_point(&now, then->middle);
    double grown = exp2(now.zoom - then->zoom) * now.scale / then->scale;
    double width = then->width * grown, height = then->height * grown;
    MapsPoint corner = {round(middle.x - width / 2), round(middle.y - height / 2)};
    if (pictures->opacity < 1)
        gtk_snapshot_push_opacity(snap, pictures->opacity);
    for (guint i = 0; i < pictures->pieces->len; i++)
        maps_piece_draw(&g_array_index(pictures->pieces, MapsPiece, i), snap, corner, grown, &now);
    if (pictures->opacity < 1)
        gtk_snapshot_pop(snap);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snap)
{
    MapsPictures *pictures = MAPS_PICTURES(widget);
    gint64 entered = maps_frame_enter();
    if (pictures->pieces && pictures->shown.view.style == pictures->style && is_on(pictures))
        draw(pictures, snap);
    maps_frame_leave(entered, MAPS_FRAME_SNAPSHOT);
}

/* ---- life ---- */

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    GTK_WIDGET_CLASS(maps_pictures_parent_class)->size_allocate(widget, width, height, baseline);
    on_viewport(MAPS_PICTURES(widget));
}

static void constructed(GObject *object)
{
    G_OBJECT_CLASS(maps_pictures_parent_class)->constructed(object);
    g_signal_connect_swapped(shumate_layer_get_viewport(SHUMATE_LAYER(object)), "notify",
                             G_CALLBACK(on_viewport), object);
    g_signal_connect(object, "notify::scale-factor", G_CALLBACK(on_viewport), NULL);
    g_signal_connect(object, "notify::visible", G_CALLBACK(on_viewport), NULL);
}

static void dispose(GObject *object)
{
    MapsPictures *pictures = MAPS_PICTURES(object);
    ShumateViewport *viewport = shumate_layer_get_viewport(SHUMATE_LAYER(object));
    if (viewport)
        g_signal_handlers_disconnect_by_data(viewport, object);
    g_clear_handle_id(&pictures->rest, g_source_remove);
    g_clear_pointer(&pictures->crew, maps_crew_free);
    g_clear_pointer(&pictures->pieces, g_array_unref);
    g_clear_pointer(&pictures->report, g_free);
    G_OBJECT_CLASS(maps_pictures_parent_class)->dispose(object);
}

static void maps_pictures_class_init(MapsPicturesClass *class)
{
    G_OBJECT_CLASS(class)->constructed = constructed;
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    GTK_WIDGET_CLASS(class)->size_allocate = size_allocate;
    signals[SETTLED] = g_signal_new("settled", MAPS_TYPE_PICTURES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
    signals[TROUBLE] = g_signal_new("trouble", MAPS_TYPE_PICTURES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void maps_pictures_init(MapsPictures *pictures)
{
}

MapsPictures *maps_pictures_new(ShumateViewport *viewport, const char *city, MapsStyle style,
                                const char *lang, const MapsPicturesPainter *painter, gpointer data,
                                GDestroyNotify release)
{
    MapsPictures *pictures = g_object_new(MAPS_TYPE_PICTURES, "viewport", viewport, NULL);
    pictures->style = style;
    pictures->lang = lang;
    pictures->painter = painter;
    pictures->opacity = 1;
    pictures->crew =
        maps_crew_new(city, 1, painter->rank, MAPS_PIECE_PX, painter->paint, on_done, pictures);
    maps_crew_set_data(pictures->crew, data, release);
    gtk_widget_set_name(GTK_WIDGET(pictures), painter->name);
    return pictures;
}

void maps_pictures_set_style(MapsPictures *pictures, MapsStyle style)
{
    pictures->style = style;
    on_viewport(pictures);
}

void maps_pictures_set_data(MapsPictures *pictures, gpointer data, GDestroyNotify release)
{
    maps_crew_set_data(pictures->crew, data, release);
    maps_pictures_renew(pictures);
}

void maps_pictures_renew(MapsPictures *pictures)
{
    pictures->version++;
    on_viewport(pictures);
}

void maps_pictures_set_opacity(MapsPictures *pictures, double opacity)
{
    pictures->opacity = CLAMP(opacity, 0, 1);
    gtk_widget_queue_draw(GTK_WIDGET(pictures));
}

gconstpointer maps_pictures_report(MapsPictures *pictures)
{
    return pictures->report;
}
