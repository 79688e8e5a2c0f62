/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Playing back in a room: the clock that drives it, and the band over the map that nobody can take
 * for live. */
#include "app/console/room.h"

typedef struct AppReplayDesk AppReplayDesk;

/* Belongs to the room from then on; the band goes over the map, and the hint goes while it is
 * there.
 */
void app_replay_desk_attach(AppRoom *room, AppSession *session, GtkOverlay *over, GtkWidget *hint);
AppReplayDesk *app_replay_desk_of(AppRoom *room);

bool app_replay_desk_active(AppReplayDesk *desk);
/* Shows that moment, begins the playback where there is none. Waits there unless it plays. */
void app_replay_desk_seek(AppReplayDesk *desk, int64_t at_ms);
/* From half an hour ago, running; or back to live. */
void app_replay_desk_toggle(AppReplayDesk *desk);
void app_replay_desk_end(AppReplayDesk *desk); /* live again; also before the session is closed */

void app_replay_desk_pause(AppReplayDesk *desk); /* or goes on */
void app_replay_desk_reverse(AppReplayDesk *desk);
void app_replay_desk_faster(AppReplayDesk *desk, int by); /* negative: slower */
/* The map goes with the unit that was clicked last, for a purpose that is asked for and written
 * down; or no longer. */
void app_replay_desk_follow(AppReplayDesk *desk);
void app_replay_desk_step(AppReplayDesk *desk, int by); /* by 10 s each, and waits there */
