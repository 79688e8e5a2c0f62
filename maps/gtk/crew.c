/* SPDX-License-Identifier: GPL-3.0-or-later */
/* One lock guards the three lists: what waits, what each thread is at, what is done and not yet
 * handed over. Results go to the main thread at default priority: idle sources starve while frames
 * overrun. A thread takes a place at the easel first and then what is wanted by then. */
#include "maps/gtk/crew.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define NICE 5

#define EASEL_PLACES 2 /* painters at work in the whole process */

/* The layer's data with those who hold it: the crew and whoever paints from it. */
typedef struct {
    gatomicrefcount refs;
    gpointer data;
    GDestroyNotify release;
} Held;

typedef struct {
    MapsCrew *crew;
    GThread *thread;
    GeoProgress *progress; /* not NULL while it paints; owned */
    MapsSheet sheet;
    bool dropped;
} Hand;

typedef struct {
    MapsSheet sheet;
    GArray *pieces;  /* owned; NULL: failed */
    gpointer report; /* owned */
    GError *error;   /* owned */
} Result;

struct MapsCrew {
    char *city;
    unsigned rank;
    int piece_px;
    Held *held; /* owned */
    MapsSheetPaint paint;
    MapsSheetDone done;
    gpointer user;
    GMutex lock;
    GCond work;
    GArray *waiting; /* MapsSheet */
    GQueue results;  /* Result, owned */
    guint source;    /* of the hand-over, 0: none */
    int stop;        /* atomic: asked at the easel, without the lock */
    unsigned n_hands;
    Hand *hands;
};

/* ---- the easel, shared by all crews ---- */

static struct {
    GMutex lock;
    GCond free;
    unsigned taken, waiting[MAPS_N_RANKS];
} easel;

/* Under its lock. */
static bool may_paint(unsigned rank)
{
    for (unsigned before = 0; before < rank; before++)
        if (easel.waiting[before] > 0)
            return false;
    return easel.taken < EASEL_PLACES;
}

static bool take_place(MapsCrew *crew)
{
    g_mutex_lock(&easel.lock);
    easel.waiting[crew->rank]++;
    while (!g_atomic_int_get(&crew->stop) && !may_paint(crew->rank))
        g_cond_wait(&easel.free, &easel.lock);
    easel.waiting[crew->rank]--;
    bool taken = !g_atomic_int_get(&crew->stop);
    if (taken)
        easel.taken++;
    else /* those behind it may be next */
        g_cond_broadcast(&easel.free);
    g_mutex_unlock(&easel.lock);
    return taken;
}

static void leave_place(void)
{
    g_mutex_lock(&easel.lock);
    easel.taken--;
    g_cond_broadcast(&easel.free);
    g_mutex_unlock(&easel.lock);
}

static void wake_easel(void)
{
    g_mutex_lock(&easel.lock);
    g_cond_broadcast(&easel.free);
    g_mutex_unlock(&easel.lock);
}

/* ---- data ---- */

static Held *held_new(gpointer data, GDestroyNotify release)
{
    Held *held = g_new(Held, 1);
    g_atomic_ref_count_init(&held->refs);
    held->data = data;
    held->release = release;
    return held;
}

static Held *held_ref(Held *held)
{
    g_atomic_ref_count_inc(&held->refs);
    return held;
}

static void held_unref(Held *held)
{
    if (!g_atomic_ref_count_dec(&held->refs))
        return;
    if (held->release && held->data)
        held->release(held->data);
    g_free(held);
}

/* ---- painting ---- */

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
    g_clear_pointer(&result->pieces, g_array_unref);
    g_clear_pointer(&result->report, g_free);
    g_clear_error(&result->error);
    g_free(result);
}

static void paint_sheet(Hand *hand, Held *held, GeoStore *store, Result *result)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_ARGB32, (int)result->sheet.view.width, (int)result->sheet.view.height);
    MapsJob job = {.cr = cairo_create(surface),
                   .sheet = &result->sheet,
                   .store = store,
                   .data = held->data,
                   .progress = hand->progress};
    bool ok = hand->crew->paint(&job, &result->error);
    cairo_destroy(job.cr);
    result->pieces = ok ? maps_texture_cut(surface, hand->crew->piece_px) : NULL;
    result->report = job.report;
    cairo_surface_destroy(surface);
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
        crew->done(&result->sheet, result->pieces, g_steal_pointer(&result->report), result->error,
                   crew->user);
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
    Held *held = held_ref(crew->held);
    g_mutex_unlock(&crew->lock);
    Result *result = g_new0(Result, 1);
    GeoStoreOptions reading = {.read_only = true};
    result->sheet = sheet;
    if (!*store)
        *store = geo_store_open(crew->city, &reading, &result->error);
    if (*store)
        paint_sheet(hand, held, *store, result);
    held_unref(held);
    g_mutex_lock(&crew->lock);
    if (hand->dropped || g_atomic_int_get(&crew->stop))
        result_free(result);
    else
        deliver(crew, result);
    g_clear_pointer(&hand->progress, geo_progress_free);
}

/* Painters give way to the frames. On Linux a thread has a nice value of its own; elsewhere this
 * may slow the process, so it is not done. */
static void give_way(void)
{
#ifdef __linux__
    setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), NICE);
#endif
}

static gpointer run(gpointer data)
{
    Hand *hand = data;
    MapsCrew *crew = hand->crew;
    GeoStore *store = NULL;
    give_way();
    g_mutex_lock(&crew->lock);
    while (!g_atomic_int_get(&crew->stop)) {
        if (crew->waiting->len == 0) {
            g_cond_wait(&crew->work, &crew->lock);
            continue;
        }
        g_mutex_unlock(&crew->lock);
        bool taken = take_place(crew);
        g_mutex_lock(&crew->lock);
        if (taken && crew->waiting->len > 0)
            work_once(hand, &store);
        if (taken)
            leave_place();
    }
    g_mutex_unlock(&crew->lock);
    geo_store_close(store);
    return NULL;
}

MapsCrew *maps_crew_new(const char *city, unsigned n_threads, unsigned rank, int piece_px,
                        MapsSheetPaint paint, MapsSheetDone done, gpointer user)
{
    g_return_val_if_fail(rank < MAPS_N_RANKS, NULL);
    MapsCrew *crew = g_new0(MapsCrew, 1);
    crew->rank = rank;
    crew->piece_px = piece_px;
    crew->held = held_new(NULL, NULL);
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
    g_atomic_int_set(&crew->stop, 1);
    for (unsigned i = 0; i < crew->n_hands; i++)
        drop(&crew->hands[i]);
    g_cond_broadcast(&crew->work);
    g_mutex_unlock(&crew->lock);
    wake_easel();
    for (unsigned i = 0; i < crew->n_hands; i++)
        g_thread_join(crew->hands[i].thread);
    if (crew->source)
        g_source_remove(crew->source);
    g_queue_clear_full(&crew->results, result_free);
    g_array_unref(crew->waiting);
    held_unref(crew->held);
    g_mutex_clear(&crew->lock);
    g_cond_clear(&crew->work);
    g_free(crew->hands);
    g_free(crew->city);
    g_free(crew);
}

void maps_crew_set_data(MapsCrew *crew, gpointer data, GDestroyNotify release)
{
    Held *held = held_new(data, release);
    g_mutex_lock(&crew->lock);
    Held *before = crew->held;
    crew->held = held;
    g_array_set_size(crew->waiting, 0);
    g_mutex_unlock(&crew->lock);
    held_unref(before);
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
