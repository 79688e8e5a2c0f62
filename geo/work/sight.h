/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What every camera of a city sees: its eye, the walls around, the field of each, in metres and
 * in degrees. For coverage, gaps and painters. */
#include "geo/calc/edges.h"
#include "geo/calc/view.h"
#include "geo/model/batch.h"
#include "geo/model/frame.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"

/* What must be told about a person there, as pixels on a metre (IEC 62676-4). */
typedef enum {
    GEO_SIGHT_DETECT,
    GEO_SIGHT_OBSERVE,
    GEO_SIGHT_RECOGNISE,
    GEO_SIGHT_IDENTIFY,
    GEO_N_SIGHT_CLASSES
} GeoSightClass;

extern const char *const geo_sight_class_words[]; /* "detect" ...; NULL-terminated */
double geo_sight_px_per_m(GeoSightClass class);

typedef struct {
    const GeoBounds *bounds; /* only cameras within it; NULL: all */
    GeoSightClass class;
    double px_per_m; /* a density beside the four classes; 0: that of class */
    bool night;
    bool metres_only; /* leaves lonlat NULL */
    bool with_off; /* faulty and planned ones get the polygon that they would have, not an empty one
                    */
    const GeoLonLat *sees; /* only cameras whose reach holds this place get a polygon; NULL: all */
    GeoFrame *frame;       /* of the city, borrowed for the call and the answer's life; NULL: makes
                              its own, some 20 ms */
} GeoSightOptions;

typedef struct {
    GeoFrame *frame;     /* of the city; owned unless borrowed */
    bool borrowed;       /* the frame is the options' */
    GeoBatch *cameras;   /* GeoCamera rows by id, owned */
    GeoBatch *buildings; /* GeoBuilding rows around the cameras; all without bounds; owned */
    GeoXY *building_xy;  /* the points of that batch in metres, owned */
    GeoEdges *edges;     /* of these buildings, by row; owned */
    size_t n;            /* cameras; the arrays below have one entry each, owned */
    GeoEye *eyes;        /* range_m at the class and hour asked; 0: sees nothing */
    uint32_t *first;     /* n + 1: the field of camera i is points first[i] .. first[i + 1] - 1;
                            none: sees nothing */
    uint32_t *ring;      /* the first point of each ring of all fields; outer ones anticlockwise,
                            holes clockwise, not closed; one more that is first[n] */
    uint32_t *ring0;     /* n + 1: the rings of camera i are ring0[i] .. ring0[i + 1] - 1 */
    GeoXY *xy;           /* all fields' points in metres */
    GeoLonLat *lonlat;   /* the same in degrees */
    double load_ms, work_ms; /* spent in the store and frame, and in geometry */
} GeoSight;

/* options NULL: detect, by day, all cameras. A city without cameras or buildings gives empty
 * arrays, not an error. */
GeoSight *geo_sight_load(GeoStore *store, const GeoSightOptions *options, GeoProgress *progress,
                         GError **error);
void geo_sight_free(GeoSight *sight);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSight, geo_sight_free)

/* The eye that a camera of the register, or a planned one, is at the class and hour of options; its
 * range is 0 when it is off, unless with_off. bounds, sees and frame are not asked. assumed (may be
 * NULL) as below. */
GeoEye geo_sight_eye(const GeoCamera *camera, GeoXY at, const GeoSightOptions *options,
                     int64_t *assumed);

/* How far straight ahead a camera tells what the class asks, by its pixels, lens, tilt and given
 * range; 0 when it is off or nothing is known of where it looks. assumed (may be NULL) gets
 * GeoAssumed bits: what the row says was assumed, and what was missing in it and filled in here. */
double geo_sight_reach_m(const GeoCamera *camera, GeoSightClass class, bool night,
                         int64_t *assumed);

/* Pixels on a metre at the place, by its pixels and lens or what is assumed where the register is
 * silent, and the depth of the place in its picture; range is not asked. */
double geo_sight_density_px_per_m(const GeoCamera *camera, GeoXY at, GeoXY place);
