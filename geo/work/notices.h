/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Reports of other systems, on their way into the city's queue. */
#include <glib.h>

#include "geo/model/coord.h"
#include "geo/model/notice.h"
#include "geo/work/caseload.h"

/* What its texts mean. */
typedef struct {
    GeoLonLat at;  /* WGS 84; NAN: not said */
    int64_t at_ms; /* when it was reported there; 0: not said */
    int priority;  /* 0: not said */
} GeoNoticeSense;

/* Reads number, time, place and priority. False, with the flaw in the notice, when it cannot be
 * taken. Times without an offset are of zone. */
bool geo_notices_judge(GeoNotice *notice, GTimeZone *zone, int64_t now_ms, GeoNoticeSense *sense);

typedef enum {
    GEO_NOTICE_TAKEN,
    GEO_NOTICE_KNOWN, /* it was here before: the number that it has */
    GEO_NOTICE_REFUSED,
    GEO_N_NOTICE_FATES
} GeoNoticeFate;

extern const char *const geo_notice_fate_words[];

typedef struct {
    GeoNoticeFate fate;
    GeoCallTaken call; /* unless refused */
    bool unknown_item; /* the city has no such item: taken by its category or words */
    GString *matched;  /* words that suggested the item; "" where somebody said it; owned */
    char reason[320];  /* of a refusal, in words; "" */
} GeoNoticeOutcome;

void geo_notice_outcome_init(GeoNoticeOutcome *outcome);
void geo_notice_outcome_clear(GeoNoticeOutcome *outcome);

/* Takes one report of another system into the same queue as all others. False only when the store
 * fails: a report that cannot be taken is REFUSED, and true. On disk when it returns. */
bool geo_notices_take(GeoStore *store, const GeoRouting *routing, const GeoAct *act,
                      const char *source, GTimeZone *zone, GeoNotice *notice,
                      GeoNoticeOutcome *outcome, GError **error);
