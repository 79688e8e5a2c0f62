/* SPDX-License-Identifier: GPL-3.0-or-later */
/* How many cameras see a pixel is counted by adding each field's fill into an 8-bit mask, a
 * sixteenth of white each, and colouring the sums by a table: borders keep their antialiasing and
 * overlaps are counted once each. More than 15 cameras are not told apart. */
#include "maps/paint/fields.h"

#include <math.h>

#include "maps/paint/path.h"
#include "maps/paint/style.h"
#include "maps/paint/text.h"
#include "maps/paint/words.h"

#define UNIT 16 /* of the mask, one camera */
#define OUTLINE_ZOOM 14.3
#define LETTER_ZOOM 17.0

static bool field_visible(const MapsView *view, const MapsFields *fields, const MapsField *field)
{
    GeoBounds bounds = GEO_BOUNDS_EMPTY;
    for (uint32_t i = 0; i < field->n; i++)
        geo_bounds_add(&bounds, fields->points[field->first + i]);
    if (field->n < 3 || geo_bounds_empty(&bounds))
        return false;
    MapsPoint a = maps_view_point(view, (GeoLonLat){bounds.west, bounds.north});
    MapsPoint b = maps_view_point(view, (GeoLonLat){bounds.east, bounds.south});
    MapsRect rect = {a.x, a.y, b.x, b.y};
    return maps_path_visible(view, &rect, 2);
}

static void field_path(cairo_t *cr, const MapsView *view, const MapsFields *fields,
                       const MapsField *field)
{
    if (field->n_rings == 0)
        maps_path_points(cr, view, fields->points + field->first, field->n, true);
    for (uint32_t k = field->ring0; k < field->ring0 + field->n_rings; k++)
        maps_path_points(cr, view, fields->points + fields->rings[k],
                         fields->rings[k + 1] - fields->rings[k], true);
}

static cairo_surface_t *count_mask(const MapsView *view, const MapsFields *fields)
{
    cairo_surface_t *mask = cairo_image_surface_create(CAIRO_FORMAT_A8, (int)ceil(view->width),
                                                       (int)ceil(view->height));
    cairo_t *cr = cairo_create(mask);
    cairo_set_operator(cr, CAIRO_OPERATOR_ADD);
    cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
    cairo_set_source_rgba(cr, 0, 0, 0, UNIT / 255.0);
    for (size_t i = 0; i < fields->n; i++) {
        const MapsField *field = &fields->fields[i];
        if (field->state != GEO_CAMERA_WORKING || !field_visible(view, fields, field))
            continue;
        field_path(cr, view, fields, field);
        cairo_fill(cr);
    }
    cairo_destroy(cr);
    cairo_surface_flush(mask);
    return mask;
}

/* Premultiplied ARGB for every value of the mask; between whole counts the colours blend. */
static void color_table(const MapsPalette *palette, uint32_t table[256])
{
    for (int v = 0; v < 256; v++) {
        double k = (double)v / UNIT;
        int low = (int)fmin(floor(k), 3), high = MIN(low + 1, 3);
        double t = k >= 3 ? 0 : k - low;
        MapsColor a = palette->cover[MAX(low - 1, 0)], b = palette->cover[MAX(high - 1, 0)];
        double alpha_a = low ? palette->cover_alpha[low - 1] : 0;
        double alpha_b = high ? palette->cover_alpha[high - 1] : 0;
        MapsColor c = maps_style_mix(a, b, t);
        double alpha = alpha_a + (alpha_b - alpha_a) * t;
        table[v] = (uint32_t)lround(alpha * 255) << 24 | (uint32_t)lround(c.r * alpha * 255) << 16 |
                   (uint32_t)lround(c.g * alpha * 255) << 8 | (uint32_t)lround(c.b * alpha * 255);
    }
}

void maps_paint_cover(cairo_t *cr, const MapsView *view, const MapsFields *fields)
{
    uint32_t table[256];
    color_table(maps_style_palette(view->style), table);
    cairo_surface_t *mask = count_mask(view, fields);
    int width = cairo_image_surface_get_width(mask), height = cairo_image_surface_get_height(mask);
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    const unsigned char *from = cairo_image_surface_get_data(mask);
    unsigned char *to = cairo_image_surface_get_data(image);
    for (int y = 0; from && to && y < height; y++) {
        const unsigned char *row = from + (ptrdiff_t)y * cairo_image_surface_get_stride(mask);
        uint32_t *line =
            (uint32_t *)(void *)(to + (ptrdiff_t)y * cairo_image_surface_get_stride(image));
        for (int x = 0; x < width; x++)
            line[x] = table[row[x]];
    }
    cairo_surface_mark_dirty(image);
    cairo_set_source_surface(cr, image, 0, 0);
    cairo_paint(cr);
    cairo_surface_destroy(image);
    cairo_surface_destroy(mask);
}

void maps_paint_fields(cairo_t *cr, const MapsView *view, const MapsFields *fields)
{
    if (view->zoom < OUTLINE_ZOOM)
        return;
    const MapsPalette *palette = maps_style_palette(view->style);
    double dash[] = {4 * view->scale, 3 * view->scale};
    double alpha = fmin(0.55 + (view->zoom - OUTLINE_ZOOM) * 0.2, 0.85);
    cairo_save(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    cairo_set_line_width(cr, 0.9 * view->scale);
    for (size_t i = 0; i < fields->n; i++) {
        const MapsField *field = &fields->fields[i];
        if (field->state == GEO_CAMERA_FAULTY || !field_visible(view, fields, field))
            continue;
        field_path(cr, view, fields, field);
        maps_style_set(cr, palette->field, alpha);
        cairo_set_dash(cr, dash, field->state == GEO_CAMERA_PLANNED ? 2 : 0, 0);
        cairo_stroke(cr);
    }
    cairo_restore(cr);
}

const char *maps_fields_letter(int owner)
{
    switch (owner) {
    case GEO_OWNER_GOVERNMENT:
        return _("G");
    case GEO_OWNER_UNIT:
        return _("U");
    case GEO_OWNER_SHOP:
        return _("S");
    case GEO_OWNER_COMPOUND:
        return _("C");
    default:
        return "?";
    }
}

void maps_paint_camera(cairo_t *cr, const MapsView *view, MapsPoint p, int owner, int state)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    MapsColor color = palette->camera[CLAMP(owner, 0, GEO_N_OWNERS - 1)];
    bool letters = view->zoom >= LETTER_ZOOM;
    double r = (letters ? 6.2 : view->zoom >= 15 ? 2.7 : 2) * view->scale, s = view->scale;
    cairo_new_path(cr);
    cairo_arc(cr, p.x, p.y, r, 0, 2 * M_PI);
    if (state == GEO_CAMERA_WORKING) {
        maps_style_set(cr, color, 1);
        cairo_fill_preserve(cr);
        maps_style_set(cr, palette->paper, 1);
        cairo_set_line_width(cr, 0.9 * s);
    } else {
        maps_style_set(cr, palette->paper, 0.9);
        cairo_fill_preserve(cr);
        maps_style_set(cr, color, 1);
        cairo_set_line_width(cr, 1.2 * s);
    }
    double dash[] = {2 * s, 1.5 * s};
    cairo_set_dash(cr, dash, state == GEO_CAMERA_PLANNED ? 2 : 0, 0);
    cairo_stroke(cr);
    cairo_set_dash(cr, NULL, 0, 0);
    if (state == GEO_CAMERA_FAULTY) {
        double x = r + 1.4 * s;
        cairo_move_to(cr, p.x - x, p.y - x);
        cairo_line_to(cr, p.x + x, p.y + x);
        cairo_move_to(cr, p.x - x, p.y + x);
        cairo_line_to(cr, p.x + x, p.y - x);
        maps_style_set(cr, palette->rim, 1);
        cairo_set_line_width(cr, 1.2 * s);
        cairo_stroke(cr);
    }
}

void maps_paint_cameras(cairo_t *cr, const MapsView *view, const MapsFields *fields)
{
    if (view->zoom < MAPS_CAMERA_ZOOM)
        return;
    const MapsPalette *palette = maps_style_palette(view->style);
    PangoContext *context = maps_text_context(view);
    for (size_t i = 0; i < fields->n; i++) {
        const MapsField *field = &fields->fields[i];
        MapsPoint p = maps_view_point(view, field->at);
        if (p.x < -10 || p.y < -10 || p.x > view->width + 10 || p.y > view->height + 10)
            continue;
        maps_paint_camera(cr, view, p, field->owner, field->state);
        if (view->zoom >= LETTER_ZOOM)
            maps_text_line(cr, context, view, maps_fields_letter(field->owner), 8.5, MAPS_TEXT_BOLD,
                           field->state == GEO_CAMERA_WORKING ? palette->paper : palette->rim, 0.5,
                           p.x, p.y);
    }
    g_object_unref(context);
}
