/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the console remembers between two runs. Values live in memory; changes are gathered for half
 * a second and written by a thread of its own, so a setter costs nothing. They go to
 * $XDG_CONFIG_HOME/gridbeat/settings.ini, or to GSETTINGS_BACKEND where that is set. Main thread
 * only. */
#include <gio/gio.h>
#include <stdbool.h>

#include "geo/model/coord.h"
#include "maps/paint/view.h"

#define APP_SETTINGS_RECENT 10

#define APP_TYPE_SETTINGS app_settings_get_type()
G_DECLARE_FINAL_TYPE(AppSettings, app_settings, APP, SETTINGS, GObject)

/* keep false: the defaults, nothing is read or written (pictures, tests). Never fails: without its
 * schema it warns once and remembers nothing. Signal "changed" (const char *key), detailed by the
 * key's name in data/io.github.gridbeat.Gridbeat.gschema.xml. The last unref waits until all is
 * written. */
AppSettings *app_settings_new(bool keep);

/* From begin to end a process that dies leaves its mark: the next begin returns true. One that is
 * still alive does not count. */
bool app_settings_begin(AppSettings *settings);
void app_settings_end(AppSettings *settings);

MapsStyle app_settings_style(AppSettings *settings);
void app_settings_set_style(AppSettings *settings, MapsStyle style);
/* "en" or "zh"; NULL: as the locale says, which app_language_set() takes as well. */
const char *app_settings_language(AppSettings *settings);
void app_settings_set_language(AppSettings *settings, const char *lang);
const char *app_settings_workspace(AppSettings *settings);
void app_settings_set_workspace(AppSettings *settings, const char *name);
bool app_settings_left_panel(AppSettings *settings);
void app_settings_set_left_panel(AppSettings *settings, bool shown);
bool app_settings_right_panel(AppSettings *settings);
void app_settings_set_right_panel(AppSettings *settings, bool shown);
bool app_settings_reduced_motion(AppSettings *settings);
void app_settings_set_reduced_motion(AppSettings *settings, bool reduced);
double app_settings_opening_zoom(AppSettings *settings); /* 0: as the city asks */
void app_settings_set_opening_zoom(AppSettings *settings, double zoom);

/* In pixels, of the window when it is not maximised. */
void app_settings_window(AppSettings *settings, int *width, int *height, bool *maximised);
void app_settings_set_window(AppSettings *settings, int width, int height, bool maximised);

/* false, with shown and opacity as they were: the layer was never changed. */
bool app_settings_layer(AppSettings *settings, const char *layer, bool *shown, double *opacity);
void app_settings_set_layer(AppSettings *settings, const char *layer, bool shown, double opacity);

/* Folders opened last, newest first; NULL-terminated, the caller's. Paths are made absolute; one
 * that is not UTF-8 is not remembered. */
char **app_settings_dup_recent(AppSettings *settings);
void app_settings_add_recent(AppSettings *settings, const char *path);
void app_settings_remove_recent(AppSettings *settings, const char *path);

/* Where the city of that folder was left. false: never; outputs as they were. */
bool app_settings_place(AppSettings *settings, const char *path, GeoLonLat *middle, double *zoom);
void app_settings_set_place(AppSettings *settings, const char *path, GeoLonLat middle, double zoom);
