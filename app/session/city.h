/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A city as the window knows it: read in the session's thread, then held in memory. */
#include "app/session/where.h"
#include "geo/model/city.h"
#include "geo/store/store.h"
#include "geo/work/sight.h"

/* What "seen" means in the window: a class and an hour of day, each -1 for the usual: observe, and
 * the city's own hour. */
typedef struct {
    int class; /* GeoSightClass */
    int night; /* 0, 1 */
} AppSightWish;

#define APP_SIGHT_USUAL ((AppSightWish){-1, -1})

typedef struct {
    char *path; /* of the folder */
    GeoCity city;
    GeoLonLat middle; /* where to look first */
    double zoom;
    AppWhere *where;        /* owned */
    bool empty;             /* holds nothing that has a place */
    GeoLonLat whole_middle; /* of everything in it */
    double whole_zoom;
    const char *share_level; /* areas that shares are told by; NULL: none */
    int64_t counts[GEO_N_KINDS];
    GeoBatch *cameras;   /* all of them, by id; owned */
    GeoSightClass class; /* what the map's fields and shares mean */
    bool night;
    int64_t opened_ms; /* the city's newest moment when it was opened */
} AppCity;

void app_city_free(AppCity *city);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppCity, app_city_free)

/* path is the folder of the store; the caller's. */
AppCity *app_city_read(GeoStore *store, const char *path, AppSightWish sight, GError **error);
