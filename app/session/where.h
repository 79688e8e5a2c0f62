/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* In which areas a place lies, from memory: for the words under the pointer. */
#include "geo/model/batch.h"
#include "maps/paint/grids.h"

typedef struct AppWhere AppWhere;

/* Takes the areas, of all levels. O(points). */
AppWhere *app_where_new(GeoBatch *areas);
const GeoBatch *app_where_areas(const AppWhere *where); /* borrowed */
void app_where_free(AppWhere *where);

/* The area of that tier that holds p; NULL. */
const GeoArea *app_where_find_tier(const AppWhere *where, GeoLonLat p, MapsTier tier);

/* The smallest area that holds p, grids before communities and so on; NULL when none does. */
const GeoArea *app_where_find(const AppWhere *where, GeoLonLat p);
