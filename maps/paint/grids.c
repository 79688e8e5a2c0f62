/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/grids.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "maps/paint/path.h"
#include "maps/paint/style.h"

#define BATCH_ROWS 100

typedef struct {
    double zoom, width_px, alpha;
} TierLook;

static const TierLook looks[MAPS_N_TIERS] = {
    [MAPS_TIER_DISTRICT] = {0, 2, 0.5},
    [MAPS_TIER_STREET] = {10.8, 1.2, 0.7},
    [MAPS_TIER_COMMUNITY] = {10.3, 0.9, 0.7},
    [MAPS_TIER_GRID] = {14, 0.5, 0.7},
};

MapsTier maps_grids_tier(const char *level)
{
    if (!g_strcmp0(level, "district") || !g_strcmp0(level, "county") || !g_strcmp0(level, "city"))
        return MAPS_TIER_DISTRICT;
    if (!g_strcmp0(level, "street") || !g_strcmp0(level, "town") || !g_strcmp0(level, "precinct"))
        return MAPS_TIER_STREET;
    return !g_strcmp0(level, "grid") ? MAPS_TIER_GRID : MAPS_TIER_COMMUNITY;
}

double maps_grids_zoom(MapsTier tier)
{
    return looks[tier].zoom;
}

static void stroke_tier(cairo_t *cr, const MapsView *view, const GeoBatch *areas, MapsTier tier)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    double grow =
        tier > MAPS_TIER_STREET ? fmin(fmax((view->zoom - 14) * 0.25 + 0.8, 0.6), 1.3) : 1;
    unsigned held = 0;
    maps_style_set(cr, tier == MAPS_TIER_DISTRICT ? palette->district : palette->grid,
                   looks[tier].alpha);
    cairo_set_line_width(cr, looks[tier].width_px * grow * view->scale);
    for (guint i = 0; i < areas->rows->len; i++) {
        const GeoArea *area = &g_array_index(areas->rows, GeoArea, i);
        if (maps_grids_tier(area->level) != tier)
            continue;
        MapsRect rect = maps_path_row_rect(view, areas, &area->row);
        if (!maps_path_visible(view, &rect, 4))
            continue;
        maps_path_row(cr, view, areas, &area->row);
        if (++held % BATCH_ROWS == 0)
            cairo_stroke(cr);
    }
    cairo_stroke(cr);
}

void maps_paint_grids(cairo_t *cr, const MapsView *view, const GeoBatch *areas)
{
    cairo_save(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (int tier = MAPS_N_TIERS - 1; tier >= 0; tier--)
        if (view->zoom >= looks[tier].zoom)
            stroke_tier(cr, view, areas, (MapsTier)tier);
    cairo_restore(cr);
}

void maps_paint_shares(cairo_t *cr, const MapsView *view, const GeoBatch *areas,
                       const double *share)
{
    for (guint i = 0; i < areas->rows->len; i++) {
        const GeoArea *area = &g_array_index(areas->rows, GeoArea, i);
        MapsRect rect = maps_path_row_rect(view, areas, &area->row);
        if (isnan(share[i]) || !maps_path_visible(view, &rect, 0))
            continue;
        maps_path_row(cr, view, areas, &area->row);
        maps_style_set(cr, maps_style_share(view->style, share[i]), 0.72);
        cairo_fill(cr);
    }
}

static int by_number(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return (one > two) - (one < two);
}

double maps_grids_share_end(const double *share, size_t n)
{
    static const double ends[] = {0.05, 0.1, 0.15, 0.2, 0.3, 0.5};
    g_autofree double *known = g_new(double, n + 1);
    size_t n_known = 0;
    for (size_t i = 0; i < n; i++)
        if (!isnan(share[i]))
            known[n_known++] = share[i];
    if (n_known == 0)
        return 1;
    qsort(known, n_known, sizeof *known, by_number);
    double most = known[(size_t)(0.9 * (double)(n_known - 1))];
    for (size_t i = 0; i < G_N_ELEMENTS(ends); i++)
        if (most <= ends[i])
            return ends[i];
    return 1;
}
