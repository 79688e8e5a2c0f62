/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Colour is never alone: what is lost is striped as well, what is only seen more or less often is
 * paler than what opens or closes, and ground that does not count is paler still. */
#include "maps/paint/plan.h"

#include <math.h>

#include "maps/paint/fields.h"
#include "maps/paint/style.h"

#define HANDLE_PX 58.0 /* from the camera */
#define HANDLE_R_PX 7.0
#define DOT_PX 12.0 /* radius of the ring about a changed camera */
#define STRIPE 8    /* cells from stripe to stripe; divides a patch, so that they run on */

static const MapsColor white = {1, 1, 1}, ink = {0.06, 0.09, 0.12};
static const MapsColor come = {0x56 / 255.0, 0xB4 / 255.0, 0xE9 / 255.0}; /* #56B4E9 */
static const MapsColor go = {0xD5 / 255.0, 0x5E / 255.0, 0};              /* #D55E00 */

/* ---- cells ---- */

static uint32_t premultiplied(MapsColor c, double alpha)
{
    return (uint32_t)lround(alpha * 255) << 24 | (uint32_t)lround(c.r * alpha * 255) << 16 |
           (uint32_t)lround(c.g * alpha * 255) << 8 | (uint32_t)lround(c.b * alpha * 255);
}

uint32_t maps_plan_color(MapsStyle style, uint8_t cell, int x, int y)
{
    static const MapsColor opened_night = {0.36, 0.93, 0.62}, opened_day = {0, 0.62, 0.35};
    static const MapsColor lost_night = {1, 0.45, 0.2}, lost_day = {0.84, 0.30, 0};
    bool day = style == MAPS_STYLE_DAY, stripe = (x + y) % STRIPE < STRIPE / 2;
    double full = cell & MAPS_PLAN_ON_GROUND ? 0.78 : 0.26;
    MapsColor opened = day ? opened_day : opened_night, lost = day ? lost_day : lost_night;
    switch (cell & 7) {
    case MAPS_PLAN_OPENED:
        return premultiplied(opened, full);
    case MAPS_PLAN_LOST:
        return premultiplied(lost, stripe ? full : 0.45 * full);
    case MAPS_PLAN_MORE:
        return premultiplied(opened, 0.25 * full);
    case MAPS_PLAN_FEWER:
        return stripe ? premultiplied(lost, 0.35 * full) : 0;
    default:
        return 0;
    }
}

static cairo_surface_t *draw_patch(const MapsView *view, const MapsPlanPatch *patch)
{
    cairo_surface_t *image =
        cairo_image_surface_create(CAIRO_FORMAT_ARGB32, MAPS_PLAN_CELLS, MAPS_PLAN_CELLS);
    unsigned char *data = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    for (int y = 0; data && y < MAPS_PLAN_CELLS; y++) {
        uint32_t *line = (uint32_t *)(void *)(data + (ptrdiff_t)y * stride);
        for (int x = 0; x < MAPS_PLAN_CELLS; x++)
            line[x] = maps_plan_color(view->style, patch->cells[y * MAPS_PLAN_CELLS + x], x, y);
    }
    cairo_surface_mark_dirty(image);
    return image;
}

/* From the patch's cells, row 0 in the south, to px. */
static cairo_matrix_t patch_matrix(const MapsView *view, const MapsPlanPatch *patch)
{
    MapsPoint o = maps_view_point(view, patch->south_west);
    MapsPoint e = maps_view_point(view, patch->south_east);
    MapsPoint n = maps_view_point(view, patch->north_west);
    cairo_matrix_t matrix = {(e.x - o.x) / MAPS_PLAN_CELLS,
                             (e.y - o.y) / MAPS_PLAN_CELLS,
                             (n.x - o.x) / MAPS_PLAN_CELLS,
                             (n.y - o.y) / MAPS_PLAN_CELLS,
                             o.x,
                             o.y};
    return matrix;
}

static void paint_patches(cairo_t *cr, const MapsView *view, const MapsPlan *plan)
{
    for (size_t i = 0; i < plan->n_patches; i++) {
        cairo_matrix_t matrix = patch_matrix(view, &plan->patches[i]);
        double side = fabs(matrix.xx) * MAPS_PLAN_CELLS * 1.5;
        MapsRect rect = {matrix.x0 - side, matrix.y0 - side, matrix.x0 + side, matrix.y0 + side};
        if (!maps_path_visible(view, &rect, 0))
            continue;
        cairo_surface_t *image = draw_patch(view, &plan->patches[i]);
        cairo_save(cr);
        /* Neighbours share their edges: smoothing would draw a seam along them. */
        cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
        cairo_transform(cr, &matrix);
        cairo_set_source_surface(cr, image, 0, 0);
        cairo_pattern_set_filter(cairo_get_source(cr), CAIRO_FILTER_NEAREST);
        cairo_pattern_set_extend(cairo_get_source(cr), CAIRO_EXTEND_PAD);
        cairo_rectangle(cr, 0, 0, MAPS_PLAN_CELLS, MAPS_PLAN_CELLS);
        cairo_fill(cr);
        cairo_restore(cr);
        cairo_surface_destroy(image);
    }
}

/* ---- fields ---- */

static void trace(cairo_t *cr, const MapsView *view, const MapsPlan *plan, uint32_t part0,
                  uint32_t n)
{
    cairo_new_path(cr);
    for (uint32_t i = part0; i < part0 + n; i++)
        maps_path_points(cr, view, plan->points + plan->parts[i],
                         plan->parts[i + 1] - plan->parts[i], true);
}

static void stroke_cased(cairo_t *cr, const MapsView *view, MapsColor color, double width_px)
{
    maps_style_set(cr, view->style == MAPS_STYLE_DAY ? white : ink, 0.75);
    cairo_set_line_width(cr, (width_px + 2) * view->scale);
    cairo_stroke_preserve(cr);
    maps_style_set(cr, color, 1);
    cairo_set_line_width(cr, width_px * view->scale);
    cairo_stroke(cr);
}

static void paint_field(cairo_t *cr, const MapsView *view, const MapsPlan *plan,
                        const MapsPlanCamera *camera)
{
    double s = view->scale, dash[] = {6 * s, 4 * s};
    MapsColor blue = view->style == MAPS_STYLE_DAY ? (MapsColor){0, 0.36, 0.62} : come;
    if (camera->state != MAPS_PLAN_ADDED && camera->n_before > 0 &&
        camera->state != MAPS_PLAN_KEPT) {
        trace(cr, view, plan, camera->before0, camera->n_before);
        cairo_set_dash(cr, dash, 2, 0);
        stroke_cased(cr, view, go, 1.2);
        cairo_set_dash(cr, NULL, 0, 0);
    }
    if (camera->state == MAPS_PLAN_REMOVED || camera->n == 0)
        return;
    trace(cr, view, plan, camera->part0, camera->n);
    if (camera->chosen) {
        cairo_set_fill_rule(cr, CAIRO_FILL_RULE_EVEN_ODD);
        maps_style_set(cr, blue, 0.12);
        cairo_fill_preserve(cr);
    }
    stroke_cased(cr, view, blue, camera->chosen ? 2.4 : 1.4);
}

/* ---- cameras ---- */

MapsPoint maps_plan_handle(const MapsView *view, const MapsPlanCamera *camera)
{
    MapsPoint p = maps_view_point(view, camera->at);
    double rad = camera->heading_deg * M_PI / 180, r = HANDLE_PX * view->scale;
    return (MapsPoint){p.x + r * sin(rad), p.y - r * cos(rad)};
}

static void paint_handle(cairo_t *cr, const MapsView *view, const MapsPlanCamera *camera)
{
    MapsPoint p = maps_view_point(view, camera->at), h = maps_plan_handle(view, camera);
    double s = view->scale;
    cairo_new_path(cr);
    cairo_move_to(cr, p.x, p.y);
    cairo_line_to(cr, h.x, h.y);
    stroke_cased(cr, view, white, 1.6);
    cairo_arc(cr, h.x, h.y, HANDLE_R_PX * s, 0, 2 * M_PI);
    maps_style_set(cr, white, 1);
    cairo_fill_preserve(cr);
    maps_style_set(cr, ink, 0.9);
    cairo_set_line_width(cr, 1.6 * s);
    cairo_stroke(cr);
}

static void paint_camera(cairo_t *cr, const MapsView *view, const MapsPlanCamera *camera)
{
    MapsPoint p = maps_view_point(view, camera->at);
    double s = view->scale, r = DOT_PX * s;
    bool gone = camera->state == MAPS_PLAN_REMOVED;
    cairo_new_path(cr);
    cairo_arc(cr, p.x, p.y, r, 0, 2 * M_PI);
    maps_style_set(cr, ink, camera->chosen ? 0.8 : 0.5);
    cairo_fill_preserve(cr);
    maps_style_set(cr, camera->chosen ? white : gone ? go : come, 1);
    cairo_set_line_width(cr, (camera->chosen ? 2.6 : 1.8) * s);
    cairo_stroke(cr);
    maps_paint_camera(cr, view, p, camera->owner, gone ? GEO_CAMERA_FAULTY : GEO_CAMERA_WORKING);
    if (camera->chosen && !gone && isfinite(camera->heading_deg))
        paint_handle(cr, view, camera);
}

void maps_paint_plan(cairo_t *cr, const MapsView *view, const MapsPlan *plan)
{
    cairo_save(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    paint_patches(cr, view, plan);
    for (int chosen = 0; chosen < 2; chosen++)
        for (size_t i = 0; i < plan->n_cameras; i++)
            if (plan->cameras[i].chosen == (chosen > 0))
                paint_field(cr, view, plan, &plan->cameras[i]);
    for (int chosen = 0; chosen < 2; chosen++)
        for (size_t i = 0; i < plan->n_cameras; i++)
            if (plan->cameras[i].chosen == (chosen > 0))
                paint_camera(cr, view, &plan->cameras[i]);
    cairo_restore(cr);
}

/* ---- where ---- */

static void add_point(MapsRect *rect, MapsPoint p, double px)
{
    rect->left = fmin(rect->left, p.x - px);
    rect->top = fmin(rect->top, p.y - px);
    rect->right = fmax(rect->right, p.x + px);
    rect->bottom = fmax(rect->bottom, p.y + px);
}

MapsRect maps_plan_rect(const MapsView *view, const MapsPlan *plan)
{
    MapsRect rect = {INFINITY, INFINITY, -INFINITY, -INFINITY};
    double s = view->scale;
    for (size_t i = 0; i < plan->n_patches; i++) {
        const MapsPlanPatch *patch = &plan->patches[i];
        MapsPoint o = maps_view_point(view, patch->south_west);
        MapsPoint e = maps_view_point(view, patch->south_east);
        MapsPoint n = maps_view_point(view, patch->north_west);
        add_point(&rect, o, 1);
        add_point(&rect, e, 1);
        add_point(&rect, n, 1);
        add_point(&rect, (MapsPoint){e.x + n.x - o.x, e.y + n.y - o.y}, 1);
    }
    for (size_t i = 0; i < plan->n_cameras; i++) {
        const MapsPlanCamera *camera = &plan->cameras[i];
        uint32_t parts[2] = {camera->part0, camera->before0}, n[2] = {camera->n, camera->n_before};
        add_point(&rect, maps_view_point(view, camera->at), (HANDLE_PX + HANDLE_R_PX + 4) * s);
        for (int k = 0; k < 2; k++)
            for (uint32_t p = n[k] ? plan->parts[parts[k]] : 0;
                 n[k] && p < plan->parts[parts[k] + n[k]]; p++)
                add_point(&rect, maps_view_point(view, plan->points[p]), 4 * s);
    }
    return rect;
}
