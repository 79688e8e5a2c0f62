/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The map of one city with its layers: shows what it is given, says what was clicked. */
#include <adwaita.h>

#include "app/session/city.h"
#include "app/session/here.h"
#include "app/session/now.h"
#include "app/session/survey.h"
#include "maps/gtk/pictures.h"
#include "maps/gtk/plan.h"
#include "maps/paint/view.h"

/* What can be shown and hidden, from the top down. */
typedef enum {
    APP_LAYER_UNITS,
    APP_LAYER_TRAILS,
    APP_LAYER_INCIDENTS,
    APP_LAYER_FIELDS,
    APP_LAYER_GAPS,
    APP_LAYER_HEAT,
    APP_LAYER_GRIDS,
    APP_LAYER_NAMES,
    APP_N_LAYERS
} AppLayer;

typedef struct {
    const char *id;    /* of settings and commands */
    const char *label; /* to be translated */
    double opacity;    /* unless told otherwise */
} AppLayerLook;

extern const AppLayerLook app_layer_looks[APP_N_LAYERS];

/* What lies under a click. */
typedef enum {
    APP_PICK_PLACE,
    APP_PICK_UNIT,
    APP_PICK_CAMERA,
    APP_PICK_INCIDENT,
    APP_PICK_PLANNED, /* a camera of the plan shown */
} AppPickKind;

typedef struct {
    AppPickKind kind;
    GeoLonLat at; /* of the thing; of the click for a place */
    int64_t id;   /* of unit or incident */
    guint row;    /* of the camera in the city's cameras, or in the plan */
    bool shift;   /* the key was held */
} AppPick;

/* A camera of the plan, or its handle, is dragged. */
typedef enum { APP_DRAG_BEGIN, APP_DRAG_MOVE, APP_DRAG_END } AppDragPhase;

typedef struct {
    AppDragPhase phase;
    guint camera; /* in the plan when the drag began */
    bool by_handle;
    GeoLonLat at;
} AppMapDrag;

#define APP_TYPE_MAP app_map_get_type()
G_DECLARE_FINAL_TYPE(AppMap, app_map, APP, MAP, AdwBin)

/* city is borrowed and outlives the map. lang as in MapsView. Signals: "settled" when all in sight
 * is drawn, "trouble" (const char *) when a part could not be, "picked" (const AppPick *),
 * "pointed" (double lon, double lat), "dragged" (const AppMapDrag *), "heat" when app_map_heat()
 * says something else. */
AppMap *app_map_new(const AppCity *city, MapsStyle style, const char *lang);

void app_map_set_style(AppMap *map, MapsStyle style);
void app_map_renew(AppMap *map); /* draws everything anew from the store */
bool app_map_complete(AppMap *map);

void app_map_set_now(AppMap *map, AppNow *now);          /* takes a reference */
void app_map_set_survey(AppMap *map, AppSurvey *survey); /* takes a reference */
/* What plan points at lives until the next call. NULL: none. */
void app_map_set_plan(AppMap *map, const MapsPlan *plan);
void app_map_set_gaps(AppMap *map, const GeoCoverageGaps *gaps); /* copied */
void app_map_show_layer(AppMap *map, AppLayer layer, bool shown);
void app_map_set_opacity(AppMap *map, AppLayer layer, double opacity);
const MapsHeatReport *app_map_heat(AppMap *map); /* NULL: no heat is shown */

/* ---- what is chosen ---- */

/* The ring at the asked place. */
void app_map_mark_place(AppMap *map, GeoLonLat at);
/* The answer: route, the units that come, the cameras that see it. */
void app_map_mark_here(AppMap *map, const AppHere *here);
void app_map_mark_unit(AppMap *map, GeoLonLat at, double reach_m);
void app_map_mark_area(AppMap *map, const GeoArea *area); /* of the city's; NULL: none */
void app_map_mark_incident(AppMap *map, int64_t id);      /* 0: none */
void app_map_clear_marks(AppMap *map);

/* As a click on the middle of the map: what the pointer does, without one. */
void app_map_pick_middle(AppMap *map);

/* ---- where to look ---- */

/* By parts of the window, right and down. */
void app_map_pan(AppMap *map, double right, double down);
void app_map_zoom(AppMap *map, double by);
void app_map_home(AppMap *map);
void app_map_jump(AppMap *map, GeoLonLat at, double zoom); /* at once, not to be gone back from */
void app_map_fly(AppMap *map, GeoLonLat at, double zoom);  /* at most 300 ms; NAN: zoom stays */
void app_map_follow(AppMap *map, AppMap *other); /* both look at the same place from now on */
void app_map_reveal(AppMap *map, GeoLonLat at);  /* flies only when it is out of sight */
void app_map_back(AppMap *map);                  /* to before the last flight */
MapsView app_map_view(AppMap *map);
