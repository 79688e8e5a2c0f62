/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/time-bar.h"

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/style.h"
#include "maps/paint/words.h"

#define BIN_MS (15 * 60 * 1000)
#define HOUR_BINS 4

struct _AppTimeBar {
    AdwBin parent;
    GtkWidget *button, *dot;
    GtkLabel *state, *clock, *range;
    GtkDrawingArea *bars;
    unsigned counts[APP_DAY_BINS];
    bool counted;
    int64_t end_ms;
    char *zone; /* owned */
    AppTime time;
    int64_t at_ms;
    bool waits;
};

G_DEFINE_TYPE(AppTimeBar, app_time_bar, ADW_TYPE_BIN)

static guint pause_signal;

/* ---- state ---- */

static void show_button(AppTimeBar *self)
{
    bool paused = self->waits;
    const char *name = paused ? _("Go on (Space)") : _("Pause (Space)");
    gtk_button_set_icon_name(GTK_BUTTON(self->button), paused ? "media-playback-start-symbolic"
                                                              : "media-playback-pause-symbolic");
    gtk_widget_set_tooltip_text(self->button, name);
    app_looks_name(self->button, name);
}

void app_time_bar_set_time(AppTimeBar *self, const AppNow *now)
{
    const AppTime time = now->time;
    const int64_t at_ms = now->at_ms;
    const char *zone = now->zone;
    static const struct {
        const char *words, *dot;
    } states[] = {[APP_TIME_STILL] = {N_("STILL, data to"), "still"},
                  [APP_TIME_SIMULATION] = {N_("LIVE simulation"), "live"},
                  [APP_TIME_PAUSED] = {N_("PAUSED"), "paused"},
                  [APP_TIME_FEED] = {N_("LIVE"), "live"},
                  [APP_TIME_PLAYBACK] = {N_("PLAYBACK"), "playback"}};
    g_return_if_fail((gsize)time < G_N_ELEMENTS(states));
    g_autofree char *clock = time == APP_TIME_STILL || time == APP_TIME_PLAYBACK
                                 ? app_words_dup_day(at_ms, zone)
                                 : app_words_dup_time(at_ms, zone);
    if (g_strcmp0(self->zone, zone) != 0) {
        g_free(self->zone);
        self->zone = g_strdup(zone);
    }
    app_looks_set_text(self->state, _(states[time].words));
    app_looks_set_text(self->clock, clock);
    for (gsize i = 0; i < G_N_ELEMENTS(states); i++)
        if (!g_str_equal(states[i].dot, states[time].dot))
            gtk_widget_remove_css_class(self->dot, states[i].dot);
    gtk_widget_add_css_class(self->dot, states[time].dot);
    bool plays_back = time == APP_TIME_PLAYBACK;
    bool waits = plays_back ? now->speed == 0 : time == APP_TIME_PAUSED;
    bool changed = self->time != time || self->waits != waits;
    bool moved = plays_back && self->at_ms != at_ms;
    GtkWidget *box = adw_bin_get_child(ADW_BIN(self));
    if (plays_back)
        gtk_widget_add_css_class(box, "playback");
    else
        gtk_widget_remove_css_class(box, "playback");
    self->time = time;
    self->at_ms = at_ms;
    self->waits = waits;
    if (changed)
        show_button(self);
    if (changed || moved)
        gtk_widget_queue_draw(GTK_WIDGET(self->bars));
}

void app_time_bar_set_can_simulate(AppTimeBar *self, bool can)
{
    gtk_widget_set_sensitive(self->button, can);
    gtk_widget_set_visible(self->button, can);
}

static void on_button(AppTimeBar *self)
{
    g_signal_emit(self, pause_signal, 0, (gboolean)!self->waits);
}

/* ---- bars ---- */

static unsigned total(const AppTimeBar *self)
{
    unsigned n = 0;
    for (int i = 0; i < APP_DAY_BINS; i++)
        n += self->counts[i];
    return n;
}

static void hours(AppTimeBar *self, cairo_t *cr, const MapsPalette *palette, double step,
                  int height)
{
    PangoLayout *layout = gtk_widget_create_pango_layout(GTK_WIDGET(self->bars), NULL);
    PangoAttrList *small = pango_attr_list_new();
    pango_attr_list_insert(small, pango_attr_size_new_absolute(10.5 * PANGO_SCALE));
    pango_layout_set_attributes(layout, small);
    pango_attr_list_unref(small);
    for (int i = 0; i < APP_DAY_BINS; i += 4 * HOUR_BINS) {
        int64_t at_ms = self->end_ms - (int64_t)(APP_DAY_BINS - i) * BIN_MS;
        g_autofree char *clock = app_words_dup_time(at_ms, self->zone);
        clock[MIN(strlen(clock), 5)] = '\0';
        pango_layout_set_text(layout, clock, -1);
        maps_style_set(cr, palette->text_quiet, 1);
        cairo_move_to(cr, i * step, height - 14);
        pango_cairo_show_layout(cr, layout);
    }
    g_object_unref(layout);
}

/* Where the playback is in the day, and what of it is still to come paler. */
static void draw_playhead(AppTimeBar *self, cairo_t *cr, int width, int height)
{
    double span_ms = (double)APP_DAY_BINS * BIN_MS;
    double x = (1 - (double)(self->end_ms - self->at_ms) / span_ms) * width;
    cairo_set_source_rgb(cr, 0.8, 0.29, 0.6);
    cairo_rectangle(cr, x - 1, 0, 2.5, height - 14);
    cairo_fill(cr);
    cairo_move_to(cr, x - 6, 0);
    cairo_line_to(cr, x + 6.5, 0);
    cairo_line_to(cr, x + 0.25, 8);
    cairo_close_path(cr);
    cairo_fill(cr);
}

static void draw(GtkDrawingArea *area, cairo_t *cr, int width, int height, gpointer data)
{
    AppTimeBar *self = data;
    const MapsPalette *palette = maps_style_palette(app_looks_style());
    double step = (double)width / APP_DAY_BINS, room = height - 17;
    unsigned most = 1;
    for (int i = 0; i < APP_DAY_BINS; i++)
        most = MAX(most, self->counts[i]);
    maps_style_set(cr, palette->panel_rim, 1);
    cairo_rectangle(cr, 0, room, width, 1);
    cairo_fill(cr);
    for (int i = 0; i < APP_DAY_BINS && self->counted; i++) {
        double h = room * self->counts[i] / most;
        bool last_hour = i >= APP_DAY_BINS - HOUR_BINS;
        maps_style_set(cr, last_hour ? palette->accent : palette->text_quiet, last_hour ? 1 : 0.6);
        cairo_rectangle(cr, i * step, room - h, step > 3 ? step - 1 : step, h);
        cairo_fill(cr);
    }
    if (self->counted)
        hours(self, cr, palette, step, height);
    if (self->counted && self->time == APP_TIME_PLAYBACK)
        draw_playhead(self, cr, width, height);
}

/* The bars end with a quarter hour that is not over, so the moment asked for may be ahead: it is
 * cut to the present. */
static void seek(AppTimeBar *self, double x)
{
    int width = gtk_widget_get_width(GTK_WIDGET(self->bars));
    if (!self->counted || width <= 0)
        return;
    double share = CLAMP(x / width, 0, 1);
    int64_t at_ms = self->end_ms - (int64_t)((1 - share) * APP_DAY_BINS * BIN_MS);
    gtk_widget_activate_action(GTK_WIDGET(self), "win.replay-at", "x", (gint64)at_ms);
}

static void on_drag_begin(GtkGestureDrag *drag, double x, double y, AppTimeBar *self)
{
    seek(self, x);
}

static void on_drag_update(GtkGestureDrag *drag, double dx, double dy, AppTimeBar *self)
{
    double x, y;
    if (gtk_gesture_drag_get_start_point(drag, &x, &y))
        seek(self, x + dx);
}

static gboolean on_tooltip(GtkWidget *bars, int x, int y, gboolean keyboard, GtkTooltip *tooltip,
                           AppTimeBar *self)
{
    int width = gtk_widget_get_width(bars);
    if (!self->counted || keyboard || width <= 0)
        return FALSE;
    int i = CLAMP(x * APP_DAY_BINS / width, 0, APP_DAY_BINS - 1);
    int64_t from_ms = self->end_ms - (int64_t)(APP_DAY_BINS - i) * BIN_MS;
    g_autofree char *from = app_words_dup_day(from_ms, self->zone);
    g_autofree char *to = app_words_dup_time(from_ms + BIN_MS, self->zone);
    to[MIN(strlen(to), 5)] = '\0';
    g_autofree char *words = g_strdup_printf(_("%s–%s: %u incidents\nClick to play back from here"),
                                             from, to, self->counts[i]);
    gtk_tooltip_set_text(tooltip, words);
    return TRUE;
}

void app_time_bar_set_counts(AppTimeBar *self, const unsigned counts[APP_DAY_BINS], int64_t end_ms)
{
    self->counted = counts != NULL;
    self->end_ms = end_ms;
    for (int i = 0; i < APP_DAY_BINS; i++)
        self->counts[i] = counts ? counts[i] : 0;
    g_autofree char *words =
        counts ? g_strdup_printf(_("24 h: %u incidents"), total(self)) : g_strdup("\u2026");
    app_looks_set_text(self->range, words);
    app_looks_name(self->bars, words);
    gtk_widget_queue_draw(GTK_WIDGET(self->bars));
}

/* ---- life ---- */

AppTimeBar *app_time_bar_new(void)
{
    return g_object_new(APP_TYPE_TIME_BAR, NULL);
}

static void finalize(GObject *object)
{
    g_free(APP_TIME_BAR(object)->zone);
    G_OBJECT_CLASS(app_time_bar_parent_class)->finalize(object);
}

static void app_time_bar_class_init(AppTimeBarClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    pause_signal = g_signal_new("pause", APP_TYPE_TIME_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, G_TYPE_BOOLEAN);
}

static void make_bars(AppTimeBar *self)
{
    self->bars = GTK_DRAWING_AREA(gtk_drawing_area_new());
    gtk_widget_set_hexpand(GTK_WIDGET(self->bars), TRUE);
    gtk_drawing_area_set_content_height(self->bars, 46);
    gtk_drawing_area_set_draw_func(self->bars, draw, self, NULL);
    gtk_widget_set_has_tooltip(GTK_WIDGET(self->bars), TRUE);
    g_signal_connect(self->bars, "query-tooltip", G_CALLBACK(on_tooltip), self);
    GtkGesture *drag = gtk_gesture_drag_new();
    g_signal_connect(drag, "drag-begin", G_CALLBACK(on_drag_begin), self);
    g_signal_connect(drag, "drag-update", G_CALLBACK(on_drag_update), self);
    gtk_widget_add_controller(GTK_WIDGET(self->bars), GTK_EVENT_CONTROLLER(drag));
    gtk_widget_set_cursor_from_name(GTK_WIDGET(self->bars), "pointer");
    g_signal_connect_object(adw_style_manager_get_default(), "notify::dark",
                            G_CALLBACK(gtk_widget_queue_draw), self->bars, G_CONNECT_SWAPPED);
}

static void app_time_bar_init(AppTimeBar *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
    self->button = gtk_button_new();
    self->dot = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    self->state = GTK_LABEL(app_looks_label(NULL, "title", 0));
    self->clock = GTK_LABEL(app_looks_label(NULL, "title numeric", 0));
    self->range = GTK_LABEL(app_looks_label("\u2026", "quiet numeric", 0));
    self->time = APP_TIME_STILL;
    make_bars(self);
    gtk_label_set_ellipsize(self->state, PANGO_ELLIPSIZE_NONE);
    gtk_label_set_ellipsize(self->clock, PANGO_ELLIPSIZE_NONE);
    gtk_label_set_ellipsize(self->range, PANGO_ELLIPSIZE_NONE);
    gtk_widget_set_valign(self->button, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(self->dot, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(self->button, "flat");
    gtk_widget_add_css_class(self->dot, "dot");
    gtk_widget_add_css_class(box, "timebar");
    gtk_widget_add_css_class(GTK_WIDGET(self), "strip");
    gtk_box_append(GTK_BOX(box), self->button);
    gtk_box_append(GTK_BOX(box), self->dot);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->state));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->clock));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->bars));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->range));
    gtk_widget_set_margin_start(GTK_WIDGET(self->bars), 8);
    adw_bin_set_child(ADW_BIN(self), box);
    g_signal_connect_swapped(self->button, "clicked", G_CALLBACK(on_button), self);
    show_button(self);
}
