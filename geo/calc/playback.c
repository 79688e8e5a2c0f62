/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/playback.h"

#include <math.h>
#include <string.h>

#include "geo/model/trackcode.h"

#define M_PER_CELL (111195.0 / GEO_TRACKCODE_CELLS_PER_DEGREE)
#define STANDING_MPS 0.3
/* A step of at most so many fixes is walked; a longer one is searched. */
#define NEAR 8

struct GeoPlayWindow {
    gatomicrefcount refs;
    int64_t from_ms, to_ms;
    size_t n_units;
    uint32_t *first;      /* n_units + 1; owned, as all below */
    GeoPlayPoint *points; /* by unit, then time */
    GeoPlayPoint *before; /* by unit; after_ms 0: none */
};

struct GeoPlayback {
    size_t n_units;
    uint32_t *cursor;            /* by unit: points of the window at or before the last moment */
    const GeoPlayWindow *window; /* that the cursors are of; only compared */
    int64_t from_ms;
};

/* ---- windows ---- */

/* The number of a unit; n where it is none of them. */
static size_t number_of(const int64_t *units, size_t n, int64_t id)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (units[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < n && units[low] == id ? low : n;
}

static GeoPlayPoint point_of(const GeoFix *fix, int64_t from_ms)
{
    return (GeoPlayPoint){geo_trackcode_cell(fix->lon), geo_trackcode_cell(fix->lat),
                          (int32_t)(fix->at_ms - from_ms)};
}

static void take_fixes(GeoPlayWindow *window, const int64_t *units, const GeoFix *fixes, size_t n)
{
    uint32_t at = 0;
    size_t unit = 0;
    for (size_t i = 0; i < n; i++) {
        while (unit < window->n_units && units[unit] < fixes[i].unit_id)
            window->first[++unit] = at;
        if (unit < window->n_units && units[unit] == fixes[i].unit_id &&
            fixes[i].at_ms >= window->from_ms && fixes[i].at_ms < window->to_ms)
            window->points[at++] = point_of(&fixes[i], window->from_ms);
    }
    while (unit < window->n_units)
        window->first[++unit] = at;
}

GeoPlayWindow *geo_playwindow_new(const int64_t *units, size_t n_units, int64_t from_ms,
                                  int64_t to_ms, const GeoFix *before, size_t n_before,
                                  const GeoFix *fixes, size_t n_fixes)
{
    g_return_val_if_fail(to_ms > from_ms && to_ms - from_ms < INT32_MAX, NULL);
    GeoPlayWindow *window = g_new0(GeoPlayWindow, 1);
    g_atomic_ref_count_init(&window->refs);
    window->from_ms = from_ms;
    window->to_ms = to_ms;
    window->n_units = n_units;
    window->first = g_new0(uint32_t, n_units + 1);
    window->points = g_new(GeoPlayPoint, n_fixes + 1);
    window->before = g_new0(GeoPlayPoint, n_units + 1);
    for (size_t i = 0; i < n_before; i++) {
        size_t unit = number_of(units, n_units, before[i].unit_id);
        if (unit < n_units && before[i].at_ms < from_ms && from_ms - before[i].at_ms < INT32_MAX)
            window->before[unit] = point_of(&before[i], from_ms);
    }
    take_fixes(window, units, fixes, n_fixes);
    return window;
}

GeoPlayWindow *geo_playwindow_ref(GeoPlayWindow *window)
{
    g_atomic_ref_count_inc(&window->refs);
    return window;
}

void geo_playwindow_unref(GeoPlayWindow *window)
{
    if (!window || !g_atomic_ref_count_dec(&window->refs))
        return;
    g_free(window->first);
    g_free(window->points);
    g_free(window->before);
    g_free(window);
}

int64_t geo_playwindow_from_ms(const GeoPlayWindow *window)
{
    return window->from_ms;
}

int64_t geo_playwindow_to_ms(const GeoPlayWindow *window)
{
    return window->to_ms;
}

size_t geo_playwindow_n_units(const GeoPlayWindow *window)
{
    return window->n_units;
}

size_t geo_playwindow_bytes(const GeoPlayWindow *window)
{
    return sizeof *window +
           (window->first[window->n_units] + window->n_units) * sizeof(GeoPlayPoint) +
           window->n_units * sizeof(uint32_t);
}

const GeoPlayPoint *geo_playwindow_points(const GeoPlayWindow *window, size_t unit, size_t *n)
{
    *n = window->first[unit + 1] - window->first[unit];
    return window->points + window->first[unit];
}

void geo_playwindow_last(const GeoPlayWindow *window, const int64_t *units, GArray *fixes)
{
    for (size_t unit = 0; unit < window->n_units; unit++) {
        size_t n;
        const GeoPlayPoint *points = geo_playwindow_points(window, unit, &n);
        const GeoPlayPoint *last = n ? &points[n - 1] : &window->before[unit];
        if (n == 0 && last->after_ms == 0)
            continue;
        GeoFix fix = {.unit_id = units[unit],
                      .at_ms = window->from_ms + last->after_ms,
                      .lon = geo_trackcode_degrees(last->x),
                      .lat = geo_trackcode_degrees(last->y),
                      .speed_mps = NAN,
                      .heading_deg = NAN,
                      .accuracy_m = NAN};
        g_array_append_val(fixes, fix);
    }
}

/* ---- moments ---- */

GeoPlayback *geo_playback_new(size_t n_units)
{
    GeoPlayback *playback = g_new0(GeoPlayback, 1);
    playback->n_units = n_units;
    playback->cursor = g_new0(uint32_t, n_units + 1);
    return playback;
}

void geo_playback_free(GeoPlayback *playback)
{
    if (!playback)
        return;
    g_free(playback->cursor);
    g_free(playback);
}

/* How many of the n points are at or before t. */
static uint32_t search(const GeoPlayPoint *points, size_t n, int32_t t)
{
    size_t low = 0, high = n;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (points[middle].after_ms <= t)
            low = middle + 1;
        else
            high = middle;
    }
    return (uint32_t)low;
}

/* The same, beginning at a guess that is mostly near. */
static uint32_t step_to(const GeoPlayPoint *points, size_t n, int32_t t, uint32_t guess)
{
    uint32_t at = guess;
    for (int i = 0; i < NEAR; i++) {
        if (at < n && points[at].after_ms <= t)
            at++;
        else if (at > 0 && points[at - 1].after_ms > t)
            at--;
        else
            return at;
    }
    return search(points, n, t);
}

typedef struct {
    double dx_m, dy_m, s;
} Leg;

static Leg leg_between(const GeoPlayPoint *a, const GeoPlayPoint *b, int64_t after_ms)
{
    double lat = geo_trackcode_degrees(a->y) * (G_PI / 180);
    return (Leg){(double)(b->x - a->x) * M_PER_CELL * cos(lat), (double)(b->y - a->y) * M_PER_CELL,
                 (double)(after_ms - a->after_ms) / 1000};
}

/* Whether somebody may be shown on the way from a to b, which comes at b_ms on a's clock. */
static bool is_way(const Leg *leg)
{
    return leg->s > 0 && hypot(leg->dx_m, leg->dy_m) <= GEO_PLAY_MAX_MPS * leg->s;
}

static void place_between(const GeoPlayPoint *a, const GeoPlayPoint *b, const Leg *leg, double t_s,
                          GeoPlayPlace *place)
{
    double share = t_s / leg->s, mps = hypot(leg->dx_m, leg->dy_m) / leg->s;
    place->lon += share * (double)(b->x - a->x) / GEO_TRACKCODE_CELLS_PER_DEGREE;
    place->lat += share * (double)(b->y - a->y) / GEO_TRACKCODE_CELLS_PER_DEGREE;
    place->speed_mps = (float)mps;
    if (mps > STANDING_MPS) {
        double heading = atan2(leg->dx_m, leg->dy_m) * (180 / G_PI);
        place->heading_deg = (float)(heading < 0 ? heading + 360 : heading);
    }
    place->how = GEO_PLAY_BETWEEN;
}

/* a is the newest point at or before t; b the next, b_ms after the window's beginning. */
static GeoPlayPlace place_of(const GeoPlayWindow *window, const GeoPlayPoint *a,
                             const GeoPlayPoint *b, int64_t b_ms, int32_t t)
{
    GeoPlayPlace place = {.lon = geo_trackcode_degrees(a->x),
                          .lat = geo_trackcode_degrees(a->y),
                          .fix_ms = window->from_ms + a->after_ms,
                          .speed_mps = NAN,
                          .heading_deg = NAN,
                          .how = t - a->after_ms > GEO_PLAY_GAP_MS ? GEO_PLAY_GAP : GEO_PLAY_AT};
    /* What comes later than a minute after a is no matter here, whether its window is known or not.
     */
    if (!b || b_ms - a->after_ms > GEO_PLAY_GAP_MS)
        return place;
    Leg leg = leg_between(a, b, b_ms);
    if (is_way(&leg))
        place_between(a, b, &leg, (double)(t - a->after_ms) / 1000, &place);
    else
        place.how = GEO_PLAY_GAP;
    return place;
}

static const GeoPlayPoint *first_of(const GeoPlayWindow *window, size_t unit)
{
    size_t n;
    const GeoPlayPoint *points = geo_playwindow_points(window, unit, &n);
    return n ? points : NULL;
}

void geo_playback_at(GeoPlayback *playback, const GeoPlayWindow *window, const GeoPlayWindow *next,
                     int64_t at_ms, GeoPlayPlace *places)
{
    g_return_if_fail(at_ms >= window->from_ms && at_ms < window->to_ms);
    g_return_if_fail(window->n_units == playback->n_units);
    int32_t t = (int32_t)(at_ms - window->from_ms);
    bool same = playback->window == window && playback->from_ms == window->from_ms;
    playback->window = window;
    playback->from_ms = window->from_ms;
    for (size_t unit = 0; unit < playback->n_units; unit++) {
        size_t n;
        const GeoPlayPoint *points = geo_playwindow_points(window, unit, &n);
        uint32_t at = same ? step_to(points, n, t, MIN(playback->cursor[unit], (uint32_t)n))
                           : search(points, n, t);
        playback->cursor[unit] = at;
        const GeoPlayPoint *a = at > 0 ? &points[at - 1] : &window->before[unit];
        if (at == 0 && a->after_ms == 0) {
            places[unit] =
                (GeoPlayPlace){.lon = NAN, .lat = NAN, .speed_mps = NAN, .heading_deg = NAN};
            continue;
        }
        const GeoPlayPoint *b = at < n ? &points[at] : next ? first_of(next, unit) : NULL;
        int64_t b_ms = !b ? 0 : b->after_ms + (at < n ? 0 : next->from_ms - window->from_ms);
        places[unit] = place_of(window, a, b, b_ms, t);
    }
}
