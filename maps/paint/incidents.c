/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/paint/incidents.h"

#include <math.h>

#include "maps/paint/style.h"
#include "maps/paint/text.h"

#define NAME_PX 11.5

typedef enum { WAITING, ASSIGNED, ON_SCENE, DONE } Fill;

static Fill fill_of(int state)
{
    switch (state) {
    case GEO_INCIDENT_DISPATCHED:
    case GEO_INCIDENT_ACCEPTED:
    case GEO_INCIDENT_EN_ROUTE:
        return ASSIGNED;
    case GEO_INCIDENT_ON_SCENE:
    case GEO_INCIDENT_HANDLING:
        return ON_SCENE;
    case GEO_INCIDENT_CLEARED:
    case GEO_INCIDENT_REPORTED:
    case GEO_INCIDENT_REVIEWED:
        return DONE;
    default:
        return geo_cycle_done((GeoIncidentState)state) ? DONE : WAITING;
    }
}

static int64_t rank_of(int64_t priority)
{
    return priority < 1 || priority > 4 ? 4 : priority;
}

double maps_incident_radius_px(const MapsView *view, int64_t priority)
{
    return (14.5 - 1.5 * (double)rank_of(priority)) * (view->zoom >= 14 ? 1 : 0.75) * view->scale;
}

static void triangle(cairo_t *cr, MapsPoint p, double r)
{
    cairo_new_path(cr);
    for (int i = 0; i < 3; i++) {
        double a = -M_PI / 2 + i * 2 * M_PI / 3;
        cairo_line_to(cr, p.x + r * cos(a), p.y + r * sin(a));
    }
    cairo_close_path(cr);
}

void maps_paint_incident(cairo_t *cr, const MapsView *view, MapsPoint p, int64_t priority,
                         int state)
{
    const MapsPalette *palette = maps_style_palette(view->style);
    Fill fill = fill_of(state);
    MapsColor color = fill == DONE ? palette->done : palette->incident[rank_of(priority) - 1];
    MapsColor ink = {0.08, 0.05, 0.02};
    double r = maps_incident_radius_px(view, priority), s = view->scale;
    cairo_save(cr);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
    triangle(cr, p, r);
    maps_style_set(cr, palette->paper, 0.9);
    cairo_set_line_width(cr, 5 * s);
    cairo_stroke_preserve(cr);
    maps_style_set(cr, fill == WAITING ? color : palette->panel, 1);
    cairo_fill_preserve(cr);
    if (fill == ASSIGNED) { /* the lower half filled: help is under way */
        cairo_save(cr);
        cairo_clip_preserve(cr);
        cairo_rectangle(cr, p.x - r, p.y, 2 * r, r);
        maps_style_set(cr, color, 1);
        cairo_fill(cr);
        cairo_restore(cr);
        triangle(cr, p, r);
    }
    maps_style_set(cr, fill == WAITING ? palette->rim : color, 1);
    cairo_set_line_width(cr, (fill == WAITING ? 1.2 : 2) * s);
    cairo_stroke(cr);
    PangoContext *context = maps_text_context(view);
    g_autofree char *number = g_strdup_printf("%d", (int)rank_of(priority));
    if (r > 6 * s)
        maps_text_line(cr, context, view, number, 0.78 * r / s, MAPS_TEXT_BOLD,
                       fill == WAITING ? ink : palette->text_strong, 0.5, p.x, p.y + 0.06 * r);
    g_object_unref(context);
    cairo_restore(cr);
}

bool maps_incident_urgent(int64_t priority, int state)
{
    return fill_of(state) == WAITING && rank_of(priority) <= 2;
}

double maps_incident_ring_px(const MapsView *view, int64_t priority)
{
    return maps_incident_radius_px(view, priority) + 12 * view->scale;
}

void maps_paint_incident_ring(cairo_t *cr, const MapsView *view, MapsPoint p, int64_t priority)
{
    MapsColor color = maps_style_palette(view->style)->incident[rank_of(priority) - 1];
    double r = maps_incident_radius_px(view, priority), s = view->scale;
    cairo_new_path(cr);
    cairo_arc(cr, p.x, p.y, r + 5 * s, 0, 2 * M_PI);
    maps_style_set(cr, color, 1);
    cairo_set_line_width(cr, 2 * s);
    cairo_stroke(cr);
    cairo_arc(cr, p.x, p.y, r + 10 * s, 0, 2 * M_PI);
    maps_style_set(cr, color, 0.45);
    cairo_set_line_width(cr, 1.6 * s);
    cairo_stroke(cr);
}

MapsRect maps_paint_incident_name(cairo_t *cr, const MapsView *view, MapsPoint p, int64_t priority,
                                  const char *name, bool selected)
{
    static const MapsColor ink = {0, 0, 0}, white = {1, 1, 1};
    const MapsPalette *palette = maps_style_palette(view->style);
    double r = maps_incident_radius_px(view, priority), s = view->scale, width, height;
    PangoContext *context = maps_text_context(view);
    g_autoptr(PangoLayout) layout = maps_text_layout(context, view, name, NAME_PX, MAPS_TEXT_BOLD);
    maps_text_size(layout, &width, &height);
    g_object_unref(context);
    double x = selected ? p.x + 14 * s : p.x + r + 5 * s;
    double y = selected ? p.y + r + 10 * s : p.y - height / 2;
    MapsRect box = {x - 7 * s, y - 3 * s, x + width + 7 * s, y + height + 3 * s};
    if (!cr)
        return box;
    if (selected) {
        maps_path_rounded(cr, box.left, box.top, box.right - box.left, box.bottom - box.top, 4 * s);
        maps_style_set(cr, maps_style_mix(palette->incident[rank_of(priority) - 1], ink, 0.32), 1);
        cairo_fill(cr);
    }
    maps_text_show(cr, layout, x, y, selected ? white : palette->text_strong, palette->halo,
                   selected ? 0 : 2.4 * s);
    return box;
}

static bool in_sight(const MapsView *view, MapsPoint p)
{
    return p.x >= -16 && p.y >= -16 && p.x <= view->width + 16 && p.y <= view->height + 16;
}

void maps_paint_incidents(cairo_t *cr, const MapsView *view, const MapsIncidents *incidents)
{
    if (view->zoom < MAPS_INCIDENT_ZOOM)
        return;
    for (int64_t priority = 4; priority >= 1; priority--)
        for (size_t i = 0; i < incidents->n; i++) {
            const MapsIncident *incident = &incidents->incidents[i];
            MapsPoint p = maps_view_point(view, incident->at);
            if (rank_of(incident->priority) == priority && in_sight(view, p))
                maps_paint_incident(cr, view, p, priority, incident->state);
        }
}

void maps_incidents_block(MapsLabels *labels, const MapsView *view, const MapsIncidents *incidents)
{
    if (view->zoom < MAPS_INCIDENT_ZOOM)
        return;
    for (size_t i = 0; i < incidents->n; i++) {
        MapsPoint p = maps_view_point(view, incidents->incidents[i].at);
        double r = maps_incident_radius_px(view, incidents->incidents[i].priority);
        if (in_sight(view, p))
            maps_labels_block(labels, (MapsRect){p.x - r, p.y - r, p.x + r, p.y + 0.6 * r});
    }
}

void maps_incidents_label(MapsLabels *labels, const MapsView *view, const MapsIncidents *incidents)
{
    for (size_t i = 0; i < incidents->n && view->zoom >= MAPS_INCIDENT_NAME_ZOOM; i++) {
        const MapsIncident *incident = &incidents->incidents[i];
        MapsPoint p = maps_view_point(view, incident->at);
        if (in_sight(view, p) && fill_of(incident->state) != DONE &&
            rank_of(incident->priority) <= 2)
            maps_labels_add_beside(labels, MAPS_LABEL_INCIDENT, incident->name, p,
                                   maps_incident_radius_px(view, incident->priority));
    }
}
