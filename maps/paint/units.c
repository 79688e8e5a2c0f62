/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/units.h"

#include <math.h>

#include "geo/model/age.h"
#include "maps/paint/path.h"
#include "maps/paint/style.h"
#include "maps/paint/text.h"
#include "maps/paint/words.h"

#define CROWD_PX2 7200.0 /* of picture for each symbol, less is a crowd */
#define MOVING_MPS 0.4
#define BANDS 10
#define TICK_GAP_PX 3.2
#define TICK_PX 4.6
#define MINUTES_PX 10.5

MapsAge maps_units_age(int kind, double age_s)
{
    static const MapsAge ages[GEO_N_AGES] = {[GEO_AGE_LIVE] = MAPS_AGE_LIVE,
                                             [GEO_AGE_LATE] = MAPS_AGE_LATE,
                                             [GEO_AGE_STALE] = MAPS_AGE_STALE,
                                             [GEO_AGE_SILENT] = MAPS_AGE_SILENT};
    if (isnan(age_s) || age_s > 1e9)
        return MAPS_AGE_SILENT;
    const int64_t now_ms = INT64_C(2000000000000); /* any moment: only the difference counts */
    return ages[geo_age_of(kind, now_ms - (int64_t)(age_s * 1000), now_ms)];
}

static bool in_sight(const MapsView *view, MapsPoint p)
{
    return p.x >= -12 && p.y >= -12 && p.x <= view->width + 12 && p.y <= view->height + 12;
}

double maps_unit_radius_px(const MapsView *view)
{
    return (view->zoom >= 15.2 ? 6.6 : 5.4) * view->scale;
}

double maps_unit_extent_px(const MapsView *view)
{
    return maps_unit_radius_px(view) + (TICK_GAP_PX + TICK_PX + 1) * view->scale;
}

/* ---- one symbol ---- */

static void shape(cairo_t *cr, MapsPoint p, int kind, double r)
{
    cairo_new_path(cr);
    switch (kind) {
    case GEO_UNIT_EBIKE:
        r *= 1.28;
        cairo_move_to(cr, p.x, p.y - r);
        cairo_line_to(cr, p.x + r, p.y);
        cairo_line_to(cr, p.x, p.y + r);
        cairo_line_to(cr, p.x - r, p.y);
        cairo_close_path(cr);
        break;
    case GEO_UNIT_CAR:
        maps_path_rounded(cr, p.x - r * 0.95, p.y - r * 0.95, 1.9 * r, 1.9 * r, 0.5 * r);
        break;
    default:
        cairo_arc(cr, p.x, p.y, r, 0, 2 * M_PI);
    }
}

/* A small arrowhead off the rim, in the direction of travel. */
static void heading_tick(cairo_t *cr, const MapsView *view, MapsPoint p, double heading_deg)
{
    double a = heading_deg * M_PI / 180, r = maps_unit_radius_px(view) + TICK_GAP_PX * view->scale;
    double dx = sin(a), dy = -cos(a), w = 3.2 * view->scale, h = TICK_PX * view->scale;
    cairo_move_to(cr, p.x + dx * (r + h), p.y + dy * (r + h));
    cairo_line_to(cr, p.x + dx * r - dy * w, p.y + dy * r + dx * w);
    cairo_line_to(cr, p.x + dx * r + dy * w, p.y + dy * r - dx * w);
    cairo_close_path(cr);
    maps_style_set(cr, maps_style_palette(view->style)->rim, 1);
    cairo_fill(cr);
}

static void cross(cairo_t *cr, MapsPoint p, double r)
{
    cairo_move_to(cr, p.x - r, p.y + r);
    cairo_line_to(cr, p.x + r, p.y - r);
    cairo_stroke(cr);
}

static bool is_out(int status)
{
    return status == GEO_STATUS_OFF || status == GEO_STATUS_OUT;
}

bool maps_unit_moving(const MapsUnit *unit)
{
    return maps_units_age(unit->kind, unit->age_s) <= MAPS_AGE_LATE &&
           unit->speed_mps > MOVING_MPS && isfinite(unit->heading_deg);
}

void maps_paint_unit(cairo_t *cr, const MapsView *view, MapsPoint p, const MapsUnit *unit)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    MapsColor color = maps_style_status(palette, (GeoUnitStatus)unit->status);
    MapsAge age = maps_units_age(unit->kind, unit->age_s);
    double r = maps_unit_radius_px(view), s = view->scale, dash[] = {2.4 * s, 1.8 * s};
    bool hollow = age >= MAPS_AGE_STALE || is_out(unit->status);
    cairo_save(cr);
    shape(cr, p, unit->kind, r + 1.6 * s);
    maps_style_set(cr, palette->paper, 0.85); /* off any ground and any neighbour */
    cairo_fill(cr);
    shape(cr, p, unit->kind, r);
    maps_style_set(cr, hollow ? palette->panel : color, 1);
    cairo_fill_preserve(cr);
    cairo_set_line_width(cr, (hollow ? 2.0 : age == MAPS_AGE_LATE ? 0.7 : 1.3) * s);
    cairo_set_dash(cr, dash, age == MAPS_AGE_SILENT ? 2 : 0, 0);
    maps_style_set(cr, hollow ? color : palette->rim, 1);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
    if (unit->kind == GEO_UNIT_TEAM) {
        cairo_arc(cr, p.x, p.y, r * 0.5, 0, 2 * M_PI);
        maps_style_set(cr, hollow ? color : palette->rim, 1);
        cairo_set_line_width(cr, 1.2 * s);
        cairo_stroke(cr);
    }
    if (age == MAPS_AGE_SILENT) {
        maps_style_set(cr, palette->rim, 0.9);
        cairo_set_line_width(cr, 1.4 * s);
        cross(cr, p, r * 0.95);
    }
    if (maps_unit_moving(unit))
        heading_tick(cr, view, p, unit->heading_deg);
    cairo_restore(cr);
}

/* ---- many ---- */

bool maps_unit_on_duty(const MapsUnit *unit)
{
    return !is_out(unit->status);
}

bool maps_unit_crowd(const MapsView *view, size_t n)
{
    double room = view->width * view->height / (view->scale * view->scale);
    return view->zoom < 13 || (double)n * CROWD_PX2 > room;
}

bool maps_units_crowded(const MapsView *view, const MapsUnits *units)
{
    size_t seen = 0;
    for (size_t i = 0; i < units->n; i++)
        seen += maps_unit_on_duty(&units->units[i]) &&
                in_sight(view, maps_view_point(view, units->units[i].at));
    return maps_unit_crowd(view, seen);
}

/* The part of a trail between two ages, and on to the next younger point. */
static void band_path(cairo_t *cr, const MapsView *view, const MapsUnits *units, size_t trail,
                      double young, double old)
{
    bool open = false;
    for (uint32_t k = units->trail_first[trail]; k < units->trail_first[trail + 1]; k++) {
        const MapsTrailPoint *point = &units->trail[k];
        bool inside = point->age_s <= old && point->age_s >= young;
        if (!inside && !open)
            continue;
        MapsPoint p = maps_view_point(view, point->at);
        if (open)
            cairo_line_to(cr, p.x, p.y);
        else
            cairo_move_to(cr, p.x, p.y);
        open = inside;
    }
}

void maps_paint_trails(cairo_t *cr, const MapsView *view, const MapsUnits *units)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    if (!(units->trail_s > 0) || maps_units_crowded(view, units))
        return;
    cairo_save(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    /* All trails of one band of age are one stroke: where they lie on each other they do not add
     * up. Newest last, on top. */
    for (int band = BANDS - 1; band >= 0; band--) {
        double young = units->trail_s * band / BANDS, old = units->trail_s * (band + 1) / BANDS;
        double t = 1 - (double)band / BANDS;
        for (size_t i = 0; i < units->n_trails; i++)
            band_path(cr, view, units, i, young, old);
        maps_style_set(cr, palette->trail, 0.04 + 0.5 * t * t * t);
        cairo_set_line_width(cr, (0.8 + 0.7 * t) * view->scale);
        cairo_stroke(cr);
    }
    cairo_restore(cr);
}

int maps_unit_bin(int status)
{
    switch (status) {
    case GEO_STATUS_AVAILABLE:
    case GEO_STATUS_FIXED_POST:
    case GEO_STATUS_CLEARED:
        return 0;
    case GEO_STATUS_RESERVED:
        return 1;
    case GEO_STATUS_DISPATCHED:
    case GEO_STATUS_ACCEPTED:
    case GEO_STATUS_EN_ROUTE:
        return 2;
    case GEO_STATUS_ON_SCENE:
    case GEO_STATUS_HANDLING:
        return 3;
    default:
        return 4;
    }
}

double maps_unit_count_px(const MapsView *view, unsigned n)
{
    return fmin(9 + 2.2 * log2(n), 20) * view->scale;
}

void maps_paint_unit_count(cairo_t *cr, const MapsView *view, MapsPoint p,
                           const MapsUnitCount *count)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    const MapsColor colors[MAPS_UNIT_BINS] = {palette->available, palette->reserved,
                                              palette->en_route, palette->on_scene, palette->busy};
    double s = view->scale, r = maps_unit_count_px(view, count->n), from = -M_PI / 2;
    unsigned all = 0;
    for (int i = 0; i < MAPS_UNIT_BINS; i++)
        all += count->by[i];
    cairo_new_path(cr);
    cairo_arc(cr, p.x, p.y, r + 1.2 * s, 0, 2 * M_PI);
    maps_style_set(cr, palette->panel, 0.94);
    cairo_fill(cr);
    for (int i = 0; i < MAPS_UNIT_BINS; i++) {
        double to = from + 2 * M_PI * count->by[i] / MAX(all, 1);
        cairo_arc(cr, p.x, p.y, r, from, to);
        maps_style_set(cr, colors[i], 1);
        cairo_set_line_width(cr, 2.6 * s);
        cairo_stroke(cr);
        from = to;
    }
    PangoContext *context = maps_text_context(view);
    g_autofree char *text = g_strdup_printf("%u", count->n);
    maps_text_line(cr, context, view, text, count->n > 99 ? 10 : 11, MAPS_TEXT_BOLD,
                   palette->text_strong, 0.5, p.x, p.y);
    g_object_unref(context);
}

/* Counts by squares of the picture; a lone unit stays a symbol. Squares are bound to the ground, so
 * that panning does not reshuffle them. */
static GArray *clusters_of(const MapsView *view, const MapsUnits *units, int *columns)
{
    double cell = MAPS_UNIT_CELL_PX * view->scale;
    MapsPoint anchor = maps_view_point(view, (GeoLonLat){0, 0});
    double dx = fmod(fmod(anchor.x, cell) + cell, cell),
           dy = fmod(fmod(anchor.y, cell) + cell, cell);
    *columns = (int)ceil(view->width / cell) + 2;
    int rows = (int)ceil(view->height / cell) + 2;
    GArray *cells = g_array_sized_new(FALSE, TRUE, sizeof(MapsUnitCount), (guint)(*columns * rows));
    g_array_set_size(cells, (guint)(*columns * rows));
    for (size_t i = 0; i < units->n; i++) {
        MapsPoint p = maps_view_point(view, units->units[i].at);
        int x = (int)floor((p.x - dx) / cell) + 1, y = (int)floor((p.y - dy) / cell) + 1;
        if (!maps_unit_on_duty(&units->units[i]) || !in_sight(view, p) || x < 0 || y < 0 ||
            x >= *columns || y >= rows)
            continue;
        MapsUnitCount *cluster = &g_array_index(cells, MapsUnitCount, (guint)(y * *columns + x));
        cluster->n++;
        cluster->x += p.x;
        cluster->y += p.y;
        cluster->by[maps_unit_bin(units->units[i].status)]++;
    }
    return cells;
}

static void paint_clusters(cairo_t *cr, const MapsView *view, const MapsUnits *units)
{
    int columns;
    g_autoptr(GArray) cells = clusters_of(view, units, &columns);
    for (guint i = 0; i < cells->len; i++) {
        const MapsUnitCount *cluster = &g_array_index(cells, MapsUnitCount, i);
        MapsPoint p = {cluster->x / cluster->n, cluster->y / cluster->n};
        if (cluster->n > 0)
            maps_paint_unit_count(cr, view, p, cluster);
    }
}

void maps_paint_units(cairo_t *cr, const MapsView *view, const MapsUnits *units)
{
    if (maps_units_crowded(view, units)) {
        paint_clusters(cr, view, units);
        return;
    }
    for (int pass = 0; pass < 2; pass++) /* those that can be sent lie on top */
        for (size_t i = 0; i < units->n; i++) {
            const MapsUnit *unit = &units->units[i];
            MapsPoint p = maps_view_point(view, unit->at);
            bool quiet = maps_units_age(unit->kind, unit->age_s) >= MAPS_AGE_STALE;
            if (maps_unit_on_duty(unit) && in_sight(view, p) && quiet == (pass == 0))
                maps_paint_unit(cr, view, p, unit);
        }
}

void maps_units_block(MapsLabels *labels, const MapsView *view, const MapsUnits *units)
{
    if (maps_units_crowded(view, units)) {
        int columns;
        g_autoptr(GArray) cells = clusters_of(view, units, &columns);
        for (guint i = 0; i < cells->len; i++) {
            const MapsUnitCount *cluster = &g_array_index(cells, MapsUnitCount, i);
            if (cluster->n == 0)
                continue;
            double x = cluster->x / cluster->n, y = cluster->y / cluster->n;
            double r = maps_unit_count_px(view, cluster->n);
            maps_labels_block(labels, (MapsRect){x - r, y - r, x + r, y + r});
        }
        return;
    }
    double r = maps_unit_radius_px(view) + view->scale;
    for (size_t i = 0; i < units->n; i++) {
        MapsPoint p = maps_view_point(view, units->units[i].at);
        if (maps_unit_on_duty(&units->units[i]) && in_sight(view, p))
            maps_labels_block(labels, (MapsRect){p.x - r, p.y - r, p.x + r, p.y + r});
    }
}

void maps_units_label(MapsLabels *labels, const MapsView *view, const MapsUnits *units)
{
    bool crowded = maps_units_crowded(view, units);
    for (size_t i = 0; i < units->n && !crowded; i++) {
        const MapsUnit *unit = &units->units[i];
        MapsPoint p = maps_view_point(view, unit->at);
        if (!maps_unit_on_duty(unit) || !in_sight(view, p) ||
            maps_units_age(unit->kind, unit->age_s) != MAPS_AGE_STALE)
            continue;
        g_autofree char *text = g_strdup_printf(_("%.0f min"), floor(unit->age_s / 60));
        maps_labels_add_beside(labels, MAPS_LABEL_UNIT, text, p,
                               maps_unit_radius_px(view) + view->scale);
    }
}

void maps_paint_unit_minutes(cairo_t *cr, const MapsView *view, MapsPoint p, unsigned minutes)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    PangoContext *context = maps_text_context(view);
    g_autofree char *text = g_strdup_printf(_("%.0f min"), (double)minutes);
    g_autoptr(PangoLayout) layout =
        maps_text_layout(context, view, text, MINUTES_PX, MAPS_TEXT_MEDIUM);
    double width, height;
    maps_text_size(layout, &width, &height);
    maps_text_show(cr, layout, p.x + maps_unit_radius_px(view) + 3 * view->scale, p.y - height / 2,
                   palette->text_strong, palette->halo, 2.2 * view->scale);
    g_object_unref(context);
}
