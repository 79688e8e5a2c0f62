/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What was patrolled: presence by area and hour from the tracks of the whole fleet, the rates that
 * follow, must-visit points, what cameras add, and where to go next. Of places: no unit and
 * nobody's name is in the answer. Every rate carries its formula and how much of it is unknown;
 * unknown is not absent, and over a fifth of it unknown there is no rate. */
#include "geo/calc/patrol.h"
#include "geo/model/batch.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"
#include "geo/work/coverage.h"

#define GEO_PATROLLED_SEEN_S                                                                       \
    600 /* presence that makes a grid-hour a seen one (Koper: 10 to 15 min) */
#define GEO_PATROLLED_MOST_UNKNOWN 0.2

typedef struct {
    int64_t from_ms, to_ms; /* from <= at < to; to whole seconds */
    const char *level;      /* NULL: the city's default level, or else the one with most areas */
    int64_t max_gap_ms;     /* these four: 0 as in geo/calc/patrol.h */
    double max_speed_mps;
    int64_t away_s, silence_s;
    bool must;           /* must-see places too */
    const char *windows; /* local: "06:30-14:30,22:30-06:30"; NULL: the setting "patrol_windows",
                            or else once in each third of the day */
    double radius_m;     /* how near a visit comes; 0: 50 */
    const GeoCoverageOptions *cameras; /* class of what cameras see by area; NULL: not asked */
    size_t next;                       /* how many places to go to next */
} GeoPatrolledOptions;

typedef struct {
    const char *formula; /* for people */
    double part, whole, unknown;
    double share;         /* part / (whole - unknown), 0..1; NAN: none, or too much is unknown */
    double unknown_share; /* unknown / whole; NAN: nothing was planned */
} GeoPatrolledRate;

/* Seconds of duty of those who are to be in one area and no other. */
typedef struct {
    uint64_t rostered_s; /* and of it: */
    uint64_t incident_s, break_s, present_s, unknown_s;
} GeoPatrolledPost;

typedef struct {
    const char *code, *name; /* borrowed; may be NULL */
    GeoLonLat at;
    uint32_t due, visited, late, unknown; /* windows; what is none of the last three is missing */
} GeoPatrolledPoint;

typedef struct {
    uint32_t area;
    double per_hour; /* incidents to be expected in an hour at this time of day */
    double since_h;  /* since anybody was seen there */
    bool at_least;   /* nobody was in the whole time asked: it is longer than since_h */
    double score;    /* per_hour x since_h: incidents to be expected since then */
} GeoPatrolledNext;

typedef struct {
    int64_t from_ms, to_ms;
    char *level;     /* owned, as all below */
    bool always;     /* the city has no rosters: everybody counts as on duty all the time */
    GeoBatch *areas; /* of the level, by id */
    GeoPatrol *patrol;
    size_t n_areas, n_hours;
    uint32_t *planned_s; /* by area, then hour: duty of those who are to be there, without incidents
                            and breaks; and of it: */
    uint32_t *silent_s;  /* nothing is told */
    GeoPatrolledPost *posts; /* by area */
    GeoPatrolledRate visibility, visited, on_post, must;
    char *windows;
    GArray *points; /* GeoPatrolledPoint, by code; NULL unless asked */
    GeoBatch *facilities;
    bool with_cameras;
    bool *night;               /* by hour: the sun is down in its middle */
    double *by_day, *by_night; /* share of an area's street that cameras see; NAN: no street */
    double *street_m;
    GeoPatrolledRate space_time; /* joined over all areas and hours, by metres of street */
    GArray *next;                /* GeoPatrolledNext, most pressing first */
    double load_ms, work_ms;
} GeoPatrolled;

/* Reads the day files in pieces of a quarter of an hour, so memory does not grow with the time. */
GeoPatrolled *geo_patrolled_measure(GeoStore *store, const GeoPatrolledOptions *options,
                                    GeoProgress *progress, GError **error);
void geo_patrolled_free(GeoPatrolled *patrolled);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPatrolled, geo_patrolled_free)

/* Of one area's post. */
GeoPatrolledRate geo_patrolled_post_rate(const GeoPatrolledPost *post);

/* Share of place and time in the hour that a camera or somebody present has in sight: 1 - (1 -
 * cameras' share of the street) x (1 - minutes with anybody / minutes). NAN without streets. */
double geo_patrolled_joined(const GeoPatrolled *patrolled, size_t area, size_t hour);
extern const char geo_patrolled_joined_formula[];
