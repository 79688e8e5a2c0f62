/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Ages, distances, times and states as people read them, in the language of the process. The dup
 * functions give a new text; the others borrow. */
#include <stdbool.h>
#include <stdint.h>

#include "geo/work/fleet.h"
#include "maps/paint/units.h"

/* A running clock: "0:07", "14:05", from an hour on "1 h 05", from two days on "3 d". */
char *app_words_dup_clock(double s);
/* "3 s", "4 min", "2 h", "3 d"; NAN: "never". */
char *app_words_dup_age(double s);
/* "395 m", "1.2 km"; NAN: "". */
char *app_words_dup_metres(double m);
/* "4,543 m²". */
char *app_words_dup_area(double m2);
/* "37.9 %"; NAN: "…". */
char *app_words_dup_share(double share);
/* "23:13:58"; "21 Nov 23:13"; "21 Nov 2026"; zone NULL is UTC. */
char *app_words_dup_time(int64_t at_ms, const char *zone);
char *app_words_dup_moment(int64_t at_ms, const char *zone);
char *app_words_dup_date(int64_t at_ms, const char *zone);
/* "92° E". */
char *app_words_dup_heading(double deg);

const char *app_words_unit_kind(int kind);       /* GeoUnitKind */
const char *app_words_unit_status(int status);   /* GeoUnitStatus */
const char *app_words_unit_age(MapsAge age);     /* "live" */
const char *app_words_incident_state(int state); /* GeoIncidentState */
const char *app_words_owner(int owner);          /* GeoOwner */
const char *app_words_lens(int lens);            /* GeoLens */
const char *app_words_camera_state(int state);   /* GeoCameraState */
const char *app_words_sight(int class);          /* GeoSightClass */
const char *app_words_level(const char *level);  /* of an area; unknown ones as they are */
const char *app_words_left(GeoLeft left);        /* why a unit is not offered */

/* Nobody was sent yet. */
bool app_words_waits(int incident_state);
/* The seconds within which an incident of that priority is to be dispatched; 0: none. */
double app_words_target_s(int64_t priority);
