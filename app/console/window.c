/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/window.h"

#include <math.h>

#include "app/console/about.h"
#include "app/console/acts.h"
#include "app/console/command-bar.h"
#include "app/console/looks.h"
#include "app/console/pages.h"
#include "app/console/preferences.h"
#include "app/console/recent.h"
#include "app/console/rosters-window.h"
#include "app/console/shortcuts.h"
#include "app/console/words.h"
#include "app/session/session.h"
#include "maps/paint/words.h"

#define WIDTH_PX 1366
#define HEIGHT_PX 768
#define TOAST_S 4
#define KEEP_S 5

struct _AppWindow {
    AdwApplicationWindow parent;
    const char *lang;
    MapsStyle style;
    AppSettings *settings; /* borrowed */
    guint keeping;         /* source: saves the layout every few seconds */
    char *next;            /* path of a city that is being made */
    guint waiting;         /* source */
    GtkLabel *title, *subtitle, *clock;
    GtkToggleButton *workspaces[APP_N_WORKSPACES];
    AppCommandBar *bar;
    AdwToastOverlay *toasts;
    AdwToast *said; /* weak; the newest word */
    GtkStack *stack;
    AdwStatusPage *trouble;
    AdwBin *place;       /* of the room */
    AppRoom *room;       /* in it; NULL: none */
    AppSightWish sight;  /* of the next city that is opened */
    AppSession *session; /* owned; NULL: none */
    GtkWindow *rosters;  /* weak; of that session */
    char *path;
    GtkFileChooserNative *chooser;
    char *error;
    GeoLonLat look_at;
    double look_zoom; /* 0: where the city opens */
};

G_DEFINE_TYPE(AppWindow, app_window, ADW_TYPE_APPLICATION_WINDOW)

enum { SETTLED, LANGUAGE, N_SIGNALS };
static guint signals[N_SIGNALS];

static void settle(AppWindow *self)
{
    g_signal_emit(self, signals[SETTLED], 0);
}

/* At once, instead of the word before and over an offer that waits for an answer: in a line behind
 * them "Ctrl+Z takes it back for 60 s" would come late or never. */
static void say(AppWindow *self, const char *words)
{
    g_autofree char *escaped = g_markup_escape_text(words, -1);
    AdwToast *toast = adw_toast_new(escaped);
    if (self->said)
        adw_toast_dismiss(self->said);
    adw_toast_set_timeout(toast, TOAST_S);
    adw_toast_set_priority(toast, ADW_TOAST_PRIORITY_HIGH);
    g_set_weak_pointer(&self->said, toast);
    adw_toast_overlay_add_toast(self->toasts, toast);
}

/* ---- what is remembered ---- */

static void keep_room(AppWindow *self)
{
    AppSettings *settings = self->settings;
    MapsView view = app_map_view(app_room_map(self->room));
    if (view.width > 0)
        app_settings_set_place(settings, self->path, view.middle, view.zoom);
    for (int i = 0; i < APP_N_LAYERS; i++) {
        double opacity;
        bool shown = app_room_layer(self->room, (AppLayer)i, &opacity);
        if (app_room_keeps_layer(self->room, (AppLayer)i))
            app_settings_set_layer(settings, app_layer_looks[i].id, shown, opacity);
    }
    app_settings_set_left_panel(settings, app_room_side_shown(self->room, true));
    app_settings_set_right_panel(settings, app_room_side_shown(self->room, false));
}

/* Now and then, not only at the end: a crash loses a few seconds of layout. */
static gboolean keep(gpointer data)
{
    AppWindow *self = data;
    int width, height;
    if (self->room)
        keep_room(self);
    gtk_window_get_default_size(GTK_WINDOW(self), &width, &height);
    if (width > 0 && height > 0)
        app_settings_set_window(self->settings, width, height,
                                gtk_window_is_maximized(GTK_WINDOW(self)));
    return G_SOURCE_CONTINUE;
}

static void restore_room(AppWindow *self)
{
    AppSettings *settings = self->settings;
    AppMap *map = app_room_map(self->room);
    GeoLonLat at;
    double zoom;
    if (self->look_zoom > 0) {
        app_map_jump(map, self->look_at, self->look_zoom);
        self->look_zoom = 0; /* a place in this city says nothing of the next one */
    } else if (app_settings_place(settings, self->path, &at, &zoom))
        app_map_jump(map, at, zoom);
    else if (app_settings_opening_zoom(settings) > 0)
        app_map_jump(map, app_session_city(self->session)->middle,
                     app_settings_opening_zoom(settings));
    for (int i = 0; i < APP_N_LAYERS; i++) {
        bool shown = true;
        double opacity = app_layer_looks[i].opacity;
        if (app_settings_layer(settings, app_layer_looks[i].id, &shown, &opacity))
            app_room_set_layer(self->room, (AppLayer)i, shown, opacity);
    }
    app_room_show_side(self->room, true, app_settings_left_panel(settings));
    app_room_show_side(self->room, false, app_settings_right_panel(settings));
}

/* ---- a city comes and goes ---- */

static void leave_room(AppWindow *self)
{
    app_command_bar_set_finder(self->bar, NULL);
    if (self->room) {
        keep(self);
        app_room_close(self->room);
    }
    self->room = NULL;
    adw_bin_set_child(self->place, NULL);
}

static void close_city(AppWindow *self)
{
    leave_room(self);
    if (self->rosters)
        gtk_window_destroy(self->rosters);
    if (self->session) {
        g_signal_handlers_disconnect_by_data(self->session, self);
        app_session_close(self->session);
    }
    g_clear_object(&self->session);
    g_clear_pointer(&self->path, g_free);
    gtk_label_set_text(self->clock, ""); /* of the city that was */
    gtk_widget_remove_css_class(GTK_WIDGET(self->clock), "live");
}

static void set_title(AppWindow *self, const char *title, const char *subtitle)
{
    gtk_label_set_text(self->title, title);
    gtk_label_set_text(self->subtitle, subtitle);
    gtk_widget_set_visible(GTK_WIDGET(self->subtitle), *subtitle != '\0');
    gtk_window_set_title(GTK_WINDOW(self), title);
}

static void on_failed(AppWindow *self, const GError *error)
{
    g_autofree char *message = g_strdup_printf("%s\n\n%s", error->message, app_pages_advice(error));
    g_autofree char *escaped = g_markup_escape_text(message, -1);
    g_free(self->error);
    self->error = g_strdup(error->message);
    adw_status_page_set_description(self->trouble, escaped);
    set_title(self, "Gridbeat", "");
    leave_room(self); /* opened, but its roads or units could not be read */
    gtk_stack_set_visible_child_name(self->stack, "trouble");
    settle(self);
}

static void on_finder(AppWindow *self)
{
    app_command_bar_set_finder(self->bar, app_room_finder(self->room));
}

static void on_now(AppWindow *self)
{
    static const char *const words[] = {[APP_TIME_STILL] = N_("STILL · data to"),
                                        [APP_TIME_SIMULATION] = N_("● LIVE simulation"),
                                        [APP_TIME_PAUSED] = N_("❚❚ PAUSED"),
                                        [APP_TIME_FEED] = N_("● LIVE"),
                                        [APP_TIME_PLAYBACK] = N_("◀ PLAYBACK")};
    AppNow *now = app_session_now(self->session);
    bool still = now->time == APP_TIME_STILL || now->time == APP_TIME_PLAYBACK;
    const AppCity *city = app_session_city(self->session);
    if (now->time == APP_TIME_STILL && city->counts[GEO_KIND_UNIT] == 0 &&
        city->counts[GEO_KIND_INCIDENT] == 0) {
        gtk_label_set_text(self->clock, _("no live data"));
        return;
    }
    g_autofree char *time = still ? app_words_dup_day(now->at_ms, now->zone)
                                  : app_words_dup_time(now->at_ms, now->zone);
    g_autofree char *text = g_strdup_printf("%s %s", _(words[now->time]), time);
    gtk_label_set_text(self->clock, text);
    if (now->time == APP_TIME_SIMULATION || now->time == APP_TIME_FEED)
        gtk_widget_add_css_class(GTK_WIDGET(self->clock), "live");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(self->clock), "live");
    if (now->time == APP_TIME_PLAYBACK)
        gtk_widget_add_css_class(GTK_WIDGET(self->clock), "playback");
    else
        gtk_widget_remove_css_class(GTK_WIDGET(self->clock), "playback");
}

static AppWorkspace shown_workspace(AppWindow *self)
{
    for (int i = 0; i < APP_N_WORKSPACES; i++)
        if (gtk_toggle_button_get_active(self->workspaces[i]))
            return (AppWorkspace)i;
    return APP_WORKSPACE_OPERATE;
}

static void on_opened(AppWindow *self)
{
    const AppCity *city = app_session_city(self->session);
    set_title(self, city->city.name,
              city->city.synthetic ? _("synthetic streets and events, real names") : "");
    if (city->empty) {
        gtk_stack_set_visible_child_name(self->stack, "hollow");
        settle(self);
        return;
    }
    self->room = app_room_new(self->session, self->style, self->lang);
    g_signal_connect_object(self->room, "settled", G_CALLBACK(settle), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->room, "said", G_CALLBACK(say), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->room, "finder", G_CALLBACK(on_finder), self, G_CONNECT_SWAPPED);
    app_command_bar_set_near(self->bar, city->middle);
    adw_bin_set_child(self->place, GTK_WIDGET(self->room));
    restore_room(self);
    app_room_set_workspace(self->room, shown_workspace(self));
    if (!self->next || g_strcmp0(self->next, self->path) == 0) /* else only until that is made */
        app_settings_add_recent(self->settings, self->path);
    gtk_stack_set_visible_child_name(self->stack, "map");
    gtk_widget_grab_focus(GTK_WIDGET(app_room_map(self->room)));
}

static void on_trouble(AppWindow *self, const char *why)
{
    say(self, why);
}

void app_window_open(AppWindow *self, const char *path)
{
    close_city(self);
    g_clear_pointer(&self->error, g_free);
    self->path = g_strdup(path);
    gtk_stack_set_visible_child_name(self->stack, "loading");
    self->session = app_session_new(path, self->sight);
    g_signal_connect_swapped(self->session, "opened", G_CALLBACK(on_opened), self);
    g_signal_connect_swapped(self->session, "failed", G_CALLBACK(on_failed), self);
    g_signal_connect_swapped(self->session, "now", G_CALLBACK(on_now), self);
    g_signal_connect_swapped(self->session, "trouble", G_CALLBACK(on_trouble), self);
}

void app_window_look_at(AppWindow *self, GeoLonLat at, double zoom)
{
    self->look_at = at;
    self->look_zoom = zoom;
}

/* ---- a city that is being made ---- */

static gboolean look_for_next(gpointer data)
{
    AppWindow *self = data;
    if (!g_file_test(self->next, G_FILE_TEST_IS_DIR))
        return G_SOURCE_CONTINUE;
    AdwToast *toast = adw_toast_new(_("The whole city is ready"));
    adw_toast_set_button_label(toast, _("Open it"));
    adw_toast_set_action_name(toast, "win.next-city");
    adw_toast_set_timeout(toast, 0);
    adw_toast_overlay_add_toast(self->toasts, toast);
    self->waiting = 0;
    return G_SOURCE_REMOVE;
}

void app_window_set_next(AppWindow *self, const char *path)
{
    g_clear_handle_id(&self->waiting, g_source_remove);
    g_free(self->next);
    self->next = g_strdup(path);
    self->waiting = g_timeout_add(500, look_for_next, self);
}

const char *app_window_error(AppWindow *self)
{
    return self->error;
}

AppRoom *app_window_room(AppWindow *self)
{
    return self->room;
}

const char *app_window_path(AppWindow *self)
{
    return self->path;
}

bool app_window_complete(AppWindow *self)
{
    return self->room ? app_room_complete(self->room) : self->session == NULL || self->error;
}

/* ---- acts ---- */

static void on_chosen(GtkNativeDialog *dialog, int response, AppWindow *self)
{
    g_autoptr(GFile) folder = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *path = folder ? g_file_get_path(folder) : NULL;
    if (response == GTK_RESPONSE_ACCEPT && path)
        app_window_open(self, path);
    g_clear_object(&self->chooser);
}

static void act_open(AppWindow *self, GVariant *value)
{
    if (!self->chooser) {
        self->chooser =
            gtk_file_chooser_native_new(_("Open a city folder"), GTK_WINDOW(self),
                                        GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
        g_signal_connect_object(self->chooser, "response", G_CALLBACK(on_chosen), self, 0);
    }
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(self->chooser));
}

static void act_command(AppWindow *self, GVariant *value)
{
    app_command_bar_open(self->bar);
}

static void act_escape(AppWindow *self, GVariant *value)
{
    if (self->room)
        app_room_escape(self->room);
}

static void act_workspace(AppWindow *self, GVariant *value)
{
    const char *id = g_variant_get_string(value, NULL);
    for (int i = 0; i < APP_N_WORKSPACES; i++)
        if (g_str_equal(id, app_workspace_ids[i]))
            gtk_toggle_button_set_active(self->workspaces[i], TRUE);
}

static void on_motion(AppWindow *self)
{
    g_object_set(gtk_settings_get_default(), "gtk-enable-animations",
                 !app_settings_reduced_motion(self->settings), NULL);
}

/* By key, menu or preferences alike. */
static void on_style(AppWindow *self)
{
    MapsStyle style = app_settings_style(self->settings);
    if (style == self->style)
        return;
    self->style = style;
    app_looks_set(style);
    if (self->room)
        app_room_set_style(self->room, style);
}

static void act_night(AppWindow *self, GVariant *value)
{
    app_settings_set_style(self->settings,
                           self->style == MAPS_STYLE_NIGHT ? MAPS_STYLE_DAY : MAPS_STYLE_NIGHT);
}

static void act_language(AppWindow *self, GVariant *value)
{
    g_signal_emit(self, signals[LANGUAGE], 0);
}

/* What "seen" means is asked of nearly everything on screen: the city is opened anew with it, where
 * it was left. */
static void act_sight(AppWindow *self, GVariant *value)
{
    int class, night;
    g_variant_get(value, "(ii)", &class, &night);
    if (!self->room || !self->path)
        return;
    const AppCity *city = app_session_city(self->session);
    AppSightWish sight = {class >= 0 ? class : (int)city->class,
                          night >= 0 ? night : (int)city->night};
    g_autofree char *path = g_strdup(self->path);
    self->sight = sight;
    self->look_at = app_map_view(app_room_map(self->room)).middle;
    self->look_zoom = app_map_view(app_room_map(self->room)).zoom;
    app_window_open(self, path);
    self->sight = APP_SIGHT_USUAL; /* of this city only */
}

static void act_rosters(AppWindow *self, GVariant *value)
{
    if (!self->room)
        return;
    if (!self->rosters) {
        GtkWindow *rosters = GTK_WINDOW(app_rosters_window_new(GTK_WINDOW(self), self->session));
        g_set_weak_pointer(&self->rosters, rosters);
    }
    gtk_window_present(self->rosters);
}

static void act_preferences(AppWindow *self, GVariant *value)
{
    app_preferences_show(GTK_WINDOW(self), self->settings);
}

static void act_keys(AppWindow *self, GVariant *value)
{
    app_shortcuts_show(GTK_WINDOW(self));
}

static void act_about(AppWindow *self, GVariant *value)
{
    app_about_show(GTK_WINDOW(self));
}

static void act_next_city(AppWindow *self, GVariant *value)
{
    g_autofree char *path = g_strdup(self->next);
    if (path && g_file_test(path, G_FILE_TEST_IS_DIR))
        app_window_open(self, path);
    else
        say(self, _("No city is being made."));
}

static void act_quit(AppWindow *self, GVariant *value)
{
    gtk_window_close(GTK_WINDOW(self));
}

typedef void (*ActFunc)(AppWindow *self, GVariant *value);

static const struct {
    const char *id;
    ActFunc func;
} handlers[] = {
    {"command", act_command},     {"escape", act_escape},       {"open", act_open},
    {"workspace", act_workspace}, {"night", act_night},         {"language", act_language},
    {"quit", act_quit},           {"next-city", act_next_city}, {"keys", act_keys},
    {"about", act_about},         {"sight", act_sight},         {"preferences", act_preferences},
    {"rosters", act_rosters}};

static void on_action(GSimpleAction *action, GVariant *value, gpointer data)
{
    const char *id = g_action_get_name(G_ACTION(action));
    AppWindow *self = APP_WINDOW(data);
    for (gsize i = 0; i < G_N_ELEMENTS(handlers); i++)
        if (g_str_equal(handlers[i].id, id)) {
            handlers[i].func(self, value);
            return;
        }
    if (self->room)
        app_room_act(self->room, id, value);
}

static void add_actions(AppWindow *self)
{
    for (gsize i = 0; i < app_n_acts; i++) {
        const AppAct *act = &app_acts[i];
        if (g_action_map_lookup_action(G_ACTION_MAP(self), act->id))
            continue; /* another value of the same act */
        g_autoptr(GSimpleAction) action =
            g_simple_action_new(act->id, act->type ? G_VARIANT_TYPE(act->type) : NULL);
        g_signal_connect_object(action, "activate", G_CALLBACK(on_action), self, 0);
        g_action_map_add_action(G_ACTION_MAP(self), G_ACTION(action));
    }
    app_acts_bind(GTK_WIDGET(self));
}

/* ---- what it is made of ---- */

static void on_workspace(GtkToggleButton *button, AppWindow *self)
{
    if (!gtk_toggle_button_get_active(button))
        return;
    AppWorkspace workspace = shown_workspace(self);
    app_settings_set_workspace(self->settings, app_workspace_ids[workspace]);
    if (self->room)
        app_room_set_workspace(self->room, workspace);
}

static GtkWidget *make_workspaces(AppWindow *self)
{
    static const char *const labels[] = {N_("Operate"), N_("Dispatch"), N_("Plan"), N_("Assess")};
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_HORIZONTAL, 0);
    gtk_widget_add_css_class(box, "linked");
    gtk_widget_add_css_class(box, "workspaces");
    gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
    for (int i = 0; i < APP_N_WORKSPACES; i++) {
        GtkWidget *button = gtk_toggle_button_new_with_label(_(labels[i]));
        self->workspaces[i] = GTK_TOGGLE_BUTTON(button);
        if (i > 0)
            gtk_toggle_button_set_group(self->workspaces[i], self->workspaces[0]);
        gtk_box_append(GTK_BOX(box), button);
        g_signal_connect_object(button, "toggled", G_CALLBACK(on_workspace), self, 0);
    }
    const char *last = app_settings_workspace(self->settings);
    gtk_toggle_button_set_active(self->workspaces[0], TRUE);
    for (int i = 0; i < APP_N_WORKSPACES; i++)
        if (g_strcmp0(last, app_workspace_ids[i]) == 0)
            gtk_toggle_button_set_active(self->workspaces[i], TRUE);
    return box;
}

static GtkWidget *make_title(AppWindow *self)
{
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->title = GTK_LABEL(app_looks_label("Gridbeat 巡格", "strong", 0));
    self->subtitle = GTK_LABEL(app_looks_label("", "quiet", 0));
    gtk_widget_set_valign(box, GTK_ALIGN_CENTER);
    gtk_widget_set_margin_start(box, 6);
    gtk_widget_set_margin_end(box, 10);
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->title));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->subtitle));
    gtk_widget_set_visible(GTK_WIDGET(self->subtitle), FALSE);
    return box;
}

/* Acts without a value of their own: those with one have buttons, or keys that are shown. */
static GMenuModel *make_menu(void)
{
    GMenu *menu = g_menu_new();
    GMenu *section = NULL;
    const char *group = NULL;
    for (gsize i = 0; i < app_n_acts; i++) {
        const AppAct *act = &app_acts[i];
        if (act->value || !act->command)
            continue;
        if (g_strcmp0(group, act->group) != 0) {
            group = act->group;
            section = g_menu_new();
            g_menu_append_section(menu, _(group), G_MENU_MODEL(section));
            g_object_unref(section);
        }
        g_autofree char *name = g_strconcat("win.", act->id, NULL);
        g_autoptr(GMenuItem) item = g_menu_item_new(_(act->label), name);
        g_auto(GStrv) keys = g_strsplit(act->keys ? act->keys : "", " ", 2);
        if (keys[0])
            g_menu_item_set_attribute(item, "accel", "s", keys[0]);
        g_menu_append_item(section, item);
    }
    return G_MENU_MODEL(menu);
}

static GtkWidget *icon_button(const char *icon, const char *action, const char *tooltip)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(button), action);
    gtk_widget_set_tooltip_text(button, tooltip);
    gtk_accessible_update_property(GTK_ACCESSIBLE(button), GTK_ACCESSIBLE_PROPERTY_LABEL, tooltip,
                                   -1);
    return button;
}

static GtkWidget *make_header(AppWindow *self)
{
    GtkWidget *header = adw_header_bar_new(), *menu = gtk_menu_button_new();
    g_autoptr(GMenuModel) model = make_menu();
    self->bar = app_command_bar_new();
    self->clock = GTK_LABEL(app_looks_label("", "strong numeric", 1));
    adw_header_bar_set_centering_policy(ADW_HEADER_BAR(header), ADW_CENTERING_POLICY_LOOSE);
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), make_title(self));
    adw_header_bar_pack_start(ADW_HEADER_BAR(header), make_workspaces(self));
    adw_header_bar_set_title_widget(ADW_HEADER_BAR(header), GTK_WIDGET(self->bar));
    gtk_menu_button_set_icon_name(GTK_MENU_BUTTON(menu), "open-menu-symbolic");
    gtk_menu_button_set_menu_model(GTK_MENU_BUTTON(menu), model);
    gtk_menu_button_set_primary(GTK_MENU_BUTTON(menu), TRUE);
    gtk_accessible_update_property(GTK_ACCESSIBLE(menu), GTK_ACCESSIBLE_PROPERTY_LABEL, _("Menu"),
                                   -1);
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), menu);
    adw_header_bar_pack_end(
        ADW_HEADER_BAR(header),
        icon_button("weather-clear-night-symbolic", "win.night", _("Night or day colours (F6)")));
    adw_header_bar_pack_end(ADW_HEADER_BAR(header),
                            icon_button("zoom-in-symbolic", "win.zoom(1.0)", _("Nearer (+)")));
    adw_header_bar_pack_end(ADW_HEADER_BAR(header),
                            icon_button("zoom-out-symbolic", "win.zoom(-1.0)", _("Farther (-)")));
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), GTK_WIDGET(self->clock));
    return header;
}

static void on_found(AppWindow *self, const GeoFound *found)
{
    if (self->room)
        app_room_go_to(self->room, found);
}

static void on_done(AppWindow *self)
{
    if (self->room)
        gtk_widget_grab_focus(GTK_WIDGET(app_room_map(self->room)));
}

static void on_recent(AppWindow *self, const char *path)
{
    g_autofree char *chosen = g_strdup(path);
    app_window_open(self, chosen);
}

static void add_pages(AppWindow *self)
{
    AppRecent *recent = app_recent_new(self->settings);
    self->trouble = app_pages_add(self->stack, GTK_WIDGET(recent));
    g_signal_connect_object(recent, "chosen", G_CALLBACK(on_recent), self, G_CONNECT_SWAPPED);
}

static void restore_size(AppWindow *self)
{
    int width = WIDTH_PX, height = HEIGHT_PX;
    bool maximised = false;
    app_settings_window(self->settings, &width, &height, &maximised);
    gtk_window_set_default_size(GTK_WINDOW(self), width, height);
    if (maximised)
        gtk_window_maximize(GTK_WINDOW(self));
}

AppWindow *app_window_new(GtkApplication *application, AppSettings *settings, const char *lang)
{
    AppWindow *self = g_object_new(APP_TYPE_WINDOW, "application", application, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->settings = settings;
    self->sight = APP_SIGHT_USUAL;
    self->style = app_settings_style(settings);
    self->lang = lang;
    app_looks_set(self->style);
    gtk_widget_add_css_class(GTK_WIDGET(self), "gridbeat");
    self->toasts = ADW_TOAST_OVERLAY(adw_toast_overlay_new());
    self->stack = GTK_STACK(gtk_stack_new());
    self->place = ADW_BIN(adw_bin_new());
    gtk_box_append(GTK_BOX(box), make_header(self));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->toasts));
    adw_toast_overlay_set_child(self->toasts, GTK_WIDGET(self->stack));
    gtk_widget_set_vexpand(GTK_WIDGET(self->stack), TRUE);
    add_pages(self);
    gtk_stack_add_named(self->stack, GTK_WIDGET(self->place), "map");
    adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), box);
    restore_size(self);
    self->keeping = g_timeout_add_seconds(KEEP_S, keep, self);
    gtk_window_set_title(GTK_WINDOW(self), "Gridbeat");
    g_signal_connect_object(self->bar, "found", G_CALLBACK(on_found), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->bar, "done", G_CALLBACK(on_done), self, G_CONNECT_SWAPPED);
    add_actions(self);
    g_signal_connect_object(settings, "changed::reduced-motion", G_CALLBACK(on_motion), self,
                            G_CONNECT_SWAPPED);
    if (app_settings_reduced_motion(settings))
        on_motion(self);
    g_signal_connect_object(settings, "changed::style", G_CALLBACK(on_style), self,
                            G_CONNECT_SWAPPED);
    return self;
}

/* ---- life ---- */

static void dispose(GObject *object)
{
    AppWindow *self = APP_WINDOW(object);
    g_clear_handle_id(&self->keeping, g_source_remove);
    g_clear_handle_id(&self->waiting, g_source_remove);
    g_clear_pointer(&self->next, g_free);
    g_clear_weak_pointer(&self->said);
    if (self->bar)
        close_city(self);
    self->bar = NULL;
    g_clear_object(&self->chooser);
    g_clear_pointer(&self->error, g_free);
    G_OBJECT_CLASS(app_window_parent_class)->dispose(object);
}

static void app_window_class_init(AppWindowClass *class)
{
    G_OBJECT_CLASS(class)->dispose = dispose;
    signals[SETTLED] = g_signal_new("settled", APP_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
    signals[LANGUAGE] = g_signal_new("language", APP_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                     NULL, G_TYPE_NONE, 0);
}

static void app_window_init(AppWindow *self)
{
}
