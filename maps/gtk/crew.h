/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The threads that paint a layer's pictures from the store, each with a read-only handle of its
 * own. The layer says what it wants now; whatever it no longer wants is dropped. All crews of the
 * process share two places at the easel, the lowest rank first, so that the frames keep a core. */
#include <gtk/gtk.h>

#include "geo/model/progress.h"
#include "geo/store/store.h"
#include "maps/gtk/grid.h"
#include "maps/gtk/texture.h"

/* Who paints first when both places are taken. */
enum { MAPS_RANK_GROUND, MAPS_RANK_NAMES, MAPS_RANK_OVERLAY, MAPS_RANK_LAST, MAPS_N_RANKS };

/* One picture to be made; its fields together are its identity. */
typedef struct {
    MapsTile tile;
    MapsView view; /* of the picture; lang lives for ever */
    int64_t version;
} MapsSheet;

bool maps_sheet_equal(const MapsSheet *a, const MapsSheet *b);

/* What a painter gets; all but the report is borrowed. */
typedef struct {
    cairo_t *cr;
    const MapsSheet *sheet;
    GeoStore *store;
    gconstpointer data;    /* of the layer: never changed while anyone holds it; may be NULL */
    GeoProgress *progress; /* to be asked between steps whether to go on */
    gpointer report;       /* the painter may leave facts here for the main thread, by g_malloc */
} MapsJob;

/* Paints in a crew's thread. */
typedef bool (*MapsSheetPaint)(MapsJob *job, GError **error);

/* Called in the main thread. pieces (MapsPiece) are borrowed: none when the picture is empty, NULL
 * with error when it failed; pictures that were dropped are not told of. report is the callee's, to
 * be freed by g_free(). */
typedef void (*MapsSheetDone)(const MapsSheet *sheet, GArray *pieces, gpointer report,
                              const GError *error, gpointer user);

typedef struct MapsCrew MapsCrew;

/* The threads start at once. Pictures are cut into pieces of piece_px. */
MapsCrew *maps_crew_new(const char *city, unsigned n_threads, unsigned rank, int piece_px,
                        MapsSheetPaint paint, MapsSheetDone done, gpointer user);

/* Stops: waits for what is being painted to notice, drops the rest. done is not called again. */
void maps_crew_free(MapsCrew *crew);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(MapsCrew, maps_crew_free)

/* Takes data for what is begun from now on; what waits is forgotten until it is wanted again.
 * Whoever still paints from the old data keeps it alive; release is called once, by whichever
 * thread lets go last. */
void maps_crew_set_data(MapsCrew *crew, gpointer data, GDestroyNotify release);

/* From now on these are wanted, the first one first, and no others. */
void maps_crew_want(MapsCrew *crew, const MapsSheet *sheets, size_t n);
