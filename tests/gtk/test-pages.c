/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Recent cities, preferences, keys and about, as widgets; skipped without a display. */
#include <glib/gstdio.h>
#include <string.h>

#include "app/console/about.h"
#include "app/console/acts.h"
#include "app/console/preferences.h"
#include "app/console/recent.h"
#include "app/console/shortcuts.h"

static GtkWidget *parent;

static void find(GtkWidget *widget, GType type, GPtrArray *found)
{
    if (G_TYPE_CHECK_INSTANCE_TYPE(widget, type))
        g_ptr_array_add(found, widget);
    for (GtkWidget *child = gtk_widget_get_first_child(widget); child;
         child = gtk_widget_get_next_sibling(child))
        find(child, type, found);
}

static GPtrArray *all(GtkWidget *widget, GType type)
{
    GPtrArray *found = g_ptr_array_new();
    find(widget, type, found);
    return found;
}

/* The window over parent, which is closed by the caller. */
static GtkWidget *over(void)
{
    GListModel *windows = gtk_window_get_toplevels();
    for (guint i = 0; i < g_list_model_get_n_items(windows); i++) {
        g_autoptr(GtkWindow) window = g_list_model_get_item(windows, i);
        if (gtk_window_get_transient_for(window) == GTK_WINDOW(parent))
            return GTK_WIDGET(window);
    }
    return NULL;
}

static void note(AppRecent *recent, const char *path, char **chosen)
{
    g_free(*chosen);
    *chosen = g_strdup(path);
}

static guint n_buttons(AppRecent *recent)
{
    g_autoptr(GPtrArray) buttons = all(GTK_WIDGET(recent), GTK_TYPE_BUTTON);
    return buttons->len;
}

static void test_recent(void)
{
    g_autoptr(AppSettings) settings = app_settings_new(false);
    g_autofree char *there = g_dir_make_tmp("gridbeat-XXXXXX.gridbeat", NULL), *chosen = NULL;
    AppRecent *recent = app_recent_new(settings);
    gtk_window_set_child(GTK_WINDOW(parent), GTK_WIDGET(recent));
    g_assert_false(gtk_widget_get_visible(GTK_WIDGET(recent)));
    app_settings_add_recent(settings, "/nonexistent/<b>.gridbeat");
    app_settings_add_recent(settings, there);
    g_assert_true(gtk_widget_get_visible(GTK_WIDGET(recent)));
    g_signal_connect(recent, "chosen", G_CALLBACK(note), &chosen);
    while (n_buttons(recent) == 0)
        g_main_context_iteration(NULL, TRUE);
    g_autoptr(GPtrArray) rows = all(GTK_WIDGET(recent), ADW_TYPE_ACTION_ROW);
    g_assert_cmpuint(rows->len, ==, 2);
    g_assert_true(gtk_list_box_row_get_activatable(rows->pdata[0]));
    g_assert_false(gtk_list_box_row_get_activatable(rows->pdata[1]));
    g_signal_emit_by_name(rows->pdata[0], "activate");
    g_assert_cmpstr(chosen, ==, there);
    g_autoptr(GPtrArray) buttons = all(GTK_WIDGET(recent), GTK_TYPE_BUTTON);
    g_assert_cmpuint(buttons->len, ==, 1);
    g_signal_emit_by_name(buttons->pdata[0], "clicked");
    g_auto(GStrv) left = app_settings_dup_recent(settings);
    g_assert_cmpuint(g_strv_length(left), ==, 1);
    g_assert_cmpstr(left[0], ==, there);
    g_rmdir(there);
    gtk_window_set_child(GTK_WINDOW(parent), NULL);
}

static void test_preferences(void)
{
    g_autoptr(AppSettings) settings = app_settings_new(false);
    app_settings_set_language(settings, "zh");
    app_preferences_show(GTK_WINDOW(parent), settings);
    g_autoptr(GPtrArray) rows = all(over(), ADW_TYPE_COMBO_ROW);
    g_autoptr(GPtrArray) switches = all(over(), GTK_TYPE_SWITCH);
    g_assert_cmpuint(rows->len, ==, 3);
    g_assert_cmpuint(adw_combo_row_get_selected(rows->pdata[0]), ==, 2);
    adw_combo_row_set_selected(rows->pdata[0], 0);
    g_assert_null(app_settings_language(settings));
    adw_combo_row_set_selected(rows->pdata[1], 1);
    g_assert_cmpint(app_settings_style(settings), ==, MAPS_STYLE_DAY);
    adw_combo_row_set_selected(rows->pdata[2], 3);
    g_assert_cmpfloat(app_settings_opening_zoom(settings), ==, 15.5);
    gtk_switch_set_active(switches->pdata[0], TRUE);
    g_assert_true(app_settings_reduced_motion(settings));
    gtk_window_destroy(GTK_WINDOW(over()));
}

static void test_keys(void)
{
    app_shortcuts_show(GTK_WINDOW(parent));
    g_autoptr(GPtrArray) shown = all(over(), GTK_TYPE_SHORTCUTS_SHORTCUT);
    for (gsize i = 0; i < app_n_acts; i++) {
        bool found = !app_acts[i].keys;
        for (guint k = 0; k < shown->len && !found; k++) {
            g_autofree char *keys = NULL, *title = NULL;
            g_object_get(shown->pdata[k], "accelerator", &keys, "title", &title, NULL);
            found = g_str_equal(keys, app_acts[i].keys) && g_str_equal(title, app_acts[i].label);
        }
        g_test_message("%s", app_acts[i].label);
        g_assert_true(found);
    }
    gtk_window_destroy(GTK_WINDOW(over()));
}

static void test_about(void)
{
    app_about_show(GTK_WINDOW(parent));
    g_assert_cmpstr(adw_about_window_get_version(ADW_ABOUT_WINDOW(over())), ==, GRIDBEAT_VERSION);
    g_assert_cmpint(adw_about_window_get_license_type(ADW_ABOUT_WINDOW(over())), ==,
                    GTK_LICENSE_GPL_3_0);
    gtk_window_destroy(GTK_WINDOW(over()));
}

int main(int argc, char **argv)
{
    g_setenv("LANGUAGE", "en", TRUE);
    g_test_init(&argc, &argv, NULL);
    if (!gtk_init_check()) {
        g_print("1..0 # SKIP no display\n");
        return 0;
    }
    adw_init();
    /* The window of keys of GTK 4.8 warns of labels of its own: "min width -4". */
    g_log_set_always_fatal(G_LOG_LEVEL_ERROR | G_LOG_LEVEL_CRITICAL);
    parent = gtk_window_new();
    g_test_add_func("/pages/recent-greys-what-is-gone-and-opens-the-rest", test_recent);
    g_test_add_func("/pages/preferences-change-the-settings", test_preferences);
    g_test_add_func("/pages/keys-lists-every-act-that-has-one", test_keys);
    g_test_add_func("/pages/about-tells-version-and-licence", test_about);
    int code = g_test_run();
    gtk_window_destroy(GTK_WINDOW(parent));
    return code;
}
