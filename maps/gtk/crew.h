/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The threads that paint a layer's pictures from the store, each with a read-only handle of its
 * own. The layer says what it wants now; whatever it no longer wants is dropped. */
#include <gtk/gtk.h>

#include "geo/model/progress.h"
#include "geo/store/store.h"
#include "maps/gtk/grid.h"

/* One picture to be made; its fields together are its identity. */
typedef struct {
    MapsTile tile;
    MapsView view; /* of the picture; lang lives for ever */
    int64_t version;
} MapsSheet;

bool maps_sheet_equal(const MapsSheet *a, const MapsSheet *b);

/* Paints in a crew's thread: loads from store, asks progress between steps whether to go on. */
typedef bool (*MapsSheetPaint)(cairo_t *cr, const MapsSheet *sheet, GeoStore *store,
                               GeoProgress *progress, GError **error);

/* Called in the main thread. texture is borrowed, NULL with error when it failed; pictures that
 * were dropped are not told of. */
typedef void (*MapsSheetDone)(const MapsSheet *sheet, GdkTexture *texture, const GError *error,
                              gpointer user);

typedef struct MapsCrew MapsCrew;

/* The threads start at once. */
MapsCrew *maps_crew_new(const char *city, unsigned n_threads, MapsSheetPaint paint,
                        MapsSheetDone done, gpointer user);

/* Stops: waits for what is being painted to notice, drops the rest. done is not called again. */
void maps_crew_free(MapsCrew *crew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MapsCrew, maps_crew_free)

/* From now on these are wanted, the first one first, and no others. */
void maps_crew_want(MapsCrew *crew, const MapsSheet *sheets, size_t n);
