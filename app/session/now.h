/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The city at one moment, as screens show it: never changed once made, shared by reference between
 * the session's thread, painters and panels. */
#include <glib.h>

#include "geo/model/cycle.h"
#include "maps/paint/incidents.h"
#include "maps/paint/units.h"

/* Where the moment comes from; a screen must say which. */
typedef enum {
    APP_TIME_STILL,      /* nothing reports: the city's newest moment */
    APP_TIME_SIMULATION, /* the simulator moves the units */
    APP_TIME_PAUSED,     /* the simulator waits */
    APP_TIME_FEED,       /* another process brings positions */
    APP_TIME_PLAYBACK,   /* the past, played back: nothing in it can be acted on */
} AppTime;

/* Who a unit of the map is. Never a person's name: naming one asks for a purpose. */
typedef struct {
    int64_t id;
    const char *code; /* call sign; may be NULL */
    bool on_duty;
    int64_t incident_id; /* it was sent to; 0: none */
} AppUnit;

typedef struct {
    int64_t id, version;
    int64_t at_ms;      /* received */
    const char *name;   /* what: name or category; never NULL */
    const char *place;  /* in words; may be NULL */
    const char *area;   /* code of the smallest area it lies in; may be NULL */
    const char *number; /* short, for people: "0417" */
    int64_t priority;   /* 1 highest .. 4 */
    int state;          /* GeoIncidentState */
    GeoLonLat at;       /* NAN: place unknown */
    const char *units;  /* codes of the units sent, "EB-214, C-042"; NULL: none */
    bool may_undo;      /* its dispatch is the act that can still be taken back */
    bool fresh;         /* came while the window was open and nobody has looked at it yet */
} AppIncident;

/* Positions of the last half hour, oldest first within a unit; anonymous. */
typedef struct {
    MapsTrailPoint *points;
    uint32_t *first; /* n + 1 */
    size_t n;
} AppTrails;

typedef struct {
    gatomicrefcount refs;
    int64_t at_ms;
    AppTime time;
    const char *zone; /* of the city; borrowed, outlives the session */
    /* units[i] is who[i]; only those on duty or with a fresh position */
    MapsUnit *units;
    AppUnit *who;
    size_t n_units;
    int64_t n_fleet, n_on_duty, n_age[MAPS_N_AGES]; /* ages of those on duty */
    AppIncident *queue;                             /* open incidents, most urgent first */
    size_t n_queue;
    AppTrails *trails;       /* of its own reference; NULL: none */
    const char *quiet;       /* areas that have gone quiet, in words; NULL: none */
    const char *feed;        /* how positions come in, in words; NULL: no feed runs */
    const char *feed_detail; /* by source and reason, in lines; NULL with feed */
    bool feed_fails;
    GStringChunk *text; /* owns the texts */
    gpointer cast;      /* an AppCast that owns the units' codes; NULL: text does */
    double speed;       /* of a playback: times the clock, negative: backwards, 0: it waits */
} AppNow;

AppNow *app_now_ref(AppNow *now);
void app_now_unref(AppNow *now); /* from any thread */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppNow, app_now_unref)

/* The incident of that id; NULL. */
const AppIncident *app_now_incident(const AppNow *now, int64_t id);
