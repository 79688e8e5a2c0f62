/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The long work behind a plan's best places and proposals, as jobs (app/session/jobs.h). */
#include "geo/work/place.h"

/* What a job is asked. */
typedef struct {
    GeoPlaceOptions options;
    GeoBounds bounds;
} AppPlacing;

typedef struct {
    GeoBatch *planned; /* owned; NULL once it is taken */
    const char *step;  /* its name */
    char *words;       /* what it comes to, for people; owned */
} AppPlaced;

void app_placed_free(gpointer placed);

/* AppJobFunc, of an AppPlacing: new cameras alone, or after repairs and turns, in phases. */
gpointer app_placed_find(GeoStore *store, gpointer data, GeoProgress *progress, GError **error);
gpointer app_placed_propose(GeoStore *store, gpointer data, GeoProgress *progress, GError **error);
