/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/gaps-panel.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

#define MAX_ROWS 60 /* more are on the map; nobody reads on */

struct _AppGapsPanel {
    AdwBin parent;
    GtkLabel *share, *meaning, *cameras, *count;
    GtkListBox *list;
    GtkLabel *placeholder;
    GtkWidget *seen; /* the share's part */
    bool follows;    /* a plan */
};

G_DEFINE_TYPE(AppGapsPanel, app_gaps_panel, ADW_TYPE_BIN)

static guint chosen_signal;

static void on_row(GtkListBox *list, GtkListBoxRow *row, AppGapsPanel *self)
{
    g_signal_emit(self, chosen_signal, 0, (guint)gtk_list_box_row_get_index(row));
}

/* ---- the share ---- */

static char *dup_meaning(const GeoCoverage *coverage)
{
    g_autofree char *length = app_words_dup_count(llround(coverage->share.street_m / 1000));
    return g_strdup_printf(_("of %s km of public street can be told to %s, %s; service ways, "
                             "paths and tunnels are not counted"),
                           length, app_words_class(coverage->class),
                           coverage->night ? _("by night") : _("by day"));
}

static void show_share(AppGapsPanel *self, const GeoCoverage *coverage)
{
    g_autofree char *share = coverage ? app_words_dup_share(coverage->share_street) : g_strdup("…");
    g_autofree char *meaning = NULL, *cameras = NULL;
    if (!coverage) {
        meaning = g_strdup(_("being measured"));
    } else if (coverage->without_streets) {
        meaning = g_strdup(_("no streets in this city: import some by “gridbeatctl import”"));
    } else {
        g_autofree char *up = app_words_dup_count(coverage->by_state[GEO_CAMERA_WORKING]);
        g_autofree char *all = app_words_dup_count(coverage->cameras);
        g_autofree char *blind = app_words_dup_count(coverage->blind);
        meaning = dup_meaning(coverage);
        cameras = coverage->without_cameras
                      ? g_strdup(_("no cameras in this city yet"))
                      : g_strdup_printf(_("cameras %s of %s up; %s of them see nothing so"), up,
                                        all, blind);
    }
    app_looks_set_text(self->share, share);
    app_looks_set_text(self->meaning, meaning);
    app_looks_set_text(self->cameras, cameras);
    gtk_widget_set_visible(GTK_WIDGET(self->cameras), cameras != NULL);
}

/* ---- the list ---- */

static void add_gap(AppGapsPanel *self, guint rank, const GeoCoverageGap *gap)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 9);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    g_autofree char *number = g_strdup_printf("%u", rank);
    g_autofree char *area = app_words_dup_area(gap->area_m2);
    g_autofree char *weight = g_strdup_printf(_("weight %.1f"), gap->weight);
    const char *street = gap->street ? gap->street : gap->code ? gap->code : _("no street near");
    const char *code = gap->street && gap->code ? gap->code : "";
    g_autofree char *under = g_strdup_printf("%s%s%s", weight, *code ? " · " : "", code);
    g_autofree char *spoken = g_strdup_printf("%u %s, %s", rank, street, area);
    GtkWidget *badge = app_looks_label(number, "badge numeric", 0.5);
    gtk_widget_set_valign(badge, GTK_ALIGN_CENTER);
    gtk_label_set_ellipsize(GTK_LABEL(badge), PANGO_ELLIPSIZE_NONE);
    gtk_widget_set_hexpand(words, TRUE);
    gtk_box_append(GTK_BOX(words), app_looks_label(street, NULL, 0));
    gtk_box_append(GTK_BOX(words), app_looks_label(under, "quiet numeric", 0));
    gtk_box_append(GTK_BOX(box), badge);
    gtk_box_append(GTK_BOX(box), words);
    gtk_box_append(GTK_BOX(box), app_looks_label(area, "title numeric", 1));
    gtk_list_box_append(self->list, box);
    app_looks_name(gtk_widget_get_parent(box), spoken);
}

static void show_gaps(AppGapsPanel *self, const GeoCoverageGaps *gaps)
{
    GtkListBoxRow *row;
    guint n = gaps ? MIN(gaps->gaps->len, MAX_ROWS) : 0;
    while ((row = gtk_list_box_get_row_at_index(self->list, 0)))
        gtk_list_box_remove(self->list, GTK_WIDGET(row));
    for (guint i = 0; i < n; i++)
        add_gap(self, i + 1, &g_array_index(gaps->gaps, GeoCoverageGap, i));
    g_autofree char *found = gaps ? app_words_dup_count((int64_t)gaps->found) : NULL;
    g_autofree char *count = gaps ? g_strdup_printf(_("%u of %s"), n, found) : g_strdup("");
    app_looks_set_text(self->count, count);
    app_looks_set_text(self->placeholder,
                       gaps ? _("Every public street is seen.") : _("being measured"));
}

void app_gaps_panel_set(AppGapsPanel *self, const GeoCoverageGaps *gaps,
                        const GeoCoverage *coverage)
{
    show_share(self, coverage);
    if (!self->follows)
        show_gaps(self, gaps);
}

void app_gaps_panel_follow(AppGapsPanel *self, const GeoCoverageGaps *gaps)
{
    self->follows = true;
    gtk_widget_set_visible(self->seen, FALSE);
    show_gaps(self, gaps);
}

/* ---- life ---- */

AppGapsPanel *app_gaps_panel_new(void)
{
    return g_object_new(APP_TYPE_GAPS_PANEL, NULL);
}

static void app_gaps_panel_class_init(AppGapsPanelClass *class)
{
    chosen_signal = g_signal_new("chosen", APP_TYPE_GAPS_PANEL, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_UINT);
}

static GtkLabel *add_words(GtkWidget *box, const char *css)
{
    GtkWidget *label = app_looks_label("", css, 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_box_append(GTK_BOX(box), label);
    return GTK_LABEL(label);
}

static void app_gaps_panel_init(AppGapsPanel *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *seen = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->list = GTK_LIST_BOX(gtk_list_box_new());
    self->placeholder = GTK_LABEL(app_looks_label("", "quiet", 0));
    gtk_widget_add_css_class(seen, "card");
    gtk_widget_add_css_class(card, "card");
    gtk_widget_add_css_class(GTK_WIDGET(self->list), "plain");
    gtk_list_box_set_placeholder(self->list, GTK_WIDGET(self->placeholder));
    self->share = add_words(seen, "big numeric");
    self->meaning = add_words(seen, "quiet numeric");
    self->cameras = add_words(seen, "quiet numeric");
    gtk_box_append(GTK_BOX(card), GTK_WIDGET(self->list));
    self->seen = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    gtk_box_append(GTK_BOX(self->seen), app_looks_heading(_("Streets seen"), NULL));
    gtk_box_append(GTK_BOX(self->seen), seen);
    gtk_box_append(GTK_BOX(box), self->seen);
    gtk_box_append(GTK_BOX(box), app_looks_heading(_("Worst gaps"), &self->count));
    gtk_box_append(GTK_BOX(box), card);
    app_looks_name(self->list, _("Worst gaps"));
    adw_bin_set_child(ADW_BIN(self), box);
    g_signal_connect_object(self->list, "row-activated", G_CALLBACK(on_row), self, 0);
    app_gaps_panel_set(self, NULL, NULL);
}
