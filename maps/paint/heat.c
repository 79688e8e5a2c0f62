/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/heat.h"

#include <math.h>

#include "maps/paint/style.h"

#define STREET_ZOOM 14.5
#define CITY_ZOOM 12.0
#define CITY_ALPHA 0.6
#define FLOOR 0.06 /* of the peak: less is not drawn */

double maps_heat_alpha(const MapsView *view, double t)
{
    double street = maps_style_palette(view->style)->heat_alpha;
    double far = fmin(fmax((STREET_ZOOM - view->zoom) / (STREET_ZOOM - CITY_ZOOM), 0), 1);
    double most = street + (CITY_ALPHA - street) * far;
    double rise = fmin(fmax((t - FLOOR) / 0.45, 0), 1);
    return most * rise * rise * (3 - 2 * rise);
}

static uint32_t heat_pixel(const MapsView *view, double t)
{
    MapsColor c = maps_style_heat(view->style, t);
    double alpha = maps_heat_alpha(view, t);
    return (uint32_t)lround(alpha * 255) << 24 | (uint32_t)lround(c.r * alpha * 255) << 16 |
           (uint32_t)lround(c.g * alpha * 255) << 8 | (uint32_t)lround(c.b * alpha * 255);
}

static cairo_surface_t *heat_image(const MapsView *view, const MapsHeat *heat)
{
    int columns = (int)heat->columns, rows = (int)heat->rows;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, columns, rows);
    unsigned char *data = cairo_image_surface_get_data(image);
    for (int y = 0; data && y < rows; y++) {
        uint32_t *line =
            (uint32_t *)(void *)(data + (ptrdiff_t)y * cairo_image_surface_get_stride(image));
        const double *row = heat->per_km2 + (size_t)(rows - 1 - y) * heat->columns;
        for (int x = 0; x < columns; x++)
            line[x] = heat_pixel(view, row[x] / heat->peak_per_km2);
    }
    cairo_surface_mark_dirty(image);
    return image;
}

/* Thin lines over a picture of too few incidents. */
static void hatch_few(cairo_t *cr, const MapsView *view, MapsPoint a, MapsPoint b)
{
    double step = 9 * view->scale;
    cairo_save(cr);
    cairo_rectangle(cr, a.x, a.y, b.x - a.x, b.y - a.y);
    cairo_clip(cr);
    for (double k = floor(-view->height / step) * step; k < view->width; k += step) {
        cairo_move_to(cr, k, 0);
        cairo_line_to(cr, k + view->height, view->height);
    }
    maps_style_set(cr, maps_style_palette(view->style)->text_quiet, 0.18);
    cairo_set_line_width(cr, 0.8 * view->scale);
    cairo_stroke(cr);
    cairo_restore(cr);
}

void maps_paint_heat(cairo_t *cr, const MapsView *view, const MapsHeat *heat)
{
    if (heat->columns == 0 || heat->rows == 0 || !(heat->peak_per_km2 > 0))
        return;
    MapsPoint a = maps_view_point(view, (GeoLonLat){heat->bounds.west, heat->bounds.north});
    MapsPoint b = maps_view_point(view, (GeoLonLat){heat->bounds.east, heat->bounds.south});
    cairo_surface_t *image = heat_image(view, heat);
    cairo_save(cr);
    cairo_translate(cr, a.x, a.y);
    cairo_scale(cr, (b.x - a.x) / (double)heat->columns, (b.y - a.y) / (double)heat->rows);
    cairo_set_source_surface(cr, image, 0, 0);
    cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_BILINEAR);
    cairo_paint(cr);
    cairo_restore(cr);
    cairo_surface_destroy(image);
    if (heat->n < MAPS_HEAT_FEW)
        hatch_few(cr, view, a, b);
}

void maps_paint_heat_bar(cairo_t *cr, const MapsView *view, double x, double y, double width,
                         double height)
{
    cairo_pattern_t *ramp = cairo_pattern_create_linear(x, y, x + width, y);
    for (int i = 0; i <= 16; i++) {
        MapsColor c = maps_style_heat(view->style, i / 16.0);
        cairo_pattern_add_color_stop_rgb(ramp, i / 16.0, c.r, c.g, c.b);
    }
    cairo_rectangle(cr, x, y, width, height);
    cairo_set_source(cr, ramp);
    cairo_fill(cr);
    cairo_pattern_destroy(ramp);
}
