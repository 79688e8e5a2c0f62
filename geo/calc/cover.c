/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Counts of one byte in tiles of 64 x 64 cells, made when first touched and kept in blocks of 512.
 * A view polygon becomes spans of whole cells (scan.c); taking it away again walks the very same
 * spans, so a move restores the raster to the bit. */
#include "geo/calc/cover.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "geo/calc/scan.h"

#define TILE_BYTES (GEO_TILE_CELLS * GEO_TILE_CELLS)
#define BLOCK_TILES 512 /* 2 MB: one page, where the system has large ones */
#define BLOCK_BYTES (BLOCK_TILES * TILE_BYTES)

struct GeoCover {
    GeoScan *scan;     /* owned: the frame */
    uint8_t **tile;    /* tiles_x * tiles_y, owned; what it points at lies in blocks */
    GPtrArray *blocks; /* of BLOCK_TILES tiles, owned */
    size_t tiles_x, tiles_y, n_tiles;
};

GeoCover *geo_cover_new(const GeoBox *box, double cell_m)
{
    g_return_val_if_fail(cell_m > 0, NULL);
    GeoCover *cover = g_new0(GeoCover, 1);
    cover->scan = geo_scan_new(box, cell_m);
    cover->tiles_x = ((size_t)geo_scan_columns(cover->scan) - 1) / GEO_TILE_CELLS + 1;
    cover->tiles_y = ((size_t)geo_scan_rows(cover->scan) - 1) / GEO_TILE_CELLS + 1;
    cover->tile = g_new0(uint8_t *, cover->tiles_x * cover->tiles_y);
    cover->blocks = g_ptr_array_new_with_free_func(free);
    return cover;
}

void geo_cover_free(GeoCover *cover)
{
    if (!cover)
        return;
    geo_scan_free(cover->scan);
    g_free(cover->tile);
    g_ptr_array_unref(cover->blocks);
    g_free(cover);
}

double geo_cover_cell_m(const GeoCover *cover)
{
    return geo_scan_cell_m(cover->scan);
}

void geo_cover_size(const GeoCover *cover, int64_t *columns, int64_t *rows, GeoXY *origin)
{
    *columns = geo_scan_columns(cover->scan);
    *rows = geo_scan_rows(cover->scan);
    *origin = geo_scan_origin(cover->scan);
}

/* Zeroed at once: with small pages a first look and a first write cost a fault each. */
static uint8_t *block_make(void)
{
    uint8_t *block = aligned_alloc(BLOCK_BYTES, BLOCK_BYTES);
    if (!block)
        g_error("no memory for counts");
#ifdef MADV_HUGEPAGE
    madvise(block, BLOCK_BYTES, MADV_HUGEPAGE);
#endif
    return memset(block, 0, BLOCK_BYTES);
}

static uint8_t *tile_make(GeoCover *cover)
{
    if (cover->n_tiles % BLOCK_TILES == 0)
        g_ptr_array_add(cover->blocks, block_make());
    uint8_t *block = g_ptr_array_index(cover->blocks, cover->blocks->len - 1);
    return block + TILE_BYTES * (cover->n_tiles++ % BLOCK_TILES);
}

/* Sixteen counts of a row, and which of them a span takes: 1 or 0. */
typedef uint8_t Sixteen __attribute__((vector_size(16)));

static const uint8_t steps[3 * GEO_TILE_CELLS] = {
#define FOUR 1, 1, 1, 1
#define SIXTEEN FOUR, FOUR, FOUR, FOUR
    [GEO_TILE_CELLS] = SIXTEEN, SIXTEEN, SIXTEEN, SIXTEEN};

static inline Sixteen load(const uint8_t *bytes)
{
    Sixteen value;
    memcpy(&value, bytes, sizeof value);
    return value;
}

/* The cells from .. to - 1 of a tile's row, sixteen at a time; 255 stays, and 0 does when lowered.
 */
static inline void change_counts(uint8_t *counts, int32_t from, int32_t to, bool add)
{
    const uint8_t *begun = steps + GEO_TILE_CELLS - from, *open = steps + 2 * GEO_TILE_CELLS - to;
    for (int32_t i = from & ~15; i < to; i += 16) {
        Sixteen old = load(counts + i);
        Sixteen one = load(begun + i) & load(open + i) & (Sixteen)(old != UINT8_MAX);
        Sixteen new = add ? old + one : old - (one & (Sixteen)(old != 0));
        memcpy(counts + i, &new, sizeof new);
    }
}

static inline void change_spans(GeoCover *cover, const GeoSpan *spans, size_t n, bool add)
{
    for (size_t i = 0; i < n; i++) {
        uint32_t row = (uint32_t)spans[i].row;
        uint32_t first = (uint32_t)spans[i].from / GEO_TILE_CELLS;
        uint32_t last = (uint32_t)(spans[i].to - 1) / GEO_TILE_CELLS;
        uint8_t **tiles = cover->tile + (size_t)(row / GEO_TILE_CELLS) * cover->tiles_x;
        size_t in_tile = (size_t)(row % GEO_TILE_CELLS) * GEO_TILE_CELLS;
        for (uint32_t t = first; t <= last; t++) {
            int32_t west = (int32_t)(t * GEO_TILE_CELLS);
            if (!tiles[t]) {
                if (!add)
                    continue;
                tiles[t] = tile_make(cover);
            }
            change_counts(tiles[t] + in_tile, MAX(spans[i].from - west, 0),
                          MIN(spans[i].to - west, GEO_TILE_CELLS), add);
        }
    }
}

static void change(GeoCover *cover, const GeoXY *points, size_t n, const uint32_t *part_first,
                   size_t n_parts, bool add)
{
    size_t n_spans;
    const GeoSpan *spans = geo_scan_polygon(cover->scan, points, n, n_parts > 1 ? part_first : NULL,
                                            n_parts, &n_spans);
    if (add)
        change_spans(cover, spans, n_spans, true);
    else
        change_spans(cover, spans, n_spans, false);
}

void geo_cover_add(GeoCover *cover, const GeoXY *polygon, size_t n)
{
    change(cover, polygon, n, NULL, 1, true);
}

void geo_cover_remove(GeoCover *cover, const GeoXY *polygon, size_t n)
{
    change(cover, polygon, n, NULL, 1, false);
}

void geo_cover_add_rings(GeoCover *cover, const GeoXY *points, size_t n, const uint32_t *part_first,
                         size_t n_parts)
{
    change(cover, points, n, part_first, n_parts, true);
}

void geo_cover_remove_rings(GeoCover *cover, const GeoXY *points, size_t n,
                            const uint32_t *part_first, size_t n_parts)
{
    change(cover, points, n, part_first, n_parts, false);
}

const uint8_t *geo_cover_tile(const GeoCover *cover, int64_t tile_x, int64_t tile_y)
{
    if (tile_x < 0 || tile_y < 0 || (size_t)tile_x >= cover->tiles_x ||
        (size_t)tile_y >= cover->tiles_y)
        return NULL;
    return cover->tile[(size_t)tile_y * cover->tiles_x + (size_t)tile_x];
}

uint8_t geo_cover_at(const GeoCover *cover, GeoXY p)
{
    GeoXY origin = geo_scan_origin(cover->scan);
    double cell_m = geo_scan_cell_m(cover->scan);
    double x = (p.x - origin.x) / cell_m, y = (p.y - origin.y) / cell_m;
    if (!(x >= 0 && y >= 0 && x < geo_scan_columns(cover->scan) && y < geo_scan_rows(cover->scan)))
        return 0;
    size_t column = (size_t)x, row = (size_t)y;
    const uint8_t *tile =
        cover->tile[row / GEO_TILE_CELLS * cover->tiles_x + column / GEO_TILE_CELLS];
    return tile ? tile[row % GEO_TILE_CELLS * GEO_TILE_CELLS + column % GEO_TILE_CELLS] : 0;
}

void geo_cover_row(const GeoCover *cover, int64_t x, int64_t y, size_t n, uint8_t *counts)
{
    memset(counts, 0, n);
    if (y < 0 || y >= geo_scan_rows(cover->scan))
        return;
    int64_t end = MIN(x + (int64_t)n, geo_scan_columns(cover->scan));
    for (int64_t from = MAX(x, 0); from < end;) {
        int64_t to = MIN(end, (from / GEO_TILE_CELLS + 1) * GEO_TILE_CELLS);
        const uint8_t *tile = geo_cover_tile(cover, from / GEO_TILE_CELLS, y / GEO_TILE_CELLS);
        if (tile)
            memcpy(counts + (from - x),
                   tile + y % GEO_TILE_CELLS * GEO_TILE_CELLS + from % GEO_TILE_CELLS,
                   (size_t)(to - from));
        from = to;
    }
}

/* Eight counts at a time: adding 128 - k carries into the top bit just when a count of up to 127 is
 * at least k; a multiplication gathers the top bits. */
uint64_t geo_cover_row_seen(const uint8_t *counts, uint8_t k)
{
    const uint64_t ones = 0x0101010101010101u, low = 0x7f7f7f7f7f7f7f7fu;
    uint64_t seen = 0;
    for (int i = 0; i < GEO_TILE_CELLS / 8; i++) {
        uint64_t eight;
        memcpy(&eight, counts + 8 * i, sizeof eight);
        eight = GUINT64_FROM_LE(eight);
        uint64_t top = (((eight & low) + ones * (128u - k)) | eight) >> 7 & ones;
        seen |= (top * 0x0102040810204080u >> 56) << (8 * i);
    }
    return seen;
}

double geo_cover_area_m2(const GeoCover *cover, uint8_t k)
{
    uint64_t cells = 0;
    for (size_t t = 0; t < cover->n_tiles; t++) {
        const uint8_t *block = g_ptr_array_index(cover->blocks, t / BLOCK_TILES);
        const uint8_t *tile = block + TILE_BYTES * (t % BLOCK_TILES);
        for (size_t i = 0; i < TILE_BYTES; i++)
            cells += tile[i] >= k;
    }
    return (double)cells * geo_cover_cell_m(cover) * geo_cover_cell_m(cover);
}
