/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/incidents.h"

#include <math.h>

#include "maps/gtk/frame.h"
#include "maps/gtk/sprites.h"
#include "maps/gtk/viewport.h"

#define PICK_PX 4.0  /* beyond the symbol's tips */
#define MAX_NAMES 24 /* in sight; more are a list's business */

struct _MapsIncidentsLayer {
    ShumateLayer parent;
    MapsStyle style;
    const char *lang;
    const MapsIncident *incidents; /* the owner's */
    size_t n;
    gpointer owner;
    GDestroyNotify release;
    gssize selected; /* index; -1: none */
    MapsSprites *sprites;
};

G_DEFINE_TYPE(MapsIncidentsLayer, maps_incidents_layer, SHUMATE_TYPE_LAYER)

enum { KEY_SYMBOL = 1, KEY_RING, KEY_NAME, KEY_PLATE };

static MapsView view_of(MapsIncidentsLayer *layer)
{
    return maps_viewport_view(SHUMATE_LAYER(layer), layer->style, layer->lang);
}

static bool is_shown(const MapsIncidentsLayer *layer, const MapsView *view, size_t i)
{
    return isfinite(layer->incidents[i].at.lon) && isfinite(layer->incidents[i].at.lat) &&
           (view->zoom >= MAPS_INCIDENT_ZOOM || (gssize)i == layer->selected);
}

static bool in_sight(const MapsView *view, MapsPoint p, double reach)
{
    return p.x >= -reach && p.y >= -reach && p.x <= view->width + reach &&
           p.y <= view->height + reach;
}

/* ---- sprites ---- */

static guint64 key_of(const MapsView *view, int family, const MapsIncident *incident)
{
    double r = maps_incident_radius_px(view, incident->priority);
    return (guint64)family << 60 | (guint64)lround(r * 4) << 40 |
           (guint64)(incident->priority & 0xff) << 16 | (guint64)(incident->state & 0xffff);
}

/* FNV-1a: of some hundreds of names no two meet. */
static guint64 name_key(int family, const MapsView *view, const MapsIncident *incident)
{
    guint64 hash = key_of(view, family, incident) ^ 14695981039346656037u;
    for (const char *c = incident->name; *c; c++)
        hash = (hash ^ (unsigned char)*c) * 1099511628211u;
    return (guint64)family << 60 | hash >> 4;
}

static void paint_symbol(cairo_t *cr, const MapsView *view, MapsPoint p, gconstpointer what)
{
    const MapsIncident *incident = what;
    maps_paint_incident(cr, view, p, incident->priority, incident->state);
}

static void paint_ring(cairo_t *cr, const MapsView *view, MapsPoint p, gconstpointer what)
{
    maps_paint_incident_ring(cr, view, p, ((const MapsIncident *)what)->priority);
}

static void paint_name(cairo_t *cr, const MapsView *view, MapsPoint p, gconstpointer what)
{
    const MapsIncident *incident = what;
    maps_paint_incident_name(cr, view, p, incident->priority, incident->name, false);
}

static void paint_plate(cairo_t *cr, const MapsView *view, MapsPoint p, gconstpointer what)
{
    const MapsIncident *incident = what;
    maps_paint_incident_name(cr, view, p, incident->priority, incident->name, true);
}

static void draw_symbol(MapsIncidentsLayer *layer, GtkSnapshot *snap, const MapsView *view,
                        const MapsIncident *incident, MapsPoint p)
{
    double r = maps_incident_radius_px(view, incident->priority) + 4 * view->scale;
    double around[] = {-r, -r, r, r};
    maps_sprite_draw(maps_sprites_get(layer->sprites, key_of(view, KEY_SYMBOL, incident), view,
                                      around, paint_symbol, incident),
                     snap, view, p);
}

static const MapsSprite *name_sprite(MapsIncidentsLayer *layer, const MapsView *view,
                                     const MapsIncident *incident, bool selected)
{
    guint64 key = name_key(selected ? KEY_PLATE : KEY_NAME, view, incident);
    const MapsSprite *sprite = maps_sprites_find(layer->sprites, key);
    if (sprite)
        return sprite;
    MapsRect box = maps_paint_incident_name(NULL, view, (MapsPoint){0, 0}, incident->priority,
                                            incident->name, selected);
    double around[] = {box.left, box.top, box.right, box.bottom};
    return maps_sprites_get(layer->sprites, key, view, around, selected ? paint_plate : paint_name,
                            incident);
}

/* ---- frames ---- */

static MapsRect sprite_rect(const MapsSprite *sprite, MapsPoint p)
{
    return (MapsRect){p.x + sprite->left, p.y + sprite->top, p.x + sprite->left + sprite->width,
                      p.y + sprite->top + sprite->height};
}

/* Adds rect, unless it meets one of the n. */
static bool claim(MapsRect *taken, unsigned *n, MapsRect rect)
{
    for (unsigned i = 0; i < *n; i++)
        if (maps_rect_meet(&taken[i], &rect))
            return false;
    taken[(*n)++] = rect;
    return true;
}

/* The names of the urgent ones, the first come first: one that would lie on another waits for a
 * nearer view. */
static void draw_names(MapsIncidentsLayer *layer, GtkSnapshot *snap, const MapsView *view)
{
    MapsRect taken[MAX_NAMES];
    unsigned n = 0;
    for (size_t i = 0; i < layer->n && n < MAX_NAMES; i++) {
        const MapsIncident *incident = &layer->incidents[i];
        if ((gssize)i == layer->selected || !incident->name || !is_shown(layer, view, i) ||
            !maps_incident_urgent(incident->priority, incident->state))
            continue;
        MapsPoint p = maps_view_point(view, incident->at);
        if (!in_sight(view, p, 0))
            continue;
        const MapsSprite *sprite = name_sprite(layer, view, incident, false);
        if (claim(taken, &n, sprite_rect(sprite, p)))
            maps_sprite_draw(sprite, snap, view, p);
    }
}

static void draw_selected(MapsIncidentsLayer *layer, GtkSnapshot *snap, const MapsView *view)
{
    const MapsIncident *incident = &layer->incidents[layer->selected];
    MapsPoint p = maps_view_point(view, incident->at);
    double r = maps_incident_ring_px(view, incident->priority), around[] = {-r, -r, r, r};
    maps_sprite_draw(maps_sprites_get(layer->sprites, key_of(view, KEY_RING, incident), view,
                                      around, paint_ring, incident),
                     snap, view, p);
    draw_symbol(layer, snap, view, incident, p);
    if (incident->name)
        maps_sprite_draw(name_sprite(layer, view, incident, true), snap, view, p);
}

static void draw(MapsIncidentsLayer *layer, GtkSnapshot *snap, const MapsView *view)
{
    for (size_t i = layer->n; i-- > 0;) { /* the most urgent last, on top */
        const MapsIncident *incident = &layer->incidents[i];
        if (!is_shown(layer, view, i) || (gssize)i == layer->selected)
            continue;
        MapsPoint p = maps_view_point(view, incident->at);
        if (in_sight(view, p, maps_incident_radius_px(view, incident->priority) * 2))
            draw_symbol(layer, snap, view, incident, p);
    }
    if (view->zoom >= MAPS_INCIDENT_NAME_ZOOM)
        draw_names(layer, snap, view);
    if (layer->selected >= 0 && is_shown(layer, view, (size_t)layer->selected))
        draw_selected(layer, snap, view);
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snap)
{
    MapsIncidentsLayer *layer = MAPS_INCIDENTS_LAYER(widget);
    gint64 entered = maps_frame_enter();
    MapsView view = view_of(layer);
    maps_sprites_begin(layer->sprites, &view);
    draw(layer, snap, &view);
    maps_frame_leave(entered, MAPS_FRAME_SNAPSHOT);
}

/* ---- asking and telling ---- */

gssize maps_incidents_layer_pick(MapsIncidentsLayer *layer, double x, double y)
{
    MapsView view = view_of(layer);
    gssize found = -1;
    double nearest = G_MAXDOUBLE;
    for (size_t i = 0; i < layer->n && gtk_widget_get_visible(GTK_WIDGET(layer)); i++) {
        if (!is_shown(layer, &view, i))
            continue;
        MapsPoint p = maps_view_point(&view, layer->incidents[i].at);
        double distance = hypot(p.x - x * view.scale, p.y - y * view.scale);
        double reach =
            maps_incident_radius_px(&view, layer->incidents[i].priority) + PICK_PX * view.scale;
        if (distance <= reach && distance < nearest) {
            nearest = distance;
            found = (gssize)i;
        }
    }
    return found;
}

static void drop_incidents(MapsIncidentsLayer *layer)
{
    gpointer owner = g_steal_pointer(&layer->owner);
    layer->incidents = NULL;
    layer->n = 0;
    layer->selected = -1;
    if (layer->release && owner)
        layer->release(owner);
}

void maps_incidents_layer_set_incidents(MapsIncidentsLayer *layer, const MapsIncident *incidents,
                                        size_t n, gpointer owner, GDestroyNotify release)
{
    gint64 entered = maps_frame_enter();
    drop_incidents(layer);
    layer->incidents = incidents;
    layer->n = n;
    layer->owner = owner;
    layer->release = release;
    gtk_widget_queue_draw(GTK_WIDGET(layer));
    maps_frame_leave(entered, MAPS_FRAME_TICK);
}

void maps_incidents_layer_select(MapsIncidentsLayer *layer, gssize index)
{
    g_return_if_fail(index < (gssize)layer->n);
    layer->selected = MAX(index, -1);
    gtk_widget_queue_draw(GTK_WIDGET(layer));
}

/* ---- life ---- */

static void constructed(GObject *object)
{
    G_OBJECT_CLASS(maps_incidents_layer_parent_class)->constructed(object);
    g_signal_connect_swapped(shumate_layer_get_viewport(SHUMATE_LAYER(object)), "notify",
                             G_CALLBACK(gtk_widget_queue_draw), object);
}

static void dispose(GObject *object)
{
    MapsIncidentsLayer *layer = MAPS_INCIDENTS_LAYER(object);
    ShumateViewport *viewport = shumate_layer_get_viewport(SHUMATE_LAYER(object));
    if (viewport)
        g_signal_handlers_disconnect_by_data(viewport, object);
    drop_incidents(layer);
    G_OBJECT_CLASS(maps_incidents_layer_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    maps_sprites_free(MAPS_INCIDENTS_LAYER(object)->sprites);
    G_OBJECT_CLASS(maps_incidents_layer_parent_class)->finalize(object);
}

static void maps_incidents_layer_class_init(MapsIncidentsLayerClass *class)
{
    G_OBJECT_CLASS(class)->constructed = constructed;
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
}

static void maps_incidents_layer_init(MapsIncidentsLayer *layer)
{
    layer->selected = -1;
    layer->sprites = maps_sprites_new();
}

MapsIncidentsLayer *maps_incidents_layer_new(ShumateViewport *viewport, MapsStyle style,
                                             const char *lang)
{
    MapsIncidentsLayer *layer = g_object_new(MAPS_TYPE_INCIDENTS_LAYER, "viewport", viewport, NULL);
    layer->style = style;
    layer->lang = lang;
    gtk_widget_set_name(GTK_WIDGET(layer), "incidents");
    return layer;
}

void maps_incidents_layer_set_style(MapsIncidentsLayer *layer, MapsStyle style)
{
    layer->style = style;
    gtk_widget_queue_draw(GTK_WIDGET(layer));
}
