/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* What lies on the ground as a layer of painted tiles: the base map, borders, coverage.
 * libshumate's own layer fetches from an idle source and starves while frames overrun; this one
 * draws what it has in every frame and paints the rest in threads. */
#include <shumate/shumate.h>

#include "geo/work/sight.h"
#include "maps/gtk/crew.h"
#include "maps/paint/view.h"

/* What is painted on the tiles; lives for ever. */
typedef struct {
    const char *name;
    unsigned rank, n_threads;
    bool ground;       /* fills its tiles; the others are transparent */
    double least_zoom; /* below it there is nothing to paint */
    gsize keep_bytes;  /* of textures out of sight */
    MapsSheetPaint paint;
} MapsTilesPainter;

extern const MapsTilesPainter maps_tiles_ground;   /* no data */
extern const MapsTilesPainter maps_tiles_borders;  /* no data */
extern const MapsTilesPainter maps_tiles_coverage; /* data: MapsCoverageLook */

/* What the fields mean. */
typedef struct {
    GeoSightClass class;
    bool night;
} MapsCoverageLook;

#define MAPS_TYPE_TILES maps_tiles_get_type()
G_DECLARE_FINAL_TYPE(MapsTiles, maps_tiles, MAPS, TILES, ShumateLayer)

/* Signals: "settled" when the last tile in sight has come, "trouble" (const char *) when one could
 * not be painted. gtk_widget_set_visible() turns the layer on and off: a hidden one asks for
 * nothing and counts as complete. data as in maps_crew_set_data(): the layer's from now on. */
MapsTiles *maps_tiles_new(ShumateViewport *viewport, const char *city, MapsStyle style,
                          const MapsTilesPainter *painter, gpointer data, GDestroyNotify release);

void maps_tiles_set_style(MapsTiles *tiles, MapsStyle style);

/* Takes other data and paints all anew. */
void maps_tiles_set_data(MapsTiles *tiles, gpointer data, GDestroyNotify release);

/* The city has changed: all is painted anew, the old tiles stay in sight until then. */
void maps_tiles_renew(MapsTiles *tiles);

/* 0..1, of the whole layer. */
void maps_tiles_set_opacity(MapsTiles *tiles, double opacity);

/* Every tile in sight is there, of this style and version; or the layer is hidden. */
bool maps_tiles_complete(MapsTiles *tiles);

/* Tiles that have come since the layer was made. */
guint64 maps_tiles_arrived(MapsTiles *tiles);
