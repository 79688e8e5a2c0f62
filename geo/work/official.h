/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Coverage to the square metre: exact areas of public ground and of what is seen of it, for figures
 * that are signed, and the polygons behind them. Seconds for a city, where geo/work/coverage.h
 * counts cells. */
#include "geo/calc/exact.h"
#include "geo/work/coverage.h"
#include "geo/work/publish.h"
#include "geo/work/survey.h"

/* A city's public ground (streets and squares without private land and buildings) and the fields
 * of its cameras, in tiles of one grid. */
typedef struct {
    GeoXY origin;
    GeoExact *fields; /* one polygon a camera, by its number in the survey's sight; owned */
    GeoExact *ground; /* owned */
} GeoOfficialTiles;

/* One polygon a camera of the survey that sees anything, by its number in the sight, in tiles of
 * tile_m from the south-western corner of the survey's box. */
GeoExact *geo_official_fields(const GeoSurvey *survey, double tile_m, GeoProgress *progress,
                              GError **error);

/* The same, and the ground. */
GeoOfficialTiles *geo_official_tiles(const GeoSurvey *survey, double tile_m, GeoProgress *progress,
                                     GError **error);
void geo_official_tiles_free(GeoOfficialTiles *tiles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoOfficialTiles, geo_official_tiles_free)

typedef struct {
    const char *code, *name;   /* borrowed from the answer; may be NULL */
    double ground_m2, seen_m2; /* public ground within, and of it what a camera sees */
} GeoOfficialArea;

typedef struct {
    GeoSightClass class;
    double px_per_m; /* as asked */
    bool night;
    double ground_m2;
    double seen_m2[GEO_EXACT_LEVELS];  /* of the ground, by at least one, two, three */
    double field_m2[GEO_EXACT_LEVELS]; /* of the fields, on any ground */
    double raster_m2;                  /* ground seen by at least one as the cells have it */
    GArray *areas;   /* GeoOfficialArea of the level, by code; empty without one */
    GeoAreas *level; /* owns the areas' texts; NULL without one */
    double load_ms, work_ms;
} GeoOfficial;

/* class, night, level and cell_m of options are asked; NULL: detect, by day. */
GeoOfficial *geo_official_measure(GeoStore *store, const GeoCoverageOptions *options,
                                  GeoProgress *progress, GError **error);
void geo_official_free(GeoOfficial *official);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoOfficial, geo_official_free)

typedef enum {
    GEO_OFFICIAL_FIELDS,  /* a polygon a camera that sees anything; not for the public */
    GEO_OFFICIAL_COVERED, /* what they see together */
    GEO_OFFICIAL_GAPS,    /* public ground that none sees, cut at blocks of GEO_COVERAGE_BLOCK_M,
                             at least GEO_COVERAGE_GAP_M2, heaviest first */
    GEO_N_OFFICIALS
} GeoOfficialLayer;

extern const char *const geo_official_words[]; /* "fields" ...; NULL-terminated */

/* A layer for geo/store/export.h. Class and hour stand in the rows' seen_as. GEO_ERROR_REFUSED
 * where the audience may not have it. */
GeoPublication *geo_official_publish(GeoStore *store, GeoOfficialLayer layer,
                                     const GeoCoverageOptions *options, GeoAudience audience,
                                     GeoProgress *progress, GError **error);
