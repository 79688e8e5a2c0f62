/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Built with schema directories that are not there. */
#include "app/console/settings.h"

static void test_bare(void)
{
    g_test_expect_message(G_LOG_DOMAIN, G_LOG_LEVEL_WARNING, "*not kept*");
    g_autoptr(AppSettings) settings = app_settings_new(true);
    g_test_assert_expected_messages();
    g_assert_true(app_settings_right_panel(settings));
    app_settings_set_right_panel(settings, false);
    g_assert_false(app_settings_right_panel(settings));
    g_assert_false(app_settings_begin(settings));
    app_settings_end(settings);
}

int main(int argc, char **argv)
{
    g_setenv("XDG_DATA_DIRS", "/nonexistent", TRUE);
    g_setenv("XDG_DATA_HOME", "/nonexistent", TRUE);
    g_unsetenv("GSETTINGS_SCHEMA_DIR");
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/settings/without-a-schema-last-for-the-run", test_bare);
    return g_test_run();
}
