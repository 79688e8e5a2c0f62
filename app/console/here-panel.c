/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/here-panel.h"

#include <math.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "app/session/category.h"
#include "maps/paint/words.h"

#define MAX_CAMERAS 6
#define MAX_PAST 5
#define MAX_LEFT 4

struct _AppHerePanel {
    AdwBin parent;
    const char *zone; /* lives for ever */
    GtkWidget *head, *comers, *cameras, *areas, *past;
    GtkLabel *ranked, *n_cameras, *n_past, *clock;
    GtkListBox *comer_list;
    GtkWidget *undo; /* NULL: nobody was sent */
};

G_DEFINE_TYPE(AppHerePanel, app_here_panel, ADW_TYPE_BIN)

enum { COMER, AREA, CAMERA, N_SIGNALS };
static guint signals[N_SIGNALS];

static void put(GtkWidget *box, GtkWidget *child)
{
    gtk_box_append(GTK_BOX(box), child);
}

static GtkWidget *wrapped(const char *text, const char *css)
{
    GtkWidget *label = app_looks_label(text, css, 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    return label;
}

/* ---- head ---- */

static GtkWidget *key_button(const char *key, const char *words, const char *action, bool first)
{
    GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 7);
    put(box, app_looks_label(key, "key", 0.5));
    put(box, app_looks_label(words, NULL, 0));
    gtk_button_set_child(GTK_BUTTON(button), box);
    gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(button), action);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, words,
                                   -1);
    if (first)
        gtk_widget_add_css_class(button, "suggested-action");
    return button;
}

static bool waits(const AppIncident *incident)
{
    return incident->state == GEO_INCIDENT_RECEIVED || incident->state == GEO_INCIDENT_CLASSIFIED ||
           incident->state == GEO_INCIDENT_REOPENED;
}

static void put_chips(GtkWidget *box, const AppIncident *incident, const char *zone)
{
    GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    g_autofree char *priority = g_strdup_printf(_("priority %d"), (int)incident->priority);
    g_autofree char *time = app_words_dup_time(incident->at_ms, zone);
    g_autofree char *received = g_strdup_printf(_("received %s"), time);
    put(row, app_looks_label(app_words_incident_state(incident->state), "chip", 0));
    put(row, app_looks_label(priority, "chip", 0));
    put(row, app_looks_label(received, "chip numeric", 0));
    put(box, row);
}

static void put_incident(AppHerePanel *self, const AppIncident *incident, const char *first_unit)
{
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *line = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *clock = app_looks_label("", "big numeric loud", 1);
    g_autofree char *place =
        g_strdup_printf("%s%s%s", incident->place ? incident->place : _("place unknown"),
                        incident->area ? " · " : "", incident->area ? incident->area : "");
    gtk_widget_add_css_class(card, "card");
    if (waits(incident))
        gtk_widget_add_css_class(card, "alarm");
    gtk_widget_set_hexpand(words, TRUE);
    put(words, app_looks_label(incident->name, "big", 0));
    put(words, app_looks_label(place, "quiet", 0));
    put(line, app_looks_incident(incident->priority, incident->state));
    put(line, words);
    put(line, clock);
    put(card, line);
    put_chips(card, incident, self->zone);
    if (incident->units) {
        g_autofree char *sent = g_strdup_printf(_("sent: %s"), incident->units);
        put(card, app_looks_label(sent, "strong", 0));
    }
    if (first_unit && waits(incident)) {
        GtkWidget *buttons = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
        g_autofree char *dispatch = g_strdup_printf(_("Dispatch %s"), first_unit);
        put(buttons, key_button("D", dispatch, "win.dispatch(1)", true));
        put(card, buttons);
    } else if (incident->units) {
        self->undo = key_button("Ctrl+Z", _("Take back"), "win.undo", false);
        gtk_widget_set_visible(self->undo, incident->may_undo);
        put(card, self->undo);
    }
    self->clock = GTK_LABEL(clock);
    put(self->head, card);
}

static void put_place(AppHerePanel *self, GeoLonLat at, const char *street)
{
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    g_autofree char *place = g_strdup_printf("%.5f, %.5f", at.lon, at.lat);
    gtk_widget_add_css_class(card, "card");
    put(card, app_looks_label(street ? street : _("A place"), "big", 0));
    put(card, app_looks_label(place, "quiet numeric", 0));
    put(self->head, card);
}

static void set_head(AppHerePanel *self, const AppIncident *incident, GeoLonLat at,
                     const char *street, const char *first_unit)
{
    GtkLabel *right;
    app_looks_clear(self->head);
    self->clock = NULL;
    self->undo = NULL;
    put(self->head, app_looks_heading(incident ? _("Incident") : _("Place"), &right));
    if (incident) {
        g_autofree char *number = g_strdup_printf("#%s", incident->number);
        gtk_label_set_text(right, number);
        put_incident(self, incident, first_unit);
    } else {
        put_place(self, at, street);
    }
}

/* ---- who comes ---- */

static char *dup_reason(const AppHere *here, guint i)
{
    const AppComer *comer = &g_array_index(here->comers, AppComer, i);
    const AppComer *first = &g_array_index(here->comers, AppComer, 0);
    g_autofree char *age = app_words_dup_age(comer->age_s);
    g_autofree char *position = isnan(comer->age_s) ? g_strdup(_("at its post"))
                                                    : g_strdup_printf(_("position %s old"), age);
    bool shortest = i > 0;
    for (guint k = 0; k < here->comers->len; k++)
        shortest &= g_array_index(here->comers, AppComer, k).distance_m >= comer->distance_m;
    if (i == 0)
        return g_strdup_printf(_("first to arrive · %s"), position);
    if (shortest)
        return g_strdup_printf(_("shortest way, but by %s · %s"), app_words_unit_kind(comer->kind),
                               position);
    return g_strdup_printf(_("%.0f s later · %s"), comer->travel_s - first->travel_s, position);
}

static void add_comer(AppHerePanel *self, const AppHere *here, guint i)
{
    const AppComer *comer = &g_array_index(here->comers, AppComer, i);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 7);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *right = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    g_autofree char *key = g_strdup_printf("%u", i + 1), *reason = dup_reason(here, i);
    g_autofree char *travel = app_words_dup_span(comer->travel_s);
    g_autofree char *way = app_words_dup_metres(comer->distance_m);
    g_autofree char *spoken =
        g_strdup_printf("%u %s, %s, %s, %s", i + 1, comer->code, travel, way, reason);
    GtkWidget *number = app_looks_label(key, "key", 0.5);
    gtk_widget_set_valign(number, GTK_ALIGN_CENTER);
    gtk_widget_set_hexpand(words, TRUE);
    put(words, app_looks_label(comer->code, "strong numeric", 0));
    put(words, app_looks_label(reason, "quiet", 0));
    put(right, app_looks_label(travel, "strong numeric", 1));
    put(right, app_looks_label(way, "quiet numeric", 1));
    put(box, number);
    put(box, app_looks_unit(comer->kind, comer->status, comer->age_s));
    put(box, words);
    put(box, right);
    gtk_list_box_append(self->comer_list, box);
    gtk_accessible_update_property(GTK_ACCESSIBLE(gtk_widget_get_parent(box)),
                                   GTK_ACCESSIBLE_PROPERTY_LABEL, spoken, -1);
}

/* "C-031 168 m, busy; EB-219 544 m, position too old" */
static char *dup_left_out(const AppHere *here)
{
    GString *words = g_string_new(NULL);
    for (guint i = 0; i < MIN(here->left_out->len, MAX_LEFT); i++) {
        const AppComer *comer = &g_array_index(here->left_out, AppComer, i);
        g_autofree char *air = app_words_dup_metres(comer->air_m);
        g_autofree char *travel = app_words_dup_span(comer->travel_s);
        const char *why = comer->left == GEO_LEFT_BUSY ? app_words_status(comer->status)
                                                       : app_words_left(comer->left);
        g_string_append_printf(words, "%s%s %s, %s", i ? "; " : "", comer->code, air, why);
        if (comer->left == GEO_LEFT_SLOWER)
            g_string_append_printf(words, " (%s)", travel);
    }
    return g_string_free(words, FALSE);
}

static char *dup_nobody(const AppHere *here)
{
    if (here->n_fleet == 0)
        return g_strdup(_("No units in this city: gridbeatctl import CITY units FILE, or "
                          "gridbeatctl simulate CITY --units 200 --place-only."));
    return g_strdup_printf(
        _("Nobody can be sent: of %zu units %zu are off duty, %zu busy, %zu with an old position, "
          "%zu without one, %zu off every road; %zu are free, but no road leads here."),
        here->n_fleet, here->n_left[GEO_LEFT_OFF_DUTY], here->n_left[GEO_LEFT_BUSY],
        here->n_left[GEO_LEFT_STALE], here->n_left[GEO_LEFT_NO_PLACE],
        here->n_left[GEO_LEFT_OFF_ROAD], here->n_left[GEO_LEFT_NOT]);
}

static void on_comer(GtkListBox *list, GtkListBoxRow *row, AppHerePanel *self)
{
    g_signal_emit(self, signals[COMER], 0, gtk_list_box_row_get_index(row));
}

static void set_comers(AppHerePanel *self, const AppHere *here)
{
    app_looks_clear(self->comers);
    gtk_label_set_text(self->ranked,
                       here->by_road ? _("ranked by arrival") : _("by air: the city has no roads"));
    if (here->comers->len == 0) {
        g_autofree char *nobody = dup_nobody(here);
        put(self->comers, wrapped(nobody, "quiet"));
        return;
    }
    self->comer_list = GTK_LIST_BOX(gtk_list_box_new());
    gtk_widget_add_css_class(GTK_WIDGET(self->comer_list), "plain");
    gtk_accessible_update_property(GTK_ACCESSIBLE(self->comer_list), GTK_ACCESSIBLE_PROPERTY_LABEL,
                                   _("Nearest free units"), -1);
    gtk_list_box_set_selection_mode(self->comer_list, GTK_SELECTION_NONE);
    for (guint i = 0; i < here->comers->len; i++)
        add_comer(self, here, i);
    g_signal_connect_object(self->comer_list, "row-activated", G_CALLBACK(on_comer), self, 0);
    put(self->comers, GTK_WIDGET(self->comer_list));
    if (here->left_out->len > 0) {
        g_autofree char *left = dup_left_out(here);
        g_autofree char *words =
            g_strdup_printf(_("Nearer by air, not offered: %u. %s"), here->left_out->len, left);
        put(self->comers, wrapped(words, "quiet numeric"));
    }
}

/* ---- who sees it ---- */

static void add_camera(AppHerePanel *self, const GeoHereCamera *camera, guint i)
{
    GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    g_autofree char *letter = i < 8 ? g_strdup_printf("%c", 'A' + (int)i) : g_strdup(" ");
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, camera->id);
    const char *code = camera->name ? camera->name : camera->code ? camera->code : id;
    g_autofree char *facts =
        g_strdup_printf("%.0f m · %.0f px/m · %s%s", camera->distance_m, camera->px_per_m,
                        app_words_class(camera->class), camera->assumed ? " ?" : "");
    g_autofree char *spoken = g_strdup_printf("%s %s, %s", letter, code, facts);
    GtkWidget *name = app_looks_label(code, "strong numeric", 0);
    GtkWidget *words = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_set_hexpand(words, TRUE);
    put(words, name);
    put(words, app_looks_label(app_words_owner(camera->owner), "quiet", 0));
    put(box, app_looks_label(letter, "key", 0.5));
    put(box, words);
    put(box, app_looks_label(facts, "numeric", 1));
    gtk_button_set_child(GTK_BUTTON(button), box);
    gtk_widget_add_css_class(button, "flat");
    gtk_widget_add_css_class(button, "small");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                   -1);
    if (camera->assumed)
        gtk_widget_set_tooltip_text(
            button, _("? hangs on a heading, field or range that the register does not give"));
    g_object_set_data_full(G_OBJECT(button), "id", g_memdup2(&camera->id, sizeof camera->id),
                           g_free);
    put(self->cameras, button);
}

static void on_camera(GtkButton *button, AppHerePanel *self)
{
    const int64_t *id = g_object_get_data(G_OBJECT(button), "id");
    g_signal_emit(self, signals[CAMERA], 0, (gint64)*id);
}

static void set_cameras(AppHerePanel *self, const GeoHere *place)
{
    g_autofree char *count = g_strdup_printf("%u", place->cameras->len);
    app_looks_clear(self->cameras);
    gtk_label_set_text(self->n_cameras, count);
    for (guint i = 0; i < MIN(place->cameras->len, MAX_CAMERAS); i++) {
        add_camera(self, &g_array_index(place->cameras, GeoHereCamera, i), i);
        g_signal_connect_object(gtk_widget_get_last_child(self->cameras), "clicked",
                                G_CALLBACK(on_camera), self, 0);
    }
    if (place->cameras->len > MAX_CAMERAS) {
        g_autofree char *more =
            g_strdup_printf(_("and %u more"), place->cameras->len - MAX_CAMERAS);
        put(self->cameras, app_looks_label(more, "quiet", 0));
    }
    if (place->cameras->len == 0)
        put(self->cameras, wrapped(place->night ? _("No working camera sees this place by night.")
                                                : _("No working camera sees this place by day."),
                                   "quiet"));
    if (place->n_off > 0) {
        g_autofree char *off = g_strdup_printf(_("%zu more would, but are faulty"), place->n_off);
        put(self->cameras, app_looks_label(off, "warn", 0));
    }
}

/* ---- codes, history ---- */

static void on_area(GtkButton *button, AppHerePanel *self)
{
    g_signal_emit(self, signals[AREA], 0, g_object_get_data(G_OBJECT(button), "code"));
}

static void add_area(AppHerePanel *self, const GeoHereArea *area)
{
    GtkWidget *button = gtk_button_new(), *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
    GtkWidget *level = app_looks_label(app_words_level(area->level), "quiet", 0);
    GtkWidget *name = app_looks_label(area->name ? area->name : "", NULL, 0);
    const char *code = area->code ? area->code : "";
    g_autofree char *spoken = g_strdup_printf("%s %s %s", app_words_level(area->level), code,
                                              area->name ? area->name : "");
    gtk_label_set_width_chars(GTK_LABEL(level), 9);
    gtk_widget_set_hexpand(name, TRUE);
    put(box, level);
    put(box, name);
    put(box, app_looks_label(code, "numeric", 1));
    gtk_button_set_child(GTK_BUTTON(button), box);
    gtk_widget_add_css_class(button, "flat");
    gtk_widget_add_css_class(button, "small");
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, spoken,
                                   -1);
    g_object_set_data_full(G_OBJECT(button), "code", g_strdup(code), g_free);
    g_signal_connect_object(button, "clicked", G_CALLBACK(on_area), self, 0);
    put(self->areas, button);
}

static void set_areas(AppHerePanel *self, const GeoHere *place)
{
    app_looks_clear(self->areas);
    for (guint i = 0; i < place->areas->len; i++)
        add_area(self, &g_array_index(place->areas, GeoHereArea, i));
    if (place->areas->len == 0)
        put(self->areas, app_looks_label(_("In no area of this city."), "quiet", 0));
}

static void set_past(AppHerePanel *self, const GeoHere *place)
{
    g_autofree char *counts =
        g_strdup_printf(_("within %.0f m: %zu in 28 days, %zu in a year"), place->radius_m,
                        place->n_incidents_28d, place->n_incidents_year);
    app_looks_clear(self->past);
    gtk_label_set_text(self->n_past, counts);
    for (guint i = 0; i < MIN(place->incidents->len, MAX_PAST); i++) {
        const GeoHereIncident *one = &g_array_index(place->incidents, GeoHereIncident, i);
        GtkWidget *row = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 8);
        g_autofree char *day = app_words_dup_day(one->at_ms, self->zone);
        g_autofree char *far = app_words_dup_metres(one->distance_m);
        GtkWidget *name = app_looks_label(app_category_words(one->name), NULL, 0);
        gtk_widget_set_hexpand(name, TRUE);
        put(row, app_looks_label(day, "quiet numeric", 0));
        put(row, name);
        put(row, app_looks_label(far, "quiet numeric", 1));
        put(self->past, row);
    }
    if (place->incidents->len == 0)
        put(self->past, app_looks_label(_("Nothing is known to have happened here."), "quiet", 0));
}

/* ---- the whole ---- */

static GtkWidget *add_section(GtkWidget *box, const char *title, GtkLabel **right)
{
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 2);
    gtk_widget_add_css_class(card, "card");
    put(box, app_looks_heading(title, right));
    put(box, card);
    return card;
}

AppHerePanel *app_here_panel_new(const char *zone)
{
    AppHerePanel *self = g_object_new(APP_TYPE_HERE_PANEL, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
    self->zone = g_intern_string(zone);
    self->head = gtk_box_new(GTK_ORIENTATION_VERTICAL, 3);
    put(box, self->head);
    self->comers = add_section(box, _("Nearest free units"), &self->ranked);
    self->cameras = add_section(box, _("Cameras that see it"), &self->n_cameras);
    self->areas = add_section(box, _("Lies in"), NULL);
    self->past = add_section(box, _("Here before"), &self->n_past);
    adw_bin_set_child(ADW_BIN(self), box);
    return self;
}

void app_here_panel_wait(AppHerePanel *self, const AppIncident *incident, GeoLonLat at)
{
    GtkWidget *sections[] = {self->comers, self->cameras, self->areas, self->past};
    set_head(self, incident, at, NULL, NULL);
    gtk_label_set_text(self->ranked, "");
    gtk_label_set_text(self->n_cameras, "");
    gtk_label_set_text(self->n_past, "");
    for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
        app_looks_clear(sections[i]);
        put(sections[i], app_looks_label("…", "quiet", 0));
    }
}

/* ---- the keyboard's place, while answers follow each other ---- */

typedef struct {
    GtkWidget *section; /* NULL: the focus is elsewhere */
    guint nth;
    char *action; /* of a button of the head: another act must not take its place under the key */
} Focus;

static void gather(GtkWidget *widget, GPtrArray *all)
{
    if (GTK_IS_BUTTON(widget) || GTK_IS_LIST_BOX_ROW(widget)) {
        g_ptr_array_add(all, widget);
        return;
    }
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        gather(child, all);
}

static const char *action_of(GtkWidget *widget)
{
    return GTK_IS_BUTTON(widget) ? gtk_actionable_get_action_name(GTK_ACTIONABLE(widget)) : NULL;
}

static Focus find_focus(AppHerePanel *self)
{
    GtkWidget *sections[] = {self->head, self->comers, self->cameras, self->areas};
    GtkRoot *root = gtk_widget_get_root(GTK_WIDGET(self));
    GtkWidget *focus = root ? gtk_root_get_focus(root) : NULL;
    for (gsize i = 0; focus && i < G_N_ELEMENTS(sections); i++) {
        g_autoptr(GPtrArray) all = g_ptr_array_new();
        guint nth;
        gather(sections[i], all);
        if (g_ptr_array_find(all, focus, &nth))
            return (Focus){sections[i], nth, g_strdup(action_of(focus))};
    }
    return (Focus){0};
}

static void restore_focus(const Focus *focus)
{
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    if (focus->section)
        gather(focus->section, all);
    if (focus->nth >= all->len)
        return;
    GtkWidget *widget = all->pdata[focus->nth];
    if (g_strcmp0(action_of(widget), focus->action) == 0)
        gtk_widget_grab_focus(widget);
}

void app_here_panel_show(AppHerePanel *self, const AppHere *here, const AppIncident *incident)
{
    Focus focus = find_focus(self);
    const char *first =
        here->comers->len > 0 ? g_array_index(here->comers, AppComer, 0).code : NULL;
    set_head(self, incident, here->place->at, here->place->street, first);
    if (incident)
        app_here_panel_tick(self, incident, here->at_ms);
    set_comers(self, here);
    set_cameras(self, here->place);
    set_areas(self, here->place);
    set_past(self, here->place);
    restore_focus(&focus);
    g_free(focus.action);
}

void app_here_panel_tick(AppHerePanel *self, const AppIncident *incident, int64_t now_ms)
{
    if (!self->clock)
        return;
    g_autofree char *clock = app_words_dup_span((double)(now_ms - incident->at_ms) / 1000);
    gtk_label_set_text(self->clock, clock);
    if (self->undo)
        gtk_widget_set_visible(self->undo, incident->may_undo);
}

static void app_here_panel_class_init(AppHerePanelClass *class)
{
    GType type = APP_TYPE_HERE_PANEL;
    signals[COMER] = g_signal_new("comer", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                  G_TYPE_NONE, 1, G_TYPE_INT);
    signals[AREA] = g_signal_new("area", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                                 1, G_TYPE_STRING);
    signals[CAMERA] = g_signal_new("camera", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                   G_TYPE_NONE, 1, G_TYPE_INT64);
}

static void app_here_panel_init(AppHerePanel *self)
{
}
