/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How much of the public street the cameras see, and where nobody looks.
 *
 * The denominator is metres of public street (motorway to pedestrian; service ways, tracks, paths,
 * tunnels and ways closed to all are out) plus squares; farmland, water, rail, private ground and
 * building footprints are out. A share means nothing without class, hour and denominator: they
 * travel in the answer. */
#include "geo/calc/ground.h"
#include "geo/work/areas.h"
#include "geo/work/places.h"
#include "geo/work/risk.h"
#include "geo/work/sight.h"

typedef struct GeoSurvey GeoSurvey; /* geo/work/survey.h */

extern const char geo_coverage_denominator[]; /* for people: what 100 % is */

typedef struct {
    GeoSightClass class;
    double px_per_m;     /* a density beside the four classes; 0: that of class */
    const char *density; /* its name in rows that are published; NULL: that of class */
    bool night;
    const char *level;       /* shares by areas of this level too; NULL: the whole only */
    double cell_m;           /* of the raster; 0: 1 */
    const GeoBounds *within; /* gaps only: those whose heaviest place lies here; NULL: all */
    bool doubt; /* also what hangs on a heading that may be off: sure and possible shares, and how
                   much of a gap is unsure; a round of fields for each */
    GeoRiskOf weigh; /* gaps only: what they are ranked by */
    bool classes;    /* shares only: also the highest class that each must-see place is seen at */
} GeoCoverageOptions;

/* Cameras by state. Built: working and faulty ones. The working rate is working / built; no source
 * says whether a camera that works is connected to the command room, so there is no connected
 * rate. */
typedef struct {
    int64_t by_state[GEO_N_CAMERA_STATES];
} GeoCoverageCameras;

/* 0..1; NAN when none is built. */
double geo_coverage_working_rate(const GeoCoverageCameras *cameras);

typedef struct {
    const char *code, *name; /* borrowed from the answer; may be NULL */
    double street_m, seen_m; /* of a stretch in several areas of the level only the first has it */
    double sure_m, possible_m; /* seen whatever the headings, and at best; NAN unless asked */
    double ground_m2, ground_seen_m2, sole_m2; /* sole: seen by one camera only */
    GeoCoverageCameras cameras;                /* by where they stand */
    int64_t mustsee, mustsee_seen;
} GeoCoverageArea;

/* Must-see places of one kind. */
typedef struct {
    int64_t places, seen, unsure;
    int64_t by_class[GEO_N_SIGHT_CLASSES]; /* by their highest class; the rest is not seen at all */
} GeoCoveragePlaces;

typedef struct {
    GeoSightClass class;
    double px_per_m; /* as asked, here and below */
    bool night;
    bool without_cameras; /* the city has none: shares are 0, and this is why */
    bool without_streets; /* the denominator is empty: shares are NAN */
    bool with_classes;    /* places know their class */
    GeoCoverShare share;
    double share_street, share_ground; /* 0..1; NAN without a denominator */
    bool with_doubt;                   /* the next two are known; else zeroes */
    GeoCoverShare sure, possible;      /* whatever the headings within their error; at best */
    int64_t uncertain;                 /* working cameras whose heading may be off */
    int64_t cameras, by_state[GEO_N_CAMERA_STATES], by_owner[GEO_N_OWNERS];
    GeoCoverageCameras of_owner[GEO_N_OWNERS];
    int64_t blind;   /* working, and yet seeing nothing at this class and hour */
    int64_t aimless; /* of these: fixed, and nobody said where they look */
    int64_t assumed_heading, assumed_fov, assumed_range, assumed_pixels; /* of the working ones */
    int64_t mustsee, mustsee_seen; /* places; seen: half of the open ground within 10 m is */
    GeoCoveragePlaces of_kind[GEO_N_FACILITIES];
    GeoPlaces *places; /* each of them; owned */
    GArray *areas;     /* GeoCoverageArea of the level, by code; empty without one */
    GeoAreas *level;   /* owns the areas' texts; NULL without a level */
    double load_ms, work_ms;
} GeoCoverage;

GeoCoverage *geo_coverage_measure(GeoStore *store, const GeoCoverageOptions *options,
                                  GeoProgress *progress, GError **error);

/* The same of a survey of this class and hour that is loaded already. */
GeoCoverage *geo_coverage_of_survey(GeoStore *store, const GeoSurvey *survey,
                                    const GeoCoverageOptions *options, GeoProgress *progress,
                                    GError **error);
void geo_coverage_free(GeoCoverage *coverage);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCoverage, geo_coverage_free)

typedef struct {
    double area_m2;
    double weight;    /* incidents that fell on this ground, smoothed; and 1 for each km2 so that a
                         city without incidents ranks by area; or people; or square metres */
    double unsure_m2; /* of it may be seen, as headings may be off; 0 unless doubt is asked */
    bool unsure;      /* at least GEO_COVERAGE_UNSURE of it: to be looked into before it is called
                         a gap */
    GeoLonLat at;     /* where the weight is highest */
    GeoBounds bounds;
    const char *code;        /* of the smallest area it lies in; NULL: none */
    const char *street;      /* name of the nearest street that has one; NULL: none within 100 m */
    uint32_t part0, n_parts; /* rings of its outline in parts */
} GeoCoverageGap;

typedef struct {
    GeoSightClass class;
    double px_per_m;
    bool night;
    GeoRiskOf weigh;
    bool without_cameras;
    bool without_weight; /* the city has no incidents: ranked by size */
    bool with_doubt;     /* unsure is known */
    size_t found;        /* gaps in all */
    size_t found_unsure; /* of these */
    double area_m2;      /* of all of them */
    double unsure_m2;    /* of that may be seen */
    GArray *gaps;        /* GeoCoverageGap, heaviest first, at most top */
    GArray *parts;       /* uint32_t: first point of each ring */
    GArray *points;      /* GeoLonLat, rings closed */
    GStringChunk *text;  /* owns codes and names */
    double load_ms, work_ms;
} GeoCoverageGaps;

#define GEO_COVERAGE_BLOCK_M 128.0 /* gaps are cut there */
#define GEO_COVERAGE_GAP_M2 20.0   /* smaller ones are left out */
#define GEO_COVERAGE_UNSURE 0.5    /* share of a gap that makes it unsure; as of must-see places */

/* The top pieces of public ground that no camera sees at the class and hour, cut at blocks of
 * 128 m, smaller than 20 m2 left out. level of options is not asked. */
GeoCoverageGaps *geo_coverage_find_gaps(GeoStore *store, const GeoCoverageOptions *options,
                                        size_t top, GeoProgress *progress, GError **error);

/* The same of a survey of this class and hour that is loaded already. */
GeoCoverageGaps *geo_coverage_gaps_of_survey(GeoStore *store, const GeoSurvey *survey,
                                             const GeoCoverageOptions *options, size_t top,
                                             GeoProgress *progress, GError **error);
void geo_coverage_gaps_free(GeoCoverageGaps *gaps);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCoverageGaps, geo_coverage_gaps_free)

/* ---- gaps by area and by street ---- */

typedef struct {
    const char *code, *name; /* borrowed from the answer; may be NULL. Streets have no code; one row
                                without a name stands for all that have none */
    double street_m, unseen_m;
    double unsure_m;             /* of the unseen may be seen, as headings may be off */
    double ground_m2, unseen_m2; /* areas only; streets: NAN */
    double unsure_m2;
    double weight; /* of the unseen ground, as of GeoCoverageGap; streets: of the unseen metres; by
                      size: the unseen metres */
} GeoCoverageRow;

typedef struct {
    GeoSightClass class;
    double px_per_m;
    bool night;
    GeoRiskOf weigh;
    bool without_cameras, without_weight, with_doubt;
    size_t found; /* rows with anything unseen */
    double street_m, unseen_m, unsure_m;
    GArray *rows; /* GeoCoverageRow, heaviest first, those of equal weight by unseen metres; at most
                     top */
    GStringChunk *text; /* owns codes and names */
    double load_ms, work_ms;
} GeoCoverageRanking;

/* Areas of options' level by their unseen ground; without a level streets, those of one name
 * together, by their unseen metres. */
GeoCoverageRanking *geo_coverage_rank(GeoStore *store, const GeoCoverageOptions *options,
                                      size_t top, GeoProgress *progress, GError **error);
void geo_coverage_ranking_free(GeoCoverageRanking *ranking);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCoverageRanking, geo_coverage_ranking_free)

/* ---- ground that one camera alone sees ---- */

typedef struct {
    double area_m2, weight;
    GeoLonLat at;
    const char *code, *street;        /* as of GeoCoverageGap; borrowed from the answer */
    const char *camera, *camera_name; /* the only one that sees it; may be NULL */
    int owner;                        /* GeoOwner */
} GeoCoverageSole;

typedef struct {
    GeoSightClass class;
    double px_per_m;
    bool night;
    GeoRiskOf weigh;
    bool without_cameras, without_weight;
    size_t found;
    double area_m2;
    GArray *pieces;     /* GeoCoverageSole, heaviest first, at most top */
    GStringChunk *text; /* owns the texts */
    double load_ms, work_ms;
} GeoCoverageSoles;

/* Connected pieces of public ground that would be lost with one camera, smaller than 20 m2 left
 * out. */
GeoCoverageSoles *geo_coverage_find_soles(GeoStore *store, const GeoCoverageOptions *options,
                                          size_t top, GeoProgress *progress, GError **error);
void geo_coverage_soles_free(GeoCoverageSoles *soles);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCoverageSoles, geo_coverage_soles_free)
