/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The least sum against published optima and a plain Hungarian method (Kuhn 1955, in the O(n^3)
 * form with potentials); the dispatcher's wishes against trying everything. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "geo/calc/assign.h"

/* ---- the least sum ---- */

/* Rows at most as many as columns; every pair goes. */
static double hungarian(const double *cost, size_t n, size_t m)
{
    g_autofree double *u = g_new0(double, n + 1), *v = g_new0(double, m + 1);
    g_autofree size_t *row_of = g_new0(size_t, m + 1), *way = g_new0(size_t, m + 1);
    for (size_t i = 1; i <= n; i++) {
        g_autofree double *least = g_new(double, m + 1);
        g_autofree bool *used = g_new0(bool, m + 1);
        for (size_t j = 0; j <= m; j++)
            least[j] = INFINITY;
        size_t at = 0;
        row_of[0] = i;
        do {
            size_t next = 0;
            double delta = INFINITY;
            used[at] = true;
            for (size_t j = 1; j <= m; j++) {
                if (used[j])
                    continue;
                double c = cost[(row_of[at] - 1) * m + j - 1] - u[row_of[at]] - v[j];
                if (c < least[j]) {
                    least[j] = c;
                    way[j] = at;
                }
                if (least[j] < delta) {
                    delta = least[j];
                    next = j;
                }
            }
            for (size_t j = 0; j <= m; j++) {
                if (used[j]) {
                    u[row_of[j]] += delta;
                    v[j] -= delta;
                } else
                    least[j] -= delta;
            }
            at = next;
        } while (row_of[at] != 0);
        for (; at; at = way[at])
            row_of[at] = row_of[way[at]];
    }
    double sum = 0;
    for (size_t j = 1; j <= m; j++)
        if (row_of[j])
            sum += cost[(row_of[j] - 1) * m + j - 1];
    return sum;
}

static void assert_once(const int32_t *column_of, size_t n, size_t m)
{
    g_autofree bool *taken = g_new0(bool, m);
    for (size_t i = 0; i < n; i++) {
        if (column_of[i] == GEO_ASSIGN_NOBODY)
            continue;
        g_assert_cmpint(column_of[i], <, m);
        g_assert_false(taken[column_of[i]]);
        taken[column_of[i]] = true;
    }
}

static void least_sums_are_the_plain_ones(void)
{
    for (int round = 0; round < 300; round++) {
        size_t n = (size_t)g_test_rand_int_range(1, 40);
        size_t m = n + (size_t)g_test_rand_int_range(0, round % 3 ? 600 : 5);
        bool whole = g_test_rand_bit(); /* ties everywhere */
        g_autofree double *cost = g_new(double, n *m);
        for (size_t i = 0; i < n * m; i++)
            cost[i] = whole ? g_test_rand_int_range(0, 12) : g_test_rand_double() * 1000;
        if (round % 5 == 0) /* all rows want the same few: prices rise beyond the first columns */
            for (size_t i = 0; i < n * m; i++)
                cost[i] = (double)(i % m) * 10 + g_test_rand_double();
        g_autofree int32_t *column_of = g_new(int32_t, n);
        GeoAssignFacts facts = geo_assign_least(cost, n, m, column_of);
        g_assert_cmpuint(facts.served, ==, n);
        assert_once(column_of, n, m);
        double plain = hungarian(cost, n, m);
        g_assert_cmpfloat_with_epsilon(facts.sum, plain, 1e-7 * MAX(1, plain));
        g_assert_cmpfloat_with_epsilon(facts.bound, facts.sum, 1e-7 * MAX(1, plain));
    }
}

static void rows_without_anybody_are_named(void)
{
    const double no = INFINITY;
    const double cost[] = {1, no, no, 2, no, no, 3, 5, no}; /* columns 0, 1; nobody can be 2 */
    int32_t column_of[3];
    GeoAssignFacts facts = geo_assign_least(cost, 3, 3, column_of);
    g_assert_cmpuint(facts.served, ==, 2);
    g_assert_cmpint(column_of[0], ==, 0); /* the earlier row keeps its only one */
    g_assert_cmpint(column_of[1], ==, GEO_ASSIGN_NOBODY);
    g_assert_cmpint(column_of[2], ==, 1);
    g_assert_cmpfloat(facts.sum, ==, 6);
    facts = geo_assign_least(cost, 0, 3, column_of);
    g_assert_cmpuint(facts.served, ==, 0);
}

static void check_published(const char *name, double optimum)
{
    const char *shared = g_getenv("GRIDBEAT_SHARED");
    g_autofree char *path = g_build_filename(shared ? shared : "", "data", "bench", name, NULL);
    g_autofree char *text = NULL;
    if (!g_file_get_contents(path, &text, NULL, NULL)) {
        g_autofree char *why = g_strdup_printf("no shared data: %s", name);
        g_test_skip(why);
        return;
    }
    char *at = text;
    size_t n = strtoul(at, &at, 10);
    g_autofree double *cost = g_new(double, n *n);
    for (size_t i = 0; i < n * n; i++)
        cost[i] = strtod(at, &at);
    g_autofree int32_t *column_of = g_new(int32_t, n);
    GeoAssignFacts facts = geo_assign_least(cost, n, n, column_of);
    assert_once(column_of, n, n);
    g_test_message("%s: %g", name, facts.sum);
    g_assert_cmpfloat(facts.sum, ==, optimum);
    g_assert_cmpfloat(facts.bound, ==, optimum);
}

static void assign100_is_305(void)
{
    check_published("assign100.txt", 305);
}

static void assign500_is_991(void)
{
    check_published("assign500.txt", 991);
}

/* ---- wishes ---- */

enum { MOST = 7 };

typedef struct {
    GeoAssignRow rows[MOST];
    GeoAssignEdge edges[MOST * MOST];
    uint32_t loss[MOST];
    size_t n, m;
} Little;

/* What is wished for, in order: less is better. */
typedef struct {
    int64_t value[2 * GEO_ASSIGN_PRIORITIES + 2];
} Score;

static Score score_of(const Little *little, const int32_t *column_of)
{
    Score score = {{0}};
    for (size_t i = 0; i < little->n; i++) {
        const GeoAssignRow *row = &little->rows[i];
        if (column_of[i] == GEO_ASSIGN_NOBODY)
            continue;
        for (uint32_t e = row->first; e < row->first + row->n; e++)
            if (little->edges[e].column == (uint32_t)column_of[i]) {
                int64_t time = little->edges[e].time_ms;
                int64_t *longest = &score.value[GEO_ASSIGN_PRIORITIES + row->priority - 1];
                score.value[row->priority - 1]--;
                *longest = MAX(*longest, time);
                score.value[2 * GEO_ASSIGN_PRIORITIES] += little->loss[column_of[i]];
                score.value[2 * GEO_ASSIGN_PRIORITIES + 1] += time;
            }
    }
    return score;
}

static int compare(const Score *a, const Score *b)
{
    for (size_t i = 0; i < G_N_ELEMENTS(a->value); i++)
        if (a->value[i] != b->value[i])
            return a->value[i] < b->value[i] ? -1 : 1;
    return 0;
}

static void try_all(const Little *little, size_t row, uint32_t taken, int32_t *column_of,
                    Score *best, bool *any)
{
    if (row == little->n) {
        Score score = score_of(little, column_of);
        if (!*any || compare(&score, best) < 0)
            *best = score;
        *any = true;
        return;
    }
    column_of[row] = GEO_ASSIGN_NOBODY;
    try_all(little, row + 1, taken, column_of, best, any);
    for (uint32_t e = 0; e < little->rows[row].n; e++) {
        uint32_t column = little->edges[little->rows[row].first + e].column;
        if (taken >> column & 1)
            continue;
        column_of[row] = (int32_t)column;
        try_all(little, row + 1, taken | UINT32_C(1) << column, column_of, best, any);
    }
}

static Little draw(void)
{
    Little little = {.n = (size_t)g_test_rand_int_range(1, MOST + 1),
                     .m = (size_t)g_test_rand_int_range(1, MOST + 1)};
    uint32_t at = 0;
    int times = g_test_rand_bit() ? 6 : 100000;
    double density = 0.2 + 0.8 * g_test_rand_double();
    /* the most rows of all columns are slow to try: half of the cases are smaller */
    if (g_test_rand_bit())
        little.n = MIN(little.n, 5);
    for (size_t i = 0; i < little.n; i++) {
        little.rows[i] = (GeoAssignRow){at, 0, g_test_rand_int_range(1, 5)};
        for (uint32_t j = 0; j < little.m; j++)
            if (g_test_rand_double() < density)
                little.edges[at++] = (GeoAssignEdge){j, (uint32_t)g_test_rand_int_range(0, times)};
        little.rows[i].n = at - little.rows[i].first;
    }
    for (size_t j = 0; j < little.m; j++)
        little.loss[j] = (uint32_t)g_test_rand_int_range(0, 4);
    return little;
}

static void wishes_are_met_as_well_as_can_be(void)
{
    int full = 0;
    for (int round = 0; round < 4000; round++) {
        Little little = draw();
        int32_t found[MOST], tried[MOST];
        uint32_t longest[GEO_ASSIGN_PRIORITIES];
        Score best = {{0}};
        bool any = false;
        g_assert_true(geo_assign_wishes(little.rows, little.n, little.edges, little.m, little.loss,
                                        found, longest, NULL));
        assert_once(found, little.n, little.m);
        try_all(&little, 0, 0, tried, &best, &any);
        Score score = score_of(&little, found);
        for (size_t i = 0; i < G_N_ELEMENTS(score.value); i++)
            g_assert_cmpint(score.value[i], ==, best.value[i]);
        for (int p = 0; p < GEO_ASSIGN_PRIORITIES; p++)
            g_assert_cmpint(longest[p], ==, best.value[GEO_ASSIGN_PRIORITIES + p]);
        full += little.n == MOST && little.m == MOST;
    }
    g_assert_cmpint(full, >, 0); /* of 7 x 7, too */
}

static void ten_small_matters_do_not_outweigh_a_great_one(void)
{
    /* One column: the urgent row is far from it, the other ten are beside it. */
    GeoAssignRow rows[11];
    GeoAssignEdge edges[11];
    int32_t column_of[11];
    for (uint32_t i = 0; i < 11; i++) {
        rows[i] = (GeoAssignRow){i, 1, i == 10 ? 1 : 2};
        edges[i] = (GeoAssignEdge){0, i == 10 ? 3000000 : 1};
    }
    g_assert_true(geo_assign_wishes(rows, 11, edges, 1, NULL, column_of, NULL, NULL));
    for (int i = 0; i < 11; i++)
        g_assert_cmpint(column_of[i], ==, i == 10 ? 0 : GEO_ASSIGN_NOBODY);
}

/* What is proven of 200 rows by the duals is the same as the plain sum of one priority. */
static void one_priority_without_limits_is_a_least_sum(void)
{
    enum { N = 60, M = 90 };
    GeoAssignRow rows[N];
    g_autofree GeoAssignEdge *edges = g_new(GeoAssignEdge, N * M);
    g_autofree double *cost = g_new(double, N *M);
    int32_t column_of[N], plain_of[N];
    uint32_t longest[GEO_ASSIGN_PRIORITIES];
    for (uint32_t i = 0; i < N; i++) {
        rows[i] = (GeoAssignRow){i * M, M, 2};
        for (uint32_t j = 0; j < M; j++)
            edges[i * M + j] = (GeoAssignEdge){j, (uint32_t)g_test_rand_int_range(0, 100000)};
    }
    g_assert_true(geo_assign_wishes(rows, N, edges, M, NULL, column_of, longest, NULL));
    uint64_t sum = 0;
    for (uint32_t i = 0; i < N; i++) {
        sum += edges[i * M + (uint32_t)column_of[i]].time_ms;
        for (uint32_t j = 0; j < M; j++)
            cost[i * M + j] =
                edges[i * M + j].time_ms <= longest[1] ? edges[i * M + j].time_ms : INFINITY;
    }
    GeoAssignFacts facts = geo_assign_least(cost, N, M, plain_of);
    g_assert_cmpuint(facts.served, ==, N);
    g_assert_cmpfloat(facts.sum, ==, (double)sum);
    /* and a shorter longest serves fewer */
    for (size_t i = 0; i < N * M; i++)
        if (cost[i] >= longest[1])
            cost[i] = INFINITY;
    facts = geo_assign_least(cost, N, M, plain_of);
    g_assert_cmpuint(facts.served, <, N);
}

/* ---- more rows than columns ---- */

enum { CROWD = 40, FEW_COLUMNS = 12 };

typedef struct {
    int priority[CROWD];
    int64_t time_ms[CROWD][FEW_COLUMNS]; /* -1: the two do not go together */
    int64_t limit_ms[GEO_ASSIGN_PRIORITIES + 1];
} Crowd;

/* Kuhn's search as the textbooks have it. */
static bool finds(const Crowd *crowd, int row, bool *seen, int *row_of)
{
    for (int j = 0; j < FEW_COLUMNS; j++) {
        int64_t time_ms = crowd->time_ms[row][j];
        if (time_ms < 0 || time_ms > crowd->limit_ms[crowd->priority[row]] || seen[j])
            continue;
        seen[j] = true;
        if (row_of[j] < 0 || finds(crowd, row_of[j], seen, row_of)) {
            row_of[j] = row;
            return true;
        }
    }
    return false;
}

static void count_plainly(const Crowd *crowd, int served[GEO_ASSIGN_PRIORITIES + 1])
{
    int row_of[FEW_COLUMNS];
    memset(row_of, -1, sizeof row_of);
    memset(served, 0, (GEO_ASSIGN_PRIORITIES + 1) * sizeof *served);
    for (int p = 1; p <= GEO_ASSIGN_PRIORITIES; p++)
        for (int i = 0; i < CROWD; i++) {
            bool seen[FEW_COLUMNS] = {false};
            served[p] += crowd->priority[i] == p && finds(crowd, i, seen, row_of);
        }
}

/* Down from the longest time of all, one after the other, as long as as many are served. */
static void shorten_plainly(Crowd *crowd, const int *most, int priority)
{
    int served[GEO_ASSIGN_PRIORITIES + 1];
    int64_t least_ms = 0;
    for (int i = 0; i < CROWD; i++)
        for (int j = 0; j < FEW_COLUMNS; j++) {
            crowd->limit_ms[priority] = crowd->time_ms[i][j];
            if (crowd->priority[i] != priority || crowd->time_ms[i][j] < 0)
                continue;
            count_plainly(crowd, served);
            if (memcmp(served, most, sizeof served) == 0 &&
                (least_ms == 0 || crowd->time_ms[i][j] < least_ms))
                least_ms = crowd->time_ms[i][j];
        }
    crowd->limit_ms[priority] = most[priority] ? least_ms : 0;
}

static void many_rows_share_few_columns_as_plainly(void)
{
    for (int round = 0; round < 20; round++) {
        Crowd crowd;
        GeoAssignRow rows[CROWD];
        GeoAssignEdge edges[CROWD * FEW_COLUMNS];
        int32_t column_of[CROWD];
        uint32_t at = 0, longest[GEO_ASSIGN_PRIORITIES];
        double density = g_test_rand_double_range(0.05, 0.7);
        for (int i = 0; i < CROWD; i++) {
            crowd.priority[i] = g_test_rand_int_range(1, GEO_ASSIGN_PRIORITIES + 1);
            rows[i] = (GeoAssignRow){at, 0, crowd.priority[i]};
            for (int j = 0; j < FEW_COLUMNS; j++) {
                bool fits = g_test_rand_double() < density;
                crowd.time_ms[i][j] = fits ? g_test_rand_int_range(1, 60) : -1;
                if (fits)
                    edges[at++] = (GeoAssignEdge){(uint32_t)j, (uint32_t)crowd.time_ms[i][j]};
            }
            rows[i].n = at - rows[i].first;
        }
        int most[GEO_ASSIGN_PRIORITIES + 1], served[GEO_ASSIGN_PRIORITIES + 1] = {0};
        for (int p = 0; p <= GEO_ASSIGN_PRIORITIES; p++)
            crowd.limit_ms[p] = INT64_MAX;
        count_plainly(&crowd, most);
        for (int p = 1; p <= GEO_ASSIGN_PRIORITIES; p++)
            shorten_plainly(&crowd, most, p);
        g_assert_true(
            geo_assign_wishes(rows, CROWD, edges, FEW_COLUMNS, NULL, column_of, longest, NULL));
        assert_once(column_of, CROWD, FEW_COLUMNS);
        for (int i = 0; i < CROWD; i++)
            served[crowd.priority[i]] += column_of[i] != GEO_ASSIGN_NOBODY;
        for (int p = 1; p <= GEO_ASSIGN_PRIORITIES; p++) {
            g_assert_cmpint(served[p], ==, most[p]);
            g_assert_cmpint(longest[p - 1], ==, crowd.limit_ms[p]);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/assign/least-sums-are-the-plain-ones", least_sums_are_the_plain_ones);
    g_test_add_func("/assign/rows-without-anybody-are-named", rows_without_anybody_are_named);
    g_test_add_func("/assign/assign100-is-305", assign100_is_305);
    g_test_add_func("/assign/assign500-is-991", assign500_is_991);
    g_test_add_func("/assign/wishes-are-met-as-well-as-can-be", wishes_are_met_as_well_as_can_be);
    g_test_add_func("/assign/ten-small-matters-do-not-outweigh-a-great-one",
                    ten_small_matters_do_not_outweigh_a_great_one);
    g_test_add_func("/assign/many-rows-share-few-columns-as-plainly",
                    many_rows_share_few_columns_as_plainly);
    g_test_add_func("/assign/one-priority-without-limits-is-a-least-sum",
                    one_priority_without_limits_is_a_least_sum);
    return g_test_run();
}
