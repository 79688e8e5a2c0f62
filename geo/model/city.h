/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What a city is, chosen once by its first import and fixed from then on. */
#include <stdbool.h>

#include "geo/model/coord.h"

#define GEO_CITY_TEXT 64

typedef struct {
    char name[GEO_CITY_TEXT];
    char zone[GEO_CITY_TEXT];     /* IANA time zone, "Asia/Shanghai" */
    int epsg;                     /* metric CRS of all analysis */
    bool synthetic;               /* a demo: streets and events are generated */
    char note[4 * GEO_CITY_TEXT]; /* attribution line of the base data, drawn on maps */
} GeoCity;

/* The metric CRS for data within bounds: CGCS2000 3-degree Gauss-Kruger (EPSG 4534 + zone, without
 * zone prefix) over China's mainland, else WGS 84 UTM. */
int geo_city_choose_epsg(const GeoBounds *bounds);

/* The zone whose principal place, of the system's zone table, lies nearest the middle of bounds. A
 * guess that the user may override; "UTC" when the system has no table. zone has GEO_CITY_TEXT
 * bytes. */
void geo_city_choose_zone(const GeoBounds *bounds, char *zone);
