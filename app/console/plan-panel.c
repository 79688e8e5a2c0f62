/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/plan-panel.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

typedef struct {
    int64_t id;
    GtkWidget *row; /* borrowed */
    GtkLabel *title, *under, *gain;
} Line;

struct _AppPlanPanel {
    AdwBin parent;
    GtkLabel *share, *gain, *meaning, *counts, *number, *saving;
    GtkWidget *undo, *redo, *heading, *place, *propose;
    GtkSpinButton *wanted; /* cameras to be placed */
    AppScenarioMenu *menu;
    GtkListBox *list;
    GtkLabel *placeholder;
    GArray *lines; /* Line */
};

G_DEFINE_TYPE(AppPlanPanel, app_plan_panel, ADW_TYPE_BIN)

static guint chosen_signal;

static void on_row(GtkListBox *list, GtkListBoxRow *row, AppPlanPanel *self)
{
    guint i = (guint)gtk_list_box_row_get_index(row);
    if (i < self->lines->len)
        g_signal_emit(self, chosen_signal, 0, (gint64)g_array_index(self->lines, Line, i).id);
}

/* ---- sums ---- */

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

/* One camera of thousands is told by the third decimal. */
static char *dup_shares(double before, double after)
{
    return isfinite(before) && isfinite(after)
               ? g_strdup_printf("%.3f %% → %.3f %%", before * 100, after * 100)
               : g_strdup("–");
}

static void show_sums(AppPlanPanel *self, const AppPlanSum *sum, GeoSightClass class, bool night)
{
    double before = share_of(sum->before.street_seen_m, sum->before.street_m);
    double after = share_of(sum->after.street_seen_m, sum->after.street_m);
    double more_m = sum->after.street_seen_m - sum->before.street_seen_m;
    double more_m2 = sum->after.ground_seen_m2 - sum->before.ground_seen_m2;
    g_autofree char *metres = app_words_dup_metres(fabs(more_m));
    g_autofree char *area = app_words_dup_area(fabs(more_m2));
    g_autofree char *share = dup_shares(before, after);
    g_autofree char *gain =
        g_strdup_printf(_("%s%s of street, %s%s of public ground"), more_m < 0 ? "−" : "+", metres,
                        more_m2 < 0 ? "−" : "+", area);
    g_autofree char *length = app_words_dup_count(llround(sum->before.street_m / 1000));
    g_autofree char *meaning =
        g_strdup_printf(_("of %s km of public street, %s, %s"), length, app_words_class(class),
                        night ? _("by night") : _("by day"));
    app_looks_set_text(self->share, share);
    app_looks_set_text(self->gain, gain);
    app_looks_set_text(self->meaning, meaning);
    g_autofree char *cost = app_words_dup_count(llround(sum->cost));
    g_autofree char *counts = g_strdup_printf(_("%u added · %u changed · %u gone · %s yuan"),
                                              sum->added, sum->edited, sum->removed, cost);
    app_looks_set_text(self->counts, counts);
}

/* ---- the list ---- */

static const char *state_word(GeoWhatIfState state)
{
    switch (state) {
    case GEO_WHATIF_ADDED:
        return _("added");
    case GEO_WHATIF_EDITED:
        return _("changed");
    case GEO_WHATIF_REMOVED:
        return _("gone");
    default:
        return _("as it is");
    }
}

static void fill(Line *line, const AppPlanCamera *camera, AppPlan *plan)
{
    const char *name = camera->camera.row.name   ? camera->camera.row.name
                       : camera->camera.row.code ? camera->camera.row.code
                                                 : _("New camera");
    double sole_m = camera->state == GEO_WHATIF_REMOVED
                        ? 0
                        : geo_whatif_sole_m(app_plan_whatif(plan), camera->id);
    g_autofree char *metres = app_words_dup_metres(sole_m);
    g_autofree char *under =
        isfinite(camera->camera.heading_deg)
            ? g_strdup_printf(_("%s · phase %d · %.0f°"), state_word(camera->state), camera->phase,
                              camera->camera.heading_deg)
            : g_strdup_printf(_("%s · phase %d"), state_word(camera->state), camera->phase);
    app_looks_set_text(line->title, name);
    app_looks_set_text(line->under, under);
    app_looks_set_text(line->gain, camera->state == GEO_WHATIF_REMOVED ? "–" : metres);
    g_autofree char *spoken = g_strdup_printf("%s, %s, %s", name, under, metres);
    app_looks_name(line->row, spoken);
}

static void add_line(AppPlanPanel *self, const AppPlanCamera *camera)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    Line line = {.id = camera->id};
    line.title = GTK_LABEL(app_looks_label("", NULL, 0));
    line.under = GTK_LABEL(app_looks_label("", "quiet numeric", 0));
    line.gain = GTK_LABEL(app_looks_label("", "title numeric", 1));
    gtk_widget_set_tooltip_text(GTK_WIDGET(line.gain), _("street that it alone sees"));
    gtk_widget_set_hexpand(words, TRUE);
    gtk_box_append(GTK_BOX(words), GTK_WIDGET(line.title));
    gtk_box_append(GTK_BOX(words), GTK_WIDGET(line.under));
    gtk_box_append(GTK_BOX(box),
                   app_looks_camera(camera->camera.owner, camera->state == GEO_WHATIF_REMOVED
                                                              ? GEO_CAMERA_FAULTY
                                                              : GEO_CAMERA_WORKING));
    gtk_box_append(GTK_BOX(box), words);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(line.gain));
    gtk_list_box_append(self->list, box);
    line.row = gtk_widget_get_parent(box);
    g_array_append_val(self->lines, line);
}

static bool same_lines(const AppPlanPanel *self, const GArray *changes)
{
    bool same = self->lines->len == changes->len;
    for (guint i = 0; same && i < changes->len; i++)
        same =
            g_array_index(self->lines, Line, i).id == g_array_index(changes, AppPlanCamera, i).id;
    return same;
}

static void show_changes(AppPlanPanel *self, AppPlan *plan)
{
    g_autoptr(GArray) changes = app_plan_changes(plan);
    GtkListBoxRow *row;
    if (!same_lines(self, changes)) {
        while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
            gtk_list_box_remove(self->list, GTK_WIDGET(row));
        g_array_set_size(self->lines, 0);
        for (guint i = 0; i < changes->len; i++)
            add_line(self, &g_array_index(changes, AppPlanCamera, i));
    }
    gtk_list_box_unselect_all(self->list);
    for (guint i = 0; i < changes->len; i++) {
        Line *line = &g_array_index(self->lines, Line, i);
        fill(line, &g_array_index(changes, AppPlanCamera, i), plan);
        if (line->id == app_plan_chosen(plan))
            gtk_list_box_select_row(self->list, GTK_LIST_BOX_ROW(line->row));
    }
    g_autofree char *number = changes->len ? g_strdup_printf("%u", changes->len) : g_strdup("");
    app_looks_set_text(self->number, number);
}

void app_plan_panel_show(AppPlanPanel *self, AppPlan *plan)
{
    bool night;
    GeoSightClass class = app_plan_class(plan, &night);
    gtk_widget_set_sensitive(self->undo, app_plan_can_undo(plan));
    gtk_widget_set_sensitive(self->redo, app_plan_can_redo(plan));
    gtk_widget_set_sensitive(self->place, app_plan_ready(plan) && !app_plan_placing(plan));
    gtk_widget_set_sensitive(self->propose, app_plan_ready(plan) && !app_plan_placing(plan));
    app_looks_set_text(self->saving, app_plan_saving(plan)     ? _("being saved")
                                     : app_plan_can_undo(plan) ? _("saved")
                                                               : "");
    if (!app_plan_ready(plan)) {
        app_looks_set_text(self->share, "…");
        app_looks_set_text(self->gain, _("the city is being read to plan with"));
        return;
    }
    AppPlanSum sum = app_plan_sum(plan);
    show_sums(self, &sum, class, night);
    show_changes(self, plan);
}

/* ---- making ---- */

AppPlanPanel *app_plan_panel_new(AppPlan *plan)
{
    AppPlanPanel *self = g_object_new(APP_TYPE_PLAN_PANEL, NULL);
    self->menu = app_scenario_menu_new(plan);
    gtk_box_insert_child_after(GTK_BOX(adw_bin_get_child(ADW_BIN(self))), GTK_WIDGET(self->menu),
                               self->heading);
    return self;
}

unsigned app_plan_panel_count(AppPlanPanel *self)
{
    return (unsigned)gtk_spin_button_get_value_as_int(self->wanted);
}

void app_plan_panel_open_menu(AppPlanPanel *self)
{
    app_scenario_menu_show(self->menu);
}

static GtkLabel *add_words(GtkWidget *box, const char *css)
{
    GtkWidget *label = app_looks_label("", css, 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_box_append(GTK_BOX(box), label);
    return GTK_LABEL(label);
}

static GtkWidget *add_button(GtkWidget *box, const char *words, const char *icon,
                             const char *action, const char *tip)
{
    GtkWidget *button =
        icon ? gtk_button_new_from_icon_name(icon) : gtk_button_new_with_label(words);
    gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(button), action);
    gtk_widget_set_tooltip_text(button, tip);
    app_looks_name(button, words);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

static GtkWidget *make_buttons(AppPlanPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *add = add_button(box, _("Add camera"), NULL, "win.plan-add",
                                _("In the middle of the map (A); or Shift and a click"));
    gtk_widget_add_css_class(add, "suggested-action");
    gtk_widget_set_hexpand(add, TRUE);
    add_button(box, _("Before and after"), "view-dual-symbolic", "win.plan-compare",
               _("Before and after side by side (B)"));
    self->undo =
        add_button(box, _("Take back"), "edit-undo-symbolic", "win.undo", _("Take back (Ctrl+Z)"));
    self->redo = add_button(box, _("Do again"), "edit-redo-symbolic", "win.redo",
                            _("Do again (Ctrl+Shift+Z)"));
    gtk_widget_set_margin_top(box, 4);
    return box;
}

static GtkWidget *make_placing(AppPlanPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    self->wanted = GTK_SPIN_BUTTON(gtk_spin_button_new_with_range(1, 500, 1));
    gtk_spin_button_set_value(self->wanted, 5);
    app_looks_name(self->wanted, _("Cameras to be placed"));
    self->place = add_button(box, _("Best places in sight"), NULL, "win.plan-place",
                             _("Chooses where so many new cameras gain most, of what the map "
                               "shows (P)"));
    gtk_widget_set_hexpand(self->place, TRUE);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->wanted));
    return box;
}

static GtkWidget *make_proposing(AppPlanPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    self->propose = add_button(box, _("Repair, turn, then buy"), NULL, "win.plan-propose",
                               _("What repairs and turns bring, then so many new cameras in "
                                 "phases, of what the map shows (R)"));
    gtk_widget_set_hexpand(self->propose, TRUE);
    return box;
}

static void finalize(GObject *object)
{
    g_array_unref(APP_PLAN_PANEL(object)->lines);
    G_OBJECT_CLASS(app_plan_panel_parent_class)->finalize(object);
}

static void app_plan_panel_class_init(AppPlanPanelClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    chosen_signal = g_signal_new("chosen", APP_TYPE_PLAN_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void app_plan_panel_init(AppPlanPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *sums = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    self->list = GTK_LIST_BOX(gtk_list_box_new());
    self->placeholder = GTK_LABEL(app_looks_label(
        _("Nothing is changed yet. A adds a camera in the middle of the map; a click on a camera "
          "chooses it, then drag it or its handle."),
        "quiet", 0));
    gtk_label_set_wrap(self->placeholder, TRUE);
    gtk_label_set_ellipsize(self->placeholder, PANGO_ELLIPSIZE_NONE);
    gtk_widget_add_css_class(sums, "card");
    gtk_widget_add_css_class(card, "card");
    gtk_widget_add_css_class(GTK_WIDGET(self->list), "plain");
    gtk_list_box_set_placeholder(self->list, GTK_WIDGET(self->placeholder));
    self->share = add_words(sums, "big numeric");
    self->gain = add_words(sums, "strong numeric");
    self->meaning = add_words(sums, "quiet numeric");
    self->counts = add_words(sums, "quiet numeric");
    gtk_box_append(GTK_BOX(card), GTK_WIDGET(self->list));
    self->heading = app_looks_heading(_("Plan"), &self->saving);
    gtk_box_append(GTK_BOX(box), self->heading);
    gtk_box_append(GTK_BOX(box), sums);
    gtk_box_append(GTK_BOX(box), make_buttons(self));
    gtk_box_append(GTK_BOX(box), make_placing(self));
    gtk_box_append(GTK_BOX(box), make_proposing(self));
    gtk_box_append(GTK_BOX(box), app_looks_heading(_("Changes"), &self->number));
    gtk_box_append(GTK_BOX(box), card);
    app_looks_name(self->list, _("Changes"));
    adw_bin_set_child(ADW_BIN(self), box);
    g_signal_connect_object(self->list, "row-activated", G_CALLBACK(on_row), self, 0);
}
