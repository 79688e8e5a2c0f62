/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/emblem.h"

void app_emblem_add(GdkDisplay *display)
{
    static const char icons[] = GRIDBEAT_SOURCE_DATA "/icons";
    if (g_file_test(icons, G_FILE_TEST_IS_DIR))
        gtk_icon_theme_add_search_path(gtk_icon_theme_get_for_display(display), icons);
    gtk_window_set_default_icon_name(APP_EMBLEM);
}
