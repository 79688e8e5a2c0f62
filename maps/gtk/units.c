/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A set of units is projected to Mercator units once; a frame is a multiplication and an addition
 * for each, a look whether it is in sight, and a texture for those that are. Counts are made for
 * the view and one view around it, at a zoom rounded to halves, and made anew when the units, that
 * zoom, or what is in sight of it change: a pan and a slow zoom show the same ones. */
#include "maps/gtk/units.h"

#include <math.h>
#include <string.h>

#include "maps/gtk/frame.h"
#include "maps/gtk/sprites.h"
#include "maps/gtk/viewport.h"

#define SECTORS 16
#define MAX_MINUTES 80   /* words in sight; more would cover the map */
#define STILL_CROWD 0.85 /* of a crowd: units at its edge do not flicker between the forms */
#define PICK_PX 5.0      /* beyond the symbol's rim */
#define RING_STEPS 24    /* to which a ring's shares are rounded, so that rings can be shared */
#define REGION_VIEWS 1.0 /* counted on each side of the view */

typedef struct {
    MapsPoint at; /* Mercator units, 0..1 */
    guint32 unit; /* index */
    guint32 key;  /* of its sprite */
} Placed;

typedef struct {
    MapsPoint at; /* Mercator units */
    MapsUnitCount count;
    guint32 placed; /* one of them */
} Counted;

struct _MapsUnitsLayer {
    ShumateLayer parent;
    MapsStyle style;
    const char *lang;
    const MapsUnit *units; /* the owner's */
    size_t n;
    gpointer owner;
    GDestroyNotify release;
    GArray *placed; /* Placed, those on duty; the quiet ones first, others lie on top */
    GArray *seen;   /* guint32, of placed: in sight at the last look */
    GArray *counts; /* Counted */
    bool counted;
    double counted_zoom;
    MapsPoint low, high; /* of the region counted, Mercator units */
    bool crowded;
    MapsSprites *sprites;
};

G_DEFINE_TYPE(MapsUnitsLayer, maps_units_layer, SHUMATE_TYPE_LAYER)

/* From Mercator units to px of the view. */
typedef struct {
    double world, x, y;
} Affine;

static Affine affine_of(const MapsView *view)
{
    Affine affine = {256 * view->scale * exp2(view->zoom), 0, 0};
    MapsPoint middle =
        maps_view_point(&(MapsView){.zoom = -8, .scale = 1, .width = 1, .height = 1}, view->middle);
    affine.x = view->width / 2 - middle.x * affine.world;
    affine.y = view->height / 2 - middle.y * affine.world;
    return affine;
}

static MapsPoint put(const Affine *affine, MapsPoint at)
{
    return (MapsPoint){at.x * affine->world + affine->x, at.y * affine->world + affine->y};
}

static MapsView view_of(MapsUnitsLayer *layer)
{
    return maps_viewport_view(SHUMATE_LAYER(layer), layer->style, layer->lang);
}

/* ---- taking units ---- */

/* All that a symbol looks like; what it is painted from must give the same. */
static guint32 key_of(const MapsUnit *unit)
{
    guint32 sector = SECTORS;
    if (maps_unit_moving(unit))
        sector = (guint32)lround(unit->heading_deg / (360.0 / SECTORS) + SECTORS) % SECTORS;
    return ((guint32)unit->kind * GEO_N_STATUSES + (guint32)unit->status) * MAPS_N_AGES *
               (SECTORS + 1) +
           (guint32)maps_units_age(unit->kind, unit->age_s) * (SECTORS + 1) + sector;
}

static bool is_quiet(const MapsUnit *unit)
{
    return maps_units_age(unit->kind, unit->age_s) >= MAPS_AGE_STALE;
}

static void place_units(MapsUnitsLayer *layer)
{
    /* a world one px wide with its corner at 0, 0: px are Mercator units */
    static const MapsView world = {.zoom = -8, .scale = 1, .width = 1, .height = 1};
    g_array_set_size(layer->placed, 0);
    for (int pass = 0; pass < 2; pass++)
        for (size_t i = 0; i < layer->n; i++) {
            const MapsUnit *unit = &layer->units[i];
            if (!maps_unit_on_duty(unit) || is_quiet(unit) != (pass == 0) ||
                !isfinite(unit->at.lon) || !isfinite(unit->at.lat))
                continue;
            Placed placed = {maps_view_point(&world, unit->at), (guint32)i, key_of(unit)};
            g_array_append_val(layer->placed, placed);
        }
    layer->counted = false;
}

static void drop_units(MapsUnitsLayer *layer)
{
    gpointer owner = g_steal_pointer(&layer->owner);
    layer->units = NULL;
    layer->n = 0;
    g_array_set_size(layer->placed, 0);
    g_array_set_size(layer->seen, 0);
    if (layer->release && owner)
        layer->release(owner);
}

void maps_units_layer_set_units(MapsUnitsLayer *layer, const MapsUnit *units, size_t n,
                                gpointer owner, GDestroyNotify release)
{
    gint64 entered = maps_frame_enter();
    drop_units(layer);
    layer->units = units;
    layer->n = n;
    layer->owner = owner;
    layer->release = release;
    place_units(layer);
    gtk_widget_queue_draw(GTK_WIDGET(layer));
    maps_frame_leave(entered, MAPS_FRAME_TICK);
}

/* ---- what is in sight ---- */

static void look(MapsUnitsLayer *layer, const MapsView *view, const Affine *affine)
{
    double reach = maps_unit_extent_px(view);
    double left = (-reach - affine->x) / affine->world, top = (-reach - affine->y) / affine->world;
    double right = (view->width + reach - affine->x) / affine->world;
    double bottom = (view->height + reach - affine->y) / affine->world;
    g_array_set_size(layer->seen, 0);
    for (guint32 i = 0; i < layer->placed->len; i++) {
        MapsPoint at = g_array_index(layer->placed, Placed, i).at;
        if (at.x >= left && at.x <= right && at.y >= top && at.y <= bottom)
            g_array_append_val(layer->seen, i);
    }
    double many = layer->seen->len / (layer->crowded ? STILL_CROWD : 1);
    layer->crowded = maps_unit_crowd(view, (size_t)many);
}

/* ---- symbols ---- */

static void paint_unit(cairo_t *cr, const MapsView *view, MapsPoint p, gconstpointer what)
{
    MapsUnit unit = *(const MapsUnit *)what;
    if (maps_unit_moving(&unit))
        unit.heading_deg = round(unit.heading_deg * SECTORS / 360) * 360 / SECTORS;
    maps_paint_unit(cr, view, p, &unit);
}

static void paint_minutes(cairo_t *cr, const MapsView *view, MapsPoint p, gconstpointer what)
{
    maps_paint_unit_minutes(cr, view, p, *(const unsigned *)what);
}

enum { KEY_MINUTES = 1, KEY_COUNT };

static guint64 sprite_key(int family, double radius_px, guint64 key)
{
    return (guint64)family << 60 | (guint64)lround(radius_px * 4) << 48 | key;
}

static void draw_minutes(MapsUnitsLayer *layer, GtkSnapshot *snap, const MapsView *view,
                         const Affine *affine)
{
    double r = maps_unit_radius_px(view), s = view->scale;
    double around[] = {r, -10 * s, r + 64 * s, 10 * s};
    unsigned said = 0;
    for (guint k = 0; k < layer->seen->len && said < MAX_MINUTES; k++) {
        const Placed *placed =
            &g_array_index(layer->placed, Placed, g_array_index(layer->seen, guint32, k));
        const MapsUnit *unit = &layer->units[placed->unit];
        if (maps_units_age(unit->kind, unit->age_s) != MAPS_AGE_STALE)
            continue;
        unsigned minutes = (unsigned)(unit->age_s / 60);
        const MapsSprite *sprite =
            maps_sprites_get(layer->sprites, sprite_key(KEY_MINUTES, r, minutes), view, around,
                             paint_minutes, &minutes);
        maps_sprite_draw(sprite, snap, view, put(affine, placed->at));
        said++;
    }
}

static void draw_symbol(MapsUnitsLayer *layer, GtkSnapshot *snap, const MapsView *view,
                        const Affine *affine, const Placed *placed)
{
    double r = maps_unit_radius_px(view), e = maps_unit_extent_px(view);
    double around[] = {-e, -e, e, e};
    const MapsSprite *sprite = maps_sprites_get(layer->sprites, sprite_key(0, r, placed->key), view,
                                                around, paint_unit, &layer->units[placed->unit]);
    maps_sprite_draw(sprite, snap, view, put(affine, placed->at));
}

static void draw_symbols(MapsUnitsLayer *layer, GtkSnapshot *snap, const MapsView *view,
                         const Affine *affine)
{
    for (guint k = 0; k < layer->seen->len; k++)
        draw_symbol(layer, snap, view, affine,
                    &g_array_index(layer->placed, Placed, g_array_index(layer->seen, guint32, k)));
    draw_minutes(layer, snap, view, affine);
}

/* ---- counts ---- */

static double counted_zoom(const MapsView *view)
{
    return floor(view->zoom * 2) / 2;
}

static bool is_counted(const MapsUnitsLayer *layer, const MapsView *view, const Affine *affine)
{
    return layer->counted && layer->counted_zoom == counted_zoom(view) &&
           -affine->x / affine->world >= layer->low.x &&
           -affine->y / affine->world >= layer->low.y &&
           (view->width - affine->x) / affine->world <= layer->high.x &&
           (view->height - affine->y) / affine->world <= layer->high.y;
}

/* Rounded so that rings that look the same share a sprite; none that is there vanishes. */
static void round_shares(MapsUnitCount *count)
{
    for (int i = 0; i < MAPS_UNIT_BINS; i++)
        if (count->by[i] > 0)
            count->by[i] = MAX(1, (count->by[i] * RING_STEPS + count->n / 2) / count->n);
}

static void count_units(MapsUnitsLayer *layer, const MapsView *view, const Affine *affine)
{
    double cell = MAPS_UNIT_CELL_PX / (256 * exp2(counted_zoom(view)));
    double wide = view->width * REGION_VIEWS, high = view->height * REGION_VIEWS;
    layer->low.x = floor((-wide - affine->x) / affine->world / cell) * cell;
    layer->low.y = floor((-high - affine->y) / affine->world / cell) * cell;
    int columns = (int)ceil((view->width + 2 * wide) / affine->world / cell) + 1;
    int rows = (int)ceil((view->height + 2 * high) / affine->world / cell) + 1;
    layer->high = (MapsPoint){layer->low.x + columns * cell, layer->low.y + rows * cell};
    g_array_set_size(layer->counts, 0);
    g_array_set_size(layer->counts, (guint)(columns * rows)); /* zeroed */
    for (guint i = 0; i < layer->placed->len; i++) {
        const Placed *placed = &g_array_index(layer->placed, Placed, i);
        int x = (int)floor((placed->at.x - layer->low.x) / cell);
        int y = (int)floor((placed->at.y - layer->low.y) / cell);
        if (x < 0 || y < 0 || x >= columns || y >= rows)
            continue;
        Counted *counted = &g_array_index(layer->counts, Counted, (guint)(y * columns + x));
        counted->count.n++;
        counted->count.by[maps_unit_bin(layer->units[placed->unit].status)]++;
        counted->placed = i;
        counted->at.x += placed->at.x;
        counted->at.y += placed->at.y;
    }
    guint n = 0;
    for (guint i = 0; i < layer->counts->len; i++) {
        Counted counted = g_array_index(layer->counts, Counted, i);
        if (counted.count.n == 0)
            continue;
        counted.at.x /= counted.count.n;
        counted.at.y /= counted.count.n;
        g_array_index(layer->counts, Counted, n++) = counted;
    }
    g_array_set_size(layer->counts, n);
    layer->counted_zoom = counted_zoom(view);
    layer->counted = true;
}

static void paint_count(cairo_t *cr, const MapsView *view, MapsPoint p, gconstpointer what)
{
    maps_paint_unit_count(cr, view, p, what);
}

static guint64 count_key(const MapsUnitCount *count)
{
    guint64 key = MIN(count->n, 0x7fff);
    for (int i = 0; i < MAPS_UNIT_BINS; i++)
        key = key << 5 | count->by[i];
    return key;
}

static void draw_counts(MapsUnitsLayer *layer, GtkSnapshot *snap, const MapsView *view,
                        const Affine *affine)
{
    if (!is_counted(layer, view, affine))
        count_units(layer, view, affine);
    for (guint i = 0; i < layer->counts->len; i++) {
        Counted counted = g_array_index(layer->counts, Counted, i);
        double r = maps_unit_count_px(view, counted.count.n) + 2.6 * view->scale;
        MapsPoint p = put(affine, counted.at);
        if (p.x < -r || p.y < -r || p.x > view->width + r || p.y > view->height + r)
            continue;
        if (counted.count.n == 1) { /* a lone unit stays a symbol */
            draw_symbol(layer, snap, view, affine,
                        &g_array_index(layer->placed, Placed, counted.placed));
            continue;
        }
        double around[] = {-r, -r, r, r};
        round_shares(&counted.count);
        const MapsSprite *sprite =
            maps_sprites_get(layer->sprites, (guint64)KEY_COUNT << 60 | count_key(&counted.count),
                             view, around, paint_count, &counted.count);
        maps_sprite_draw(sprite, snap, view, p);
    }
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snap)
{
    MapsUnitsLayer *layer = MAPS_UNITS_LAYER(widget);
    gint64 entered = maps_frame_enter();
    MapsView view = view_of(layer);
    Affine affine = affine_of(&view);
    maps_sprites_begin(layer->sprites, &view);
    look(layer, &view, &affine);
    if (layer->crowded)
        draw_counts(layer, snap, &view, &affine);
    else
        draw_symbols(layer, snap, &view, &affine);
    maps_frame_leave(entered, MAPS_FRAME_SNAPSHOT);
}

/* ---- asking ---- */

/* Is the unit nearer to where than *nearest? Then it says how near. */
static bool is_nearer(const MapsView *view, const Affine *affine, const Placed *placed,
                      MapsPoint where, double *nearest)
{
    MapsPoint p = put(affine, placed->at);
    double distance = hypot(p.x - where.x * view->scale, p.y - where.y * view->scale);
    if (distance > *nearest)
        return false;
    *nearest = distance;
    return true;
}

gssize maps_units_layer_pick(MapsUnitsLayer *layer, double x, double y)
{
    MapsView view = view_of(layer);
    Affine affine = affine_of(&view);
    gssize found = -1;
    double nearest = maps_unit_radius_px(&view) + PICK_PX * view.scale;
    if (!gtk_widget_get_visible(GTK_WIDGET(layer)))
        return -1;
    look(layer, &view, &affine);
    for (guint k = 0; k < layer->seen->len && !layer->crowded; k++) {
        const Placed *placed =
            &g_array_index(layer->placed, Placed, g_array_index(layer->seen, guint32, k));
        if (is_nearer(&view, &affine, placed, (MapsPoint){x, y}, &nearest))
            found = placed->unit; /* of two at one place the upper one */
    }
    for (guint i = 0; i < layer->counts->len && layer->crowded && layer->counted; i++) {
        const Counted *counted = &g_array_index(layer->counts, Counted, i);
        const Placed *placed = &g_array_index(layer->placed, Placed, counted->placed);
        if (counted->count.n == 1 && is_nearer(&view, &affine, placed, (MapsPoint){x, y}, &nearest))
            found = placed->unit;
    }
    return found;
}

bool maps_units_layer_crowded(MapsUnitsLayer *layer)
{
    MapsView view = view_of(layer);
    Affine affine = affine_of(&view);
    look(layer, &view, &affine);
    return layer->crowded;
}

/* ---- life ---- */

static void constructed(GObject *object)
{
    G_OBJECT_CLASS(maps_units_layer_parent_class)->constructed(object);
    g_signal_connect_swapped(shumate_layer_get_viewport(SHUMATE_LAYER(object)), "notify",
                             G_CALLBACK(gtk_widget_queue_draw), object);
}

static void dispose(GObject *object)
{
    MapsUnitsLayer *layer = MAPS_UNITS_LAYER(object);
    ShumateViewport *viewport = shumate_layer_get_viewport(SHUMATE_LAYER(object));
    if (viewport)
        g_signal_handlers_disconnect_by_data(viewport, object);
    drop_units(layer);
    G_OBJECT_CLASS(maps_units_layer_parent_class)->dispose(object);
}

static void finalize(GObject *object)
{
    MapsUnitsLayer *layer = MAPS_UNITS_LAYER(object);
    g_array_unref(layer->placed);
    g_array_unref(layer->seen);
    g_array_unref(layer->counts);
    maps_sprites_free(layer->sprites);
    G_OBJECT_CLASS(maps_units_layer_parent_class)->finalize(object);
}

static void maps_units_layer_class_init(MapsUnitsLayerClass *class)
{
    G_OBJECT_CLASS(class)->constructed = constructed;
    G_OBJECT_CLASS(class)->dispose = dispose;
    G_OBJECT_CLASS(class)->finalize = finalize;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
}

static void maps_units_layer_init(MapsUnitsLayer *layer)
{
    layer->placed = g_array_new(FALSE, FALSE, sizeof(Placed));
    layer->seen = g_array_new(FALSE, FALSE, sizeof(guint32));
    layer->counts = g_array_new(FALSE, TRUE, sizeof(Counted));
    layer->sprites = maps_sprites_new();
}

MapsUnitsLayer *maps_units_layer_new(ShumateViewport *viewport, MapsStyle style, const char *lang)
{
    MapsUnitsLayer *layer = g_object_new(MAPS_TYPE_UNITS_LAYER, "viewport", viewport, NULL);
    layer->style = style;
    layer->lang = lang;
    gtk_widget_set_name(GTK_WIDGET(layer), "units");
    return layer;
}

void maps_units_layer_set_style(MapsUnitsLayer *layer, MapsStyle style)
{
    layer->style = style;
    gtk_widget_queue_draw(GTK_WIDGET(layer));
}
