/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/roster-table.h"

#include "app/console/looks.h"
#include "app/console/words.h"
#include "app/session/shift-time.h"
#include "maps/paint/words.h"

/* ---- a row as an object, for the table's model ---- */

#define APP_TYPE_ROSTER_ITEM app_roster_item_get_type()
G_DECLARE_FINAL_TYPE(AppRosterItem, app_roster_item, APP, ROSTER_ITEM, GObject)

struct _AppRosterItem {
    GObject parent;
    const AppRosterRow *row; /* the day's */
};

G_DEFINE_TYPE(AppRosterItem, app_roster_item, G_TYPE_OBJECT)

static void app_roster_item_class_init(AppRosterItemClass *class)
{
}

static void app_roster_item_init(AppRosterItem *item)
{
}

/* ---- the table ---- */

typedef enum { UNIT, FROM, TO, SHIFT, POST, BEAT, NOW, N_COLUMNS } Column;

struct _AppRosterTable {
    AdwBin parent;
    GListStore *items; /* AppRosterItem, owned */
    GtkSingleSelection *selection;
    GtkColumnView *view;
    GtkLabel *nothing;
    int64_t day_ms, now_ms;
    const char *zone; /* the day's */
    bool filling;
};

G_DEFINE_TYPE(AppRosterTable, app_roster_table, ADW_TYPE_BIN)

enum { CHOSEN, ACTIVATED, N_SIGNALS };
static guint signals[N_SIGNALS];

/* "● on duty · signed · until 06:30 +1"; that the roster says so is the rule. */
static char *dup_now(const AppRosterTable *self, const AppRosterRow *row)
{
    const char *why = row->by == GEO_DUTY_BY_SHIFT ? "" : app_words_duty_by(row->by);
    g_autofree char *until = row->until_ms != GEO_DUTY_OPEN
                                 ? app_shift_time_dup(row->until_ms, self->now_ms, self->zone)
                                 : NULL;
    g_autofree char *span = until ? g_strdup_printf(_("until %s"), until) : g_strdup("");
    return g_strdup_printf("● %s%s%s%s%s", app_words_duty(row->state), *why ? " · " : "", why,
                           until ? " · " : "", span);
}

static char *dup_cell(const AppRosterTable *self, const AppRosterRow *row, Column column)
{
    const char *texts[N_COLUMNS] = {
        [UNIT] = row->unit, [SHIFT] = row->shift, [POST] = row->post, [BEAT] = row->beat};
    switch (column) {
    case FROM:
        return row->shift_id ? app_shift_time_dup(row->from_ms, self->day_ms, self->zone)
                             : g_strdup(_("no shift"));
    case TO:
        return row->shift_id ? app_shift_time_dup(row->to_ms, self->day_ms, self->zone)
                             : g_strdup("");
    case NOW:
        return dup_now(self, row);
    default:
        return g_strdup(texts[column] ? texts[column] : column == UNIT ? "–" : "");
    }
}

/* Off while the shift runs: somebody was planned. */
static bool is_missing(const AppRosterTable *self, const AppRosterRow *row)
{
    return row->shift_id && row->from_ms <= self->now_ms && self->now_ms < row->to_ms &&
           row->state < GEO_DUTY_STATE_BREAK;
}

static const char *colour_of(const AppRosterTable *self, const AppRosterRow *row, Column column)
{
    if (column != NOW)
        return row->shift_id ? NULL : "quiet";
    if (is_missing(self, row) || row->state == GEO_DUTY_STATE_NO_ROSTER)
        return "warn";
    return row->state == GEO_DUTY_STATE_ON ? "live" : "quiet";
}

static void on_setup(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer column)
{
    bool time = GPOINTER_TO_INT(column) == FROM || GPOINTER_TO_INT(column) == TO;
    gtk_list_item_set_child(item, app_looks_label("", time ? "numeric" : NULL, 0));
}

static void on_bind(GtkSignalListItemFactory *factory, GtkListItem *item, gpointer data)
{
    Column column = (Column)GPOINTER_TO_INT(data);
    AppRosterTable *self = g_object_get_data(G_OBJECT(factory), "table");
    const AppRosterRow *row = APP_ROSTER_ITEM(gtk_list_item_get_item(item))->row;
    GtkWidget *label = gtk_list_item_get_child(item);
    static const char *const colours[] = {"quiet", "warn", "live"};
    const char *colour = colour_of(self, row, column);
    g_autofree char *text = dup_cell(self, row, column);
    app_looks_set_text(GTK_LABEL(label), text);
    gtk_widget_set_tooltip_text(label, text);
    for (gsize i = 0; i < G_N_ELEMENTS(colours); i++) {
        if (g_strcmp0(colour, colours[i]) == 0)
            gtk_widget_add_css_class(label, colours[i]);
        else
            gtk_widget_remove_css_class(label, colours[i]);
    }
}

/* ---- choosing ---- */

const AppRosterRow *app_roster_table_chosen(AppRosterTable *self)
{
    AppRosterItem *item = gtk_single_selection_get_selected_item(self->selection);
    return item ? item->row : NULL;
}

/* The list within the view, which knows how to scroll; GTK 4.8 has no call for it. */
static GtkWidget *rows_of(AppRosterTable *self)
{
    GtkWidget *child = gtk_widget_get_first_child(GTK_WIDGET(self->view));
    while (child && !GTK_IS_LIST_VIEW(child))
        child = gtk_widget_get_next_sibling(child);
    return child ? child : GTK_WIDGET(self->view);
}

void app_roster_table_choose(AppRosterTable *self, int64_t shift_id, int64_t unit_id)
{
    guint n = g_list_model_get_n_items(G_LIST_MODEL(self->items)),
          found = GTK_INVALID_LIST_POSITION;
    bool exact = false;
    for (guint i = 0; i < n && !exact; i++) {
        g_autoptr(AppRosterItem) item = g_list_model_get_item(G_LIST_MODEL(self->items), i);
        exact = shift_id != 0 && item->row->shift_id == shift_id;
        if (exact || (found == GTK_INVALID_LIST_POSITION && item->row->unit_id == unit_id))
            found = i;
    }
    gtk_single_selection_set_selected(self->selection, found);
    if (found != GTK_INVALID_LIST_POSITION)
        gtk_widget_activate_action(rows_of(self), "list.scroll-to-item", "u", found);
}

void app_roster_table_focus(AppRosterTable *self)
{
    GtkWidget *rows = rows_of(self), *row = gtk_widget_get_first_child(rows);
    while (row && !(gtk_widget_get_state_flags(row) & GTK_STATE_FLAG_SELECTED))
        row = gtk_widget_get_next_sibling(row);
    if (!row || !gtk_widget_grab_focus(row))
        gtk_widget_child_focus(rows, GTK_DIR_TAB_FORWARD);
}

static void on_selected(AppRosterTable *self)
{
    if (!self->filling)
        g_signal_emit(self, signals[CHOSEN], 0);
}

static void on_activate(AppRosterTable *self)
{
    g_signal_emit(self, signals[ACTIVATED], 0);
}

void app_roster_table_show(AppRosterTable *self, const AppRoster *roster)
{
    const AppRosterRow *chosen = app_roster_table_chosen(self);
    int64_t shift_id = chosen ? chosen->shift_id : 0, unit_id = chosen ? chosen->unit_id : 0;
    g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(g_object_unref);
    self->zone = roster ? roster->zone : NULL;
    self->day_ms = roster ? roster->day_ms : 0;
    self->now_ms = roster ? roster->now_ms : 0;
    for (guint i = 0; roster && i < roster->rows->len; i++) {
        AppRosterItem *item = g_object_new(APP_TYPE_ROSTER_ITEM, NULL);
        item->row = &g_array_index(roster->rows, AppRosterRow, i);
        g_ptr_array_add(items, item);
    }
    self->filling = true;
    g_list_store_splice(self->items, 0, g_list_model_get_n_items(G_LIST_MODEL(self->items)),
                        items->pdata, items->len);
    app_roster_table_choose(self, shift_id, unit_id);
    self->filling = false;
    gtk_widget_set_visible(GTK_WIDGET(self->nothing), items->len == 0);
}

/* ---- making ---- */

static void add_column(AppRosterTable *self, Column column, const char *title, int width_px)
{
    GtkListItemFactory *factory = gtk_signal_list_item_factory_new();
    g_object_set_data(G_OBJECT(factory), "table", self);
    g_signal_connect(factory, "setup", G_CALLBACK(on_setup), GINT_TO_POINTER(column));
    g_signal_connect(factory, "bind", G_CALLBACK(on_bind), GINT_TO_POINTER(column));
    g_autoptr(GtkColumnViewColumn) made = gtk_column_view_column_new(title, factory);
    if (width_px > 0)
        gtk_column_view_column_set_fixed_width(made, width_px);
    gtk_column_view_column_set_expand(made, width_px <= 0);
    gtk_column_view_column_set_resizable(made, TRUE);
    gtk_column_view_append_column(self->view, made);
}

static void make_view(AppRosterTable *self)
{
    static const struct {
        const char *title;
        int width_px; /* 0: what is left */
    } columns[N_COLUMNS] = {
        [UNIT] = {N_("Unit"), 76},   [FROM] = {N_("From"), 74},  [TO] = {N_("To"), 74},
        [SHIFT] = {N_("Shift"), 60}, [POST] = {N_("Post"), 124}, [BEAT] = {N_("Beat"), 106},
        [NOW] = {N_("Now"), 0}};
    self->items = g_list_store_new(APP_TYPE_ROSTER_ITEM);
    self->selection = gtk_single_selection_new(G_LIST_MODEL(g_object_ref(self->items)));
    gtk_single_selection_set_autoselect(self->selection, FALSE);
    gtk_single_selection_set_can_unselect(self->selection, TRUE);
    self->view =
        GTK_COLUMN_VIEW(gtk_column_view_new(GTK_SELECTION_MODEL(g_object_ref(self->selection))));
    gtk_widget_add_css_class(GTK_WIDGET(self->view), "plain");
    app_looks_name(self->view, _("Shifts"));
    for (int i = 0; i < N_COLUMNS; i++)
        add_column(self, (Column)i, _(columns[i].title), columns[i].width_px);
    g_signal_connect_object(self->selection, "notify::selected", G_CALLBACK(on_selected), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->view, "activate", G_CALLBACK(on_activate), self,
                            G_CONNECT_SWAPPED);
}

AppRosterTable *app_roster_table_new(void)
{
    return g_object_new(APP_TYPE_ROSTER_TABLE, NULL);
}

static void dispose(GObject *object)
{
    AppRosterTable *self = APP_ROSTER_TABLE(object);
    adw_bin_set_child(ADW_BIN(self), NULL);
    g_clear_object(&self->selection);
    g_clear_object(&self->items);
    G_OBJECT_CLASS(app_roster_table_parent_class)->dispose(object);
}

static void app_roster_table_class_init(AppRosterTableClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    signals[CHOSEN] = g_signal_new("chosen", APP_TYPE_ROSTER_TABLE, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 0);
    signals[ACTIVATED] = g_signal_new("activated", APP_TYPE_ROSTER_TABLE, G_SIGNAL_RUN_LAST, 0,
                                      NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void app_roster_table_init(AppRosterTable *self)
{
    GtkWidget *overlay = gtk_overlay_new(), *scroller = gtk_scrolled_window_new();
    make_view(self);
    self->nothing = GTK_LABEL(app_looks_label(_("No units in this area"), "quiet", 0.5));
    gtk_widget_set_halign(GTK_WIDGET(self->nothing), GTK_ALIGN_CENTER);
    gtk_widget_set_valign(GTK_WIDGET(self->nothing), GTK_ALIGN_CENTER);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->view));
    gtk_widget_set_vexpand(scroller, TRUE);
    gtk_widget_set_hexpand(scroller, TRUE);
    gtk_overlay_set_child(GTK_OVERLAY(overlay), scroller);
    gtk_overlay_add_overlay(GTK_OVERLAY(overlay), GTK_WIDGET(self->nothing));
    adw_bin_set_child(ADW_BIN(self), overlay);
}
