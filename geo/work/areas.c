/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/areas.h"

#include <math.h>
#include <string.h>

#include "geo/calc/inside.h"
#include "geo/model/error.h"

#define MAX_NESTED 32 /* areas that may hold one place: levels, and overlaps within one */

struct GeoAreas {
    GeoBatch *batch;       /* owned */
    GeoXY *xy;             /* owned */
    uint32_t *part, *area; /* owned, borrowed by inside */
    double *size_m2;       /* owned */
    GeoInside *inside;     /* owned */
};

bool geo_areas_know(GeoStore *store, const char *code, GError **error)
{
    int64_t counts[GEO_N_KINDS];
    g_autoptr(GeoBatch) found =
        geo_store_load(store, GEO_KIND_AREA, &(GeoQuery){.code = code}, error);
    if (!found || !geo_store_count(store, counts, NULL, error))
        return false;
    if (found->rows->len > 0 || counts[GEO_KIND_AREA] == 0)
        return true;
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                "the city has no area '%s': here CITY LON LAT lists those of a place", code);
    return false;
}

static bool fail_level(GeoStore *store, const char *level, GError **error)
{
    int64_t counts[GEO_N_KINDS];
    g_autoptr(GHashTable) levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    if (!geo_store_count(store, counts, levels, error))
        return false;
    g_autoptr(GString) known = g_string_new(NULL);
    g_autoptr(GList) names = g_list_sort(g_hash_table_get_keys(levels), (GCompareFunc)strcmp);
    for (const GList *name = names; name; name = name->next)
        g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", (char *)name->data);
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "the city has no areas of level '%s'; %s%s",
                level, known->len > 0 ? "it has " : "it has none at all", known->str);
    return false;
}

static void lay_out(GeoAreas *areas, GeoFrame *frame)
{
    const GeoBatch *batch = areas->batch;
    size_t n = batch->rows->len, n_points = batch->points->len;
    areas->xy = g_new(GeoXY, MAX(n_points, 1));
    geo_frame_to_xy(frame, (const GeoLonLat *)(const void *)batch->points->data, areas->xy,
                    n_points);
    areas->part = g_new(uint32_t, batch->parts->len + 1);
    if (batch->parts->len > 0)
        memcpy(areas->part, batch->parts->data, batch->parts->len * sizeof *areas->part);
    areas->part[batch->parts->len] = (uint32_t)n_points;
    areas->area = g_new(uint32_t, n + 1);
    areas->size_m2 = g_new0(double, MAX(n, 1));
    areas->area[n] = batch->parts->len;
    for (size_t i = 0; i < n; i++) {
        const GeoRow *row = geo_batch_row(batch, i);
        areas->area[i] = row->part0;
        for (uint32_t k = row->part0; k < row->part0 + row->n_parts; k++)
            for (uint32_t p = areas->part[k]; p + 1 < areas->part[k + 1]; p++)
                areas->size_m2[i] +=
                    (areas->xy[p].x * areas->xy[p + 1].y - areas->xy[p + 1].x * areas->xy[p].y) / 2;
    }
    areas->inside = geo_inside_new(areas->xy, areas->part, areas->area, n);
}

GeoAreas *geo_areas_load(GeoStore *store, const char *level, GeoFrame *frame, GError **error)
{
    GeoQuery query = {.level = level};
    g_autoptr(GeoAreas) areas = g_new0(GeoAreas, 1);
    areas->batch = geo_store_load(store, GEO_KIND_AREA, &query, error);
    if (!areas->batch ||
        (level && areas->batch->rows->len == 0 && !fail_level(store, level, error)))
        return NULL;
    lay_out(areas, frame);
    return g_steal_pointer(&areas);
}

void geo_areas_free(GeoAreas *areas)
{
    if (!areas)
        return;
    geo_batch_free(areas->batch);
    geo_inside_free(areas->inside);
    g_free(areas->xy);
    g_free(areas->part);
    g_free(areas->area);
    g_free(areas->size_m2);
    g_free(areas);
}

size_t geo_areas_n(const GeoAreas *areas)
{
    return areas->batch->rows->len;
}

const GeoArea *geo_areas_row(const GeoAreas *areas, size_t i)
{
    return (const GeoArea *)(const void *)geo_batch_row(areas->batch, i);
}

int32_t geo_areas_find(const GeoAreas *areas, GeoXY p)
{
    uint32_t found;
    return geo_inside_find(areas->inside, p, &found, 1) > 0 ? (int32_t)found : -1;
}

size_t geo_areas_find_all(const GeoAreas *areas, GeoXY p, uint32_t *found, size_t max)
{
    return geo_inside_find(areas->inside, p, found, max);
}

const char *geo_areas_code(const GeoAreas *areas, GeoXY p)
{
    uint32_t found[MAX_NESTED];
    size_t n = MIN(geo_inside_find(areas->inside, p, found, MAX_NESTED), MAX_NESTED);
    const char *code = NULL;
    double smallest = INFINITY;
    for (size_t i = 0; i < n; i++) {
        const GeoRow *row = geo_batch_row(areas->batch, found[i]);
        if (row->code && fabs(areas->size_m2[found[i]]) < smallest) {
            smallest = fabs(areas->size_m2[found[i]]);
            code = row->code;
        }
    }
    return code;
}

const GeoXY *geo_areas_rings(const GeoAreas *areas, size_t i, GArray *part_first, size_t *n_points)
{
    const GeoRow *row = geo_batch_row(areas->batch, i);
    uint32_t first = areas->part[row->part0];
    g_array_set_size(part_first, 0);
    for (uint32_t k = 0; k < row->n_parts; k++) {
        uint32_t at = areas->part[row->part0 + k] - first;
        g_array_append_val(part_first, at);
    }
    *n_points = areas->part[row->part0 + row->n_parts] - first;
    return areas->xy + first;
}

int32_t *geo_areas_group(const GeoAreas *areas, const GeoGround *ground)
{
    size_t n;
    const GeoStretch *stretch = geo_ground_stretches(ground, &n);
    int32_t *group = g_new(int32_t, MAX(n, 1));
    for (size_t i = 0; i < n; i++) {
        GeoXY middle = {(stretch[i].a.x + stretch[i].b.x) / 2,
                        (stretch[i].a.y + stretch[i].b.y) / 2};
        group[i] = geo_areas_find(areas, middle);
    }
    return group;
}

/* ---- middles ---- */

static GeoXY centroid(const GeoXY *ring, size_t n)
{
    double area2 = 0, x = 0, y = 0;
    for (size_t i = 0; i + 1 < n; i++) {
        double ax = ring[i].x - ring[0].x, ay = ring[i].y - ring[0].y;
        double bx = ring[i + 1].x - ring[0].x, by = ring[i + 1].y - ring[0].y;
        double cross = ax * by - bx * ay;
        area2 += cross;
        x += (ax + bx) * cross;
        y += (ay + by) * cross;
    }
    return area2 == 0 ? ring[0] : (GeoXY){ring[0].x + x / (3 * area2), ring[0].y + y / (3 * area2)};
}

static int by_x(const void *a, const void *b)
{
    double p = *(const double *)a, q = *(const double *)b;
    return (p > q) - (p < q);
}

/* The middle of the longest stretch within the rings along the line y: of a bent area, whose
 * centroid may lie outside. false: the line meets nothing. */
static bool middle_along(const GeoXY *points, const GArray *first, size_t n_points, double y,
                         GeoXY *middle)
{
    g_autoptr(GArray) cuts = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint r = 0; r < first->len; r++) {
        size_t end = r + 1 < first->len ? g_array_index(first, uint32_t, r + 1) : n_points;
        for (size_t i = g_array_index(first, uint32_t, r); i + 1 < end; i++) {
            GeoXY a = points[i], b = points[i + 1];
            if ((a.y > y) == (b.y > y))
                continue;
            double x = a.x + (y - a.y) * (b.x - a.x) / (b.y - a.y);
            g_array_append_val(cuts, x);
        }
    }
    g_array_sort(cuts, by_x);
    double longest = 0;
    for (guint i = 0; i + 1 < cuts->len; i += 2) {
        double from = g_array_index(cuts, double, i), to = g_array_index(cuts, double, i + 1);
        if (to - from <= longest)
            continue;
        longest = to - from;
        *middle = (GeoXY){(from + to) / 2, y};
    }
    return longest > 0;
}

bool geo_areas_middle(const GeoAreas *areas, size_t i, GeoXY *middle)
{
    g_autoptr(GArray) first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    size_t n_points = 0;
    const GeoXY *points = geo_areas_rings(areas, i, first, &n_points);
    *middle = (GeoXY){NAN, NAN};
    if (first->len == 0 || n_points == 0)
        return false;
    size_t end = first->len > 1 ? g_array_index(first, uint32_t, 1) : n_points;
    *middle = centroid(points, end);
    middle_along(points, first, n_points, middle->y, middle);
    return true;
}
