/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/plan-desk.h"

#include <math.h>
#include <string.h>

#include "app/console/looks.h"
#include "maps/gtk/frame.h"
#include "maps/paint/plan.h"
#include "maps/paint/words.h"

#define GAPS APP_SURVEY_GAPS /* as many as of the city as it is */
#define GAPS_MS 150          /* they follow so long after a change */
#define HEADINGS 24          /* tried at a place */

/* A tile of cells that has been looked at. */
typedef struct {
    uint32_t serial;
    bool differs;
    uint8_t cells[MAPS_PLAN_CELLS * MAPS_PLAN_CELLS];
} Patch;

struct _AppPlanDesk {
    GObject parent;
    const AppCity *city;    /* borrowed */
    AppMap *map;            /* borrowed */
    AppPlan *plan;          /* owned */
    AppPlanPanel *panel;    /* owned */
    AppCameraPanel *editor; /* owned */
    GtkWidget *stage;       /* owned: the map, and at times the one below before it */
    GtkWidget *caption;     /* of the plan's map, shown beside the other; borrowed */
    AppMap *before;         /* the city as it is; NULL: only one map is shown */
    AppSurvey *survey;      /* owned; of the city as it is; NULL: not measured yet */
    MapsStyle style;
    const char *lang;
    bool active, reading;
    GeoLonLat spot; /* asked about; NAN: none */
    /* what the map's layer shows */
    GArray *cameras;       /* MapsPlanCamera */
    GArray *ids;           /* int64_t of them */
    GArray *parts;         /* uint32_t */
    GArray *points;        /* GeoLonLat */
    GArray *patches;       /* MapsPlanPatch */
    GHashTable *kept;      /* tile -> Patch, owned */
    GeoCoverageGaps *gaps; /* owned */
    guint later;           /* source: gaps are to be found anew */
    /* a drag */
    int64_t dragged; /* camera; 0: none */
    bool by_handle;
};

G_DEFINE_TYPE(AppPlanDesk, app_plan_desk, G_TYPE_OBJECT)

enum { SAID, CHOSEN, GAPS_CHANGED, N_SIGNALS };
static guint signals[N_SIGNALS];

static void say(AppPlanDesk *self, const char *words)
{
    g_signal_emit(self, signals[SAID], 0, words);
}

/* ---- to the map ---- */

static void add_field(AppPlanDesk *self, int64_t id, bool before, uint32_t *part0, uint32_t *n)
{
    *part0 = self->parts->len;
    geo_whatif_field(app_plan_whatif(self->plan), id, before, self->points, self->parts);
    *n = self->parts->len - *part0;
    /* Rings end where the next begins, and after the last of a field so too. */
    if (*n > 0)
        g_array_append_val(self->parts, self->points->len);
}

static void add_camera(AppPlanDesk *self, const AppPlanCamera *camera, bool chosen)
{
    const GeoCamera *row = &camera->camera;
    bool round = row->lens != GEO_LENS_FIXED || row->fov_deg >= 360;
    MapsPlanCamera shown = {.at = camera->at,
                            .state = (int)camera->state,
                            .owner = row->owner,
                            .chosen = chosen,
                            .heading_deg = round ? NAN : row->heading_deg};
    add_field(self, camera->id, false, &shown.part0, &shown.n);
    if (camera->state == GEO_WHATIF_EDITED || camera->state == GEO_WHATIF_REMOVED)
        add_field(self, camera->id, true, &shown.before0, &shown.n_before);
    g_array_append_val(self->cameras, shown);
    g_array_append_val(self->ids, camera->id);
}

static void gather_cameras(AppPlanDesk *self)
{
    GArray *all[] = {self->cameras, self->ids, self->parts, self->points};
    int64_t chosen = app_plan_chosen(self->plan);
    g_autoptr(GArray) changes = app_plan_changes(self->plan);
    AppPlanCamera camera;
    bool listed = false;
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        g_array_set_size(all[i], 0);
    for (guint i = 0; i < changes->len; i++) {
        const AppPlanCamera *one = &g_array_index(changes, AppPlanCamera, i);
        add_camera(self, one, one->id == chosen);
        listed |= one->id == chosen;
    }
    if (chosen != 0 && !listed && app_plan_camera(self->plan, chosen, &camera))
        add_camera(self, &camera, true);
}

static Patch *look_at(AppPlanDesk *self, const GeoWhatIfTile *tile)
{
    int64_t key = (int64_t)tile->y << 32 | (uint32_t)tile->x;
    Patch *patch = g_hash_table_lookup(self->kept, &key);
    if (!patch) {
        patch = g_new0(Patch, 1);
        g_hash_table_insert(self->kept, g_memdup2(&key, sizeof key), patch);
    }
    if (patch->serial != tile->serial) {
        patch->serial = tile->serial;
        patch->differs =
            geo_whatif_tile(app_plan_whatif(self->plan), tile->x, tile->y, patch->cells);
    }
    return patch;
}

static void gather_patches(AppPlanDesk *self)
{
    g_autoptr(GArray) tiles = geo_whatif_tiles(app_plan_whatif(self->plan));
    g_array_set_size(self->patches, 0);
    for (guint i = 0; i < tiles->len; i++) {
        const GeoWhatIfTile *tile = &g_array_index(tiles, GeoWhatIfTile, i);
        const Patch *patch = look_at(self, tile);
        MapsPlanPatch shown = {tile->south_west, tile->south_east, tile->north_west, patch->cells};
        if (patch->differs)
            g_array_append_val(self->patches, shown);
    }
}

static void show_map(AppPlanDesk *self)
{
    gint64 entered = maps_frame_enter();
    gather_cameras(self);
    gather_patches(self);
    MapsPlan plan = {(const MapsPlanCamera *)(void *)self->cameras->data,
                     self->cameras->len,
                     (const uint32_t *)(void *)self->parts->data,
                     (const GeoLonLat *)(void *)self->points->data,
                     (const MapsPlanPatch *)(void *)self->patches->data,
                     self->patches->len};
    app_map_set_plan(self->map, self->active ? &plan : NULL);
    maps_frame_leave(entered, MAPS_FRAME_TICK);
}

/* ---- gaps ---- */

static gboolean on_later(gpointer data)
{
    AppPlanDesk *self = data;
    self->later = 0;
    if (!app_plan_ready(self->plan))
        return G_SOURCE_REMOVE;
    GeoCoverageGaps *gaps = app_plan_gaps(self->plan, GAPS);
    if (self->active)
        app_map_set_gaps(self->map, gaps);
    geo_coverage_gaps_free(self->gaps);
    self->gaps = gaps;
    g_signal_emit(self, signals[GAPS_CHANGED], 0);
    return G_SOURCE_REMOVE;
}

static void find_gaps_later(AppPlanDesk *self)
{
    if (self->later == 0)
        self->later = g_timeout_add(GAPS_MS, on_later, self);
}

/* ---- what the plan says ---- */

static void show_editor(AppPlanDesk *self)
{
    AppPlanCamera camera;
    int64_t chosen = app_plan_chosen(self->plan);
    if (chosen != 0 && app_plan_ready(self->plan) && app_plan_camera(self->plan, chosen, &camera))
        app_camera_panel_show(self->editor, self->plan, &camera);
}

static void on_changed(AppPlanDesk *self)
{
    if (!self->active)
        return;
    app_plan_panel_show(self->panel, self->plan);
    if (!app_plan_ready(self->plan))
        return;
    show_map(self);
    show_editor(self);
    find_gaps_later(self);
}

static void on_chosen(AppPlanDesk *self)
{
    if (app_plan_chosen(self->plan) != 0)
        app_map_clear_marks(self->map); /* of a place that was asked about */
    on_changed(self);
    g_signal_emit(self, signals[CHOSEN], 0, app_plan_chosen(self->plan) != 0);
}

static void on_loaded(AppPlanDesk *self)
{
    self->reading = false;
    g_hash_table_remove_all(self->kept);
}

static void on_said(AppPlanDesk *self, const char *words)
{
    say(self, words);
}

static void on_edited(AppPlanDesk *self, const AppPlanCamera *camera)
{
    app_plan_edit(self->plan, camera);
}

static void on_row(AppPlanDesk *self, gint64 id)
{
    AppPlanCamera camera;
    app_plan_choose(self->plan, id);
    if (app_plan_camera(self->plan, id, &camera))
        app_map_reveal(self->map, camera.at);
}

/* ---- a place ---- */

static double least_gain(AppPlanDesk *self)
{
    g_autoptr(GArray) changes = app_plan_changes(self->plan);
    double least = NAN;
    for (guint i = 0; i < changes->len; i++) {
        const AppPlanCamera *camera = &g_array_index(changes, AppPlanCamera, i);
        if (camera->state == GEO_WHATIF_ADDED)
            least = fmin(least, geo_whatif_sole_m(app_plan_whatif(self->plan), camera->id));
    }
    return least;
}

static void ask_spot(AppPlanDesk *self, GeoLonLat at)
{
    GeoWhatIf *whatif = app_plan_whatif(self->plan);
    GeoCamera usual = app_plan_usual_camera(self->plan);
    AppCameraSpot spot = {.at = at, .place = geo_whatif_place(whatif, at)};
    spot.street = geo_whatif_street(whatif, at);
    spot.heading_deg = geo_whatif_best_heading(whatif, &usual, at, HEADINGS, &spot.gain_m);
    spot.worst_gain_m = least_gain(self);
    self->spot = at;
    app_plan_choose(self->plan, 0);
    app_map_mark_place(self->map, at);
    app_camera_panel_show_spot(self->editor, &spot);
    g_signal_emit(self, signals[CHOSEN], 0, TRUE);
}

void app_plan_desk_choose(AppPlanDesk *self, int64_t camera)
{
    if (app_plan_ready(self->plan))
        app_plan_choose(self->plan, camera);
}

bool app_plan_desk_pick(AppPlanDesk *self, const AppPick *pick)
{
    if (!self->active || !app_plan_ready(self->plan))
        return false;
    switch (pick->kind) {
    case APP_PICK_PLANNED:
        app_plan_choose(self->plan, g_array_index(self->ids, int64_t, pick->row));
        return true;
    case APP_PICK_CAMERA:
        app_plan_choose(self->plan, geo_batch_row(self->city->cameras, pick->row)->id);
        return true;
    case APP_PICK_PLACE:
        if (pick->shift)
            app_plan_add(self->plan, pick->at);
        else
            ask_spot(self, pick->at);
        return true;
    default:
        return false;
    }
}

/* ---- dragging ---- */

static double bearing_deg(AppPlanDesk *self, GeoLonLat from, GeoLonLat to)
{
    double dx = (to.lon - from.lon) * cos(from.lat * G_PI / 180), dy = to.lat - from.lat;
    double deg = atan2(dx, dy) * 180 / G_PI;
    return deg < 0 ? deg + 360 : deg;
}

static void on_dragged(AppPlanDesk *self, const AppMapDrag *drag)
{
    AppPlanCamera camera;
    if (!self->active || !app_plan_ready(self->plan))
        return;
    if (drag->phase == APP_DRAG_BEGIN) {
        self->dragged = g_array_index(self->ids, int64_t, drag->camera);
        self->by_handle = drag->by_handle;
        app_plan_choose(self->plan, self->dragged);
        return;
    }
    if (self->dragged == 0 || !app_plan_camera(self->plan, self->dragged, &camera) ||
        camera.state == GEO_WHATIF_REMOVED)
        return;
    if (self->by_handle) {
        camera.camera.heading_deg = round(bearing_deg(self, camera.at, drag->at));
        camera.camera.heading_err_deg = 0;
    } else {
        camera.at = drag->at;
    }
    app_plan_edit(self->plan, &camera);
    if (drag->phase == APP_DRAG_END) {
        app_plan_commit(self->plan);
        self->dragged = 0;
    }
}

/* ---- acts ---- */

static bool is_ready(AppPlanDesk *self)
{
    if (!app_plan_ready(self->plan))
        say(self, _("The city is still being read to plan with."));
    return app_plan_ready(self->plan);
}

/* The chosen camera, to be changed; false and said when there is none. */
static bool hold(AppPlanDesk *self, AppPlanCamera *camera)
{
    int64_t chosen = app_plan_chosen(self->plan);
    if (!is_ready(self))
        return false;
    if (chosen == 0 || !app_plan_camera(self->plan, chosen, camera)) {
        say(self, _("Choose a camera first: a click on one, or Return when it is in the middle."));
        return false;
    }
    if (camera->state == GEO_WHATIF_REMOVED)
        say(self, _("This camera is taken away by the plan: Shift+Delete restores it."));
    return camera->state != GEO_WHATIF_REMOVED;
}

static void choose_next(AppPlanDesk *self)
{
    g_autoptr(GArray) changes = app_plan_changes(self->plan);
    guint next = 0;
    if (changes->len == 0) {
        say(self, _("The plan changes no camera yet."));
        return;
    }
    for (guint i = 0; i < changes->len; i++)
        if (g_array_index(changes, AppPlanCamera, i).id == app_plan_chosen(self->plan))
            next = (i + 1) % changes->len;
    on_row(self, g_array_index(changes, AppPlanCamera, next).id);
}

static void restore(AppPlanDesk *self)
{
    int64_t chosen = app_plan_chosen(self->plan);
    AppPlanCamera camera;
    if (chosen == 0 || !app_plan_camera(self->plan, chosen, &camera))
        say(self, _("Choose a camera first: a click on one, or Return when it is in the middle."));
    else
        app_plan_restore(self->plan, chosen);
}

/* The type after the one the camera is of; of none, the first. */
static void take_next_type(AppPlanDesk *self, AppPlanCamera *camera)
{
    const GeoBatch *types = app_plan_types(self->plan);
    int now = app_plan_type_of(self->plan, &camera->camera);
    app_plan_set_type(self->plan, camera, (guint)(now + 1) % types->rows->len);
    app_plan_edit(self->plan, camera);
}

static void place_in_sight(AppPlanDesk *self, bool propose)
{
    MapsView view = app_map_view(self->map);
    GeoBounds bounds = maps_view_bounds(&view);
    (propose ? app_plan_propose : app_plan_place)(self->plan, &bounds,
                                                  app_plan_panel_count(self->panel));
}

void app_plan_desk_act(AppPlanDesk *self, AppPlanAct act)
{
    AppPlanCamera camera;
    if (!is_ready(self))
        return;
    switch (act) {
    case APP_PLAN_ADD:
        app_plan_add(self->plan, app_map_view(self->map).middle);
        break;
    case APP_PLAN_ADD_HERE:
        if (isfinite(self->spot.lon))
            app_plan_add(self->plan, self->spot);
        break;
    case APP_PLAN_REMOVE:
        if (hold(self, &camera))
            app_plan_remove(self->plan, camera.id);
        break;
    case APP_PLAN_RESTORE:
        restore(self);
        break;
    case APP_PLAN_AIM:
        if (hold(self, &camera))
            app_plan_aim(self->plan, camera.id);
        break;
    case APP_PLAN_UNDO:
        if (app_plan_can_undo(self->plan))
            app_plan_undo(self->plan);
        else
            say(self, _("Nothing to take back in this plan."));
        break;
    case APP_PLAN_REDO:
        if (app_plan_can_redo(self->plan))
            app_plan_redo(self->plan);
        else
            say(self, _("Nothing to do again in this plan."));
        break;
    case APP_PLAN_NEXT:
        choose_next(self);
        break;
    case APP_PLAN_TYPE:
        if (hold(self, &camera))
            take_next_type(self, &camera);
        break;
    case APP_PLAN_PLACE:
    case APP_PLAN_PROPOSE:
        place_in_sight(self, act == APP_PLAN_PROPOSE);
        break;
    case APP_PLAN_MENU:
        app_plan_panel_open_menu(self->panel);
        break;
    }
}

void app_plan_desk_turn(AppPlanDesk *self, double by_deg)
{
    AppPlanCamera camera;
    if (!hold(self, &camera))
        return;
    double deg = fmod(
        (isfinite(camera.camera.heading_deg) ? camera.camera.heading_deg : 0) + by_deg + 360, 360);
    camera.camera.heading_deg = deg;
    camera.camera.heading_err_deg = 0;
    app_plan_edit(self->plan, &camera);
}

void app_plan_desk_tilt(AppPlanDesk *self, double by_deg)
{
    AppPlanCamera camera;
    if (!hold(self, &camera))
        return;
    double tilt = isfinite(camera.camera.tilt_deg) ? camera.camera.tilt_deg : 0;
    camera.camera.tilt_deg = CLAMP(tilt + by_deg, 0, 90);
    app_plan_edit(self->plan, &camera);
}

void app_plan_desk_widen(AppPlanDesk *self, double by_deg)
{
    AppPlanCamera camera;
    if (!hold(self, &camera))
        return;
    double field = isfinite(camera.camera.fov_deg) ? camera.camera.fov_deg : 90;
    camera.camera.fov_deg = CLAMP(field + by_deg, 5, 360);
    app_plan_edit(self->plan, &camera);
}

void app_plan_desk_move(AppPlanDesk *self, double east_m, double north_m)
{
    AppPlanCamera camera;
    if (!hold(self, &camera))
        return;
    double m_per_deg = 111320.0;
    camera.at.lat += north_m / m_per_deg;
    camera.at.lon += east_m / (m_per_deg * cos(camera.at.lat * G_PI / 180));
    app_plan_edit(self->plan, &camera);
}

/* ---- side by side ---- */

/* A map of what never moves: the register's cameras and gaps, and the ground. */
static AppMap *make_before(AppPlanDesk *self)
{
    static const AppLayer moving[] = {APP_LAYER_UNITS, APP_LAYER_TRAILS, APP_LAYER_INCIDENTS,
                                      APP_LAYER_HEAT};
    AppMap *map = app_map_new(self->city, self->style, self->lang);
    for (gsize i = 0; i < G_N_ELEMENTS(moving); i++)
        app_map_show_layer(map, moving[i], false);
    if (self->survey)
        app_map_set_survey(map, self->survey);
    gtk_widget_set_hexpand(GTK_WIDGET(map), TRUE);
    return map;
}

static GtkWidget *with_caption(GtkWidget *map, const char *words, GtkWidget **label)
{
    GtkWidget *overlay = gtk_overlay_new();
    GtkWidget *caption = app_looks_label(words, "hint", 0.5);
    gtk_widget_set_halign(caption, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(caption, GTK_ALIGN_START);
    gtk_widget_set_margin_top(caption, 10);
    gtk_widget_set_can_target(caption, FALSE);
    gtk_overlay_set_child(GTK_OVERLAY(overlay), map);
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), caption);
    if (label)
        *label = caption;
    return overlay;
}

static void end_compare(AppPlanDesk *self)
{
    if (!self->before)
        return;
    gtk_box_remove(GTK_BOX(self->stage), gtk_widget_get_first_child(self->stage));
    self->before = NULL;
    gtk_widget_set_visible(self->caption, FALSE);
}

void app_plan_desk_compare(AppPlanDesk *self)
{
    if (self->before) {
        end_compare(self);
        return;
    }
    self->before = make_before(self);
    GtkWidget *side = with_caption(GTK_WIDGET(self->before), _("Before"), NULL);
    gtk_box_prepend(GTK_BOX(self->stage), side);
    app_map_follow(self->before, self->map);
    gtk_widget_set_visible(self->caption, TRUE);
}

GtkWidget *app_plan_desk_stage(AppPlanDesk *self)
{
    return self->stage;
}

void app_plan_desk_set_style(AppPlanDesk *self, MapsStyle style)
{
    self->style = style;
    if (self->before)
        app_map_set_style(self->before, style);
}

void app_plan_desk_set_survey(AppPlanDesk *self, AppSurvey *survey)
{
    app_survey_ref(survey);
    app_survey_unref(self->survey);
    self->survey = survey;
    if (self->before)
        app_map_set_survey(self->before, survey);
}

/* ---- coming and going ---- */

void app_plan_desk_set_active(AppPlanDesk *self, bool active)
{
    if (active == self->active)
        return;
    self->active = active;
    if (!active) {
        app_plan_commit(self->plan);
        app_map_set_plan(self->map, NULL);
        end_compare(self);
        return;
    }
    self->reading |= !app_plan_ready(self->plan);
    app_plan_load(self->plan);
    on_changed(self);
}

bool app_plan_desk_active(AppPlanDesk *self)
{
    return self->active;
}

bool app_plan_desk_settled(AppPlanDesk *self)
{
    return !self->reading && self->later == 0 && !app_plan_saving(self->plan) &&
           !app_plan_placing(self->plan);
}

void app_plan_desk_renew(AppPlanDesk *self)
{
    bool night;
    GeoSightClass class = app_plan_class(self->plan, &night);
    if (!app_plan_ready(self->plan))
        return;
    self->reading = true;
    app_plan_reload(self->plan, class, night);
}

const GeoCoverageGaps *app_plan_desk_gaps(AppPlanDesk *self)
{
    return self->gaps;
}

GtkWidget *app_plan_desk_panel(AppPlanDesk *self)
{
    return GTK_WIDGET(self->panel);
}

GtkWidget *app_plan_desk_editor(AppPlanDesk *self)
{
    return GTK_WIDGET(self->editor);
}

/* ---- life ---- */

AppPlanDesk *app_plan_desk_new(AppSession *session, AppJobs *jobs, AppMap *map, MapsStyle style,
                               const char *lang)
{
    AppPlanDesk *self = g_object_new(APP_TYPE_PLAN_DESK, NULL);
    self->city = app_session_city(session);
    self->map = map;
    self->style = style;
    self->lang = lang;
    self->stage = g_object_ref_sink(gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 2));
    gtk_box_set_homogeneous(GTK_BOX(self->stage), TRUE);
    gtk_box_append(GTK_BOX(self->stage), with_caption(GTK_WIDGET(map), _("After"), &self->caption));
    gtk_widget_set_visible(self->caption, FALSE);
    self->plan = app_plan_new(session, jobs);
    self->panel = g_object_ref_sink(app_plan_panel_new(self->plan));
    self->editor = g_object_ref_sink(app_camera_panel_new());
    const struct {
        gpointer from;
        const char *signal;
        GCallback callback;
    } wires[] = {{self->plan, "loaded", G_CALLBACK(on_loaded)},
                 {self->plan, "changed", G_CALLBACK(on_changed)},
                 {self->plan, "chosen", G_CALLBACK(on_chosen)},
                 {self->plan, "said", G_CALLBACK(on_said)},
                 {self->editor, "edited", G_CALLBACK(on_edited)},
                 {self->panel, "chosen", G_CALLBACK(on_row)},
                 {map, "dragged", G_CALLBACK(on_dragged)}};
    for (gsize i = 0; i < G_N_ELEMENTS(wires); i++)
        g_signal_connect_object(wires[i].from, wires[i].signal, wires[i].callback, self,
                                G_CONNECT_SWAPPED);
    return self;
}

static void dispose(GObject *object)
{
    AppPlanDesk *self = APP_PLAN_DESK(object);
    g_clear_handle_id(&self->later, g_source_remove);
    if (self->stage) {
        app_map_set_plan(self->map, NULL); /* it points into what goes now */
        end_compare(self);
    }
    g_clear_object(&self->stage);
    g_clear_pointer(&self->survey, app_survey_unref);
    g_clear_object(&self->plan);
    g_clear_object(&self->panel);
    g_clear_object(&self->editor);
    G_OBJECT_CLASS(app_plan_desk_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    AppPlanDesk *self = APP_PLAN_DESK(object);
    GArray *all[] = {self->cameras, self->ids, self->parts, self->points, self->patches};
    for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
        g_array_unref(all[i]);
    g_hash_table_unref(self->kept);
    geo_coverage_gaps_free(self->gaps);
    G_OBJECT_CLASS(app_plan_desk_parent_class)->finalize(object);
}

static void app_plan_desk_class_init(AppPlanDeskClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[SAID] = g_signal_new("said", APP_TYPE_PLAN_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[CHOSEN] = g_signal_new("chosen", APP_TYPE_PLAN_DESK, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
    signals[GAPS_CHANGED] = g_signal_new("gaps", APP_TYPE_PLAN_DESK, G_SIGNAL_RUN_LAST, 0, NULL,
                                         NULL, NULL, G_TYPE_NONE, 0);
}

static void app_plan_desk_init(AppPlanDesk *self)
{
    self->spot = (GeoLonLat){NAN, NAN};
    self->cameras = g_array_new(FALSE, FALSE, sizeof(MapsPlanCamera));
    self->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    self->parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    self->points = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    self->patches = g_array_new(FALSE, FALSE, sizeof(MapsPlanPatch));
    self->kept = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
}
