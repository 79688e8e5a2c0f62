/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A shift of 8 hours of 18,397 walkers with a fix each 10 s, 53.0 million, played back at 600 times
 * the clock, forward and backward, from the city's own day files. Frames come 20 times a second, as
 * they do in the window; a thread reads the windows that come, as there. What is measured is the
 * frame's own work: where everybody is, and once a second the ways of the last ten minutes. */
#include <stdlib.h>
#include <string.h>

#include "geo/work/playback.h"
#include "tests/bench/bench.h"
#include "tests/bench/walkers.h"

#define NAME "playback"
#define N_UNITS 18397
#define N_TICKS 2880
#define SPEED 600
#define FRAME_MS 50
#define SECONDS 20
#define JUMPS 15

static void write_shift(GeoStore *store)
{
    Fleet fleet;
    g_autofree GeoFix *fixes = g_new(GeoFix, N_UNITS);
    double begun = bench_now_us();
    fleet_init(&fleet, N_UNITS, 7, 1);
    for (int tick = 0; tick < N_TICKS; tick++) {
        g_autoptr(GError) error = NULL;
        GeoAct act = {
            .actor = "bench", .role = GEO_ROLE_FEED, .now_ms = BEGIN_MS + (int64_t)tick * STEP_MS};
        fleet_tick(&fleet, tick, fixes);
        must(geo_store_ingest_fixes(store, &act, fixes, N_UNITS, NULL, &error), error);
    }
    fleet_clear(&fleet);
    printf("%d units, %.1f million fixes written in %.0f s, making them included\n", N_UNITS,
           N_UNITS * (double)N_TICKS / 1e6, (bench_now_us() - begun) / 1e6);
}

/* ---- the reader's thread ---- */

typedef struct {
    GeoStore *store; /* the thread's */
    const int64_t *units;
    GAsyncQueue *asked, *read; /* Asked, GeoPlayWindow */
    double busy_us;
} Reader;

typedef struct {
    int64_t at_ms;
    GeoPlayWindow *earlier;
    bool quit;
} Asked;

static gpointer read_windows(gpointer data)
{
    Reader *reader = data;
    for (;;) {
        g_autoptr(GError) error = NULL;
        g_autofree Asked *asked = g_async_queue_pop(reader->asked);
        if (asked->quit)
            return NULL;
        double begun = bench_now_us();
        GeoPlayWindow *window = geo_player_read(reader->store, reader->units, N_UNITS, asked->at_ms,
                                                asked->earlier, &error);
        must(window != NULL, error);
        reader->busy_us += bench_now_us() - begun;
        geo_playwindow_unref(asked->earlier);
        g_async_queue_push(reader->read, window);
    }
}

static void ask(Reader *reader, Asked what)
{
    g_async_queue_push(reader->asked, g_memdup2(&what, sizeof what));
}

/* ---- frames ---- */

typedef struct {
    double frames_ms[SECONDS * 1000 / FRAME_MS];
    int n, missing;
    size_t runs, bytes;
} Film;

static void count_run(size_t unit, const GeoLonLat *points, const int64_t *at_ms, size_t n,
                      void *user)
{
    *(size_t *)user += n;
}

/* Takes what has been read and asks for what comes; one reading at a time. */
static void follow(Reader *reader, GeoPlayer *player, int64_t at_ms, double speed, bool *waits)
{
    GeoPlayWindow *window = g_async_queue_try_pop(reader->read);
    int64_t wanted;
    if (window) {
        geo_player_put(player, window, at_ms);
        *waits = false;
    }
    if (!*waits && geo_player_wants(player, at_ms, speed, &wanted)) {
        ask(reader, (Asked){wanted, geo_player_earlier(player, wanted), false});
        *waits = true;
    }
}

static void play(Reader *reader, int64_t begin_ms, double speed, Film *film)
{
    g_autoptr(GeoPlayer) player = geo_player_new(reader->units, N_UNITS);
    g_autofree GeoPlayPlace *places = g_new(GeoPlayPlace, N_UNITS);
    bool waits = false;
    gint64 start = g_get_monotonic_time();
    int64_t at_ms = begin_ms;
    bool runs = false;
    while (film->n < (int)G_N_ELEMENTS(film->frames_ms)) {
        double begun = bench_now_us();
        follow(reader, player, at_ms, speed, &waits);
        bool there = geo_player_at(player, at_ms, places);
        if (there && film->n % (1000 / FRAME_MS) == 0)
            geo_player_trails(player, at_ms, 600000, 20000, count_run, &film->runs);
        double own_ms = (bench_now_us() - begun) / 1000;
        runs = runs || there;
        film->bytes = MAX(film->bytes, geo_player_bytes(player));
        if (runs) {
            film->frames_ms[film->n++] = own_ms;
            film->missing += !there;
        }
        if (there)
            at_ms += (int64_t)(FRAME_MS * speed);
        start += FRAME_MS * 1000;
        gint64 left = start - g_get_monotonic_time();
        if (left > 0)
            g_usleep((gulong)left);
        else
            start -= left; /* a late frame is not made up for */
    }
    while (waits) {
        GeoPlayWindow *window = g_async_queue_pop(reader->read);
        geo_playwindow_unref(window);
        waits = false;
    }
}

static void tell(const char *task, Film *film, double reader_us)
{
    bench_say(NAME, task, "gridbeat", "ms", film->frames_ms, (size_t)film->n);
    printf("   %d frames had to wait for tracks; windows %.0f MB; trails of %zu points; the reader "
           "was busy %.0f %% of the time\n",
           film->missing, (double)film->bytes / 1e6, film->runs / SECONDS,
           reader_us / (SECONDS * 1e4));
}

/* From the wish to the first picture, and with the window that follows: from then on it runs. */
static void bench_start(Reader *reader)
{
    double first[JUMPS];
    g_autofree GeoPlayPlace *places = g_new(GeoPlayPlace, N_UNITS);
    GRand *rand = g_rand_new_with_seed(11);
    for (int i = 0; i < JUMPS; i++) {
        g_autoptr(GeoPlayer) player = geo_player_new(reader->units, N_UNITS);
        int64_t at_ms = BEGIN_MS + g_rand_int_range(rand, 1800, 28000) * INT64_C(1000);
        double begun = bench_now_us();
        ask(reader, (Asked){at_ms, NULL, false});
        geo_player_put(player, g_async_queue_pop(reader->read), at_ms);
        must(geo_player_at(player, at_ms, places), NULL);
        first[i] = (bench_now_us() - begun) / 1e6;
        int shown = 0;
        for (int u = 0; u < N_UNITS; u++)
            shown += places[u].how == GEO_PLAY_BETWEEN;
        must(shown == N_UNITS || shown > N_UNITS * 95 / 100, NULL);
    }
    bench_say(NAME, "start", "gridbeat", "s", first, JUMPS);
    g_rand_free(rand);
}

int main(void)
{
    g_autofree char *folder = g_dir_make_tmp("gridbeat-XXXXXX", NULL);
    g_autofree char *path = g_build_filename(folder, "bench.gridbeat", NULL);
    g_autofree int64_t *units = g_new(int64_t, N_UNITS);
    g_autofree Film *film = g_new0(Film, 1), *back = g_new0(Film, 1);
    g_autoptr(GError) error = NULL;
    GeoStore *store = make_city(path, N_UNITS);
    write_shift(store);
    geo_store_close(store);
    printf("%.2f bytes a fix\n", bytes_of(path) / ((double)N_UNITS * N_TICKS));
    for (int i = 0; i < N_UNITS; i++)
        units[i] = 1000 + i;
    Reader reader = {.units = units,
                     .asked = g_async_queue_new(),
                     .read = g_async_queue_new(),
                     .store = geo_store_open(path, &(GeoStoreOptions){.read_only = true}, &error)};
    must(reader.store != NULL, error);
    GThread *thread = g_thread_new("reader", read_windows, &reader);
    bench_start(&reader);
    reader.busy_us = 0;
    play(&reader, BEGIN_MS + INT64_C(3600000), SPEED, film);
    tell("forward", film, reader.busy_us);
    reader.busy_us = 0;
    play(&reader, BEGIN_MS + INT64_C(7) * 3600000, -SPEED, back);
    tell("backward", back, reader.busy_us);
    ask(&reader, (Asked){.quit = true});
    g_thread_join(thread);
    geo_store_close(reader.store);
    g_async_queue_unref(reader.asked);
    g_async_queue_unref(reader.read);
    g_autofree char *rm = g_strdup_printf("rm -rf '%s'", folder);
    bench_machine(NAME);
    return system(rm) != 0;
}
