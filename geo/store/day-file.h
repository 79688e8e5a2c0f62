/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Inside of a day file, for day.c (writing) and day-read.c. */
#include "geo/store/day.h"
#include "geo/store/db.h"
#include "geo/store/roll.h"

enum { GEO_DAY_FIX_BYTES = 8 + 8 + 4 + 4 + 4 + 4 + 4 };

/* What is asked of a day's tables: the tests look at the plans. */
enum {
    GEO_DAY_ASKS_HOT,      /* groups of a span */
    GEO_DAY_ASKS_SEGMENT,  /* one */
    GEO_DAY_ASKS_SEAT,     /* one */
    GEO_DAY_ASKS_SEGMENTS, /* all of a block */
    GEO_DAY_ASKS_UNIT,     /* blocks of a span, for one unit */
    GEO_DAY_ASKS_BOXES,    /* the same for a place */
    GEO_DAY_ASKS_NEWEST,   /* the same, newest first */
    GEO_N_DAY_ASKS
};
extern const char *const geo_day_queries[];

struct GeoDay {
    GeoDb *db;
    char *name;
    bool writes;
    uint64_t inode;
    int64_t version;
    int64_t n_hot, oldest_ms; /* what is hot, and when the first of it came in: of a writer */
    GeoRoll *roll;            /* of the units sealed here; NULL until asked for */
};

/* One record of the hot log; the place is the middle of its cell. */
GeoFix geo_day_unpack(const GeoDay *day, const guint8 *bytes);

/* The roll, with what others have sealed meanwhile. */
GeoRoll *geo_day_roll(GeoDay *day, GError **error);
