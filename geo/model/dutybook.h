/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a city has written down of duty beside its rosters: who was on which job, what people
 * signed, which areas are heard without a roster, whose device is whose; and the clock that all of
 * it gives. One owner; texts are the book's. */
#include "geo/model/batch.h"
#include "geo/model/dutyclock.h"

/* A span of one unit. Of an act of duty (ON, OFF, BREAK, WELFARE, SOS) or of a job (INCIDENT). */
typedef struct {
    int64_t id; /* of the act: a later one stands; 0 of a job */
    int64_t unit_id;
    uint32_t what;                                /* GeoDutyWhat */
    int64_t from_ms, to_ms;                       /* GEO_DUTY_OPEN: goes on */
    const char *person, *device, *vehicle, *crew; /* NULL: not said; of ON */
    const char *reason, *actor;                   /* NULL: not said */
} GeoDutyEntry;

typedef struct {
    const char *area; /* code */
    int64_t from_ms, to_ms;
} GeoDutyAdmitted;

typedef struct {
    const char *key; /* what the device calls itself */
    int64_t unit_id;
    int64_t from_ms, to_ms; /* GEO_DUTY_OPEN: still */
} GeoDutyDevice;

typedef struct {
    GArray *entries;    /* GeoDutyEntry, by unit, then time */
    GArray *admissions; /* GeoDutyAdmitted */
    GArray *devices;    /* GeoDutyDevice, in the order they were bound */
    GStringChunk *text;
} GeoDutyBook;

GeoDutyBook *geo_dutybook_new(void);
void geo_dutybook_free(GeoDutyBook *book);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoDutyBook, geo_dutybook_free)

/* A copy that lives as long as the book; NULL and "" give NULL. */
const char *geo_dutybook_text(GeoDutyBook *book, const char *text);

/* Brings the entries into their order; equal ones stay as they came. */
void geo_dutybook_sort(GeoDutyBook *book);

/* Unit i of the clock is row i of units; areas are told apart by their codes. rosters_elsewhere:
 * there are others than the given ones, so that the city is not always on duty. Keeps no reference
 * to what it is given. O(rosters + entries + units). */
GeoDutyClock *geo_dutybook_clock(const GeoDutyBook *book, const GeoBatch *units,
                                 const GeoBatch *rosters, bool rosters_elsewhere);
