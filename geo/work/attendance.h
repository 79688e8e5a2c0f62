/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who is on duty at a moment, why and until when, and what the rosters had planned: by unit and by
 * area. A screen, a list and an act of duty all read it here. */
#include "geo/model/dutybook.h"
#include "geo/store/store.h"

/* What changes later than this is not told. */
#define GEO_ATTENDANCE_AHEAD_MS (INT64_C(96) * 3600 * 1000)

typedef struct {
    const GeoUnit *unit; /* of units */
    guint area;          /* row of areas */
    GeoDutyState state;
    GeoDutyBy by;
    int64_t until_ms;         /* when the state changes next; GEO_DUTY_OPEN: not within the time */
    bool planned;             /* by the roster */
    int64_t planned_until_ms; /* when that changes next; GEO_DUTY_OPEN: not within the time */
    int64_t heard_ms;         /* its last position within two hours; 0: none */
    const GeoDutyEntry *sign; /* the ON or OFF that stands; NULL; of the book */
} GeoAttendant;

/* A unit is planned, on, on a break: then on + on_break = planned - missing + extra. */
typedef struct {
    const char *code, *name; /* borrowed; code NULL: units of no area */
    unsigned units, planned, on, on_break;
    unsigned missing;   /* planned, and off */
    unsigned extra;     /* not planned, and on or on a break */
    unsigned no_roster; /* whose shifts nobody has told */
    unsigned heard;     /* of those on: by a position of the last ten minutes */
} GeoAttendanceSum;

typedef struct {
    int64_t at_ms;
    bool always;   /* the city has no roster at all: everybody is on duty */
    GArray *rows;  /* GeoAttendant, row i of units */
    GArray *areas; /* GeoAttendanceSum, by code; that of no area comes last */
    GeoAttendanceSum all;
    GeoBatch *units;      /* owned, as all below */
    GeoBatch *places;     /* areas of the city, without shapes */
    GHashTable *by_place; /* code -> GeoArea, of places */
    GeoDutyBook *book;
    GeoDutyClock *clock;
} GeoAttendance;

/* O(units + rosters of eleven days). */
GeoAttendance *geo_attendance_load(GeoStore *store, int64_t at_ms, GError **error);
void geo_attendance_free(GeoAttendance *attendance);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoAttendance, geo_attendance_free)

/* As geo_callsign_find_unit() finds it. */
const GeoAttendant *geo_attendance_find(const GeoAttendance *attendance, const char *word,
                                        GError **error);

/* The unit of that id; NULL: there is none. O(n). */
const GeoAttendant *geo_attendance_of(const GeoAttendance *attendance, int64_t unit_id);

/* The unit's area is this one or lies in it. */
bool geo_attendance_lies_in(const GeoAttendance *attendance, const GeoAttendant *attendant,
                            const char *area);

/* ---- acts, as geo_store_sign() takes them ---- */

/* Signs the unit off at the attendance's moment. to_ms 0: until the end of its shift, so that the
 * next one begins by itself. GEO_ERROR_REFUSED: it is not on duty, or is held by a job, a timer or
 * an SOS beyond it. */
bool geo_attendance_off(const GeoAttendance *attendance, const GeoAttendant *attendant,
                        int64_t to_ms, GeoDutyEntry *off, GError **error);

/* The same, and another unit takes its place for what was left of it. */
bool geo_attendance_swap(const GeoAttendance *attendance, const GeoAttendant *attendant,
                         const GeoAttendant *other, int64_t to_ms, GeoDutyEntry swap[2],
                         GError **error);

/* A break. to_ms 0: until the end of what the unit is on duty for. */
bool geo_attendance_break(const GeoAttendance *attendance, const GeoAttendant *attendant,
                          int64_t to_ms, GeoDutyEntry *rest, GError **error);
