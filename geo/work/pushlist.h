/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which other systems are told of their reports by themselves, and where: a setting of the city, a
 * line "SOURCE URL" each. */
#include "geo/store/store.h"

typedef struct {
    char *source, *url; /* owned */
} GeoPush;

/* GeoPush; empty when nobody is told. */
GArray *geo_pushlist_load(GeoStore *store, GError **error);

/* url NULL: the source is not told any more. GEO_ERROR_REFUSED for http to another machine: names
 * and places would cross the network in the clear. */
bool geo_pushlist_put(GeoStore *store, const GeoAct *act, const char *source, const char *url,
                      GError **error);
