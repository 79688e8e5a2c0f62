/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Order from back to front: ground, shares or heat, what cameras see, gaps, borders, trails,
 * cameras, names, units, incidents, frame. Names are placed after everything that they must not
 * hide has said where it stands. */
#include "maps/paint/scene.h"

#include <math.h>

#include "maps/paint/grids.h"
#include "maps/paint/legend.h"
#include "maps/paint/names.h"
#include "maps/paint/panel.h"
#include "maps/paint/style.h"
#include "maps/paint/words.h"

#define MARGIN_PX 12.0

const char *const maps_layer_words[] = {"base",  "grids",     "fields", "gaps",   "heat",
                                        "units", "incidents", "labels", "legend", NULL};

static bool is_on(const MapsScene *scene, MapsLayer layer)
{
    return (scene->layers & layer) != 0;
}

static bool is_city(const MapsView *view, const MapsScene *scene)
{
    return view->zoom <= MAPS_CITY_ZOOM && scene->overview && scene->area_count;
}

static void paint_shares(cairo_t *cr, const MapsView *view, const MapsScene *scene)
{
    g_autofree double *share = g_new(double, scene->overview->rows->len);
    for (guint i = 0; i < scene->overview->rows->len; i++)
        share[i] = scene->area_count[i].share / (scene->share_end > 0 ? scene->share_end : 1);
    maps_paint_shares(cr, view, scene->overview, share);
}

/* Share and count in the middle of each area that has room for them. */
static void add_counts(MapsLabels *labels, const MapsView *view, const MapsScene *scene)
{
    for (guint i = 0; i < scene->overview->rows->len; i++) {
        const GeoArea *area = &g_array_index(scene->overview->rows, GeoArea, i);
        const MapsAreaCount *count = &scene->area_count[i];
        MapsPoint middle;
        double span_px;
        if (!maps_names_middle(view, scene->overview, &area->row, &middle, &span_px) ||
            span_px < 24 * view->scale)
            continue;
        g_autofree char *share =
            isnan(count->share) ? g_strdup("") : g_strdup_printf("%.0f %%", 100 * count->share);
        g_autofree char *long_text =
            g_strdup_printf("%s%s%u", share, *share ? " \u00b7 " : "", count->units);
        bool wide = span_px > 50 * view->scale && (scene->layers & MAPS_LAYER_UNITS);
        if (!wide || !maps_labels_add_point(labels, MAPS_LABEL_SHARE, long_text, middle))
            maps_labels_add_point(labels, MAPS_LABEL_SHARE, share, middle);
    }
}

static void add_names(MapsLabels *labels, const MapsView *view, const MapsScene *scene)
{
    bool city = is_city(view, scene);
    if (is_on(scene, MAPS_LAYER_LABELS) && scene->areas)
        maps_names_tiers(labels, view, scene->areas);
    if (city)
        add_counts(labels, view, scene);
    if (!is_on(scene, MAPS_LAYER_LABELS))
        return;
    if (scene->base.base)
        maps_names_base(labels, view, scene->base.base);
    if (scene->base.roads && !city)
        maps_names_roads(labels, view, scene->base.roads);
    if (scene->areas && is_on(scene, MAPS_LAYER_GRIDS) && view->zoom >= 14.6)
        maps_names_areas(labels, view, scene->areas, MAPS_TIER_GRID, MAPS_LABEL_CODE);
}

/* Frame pieces are painted last but placed first: names keep clear of them. */
typedef struct {
    MapsRect top, bottom, legend, inset;
} Frame;

static Frame measure_frame(cairo_t *cr, const MapsView *view, const MapsScene *scene)
{
    double s = view->scale, margin = MARGIN_PX * s;
    Frame frame = {{0, 0, view->width, 0},
                   {0, view->height, view->width, view->height},
                   {1, 1, 0, 0},
                   {1, 1, 0, 0}};
    if (!is_on(scene, MAPS_LAYER_LEGEND))
        return frame;
    frame.top = maps_paint_title(cr, view, scene);
    frame.bottom = maps_paint_facts(cr, view, scene);
    MapsRect room = {margin, frame.top.bottom + margin, view->width - margin,
                     frame.bottom.top - margin - 34 * s};
    frame.legend = maps_paint_legend(NULL, view, scene, room);
    if (scene->overview && scene->overview->rows->len > 1 && view->zoom > MAPS_CITY_ZOOM &&
        view->width >= 1100 * s && view->height >= 600 * s)
        frame.inset = (MapsRect){view->width - margin - 236 * s, room.top, view->width - margin,
                                 room.top + 178 * s};
    return frame;
}

static void paint_frame(cairo_t *cr, const MapsView *view, const MapsScene *scene,
                        const Frame *frame)
{
    double s = view->scale, margin = MARGIN_PX * s;
    if (!is_on(scene, MAPS_LAYER_LEGEND))
        return;
    maps_paint_title(cr, view, scene);
    maps_paint_facts(cr, view, scene);
    if (frame->legend.left <= frame->legend.right) {
        MapsRect room = {frame->legend.left, frame->legend.top, view->width,
                         frame->legend.bottom + 1};
        maps_paint_legend(cr, view, scene, room);
    }
    if (frame->inset.left <= frame->inset.right)
        maps_paint_inset(cr, view, scene, frame->inset);
    double bottom = frame->bottom.top - margin;
    maps_paint_scalebar(cr, view, (MapsPoint){margin, bottom});
    maps_paint_attribution(cr, view, scene->attribution, (MapsPoint){view->width - margin, bottom});
}

static void block_frame(MapsLabels *labels, const MapsView *view, const MapsScene *scene,
                        const Frame *frame)
{
    double s = view->scale;
    if (!is_on(scene, MAPS_LAYER_LEGEND))
        return;
    maps_labels_block(labels, frame->top);
    maps_labels_block(labels, frame->bottom);
    maps_labels_block(labels, frame->legend);
    maps_labels_block(labels, frame->inset);
    maps_labels_block(labels,
                      (MapsRect){0, frame->bottom.top - 34 * s, 230 * s, frame->bottom.top});
    maps_labels_block(labels, (MapsRect){view->width * 0.6, frame->bottom.top - 34 * s, view->width,
                                         frame->bottom.top});
}

static void paint_overlays(cairo_t *cr, const MapsView *view, const MapsScene *scene)
{
    bool city = is_city(view, scene);
    if (city && is_on(scene, MAPS_LAYER_FIELDS))
        paint_shares(cr, view, scene);
    if (is_on(scene, MAPS_LAYER_HEAT))
        maps_paint_heat(cr, view, &scene->heat);
    if (!city && is_on(scene, MAPS_LAYER_FIELDS)) {
        maps_paint_cover(cr, view, &scene->fields);
        maps_paint_fields(cr, view, &scene->fields);
    }
    if (is_on(scene, MAPS_LAYER_GRIDS) && scene->areas)
        maps_paint_grids(cr, view, scene->areas);
    if (is_on(scene, MAPS_LAYER_GAPS))
        maps_paint_gaps(cr, view, &scene->gaps);
    if (!city && is_on(scene, MAPS_LAYER_FIELDS))
        maps_paint_cameras(cr, view, &scene->fields);
    if (!city && is_on(scene, MAPS_LAYER_UNITS))
        maps_paint_trails(cr, view, &scene->units);
}

/* All symbols say where they stand before the first of them gets a name. */
static void make_room(MapsLabels *labels, const MapsView *view, const MapsScene *scene)
{
    if (is_on(scene, MAPS_LAYER_INCIDENTS))
        maps_incidents_block(labels, view, &scene->incidents);
    if (is_on(scene, MAPS_LAYER_UNITS))
        maps_units_block(labels, view, &scene->units);
    if (is_on(scene, MAPS_LAYER_INCIDENTS))
        maps_incidents_label(labels, view, &scene->incidents);
    if (is_on(scene, MAPS_LAYER_UNITS))
        maps_units_label(labels, view, &scene->units);
}

void maps_paint_scene(cairo_t *cr, const MapsView *view, const MapsScene *scene)
{
    bool city = is_city(view, scene);
    MapsBase nothing = {NULL, NULL, NULL};
    g_autoptr(MapsLabels) labels = maps_labels_new(view);
    Frame frame = measure_frame(cr, view, scene);
    block_frame(labels, view, scene, &frame);
    maps_paint_base(cr, view, is_on(scene, MAPS_LAYER_BASE) ? &scene->base : &nothing);
    paint_overlays(cr, view, scene);
    if (is_on(scene, MAPS_LAYER_GAPS))
        maps_paint_gap_ranks(cr, view, &scene->gaps, labels);
    if (!city)
        make_room(labels, view, scene);
    add_names(labels, view, scene);
    maps_labels_paint(cr, labels);
    if (!city && is_on(scene, MAPS_LAYER_UNITS))
        maps_paint_units(cr, view, &scene->units);
    if (!city && is_on(scene, MAPS_LAYER_INCIDENTS))
        maps_paint_incidents(cr, view, &scene->incidents);
    paint_frame(cr, view, scene, &frame);
}
