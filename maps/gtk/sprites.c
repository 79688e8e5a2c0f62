/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "maps/gtk/sprites.h"

#include <math.h>

#include "maps/gtk/texture.h"

#define MAX_SPRITES 4000 /* about 8 MB of counts and symbols */

typedef struct {
    guint64 key;
    MapsSprite sprite;
} Kept;

struct MapsSprites {
    GHashTable *kept; /* key within Kept -> Kept, owned */
    MapsStyle style;
    double scale;
};

static void kept_free(gpointer data)
{
    Kept *kept = data;
    g_object_unref(kept->sprite.texture);
    g_free(kept);
}

MapsSprites *maps_sprites_new(void)
{
    MapsSprites *sprites = g_new0(MapsSprites, 1);
    sprites->kept = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, kept_free);
    return sprites;
}

void maps_sprites_free(MapsSprites *sprites)
{
    if (!sprites)
        return;
    g_hash_table_unref(sprites->kept);
    g_free(sprites);
}

void maps_sprites_begin(MapsSprites *sprites, const MapsView *view)
{
    if (sprites->style != view->style || sprites->scale != view->scale ||
        g_hash_table_size(sprites->kept) > MAX_SPRITES)
        g_hash_table_remove_all(sprites->kept);
    sprites->style = view->style;
    sprites->scale = view->scale;
}

const MapsSprite *maps_sprites_find(MapsSprites *sprites, guint64 key)
{
    const Kept *kept = g_hash_table_lookup(sprites->kept, &key);
    return kept ? &kept->sprite : NULL;
}

const MapsSprite *maps_sprites_get(MapsSprites *sprites, guint64 key, const MapsView *view,
                                   const double around[4], MapsSpritePaint paint,
                                   gconstpointer what)
{
    Kept *kept = g_hash_table_lookup(sprites->kept, &key);
    if (kept)
        return &kept->sprite;
    double left = floor(around[0]), top = floor(around[1]);
    int width = (int)(ceil(around[2]) - left), height = (int)(ceil(around[3]) - top);
    cairo_surface_t *surface = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, width, height);
    cairo_t *cr = cairo_create(surface);
    paint(cr, view, (MapsPoint){-left, -top}, what);
    cairo_destroy(cr);
    kept = g_new0(Kept, 1);
    kept->key = key;
    kept->sprite = (MapsSprite){maps_texture_new(surface), left, top, width, height};
    cairo_surface_destroy(surface);
    g_hash_table_insert(sprites->kept, &kept->key, kept);
    return &kept->sprite;
}

void maps_sprite_draw(const MapsSprite *sprite, GtkSnapshot *snap, const MapsView *view,
                      MapsPoint p)
{
    double s = view->scale;
    graphene_rect_t rect = GRAPHENE_RECT_INIT(
        (float)((round(p.x) + sprite->left) / s), (float)((round(p.y) + sprite->top) / s),
        (float)(sprite->width / s), (float)(sprite->height / s));
    gtk_snapshot_append_texture(snap, sprite->texture, &rect);
}
