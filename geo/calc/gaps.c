/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Unseen ground of a row is words of bits, whose runs are labelled block by block (runs.h) and
 * summed by piece. An outline labels its block once more and walks the borders of the one piece, so
 * nothing but sums is kept for the pieces that nobody asks about. */
#include "geo/calc/gaps.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/calc/runs.h"

#define PATCH 8 /* cells that share a weight, a side */

typedef struct {
    GeoGap gap;
    uint32_t block_x, block_y; /* in blocks */
    uint32_t seed_row, seed_column;
    uint64_t cells;
    double best;
} Piece;

struct GeoGaps {
    const GeoGround *ground; /* borrowed */
    const GeoCover *cover;   /* borrowed */
    GeoXY origin;
    double cell_m;
    int32_t block_tiles; /* a side */
    double min_m2;
    Piece *pieces; /* owned, ranked */
    GeoGap *gaps;  /* owned, the same order */
    size_t n;
};

typedef struct {
    const GeoGaps *gaps;
    GeoWeightFunc weight;
    void *user;
    GArray *runs;    /* GeoRun of the block at hand */
    double *patch;   /* weights of the block's patches; NAN: not asked yet */
    int32_t patches; /* a side */
    uint32_t x, y;   /* of the block */
} Block;

/* Unseen ground of the block as joined runs, row by row. */
static void label_block(const GeoGaps *gaps, uint32_t block_x, uint32_t block_y, GArray *runs)
{
    int32_t side = gaps->block_tiles;
    g_array_set_size(runs, 0);
    guint before = 0, before_end = 0; /* runs of the row before */
    for (int32_t row = 0; row < side * GEO_TILE_CELLS; row++) {
        guint begin = runs->len;
        int64_t tile_y = (int64_t)block_y * side + row / GEO_TILE_CELLS;
        for (int32_t k = 0; k < side; k++) {
            int64_t tile_x = (int64_t)block_x * side + k;
            const uint64_t *bits = geo_ground_tile(gaps->ground, tile_x, tile_y);
            uint64_t unseen = bits ? bits[row % GEO_TILE_CELLS] : 0;
            const uint8_t *counts = unseen ? geo_cover_tile(gaps->cover, tile_x, tile_y) : NULL;
            if (counts)
                unseen &= ~geo_cover_row_seen(counts + row % GEO_TILE_CELLS * GEO_TILE_CELLS, 1);
            geo_runs_add_word(runs, unseen, row, k * GEO_TILE_CELLS);
        }
        geo_runs_join_rows(runs, before, before_end, begin);
        before = begin;
        before_end = runs->len;
    }
}

static GeoXY cell_middle(const GeoGaps *gaps, const Block *block, double row, double column)
{
    double cells = (double)gaps->block_tiles * GEO_TILE_CELLS;
    return (GeoXY){gaps->origin.x + (block->x * cells + column + 0.5) * gaps->cell_m,
                   gaps->origin.y + (block->y * cells + row + 0.5) * gaps->cell_m};
}

static double patch_weight(Block *block, int32_t row, int32_t column)
{
    if (!block->weight)
        return 1;
    double *weight = &block->patch[row / PATCH * block->patches + column / PATCH];
    if (isnan(*weight)) {
        double half = (PATCH - 1) / 2.0;
        GeoXY middle = cell_middle(block->gaps, block, row / PATCH * PATCH + half,
                                   column / PATCH * PATCH + half);
        *weight = fmax(block->weight(middle, block->user), 0);
    }
    return *weight;
}

static void add_run_to_piece(Block *block, const GeoRun *run, Piece *piece)
{
    double cell_m = block->gaps->cell_m;
    GeoXY first = cell_middle(block->gaps, block, run->row, run->from);
    geo_box_add(&piece->gap.box, (GeoXY){first.x - cell_m / 2, first.y - cell_m / 2});
    geo_box_add(&piece->gap.box,
                (GeoXY){first.x + (run->to - run->from - 0.5) * cell_m, first.y + cell_m / 2});
    piece->cells += (uint64_t)(run->to - run->from);
    for (int32_t column = run->from; column < run->to;) {
        int32_t end = MIN(run->to, (column / PATCH + 1) * PATCH);
        double weight = patch_weight(block, run->row, column);
        piece->gap.weight += weight * (end - column) * cell_m * cell_m;
        if (weight > piece->best) {
            piece->best = weight;
            piece->gap.at = cell_middle(block->gaps, block, run->row, column);
        }
        column = end;
    }
}

/* Labels a block and appends its pieces of at least min_m2. number is scratch. */
static void take_block(Block *block, double min_m2, GArray *number, GArray *pieces)
{
    const GeoGaps *gaps = block->gaps;
    label_block(gaps, block->x, block->y, block->runs);
    guint base = pieces->len;
    GeoRun *runs = (GeoRun *)(void *)block->runs->data;
    g_array_set_size(number, block->runs->len);
    for (int32_t i = 0; block->weight && i < block->patches * block->patches; i++)
        block->patch[i] = NAN;
    for (guint i = 0; i < block->runs->len; i++) {
        uint32_t root = geo_runs_root(runs, i);
        if (root == i) {
            Piece piece = {.gap.box = GEO_BOX_EMPTY,
                           .block_x = block->x,
                           .block_y = block->y,
                           .seed_row = (uint32_t)runs[i].row,
                           .seed_column = (uint32_t)runs[i].from,
                           .best = -1};
            g_array_index(number, uint32_t, i) = pieces->len;
            g_array_append_val(pieces, piece);
        }
        uint32_t at = g_array_index(number, uint32_t, root);
        add_run_to_piece(block, &runs[i], &g_array_index(pieces, Piece, at));
    }
    guint kept = base;
    for (guint i = base; i < pieces->len; i++) {
        Piece *piece = &g_array_index(pieces, Piece, i);
        piece->gap.area_m2 = (double)piece->cells * gaps->cell_m * gaps->cell_m;
        if (piece->gap.area_m2 >= min_m2)
            g_array_index(pieces, Piece, kept++) = *piece;
    }
    g_array_set_size(pieces, kept);
}

static int compare_pieces(const void *pa, const void *pb)
{
    const GeoGap *a = &((const Piece *)pa)->gap, *b = &((const Piece *)pb)->gap;
    if (a->weight != b->weight)
        return a->weight > b->weight ? -1 : 1;
    if (a->area_m2 != b->area_m2)
        return a->area_m2 > b->area_m2 ? -1 : 1;
    if (a->at.y != b->at.y)
        return a->at.y < b->at.y ? -1 : 1;
    return a->at.x < b->at.x ? -1 : a->at.x > b->at.x;
}

static bool block_empty(const GeoGaps *gaps, uint32_t x, uint32_t y)
{
    for (int32_t k = 0; k < gaps->block_tiles * gaps->block_tiles; k++)
        if (geo_ground_tile(gaps->ground, (int64_t)x * gaps->block_tiles + k % gaps->block_tiles,
                            (int64_t)y * gaps->block_tiles + k / gaps->block_tiles))
            return false;
    return true;
}

static bool take_blocks(GeoGaps *gaps, Block *block, double min_m2, GArray *pieces,
                        GeoProgress *progress, GError **error)
{
    int64_t columns, rows;
    GeoXY origin;
    geo_cover_size(gaps->cover, &columns, &rows, &origin);
    int64_t cells = (int64_t)gaps->block_tiles * GEO_TILE_CELLS;
    uint32_t blocks_x = (uint32_t)((columns - 1) / cells + 1);
    uint32_t blocks_y = (uint32_t)((rows - 1) / cells + 1);
    g_autoptr(GArray) number = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (block->y = 0; block->y < blocks_y; block->y++) {
        if (!geo_progress_step(progress, (double)block->y / blocks_y, error))
            return false;
        for (block->x = 0; block->x < blocks_x; block->x++)
            if (!block_empty(gaps, block->x, block->y))
                take_block(block, min_m2, number, pieces);
    }
    return true;
}

/* Takes the array. */
static void take_pieces(GeoGaps *gaps, GArray *pieces)
{
    gaps->n = pieces->len;
    gaps->gaps = g_renew(GeoGap, gaps->gaps, MAX(gaps->n, 1));
    for (size_t i = 0; i < gaps->n; i++)
        gaps->gaps[i] = g_array_index(pieces, Piece, i).gap;
    g_free(gaps->pieces);
    gaps->pieces = (Piece *)(void *)g_array_free(pieces, FALSE);
}

GeoGaps *geo_gaps_find(const GeoGround *ground, const GeoCover *cover, double block_m,
                       double min_m2, GeoWeightFunc weight, void *user, GeoProgress *progress,
                       GError **error)
{
    g_autoptr(GeoGaps) gaps = g_new0(GeoGaps, 1);
    int64_t columns, rows;
    gaps->ground = ground;
    gaps->cover = cover;
    gaps->cell_m = geo_cover_cell_m(cover);
    geo_cover_size(cover, &columns, &rows, &gaps->origin);
    double tiles = round(block_m / (GEO_TILE_CELLS * gaps->cell_m));
    gaps->block_tiles = (int32_t)CLAMP(tiles, 1, 64);
    gaps->min_m2 = min_m2;
    Block block = {.gaps = gaps, .weight = weight, .user = user};
    block.patches = gaps->block_tiles * GEO_TILE_CELLS / PATCH;
    g_autofree double *patch = g_new(double, (size_t)block.patches *(size_t)block.patches);
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(GeoRun));
    g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(Piece));
    block.patch = patch;
    block.runs = runs;
    if (!take_blocks(gaps, &block, min_m2, pieces, progress, error))
        return NULL;
    g_array_sort(pieces, compare_pieces);
    take_pieces(gaps, g_steal_pointer(&pieces));
    return g_steal_pointer(&gaps);
}

/* ---- where the cover has changed ---- */

typedef struct {
    uint32_t x0, y0, x1, y1; /* blocks, the last ones too */
} BlockBox;

static bool blocks_of(const GeoGaps *gaps, const GeoBox *box, BlockBox *blocks)
{
    int64_t columns, rows;
    GeoXY origin;
    geo_cover_size(gaps->cover, &columns, &rows, &origin);
    double side_m = gaps->cell_m * gaps->block_tiles * GEO_TILE_CELLS;
    double last_x = ceil((double)columns * gaps->cell_m / side_m) - 1;
    double last_y = ceil((double)rows * gaps->cell_m / side_m) - 1;
    double x0 = fmax(floor((box->min_x - origin.x) / side_m), 0);
    double y0 = fmax(floor((box->min_y - origin.y) / side_m), 0);
    double x1 = fmin(floor((box->max_x - origin.x) / side_m), last_x);
    double y1 = fmin(floor((box->max_y - origin.y) / side_m), last_y);
    if (!(x0 <= x1 && y0 <= y1))
        return false;
    *blocks = (BlockBox){(uint32_t)x0, (uint32_t)y0, (uint32_t)x1, (uint32_t)y1};
    return true;
}

static bool lies_in_blocks(const Piece *piece, const BlockBox *blocks)
{
    return piece->block_x >= blocks->x0 && piece->block_x <= blocks->x1 &&
           piece->block_y >= blocks->y0 && piece->block_y <= blocks->y1;
}

/* Ranked pieces outside of the blocks, and fresh ones in between. */
static GArray *merge_pieces(const GeoGaps *gaps, const BlockBox *blocks, const GArray *fresh)
{
    GArray *merged = g_array_sized_new(FALSE, FALSE, sizeof(Piece), (guint)gaps->n + fresh->len);
    guint next = 0;
    for (size_t i = 0; i < gaps->n; i++) {
        if (lies_in_blocks(&gaps->pieces[i], blocks))
            continue;
        while (next < fresh->len &&
               compare_pieces(&g_array_index(fresh, Piece, next), &gaps->pieces[i]) < 0)
            g_array_append_val(merged, g_array_index(fresh, Piece, next++));
        g_array_append_val(merged, gaps->pieces[i]);
    }
    while (next < fresh->len)
        g_array_append_val(merged, g_array_index(fresh, Piece, next++));
    return merged;
}

void geo_gaps_refresh(GeoGaps *gaps, const GeoBox *box, GeoWeightFunc weight, void *user)
{
    BlockBox blocks;
    if (!blocks_of(gaps, box, &blocks))
        return;
    Block block = {.gaps = gaps, .weight = weight, .user = user};
    block.patches = gaps->block_tiles * GEO_TILE_CELLS / PATCH;
    g_autofree double *patch = g_new(double, (size_t)block.patches *(size_t)block.patches);
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(GeoRun));
    g_autoptr(GArray) number = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) fresh = g_array_new(FALSE, FALSE, sizeof(Piece));
    block.patch = patch;
    block.runs = runs;
    for (block.y = blocks.y0; block.y <= blocks.y1; block.y++)
        for (block.x = blocks.x0; block.x <= blocks.x1; block.x++)
            if (!block_empty(gaps, block.x, block.y))
                take_block(&block, gaps->min_m2, number, fresh);
    g_array_sort(fresh, compare_pieces);
    take_pieces(gaps, merge_pieces(gaps, &blocks, fresh));
}

void geo_gaps_free(GeoGaps *gaps)
{
    if (!gaps)
        return;
    g_free(gaps->pieces);
    g_free(gaps->gaps);
    g_free(gaps);
}

const GeoGap *geo_gaps_all(const GeoGaps *gaps, size_t *n)
{
    *n = gaps->n;
    return gaps->gaps;
}

/* Labels the block of a piece; the piece's first run among runs. */
static uint32_t seed_of(const GArray *runs, const Piece *piece)
{
    const GeoRun *all = (const GeoRun *)(const void *)runs->data;
    uint32_t seed = 0;
    while (all[seed].row != (int32_t)piece->seed_row ||
           all[seed].from != (int32_t)piece->seed_column)
        seed++;
    return seed;
}

static uint32_t find_piece(const GeoGaps *gaps, const Piece *piece, GArray *runs)
{
    label_block(gaps, piece->block_x, piece->block_y, runs);
    return seed_of(runs, piece);
}

/* ---- what another cover sees of them ---- */

static int compare_blocks(const void *pa, const void *pb)
{
    const Piece *a = *(const Piece *const *)pa, *b = *(const Piece *const *)pb;
    if (a->block_y != b->block_y)
        return a->block_y < b->block_y ? -1 : 1;
    return a->block_x < b->block_x ? -1 : a->block_x > b->block_x;
}

static uint64_t count_seen(const GeoGaps *gaps, const Piece *piece, const GeoRun *run,
                           const GeoCover *other, uint8_t *counts)
{
    int64_t side = (int64_t)gaps->block_tiles * GEO_TILE_CELLS;
    size_t n = (size_t)(run->to - run->from);
    uint64_t cells = 0;
    geo_cover_row(other, piece->block_x * side + run->from, piece->block_y * side + run->row, n,
                  counts);
    for (size_t c = 0; c < n; c++)
        cells += counts[c] > 0;
    return cells;
}

/* The pieces of one block; runs, number and counts are scratch. */
static void overlap_block(const GeoGaps *gaps, const Piece *const *pieces, size_t n,
                          const GeoCover *other, GArray *runs, GArray *number, uint8_t *counts,
                          double *m2)
{
    label_block(gaps, pieces[0]->block_x, pieces[0]->block_y, runs);
    GeoRun *all = (GeoRun *)(void *)runs->data;
    g_array_set_size(number, runs->len);
    uint32_t *piece_of = (uint32_t *)(void *)number->data; /* of a run that begins one; else n */
    for (guint k = 0; k < runs->len; k++)
        piece_of[k] = (uint32_t)n;
    for (uint32_t i = 0; i < n; i++)
        piece_of[seed_of(runs, pieces[i])] = i;
    for (guint k = 0; k < runs->len; k++) {
        uint32_t i = piece_of[geo_runs_root(all, k)];
        if (i < n)
            m2[pieces[i] - gaps->pieces] +=
                (double)count_seen(gaps, pieces[i], &all[k], other, counts) * gaps->cell_m *
                gaps->cell_m;
    }
}

void geo_gaps_overlap(const GeoGaps *gaps, const GeoCover *other, double *m2)
{
    g_autofree const Piece **order = g_new(const Piece *, MAX(gaps->n, 1));
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(GeoRun));
    g_autoptr(GArray) number = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autofree uint8_t *counts = g_new(uint8_t, (size_t)gaps->block_tiles * GEO_TILE_CELLS);
    for (size_t i = 0; i < gaps->n; i++) {
        order[i] = &gaps->pieces[i];
        m2[i] = 0;
    }
    qsort(order, gaps->n, sizeof *order, compare_blocks);
    for (size_t i = 0, end; i < gaps->n; i = end) {
        for (end = i + 1; end < gaps->n && compare_blocks(&order[i], &order[end]) == 0;)
            end++;
        overlap_block(gaps, order + i, end - i, other, runs, number, counts, m2);
    }
}

/* ---- outlines ---- */

/* Directions of a border: the piece lies on its left. */
enum { EAST, NORTH, WEST, SOUTH };
static const int step_x[4] = {1, 0, -1, 0}, step_y[4] = {0, 1, 0, -1};

typedef struct {
    int32_t side;  /* cells */
    uint8_t *cell; /* side * side: of the piece */
    uint8_t *out;  /* (side + 1)^2: bit per direction of borders that leave the corner */
} Borders;

static bool is_cell(const Borders *borders, int32_t x, int32_t y)
{
    return x >= 0 && y >= 0 && x < borders->side && y < borders->side &&
           borders->cell[y * borders->side + x];
}

static uint8_t *corner(const Borders *borders, int32_t x, int32_t y)
{
    return &borders->out[y * (borders->side + 1) + x];
}

static void lay_borders(const Borders *borders)
{
    for (int32_t y = 0; y < borders->side; y++)
        for (int32_t x = 0; x < borders->side; x++) {
            if (!is_cell(borders, x, y))
                continue;
            if (!is_cell(borders, x, y - 1))
                *corner(borders, x, y) |= 1 << EAST;
            if (!is_cell(borders, x + 1, y))
                *corner(borders, x + 1, y) |= 1 << NORTH;
            if (!is_cell(borders, x, y + 1))
                *corner(borders, x + 1, y + 1) |= 1 << WEST;
            if (!is_cell(borders, x - 1, y))
                *corner(borders, x, y + 1) |= 1 << SOUTH;
        }
}

/* Walks one ring from a corner and wipes its borders. Where two cells touch by a corner it turns
 * left and so stays on the same cell. */
static void walk_ring(const GeoGaps *gaps, const Piece *piece, const Borders *borders, int32_t x,
                      int32_t y, GArray *points)
{
    int32_t from_x = x, from_y = y;
    int direction = -1;
    double cells = borders->side;
    guint begin = points->len;
    do {
        uint8_t *out = corner(borders, x, y);
        int next = __builtin_ctz(*out);
        for (int turn = 1; direction >= 0 && turn >= -1; turn--)
            if (*out >> ((direction + turn + 4) % 4) & 1) {
                next = (direction + turn + 4) % 4;
                break;
            }
        *out &= (uint8_t) ~(1 << next);
        if (next != direction) {
            GeoXY p = {gaps->origin.x + (piece->block_x * cells + x) * gaps->cell_m,
                       gaps->origin.y + (piece->block_y * cells + y) * gaps->cell_m};
            g_array_append_val(points, p);
        }
        direction = next;
        x += step_x[next];
        y += step_y[next];
    } while (x != from_x || y != from_y);
    GeoXY first = g_array_index(points, GeoXY, begin);
    g_array_append_val(points, first);
}

void geo_gaps_outline(const GeoGaps *gaps, size_t i, GArray *points, GArray *part_first)
{
    g_return_if_fail(i < gaps->n);
    const Piece *piece = &gaps->pieces[i];
    g_autoptr(GArray) runs = g_array_new(FALSE, FALSE, sizeof(GeoRun));
    uint32_t seed = find_piece(gaps, piece, runs);
    GeoRun *all = (GeoRun *)(void *)runs->data;
    int32_t side = gaps->block_tiles * GEO_TILE_CELLS;
    g_autofree uint8_t *cell = g_new0(uint8_t, (size_t)side * (size_t)side);
    g_autofree uint8_t *out = g_new0(uint8_t, (size_t)(side + 1) * (size_t)(side + 1));
    for (guint k = 0; k < runs->len; k++)
        if (geo_runs_root(all, k) == seed)
            memset(cell + all[k].row * side + all[k].from, 1, (size_t)(all[k].to - all[k].from));
    Borders borders = {side, cell, out};
    lay_borders(&borders);
    for (int32_t y = 0; y <= side; y++)
        for (int32_t x = 0; x <= side; x++)
            while (*corner(&borders, x, y)) {
                uint32_t first = points->len;
                g_array_append_val(part_first, first);
                walk_ring(gaps, piece, &borders, x, y, points);
            }
}
