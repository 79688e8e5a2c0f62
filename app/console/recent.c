/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/recent.h"

#include <string.h>

#include "maps/paint/words.h"

struct _AppRecent {
    AdwBin parent;
    AppSettings *settings; /* a reference */
    GtkListBox *list;
    GCancellable *looking; /* for the folders of the list as it is now */
};

G_DEFINE_TYPE(AppRecent, app_recent, ADW_TYPE_BIN)

static guint chosen_signal;

static const char *path_of(gpointer row)
{
    return g_object_get_data(G_OBJECT(row), "path");
}

static void on_activated(AppRecent *self, GtkListBoxRow *row)
{
    g_signal_emit(self, chosen_signal, 0, path_of(row));
}

static void on_remove(GtkButton *button, AppRecent *self)
{
    g_autofree char *path = g_strdup(path_of(button)); /* the row goes with its button */
    app_settings_remove_recent(self->settings, path);
}

static void mark_missing(AppRecent *self, AdwActionRow *row)
{
    GtkWidget *button = gtk_button_new_from_icon_name("list-remove-symbolic");
    g_object_set_data_full(G_OBJECT(button), "path", g_strdup(path_of(row)), g_free);
    gtk_widget_set_tooltip_text(button, _("Take it from this list"));
    gtk_widget_set_valign(button, GTK_ALIGN_CENTER);
    gtk_widget_add_css_class(button, "flat");
    g_signal_connect_object(button, "clicked", G_CALLBACK(on_remove), self, 0);
    adw_action_row_add_suffix(row, button);
    adw_action_row_set_subtitle(row, _("This folder is not there now"));
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), FALSE);
    gtk_widget_add_css_class(GTK_WIDGET(row), "dim-label");
}

static void on_looked(GObject *file, GAsyncResult *result, gpointer data)
{
    g_autoptr(AdwActionRow) row = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GFileInfo) info = g_file_query_info_finish(G_FILE(file), result, &error);
    GtkWidget *self = gtk_widget_get_ancestor(GTK_WIDGET(row), APP_TYPE_RECENT);
    if (self && g_error_matches(error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
        mark_missing(APP_RECENT(self), row);
}

static void add_row(AppRecent *self, const char *path)
{
    g_autoptr(GFile) file = g_file_new_for_path(path);
    g_autofree char *base = g_path_get_basename(path);
    GtkWidget *row = adw_action_row_new();
    if (g_str_has_suffix(base, ".gridbeat"))
        base[strlen(base) - strlen(".gridbeat")] = '\0';
    adw_preferences_row_set_use_markup(ADW_PREFERENCES_ROW(row), FALSE);
    adw_preferences_row_set_title(ADW_PREFERENCES_ROW(row), base);
    g_autofree char *shown = g_markup_escape_text(path, -1);
    adw_action_row_set_subtitle(ADW_ACTION_ROW(row), shown);
    adw_action_row_set_title_lines(ADW_ACTION_ROW(row), 1);
    adw_action_row_set_subtitle_lines(ADW_ACTION_ROW(row), 1);
    gtk_widget_set_tooltip_text(row, path);
    gtk_list_box_row_set_activatable(GTK_LIST_BOX_ROW(row), TRUE);
    g_object_set_data_full(G_OBJECT(row), "path", g_strdup(path), g_free);
    gtk_list_box_append(self->list, row);
    g_file_query_info_async(file, G_FILE_ATTRIBUTE_STANDARD_TYPE, G_FILE_QUERY_INFO_NONE,
                            G_PRIORITY_DEFAULT, self->looking, on_looked, g_object_ref_sink(row));
}

static void fill(AppRecent *self)
{
    g_auto(GStrv) paths = app_settings_dup_recent(self->settings);
    GtkListBoxRow *row;
    if (self->looking)
        g_cancellable_cancel(self->looking);
    g_clear_object(&self->looking);
    self->looking = g_cancellable_new();
    while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
        gtk_list_box_remove(self->list, GTK_WIDGET(row));
    for (char **path = paths; *path; path++)
        add_row(self, *path);
    gtk_widget_set_visible(GTK_WIDGET(self), paths[0] != NULL);
}

AppRecent *app_recent_new(AppSettings *settings)
{
    AppRecent *self = g_object_new(APP_TYPE_RECENT, NULL);
    GtkWidget *clamp = adw_clamp_new();
    self->settings = g_object_ref(settings);
    self->list = GTK_LIST_BOX(gtk_list_box_new());
    gtk_list_box_set_selection_mode(self->list, GTK_SELECTION_NONE);
    gtk_widget_add_css_class(GTK_WIDGET(self->list), "boxed-list");
    gtk_widget_set_valign(GTK_WIDGET(self->list), GTK_ALIGN_START);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Cities opened last"), -1);
    adw_clamp_set_maximum_size(ADW_CLAMP(clamp), 520);
    adw_clamp_set_child(ADW_CLAMP(clamp), GTK_WIDGET(self->list));
    adw_bin_set_child(ADW_BIN(self), clamp);
    g_signal_connect_object(self->list, "row-activated", G_CALLBACK(on_activated), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(settings, "changed::recent", G_CALLBACK(fill), self, G_CONNECT_SWAPPED);
    fill(self);
    return self;
}

static void dispose(GObject *object)
{
    AppRecent *self = APP_RECENT(object);
    if (self->looking)
        g_cancellable_cancel(self->looking);
    g_clear_object(&self->looking);
    g_clear_object(&self->settings);
    G_OBJECT_CLASS(app_recent_parent_class)->dispose(object);
}

static void app_recent_class_init(AppRecentClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    chosen_signal = g_signal_new("chosen", APP_TYPE_RECENT, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void app_recent_init(AppRecent *self)
{
}
