/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/panel.h"

#include <math.h>

#include "maps/paint/grids.h"
#include "maps/paint/style.h"
#include "maps/paint/text.h"
#include "maps/paint/words.h"

#define TITLE_PX 40.0
#define FACT_ROW_PX 28.0
#define PAD_PX 14.0

void maps_paint_panel(cairo_t *cr, const MapsView *view, MapsRect rect)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    maps_path_rounded(cr, rect.left, rect.top, rect.right - rect.left, rect.bottom - rect.top,
                      7 * view->scale);
    maps_style_set(cr, palette->panel, 0.97);
    cairo_fill_preserve(cr);
    maps_style_set(cr, palette->panel_rim, 1);
    cairo_set_line_width(cr, view->scale);
    cairo_stroke(cr);
}

static void strip(cairo_t *cr, const MapsView *view, MapsRect rect, double line_y)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    cairo_rectangle(cr, rect.left, rect.top, rect.right - rect.left, rect.bottom - rect.top);
    maps_style_set(cr, palette->panel, 1);
    cairo_fill(cr);
    cairo_rectangle(cr, rect.left, line_y - view->scale / 2, rect.right - rect.left, view->scale);
    maps_style_set(cr, palette->panel_rim, 1);
    cairo_fill(cr);
}

MapsRect maps_paint_title(cairo_t *cr, const MapsView *view, const MapsScene *scene)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    double s = view->scale, y = TITLE_PX * s / 2, x = PAD_PX * s, right = view->width - PAD_PX * s;
    MapsRect rect = {0, 0, view->width, TITLE_PX * s};
    PangoContext *context = maps_text_context(view);
    strip(cr, view, rect, rect.bottom);
    if (scene->clock)
        right -= maps_text_line(cr, context, view, scene->clock, 14, MAPS_TEXT_BOLD,
                                palette->text_strong, 1, right, y);
    if (scene->title)
        x += maps_text_line(cr, context, view, scene->title, 15.5, MAPS_TEXT_BOLD,
                            palette->text_strong, 0, x, y) +
             12 * s;
    if (scene->note) {
        g_autoptr(PangoLayout) layout =
            maps_text_layout(context, view, scene->note, 12, MAPS_TEXT_PLAIN);
        double width, height;
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_width(layout, (int)(fmax(right - x - 20 * s, 1) * PANGO_SCALE));
        maps_text_size(layout, &width, &height);
        maps_text_show(cr, layout, x, y - height / 2 + s, palette->text_quiet, palette->halo, 0);
    }
    g_object_unref(context);
    return rect;
}

typedef struct {
    double label_px, value_px, width_px;
    unsigned row;
} FactPlace;

static unsigned place_facts(const MapsView *view, const MapsScene *scene, PangoContext *context,
                            FactPlace *places)
{
    double s = view->scale, x = PAD_PX * s, ignored;
    unsigned row = 0;
    for (size_t i = 0; i < scene->n_facts; i++) {
        g_autoptr(PangoLayout) label =
            maps_text_layout(context, view, scene->facts[i].label, 12, MAPS_TEXT_PLAIN);
        g_autoptr(PangoLayout) value =
            maps_text_layout(context, view, scene->facts[i].value, 12, MAPS_TEXT_BOLD);
        maps_text_size(label, &places[i].label_px, &ignored);
        maps_text_size(value, &places[i].value_px, &ignored);
        places[i].width_px = places[i].label_px + places[i].value_px + (5 + 26) * s;
        if (x + places[i].width_px - 26 * s > view->width - PAD_PX * s && x > PAD_PX * s) {
            row++;
            x = PAD_PX * s;
        }
        places[i].row = row;
        x += places[i].width_px;
    }
    return row + 1;
}

MapsRect maps_paint_facts(cairo_t *cr, const MapsView *view, const MapsScene *scene)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    if (scene->n_facts == 0)
        return (MapsRect){0, view->height, view->width, view->height};
    PangoContext *context = maps_text_context(view);
    g_autofree FactPlace *places = g_new0(FactPlace, scene->n_facts);
    unsigned rows = place_facts(view, scene, context, places);
    double s = view->scale, x = PAD_PX * s;
    MapsRect rect = {0, view->height - rows * FACT_ROW_PX * s, view->width, view->height};
    strip(cr, view, rect, rect.top);
    for (size_t i = 0; i < scene->n_facts; i++) {
        bool first = i == 0 || places[i].row != places[i - 1].row;
        double y = rect.top + (places[i].row + 0.5) * FACT_ROW_PX * s;
        x = first ? PAD_PX * s : x;
        if (!first) {
            cairo_rectangle(cr, x - 13 * s, y - 7 * s, s, 14 * s);
            maps_style_set(cr, palette->panel_rim, 1);
            cairo_fill(cr);
        }
        maps_text_line(cr, context, view, scene->facts[i].label, 12, MAPS_TEXT_PLAIN, palette->text,
                       0, x, y);
        maps_text_line(cr, context, view, scene->facts[i].value, 12, MAPS_TEXT_BOLD,
                       palette->text_strong, 0, x + places[i].label_px + 5 * s, y);
        x += places[i].width_px;
    }
    g_object_unref(context);
    return rect;
}

double maps_scalebar_length_m(double max_m)
{
    static const double steps[] = {5, 3, 2, 1};
    double power = pow(10, floor(log10(max_m)));
    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++)
        if (steps[i] * power <= max_m)
            return steps[i] * power;
    return power;
}

MapsRect maps_paint_scalebar(cairo_t *cr, const MapsView *view, MapsPoint p)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    double s = view->scale, m_per_px = maps_view_m_per_px(view);
    double length_m = maps_scalebar_length_m(150 * s * m_per_px), px = length_m / m_per_px;
    g_autofree char *text = length_m >= 1000 ? g_strdup_printf(_("%g km"), length_m / 1000)
                                             : g_strdup_printf(_("%g m"), length_m);
    PangoContext *context = maps_text_context(view);
    g_autoptr(PangoLayout) layout = maps_text_layout(context, view, text, 12, MAPS_TEXT_BOLD);
    double width, height;
    maps_text_size(layout, &width, &height);
    MapsRect rect = {p.x, p.y - height - 6 * s, p.x + px + width + 23 * s, p.y};
    double left = p.x + 8 * s, y = p.y - 8 * s;
    maps_path_rounded(cr, rect.left, rect.top, rect.right - rect.left, rect.bottom - rect.top,
                      4 * s);
    maps_style_set(cr, palette->panel, 0.85);
    cairo_fill(cr);
    cairo_move_to(cr, left, y - 6 * s);
    cairo_line_to(cr, left, y);
    cairo_line_to(cr, left + px, y);
    cairo_line_to(cr, left + px, y - 6 * s);
    maps_style_set(cr, palette->text_strong, 1);
    cairo_set_line_width(cr, 1.6 * s);
    cairo_stroke(cr);
    maps_text_show(cr, layout, left + px + 7 * s, rect.top + 3 * s, palette->text_strong,
                   palette->halo, 0);
    g_object_unref(context);
    return rect;
}

MapsRect maps_paint_attribution(cairo_t *cr, const MapsView *view, const char *text, MapsPoint p)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    if (!text || !*text)
        return (MapsRect){1, 1, 0, 0};
    PangoContext *context = maps_text_context(view);
    g_autoptr(PangoLayout) layout = maps_text_layout(context, view, text, 11, MAPS_TEXT_PLAIN);
    double width, height, s = view->scale, most = view->width * 0.6;
    maps_text_size(layout, &width, &height);
    if (width > most) {
        pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        pango_layout_set_width(layout, (int)(most * PANGO_SCALE));
        maps_text_size(layout, &width, &height);
    }
    MapsRect rect = {p.x - width - 12 * s, p.y - height - 6 * s, p.x, p.y};
    maps_path_rounded(cr, rect.left, rect.top, rect.right - rect.left, rect.bottom - rect.top,
                      4 * s);
    maps_style_set(cr, palette->panel, 0.85);
    cairo_fill(cr);
    maps_text_show(cr, layout, rect.left + 6 * s, rect.top + 3 * s, palette->text, palette->halo,
                   0);
    g_object_unref(context);
    return rect;
}

/* The view that shows all of bounds in a box of the given size. */
static MapsView fitted(const MapsView *view, const GeoBounds *bounds, double width, double height)
{
    MapsView small = *view;
    small.width = width;
    small.height = height;
    small.middle =
        (GeoLonLat){(bounds->west + bounds->east) / 2, (bounds->south + bounds->north) / 2};
    small.zoom = 10;
    MapsPoint a = maps_view_point(&small, (GeoLonLat){bounds->west, bounds->north});
    MapsPoint b = maps_view_point(&small, (GeoLonLat){bounds->east, bounds->south});
    small.zoom += log2(fmin(width / fmax(b.x - a.x, 1e-6), height / fmax(b.y - a.y, 1e-6)));
    return small;
}

void maps_paint_inset(cairo_t *cr, const MapsView *view, const MapsScene *scene, MapsRect rect)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    double s = view->scale, pad = 8 * s, words = 18 * s;
    GeoBounds bounds = geo_batch_bounds(scene->overview);
    MapsView small = fitted(view, &bounds, rect.right - rect.left - 2 * pad,
                            rect.bottom - rect.top - 2 * pad - words);
    g_autofree double *share = g_new(double, scene->overview->rows->len);
    bool any = false;
    for (guint i = 0; i < scene->overview->rows->len; i++) {
        double known = scene->area_count ? scene->area_count[i].share : NAN;
        any |= !isnan(known);
        share[i] = isnan(known) ? 0.4 : known / (scene->share_end > 0 ? scene->share_end : 1);
    }
    maps_paint_panel(cr, view, rect);
    cairo_save(cr);
    cairo_translate(cr, rect.left + pad, rect.top + pad);
    maps_paint_shares(cr, &small, scene->overview, share);
    maps_style_set(cr, palette->text, 0.22); /* the city's shape is seen even where no share is */
    cairo_set_line_width(cr, 0.4 * s);
    for (guint i = 0; i < scene->overview->rows->len; i++)
        maps_path_row(cr, &small, scene->overview, geo_batch_row(scene->overview, i));
    cairo_stroke(cr);
    MapsPoint a = maps_view_point(&small, maps_view_unproject(view, (MapsPoint){0, 0}));
    MapsPoint b =
        maps_view_point(&small, maps_view_unproject(view, (MapsPoint){view->width, view->height}));
    cairo_rectangle(cr, a.x, a.y, fmax(b.x - a.x, 3 * s), fmax(b.y - a.y, 3 * s));
    maps_style_set(cr, palette->rim, 1);
    cairo_set_line_width(cr, 1.6 * s);
    cairo_stroke(cr);
    cairo_restore(cr);
    PangoContext *context = maps_text_context(view);
    g_autofree char *text = g_strdup_printf(any ? _("%u areas, streets seen") : _("%u areas"),
                                            scene->overview->rows->len);
    maps_text_line(cr, context, view, text, 11, MAPS_TEXT_PLAIN, palette->text, 0, rect.left + pad,
                   rect.bottom - words / 2 - 3 * s);
    g_object_unref(context);
}
