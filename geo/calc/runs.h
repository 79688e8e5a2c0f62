/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Cells in rows, joined into connected pieces: two-pass labelling of runs (Rosenfeld and Pfaltz
 * 1966) with a union-find. */
#include <glib.h>
#include <stdint.h>

typedef struct {
    int32_t row, from, to; /* columns from .. to - 1 */
    uint32_t parent;       /* run; a root is its own */
} GeoRun;

/* The first run of the piece that run i belongs to. */
uint32_t geo_runs_root(GeoRun *runs, uint32_t i);

/* Adds the runs of one word of a row (bit 0 lies at column), and grows the run that reaches it from
 * the west: rows rise, words of a row go east. runs is a GArray of GeoRun. */
void geo_runs_add_word(GArray *runs, uint64_t bits, int32_t row, int32_t column);

/* Joins the runs of the row that was just added, from `begin` on, with those of the row before it,
 * before .. before_end - 1, that they touch along a side. */
void geo_runs_join_rows(GArray *runs, guint before, guint before_end, guint begin);
