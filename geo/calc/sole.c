/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Ground that just one camera sees is where the count is 1, so a field's own share of it is what
 * lies in its spans. Street metres are the same places that ground.c samples: those of count 1 are
 * kept by row and column once, and a span finds its own by bisection. */
#include "geo/calc/sole.h"

#include <math.h>
#include <stdlib.h>

#include "geo/calc/census.h"
#include "geo/calc/runs.h"
#include "geo/calc/scan.h"

#define PATCH 8 /* cells that share a weight, a side, as in gaps.c */

typedef struct {
    int32_t row, column;
    float metres;
} Sample;

struct GeoSole {
    const GeoGround *ground; /* borrowed */
    const GeoCover *cover;   /* borrowed */
    GeoScan *scan;           /* owned: of the same frame */
    Sample *samples;         /* owned, by row and column */
    uint32_t *row0;          /* rows + 1: where each row's samples begin; owned */
    GArray *runs;            /* GeoRun, scratch */
    GArray *piece;           /* uint32_t per run, scratch */
};

static int compare_columns(const void *pa, const void *pb)
{
    const Sample *a = pa, *b = pb;
    return a->column < b->column ? -1 : a->column > b->column;
}

/* The places along the stretches that one camera sees, in any order. */
static GArray *sample_streets(const GeoSole *sole)
{
    GArray *samples = g_array_new(FALSE, FALSE, sizeof(Sample));
    GeoXY origin = geo_scan_origin(sole->scan);
    double cell_m = geo_scan_cell_m(sole->scan);
    size_t n_stretches;
    const GeoStretch *all = geo_ground_stretches(sole->ground, &n_stretches);
    for (size_t s = 0; s < n_stretches; s++) {
        double dx = all[s].b.x - all[s].a.x, dy = all[s].b.y - all[s].a.y;
        long n = geo_ground_samples(&all[s]);
        for (long i = 0; i < n; i++) {
            double share = ((double)i + 0.5) / (double)n;
            GeoXY p = {all[s].a.x + share * dx, all[s].a.y + share * dy};
            if (geo_cover_at(sole->cover, p) != 1 || !geo_ground_at(sole->ground, p))
                continue;
            Sample sample = {(int32_t)((p.y - origin.y) / cell_m),
                             (int32_t)((p.x - origin.x) / cell_m),
                             (float)(hypot(dx, dy) / (double)n)};
            g_array_append_val(samples, sample);
        }
    }
    return samples;
}

/* By counting rows, then within each by column. */
static void sort_samples(GeoSole *sole, const GArray *samples)
{
    size_t rows = (size_t)geo_scan_rows(sole->scan);
    sole->row0 = g_new0(uint32_t, rows + 1);
    sole->samples = g_new(Sample, MAX(samples->len, 1));
    for (guint i = 0; i < samples->len; i++)
        sole->row0[g_array_index(samples, Sample, i).row + 1]++;
    for (size_t r = 0; r < rows; r++)
        sole->row0[r + 1] += sole->row0[r];
    g_autofree uint32_t *next = g_memdup2(sole->row0, (rows + 1) * sizeof *next);
    for (guint i = 0; i < samples->len; i++) {
        const Sample *sample = &g_array_index(samples, Sample, i);
        sole->samples[next[sample->row]++] = *sample;
    }
    for (size_t r = 0; r < rows; r++)
        qsort(sole->samples + sole->row0[r], sole->row0[r + 1] - sole->row0[r],
              sizeof *sole->samples, compare_columns);
}

GeoSole *geo_sole_new(const GeoGround *ground, const GeoCover *cover)
{
    GeoSole *sole = g_new0(GeoSole, 1);
    sole->ground = ground;
    sole->cover = cover;
    sole->scan = geo_census_scan(cover);
    sole->runs = g_array_new(FALSE, FALSE, sizeof(GeoRun));
    sole->piece = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    g_autoptr(GArray) samples = sample_streets(sole);
    sort_samples(sole, samples);
    return sole;
}

void geo_sole_free(GeoSole *sole)
{
    if (!sole)
        return;
    geo_scan_free(sole->scan);
    g_free(sole->samples);
    g_free(sole->row0);
    g_array_unref(sole->runs);
    g_array_unref(sole->piece);
    g_free(sole);
}

static double street_in(const GeoSole *sole, const GeoSpan *span)
{
    uint32_t low = sole->row0[span->row], end = sole->row0[span->row + 1], high = end;
    double metres = 0;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (sole->samples[middle].column < span->from)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < end && sole->samples[low].column < span->to; low++)
        metres += (double)sole->samples[low].metres;
    return metres;
}

/* Cells of the span within tile column tile_x that one camera sees. */
static uint64_t sole_word(const GeoSole *sole, const GeoSpan *span, int32_t tile_x)
{
    int32_t tile_y = span->row / GEO_TILE_CELLS, row = span->row % GEO_TILE_CELLS;
    const uint64_t *bits = geo_ground_tile(sole->ground, tile_x, tile_y);
    const uint8_t *counts = geo_cover_tile(sole->cover, tile_x, tile_y);
    if (!bits || !counts || bits[row] == 0)
        return 0;
    int32_t west = tile_x * GEO_TILE_CELLS;
    int32_t from = MAX(span->from - west, 0), to = MIN(span->to - west, GEO_TILE_CELLS);
    uint64_t mask = UINT64_MAX >> (GEO_TILE_CELLS - (to - from)) << from;
    counts += row * GEO_TILE_CELLS;
    return bits[row] & mask & geo_cover_row_seen(counts, 1) & ~geo_cover_row_seen(counts, 2);
}

void geo_sole_measure(GeoSole *sole, const GeoXY *points, const uint32_t *part_first,
                      size_t n_parts, size_t n_points, double *street_m, double *ground_m2)
{
    size_t n;
    const GeoSpan *spans = geo_scan_polygon(sole->scan, points, n_points, part_first, n_parts, &n);
    double cell_m = geo_scan_cell_m(sole->scan);
    uint64_t cells = 0;
    *street_m = 0;
    for (size_t i = 0; i < n; i++) {
        *street_m += street_in(sole, &spans[i]);
        for (int32_t x = spans[i].from / GEO_TILE_CELLS; x * GEO_TILE_CELLS < spans[i].to; x++)
            cells += (uint64_t)__builtin_popcountll(sole_word(sole, &spans[i], x));
    }
    *ground_m2 = (double)cells * cell_m * cell_m;
}

/* ---- pieces ---- */

static void label_spans(GeoSole *sole, const GeoSpan *spans, size_t n)
{
    g_array_set_size(sole->runs, 0);
    guint before = 0, before_end = 0, begin = 0;
    for (size_t i = 0; i < n; i++) {
        for (int32_t x = spans[i].from / GEO_TILE_CELLS; x * GEO_TILE_CELLS < spans[i].to; x++)
            geo_runs_add_word(sole->runs, sole_word(sole, &spans[i], x), spans[i].row,
                              x * GEO_TILE_CELLS);
        if (i + 1 < n && spans[i + 1].row == spans[i].row)
            continue;
        geo_runs_join_rows(sole->runs, before, before_end, begin);
        bool next_row = i + 1 < n && spans[i + 1].row == spans[i].row + 1;
        before = next_row ? begin : sole->runs->len;
        before_end = begin = sole->runs->len;
    }
}

static void add_run(const GeoSole *sole, const GeoRun *run, GeoWeightFunc weight, void *user,
                    GeoGap *piece, double *best)
{
    GeoXY origin = geo_scan_origin(sole->scan);
    double cell_m = geo_scan_cell_m(sole->scan);
    double y = origin.y + (run->row + 0.5) * cell_m;
    geo_box_add(&piece->box, (GeoXY){origin.x + run->from * cell_m, y - cell_m / 2});
    geo_box_add(&piece->box, (GeoXY){origin.x + run->to * cell_m, y + cell_m / 2});
    piece->area_m2 += (run->to - run->from) * cell_m * cell_m;
    for (int32_t column = run->from; column < run->to;) {
        int32_t patch = column / PATCH * PATCH, end = MIN(run->to, patch + PATCH);
        GeoXY middle = {origin.x + (patch + PATCH / 2.0) * cell_m,
                        origin.y + (run->row / PATCH * PATCH + PATCH / 2.0) * cell_m};
        double of_patch = weight ? fmax(weight(middle, user), 0) : 1;
        piece->weight += of_patch * (end - column) * cell_m * cell_m;
        if (of_patch > *best) {
            *best = of_patch;
            piece->at = (GeoXY){origin.x + (column + 0.5) * cell_m, y};
        }
        column = end;
    }
}

void geo_sole_pieces(GeoSole *sole, const GeoXY *points, const uint32_t *part_first, size_t n_parts,
                     size_t n_points, double min_m2, GeoWeightFunc weight, void *user,
                     GArray *pieces)
{
    size_t n;
    const GeoSpan *spans = geo_scan_polygon(sole->scan, points, n_points, part_first, n_parts, &n);
    label_spans(sole, spans, n);
    GeoRun *runs = (GeoRun *)(void *)sole->runs->data;
    guint first = pieces->len, kept = pieces->len;
    g_array_set_size(sole->piece, sole->runs->len);
    g_autoptr(GArray) best = g_array_new(FALSE, FALSE, sizeof(double));
    for (guint i = 0; i < sole->runs->len; i++) {
        uint32_t root = geo_runs_root(runs, i);
        if (root == i) {
            GeoGap piece = {.box = GEO_BOX_EMPTY};
            double none = -1;
            g_array_index(sole->piece, uint32_t, i) = pieces->len;
            g_array_append_val(pieces, piece);
            g_array_append_val(best, none);
        }
        uint32_t at = g_array_index(sole->piece, uint32_t, root);
        add_run(sole, &runs[i], weight, user, &g_array_index(pieces, GeoGap, at),
                &g_array_index(best, double, at - first));
    }
    for (guint i = first; i < pieces->len; i++)
        if (g_array_index(pieces, GeoGap, i).area_m2 >= min_m2)
            g_array_index(pieces, GeoGap, kept++) = g_array_index(pieces, GeoGap, i);
    g_array_set_size(pieces, kept);
}
