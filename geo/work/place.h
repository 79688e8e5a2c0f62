/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Where the next cameras do most: candidates of a city, the best choice among them that was found,
 * and how far from the best possible it can be at the most. */
#include "geo/work/candidates.h"

#define GEO_PLACE_CELL_M 2.0

typedef struct {
    GeoSightClass class;
    double px_per_m; /* a density beside the four classes; 0: that of class */
    bool night;
    const GeoBounds *within; /* NULL: the whole city */
    const char *area;        /* code; NULL: none; its bounds are asked about */
    size_t count;            /* cameras at most */
    unsigned cover;          /* ground is to be seen by so many; 0: 1 */
    GeoRiskOf weigh;
    const char *lens;            /* code of the one type; NULL: all fixed ones */
    bool sites_only;             /* places of the city's own list alone */
    double budget_all;           /* yuan; 0: any sum */
    double budget[GEO_N_OWNERS]; /* yuan by who builds; 0: any sum, below 0: nothing */
    size_t candidates;           /* drawn at the most; 0: 20,000 */
    double gap_share;            /* good enough; 0: one in two hundred */
} GeoPlaceOptions;

typedef struct {
    GeoCamera camera; /* planned, id 0; texts NULL */
    GeoLonLat at;
    double gain; /* share of the weight asked about */
    double cost; /* yuan */
    bool mandatory;
    const char *type;   /* borrowed, may be NULL */
    const char *street; /* borrowed, NULL: none near */
} GeoPlacePick;

typedef struct {
    GArray *picks;                        /* GeoPlacePick, mandatory first, then by falling gain */
    double covered_before, covered_after; /* shares of the weight of the ground asked about */
    double bound;                         /* no choice among the candidates covers more */
    double gap_share; /* of what could be gained at the most: what may be missing */
    size_t candidates, places, left_out, refused, cells, groups;
    bool without_weight; /* the city has no incidents: by size */
    GeoRiskOf weigh;
    GStringChunk *text;                   /* owns the texts */
    double load_ms, fields_ms, search_ms; /* survey, candidates' fields, choice */
} GeoPlacement;

/* GEO_ERROR_MISSING: no street, no place, no such area or type. Seconds. */
GeoPlacement *geo_place_find(GeoStore *store, const GeoPlaceOptions *options, GeoProgress *progress,
                             GError **error);
/* The same on ground and cameras as somebody holds them, of the class and hour asked for, in cells
 * of GEO_PLACE_CELL_M. */
GeoPlacement *geo_place_find_on(GeoStore *store, const GeoSurvey *survey,
                                const GeoPlaceOptions *options, GeoProgress *progress,
                                GError **error);

/* The box in metres of within or area; left alone where neither is asked. GEO_ERROR_MISSING: no
 * such area. */
bool geo_place_box(GeoStore *store, GeoFrame *frame, const GeoPlaceOptions *options, GeoBox *box,
                   GError **error);
void geo_placement_free(GeoPlacement *placement);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPlacement, geo_placement_free)
