/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Nearest units by air: a uniform grid filled by counting sort, searched ring by ring; O(n) to
 * build, about k cells a query. By road: near-road.c. */
#include "geo/calc/near.h"

#include <math.h>
#include <string.h>

#include "geo/calc/near-road.h"

/* What a kind makes as the crow flies where no road is asked: 4.5, 15 and 25 km/h. */
static const double air_mps[GEO_N_PROFILES] = {1.25, 4.2, 6.9};

typedef struct {
    double x, y;
    uint32_t unit;
} AirPlace;

struct GeoNear {
    uint8_t *profile; /* of each unit */
    GeoXY *at;
    uint8_t *usable;
    size_t n, n_usable;

    bool has_air;  /* the cells are of these places: filled when first asked by air */
    AirPlace *air; /* usable units by cell */
    uint32_t *air0;
    size_t cells_room;
    uint32_t columns, rows;
    GeoBox box;
    double cell_m;

    GeoNearRoad *road; /* owned; NULL: by air alone */
};

/* ---- by air ---- */

#define UNITS_PER_CELL 2.0

static uint32_t air_cell(const GeoNear *near, GeoXY p)
{
    uint32_t column = (uint32_t)((p.x - near->box.min_x) / near->cell_m);
    uint32_t row = (uint32_t)((p.y - near->box.min_y) / near->cell_m);
    return MIN(row, near->rows - 1) * near->columns + MIN(column, near->columns - 1);
}

/* Usable, and somewhere. */
static bool is_placed(const GeoNear *near, size_t i)
{
    return near->usable[i] && isfinite(near->at[i].x) && isfinite(near->at[i].y);
}

static void measure_air(GeoNear *near)
{
    size_t n_placed = 0;
    near->box = GEO_BOX_EMPTY;
    for (size_t i = 0; i < near->n; i++)
        if (is_placed(near, i)) {
            geo_box_add(&near->box, near->at[i]);
            n_placed++;
        }
    double width = n_placed ? near->box.max_x - near->box.min_x : 0;
    double height = n_placed ? near->box.max_y - near->box.min_y : 0;
    double wanted = MAX((double)n_placed / UNITS_PER_CELL, 1);
    near->cell_m = MAX(MAX(sqrt(width * height / wanted), MAX(width, height) / wanted), 1);
    near->columns = (uint32_t)(width / near->cell_m) + 1;
    near->rows = (uint32_t)(height / near->cell_m) + 1;
}

static void index_air(GeoNear *near)
{
    measure_air(near);
    size_t n_cells = (size_t)near->columns * near->rows;
    if (near->cells_room < n_cells + 2) {
        near->cells_room = 2 * (n_cells + 2);
        near->air0 = g_renew(uint32_t, near->air0, near->cells_room);
    }
    memset(near->air0, 0, (n_cells + 2) * sizeof *near->air0);
    uint32_t *next = near->air0 + 1; /* ends where the cells' beginnings should be */
    for (size_t i = 0; i < near->n; i++)
        if (is_placed(near, i))
            next[air_cell(near, near->at[i]) + 1]++;
    for (size_t c = 0; c < n_cells; c++)
        next[c + 1] += next[c];
    for (size_t i = 0; i < near->n; i++)
        if (is_placed(near, i))
            near->air[next[air_cell(near, near->at[i])]++] =
                (AirPlace){near->at[i].x, near->at[i].y, (uint32_t)i};
    near->has_air = true;
}

/* The farther of two, or the later index of equally far ones. */
static bool worse(const GeoNearHit *a, const GeoNearHit *b)
{
    return a->distance_m > b->distance_m || (a->distance_m == b->distance_m && a->unit > b->unit);
}

/* hits is a heap with the worst on top. */
static void sink(GeoNearHit *hits, size_t n, size_t i)
{
    GeoNearHit hit = hits[i];
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && worse(&hits[child + 1], &hits[child]))
            child++;
        if (!worse(&hits[child], &hit))
            break;
        hits[i] = hits[child];
    }
    hits[i] = hit;
}

static void offer(GeoNearHit *hits, size_t *n, size_t k, GeoNearHit hit)
{
    if (*n == k) {
        if (!worse(&hits[0], &hit))
            return;
        hits[0] = hit;
        sink(hits, k, 0);
        return;
    }
    size_t i = (*n)++;
    for (; i > 0 && worse(&hit, &hits[(i - 1) / 2]); i = (i - 1) / 2)
        hits[i] = hits[(i - 1) / 2];
    hits[i] = hit;
}

typedef struct {
    const GeoNear *near;
    GeoXY p;
    GeoNearHit *hits;
    size_t n, k;
} AirSearch;

static void search_cell(AirSearch *search, int64_t column, int64_t row)
{
    const GeoNear *near = search->near;
    if (column < 0 || row < 0 || column >= near->columns || row >= near->rows)
        return;
    size_t cell = (size_t)row * near->columns + (size_t)column;
    for (uint32_t i = near->air0[cell]; i < near->air0[cell + 1]; i++) {
        const AirPlace *place = &near->air[i];
        /* Squares until the end: the root comes once per hit. */
        double dx = place->x - search->p.x, dy = place->y - search->p.y;
        offer(search->hits, &search->n, search->k,
              (GeoNearHit){.unit = place->unit, .distance_m = dx * dx + dy * dy});
    }
}

static void search_rings(AirSearch *search)
{
    const GeoNear *near = search->near;
    double fx = (search->p.x - near->box.min_x) / near->cell_m;
    double fy = (search->p.y - near->box.min_y) / near->cell_m;
    /* Far outside the box the rings would be many and empty: begin at its nearest cell, and count
     * distances from there. */
    double cx = CLAMP(fx, 0, (double)near->columns), cy = CLAMP(fy, 0, (double)near->rows);
    int64_t column = (int64_t)cx, row = (int64_t)cy;
    double inset =
        MIN(MIN(cx - floor(cx), floor(cx) + 1 - cx), MIN(cy - floor(cy), floor(cy) + 1 - cy));
    int64_t last = MAX(near->columns, near->rows) + 1;
    for (int64_t ring = 0; ring <= last; ring++) {
        /* All cells of this ring and beyond are at least so far from p: its nearest point of the
         * box is nearer to any unit than p itself is. */
        double reach = ((double)ring - 1 + inset) * near->cell_m;
        if (search->n == search->k && reach > 0 && reach * reach > search->hits[0].distance_m)
            return;
        for (int64_t c = column - ring; c <= column + ring; c++) {
            search_cell(search, c, row - ring);
            if (ring > 0)
                search_cell(search, c, row + ring);
        }
        for (int64_t r = row - ring + 1; r < row + ring; r++) {
            search_cell(search, column - ring, r);
            search_cell(search, column + ring, r);
        }
    }
}

size_t geo_near_by_air(GeoNear *near, GeoXY p, size_t k, GeoNearHit *hits)
{
    if (k == 0 || !isfinite(p.x) || !isfinite(p.y))
        return 0;
    if (!near->has_air)
        index_air(near);
    AirSearch search = {.near = near, .p = p, .hits = hits, .k = k};
    search_rings(&search);
    for (size_t n = search.n; n > 1; n--) {
        GeoNearHit worst = hits[0];
        hits[0] = hits[n - 1];
        sink(hits, n - 1, 0);
        hits[n - 1] = worst;
    }
    for (size_t i = 0; i < search.n; i++) {
        hits[i].distance_m = sqrt(hits[i].distance_m);
        hits[i].travel_s = hits[i].distance_m / air_mps[near->profile[hits[i].unit]];
    }
    return search.n;
}

/* ---- both ---- */

GeoNear *geo_near_new(const GeoRoads *roads, const GeoXY *at, const GeoSnap *snap,
                      const uint8_t *profile, const uint8_t *usable, size_t n)
{
    g_return_val_if_fail(!snap || roads, NULL);
    GeoNear *near = g_new0(GeoNear, 1);
    near->n = n;
    near->profile = n ? g_memdup2(profile, n) : NULL;
    near->at = g_new(GeoXY, n + 1);
    near->usable = g_new(uint8_t, n + 1);
    near->air = g_new(AirPlace, n + 1);
    if (snap)
        near->road = geo_near_road_new(roads, profile, n);
    geo_near_put(near, at, snap, usable);
    return near;
}

void geo_near_put(GeoNear *near, const GeoXY *at, const GeoSnap *snap, const uint8_t *usable)
{
    g_return_if_fail(!snap == !near->road);
    near->has_air = false;
    near->n_usable = 0;
    for (size_t i = 0; i < near->n; i++) {
        near->at[i] = at[i];
        near->usable[i] = usable[i];
        near->n_usable += usable[i] != 0;
    }
    if (snap)
        geo_near_road_put(near->road, snap, usable);
}

void geo_near_prepare(GeoNear *near, size_t k)
{
    if (near->road)
        geo_near_road_prepare(near->road, k);
}

/* More for each crossing is more memory than such a gain is worth. */
#define MOST_EXPECTED 8

/* A search settles about k * states / usable units, to prepare settles k * states: at Chicago the
 * one takes 150 ns for each, the other 80. */
void geo_near_expect(GeoNear *near, size_t k, size_t questions)
{
    if (near->road && k <= MOST_EXPECTED && 2 * questions > near->n_usable &&
        geo_near_road_prepared(near->road) < k)
        geo_near_prepare(near, k);
}

void geo_near_free(GeoNear *near)
{
    if (!near)
        return;
    g_free(near->profile);
    g_free(near->at);
    g_free(near->usable);
    g_free(near->air);
    g_free(near->air0);
    geo_near_road_free(near->road);
    g_free(near);
}

size_t geo_near_by_road(GeoNear *near, const GeoSnap place[GEO_N_PROFILES], size_t k,
                        GeoNearHit *hits)
{
    return geo_near_within(near, place, INFINITY, k, hits);
}

size_t geo_near_within(GeoNear *near, const GeoSnap place[GEO_N_PROFILES], double most_s, size_t k,
                       GeoNearHit *hits)
{
    g_return_val_if_fail(near->road, 0);
    return geo_near_road_within(near->road, place, most_s, k, hits);
}
