/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/roster-areas.h"

#include <string.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

typedef struct {
    GtkWidget *row; /* borrowed */
    GtkLabel *counts;
    char *code, *words; /* owned; words is what a search looks in */
} Line;

struct _AppRosterAreas {
    AdwBin parent;
    GtkLabel *present, *planned, *rest, *unknown, *number;
    GtkWidget *search, *admit;
    GtkListBox *list;
    GArray *lines; /* Line */
    char *wanted;  /* of the search */
    bool filling;
};

G_DEFINE_TYPE(AppRosterAreas, app_roster_areas, ADW_TYPE_BIN)

enum { CHOSEN, ADMIT, N_SIGNALS };
static guint signals[N_SIGNALS];

static void clear_line(gpointer data)
{
    g_free(((Line *)data)->code);
    g_free(((Line *)data)->words);
}

/* ---- showing ---- */

static void show_sums(AppRosterAreas *self, const AppRoster *roster)
{
    const GeoAttendanceSum *all = &roster->all;
    g_autofree char *on = app_words_dup_count(all->on),
                    *planned = app_words_dup_count(all->planned);
    g_autofree char *heard = app_words_dup_count(all->heard);
    g_autofree char *lost = app_words_dup_count(all->no_roster);
    g_autofree char *big = g_strdup_printf(_("%s on duty"), on);
    g_autofree char *differ =
        g_strdup_printf(_("%s planned · %u of them off · %u on without plan · %u on a break"),
                        planned, all->missing, all->extra, all->on_break);
    g_autofree char *known = g_strdup_printf(_("%s heard within 10 min"), heard);
    g_autofree char *unknown =
        g_strdup_printf(_("%s units without a roster: their positions are refused"), lost);
    app_looks_set_text(self->present, big);
    app_looks_set_text(self->planned, roster->always ? _("No shift was ever told: everybody counts "
                                                         "as on duty until signed off.")
                                                     : differ);
    app_looks_set_text(self->rest, known);
    app_looks_set_text(self->unknown, unknown);
    gtk_widget_set_visible(GTK_WIDGET(self->unknown), all->no_roster > 0);
}

static void fill(Line *line, const AppRosterArea *area)
{
    const GeoAttendanceSum *now = &area->now;
    bool warn = now->missing > 0 || now->no_roster > 0;
    unsigned here = now->on + now->on_break;
    g_autofree char *counts =
        now->no_roster > 0 && here == 0 ? g_strdup(_("no roster"))
        : now->missing > 0 ? g_strdup_printf("−%u · %u / %u", now->missing, here, now->planned)
                           : g_strdup_printf("%u / %u", here, now->planned);
    app_looks_set_text(line->counts, counts);
    if (warn)
        gtk_widget_add_css_class(GTK_WIDGET(line->counts), "warn");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(line->counts), "warn");
    g_autofree char *tip = g_strdup_printf(
        _("%u on duty or on a break, %u planned; %u planned are off; %u shifts on this day"),
        now->on + now->on_break, now->planned, now->missing, area->shifts);
    gtk_widget_set_tooltip_text(line->row, tip);
    g_autofree char *spoken =
        g_strdup_printf("%s, %s", area->name ? area->name : area->code, counts);
    app_looks_name(line->row, spoken);
}

static void add_line(AppRosterAreas *self, const AppRosterArea *area)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    const char *code = *area->code ? area->code : _("of no area");
    Line line = {.code = g_strdup(area->code)};
    g_autofree char *both = g_strdup_printf("%s %s", area->name ? area->name : "", code);
    GtkWidget *name = app_looks_label(area->name ? area->name : code, NULL, 0);
    line.words = g_utf8_casefold(both, -1);
    line.counts = GTK_LABEL(app_looks_label("", "numeric", 1));
    gtk_label_set_ellipsize(line.counts, PANGO_ELLIPSIZE_NONE);
    gtk_widget_set_hexpand(name, TRUE);
    gtk_box_append(GTK_BOX(box), name);
    if (area->name && *area->code)
        gtk_box_append(GTK_BOX(box), app_looks_label(area->code, "quiet numeric", 1));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(line.counts));
    gtk_list_box_append(self->list, box);
    line.row = gtk_widget_get_parent(box);
    g_array_append_val(self->lines, line);
}

static bool same_lines(const AppRosterAreas *self, const AppRoster *roster)
{
    bool same = self->lines->len == roster->areas->len;
    for (guint i = 0; same && i < self->lines->len; i++)
        same = strcmp(g_array_index(self->lines, Line, i).code,
                      g_array_index(roster->areas, AppRosterArea, i).code) == 0;
    return same;
}

void app_roster_areas_show(AppRosterAreas *self, const AppRoster *roster)
{
    GtkListBoxRow *row;
    self->filling = true;
    if (!same_lines(self, roster)) {
        while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
            gtk_list_box_remove(self->list, GTK_WIDGET(row));
        g_array_set_size(self->lines, 0);
        for (guint i = 0; i < roster->areas->len; i++)
            add_line(self, &g_array_index(roster->areas, AppRosterArea, i));
    }
    for (guint i = 0; i < roster->areas->len; i++)
        fill(&g_array_index(self->lines, Line, i), &g_array_index(roster->areas, AppRosterArea, i));
    row = gtk_list_box_get_row_at_index(self->list, (int)roster->area);
    gtk_list_box_select_row(self->list, row);
    self->filling = false;
    show_sums(self, roster);
    bool lost = roster->area < roster->areas->len &&
                g_array_index(roster->areas, AppRosterArea, roster->area).now.no_roster > 0;
    gtk_widget_set_visible(self->admit, lost);
    g_autofree char *number = app_words_dup_count(roster->areas->len);
    app_looks_set_text(self->number, number);
}

void app_roster_areas_focus(AppRosterAreas *self)
{
    gtk_widget_grab_focus(self->search);
}

/* ---- choosing ---- */

static void on_row(AppRosterAreas *self, GtkListBoxRow *row)
{
    if (self->filling || !row)
        return;
    guint i = (guint)gtk_list_box_row_get_index(row);
    if (i < self->lines->len)
        g_signal_emit(self, signals[CHOSEN], 0, g_array_index(self->lines, Line, i).code);
}

static gboolean matches(GtkListBoxRow *row, gpointer data)
{
    AppRosterAreas *self = data;
    guint i = (guint)gtk_list_box_row_get_index(row);
    return !self->wanted || !*self->wanted || i >= self->lines->len ||
           strstr(g_array_index(self->lines, Line, i).words, self->wanted) != NULL;
}

static void on_search(AppRosterAreas *self)
{
    g_free(self->wanted);
    self->wanted = g_utf8_casefold(gtk_editable_get_text(GTK_EDITABLE(self->search)), -1);
    gtk_list_box_invalidate_filter(self->list);
}

/* Enter takes the first that is left. */
static void on_enter(AppRosterAreas *self)
{
    for (guint i = 0; i < self->lines->len; i++) {
        GtkListBoxRow *row = gtk_list_box_get_row_at_index(self->list, (int)i);
        if (!matches(row, self))
            continue;
        gtk_list_box_select_row(self->list, row);
        gtk_widget_grab_focus(GTK_WIDGET(row));
        return;
    }
}

/* Escape: all areas again. */
static void on_stop(AppRosterAreas *self)
{
    GtkListBoxRow *row = gtk_list_box_get_selected_row(self->list);
    gtk_editable_set_text(GTK_EDITABLE(self->search), "");
    if (row)
        gtk_widget_grab_focus(GTK_WIDGET(row));
}

static void on_admit(AppRosterAreas *self)
{
    g_signal_emit(self, signals[ADMIT], 0);
}

/* ---- making ---- */

static GtkLabel *add_words(GtkWidget *box, const char *css)
{
    GtkWidget *label = app_looks_label("", css, 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_box_append(GTK_BOX(box), label);
    return GTK_LABEL(label);
}

static GtkWidget *make_sums(AppRosterAreas *self)
{
    GtkWidget *sums = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_add_css_class(sums, "card");
    self->present = add_words(sums, "big numeric");
    self->planned = add_words(sums, "quiet numeric");
    self->rest = add_words(sums, "quiet numeric");
    self->unknown = add_words(sums, "warn numeric");
    return sums;
}

AppRosterAreas *app_roster_areas_new(void)
{
    return g_object_new(APP_TYPE_ROSTER_AREAS, NULL);
}

static void finalize(GObject *object)
{
    AppRosterAreas *self = APP_ROSTER_AREAS(object);
    g_array_unref(self->lines);
    g_free(self->wanted);
    G_OBJECT_CLASS(app_roster_areas_parent_class)->finalize(object);
}

static void app_roster_areas_class_init(AppRosterAreasClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[CHOSEN] = g_signal_new("chosen", APP_TYPE_ROSTER_AREAS, G_SIGNAL_RUN_LAST, 0, NULL,
                                   NULL, NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[ADMIT] = g_signal_new("admit", APP_TYPE_ROSTER_AREAS, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
}

static void app_roster_areas_init(AppRosterAreas *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    GtkWidget *scroller = gtk_scrolled_window_new();
    self->lines = g_array_new(FALSE, FALSE, sizeof(Line));
    g_array_set_clear_func(self->lines, clear_line);
    self->list = GTK_LIST_BOX(gtk_list_box_new());
    self->search = gtk_search_entry_new();
    self->admit = gtk_button_new_with_label(_("Let this area in for 12 h"));
    gtk_widget_set_tooltip_text(self->admit,
                                _("Units whose shifts nobody has told are heard for 12 hours"));
    gtk_widget_add_css_class(GTK_WIDGET(self->list), "plain");
    app_looks_name(self->list, _("Areas"));
    app_looks_name(self->search, _("Search an area"));
    gtk_list_box_set_filter_func(self->list, matches, self, NULL);
    gtk_scrolled_window_set_policy(GTK_SCROLLED_WINDOW(scroller), GTK_POLICY_NEVER,
                                   GTK_POLICY_AUTOMATIC);
    gtk_scrolled_window_set_child(GTK_SCROLLED_WINDOW(scroller), GTK_WIDGET(self->list));
    gtk_widget_set_vexpand(scroller, TRUE);
    gtk_box_append(GTK_BOX(box), make_sums(self));
    gtk_box_append(GTK_BOX(box), app_looks_heading(_("Areas · on duty / planned"), &self->number));
    gtk_box_append(GTK_BOX(box), self->search);
    gtk_box_append(GTK_BOX(box), scroller);
    gtk_box_append(GTK_BOX(box), self->admit);
    adw_bin_set_child(ADW_BIN(self), box);
    g_signal_connect_object(self->list, "row-selected", G_CALLBACK(on_row), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->search, "search-changed", G_CALLBACK(on_search), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->search, "stop-search", G_CALLBACK(on_stop), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->search, "activate", G_CALLBACK(on_enter), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->admit, "clicked", G_CALLBACK(on_admit), self, G_CONNECT_SWAPPED);
}
