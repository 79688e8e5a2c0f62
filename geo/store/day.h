/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The file of one UTC day of positions: a hot log, and the blocks that it is sealed into. What was
 * put in reads back the same before and after, but for speed and heading: these a sealed fix has no
 * more, and its accuracy is the worst of its piece. Places are kept in cells of
 * geo/model/trackcode.h. Private to geo/store; belongs to one thread. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/fix.h"
#include "geo/model/trackcode.h"

#define GEO_DAY_VERSION 2
#define GEO_DAY_MS INT64_C(86400000)
/* Hot fixes are sealed when there are so many, or the oldest came in so long ago; in the second
 * case what came in last stays hot, so that live fixes have their own speed and heading. */
#define GEO_DAY_HOT_FIXES 2000000
#define GEO_DAY_HOT_MS (INT64_C(16) * 60 * 1000)
#define GEO_DAY_LIVE_MS (INT64_C(60) * 1000)

typedef struct GeoDay GeoDay;

/* "2026-11-21.sqlite" of a moment; owned. */
char *geo_day_dup_name(int64_t at_ms);
/* It is such a name. */
bool geo_day_is_name(const char *name);
/* The first moment of the day of that name. */
int64_t geo_day_begin_ms(const char *name);

/* Opens the file in folder. write: it is made where it is not, and one of version 1 is brought to
 * ours. NULL with *found false, and no error, when there is none to read. */
GeoDay *geo_day_open(const char *folder, const char *name, bool write, bool *found, GError **error);
void geo_day_close(GeoDay *day);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoDay, geo_day_close)

const char *geo_day_name(const GeoDay *day);
bool geo_day_writes(const GeoDay *day);
/* The file that is open still bears its name: nobody has purged the day. */
bool geo_day_is_there(const GeoDay *day);

/* Puts fixes, all of that day, into the hot log, on disk when it returns. */
bool geo_day_put(GeoDay *day, const GeoFix *fixes, size_t n, int64_t now_ms, GError **error);

/* There are hot fixes and they are many or old. */
bool geo_day_is_due(const GeoDay *day, int64_t now_ms);
bool geo_day_is_hot(const GeoDay *day);

/* Seals what is hot, each block in a transaction of its own. over, after the day: all of it, and
 * the room goes back to the file system. */
bool geo_day_seal(GeoDay *day, int64_t now_ms, bool over, GError **error);

typedef struct {
    int64_t from_ms, to_ms; /* from <= at < to */
    const int64_t *unit_id; /* NULL: all */
    const GeoTrackBox *box; /* NULL: everywhere */
} GeoDayQuery;

/* Appends what is asked for to fixes, GeoFix, in no order and with doubles, the one that came first
 * before the others. */
bool geo_day_read(GeoDay *day, const GeoDayQuery *query, GArray *fixes, GError **error);

/* Each unit's newest fix with from_ms <= at <= at_ms, to fixes, where it is newer than the one that
 * newest (unit id as int64_t *, owned -> index in fixes + 1) knows; both grow. */
bool geo_day_last(GeoDay *day, int64_t from_ms, int64_t at_ms, GHashTable *newest, GArray *fixes,
                  GError **error);

/* The time of the newest fix; 0 when there is none. */
bool geo_day_newest(GeoDay *day, int64_t *at_ms, GError **error);

/* Every sealed piece can be read and blocks hold as many fixes as they say: findings get a text for
 * each that does not. */
bool geo_day_check(GeoDay *day, GPtrArray *findings, GError **error);
