/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Small pictures painted once and shown many times, found by a number that says all that they look
 * like. Main thread only. */
#include <gtk/gtk.h>

#include "maps/paint/view.h"

typedef struct MapsSprites MapsSprites;

/* Paints what with its anchor at p. */
typedef void (*MapsSpritePaint)(cairo_t *cr, const MapsView *view, MapsPoint p, gconstpointer what);

typedef struct {
    GdkTexture *texture; /* borrowed until the next maps_sprites_begin() */
    double left, top;    /* from the anchor, px */
    double width, height;
} MapsSprite;

MapsSprites *maps_sprites_new(void);
void maps_sprites_free(MapsSprites *sprites);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MapsSprites, maps_sprites_free)

/* Before a frame: forgets all when style or scale have changed, or when they are too many. */
void maps_sprites_begin(MapsSprites *sprites, const MapsView *view);

/* The sprite of that key; where there is none it is painted into left, top, right, bottom px about
 * its anchor. */
const MapsSprite *maps_sprites_get(MapsSprites *sprites, guint64 key, const MapsView *view,
                                   const double around[4], MapsSpritePaint paint,
                                   gconstpointer what);

/* The sprite of that key; NULL when it was not painted yet. */
const MapsSprite *maps_sprites_find(MapsSprites *sprites, guint64 key);

/* With its anchor at p, px, on whole px. */
void maps_sprite_draw(const MapsSprite *sprite, GtkSnapshot *snap, const MapsView *view,
                      MapsPoint p);
