/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* A city as the window knows it: opened and read in a thread, then held in memory. */
#include <gio/gio.h>

#include "app/session/where.h"
#include "geo/model/city.h"

typedef struct {
    char *path; /* of the folder */
    GeoCity city;
    GeoLonLat middle; /* where to look first */
    double zoom;
    AppWhere *where; /* owned */
    bool empty;      /* holds nothing that has a place */
} AppCity;

void app_city_free(AppCity *city);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppCity, app_city_free)

/* Opens the folder for reading and gathers the rest; never blocks. Fails with GEO_ERROR's words. */
void app_city_load(const char *path, GCancellable *cancellable, GAsyncReadyCallback done,
                   gpointer user);
AppCity *app_city_load_finish(GAsyncResult *result, GError **error); /* the caller's */
