/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How a fleet's positions are, by area: who is on duty, whose position is how old, and where so
 * many are silent that it is no chance. Counts by place; nobody is named. */
#include "geo/calc/quiet.h"
#include "geo/model/age.h"
#include "geo/store/store.h"

typedef struct {
    const char *code, *name; /* of the area; name may be NULL; borrowed from the health */
    uint32_t on_duty, by_age[GEO_N_AGES];
    GeoQuietArea quiet;
    int64_t since_ms; /* when it went quiet; 0: it has not */
} GeoHealthArea;

typedef struct {
    int64_t at_ms;
    double usual_share; /* of silent ones: see geo_health_usual_share() */
    GArray *areas;      /* GeoHealthArea, by code */
    GStringChunk *text;
} GeoHealth;

/* Areas of the level ("district", "street"): each unit counts in the one that its own area is or
 * lies in, by the areas' parents. before (may be NULL)
 * is the last look, whose alarms go on until they are over. The city is as of at_ms. O(units +
 * areas). */
GeoHealth *geo_health_load(GeoStore *store, const char *level, int64_t at_ms,
                           const GeoHealth *before, GError **error);
void geo_health_free(GeoHealth *health);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoHealth, geo_health_free)

/* The share of silence that is usual: the median of the areas', so that one that failed does not
 * make itself usual. For whoever counts the areas himself. */
double geo_health_usual_share(const GeoQuietArea *areas, size_t n);
