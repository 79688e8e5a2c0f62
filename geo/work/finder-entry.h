/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a finder keeps, for finder.c and finder-load.c only. */
#include "geo/work/finder.h"

#define GEO_FINDER_NO_TEXT UINT32_MAX

/* Offsets are of texts in the finder's block; GEO_FINDER_NO_TEXT: none. */
typedef struct {
    int64_t id;
    GeoLonLat at;
    uint32_t title, code;
    uint32_t folded;      /* of the name; none where the title is but the code */
    uint32_t folded_code; /* of the code */
    uint32_t box;         /* 1 + its index in boxes; 0: the place alone */
    uint8_t kind;         /* GeoFoundKind */
    uint8_t level;        /* of areas: index in levels */
} GeoFinderEntry;

typedef struct {
    uint32_t name; /* offset */
    uint32_t n;    /* areas: the fewer, the greater they are */
} GeoFinderLevel;

struct GeoFinder {
    GArray *entries;     /* GeoFinderEntry */
    GArray *boxes;       /* GeoBounds of areas and streets */
    GArray *levels;      /* GeoFinderLevel */
    GString *texts;      /* with their zeros */
    GHashTable *words;   /* text -> offset + 1, while loading: equal texts are kept once */
    GeoBounds bounds;    /* of all */
    GeoBatch *districts; /* areas of the greatest level that divides the city */
    uint32_t n_districts;
};

/* Case and width do not matter: NFKC makes "１２" 12. NULL for what is no UTF-8. */
char *geo_finder_fold(const char *text);
