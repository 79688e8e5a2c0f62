/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Every edit is on disk before it is shown. What takes it back is the edit the other way round,
 * with the version that this window saw last: where another desk has changed the shift since, it is
 * refused, and said so. */
#include "app/console/rosters-window.h"

#include "app/console/looks.h"
#include "app/console/roster-areas.h"
#include "app/console/roster-form.h"
#include "app/console/roster-table.h"
#include "maps/paint/words.h"

#define WIDTH_PX 1320
#define HEIGHT_PX 760
#define REFRESH_S 10
#define TOAST_S 4

/* A shift before and after; NULL: there was none, or is none. Owned. */
typedef struct {
    GeoBatch *before, *after;
} Step;

struct _AppRostersWindow {
    AdwWindow parent;
    AppSession *session; /* owned */
    AppRosterAreas *areas;
    AppRosterTable *table;
    AppRosterForm *form;
    AdwWindowTitle *title;
    AdwToastOverlay *toasts;
    AdwToast *said; /* weak */
    GtkWidget *undo, *redo;
    AppRoster *roster; /* owned; NULL until the first answer */
    char *area;
    int64_t at_ms;            /* the day that holds it; 0: today */
    GHashTable *versions;     /* of shifts that were edited here: int64_t *, owned -> version */
    GPtrArray *done, *undone; /* Step, owned */
    guint refresh;
    bool asking, edits; /* an answer is awaited; of an edit */
    Step step;          /* that is being done */
    GPtrArray *from;    /* the list it comes from: NULL, done or undone */
};

G_DEFINE_TYPE(AppRostersWindow, app_rosters_window, ADW_TYPE_WINDOW)

static guint ready_signal;

static void step_clear(Step *step)
{
    g_clear_pointer(&step->before, geo_batch_free);
    g_clear_pointer(&step->after, geo_batch_free);
}

static void step_free(gpointer step)
{
    step_clear(step);
    g_free(step);
}

static void say(AppRostersWindow *self, const char *words)
{
    g_autofree char *escaped = g_markup_escape_text(words, -1);
    AdwToast *toast = adw_toast_new(escaped);
    if (self->said)
        adw_toast_dismiss(self->said);
    adw_toast_set_timeout(toast, TOAST_S);
    g_set_weak_pointer(&self->said, toast);
    adw_toast_overlay_add_toast(self->toasts, toast);
}

/* ---- showing ---- */

static void show_chosen(AppRostersWindow *self)
{
    const AppRosterRow *row = app_roster_table_chosen(self->table);
    app_roster_form_show(self->form, row, self->roster);
}

static void show_title(AppRostersWindow *self)
{
    static const char *const days[] = {N_("Mon"), N_("Tue"), N_("Wed"), N_("Thu"),
                                       N_("Fri"), N_("Sat"), N_("Sun")};
    const AppRoster *roster = self->roster;
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(roster->zone);
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(roster->day_ms / 1000);
    g_autoptr(GDateTime) day = zone ? g_date_time_to_timezone(utc, zone) : g_date_time_ref(utc);
    bool today = roster->day_ms <= roster->now_ms && roster->now_ms < roster->end_ms;
    g_autofree char *date = g_date_time_format(day, "%Y-%m-%d");
    g_autofree char *text =
        g_strdup_printf("%s %s%s%s", date, _(days[g_date_time_get_day_of_week(day) - 1]),
                        today ? " · " : "", today ? _("today") : "");
    adw_window_title_set_subtitle(self->title, text);
}

static void show_steps(AppRostersWindow *self)
{
    gtk_widget_set_sensitive(self->undo, self->done->len > 0);
    gtk_widget_set_sensitive(self->redo, self->undone->len > 0);
}

/* The first shift that runs now is what a person wants to see first. */
static void choose_first(AppRostersWindow *self)
{
    const AppRoster *roster = self->roster;
    const AppRosterRow *first = NULL;
    for (guint i = 0; i < roster->rows->len; i++) {
        const AppRosterRow *row = &g_array_index(roster->rows, AppRosterRow, i);
        bool runs = row->from_ms <= roster->now_ms && roster->now_ms < row->to_ms;
        if (!first || (runs && first->to_ms <= roster->now_ms))
            first = row;
    }
    if (first)
        app_roster_table_choose(self->table, first->shift_id, first->unit_id);
}

static bool holds_focus(AppRostersWindow *self, GtkWidget *part)
{
    GtkWidget *focus = gtk_window_get_focus(GTK_WINDOW(self));
    return focus && (focus == part || gtk_widget_is_ancestor(focus, part));
}

/* anew: what was being written has been saved. The rows are others then, and whoever had one of
 * them under the keys has the chosen one again. */
static void show(AppRostersWindow *self, AppRoster *roster, bool anew)
{
    bool first = self->roster == NULL, held = holds_focus(self, GTK_WIDGET(self->table));
    app_roster_table_show(self->table, roster);
    app_roster_free(self->roster);
    self->roster = roster;
    app_roster_areas_show(self->areas, roster);
    if (roster->area < roster->areas->len) {
        g_free(self->area);
        self->area = g_strdup(g_array_index(roster->areas, AppRosterArea, roster->area).code);
    }
    show_title(self);
    show_steps(self);
    if (!app_roster_table_chosen(self->table))
        choose_first(self);
    if (first || held)
        app_roster_table_focus(self->table);
    if (anew || !app_roster_form_is_edited(self->form))
        show_chosen(self);
    if (first)
        g_signal_emit(self, ready_signal, 0);
}

/* ---- asking ---- */

/* What was done goes to the list that takes it back. */
static void keep_step(AppRostersWindow *self, const AppRoster *roster)
{
    GPtrArray *to = self->from == self->done ? self->undone : self->done;
    int64_t id = roster->shift_id, version = roster->version;
    g_hash_table_insert(self->versions, g_memdup2(&id, sizeof id), GINT_TO_POINTER((int)version));
    if (self->step.before)
        geo_batch_row(self->step.before, 0)->id = id;
    if (self->step.after)
        geo_batch_row(self->step.after, 0)->id = id;
    if (self->from)
        g_ptr_array_remove_index(self->from, self->from->len - 1);
    else
        g_ptr_array_set_size(self->undone, 0);
    g_ptr_array_add(to, g_memdup2(&self->step, sizeof self->step));
    self->step = (Step){NULL, NULL};
}

static void on_answer(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(AppRostersWindow) self = data;
    g_autoptr(GError) error = NULL;
    AppRoster *roster = app_session_roster_finish(APP_SESSION(source), result, &error);
    bool edits = self->edits;
    self->asking = self->edits = false;
    if (!self->table) { /* closed meanwhile */
        app_roster_free(roster);
        return;
    }
    if (roster && edits)
        keep_step(self, roster);
    step_clear(&self->step);
    self->from = NULL;
    if (!roster) {
        if (!g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
            say(self, error->message);
        return;
    }
    bool anew = roster->said != NULL;
    int64_t shift_id = roster->version ? roster->shift_id : 0;
    if (roster->said)
        say(self, roster->said);
    show(self, roster, anew);
    for (guint i = 0; shift_id && i < roster->rows->len; i++)
        if (g_array_index(roster->rows, AppRosterRow, i).shift_id == shift_id)
            app_roster_table_choose(self->table, shift_id, 0);
    if (anew) {
        show_chosen(self);
        app_roster_table_focus(self->table);
    }
}

static bool ask(AppRostersWindow *self, AppRosterAct act)
{
    if (self->asking) {
        app_roster_act_clear(&act);
        return false;
    }
    act.at_ms = self->at_ms;
    act.area = g_strdup(self->area);
    self->asking = true;
    app_session_roster(self->session, act, on_answer, g_object_ref(self));
    return true;
}

static void look(AppRostersWindow *self)
{
    ask(self, (AppRosterAct){.want = APP_ROSTER_LOOK});
}

static gboolean on_refresh(gpointer data)
{
    look(data);
    return G_SOURCE_CONTINUE;
}

/* ---- edits ---- */

static GeoBatch *copy_shift(const GeoBatch *shift)
{
    GeoBatch *copy = geo_batch_new(GEO_KIND_ROSTER);
    geo_batch_copy_row(copy, shift, 0);
    return copy;
}

/* The chosen row as the shift that it is. */
static GeoBatch *dup_row(const AppRosterRow *row)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_ROSTER);
    GeoRoster *shift = geo_batch_add(batch);
    shift->row.id = row->shift_id;
    shift->row.version = row->version;
    shift->row.code = geo_batch_text(batch, row->unit);
    shift->row.name = row->shift ? geo_batch_text(batch, row->shift) : NULL;
    shift->from_ms = row->from_ms;
    shift->to_ms = row->to_ms;
    shift->post = row->post ? geo_batch_text(batch, row->post) : NULL;
    shift->area = row->beat ? geo_batch_text(batch, row->beat) : NULL;
    return batch;
}

/* From before to after, whose versions are as they were seen. Takes the step. */
static void edit(AppRostersWindow *self, Step step, GPtrArray *from)
{
    bool remove = step.after == NULL;
    AppRosterAct act = {.want = remove ? APP_ROSTER_REMOVE : APP_ROSTER_PUT,
                        .shift = copy_shift(remove ? step.before : step.after)};
    if (!ask(self, act)) {
        step_clear(&step);
        return;
    }
    self->edits = true;
    self->step = step;
    self->from = from;
}

/* The row that stands in the table for the shift that is edited; NULL: it is new. */
static const AppRosterRow *row_of(AppRostersWindow *self, int64_t shift_id)
{
    const AppRosterRow *row = app_roster_table_chosen(self->table);
    return row && shift_id && row->shift_id == shift_id ? row : NULL;
}

static void save(AppRostersWindow *self)
{
    GeoBatch *after = app_roster_form_dup_shift(self->form);
    if (!after)
        return;
    const AppRosterRow *row = row_of(self, geo_batch_row(after, 0)->id);
    edit(self, (Step){row ? dup_row(row) : NULL, after}, NULL);
    app_roster_table_focus(self->table);
}

static void remove_shift(AppRostersWindow *self)
{
    const AppRosterRow *row = app_roster_table_chosen(self->table);
    if (row && row->shift_id)
        edit(self, (Step){dup_row(row), NULL}, NULL);
}

/* The last step of the list the other way round: the shift as this window knows it now becomes what
 * it was. */
static void step_back(AppRostersWindow *self, GPtrArray *from)
{
    if (from->len == 0 || self->asking)
        return;
    const Step *last = g_ptr_array_index(from, from->len - 1);
    Step step = {last->after ? copy_shift(last->after) : NULL,
                 last->before ? copy_shift(last->before) : NULL};
    GeoBatch *any = step.after ? step.after : step.before;
    int64_t id = geo_batch_row(any, 0)->id;
    int version = GPOINTER_TO_INT(g_hash_table_lookup(self->versions, &id));
    geo_batch_row(any, 0)->version = version;
    edit(self, step, from);
}

static void on_wanted(AppRostersWindow *self, int what)
{
    const AppRosterRow *row = app_roster_table_chosen(self->table);
    if (what == APP_ROSTER_PUT)
        save(self);
    else if (what == APP_ROSTER_REMOVE)
        remove_shift(self);
    else if (row)
        ask(self, (AppRosterAct){.want = (AppRosterWant)what, .unit_id = row->unit_id});
}

static void on_admit(AppRostersWindow *self)
{
    ask(self, (AppRosterAct){.want = APP_ROSTER_ADMIT});
}

/* ---- moving about ---- */

static void on_area(AppRostersWindow *self, const char *code)
{
    if (self->asking || g_strcmp0(code, self->area) == 0)
        return;
    g_free(self->area);
    self->area = g_strdup(code);
    app_roster_table_choose(self->table, 0, 0);
    show_chosen(self);
    look(self);
}

static void move_day(AppRostersWindow *self, int days)
{
    if (!self->roster || self->asking)
        return;
    /* The noon of a day is in it however its clock is changed. */
    int64_t noon_ms = self->roster->day_ms + (self->roster->end_ms - self->roster->day_ms) / 2;
    self->at_ms = days ? noon_ms + days * INT64_C(86400000) : 0;
    app_roster_table_choose(self->table, 0, 0);
    show_chosen(self);
    app_roster_table_focus(self->table);
    look(self);
}

typedef enum { UNDO, REDO, BEFORE, AFTER, TODAY, NEW, REMOVE, SEARCH, CLOSE, REFRESH } Key;

static gboolean do_key(AppRostersWindow *self, Key key)
{
    switch (key) {
    case UNDO:
        step_back(self, self->done);
        break;
    case REDO:
        step_back(self, self->undone);
        break;
    case BEFORE:
        move_day(self, -1);
        break;
    case AFTER:
        move_day(self, 1);
        break;
    case TODAY:
        move_day(self, 0);
        break;
    case NEW:
        app_roster_form_begin_new(self->form);
        break;
    case REMOVE:
        remove_shift(self);
        break;
    case SEARCH:
        app_roster_areas_focus(self->areas);
        break;
    case REFRESH:
        look(self);
        break;
    case CLOSE:
        gtk_window_close(GTK_WINDOW(self));
        break;
    }
    return TRUE;
}

static gboolean on_shortcut(GtkWidget *widget, GVariant *value, gpointer key)
{
    return do_key(APP_ROSTERS_WINDOW(widget), (Key)GPOINTER_TO_INT(key));
}

static void on_button(GtkButton *button, AppRostersWindow *self)
{
    do_key(self, (Key)GPOINTER_TO_INT(g_object_get_data(G_OBJECT(button), "key")));
}

static void on_activated(AppRostersWindow *self)
{
    app_roster_form_focus(self->form);
}

static void on_left(AppRostersWindow *self)
{
    show_chosen(self);
    app_roster_table_focus(self->table);
}

/* ---- making ---- */

static void bind_keys(AppRostersWindow *self)
{
    static const struct {
        const char *trigger;
        Key key;
    } keys[] = {{"<Control>z", UNDO},  {"<Control><Shift>z", REDO},
                {"<Alt>Left", BEFORE}, {"<Alt>Right", AFTER},
                {"<Alt>Home", TODAY},  {"<Control>n", NEW},
                {"Delete", REMOVE},    {"<Control>f", SEARCH},
                {"slash", SEARCH},     {"Escape", CLOSE},
                {"F8", CLOSE},         {"<Control>r", REFRESH}};
    GtkEventController *controller = gtk_shortcut_controller_new();
    gtk_event_controller_set_propagation_phase(controller, GTK_PHASE_BUBBLE);
    for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
        gtk_shortcut_controller_add_shortcut(
            GTK_SHORTCUT_CONTROLLER(controller),
            gtk_shortcut_new(
                gtk_shortcut_trigger_parse_string(keys[i].trigger),
                gtk_callback_action_new(on_shortcut, GINT_TO_POINTER(keys[i].key), NULL)));
    gtk_widget_add_controller(GTK_WIDGET(self), controller);
}

static GtkWidget *add_button(AppRostersWindow *self, const char *icon, Key key, const char *tip)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_widget_set_tooltip_text(button, tip);
    app_looks_name(button, tip);
    g_object_set_data(G_OBJECT(button), "key", GINT_TO_POINTER(key));
    g_signal_connect_object(button, "clicked", G_CALLBACK(on_button), self, 0);
    return button;
}

static GtkWidget *make_header(AppRostersWindow *self)
{
    GtkWidget *header = adw_header_bar_new();
    self->title = ADW_WINDOW_TITLE(adw_window_title_new(_("Duty and rosters"), ""));
    adw_header_bar_set_title_widget(ADW_HEADER_BAR(header), GTK_WIDGET(self->title));
    adw_header_bar_pack_start(
        ADW_HEADER_BAR(header),
        add_button(self, "go-previous-symbolic", BEFORE, _("The day before (Alt+Left)")));
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), add_button(self, "x-office-calendar-symbolic",
                                                                 TODAY, _("Today (Alt+Home)")));
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), add_button(self, "go-next-symbolic", AFTER,
                                                                 _("The day after (Alt+Right)")));
    self->redo = add_button(self, "edit-redo-symbolic", REDO, _("Do again (Ctrl+Shift+Z)"));
    self->undo = add_button(self, "edit-undo-symbolic", UNDO, _("Take back (Ctrl+Z)"));
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->redo);
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), self->undo);
    return header;
}

static GtkWidget *make_side(GtkWidget *child, const char *css, int width_px)
{
    GtkWidget *side = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    gtk_widget_add_css_class(side, "side");
    gtk_widget_add_css_class(side, css);
    gtk_widget_set_size_request(side, width_px, -1);
    gtk_widget_set_hexpand(side, FALSE); /* whatever is in it would */
    gtk_widget_set_vexpand(child, TRUE);
    gtk_box_append(GTK_BOX(side), child);
    return side;
}

static void connect_parts(AppRostersWindow *self)
{
    g_signal_connect_object(self->areas, "chosen", G_CALLBACK(on_area), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->areas, "admit", G_CALLBACK(on_admit), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->table, "chosen", G_CALLBACK(show_chosen), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->table, "activated", G_CALLBACK(on_activated), self,
                            G_CONNECT_SWAPPED);
    g_signal_connect_object(self->form, "wanted", G_CALLBACK(on_wanted), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->form, "said", G_CALLBACK(say), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->form, "left", G_CALLBACK(on_left), self, G_CONNECT_SWAPPED);
}

AppRostersWindow *app_rosters_window_new(GtkWindow *parent, AppSession *session)
{
    AppRostersWindow *self = g_object_new(APP_TYPE_ROSTERS_WINDOW, NULL);
    self->session = g_object_ref(session);
    gtk_window_set_transient_for(GTK_WINDOW(self), parent);
    gtk_window_set_destroy_with_parent(GTK_WINDOW(self), TRUE);
    self->refresh = g_timeout_add_seconds(REFRESH_S, on_refresh, self);
    look(self);
    return self;
}

static void dispose(GObject *object)
{
    AppRostersWindow *self = APP_ROSTERS_WINDOW(object);
    g_clear_handle_id(&self->refresh, g_source_remove);
    g_clear_weak_pointer(&self->said);
    if (self->table)
        app_roster_table_show(self->table, NULL);
    self->table = NULL;
    g_clear_object(&self->session);
    G_OBJECT_CLASS(app_rosters_window_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    AppRostersWindow *self = APP_ROSTERS_WINDOW(object);
    app_roster_free(self->roster);
    g_hash_table_unref(self->versions);
    g_ptr_array_unref(self->done);
    g_ptr_array_unref(self->undone);
    step_clear(&self->step);
    g_free(self->area);
    G_OBJECT_CLASS(app_rosters_window_parent_class)->finalize(object);
}

static void app_rosters_window_class_init(AppRostersWindowClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    ready_signal = g_signal_new("ready", APP_TYPE_ROSTERS_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 0);
}

static void app_rosters_window_init(AppRostersWindow *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    GtkWidget *parts = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    GtkWidget *middle = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->versions = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
    self->done = g_ptr_array_new_with_free_func(step_free);
    self->undone = g_ptr_array_new_with_free_func(step_free);
    self->areas = app_roster_areas_new();
    self->table = app_roster_table_new();
    self->form = app_roster_form_new();
    self->toasts = ADW_TOAST_OVERLAY(adw_toast_overlay_new());
    gtk_widget_set_margin_start(middle, 6);
    gtk_widget_set_margin_end(middle, 6);
    gtk_box_append(GTK_BOX(middle), GTK_WIDGET(self->table));
    gtk_box_append(GTK_BOX(parts), make_side(GTK_WIDGET(self->areas), "left", 290));
    gtk_box_append(GTK_BOX(parts), middle);
    gtk_box_append(GTK_BOX(parts), make_side(GTK_WIDGET(self->form), "right", 280));
    adw_toast_overlay_set_child(self->toasts, parts);
    gtk_widget_set_vexpand(GTK_WIDGET(self->toasts), TRUE);
    gtk_box_append(GTK_BOX(box), make_header(self));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->toasts));
    adw_window_set_content(ADW_WINDOW(self), box);
    gtk_widget_add_css_class(GTK_WIDGET(self), "gridbeat");
    gtk_window_set_title(GTK_WINDOW(self), _("Duty and rosters"));
    gtk_window_set_default_size(GTK_WINDOW(self), WIDTH_PX, HEIGHT_PX);
    show_steps(self);
    connect_parts(self);
    bind_keys(self);
}
