/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Inside of a day file, for day.c (writing) and day-read.c. */
#include "geo/store/day.h"
#include "geo/store/db.h"
#include "geo/store/roll.h"

enum { GEO_DAY_FIX_BYTES = 8 + 8 + 4 + 4 + 4 + 4 + 4 };

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
