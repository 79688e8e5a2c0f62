/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The fields of a loaded sight's cameras once more, under another class, hour or doubt: no second
 * reading of cameras and buildings. Rings are closed and laid as geo/calc/inside.h asks. */
#include "geo/calc/cover.h"
#include "geo/work/sight.h"

typedef struct {
    size_t n;        /* cameras, in the order of the sight */
    uint32_t *ring0; /* n + 1: rings of field i are ring0[i] .. ring0[i + 1] - 1; none: nothing */
    uint32_t *ring;  /* rings + 1: first point of each, closed */
    GeoXY *xy;
} GeoFields;

/* How far a heading that may be off is believed. */
typedef enum {
    GEO_FIELDS_STATED,   /* as registered */
    GEO_FIELDS_SURE,     /* what is seen wherever within its error the camera looks */
    GEO_FIELDS_POSSIBLE, /* what may be seen; of an unknown heading all round */
} GeoFieldsDoubt;

/* The fields as the sight has them. */
GeoFields *geo_fields_of(const GeoSight *sight);

/* Drawn anew by class, night and with_off of options; the rest of options is not asked. wanted[i]
 * 0 leaves camera i without a field; NULL: all. Fails only by cancel. About 8 us a camera. */
GeoFields *geo_fields_draw(const GeoSight *sight, const GeoSightOptions *options,
                           GeoFieldsDoubt doubt, const uint8_t *wanted, GeoProgress *progress,
                           GError **error);
void geo_fields_free(GeoFields *fields);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoFields, geo_fields_free)

bool geo_fields_empty(const GeoFields *fields, size_t i);

/* The rings of field i for geo/calc/scan.h: its points, and where each ring begins among them in
 * part_first, a uint32_t array of the caller that is overwritten. NULL: sees nothing. */
const GeoXY *geo_fields_rings(const GeoFields *fields, size_t i, GArray *part_first,
                              size_t *n_points);

/* Counts field i into cover, or out of it. */
void geo_fields_change(const GeoFields *fields, size_t i, GeoCover *cover, bool add);

/* Counts them over the cells of another cover, but for those with without[i] set; NULL: all. Camera
 * by camera from south to north. Fails only by cancel. */
GeoCover *geo_fields_count(const GeoFields *fields, const uint8_t *without, const GeoCover *like,
                           GeoProgress *progress, GError **error);

/* Draws as above, and counts over the cells of another cover. */
GeoCover *geo_fields_cover(const GeoSight *sight, const GeoSightOptions *options,
                           GeoFieldsDoubt doubt, const uint8_t *wanted, const GeoCover *like,
                           GeoProgress *progress, GError **error);
