/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* One open city: the thread that owns its store handle, the fleet and the road graph. The main
 * thread asks and is answered by callbacks; it never waits. Follows other processes by
 * changes_since at 4 Hz and moves a synthetic city's units at 1 Hz. */
#include <gio/gio.h>

#include "app/session/cast.h"
#include "app/session/city.h"
#include "app/session/here.h"
#include "app/session/now.h"
#include "app/session/roster.h"
#include "app/session/scenario.h"
#include "geo/work/playback.h"

#define APP_TYPE_SESSION app_session_get_type()
G_DECLARE_FINAL_TYPE(AppSession, app_session, APP, SESSION, GObject)

/* Opens the folder in its thread. Signals, all in the main thread:
 * "opened": app_session_city() is there;
 * "failed" (GError *): it cannot be opened;
 * "now": app_session_now() is newer;
 * "arrived" (gint64 id): a new incident;
 * "renewed": areas, roads, cameras ... have changed, by this or another process;
 * "trouble" (const char *): something that was asked for could not be done. */
AppSession *app_session_new(const char *path, AppSightWish sight);

/* Ends the thread; what was asked and not yet begun is answered as cancelled. */
void app_session_close(AppSession *session);

const AppCity *app_session_city(AppSession *session); /* borrowed; NULL before "opened" */
AppNow *app_session_now(AppSession *session);         /* borrowed; NULL before the first "now" */

/* incident_id 0: a place; else the incident at it. */
void app_session_ask_here(AppSession *session, GeoLonLat at, int64_t incident_id,
                          GCancellable *cancellable, GAsyncReadyCallback done, gpointer user);
AppHere *app_session_ask_here_finish(AppSession *session, GAsyncResult *result, GError **error);

/* Row 0 of batch, which it takes. */
void app_session_take_incident(AppSession *session, GeoBatch *incident, GAsyncReadyCallback done,
                               gpointer user);
/* The unit goes to the incident, the incident is dispatched; undone within 60 s by
 * app_session_undo(), which releases the unit and puts the incident back in the queue. */
void app_session_dispatch(AppSession *session, int64_t incident_id, int64_t unit_id,
                          GAsyncReadyCallback done, gpointer user);
void app_session_undo(AppSession *session, GAsyncReadyCallback done, gpointer user);
/* For the three above: false with the store's words; what was done in said (caller frees). */
bool app_session_act_finish(AppSession *session, GAsyncResult *result, char **said, GError **error);

/* An act on a scenario, whose texts and batch are taken; the answer is what it is then, the
 * caller's. */
void app_session_scenario(AppSession *session, AppScenarioAct act, GAsyncReadyCallback done,
                          gpointer user);
AppScenario *app_session_scenario_finish(AppSession *session, GAsyncResult *result, GError **error);

/* An act on rosters and duty, whose text and batch are taken; the answer is the day then, the
 * caller's. */
void app_session_roster(AppSession *session, AppRosterAct act, GAsyncReadyCallback done,
                        gpointer user);
AppRoster *app_session_roster_finish(AppSession *session, GAsyncResult *result, GError **error);

/* ---- the past ---- */

/* While something is shown, app_session_now() is that, "now" tells of it, and what is live goes on
 * unseen: nothing can be dispatched, taken or undone then. Takes a reference; NULL: live again. */
void app_session_show(AppSession *session, AppNow *now);

/* Who there is, and what was reported between: for a playback. */
void app_session_ask_cast(AppSession *session, int64_t from_ms, int64_t to_ms,
                          GCancellable *cancellable, GAsyncReadyCallback done, gpointer user);
AppCast *app_session_ask_cast_finish(AppSession *session, GAsyncResult *result, GError **error);

/* The tracks of the window that holds at_ms; earlier is the one before it or NULL, and is taken. */
void app_session_ask_window(AppSession *session, AppCast *cast, int64_t at_ms,
                            GeoPlayWindow *earlier, GCancellable *cancellable,
                            GAsyncReadyCallback done, gpointer user);
GeoPlayWindow *app_session_ask_window_finish(AppSession *session, GAsyncResult *result,
                                             GError **error);

/* Whether one unit may be looked at between, for a purpose ("incident:CODE", "case:NUMBER" or
 * "task:NUMBER"): asked of the store, which writes it down. false with its words when not. */
void app_session_ask_purpose(AppSession *session, int64_t unit_id, int64_t from_ms, int64_t to_ms,
                             const char *purpose, GAsyncReadyCallback done, gpointer user);
bool app_session_ask_purpose_finish(AppSession *session, GAsyncResult *result, GError **error);

/* The simulator waits or goes on; what was on screen is in the store when it waits. */
void app_session_pause(AppSession *session, bool pause);
bool app_session_can_simulate(AppSession *session);

/* A synthetic city raises an incident on the street nearest to at, unless one within bounds still
 * waits for a unit: then that one. "arrived" tells of it. */
void app_session_stage(AppSession *session, GeoLonLat at, const GeoBounds *bounds);
