/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/map.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/map-data.h"
#include "app/console/map-shares.h"
#include "maps/gtk/ground.h"
#include "maps/gtk/incidents.h"
#include "maps/gtk/marks.h"
#include "maps/gtk/tiles.h"
#include "maps/gtk/units.h"
#include "maps/gtk/viewport.h"
#include "maps/paint/fields.h"
#include "maps/paint/words.h"

#define MIN_ZOOM 8
#define MAX_ZOOM 19
#define FLY_MS 300
#define DRAG_PX 3.0   /* less is a click with an unsteady hand */
#define CAMERA_PX 9.0 /* a click so near a camera means it */
#define MAX_BACK 32
#define BADGE_ZOOM 13.0  /* farther out they would lie on each other */
#define LICENCE_CHARS 52 /* a line */

const AppLayerLook app_layer_looks[APP_N_LAYERS] = {
    [APP_LAYER_UNITS] = {"units", N_("Units"), 1},
    [APP_LAYER_TRAILS] = {"trails", N_("Trails, 30 min"), 0.8},
    [APP_LAYER_INCIDENTS] = {"incidents", N_("Incidents"), 1},
    [APP_LAYER_FIELDS] = {"fields", N_("Camera fields"), 0.9},
    [APP_LAYER_GAPS] = {"gaps", N_("Worst gaps, 20"), 0.9},
    [APP_LAYER_HEAT] = {"heat", N_("Heat, 28 days"), 0.8},
    [APP_LAYER_GRIDS] = {"grids", N_("Grids"), 1},
    [APP_LAYER_NAMES] = {"names", N_("Names"), 1},
};

struct _AppMap {
    AdwBin parent;
    const AppCity *city; /* borrowed */
    const char *lang;
    MapsStyle style;
    ShumateMap *map;
    MapsTiles *ground, *grids, *fields;
    MapsPictures *heat, *shares, *gaps, *trails, *names;
    MapsUnitsLayer *units;
    MapsIncidentsLayer *incidents;
    MapsMarksLayer *marks;
    MapsPlanLayer *plan;
    AppMapDrag drag;        /* the one under way */
    bool moved;             /* it has gone anywhere */
    AppNow *now;            /* owned */
    AppIncidentSet *set;    /* what the incidents' layer shows; owned by it */
    const AppTrails *trail; /* which are shown; only compared */
    int64_t marked_id;      /* incident */
    int64_t heat_ms, badge_ms;
    GArray *back; /* MapsView */
};

G_DEFINE_TYPE(AppMap, app_map, ADW_TYPE_BIN)

enum { SETTLED, TROUBLE, PICKED, POINTED, DRAGGED, HEAT, N_SIGNALS };
static guint signals[N_SIGNALS];

static ShumateViewport *viewport_of(AppMap *self)
{
    return shumate_map_get_viewport(self->map);
}

MapsView app_map_view(AppMap *self)
{
    return maps_viewport_view(SHUMATE_LAYER(self->ground), self->style, self->lang);
}

static GeoLonLat place_at(AppMap *self, double x, double y)
{
    MapsView view = app_map_view(self);
    return maps_view_unproject(&view, (MapsPoint){x * view.scale, y * view.scale});
}

/* ---- pointing and picking ---- */

static void on_motion(GtkEventControllerMotion *motion, double x, double y, AppMap *self)
{
    GeoLonLat p = place_at(self, x, y);
    g_signal_emit(self, signals[POINTED], 0, p.lon, p.lat);
}

static void on_leave(GtkEventControllerMotion *motion, AppMap *self)
{
    ShumateLocation *middle = SHUMATE_LOCATION(viewport_of(self));
    g_signal_emit(self, signals[POINTED], 0, shumate_location_get_longitude(middle),
                  shumate_location_get_latitude(middle));
}

/* The camera nearest to the click whose dot lies there; false at zooms without dots. */
static bool pick_camera(AppMap *self, double x, double y, AppPick *pick)
{
    MapsView view = app_map_view(self);
    const GeoBatch *cameras = self->city->cameras;
    double best = CAMERA_PX * view.scale;
    if (view.zoom < MAPS_CAMERA_ZOOM || !gtk_widget_get_visible(GTK_WIDGET(self->fields)))
        return false;
    pick->kind = APP_PICK_PLACE;
    for (guint i = 0; i < cameras->rows->len; i++) {
        GeoLonLat at;
        if (!geo_batch_first(cameras, geo_batch_row(cameras, i), &at))
            continue;
        MapsPoint p = maps_view_point(&view, at);
        double off = hypot(p.x - x * view.scale, p.y - y * view.scale);
        if (off >= best)
            continue;
        best = off;
        *pick = (AppPick){.kind = APP_PICK_CAMERA, .at = at, .row = i};
    }
    return pick->kind == APP_PICK_CAMERA;
}

static AppPick pick_at(AppMap *self, double x, double y)
{
    AppPick pick = {.at = place_at(self, x, y)};
    gssize i;
    size_t planned;
    if (maps_plan_layer_hit(self->plan, x, y, &planned) != MAPS_PLAN_HIT_NONE)
        return (AppPick){.kind = APP_PICK_PLANNED, .at = pick.at, .row = (guint)planned};
    if (self->set && gtk_widget_get_visible(GTK_WIDGET(self->incidents)) &&
        (i = maps_incidents_layer_pick(self->incidents, x, y)) >= 0)
        return (AppPick){
            .kind = APP_PICK_INCIDENT, .at = self->set->shown[i].at, .id = self->set->id[i]};
    if (self->now && gtk_widget_get_visible(GTK_WIDGET(self->units)) &&
        (i = maps_units_layer_pick(self->units, x, y)) >= 0 && (gsize)i < self->now->n_units)
        return (AppPick){
            .kind = APP_PICK_UNIT, .at = self->now->units[i].at, .id = self->now->who[i].id};
    AppPick camera = pick;
    return pick_camera(self, x, y, &camera) ? camera : pick;
}

void app_map_pick_middle(AppMap *self)
{
    MapsView view = app_map_view(self);
    AppPick pick = pick_at(self, view.width / view.scale / 2, view.height / view.scale / 2);
    g_signal_emit(self, signals[PICKED], 0, &pick);
}

static void on_click(GtkGestureClick *click, int n_press, double x, double y, AppMap *self)
{
    AppPick pick = pick_at(self, x, y);
    GdkModifierType held =
        gtk_event_controller_get_current_event_state(GTK_EVENT_CONTROLLER(click));
    pick.shift = (held & GDK_SHIFT_MASK) != 0;
    gtk_widget_grab_focus(GTK_WIDGET(self->map));
    if (n_press == 1)
        g_signal_emit(self, signals[PICKED], 0, &pick);
}

/* ---- dragging a camera of the plan ---- */

static void drag_to(AppMap *self, AppDragPhase phase, double x, double y)
{
    self->drag.phase = phase;
    self->drag.at = place_at(self, x, y);
    g_signal_emit(self, signals[DRAGGED], 0, &self->drag);
}

/* Claimed only on a camera or its handle: anywhere else a drag moves the map. */
static void on_drag_begin(GtkGestureDrag *drag, double x, double y, AppMap *self)
{
    size_t camera;
    MapsPlanHit hit = maps_plan_layer_hit(self->plan, x, y, &camera);
    if (hit == MAPS_PLAN_HIT_NONE) {
        gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_DENIED);
        return;
    }
    gtk_gesture_set_state(GTK_GESTURE(drag), GTK_EVENT_SEQUENCE_CLAIMED);
    gtk_widget_grab_focus(GTK_WIDGET(self->map));
    self->drag = (AppMapDrag){.camera = (guint)camera, .by_handle = hit == MAPS_PLAN_HIT_HANDLE};
    self->moved = false;
    drag_to(self, APP_DRAG_BEGIN, x, y);
}

static void on_drag(GtkGestureDrag *drag, double dx, double dy, AppMap *self, AppDragPhase phase)
{
    double x, y;
    if (!gtk_gesture_drag_get_start_point(drag, &x, &y))
        return;
    self->moved |= hypot(dx, dy) >= DRAG_PX;
    if (self->moved)
        drag_to(self, phase, x + dx, y + dy);
}

static void on_drag_update(GtkGestureDrag *drag, double dx, double dy, AppMap *self)
{
    on_drag(drag, dx, dy, self, APP_DRAG_MOVE);
}

static void on_drag_end(GtkGestureDrag *drag, double dx, double dy, AppMap *self)
{
    on_drag(drag, dx, dy, self, APP_DRAG_END);
}

/* ---- what the layers say ---- */

bool app_map_complete(AppMap *self)
{
    return maps_pictures_complete(self->shares) && maps_tiles_complete(self->ground) &&
           maps_tiles_complete(self->grids) && maps_tiles_complete(self->fields) &&
           maps_pictures_complete(self->heat) && maps_pictures_complete(self->gaps) &&
           maps_pictures_complete(self->trails) && maps_pictures_complete(self->names);
}

/* For people who cannot see the map, and for the tests: where it stands. */
static void describe(AppMap *self)
{
    MapsView view = app_map_view(self);
    g_autofree char *words = g_strdup_printf("%.6f %.6f %.4f %s", view.middle.lon, view.middle.lat,
                                             view.zoom, app_map_complete(self) ? "complete" : "");
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->map), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Map"), GTK_ACCESSIBLE_PROPERTY_DESCRIPTION, words, -1);
}

static void on_settled(AppMap *self)
{
    describe(self);
    if (app_map_complete(self))
        g_signal_emit(self, signals[SETTLED], 0);
}

static void on_heat(AppMap *self)
{
    g_signal_emit(self, signals[HEAT], 0);
}

static void on_trouble(AppMap *self, const char *why)
{
    g_signal_emit(self, signals[TROUBLE], 0, why);
}

const MapsHeatReport *app_map_heat(AppMap *self)
{
    return maps_pictures_report(self->heat);
}

/* ---- making ---- */

/* Pictures and names stand north up; two fingers may not turn the map. */
static void keep_north_up(ShumateViewport *viewport)
{
    if (shumate_viewport_get_rotation(viewport) != 0)
        shumate_viewport_set_rotation(viewport, 0);
}

static void add_corner(GtkOverlay *overlay, GtkWidget *widget, GtkAlign across)
{
    gtk_widget_set_halign(widget, across);
    gtk_widget_set_valign(widget, GTK_ALIGN_END);
    gtk_overlay_add_overlay(overlay, widget);
}

static GtkWidget *make_overlay(AppMap *self)
{
    GtkWidget *overlay = gtk_overlay_new();
    ShumateScale *scale = shumate_scale_new(viewport_of(self));
    GtkWidget *licence = app_looks_label(self->city->city.note, "license", 1);
    gtk_label_set_max_width_chars(GTK_LABEL(licence), LICENCE_CHARS);
    gtk_label_set_wrap(GTK_LABEL(licence), TRUE);
    gtk_label_set_lines(GTK_LABEL(licence), 3);
    gtk_label_set_justify(GTK_LABEL(licence), GTK_JUSTIFY_RIGHT);
    gtk_widget_set_tooltip_text(licence, self->city->city.note);
    shumate_scale_set_unit(scale, SHUMATE_UNIT_METRIC);
    gtk_overlay_set_child(GTK_OVERLAY(overlay), GTK_WIDGET(self->map));
    add_corner(GTK_OVERLAY(overlay), GTK_WIDGET(scale), GTK_ALIGN_START);
    add_corner(GTK_OVERLAY(overlay), licence, GTK_ALIGN_END);
    return overlay;
}

static void add_layer(AppMap *self, gpointer layer)
{
    shumate_map_add_layer(self->map, SHUMATE_LAYER(layer));
}

static MapsTiles *add_tiles(AppMap *self, const MapsTilesPainter *painter, gpointer data)
{
    MapsTiles *tiles = maps_tiles_new(viewport_of(self), self->city->path, self->style, painter,
                                      data, data ? g_free : NULL);
    add_layer(self, tiles);
    g_signal_connect_object(tiles, "settled", G_CALLBACK(on_settled), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(tiles, "trouble", G_CALLBACK(on_trouble), self, G_CONNECT_SWAPPED);
    return tiles;
}

static MapsPictures *add_pictures(AppMap *self, const MapsPicturesPainter *painter)
{
    MapsPictures *pictures = maps_pictures_new(viewport_of(self), self->city->path, self->style,
                                               self->lang, painter, NULL, NULL);
    add_layer(self, pictures);
    g_signal_connect_object(pictures, "settled", G_CALLBACK(on_settled), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(pictures, "trouble", G_CALLBACK(on_trouble), self, G_CONNECT_SWAPPED);
    return pictures;
}

/* From the ground up. */
static void add_layers(AppMap *self)
{
    ShumateViewport *viewport = viewport_of(self);
    MapsCoverageLook look = {.class = self->city->class, .night = self->city->night};
    self->ground = add_tiles(self, &maps_tiles_ground, NULL);
    self->shares = add_pictures(self, &app_map_shares);
    self->heat = add_pictures(self, &maps_pictures_heat);
    self->fields = add_tiles(self, &maps_tiles_coverage, g_memdup2(&look, sizeof look));
    self->grids = add_tiles(self, &maps_tiles_borders, NULL);
    self->gaps = add_pictures(self, &maps_pictures_gaps);
    self->trails = add_pictures(self, &maps_pictures_trails);
    self->names = add_pictures(self, &maps_pictures_names);
    self->plan = maps_plan_layer_new(viewport, self->style, self->lang);
    self->marks = maps_marks_layer_new(viewport, self->style, self->lang);
    self->units = maps_units_layer_new(viewport, self->style, self->lang);
    self->incidents = maps_incidents_layer_new(viewport, self->style, self->lang);
    add_layer(self, self->plan);
    add_layer(self, self->marks);
    add_layer(self, self->units);
    add_layer(self, self->incidents);
    g_signal_connect_object(self->heat, "settled", G_CALLBACK(on_heat), self, G_CONNECT_SWAPPED);
}

/* Before the map's own gestures, which would pan. */
static void watch_drags(AppMap *self)
{
    GtkGesture *drag = gtk_gesture_drag_new();
    gtk_event_controller_set_propagation_phase(GTK_EVENT_CONTROLLER(drag), GTK_PHASE_CAPTURE);
    g_signal_connect_object(drag, "drag-begin", G_CALLBACK(on_drag_begin), self, 0);
    g_signal_connect_object(drag, "drag-update", G_CALLBACK(on_drag_update), self, 0);
    g_signal_connect_object(drag, "drag-end", G_CALLBACK(on_drag_end), self, 0);
    gtk_widget_add_controller(GTK_WIDGET(self->map), GTK_EVENT_CONTROLLER(drag));
}

static void watch_map(AppMap *self)
{
    ShumateViewport *viewport = viewport_of(self);
    GtkEventController *motion = gtk_event_controller_motion_new();
    GtkGesture *click = gtk_gesture_click_new();
    g_signal_connect_object(motion, "motion", G_CALLBACK(on_motion), self, 0);
    g_signal_connect_object(motion, "leave", G_CALLBACK(on_leave), self, 0);
    gtk_widget_add_controller(GTK_WIDGET(self->map), motion);
    /* Released, not pressed: a drag moves the map and picks nothing. */
    g_signal_connect_object(click, "released", G_CALLBACK(on_click), self, 0);
    gtk_widget_add_controller(GTK_WIDGET(self->map), GTK_EVENT_CONTROLLER(click));
    watch_drags(self);
    g_signal_connect_object(viewport, "notify", G_CALLBACK(describe), self, G_CONNECT_SWAPPED);
    g_signal_connect(viewport, "notify::rotation", G_CALLBACK(keep_north_up), NULL);
}

AppMap *app_map_new(const AppCity *city, MapsStyle style, const char *lang)
{
    AppMap *self = g_object_new(APP_TYPE_MAP, NULL);
    g_autoptr(ShumateMapSource) ground = SHUMATE_MAP_SOURCE(maps_ground_new(city->city.note));
    self->city = city;
    self->style = style;
    self->lang = lang;
    self->map = shumate_map_new();
    self->back = g_array_new(FALSE, FALSE, sizeof(MapsView));
    ShumateViewport *viewport = viewport_of(self);
    shumate_viewport_set_reference_map_source(viewport, ground);
    shumate_viewport_set_min_zoom_level(viewport, MIN_ZOOM);
    shumate_viewport_set_max_zoom_level(viewport, MAX_ZOOM);
    shumate_map_set_go_to_duration(self->map, FLY_MS);
    gtk_widget_set_focusable(GTK_WIDGET(self->map), TRUE);
    add_layers(self);
    adw_bin_set_child(ADW_BIN(self), make_overlay(self));
    watch_map(self);
    app_map_home(self);
    return self;
}

void app_map_set_style(AppMap *self, MapsStyle style)
{
    self->style = style;
    MapsTiles *tiles[] = {self->ground, self->grids, self->fields};
    MapsPictures *pictures[] = {self->heat, self->shares, self->gaps, self->trails, self->names};
    for (gsize i = 0; i < G_N_ELEMENTS(tiles); i++)
        maps_tiles_set_style(tiles[i], style);
    for (gsize i = 0; i < G_N_ELEMENTS(pictures); i++)
        maps_pictures_set_style(pictures[i], style);
    maps_canvas_set_style(MAPS_CANVAS(self->plan), style);
    maps_canvas_set_style(MAPS_CANVAS(self->marks), style);
    maps_units_layer_set_style(self->units, style);
    maps_incidents_layer_set_style(self->incidents, style);
}

void app_map_renew(AppMap *self)
{
    MapsTiles *tiles[] = {self->ground, self->grids, self->fields};
    MapsPictures *pictures[] = {self->heat, self->shares, self->names};
    for (gsize i = 0; i < G_N_ELEMENTS(tiles); i++)
        maps_tiles_renew(tiles[i]);
    for (gsize i = 0; i < G_N_ELEMENTS(pictures); i++)
        maps_pictures_renew(pictures[i]);
}

/* ---- data ---- */

static void set_incidents(AppMap *self)
{
    if (self->set && app_incident_set_shows(self->set, self->now))
        return;
    self->set = app_incident_set_new(self->now);
    maps_incidents_layer_set_incidents(self->incidents, self->set->shown, self->set->n, self->set,
                                       app_incident_set_free);
    app_map_mark_incident(self, self->marked_id);
}

static void set_trails(AppMap *self)
{
    if (self->now->trails == self->trail)
        return;
    self->trail = self->now->trails;
    maps_pictures_set_data(self->trails, app_trail_set_new(self->now), app_trail_set_free);
}

/* Heat is of the 28 days before a moment; an hour more or less is not seen. */
#define HEAT_STEP_MS (INT64_C(3600) * 1000)

static void set_heat(AppMap *self)
{
    int64_t at_ms = self->now->at_ms / HEAT_STEP_MS * HEAT_STEP_MS + HEAT_STEP_MS;
    if (at_ms == self->heat_ms)
        return;
    self->heat_ms = at_ms;
    MapsHeatData data = {.at_ms = at_ms};
    maps_pictures_set_data(self->heat, g_memdup2(&data, sizeof data), g_free);
}

void app_map_set_now(AppMap *self, AppNow *now)
{
    app_now_ref(now);
    app_now_unref(self->now);
    self->now = now;
    maps_units_layer_set_units(self->units, now->units, now->n_units, app_now_ref(now),
                               (GDestroyNotify)app_now_unref);
    set_incidents(self);
    set_trails(self);
    set_heat(self);
}

void app_map_set_survey(AppMap *self, AppSurvey *survey)
{
    maps_pictures_set_data(self->gaps, app_survey_ref(survey), (GDestroyNotify)app_survey_unref);
    maps_pictures_set_data(self->shares, app_survey_ref(survey), (GDestroyNotify)app_survey_unref);
}

void app_map_set_plan(AppMap *self, const MapsPlan *plan)
{
    maps_plan_layer_set(self->plan, plan);
}

void app_map_set_gaps(AppMap *self, const GeoCoverageGaps *gaps)
{
    maps_pictures_set_data(self->gaps, app_gap_set_new(gaps), app_gap_set_free);
}

static GtkWidget *widget_of(AppMap *self, AppLayer layer)
{
    gpointer widgets[APP_N_LAYERS] = {
        [APP_LAYER_UNITS] = self->units,         [APP_LAYER_TRAILS] = self->trails,
        [APP_LAYER_INCIDENTS] = self->incidents, [APP_LAYER_FIELDS] = self->fields,
        [APP_LAYER_GAPS] = self->gaps,           [APP_LAYER_HEAT] = self->heat,
        [APP_LAYER_GRIDS] = self->grids,         [APP_LAYER_NAMES] = self->names,
    };
    return widgets[layer];
}

void app_map_show_layer(AppMap *self, AppLayer layer, bool shown)
{
    gtk_widget_set_visible(widget_of(self, layer), shown);
    if (layer == APP_LAYER_FIELDS)
        gtk_widget_set_visible(GTK_WIDGET(self->shares), shown);
    on_settled(self);
    if (layer == APP_LAYER_HEAT)
        on_heat(self);
}

void app_map_set_opacity(AppMap *self, AppLayer layer, double opacity)
{
    GtkWidget *widget = widget_of(self, layer);
    if (MAPS_IS_TILES(widget))
        maps_tiles_set_opacity(MAPS_TILES(widget), opacity);
    else if (MAPS_IS_PICTURES(widget))
        maps_pictures_set_opacity(MAPS_PICTURES(widget), opacity);
    else
        gtk_widget_set_opacity(widget, opacity);
}

/* ---- marks ---- */

void app_map_mark_place(AppMap *self, GeoLonLat at)
{
    maps_marks_layer_set_asked(self->marks, at);
}

static void mark_comers(AppMap *self, const AppHere *here)
{
    if (app_map_view(self).zoom < BADGE_ZOOM) {
        maps_marks_layer_set_badges(self->marks, NULL, 0);
        return;
    }
    g_autoptr(GArray) badges = g_array_new(FALSE, TRUE, sizeof(MapsBadge));
    g_autoptr(GPtrArray) texts = g_ptr_array_new_with_free_func(g_free);
    for (guint i = 0; i < here->comers->len; i++) {
        const AppComer *comer = &g_array_index(here->comers, AppComer, i);
        int s = (int)lround(comer->travel_s);
        char *text = g_strdup_printf("%s  %d:%02d", comer->code, s / 60, s % 60);
        MapsBadge badge = {comer->at, i + 1, text};
        g_ptr_array_add(texts, text);
        g_array_append_val(badges, badge);
    }
    maps_marks_layer_set_badges(self->marks, (const MapsBadge *)(void *)badges->data, badges->len);
}

static void mark_cameras(AppMap *self, const GeoHere *place)
{
    static const char *const letters[] = {"A", "B", "C", "D", "E", "F", "G", "H"};
    MapsWitness witnesses[G_N_ELEMENTS(letters)];
    guint n = MIN(place->cameras->len, G_N_ELEMENTS(letters));
    for (guint i = 0; i < n; i++) {
        const GeoHereCamera *camera = &g_array_index(place->cameras, GeoHereCamera, i);
        const GeoLonLat *points = (const GeoLonLat *)(const void *)place->points->data;
        const uint32_t *rings = (const uint32_t *)(const void *)place->rings->data;
        witnesses[i] = (MapsWitness){
            camera->at,     letters[i], points + camera->first, camera->n, rings + camera->ring0,
            camera->n_rings};
    }
    maps_marks_layer_set_witnesses(self->marks, witnesses, n);
}

void app_map_mark_here(AppMap *self, const AppHere *here)
{
    maps_marks_layer_set_asked(self->marks, here->place->at);
    maps_marks_layer_set_route(self->marks, (const GeoLonLat *)(const void *)here->route->data,
                               here->route->len);
    mark_comers(self, here);
    mark_cameras(self, here->place);
}

void app_map_mark_unit(AppMap *self, GeoLonLat at, double reach_m)
{
    maps_marks_layer_set_unit(self->marks, at, reach_m);
}

void app_map_mark_area(AppMap *self, const GeoArea *area)
{
    const GeoBatch *areas = app_where_areas(self->city->where);
    if (!area || area->row.n_parts == 0) {
        maps_marks_layer_set_outline(self->marks, NULL, NULL, 0);
        return;
    }
    g_autofree uint32_t *rings = g_new(uint32_t, area->row.n_parts + 1);
    size_t n;
    const GeoLonLat *first = geo_batch_part(areas, &area->row, 0, &n);
    for (uint32_t k = 0; k < area->row.n_parts; k++) {
        rings[k] = (uint32_t)(geo_batch_part(areas, &area->row, k, &n) - first);
        rings[k + 1] = rings[k] + (uint32_t)n;
    }
    maps_marks_layer_set_outline(self->marks, first, rings, area->row.n_parts);
}

void app_map_mark_incident(AppMap *self, int64_t id)
{
    gssize found = -1;
    self->marked_id = id;
    for (size_t i = 0; self->set && id != 0 && i < self->set->n; i++)
        if (self->set->id[i] == id)
            found = (gssize)i;
    maps_incidents_layer_select(self->incidents, found);
}

void app_map_clear_marks(AppMap *self)
{
    maps_marks_layer_clear(self->marks);
    app_map_mark_incident(self, 0);
}

/* ---- moving ---- */

void app_map_jump(AppMap *self, GeoLonLat at, double zoom)
{
    shumate_map_stop_go_to(self->map);
    shumate_viewport_set_zoom_level(viewport_of(self), CLAMP(zoom, MIN_ZOOM, MAX_ZOOM));
    shumate_location_set_location(SHUMATE_LOCATION(viewport_of(self)), at.lat, at.lon);
}

void app_map_pan(AppMap *self, double right, double down)
{
    MapsView view = app_map_view(self);
    GeoLonLat p = maps_view_unproject(
        &view, (MapsPoint){view.width * (0.5 + right), view.height * (0.5 + down)});
    app_map_jump(self, p, view.zoom);
}

void app_map_zoom(AppMap *self, double by)
{
    MapsView view = app_map_view(self);
    app_map_jump(self, view.middle, view.zoom + by);
}

void app_map_home(AppMap *self)
{
    app_map_jump(self, self->city->middle, self->city->zoom);
}

void app_map_fly(AppMap *self, GeoLonLat at, double zoom)
{
    MapsView view = app_map_view(self);
    gboolean animated = TRUE;
    if (self->back->len >= MAX_BACK)
        g_array_remove_index(self->back, 0);
    g_array_append_val(self->back, view);
    double to = CLAMP(isnan(zoom) ? view.zoom : zoom, MIN_ZOOM, MAX_ZOOM);
    g_object_get(gtk_settings_get_default(), "gtk-enable-animations", &animated, NULL);
    if (animated)
        shumate_map_go_to_full(self->map, at.lat, at.lon, to);
    else
        app_map_jump(self, at, to);
}

void app_map_follow(AppMap *self, AppMap *other)
{
    static const char *const properties[] = {"zoom-level", "longitude", "latitude"};
    for (gsize i = 0; i < G_N_ELEMENTS(properties); i++)
        g_object_bind_property(viewport_of(other), properties[i], viewport_of(self), properties[i],
                               G_BINDING_BIDIRECTIONAL | G_BINDING_SYNC_CREATE);
}

void app_map_reveal(AppMap *self, GeoLonLat at)
{
    MapsView view = app_map_view(self);
    MapsPoint p = maps_view_point(&view, at);
    if (isfinite(at.lon) && (p.x < 0 || p.y < 0 || p.x > view.width || p.y > view.height))
        app_map_fly(self, at, NAN);
}

void app_map_back(AppMap *self)
{
    if (self->back->len == 0)
        return;
    MapsView view = g_array_index(self->back, MapsView, self->back->len - 1);
    g_array_set_size(self->back, self->back->len - 1);
    app_map_jump(self, view.middle, view.zoom);
}

/* ---- life ---- */

static void finalize(GObject *object)
{
    AppMap *self = APP_MAP(object);
    app_now_unref(self->now);
    g_array_unref(self->back);
    G_OBJECT_CLASS(app_map_parent_class)->finalize(object);
}

static guint add_signal(const char *name, guint n_types, GType one, GType two)
{
    return g_signal_new(name, APP_TYPE_MAP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                        n_types, one, two);
}

/* The map itself: keys that nothing else takes go to it and then to the window. */
static gboolean grab_focus(GtkWidget *widget)
{
    return gtk_widget_grab_focus(GTK_WIDGET(APP_MAP(widget)->map));
}

static void app_map_class_init(AppMapClass *class)
{
    GTK_WIDGET_CLASS(class)->grab_focus = grab_focus;
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[SETTLED] = add_signal("settled", 0, G_TYPE_NONE, G_TYPE_NONE);
    signals[TROUBLE] = add_signal("trouble", 1, G_TYPE_STRING, G_TYPE_NONE);
    signals[PICKED] = add_signal("picked", 1, G_TYPE_POINTER, G_TYPE_NONE);
    signals[POINTED] = add_signal("pointed", 2, G_TYPE_DOUBLE, G_TYPE_DOUBLE);
    signals[DRAGGED] = add_signal("dragged", 1, G_TYPE_POINTER, G_TYPE_NONE);
    signals[HEAT] = add_signal("heat", 0, G_TYPE_NONE, G_TYPE_NONE);
}

static void app_map_init(AppMap *self)
{
}
