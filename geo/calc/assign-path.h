/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Shortest augmenting paths with prices, for costs of one type: included with COST, its PATH_NAME
 * and PATH_FAR (more than any path) defined. For geo/calc/assign*.c alone.
 *
 * Edges of row i are first[i] .. first[i + 1] of column and cost. price_row and price_column are
 * dual: cost - price_row - price_column is never below 0 and is 0 on what is assigned; a column
 * that nobody has is priced 0, no column above 0. */

typedef struct {
    size_t n_rows, n_columns;
    const uint32_t *first; /* n_rows + 1 */
    const uint32_t *column;
    const COST *cost;
    COST *price_row, *price_column;
    int32_t *column_of, *row_of; /* NOBODY: none */

    COST *far;      /* of each column, in this search */
    uint32_t *from; /* the row it was reached from */
    uint32_t *mark; /* 2 * search: reached, + 1: done */
    uint32_t search;
    uint32_t *done; /* columns in the order they were */
    struct {
        COST key;
        uint32_t column;
    } * heap;
    size_t n_heap, room;
} PATH_NAME(Paths);

static void PATH_NAME(push)(PATH_NAME(Paths) * paths, COST key, uint32_t column)
{
    if (paths->n_heap == paths->room) {
        paths->room = paths->room ? 2 * paths->room : 256;
        paths->heap = g_realloc_n(paths->heap, paths->room, sizeof *paths->heap);
    }
    size_t i = paths->n_heap++;
    for (; i > 0 && key < paths->heap[(i - 1) / 2].key; i = (i - 1) / 2)
        paths->heap[i] = paths->heap[(i - 1) / 2];
    paths->heap[i].key = key;
    paths->heap[i].column = column;
}

static uint32_t PATH_NAME(pop)(PATH_NAME(Paths) * paths)
{
    uint32_t top = paths->heap[0].column;
    size_t n = --paths->n_heap, i = 0;
    COST key = paths->heap[n].key;
    for (size_t child; (child = 2 * i + 1) < n; i = child) {
        if (child + 1 < n && paths->heap[child + 1].key < paths->heap[child].key)
            child++;
        if (!(paths->heap[child].key < key))
            break;
        paths->heap[i] = paths->heap[child];
    }
    paths->heap[i] = paths->heap[n];
    return top;
}

static void PATH_NAME(reach)(PATH_NAME(Paths) * paths, uint32_t row, COST base)
{
    for (uint32_t e = paths->first[row]; e < paths->first[row + 1]; e++) {
        uint32_t column = paths->column[e];
        if (!(paths->cost[e] < PATH_FAR) || paths->mark[column] == 2 * paths->search + 1)
            continue;
        COST key = base + paths->cost[e] - paths->price_row[row] - paths->price_column[column];
        if (paths->mark[column] == 2 * paths->search && !(key < paths->far[column]))
            continue;
        paths->mark[column] = 2 * paths->search;
        paths->far[column] = key;
        paths->from[column] = row;
        PATH_NAME(push)(paths, key, column);
    }
}

/* Walks back from a free column and hands every column on the way to the row it was reached from.
 */
static void PATH_NAME(hand_over)(PATH_NAME(Paths) * paths, uint32_t row, uint32_t column)
{
    for (;;) {
        uint32_t taker = paths->from[column];
        int32_t left = paths->column_of[taker];
        paths->column_of[taker] = (int32_t)column;
        paths->row_of[column] = (int32_t)taker;
        if (taker == row)
            return;
        column = (uint32_t)left;
    }
}

/* Gives the row a column, if there is a way; all rows that have one keep one. */
static bool PATH_NAME(serve)(PATH_NAME(Paths) * paths, uint32_t row)
{
    size_t n_done = 0;
    paths->search++;
    paths->n_heap = 0;
    PATH_NAME(reach)(paths, row, 0);
    while (paths->n_heap > 0) {
        uint32_t column = PATH_NAME(pop)(paths);
        if (paths->mark[column] == 2 * paths->search + 1)
            continue;
        paths->mark[column] = 2 * paths->search + 1;
        if (paths->row_of[column] == GEO_ASSIGN_NOBODY) {
            COST end = paths->far[column];
            for (size_t i = 0; i < n_done; i++) {
                uint32_t done = paths->done[i];
                paths->price_row[paths->row_of[done]] += end - paths->far[done];
                paths->price_column[done] -= end - paths->far[done];
            }
            paths->price_row[row] += end;
            PATH_NAME(hand_over)(paths, row, column);
            return true;
        }
        paths->done[n_done++] = column;
        PATH_NAME(reach)(paths, (uint32_t)paths->row_of[column], paths->far[column]);
    }
    return false;
}

/* In their order: a row that finds its cheapest column free takes it, another is served by a path.
 * So an earlier row never goes without because of a later one. */
static size_t PATH_NAME(solve)(PATH_NAME(Paths) * paths)
{
    size_t served = 0;
    for (uint32_t row = 0; row < paths->n_rows; row++) {
        uint32_t best = UINT32_MAX;
        COST least = PATH_FAR;
        paths->column_of[row] = GEO_ASSIGN_NOBODY;
        for (uint32_t e = paths->first[row]; e < paths->first[row + 1]; e++) {
            COST cost = paths->cost[e];
            uint32_t column = paths->column[e];
            if (cost < PATH_FAR &&
                (best == UINT32_MAX || cost - paths->price_column[column] < least)) {
                least = cost - paths->price_column[column];
                best = column;
            }
        }
        if (best == UINT32_MAX)
            continue;
        paths->price_row[row] = least;
        if (paths->row_of[best] == GEO_ASSIGN_NOBODY) {
            paths->row_of[best] = (int32_t)row;
            paths->column_of[row] = (int32_t)best;
            served++;
        } else
            served += PATH_NAME(serve)(paths, row);
    }
    return served;
}

static void PATH_NAME(begin)(PATH_NAME(Paths) * paths, size_t n_rows, size_t n_columns,
                             const uint32_t *first, const uint32_t *column, const COST *cost,
                             int32_t *column_of)
{
    *paths = (PATH_NAME(Paths)){.n_rows = n_rows,
                                .n_columns = n_columns,
                                .first = first,
                                .column = column,
                                .cost = cost,
                                .column_of = column_of};
    paths->price_row = g_new0(COST, MAX(n_rows, 1));
    paths->price_column = g_new0(COST, MAX(n_columns, 1));
    paths->far = g_new(COST, MAX(n_columns, 1));
    paths->from = g_new(uint32_t, MAX(n_columns, 1));
    paths->mark = g_new0(uint32_t, MAX(n_columns, 1));
    paths->done = g_new(uint32_t, MAX(n_columns, 1));
    paths->row_of = g_new(int32_t, MAX(n_columns, 1));
    for (size_t i = 0; i < n_columns; i++)
        paths->row_of[i] = GEO_ASSIGN_NOBODY;
}

static void PATH_NAME(end)(PATH_NAME(Paths) * paths)
{
    g_free(paths->price_row);
    g_free(paths->price_column);
    g_free(paths->far);
    g_free(paths->from);
    g_free(paths->mark);
    g_free(paths->done);
    g_free(paths->row_of);
    g_free(paths->heap);
}
