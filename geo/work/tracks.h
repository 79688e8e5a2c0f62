/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who was where: questions to the tracks that end in units. Each is a read for a purpose
 * (geo_store_read_tracks) with one row in the audit. What lies between two fixes is told only where
 * it is said so. */
#include "geo/model/batch.h"
#include "geo/store/store.h"

/* A unit's fixes inside, with no gap of more than GEO_TRACKS_GAP_MS between them. */
#define GEO_TRACKS_GAP_MS (INT64_C(5) * 60 * 1000)

typedef struct {
    int64_t unit_id;
    int64_t first_ms, last_ms; /* of its fixes inside */
    size_t n;
    GeoLonLat first; /* where it was first seen inside */
} GeoTracksVisit;

/* Which units had a fix in the place from <= at < to: GeoTracksVisit array, by first_ms, then unit;
 * a unit that left and came back has several. A unit that crossed between two fixes is not among
 * them: ask for passers-by. */
GArray *geo_tracks_in_box(GeoStore *store, const GeoAct *act, const GeoBounds *bounds,
                          int64_t from_ms, int64_t to_ms, GError **error);

/* The same inside the polygons of a row (an area, say): holes are outside. */
GArray *geo_tracks_in_area(GeoStore *store, const GeoAct *act, const GeoBatch *batch,
                           const GeoRow *row, int64_t from_ms, int64_t to_ms, GError **error);

typedef struct {
    int64_t unit_id;
    int64_t at_ms;     /* when it was nearest */
    GeoLonLat at;      /* and where */
    double distance_m; /* from the place */
    bool between;      /* told between two fixes, at most a minute apart */
} GeoTracksPasser;

/* Who passed within radius_m (up to 5,000) of a place within window_ms of a moment: the nearest
 * point of each unit's way, GeoTracksPasser array, nearest first. Between fixes of at most a minute
 * the way is straight. */
GArray *geo_tracks_passers(GeoStore *store, const GeoAct *act, GeoLonLat place, double radius_m,
                           int64_t at_ms, int64_t window_ms, GError **error);
