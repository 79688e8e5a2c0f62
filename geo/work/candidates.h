/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Where a camera could stand and how it could look: poles along streets, walls that face public
 * ground, places that the city names; and which cells of ground each would see. */
#include "geo/calc/site.h"
#include "geo/work/risk.h"
#include "geo/work/survey.h"

typedef struct {
    GeoCamera camera; /* planned; texts are borrowed from the types and sites */
    GeoXY at;
    uint32_t site;            /* its number: candidates of one place share it */
    double cost;              /* yuan: of the type, and of the place where that is known */
    const char *type, *place; /* code of the type; code or name of a named place; may be NULL */
} GeoCandidate;

typedef struct {
    const GeoBox *box; /* ground that counts lies in it, NULL: all */
    GeoSightClass class;
    double px_per_m; /* a density beside the four classes; 0: that of class */
    bool night;
    unsigned headings; /* of a pole or named place without one */
    double spacing_m;  /* from pole to pole */
    bool poles, walls, sites;
    const char *lens; /* code of the one type; NULL: all fixed ones */
    size_t most;      /* candidates at most: places of the most unseen weight first */
    unsigned cover;   /* cells seen so often are not asked for */
} GeoCandidatesOptions;

typedef struct {
    GArray *all;              /* GeoCandidate, owned */
    size_t n_sites, left_out; /* places that were more than `most` allows */
    size_t refused;           /* candidates that would look into a room that is not to be seen */
    GArray *first, *cell;     /* uint32_t: cells of candidate i, as geo/calc/site.h asks; owned */
    GArray *weight;           /* double, of a cell; owned */
    GArray *seen;             /* uint8_t, of a cell; owned */
    GArray *rule;             /* uint8_t, GeoSiteRule; owned */
    double total, before;     /* weight of all ground asked about, and of what is seen of it; of
                              `cover` views each one a part */
    GeoBatch *types, *sites;  /* own the texts */
} GeoCandidates;

/* The survey is of the class, hour and cell that are asked for, borrowed for the call. Fails by
 * cancel, by the store, and when there is no place or no such type. O(fields + cells). */
GeoCandidates *geo_candidates_find(GeoStore *store, const GeoSurvey *survey, GeoRisk *risk,
                                   const GeoCandidatesOptions *options, GeoProgress *progress,
                                   GError **error);
void geo_candidates_free(GeoCandidates *candidates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoCandidates, geo_candidates_free)
