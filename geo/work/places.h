/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Must-see places, school gates and stations and such, and whether the ground before them is seen.
 */
#include "geo/calc/cover.h"
#include "geo/work/sight.h"

typedef struct {
    const char *code, *name; /* borrowed from rows; may be NULL */
    int kind;                /* GeoFacilityClass */
    GeoLonLat at;
    GeoXY xy;
    bool seen;
    bool unsure; /* not seen, but may be, as headings may be off; false when not asked */
    int class;   /* highest GeoSightClass that it is seen at; -1: none, or not asked */
} GeoPlace;

typedef struct {
    GeoBatch *rows; /* owned */
    GeoPlace *all;  /* by kind, then name, then id; owned */
    size_t n;
} GeoPlaces;

/* All must-see places that have a point; seen is false, class -1. */
GeoPlaces *geo_places_load(GeoStore *store, GeoFrame *frame, GError **error);
void geo_places_free(GeoPlaces *places);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPlaces, geo_places_free)

/* At least half of the open ground within 10 m is seen; a place deep within a building is judged by
 * the first ring around it that has any. Places that the cover is asked about may lie anywhere. */
bool geo_places_is_seen(const GeoEdges *edges, const GeoCover *cover, GeoXY p);

/* Judges every place by the cover. */
void geo_places_judge(GeoPlaces *places, const GeoEdges *edges, const GeoCover *cover);

/* The highest class that each place is seen at, at this hour: fields are drawn anew, class by
 * class, for the cameras that may see one; of the class that was judged by cover, cover tells, -1:
 * none was.
 * Fails only by cancel. */
bool geo_places_classify(GeoPlaces *places, const GeoSight *sight, const GeoCover *cover,
                         int judged, bool night, GeoProgress *progress, GError **error);
