/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib/gstdio.h>
#include <string.h>

#include "app/console/settings.h"

static char *settings_file(void)
{
    return g_build_filename(g_get_user_config_dir(), "gridbeat", "settings.ini", NULL);
}

static void forget(void)
{
    g_autofree char *file = settings_file();
    g_remove(file);
}

/* Waits until all is written. */
static void let_go(AppSettings *settings)
{
    g_object_unref(settings);
}

static void is_initial(GSettingsSchema *schema, const char *key, const char *wanted)
{
    g_autoptr(GSettingsSchemaKey) row = g_settings_schema_get_key(schema, key);
    g_autoptr(GVariant) initial = g_settings_schema_key_get_default_value(row);
    g_autofree char *text = g_variant_print(initial, FALSE);
    g_assert_cmpstr(text, ==, wanted);
}

static void test_defaults(void)
{
    g_autoptr(GSettingsSchemaSource) source =
        g_settings_schema_source_new_from_directory(GRIDBEAT_BUILD_DATA, NULL, TRUE, NULL);
    g_autoptr(GSettingsSchema) schema =
        g_settings_schema_source_lookup(source, "io.github.gridbeat.Gridbeat", FALSE);
    g_autoptr(AppSettings) bare = app_settings_new(false);
    int width, height;
    bool maximised;
    app_settings_window(bare, &width, &height, &maximised);
    g_autofree char *window =
        g_strdup_printf("(%d, %d, %s)", width, height, maximised ? "true" : "false");
    g_autofree char *workspace = g_strdup_printf("'%s'", app_settings_workspace(bare));
    g_auto(GStrv) recent = app_settings_dup_recent(bare);
    is_initial(schema, "window", window);
    is_initial(schema, "workspace", workspace);
    is_initial(schema, "style", app_settings_style(bare) == MAPS_STYLE_DAY ? "'day'" : "'night'");
    is_initial(schema, "language", app_settings_language(bare) ? "" : "'auto'");
    is_initial(schema, "left-panel", app_settings_left_panel(bare) ? "true" : "false");
    is_initial(schema, "right-panel", app_settings_right_panel(bare) ? "true" : "false");
    is_initial(schema, "reduced-motion", app_settings_reduced_motion(bare) ? "true" : "false");
    is_initial(schema, "opening-zoom", app_settings_opening_zoom(bare) == 0 ? "0.0" : "");
    is_initial(schema, "recent", recent[0] ? "" : "[]");
    is_initial(schema, "running", "0");
}

static void test_kept(void)
{
    GeoLonLat middle = {0};
    double zoom = 0, opacity = 0;
    bool shown = true, maximised;
    int width, height;
    forget();
    AppSettings *first = app_settings_new(true);
    app_settings_set_style(first, MAPS_STYLE_DAY);
    app_settings_set_language(first, "zh");
    app_settings_set_workspace(first, "dispatch");
    app_settings_set_left_panel(first, false);
    app_settings_set_reduced_motion(first, true);
    app_settings_set_opening_zoom(first, 14);
    app_settings_set_window(first, 1366, 768, true);
    app_settings_set_layer(first, "heat", false, 0.25);
    app_settings_set_layer(first, "units", true, 1);
    app_settings_set_place(first, "/cities/合肥.gridbeat", (GeoLonLat){117.25, 31.875}, 15.5);
    let_go(first);
    g_autoptr(AppSettings) next = app_settings_new(true);
    g_assert_cmpint(app_settings_style(next), ==, MAPS_STYLE_DAY);
    g_assert_cmpstr(app_settings_language(next), ==, "zh");
    g_assert_cmpstr(app_settings_workspace(next), ==, "dispatch");
    g_assert_false(app_settings_left_panel(next));
    g_assert_true(app_settings_right_panel(next));
    g_assert_true(app_settings_reduced_motion(next));
    g_assert_cmpfloat(app_settings_opening_zoom(next), ==, 14);
    app_settings_window(next, &width, &height, &maximised);
    g_assert_true(width == 1366 && height == 768 && maximised);
    g_assert_true(app_settings_layer(next, "heat", &shown, &opacity));
    g_assert_true(!shown && opacity == 0.25);
    g_assert_true(app_settings_layer(next, "units", &shown, &opacity));
    g_assert_false(app_settings_layer(next, "gaps", &shown, &opacity));
    g_assert_true(app_settings_place(next, "/cities/合肥.gridbeat", &middle, &zoom));
    g_assert_true(middle.lon == 117.25 && middle.lat == 31.875 && zoom == 15.5);
    g_assert_false(app_settings_place(next, "/cities/else.gridbeat", &middle, &zoom));
}

static void test_recent(void)
{
    forget();
    g_autoptr(AppSettings) settings = app_settings_new(true);
    for (int i = 0; i < 14; i++) {
        g_autofree char *path = g_strdup_printf("/cities/%d.gridbeat", i);
        app_settings_add_recent(settings, path);
    }
    app_settings_add_recent(settings, "/cities/../cities/9.gridbeat/");
    app_settings_remove_recent(settings, "/cities/12.gridbeat");
    app_settings_add_recent(settings, "/cities/\xff.gridbeat");
    g_auto(GStrv) recent = app_settings_dup_recent(settings);
    g_assert_cmpuint(g_strv_length(recent), ==, APP_SETTINGS_RECENT - 1);
    g_assert_cmpstr(recent[0], ==, "/cities/9.gridbeat");
    g_assert_cmpstr(recent[1], ==, "/cities/13.gridbeat");
    g_assert_cmpstr(recent[2], ==, "/cities/11.gridbeat");
}

static void test_places_bounded(void)
{
    forget();
    g_autoptr(AppSettings) settings = app_settings_new(true);
    GeoLonLat middle;
    double zoom;
    for (int i = 0; i < 100; i++) {
        g_autofree char *path = g_strdup_printf("/cities/%d.gridbeat", i);
        app_settings_set_place(settings, path, (GeoLonLat){i, 0}, 12);
        app_settings_set_place(settings, "/cities/home.gridbeat", (GeoLonLat){i, 1}, 12);
    }
    g_assert_true(app_settings_place(settings, "/cities/home.gridbeat", &middle, &zoom));
    g_assert_cmpfloat(middle.lon, ==, 99);
    g_assert_true(app_settings_place(settings, "/cities/99.gridbeat", &middle, &zoom));
    g_assert_false(app_settings_place(settings, "/cities/1.gridbeat", &middle, &zoom));
}

static void test_crash(void)
{
    g_autofree char *file = settings_file();
    g_autofree char *left = NULL;
    forget();
    AppSettings *first = app_settings_new(true);
    g_assert_false(app_settings_begin(first));
    let_go(first); /* without an end: as killed */
    AppSettings *next = app_settings_new(true);
    g_assert_true(app_settings_begin(next));
    app_settings_end(next);
    let_go(next);
    next = app_settings_new(true);
    g_assert_false(app_settings_begin(next));
    app_settings_end(next);
    let_go(next);
    g_assert_true(g_file_get_contents(file, &left, NULL, NULL));
    g_assert_nonnull(strstr(left, "running=0"));
}

static void test_two_windows(void)
{
    forget();
    AppSettings *one = app_settings_new(true), *two = app_settings_new(true);
    app_settings_set_left_panel(one, false);
    app_settings_set_right_panel(two, false);
    let_go(one);
    let_go(two);
    g_autoptr(AppSettings) next = app_settings_new(true);
    g_assert_false(app_settings_left_panel(next));
    g_assert_false(app_settings_right_panel(next));
}

static void test_not_kept(void)
{
    g_autofree char *file = settings_file();
    forget();
    AppSettings *settings = app_settings_new(false);
    app_settings_set_left_panel(settings, false);
    g_assert_false(app_settings_left_panel(settings));
    let_go(settings);
    g_assert_false(g_file_test(file, G_FILE_TEST_EXISTS));
}

static void test_spoilt(void)
{
    g_autofree char *file = settings_file();
    forget();
    g_assert_true(g_file_set_contents(file,
                                      "[gridbeat]\nstyle='dusk'\nwindow=12\nplaces={'a': (1\n"
                                      "left-panel=false\nopening-zoom=99.0\n",
                                      -1, NULL));
    g_autoptr(AppSettings) settings = app_settings_new(true);
    g_assert_cmpint(app_settings_style(settings), ==, MAPS_STYLE_NIGHT);
    g_assert_false(app_settings_left_panel(settings));
    g_assert_cmpfloat(app_settings_opening_zoom(settings), ==, 0);
}

static void note(AppSettings *settings, const char *key, GString *told)
{
    g_string_append_printf(told, "%s ", key);
}

static void test_told(void)
{
    g_autoptr(AppSettings) settings = app_settings_new(false);
    g_autoptr(GString) told = g_string_new(NULL);
    g_signal_connect(settings, "changed::style", G_CALLBACK(note), told);
    g_signal_connect(settings, "changed::left-panel", G_CALLBACK(note), told);
    app_settings_set_style(settings, MAPS_STYLE_NIGHT);
    app_settings_set_style(settings, MAPS_STYLE_DAY);
    app_settings_set_right_panel(settings, false);
    app_settings_set_left_panel(settings, false);
    g_assert_cmpstr(told->str, ==, "style left-panel ");
}

int main(int argc, char **argv)
{
    g_autofree char *dir = g_dir_make_tmp("gridbeat-settings-XXXXXX", NULL);
    g_setenv("XDG_CONFIG_HOME", dir, TRUE);
    g_unsetenv("GSETTINGS_BACKEND");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settings/defaults-are-the-schemas", test_defaults);
    g_test_add_func("/settings/are-kept-between-runs", test_kept);
    g_test_add_func("/settings/recent-is-newest-first-and-ten-at-most", test_recent);
    g_test_add_func("/settings/places-are-bounded-and-keep-the-newest", test_places_bounded);
    g_test_add_func("/settings/a-crash-is-noticed-once", test_crash);
    g_test_add_func("/settings/two-windows-do-not-undo-each-other", test_two_windows);
    g_test_add_func("/settings/pictures-leave-no-trace", test_not_kept);
    g_test_add_func("/settings/a-spoilt-file-gives-defaults", test_spoilt);
    g_test_add_func("/settings/only-real-changes-are-told", test_told);
    int code = g_test_run();
    forget();
    g_autofree char *sub = g_build_filename(dir, "gridbeat", NULL);
    g_rmdir(sub);
    g_rmdir(dir);
    return code;
}
