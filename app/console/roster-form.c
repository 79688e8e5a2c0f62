/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/roster-form.h"

#include <string.h>

#include "app/console/looks.h"
#include "app/console/words.h"
#include "app/session/shift-time.h"
#include "maps/paint/words.h"

typedef enum { FROM, TO, SHIFT, POST, BEAT, N_FIELDS } Field;

struct _AppRosterForm {
    AdwBin parent;
    GtkLabel *unit, *state, *heading;
    GtkEditable *fields[N_FIELDS];
    GtkWidget *on, *off, *rest, *resume, *save, *another, *remove;
    int64_t shift_id, version; /* 0: a new one */
    int64_t day_ms;            /* that is shown: times are written beside it */
    bool fresh;                /* one more shift of a unit that has one is being written */
    char *code;                /* of the unit; NULL: none is shown */
    char *shown[N_FIELDS];     /* what the fields held when it was shown */
    char *zone;
};

G_DEFINE_TYPE(AppRosterForm, app_roster_form, ADW_TYPE_BIN)

enum { WANTED, SAID, LEFT, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- showing ---- */

static void set_field(AppRosterForm *self, Field field, const char *text)
{
    g_free(self->shown[field]);
    self->shown[field] = g_strdup(text ? text : "");
    gtk_editable_set_text(self->fields[field], self->shown[field]);
}

static void show_state(AppRosterForm *self, const AppRosterRow *row, int64_t now_ms)
{
    g_autofree char *until = row->until_ms != GEO_DUTY_OPEN
                                 ? app_shift_time_dup(row->until_ms, now_ms, self->zone)
                                 : NULL;
    const char *why = app_words_duty_by(row->by);
    g_autoptr(GString) text = g_string_new(app_words_duty(row->state));
    if (*why)
        g_string_append_printf(text, " · %s", why);
    if (until) {
        g_string_append(text, " · ");
        g_string_append_printf(text, _("until %s"), until);
    }
    if (row->person)
        g_string_append_printf(text, " · %s", row->person);
    app_looks_set_text(self->state, text->str);
}

/* Only what can be done now. */
static void show_acts(AppRosterForm *self, const AppRosterRow *row)
{
    bool on = row && row->state == GEO_DUTY_STATE_ON;
    bool rests = row && row->state == GEO_DUTY_STATE_BREAK;
    gtk_widget_set_visible(self->on, row && !on && !rests);
    gtk_widget_set_visible(self->off, on || rests);
    gtk_widget_set_visible(self->rest, on);
    gtk_widget_set_visible(self->resume, rests);
    gtk_widget_set_sensitive(self->save, row != NULL);
    gtk_widget_set_sensitive(self->another, row && row->shift_id);
    gtk_widget_set_sensitive(self->remove, row && row->shift_id);
    for (int i = 0; i < N_FIELDS; i++)
        gtk_widget_set_sensitive(GTK_WIDGET(self->fields[i]), row != NULL);
}

static void show_heading(AppRosterForm *self)
{
    app_looks_set_text(self->heading, self->shift_id ? _("Shift") : _("New shift"));
    gtk_button_set_label(GTK_BUTTON(self->save), self->shift_id ? _("Save") : _("Add shift"));
}

void app_roster_form_show(AppRosterForm *self, const AppRosterRow *row, const AppRoster *roster)
{
    bool known = row && row->shift_id;
    g_free(self->code);
    g_free(self->zone);
    self->code = row ? g_strdup(row->unit) : NULL;
    self->zone = g_strdup(roster ? roster->zone : "UTC");
    self->shift_id = known ? row->shift_id : 0;
    self->version = known ? row->version : 0;
    self->fresh = false;
    self->day_ms = roster ? roster->day_ms : 0;
    g_autofree char *from =
        known ? app_shift_time_dup(row->from_ms, self->day_ms, self->zone) : NULL;
    g_autofree char *to = known ? app_shift_time_dup(row->to_ms, self->day_ms, self->zone) : NULL;
    set_field(self, FROM, from);
    set_field(self, TO, to);
    set_field(self, SHIFT, row ? row->shift : NULL);
    set_field(self, POST, row ? row->post : NULL);
    set_field(self, BEAT, row ? row->beat : NULL);
    app_looks_set_text(self->unit, !row ? _("Choose a unit") : row->unit ? row->unit : "–");
    if (row)
        show_state(self, row, roster->now_ms);
    else
        app_looks_set_text(self->state, _("Up and down choose, Enter edits."));
    show_acts(self, row);
    show_heading(self);
}

void app_roster_form_begin_new(AppRosterForm *self)
{
    if (!self->code)
        return;
    self->shift_id = self->version = 0;
    self->fresh = true;
    set_field(self, FROM, NULL);
    set_field(self, TO, NULL);
    set_field(self, SHIFT, NULL);
    show_heading(self);
    gtk_widget_set_sensitive(self->another, FALSE);
    gtk_widget_set_sensitive(self->remove, FALSE);
    app_roster_form_focus(self);
}

void app_roster_form_focus(AppRosterForm *self)
{
    gtk_widget_grab_focus(GTK_WIDGET(self->fields[FROM]));
    gtk_editable_select_region(self->fields[FROM], 0, -1);
}

bool app_roster_form_is_edited(AppRosterForm *self)
{
    for (int i = 0; i < N_FIELDS; i++)
        if (g_strcmp0(gtk_editable_get_text(self->fields[i]), self->shown[i] ? self->shown[i] : ""))
            return true;
    return self->fresh;
}

/* ---- saving ---- */

static const char *written(AppRosterForm *self, GeoBatch *batch, Field field)
{
    g_autofree char *text = g_strstrip(g_strdup(gtk_editable_get_text(self->fields[field])));
    return *text ? geo_batch_text(batch, text) : NULL;
}

GeoBatch *app_roster_form_dup_shift(AppRosterForm *self)
{
    int64_t from_ms, to_ms;
    const char *problem = NULL;
    if (!self->code)
        problem = _("This unit has no code: a roster needs one.");
    else if (!app_shift_time_span(gtk_editable_get_text(self->fields[FROM]),
                                  gtk_editable_get_text(self->fields[TO]), self->day_ms, self->zone,
                                  &from_ms, &to_ms))
        problem = _("From and To are times such as 22:00 and 06:00; an end on another day is "
                    "written 06:00 +1.");
    if (problem) {
        g_signal_emit(self, signals[SAID], 0, problem);
        return NULL;
    }
    GeoBatch *batch = geo_batch_new(GEO_KIND_ROSTER);
    GeoRoster *shift = geo_batch_add(batch);
    shift->row.id = self->shift_id;
    shift->row.version = self->version;
    shift->row.code = geo_batch_text(batch, self->code);
    shift->row.name = written(self, batch, SHIFT);
    shift->from_ms = from_ms;
    shift->to_ms = to_ms;
    shift->post = written(self, batch, POST);
    shift->area = written(self, batch, BEAT);
    return batch;
}

/* ---- making ---- */

static void want(AppRosterForm *self, AppRosterWant what)
{
    g_signal_emit(self, signals[WANTED], 0, (int)what);
}

static void on_clicked(GtkButton *button, AppRosterForm *self)
{
    want(self, (AppRosterWant)GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "want")));
}

static void on_enter(AppRosterForm *self)
{
    want(self, APP_ROSTER_PUT);
}

static gboolean on_key(AppRosterForm *self, guint key)
{
    if (key != GDK_KEY_Escape)
        return FALSE;
    g_signal_emit(self, signals[LEFT], 0);
    return TRUE;
}

static GtkWidget *add_button(GtkWidget *box, AppRosterForm *self, const char *words,
                             AppRosterWant what, const char *tip)
{
    GtkWidget *button = gtk_button_new_with_label(words);
    gtk_widget_set_tooltip_text(button, tip);
    gtk_widget_set_hexpand(button, TRUE);
    g_object_set_data(G_OBJECT(button), "want", GINT_TO_POINTER(what));
    g_signal_connect_object(button, "clicked", G_CALLBACK(on_clicked), self, 0);
    gtk_box_append(GTK_BOX(box), button);
    return button;
}

static void add_fields(AppRosterForm *self, GtkWidget *box)
{
    static const struct {
        const char *name, *hint;
    } fields[N_FIELDS] = {{N_("From"), "22:00"},
                          {N_("To"), "06:00"},
                          {N_("Shift"), ""},
                          {N_("Post"), ""},
                          {N_("Beat"), ""}};
    GtkWidget *grid = gtk_grid_new();
    gtk_grid_set_row_spacing(GTK_GRID(grid), 6);
    gtk_grid_set_column_spacing(GTK_GRID(grid), 10);
    for (int i = 0; i < N_FIELDS; i++) {
        GtkWidget *entry = gtk_entry_new(), *label = app_looks_label(_(fields[i].name), "quiet", 0);
        GtkEventController *keys = gtk_event_controller_key_new();
        gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
        gtk_entry_set_placeholder_text(GTK_ENTRY(entry), fields[i].hint);
        gtk_widget_set_hexpand(entry, TRUE);
        gtk_widget_add_css_class(entry, "numeric");
        app_looks_name(entry, _(fields[i].name));
        g_signal_connect_object(entry, "activate", G_CALLBACK(on_enter), self, G_CONNECT_SWAPPED);
        g_signal_connect_object(keys, "key-pressed", G_CALLBACK(on_key), self, G_CONNECT_SWAPPED);
        gtk_widget_add_controller(entry, keys);
        gtk_grid_attach(GTK_GRID(grid), label, 0, i, 1, 1);
        gtk_grid_attach(GTK_GRID(grid), entry, 1, i, 1, 1);
        self->fields[i] = GTK_EDITABLE(entry);
    }
    gtk_box_append(GTK_BOX(box), grid);
}

static GtkLabel *add_words(GtkWidget *box, const char *css)
{
    GtkWidget *label = app_looks_label("", css, 0);
    gtk_label_set_wrap(GTK_LABEL(label), TRUE);
    gtk_label_set_ellipsize(GTK_LABEL(label), PANGO_ELLIPSIZE_NONE);
    gtk_box_append(GTK_BOX(box), label);
    return GTK_LABEL(label);
}

AppRosterForm *app_roster_form_new(void)
{
    return g_object_new(APP_TYPE_ROSTER_FORM, NULL);
}

static void finalize(GObject *object)
{
    AppRosterForm *self = APP_ROSTER_FORM(object);
    for (int i = 0; i < N_FIELDS; i++)
        g_free(self->shown[i]);
    g_free(self->code);
    g_free(self->zone);
    G_OBJECT_CLASS(app_roster_form_parent_class)->finalize(object);
}

static void app_roster_form_class_init(AppRosterFormClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[WANTED] = g_signal_new("wanted", APP_TYPE_ROSTER_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                   NULL, G_TYPE_NONE, 1, G_TYPE_INT);
    signals[SAID] = g_signal_new("said", APP_TYPE_ROSTER_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
    signals[LEFT] = g_signal_new("left", APP_TYPE_ROSTER_FORM, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                 NULL, G_TYPE_NONE, 0);
}

static void app_roster_form_init(AppRosterForm *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 6);
    GtkWidget *card = gtk_box_new(GTK_ORIENTATION_VERTICAL, 4);
    GtkWidget *signs = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    GtkWidget *saves = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    gtk_widget_add_css_class(card, "card");
    self->unit = add_words(card, "big");
    self->state = add_words(card, "quiet numeric");
    gtk_widget_set_margin_top(signs, 2);
    gtk_widget_set_margin_bottom(signs, 4);
    self->on = add_button(signs, self, _("Sign on, 12 h"), APP_ROSTER_ON,
                          _("On duty from now for 12 hours, or until signed off"));
    self->off = add_button(signs, self, _("Sign off"), APP_ROSTER_OFF,
                           _("Off duty from now until its next shift"));
    self->rest = add_button(signs, self, _("Break"), APP_ROSTER_BREAK,
                            _("Its place is not kept until it is back"));
    self->resume = add_button(signs, self, _("Back from break"), APP_ROSTER_RESUME, NULL);
    gtk_box_append(GTK_BOX(card), signs);
    gtk_box_append(GTK_BOX(box), card);
    self->heading = GTK_LABEL(app_looks_label(_("Shift"), "heading", 0));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->heading));
    add_fields(self, box);
    self->save = add_button(saves, self, _("Save"), APP_ROSTER_PUT, _("Enter"));
    gtk_widget_add_css_class(self->save, "suggested-action");
    gtk_widget_set_margin_top(saves, 4);
    gtk_box_append(GTK_BOX(box), saves);
    GtkWidget *others = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 6);
    self->another = gtk_button_new_with_label(_("One more shift"));
    gtk_widget_set_tooltip_text(self->another, _("Of the same unit (Ctrl+N)"));
    gtk_widget_set_hexpand(self->another, TRUE);
    g_signal_connect_object(self->another, "clicked", G_CALLBACK(app_roster_form_begin_new), self,
                            G_CONNECT_SWAPPED);
    gtk_box_append(GTK_BOX(others), self->another);
    self->remove = add_button(others, self, _("Remove"), APP_ROSTER_REMOVE, _("Delete"));
    gtk_box_append(GTK_BOX(box), others);
    adw_bin_set_child(ADW_BIN(self), box);
    app_roster_form_show(self, NULL, NULL);
}
