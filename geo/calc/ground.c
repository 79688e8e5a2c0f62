/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ground is one bit a cell in tiles of 64 words, made when first touched, so that a row of a tile
 * meets the counts of a cover as one word. Streets are kept as straight stretches too: their metres
 * are sampled, not counted in cells, because a wide street is no longer than a narrow one. */
#include "geo/calc/ground.h"

#include <math.h>
#include <string.h>

#include "geo/calc/scan.h"

#define BLOCK_TILES 1024
#define STRETCH_M 25.0

struct GeoGround {
    GeoScan *scan;     /* owned: the frame */
    uint64_t **tile;   /* tiles_x * tiles_y, owned; what it points at lies in blocks */
    GPtrArray *blocks; /* owned */
    GArray *stretches; /* GeoStretch, owned */
    size_t tiles_x, tiles_y, n_tiles;
};

GeoGround *geo_ground_new(const GeoBox *box, double cell_m)
{
    g_return_val_if_fail(cell_m > 0, NULL);
    GeoGround *ground = g_new0(GeoGround, 1);
    ground->scan = geo_scan_new(box, cell_m);
    ground->tiles_x = ((size_t)geo_scan_columns(ground->scan) - 1) / GEO_TILE_CELLS + 1;
    ground->tiles_y = ((size_t)geo_scan_rows(ground->scan) - 1) / GEO_TILE_CELLS + 1;
    ground->tile = g_new0(uint64_t *, ground->tiles_x * ground->tiles_y);
    ground->blocks = g_ptr_array_new_with_free_func(g_free);
    ground->stretches = g_array_new(FALSE, FALSE, sizeof(GeoStretch));
    return ground;
}

void geo_ground_free(GeoGround *ground)
{
    if (!ground)
        return;
    geo_scan_free(ground->scan);
    g_free(ground->tile);
    g_ptr_array_unref(ground->blocks);
    g_array_unref(ground->stretches);
    g_free(ground);
}

double geo_ground_cell_m(const GeoGround *ground)
{
    return geo_scan_cell_m(ground->scan);
}

static uint64_t *tile_make(GeoGround *ground)
{
    const size_t words = GEO_TILE_CELLS;
    if (ground->n_tiles % BLOCK_TILES == 0)
        g_ptr_array_add(ground->blocks, g_new0(uint64_t, BLOCK_TILES * words));
    uint64_t *block = g_ptr_array_index(ground->blocks, ground->blocks->len - 1);
    return block + words * (ground->n_tiles++ % BLOCK_TILES);
}

static void change(GeoGround *ground, const GeoSpan *spans, size_t n_spans, bool add)
{
    for (size_t i = 0; i < n_spans; i++) {
        int32_t row = spans[i].row;
        uint64_t **tiles = ground->tile + (size_t)(row / GEO_TILE_CELLS) * ground->tiles_x;
        for (int32_t from = spans[i].from; from < spans[i].to;) {
            int32_t border = (from / GEO_TILE_CELLS + 1) * GEO_TILE_CELLS;
            int32_t to = MIN(spans[i].to, border);
            uint64_t bits = UINT64_MAX >> (GEO_TILE_CELLS - (to - from)) << from % GEO_TILE_CELLS;
            uint64_t **tile = &tiles[from / GEO_TILE_CELLS];
            if (add && !*tile)
                *tile = tile_make(ground);
            if (add)
                (*tile)[row % GEO_TILE_CELLS] |= bits;
            else if (*tile)
                (*tile)[row % GEO_TILE_CELLS] &= ~bits;
            from = to;
        }
    }
}

static void add_stretch(GeoGround *ground, GeoXY a, GeoXY b, double half_m, uint32_t street)
{
    GeoStretch stretch = {a, b, street};
    g_array_append_val(ground->stretches, stretch);
    size_t n_spans;
    const GeoSpan *spans = geo_scan_capsule(ground->scan, a, b, half_m, &n_spans);
    change(ground, spans, n_spans, true);
}

void geo_ground_add_street(GeoGround *ground, const GeoXY *line, size_t n, double width_m,
                           uint32_t street)
{
    /* Never so thin that a cell under the line is missed. */
    double half_m = fmax(width_m / 2, 0.75 * geo_scan_cell_m(ground->scan));
    for (size_t i = 0; i < n; i++)
        if (!isfinite(line[i].x) || !isfinite(line[i].y))
            return;
    for (size_t i = 0; i + 1 < n; i++) {
        GeoXY a = line[i], b = line[i + 1];
        double length = hypot(b.x - a.x, b.y - a.y);
        size_t parts = (size_t)fmax(ceil(length / STRETCH_M), length > 0);
        GeoXY from = a;
        for (size_t k = 1; k <= parts; k++) {
            double share = (double)k / (double)parts;
            GeoXY to =
                k < parts ? (GeoXY){a.x + share * (b.x - a.x), a.y + share * (b.y - a.y)} : b;
            add_stretch(ground, from, to, half_m, street);
            from = to;
        }
    }
}

void geo_ground_add_square(GeoGround *ground, const GeoXY *points, const uint32_t *part_first,
                           size_t n_parts, size_t n_points)
{
    size_t n_spans;
    const GeoSpan *spans =
        geo_scan_polygon(ground->scan, points, n_points, part_first, n_parts, &n_spans);
    change(ground, spans, n_spans, true);
}

void geo_ground_cut(GeoGround *ground, const GeoXY *points, const uint32_t *part_first,
                    size_t n_parts, size_t n_points)
{
    size_t n_spans;
    const GeoSpan *spans =
        geo_scan_polygon(ground->scan, points, n_points, part_first, n_parts, &n_spans);
    change(ground, spans, n_spans, false);
}

GeoGround *geo_ground_seen_by(const GeoGround *ground, const GeoCover *cover, uint8_t k,
                              bool just_k)
{
    GeoXY origin = geo_scan_origin(ground->scan);
    double cell_m = geo_scan_cell_m(ground->scan);
    /* To the middle of the last cells, so that rounding makes neither more nor fewer. */
    GeoBox box = {origin.x, origin.y, origin.x + (geo_scan_columns(ground->scan) - 0.5) * cell_m,
                  origin.y + (geo_scan_rows(ground->scan) - 0.5) * cell_m};
    GeoGround *part = geo_ground_new(&box, cell_m);
    for (size_t t = 0; t < ground->tiles_x * ground->tiles_y; t++) {
        const uint64_t *bits = ground->tile[t];
        const uint8_t *counts = bits ? geo_cover_tile(cover, (int64_t)(t % ground->tiles_x),
                                                      (int64_t)(t / ground->tiles_x))
                                     : NULL;
        for (int row = 0; counts && row < GEO_TILE_CELLS; row++, counts += GEO_TILE_CELLS) {
            uint64_t seen = bits[row] ? bits[row] & geo_cover_row_seen(counts, k) : 0;
            if (seen && just_k)
                seen &= ~geo_cover_row_seen(counts, k + 1);
            if (seen == 0)
                continue;
            if (!part->tile[t])
                part->tile[t] = tile_make(part);
            part->tile[t][row] = seen;
        }
    }
    return part;
}

bool geo_ground_at(const GeoGround *ground, GeoXY p)
{
    GeoXY origin = geo_scan_origin(ground->scan);
    double cell_m = geo_scan_cell_m(ground->scan);
    double x = (p.x - origin.x) / cell_m, y = (p.y - origin.y) / cell_m;
    if (!(x >= 0 && y >= 0 && x < geo_scan_columns(ground->scan) &&
          y < geo_scan_rows(ground->scan)))
        return false;
    size_t column = (size_t)x, row = (size_t)y;
    const uint64_t *tile =
        ground->tile[row / GEO_TILE_CELLS * ground->tiles_x + column / GEO_TILE_CELLS];
    return tile && (tile[row % GEO_TILE_CELLS] >> column % GEO_TILE_CELLS & 1);
}

const uint64_t *geo_ground_tile(const GeoGround *ground, int64_t tile_x, int64_t tile_y)
{
    if (tile_x < 0 || tile_y < 0 || (size_t)tile_x >= ground->tiles_x ||
        (size_t)tile_y >= ground->tiles_y)
        return NULL;
    return ground->tile[(size_t)tile_y * ground->tiles_x + (size_t)tile_x];
}

const GeoStretch *geo_ground_stretches(const GeoGround *ground, size_t *n)
{
    *n = ground->stretches->len;
    return (const GeoStretch *)(const void *)ground->stretches->data;
}

long geo_ground_samples(const GeoStretch *stretch)
{
    return MAX(lround(hypot(stretch->b.x - stretch->a.x, stretch->b.y - stretch->a.y)), 1);
}

void geo_ground_sample(const GeoGround *ground, const GeoCover *cover, const GeoStretch *stretch,
                       uint32_t *on, uint32_t *seen)
{
    double dx = stretch->b.x - stretch->a.x, dy = stretch->b.y - stretch->a.y;
    long n = geo_ground_samples(stretch);
    *on = *seen = 0;
    for (long i = 0; i < n; i++) {
        double share = ((double)i + 0.5) / (double)n;
        GeoXY p = {stretch->a.x + share * dx, stretch->a.y + share * dy};
        if (!geo_ground_at(ground, p))
            continue;
        *on += 1;
        *seen += geo_cover_at(cover, p) > 0;
    }
}

/* Metres of the stretch that are ground, and of these the seen ones, added. */
static void sample(const GeoGround *ground, const GeoCover *cover, const GeoStretch *stretch,
                   double *street_m, double *seen_m)
{
    double length = hypot(stretch->b.x - stretch->a.x, stretch->b.y - stretch->a.y);
    double n = (double)geo_ground_samples(stretch);
    uint32_t on, seen;
    geo_ground_sample(ground, cover, stretch, &on, &seen);
    *street_m += length * on / n;
    *seen_m += length * seen / n;
}

void geo_ground_count_tile(const uint64_t *bits, const uint8_t *counts, uint64_t cells[4])
{
    for (int row = 0; row < GEO_TILE_CELLS; row++) {
        if (bits[row] == 0)
            continue;
        cells[0] += (uint64_t)__builtin_popcountll(bits[row]);
        for (uint8_t k = 1; counts && k <= 3; k++) {
            uint64_t seen = geo_cover_row_seen(counts + row * GEO_TILE_CELLS, k) & bits[row];
            if (seen == 0)
                break;
            cells[k] += (uint64_t)__builtin_popcountll(seen);
        }
    }
}

GeoCoverShare geo_ground_share(const GeoGround *ground, const GeoCover *cover)
{
    GeoCoverShare share = {0};
    size_t n;
    const GeoStretch *stretches = geo_ground_stretches(ground, &n);
    for (size_t i = 0; i < n; i++)
        sample(ground, cover, &stretches[i], &share.street_m, &share.street_seen_m);
    uint64_t cells[4] = {0}; /* ground; seen by at least 1, 2, 3 */
    for (size_t y = 0; y < ground->tiles_y; y++)
        for (size_t x = 0; x < ground->tiles_x; x++) {
            const uint64_t *bits = ground->tile[y * ground->tiles_x + x];
            if (bits)
                geo_ground_count_tile(bits, geo_cover_tile(cover, (int64_t)x, (int64_t)y), cells);
        }
    double cell_m2 = geo_scan_cell_m(ground->scan) * geo_scan_cell_m(ground->scan);
    share.ground_m2 = (double)cells[0] * cell_m2;
    share.ground_seen_m2 = (double)cells[1] * cell_m2;
    share.seen_k_m2[0] = (double)(cells[1] - cells[2]) * cell_m2;
    share.seen_k_m2[1] = (double)(cells[2] - cells[3]) * cell_m2;
    share.seen_k_m2[2] = (double)cells[3] * cell_m2;
    return share;
}

void geo_ground_share_by(const GeoGround *ground, const GeoCover *cover, const int32_t *group,
                         size_t n_groups, double *street_m, double *seen_m)
{
    size_t n;
    const GeoStretch *stretches = geo_ground_stretches(ground, &n);
    memset(street_m, 0, n_groups * sizeof *street_m);
    memset(seen_m, 0, n_groups * sizeof *seen_m);
    for (size_t i = 0; i < n; i++)
        if (group[i] >= 0 && (size_t)group[i] < n_groups)
            sample(ground, cover, &stretches[i], &street_m[group[i]], &seen_m[group[i]]);
}
