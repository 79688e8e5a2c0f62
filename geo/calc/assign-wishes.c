/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The dispatcher's order of wishes. Who is served is a matroid: taking the rows by priority, each
 * that can still be served, serves the most of every priority. The longest time of a priority is
 * the least threshold under which as many of all are served as before. What then is left is one
 * least sum in which a row that goes without costs more than all that is less wished for together.
 */
#include <string.h>

#include "geo/calc/assign.h"

/* Goes without, loss and time in one number: 32 bits of time and 30 of loss for each of 1,000 rows
 * are 83 bits, and a thousand times that for each priority above the last 113. */
__extension__ typedef __int128 Wide;

#define COST Wide
#define PATH_NAME(name) wide_##name
#define PATH_FAR ((Wide)1 << 126)
#include "geo/calc/assign-path.inc"

#define ROWS GEO_ASSIGN_PRIORITIES

typedef struct {
    const GeoAssignRow *rows;
    const GeoAssignEdge *edges;
    size_t n_rows, n_columns;
    uint32_t *order;         /* rows by priority, then as they came */
    uint32_t limit_ms[ROWS]; /* of each priority: longer is not looked at */
    int32_t *row_of;         /* of columns */
    uint32_t *mark, search;  /* of columns: in which search it was met, DEAD: leads nowhere */
    uint32_t *met;           /* those of this search */
    uint32_t *free_from;     /* of each row: its edges before this one lead to no free column */
    uint32_t *stack, *edge;  /* of a search */
} Wishes;

#define DEAD UINT32_MAX

static int priority_of(const GeoAssignRow *row)
{
    return CLAMP(row->priority, 1, ROWS) - 1;
}

/* ---- serving the most ---- */

static bool is_long(const Wishes *wishes, const GeoAssignRow *row, const GeoAssignEdge *edge)
{
    return edge->time_ms > wishes->limit_ms[priority_of(row)];
}

/* The row's next edge to a column that nobody has, else its number of edges. Columns that are taken
 * stay taken, so no edge is looked at twice. */
static uint32_t find_free(Wishes *wishes, uint32_t row)
{
    const GeoAssignRow *at = &wishes->rows[row];
    uint32_t e = wishes->free_from[row];
    while (e < at->n) {
        const GeoAssignEdge *edge = &wishes->edges[at->first + e];
        if (!is_long(wishes, at, edge) && wishes->row_of[edge->column] == GEO_ASSIGN_NOBODY)
            break;
        e++;
    }
    return wishes->free_from[row] = e;
}

/* Deeper by the row that has a column which this search has not met yet; else back. False: there is
 * no way. */
static bool go_on(Wishes *wishes, size_t *depth, size_t *n_met)
{
    const GeoAssignRow *at = &wishes->rows[wishes->stack[*depth]];
    for (uint32_t *e = &wishes->edge[*depth]; *e < at->n; ++*e) {
        const GeoAssignEdge *edge = &wishes->edges[at->first + *e];
        uint32_t mark = wishes->mark[edge->column];
        if (is_long(wishes, at, edge) || mark == DEAD || mark == wishes->search)
            continue;
        wishes->mark[edge->column] = wishes->search;
        wishes->met[(*n_met)++] = edge->column;
        ++*depth;
        wishes->stack[*depth] = (uint32_t)wishes->row_of[edge->column];
        wishes->edge[*depth] = 0;
        return true;
    }
    if (*depth == 0)
        return false;
    wishes->edge[--*depth]++;
    return true;
}

/* An augmenting path, depth first; by hand, as a path may be as long as there are rows. What a
 * search that found none has met leads nowhere for any later row either (Hopcroft and Karp 1973).
 */
static bool find_column(Wishes *wishes, uint32_t row)
{
    size_t depth = 0, n_met = 0;
    wishes->search++;
    wishes->stack[0] = row;
    wishes->edge[0] = 0;
    for (;;) {
        uint32_t at = wishes->stack[depth];
        uint32_t e = wishes->edge[depth] == 0 ? find_free(wishes, at) : wishes->rows[at].n;
        if (e < wishes->rows[at].n) {
            wishes->edge[depth] = e;
            break;
        }
        if (go_on(wishes, &depth, &n_met))
            continue;
        for (size_t i = 0; i < n_met; i++)
            wishes->mark[wishes->met[i]] = DEAD;
        return false;
    }
    for (size_t i = 0; i <= depth; i++) {
        const GeoAssignRow *at = &wishes->rows[wishes->stack[i]];
        wishes->row_of[wishes->edges[at->first + wishes->edge[i]].column] =
            (int32_t)wishes->stack[i];
    }
    return true;
}

/* How many of each priority are served under the limits. False as soon as more rows of a priority
 * go without than may: spare, by priority. */
static bool count_served(Wishes *wishes, const size_t spare[ROWS], size_t served[ROWS])
{
    size_t without[ROWS] = {0};
    memset(served, 0, ROWS * sizeof *served);
    memset(wishes->mark, 0, wishes->n_columns * sizeof *wishes->mark);
    memset(wishes->free_from, 0, wishes->n_rows * sizeof *wishes->free_from);
    wishes->search = 0;
    for (size_t i = 0; i < wishes->n_columns; i++)
        wishes->row_of[i] = GEO_ASSIGN_NOBODY;
    for (size_t i = 0; i < wishes->n_rows; i++) {
        uint32_t row = wishes->order[i];
        int priority = priority_of(&wishes->rows[row]);
        if (find_column(wishes, row))
            served[priority]++;
        else if (++without[priority] > spare[priority])
            return false;
    }
    return true;
}

/* ---- the longest time of each priority ---- */

static int by_number(const void *a, const void *b)
{
    uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
    return (p > q) - (p < q);
}

/* The times of a priority's edges, rising, each once. */
static GArray *times_of(const Wishes *wishes, int priority)
{
    GArray *times = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    for (size_t r = 0; r < wishes->n_rows; r++) {
        const GeoAssignRow *row = &wishes->rows[r];
        for (uint32_t e = 0; priority_of(row) == priority && e < row->n; e++)
            g_array_append_val(times, wishes->edges[row->first + e].time_ms);
    }
    g_array_sort(times, by_number);
    guint n = 0;
    for (guint i = 0; i < times->len; i++)
        if (n == 0 || g_array_index(times, uint32_t, i) != g_array_index(times, uint32_t, n - 1))
            g_array_index(times, uint32_t, n++) = g_array_index(times, uint32_t, i);
    g_array_set_size(times, n);
    return times;
}

static bool shorten(Wishes *wishes, int priority, const size_t most[ROWS], const size_t spare[ROWS],
                    GeoProgress *progress)
{
    g_autoptr(GArray) times = times_of(wishes, priority);
    guint low = 0, high = times->len; /* the least that serves as many lies in low .. high - 1 */
    while (low < high) {
        if (!geo_progress_step(progress, 0.25 * priority, NULL))
            return false;
        guint middle = (low + high) / 2;
        size_t served[ROWS];
        wishes->limit_ms[priority] = g_array_index(times, uint32_t, middle);
        if (count_served(wishes, spare, served))
            high = middle;
        else
            low = middle + 1;
    }
    if (most[priority] == 0)
        wishes->limit_ms[priority] = 0;
    else if (low < times->len)
        wishes->limit_ms[priority] = g_array_index(times, uint32_t, low);
    return true;
}

/* ---- the least sum of what is left ---- */

typedef struct {
    uint32_t *first, *column;
    Wide *cost;
    size_t n;
} Graph;

/* Every row may also go without, in a column of its own. */
static Graph build(const Wishes *wishes, const uint32_t *loss)
{
    size_t n_edges = 0;
    for (size_t r = 0; r < wishes->n_rows; r++)
        n_edges += wishes->rows[r].n + 1;
    Graph graph = {.first = g_new(uint32_t, wishes->n_rows + 1),
                   .column = g_new(uint32_t, MAX(n_edges, 1)),
                   .cost = g_new(Wide, MAX(n_edges, 1))};
    Wide without[ROWS];
    without[ROWS - 1] = (Wide)1 << 83; /* more than the most rows of loss and time */
    for (int p = ROWS - 1; p-- > 0;)
        without[p] = without[p + 1] * (Wide)(wishes->n_rows + 1);
    for (size_t i = 0; i < wishes->n_rows; i++) {
        const GeoAssignRow *row = &wishes->rows[wishes->order[i]];
        int priority = priority_of(row);
        graph.first[i] = (uint32_t)graph.n;
        for (uint32_t e = 0; e < row->n; e++) {
            const GeoAssignEdge *edge = &wishes->edges[row->first + e];
            if (edge->time_ms > wishes->limit_ms[priority])
                continue;
            graph.column[graph.n] = edge->column;
            graph.cost[graph.n++] = ((Wide)(loss ? loss[edge->column] : 0) << 42) + edge->time_ms;
        }
        graph.column[graph.n] = (uint32_t)(wishes->n_columns + i);
        graph.cost[graph.n++] = without[priority];
    }
    graph.first[wishes->n_rows] = (uint32_t)graph.n;
    return graph;
}

static void least(const Wishes *wishes, const uint32_t *loss, int32_t *column_of)
{
    Graph graph = build(wishes, loss);
    wide_Paths paths;
    g_autofree int32_t *chosen = g_new(int32_t, MAX(wishes->n_rows, 1));
    wide_begin(&paths, wishes->n_rows, wishes->n_columns + wishes->n_rows, graph.first,
               graph.column, graph.cost, chosen);
    wide_solve(&paths);
    wide_end(&paths);
    for (size_t i = 0; i < wishes->n_rows; i++)
        column_of[wishes->order[i]] =
            chosen[i] < (int32_t)wishes->n_columns ? chosen[i] : GEO_ASSIGN_NOBODY;
    g_free(graph.first);
    g_free(graph.column);
    g_free(graph.cost);
}

/* ---- all of it ---- */

static void begin(Wishes *wishes)
{
    size_t n = 0;
    wishes->order = g_new(uint32_t, MAX(wishes->n_rows, 1));
    wishes->row_of = g_new(int32_t, MAX(wishes->n_columns, 1));
    wishes->mark = g_new(uint32_t, MAX(wishes->n_columns, 1));
    wishes->met = g_new(uint32_t, MAX(wishes->n_columns, 1));
    wishes->free_from = g_new(uint32_t, MAX(wishes->n_rows, 1));
    wishes->stack = g_new(uint32_t, wishes->n_rows + 1);
    wishes->edge = g_new(uint32_t, wishes->n_rows + 1);
    for (int p = 0; p < ROWS; p++) {
        wishes->limit_ms[p] = UINT32_MAX;
        for (uint32_t r = 0; r < wishes->n_rows; r++)
            if (priority_of(&wishes->rows[r]) == p)
                wishes->order[n++] = r;
    }
}

bool geo_assign_wishes(const GeoAssignRow *rows, size_t n_rows, const GeoAssignEdge *edges,
                       size_t n_columns, const uint32_t *loss, int32_t *column_of,
                       uint32_t longest_ms[GEO_ASSIGN_PRIORITIES], GeoProgress *progress)
{
    g_return_val_if_fail(n_rows <= GEO_ASSIGN_MAX_ROWS, false);
    Wishes wishes = {.rows = rows, .edges = edges, .n_rows = n_rows, .n_columns = n_columns};
    size_t most[ROWS], all[ROWS] = {0}, spare[ROWS] = {n_rows, n_rows, n_rows, n_rows};
    bool ok = true;
    begin(&wishes);
    count_served(&wishes, spare, most);
    for (size_t r = 0; r < n_rows; r++)
        all[priority_of(&rows[r])]++;
    for (int p = 0; p < ROWS; p++)
        spare[p] = all[p] - most[p];
    for (int p = 0; ok && p < ROWS; p++)
        ok = shorten(&wishes, p, most, spare, progress);
    if (ok)
        least(&wishes, loss, column_of);
    for (int p = 0; longest_ms && p < ROWS; p++)
        longest_ms[p] = most[p] ? wishes.limit_ms[p] : 0;
    g_free(wishes.order);
    g_free(wishes.row_of);
    g_free(wishes.mark);
    g_free(wishes.met);
    g_free(wishes.free_from);
    g_free(wishes.stack);
    g_free(wishes.edge);
    return ok;
}
