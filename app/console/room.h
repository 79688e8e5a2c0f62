/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One open city on the desk: the map between its panels, what is chosen, and who asks whom. */
#include <adwaita.h>

#include "app/console/map.h"
#include "app/console/plan-desk.h"
#include "app/session/session.h"
#include "geo/work/finder.h"

typedef enum {
    APP_WORKSPACE_OPERATE,
    APP_WORKSPACE_DISPATCH,
    APP_WORKSPACE_PLAN,
    APP_WORKSPACE_ASSESS,
    APP_N_WORKSPACES
} AppWorkspace;

extern const char *const app_workspace_ids[]; /* "operate" ...; NULL-terminated */

#define APP_TYPE_ROOM app_room_get_type()
G_DECLARE_FINAL_TYPE(AppRoom, app_room, APP, ROOM, AdwBin)

/* The session is open; a reference is taken. Signals: "settled" when what is to be seen is there,
 * "said" (const char *) words for a toast, "command-done". */
AppRoom *app_room_new(AppSession *session, MapsStyle style, const char *lang);

/* Ends the background work; before the session is closed. */
void app_room_close(AppRoom *room);

AppMap *app_room_map(AppRoom *room);
AppPlanDesk *app_room_plan(AppRoom *room);
void app_room_set_style(AppRoom *room, MapsStyle style);
void app_room_set_workspace(AppRoom *room, AppWorkspace workspace);
void app_room_show_side(AppRoom *room, bool left, bool shown);
bool app_room_side_shown(AppRoom *room, bool left);
bool app_room_layer(AppRoom *room, AppLayer layer, double *opacity);
/* False: it is hidden for a while only, which is not to be remembered. */
bool app_room_keeps_layer(AppRoom *room, AppLayer layer);
void app_room_set_layer(AppRoom *room, AppLayer layer, bool shown, double opacity);
const GeoFinder *app_room_finder(AppRoom *room); /* NULL until it is read; signal "finder" */
bool app_room_complete(AppRoom *room);

/* ---- acts ---- */

/* The act of the table with that id; one that is not for a room is nothing. */
void app_room_act(AppRoom *room, const char *id, GVariant *value);

void app_room_go_to(AppRoom *room, const GeoFound *found);
void app_room_ask_middle(AppRoom *room);
void app_room_escape(AppRoom *room);
void app_room_next_incident(AppRoom *room);
void app_room_dispatch(AppRoom *room, unsigned number); /* the n-th recommended, from 1 */
void app_room_undo(AppRoom *room);
void app_room_pause(AppRoom *room);
void app_room_whole_city(AppRoom *room);
void app_room_renew(AppRoom *room); /* draws and measures anew */
