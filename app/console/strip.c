/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/strip.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "maps/paint/words.h"

typedef enum { DUTY, QUIET, FEED, CAMERAS, SEEN, GAP, ALERTS, JOB, HINT, N_PARTS } Part;

struct _AppStrip {
    AdwBin parent;
    GtkLabel *parts[N_PARTS];
    GtkWidget *before[N_PARTS]; /* the line in front of it; NULL: none */
    GtkWidget *stop;
};

G_DEFINE_TYPE(AppStrip, app_strip, ADW_TYPE_BIN)

static guint cancel_signal;

/* Twice a second at most, and only what differs: a tooltip that is set anew would flicker. */
static void say(AppStrip *self, Part part, const char *words)
{
    if (g_strcmp0(gtk_label_get_text(self->parts[part]), words) == 0)
        return;
    gtk_label_set_text(self->parts[part], words);
    if (part != HINT && part != FEED) /* that one has a longer story */
        gtk_widget_set_tooltip_text(GTK_WIDGET(self->parts[part]), words);
}

static void show(AppStrip *self, Part part, bool on)
{
    gtk_widget_set_visible(GTK_WIDGET(self->parts[part]), on);
    if (self->before[part])
        gtk_widget_set_visible(self->before[part], on);
}

static void set_heard(AppStrip *self, const AppNow *now)
{
    GtkWidget *feed = GTK_WIDGET(self->parts[FEED]);
    say(self, QUIET, now->quiet ? now->quiet : "");
    show(self, QUIET, now->quiet != NULL);
    say(self, FEED, now->feed ? now->feed : "");
    show(self, FEED, now->feed != NULL);
    if (!now->feed)
        return;
    if (g_strcmp0(gtk_widget_get_tooltip_text(feed), now->feed_detail) != 0)
        gtk_widget_set_tooltip_text(feed, now->feed_detail);
    if (now->feed_fails)
        gtk_widget_add_css_class(feed, "loud");
    else
        gtk_widget_remove_css_class(feed, "loud");
}

void app_strip_set_now(AppStrip *self, const AppNow *now)
{
    if (now)
        set_heard(self, now);
    if (!now) {
        say(self, DUTY, _("on duty …"));
        return;
    }
    if (now->n_fleet == 0) {
        say(self, DUTY, _("no units in this city yet"));
        return;
    }
    g_autofree char *duty = app_words_dup_count(now->n_on_duty);
    g_autofree char *fleet = app_words_dup_count(now->n_fleet);
    g_autofree char *live = app_words_dup_count(now->n_age[MAPS_AGE_LIVE]);
    g_autofree char *late = app_words_dup_count(now->n_age[MAPS_AGE_LATE]);
    g_autofree char *stale = app_words_dup_count(now->n_age[MAPS_AGE_STALE]);
    g_autofree char *silent = app_words_dup_count(now->n_age[MAPS_AGE_SILENT]);
    g_autofree char *words =
        g_strdup_printf(_("on duty %s of %s: live %s, late %s, stale %s, silent %s"), duty, fleet,
                        live, late, stale, silent);
    say(self, DUTY, words);
}

void app_strip_set_cameras(AppStrip *self, int64_t up, int64_t n)
{
    g_autofree char *working = app_words_dup_count(up), *all = app_words_dup_count(n);
    g_autofree char *words = n < 0    ? g_strdup(_("cameras …"))
                             : n == 0 ? g_strdup(_("no cameras in this city yet"))
                                      : g_strdup_printf(_("cameras %s of %s up"), working, all);
    say(self, CAMERAS, words);
    show(self, SEEN, n != 0); /* without cameras there is nothing to wait for */
    show(self, GAP, n != 0);
}

void app_strip_set_seen(AppStrip *self, double share, const char *sight)
{
    g_autofree char *percent = app_words_dup_share(share);
    g_autofree char *words = isnan(share)
                                 ? g_strdup(_("streets seen …"))
                                 : g_strdup_printf(_("streets seen %s (%s)"), percent, sight);
    say(self, SEEN, words);
}

void app_strip_set_gap(AppStrip *self, const char *place, double area_m2)
{
    g_autofree char *area = app_words_dup_area(area_m2);
    g_autofree char *words =
        place ? g_strdup_printf(_("worst gap: %s, %s"), place, area) : g_strdup(_("worst gap …"));
    say(self, GAP, words);
}

void app_strip_set_no_streets(AppStrip *self)
{
    say(self, SEEN, _("no streets in this city yet"));
    show(self, GAP, false);
}

void app_strip_set_alerts(AppStrip *self, unsigned n)
{
    g_autofree char *words = g_strdup_printf(_("alerts: %u"), n);
    say(self, ALERTS, words);
    show(self, ALERTS, n > 0);
}

void app_strip_set_job(AppStrip *self, const char *what, double share)
{
    if (what) {
        g_autofree char *words =
            share > 0 ? g_strdup_printf("%s %.0f %%", what, 100 * fmin(share, 1)) : g_strdup(what);
        say(self, JOB, words);
    }
    show(self, JOB, what != NULL);
    gtk_widget_set_visible(self->stop, what != NULL);
}

void app_strip_set_hint(AppStrip *self, const char *words)
{
    say(self, HINT, words ? words : "");
}

static void on_stop(AppStrip *self)
{
    g_signal_emit(self, cancel_signal, 0);
}

AppStrip *app_strip_new(void)
{
    return g_object_new(APP_TYPE_STRIP, NULL);
}

static void app_strip_class_init(AppStripClass *class)
{
    cancel_signal = g_signal_new("cancel", APP_TYPE_STRIP, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                 G_TYPE_NONE, 0);
}

/* Who is on duty is never cut; the hint goes first, then the gap's name and the job's. */
static void add_part(AppStrip *self, GtkBox *box, Part part)
{
    bool whole = part == DUTY || part == CAMERAS || part == SEEN || part == ALERTS || part == FEED;
    bool loud = part == ALERTS || part == QUIET;
    GtkWidget *label = app_looks_label("", loud ? "numeric loud" : "numeric", 0);
    self->parts[part] = GTK_LABEL(label);
    if (whole)
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    if (part == HINT) {
        gtk_widget_add_css_class(label, "quiet");
        gtk_widget_set_hexpand(label, TRUE);
        gtk_label_set_xalign(GTK_LABEL(label), 1);
    }
    if (part != DUTY && part != HINT) {
        self->before[part] = gtk_separator_new(GTK_ORIENTATION_VERTICAL);
        gtk_box_append(box, self->before[part]);
    }
    gtk_box_append(box, label);
}

static void app_strip_init(AppStrip *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_add_css_class(GTK_WIDGET(self), "strip");
    for (int i = 0; i < N_PARTS; i++)
        add_part(self, GTK_BOX(box), (Part)i);
    self->stop = gtk_button_new_from_icon_name("process-stop-symbolic");
    gtk_widget_add_css_class(self->stop, "flat");
    gtk_widget_set_valign(self->stop, GTK_ALIGN_CENTER);
    gtk_widget_set_tooltip_text(self->stop, _("Stop this work"));
    app_looks_name(self->stop, _("Stop this work"));
    gtk_box_insert_child_after(GTK_BOX(box), self->stop, GTK_WIDGET(self->parts[JOB]));
    g_signal_connect_swapped(self->stop, "clicked", G_CALLBACK(on_stop), self);
    adw_bin_set_child(ADW_BIN(self), box);
    app_strip_set_now(self, NULL);
    show(self, QUIET, false);
    show(self, FEED, false);
    app_strip_set_cameras(self, 0, -1);
    app_strip_set_seen(self, NAN, NULL);
    app_strip_set_gap(self, NULL, NAN);
    app_strip_set_alerts(self, 0);
    app_strip_set_job(self, NULL, 0);
}
