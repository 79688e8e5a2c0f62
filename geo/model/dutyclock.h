/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who is on duty when, and why. Duty follows the roster and what dispatchers sign, and ends at the
 * later of that and the release from the last incident, welfare timer or SOS: nobody on a job drops
 * off the map because a shift is over. Times are spans from <= t < to in UTC, so neither midnight
 * nor the change of the day file is anything special. No clock in here: the caller says when. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum {
    GEO_DUTY_SHIFT,    /* of the roster */
    GEO_DUTY_INCIDENT, /* assigned until released */
    GEO_DUTY_WELFARE,  /* a welfare timer runs */
    GEO_DUTY_SOS,      /* raised until ended */
    GEO_DUTY_BREAK,    /* present, but its place is nobody's business */
    GEO_DUTY_ON,       /* signed on by an act, from the act until its end */
    GEO_DUTY_OFF,      /* signed off by an act, until the end of what it left */
    GEO_N_DUTY_SPANS
} GeoDutyWhat;

extern const char *const geo_duty_words[]; /* "shift", "incident", "welfare" ... */

#define GEO_DUTY_OPEN INT64_MAX /* to_ms of what goes on */

typedef struct {
    uint32_t unit;
    uint32_t what;          /* GeoDutyWhat */
    int64_t from_ms, to_ms; /* an empty span says nothing */
    int64_t order;          /* of ON and OFF: where two cover a moment, the higher one stands */
} GeoDutySpan;

/* Units of an area without roster are admitted for a time. */
typedef struct {
    uint32_t area;
    int64_t from_ms, to_ms;
} GeoDutyAdmission;

typedef enum {
    GEO_DUTY_STATE_OFF,
    GEO_DUTY_STATE_NO_ROSTER, /* off, because nobody has told the area's shifts */
    GEO_DUTY_STATE_BREAK,     /* presence is kept, place is not */
    GEO_DUTY_STATE_ON,
    GEO_N_DUTY_STATES
} GeoDutyState;

extern const char *const geo_duty_state_words[]; /* "off", "no-roster", "break", "on" */

typedef enum {
    GEO_DUTY_BY_NOTHING,
    GEO_DUTY_BY_SHIFT,
    GEO_DUTY_BY_SIGN,     /* an act: on or off */
    GEO_DUTY_BY_INCIDENT, /* beyond shift and sign: held by a job */
    GEO_DUTY_BY_WELFARE,
    GEO_DUTY_BY_SOS,
    GEO_DUTY_BY_ADMISSION, /* of its area */
    GEO_DUTY_BY_DEFAULT,   /* the city has no roster at all: always on duty */
    GEO_N_DUTY_BYS
} GeoDutyBy;

extern const char *const geo_duty_by_words[];

/* An area has a roster at a time when a shift of any of its units lies within so many ms of it: one
 * that ran out is none. */
#define GEO_DUTY_ROSTER_NEAR_MS (INT64_C(72) * 3600 * 1000)

typedef struct GeoDutyClock GeoDutyClock;

/* Copies what it is given. area_of names each unit's area, 0 .. n_areas-1; a unit of none is in one
 * area with all others of none (any number from n_areas on). Spans and admissions of unknown units
 * and areas are passed over. O(s log s). */
GeoDutyClock *geo_dutyclock_new(const uint32_t *area_of, size_t n_units, size_t n_areas,
                                const GeoDutySpan *spans, size_t n_spans,
                                const GeoDutyAdmission *admissions, size_t n_admissions);
void geo_dutyclock_free(GeoDutyClock *clock);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoDutyClock, geo_dutyclock_free)

/* The city has no shift at all. */
bool geo_dutyclock_is_always(const GeoDutyClock *clock);

/* by may be NULL. O(log of the unit's spans). */
GeoDutyState geo_dutyclock_at(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms,
                              GeoDutyBy *by);

/* What the roster alone says. */
bool geo_dutyclock_planned(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms);

/* When what the roster says of the unit changes next; GEO_DUTY_OPEN when never. */
int64_t geo_dutyclock_planned_until(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms);

/* When the state that the unit is in at at_ms changes next: GEO_DUTY_OPEN when never. O(spans of
 * the unit and its area, times log). */
int64_t geo_dutyclock_until(const GeoDutyClock *clock, uint32_t unit, int64_t at_ms);
