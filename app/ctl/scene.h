/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Gathers from a city what a picture of one place and moment shows, as plain data for painters. */
#include "app/ctl/sightline.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"
#include "maps/paint/scene.h"

typedef struct AppScene AppScene;

typedef struct {
    MapsView view;
    unsigned layers;   /* MapsLayer bits */
    AppSightline line; /* its night is not asked */
    int night;         /* 1 by night, 0 by day, -1 as the moment is */
    int64_t at_ms;     /* 0: the city's newest moment */
} AppSceneOptions;

/* Loads only what the layers and the zoom ask for. NULL progress is legal. */
AppScene *app_scene_load(GeoStore *store, const AppSceneOptions *options, GeoProgress *progress,
                         GError **error);
void app_scene_free(AppScene *scene);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(AppScene, app_scene_free)

const MapsScene *app_scene_maps(const AppScene *scene); /* borrowed */
int64_t app_scene_at_ms(const AppScene *scene);
