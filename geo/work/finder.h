/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Search for places and codes in memory: areas, streets, facilities, named ground, cameras by code,
 * addresses; coordinates; and places as people say them, in any order, by sound, by initials,
 * beside and opposite of others. Never people: patrol units are not in it. */
#include <glib.h>

#include "geo/model/coord.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"

typedef enum {
    GEO_FOUND_AREA,
    GEO_FOUND_STREET,
    GEO_FOUND_FACILITY,
    GEO_FOUND_BASE, /* parks, water */
    GEO_FOUND_CAMERA,
    GEO_FOUND_ADDRESS,
    GEO_FOUND_CROSSING, /* of two streets, by their lines */
    GEO_FOUND_COORDINATES,
    GEO_N_FOUND
} GeoFoundKind;

/* Why a place is told: bits. */
typedef enum {
    GEO_WHY_SAME = 1 << 0,       /* the same words */
    GEO_WHY_BEGINS = 1 << 1,     /* its name or code begins with them */
    GEO_WHY_HOLDS = 1 << 2,      /* its name or code holds them */
    GEO_WHY_SOUND = 1 << 3,      /* sounds the same */
    GEO_WHY_NEAR_SOUND = 1 << 4, /* sounds nearly the same */
    GEO_WHY_LETTERS = 1 << 5,    /* pinyin in letters */
    GEO_WHY_INITIALS = 1 << 6,   /* first letters of the pinyin */
    GEO_WHY_PART = 1 << 7,       /* some of the name was not said, or otherwise */
    GEO_WHY_NUMBER = 1 << 8,     /* the number is the one asked for */
    GEO_WHY_BETWEEN = 1 << 9,    /* estimated between two known numbers */
    GEO_WHY_PAST = 1 << 10,      /* estimated at the nearest known number, at the street's end */
    GEO_WHY_IN_AREA = 1 << 11,   /* lies in the area named beside */
    GEO_WHY_ON_STREET = 1 << 12, /* lies at the street named beside */
    GEO_WHY_BESIDE = 1 << 13,    /* lies by the other place named */
    GEO_WHY_CROSSING = 1 << 14,
    GEO_WHY_ALIAS = 1 << 15, /* another name of the place */
    GEO_WHY_CODE = 1 << 16,
    GEO_WHY_DATUM = 1 << 17,   /* figures, in the datum named */
    GEO_WHY_TURNED = 1 << 18,  /* figures, the latitude first */
    GEO_WHY_OUTSIDE = 1 << 19, /* the place lies outside the city */
    GEO_WHY_EXCERPT =
        1 << 20, /* of a long text: score and unused are of the stretch that told it */
    GEO_N_WHY = 21
} GeoFoundWhy;

typedef enum {
    GEO_MOVE_NONE,
    GEO_MOVE_BESIDE,   /* by it: the point stays */
    GEO_MOVE_OPPOSITE, /* across the street */
    GEO_MOVE_BEHIND,   /* away from the street */
    GEO_MOVE_TOWARDS,  /* by a bearing */
    GEO_N_MOVES
} GeoFoundMove;

typedef enum { GEO_DATUM_WGS84, GEO_DATUM_GCJ02, GEO_DATUM_BD09, GEO_N_DATUMS } GeoFoundDatum;

#define GEO_FOUND_TEXT 128

typedef struct {
    GeoFoundKind kind;
    char title[GEO_FOUND_TEXT]; /* name, or code where there is none; "" for coordinates */
    const char *code;           /* borrowed from the finder; may be NULL */
    const char *level;          /* of areas; NULL otherwise */
    const char *district;       /* of the greatest level that divides the city: where it lies; NULL
                                   outside and for such an area itself */
    int64_t id;                 /* 0 for coordinates, crossings and estimated numbers */
    GeoLonLat at;               /* inside areas, on streets; moved where move says so */
    GeoBounds bounds;           /* of areas and streets; else empty */
    int rank;       /* 0 is the same text, 1 begins with it, 2 a word in it does, 3 holds it, 4 is
                       what was meant by its words */
    double score;   /* 0..1: share of what was said that fits, and how well */
    uint32_t why;   /* GeoFoundWhy bits */
    bool estimated; /* the number is not in the data */
    uint32_t between[2];         /* known numbers beside it; both alike: past the end */
    GeoFoundMove move;           /* what was done to the point */
    double moved_m, bearing_deg; /* how far and where to */
    GeoFoundDatum datum;         /* of coordinates, as taken */
    double outside_m;            /* how far from the city's bounds; 0 inside */
    char unused[GEO_FOUND_TEXT]; /* words that played no part; "" */
} GeoFound;

extern const char *const geo_found_words[]; /* "area" ...; NULL-terminated */
extern const char *const geo_why_words[];   /* "same" ..., by bit; NULL-terminated */
extern const char *const geo_move_words[];  /* "none" ...; NULL-terminated */
extern const char *const geo_datum_words[]; /* "WGS-84" ...; NULL-terminated */

typedef struct GeoFinder GeoFinder;

/* Never changed once made; any thread may search. Some 150 bytes an entry. */
GeoFinder *geo_finder_load(GeoStore *store, GeoProgress *progress, GError **error);
void geo_finder_free(GeoFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoFinder, geo_finder_free)
size_t geo_finder_size(const GeoFinder *finder);
size_t geo_finder_bytes(const GeoFinder *finder); /* of memory, its tables alone */

/* At most max into found (GeoFound, emptied first), best first: by how well the text fits, then the
 * kind, then greater areas, then nearness to near. Case and full-width forms do not matter. Codes
 * are found by their beginning, from four characters on by their middle, a grid's by its short form
 * too ("014-01"). Coordinates in figures give a place, "gcj02:117.28,31.86" in the datum named.
 * Behind these stand places that the words mean (rank 4): parts in any order, homophones, near
 * sounds, pinyin in letters and initials, numbers between known ones, crossings, "opposite",
 * "behind", "50 m north of"; each tells why and what was left over. A long report is read in
 * stretches. O(all texts): some 5 ms for a
 * city of 220,000. */
void geo_finder_search(const GeoFinder *finder, const char *text, GeoLonLat near, size_t max,
                       GArray *found);

/* A sentence in English for a found place: "sounds the same, number between 12 and 16; moved 50 m
 * north"; the caller's. */
char *geo_found_dup_reason(const GeoFound *found);
