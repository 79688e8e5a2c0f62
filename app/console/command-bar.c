/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The list hangs in a popover that never takes the focus: typing goes on, the arrows move in the
 * list, Enter does the marked line. A search takes some milliseconds, so each letter is one. */
#include "app/console/command-bar.h"

#include <math.h>
#include <string.h>

#include "app/console/acts.h"
#include "maps/paint/words.h"

#define MAX_ACTS 5
#define MAX_FOUND 9
#define WIDTH_PX 420

struct _AppCommandBar {
    AdwBin parent;
    GtkSearchEntry *entry;
    GtkPopover *popover;
    GtkListBox *list;
    GtkLabel *hint;
    const GeoFinder *finder; /* borrowed */
    GeoLonLat near;
    GPtrArray *acts; /* const AppAct *, the first lines of the list */
    GArray *found;   /* GeoFound, the lines after */
};

G_DEFINE_TYPE(AppCommandBar, app_command_bar, ADW_TYPE_BIN)

enum { FOUND, DONE, N_SIGNALS };
static guint signals[N_SIGNALS];

static const char *kind_words(const GeoFound *found)
{
    static const char *const words[GEO_N_FOUND] = {N_("area"),     N_("road"),    N_("place"),
                                                   N_("ground"),   N_("camera"),  N_("address"),
                                                   N_("crossing"), N_("position")};
    return _(words[found->kind]);
}

/* What a place is not quite: so that nobody takes an estimate for a known door. */
static void add_notes(GString *text, const GeoFound *found)
{
    if (found->datum != GEO_DATUM_WGS84)
        g_string_append_printf(text, " · %s", geo_datum_words[found->datum]);
    if (found->why & GEO_WHY_TURNED)
        g_string_append_printf(text, " · %s", _("latitude read first"));
    if (found->why & GEO_WHY_OUTSIDE) {
        g_string_append(text, " · ");
        g_string_append_printf(text, _("outside the city, %.0f km"),
                               fmax(found->outside_m / 1000, 1));
    }
    if (found->why & (GEO_WHY_SOUND | GEO_WHY_NEAR_SOUND))
        g_string_append_printf(text, " · %s", _("by its sound"));
    if (found->estimated)
        g_string_append_printf(text, " · %s", _("number estimated"));
    if (found->moved_m > 0) {
        g_string_append(text, " · ");
        g_string_append_printf(text, _("moved %.0f m"), found->moved_m);
    }
    if (*found->unused) {
        g_string_append(text, " · ");
        g_string_append_printf(text, _("not used: %s"), found->unused);
    }
}

static char *dup_subtitle(const GeoFound *found)
{
    GString *text = g_string_new(NULL);
    if (found->kind == GEO_FOUND_COORDINATES)
        g_string_append_printf(text, "%.5f, %.5f", found->at.lon, found->at.lat);
    else
        g_string_append(text, _(found->level ? found->level : kind_words(found)));
    if (found->code && strcmp(found->code, found->title) != 0)
        g_string_append_printf(text, " · %s", found->code);
    add_notes(text, found);
    return g_string_free(text, FALSE);
}

static void add_line(AppCommandBar *self, const char *icon, const char *title, const char *right)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 10);
    GtkWidget *image = gtk_image_new_from_icon_name(icon), *name = gtk_label_new(title);
    GtkWidget *note = gtk_label_new(right);
    gtk_widget_set_hexpand(name, TRUE);
    gtk_label_set_xalign(GTK_LABEL(name), 0);
    gtk_label_set_ellipsize(GTK_LABEL(name), PANGO_ELLIPSIZE_END);
    gtk_widget_add_css_class(note, "dim-label");
    gtk_widget_add_css_class(note, "numeric");
    gtk_box_append(GTK_BOX(box), image);
    gtk_box_append(GTK_BOX(box), name);
    gtk_box_append(GTK_BOX(box), note);
    gtk_list_box_append(self->list, box);
    GtkWidget *row = gtk_widget_get_parent(box);
    gtk_widget_set_focusable(row, FALSE);
    g_autofree char *spoken = g_strdup_printf("%s, %s", title, right);
    gtk_accessible_update_property(GTK_ACCESSIBLE(row), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

static void clear_list(AppCommandBar *self)
{
    GtkListBoxRow *row;
    while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
        gtk_list_box_remove(self->list, GTK_WIDGET(row));
}

static void add_acts(AppCommandBar *self, const char *text)
{
    g_clear_pointer(&self->acts, g_ptr_array_unref);
    self->acts = app_acts_search(text);
    if (self->acts->len > MAX_ACTS)
        g_ptr_array_set_size(self->acts, MAX_ACTS);
    for (guint i = 0; i < self->acts->len; i++) {
        const AppAct *act = self->acts->pdata[i];
        g_autofree char *key = app_acts_dup_key(act);
        add_line(self, "system-run-symbolic", _(act->label), key ? key : "");
    }
}

static void add_places(AppCommandBar *self, const char *text)
{
    g_array_set_size(self->found, 0);
    if (self->finder)
        geo_finder_search(self->finder, text, self->near, MAX_FOUND, self->found);
    for (guint i = 0; i < self->found->len; i++) {
        const GeoFound *found = &g_array_index(self->found, GeoFound, i);
        g_autofree char *subtitle = dup_subtitle(found);
        const char *icon = found->kind == GEO_FOUND_CAMERA ? "camera-web-symbolic"
                           : found->kind == GEO_FOUND_AREA ? "view-grid-symbolic"
                                                           : "mark-location-symbolic";
        add_line(self, icon,
                 found->kind == GEO_FOUND_COORDINATES ? kind_words(found) : found->title, subtitle);
    }
}

static void on_changed(AppCommandBar *self)
{
    const char *text = gtk_editable_get_text(GTK_EDITABLE(self->entry));
    clear_list(self);
    add_acts(self, text);
    add_places(self, text);
    guint n = self->acts->len + self->found->len;
    gtk_list_box_select_row(self->list, gtk_list_box_get_row_at_index(self->list, 0));
    gtk_widget_set_visible(GTK_WIDGET(self->hint), n == 0);
    gtk_label_set_text(self->hint, self->finder ? _("Nothing of that name or code in this city.")
                                                : _("Names are still being read."));
    if (*text)
        gtk_popover_popup(self->popover);
    else
        gtk_popover_popdown(self->popover);
}

static void finish(AppCommandBar *self)
{
    gtk_editable_set_text(GTK_EDITABLE(self->entry), "");
    gtk_popover_popdown(self->popover);
    g_signal_emit(self, signals[DONE], 0);
}

static void activate_act(AppCommandBar *self, const AppAct *act)
{
    g_autofree char *name = g_strconcat("win.", act->id, NULL);
    GVariant *value = act->value
                          ? g_variant_parse(G_VARIANT_TYPE(act->type), act->value, NULL, NULL, NULL)
                          : NULL;
    gtk_widget_activate_action_variant(GTK_WIDGET(self), name, value);
}

static void do_line(AppCommandBar *self, int index)
{
    if (index < 0 || (guint)index >= self->acts->len + self->found->len)
        return;
    if ((guint)index < self->acts->len) {
        const AppAct *act = self->acts->pdata[index];
        finish(self);
        activate_act(self, act);
        return;
    }
    GeoFound found = g_array_index(self->found, GeoFound, (guint)index - self->acts->len);
    finish(self);
    g_signal_emit(self, signals[FOUND], 0, &found);
}

static void on_activate(AppCommandBar *self)
{
    GtkListBoxRow *row = gtk_list_box_get_selected_row(self->list);
    if (self->acts && row)
        do_line(self, gtk_list_box_row_get_index(row));
}

static void on_row(GtkListBox *list, GtkListBoxRow *row, AppCommandBar *self)
{
    do_line(self, gtk_list_box_row_get_index(row));
}

static gboolean on_key(GtkEventControllerKey *keys, guint key, guint code, GdkModifierType state,
                       AppCommandBar *self)
{
    GtkListBoxRow *row = gtk_list_box_get_selected_row(self->list);
    int index = row ? gtk_list_box_row_get_index(row) : -1;
    if (key == GDK_KEY_Escape) {
        finish(self);
        return TRUE;
    }
    if (key != GDK_KEY_Down && key != GDK_KEY_Up)
        return FALSE;
    row = gtk_list_box_get_row_at_index(self->list, index + (key == GDK_KEY_Down ? 1 : -1));
    if (row)
        gtk_list_box_select_row(self->list, row);
    return TRUE;
}

static void make_popover(AppCommandBar *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    self->popover = GTK_POPOVER(gtk_popover_new());
    self->list = GTK_LIST_BOX(gtk_list_box_new());
    self->hint = GTK_LABEL(gtk_label_new(NULL));
    gtk_widget_add_css_class(GTK_WIDGET(self->hint), "dim-label");
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->list));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->hint));
    gtk_widget_set_size_request(box, WIDTH_PX, -1);
    gtk_popover_set_child(self->popover, box);
    gtk_popover_set_autohide(self->popover, FALSE);
    gtk_popover_set_has_arrow(self->popover, FALSE);
    gtk_widget_set_can_focus(GTK_WIDGET(self->popover), FALSE);
    gtk_widget_set_parent(GTK_WIDGET(self->popover), GTK_WIDGET(self->entry));
    g_signal_connect_object(self->list, "row-activated", G_CALLBACK(on_row), self, 0);
}

AppCommandBar *app_command_bar_new(void)
{
    AppCommandBar *self = g_object_new(APP_TYPE_COMMAND_BAR, NULL);
    GtkEventController *keys = gtk_event_controller_key_new();
    self->entry = GTK_SEARCH_ENTRY(gtk_search_entry_new());
    gtk_search_entry_set_search_delay(self->entry, 40);
    g_object_set(self->entry, "placeholder-text", _("/  search or command"), NULL);
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->entry), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Search or command"), -1);
    gtk_widget_set_size_request(GTK_WIDGET(self->entry), WIDTH_PX, -1);
    adw_bin_set_child(ADW_BIN(self), GTK_WIDGET(self->entry));
    make_popover(self);
    gtk_event_controller_set_propagation_phase(keys, GTK_PHASE_CAPTURE);
    g_signal_connect_object(keys, "key-pressed", G_CALLBACK(on_key), self, 0);
    gtk_widget_add_controller(GTK_WIDGET(self->entry), keys);
    g_signal_connect_object(self->entry, "search-changed", G_CALLBACK(on_changed), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->entry, "activate", G_CALLBACK(on_activate), self,
                            G_CONNECT_SWAPPED);
    return self;
}

void app_command_bar_set_finder(AppCommandBar *self, const GeoFinder *finder)
{
    self->finder = finder;
    g_array_set_size(self->found, 0);
}

void app_command_bar_set_near(AppCommandBar *self, GeoLonLat near)
{
    self->near = near;
}

void app_command_bar_open(AppCommandBar *self)
{
    gtk_widget_grab_focus(GTK_WIDGET(self->entry));
}

static void dispose(GObject *object)
{
    AppCommandBar *self = APP_COMMAND_BAR(object);
    if (self->popover)
        gtk_widget_unparent(GTK_WIDGET(g_steal_pointer(&self->popover)));
    g_clear_pointer(&self->acts, g_ptr_array_unref);
    g_clear_pointer(&self->found, g_array_unref);
    G_OBJECT_CLASS(app_command_bar_parent_class)->dispose(object);
}

static void app_command_bar_class_init(AppCommandBarClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    signals[FOUND] = g_signal_new("found", APP_TYPE_COMMAND_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 1, G_TYPE_POINTER);
    signals[DONE] = g_signal_new("done", APP_TYPE_COMMAND_BAR, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void app_command_bar_init(AppCommandBar *self)
{
    self->found = g_array_new(FALSE, FALSE, sizeof(GeoFound));
}
