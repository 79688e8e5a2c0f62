/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/window.h"

#include "app/console/map.h"
#include "geo/model/error.h"
#include "maps/paint/words.h"

#define WIDTH_PX 1280
#define HEIGHT_PX 800
#define PAN_SHARE 0.2 /* of the map, a key */

struct _AppWindow {
    AdwApplicationWindow parent;
    const char *lang;
    MapsStyle style;
    AdwWindowTitle *title;
    AdwToastOverlay *toasts;
    GtkStack *stack;
    AdwStatusPage *trouble;
    AdwBin *place; /* of the map */
    AppMap *map;   /* in it; NULL: none */
    GtkFileChooserNative *chooser;
    GCancellable *loading; /* NULL: nothing is being opened */
    char *error;
};

G_DEFINE_TYPE(AppWindow, app_window, ADW_TYPE_APPLICATION_WINDOW)

static guint settled_signal;

static void settle(AppWindow *self)
{
    g_signal_emit(self, settled_signal, 0);
}

/* ---- a city comes ---- */

static const char *advice(const GError *error)
{
    if (g_error_matches(error, GEO_ERROR, GEO_ERROR_MISSING))
        return _("Check the name, or open another city folder.");
    if (g_error_matches(error, GEO_ERROR, GEO_ERROR_BUSY))
        return _("Another program holds it. Wait until that is done, then open it again.");
    if (g_error_matches(error, GEO_ERROR, GEO_ERROR_IO))
        return _("Check that you may read the folder and that its disk is there. “gridbeatctl "
                 "check” looks deeper; “gridbeatctl restore” makes a city from a backup.");
    return _("Open another city folder. A damaged city comes back from a backup by “gridbeatctl "
             "restore”; one of a newer Gridbeat needs that version.");
}

static void show_trouble(AppWindow *self, const GError *error)
{
    g_autofree char *message = g_strdup_printf("%s\n\n%s", error->message, advice(error));
    g_autofree char *escaped = g_markup_escape_text(message, -1);
    g_free(self->error);
    self->error = g_strdup(error->message);
    adw_status_page_set_description(self->trouble, escaped);
    adw_window_title_set_title(self->title, "Gridbeat");
    adw_window_title_set_subtitle(self->title, "");
    gtk_stack_set_visible_child_name(self->stack, "trouble");
    settle(self);
}

static void on_map_trouble(AppWindow *self, const char *why)
{
    g_autofree char *words = g_strdup_printf(_("A part of the map could not be drawn: %s"), why);
    g_autofree char *escaped = g_markup_escape_text(words, -1);
    adw_toast_overlay_add_toast(self->toasts, adw_toast_new(escaped));
}

static void show_city(AppWindow *self, AppCity *city)
{
    adw_window_title_set_title(self->title, city->city.name);
    adw_window_title_set_subtitle(
        self->title, city->city.synthetic ? _("synthetic streets and events, real names") : "");
    if (city->empty) {
        app_city_free(city);
        gtk_stack_set_visible_child_name(self->stack, "hollow");
        settle(self);
        return;
    }
    self->map = app_map_new(city, self->style, self->lang);
    g_signal_connect_object(self->map, "settled", G_CALLBACK(settle), self, G_CONNECT_SWAPPED);
    g_signal_connect_object(self->map, "trouble", G_CALLBACK(on_map_trouble), self,
                            G_CONNECT_SWAPPED);
    adw_bin_set_child(self->place, GTK_WIDGET(self->map));
    gtk_stack_set_visible_child_name(self->stack, "map");
    gtk_widget_child_focus(GTK_WIDGET(self->map), GTK_DIR_TAB_FORWARD);
}

static void on_loaded(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(AppWindow) self = data;
    g_autoptr(GError) error = NULL;
    AppCity *city = app_city_load_finish(result, &error);
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    g_clear_object(&self->loading);
    if (city)
        show_city(self, city);
    else
        show_trouble(self, error);
}

void app_window_open(AppWindow *self, const char *path)
{
    if (self->loading)
        g_cancellable_cancel(self->loading);
    g_clear_object(&self->loading);
    g_clear_pointer(&self->error, g_free);
    self->map = NULL;
    adw_bin_set_child(self->place, NULL);
    gtk_stack_set_visible_child_name(self->stack, "loading");
    self->loading = g_cancellable_new();
    app_city_load(path, self->loading, on_loaded, g_object_ref(self));
}

const char *app_window_error(AppWindow *self)
{
    return self->error;
}

/* ---- what a person does ---- */

static void on_chosen(GtkNativeDialog *dialog, int response, AppWindow *self)
{
    g_autoptr(GFile) folder = gtk_file_chooser_get_file(GTK_FILE_CHOOSER(dialog));
    g_autofree char *path = folder ? g_file_get_path(folder) : NULL;
    if (response == GTK_RESPONSE_ACCEPT && path)
        app_window_open(self, path);
    g_clear_object(&self->chooser);
}

static void on_open(GtkWidget *widget, const char *name, GVariant *parameter)
{
    AppWindow *self = APP_WINDOW(widget);
    if (!self->chooser) {
        self->chooser =
            gtk_file_chooser_native_new(_("Open a city folder"), GTK_WINDOW(self),
                                        GTK_FILE_CHOOSER_ACTION_SELECT_FOLDER, NULL, NULL);
        g_signal_connect_object(self->chooser, "response", G_CALLBACK(on_chosen), self, 0);
    }
    gtk_native_dialog_show(GTK_NATIVE_DIALOG(self->chooser));
}

static void apply_style(AppWindow *self)
{
    bool night = self->style == MAPS_STYLE_NIGHT;
    adw_style_manager_set_color_scheme(adw_style_manager_get_default(),
                                       night ? ADW_COLOR_SCHEME_FORCE_DARK
                                             : ADW_COLOR_SCHEME_FORCE_LIGHT);
    if (self->map)
        app_map_set_style(self->map, self->style);
}

static void on_night(GtkToggleButton *button, AppWindow *self)
{
    self->style = gtk_toggle_button_get_active(button) ? MAPS_STYLE_NIGHT : MAPS_STYLE_DAY;
    apply_style(self);
}

static void on_pan(GtkWidget *widget, const char *name, GVariant *parameter)
{
    AppWindow *self = APP_WINDOW(widget);
    double right, down;
    g_variant_get(parameter, "(dd)", &right, &down);
    if (self->map)
        app_map_pan(self->map, PAN_SHARE * right, PAN_SHARE * down);
}

static void on_zoom(GtkWidget *widget, const char *name, GVariant *parameter)
{
    AppWindow *self = APP_WINDOW(widget);
    if (self->map)
        app_map_zoom(self->map, g_variant_get_double(parameter));
}

static void on_home(GtkWidget *widget, const char *name, GVariant *parameter)
{
    AppWindow *self = APP_WINDOW(widget);
    if (self->map)
        app_map_home(self->map);
}

static void on_renew(GtkWidget *widget, const char *name, GVariant *parameter)
{
    AppWindow *self = APP_WINDOW(widget);
    if (self->map)
        app_map_renew(self->map);
}

/* ---- what it is made of ---- */

static GtkWidget *open_button(void)
{
    GtkWidget *button = gtk_button_new_with_mnemonic(_("_Open a city …"));
    gtk_actionable_set_action_name(GTK_ACTIONABLE(button), "win.open");
    gtk_widget_add_css_class(button, "pill");
    gtk_widget_add_css_class(button, "suggested-action");
    gtk_widget_set_halign(button, GTK_ALIGN_CENTER);
    return button;
}

static GtkWidget *add_page(GtkStack *stack, const char *name, const char *icon, const char *title,
                           const char *description)
{
    GtkWidget *page = adw_status_page_new();
    adw_status_page_set_icon_name(ADW_STATUS_PAGE(page), icon);
    adw_status_page_set_title(ADW_STATUS_PAGE(page), title);
    adw_status_page_set_description(ADW_STATUS_PAGE(page), description);
    adw_status_page_set_child(ADW_STATUS_PAGE(page), open_button());
    gtk_stack_add_named(stack, page, name);
    return page;
}

static GtkWidget *make_loading(void)
{
    GtkWidget *spinner = gtk_spinner_new();
    gtk_widget_set_size_request(spinner, 48, 48);
    gtk_widget_set_halign(spinner, GTK_ALIGN_CENTER);
    gtk_widget_set_valign(spinner, GTK_ALIGN_CENTER);
    gtk_spinner_start(GTK_SPINNER(spinner));
    return spinner;
}

static GtkWidget *make_stack(AppWindow *self)
{
    GtkWidget *stack = gtk_stack_new();
    self->stack = GTK_STACK(stack);
    self->place = ADW_BIN(adw_bin_new());
    add_page(self->stack, "welcome", "folder-open-symbolic", _("No city is open"),
             _("A city is a folder NAME.gridbeat.\nMake the demo city of Hefei by “gridbeatctl "
               "demo hefei.gridbeat”,\nor one of your own by “gridbeatctl import”."));
    add_page(self->stack, "hollow", "folder-symbolic", _("This city holds nothing yet"),
             _("Bring in streets, buildings, areas and cameras by “gridbeatctl import”."));
    self->trouble = ADW_STATUS_PAGE(add_page(self->stack, "trouble", "dialog-warning-symbolic",
                                             _("This city cannot be opened"), NULL));
    gtk_stack_add_named(self->stack, make_loading(), "loading");
    gtk_stack_add_named(self->stack, GTK_WIDGET(self->place), "map");
    gtk_widget_set_vexpand(stack, TRUE);
    return stack;
}

static GtkWidget *icon_button(const char *icon, const char *action, const char *tooltip)
{
    GtkWidget *button = gtk_button_new_from_icon_name(icon);
    gtk_actionable_set_detailed_action_name(GTK_ACTIONABLE(button), action);
    gtk_widget_set_tooltip_text(button, tooltip);
    return button;
}

static GtkWidget *make_header(AppWindow *self)
{
    GtkWidget *header = adw_header_bar_new(), *night = gtk_toggle_button_new();
    self->title = ADW_WINDOW_TITLE(adw_window_title_new("Gridbeat", ""));
    adw_header_bar_set_title_widget(ADW_HEADER_BAR(header), GTK_WIDGET(self->title));
    adw_header_bar_pack_start(
        ADW_HEADER_BAR(header),
        icon_button("document-open-symbolic", "win.open", _("Open a city folder (Ctrl+O)")));
    adw_header_bar_pack_start(
        ADW_HEADER_BAR(header),
        icon_button("go-home-symbolic", "win.home", _("Back to where the city opened (Home)")));
    gtk_button_set_icon_name(GTK_BUTTON(night), "weather-clear-night-symbolic");
    gtk_widget_set_tooltip_text(night, _("Night colours"));
    gtk_toggle_button_set_active(GTK_TOGGLE_BUTTON(night), self->style == MAPS_STYLE_NIGHT);
    g_signal_connect_object(night, "toggled", G_CALLBACK(on_night), self, 0);
    adw_header_bar_pack_end(ADW_HEADER_BAR(header), night);
    adw_header_bar_pack_end(ADW_HEADER_BAR(header),
                            icon_button("zoom-in-symbolic", "win.zoom(1.0)", _("Nearer (+)")));
    adw_header_bar_pack_end(ADW_HEADER_BAR(header),
                            icon_button("zoom-out-symbolic", "win.zoom(-1.0)", _("Farther (-)")));
    return header;
}

AppWindow *app_window_new(GtkApplication *application, MapsStyle style, const char *lang)
{
    AppWindow *self = g_object_new(APP_TYPE_WINDOW, "application", application, NULL);
    GtkWidget *box = gtk_box_new(GTK_ORIENTATION_VERTICAL, 0);
    self->style = style;
    self->lang = lang;
    self->toasts = ADW_TOAST_OVERLAY(adw_toast_overlay_new());
    gtk_box_append(GTK_BOX(box), make_header(self));
    gtk_box_append(GTK_BOX(box), GTK_WIDGET(self->toasts));
    adw_toast_overlay_set_child(self->toasts, make_stack(self));
    adw_application_window_set_content(ADW_APPLICATION_WINDOW(self), box);
    gtk_window_set_default_size(GTK_WINDOW(self), WIDTH_PX, HEIGHT_PX);
    gtk_window_set_title(GTK_WINDOW(self), "Gridbeat");
    apply_style(self);
    return self;
}

/* ---- life ---- */

static void dispose(GObject *object)
{
    AppWindow *self = APP_WINDOW(object);
    if (self->loading)
        g_cancellable_cancel(self->loading);
    g_clear_object(&self->loading);
    g_clear_object(&self->chooser);
    g_clear_pointer(&self->error, g_free);
    self->map = NULL;
    G_OBJECT_CLASS(app_window_parent_class)->dispose(object);
}

static void bind_keys(GtkWidgetClass *class)
{
    static const struct {
        guint key;
        double right, down;
    } pans[] = {
        {GDK_KEY_Left, -1, 0}, {GDK_KEY_Right, 1, 0}, {GDK_KEY_Up, 0, -1}, {GDK_KEY_Down, 0, 1}};
    static const struct {
        guint key;
        double by;
    } zooms[] = {{GDK_KEY_plus, 1},
                 {GDK_KEY_equal, 1},
                 {GDK_KEY_KP_Add, 1},
                 {GDK_KEY_minus, -1},
                 {GDK_KEY_KP_Subtract, -1}};
    for (gsize i = 0; i < G_N_ELEMENTS(pans); i++)
        gtk_widget_class_add_binding_action(class, pans[i].key, 0, "win.pan", "(dd)", pans[i].right,
                                            pans[i].down);
    for (gsize i = 0; i < G_N_ELEMENTS(zooms); i++)
        gtk_widget_class_add_binding_action(class, zooms[i].key, 0, "win.zoom", "d", zooms[i].by);
    gtk_widget_class_add_binding_action(class, GDK_KEY_Home, 0, "win.home", NULL);
    gtk_widget_class_add_binding_action(class, GDK_KEY_o, GDK_CONTROL_MASK, "win.open", NULL);
    gtk_widget_class_add_binding_action(class, GDK_KEY_r, GDK_CONTROL_MASK, "win.renew", NULL);
}

static void app_window_class_init(AppWindowClass *class)
{
    GtkWidgetClass *widget_class = GTK_WIDGET_CLASS(class);
    G_OBJECT_CLASS(class)->dispose = dispose;
    settled_signal = g_signal_new("settled", APP_TYPE_WINDOW, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                  NULL, G_TYPE_NONE, 0);
    gtk_widget_class_install_action(widget_class, "win.open", NULL, on_open);
    gtk_widget_class_install_action(widget_class, "win.pan", "(dd)", on_pan);
    gtk_widget_class_install_action(widget_class, "win.zoom", "d", on_zoom);
    gtk_widget_class_install_action(widget_class, "win.home", NULL, on_home);
    gtk_widget_class_install_action(widget_class, "win.renew", NULL, on_renew);
    bind_keys(widget_class);
}

static void app_window_init(AppWindow *self)
{
}
