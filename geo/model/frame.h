/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The city's metric frame: WGS 84 degrees to metres and back, by PROJ. Easting first always. One
 * thread each. */
#include <glib.h>
#include <stdbool.h>

#include "geo/model/coord.h"

typedef struct GeoFrame GeoFrame;

/* Fails with GEO_ERROR_DATA when PROJ does not know the code or it is not in metres. */
GeoFrame *geo_frame_new(int epsg, GError **error);
void geo_frame_free(GeoFrame *frame);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoFrame, geo_frame_free)

int geo_frame_epsg(const GeoFrame *frame);

/* n points; the arrays may not overlap. Points that cannot be projected become infinite. About 0.3
 * us each. */
void geo_frame_to_xy(GeoFrame *frame, const GeoLonLat *from, GeoXY *to, size_t n);
void geo_frame_to_lonlat(GeoFrame *frame, const GeoXY *from, GeoLonLat *to, size_t n);
GeoXY geo_frame_xy(GeoFrame *frame, GeoLonLat p);
GeoLonLat geo_frame_lonlat(GeoFrame *frame, GeoXY p);
