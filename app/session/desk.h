/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the session's thread holds of an open city: the store's handle, the clock, the fleet and the
 * queue. Private to app/session; belongs to one thread. */
#include "app/session/city.h"
#include "app/session/feed-words.h"
#include "app/session/here.h"
#include "app/session/now.h"
#include "app/session/roster.h"
#include "app/session/scenario.h"
#include "app/session/trails.h"
#include "geo/work/fleet.h"
#include "geo/work/health.h"
#include "geo/work/simulate.h"

/* The last act that can be taken back. */
typedef struct {
    int64_t incident_id, unit_id; /* 0: none */
    int64_t deed_id;
    gint64 done_us; /* monotonic */
} AppDeskUndo;

typedef struct {
    GeoStore *store;
    const GeoCity *city; /* the store's */
    int64_t seq;         /* changes up to here are known */
    /* time */
    int64_t base_ms; /* of the city when the clock last began to run */
    gint64 base_us;  /* monotonic, then */
    bool paused;
    int64_t fix_ms;    /* newest position known */
    size_t n_followed; /* fixes read at the last look */
    /* fleet */
    GeoFrame *frame;
    GeoNetwork *network;   /* NULL until loaded */
    int64_t roads_ms;      /* the moment that its hours and closures are of */
    GeoFleet *fleet;       /* NULL until loaded */
    GeoSimulate *simulate; /* NULL: this process moves nothing */
    int lease;             /* of the simulator, a file lock; -1: not held */
    int64_t written_ms;    /* last tick that is on disk */
    int64_t moved_ms;      /* last tick */
    AppTrailLog *trail_log;
    AppTrails *trails;
    int64_t trails_ms; /* when they were last built */
    /* incidents */
    GeoBatch *open;        /* those that still need somebody */
    GArray *assignments;   /* GeoAssignment */
    GHashTable *fresh;     /* ids that came while the desk was open, int64_t owned */
    GeoBatch *model;       /* a month of incidents: what the simulator raises is drawn from it */
    int64_t next_raise_ms; /* 0: never */
    guint32 dice;
    AppDeskUndo undo;
    GeoHealth *health; /* of the districts, at health_ms; NULL until looked at */
    int64_t health_ms;
    char *path;                    /* of the city's folder */
    AppFeedWords *feed;            /* NULL: no feed runs */
    int64_t plan_id, plan_version; /* the scenario last worked on, as it was left */
} AppDesk;

/* Opens for writing, or for reading where writing is not to be had. */
AppDesk *app_desk_open(const char *path, AppSightWish sight, AppCity **city, GError **error);

/* Writes what the simulator moved last. NULL is legal. */
void app_desk_close(AppDesk *desk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppDesk, app_desk_close)

/* Roads, fleet, trails and queue: about half a second for a city. */
bool app_desk_load(AppDesk *desk, GError **error);

/* Hours, gates and closures of the roads are those of at_ms. */
bool app_desk_set_roads(AppDesk *desk, int64_t at_ms, GError **error);

/* Begins to move the units of a synthetic city, unless another process does. */
bool app_desk_begin_simulation(AppDesk *desk, const char *path, GError **error);

int64_t app_desk_clock(const AppDesk *desk);
GeoAct app_desk_act(const AppDesk *desk);

/* Moves the fleet to the clock: by the simulator, or by what others have written. */
bool app_desk_tick(AppDesk *desk, GError **error);
bool app_desk_pause(AppDesk *desk, bool pause, GError **error);

/* How the fleet is heard: desk-health.c. Every tick; reads the store twice a minute. */
void app_desk_listen(AppDesk *desk);
void app_desk_fill_health(AppDesk *desk, AppNow *now);

/* The caller's. */
AppNow *app_desk_now(AppDesk *desk);

AppHere *app_desk_here(AppDesk *desk, GeoLonLat at, int64_t incident_id, GError **error);

/* ---- incidents: desk-queue.c, desk-acts.c ---- */

/* The open ones and who was sent, from the store; ids that are new are put into arrived (int64_t,
 * may be NULL). */
bool app_desk_load_queue(AppDesk *desk, GArray *arrived, GError **error);
void app_desk_fill_queue(AppDesk *desk, AppNow *now);
const GeoIncident *app_desk_incident(const AppDesk *desk, int64_t id);

/* What others, or this desk's own acts, have changed since the last call: renewed when areas,
 * roads, cameras or imports did. */
bool app_desk_follow(AppDesk *desk, bool *news, bool *renewed, GArray *arrived, GError **error);

/* Each says what it did, for people; NULL and error when it was refused. */
char *app_desk_take(AppDesk *desk, GeoBatch *incident, GError **error);
char *app_desk_dispatch(AppDesk *desk, int64_t incident_id, int64_t unit_id, GError **error);
char *app_desk_undo(AppDesk *desk, GError **error);

/* The last dispatch was to this incident, within the time to take it back. */
bool app_desk_may_undo(const AppDesk *desk, int64_t incident_id);

/* An incident on the street nearest to at, of a city whose units this desk simulates; with bounds,
 * one within them that waits already goes first: its id in id. The news of another comes by
 * following. */
bool app_desk_stage(AppDesk *desk, GeoLonLat at, const GeoBounds *bounds, int64_t *id,
                    GError **error);
/* Every few minutes of a running simulation, one like those of the last month. */
bool app_desk_raise(AppDesk *desk, GError **error);

/* ---- plans: desk-plan.c ---- */

/* Does what is wanted, then reads the scenario. */
AppScenario *app_desk_scenario(AppDesk *desk, AppScenarioAct *wanted, GError **error);

/* ---- rosters: desk-roster.c ---- */

/* Does what is wanted, then reads the day. */
AppRoster *app_desk_roster(AppDesk *desk, AppRosterAct *wanted, GError **error);
