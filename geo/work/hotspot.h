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

/* The heat within bounds of the 28 days before at_ms; where they hold none, of a year; then of all.
 * days tells which: 28, 365, or 0 for all. */
GeoHotspot *geo_hotspot_load_recent(GeoStore *store, GeoBounds bounds, int64_t at_ms, int *days,
                                    GeoProgress *progress, GError **error);

/* Where a ramp of colours should end, incidents per km2: one address with hundreds of incidents
 * would leave the rest of a picture dark, so one warm cell in fifty lies above. 0 without
 * incidents. O(cells log cells). */
double geo_hotspot_ramp_end(const GeoHotspot *hotspot);

void geo_hotspot_free(GeoHotspot *hotspot);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoHotspot, geo_hotspot_free)

typedef struct {
    GeoLonLat at; /* middle of the cell */
    double density;
} GeoHotspotCell;

/* The hottest local maxima at least a radius apart, hottest first; returns how many. */
size_t geo_hotspot_top(const GeoHotspot *hotspot, GeoHotspotCell *cells, size_t max);
