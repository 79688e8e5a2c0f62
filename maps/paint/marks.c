/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/marks.h"

#include "maps/paint/style.h"
#include "maps/paint/text.h"
#include "maps/paint/units.h"

#define ASKED_PX 20.0 /* radius of the ring about the asked place */
#define ARROW_PX 34.0 /* from arrow to arrow along the route */
#define BADGE_PX 18.0 /* height of a plate */
#define MAX_PLATES 16

static const MapsColor white = {1, 1, 1}, ink = {0.06, 0.09, 0.12};
static const MapsColor route_fill = {0, 0x72 / 255.0, 0xB2 / 255.0}; /* #0072B2 */
static const MapsColor lit = {0x56 / 255.0, 0xB4 / 255.0, 0xE9 / 255.0};

static bool is_place(GeoLonLat p)
{
    return isfinite(p.lon) && isfinite(p.lat);
}

/* ---- on the ground ---- */

static void paint_outline(cairo_t *cr, const MapsView *view, const MapsMarks *marks)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    for (size_t i = 0; i < marks->n_rings; i++)
        maps_path_points(cr, view, marks->outline + marks->rings[i],
                         marks->rings[i + 1] - marks->rings[i], true);
    maps_style_set(cr, view->style == MAPS_STYLE_DAY ? ink : white, 0.95);
    cairo_set_line_width(cr, 3 * view->scale);
    cairo_stroke_preserve(cr);
    maps_style_set(cr, palette->accent, 1);
    cairo_set_line_width(cr, 1.4 * view->scale);
    cairo_stroke(cr);
}

static void field_path(cairo_t *cr, const MapsView *view, const MapsWitness *witness)
{
    size_t n = witness->rings ? witness->n_rings : 1;
    for (size_t k = 0; k < n; k++) {
        size_t first = witness->rings ? witness->rings[k] : 0;
        size_t end = k + 1 < n ? witness->rings[k + 1] : witness->n_field;
        maps_path_points(cr, view, witness->field + first, end - first, true);
    }
}

static void paint_fields(cairo_t *cr, const MapsView *view, const MapsMarks *marks)
{
    for (size_t i = 0; i < marks->n_witnesses; i++) {
        const MapsWitness *witness = &marks->witnesses[i];
        if (witness->n_field < 3)
            continue;
        field_path(cr, view, witness);
        maps_style_set(cr, lit, 0.22);
        cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
        cairo_fill_preserve(cr);
        cairo_set_fill_rule(cr, CAIRO_FILL_RULE_WINDING);
        maps_style_set(cr, view->style == MAPS_STYLE_DAY ? route_fill : white, 0.85);
        cairo_set_line_width(cr, 1.3 * view->scale);
        cairo_stroke(cr);
    }
}

static double reach_px(const MapsView *view, const MapsMarks *marks)
{
    double at_lat = cos(marks->unit.lat * M_PI / 180) / cos(view->middle.lat * M_PI / 180);
    return marks->reach_m / (maps_view_m_per_px(view) * at_lat);
}

static void paint_selected(cairo_t *cr, const MapsView *view, const MapsMarks *marks)
{
    MapsPoint p = maps_view_point(view, marks->unit);
    double s = view->scale, r = maps_unit_radius_px(view) + 6 * s;
    const MapsPalette *palette = maps_style_palette(view->style);
    if (marks->reach_m > 0) {
        double dash[] = {5 * s, 4 * s};
        cairo_arc(cr, p.x, p.y, reach_px(view, marks), 0, 2 * M_PI);
        maps_style_set(cr, palette->accent, 0.10);
        cairo_fill_preserve(cr);
        maps_style_set(cr, palette->accent, 0.8);
        cairo_set_line_width(cr, 1.3 * s);
        cairo_set_dash(cr, dash, 2, 0);
        cairo_stroke(cr);
        cairo_set_dash(cr, NULL, 0, 0);
    }
    cairo_arc(cr, p.x, p.y, r, 0, 2 * M_PI);
    maps_style_set(cr, ink, 0.7);
    cairo_set_line_width(cr, 4.4 * s);
    cairo_stroke_preserve(cr);
    maps_style_set(cr, palette->accent, 1);
    cairo_set_line_width(cr, 2.2 * s);
    cairo_stroke(cr);
}

/* ---- the way ---- */

static void chevron(cairo_t *cr, MapsPoint p, double dx, double dy, double size)
{
    cairo_move_to(cr, p.x - size * (dx - dy), p.y - size * (dy + dx));
    cairo_line_to(cr, p.x + 0.6 * size * dx, p.y + 0.6 * size * dy);
    cairo_line_to(cr, p.x - size * (dx + dy), p.y - size * (dy - dx));
}

/* One every so many px, the first half a step from the start, none on a stretch too short. */
static void arrows(cairo_t *cr, const MapsView *view, const MapsMarks *marks)
{
    double step = ARROW_PX * view->scale, walked = 0, next = step / 2;
    MapsPoint a = maps_view_point(view, marks->route[0]);
    for (size_t i = 1; i < marks->n_route; i++) {
        MapsPoint b = maps_view_point(view, marks->route[i]);
        double length = hypot(b.x - a.x, b.y - a.y);
        MapsRect box = {fmin(a.x, b.x), fmin(a.y, b.y), fmax(a.x, b.x), fmax(a.y, b.y)};
        for (; next < walked + length; next += step) {
            double t = (next - walked) / length;
            if (length > 8 * view->scale && maps_path_visible(view, &box, 10))
                chevron(cr, (MapsPoint){a.x + (b.x - a.x) * t, a.y + (b.y - a.y) * t},
                        (b.x - a.x) / length, (b.y - a.y) / length, 2.4 * view->scale);
        }
        walked += length;
        a = b;
    }
}

static void paint_route(cairo_t *cr, const MapsView *view, const MapsMarks *marks)
{
    double s = view->scale;
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_ROUND);
    maps_path_points(cr, view, marks->route, marks->n_route, false);
    maps_style_set(cr, ink, 0.55);
    cairo_set_line_width(cr, 9.6 * s);
    cairo_stroke_preserve(cr);
    maps_style_set(cr, white, 1);
    cairo_set_line_width(cr, 7.4 * s);
    cairo_stroke_preserve(cr);
    maps_style_set(cr, route_fill, 1);
    cairo_set_line_width(cr, 5.2 * s);
    cairo_stroke(cr);
    arrows(cr, view, marks);
    maps_style_set(cr, white, 1);
    cairo_set_line_width(cr, 1.5 * s);
    cairo_stroke(cr);
}

static void paint_asked(cairo_t *cr, const MapsView *view, const MapsMarks *marks)
{
    static const double widths[] = {4.6, 2.2};
    MapsPoint p = maps_view_point(view, marks->asked);
    double s = view->scale, r = ASKED_PX * s;
    const MapsColor colors[] = {ink, white};
    for (int i = 0; i < 2; i++) {
        cairo_new_sub_path(cr);
        cairo_arc(cr, p.x, p.y, r, 0, 2 * M_PI);
        for (int k = 0; k < 4; k++) { /* four strokes point at the place */
            double dx = k == 0 ? 1 : k == 1 ? -1 : 0, dy = k == 2 ? 1 : k == 3 ? -1 : 0;
            cairo_move_to(cr, p.x + dx * (r - 5 * s), p.y + dy * (r - 5 * s));
            cairo_line_to(cr, p.x + dx * (r + 5 * s), p.y + dy * (r + 5 * s));
        }
        maps_style_set(cr, colors[i], i == 0 ? 0.6 : 1);
        cairo_set_line_width(cr, widths[i] * s);
        cairo_stroke(cr);
    }
}

/* ---- letters and plates ---- */

typedef struct {
    MapsRect taken[MAX_PLATES];
    unsigned n;
} Plates;

static void paint_letters(cairo_t *cr, const MapsView *view, PangoContext *context,
                          const MapsMarks *marks)
{
    double s = view->scale;
    for (size_t i = 0; i < marks->n_witnesses; i++) {
        MapsPoint p = maps_view_point(view, marks->witnesses[i].at);
        cairo_new_path(cr);
        cairo_arc(cr, p.x, p.y, 8 * s, 0, 2 * M_PI);
        maps_style_set(cr, lit, 1);
        cairo_fill_preserve(cr);
        maps_style_set(cr, ink, 0.9);
        cairo_set_line_width(cr, 1.4 * s);
        cairo_stroke(cr);
        maps_text_line(cr, context, view, marks->witnesses[i].letter, 11, MAPS_TEXT_BOLD, ink, 0.5,
                       p.x, p.y);
    }
}

static bool is_free(const Plates *plates, const MapsRect *rect)
{
    for (unsigned i = 0; i < plates->n; i++)
        if (maps_rect_meet(&plates->taken[i], rect))
            return false;
    return true;
}

/* The first free of right above, left above, right below, left below. */
static MapsRect find_room(Plates *plates, const MapsView *view, MapsPoint p, double width)
{
    double s = view->scale, off = 10 * s, height = BADGE_PX * s;
    MapsRect rect = {0};
    for (int i = 0; i < 4; i++) {
        double left = i % 2 == 0 ? p.x + off : p.x - off - width;
        double top = i < 2 ? p.y - off - height : p.y + off;
        MapsRect one = {left, top, left + width, top + height};
        if (i == 0 || is_free(plates, &one))
            rect = one;
        if (is_free(plates, &one))
            break;
    }
    if (plates->n < MAX_PLATES)
        plates->taken[plates->n++] = rect;
    return rect;
}

static void paint_badge_ring(cairo_t *cr, const MapsView *view, const MapsBadge *badge)
{
    MapsPoint p = maps_view_point(view, badge->at);
    double s = view->scale;
    cairo_new_path(cr);
    cairo_arc(cr, p.x, p.y, maps_unit_radius_px(view) + 5 * s, 0, 2 * M_PI);
    maps_style_set(cr, ink, 0.65);
    cairo_set_line_width(cr, 4 * s);
    cairo_stroke_preserve(cr);
    maps_style_set(cr, white, 1);
    cairo_set_line_width(cr, (badge->number == 1 ? 2.2 : 1.3) * s);
    cairo_stroke(cr);
}

static void paint_badge(cairo_t *cr, const MapsView *view, PangoContext *context,
                        const MapsBadge *badge, Plates *plates)
{
    double s = view->scale, text_width = 0, height;
    MapsPoint p = maps_view_point(view, badge->at);
    g_autofree char *number = g_strdup_printf("%u", badge->number);
    g_autoptr(PangoLayout) text =
        maps_text_layout(context, view, badge->text ? badge->text : "", 11.5, MAPS_TEXT_BOLD);
    maps_text_size(text, &text_width, &height);
    double box = BADGE_PX * s, width = box + (badge->text ? text_width + 7 * s : 0);
    MapsRect rect = find_room(plates, view, p, width);
    bool first = badge->number == 1;
    maps_path_rounded(cr, rect.left, rect.top, width, box, 4 * s);
    maps_style_set(cr, first ? white : (MapsColor){0.09, 0.13, 0.17}, first ? 1 : 0.92);
    cairo_fill_preserve(cr);
    maps_style_set(cr, ink, 0.8);
    cairo_set_line_width(cr, s);
    cairo_stroke(cr);
    maps_path_rounded(cr, rect.left + 1.5 * s, rect.top + 1.5 * s, box - 3 * s, box - 3 * s, 3 * s);
    maps_style_set(cr, first ? route_fill : white, 1);
    cairo_fill(cr);
    maps_text_line(cr, context, view, number, 11.5, MAPS_TEXT_BOLD, first ? white : ink, 0.5,
                   rect.left + box / 2, rect.top + box / 2);
    if (badge->text)
        maps_text_show(cr, text, rect.left + box + 1.5 * s, rect.top + (box - height) / 2,
                       first ? ink : white, ink, 0);
}

void maps_paint_marks(cairo_t *cr, const MapsView *view, const MapsMarks *marks)
{
    Plates plates = {.n = 0};
    PangoContext *context = maps_text_context(view);
    cairo_save(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_new_path(cr);
    if (marks->n_rings > 0)
        paint_outline(cr, view, marks);
    paint_fields(cr, view, marks);
    if (is_place(marks->unit))
        paint_selected(cr, view, marks);
    if (marks->n_route > 1)
        paint_route(cr, view, marks);
    if (is_place(marks->asked))
        paint_asked(cr, view, marks);
    paint_letters(cr, view, context, marks);
    for (size_t i = marks->n_badges; i-- > 0;)
        paint_badge_ring(cr, view, &marks->badges[i]);
    for (size_t i = 0; i < marks->n_badges; i++)
        paint_badge(cr, view, context, &marks->badges[i], &plates);
    cairo_restore(cr);
    g_object_unref(context);
}

/* ---- where ---- */

static void add(MapsRect *rect, const MapsView *view, const GeoLonLat *points, size_t n, double px)
{
    for (size_t i = 0; i < n; i++) {
        MapsPoint p = maps_view_point(view, points[i]);
        rect->left = fmin(rect->left, p.x - px);
        rect->top = fmin(rect->top, p.y - px);
        rect->right = fmax(rect->right, p.x + px);
        rect->bottom = fmax(rect->bottom, p.y + px);
    }
}

MapsRect maps_marks_rect(const MapsView *view, const MapsMarks *marks)
{
    MapsRect rect = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    double s = view->scale;
    if (marks->n_rings > 0)
        add(&rect, view, marks->outline, marks->rings[marks->n_rings], 4 * s);
    for (size_t i = 0; i < marks->n_witnesses; i++) {
        add(&rect, view, marks->witnesses[i].field, marks->witnesses[i].n_field, 3 * s);
        add(&rect, view, &marks->witnesses[i].at, 1, 12 * s);
    }
    if (is_place(marks->unit))
        add(&rect, view, &marks->unit, 1, fmax(reach_px(view, marks) + 2 * s, 24 * s));
    add(&rect, view, marks->route, marks->n_route, 8 * s);
    if (is_place(marks->asked))
        add(&rect, view, &marks->asked, 1, (ASKED_PX + 9) * s);
    for (size_t i = 0; i < marks->n_badges; i++) {
        const char *text = marks->badges[i].text;
        double letters = text ? (double)g_utf8_strlen(text, -1) : 0; /* none wider than 12 px */
        add(&rect, view, &marks->badges[i].at, 1, (40 + 12 * letters) * s);
    }
    return rect;
}
