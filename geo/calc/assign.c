/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least sum over a full matrix. Of each row only its cheapest few columns are kept, found in
 * one pass over the matrix; a row's price says whether a column that was left out could matter: no
 * column is priced above 0, so one that costs no less than the price of the row cannot. */
#include "geo/calc/assign.h"

#include <math.h>
#include <string.h>

#define COST double
#define PATH_NAME(name) plain_##name
#define PATH_FAR INFINITY
#include "geo/calc/assign-path.inc"

#define FEW 24 /* cheapest columns of a row to begin with */
#define BLOCK 64

typedef struct {
    const double *cost;
    size_t n_rows, n_columns;
    size_t *few;     /* asked of each row */
    double *beyond;  /* what was left out costs at least so much */
    GArray *column;  /* uint32_t */
    GArray *kept;    /* double */
    uint32_t *first; /* n_rows + 1 */
    double *least;   /* of each block of a row */
    double *sorted;  /* the same, for choosing */
} Cheapest;

/* The least of a block, eight at a time beside each other. The matrix is read once and is larger
 * than what a processor keeps near: asked for four kilobytes ahead it comes in half the time. */
static double least_of(const double *values, size_t n)
{
    enum { WIDE = 8, AHEAD = 512 };
    double least[WIDE];
    size_t i = 0;
    for (size_t k = 0; k < WIDE; k++)
        least[k] = INFINITY;
    for (; i + WIDE <= n; i += WIDE) {
        __builtin_prefetch(values + i + AHEAD);
        for (size_t k = 0; k < WIDE; k++)
            least[k] = values[i + k] < least[k] ? values[i + k] : least[k];
    }
    for (; i < n; i++)
        least[0] = values[i] < least[0] ? values[i] : least[0];
    for (size_t half = WIDE / 2; half; half /= 2)
        for (size_t k = 0; k < half; k++)
            least[k] = MIN(least[k], least[k + half]);
    return least[0];
}

/* The rank-th least of n, 0 the first; Hoare's selection, which puts the values out of order. */
static double select_rank(double *values, size_t n, size_t rank)
{
    size_t low = 0, high = n - 1;
    while (low < high) {
        double pivot = values[(low + high) / 2];
        size_t i = low, j = high;
        for (;;) {
            while (values[i] < pivot)
                i++;
            while (values[j] > pivot)
                j--;
            if (i >= j)
                break;
            double swap = values[i];
            values[i++] = values[j];
            values[j--] = swap;
        }
        if (rank <= j)
            high = j;
        else
            low = j + 1;
    }
    return values[rank];
}

static void keep(Cheapest *cheapest, const double *row, size_t from, size_t to, double limit)
{
    for (size_t i = from; i < to; i++)
        if (row[i] <= limit && row[i] < INFINITY) {
            uint32_t column = (uint32_t)i;
            g_array_append_val(cheapest->column, column);
            g_array_append_val(cheapest->kept, row[i]);
        }
}

/* As many blocks as columns are wanted have one that is no dearer than the limit: so that many
 * columns at least are kept, and only those blocks are looked into. */
static void choose_row(Cheapest *cheapest, size_t r)
{
    const double *row = cheapest->cost + r * cheapest->n_columns;
    size_t n = cheapest->n_columns, n_blocks = (n + BLOCK - 1) / BLOCK;
    for (size_t b = 0; b < n_blocks; b++)
        cheapest->least[b] = least_of(row + b * BLOCK, MIN(BLOCK, n - b * BLOCK));
    double limit = INFINITY;
    if (cheapest->few[r] < n_blocks) {
        memcpy(cheapest->sorted, cheapest->least, n_blocks * sizeof(double));
        limit = select_rank(cheapest->sorted, n_blocks, cheapest->few[r] - 1);
    }
    for (size_t b = 0; b < n_blocks; b++)
        if (cheapest->least[b] <= limit)
            keep(cheapest, row, b * BLOCK, MIN(b * BLOCK + BLOCK, n), limit);
    cheapest->beyond[r] = limit;
    cheapest->first[r + 1] = cheapest->column->len;
}

static void choose(Cheapest *cheapest)
{
    g_array_set_size(cheapest->column, 0);
    g_array_set_size(cheapest->kept, 0);
    cheapest->first[0] = 0;
    for (size_t r = 0; r < cheapest->n_rows; r++)
        choose_row(cheapest, r);
}

/* Rows for which what was left out could still matter ask for more. */
static size_t widen(Cheapest *cheapest, const plain_Paths *paths)
{
    size_t n = 0;
    for (size_t r = 0; r < cheapest->n_rows; r++) {
        bool unserved = paths->column_of[r] == GEO_ASSIGN_NOBODY;
        if (!(cheapest->beyond[r] < INFINITY) ||
            (!unserved && paths->price_row[r] <= cheapest->beyond[r]))
            continue;
        cheapest->few[r] *= 8;
        n++;
    }
    return n;
}

static GeoAssignFacts facts_of(const Cheapest *cheapest, const plain_Paths *paths)
{
    GeoAssignFacts facts = {0};
    for (size_t r = 0; r < cheapest->n_rows; r++) {
        int32_t column = paths->column_of[r];
        if (column == GEO_ASSIGN_NOBODY)
            continue;
        facts.served++;
        facts.sum += cheapest->cost[r * cheapest->n_columns + (size_t)column];
        facts.bound += paths->price_row[r] + paths->price_column[column];
    }
    return facts;
}

GeoAssignFacts geo_assign_least(const double *cost, size_t n_rows, size_t n_columns,
                                int32_t *column_of)
{
    Cheapest cheapest = {.cost = cost, .n_rows = n_rows, .n_columns = n_columns};
    cheapest.few = g_new(size_t, MAX(n_rows, 1));
    cheapest.beyond = g_new(double, MAX(n_rows, 1));
    cheapest.first = g_new(uint32_t, n_rows + 1);
    cheapest.least = g_new(double, n_columns / BLOCK + 1);
    cheapest.sorted = g_new(double, n_columns / BLOCK + 1);
    cheapest.column = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    cheapest.kept = g_array_new(FALSE, FALSE, sizeof(double));
    for (size_t r = 0; r < n_rows; r++)
        cheapest.few[r] = FEW;
    GeoAssignFacts facts = {0};
    for (size_t widened = 0, more = 1; more;) {
        plain_Paths paths;
        choose(&cheapest);
        plain_begin(&paths, n_rows, n_columns, cheapest.first,
                    (const uint32_t *)(void *)cheapest.column->data,
                    (const double *)(void *)cheapest.kept->data, column_of);
        plain_solve(&paths);
        more = widen(&cheapest, &paths);
        widened += more;
        facts = facts_of(&cheapest, &paths);
        facts.widened = widened;
        plain_end(&paths);
    }
    g_free(cheapest.few);
    g_free(cheapest.beyond);
    g_free(cheapest.first);
    g_free(cheapest.least);
    g_free(cheapest.sorted);
    g_array_unref(cheapest.column);
    g_array_unref(cheapest.kept);
    return facts;
}
