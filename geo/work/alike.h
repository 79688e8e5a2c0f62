/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* For a report that comes in: the open and recent incidents that may be the same matter, best
 * first, each with the parts of its score. A suggestion; nothing is joined by it. */
#include <glib.h>

#include "geo/calc/alike.h"
#include "geo/model/frame.h"
#include "geo/store/store.h"
#include "geo/work/network.h"

#define GEO_ALIKE_LEAST 0.5   /* may be the same; below it is not told */
#define GEO_ALIKE_LIKELY 0.75 /* should be looked at before a unit is sent */

/* A phone is known to the caller alone, and here only as its hash. */
typedef struct {
    int64_t incident_id;
    uint64_t hash;
} GeoAlikePhone;

typedef struct {
    GeoLonLat at;
    bool placed;
    int64_t at_ms;
    const char *category, *words; /* may be NULL */
    uint64_t phone;               /* 0: not known */
    int64_t not_id;               /* an incident that is left out: the report's own; 0: none */
    const GeoAlikePhone *phones;  /* of incidents, where known */
    size_t n_phones;
    const GeoNetwork *network; /* for distances by road; NULL: by air alone */
    double least;              /* 0: GEO_ALIKE_LEAST */
    size_t max;                /* 0: 10 */
} GeoAlikeQuestion;

typedef struct {
    int64_t id, at_ms;
    const char *code, *name, *category, *place, *area; /* borrowed from the answer, may be NULL */
    int state;
    bool placed;
    GeoLonLat at;
    double road_m; /* NAN: not known */
    GeoAlikeScore score;
} GeoAlikeHit;

typedef struct {
    GArray *hits;    /* GeoAlikeHit, best first */
    size_t compared; /* incidents near enough in place and time */
    GStringChunk *text;
    double work_ms;
} GeoAlikes;

/* What is looked at: incidents within three reaches of the pair's kind that came within the
 * question's window before or after, and those still open that came up to a week before; without a
 * place all of these times. Void and duplicate ones are left out. The words of the 64 best by the
 * other parts are read, the 16 best go by road. By the store's index of time: O(incidents of the
 * window); 2 ms for a city of 400 a day. NULL with the store's error. */
GeoAlikes *geo_alike_find(GeoStore *store, GeoFrame *frame, const GeoAlikeQuestion *question,
                          GError **error);
void geo_alikes_free(GeoAlikes *alikes);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoAlikes, geo_alikes_free)

/* "34 m apart, 6 min apart, the same type, 4 of 10 words shared"; the caller's. */
char *geo_alike_dup_reason(const GeoAlikeHit *hit);
