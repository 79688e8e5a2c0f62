/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One lock guards the three lists: what waits, what each thread is at, what is done and not yet
 * handed over. Results go to the main thread at default priority: idle sources starve while frames
 * overrun. */
#include "maps/gtk/crew.h"

typedef struct {
    MapsCrew *crew;
    GThread *thread;
    GeoProgress *progress; /* not NULL while it paints; owned */
    MapsSheet sheet;
    bool dropped;
} Hand;

typedef struct {
    MapsSheet sheet;
    GdkTexture *texture; /* owned */
    GError *error;       /* owned */
} Result;

struct MapsCrew {
    char *city;
    MapsSheetPaint paint;
    MapsSheetDone done;
    gpointer user;
    GMutex lock;
    GCond work;
    GArray *waiting; /* MapsSheet */
    GQueue results;  /* Result, owned */
    guint source;    /* of the hand-over, 0: none */
    bool stop;
    unsigned n_hands;
    Hand *hands;
};

bool maps_sheet_equal(const MapsSheet *a, const MapsSheet *b)
{
    return a->tile.z == b->tile.z && a->tile.x == b->tile.x && a->tile.y == b->tile.y &&
           a->version == b->version && a->view.style == b->view.style &&
           a->view.scale == b->view.scale && a->view.zoom == b->view.zoom &&
           a->view.width == b->view.width && a->view.height == b->view.height &&
           a->view.middle.lon == b->view.middle.lon && a->view.middle.lat == b->view.middle.lat;
}

static void result_free(gpointer data)
{
    Result *result = data;
    g_clear_object(&result->texture);
    g_clear_error(&result->error);
    g_free(result);
}

/* The pixels become the texture's; nothing is copied. */
static GdkTexture *texture_of(cairo_surface_t *surface)
{
    int width = cairo_image_surface_get_width(surface);
    int height = cairo_image_surface_get_height(surface);
    gsize stride = (gsize)cairo_image_surface_get_stride(surface);
    cairo_surface_flush(surface);
    g_autoptr(GBytes) bytes = g_bytes_new_with_free_func(
        cairo_image_surface_get_data(surface), stride * (gsize)height,
        (GDestroyNotify)cairo_surface_destroy, cairo_surface_reference(surface));
    return gdk_memory_texture_new(width, height, GDK_MEMORY_DEFAULT, bytes, stride);
}

static GdkTexture *paint_sheet(MapsCrew *crew, const MapsSheet *sheet, GeoStore *store,
                               GeoProgress *progress, GError **error)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, (int)sheet->view.width, (int)sheet->view.height);
    cairo_t *cr = cairo_create(surface);
    bool ok = crew->paint(cr, sheet, store, progress, error);
    cairo_destroy(cr);
    GdkTexture *texture = ok ? texture_of(surface) : NULL;
    cairo_surface_destroy(surface);
    return texture;
}

static gboolean hand_over(gpointer data)
{
    MapsCrew *crew = data;
    g_mutex_lock(&crew->lock);
    GQueue results = crew->results;
    g_queue_init(&crew->results);
    crew->source = 0;
    g_mutex_unlock(&crew->lock);
    Result *result;
    while ((result = g_queue_pop_head(&results))) {
        crew->done(&result->sheet, result->texture, result->error, crew->user);
        result_free(result);
    }
    return G_SOURCE_REMOVE;
}

/* Under the lock. */
static void deliver(MapsCrew *crew, Result *result)
{
    g_queue_push_tail(&crew->results, result);
    if (crew->source == 0)
        crew->source = g_idle_add_full(G_PRIORITY_DEFAULT, hand_over, crew, NULL);
}

/* Under the lock, which it lets go while it paints. */
static void work_once(Hand *hand, GeoStore **store)
{
    MapsCrew *crew = hand->crew;
    MapsSheet sheet = g_array_index(crew->waiting, MapsSheet, 0);
    g_array_remove_index(crew->waiting, 0);
    hand->sheet = sheet;
    hand->dropped = false;
    hand->progress = geo_progress_new(NULL, NULL);
    g_mutex_unlock(&crew->lock);
    Result *result = g_new0(Result, 1);
    GeoStoreOptions reading = {.read_only = true};
    result->sheet = sheet;
    if (!*store)
        *store = geo_store_open(crew->city, &reading, &result->error);
    if (*store)
        result->texture = paint_sheet(crew, &sheet, *store, hand->progress, &result->error);
    g_mutex_lock(&crew->lock);
    if (hand->dropped || crew->stop)
        result_free(result);
    else
        deliver(crew, result);
    g_clear_pointer(&hand->progress, geo_progress_free);
}

static gpointer run(gpointer data)
{
    Hand *hand = data;
    MapsCrew *crew = hand->crew;
    GeoStore *store = NULL;
    g_mutex_lock(&crew->lock);
    while (!crew->stop)
        if (crew->waiting->len > 0)
            work_once(hand, &store);
        else
            g_cond_wait(&crew->work, &crew->lock);
    g_mutex_unlock(&crew->lock);
    geo_store_close(store);
    return NULL;
}

MapsCrew *maps_crew_new(const char *city, unsigned n_threads, MapsSheetPaint paint,
                        MapsSheetDone done, gpointer user)
{
    MapsCrew *crew = g_new0(MapsCrew, 1);
    crew->city = g_strdup(city);
    crew->paint = paint;
    crew->done = done;
    crew->user = user;
    g_mutex_init(&crew->lock);
    g_cond_init(&crew->work);
    crew->waiting = g_array_new(FALSE, FALSE, sizeof(MapsSheet));
    g_queue_init(&crew->results);
    crew->n_hands = n_threads;
    crew->hands = g_new0(Hand, n_threads);
    for (unsigned i = 0; i < n_threads; i++) {
        crew->hands[i].crew = crew;
        crew->hands[i].thread = g_thread_new("painter", run, &crew->hands[i]);
    }
    return crew;
}

/* Under the lock. */
static void drop(Hand *hand)
{
    if (!hand->progress)
        return;
    hand->dropped = true;
    geo_progress_cancel(hand->progress);
}

void maps_crew_free(MapsCrew *crew)
{
    if (!crew)
        return;
    g_mutex_lock(&crew->lock);
    crew->stop = true;
    for (unsigned i = 0; i < crew->n_hands; i++)
        drop(&crew->hands[i]);
    g_cond_broadcast(&crew->work);
    g_mutex_unlock(&crew->lock);
    for (unsigned i = 0; i < crew->n_hands; i++)
        g_thread_join(crew->hands[i].thread);
    if (crew->source)
        g_source_remove(crew->source);
    g_queue_clear_full(&crew->results, result_free);
    g_array_unref(crew->waiting);
    g_mutex_clear(&crew->lock);
    g_cond_clear(&crew->work);
    g_free(crew->hands);
    g_free(crew->city);
    g_free(crew);
}

static bool is_among(const MapsSheet *sheet, const MapsSheet *sheets, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (maps_sheet_equal(sheet, &sheets[i]))
            return true;
    return false;
}

/* Under the lock. */
static bool is_on_its_way(const MapsCrew *crew, const MapsSheet *sheet)
{
    for (unsigned i = 0; i < crew->n_hands; i++)
        if (crew->hands[i].progress && !crew->hands[i].dropped &&
            maps_sheet_equal(&crew->hands[i].sheet, sheet))
            return true;
    for (const GList *link = crew->results.head; link; link = link->next)
        if (maps_sheet_equal(&((const Result *)link->data)->sheet, sheet))
            return true;
    return false;
}

void maps_crew_want(MapsCrew *crew, const MapsSheet *sheets, size_t n)
{
    g_mutex_lock(&crew->lock);
    for (unsigned i = 0; i < crew->n_hands; i++)
        if (!is_among(&crew->hands[i].sheet, sheets, n))
            drop(&crew->hands[i]);
    g_array_set_size(crew->waiting, 0);
    for (size_t i = 0; i < n; i++)
        if (!is_on_its_way(crew, &sheets[i]))
            g_array_append_val(crew->waiting, sheets[i]);
    if (crew->waiting->len > 0)
        g_cond_broadcast(&crew->work);
    g_mutex_unlock(&crew->lock);
}
