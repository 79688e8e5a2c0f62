/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The clocks of a case: none of them is ever set back. Bands as command rooms report them. */
#include "geo/model/casefile.h"
#include "geo/model/servicebook.h"

/* A span that has not happened. */
#define GEO_CLOCK_NONE INT64_C(-1)

typedef struct {
    int64_t age_ms;          /* since it was received; of one that is over: until then */
    int64_t in_state_ms;     /* since it came into its state */
    int64_t level_ms;        /* since its present holder has it; NONE: nobody has */
    int64_t held_ms;         /* parked in all, the present span too */
    int64_t queue_ms;        /* received to the first dispatch; while there is none: until now */
    int64_t accept_ms;       /* first dispatch to acceptance; while it is red: until now */
    int64_t turnout_ms;      /* first dispatch to en route */
    int64_t response_ms;     /* received to the first arrival that a person told, corrected */
    int64_t response_gps_ms; /* the same by position */
    int64_t scene_ms;        /* first arrival to the last clearing */
    int64_t report_ms;       /* cleared to reported */
    bool unaccepted;         /* somebody was sent and nobody has accepted */
} GeoCaseClocks;

GeoCaseClocks geo_case_clocks(const GeoCase *one, int64_t now_ms);

/* A dispatch that nobody has accepted for so long comes back to the desk. */
#define GEO_CASE_UNACCEPTED_MS INT64_C(60000)

typedef enum { GEO_BAND_ACCEPT, GEO_BAND_TURNOUT, GEO_BAND_REPORT, GEO_N_BAND_KINDS } GeoBandKind;

/* "0-30 s" ... ">180 s"; "" for NONE. */
const char *geo_case_band(GeoBandKind kind, int64_t span_ms);

/* One of the item's targets, reckoned from the report. */
typedef struct {
    const char *what; /* "accepted", "there", "reported" */
    int min;          /* the minutes it may take */
    int64_t took_ms; /* what it took; while it is not done: until now, or until the case was over */
    bool done, late;
} GeoCaseTarget;

#define GEO_N_CASE_TARGETS 3

/* Those that the item has, in the order of a day; item may be NULL. Returns how many. A unit that
 * is there has accepted; that it is there is what a person told, corrected. */
size_t geo_case_targets(const GeoCase *one, const GeoServiceItem *item, int64_t now_ms,
                        GeoCaseTarget targets[GEO_N_CASE_TARGETS]);
