/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A city's areas in metres, asked by place: of one level, or of all. */
#include "geo/calc/ground.h"
#include "geo/model/batch.h"
#include "geo/model/frame.h"
#include "geo/store/store.h"

typedef struct GeoAreas GeoAreas;

/* level NULL: all levels, none at all is no error. A level that the city has not is
 * GEO_ERROR_MISSING, and the text says which it has. */
GeoAreas *geo_areas_load(GeoStore *store, const char *level, GeoFrame *frame, GError **error);

/* The city has an area of that code, else GEO_ERROR_MISSING, which names it. A city without any
 * area takes all codes. */
bool geo_areas_know(GeoStore *store, const char *code, GError **error);

void geo_areas_free(GeoAreas *areas);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoAreas, geo_areas_free)

size_t geo_areas_n(const GeoAreas *areas);
const GeoArea *geo_areas_row(const GeoAreas *areas, size_t i);

/* The first area that holds p; -1: none. */
int32_t geo_areas_find(const GeoAreas *areas, GeoXY p);

/* Numbers of the areas that hold p: how many, of which found gets the first max. */
size_t geo_areas_find_all(const GeoAreas *areas, GeoXY p, uint32_t *found, size_t max);

/* The code of the smallest area that holds p and has one; NULL: none. Borrowed. */
const char *geo_areas_code(const GeoAreas *areas, GeoXY p);

/* Rings of area i for geo/calc/scan.h: its points, and where each ring begins among them in
 * part_first, a uint32_t array of the caller that is overwritten. */
const GeoXY *geo_areas_rings(const GeoAreas *areas, size_t i, GArray *part_first, size_t *n_points);

/* A place in the middle of area i, and inside it; false, and NAN, where it has no rings. */
bool geo_areas_middle(const GeoAreas *areas, size_t i, GeoXY *middle);

/* The area of each stretch by its middle, -1: none; the caller's. */
int32_t *geo_areas_group(const GeoAreas *areas, const GeoGround *ground);
