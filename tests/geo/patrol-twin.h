/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Patrol figures the slow and plain way: one table of a unit's seconds, filled second by second and
 * looked up polygon by polygon, and then counted. Tests only. */
#include <string.h>

#include "geo/calc/patrol.h"
#include "shapes.h"

#define TWIN_UNKNOWN (-2)

typedef struct {
    GeoPatrolOptions options; /* none 0 */
    const Shapes *shapes;     /* in metres of the patrol's plane */
    int64_t base_s;
    size_t n_hours;
    GeoPatrolCell *cells;
    GeoPatrolArea *areas;
    GeoPatrolPost *posts; /* by home, none last */
    GeoPatrolHomes homes; /* borrowed */
    bool *anybody;        /* by area and second */
} Twin;

static inline size_t twin_seconds(const Twin *twin)
{
    return twin->n_hours * GEO_PATROL_HOUR_S;
}

static inline Twin *twin_new(const GeoPatrolOptions *options, const Shapes *shapes,
                             const GeoPatrolHomes *homes)
{
    Twin *twin = g_new0(Twin, 1);
    twin->options = *options;
    twin->shapes = shapes;
    twin->base_s = options->from_s;
    while ((twin->base_s - options->hour0_s) % GEO_PATROL_HOUR_S != 0)
        twin->base_s--;
    while (twin->base_s + (int64_t)twin_seconds(twin) < options->to_s)
        twin->n_hours++;
    twin->homes = *homes;
    twin->cells = g_new0(GeoPatrolCell, shapes->n * twin->n_hours);
    twin->posts = g_new0(GeoPatrolPost, (homes->n + 1) * twin->n_hours);
    twin->areas = g_new0(GeoPatrolArea, shapes->n);
    twin->anybody = g_new0(bool, shapes->n *twin_seconds(twin) + 1);
    return twin;
}

static inline void twin_free(Twin *twin)
{
    g_free(twin->cells);
    g_free(twin->areas);
    g_free(twin->posts);
    g_free(twin->anybody);
    g_free(twin);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC(Twin, twin_free)

/* Where the unit is at each second of the hours: an area, -1, or unknown. Fixes of one unit. */
static inline int32_t *twin_seconds_of(const Twin *twin, const GeoPatrol *plane,
                                       const GeoFix *fixes, size_t n)
{
    size_t n_s = twin_seconds(twin);
    int32_t *where = g_new(int32_t, n_s);
    for (size_t k = 0; k < n_s; k++) {
        int64_t second = twin->base_s + (int64_t)k, ms = second * 1000;
        where[k] = TWIN_UNKNOWN;
        if (second < twin->options.from_s || second >= twin->options.to_s)
            continue;
        for (size_t i = 0; i < n && where[k] == TWIN_UNKNOWN; i++) {
            const GeoFix *a = &fixes[i], *b = a + 1;
            if (i + 1 == n || ms < a->at_ms || ms >= b->at_ms)
                continue;
            GeoXY p = geo_patrol_xy(plane, (GeoLonLat){a->lon, a->lat});
            GeoXY q = geo_patrol_xy(plane, (GeoLonLat){b->lon, b->lat});
            double span = (double)(b->at_ms - a->at_ms), share = (double)(ms - a->at_ms) / span;
            if (b->at_ms - a->at_ms < twin->options.max_gap_ms &&
                hypot(q.x - p.x, q.y - p.y) <= twin->options.max_speed_mps * span / 1000)
                where[k] = shapes_find(
                    twin->shapes, (GeoXY){p.x + share * (q.x - p.x), p.y + share * (q.y - p.y)});
        }
        for (size_t i = 0; i < n && where[k] == TWIN_UNKNOWN; i++)
            if (fixes[i].at_ms >= ms && fixes[i].at_ms < ms + 1000)
                where[k] = shapes_find(
                    twin->shapes, geo_patrol_xy(plane, (GeoLonLat){fixes[i].lon, fixes[i].lat}));
    }
    return where;
}

static inline GeoPatrolCell *twin_cell(Twin *twin, int32_t area, size_t second)
{
    return &twin->cells[(size_t)area * twin->n_hours + second / GEO_PATROL_HOUR_S];
}

static inline bool twin_visits(const Twin *twin, const int32_t *where, size_t k)
{
    int64_t last_here = -1, last_told = -1;
    for (int64_t j = (int64_t)k - 1; j >= 0 && (last_here < 0 || last_told < 0); j--) {
        if (where[j] != TWIN_UNKNOWN && last_told < 0)
            last_told = j;
        if (where[j] == where[k] && last_here < 0)
            last_here = j;
    }
    if (last_here < 0)
        return true;
    return last_here == last_told ? (int64_t)k - last_told > twin->options.silence_s
                                  : (int64_t)k - last_here > twin->options.away_s;
}

static inline void twin_add_unit(Twin *twin, const int32_t *where)
{
    g_autofree bool *came = g_new0(bool, twin->shapes->n + 1);
    g_autofree bool *hour = g_new0(bool, twin->shapes->n + 1);
    for (size_t k = 0; k < twin_seconds(twin); k++) {
        int32_t area = where[k];
        if (k % GEO_PATROL_HOUR_S == 0)
            memset(hour, 0, twin->shapes->n + 1);
        if (area < 0)
            continue;
        GeoPatrolCell *cell = twin_cell(twin, area, k);
        cell->unit_s++;
        cell->units += !hour[area];
        twin->areas[area].units += !came[area];
        hour[area] = came[area] = true;
        cell->visits += (k == 0 || where[k - 1] != area) && twin_visits(twin, where, k);
        twin->anybody[(size_t)area * twin_seconds(twin) + k] = true;
    }
}

static inline bool twin_is_home(const Twin *twin, int32_t home, int32_t area)
{
    bool is = home < 0;
    for (uint32_t i = home < 0 ? 0 : twin->homes.first[home];
         home >= 0 && i < twin->homes.first[home + 1]; i++)
        is |= area >= 0 && twin->homes.areas[i] == (uint32_t)area;
    return is;
}

static inline void twin_add_duty(Twin *twin, const GeoPatrolDuty *duty, const int32_t *where)
{
    for (size_t k = 0; k < twin_seconds(twin); k++) {
        int64_t second = twin->base_s + (int64_t)k;
        if (second < duty->from_s || second >= duty->to_s || second < twin->options.from_s ||
            second >= twin->options.to_s)
            continue;
        size_t home = duty->home < 0 ? twin->homes.n : (size_t)duty->home;
        GeoPatrolPost *post = &twin->posts[home * twin->n_hours + k / GEO_PATROL_HOUR_S];
        post->rostered_s++;
        post->incident_s += duty->what == GEO_PATROL_INCIDENT;
        post->break_s += duty->what == GEO_PATROL_BREAK;
        bool told = duty->what == GEO_PATROL_POST && where && where[k] != TWIN_UNKNOWN;
        post->told_s += told;
        post->present_s += told && twin_is_home(twin, duty->home, where[k]);
    }
}

static inline void twin_finish(Twin *twin)
{
    for (uint32_t a = 0; a < twin->shapes->n; a++) {
        uint32_t gap = 0, within = 0;
        twin->areas[a].last_s = INT64_MIN;
        for (size_t k = 0; k < twin_seconds(twin); k++) {
            int64_t second = twin->base_s + (int64_t)k;
            GeoPatrolCell *cell = twin_cell(twin, (int32_t)a, k);
            within = k % GEO_PATROL_HOUR_S == 0 ? 0 : within;
            if (second < twin->options.from_s || second >= twin->options.to_s)
                continue;
            if (twin->anybody[a * twin_seconds(twin) + k]) {
                cell->seen_s++;
                twin->areas[a].last_s = second;
                gap = within = 0;
            } else {
                gap++;
                within++;
            }
            cell->gap_s = MAX(cell->gap_s, within);
            twin->areas[a].gap_s = MAX(twin->areas[a].gap_s, gap);
        }
    }
}
