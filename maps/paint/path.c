/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/path.h"

#include <math.h>

#define CHUNK 256
#define NEAR_PX 0.5

bool maps_rect_meet(const MapsRect *a, const MapsRect *b)
{
    return a->left <= b->right && b->left <= a->right && a->top <= b->bottom && b->top <= a->bottom;
}

MapsRect maps_path_row_rect(const MapsView *view, const GeoBatch *batch, const GeoRow *row)
{
    GeoBounds bounds = geo_batch_row_bounds(batch, row);
    if (geo_bounds_empty(&bounds))
        return (MapsRect){1, 1, 0, 0};
    MapsPoint a = maps_view_point(view, (GeoLonLat){bounds.west, bounds.north});
    MapsPoint b = maps_view_point(view, (GeoLonLat){bounds.east, bounds.south});
    return (MapsRect){a.x, a.y, b.x, b.y};
}

bool maps_path_visible(const MapsView *view, const MapsRect *rect, double margin)
{
    return rect->left <= rect->right && rect->right >= -margin && rect->bottom >= -margin &&
           rect->left <= view->width + margin && rect->top <= view->height + margin;
}

void maps_path_points(cairo_t *cr, const MapsView *view, const GeoLonLat *points, size_t n,
                      bool closed)
{
    MapsPoint chunk[CHUNK], last = {0, 0};
    for (size_t first = 0; first < n; first += CHUNK) {
        size_t m = MIN(n - first, (size_t)CHUNK);
        maps_view_project(view, points + first, chunk, m);
        for (size_t i = 0; i < m; i++) {
            MapsPoint p = chunk[i];
            bool begin = first + i == 0, end = first + i + 1 == n;
            if (begin)
                cairo_move_to(cr, p.x, p.y);
            else if (end || fabs(p.x - last.x) + fabs(p.y - last.y) >= NEAR_PX)
                cairo_line_to(cr, p.x, p.y);
            else
                continue;
            last = p;
        }
    }
    if (closed && n > 0)
        cairo_close_path(cr);
}

void maps_path_row(cairo_t *cr, const MapsView *view, const GeoBatch *batch, const GeoRow *row)
{
    for (uint32_t k = 0; k < row->n_parts; k++) {
        size_t n;
        const GeoLonLat *points = geo_batch_part(batch, row, k, &n);
        maps_path_points(cr, view, points, n, row->shape == GEO_SHAPE_POLYGON);
    }
}

void maps_path_rounded(cairo_t *cr, double x, double y, double width, double height, double radius)
{
    double r = fmin(radius, fmin(width, height) / 2);
    cairo_new_sub_path(cr);
    cairo_arc(cr, x + width - r, y + r, r, -M_PI / 2, 0);
    cairo_arc(cr, x + width - r, y + height - r, r, 0, M_PI / 2);
    cairo_arc(cr, x + r, y + height - r, r, M_PI / 2, M_PI);
    cairo_arc(cr, x + r, y + r, r, M_PI, 1.5 * M_PI);
    cairo_close_path(cr);
}
