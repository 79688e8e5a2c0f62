/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A table of textures by sheet, the longest unseen thrown away first. A tile that is not there yet
 * is drawn from the nearest coarser one, else from the four finer ones. snapshot() makes no
 * picture: it lays textures out. */
#include "maps/gtk/tiles.h"

#include <math.h>
#include <string.h>

#include "maps/gtk/frame.h"
#include "maps/gtk/viewport.h"
#include "maps/paint/style.h"

#define MAX_UP 6         /* zooms that a fallback may be coarser */
#define MAX_IN_SIGHT 400 /* tiles; an 8K window needs 170 */

typedef struct {
    MapsSheet sheet;
    GArray *pieces; /* MapsPiece, owned; NULL: failed, and is not tried again */
    guint64 seen;   /* frame */
} Cached;

struct _MapsTiles {
    ShumateLayer parent;
    const MapsTilesPainter *painter;
    MapsCrew *crew;
    GHashTable *cache; /* MapsSheet within Cached -> Cached, owned */
    MapsStyle style;
    int64_t version;
    guint64 frame, arrived;
    gsize bytes;
    double opacity;
    bool settled; /* and told so */
};

G_DEFINE_TYPE(MapsTiles, maps_tiles, SHUMATE_TYPE_LAYER)

enum { SETTLED, TROUBLE, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- what is kept ---- */

static guint sheet_hash(gconstpointer key)
{
    const MapsSheet *sheet = key;
    return (guint)sheet->tile.x * 73856093u ^ (guint)sheet->tile.y * 19349663u ^
           (guint)sheet->tile.z * 83492791u ^ (guint)sheet->view.style;
}

static gboolean sheets_equal(gconstpointer a, gconstpointer b)
{
    return maps_sheet_equal(a, b);
}

static void cached_free(gpointer data)
{
    Cached *cached = data;
    g_clear_pointer(&cached->pieces, g_array_unref);
    g_free(cached);
}

static int by_seen(gconstpointer a, gconstpointer b)
{
    const Cached *one = *(Cached *const *)a, *two = *(Cached *const *)b;
    return (one->seen > two->seen) - (one->seen < two->seen);
}

static void throw_old_away(MapsTiles *tiles)
{
    if (tiles->bytes <= tiles->painter->keep_bytes)
        return;
    g_autoptr(GPtrArray) all = g_ptr_array_new();
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, tiles->cache);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        g_ptr_array_add(all, value);
    g_ptr_array_sort(all, by_seen);
    for (guint i = 0; i < all->len && tiles->bytes > tiles->painter->keep_bytes; i++) {
        Cached *cached = all->pdata[i];
        if (cached->seen >= tiles->frame)
            return;
        tiles->bytes -= maps_texture_bytes(cached->pieces);
        g_hash_table_remove(tiles->cache, &cached->sheet);
    }
}

static MapsSheet sheet_of(const MapsTiles *tiles, MapsTile tile, double scale, int64_t version)
{
    return (MapsSheet){
        .tile = tile, .view = maps_tile_view(tile, scale, tiles->style), .version = version};
}

static Cached *find(MapsTiles *tiles, MapsTile tile, double scale, int64_t version)
{
    MapsSheet sheet = sheet_of(tiles, tile, scale, version);
    Cached *cached = g_hash_table_lookup(tiles->cache, &sheet);
    if (cached)
        cached->seen = tiles->frame;
    return cached;
}

/* ---- what is wanted ---- */

static double from_middle(const MapsView *view, MapsTile tile)
{
    MapsRect rect = maps_tile_rect(view, tile);
    return hypot(rect.left + rect.right - view->width, rect.top + rect.bottom - view->height);
}

typedef struct {
    MapsTile tile;
    double distance;
} Near;

static int by_distance(gconstpointer a, gconstpointer b)
{
    double one = ((const Near *)a)->distance, two = ((const Near *)b)->distance;
    return (one > two) - (one < two);
}

/* The tiles in sight, nearest to the middle first: Near array. */
static GArray *in_sight(const MapsView *view)
{
    GArray *near = g_array_new(FALSE, FALSE, sizeof(Near));
    MapsTileRange range = maps_tile_range(view);
    for (int y = range.y0; y <= range.y1; y++)
        for (int x = range.x0; x <= range.x1 && near->len < MAX_IN_SIGHT; x++) {
            Near one = {{range.z, x, y}, from_middle(view, (MapsTile){range.z, x, y})};
            g_array_append_val(near, one);
        }
    g_array_sort(near, by_distance);
    return near;
}

/* A tile is of a whole zoom: it is asked for by its own, not by the view's. */
static bool has_something(const MapsTiles *tiles, const MapsView *view)
{
    return maps_tile_zoom(view->zoom) >= tiles->painter->least_zoom;
}

/* Asks the crew for what is in sight and not there; returns how many that are. */
static guint ask(MapsTiles *tiles)
{
    MapsView view = maps_viewport_view(SHUMATE_LAYER(tiles), tiles->style, NULL);
    if (!gtk_widget_get_visible(GTK_WIDGET(tiles)) || !has_something(tiles, &view)) {
        maps_crew_want(tiles->crew, NULL, 0);
        return 0;
    }
    g_autoptr(GArray) near = in_sight(&view);
    g_autoptr(GArray) wanted = g_array_new(FALSE, FALSE, sizeof(MapsSheet));
    for (guint i = 0; i < near->len; i++) {
        MapsTile tile = g_array_index(near, Near, i).tile;
        if (find(tiles, tile, view.scale, tiles->version))
            continue;
        MapsSheet sheet = sheet_of(tiles, tile, view.scale, tiles->version);
        g_array_append_val(wanted, sheet);
    }
    maps_crew_want(tiles->crew, (const MapsSheet *)(void *)wanted->data, wanted->len);
    if (wanted->len > 0)
        tiles->settled = false;
    return wanted->len;
}

bool maps_tiles_complete(MapsTiles *tiles)
{
    return !gtk_widget_get_visible(GTK_WIDGET(tiles)) ||
           (gtk_widget_get_width(GTK_WIDGET(tiles)) > 0 && ask(tiles) == 0);
}

static void tell_when_settled(MapsTiles *tiles)
{
    if (tiles->settled || !maps_tiles_complete(tiles))
        return;
    tiles->settled = true;
    g_signal_emit(tiles, signals[SETTLED], 0);
}

static void on_done(const MapsSheet *sheet, GArray *pieces, gpointer report, const GError *error,
                    gpointer user)
{
    MapsTiles *tiles = user;
    Cached *cached = g_new0(Cached, 1);
    g_free(report);
    tiles->arrived++;
    cached->sheet = *sheet;
    cached->pieces = pieces ? g_array_ref(pieces) : NULL;
    cached->seen = tiles->frame;
    tiles->bytes += maps_texture_bytes(cached->pieces);
    const Cached *before = g_hash_table_lookup(tiles->cache, sheet);
    if (before)
        tiles->bytes -= maps_texture_bytes(before->pieces);
    g_hash_table_replace(tiles->cache, &cached->sheet, cached);
    throw_old_away(tiles);
    gtk_widget_queue_draw(GTK_WIDGET(tiles));
    if (error)
        g_signal_emit(tiles, signals[TROUBLE], 0, error->message);
    tell_when_settled(tiles);
}

/* ---- drawing ---- */

static graphene_rect_t logical(MapsRect rect, double scale)
{
    return GRAPHENE_RECT_INIT((float)(rect.left / scale), (float)(rect.top / scale),
                              (float)((rect.right - rect.left) / scale),
                              (float)((rect.bottom - rect.top) / scale));
}

static bool draw_tile(MapsTiles *tiles, GtkSnapshot *snapshot, const MapsView *view, MapsTile tile,
                      int64_t version)
{
    const Cached *cached = find(tiles, tile, view->scale, version);
    if (!cached || !cached->pieces)
        return false;
    MapsRect rect = maps_tile_rect(view, tile);
    double grown = (rect.right - rect.left) / cached->sheet.view.width;
    for (guint i = 0; i < cached->pieces->len; i++)
        maps_piece_draw(&g_array_index(cached->pieces, MapsPiece, i), snapshot,
                        (MapsPoint){rect.left, rect.top}, grown, view);
    return true;
}

/* The version before, else a coarser tile's part, else what there is of the finer ones. */
static void draw_instead(MapsTiles *tiles, GtkSnapshot *snapshot, const MapsView *view,
                         MapsTile tile)
{
    graphene_rect_t rect = logical(maps_tile_rect(view, tile), view->scale);
    if (draw_tile(tiles, snapshot, view, tile, tiles->version - 1))
        return;
    gtk_snapshot_push_clip(snapshot, &rect);
    bool drawn = false;
    for (int up = 1; up <= MAX_UP && up < tile.z && !drawn; up++)
        drawn = draw_tile(tiles, snapshot, view, maps_tile_ancestor(tile, up), tiles->version);
    for (int i = 0; i < 4 && !drawn && tile.z < MAPS_TILE_MAX_Z; i++)
        draw_tile(tiles, snapshot, view,
                  (MapsTile){tile.z + 1, 2 * tile.x + (i & 1), 2 * tile.y + (i >> 1)},
                  tiles->version);
    gtk_snapshot_pop(snapshot);
}

static void fill(MapsTiles *tiles, GtkSnapshot *snap)
{
    MapsColor paper = maps_style_palette(tiles->style)->paper;
    GdkRGBA color = {(float)paper.r, (float)paper.g, (float)paper.b, 1};
    gtk_snapshot_append_color(snap, &color,
                              &GRAPHENE_RECT_INIT(0, 0,
                                                  (float)gtk_widget_get_width(GTK_WIDGET(tiles)),
                                                  (float)gtk_widget_get_height(GTK_WIDGET(tiles))));
}

static void snapshot(GtkWidget *widget, GtkSnapshot *snap)
{
    MapsTiles *tiles = MAPS_TILES(widget);
    MapsView view = maps_viewport_view(SHUMATE_LAYER(widget), tiles->style, NULL);
    gint64 entered = maps_frame_enter();
    tiles->frame++;
    if (tiles->opacity < 1)
        gtk_snapshot_push_opacity(snap, tiles->opacity);
    if (tiles->painter->ground)
        fill(tiles, snap);
    MapsTileRange range = maps_tile_range(&view);
    for (int y = range.y0; y <= range.y1 && has_something(tiles, &view); y++)
        for (int x = range.x0; x <= range.x1; x++) {
            MapsTile tile = {range.z, x, y};
            if (!draw_tile(tiles, snap, &view, tile, tiles->version))
                draw_instead(tiles, snap, &view, tile);
        }
    if (tiles->opacity < 1)
        gtk_snapshot_pop(snap);
    maps_frame_leave(entered, MAPS_FRAME_SNAPSHOT);
}

/* ---- life ---- */

static void on_viewport(MapsTiles *tiles)
{
    gtk_widget_queue_draw(GTK_WIDGET(tiles));
    if (tiles->crew && gtk_widget_get_width(GTK_WIDGET(tiles)) > 0) {
        gint64 entered = maps_frame_enter();
        ask(tiles);
        maps_frame_leave(entered, MAPS_FRAME_ASK);
        tell_when_settled(tiles);
    }
}

static void size_allocate(GtkWidget *widget, int width, int height, int baseline)
{
    GTK_WIDGET_CLASS(maps_tiles_parent_class)->size_allocate(widget, width, height, baseline);
    on_viewport(MAPS_TILES(widget));
}

static void constructed(GObject *object)
{
    G_OBJECT_CLASS(maps_tiles_parent_class)->constructed(object);
    g_signal_connect_swapped(shumate_layer_get_viewport(SHUMATE_LAYER(object)), "notify",
                             G_CALLBACK(on_viewport), object);
    g_signal_connect(object, "notify::scale-factor", G_CALLBACK(on_viewport), NULL);
    g_signal_connect(object, "notify::visible", G_CALLBACK(on_viewport), NULL);
}

static void dispose(GObject *object)
{
    MapsTiles *tiles = MAPS_TILES(object);
    ShumateViewport *viewport = shumate_layer_get_viewport(SHUMATE_LAYER(object));
    if (viewport)
        g_signal_handlers_disconnect_by_data(viewport, object);
    g_clear_pointer(&tiles->crew, maps_crew_free);
    g_clear_pointer(&tiles->cache, g_hash_table_unref);
    G_OBJECT_CLASS(maps_tiles_parent_class)->dispose(object);
}

static void maps_tiles_class_init(MapsTilesClass *class)
{
    G_OBJECT_CLASS(class)->constructed = constructed;
    G_OBJECT_CLASS(class)->dispose = dispose;
    GTK_WIDGET_CLASS(class)->snapshot = snapshot;
    GTK_WIDGET_CLASS(class)->size_allocate = size_allocate;
    signals[SETTLED] = g_signal_new("settled", MAPS_TYPE_TILES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 0);
    signals[TROUBLE] = g_signal_new("trouble", MAPS_TYPE_TILES, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                    NULL, G_TYPE_NONE, 1, G_TYPE_STRING);
}

static void maps_tiles_init(MapsTiles *tiles)
{
    tiles->cache = g_hash_table_new_full(sheet_hash, sheets_equal, NULL, cached_free);
}

MapsTiles *maps_tiles_new(ShumateViewport *viewport, const char *city, MapsStyle style,
                          const MapsTilesPainter *painter, gpointer data, GDestroyNotify release)
{
    MapsTiles *tiles = g_object_new(MAPS_TYPE_TILES, "viewport", viewport, NULL);
    tiles->style = style;
    tiles->painter = painter;
    tiles->opacity = 1;
    tiles->crew =
        maps_crew_new(city, painter->n_threads, painter->rank,
                      painter->ground ? G_MAXINT16 : MAPS_PIECE_PX, painter->paint, on_done, tiles);
    maps_crew_set_data(tiles->crew, data, release);
    gtk_widget_set_name(GTK_WIDGET(tiles), painter->name);
    return tiles;
}

void maps_tiles_set_style(MapsTiles *tiles, MapsStyle style)
{
    tiles->style = style;
    on_viewport(tiles);
}

void maps_tiles_renew(MapsTiles *tiles)
{
    tiles->version++;
    on_viewport(tiles);
}

void maps_tiles_set_data(MapsTiles *tiles, gpointer data, GDestroyNotify release)
{
    maps_crew_set_data(tiles->crew, data, release);
    maps_tiles_renew(tiles);
}

void maps_tiles_set_opacity(MapsTiles *tiles, double opacity)
{
    if (tiles->opacity == opacity)
        return;
    tiles->opacity = CLAMP(opacity, 0, 1);
    gtk_widget_queue_draw(GTK_WIDGET(tiles));
}

guint64 maps_tiles_arrived(MapsTiles *tiles)
{
    return tiles->arrived;
}
