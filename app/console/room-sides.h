/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What stands around the map: panels left and right, time bar and status strip, by workspace.
 * Private to the room. */
#include "app/console/map.h"
#include "app/console/room.h"

#define APP_TYPE_SIDES app_sides_get_type()
G_DECLARE_FINAL_TYPE(AppSides, app_sides, APP, SIDES, GObject)

/* middle is the map's widget. Signals: "queue" (gint64 incident), "comer" (int), "area" (const char
 * *code), "camera" (gint64 id), "gap" (int), "cancel", "layer-shown" (int, gboolean),
 * "layer-opacity" (int, double). */
AppSides *app_sides_new(const AppCity *city, GtkWidget *middle);
GtkWidget *app_sides_widget(AppSides *sides); /* borrowed, floating at first */

void app_sides_set_workspace(AppSides *sides, AppWorkspace workspace);
void app_sides_show(AppSides *sides, bool left, bool shown);
bool app_sides_shown(AppSides *sides, bool left);
void app_sides_restyle(AppSides *sides); /* symbols are drawn anew */

void app_sides_set_now(AppSides *sides, AppNow *now);
void app_sides_set_survey(AppSides *sides, const AppSurvey *survey);
void app_sides_set_heat(AppSides *sides, const MapsHeatReport *heat);
void app_sides_set_job(AppSides *sides, const char *what, double share);
void app_sides_set_place(AppSides *sides, GeoLonLat at, double zoom, const GeoArea *area);
/* Incidents by quarter hour, APP_DAY_BINS of them up to end_ms. */
void app_sides_set_counts(AppSides *sides, const unsigned *counts, int64_t end_ms);
bool app_sides_layer(AppSides *sides, AppLayer layer, double *opacity);
/* Layers of what moves are put by while somebody plans, and come back as they were. */
void app_sides_rest(AppSides *sides, bool rest);
bool app_sides_rests(AppSides *sides, AppLayer layer);
void app_sides_set_layer(AppSides *sides, AppLayer layer, bool shown, double opacity);

/* The Plan workspace's panel and editor, from the plan's desk. */
void app_sides_set_plan(AppSides *sides, GtkWidget *panel, GtkWidget *editor);
void app_sides_set_plan_gaps(AppSides *sides, const GeoCoverageGaps *gaps);
void app_sides_show_editor(AppSides *sides);

void app_sides_select_incident(AppSides *sides, int64_t id);
void app_sides_wait_here(AppSides *sides, const AppIncident *incident, GeoLonLat at);
void app_sides_show_here(AppSides *sides, const AppHere *here, const AppIncident *incident);
void app_sides_tick_here(AppSides *sides, const AppIncident *incident, int64_t now_ms);
void app_sides_show_unit(AppSides *sides, const AppUnit *who, const MapsUnit *unit);
void app_sides_show_camera(AppSides *sides, guint row);
void app_sides_show_area(AppSides *sides, const GeoArea *area, const AppSurvey *survey);
void app_sides_show_nothing(AppSides *sides);
