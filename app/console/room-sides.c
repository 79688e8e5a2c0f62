/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/room-sides.h"

#include <math.h>

#include "app/console/areas-panel.h"
#include "app/console/gaps-panel.h"
#include "app/console/here-panel.h"
#include "app/console/layers-panel.h"
#include "app/console/looks.h"
#include "app/console/queue-panel.h"
#include "app/console/strip.h"
#include "app/console/thing-panel.h"
#include "app/console/time-bar.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

#define LEFT_PX 286
#define PLAN_PX 330
#define TABLE_PX 420 /* the left side with the table of areas in it */
#define RIGHT_PX 400
#define SIDE_PAD_PX 16 /* of the style sheet */

struct _AppSides {
    GObject parent;
    const AppCity *city; /* borrowed */
    GtkWidget *root;     /* owned */
    GtkWidget *left, *right, *left_scroll;
    GtkWidget *chosen; /* of the three below one is to be seen; a stack would be as wide as any */
    GtkWidget *empty;
    AppLayersPanel *layers;
    AppQueuePanel *queue;
    AppHerePanel *here;
    AppThingPanel *thing;
    AppGapsPanel *gaps;
    AppAreasPanel *areas;
    GtkWidget *plan, *editor; /* of the Plan workspace; borrowed */
    bool rests;               /* layers of what moves are put by */
    bool shown[APP_N_LAYERS]; /* as they were before */
    AppTimeBar *time;
    AppStrip *strip;
    GArray *area_lines;                  /* AppAreaLine as shown, owned; texts are the survey's */
    GPtrArray *area_codes;               /* of the lines; owned */
    AppNow *now;                         /* owned */
    GtkWidget *left_queue, *right_queue; /* where the queue may stand */
    AppWorkspace workspace;
};

G_DEFINE_TYPE(AppSides, app_sides, G_TYPE_OBJECT)

enum { QUEUE, COMER, AREA, CAMERA, GAP, CANCEL, LAYER_SHOWN, LAYER_OPACITY, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- signals of the panels are passed on ---- */

static void on_queue(AppSides *self, gint64 id)
{
    g_signal_emit(self, signals[QUEUE], 0, id);
}

static void on_comer(AppSides *self, int index)
{
    g_signal_emit(self, signals[COMER], 0, index);
}

static void on_area(AppSides *self, const char *code)
{
    g_signal_emit(self, signals[AREA], 0, code);
}

static void on_camera(AppSides *self, gint64 id)
{
    g_signal_emit(self, signals[CAMERA], 0, id);
}

static void on_gap(AppSides *self, guint index)
{
    g_signal_emit(self, signals[GAP], 0, (int)index);
}

/* The table's ids are places in area_codes. */
static void on_table(AppSides *self, gint64 id)
{
    if (id >= 0 && id < self->area_codes->len)
        g_signal_emit(self, signals[AREA], 0, self->area_codes->pdata[id]);
}

static void on_cancel(AppSides *self)
{
    g_signal_emit(self, signals[CANCEL], 0);
}

static void on_pause(AppSides *self)
{
    gtk_widget_activate_action(self->root, "win.pause", NULL);
}

static void on_layer_shown(AppSides *self, int layer, gboolean shown)
{
    g_signal_emit(self, signals[LAYER_SHOWN], 0, layer, shown);
}

static void on_layer_opacity(AppSides *self, int layer, double opacity)
{
    g_signal_emit(self, signals[LAYER_OPACITY], 0, layer, opacity);
}

static void pass_on(AppSides *self, gpointer from, const char *signal, GCallback callback)
{
    g_signal_connect_object(from, signal, callback, self, G_CONNECT_SWAPPED);
}

/* ---- making ---- */

static void set_width(GtkWidget *scroll, int width_px)
{
    GtkWidget *port = gtk_scrolled_window_get_child(GTK_SCROLLED_WINDOW(scroll));
    AdwClamp *clamp = ADW_CLAMP(gtk_viewport_get_child(GTK_VIEWPORT(port)));
    gtk_widget_set_size_request(scroll, width_px, -1);
    adw_clamp_set_maximum_size(clamp, width_px - SIDE_PAD_PX);
}

static GtkWidget *make_side(const char *class, int width_px, GtkWidget *child)
{
    GtkWidget *scroll = gtk_scrolled_window_new();
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroll), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_widget_set_hexpand(scroll, FALSE);
    gtk_widget_add_css_class(scroll, "side");
    gtk_widget_add_css_class(scroll, class);
    /* Long words wrap or end early; they never push the map away. */
    GtkWidget *clamp = adw_clamp_new();
    adw_clamp_set_child(ADW_CLAMP(clamp), child);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroll), clamp);
    set_width(scroll, width_px);
    return scroll;
}

static GtkWidget *make_empty(void)
{
    GtkWidget *label = app_looks_label(
        _("Click a unit, a camera, an incident or any place of the map to see what is known of it. "
          "W asks about the middle of the map."),
        "quiet", 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_widget_set_valign(label, GTK_ALIGN_START);
    gtk_widget_set_margin_start(label, 6);
    gtk_widget_set_margin_top(label, 8);
    gtk_widget_set_margin_bottom(label, 8);
    return label;
}

static void see(AppSides *self, gpointer page)
{
    for (GtkWidget *child = gtk_widget_get_first_child(self->chosen); child;
         child = gtk_widget_get_next_sibling(child))
        gtk_widget_set_visible(child, child == page);
}

static void make_chosen(AppSides *self)
{
    self->chosen = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->empty = make_empty();
    self->here = app_here_panel_new(self->city->city.zone);
    self->thing = app_thing_panel_new(self->city);
    gtk_box_append(GTK_BOX(self->chosen), self->empty);
    gtk_box_append(GTK_BOX(self->chosen), GTK_WIDGET(self->here));
    gtk_box_append(GTK_BOX(self->chosen), GTK_WIDGET(self->thing));
    see(self, self->empty);
    pass_on(self, self->here, "comer", G_CALLBACK(on_comer));
    pass_on(self, self->here, "area", G_CALLBACK(on_area));
    pass_on(self, self->here, "camera", G_CALLBACK(on_camera));
}

static void make_left(AppSides *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    self->layers = app_layers_panel_new(self->city);
    self->left_queue = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->gaps = app_gaps_panel_new();
    self->areas = app_areas_panel_new();
    gtk_box_append(GTK_BOX(box), self->left_queue);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->areas));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->gaps));
    pass_on(self, self->gaps, "chosen", G_CALLBACK(on_gap));
    pass_on(self, self->areas, "chosen", G_CALLBACK(on_table));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->layers));
    self->left = make_side("left", LEFT_PX, box);
    pass_on(self, self->layers, "shown", G_CALLBACK(on_layer_shown));
    pass_on(self, self->layers, "opacity", G_CALLBACK(on_layer_opacity));
}

static void make_right(AppSides *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    make_chosen(self);
    self->queue = app_queue_panel_new();
    self->right_queue = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_box_append(GTK_BOX(self->right_queue), GTK_WIDGET(self->queue));
    gtk_box_append(GTK_BOX(box), self->chosen);
    gtk_box_append(GTK_BOX(box), self->right_queue);
    self->right = make_side("right", RIGHT_PX, box);
    pass_on(self, self->queue, "chosen", G_CALLBACK(on_queue));
}

static void make_bottom(AppSides *self)
{
    self->time = app_time_bar_new();
    self->strip = app_strip_new();
    gtk_box_append(GTK_BOX(self->root), GTK_WIDGET(self->time));
    gtk_box_append(GTK_BOX(self->root), GTK_WIDGET(self->strip));
    pass_on(self, self->time, "pause", G_CALLBACK(on_pause));
    pass_on(self, self->strip, "cancel", G_CALLBACK(on_cancel));
    app_strip_set_cameras(self->strip, 0, self->city->counts[GEO_KIND_CAMERA] > 0 ? -1 : 0);
}

AppSides *app_sides_new(const AppCity *city, GtkWidget *middle)
{
    AppSides *self = g_object_new(APP_TYPE_SIDES, NULL);
    GtkWidget *across = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    self->city = city;
    make_left(self);
    make_right(self);
    self->root = g_object_ref_sink(gtk_box_new(GTK_ORIENTATION_VERTICAL, 0));
    gtk_box_append(GTK_BOX(across), self->left);
    gtk_box_append(GTK_BOX(across), middle);
    gtk_box_append(GTK_BOX(across), self->right);
    gtk_widget_set_vexpand(across, TRUE);
    gtk_box_append(GTK_BOX(self->root), across);
    make_bottom(self);
    return self;
}

GtkWidget *app_sides_widget(AppSides *self)
{
    return self->root;
}

/* ---- which stand where ---- */

static void move_queue(AppSides *self, GtkWidget *to)
{
    GtkWidget *queue = GTK_WIDGET(self->queue), *from = gtk_widget_get_parent(queue);
    if (from == to)
        return;
    g_object_ref(queue);
    gtk_box_remove(GTK_BOX(from), queue);
    gtk_box_append(GTK_BOX(to), queue);
    g_object_unref(queue);
}

void app_sides_set_workspace(AppSides *self, AppWorkspace workspace)
{
    bool dispatch = workspace == APP_WORKSPACE_DISPATCH;
    self->workspace = workspace;
    set_width(self->left, workspace == APP_WORKSPACE_ASSESS ? TABLE_PX
                          : workspace == APP_WORKSPACE_PLAN ? PLAN_PX
                                                            : LEFT_PX);
    move_queue(self, dispatch ? self->left_queue : self->right_queue);
    gtk_widget_set_visible(GTK_WIDGET(self->layers),
                           !dispatch && workspace != APP_WORKSPACE_ASSESS);
    gtk_widget_set_visible(GTK_WIDGET(self->gaps), workspace == APP_WORKSPACE_PLAN);
    gtk_widget_set_visible(self->plan, workspace == APP_WORKSPACE_PLAN);
    gtk_widget_set_visible(GTK_WIDGET(self->areas), workspace == APP_WORKSPACE_ASSESS);
    gtk_widget_set_visible(self->right_queue, workspace == APP_WORKSPACE_OPERATE);
}

void app_sides_show(AppSides *self, bool left, bool shown)
{
    gtk_widget_set_visible(left ? self->left : self->right, shown);
}

bool app_sides_shown(AppSides *self, bool left)
{
    return gtk_widget_get_visible(left ? self->left : self->right);
}

static void redraw(GtkWidget *widget)
{
    gtk_widget_queue_draw(widget);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        redraw(child);
}

void app_sides_restyle(AppSides *self)
{
    redraw(self->root);
}

/* ---- data ---- */

void app_sides_set_now(AppSides *self, AppNow *now)
{
    app_now_ref(now);
    app_now_unref(self->now);
    self->now = now;
    bool runs = now->time == APP_TIME_SIMULATION || now->time == APP_TIME_PAUSED ||
                now->time == APP_TIME_PLAYBACK;
    app_queue_panel_set_now(self->queue, now);
    app_strip_set_now(self->strip, now);
    app_time_bar_set_time(self->time, now);
    app_time_bar_set_can_simulate(self->time, runs);
}

/* The line of the area that holds p; NULL. */
static AppAreaLine *line_at(AppSides *self, GHashTable *row_of, GeoLonLat p)
{
    const AppCity *city = self->city;
    MapsTier tier = maps_grids_tier(city->share_level);
    const GeoArea *area = app_where_find_tier(city->where, p, tier);
    guint row =
        area && area->row.code ? GPOINTER_TO_UINT(g_hash_table_lookup(row_of, area->row.code)) : 0;
    return row > 0 ? &g_array_index(self->area_lines, AppAreaLine, row - 1) : NULL;
}

static void count_things(AppSides *self, GHashTable *row_of)
{
    const GeoBatch *cameras = self->city->cameras;
    AppAreaLine *line;
    for (guint i = 0; i < cameras->rows->len; i++) {
        GeoLonLat at;
        if (geo_batch_first(cameras, geo_batch_row(cameras, i), &at) &&
            (line = line_at(self, row_of, at)))
            line->cameras++;
    }
    for (size_t i = 0; self->now && i < self->now->n_units; i++)
        if ((line = line_at(self, row_of, self->now->units[i].at)))
            line->units++;
}

/* One line for each area whose streets were measured, with what stands and happened in it. */
static void count_areas(AppSides *self, const AppSurvey *survey)
{
    const GeoCoverage *coverage = survey->coverage;
    g_autoptr(GHashTable) row_of = g_hash_table_new(g_str_hash, g_str_equal);
    bool units = self->city->counts[GEO_KIND_UNIT] > 0;
    g_array_set_size(self->area_lines, 0);
    g_ptr_array_set_size(self->area_codes, 0);
    for (guint i = 0; i < coverage->areas->len; i++) {
        const GeoCoverageArea *area = &g_array_index(coverage->areas, GeoCoverageArea, i);
        double share = area->street_m > 0 ? area->seen_m / area->street_m : NAN;
        AppAreaLine line = {i,
                            area->code,
                            area->name,
                            share,
                            0,
                            units ? 0 : -1,
                            app_survey_incidents_28d(survey, area->code)};
        g_array_append_val(self->area_lines, line);
        g_ptr_array_add(self->area_codes, g_strdup(area->code ? area->code : ""));
        if (area->code)
            g_hash_table_insert(row_of, (gpointer)area->code, GUINT_TO_POINTER(i + 1));
    }
    count_things(self, row_of);
}

void app_sides_set_survey(AppSides *self, const AppSurvey *survey)
{
    const GeoCoverage *coverage = survey->coverage;
    const GeoCoverageGap *worst =
        survey->gaps->gaps->len > 0 ? &g_array_index(survey->gaps->gaps, GeoCoverageGap, 0) : NULL;
    const char *place = !worst ? NULL : worst->street ? worst->street : worst->code;
    g_autofree char *sight = g_strdup_printf("%s, %s", app_words_class(coverage->class),
                                             coverage->night ? _("by night") : _("by day"));
    app_strip_set_cameras(self->strip, coverage->by_state[GEO_CAMERA_WORKING], coverage->cameras);
    if (coverage->without_streets)
        app_strip_set_no_streets(self->strip);
    else if (!coverage->without_cameras) {
        app_strip_set_seen(self->strip, coverage->share_street, sight);
        app_strip_set_gap(self->strip, place, worst ? worst->area_m2 : NAN);
    }
    app_gaps_panel_set(self->gaps, survey->gaps, coverage);
    count_areas(self, survey);
    app_areas_panel_set(self->areas, self->city->share_level, sight,
                        (const AppAreaLine *)(void *)self->area_lines->data, self->area_lines->len);
}

void app_sides_set_heat(AppSides *self, const MapsHeatReport *heat)
{
    app_layers_panel_set_heat(self->layers, heat);
}

void app_sides_set_job(AppSides *self, const char *what, double share)
{
    app_strip_set_job(self->strip, what, share);
}

void app_sides_set_place(AppSides *self, GeoLonLat at, double zoom, const GeoArea *area)
{
    const char *code = area && area->row.code ? area->row.code : "";
    const char *name = area && area->row.name ? area->row.name : "";
    g_autofree char *words =
        g_strdup_printf("%.5f, %.5f  %s  %s  z %.1f", at.lon, at.lat, code, name, zoom);
    app_strip_set_hint(self->strip, words);
}

void app_sides_set_counts(AppSides *self, const unsigned *counts, int64_t end_ms)
{
    app_time_bar_set_counts(self->time, counts, end_ms);
}

bool app_sides_layer(AppSides *self, AppLayer layer, double *opacity)
{
    return app_layers_panel_get(self->layers, layer, opacity);
}

void app_sides_set_layer(AppSides *self, AppLayer layer, bool shown, double opacity)
{
    app_layers_panel_set(self->layers, layer, shown, opacity);
}

void app_sides_set_plan(AppSides *self, GtkWidget *panel, GtkWidget *editor)
{
    GtkWidget *left = gtk_widget_get_parent(GTK_WIDGET(self->gaps));
    self->plan = panel;
    self->editor = editor;
    gtk_box_insert_child_after(GTK_BOX(left), panel, GTK_WIDGET(self->areas));
    gtk_box_append(GTK_BOX(self->chosen), editor);
    gtk_widget_set_visible(editor, FALSE);
}

void app_sides_set_plan_gaps(AppSides *self, const GeoCoverageGaps *gaps)
{
    app_gaps_panel_follow(self->gaps, gaps);
}

void app_sides_show_editor(AppSides *self)
{
    see(self, self->editor);
}

/* Heat does not move, but hides what a plan changes. */
static const AppLayer moving[] = {APP_LAYER_UNITS, APP_LAYER_TRAILS, APP_LAYER_INCIDENTS,
                                  APP_LAYER_HEAT};

bool app_sides_rests(AppSides *self, AppLayer layer)
{
    for (gsize i = 0; self->rests && i < G_N_ELEMENTS(moving); i++)
        if (moving[i] == layer)
            return true;
    return false;
}

void app_sides_rest(AppSides *self, bool rest)
{
    if (rest == self->rests)
        return;
    self->rests = rest;
    for (gsize i = 0; i < G_N_ELEMENTS(moving); i++) {
        double opacity;
        bool shown = app_layers_panel_get(self->layers, moving[i], &opacity);
        if (rest)
            self->shown[moving[i]] = shown;
        app_layers_panel_set(self->layers, moving[i], !rest && self->shown[moving[i]], opacity);
    }
}

/* ---- what is chosen ---- */

void app_sides_select_incident(AppSides *self, int64_t id)
{
    app_queue_panel_select(self->queue, id);
}

void app_sides_wait_here(AppSides *self, const AppIncident *incident, GeoLonLat at)
{
    app_here_panel_wait(self->here, incident, at);
    see(self, self->here);
}

void app_sides_show_here(AppSides *self, const AppHere *here, const AppIncident *incident)
{
    app_here_panel_show(self->here, here, incident);
    see(self, self->here);
}

void app_sides_tick_here(AppSides *self, const AppIncident *incident, int64_t now_ms)
{
    app_here_panel_tick(self->here, incident, now_ms);
}

void app_sides_show_unit(AppSides *self, const AppUnit *who, const MapsUnit *unit)
{
    app_thing_panel_show_unit(self->thing, who, unit);
    see(self, self->thing);
}

void app_sides_show_camera(AppSides *self, guint row)
{
    const GeoCamera *camera = &g_array_index(self->city->cameras->rows, GeoCamera, row);
    GeoLonLat at = {0, 0};
    geo_batch_first(self->city->cameras, &camera->row, &at);
    app_thing_panel_show_camera(self->thing, camera, at);
    see(self, self->thing);
}

void app_sides_show_area(AppSides *self, const GeoArea *area, const AppSurvey *survey)
{
    app_thing_panel_show_area(self->thing, area, survey);
    see(self, self->thing);
}

void app_sides_show_nothing(AppSides *self)
{
    see(self, self->empty);
}

/* ---- life ---- */

static void finalize(GObject *object)
{
    AppSides *self = APP_SIDES(object);
    g_clear_object(&self->root);
    app_now_unref(self->now);
    g_array_unref(self->area_lines);
    g_ptr_array_unref(self->area_codes);
    G_OBJECT_CLASS(app_sides_parent_class)->finalize(object);
}

static guint add_signal(const char *name, guint n_types, GType one, GType two)
{
    return g_signal_new(name, APP_TYPE_SIDES, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                        n_types, one, two);
}

static void app_sides_class_init(AppSidesClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[QUEUE] = add_signal("queue", 1, G_TYPE_INT64, G_TYPE_NONE);
    signals[COMER] = add_signal("comer", 1, G_TYPE_INT, G_TYPE_NONE);
    signals[AREA] = add_signal("area", 1, G_TYPE_STRING, G_TYPE_NONE);
    signals[CAMERA] = add_signal("camera", 1, G_TYPE_INT64, G_TYPE_NONE);
    signals[GAP] = add_signal("gap", 1, G_TYPE_INT, G_TYPE_NONE);
    signals[CANCEL] = add_signal("cancel", 0, G_TYPE_NONE, G_TYPE_NONE);
    signals[LAYER_SHOWN] = add_signal("layer-shown", 2, G_TYPE_INT, G_TYPE_BOOLEAN);
    signals[LAYER_OPACITY] = add_signal("layer-opacity", 2, G_TYPE_INT, G_TYPE_DOUBLE);
}

static void app_sides_init(AppSides *self)
{
    self->area_lines = g_array_new(FALSE, FALSE, sizeof(AppAreaLine));
    self->area_codes = g_ptr_array_new_with_free_func(g_free);
}
