/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/playback.h"

#include <math.h>

#include "geo/model/trackcode.h"

/* Windows held: what is shown, what comes, and the half hour that trails and a step back need. */
#define HELD 12
#define AHEAD 3 /* windows read ahead */
#define TRAIL_POINTS 512

struct GeoPlayer {
    int64_t *units; /* owned */
    size_t n_units;
    GeoPlayback *playback;
    GeoPlayWindow *held[HELD]; /* references; NULL: free */
};

static int64_t begin_of(int64_t at_ms)
{
    int64_t n = at_ms / GEO_PLAYER_WINDOW_MS;
    return (n - (at_ms % GEO_PLAYER_WINDOW_MS < 0)) * GEO_PLAYER_WINDOW_MS;
}

GeoPlayWindow *geo_player_read(GeoStore *store, const int64_t *units, size_t n_units, int64_t at_ms,
                               const GeoPlayWindow *earlier, GError **error)
{
    int64_t from_ms = begin_of(at_ms);
    g_autoptr(GArray) before = NULL;
    if (earlier && geo_playwindow_to_ms(earlier) == from_ms) {
        before = g_array_new(FALSE, FALSE, sizeof(GeoFix));
        geo_playwindow_last(earlier, units, before);
    } else {
        before = geo_store_last_fixes(store, from_ms - 1, GEO_PLAYER_SHOWN_MS, error);
    }
    g_autoptr(GArray) fixes =
        before ? geo_store_load_fixes(store, from_ms, from_ms + GEO_PLAYER_WINDOW_MS, error) : NULL;
    if (!fixes)
        return NULL;
    return geo_playwindow_new(units, n_units, from_ms, from_ms + GEO_PLAYER_WINDOW_MS,
                              (const GeoFix *)(void *)before->data, before->len,
                              (const GeoFix *)(void *)fixes->data, fixes->len);
}

GeoPlayer *geo_player_new(const int64_t *units, size_t n_units)
{
    GeoPlayer *player = g_new0(GeoPlayer, 1);
    player->units = g_memdup2(units, n_units * sizeof *units);
    player->n_units = n_units;
    player->playback = geo_playback_new(n_units);
    return player;
}

void geo_player_free(GeoPlayer *player)
{
    if (!player)
        return;
    for (size_t i = 0; i < HELD; i++)
        geo_playwindow_unref(player->held[i]);
    geo_playback_free(player->playback);
    g_free(player->units);
    g_free(player);
}

static GeoPlayWindow *find(const GeoPlayer *player, int64_t from_ms)
{
    for (size_t i = 0; i < HELD; i++)
        if (player->held[i] && geo_playwindow_from_ms(player->held[i]) == from_ms)
            return player->held[i];
    return NULL;
}

bool geo_player_wants(const GeoPlayer *player, int64_t at_ms, double speed, int64_t *window_ms)
{
    int64_t now = begin_of(at_ms), step = speed < 0 ? -GEO_PLAYER_WINDOW_MS : GEO_PLAYER_WINDOW_MS;
    for (int i = 0; i <= AHEAD; i++) {
        *window_ms = now + i * step;
        if (!find(player, *window_ms))
            return true;
    }
    return false;
}

GeoPlayWindow *geo_player_earlier(const GeoPlayer *player, int64_t window_ms)
{
    GeoPlayWindow *window = find(player, begin_of(window_ms) - GEO_PLAYER_WINDOW_MS);
    return window ? geo_playwindow_ref(window) : NULL;
}

static int64_t apart(const GeoPlayWindow *window, int64_t at_ms)
{
    int64_t ms = geo_playwindow_from_ms(window) - begin_of(at_ms);
    return ms < 0 ? -ms : ms;
}

void geo_player_put(GeoPlayer *player, GeoPlayWindow *window, int64_t at_ms)
{
    size_t slot = 0;
    for (size_t i = 0; i < HELD; i++) {
        GeoPlayWindow *held = player->held[i];
        if (!held || geo_playwindow_from_ms(held) == geo_playwindow_from_ms(window)) {
            slot = i;
            break;
        }
        if (apart(held, at_ms) > apart(player->held[slot], at_ms))
            slot = i;
    }
    geo_playwindow_unref(player->held[slot]);
    player->held[slot] = window;
}

/* A fix that is too old to be shown is none. */
static void forget_old(GeoPlayPlace *places, size_t n, int64_t at_ms)
{
    for (size_t i = 0; i < n; i++)
        if (places[i].how != GEO_PLAY_NOWHERE && at_ms - places[i].fix_ms > GEO_PLAYER_SHOWN_MS)
            places[i] = (GeoPlayPlace){
                .lon = (double)NAN, .lat = (double)NAN, .speed_mps = NAN, .heading_deg = NAN};
}

bool geo_player_at(GeoPlayer *player, int64_t at_ms, GeoPlayPlace *places)
{
    const GeoPlayWindow *window = find(player, begin_of(at_ms));
    if (!window)
        return false;
    const GeoPlayWindow *next = find(player, begin_of(at_ms) + GEO_PLAYER_WINDOW_MS);
    geo_playback_at(player->playback, window, next, at_ms, places);
    forget_old(places, player->n_units, at_ms);
    return true;
}

/* ---- trails ---- */

typedef struct {
    GeoLonLat points[TRAIL_POINTS];
    int64_t at_ms[TRAIL_POINTS];
    size_t n, unit;
    int64_t last_ms; /* of the last point seen, kept or not */
    GeoPlayerRun visit;
    void *user;
} Trail;

static void end_run(Trail *trail)
{
    if (trail->n > 1)
        trail->visit(trail->unit, trail->points, trail->at_ms, trail->n, trail->user);
    trail->n = 0;
}

static void add_point(Trail *trail, const GeoPlayPoint *point, int64_t at_ms, int64_t apart_ms)
{
    GeoLonLat p = {geo_trackcode_degrees(point->x), geo_trackcode_degrees(point->y)};
    if (trail->n > 0 && at_ms - trail->last_ms > GEO_PLAY_GAP_MS)
        end_run(trail);
    trail->last_ms = at_ms;
    if (trail->n > 0 && at_ms - trail->at_ms[trail->n - 1] < apart_ms)
        return;
    if (trail->n == TRAIL_POINTS) { /* the next run begins where this one ends */
        GeoLonLat last = trail->points[trail->n - 1];
        int64_t last_ms = trail->at_ms[trail->n - 1];
        end_run(trail);
        trail->points[0] = last;
        trail->at_ms[0] = last_ms;
        trail->n = 1;
    }
    trail->points[trail->n] = p;
    trail->at_ms[trail->n++] = at_ms;
}

static void add_window(Trail *trail, const GeoPlayWindow *window, int64_t from_ms, int64_t to_ms,
                       int64_t apart_ms)
{
    size_t n;
    const GeoPlayPoint *points = geo_playwindow_points(window, trail->unit, &n);
    for (size_t i = 0; i < n; i++) {
        int64_t at_ms = geo_playwindow_from_ms(window) + points[i].after_ms;
        if (at_ms >= from_ms && at_ms <= to_ms)
            add_point(trail, &points[i], at_ms, apart_ms);
    }
}

void geo_player_trails(const GeoPlayer *player, int64_t at_ms, int64_t span_ms, int64_t apart_ms,
                       GeoPlayerRun visit, void *user)
{
    g_autofree Trail *trail = g_new0(Trail, 1);
    trail->visit = visit;
    trail->user = user;
    for (trail->unit = 0; trail->unit < player->n_units; trail->unit++) {
        for (int64_t from = begin_of(at_ms - span_ms); from <= at_ms;
             from += GEO_PLAYER_WINDOW_MS) {
            const GeoPlayWindow *window = find(player, from);
            if (window)
                add_window(trail, window, at_ms - span_ms, at_ms, apart_ms);
        }
        end_run(trail);
    }
}

size_t geo_player_bytes(const GeoPlayer *player)
{
    size_t bytes = 0;
    for (size_t i = 0; i < HELD; i++)
        bytes += player->held[i] ? geo_playwindow_bytes(player->held[i]) : 0;
    return bytes;
}
