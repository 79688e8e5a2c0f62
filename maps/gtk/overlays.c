/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The painters of heat, gaps and trails: what each picks from the city's for its picture. */
#include "geo/work/hotspot.h"
#include "maps/gtk/pictures.h"
#include "maps/paint/heat.h"
#include "maps/paint/scene.h"

#define TOP_GAPS 20 /* hatched in one picture */

/* ---- heat ---- */

static bool paint_heat(MapsJob *job, GError **error)
{
    const MapsHeatData *data = job->data;
    if (!data)
        return true;
    int days;
    GeoBounds bounds = maps_view_bounds(&job->sheet->view);
    g_autoptr(GeoHotspot) hotspot =
        geo_hotspot_load_recent(job->store, bounds, data->at_ms, &days, job->progress, error);
    if (!hotspot)
        return false;
    double end = geo_hotspot_ramp_end(hotspot);
    MapsHeat heat = {.bounds = hotspot->bounds,
                     .columns = hotspot->columns,
                     .rows = hotspot->rows,
                     .per_km2 = hotspot->density,
                     .peak_per_km2 = end,
                     .beyond = end < hotspot->peak,
                     .radius_m = hotspot->radius_m,
                     .n = hotspot->n};
    maps_paint_heat(job->cr, &job->sheet->view, &heat);
    MapsHeatReport report = {end, heat.beyond, heat.radius_m, hotspot->n, days, data->at_ms};
    job->report = g_memdup2(&report, sizeof report);
    return true;
}

/* ---- gaps ---- */

static bool in_picture(const MapsView *view, GeoLonLat at)
{
    MapsPoint p = maps_view_point(view, at);
    return p.x >= 0 && p.y >= 0 && p.x <= view->width && p.y <= view->height;
}

static bool paint_gaps(MapsJob *job, GError **error)
{
    const MapsGaps *city = job->data;
    const MapsView *view = &job->sheet->view;
    if (!city)
        return true;
    MapsGap worst[TOP_GAPS];
    MapsGaps seen = *city;
    seen.gaps = worst;
    seen.n = 0;
    for (size_t i = 0; i < city->n && seen.n < TOP_GAPS; i++)
        if (in_picture(view, city->gaps[i].at))
            worst[seen.n++] = city->gaps[i];
    maps_paint_gaps(job->cr, view, &seen);
    maps_paint_gap_ranks(job->cr, view, &seen, NULL);
    MapsGapsReport report = {seen.n};
    job->report = g_memdup2(&report, sizeof report);
    return geo_progress_step(job->progress, 1, error);
}

/* ---- trails ---- */

static bool holds(const GeoBounds *bounds, GeoLonLat p)
{
    return p.lon >= bounds->west && p.lon <= bounds->east && p.lat >= bounds->south &&
           p.lat <= bounds->north;
}

/* The trails of which something lies in the picture, copied together: MapsTrailPoint in points, and
 * where each begins, and the end, in first. */
static void pick_trails(const MapsView *view, const MapsUnits *units, GArray *points, GArray *first)
{
    GeoBounds bounds = maps_view_bounds(view);
    uint32_t end = 0;
    g_array_append_val(first, end);
    for (size_t i = 0; i < units->n_trails; i++) {
        uint32_t from = units->trail_first[i], to = units->trail_first[i + 1];
        bool seen = false;
        for (uint32_t k = from; k < to && !seen; k++)
            seen = holds(&bounds, units->trail[k].at);
        if (!seen)
            continue;
        g_array_append_vals(points, units->trail + from, to - from);
        end = points->len;
        g_array_append_val(first, end);
    }
}

static bool paint_trails(MapsJob *job, GError **error)
{
    const MapsUnits *units = job->data;
    const MapsView *view = &job->sheet->view;
    MapsView within = *view; /* crowds are judged in what is seen, without the margin */
    within.width /= 1 + 2 * maps_pictures_trails.margin_share;
    within.height /= 1 + 2 * maps_pictures_trails.margin_share;
    if (!units || units->n_trails == 0 || maps_units_crowded(&within, units))
        return true;
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(MapsTrailPoint));
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    pick_trails(view, units, points, first);
    if (!geo_progress_step(job->progress, 0.3, error))
        return false;
    MapsUnits seen = *units;
    seen.trail = (const MapsTrailPoint *)(void *)points->data;
    seen.trail_first = (const uint32_t *)(void *)first->data;
    seen.n_trails = first->len - 1;
    maps_paint_trails(job->cr, view, &seen);
    return true;
}

const MapsPicturesPainter maps_pictures_heat = {.name = "heat",
                                                .rank = MAPS_RANK_OVERLAY,
                                                .rest_ms = 150,
                                                .margin_share = 0.15,
                                                .paint = paint_heat};
const MapsPicturesPainter maps_pictures_gaps = {.name = "gaps",
                                                .rank = MAPS_RANK_OVERLAY,
                                                .rest_ms = 150,
                                                .margin_share = 0.25,
                                                .least_zoom = MAPS_CITY_ZOOM,
                                                .paint = paint_gaps};
const MapsPicturesPainter maps_pictures_trails = {.name = "trails",
                                                  .rank = MAPS_RANK_LAST,
                                                  .rest_ms = 150,
                                                  .margin_share = 0.25,
                                                  .least_zoom = 13,
                                                  .paint = paint_trails};
