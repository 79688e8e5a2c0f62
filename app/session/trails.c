/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/session/trails.h"

#define STEP_MS 20000

typedef struct {
    int64_t at_ms;
    GeoLonLat at;
} Point;

typedef struct {
    int64_t unit_id; /* the table's key */
    GArray *points;  /* Point, oldest first */
    Point newest;
} Way;

struct AppTrailLog {
    GHashTable *ways; /* of unit_id within Way -> Way, owned */
};

static void way_free(gpointer data)
{
    Way *way = data;
    g_array_unref(way->points);
    g_free(way);
}

AppTrailLog *app_trail_log_new(void)
{
    AppTrailLog *log = g_new0(AppTrailLog, 1);
    log->ways = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, way_free);
    return log;
}

void app_trail_log_free(AppTrailLog *log)
{
    if (!log)
        return;
    g_hash_table_unref(log->ways);
    g_free(log);
}

static Way *way_of(AppTrailLog *log, int64_t unit_id)
{
    Way *way = g_hash_table_lookup(log->ways, &unit_id);
    if (way)
        return way;
    way = g_new0(Way, 1);
    way->unit_id = unit_id;
    way->points = g_array_new(FALSE, FALSE, sizeof(Point));
    g_hash_table_insert(log->ways, &way->unit_id, way);
    return way;
}

void app_trail_log_add(AppTrailLog *log, const GeoFix *fixes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        Way *way = way_of(log, fixes[i].unit_id);
        Point point = {fixes[i].at_ms, {fixes[i].lon, fixes[i].lat}};
        guint kept = way->points->len;
        if (point.at_ms < way->newest.at_ms)
            continue;
        way->newest = point;
        if (kept == 0 || point.at_ms - g_array_index(way->points, Point, kept - 1).at_ms >= STEP_MS)
            g_array_append_val(way->points, point);
    }
}

static void forget(Way *way, int64_t before_ms)
{
    guint old = 0;
    while (old < way->points->len && g_array_index(way->points, Point, old).at_ms < before_ms)
        old++;
    if (old > 0)
        g_array_remove_range(way->points, 0, old);
}

static MapsTrailPoint shown(const Point *point, int64_t at_ms)
{
    return (MapsTrailPoint){point->at, (float)(at_ms - point->at_ms) / 1000};
}

static void put_way(AppTrails *trails, const Way *way, int64_t at_ms)
{
    uint32_t n = trails->first[trails->n];
    for (guint i = 0; i < way->points->len; i++)
        trails->points[n++] = shown(&g_array_index(way->points, Point, i), at_ms);
    if (way->newest.at_ms > g_array_index(way->points, Point, way->points->len - 1).at_ms)
        trails->points[n++] = shown(&way->newest, at_ms);
    trails->first[++trails->n] = n;
}

AppTrails *app_trail_log_build(AppTrailLog *log, int64_t at_ms)
{
    size_t n = 0;
    GHashTableIter iter;
    gpointer value;
    g_hash_table_iter_init(&iter, log->ways);
    while (g_hash_table_iter_next(&iter, NULL, &value)) {
        Way *way = value;
        forget(way, at_ms - APP_TRAIL_MS);
        if (way->points->len == 0)
            g_hash_table_iter_remove(&iter);
        else
            n += way->points->len + 1;
    }
    if (n == 0)
        return NULL;
    AppTrails *trails = g_atomic_rc_box_new0(AppTrails);
    trails->points = g_new(MapsTrailPoint, n);
    trails->first = g_new0(uint32_t, g_hash_table_size(log->ways) + 1);
    g_hash_table_iter_init(&iter, log->ways);
    while (g_hash_table_iter_next(&iter, NULL, &value))
        put_way(trails, value, at_ms);
    return trails;
}

AppTrails *app_trails_ref(AppTrails *trails)
{
    return trails ? g_atomic_rc_box_acquire(trails) : NULL;
}

static void clear(gpointer data)
{
    AppTrails *trails = data;
    g_free(trails->points);
    g_free(trails->first);
}

void app_trails_unref(AppTrails *trails)
{
    if (trails)
        g_atomic_rc_box_release_full(trails, clear);
}
