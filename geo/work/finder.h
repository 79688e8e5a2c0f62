/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Search for places and codes in memory: areas, streets, facilities, named ground, cameras by code,
 * addresses; and coordinates. Never people: patrol units are not in it. */
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
    GEO_FOUND_COORDINATES,
    GEO_N_FOUND
} GeoFoundKind;

typedef struct {
    GeoFoundKind kind;
    const char *title;    /* name, or code where there is none; borrowed from the finder */
    const char *code;     /* may be NULL */
    const char *level;    /* of areas; NULL otherwise */
    const char *district; /* of the greatest level that divides the city: where it lies; NULL
                             outside and for such an area itself */
    int64_t id;           /* 0 for coordinates */
    GeoLonLat at;         /* inside areas, on streets */
    GeoBounds bounds;     /* of areas and streets; else empty */
    int rank; /* 0 is the same text, 1 begins with it, 2 a word in it does, 3 holds it */
} GeoFound;

extern const char *const geo_found_words[]; /* "area" ...; NULL-terminated */

typedef struct GeoFinder GeoFinder;

/* Never changed once made; any thread may search. Some 130 bytes an entry. */
GeoFinder *geo_finder_load(GeoStore *store, GeoProgress *progress, GError **error);
void geo_finder_free(GeoFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoFinder, geo_finder_free)
size_t geo_finder_size(const GeoFinder *finder);

/* At most max into found (GeoFound, emptied first), best first: by how well the text fits, then the
 * kind, then greater areas, then nearness to near. Case and full-width forms do not matter. Codes
 * are found by their beginning, from four characters on by their middle, a grid's by its short form
 * too ("014-01"). Coordinates in figures give a place. O(all texts), 3 ms for a city of 220,000. */
void geo_finder_search(const GeoFinder *finder, const char *text, GeoLonLat near, size_t max,
                       GArray *found);
