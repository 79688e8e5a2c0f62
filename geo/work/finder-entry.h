/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a finder keeps and how its parts hand on a question, for the finder's own files only:
 * finder-load.c reads rows, finder-names.c makes the index of names, finder-ask.c reads a question,
 * finder-match.c fits names to its words, finder-street.c knows the streets' lines, finder-answer.c
 * puts places together. */
#include "geo/calc/sound.h"
#include "geo/work/finder.h"

#define GEO_FINDER_NO_TEXT UINT32_MAX
#define GEO_FINDER_NONE UINT32_MAX

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
    uint8_t class;        /* of addresses: GeoAddressClass */
} GeoFinderEntry;

typedef struct {
    uint32_t name; /* offset */
    uint32_t n;    /* areas: the fewer, the greater they are */
} GeoFinderLevel;

typedef struct {
    GeoBounds bounds;
    uint32_t row; /* of areas: in the batch of areas */
} GeoFinderBox;

/* ---- names ---- */

/* A character, a word or a number that names are made of. */
typedef struct {
    uint32_t han;  /* 0: a word */
    uint32_t text; /* of a word: offset */
    GeoSound sounds[GEO_SOUND_MOST];
    uint8_t n_sounds;
    bool digits;
    uint32_t letters; /* bits: with what letter it may begin */
    float weight;     /* 0.2 .. 1: the rarer, the more it tells */
    uint32_t name0, n_names;
} GeoFinderGlyph;

typedef struct {
    uint32_t text; /* offset, folded */
    uint32_t glyph0;
    uint32_t n_glyphs;
    uint32_t n_city; /* of these, at the beginning: but the city's name */
    float weight;
    uint32_t own0, n_own;     /* entries of that name, in own */
    uint32_t key0, n_keys;    /* numbered entries, in keys */
    uint32_t piece0, n_piece; /* lines of a street, in pieces */
} GeoFinderName;

typedef enum {
    GEO_FINDER_DOOR,
    GEO_FINDER_BUILDING,
    GEO_FINDER_POLE,
    GEO_FINDER_STOP,
    GEO_FINDER_N_GROUPS
} GeoFinderGroup;

/* An entry under the name of its street or compound, by its number. */
typedef struct {
    uint32_t name, group, number, entry;
} GeoFinderKey;

typedef struct {
    uint32_t name, entry;
} GeoFinderOwn;

typedef struct {
    float x, y; /* metres from the finder's origin */
} GeoFinderPoint;

typedef struct {
    uint32_t name, point0, n;
    float west, south, east, north;
} GeoFinderPiece;

struct GeoFinder {
    GArray *entries;   /* GeoFinderEntry */
    GArray *boxes;     /* GeoFinderBox of areas and streets */
    GArray *levels;    /* GeoFinderLevel */
    GString *texts;    /* with their zeros */
    GHashTable *words; /* text -> offset + 1, while loading: equal texts are kept once */
    GeoBounds bounds;  /* of all */
    GeoBatch *areas;   /* with their rings */
    GArray *districts; /* uint32_t: rows of areas of the greatest level that divides the city */
    char **city;       /* the words of its name, folded: said before many an address, and no help */

    GArray *names;                /* GeoFinderName */
    GArray *glyphs;               /* GeoFinderGlyph */
    GArray *spelt;                /* uint32_t: glyphs of the names, one name behind another */
    GArray *posts;                /* uint32_t: names of the glyphs */
    GArray *keys;                 /* GeoFinderKey, sorted */
    GArray *own;                  /* GeoFinderOwn, sorted */
    GArray *pieces;               /* GeoFinderPiece, by name */
    GArray *points;               /* GeoFinderPoint */
    GHashTable *by_text;          /* offset + 1 of a folded text -> name + 1, while loading */
    GHashTable *by_han, *by_word; /* to glyph + 1 */
    GeoLonLat origin;
    double m_per_lon, m_per_lat;
};

static inline const char *geo_finder_text(const GeoFinder *finder, uint32_t at)
{
    return at == GEO_FINDER_NO_TEXT ? NULL : finder->texts->str + at;
}

static inline bool geo_finder_is_alias(const GeoFinderEntry *entry)
{
    return entry->kind == GEO_FOUND_ADDRESS && entry->class == GEO_ADDRESS_ALIAS;
}

/* Case and width do not matter: NFKC makes "１２" 12. NULL for what is no UTF-8. */
char *geo_finder_fold(const char *text);
uint32_t geo_finder_put_text(GeoFinder *finder, const char *text);

/* Whether a row's polygon holds p. */
bool geo_finder_holds(const GeoBatch *batch, const GeoRow *row, GeoLonLat p);

/* ---- finder-names.c ---- */

/* One unit of a text: a Chinese character, a run of letters or a run of digits. */
typedef struct {
    uint32_t han; /* 0: a word */
    uint32_t start, end;
    bool digits;
} GeoFinderUnit;

/* The next unit of folded text from *at on, which moves behind it; false at the end. */
bool geo_finder_unit(const char *text, uint32_t *at, GeoFinderUnit *unit);

void geo_finder_names_begin(GeoFinder *finder);
/* The name of a text, made where it is new; GEO_FINDER_NONE for what holds no unit. */
uint32_t geo_finder_name(GeoFinder *finder, const char *folded);
void geo_finder_add_own(GeoFinder *finder, uint32_t name, uint32_t entry);
/* An address goes under its street's or compound's name by number, or under its own. */
void geo_finder_add_address(GeoFinder *finder, const GeoAddress *address, uint32_t entry);
void geo_finder_names_end(GeoFinder *finder);
void geo_finder_names_clear(GeoFinder *finder);

/* ---- finder-street.c ---- */

GeoXY geo_finder_xy(const GeoFinder *finder, GeoLonLat p);
GeoLonLat geo_finder_lonlat(const GeoFinder *finder, GeoXY p);
void geo_finder_add_piece(GeoFinder *finder, uint32_t name, const GeoLonLat *line, size_t n);

/* The nearest place on a street (name GEO_FINDER_NONE: on any) at most max_m off: how far, INFINITY
 * when there is none; foot may be NULL. O(points of the street within the box). */
double geo_finder_off_street(const GeoFinder *finder, uint32_t name, GeoXY p, double max_m,
                             GeoXY *foot);
/* Where two streets meet, or come within max_m of each other when they do not: GeoXY. */
void geo_finder_crossings(const GeoFinder *finder, uint32_t a, uint32_t b, double max_m,
                          GArray *places);

/* ---- finder-ask.c ---- */

#define GEO_FINDER_MAX_UNITS 60 /* of a question, bits of a mask; the rest is told as not used */
#define GEO_FINDER_MAX_NUMBERS 8

typedef enum {
    GEO_FINDER_BARE,
    GEO_FINDER_HOUSE,
    GEO_FINDER_BLOCK, /* a building of a compound */
    GEO_FINDER_ROOM,  /* flats, stairs, people, cars, hours: nothing of the city's data */
    GEO_FINDER_METRES
} GeoFinderNumberKind;

typedef struct {
    uint32_t han, start, end;
    GeoSound sounds[GEO_SOUND_MOST];
    uint8_t n_sounds;
    bool digits, typed; /* typed: a syllable in letters */
    bool filler;        /* tells nothing; not told as unused */
    float weight;
} GeoFinderAskUnit;

typedef struct {
    uint64_t mask;
    uint32_t value;
    GeoFinderNumberKind kind;
} GeoFinderNumber;

typedef struct {
    const char *text; /* folded, borrowed */
    GeoFinderAskUnit units[GEO_FINDER_MAX_UNITS];
    unsigned n_units;
    GeoFinderNumber numbers[GEO_FINDER_MAX_NUMBERS];
    unsigned n_numbers;
    GeoFoundMove move;
    double bearing_deg, metres; /* of a move; metres 0: not said */
    uint64_t move_mask, metres_mask, crossing_mask, pole_mask, stop_mask;
    bool has_syllables; /* runs of letters that may be pinyin */
    bool cut_otherwise; /* and one of them in another way */
    double weight;      /* of all */
} GeoFinderAsk;

/* How runs of letters are read: as words, or as pinyin where they can be, cut in two ways. */
typedef enum {
    GEO_FINDER_WORDS,
    GEO_FINDER_SYLLABLES,
    GEO_FINDER_OTHER_SYLLABLES,
    GEO_FINDER_N_READINGS
} GeoFinderReading;

void geo_finder_ask(const GeoFinder *finder, const char *folded, GeoFinderReading reading,
                    GeoFinderAsk *ask);

/* ---- finder-match.c ---- */

typedef struct {
    uint32_t name;
    uint64_t mask;  /* units of the question that it takes */
    float complete; /* share of the name's weight that was said */
    float likeness; /* 0..1, mean of what was said: 1 is the same characters */
    float value;    /* weight said x likeness */
    uint32_t why;   /* GEO_WHY bits */
} GeoFinderSpan;

/* The names that fit some words of the question, best first, at most max. */
GArray *geo_finder_match(const GeoFinder *finder, const GeoFinderAsk *ask, guint max);

/* ---- finder-answer.c ---- */

typedef struct {
    uint32_t entry;       /* GEO_FINDER_NONE: made */
    uint32_t name, other; /* made: an estimated number of a street, or a crossing of two */
    uint32_t number;
    GeoXY at;
    uint64_t used;
    double score, order; /* order: the score, and a little for nearness */
    uint32_t why;
    uint32_t between[2];
    bool moves; /* the question's relation is about it */
} GeoFinderAnswer;

/* What a question may mean (GeoFinderAnswer), best first, at most max; near as geo_finder_xy(). */
GArray *geo_finder_answer(const GeoFinder *finder, const GeoFinderAsk *ask, GeoXY near, guint max);

/* ---- finder-say.c ---- */

/* Fills a hit with an answer's score, reasons, what was left over, the title of a made place, and
 * moves it where the question says so. */
void geo_finder_tell(const GeoFinder *finder, const GeoFinderAsk *ask,
                     const GeoFinderAnswer *answer, GeoFound *hit);
