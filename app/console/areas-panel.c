/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/areas-panel.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

/* ---- one line as an object, for the table's models ---- */

#define APP_TYPE_AREA_ITEM app_area_item_get_type()
G_DECLARE_FINAL_TYPE(AppAreaItem, app_area_item, APP, AREA_ITEM, GObject)

struct _AppAreaItem {
    GObject parent;
    AppAreaLine line; /* its texts are owned */
};

G_DEFINE_TYPE(AppAreaItem, app_area_item, G_TYPE_OBJECT)

static void finalize_item(GObject *object)
{
    AppAreaItem *item = APP_AREA_ITEM(object);
    g_free((char *)item->line.code);
    g_free((char *)item->line.name);
    G_OBJECT_CLASS(app_area_item_parent_class)->finalize(object);
}

static void app_area_item_class_init(AppAreaItemClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize_item;
}

static void app_area_item_init(AppAreaItem *item)
{
}

/* ---- the table ---- */

typedef enum { AREA, SEEN, CAMERAS, UNITS, INCIDENTS, N_COLUMNS } Column;

struct _AppAreasPanel {
    AdwBin parent;
    GListStore *lines; /* AppAreaItem, owned */
    GtkColumnView *view;
    GtkColumnViewColumn *columns[N_COLUMNS]; /* the view's */
    GtkLabel *title, *sight;
};

G_DEFINE_TYPE(AppAreasPanel, app_areas_panel, ADW_TYPE_BIN)

static guint chosen_signal;

static char *dup_known(int64_t n)
{
    return n < 0 ? g_strdup("–") : app_words_dup_count(n);
}

static char *dup_cell(const AppAreaLine *line, Column column)
{
    switch (column) {
    case AREA:
        return g_strdup(line->name ? line->name : line->code ? line->code : "–");
    case SEEN:
        return app_words_dup_share(line->share);
    case CAMERAS:
        return app_words_dup_count(line->cameras);
    case UNITS:
        return dup_known(line->units);
    default:
        return dup_known(line->incidents_28d);
    }
}

/* What is not known comes last upwards and first downwards, as the least. */
static double number_of(const AppAreaLine *line, Column column)
{
    switch (column) {
    case SEEN:
        return isnan(line->share) ? -1 : line->share;
    case CAMERAS:
        return (double)line->cameras;
    case UNITS:
        return (double)line->units;
    default:
        return (double)line->incidents_28d;
    }
}

static int compare(gconstpointer a, gconstpointer b, gpointer column)
{
    const AppAreaLine *one = &APP_AREA_ITEM((gpointer)a)->line;
    const AppAreaLine *two = &APP_AREA_ITEM((gpointer)b)->line;
    if (GPOINTER_TO_INT(column) == AREA)
        return g_strcmp0(one->code ? one->code : one->name, two->code ? two->code : two->name);
    double x = number_of(one, (Column)GPOINTER_TO_INT(column));
    double y = number_of(two, (Column)GPOINTER_TO_INT(column));
    return (x > y) - (x < y);
}

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
    bool words = GPOINTER_TO_INT(column) == AREA;
    GtkWidget *label = app_looks_label("", words ? NULL : "numeric", words ? 0 : 1);
    if (!words)
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_list_item_set_child(item, label);
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
    const AppAreaLine *line = &APP_AREA_ITEM(gtk_list_item_get_item(item))->line;
    g_autofree char *words = dup_cell(line, (Column)GPOINTER_TO_INT(column));
    GtkWidget *label = gtk_list_item_get_child(item);
    gtk_label_set_text(GTK_LABEL(label), words);
    gtk_widget_set_tooltip_text(label, GPOINTER_TO_INT(column) == AREA ? line->code : NULL);
}

static void on_activate(GtkColumnView *view, guint position, AppAreasPanel *self)
{
    g_autoptr(AppAreaItem) item =
        g_list_model_get_item(G_LIST_MODEL(gtk_column_view_get_model(view)), position);
    if (item)
        g_signal_emit(self, chosen_signal, 0, (gint64)item->line.id);
}

static void add_column(AppAreasPanel *self, Column column)
{
    static const char *const titles[N_COLUMNS] = {N_("area"), N_("seen"), N_("cameras"),
                                                  N_("on duty"), N_("28 days")};
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    GtkSorter *sorter =
        GTK_SORTER(gtk_custom_sorter_new(compare, GINT_TO_POINTER((int)column), NULL));
    g_signal_connect(factory, "setup", G_CALLBACK(on_setup), GINT_TO_POINTER((int)column));
    g_signal_connect(factory, "bind", G_CALLBACK(on_bind), GINT_TO_POINTER((int)column));
    g_autoptr(GtkColumnViewColumn) made = gtk_column_view_column_new(_(titles[column]), factory);
    gtk_column_view_column_set_sorter(made, sorter);
    gtk_column_view_column_set_expand(made, column == AREA);
    gtk_column_view_append_column(self->view, made);
    self->columns[column] = made;
    if (column == SEEN)
        gtk_column_view_sort_by_column(self->view, made, GTK_SORT_ASCENDING);
    g_object_unref(sorter);
}

void app_areas_panel_set(AppAreasPanel *self, const char *level, const char *sight,
                         const AppAreaLine *lines, size_t n)
{
    bool units = false, incidents = false;
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);
    for (size_t i = 0; i < n; i++) {
        AppAreaItem *item = g_object_new(APP_TYPE_AREA_ITEM, NULL);
        item->line = lines[i];
        item->line.code = g_strdup(lines[i].code);
        item->line.name = g_strdup(lines[i].name);
        g_ptr_array_add(items, item);
        units |= lines[i].units >= 0;
        incidents |= lines[i].incidents_28d >= 0;
    }
    g_autofree char *title =
        n > 0 ? g_strdup_printf(_("%u areas: %s"), (unsigned)n, app_words_level(level))
              : g_strdup(_("no areas in this city yet"));
    g_autofree char *meaning = sight ? g_strdup_printf(_("streets seen: %s"), sight) : g_strdup("");
    g_list_store_splice(self->lines, 0, g_list_model_get_n_items(G_LIST_MODEL(self->lines)),
                        items->pdata, items->len);
    gtk_column_view_column_set_visible(self->columns[UNITS], units);
    gtk_column_view_column_set_visible(self->columns[INCIDENTS], incidents);
    app_looks_set_text(self->title, title);
    app_looks_set_text(self->sight, meaning);
}

/* ---- life ---- */

AppAreasPanel *app_areas_panel_new(void)
{
    return g_object_new(APP_TYPE_AREAS_PANEL, NULL);
}

static void dispose(GObject *object)
{
    g_clear_object(&APP_AREAS_PANEL(object)->lines);
    G_OBJECT_CLASS(app_areas_panel_parent_class)->dispose(object);
}

static void app_areas_panel_class_init(AppAreasPanelClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    chosen_signal = g_signal_new("chosen", APP_TYPE_AREAS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void app_areas_panel_init(AppAreasPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *scroll = gtk_scrolled_window_new();
    GtkWidget *sight = app_looks_label("", "quiet", 0);
    self->lines = g_list_store_new(APP_TYPE_AREA_ITEM);
    self->view = GTK_COLUMN_VIEW(gtk_column_view_new(NULL));
    for (int i = 0; i < N_COLUMNS; i++)
        add_column(self, (Column)i);
    GtkSorter *sorter = gtk_column_view_get_sorter(self->view);
    GtkSortListModel *sorted =
        gtk_sort_list_model_new(G_LIST_MODEL(g_object_ref(self->lines)), g_object_ref(sorter));
    g_autoptr(GtkSingleSelection) chosen = gtk_single_selection_new(G_LIST_MODEL(sorted));
    gtk_single_selection_set_autoselect(chosen, FALSE);
    gtk_single_selection_set_can_unselect(chosen, TRUE);
    gtk_single_selection_set_selected(chosen, GTK_INVALID_LIST_POSITION);
    gtk_column_view_set_model(self->view, GTK_SELECTION_MODEL(chosen));
    gtk_column_view_set_single_click_activate(self->view, TRUE);
    gtk_widget_add_css_class(GTK_WIDGET(self->view), "plain");
    gtk_widget_add_css_class(card, "card");
    gtk_widget_set_vexpand(GTK_WIDGET(self), TRUE);
    gtk_widget_set_vexpand(card, TRUE);
    gtk_widget_set_vexpand(scroll, TRUE);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroll), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_min_content_height(GTK_SCROLLED_WINDOW(scroll), 320);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroll), GTK_WIDGET(self->view));
    self->sight = GTK_LABEL(sight);
    gtk_box_append(GTK_BOX(box), app_looks_heading(_("Areas"), &self->title));
    gtk_box_append(GTK_BOX(box), sight);
    gtk_box_append(GTK_BOX(card), scroll);
    gtk_box_append(GTK_BOX(box), card);
    app_looks_name(self->view, _("Areas"));
    adw_bin_set_child(ADW_BIN(self), box);
    g_signal_connect_object(self->view, "activate", G_CALLBACK(on_activate), self, 0);
}
