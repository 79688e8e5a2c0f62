/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A day of the rosters as a page shows it, planned against present, and what may be done there. */
#include "geo/work/attendance.h"

typedef struct {
    const char *code;     /* "" of units of no area */
    const char *name;     /* NULL: not known */
    unsigned shifts;      /* of the day */
    GeoAttendanceSum now; /* borrows nothing: code and name are NULL */
} AppRosterArea;

/* A shift of the day, or a unit that has none. */
typedef struct {
    int64_t shift_id, version; /* 0: none */
    int64_t unit_id;
    const char *unit;
    int64_t from_ms, to_ms;
    const char *shift, *post, *beat; /* NULL: not said */
    GeoDutyState state;              /* now, of the unit */
    GeoDutyBy by;
    int64_t until_ms; /* GEO_DUTY_OPEN: not within four days */
    const char *person;
} AppRosterRow;

typedef struct {
    int64_t day_ms, end_ms; /* a day of the city's zone */
    int64_t now_ms;
    const char *zone;     /* of the city */
    GeoAttendanceSum all; /* now, of the city; code and name are NULL */
    bool always;          /* nobody has told any shift */
    GArray *areas;        /* AppRosterArea, by code */
    guint area;           /* the one whose rows these are */
    GArray *rows;         /* AppRosterRow, by time, then unit; units without a shift come last */
    int64_t shift_id;     /* that was put or removed; 0: none */
    int64_t version;      /* of it now; 0: it is gone */
    char *said;           /* what was done, for people; NULL: nothing */
    GStringChunk *text;
} AppRoster;

void app_roster_free(AppRoster *roster);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppRoster, app_roster_free)

typedef enum {
    APP_ROSTER_LOOK,
    APP_ROSTER_PUT,    /* row 0 of shift, new (version 0) or known */
    APP_ROSTER_REMOVE, /* that shift */
    APP_ROSTER_ON,     /* the unit signs on for APP_ROSTER_ON_MS */
    APP_ROSTER_OFF,
    APP_ROSTER_BREAK,
    APP_ROSTER_RESUME,
    APP_ROSTER_ADMIT, /* the area, for APP_ROSTER_ON_MS */
} AppRosterWant;

#define APP_ROSTER_ON_MS (INT64_C(12) * 3600 * 1000)

typedef struct {
    AppRosterWant want;
    int64_t at_ms;   /* the day that holds it is shown; 0: today */
    char *area;      /* code; NULL: the first; owned */
    int64_t unit_id; /* who signs */
    GeoBatch *shift; /* owned; NULL: none */
} AppRosterAct;

void app_roster_act_clear(AppRosterAct *act);
