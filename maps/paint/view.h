/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What part of the world a picture shows, and in which style. Web Mercator, north up. */
#include <glib.h>

#include "geo/model/coord.h"

typedef enum { MAPS_STYLE_NIGHT, MAPS_STYLE_DAY, MAPS_N_STYLES } MapsStyle;

typedef struct {
    GeoLonLat middle;
    double zoom;          /* as on web maps with 256 px tiles: world is 256 * 2^zoom px wide */
    double width, height; /* px */
    double scale;         /* 2 on a double-density screen: line widths and text grow */
    MapsStyle style;
    const char *lang; /* of words and glyph forms: "en", "zh-cn"; NULL is "en" */
} MapsView;

typedef struct {
    double x, y; /* px from the top left */
} MapsPoint;

/* The affine between Mercator units (0..1) and px is exact; n points at once. */
void maps_view_project(const MapsView *view, const GeoLonLat *from, MapsPoint *to, size_t n);
MapsPoint maps_view_point(const MapsView *view, GeoLonLat p);
GeoLonLat maps_view_unproject(const MapsView *view, MapsPoint p);
GeoBounds maps_view_bounds(const MapsView *view);
double maps_view_m_per_px(const MapsView *view);
