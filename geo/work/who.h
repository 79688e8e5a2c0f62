/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who sees this place: the fields of a city's cameras in cells, and the cameras of a place by how
 * much they tell there. */
#include "geo/work/sight.h"

typedef struct GeoWho GeoWho;

typedef struct {
    uint32_t camera; /* row of the sight's cameras */
    double distance_m;
    double px_per_m; /* density there (IEC 62676-4) */
    int class;       /* GeoSightClass that it reaches there */
} GeoWhoSeer;

/* The fields as sight has them: its class, hour, bounds, and the faulty ones with with_off. sight
 * is borrowed until the index is freed. O(points of the fields). */
GeoWho *geo_who_new(const GeoSight *sight);
void geo_who_free(GeoWho *who);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoWho, geo_who_free)

/* The cameras whose field holds p, densest first, those of equal density by id; at most max of them
 * into seers. Returns how many there are in all. Some microseconds: a cell's fields are tested
 * even-odd over all their rings. */
size_t geo_who_find(const GeoWho *who, GeoXY p, GeoWhoSeer *seers, size_t max);

/* The class that so many pixels on a metre are enough for; detect for fewer too. */
GeoSightClass geo_who_class(double px_per_m);
