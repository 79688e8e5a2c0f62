/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Who goes where when many wait at once: rows (what waits) to columns (who can go), one each. Two
 * objectives, both proven optimal: the least sum, and the dispatcher's order of wishes. By shortest
 * augmenting paths with dual prices (Jonker and Volgenant 1987) on few edges a row; what is left
 * out is proven by the prices never to matter. */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/progress.h"

#define GEO_ASSIGN_NOBODY (-1)

typedef struct {
    double sum;     /* of the rows that are served */
    size_t served;  /* rows that got a column */
    double bound;   /* what the prices prove: no assignment of these rows sums to less */
    size_t widened; /* rows whose first few columns did not prove it */
} GeoAssignFacts;

/* The least sum over a full matrix: cost[row * n_columns + column], INFINITY (or NAN) where the two
 * do not go together. column_of has room for n_rows; a row for which nobody is left is NOBODY: rows
 * are served in their order, so an earlier one is never given up for a later one, and among the
 * assignments that serve the same rows the sum is least. O(rows * columns) to read the matrix once,
 * then little: 500 x 18,397 in some ms. */
GeoAssignFacts geo_assign_least(const double *cost, size_t n_rows, size_t n_columns,
                                int32_t *column_of);

/* Something that waits for somebody. An incident that needs two units is two of these. */
typedef struct {
    uint32_t first, n; /* its edges */
    int priority;      /* 1 the most urgent to GEO_ASSIGN_PRIORITIES */
} GeoAssignRow;

#define GEO_ASSIGN_PRIORITIES 4

typedef struct {
    uint32_t column;
    uint32_t time_ms; /* of response */
} GeoAssignEdge;

/* The best by these wishes, each to be met before the next is looked at:
 * 1. as many rows of priority 1 are served as can be, then of 2, 3, 4;
 * 2. the longest time among those of priority 1 is as short as can be, then of 2, 3, 4;
 * 3. the sum of loss[column] (what it leaves uncovered, from 0 to GEO_ASSIGN_MAX_LOSS; NULL: none)
 *    is least;
 * 4. the sum of the times is least.
 * Edges of a row may be in any order, a pair at most once. column_of has room for n_rows. False
 * when it is cancelled. longest_ms, by priority from 1 (may be NULL): what wish 2 came to, 0 where
 * nobody is served. Proven: the first two by trying every threshold that is less, the rest by
 * prices. O(log(times) * rows * edges) at most: some ms for 200 rows of 220 edges, 20 ms for 500
 * rows and 200 columns, 0.5 s for 1,000 and 1,000. */
bool geo_assign_wishes(const GeoAssignRow *rows, size_t n_rows, const GeoAssignEdge *edges,
                       size_t n_columns, const uint32_t *loss, int32_t *column_of,
                       uint32_t longest_ms[GEO_ASSIGN_PRIORITIES], GeoProgress *progress);

#define GEO_ASSIGN_MAX_ROWS 1000
#define GEO_ASSIGN_MAX_LOSS UINT32_C(1000000000)
