/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Wish by wish. Served: who is not served would need a chain of rows that pass their columns on;
 * when all rows that such a chain can come to know all their edges, there is none. Longest time:
 * the slowest rows of a priority are taken out and sought sooner places, with the edges that the
 * wishes before still allow; one that finds none proves the time, when the rows that a chain from
 * it comes to know all such edges (a set of rows with too few columns, Hall 1935). Loss and sum of
 * times: prices of rows and columns, the least that make every known edge no cheaper than its two
 * prices and the chosen ones just as dear. No column is priced above zero, so an unknown edge,
 * which takes longer than seen_ms and loses at least nothing, cannot better the sum while the price
 * of its row is no more than that (weak duality; pairs of loss and time are ordered by loss first,
 * and sums keep that order). Rows that a chain from an unserved one comes to have their columns
 * among themselves and know all edges: they are a matter of their own. */
#include "geo/calc/doubt.h"

#include <string.h>

typedef struct {
    int64_t loss, time_ms;
} Price;

typedef struct {
    const GeoAssignRow *rows;
    size_t n_rows;
    const GeoAssignEdge *edges;
    const uint32_t *loss;
    const int32_t *column_of;
    const uint32_t *longest_ms, *seen_ms;
    int32_t *row_of;   /* of each column; -1: nobody's */
    uint32_t *time_ms; /* of each row's own edge */
    uint32_t *queue;
    uint8_t *reached; /* rows of the present chain */
    uint8_t *closed;  /* rows that a chain from an unserved one comes to */
    uint8_t *doubt;
} Case;

static bool more(Price a, Price b)
{
    return a.loss != b.loss ? a.loss > b.loss : a.time_ms > b.time_ms;
}

/* ---- chains ---- */

/* The latest that row may take while something is bettered for priority: 0 of an unserved one,
 * where anything goes. strict: for rows of the priority itself less than their longest. */
static uint32_t limit_of(const Case *it, uint32_t row, int priority, bool strict)
{
    int own = it->rows[row].priority;
    if (!strict || own > priority)
        return UINT32_MAX;
    uint32_t longest_ms = it->longest_ms[own - 1];
    return own == priority && longest_ms > 0 ? longest_ms - 1 : longest_ms;
}

/* Rows that a chain from begin comes to and that do not know all edges it may use. Marks them when
 * mark; returns how many. */
static size_t chain(const Case *it, uint32_t begin, int priority, bool strict, bool mark)
{
    size_t n = 0, unsure = 0;
    memset(it->reached, 0, it->n_rows);
    it->queue[n++] = begin;
    it->reached[begin] = 1;
    for (size_t i = 0; i < n; i++) {
        uint32_t row = it->queue[i], limit_ms = limit_of(it, row, priority, strict);
        const GeoAssignRow *of = &it->rows[row];
        if (it->seen_ms[row] != UINT32_MAX && it->seen_ms[row] < limit_ms) {
            unsure++;
            if (mark)
                it->doubt[row] = 1;
        }
        for (uint32_t e = of->first; e < of->first + of->n; e++) {
            int32_t next = it->row_of[it->edges[e].column];
            if (it->edges[e].time_ms > limit_ms || next < 0 || it->reached[next])
                continue;
            it->reached[next] = 1;
            it->queue[n++] = (uint32_t)next;
        }
    }
    return unsure;
}

static void doubt_served(const Case *it)
{
    for (uint32_t row = 0; row < it->n_rows; row++) {
        if (it->column_of[row] != GEO_ASSIGN_NOBODY)
            continue;
        chain(it, row, 0, false, true);
        for (uint32_t other = 0; other < it->n_rows; other++)
            it->closed[other] |= it->reached[other];
    }
}

/* Finds row a place while something is bettered for priority; others may have to move. */
static bool move(const Case *it, uint32_t row, int priority)
{
    const GeoAssignRow *of = &it->rows[row];
    uint32_t limit_ms = limit_of(it, row, priority, true);
    it->reached[row] = 1;
    for (uint32_t e = of->first; e < of->first + of->n; e++) {
        int32_t other = it->row_of[it->edges[e].column];
        if (it->edges[e].time_ms > limit_ms || (other >= 0 && it->reached[other]))
            continue;
        if (other >= 0 && !move(it, (uint32_t)other, priority))
            continue;
        it->row_of[it->edges[e].column] = (int32_t)row;
        return true;
    }
    return false;
}

static bool is_slowest(const Case *it, uint32_t row, int priority)
{
    return it->rows[row].priority == priority && it->column_of[row] != GEO_ASSIGN_NOBODY &&
           it->time_ms[row] == it->longest_ms[priority - 1];
}

static void doubt_longest(Case *it, size_t n_columns, int priority)
{
    if (it->longest_ms[priority - 1] == 0)
        return;
    int32_t *before = it->row_of;
    g_autofree int32_t *row_of = g_memdup2(before, (n_columns + 1) * sizeof *before);
    g_autoptr(GArray) stuck = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    it->row_of = row_of;
    for (uint32_t row = 0; row < it->n_rows; row++)
        if (is_slowest(it, row, priority))
            row_of[it->column_of[row]] = -1;
    for (uint32_t row = 0; row < it->n_rows; row++) {
        memset(it->reached, 0, it->n_rows);
        if (is_slowest(it, row, priority) && !move(it, row, priority) && !it->closed[row])
            g_array_append_val(stuck, row);
    }
    bool proven = stuck->len == 0; /* the others' matter is their own, and solved */
    for (guint i = 0; i < stuck->len && !proven; i++)
        proven = chain(it, g_array_index(stuck, uint32_t, i), priority, true, false) == 0;
    if (!proven)
        chain(it, g_array_index(stuck, uint32_t, 0), priority, true, true);
    it->row_of = before;
}

/* ---- prices ---- */

/* The least price of each served row, from its own cost upwards. */
static void find_prices(const Case *it, Price *price)
{
    for (uint32_t row = 0; row < it->n_rows; row++)
        if (it->column_of[row] != GEO_ASSIGN_NOBODY)
            price[row] = (Price){it->loss ? it->loss[it->column_of[row]] : 0, it->time_ms[row]};
    bool changed = true;
    for (size_t round = 0; changed && round <= it->n_rows; round++) {
        changed = false;
        for (uint32_t row = 0; row < it->n_rows; row++) {
            const GeoAssignRow *of = &it->rows[row];
            if (it->column_of[row] == GEO_ASSIGN_NOBODY)
                continue;
            for (uint32_t e = of->first; e < of->first + of->n; e++) {
                const GeoAssignEdge *edge = &it->edges[e];
                int32_t other = it->row_of[edge->column];
                if (other < 0 || other == (int32_t)row ||
                    edge->time_ms > it->longest_ms[of->priority - 1])
                    continue;
                /* What row would pay for the column of other, other pays at least, both less their
                 * times there; the loss of the column is the same for both. */
                Price least = {price[row].loss,
                               price[row].time_ms - edge->time_ms + it->time_ms[other]};
                if (more(least, price[other])) {
                    price[other] = least;
                    changed = true;
                }
            }
        }
    }
}

static void doubt_sums(const Case *it)
{
    g_autofree Price *price = g_new0(Price, it->n_rows + 1);
    find_prices(it, price);
    for (uint32_t row = 0; row < it->n_rows; row++) {
        Price seen = {0, it->seen_ms[row]};
        if (it->column_of[row] != GEO_ASSIGN_NOBODY && it->seen_ms[row] != UINT32_MAX &&
            it->seen_ms[row] < it->longest_ms[it->rows[row].priority - 1] && more(price[row], seen))
            it->doubt[row] = 1;
    }
}

size_t geo_doubt_rows(const GeoAssignRow *rows, size_t n_rows, const GeoAssignEdge *edges,
                      size_t n_columns, const uint32_t *loss, const int32_t *column_of,
                      const uint32_t longest_ms[GEO_ASSIGN_PRIORITIES], const uint32_t *seen_ms,
                      uint8_t *doubt)
{
    Case it = {.rows = rows,
               .n_rows = n_rows,
               .edges = edges,
               .loss = loss,
               .column_of = column_of,
               .longest_ms = longest_ms,
               .seen_ms = seen_ms,
               .doubt = doubt};
    it.row_of = g_new(int32_t, n_columns + 1);
    memset(it.row_of, 0xff, (n_columns + 1) * sizeof *it.row_of);
    it.time_ms = g_new0(uint32_t, n_rows + 1);
    it.queue = g_new(uint32_t, n_rows + 1);
    it.reached = g_new(uint8_t, n_rows + 1);
    it.closed = g_new0(uint8_t, n_rows + 1);
    memset(doubt, 0, n_rows);
    for (uint32_t row = 0; row < n_rows; row++) {
        if (column_of[row] == GEO_ASSIGN_NOBODY)
            continue;
        it.row_of[column_of[row]] = (int32_t)row;
        for (uint32_t e = rows[row].first; e < rows[row].first + rows[row].n; e++)
            if ((int32_t)edges[e].column == column_of[row])
                it.time_ms[row] = edges[e].time_ms;
    }
    doubt_served(&it);
    for (int priority = 1; priority <= GEO_ASSIGN_PRIORITIES; priority++)
        doubt_longest(&it, n_columns, priority);
    doubt_sums(&it);
    g_free(it.row_of);
    g_free(it.time_ms);
    g_free(it.queue);
    g_free(it.reached);
    g_free(it.closed);
    size_t n = 0;
    for (size_t row = 0; row < n_rows; row++)
        n += doubt[row];
    return n;
}
