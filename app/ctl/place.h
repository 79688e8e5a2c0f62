/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Where a picture looks when nobody says. */
#include "geo/store/store.h"

/* Where a picture of the city should look when nobody says: its densest part. False when the city
 * holds nothing with a place. */
bool app_place_default(GeoStore *store, GeoLonLat *middle, double *zoom, GError **error);
