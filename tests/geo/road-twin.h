/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The slow plain twin of the routing graph, for its tests: every vertex is a node, every segment an
 * arc, places are cut into their segment, and distances come from an O(n2) Dijkstra. Also makes
 * random towns. */
#include <math.h>
#include <string.h>

#include "geo/calc/road.h"

typedef struct {
    GArray *ways;   /* GeoWay */
    GArray *lonlat; /* GeoLonLat */
    GArray *xy;     /* GeoXY */
} Town;

static Town *town_new(void)
{
    Town *town = g_new0(Town, 1);
    town->ways = g_array_new(FALSE, TRUE, sizeof(GeoWay));
    town->lonlat = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    town->xy = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    return town;
}

static void town_free(Town *town)
{
    g_array_unref(town->ways);
    g_array_unref(town->lonlat);
    g_array_unref(town->xy);
    g_free(town);
}

/* Degrees here only tell vertices apart. */
static void town_point(Town *town, double x, double y)
{
    GeoLonLat p = {x / 100000, y / 100000};
    GeoXY q = {x, y};
    g_array_append_val(town->lonlat, p);
    g_array_append_val(town->xy, q);
    g_array_index(town->ways, GeoWay, town->ways->len - 1).n_points++;
}

static GeoWay *town_way(Town *town, int class, int oneway)
{
    GeoWay way = {.point0 = town->xy->len,
                  .class = class,
                  .oneway = oneway,
                  .speed_kmh = NAN,
                  .access = {2, 2, 2}};
    g_array_append_val(town->ways, way);
    return &g_array_index(town->ways, GeoWay, town->ways->len - 1);
}

static inline GeoRoads *town_roads(const Town *town)
{
    return geo_roads_new((const GeoWay *)(const void *)town->ways->data, town->ways->len,
                         (const GeoLonLat *)(const void *)town->lonlat->data,
                         (const GeoXY *)(const void *)town->xy->data, town->xy->len);
}

/* Random walks on the crossings of a jittered lattice: shared vertices, loops, repeated vertices,
 * one-ways, islands. No street is laid twice: a place on two at once would have two answers. */
static inline Town *town_random(int side, int n_ways)
{
    Town *town = town_new();
    g_autofree GeoXY *jitter = g_new(GeoXY, (size_t)(side * side));
    g_autofree bool *laid = g_new0(bool, (size_t)(2 * side * side));
    for (int i = 0; i < side * side; i++)
        jitter[i] = (GeoXY){i % side * 100 + g_test_rand_double_range(-30, 30),
                            i / side * 100 + g_test_rand_double_range(-30, 30)};
    for (int w = 0; w < n_ways; w++) {
        GeoWay *way = town_way(town, g_test_rand_int_range(0, GEO_N_ROAD_CLASSES),
                               g_test_rand_int_range(0, 3) - 1);
        if (g_test_rand_int_range(0, 3) == 0)
            way->speed_kmh = g_test_rand_double_range(10, 80);
        way->access[g_test_rand_int_range(0, GEO_N_PROFILES)] = g_test_rand_int_range(0, 3);
        int at = g_test_rand_int_range(0, side * side), n = g_test_rand_int_range(2, 9);
        town_point(town, jitter[at].x, jitter[at].y);
        for (int i = 1; i < n; i++) {
            int step = g_test_rand_int_range(0, 20); /* now and then a vertex comes twice */
            int x = CLAMP(at % side + (step < 5) - (step >= 5 && step < 10), 0, side - 1);
            int y = CLAMP(at / side + (step >= 10 && step < 15) - (step >= 15 && step < 19), 0,
                          side - 1);
            int next = y * side + x;
            bool *street = &laid[2 * MIN(at, next) + (abs(next - at) == side)];
            if (next != at && *street)
                continue;
            *street |= next != at;
            at = next;
            town_point(town, jitter[at].x, jitter[at].y);
        }
    }
    return town;
}

/* ---- the twin ---- */

typedef struct {
    uint32_t to;
    double seconds, metres;
} TwinArc;

typedef struct {
    const Town *town;
    GeoProfile profile;
    uint32_t *vertex; /* of each point of the town */
    uint32_t n;
    GPtrArray *arcs; /* GArray of TwinArc per vertex */
    GArray *cuts;    /* TwinCut: the places put in so far */
} Twin;

typedef struct {
    uint32_t node, way, point; /* segment point .. point + 1 */
    double share;
} TwinCut;

static uint32_t twin_add(Twin *twin)
{
    g_ptr_array_add(twin->arcs, g_array_new(FALSE, FALSE, sizeof(TwinArc)));
    return twin->n++;
}

static void twin_arc(Twin *twin, uint32_t from, uint32_t to, double seconds, double metres)
{
    TwinArc arc = {to, seconds, metres};
    GArray *arcs = g_ptr_array_index(twin->arcs, from);
    g_array_append_val(arcs, arc);
}

/* The speed of a way, from the public table and the rule for posted limits. */
static double twin_speed(const GeoWay *way, GeoProfile profile)
{
    double speed = geo_roads_class_speed_mps(way->class, profile);
    if (way->access[profile] == 0)
        return 0;
    if (speed == 0)
        return way->access[profile] != 1 ? 0 : (profile == GEO_PROFILE_FOOT ? 4.5 : 10) / 3.6;
    if (isnan(way->speed_kmh))
        return speed;
    return profile == GEO_PROFILE_CAR ? way->speed_kmh * 0.7 / 3.6
                                      : MIN(speed, way->speed_kmh / 3.6);
}

static void twin_stretch(Twin *twin, const GeoWay *way, uint32_t a, uint32_t b, double metres)
{
    double speed = twin_speed(way, twin->profile);
    bool feet = twin->profile == GEO_PROFILE_FOOT;
    if (speed == 0)
        return;
    if (feet || way->oneway >= 0)
        twin_arc(twin, a, b, metres / speed, metres);
    if (feet || way->oneway <= 0)
        twin_arc(twin, b, a, metres / speed, metres);
}

static inline Twin *twin_new(const Town *town, GeoProfile profile)
{
    Twin *twin = g_new0(Twin, 1);
    twin->town = town;
    twin->profile = profile;
    twin->arcs = g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
    twin->cuts = g_array_new(FALSE, FALSE, sizeof(TwinCut));
    twin->vertex = g_new(uint32_t, town->xy->len + 1);
    const GeoXY *xy = (const GeoXY *)(const void *)town->xy->data;
    for (guint i = 0; i < town->xy->len; i++) {
        guint j = 0;
        while (j < i && (town->lonlat == NULL || memcmp(&g_array_index(town->lonlat, GeoLonLat, j),
                                                        &g_array_index(town->lonlat, GeoLonLat, i),
                                                        sizeof(GeoLonLat)) != 0))
            j++;
        twin->vertex[i] = j < i ? twin->vertex[j] : twin_add(twin);
    }
    for (guint w = 0; w < town->ways->len; w++) {
        const GeoWay *way = &g_array_index(town->ways, GeoWay, w);
        for (uint32_t i = way->point0; i + 1 < way->point0 + way->n_points; i++)
            twin_stretch(twin, way, twin->vertex[i], twin->vertex[i + 1],
                         hypot(xy[i].x - xy[i + 1].x, xy[i].y - xy[i + 1].y));
    }
    return twin;
}

static inline void twin_free(Twin *twin)
{
    g_ptr_array_unref(twin->arcs);
    g_array_unref(twin->cuts);
    g_free(twin->vertex);
    g_free(twin);
}

/* Cuts a place into the nearest segment that the profile may use; UINT32_MAX when there is none
 * within max_m. off_m: how far it lies off. */
static inline uint32_t twin_place(Twin *twin, GeoXY p, double max_m, double *off_m)
{
    const Town *town = twin->town;
    const GeoXY *xy = (const GeoXY *)(const void *)town->xy->data;
    TwinCut cut = {0};
    double best = max_m;
    bool found = false;
    for (guint w = 0; w < town->ways->len; w++) {
        const GeoWay *way = &g_array_index(town->ways, GeoWay, w);
        if (twin_speed(way, twin->profile) == 0)
            continue;
        for (uint32_t i = way->point0; i + 1 < way->point0 + way->n_points; i++) {
            double dx = xy[i + 1].x - xy[i].x, dy = xy[i + 1].y - xy[i].y;
            double square = dx * dx + dy * dy;
            if (square == 0)
                continue;
            double share = ((p.x - xy[i].x) * dx + (p.y - xy[i].y) * dy) / square;
            share = CLAMP(share, 0, 1);
            double off = hypot(xy[i].x + share * dx - p.x, xy[i].y + share * dy - p.y);
            if (off < best || (off == best && !found)) {
                best = off;
                found = true;
                cut.way = w;
                cut.point = i;
                cut.share = share;
            }
        }
    }
    if (!found)
        return UINT32_MAX;
    *off_m = best;
    cut.node = twin_add(twin);
    const GeoWay *way = &g_array_index(town->ways, GeoWay, cut.way);
    double length =
        hypot(xy[cut.point + 1].x - xy[cut.point].x, xy[cut.point + 1].y - xy[cut.point].y);
    uint32_t a = twin->vertex[cut.point], b = twin->vertex[cut.point + 1];
    twin_stretch(twin, way, a, cut.node, cut.share * length);
    twin_stretch(twin, way, cut.node, b, (1 - cut.share) * length);
    uint32_t at = cut.share <= 0 ? a : b;
    if (cut.share <= 0 || cut.share >= 1) {
        twin_arc(twin, cut.node, at, 0, 0);
        twin_arc(twin, at, cut.node, 0, 0);
    }
    for (guint i = 0; i < twin->cuts->len; i++) {
        const TwinCut *other = &g_array_index(twin->cuts, TwinCut, i);
        if (other->point != cut.point)
            continue;
        bool ahead = other->share <= cut.share;
        double metres = fabs(cut.share - other->share) * length;
        twin_stretch(twin, way, ahead ? other->node : cut.node, ahead ? cut.node : other->node,
                     metres);
        if (metres == 0) {
            twin_arc(twin, other->node, cut.node, 0, 0);
            twin_arc(twin, cut.node, other->node, 0, 0);
        }
    }
    g_array_append_val(twin->cuts, cut);
    return cut.node;
}

/* Seconds from one node to all: an array of n, freed by the caller. metres may be NULL. */
static inline double *twin_from(const Twin *twin, uint32_t source)
{
    double *seconds = g_new(double, twin->n);
    g_autofree bool *done = g_new0(bool, twin->n);
    for (uint32_t v = 0; v < twin->n; v++)
        seconds[v] = INFINITY;
    seconds[source] = 0;
    for (;;) {
        uint32_t v = UINT32_MAX;
        for (uint32_t u = 0; u < twin->n; u++)
            if (!done[u] && seconds[u] < INFINITY && (v == UINT32_MAX || seconds[u] < seconds[v]))
                v = u;
        if (v == UINT32_MAX)
            return seconds;
        done[v] = true;
        const GArray *arcs = g_ptr_array_index(twin->arcs, v);
        for (guint i = 0; i < arcs->len; i++) {
            const TwinArc *arc = &g_array_index(arcs, TwinArc, i);
            seconds[arc->to] = MIN(seconds[arc->to], seconds[v] + arc->seconds);
        }
    }
}
