/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/scenario-menu.h"

#include "app/console/looks.h"
#include "maps/paint/words.h"

struct _AppScenarioMenu {
    AdwBin parent;
    AppPlan *plan; /* borrowed */
    GtkMenuButton *button;
    GtkLabel *name;
    GtkEditable *entry;
    GtkListBox *list;
    GArray *ids; /* int64_t of the rows */
    GtkSpinButton *phase;
    GtkWidget *merge, *drop, *rename;
};

G_DEFINE_TYPE(AppScenarioMenu, app_scenario_menu, ADW_TYPE_BIN)

static void close_menu(AppScenarioMenu *self)
{
    gtk_menu_button_popdown(self->button);
}

/* ---- the list ---- */

static void on_row(AppScenarioMenu *self, GtkListBoxRow *row)
{
    guint i = (guint)gtk_list_box_row_get_index(row);
    if (i < self->ids->len)
        app_plan_open(self->plan, g_array_index(self->ids, int64_t, i));
    close_menu(self);
}

static void on_join(GtkButton *button, AppScenarioMenu *self)
{
    int64_t *id = g_object_get_data(G_OBJECT(button), "scenario");
    app_plan_join(self->plan, *id);
    close_menu(self);
}

static void add_row(AppScenarioMenu *self, const AppScenarioHead *head, bool current)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *name = app_looks_label(head->name, current ? "strong" : NULL, 0);
    gtk_widget_set_hexpand(name, TRUE);
    gtk_box_append(GTK_BOX(box), name);
    if (!current) {
        GtkWidget *join = gtk_button_new_with_label(_("Bring in"));
        gtk_widget_add_css_class(join, "small");
        gtk_widget_set_tooltip_text(join, _("Its changes come into the plan that is open"));
        g_object_set_data_full(G_OBJECT(join), "scenario", g_memdup2(&head->id, sizeof head->id),
                               g_free);
        g_signal_connect_object(join, "clicked", G_CALLBACK(on_join), self, 0);
        gtk_box_append(GTK_BOX(box), join);
    }
    gtk_list_box_append(self->list, box);
    GtkWidget *row = gtk_widget_get_parent(box);
    app_looks_name(row, head->name);
    if (current)
        gtk_list_box_select_row(self->list, GTK_LIST_BOX_ROW(row));
    g_array_append_val(self->ids, head->id);
}

static void on_scenario(AppScenarioMenu *self)
{
    const AppScenario *scenario = app_plan_scenario(self->plan);
    bool open = scenario && scenario->id != 0;
    GtkListBoxRow *row;
    const char *name = open ? scenario->name : _("No plan yet");
    app_looks_set_text(self->name, name);
    if (g_strcmp0(gtk_editable_get_text(self->entry), open ? name : "") != 0)
        gtk_editable_set_text(self->entry, open ? name : "");
    while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
        gtk_list_box_remove(self->list, GTK_WIDGET(row));
    g_array_set_size(self->ids, 0);
    for (guint i = 0; scenario && i < scenario->others->len; i++) {
        const AppScenarioHead *head = &g_array_index(scenario->others, AppScenarioHead, i);
        add_row(self, head, head->id == scenario->id);
    }
    GtkWidget *need[] = {GTK_WIDGET(self->entry), self->rename, self->merge, self->drop,
                         GTK_WIDGET(self->phase)};
    for (gsize i = 0; i < G_N_ELEMENTS(need); i++)
        gtk_widget_set_sensitive(need[i], open);
}

/* ---- the whole plan ---- */

static void on_rename(AppScenarioMenu *self)
{
    const char *name = gtk_editable_get_text(self->entry);
    if (*name)
        app_plan_rename(self->plan, name);
    close_menu(self);
}

static void on_new(AppScenarioMenu *self)
{
    app_plan_new_scenario(self->plan);
    close_menu(self);
}

static GtkWindow *window_of(AppScenarioMenu *self)
{
    return GTK_WINDOW(gtk_widget_get_root(GTK_WIDGET(self)));
}

static void on_merge_answer(AppScenarioMenu *self, const char *answer)
{
    if (g_str_equal(answer, "merge") || g_str_equal(answer, "force"))
        app_plan_merge(self->plan, gtk_spin_button_get_value_as_int(self->phase),
                       g_str_equal(answer, "force"));
}

static void on_merge(AppScenarioMenu *self)
{
    const AppScenario *scenario = app_plan_scenario(self->plan);
    g_autofree char *title = g_strdup_printf(_("Put “%s” into the register?"), scenario->name);
    GtkWidget *dialog = adw_message_dialog_new(window_of(self), title, NULL);
    adw_message_dialog_format_body(
        ADW_MESSAGE_DIALOG(dialog),
        _("Its changes up to phase %d become part of the camera register, all or none. This is "
          "not taken back by Ctrl+Z."),
        gtk_spin_button_get_value_as_int(self->phase));
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("Cancel"), "force",
                                     _("Also over newer changes"), "merge",
                                     _("Put into the register"), NULL);
    adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "merge",
                                               ADW_RESPONSE_SUGGESTED);
    adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "force",
                                               ADW_RESPONSE_DESTRUCTIVE);
    g_signal_connect_object(dialog, "response", G_CALLBACK(on_merge_answer), self,
                            G_CONNECT_SWAPPED);
    close_menu(self);
    gtk_window_present(GTK_WINDOW(dialog));
}

static void on_drop_answer(AppScenarioMenu *self, const char *answer)
{
    if (g_str_equal(answer, "drop"))
        app_plan_drop(self->plan);
}

static void on_drop(AppScenarioMenu *self)
{
    const AppScenario *scenario = app_plan_scenario(self->plan);
    g_autofree char *title = g_strdup_printf(_("Drop “%s”?"), scenario->name);
    GtkWidget *dialog =
        adw_message_dialog_new(window_of(self), title,
                               _("It leaves the list of plans. Nothing of it is in the register."));
    adw_message_dialog_add_responses(ADW_MESSAGE_DIALOG(dialog), "cancel", _("Cancel"), "drop",
                                     _("Drop"), NULL);
    adw_message_dialog_set_response_appearance(ADW_MESSAGE_DIALOG(dialog), "drop",
                                               ADW_RESPONSE_DESTRUCTIVE);
    g_signal_connect_object(dialog, "response", G_CALLBACK(on_drop_answer), self,
                            G_CONNECT_SWAPPED);
    close_menu(self);
    gtk_window_present(GTK_WINDOW(dialog));
}

void app_scenario_menu_show(AppScenarioMenu *self)
{
    gtk_menu_button_popup(self->button);
}

/* ---- making ---- */

static GtkWidget *add_button(GtkWidget *box, AppScenarioMenu *self, const char *words,
                             GCallback callback)
{
    GtkWidget *button = gtk_button_new_with_label(words);
    g_signal_connect_object(button, "clicked", callback, self, G_CONNECT_SWAPPED);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

static GtkWidget *make_naming(AppScenarioMenu *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6), *entry = gtk_entry_new();
    self->entry = GTK_EDITABLE(entry);
    app_looks_name(entry, _("Name of the plan"));
    gtk_widget_set_hexpand(entry, TRUE);
    gtk_box_append(GTK_BOX(box), entry);
    self->rename = add_button(box, self, _("Rename"), G_CALLBACK(on_rename));
    g_signal_connect_object(entry, "activate", G_CALLBACK(on_rename), self, G_CONNECT_SWAPPED);
    return box;
}

static GtkWidget *make_merging(AppScenarioMenu *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    self->phase = GTK_SPIN_BUTTON(gtk_spin_button_new_with_range(1, 9, 1));
    gtk_spin_button_set_value(self->phase, 9);
    app_looks_name(self->phase, _("Up to phase"));
    self->merge = add_button(box, self, _("Into the register…"), G_CALLBACK(on_merge));
    gtk_widget_set_hexpand(self->merge, TRUE);
    gtk_box_append(GTK_BOX(box), app_looks_label(_("Up to phase"), "quiet", 1));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->phase));
    return box;
}

static GtkWidget *make_popover(AppScenarioMenu *self)
{
    GtkWidget *popover = gtk_popover_new(), *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 8);
    GtkWidget *ends = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    self->list = GTK_LIST_BOX(gtk_list_box_new());
    gtk_widget_add_css_class(GTK_WIDGET(self->list), "plain");
    gtk_list_box_set_placeholder(self->list,
                                 app_looks_label(_("The first change begins a plan."), "quiet", 0));
    app_looks_name(self->list, _("Plans"));
    gtk_widget_set_size_request(box, 320, -1);
    gtk_box_append(GTK_BOX(box), make_naming(self));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->list));
    gtk_box_append(GTK_BOX(box), make_merging(self));
    GtkWidget *fresh = add_button(ends, self, _("New plan"), G_CALLBACK(on_new));
    gtk_widget_set_hexpand(fresh, TRUE);
    self->drop = add_button(ends, self, _("Drop…"), G_CALLBACK(on_drop));
    gtk_box_append(GTK_BOX(box), ends);
    gtk_popover_set_child(GTK_POPOVER(popover), box);
    g_signal_connect_object(self->list, "row-activated", G_CALLBACK(on_row), self,
                            G_CONNECT_SWAPPED);
    return popover;
}

AppScenarioMenu *app_scenario_menu_new(AppPlan *plan)
{
    AppScenarioMenu *self = g_object_new(APP_TYPE_SCENARIO_MENU, NULL);
    self->plan = plan;
    g_signal_connect_object(plan, "scenario", G_CALLBACK(on_scenario), self, G_CONNECT_SWAPPED);
    on_scenario(self);
    return self;
}

static void finalize(GObject *object)
{
    g_array_unref(APP_SCENARIO_MENU(object)->ids);
    G_OBJECT_CLASS(app_scenario_menu_parent_class)->finalize(object);
}

static void app_scenario_menu_class_init(AppScenarioMenuClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
}

static void app_scenario_menu_init(AppScenarioMenu *self)
{
    GtkWidget *button = gtk_menu_button_new();
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    self->ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    self->button = GTK_MENU_BUTTON(button);
    self->name = GTK_LABEL(app_looks_label("", "strong", 0));
    gtk_widget_set_hexpand(GTK_WIDGET(self->name), TRUE);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->name));
    gtk_box_append(GTK_BOX(box), gtk_image_new_from_icon_name("pan-down-symbolic"));
    gtk_menu_button_set_child(self->button, box);
    gtk_menu_button_set_popover(self->button, make_popover(self));
    gtk_widget_set_tooltip_text(button, _("Plans (S)"));
    app_looks_name(button, _("Plans"));
    adw_bin_set_child(ADW_BIN(self), button);
}
