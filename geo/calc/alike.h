/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How likely two reports are of one matter: a score with the share of each of its parts, so that a
 * person can see why. It never decides. Pure. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

#define GEO_ALIKE_MAX_WORDS 256 /* of one report; later ones are left out */

typedef enum {
    GEO_ALIKE_PLACE,
    GEO_ALIKE_TIME,
    GEO_ALIKE_TYPE,
    GEO_ALIKE_WORDS,
    GEO_ALIKE_PHONE,
    GEO_ALIKE_N_PARTS
} GeoAlikePart;

extern const char *const geo_alike_words[]; /* "place" ...; NULL-terminated */

/* Reports of one kind of matter: how far apart two of the same may be told. */
typedef struct {
    const char *word;  /* "traffic" ...; "other" for what the table does not know */
    int family;        /* kinds that one caller may call so, and another otherwise */
    double reach_m;    /* at that distance the place counts one half; nothing counts beyond three */
    int64_t window_ms; /* so long apart the time counts nothing */
} GeoAlikeKind;

/* The kind of a category in the words of its source, Chinese or English, whatever the case; never
 * NULL. category may be NULL. */
const GeoAlikeKind *geo_alike_kind(const char *category);

typedef struct {
    GeoXY at;
    bool placed;
    bool open; /* not over: one that lasts is told again days later */
    int64_t at_ms;
    const char *category;  /* may be NULL */
    const uint32_t *words; /* of geo_alike_words_of() */
    size_t n_words;
    uint64_t phone; /* a hash that the caller makes; 0: not known. The number itself comes no nearer
                       than this. */
} GeoAlikeReport;

/* Shared words are counted by hashes: of Chinese every two characters that stand together, of other
 * writing whole words, of numbers the number. Sorted, each once; their number, at most max. text
 * may be NULL. O(n log n). */
size_t geo_alike_words_of(const char *text, uint32_t *words, size_t max);

typedef struct {
    double score;                     /* 0..1 */
    double share[GEO_ALIKE_N_PARTS];  /* 0..1 of each part; NAN: not known of one of the two */
    double points[GEO_ALIKE_N_PARTS]; /* what each part adds to the score; their sum is it */
    double distance_m, apart_ms;      /* distance by air; NAN: not known */
    const GeoAlikeKind *kind;         /* whose limits were used */
    bool within; /* within three reaches, and its window or one is open; else another matter */
} GeoAlikeScore;

/* road_m: how far by road, below 0: not known. The order of a and b does not matter; the score
 * never grows with distance or time apart. Cannot fail. O(words). */
GeoAlikeScore geo_alike_score(const GeoAlikeReport *a, const GeoAlikeReport *b, double road_m);
