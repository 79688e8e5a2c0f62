/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The heat of a period's incidents as a grid over longitude and latitude, for painters and tables.
 */
#include "geo/model/progress.h"
#include "geo/store/store.h"

typedef struct {
    GeoBounds bounds;       /* of the grid; empty: of the incidents found, a radius wider */
    size_t columns, rows;   /* 0: cells of about a quarter of the radius, at most 1024 a side */
    int64_t from_ms, to_ms; /* from <= at < to; both 0: all */
    double radius_m;        /* of the kernel; 0: by the extent of bounds, 150 to 400 */
} GeoHotspotOptions;

typedef struct {
    GeoBounds bounds;
    size_t columns, rows;
    double *density; /* incidents per square kilometre at cell middles, row 0 in the south; owned */
    double peak;     /* the largest density; 0 without incidents */
    GeoLonLat peak_at;
    double radius_m;
    int64_t from_ms, to_ms;
    double work_ms;    /* of the field itself, without loading */
    size_t n;          /* incidents of the period near enough to count */
    size_t n_unplaced; /* of the period, without a place: in no cell; not counted when bounds were
                          asked */
} GeoHotspot;

/* Unit of density and peak, for legends: incidents per km2 in the period asked. */
GeoHotspot *geo_hotspot_load(GeoStore *store, const GeoHotspotOptions *options,
                             GeoProgress *progress, GError **error);
void geo_hotspot_free(GeoHotspot *hotspot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoHotspot, geo_hotspot_free)

typedef struct {
    GeoLonLat at; /* middle of the cell */
    double density;
} GeoHotspotCell;

/* The hottest local maxima at least a radius apart, hottest first; returns how many. */
size_t geo_hotspot_top(const GeoHotspot *hotspot, GeoHotspotCell *cells, size_t max);
