/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What of a city may leave it, for whom: the rows of a layer as an audience may see them. */
#include "geo/store/store.h"

typedef enum {
    GEO_AUDIENCE_INTERNAL, /* everything */
    GEO_AUDIENCE_PARTNER,  /* units without names, codes and radio; no rosters */
    GEO_AUDIENCE_PUBLIC,   /* no units, rosters or cameras; incidents as counts of squares of 500 m,
                              where there are at least 5 */
    GEO_N_AUDIENCES
} GeoAudience;

extern const char *const geo_audience_words[];

typedef struct {
    GeoBatch *rows;    /* in the order of their ids, owned */
    GPtrArray *fields; /* const char *: fields of the rows' kind, NULL at the end; owned array */
    GPtrArray *names;  /* const char *: what the file calls them */
    int64_t held_back; /* rows (of incidents: those in squares with fewer than 5) left out */
} GeoPublication;

void geo_publication_free(GeoPublication *publication);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoPublication, geo_publication_free)

/* level: areas of one level only; NULL. GEO_ERROR_REFUSED where the audience may not have the kind.
 */
GeoPublication *geo_publish_layer(GeoStore *store, GeoKind kind, const char *level,
                                  GeoAudience audience, GError **error);
