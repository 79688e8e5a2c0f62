/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/map.h"

#include <shumate/shumate.h>

#include "maps/gtk/ground.h"
#include "maps/gtk/pictures.h"
#include "maps/gtk/tiles.h"
#include "maps/gtk/viewport.h"
#include "maps/paint/words.h"

#define MIN_ZOOM 8
#define MAX_ZOOM 19

struct _AppMap {
    AdwBin parent;
    AppCity *city; /* owned */
    ShumateMap *map;
    MapsTiles *tiles, *borders;
    MapsPictures *names;
    GtkLabel *place, *area, *zoom;
};

G_DEFINE_TYPE(AppMap, app_map, ADW_TYPE_BIN)

enum { SETTLED, TROUBLE, N_SIGNALS };
static guint signals[N_SIGNALS];

static ShumateViewport *viewport_of(AppMap *self)
{
    return shumate_map_get_viewport(self->map);
}

static MapsView view_of(AppMap *self)
{
    return maps_viewport_view(SHUMATE_LAYER(self->tiles), MAPS_STYLE_NIGHT, NULL);
}

/* ---- the strip ---- */

static void tell_place(AppMap *self, GeoLonLat p)
{
    g_autofree char *place = g_strdup_printf("%.5f, %.5f", p.lon, p.lat);
    const GeoArea *area = app_where_find(self->city->where, p);
    const char *code = area && area->row.code ? area->row.code : "";
    const char *name = area && area->row.name ? area->row.name : "";
    g_autofree char *words = g_strdup_printf("%s%s%s", code, *code && *name ? "  " : "", name);
    gtk_label_set_text(self->place, place);
    gtk_label_set_text(self->area, words);
}

static void on_motion(GtkEventControllerMotion *motion, double x, double y, AppMap *self)
{
    MapsView view = view_of(self);
    tell_place(self, maps_view_unproject(&view, (MapsPoint){x * view.scale, y * view.scale}));
}

static void on_leave(GtkEventControllerMotion *motion, AppMap *self)
{
    ShumateLocation *middle = SHUMATE_LOCATION(viewport_of(self));
    tell_place(self, (GeoLonLat){shumate_location_get_longitude(middle),
                                 shumate_location_get_latitude(middle)});
}

static void on_zoom(AppMap *self)
{
    double zoom = shumate_viewport_get_zoom_level(viewport_of(self));
    g_autofree char *words = g_strdup_printf(_("zoom %.1f"), zoom);
    gtk_label_set_text(self->zoom, words);
}

static GtkLabel *add_label(GtkBox *strip, const char *tooltip, bool stretch)
{
    GtkWidget *label = gtk_label_new(NULL);
    gtk_widget_set_tooltip_text(label, tooltip);
    gtk_widget_add_css_class(label, "numeric");
    gtk_label_set_xalign(GTK_LABEL(label), 0);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_END);
    gtk_widget_set_hexpand(label, stretch);
    gtk_box_append(strip, label);
    return GTK_LABEL(label);
}

static GtkWidget *make_strip(AppMap *self)
{
    GtkWidget *strip = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 18);
    gtk_widget_set_margin_start(strip, 12);
    gtk_widget_set_margin_end(strip, 12);
    gtk_widget_set_margin_top(strip, 5);
    gtk_widget_set_margin_bottom(strip, 5);
    self->place = add_label(GTK_BOX(strip), _("longitude, latitude (WGS 84)"), false);
    self->area = add_label(GTK_BOX(strip), _("the smallest area there: code and name"), true);
    self->zoom = add_label(GTK_BOX(strip), NULL, false);
    gtk_label_set_width_chars(self->place, 20);
    return strip;
}

/* ---- the map ---- */

/* Pictures and names stand north up; two fingers may not turn the map. */
static void keep_north_up(ShumateViewport *viewport)
{
    if (shumate_viewport_get_rotation(viewport) != 0)
        shumate_viewport_set_rotation(viewport, 0);
}

bool app_map_complete(AppMap *self)
{
    return maps_tiles_complete(self->tiles) && maps_tiles_complete(self->borders) &&
           maps_pictures_complete(self->names);
}

static void on_settled(AppMap *self)
{
    if (app_map_complete(self))
        g_signal_emit(self, signals[SETTLED], 0);
}

static void on_trouble(AppMap *self, const char *why)
{
    g_signal_emit(self, signals[TROUBLE], 0, why);
}

static void add_corner(GtkOverlay *overlay, GtkWidget *widget, GtkAlign across)
{
    gtk_widget_set_halign(widget, across);
    gtk_widget_set_valign(widget, GTK_ALIGN_END);
    gtk_overlay_add_overlay(overlay, widget);
}

static GtkWidget *make_overlay(AppMap *self, ShumateMapSource *ground)
{
    GtkWidget *overlay = gtk_overlay_new();
    ShumateScale *scale = shumate_scale_new(viewport_of(self));
    ShumateLicense *licence = shumate_license_new();
    shumate_scale_set_unit(scale, SHUMATE_UNIT_METRIC);
    shumate_license_append_map_source(licence, ground);
    gtk_overlay_set_child(GTK_OVERLAY(overlay), GTK_WIDGET(self->map));
    add_corner(GTK_OVERLAY(overlay), GTK_WIDGET(scale), GTK_ALIGN_START);
    add_corner(GTK_OVERLAY(overlay), GTK_WIDGET(licence), GTK_ALIGN_END);
    return overlay;
}

static void watch_map(AppMap *self)
{
    ShumateViewport *viewport = viewport_of(self);
    GtkEventController *motion = gtk_event_controller_motion_new();
    g_signal_connect_object(motion, "motion", G_CALLBACK(on_motion), self, 0);
    g_signal_connect_object(motion, "leave", G_CALLBACK(on_leave), self, 0);
    gtk_widget_add_controller(GTK_WIDGET(self->map), motion);
    g_signal_connect_object(viewport, "notify::zoom-level", G_CALLBACK(on_zoom), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect(viewport, "notify::rotation", G_CALLBACK(keep_north_up), NULL);
    g_signal_connect_object(self->tiles, "settled", G_CALLBACK(on_settled), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->borders, "settled", G_CALLBACK(on_settled), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->borders, "trouble", G_CALLBACK(on_trouble), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->names, "settled", G_CALLBACK(on_settled), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->tiles, "trouble", G_CALLBACK(on_trouble), self,
                            G_CONNECT_SWAPPED);
}

AppMap *app_map_new(AppCity *city, MapsStyle style, const char *lang)
{
    AppMap *self = g_object_new(APP_TYPE_MAP, NULL);
    g_autoptr(ShumateMapSource) ground = SHUMATE_MAP_SOURCE(maps_ground_new(city->city.note));
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->city = city;
    self->map = shumate_map_new();
    ShumateViewport *viewport = viewport_of(self);
    shumate_viewport_set_reference_map_source(viewport, ground);
    shumate_viewport_set_min_zoom_level(viewport, MIN_ZOOM);
    shumate_viewport_set_max_zoom_level(viewport, MAX_ZOOM);
    self->tiles = maps_tiles_new(viewport, city->path, style, &maps_tiles_ground, NULL, NULL);
    self->borders = maps_tiles_new(viewport, city->path, style, &maps_tiles_borders, NULL, NULL);
    self->names =
        maps_pictures_new(viewport, city->path, style, lang, &maps_pictures_names, NULL, NULL);
    shumate_map_add_layer(self->map, SHUMATE_LAYER(self->tiles));
    shumate_map_add_layer(self->map, SHUMATE_LAYER(self->borders));
    shumate_map_add_layer(self->map, SHUMATE_LAYER(self->names));
    gtk_widget_set_focusable(GTK_WIDGET(self->map), TRUE);
    gtk_widget_set_vexpand(GTK_WIDGET(self->map), TRUE);
    gtk_box_append(GTK_BOX(box), make_overlay(self, ground));
    gtk_box_append(GTK_BOX(box), make_strip(self));
    adw_bin_set_child(ADW_BIN(self), box);
    watch_map(self);
    app_map_home(self);
    on_zoom(self);
    on_leave(NULL, self);
    return self;
}

const AppCity *app_map_city(AppMap *self)
{
    return self->city;
}

void app_map_set_style(AppMap *self, MapsStyle style)
{
    maps_tiles_set_style(self->tiles, style);
    maps_tiles_set_style(self->borders, style);
    maps_pictures_set_style(self->names, style);
}

void app_map_renew(AppMap *self)
{
    maps_tiles_renew(self->tiles);
    maps_tiles_renew(self->borders);
    maps_pictures_renew(self->names);
}

/* ---- moving ---- */

void app_map_pan(AppMap *self, double right, double down)
{
    MapsView view = view_of(self);
    GeoLonLat p = maps_view_unproject(
        &view, (MapsPoint){view.width * (0.5 + right), view.height * (0.5 + down)});
    shumate_map_stop_go_to(self->map);
    shumate_location_set_location(SHUMATE_LOCATION(viewport_of(self)), p.lat, p.lon);
}

void app_map_zoom(AppMap *self, double by)
{
    ShumateViewport *viewport = viewport_of(self);
    shumate_map_stop_go_to(self->map);
    shumate_viewport_set_zoom_level(
        viewport, CLAMP(shumate_viewport_get_zoom_level(viewport) + by, MIN_ZOOM, MAX_ZOOM));
}

void app_map_home(AppMap *self)
{
    const AppCity *city = self->city;
    shumate_map_stop_go_to(self->map);
    shumate_viewport_set_zoom_level(viewport_of(self), CLAMP(city->zoom, MIN_ZOOM, MAX_ZOOM));
    shumate_location_set_location(SHUMATE_LOCATION(viewport_of(self)), city->middle.lat,
                                  city->middle.lon);
}

/* ---- life ---- */

static void finalize(GObject *object)
{
    app_city_free(APP_MAP(object)->city);
    G_OBJECT_CLASS(app_map_parent_class)->finalize(object);
}

static void app_map_class_init(AppMapClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[SETTLED] = g_signal_new("settled", APP_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 0);
    signals[TROUBLE] = g_signal_new("trouble", APP_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                    G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void app_map_init(AppMap *self)
{
}
