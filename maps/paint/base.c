/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order: paper, land use, water, buildings, rail, roads. Roads are painted in three passes (what
 * lies below ground, on it, on bridges), each casings first and then fills from the least class to
 * the greatest, so that crossings of one level flow into each other and bridges cut across. Paths
 * are stroked in batches of a few hundred lines: one stroke for all would make cairo sort millions
 * of edges, one for each would pay the set-up every time. */
#include "maps/paint/base.h"

#include <math.h>

#include "maps/paint/path.h"
#include "maps/paint/style.h"

#define BATCH_LINES 200

typedef struct {
    double zoom;       /* from here on */
    double width_m;    /* of the carriageway, where the zoom shows it true */
    double min_px;     /* never thinner, at z15 */
    bool casing, dash; /* dash: for feet only */
} RoadLook;

static const RoadLook looks[GEO_N_ROAD_CLASSES] = {
    [GEO_ROAD_MOTORWAY] = {5, 26, 4.2, true, false},
    [GEO_ROAD_TRUNK] = {7, 24, 4.0, true, false},
    [GEO_ROAD_PRIMARY] = {9, 22, 3.6, true, false},
    [GEO_ROAD_SECONDARY] = {10.5, 16, 2.9, true, false},
    [GEO_ROAD_TERTIARY] = {11.7, 12, 2.2, true, false},
    [GEO_ROAD_RESIDENTIAL] = {12.8, 8, 1.5, true, false},
    [GEO_ROAD_SERVICE] = {14.3, 5, 0.9, false, false},
    [GEO_ROAD_TRACK] = {14, 3, 0.8, false, true},
    [GEO_ROAD_PEDESTRIAN] = {14, 7, 1.3, false, false},
    [GEO_ROAD_CYCLEWAY] = {15, 3, 0.8, false, true},
    [GEO_ROAD_PATH] = {15, 2, 0.7, false, true},
    [GEO_ROAD_STEPS] = {15.5, 3, 1.0, false, true},
};

double maps_base_road_zoom(GeoRoadClass class)
{
    return looks[class].zoom;
}

double maps_base_road_px(const MapsView *view, GeoRoadClass class)
{
    const RoadLook *look = &looks[class];
    if (view->zoom < look->zoom)
        return 0;
    double truth = look->width_m / maps_view_m_per_px(view);
    double least = look->min_px * exp2((fmin(view->zoom, 15) - 15) * 0.42) * view->scale;
    return fmax(fmin(truth, 60 * view->scale), fmax(least, 0.5 * view->scale));
}

/* ---- grounds ---- */

/* Far out, fields are simply land: data that ends there would else end in an edge. */
static MapsColor ground_color(const MapsPalette *palette, const MapsView *view, int class)
{
    double near = fmin(fmax(view->zoom - 12.5, 0), 1);
    switch (class) {
    case GEO_BASE_WATER:
    case GEO_BASE_RIVER:
        return palette->water;
    case GEO_BASE_GREEN:
        return palette->green;
    case GEO_BASE_SQUARE:
        return palette->square;
    case GEO_BASE_FARMLAND:
        return maps_style_mix(palette->land, palette->farmland, near);
    case GEO_BASE_INDUSTRIAL:
        return palette->industrial;
    case GEO_BASE_RESIDENTIAL:
        return palette->residential;
    default:
        return palette->private_ground;
    }
}

static void fill_ground(cairo_t *cr, const MapsView *view, const GeoBatch *base, int class)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    maps_style_set(cr, ground_color(palette, view, class), 1);
    for (guint i = 0; i < base->rows->len; i++) {
        const GeoBase *row = &g_array_index(base->rows, GeoBase, i);
        if (row->class != class || row->row.shape != GEO_SHAPE_POLYGON)
            continue;
        MapsRect rect = maps_path_row_rect(view, base, &row->row);
        if (!maps_path_visible(view, &rect, 0) ||
            (rect.right - rect.left) + (rect.bottom - rect.top) < 2 * view->scale)
            continue;
        maps_path_row(cr, view, base, &row->row);
        cairo_fill_preserve(cr);
        if (class == GEO_BASE_WATER) { /* a thin shore: dark water on dark land needs one */
            cairo_save(cr);
            maps_style_set(cr, palette->shore, 1);
            cairo_set_line_width(cr, 0.9 * view->scale);
            cairo_stroke_preserve(cr);
            cairo_restore(cr);
            maps_style_set(cr, palette->water, 1);
        }
        cairo_new_path(cr);
    }
}

static void stroke_rivers(cairo_t *cr, const MapsView *view, const GeoBatch *base, bool shore)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    double m_per_px = maps_view_m_per_px(view);
    maps_style_set(cr, shore ? palette->shore : palette->water, 1);
    for (guint i = 0; i < base->rows->len; i++) {
        const GeoBase *row = &g_array_index(base->rows, GeoBase, i);
        bool line = row->row.shape == GEO_SHAPE_LINE;
        if (!line || (row->class != GEO_BASE_RIVER && row->class != GEO_BASE_WATER))
            continue;
        double width_px = (isfinite(row->width_m) ? row->width_m : 4) / m_per_px;
        MapsRect rect = maps_path_row_rect(view, base, &row->row);
        if (width_px < 0.4 || !maps_path_visible(view, &rect, width_px))
            continue;
        cairo_set_line_width(cr, fmax(width_px, view->scale) + (shore ? 1.8 * view->scale : 0));
        maps_path_row(cr, view, base, &row->row);
        cairo_stroke(cr);
    }
}

static void paint_rails(cairo_t *cr, const MapsView *view, const GeoBatch *base)
{
    if (view->zoom < 10)
        return;
    const MapsPalette *palette = maps_style_palette(view->style);
    double width = (view->zoom < 13 ? 1.0 : 2.2) * view->scale;
    double dash[] = {7 * view->scale, 7 * view->scale};
    for (guint i = 0; i < base->rows->len; i++) {
        const GeoBase *row = &g_array_index(base->rows, GeoBase, i);
        if (row->class != GEO_BASE_RAIL || row->row.shape != GEO_SHAPE_LINE)
            continue;
        MapsRect rect = maps_path_row_rect(view, base, &row->row);
        if (!maps_path_visible(view, &rect, width))
            continue;
        maps_path_row(cr, view, base, &row->row);
        maps_style_set(cr, palette->rail, 1);
        cairo_set_line_width(cr, width);
        if (view->zoom < 13) {
            cairo_stroke(cr);
            continue;
        }
        cairo_stroke_preserve(cr);
        maps_style_set(cr, palette->land, 1);
        cairo_set_line_width(cr, width - 1.1 * view->scale);
        cairo_set_dash(cr, dash, 2, 0);
        cairo_stroke(cr);
        cairo_set_dash(cr, NULL, 0, 0);
    }
}

static void paint_buildings(cairo_t *cr, const MapsView *view, const GeoBatch *buildings)
{
    if (view->zoom < MAPS_BUILDINGS_ZOOM)
        return;
    const MapsPalette *palette = maps_style_palette(view->style);
    double fade = fmin(1, (view->zoom - MAPS_BUILDINGS_ZOOM) * 2 + 0.4);
    bool rims = view->zoom >= 15;
    cairo_set_line_width(cr, 0.7 * view->scale);
    unsigned held = 0;
    for (guint i = 0; i <= buildings->rows->len; i++) {
        bool end = i == buildings->rows->len;
        if (!end) {
            const GeoRow *row = &g_array_index(buildings->rows, GeoBuilding, i).row;
            MapsRect rect = maps_path_row_rect(view, buildings, row);
            if (maps_path_visible(view, &rect, 0) &&
                (rect.right - rect.left) + (rect.bottom - rect.top) >= 4 * view->scale) {
                maps_path_row(cr, view, buildings, row);
                held++;
            }
        }
        if (held == BATCH_LINES || (end && held)) {
            maps_style_set(cr, palette->building, fade);
            cairo_fill_preserve(cr);
            maps_style_set(cr, palette->building_rim, fade);
            if (rims)
                cairo_stroke_preserve(cr);
            cairo_new_path(cr);
            held = 0;
        }
    }
}

/* ---- roads ---- */

typedef struct {
    uint32_t row;
    int8_t level; /* -1 tunnel, 0 ground, 1 bridge */
    int8_t class;
} RoadRef;

/* From back to front. */
static const GeoRoadClass order[] = {GEO_ROAD_STEPS,       GEO_ROAD_PATH,     GEO_ROAD_CYCLEWAY,
                                     GEO_ROAD_TRACK,       GEO_ROAD_SERVICE,  GEO_ROAD_PEDESTRIAN,
                                     GEO_ROAD_RESIDENTIAL, GEO_ROAD_TERTIARY, GEO_ROAD_SECONDARY,
                                     GEO_ROAD_PRIMARY,     GEO_ROAD_TRUNK,    GEO_ROAD_MOTORWAY};

static GArray *roads_in_sight(const MapsView *view, const GeoBatch *roads)
{
    GArray *refs = g_array_new(FALSE, FALSE, sizeof(RoadRef));
    for (guint i = 0; i < roads->rows->len; i++) {
        const GeoRoad *road = &g_array_index(roads->rows, GeoRoad, i);
        if (maps_base_road_px(view, (GeoRoadClass)road->class) <= 0)
            continue;
        MapsRect rect = maps_path_row_rect(view, roads, &road->row);
        if (!maps_path_visible(view, &rect, 40 * view->scale))
            continue;
        int8_t level = road->layer > 0 ? 1 : road->layer < 0 ? -1 : 0;
        RoadRef ref = {i, level, (int8_t)road->class};
        g_array_append_val(refs, ref);
    }
    return refs;
}

static void stroke_class(cairo_t *cr, const MapsView *view, const GeoBatch *roads,
                         const GArray *refs, int level, GeoRoadClass class)
{
    unsigned held = 0;
    for (guint i = 0; i < refs->len; i++) {
        const RoadRef *ref = &g_array_index(refs, RoadRef, i);
        if (ref->level != level || ref->class != (int8_t) class)
            continue;
        maps_path_row(cr, view, roads, &g_array_index(roads->rows, GeoRoad, ref->row).row);
        if (++held == BATCH_LINES) {
            cairo_stroke(cr);
            held = 0;
        }
    }
    cairo_stroke(cr);
}

static void paint_level(cairo_t *cr, const MapsView *view, const GeoBatch *roads,
                        const GArray *refs, int level)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    double dash[] = {4 * view->scale, 2.5 * view->scale};
    double casing_px = (view->zoom < 13 ? 0.7 : 1.1) * view->scale;
    cairo_set_line_cap(cr, level == 0 ? CAIRO_LINE_CAP_ROUND : CAIRO_LINE_CAP_BUTT);
    for (int pass = 0; pass < 2; pass++)
        for (size_t k = 0; k < G_N_ELEMENTS(order); k++) {
            double px = maps_base_road_px(view, order[k]);
            const RoadLook *look = &looks[order[k]];
            bool cased = (look->casing && view->zoom >= 11) || level == 1;
            if (px <= 0 || (pass == 0 && !cased))
                continue;
            if (pass == 0) {
                maps_style_set(cr, palette->casing, level < 0 ? 0.5 : 1);
                cairo_set_line_width(cr, px + 2 * casing_px);
            } else {
                maps_style_set(cr, palette->road[order[k]], level < 0 ? 0.45 : 1);
                cairo_set_line_width(cr, px);
                cairo_set_dash(cr, dash, look->dash ? 2 : 0, 0);
            }
            stroke_class(cr, view, roads, refs, level, order[k]);
            cairo_set_dash(cr, NULL, 0, 0);
        }
}

static void paint_roads(cairo_t *cr, const MapsView *view, const GeoBatch *roads)
{
    g_autoptr(GArray) refs = roads_in_sight(view, roads);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    for (int level = -1; level <= 1; level++)
        paint_level(cr, view, roads, refs, level);
}

void maps_paint_base(cairo_t *cr, const MapsView *view, const MapsBase *base)
{
    static const int grounds[] = {GEO_BASE_RESIDENTIAL, GEO_BASE_FARMLAND, GEO_BASE_INDUSTRIAL,
                                  GEO_BASE_PRIVATE,     GEO_BASE_GREEN,    GEO_BASE_SQUARE,
                                  GEO_BASE_RIVER,       GEO_BASE_WATER};
    cairo_save(cr);
    cairo_rectangle(cr, 0, 0, view->width, view->height);
    cairo_clip(cr);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    maps_style_set(cr, maps_style_palette(view->style)->land, 1);
    cairo_paint(cr);
    if (base->base) {
        for (size_t k = 0; k < G_N_ELEMENTS(grounds); k++) {
            if (grounds[k] == GEO_BASE_WATER) /* mouths stay open: shores, lakes, then rivers */
                stroke_rivers(cr, view, base->base, true);
            fill_ground(cr, view, base->base, grounds[k]);
        }
        stroke_rivers(cr, view, base->base, false);
    }
    if (base->buildings)
        paint_buildings(cr, view, base->buildings);
    if (base->base)
        paint_rails(cr, view, base->base);
    if (base->roads)
        paint_roads(cr, view, base->roads);
    cairo_restore(cr);
}
