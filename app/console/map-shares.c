/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/console/map-shares.h"

#include <math.h>

#include "maps/paint/grids.h"
#include "maps/paint/scene.h"

static GHashTable *shares_by_code(const GeoCoverage *coverage)
{
    GHashTable *shares = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, g_free);
    for (guint i = 0; i < coverage->areas->len; i++) {
        const GeoCoverageArea *area = &g_array_index(coverage->areas, GeoCoverageArea, i);
        double share = area->street_m > 0 ? area->seen_m / area->street_m : NAN;
        if (area->code)
            g_hash_table_insert(shares, (gpointer)area->code, g_memdup2(&share, sizeof share));
    }
    return shares;
}

static bool paint_shares(MapsJob *job, GError **error)
{
    const AppSurvey *survey = job->data;
    const MapsView *view = &job->sheet->view;
    if (!survey || view->zoom > MAPS_CITY_ZOOM || !survey->level)
        return true;
    GeoQuery query = {.level = survey->level};
    g_autoptr(GeoBatch) areas = geo_store_load(job->store, GEO_KIND_AREA, &query, error);
    if (!areas || !geo_progress_step(job->progress, 0.5, error))
        return false;
    g_autoptr(GHashTable) shares = shares_by_code(survey->coverage);
    g_autofree double *share = g_new(double, areas->rows->len + 1);
    for (guint i = 0; i < areas->rows->len; i++) {
        const char *code = geo_batch_row(areas, i)->code;
        const double *known = code ? g_hash_table_lookup(shares, code) : NULL;
        share[i] = known ? *known : NAN;
    }
    double end = maps_grids_share_end(share, areas->rows->len);
    for (guint i = 0; i < areas->rows->len; i++)
        share[i] = fmin(1, share[i] / end);
    maps_paint_shares(job->cr, view, areas, share);
    return true;
}

const MapsPicturesPainter app_map_shares = {.name = "shares",
                                            .rank = MAPS_RANK_OVERLAY,
                                            .rest_ms = 150,
                                            .margin_share = 0.15,
                                            .paint = paint_shares};
