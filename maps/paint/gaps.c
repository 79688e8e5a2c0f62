/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/gaps.h"

#include <math.h>

#include "maps/paint/path.h"
#include "maps/paint/style.h"
#include "maps/paint/text.h"

void maps_gaps_hatch(cairo_t *cr, const MapsView *view, double step_px, double width_px,
                     double alpha)
{
    double left, top, right, bottom, step = step_px * view->scale;
    cairo_path_extents(cr, &left, &top, &right, &bottom);
    left = fmax(left, -step);
    top = fmax(top, -step);
    right = fmin(right, view->width + step);
    bottom = fmin(bottom, view->height + step);
    cairo_save(cr);
    cairo_clip(cr);
    if (left < right && top < bottom) {
        /* Lines x + y = k step, so that neighbours' hatches meet. */
        for (double k = ceil((left + top) / step); k * step <= right + bottom; k++) {
            cairo_move_to(cr, k * step - bottom, bottom);
            cairo_line_to(cr, k * step - top, top);
        }
        maps_style_set(cr, maps_style_palette(view->style)->gap, alpha);
        cairo_set_line_width(cr, width_px * view->scale);
        cairo_stroke(cr);
    }
    cairo_restore(cr);
}

static void gap_path(cairo_t *cr, const MapsView *view, const MapsGaps *gaps, const MapsGap *gap)
{
    for (uint32_t k = gap->part0; k < gap->part0 + gap->n_parts; k++) {
        size_t first = gaps->parts[k],
               end = k + 1 < gaps->n_parts ? gaps->parts[k + 1] : gaps->n_points;
        maps_path_points(cr, view, gaps->points + first, end - first, true);
    }
}

void maps_paint_gaps(cairo_t *cr, const MapsView *view, const MapsGaps *gaps)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    cairo_save(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
    for (size_t i = 0; i < gaps->n; i++) {
        const MapsGap *gap = &gaps->gaps[i];
        gap_path(cr, view, gaps, gap);
        double left, top, right, bottom;
        cairo_path_extents(cr, &left, &top, &right, &bottom);
        MapsRect rect = {left, top, right, bottom};
        if (maps_path_visible(view, &rect, 2)) {
            maps_style_set(cr, palette->gap, 0.30);
            cairo_fill_preserve(cr);
            maps_style_set(cr, palette->gap, 1);
            cairo_set_line_width(cr, 1.3 * view->scale);
            cairo_stroke_preserve(cr);
            maps_gaps_hatch(cr, view, 4.5, 1.5, 0.95);
        }
        cairo_new_path(cr);
    }
    cairo_restore(cr);
}

static bool meets_any(const GArray *rects, const MapsRect *rect)
{
    for (guint i = 0; i < rects->len; i++)
        if (maps_rect_meet(&g_array_index(rects, MapsRect, i), rect))
            return true;
    return false;
}

void maps_paint_gap_ranks(cairo_t *cr, const MapsView *view, const MapsGaps *gaps,
                          MapsLabels *labels)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    MapsColor ink = {0.09, 0.04, 0.07}; /* dark on magenta by night, white on it by day */
    if (view->style == MAPS_STYLE_DAY)
        ink = (MapsColor){1, 1, 1};
    PangoContext *context = maps_text_context(view);
    double s = view->scale;
    g_autoptr(GArray) shown = g_array_new(FALSE, FALSE, sizeof(MapsRect));
    for (size_t i = 0; i < gaps->n; i++) { /* a worse one's badge hides a lesser one's */
        MapsPoint p = maps_view_point(view, gaps->gaps[i].at);
        if (p.x < 0 || p.y < 0 || p.x > view->width || p.y > view->height)
            continue;
        g_autofree char *rank = g_strdup_printf("%u", gaps->gaps[i].rank);
        double width = (gaps->gaps[i].rank < 10 ? 14 : 20) * s, height = 14 * s;
        MapsRect rect = {p.x - width / 2, p.y - height / 2, p.x + width / 2, p.y + height / 2};
        if (meets_any(shown, &rect))
            continue;
        g_array_append_val(shown, rect);
        maps_path_rounded(cr, p.x - width / 2, p.y - height / 2, width, height, 3.5 * s);
        maps_style_set(cr, palette->gap, 1);
        cairo_fill_preserve(cr);
        maps_style_set(cr, palette->paper, 1);
        cairo_set_line_width(cr, s);
        cairo_stroke(cr);
        maps_text_line(cr, context, view, rank, 10.5, MAPS_TEXT_BOLD, ink, 0.5, p.x, p.y);
        if (labels)
            maps_labels_block(labels, (MapsRect){p.x - width / 2, p.y - height / 2, p.x + width / 2,
                                                 p.y + height / 2});
    }
    g_object_unref(context);
}
