/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gridbeat [CITY]. Exit codes are gridbeatctl's: 0 well, 2 the command line is wrong, 3 the city
 * or the picture failed. */
#include <glib-unix.h>
#include <locale.h>
#include <stdlib.h>

#include "app/console/emblem.h"
#include "app/console/once.h"
#include "app/ctl/language.h"

#define ONCE_LIMIT_S 120
#define EXIT_USAGE 2
#define EXIT_DATA 3

typedef struct {
    AdwApplication *application;
    AppWindow *window; /* of --once */
    char *once, *size, *style, *lang;
    const char *tag; /* of glyph forms */
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
    bool saved = app_once_save(console->window, console->once, &error);
    const char *why = saved ? app_window_error(console->window) : error->message;
    if (why)
        g_printerr("gridbeat: %s\n", why);
    end(console, why ? EXIT_DATA : 0);
    return G_SOURCE_REMOVE;
}

static void on_settled(Console *console)
{
    g_clear_handle_id(&console->soon, g_source_remove);
    console->soon = g_timeout_add(50, take_picture, console);
}

static gboolean give_up(gpointer data)
{
    Console *console = data;
    console->limit = 0;
    g_printerr("gridbeat: the window was not complete within %d s\n", ONCE_LIMIT_S);
    end(console, EXIT_DATA);
    return G_SOURCE_REMOVE;
}

static AppWindow *present(Console *console)
{
    MapsStyle style = g_strcmp0(console->style, "day") == 0 ? MAPS_STYLE_DAY : MAPS_STYLE_NIGHT;
    AppWindow *window = app_window_new(GTK_APPLICATION(console->application), style, console->tag);
    if (console->width > 0)
        gtk_window_set_default_size(GTK_WINDOW(window), console->width, console->height);
    if (console->once) {
        console->window = window;
        console->limit = g_timeout_add_seconds(ONCE_LIMIT_S, give_up, console);
        g_signal_connect_swapped(window, "settled", G_CALLBACK(on_settled), console);
    } else if (g_str_equal(G_OBJECT_TYPE_NAME(gdk_display_get_default()), "GdkBroadwayDisplay"))
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

static int on_options(GApplication *application, GVariantDict *options, Console *console)
{
    char *end_of_width = NULL;
    if (console->style && !g_str_equal(console->style, "day") &&
        !g_str_equal(console->style, "night")) {
        g_printerr("gridbeat: --style is day or night\n");
        return EXIT_USAGE;
    }
    if (console->size) {
        console->width = (int)strtol(console->size, &end_of_width, 10);
        console->height = *end_of_width == 'x' ? atoi(end_of_width + 1) : 0;
        if (console->width < 360 || console->height < 200 || console->width > 8000 ||
            console->height > 8000) {
            g_printerr("gridbeat: --size is WIDTHxHEIGHT, 360x200 to 8000x8000\n");
            return EXIT_USAGE;
        }
    }
    if (console->lang)
        console->tag = app_language_set(console->lang);
    return -1;
}

static void on_quit(GSimpleAction *action, GVariant *parameter, gpointer application)
{
    for (GList *link; (link = gtk_application_get_windows(application));)
        gtk_window_destroy(link->data);
}

/* A window that is told to end by its terminal or by the system ends as by hand. */
static gboolean on_signal(gpointer application)
{
    g_action_group_activate_action(G_ACTION_GROUP(application), "quit", NULL);
    return G_SOURCE_CONTINUE;
}

static void add_options(Console *console)
{
    const GOptionEntry entries[] = {
        {"once", 0, 0, G_OPTION_ARG_FILENAME, &console->once,
         "save one picture of the complete window, then end", "FILE.png"},
        {"size", 0, 0, G_OPTION_ARG_STRING, &console->size, "of the window", "WIDTHxHEIGHT"},
        {"style", 0, 0, G_OPTION_ARG_STRING, &console->style, "night unless told", "day|night"},
        {"lang", 0, 0, G_OPTION_ARG_STRING, &console->lang, "as the locale says unless told",
         "en|zh"},
        {NULL}};
    GApplication *application = G_APPLICATION(console->application);
    g_application_add_main_option_entries(application, entries);
    g_application_set_option_context_parameter_string(application, "[CITY]");
    g_application_set_option_context_summary(application,
                                             "The map console of a city's patrol and grids.");
}

int main(int argc, char **argv)
{
    setlocale(LC_ALL, "");
    setlocale(LC_NUMERIC, "C");
    Console console = {.tag = app_language_set(NULL)};
    static const char *const quit_keys[] = {"<Control>q", NULL};
    const GActionEntry actions[] = {{.name = "quit", .activate = on_quit}};
    console.application =
        adw_application_new(APP_EMBLEM, G_APPLICATION_HANDLES_OPEN | G_APPLICATION_NON_UNIQUE);
    GApplication *application = G_APPLICATION(console.application);
    add_options(&console);
    g_action_map_add_action_entries(G_ACTION_MAP(application), actions, 1, application);
    gtk_application_set_accels_for_action(GTK_APPLICATION(application), "app.quit", quit_keys);
    g_unix_signal_add(SIGTERM, on_signal, application);
    g_unix_signal_add(SIGINT, on_signal, application);
    g_signal_connect_swapped(application, "startup", G_CALLBACK(on_startup), &console);
    g_signal_connect_swapped(application, "activate", G_CALLBACK(on_activate), &console);
    g_signal_connect(application, "open", G_CALLBACK(on_open), &console);
    g_signal_connect(application, "handle-local-options", G_CALLBACK(on_options), &console);
    int code = g_application_run(application, argc, argv);
    g_object_unref(application);
    g_free(console.once);
    g_free(console.size);
    g_free(console.style);
    g_free(console.lang);
    return code ? code : console.code;
}
