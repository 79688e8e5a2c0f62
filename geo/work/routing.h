/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Where a report of a city goes: its service items, and the areas that hold a place. A setting of
 * the city holds its own list of items; without one the shipped list stands. */
#include "geo/model/servicebook.h"
#include "geo/store/store.h"

/* The name of the setting; its value is the list as text (geo/store/servicefile.h). */
#define GEO_ROUTING_SETTING "services"

/* The city's items, or the shipped ones. */
GeoServiceBook *geo_routing_services(GeoStore *store, GError **error);

/* Makes a file's list the city's own, NULL the shipped one again. A list that cannot be read
 * changes nothing. */
bool geo_routing_put_services(GeoStore *store, const GeoAct *act, const char *path, GError **error);

typedef struct GeoRouting GeoRouting;

/* Reads all areas of the city. */
GeoRouting *geo_routing_load(GeoStore *store, GError **error);
void geo_routing_free(GeoRouting *routing);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRouting, geo_routing_free)

const GeoServiceBook *geo_routing_book(const GeoRouting *routing);

/* Beats count as grids, neighbourhoods as communities, towns as streets, precincts as districts. A
 * level that no area of the place has is taken from the parents of the others. Borrowed. Degrees of
 * WGS 84; NAN is no place. O(log n) */
GeoPlaceAreas geo_routing_place(const GeoRouting *routing, GeoLonLat at);

/* The same, from the code of an area that holds it; all NULL when there is none of that code. */
GeoPlaceAreas geo_routing_area(const GeoRouting *routing, const char *code);
