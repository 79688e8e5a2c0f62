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
    const char *title; /* name, or code where there is none; borrowed from the finder */
    const char *code;  /* may be NULL */
    const char *level; /* of areas; NULL otherwise */
    int64_t id;        /* 0 for coordinates */
    GeoLonLat at;
    GeoBounds bounds; /* of areas; else empty */
    int rank;         /* 0 is the same text, 1 begins with it, 2 holds it */
} GeoFound;

typedef struct GeoFinder GeoFinder;

/* Never changed once made; any thread may search. Some 100 bytes an entry. */
GeoFinder *geo_finder_load(GeoStore *store, GeoProgress *progress, GError **error);
void geo_finder_free(GeoFinder *finder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoFinder, geo_finder_free)
size_t geo_finder_size(const GeoFinder *finder);

/* At most max into found (GeoFound, emptied first), best first: by how well the text fits, then the
 * kind, then nearness. Case and full-width forms do not matter; the short form of a grid's code
 * ("014-01") is found too. O(all texts), some ms for a city. */
void geo_finder_search(const GeoFinder *finder, const char *text, GeoLonLat near, size_t max,
                       GArray *found);
