/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridbeat [CITY]. Exit codes are gridbeatctl's: 0 well, 2 the command line is wrong, 3 the city
 * or the picture failed. */
#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "app/console/acts.h"
#include "app/console/emblem.h"
#include "app/console/once.h"
#include "app/ctl/language.h"

#define ONCE_LIMIT_S 120
#define EXIT_USAGE 2
#define EXIT_DATA 3

typedef struct {
    AdwApplication *application;
    AppSettings *settings;
    AppWindow *window; /* of --once */
    char *once, *size, *style, *lang, *place, *then, *workspace;
    gboolean keys;
    const char *tag; /* of glyph forms */
    GeoLonLat at;
    double zoom; /* 0: where the city opens */
    int width, height;
    guint soon, limit; /* sources */
    int code;
} Console;

static void end(Console *console, int code)
{
    console->code = code;
    g_clear_handle_id(&console->limit, g_source_remove);
    gtk_window_destroy(GTK_WINDOW(console->window));
}

/* A moment after the last change: what came has been laid out by then. */
static gboolean take_picture(gpointer data)
{
    Console *console = data;
    g_autoptr(GError) error = NULL;
    console->soon = 0;
    if (!app_window_complete(console->window))
        return G_SOURCE_REMOVE;
    bool saved = app_once_save(console->window, console->once, &error);
    const char *why = saved ? app_window_error(console->window) : error->message;
    if (why)
        g_printerr("gridbeat: %s\n", why);
    end(console, why ? EXIT_DATA : 0);
    return G_SOURCE_REMOVE;
}

static void on_settled(Console *console)
{
    if (console->soon == 0)
        console->soon = g_timeout_add(150, take_picture, console);
}

static gboolean give_up(gpointer data)
{
    Console *console = data;
    console->limit = 0;
    g_printerr("gridbeat: the window was not complete within %d s\n", ONCE_LIMIT_S);
    end(console, EXIT_DATA);
    return G_SOURCE_REMOVE;
}

static AppWindow *present(Console *console);

/* All words are made anew: another window takes this one's place. */
static void on_language(AppWindow *window, Console *console)
{
    g_autofree char *path = g_strdup(app_window_path(window));
    const char *lang = g_str_has_prefix(console->tag, "zh") ? "en" : "zh";
    if (app_window_room(window)) {
        MapsView view = app_map_view(app_room_map(app_window_room(window)));
        console->at = view.middle;
        console->zoom = view.zoom;
    }
    console->tag = app_language_set(lang);
    app_settings_set_language(console->settings, lang);
    AppWindow *next = present(console);
    gtk_window_destroy(GTK_WINDOW(window));
    if (path)
        app_window_open(next, path);
}

static void prepare_once(Console *console, AppWindow *window)
{
    console->window = window;
    console->limit = g_timeout_add_seconds(ONCE_LIMIT_S, give_up, console);
    /* No frame of its own around it: the picture has just the size asked for. */
    gtk_widget_add_css_class(GTK_WIDGET(window), "once");
    g_signal_connect_swapped(window, "settled", G_CALLBACK(on_settled), console);
}

static AppWindow *present(Console *console)
{
    AppWindow *window =
        app_window_new(GTK_APPLICATION(console->application), console->settings, console->tag);
    if (console->width > 0)
        gtk_window_set_default_size(GTK_WINDOW(window), console->width, console->height);
    if (console->zoom > 0)
        app_window_look_at(window, console->at, console->zoom);
    if (console->workspace)
        gtk_widget_activate_action(GTK_WIDGET(window), "win.workspace", "s", console->workspace);
    if (console->then)
        app_window_set_next(window, console->then);
    g_signal_connect(window, "language", G_CALLBACK(on_language), console);
    if (console->once)
        prepare_once(console, window);
    else if (g_str_equal(G_OBJECT_TYPE_NAME(gdk_display_get_default()), "GdkBroadwayDisplay"))
        gtk_window_maximize(GTK_WINDOW(window)); /* all of the browser's page */
    gtk_window_present(GTK_WINDOW(window));
    return window;
}

static void on_startup(Console *console)
{
    app_emblem_add(gdk_display_get_default());
}

static void on_activate(Console *console)
{
    present(console);
    if (console->once)
        on_settled(console);
}

static void on_open(GApplication *application, GFile **files, int n, const char *hint,
                    Console *console)
{
    for (int i = 0; i < (console->once ? 1 : n); i++) {
        g_autofree char *path = g_file_get_path(files[i]);
        app_window_open(present(console), path ? path : "");
    }
}

/* ---- options ---- */

static bool read_size(Console *console)
{
    char *end_of_width = NULL;
    if (!console->size)
        return true;
    console->width = (int)strtol(console->size, &end_of_width, 10);
    console->height = *end_of_width == 'x' ? atoi(end_of_width + 1) : 0;
    return console->width >= 360 && console->height >= 200 && console->width <= 8000 &&
           console->height <= 8000;
}

static bool read_place(Console *console)
{
    char *rest = NULL;
    if (!console->place)
        return true;
    console->at.lon = g_ascii_strtod(console->place, &rest);
    if (*rest != ',')
        return false;
    console->at.lat = g_ascii_strtod(rest + 1, &rest);
    if (*rest != ',')
        return false;
    console->zoom = g_ascii_strtod(rest + 1, &rest);
    return *rest == '\0' && geo_coord_valid(console->at) && console->zoom >= 1 &&
           console->zoom <= 20;
}

static bool one_of(const char *word, const char *const *words)
{
    return !word || g_strv_contains(words, word);
}

static const char *find_fault(Console *console)
{
    static const char *const styles[] = {"day", "night", NULL}, *const langs[] = {"en", "zh", NULL};
    if (!one_of(console->style, styles))
        return "--style is day or night";
    if (!one_of(console->lang, langs))
        return "--lang is en or zh";
    if (!one_of(console->workspace, app_workspace_ids))
        return "--workspace is operate, dispatch, plan or assess";
    if (!read_size(console))
        return "--size is WIDTHxHEIGHT, 360x200 to 8000x8000";
    if (!read_place(console))
        return "--place is LON,LAT,ZOOM, zoom 1 to 20";
    return NULL;
}

static int on_options(GApplication *application, GVariantDict *options, Console *console)
{
    const char *fault = find_fault(console);
    if (fault) {
        g_printerr("gridbeat: %s\n", fault);
        return EXIT_USAGE;
    }
    console->settings = app_settings_new(console->once == NULL);
    app_settings_begin(console->settings);
    console->tag =
        app_language_set(console->lang ? console->lang : app_settings_language(console->settings));
    if (console->style)
        app_settings_set_style(console->settings, g_str_equal(console->style, "day")
                                                      ? MAPS_STYLE_DAY
                                                      : MAPS_STYLE_NIGHT);
    if (!console->keys)
        return -1;
    gtk_init();
    app_acts_print();
    return 0;
}

/* A window that is told to end by its terminal or by the system ends as by hand. */
static gboolean on_signal(gpointer application)
{
    for (GList *link; (link = gtk_application_get_windows(application));)
        gtk_window_destroy(link->data);
    return G_SOURCE_CONTINUE;
}

static void add_options(Console *console)
{
    const GOptionEntry entries[] = {
        {"once", 0, 0, G_OPTION_ARG_FILENAME, &console->once,
         "save one picture of the complete window, then end", "FILE.png"},
        {"size", 0, 0, G_OPTION_ARG_STRING, &console->size, "of the window", "WIDTHxHEIGHT"},
        {"style", 0, 0, G_OPTION_ARG_STRING, &console->style, "as it was last, at first night",
         "day|night"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &console->lang, "as it was last, at first the locale's",
         "en|zh"},
        {"place", 0, 0, G_OPTION_ARG_STRING, &console->place, "where to look", "LON,LAT,ZOOM"},
        {"workspace", 0, 0, G_OPTION_ARG_STRING, &console->workspace,
         "operate, dispatch, plan or assess", "NAME"},
        {"then", 0, 0, G_OPTION_ARG_FILENAME, &console->then,
         "offer this city as soon as it is there", "CITY"},
        {"keys", 0, 0, G_OPTION_ARG_NONE, &console->keys, "list the keys, then end", NULL},
        {NULL}};
    GApplication *application = G_APPLICATION(console->application);
    g_application_add_main_option_entries(application, entries);
    g_application_set_option_context_parameter_string(application, "[CITY]");
    g_application_set_option_context_summary(application,
                                             "The map console of a city's patrol and grids.");
}

static void free_texts(Console *console)
{
    char *texts[] = {console->once,  console->size, console->style,    console->lang,
                     console->place, console->then, console->workspace};
    for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
        g_free(texts[i]);
}

int main(int argc, char **argv)
{
    g_debug("begun");
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    Console console = {.tag = "en"};
    console.application =
        adw_application_new(APP_EMBLEM, G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
    GApplication *application = G_APPLICATION(console.application);
    add_options(&console);
    g_unix_signal_add(SIGTERM, on_signal, application);
    g_unix_signal_add(SIGINT, on_signal, application);
    g_signal_connect_swapped(application, "startup", G_CALLBACK(on_startup), &console);
    g_signal_connect_swapped(application, "activate", G_CALLBACK(on_activate), &console);
    g_signal_connect(application, "open", G_CALLBACK(on_open), &console);
    g_signal_connect(application, "handle-local-options", G_CALLBACK(on_options), &console);
    int code = g_application_run(application, argc, argv);
    if (console.settings)
        app_settings_end(console.settings);
    g_object_unref(application);
    g_clear_object(&console.settings);
    free_texts(&console);
    return code ? code : console.code;
}
