/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Pairs of cameras where one does what the other does already: a camera that the register holds
 * twice, and two whose fields are nearly the same ground. For the register, and for a plan before
 * it is built. */
#include "geo/work/sight.h"

/* Two that stand and look so nearly alike are one camera entered twice, whatever their reach. */
#define GEO_DUPLICATES_WITHIN_M 1.0
#define GEO_DUPLICATES_COPY_DEG 5.0

/* Fields that share so much of what both of them see together. */
#define GEO_DUPLICATES_SHARE 0.7

/* A camera is measured against no more than this many others that come after it: thousands on one
 * spot are told, not listed pair by pair. */
#define GEO_DUPLICATES_MOST 64

typedef struct {
    GeoSightClass class;
    double px_per_m; /* a density beside the four classes; 0: that of class */
    bool night;
    double least_share; /* above 0, at most 1; 0: GEO_DUPLICATES_SHARE */
    double within_m;    /* of each other two entries may stand; 0: GEO_DUPLICATES_WITHIN_M */
    const bool *asked;  /* one to each camera: only pairs with one that is asked; NULL: all */
} GeoDuplicatesOptions;

typedef struct {
    uint32_t a, b;     /* rows of the batch, a < b */
    double distance_m; /* between the two */
    double share;      /* ground that both see, of the ground that either sees; 0: neither
                          sees any */
    double common_m2;  /* that both see */
    double a_m2, b_m2; /* that each sees */
    bool copy;         /* entered twice */
    bool unsure;       /* hangs on a direction, angle or reach that is assumed */
} GeoDuplicate;

typedef struct {
    GArray *pairs;     /* GeoDuplicate: copies first, then the greatest share; owned */
    size_t checked;    /* cameras with a place and a known direction and reach */
    size_t blind;      /* cameras without: nothing can be told of them */
    size_t copies;     /* pairs that are */
    size_t unsure;     /* pairs that are */
    size_t two_owners; /* pairs of two owner classes, both known */
    size_t crowded;    /* cameras that were measured against the first GEO_DUPLICATES_MOST alone */
    double work_ms;
} GeoDuplicates;

/* GeoCamera rows, of the register or planned, faulty and planned ones as if they worked; the sight
 * gives walls and frame. options NULL: detect, by day, all. GEO_ERROR_CANCELLED, or GEO_ERROR_DATA
 * when fields cannot be laid over each other. O(n log n + pairs whose boxes meet); 0.2 s for the
 * 12,000 cameras of the demo city. */
GeoDuplicates *geo_duplicates_find(const GeoSight *sight, const GeoBatch *cameras,
                                   const GeoDuplicatesOptions *options, GeoProgress *progress,
                                   GError **error);
void geo_duplicates_free(GeoDuplicates *duplicates);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoDuplicates, geo_duplicates_free)
