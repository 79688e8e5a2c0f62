/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/queue-panel.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

#define WAIT_S 60 /* to dispatch, for priorities 1 and 2 */

typedef struct {
    int64_t id;
    int state;
    GtkListBoxRow *row;
    GtkLabel *state_words, *clock;
} Line;

struct _AppQueuePanel {
    AdwBin parent;
    GtkListBox *list;
    GtkLabel *count;
    GtkButton *more; /* "3 new" */
    GArray *lines;   /* Line, in the list's order */
    AppNow *latest;  /* owned; what is to be shown when the pointer goes */
    bool hovered, focused;
    int64_t selected;
    bool quiet; /* while this panel itself selects */
};

G_DEFINE_TYPE(AppQueuePanel, app_queue_panel, ADW_TYPE_BIN)

static guint chosen_signal;

static bool waits(const AppIncident *incident)
{
    return incident->state == GEO_INCIDENT_RECEIVED || incident->state == GEO_INCIDENT_CLASSIFIED ||
           incident->state == GEO_INCIDENT_REOPENED;
}

static Line *line_of(AppQueuePanel *self, int64_t id)
{
    for (guint i = 0; i < self->lines->len; i++)
        if (g_array_index(self->lines, Line, i).id == id)
            return &g_array_index(self->lines, Line, i);
    return NULL;
}

static void fill_line(const Line *line, const AppIncident *incident, int64_t now_ms)
{
    double age_s = (double)(now_ms - incident->at_ms) / 1000;
    g_autofree char *clock = app_words_dup_span(age_s);
    bool late = waits(incident) && incident->priority <= 2 && age_s > WAIT_S;
    const char *words =
        incident->units ? incident->units : app_words_incident_state(incident->state);
    if (g_strcmp0(gtk_label_get_text(line->clock), clock) != 0)
        gtk_label_set_text(line->clock, clock);
    if (g_strcmp0(gtk_label_get_text(line->state_words), words) != 0)
        gtk_label_set_text(line->state_words, words);
    if (late)
        gtk_widget_add_css_class(GTK_WIDGET(line->clock), "loud");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(line->clock), "loud");
    if (incident->fresh)
        gtk_widget_add_css_class(GTK_WIDGET(line->row), "fresh");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(line->row), "fresh");
}

static GtkWidget *make_words(const AppIncident *incident)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    g_autofree char *title = g_strdup_printf("#%s %s", incident->number, incident->name);
    gtk_widget_set_hexpand(box, TRUE);
    gtk_box_append(GTK_BOX(box), app_looks_label(title, "strong", 0));
    if (incident->place)
        gtk_box_append(GTK_BOX(box), app_looks_label(incident->place, "quiet", 0));
    return box;
}

static Line add_line(AppQueuePanel *self, const AppIncident *incident)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *right = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *state = app_looks_label("", "quiet", 1);
    GtkWidget *clock = app_looks_label("", "numeric", 1);
    g_autofree char *spoken = g_strdup_printf("#%s %s", incident->number, incident->name);
    gtk_label_set_max_width_chars(GTK_LABEL(state), 14);
    gtk_box_append(GTK_BOX(right), clock);
    gtk_box_append(GTK_BOX(right), state);
    gtk_box_append(GTK_BOX(box), app_looks_incident(incident->priority, incident->state));
    gtk_box_append(GTK_BOX(box), make_words(incident));
    gtk_box_append(GTK_BOX(box), right);
    gtk_list_box_append(self->list, box);
    Line line = {incident->id, incident->state, GTK_LIST_BOX_ROW(gtk_widget_get_parent(box)),
                 GTK_LABEL(state), GTK_LABEL(clock)};
    gtk_accessible_update_property(GTK_ACCESSIBLE(line.row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                   -1);
    return line;
}

static bool same_lines(const AppQueuePanel *self, const AppNow *now)
{
    if (self->lines->len != now->n_queue)
        return false;
    for (guint i = 0; i < self->lines->len; i++) {
        const Line *line = &g_array_index(self->lines, Line, i);
        if (line->id != now->queue[i].id || line->state != now->queue[i].state)
            return false;
    }
    return true;
}

static void rebuild(AppQueuePanel *self, const AppNow *now)
{
    GtkListBoxRow *row;
    self->quiet = true;
    while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
        gtk_list_box_remove(self->list, GTK_WIDGET(row));
    g_array_set_size(self->lines, 0);
    for (size_t i = 0; i < now->n_queue; i++) {
        Line line = add_line(self, &now->queue[i]);
        g_array_append_val(self->lines, line);
    }
    app_queue_panel_select(self, self->selected);
    self->quiet = false;
}

static guint count_unseen(const AppQueuePanel *self, const AppNow *now)
{
    guint n = 0;
    for (size_t i = 0; i < now->n_queue; i++)
        n += line_of((AppQueuePanel *)self, now->queue[i].id) == NULL;
    return n;
}

static void tell_counts(AppQueuePanel *self, const AppNow *now)
{
    guint fresh = 0, waiting = 0;
    for (size_t i = 0; i < now->n_queue; i++) {
        fresh += now->queue[i].fresh;
        waiting += waits(&now->queue[i]);
    }
    g_autofree char *words =
        g_strdup_printf(_("%u new · %u waiting · %zu open"), fresh, waiting, now->n_queue);
    gtk_label_set_text(self->count, words);
}

static void show(AppQueuePanel *self, bool may_move)
{
    AppNow *now = self->latest;
    guint unseen = count_unseen(self, now);
    if (!same_lines(self, now) && may_move) {
        rebuild(self, now);
        unseen = 0;
    }
    for (size_t i = 0; i < now->n_queue; i++) {
        const Line *line = line_of(self, now->queue[i].id);
        if (line)
            fill_line(line, &now->queue[i], now->at_ms);
    }
    g_autofree char *more = g_strdup_printf(_("%u new: show"), unseen);
    gtk_button_set_label(self->more, more);
    gtk_widget_set_visible(GTK_WIDGET(self->more), unseen > 0);
    tell_counts(self, now);
}

void app_queue_panel_set_now(AppQueuePanel *self, AppNow *now)
{
    app_now_ref(now);
    app_now_unref(self->latest);
    self->latest = now;
    show(self, !(self->hovered || self->focused) || self->lines->len == 0);
}

void app_queue_panel_select(AppQueuePanel *self, int64_t id)
{
    const Line *line = line_of(self, id);
    bool quiet = self->quiet;
    self->selected = id;
    self->quiet = true;
    gtk_list_box_select_row(self->list, line ? line->row : NULL);
    self->quiet = quiet;
}

static void on_row(GtkListBox *list, GtkListBoxRow *row, AppQueuePanel *self)
{
    int i = gtk_list_box_row_get_index(row);
    if (self->quiet || i < 0 || (guint)i >= self->lines->len)
        return;
    self->selected = g_array_index(self->lines, Line, i).id;
    g_signal_emit(self, chosen_signal, 0, (gint64)self->selected);
}

static void on_enter(AppQueuePanel *self)
{
    self->hovered = true;
}

static void on_leave(AppQueuePanel *self)
{
    self->hovered = false;
    if (self->latest && !self->focused)
        show(self, true);
}

static void on_focus(AppQueuePanel *self)
{
    self->focused = true;
}

static void on_blur(AppQueuePanel *self)
{
    self->focused = false;
    if (self->latest && !self->hovered)
        show(self, true);
}

static void on_more(AppQueuePanel *self)
{
    show(self, true);
}

AppQueuePanel *app_queue_panel_new(void)
{
    AppQueuePanel *self = g_object_new(APP_TYPE_QUEUE_PANEL, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkEventController *motion = gtk_event_controller_motion_new();
    GtkEventController *focus = gtk_event_controller_focus_new();
    self->list = GTK_LIST_BOX(gtk_list_box_new());
    self->more = GTK_BUTTON(gtk_button_new());
    gtk_widget_set_visible(GTK_WIDGET(self->more), FALSE);
    gtk_widget_add_css_class(GTK_WIDGET(self->list), "plain");
    gtk_widget_add_css_class(card, "card");
    gtk_list_box_set_placeholder(self->list, app_looks_label(_("No open incidents"), "quiet", 0));
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Queue"), -1);
    gtk_box_append(GTK_BOX(box), app_looks_heading(_("Queue"), &self->count));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->more));
    gtk_box_append(GTK_BOX(card), GTK_WIDGET(self->list));
    gtk_box_append(GTK_BOX(box), card);
    g_signal_connect_object(self->list, "row-activated", G_CALLBACK(on_row), self, 0);
    g_signal_connect_object(self->more, "clicked", G_CALLBACK(on_more), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(motion, "enter", G_CALLBACK(on_enter), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(motion, "leave", G_CALLBACK(on_leave), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(focus, "enter", G_CALLBACK(on_focus), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(focus, "leave", G_CALLBACK(on_blur), self, G_CONNECT_SWAPPED);
    gtk_widget_add_controller(GTK_WIDGET(self->list), motion);
    gtk_widget_add_controller(GTK_WIDGET(self->list), focus);
    adw_bin_set_child(ADW_BIN(self), box);
    return self;
}

static void finalize(GObject *object)
{
    AppQueuePanel *self = APP_QUEUE_PANEL(object);
    app_now_unref(self->latest);
    g_array_unref(self->lines);
    G_OBJECT_CLASS(app_queue_panel_parent_class)->finalize(object);
}

static void app_queue_panel_class_init(AppQueuePanelClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    chosen_signal = g_signal_new("chosen", APP_TYPE_QUEUE_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void app_queue_panel_init(AppQueuePanel *self)
{
    self->lines = g_array_new(FALSE, FALSE, sizeof(Line));
}
