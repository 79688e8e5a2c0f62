/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The facts of one thing: a unit, camera, area, incident or place. */
#include <adwaita.h>

#include "app/console/swatch.h"
#include "app/session/now.h"
#include "geo/model/batch.h"
#include "geo/work/coverage.h"

typedef struct {
    char *key, *value; /* key NULL: value is a heading; value NULL: key is a note over both */
} AppFact;

typedef struct {
    char *title, *subtitle; /* subtitle may be NULL */
    bool has_look;
    AppSwatchLook look;
    GPtrArray *facts; /* AppFact, owned */
} AppThing;

AppThing *app_thing_new(const char *title, const char *subtitle);
void app_thing_free(AppThing *thing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppThing, app_thing_free)
void app_thing_head(AppThing *thing, const char *text);
void app_thing_add(AppThing *thing, const char *key, const char *value); /* value NULL: left out */
void app_thing_note(AppThing *thing, const char *text);

/* Each from plain values; areas: codes it lies in, may be NULL. Never a person's name. */
AppThing *app_thing_of_unit(const AppUnit *who, const MapsUnit *unit, const char *areas);
AppThing *app_thing_of_camera(const GeoBatch *cameras, size_t row);
AppThing *app_thing_of_area(const GeoBatch *areas, size_t row);
AppThing *app_thing_of_incident(const GeoBatch *incidents, size_t row, const char *zone);
AppThing *app_thing_of_place(const char *name, const char *kind, GeoLonLat at, const char *areas);

/* Counts of an area, added where they are known: share 0..1 (NAN: not), -1: not. sight: "observe,
 * by night". */
void app_thing_add_counts(AppThing *thing, double share, const char *sight, int64_t cameras,
                          int64_t units, int64_t incidents_28d);

#define APP_TYPE_THING_PANEL app_thing_panel_get_type()
G_DECLARE_FINAL_TYPE(AppThingPanel, app_thing_panel, APP, THING_PANEL, AdwBin)

AppThingPanel *app_thing_panel_new(void);
/* Borrowed for the call; equal keys in equal order are changed in place. NULL: nothing chosen. */
void app_thing_panel_set(AppThingPanel *panel, const AppThing *thing);
