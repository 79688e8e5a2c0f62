/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What the tracks say of each area and hour: how often somebody came, how long somebody was there,
 * how long nobody was, and how many different units came. Of places, not of people.
 *
 * A second is told of a unit when two fixes lie around it that are less than max_gap apart and
 * ask for no more than max_speed, as going straight and evenly between them, or when a fix lies in
 * it. Every other second is unknown, which is not absent: duty that nothing tells of is counted
 * apart. Streams: fixes come in pieces of time, in each by unit and then time; what is kept is one
 * bit a second of the hours that are still open, and for each unit where it was last. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"
#include "geo/model/fix.h"

#define GEO_PATROL_HOUR_S 3600

typedef struct {
    int64_t from_s, to_s; /* Unix time; from <= second < to */
    int64_t hour0_s;      /* where some hour begins: local hours need not be UTC's; 0: UTC's */
    int64_t max_gap_ms;   /* 0: 60,000 */
    double max_speed_mps; /* 0: 50 */
    int64_t away_s;       /* who comes back after less has not left; 0: 600 */
    int64_t silence_s;    /* who is heard in the same area again after less was there; 0: 3600 */
} GeoPatrolOptions;

/* Of one area in one hour. */
typedef struct {
    uint32_t visits; /* that began in this hour */
    uint32_t units;  /* different ones present */
    uint32_t unit_s; /* seconds present, of all of them together */
    uint32_t seen_s; /* at least one present */
    uint32_t gap_s;  /* the longest without anybody, within the hour */
} GeoPatrolCell;

/* Of one home in one hour: duty of those who are to be there, in seconds of all of them together.
 */
typedef struct {
    uint32_t rostered_s; /* and of it: */
    uint32_t incident_s; /* on an incident */
    uint32_t break_s;
    uint32_t told_s;    /* neither, and the second is told */
    uint32_t present_s; /* of told_s: in an area of the home */
} GeoPatrolPost;

/* Of one area over the whole time. */
typedef struct {
    uint32_t units; /* different ones */
    uint32_t gap_s; /* the longest without anybody, across hours */
    int64_t last_s; /* Unix time of the last second with anybody; INT64_MIN: none */
} GeoPatrolArea;

typedef enum { GEO_PATROL_POST, GEO_PATROL_INCIDENT, GEO_PATROL_BREAK } GeoPatrolWhat;

/* A unit is to be in its home, or has leave not to be: those of one unit do not overlap. */
typedef struct {
    int64_t unit_id;
    int64_t from_s, to_s;
    int32_t home; /* -1: of none that is known, anywhere will do */
    int32_t what; /* GeoPatrolWhat */
} GeoPatrolDuty;

/* Homes: areas in which somebody may be to be, one or several: those of home i are
 * areas[first[i]] .. areas[first[i + 1] - 1], rising. */
typedef struct {
    size_t n;
    const uint32_t *first;
    const uint32_t *areas;
} GeoPatrolHomes;

typedef struct GeoPatrol GeoPatrol;

/* Polygons in degrees, ring arrays as of geo/calc/parcel.h; copies what it needs. Straight in
 * degrees is straight. homes (NULL: none) and duty (by unit, then time) are copied too. */
GeoPatrol *geo_patrol_new(const GeoPatrolOptions *options, const GeoLonLat *points,
                          const uint32_t *ring_point0, const uint32_t *ring0, size_t n_areas,
                          const GeoPatrolHomes *homes, const GeoPatrolDuty *duty, size_t n_duty);
void geo_patrol_free(GeoPatrol *patrol);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPatrol, geo_patrol_free)

/* Fixes by unit, then time; of each unit later than what was given before. They should begin
 * max_gap before the time and end max_gap after it. O(n). */
void geo_patrol_take(GeoPatrol *patrol, const GeoFix *fixes, size_t n);

/* No fix before until_s is to come: hours that end max_gap before it are counted up and their bits
 * freed. Call with INT64_MAX at the end, before asking anything. */
void geo_patrol_settle(GeoPatrol *patrol, int64_t until_s);

/* Each in its hours. */
size_t geo_patrol_hours(const GeoPatrol *patrol);
int64_t geo_patrol_hour_s(const GeoPatrol *patrol, size_t hour); /* when it begins */
/* How much of it lies in the time asked, in seconds. */
uint32_t geo_patrol_hour_length(const GeoPatrol *patrol, size_t hour);
const GeoPatrolCell *geo_patrol_cells(const GeoPatrol *patrol, size_t area);
/* home n is that of those who have none. */
const GeoPatrolPost *geo_patrol_posts(const GeoPatrol *patrol, size_t home);
GeoPatrolArea geo_patrol_area(const GeoPatrol *patrol, size_t area);

/* Fixes taken, links between two that are told, and those that are not: too far apart in time, too
 * fast. */
typedef struct {
    uint64_t fixes, links, gaps, leaps;
} GeoPatrolCounts;
GeoPatrolCounts geo_patrol_counts(const GeoPatrol *patrol);

/* Runs of told seconds as they come, for whoever has another question to them: the unit, where it
 * was at second from_s, what it moves in a second, and how many seconds. Metres of the plane that
 * geo_patrol_xy() gives. */
typedef void (*GeoPatrolRunFunc)(int64_t unit_id, int64_t from_s, GeoXY at, GeoXY step, uint32_t n,
                                 void *user);
void geo_patrol_set_watcher(GeoPatrol *patrol, GeoPatrolRunFunc func, void *user);
GeoXY geo_patrol_xy(const GeoPatrol *patrol, GeoLonLat p);

/* The area that holds p; -1: none. */
int32_t geo_patrol_find(const GeoPatrol *patrol, GeoLonLat p);
