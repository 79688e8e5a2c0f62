/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/hotspot.h"

#include <math.h>
#include <stdlib.h>

#include "geo/calc/heat.h"

#define MIN_RADIUS_M 150.0
#define MAX_RADIUS_M 400.0
#define RADII_ACROSS 60 /* a default radius is this part of the shorter side */
#define CELLS_PER_RADIUS 4
#define MAX_SIDE 1024
#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* WGS 84 */
#define AXIS_M 6378137.0
#define E2 0.00669437999014

/* Metres of one degree along the meridian and the parallel at a latitude: the grid is even in
 * degrees, and over a city these hardly change (0.3 % over half a degree at 32 N). */
static GeoXY metres_per_degree(double lat)
{
    double s = sin(lat * G_PI / 180), w = sqrt(1 - E2 * s * s);
    return (GeoXY){AXIS_M / w * cos(lat * G_PI / 180) * G_PI / 180,
                   AXIS_M * (1 - E2) / (w * w * w) * G_PI / 180};
}

static GeoBounds widen(GeoBounds bounds, double by_m)
{
    GeoXY scale = metres_per_degree((bounds.south + bounds.north) / 2);
    return (GeoBounds){bounds.west - by_m / scale.x, bounds.south - by_m / scale.y,
                       bounds.east + by_m / scale.x, bounds.north + by_m / scale.y};
}

static double default_radius_m(const GeoBounds *bounds)
{
    GeoXY scale = metres_per_degree((bounds->south + bounds->north) / 2);
    double short_m =
        MIN((bounds->east - bounds->west) * scale.x, (bounds->north - bounds->south) * scale.y);
    return CLAMP(round(short_m / RADII_ACROSS / 10) * 10, MIN_RADIUS_M, MAX_RADIUS_M);
}

/* Fills what the options left open, from the incidents where there is nothing else. */
static void settle_options(GeoHotspot *hotspot, const GeoHotspotOptions *options,
                           const GeoBatch *incidents)
{
    hotspot->bounds = options->bounds;
    bool open = geo_bounds_empty(&options->bounds);
    if (open)
        hotspot->bounds = geo_batch_bounds(incidents);
    if (geo_bounds_empty(&hotspot->bounds))
        hotspot->bounds = (GeoBounds){0, 0, 0, 0};
    hotspot->radius_m =
        options->radius_m > 0 ? options->radius_m : default_radius_m(&hotspot->bounds);
    if (open || hotspot->bounds.west == hotspot->bounds.east ||
        hotspot->bounds.south == hotspot->bounds.north)
        hotspot->bounds = widen(hotspot->bounds, hotspot->radius_m);
    GeoXY scale = metres_per_degree((hotspot->bounds.south + hotspot->bounds.north) / 2);
    double cell_m = hotspot->radius_m / CELLS_PER_RADIUS;
    double width = (hotspot->bounds.east - hotspot->bounds.west) * scale.x / cell_m;
    double height = (hotspot->bounds.north - hotspot->bounds.south) * scale.y / cell_m;
    hotspot->columns = options->columns ? options->columns : (size_t)CLAMP(width, 1, MAX_SIDE);
    hotspot->rows = options->rows ? options->rows : (size_t)CLAMP(height, 1, MAX_SIDE);
}

static bool fill_grid(GeoHotspot *hotspot, const GeoBatch *incidents, GeoProgress *progress,
                      GError **error)
{
    const GeoBounds *bounds = &hotspot->bounds;
    GeoXY scale = metres_per_degree((bounds->south + bounds->north) / 2);
    GeoBox box = {0, 0, (bounds->east - bounds->west) * scale.x,
                  (bounds->north - bounds->south) * scale.y};
    double reach = hotspot->radius_m;
    g_autofree GeoXY *points = g_new(GeoXY, incidents->rows->len + 1);
    for (guint i = 0; i < incidents->rows->len; i++) {
        GeoLonLat p;
        if (!geo_batch_first(incidents, geo_batch_row(incidents, i), &p)) {
            hotspot->n_unplaced++;
            continue;
        }
        GeoXY at = {(p.lon - bounds->west) * scale.x, (p.lat - bounds->south) * scale.y};
        if (at.x > -reach && at.y > -reach && at.x < box.max_x + reach && at.y < box.max_y + reach)
            points[hotspot->n++] = at;
    }
    hotspot->density = g_new0(double, hotspot->columns * hotspot->rows);
    gint64 begun_us = g_get_monotonic_time();
    bool whole = geo_heat_grid(points, NULL, hotspot->n, &box, hotspot->columns, hotspot->rows,
                               hotspot->radius_m, hotspot->density, progress, error);
    hotspot->work_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    return whole;
}

static GeoLonLat middle_of(const GeoHotspot *hotspot, size_t cell)
{
    const GeoBounds *bounds = &hotspot->bounds;
    double column = (double)(cell % hotspot->columns) + 0.5;
    double row = (double)(cell / hotspot->columns) + 0.5;
    return (GeoLonLat){
        bounds->west + column / (double)hotspot->columns * (bounds->east - bounds->west),
        bounds->south + row / (double)hotspot->rows * (bounds->north - bounds->south)};
}

GeoHotspot *geo_hotspot_load(GeoStore *store, const GeoHotspotOptions *options,
                             GeoProgress *progress, GError **error)
{
    geo_progress_begin(progress, "heat");
    GeoBounds asked;
    GeoQuery query = {.from_ms = options->from_ms, .to_ms = options->to_ms};
    if (!geo_bounds_empty(&options->bounds)) {
        asked = widen(options->bounds, options->radius_m > 0 ? options->radius_m : MAX_RADIUS_M);
        query.bounds = &asked;
    }
    g_autoptr(GeoBatch) incidents = geo_store_load(store, GEO_KIND_INCIDENT, &query, error);
    if (!incidents || !geo_progress_step(progress, 0, error))
        return NULL;
    g_autoptr(GeoHotspot) hotspot = g_new0(GeoHotspot, 1);
    hotspot->from_ms = options->from_ms;
    hotspot->to_ms = options->to_ms;
    settle_options(hotspot, options, incidents);
    if (!fill_grid(hotspot, incidents, progress, error))
        return NULL;
    size_t best = 0, n = hotspot->columns * hotspot->rows;
    for (size_t i = 1; i < n; i++)
        if (hotspot->density[i] > hotspot->density[best])
            best = i;
    hotspot->peak = hotspot->density[best];
    hotspot->peak_at = middle_of(hotspot, best);
    return g_steal_pointer(&hotspot);
}

void geo_hotspot_free(GeoHotspot *hotspot)
{
    if (!hotspot)
        return;
    g_free(hotspot->density);
    g_free(hotspot);
}

/* ---- the hottest places ---- */

static int hottest_first(const void *a, const void *b)
{
    const GeoHotspotCell *p = a, *q = b;
    if (p->density != q->density)
        return p->density > q->density ? -1 : 1;
    return p->at.lat != q->at.lat ? (p->at.lat > q->at.lat ? -1 : 1)
                                  : (p->at.lon > q->at.lon) - (p->at.lon < q->at.lon);
}

static bool is_summit(const GeoHotspot *hotspot, size_t column, size_t row)
{
    double here = hotspot->density[row * hotspot->columns + column];
    for (size_t r = row ? row - 1 : 0; r <= MIN(row + 1, hotspot->rows - 1); r++)
        for (size_t c = column ? column - 1 : 0; c <= MIN(column + 1, hotspot->columns - 1); c++)
            if (hotspot->density[r * hotspot->columns + c] > here)
                return false;
    return here > 0;
}

size_t geo_hotspot_top(const GeoHotspot *hotspot, GeoHotspotCell *cells, size_t max)
{
    g_autoptr(GArray) summits = g_array_new(FALSE, FALSE, sizeof(GeoHotspotCell));
    for (size_t row = 0; row < hotspot->rows; row++)
        for (size_t column = 0; column < hotspot->columns; column++)
            if (is_summit(hotspot, column, row)) {
                size_t cell = row * hotspot->columns + column;
                GeoHotspotCell summit = {middle_of(hotspot, cell), hotspot->density[cell]};
                g_array_append_val(summits, summit);
            }
    g_array_sort(summits, hottest_first);
    size_t n = 0;
    for (guint i = 0; i < summits->len && n < max; i++) {
        const GeoHotspotCell *summit = &g_array_index(summits, GeoHotspotCell, i);
        bool apart = true;
        for (size_t j = 0; j < n && apart; j++)
            apart = geo_coord_distance_m(cells[j].at, summit->at) >= hotspot->radius_m;
        if (apart)
            cells[n++] = *summit;
    }
    return n;
}

GeoHotspot *geo_hotspot_load_recent(GeoStore *store, GeoBounds bounds, int64_t at_ms, int *days,
                                    GeoProgress *progress, GError **error)
{
    static const int spans[] = {28, 365, 0};
    GeoHotspot *hotspot = NULL;
    for (size_t i = 0; i < G_N_ELEMENTS(spans); i++) {
        GeoHotspotOptions options = {.bounds = bounds,
                                     .from_ms = spans[i] ? at_ms - spans[i] * DAY_MS : INT64_MIN,
                                     .to_ms = at_ms + 1};
        hotspot = geo_hotspot_load(store, &options, progress, error);
        if (!hotspot)
            return NULL;
        *days = spans[i];
        if (hotspot->n > 0 || spans[i] == 0)
            break;
        geo_hotspot_free(hotspot);
    }
    return hotspot;
}

/* Two digits, up: 384 is 390. */
static double rounded_up(double x)
{
    double unit = pow(10, floor(log10(x)) - 1);
    return ceil(x / unit - 1e-9) * unit;
}

static int rising(const void *a, const void *b)
{
    double one = *(const double *)a, two = *(const double *)b;
    return (one > two) - (one < two);
}

double geo_hotspot_ramp_end(const GeoHotspot *hotspot)
{
    size_t n = hotspot->columns * hotspot->rows, warm = 0;
    g_autofree double *density = g_new(double, n + 1);
    for (size_t i = 0; i < n; i++)
        if (hotspot->density[i] > 0.02 * hotspot->peak)
            density[warm++] = hotspot->density[i];
    if (warm == 0 || !(hotspot->peak > 0))
        return 0;
    qsort(density, warm, sizeof *density, rising);
    return rounded_up(density[(size_t)(0.98 * (double)(warm - 1))]);
}
