/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/doubt.h"

#include <stdlib.h>
#include <string.h>

enum { MOST_ROWS = 14, MOST_COLUMNS = 20, WISHES = 2 * GEO_ASSIGN_PRIORITIES + 2 };

typedef struct {
    GeoAssignRow rows[MOST_ROWS];
    GeoAssignEdge edges[MOST_ROWS * MOST_COLUMNS];
    uint32_t loss[MOST_COLUMNS], seen_ms[MOST_ROWS];
    size_t n, m;
} Matter;

typedef struct {
    int64_t value[WISHES]; /* each as great as can be, the first first */
} Score;

static int by_time(const void *a, const void *b)
{
    const GeoAssignEdge *p = a, *q = b;
    return p->time_ms != q->time_ms ? (p->time_ms > q->time_ms) - (p->time_ms < q->time_ms)
                                    : (p->column > q->column) - (p->column < q->column);
}

/* Edges of a row from the soonest on. */
static Matter draw(bool scarce)
{
    Matter all = {.n = (size_t)g_test_rand_int_range(1, MOST_ROWS + 1)};
    all.m = scarce ? (size_t)g_test_rand_int_range(1, (int)all.n + 1)
                   : (size_t)g_test_rand_int_range((int)all.n, MOST_COLUMNS + 1);
    uint32_t at = 0;
    int times = g_test_rand_bit() ? 8 : 100000;
    double density = 0.2 + 0.8 * g_test_rand_double();
    for (size_t i = 0; i < all.n; i++) {
        all.rows[i] = (GeoAssignRow){at, 0, g_test_rand_int_range(1, 5)};
        for (uint32_t j = 0; j < all.m; j++)
            if (g_test_rand_double() < density)
                all.edges[at++] = (GeoAssignEdge){j, (uint32_t)g_test_rand_int_range(0, times)};
        all.rows[i].n = at - all.rows[i].first;
        qsort(all.edges + all.rows[i].first, all.rows[i].n, sizeof *all.edges, by_time);
    }
    bool lossless = g_test_rand_bit();
    for (size_t j = 0; j < all.m; j++)
        all.loss[j] = lossless ? 0 : (uint32_t)(g_test_rand_int_range(0, 10) / 7 * 3);
    return all;
}

/* Only the first known[i] edges of each row; what it has seen follows. */
static Matter cut(const Matter *all, const uint32_t *known)
{
    Matter little = *all;
    uint32_t at = 0;
    for (size_t i = 0; i < all->n; i++) {
        const GeoAssignRow *row = &all->rows[i];
        const GeoAssignEdge *of = all->edges + row->first;
        uint32_t n = MIN(known[i], row->n);
        while (n > 0 && n < row->n && of[n].time_ms == of[n - 1].time_ms)
            n++;
        memmove(little.edges + at, of, n * sizeof *of);
        little.rows[i].first = at;
        little.rows[i].n = n;
        little.seen_ms[i] = n == row->n ? UINT32_MAX : of[n - 1].time_ms;
        at += n;
    }
    return little;
}

static Score solve(const Matter *matter, int32_t *column_of, uint32_t *longest_ms)
{
    Score score = {{0}};
    g_assert_true(geo_assign_wishes(matter->rows, matter->n, matter->edges, matter->m, matter->loss,
                                    column_of, longest_ms, NULL));
    for (size_t i = 0; i < matter->n; i++) {
        if (column_of[i] == GEO_ASSIGN_NOBODY)
            continue;
        score.value[matter->rows[i].priority - 1]++;
        score.value[WISHES - 2] -= matter->loss[column_of[i]];
        for (uint32_t e = matter->rows[i].first; e < matter->rows[i].first + matter->rows[i].n; e++)
            if ((int32_t)matter->edges[e].column == column_of[i])
                score.value[WISHES - 1] -= matter->edges[e].time_ms;
    }
    for (int p = 0; p < GEO_ASSIGN_PRIORITIES; p++)
        score.value[GEO_ASSIGN_PRIORITIES + p] = -(int64_t)longest_ms[p];
    return score;
}

/* Asked again with more edges of those in doubt, until nobody is; returns how many edges it took.
 */
static size_t settle(const Matter *all, const Score *best)
{
    uint32_t known[MOST_ROWS], longest_ms[GEO_ASSIGN_PRIORITIES];
    int32_t column_of[MOST_ROWS];
    uint8_t doubt[MOST_ROWS];
    for (size_t i = 0; i < all->n; i++)
        known[i] = 2;
    for (int turn = 0; turn < 100; turn++) {
        Matter little = cut(all, known);
        Score score = solve(&little, column_of, longest_ms);
        size_t n = geo_doubt_rows(little.rows, little.n, little.edges, little.m, little.loss,
                                  column_of, longest_ms, little.seen_ms, doubt),
               marked = 0, used = 0;
        for (size_t i = 0; i < all->n; i++) {
            marked += doubt[i];
            used += little.rows[i].n;
            g_assert_false(doubt[i] && little.seen_ms[i] == UINT32_MAX);
            known[i] += doubt[i] ? known[i] : 0;
        }
        g_assert_cmpuint(marked, ==, n);
        if (n > 0)
            continue;
        for (int i = 0; i < WISHES; i++)
            g_assert_cmpint(score.value[i], ==, best->value[i]);
        return used;
    }
    g_assert_not_reached();
}

static void without_doubt_it_is_the_best_of_all_edges(void)
{
    size_t used = 0, all_edges = 0;
    for (int round = 0; round < 6000; round++) {
        Matter all = draw(round % 3 == 0);
        int32_t column_of[MOST_ROWS];
        uint32_t longest_ms[GEO_ASSIGN_PRIORITIES];
        Score best = solve(&all, column_of, longest_ms);
        used += settle(&all, &best);
        for (size_t i = 0; i < all.n; i++)
            all_edges += all.rows[i].n;
    }
    /* and it does not ask for all of them */
    g_test_message("%zu of %zu edges", used, all_edges);
    g_assert_cmpuint(10 * used, <, 9 * all_edges);
}

/* Many rows beside each other, each with its own column near and others far. */
static void neighbours_need_few_edges(void)
{
    enum { N = 300, KNOWN = 4 };
    GeoAssignRow rows[N];
    g_autofree GeoAssignEdge *edges = g_new(GeoAssignEdge, N * KNOWN);
    int32_t column_of[N];
    uint32_t longest_ms[GEO_ASSIGN_PRIORITIES], seen_ms[N];
    uint8_t doubt[N];
    for (uint32_t i = 0; i < N; i++) {
        rows[i] = (GeoAssignRow){i * KNOWN, KNOWN, 3};
        for (uint32_t k = 0; k < KNOWN; k++)
            edges[i * KNOWN + k] = (GeoAssignEdge){i * 2 + k, 1000 * (k + 1)};
        seen_ms[i] = 1000 * KNOWN;
    }
    g_assert_true(
        geo_assign_wishes(rows, N, edges, 2 * N + KNOWN, NULL, column_of, longest_ms, NULL));
    g_assert_cmpuint(
        geo_doubt_rows(rows, N, edges, 2 * N + KNOWN, NULL, column_of, longest_ms, seen_ms, doubt),
        ==, 0);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/doubt/without-doubt-it-is-the-best-of-all-edges",
                    without_doubt_it_is_the_best_of_all_edges);
    g_test_add_func("/doubt/neighbours-need-few-edges", neighbours_need_few_edges);
    return g_test_run();
}
