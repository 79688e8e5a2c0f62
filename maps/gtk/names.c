/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/names.h"

#include "maps/gtk/pictures.h"

#define ROAD_NAMES_ZOOM 12.0
#define GRID_CODES_ZOOM 14.6
#define FOOT_PX 44.0 /* scale bar and licence stand there */

static void keep_off(MapsLabels *labels, const MapsView *view, const MapsKeepOff *keep)
{
    double s = view->scale;
    maps_labels_block(labels, (MapsRect){0, view->height - FOOT_PX * s, view->width, view->height});
    for (size_t i = 0; keep && i < keep->n; i++) {
        MapsPoint p = maps_view_point(view, keep->at[i]);
        const MapsRect *around = &keep->around[i];
        MapsRect rect = {p.x + around->left * s, p.y + around->top * s, p.x + around->right * s,
                         p.y + around->bottom * s};
        if (maps_path_visible(view, &rect, 0))
            maps_labels_block(labels, rect);
    }
}

static bool paint_names(MapsJob *job, GError **error)
{
    const MapsView *view = &job->sheet->view;
    GeoBounds bounds = maps_view_bounds(view);
    GeoQuery query = {.bounds = &bounds};
    g_autoptr(GeoBatch) areas = NULL, base = NULL, roads = NULL;
    if (!(areas = geo_store_load(job->store, GEO_KIND_AREA, &query, error)) ||
        !geo_progress_step(job->progress, 0.2, error) ||
        !(base = geo_store_load(job->store, GEO_KIND_BASE, &query, error)) ||
        !geo_progress_step(job->progress, 0.4, error) ||
        (view->zoom > ROAD_NAMES_ZOOM &&
         !(roads = geo_store_load(job->store, GEO_KIND_ROAD, &query, error))) ||
        !geo_progress_step(job->progress, 0.6, error))
        return false;
    g_autoptr(MapsLabels) labels = maps_labels_new(view);
    keep_off(labels, view, job->data);
    maps_names_tiers(labels, view, areas);
    maps_names_base(labels, view, base);
    if (roads)
        maps_names_roads(labels, view, roads);
    if (view->zoom >= GRID_CODES_ZOOM)
        maps_names_areas(labels, view, areas, MAPS_TIER_GRID, MAPS_LABEL_CODE);
    if (!geo_progress_step(job->progress, 0.9, error))
        return false;
    maps_labels_paint(job->cr, labels);
    return true;
}

const MapsPicturesPainter maps_pictures_names = {
    .name = "names", .rank = MAPS_RANK_NAMES, .rest_ms = 120, .paint = paint_names};
