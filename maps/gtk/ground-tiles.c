/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The painters of the ground's tiles: what each loads for its tile, and a little around it. */
#include "maps/gtk/tiles.h"
#include "maps/paint/base.h"
#include "maps/paint/fields.h"
#include "maps/paint/grids.h"

#define EDGE_PX 48.0        /* widest stroke that reaches in from a neighbour */
#define FIELD_REACH_M 300.0 /* a camera outside may see into the tile */
#define M_PER_DEGREE 111000.0

static GeoBounds bounds_about(const MapsView *view)
{
    MapsView wide = *view;
    wide.width += 2 * EDGE_PX * wide.scale;
    wide.height += 2 * EDGE_PX * wide.scale;
    return maps_view_bounds(&wide);
}

static bool paint_ground(MapsJob *job, GError **error)
{
    const MapsView *view = &job->sheet->view;
    GeoBounds bounds = bounds_about(view);
    GeoQuery query = {.bounds = &bounds};
    g_autoptr(GeoBatch) base = NULL, roads = NULL, buildings = NULL;
    if (!(base = geo_store_load(job->store, GEO_KIND_BASE, &query, error)) ||
        !geo_progress_step(job->progress, 0.2, error) ||
        !(roads = geo_store_load(job->store, GEO_KIND_ROAD, &query, error)) ||
        !geo_progress_step(job->progress, 0.4, error) ||
        (view->zoom >= MAPS_BUILDINGS_ZOOM &&
         !(buildings = geo_store_load(job->store, GEO_KIND_BUILDING, &query, error))) ||
        !geo_progress_step(job->progress, 0.6, error))
        return false;
    MapsBase ground = {base, roads, buildings};
    maps_paint_base(job->cr, view, &ground);
    return true;
}

static bool paint_borders(MapsJob *job, GError **error)
{
    const MapsView *view = &job->sheet->view;
    GeoBounds bounds = bounds_about(view);
    GeoQuery query = {.bounds = &bounds};
    if (view->zoom < maps_grids_zoom(MAPS_TIER_DISTRICT))
        return true;
    g_autoptr(GeoBatch) areas = geo_store_load(job->store, GEO_KIND_AREA, &query, error);
    if (!areas || !geo_progress_step(job->progress, 0.5, error))
        return false;
    maps_paint_grids(job->cr, view, areas);
    return true;
}

/* One field per camera that has a place: MapsField array. */
static GArray *fields_of(const GeoSight *sight)
{
    GArray *fields = g_array_sized_new(FALSE, TRUE, sizeof(MapsField), (guint)sight->n);
    for (size_t i = 0; i < sight->n; i++) {
        const GeoCamera *camera = &g_array_index(sight->cameras->rows, GeoCamera, i);
        MapsField field = {.owner = camera->owner,
                           .state = camera->state,
                           .heading_deg = camera->heading_deg,
                           .first = sight->first[i],
                           .n = sight->first[i + 1] - sight->first[i],
                           .ring0 = sight->ring0[i],
                           .n_rings = sight->ring0[i + 1] - sight->ring0[i]};
        if (geo_batch_first(sight->cameras, &camera->row, &field.at))
            g_array_append_val(fields, field);
    }
    return fields;
}

static void free_frame(gpointer frame)
{
    geo_frame_free(frame);
}

/* Making one takes 20 ms, as long as a tile: each painter's thread keeps its own. */
static GeoFrame *frame_of(int epsg, GError **error)
{
    static GPrivate kept = G_PRIVATE_INIT(free_frame);
    GeoFrame *frame = g_private_get(&kept);
    if (frame && geo_frame_epsg(frame) == epsg)
        return frame;
    frame = geo_frame_new(epsg, error);
    g_private_replace(&kept, frame);
    return frame;
}

static bool paint_coverage(MapsJob *job, GError **error)
{
    static const MapsCoverageLook usual = {GEO_SIGHT_OBSERVE, false};
    const MapsCoverageLook *look = job->data ? job->data : &usual;
    const MapsView *view = &job->sheet->view;
    double reach = FIELD_REACH_M / M_PER_DEGREE;
    GeoBounds bounds = maps_view_bounds(view);
    bounds = (GeoBounds){bounds.west - reach, bounds.south - reach, bounds.east + reach,
                         bounds.north + reach};
    GeoSightOptions options = {
        .bounds = &bounds, .class = look->class, .night = look->night, .with_off = true};
    options.frame = frame_of(geo_store_city(job->store)->epsg, error);
    if (!options.frame)
        return false;
    g_autoptr(GeoSight) sight = geo_sight_load(job->store, &options, job->progress, error);
    if (!sight)
        return false;
    if (sight->n == 0)
        return true;
    g_autoptr(GArray) list = fields_of(sight);
    MapsFields fields = {(const MapsField *)(void *)list->data, list->len, sight->lonlat,
                         sight->ring};
    maps_paint_cover(job->cr, view, &fields);
    maps_paint_fields(job->cr, view, &fields);
    maps_paint_cameras(job->cr, view, &fields);
    return true;
}

const MapsTilesPainter maps_tiles_ground = {.name = "ground",
                                            .rank = MAPS_RANK_GROUND,
                                            .n_threads = 2,
                                            .ground = true,
                                            .keep_bytes = 192 << 20,
                                            .paint = paint_ground};
const MapsTilesPainter maps_tiles_borders = {.name = "borders",
                                             .rank = MAPS_RANK_NAMES,
                                             .n_threads = 1,
                                             .keep_bytes = 64 << 20,
                                             .paint = paint_borders};
const MapsTilesPainter maps_tiles_coverage = {.name = "coverage",
                                              .rank = MAPS_RANK_OVERLAY,
                                              .n_threads = 2,
                                              .least_zoom = 12.9,
                                              .keep_bytes = 64 << 20,
                                              .paint = paint_coverage};
