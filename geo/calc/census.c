/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/census.h"

#include <math.h>

#define BYTE_CELLS 8 /* that share a weight */

typedef struct {
    uint64_t ground, seen, sole, possible;
    double weight; /* in cells */
} Cells;

GeoScan *geo_census_scan(const GeoCover *cover)
{
    int64_t columns, rows;
    GeoXY origin;
    geo_cover_size(cover, &columns, &rows, &origin);
    double cell_m = geo_cover_cell_m(cover);
    /* To the middle of the last cells, so that rounding makes neither more nor fewer. */
    GeoBox box = {origin.x, origin.y, origin.x + ((double)columns - 0.5) * cell_m,
                  origin.y + ((double)rows - 0.5) * cell_m};
    return geo_scan_new(&box, cell_m);
}

static double weigh(const GeoCensusOf *of, const GeoScan *scan, uint64_t unseen, int32_t row,
                    int32_t west)
{
    GeoXY origin = geo_scan_origin(scan);
    double cell_m = geo_scan_cell_m(scan), sum = 0;
    for (int k = 0; k < GEO_TILE_CELLS / BYTE_CELLS; k++) {
        int cells = __builtin_popcountll(unseen >> (BYTE_CELLS * k) & 0xff);
        GeoXY middle = {origin.x + (west + BYTE_CELLS * (k + 0.5)) * cell_m,
                        origin.y + (row + 0.5) * cell_m};
        if (cells > 0)
            sum += cells * fmax(of->weight(middle, of->user), 0);
    }
    return sum;
}

static void count_word(const GeoCensusOf *of, const GeoScan *scan, const GeoSpan *span,
                       int32_t tile_x, Cells *cells)
{
    int32_t tile_y = span->row / GEO_TILE_CELLS, row = span->row % GEO_TILE_CELLS;
    const uint64_t *bits = geo_ground_tile(of->ground, tile_x, tile_y);
    if (!bits || bits[row] == 0)
        return;
    int32_t west = tile_x * GEO_TILE_CELLS;
    int32_t from = MAX(span->from - west, 0), to = MIN(span->to - west, GEO_TILE_CELLS);
    uint64_t ground = bits[row] & UINT64_MAX >> (GEO_TILE_CELLS - (to - from)) << from;
    const uint8_t *counts = geo_cover_tile(of->cover, tile_x, tile_y);
    const uint8_t *other = of->possible ? geo_cover_tile(of->possible, tile_x, tile_y) : NULL;
    uint64_t seen = counts ? ground & geo_cover_row_seen(counts + row * GEO_TILE_CELLS, 1) : 0;
    cells->ground += (uint64_t)__builtin_popcountll(ground);
    cells->seen += (uint64_t)__builtin_popcountll(seen);
    if (seen) {
        uint64_t twice = seen & geo_cover_row_seen(counts + row * GEO_TILE_CELLS, 2);
        cells->sole += (uint64_t)__builtin_popcountll(seen & ~twice);
    }
    if (other) {
        uint64_t may = ground & ~seen & geo_cover_row_seen(other + row * GEO_TILE_CELLS, 1);
        cells->possible += (uint64_t)__builtin_popcountll(may);
    }
    if (of->weight && ground & ~seen)
        cells->weight += weigh(of, scan, ground & ~seen, span->row, west);
}

GeoCensus geo_census_take(const GeoCensusOf *of, GeoScan *scan, const GeoXY *points,
                          const uint32_t *part_first, size_t n_parts, size_t n_points)
{
    size_t n;
    const GeoSpan *spans = geo_scan_polygon(scan, points, n_points, part_first, n_parts, &n);
    Cells cells = {0};
    for (size_t i = 0; i < n; i++)
        for (int32_t x = spans[i].from / GEO_TILE_CELLS; x * GEO_TILE_CELLS < spans[i].to; x++)
            count_word(of, scan, &spans[i], x, &cells);
    double cell_m2 = geo_scan_cell_m(scan) * geo_scan_cell_m(scan);
    return (GeoCensus){(double)cells.ground * cell_m2, (double)cells.seen * cell_m2,
                       (double)cells.sole * cell_m2, (double)cells.possible * cell_m2,
                       cells.weight * cell_m2};
}
