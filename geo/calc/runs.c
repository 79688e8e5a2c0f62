/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/runs.h"

#define WORD_CELLS 64

uint32_t geo_runs_root(GeoRun *runs, uint32_t i)
{
    while (runs[i].parent != i) {
        runs[i].parent = runs[runs[i].parent].parent;
        i = runs[i].parent;
    }
    return i;
}

/* The earlier run stays the root: a piece is known by its first run. */
static void join(GeoRun *runs, uint32_t a, uint32_t b)
{
    a = geo_runs_root(runs, a);
    b = geo_runs_root(runs, b);
    if (a != b)
        runs[MAX(a, b)].parent = MIN(a, b);
}

void geo_runs_add_word(GArray *runs, uint64_t bits, int32_t row, int32_t column)
{
    while (bits != 0) {
        int32_t skip = __builtin_ctzll(bits);
        uint64_t rest = ~(bits >> skip);
        int32_t length = rest ? __builtin_ctzll(rest) : WORD_CELLS;
        GeoRun *last = runs->len > 0 ? &g_array_index(runs, GeoRun, runs->len - 1) : NULL;
        if (last && last->row == row && last->to == column + skip) {
            last->to += length;
        } else {
            GeoRun run = {row, column + skip, column + skip + length, runs->len};
            g_array_append_val(runs, run);
        }
        bits = skip + length < WORD_CELLS ? bits >> (skip + length) << (skip + length) : 0;
    }
}

void geo_runs_join_rows(GArray *runs, guint before, guint before_end, guint begin)
{
    GeoRun *all = (GeoRun *)(void *)runs->data;
    for (guint i = begin, k = before; i < runs->len && k < before_end;) {
        if (all[i].from < all[k].to && all[k].from < all[i].to)
            join(all, i, k);
        if (all[i].to < all[k].to)
            i++;
        else
            k++;
    }
}
