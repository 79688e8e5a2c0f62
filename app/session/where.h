/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* In which areas a place lies, from memory: for the words under the pointer. */
#include "geo/model/batch.h"

typedef struct AppWhere AppWhere;

/* Takes the areas, of all levels. O(points). */
AppWhere *app_where_new(GeoBatch *areas);
void app_where_free(AppWhere *where);

/* The smallest area that holds p, grids before communities and so on; NULL when none does. */
const GeoArea *app_where_find(const AppWhere *where, GeoLonLat p);
