/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Who goes where when 500 wait and 18,397 can go: the least sum beside scipy's, on one matrix in
 * one run; and the dispatcher's wishes for 200, and where 500 wait for 200. Places are drawn over
 * 60 x 60 km. */
#include <glib/gstdio.h>
#include <math.h>

#include "bench.h"
#include "geo/calc/assign.h"

#define NAME "assign"

enum {
    ROWS = 500,
    COLUMNS = 18397,
    RUNS = 21,
    WISH_ROWS = 200,
    WISH_EDGES = 220,
    CROWD = 500,
    FEW = 200
};

#define SIDE_M 60000.0

static double *make_matrix(GRand *random)
{
    double *cost = g_new(double, (size_t)ROWS *COLUMNS);
    g_autofree double *x = g_new(double, ROWS + COLUMNS), *y = g_new(double, ROWS + COLUMNS);
    for (int i = 0; i < ROWS + COLUMNS; i++) {
        x[i] = g_rand_double(random) * SIDE_M;
        y[i] = g_rand_double(random) * SIDE_M;
    }
    for (int i = 0; i < ROWS; i++)
        for (int j = 0; j < COLUMNS; j++)
            cost[(size_t)i * COLUMNS + (size_t)j] = hypot(x[i] - x[ROWS + j], y[i] - y[ROWS + j]);
    return cost;
}

/* Prints the sum and the milliseconds of each run, one line. */
static const char script[] =
    "import sys, time\n"
    "import numpy, scipy\n"
    "from scipy.optimize import linear_sum_assignment\n"
    "cost = numpy.fromfile(sys.argv[1]).reshape(int(sys.argv[2]), -1)\n"
    "took = []\n"
    "for run in range(int(sys.argv[3])):\n"
    "    begin = time.perf_counter()\n"
    "    rows, columns = linear_sum_assignment(cost)\n"
    "    took.append((time.perf_counter() - begin) * 1e3)\n"
    "print(scipy.__version__, repr(float(cost[rows, columns].sum())), *took)\n";

static bool run_scipy(const double *cost, double *sum, double *median)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *folder = g_dir_make_tmp("gridbeat-bench-XXXXXX", &error);
    g_autofree char *file = g_build_filename(folder ? folder : "", "cost.bin", NULL);
    g_autofree char *runs = g_strdup_printf("%d", RUNS), *rows = g_strdup_printf("%d", ROWS);
    const char *argv[] = {"/usr/bin/python3", "-c", script, file, rows, runs, NULL};
    g_autofree char *out = NULL;
    int status = -1;
    bool ok = folder &&
              g_file_set_contents(file, (const char *)cost,
                                  (gssize)(sizeof(double) * ROWS * COLUMNS), &error) &&
              g_spawn_sync(NULL, (char **)argv, NULL, G_SPAWN_STDERR_TO_DEV_NULL, NULL, NULL, &out,
                           NULL, &status, &error) &&
              status == 0;
    g_unlink(file);
    if (folder)
        g_rmdir(folder);
    g_auto(GStrv) words = g_strsplit(ok ? out : "", " ", -1);
    if (!ok || g_strv_length(words) != RUNS + 2) {
        puts("not there: scipy (Debian: python3-scipy); nothing to compare with");
        return false;
    }
    double took[RUNS];
    for (int i = 0; i < RUNS; i++)
        took[i] = g_ascii_strtod(words[2 + i], NULL);
    *sum = g_ascii_strtod(words[1], NULL);
    g_autofree char *who = g_strconcat("scipy ", words[0], NULL);
    *median = bench_say(NAME, "assign", who, "ms", took, RUNS);
    return true;
}

static bool bench_least(GRand *random)
{
    g_autofree double *cost = make_matrix(random);
    g_autofree int32_t *column_of = g_new(int32_t, ROWS);
    GeoAssignFacts facts = {0};
    double took[RUNS], theirs = 0, median = 0;
    for (int i = 0; i < RUNS; i++) {
        double begin = bench_now_us();
        facts = geo_assign_least(cost, ROWS, COLUMNS, column_of);
        took[i] = (bench_now_us() - begin) / 1e3;
    }
    double own = bench_say(NAME, "assign", "gridbeat", "ms", took, RUNS);
    printf("%d x %d, sum %.6f, proven by prices to %.6f\n", ROWS, COLUMNS, facts.sum, facts.bound);
    if (!run_scipy(cost, &theirs, &median))
        return true;
    bool same = fabs(theirs - facts.sum) < 1e-6 * theirs;
    printf("scipy's sum %.6f: %s; %.3f times its time is ours (goal at most 0.2): %s\n", theirs,
           same ? "the same" : "ANOTHER", own / median, own <= 0.2 * median ? "met" : "NOT MET");
    return same;
}

static void bench_wishes(GRand *random)
{
    g_autofree GeoAssignEdge *edges = g_new(GeoAssignEdge, WISH_ROWS * WISH_EDGES);
    GeoAssignRow rows[WISH_ROWS];
    int32_t column_of[WISH_ROWS];
    g_autofree uint32_t *loss = g_new(uint32_t, COLUMNS);
    double took[RUNS];
    for (uint32_t j = 0; j < COLUMNS; j++)
        loss[j] = (uint32_t)g_rand_int_range(random, 0, 1000);
    for (uint32_t i = 0; i < WISH_ROWS; i++) {
        rows[i] = (GeoAssignRow){i * WISH_EDGES, WISH_EDGES, g_rand_int_range(random, 1, 5)};
        /* rows lie so near each other that they want the same units */
        uint32_t from = (uint32_t)g_rand_int_range(random, 0, 400);
        for (uint32_t e = 0; e < WISH_EDGES; e++)
            edges[i * WISH_EDGES + e] = (GeoAssignEdge){
                from + e, (uint32_t)(e * 2000 + (uint32_t)g_rand_int_range(random, 0, 60000))};
    }
    for (int i = 0; i < RUNS; i++) {
        double begin = bench_now_us();
        geo_assign_wishes(rows, WISH_ROWS, edges, COLUMNS, loss, column_of, NULL, NULL);
        took[i] = (bench_now_us() - begin) / 1e3;
    }
    bench_say(NAME, "wishes", "gridbeat", "ms", took, RUNS);
}

/* More waits than can be served: 500 rows, 200 columns, every pair. */
static void bench_crowd(GRand *random)
{
    g_autofree GeoAssignEdge *edges = g_new(GeoAssignEdge, CROWD * FEW);
    GeoAssignRow rows[CROWD];
    int32_t column_of[CROWD];
    uint32_t loss[FEW];
    double took[RUNS];
    for (uint32_t j = 0; j < FEW; j++)
        loss[j] = (uint32_t)g_rand_int_range(random, 0, 1000);
    for (uint32_t i = 0; i < CROWD; i++) {
        rows[i] = (GeoAssignRow){i * FEW, FEW, g_rand_int_range(random, 1, 5)};
        for (uint32_t j = 0; j < FEW; j++)
            edges[i * FEW + j] = (GeoAssignEdge){j, (uint32_t)g_rand_int_range(random, 0, 3600000)};
    }
    for (int i = 0; i < RUNS; i++) {
        double begin = bench_now_us();
        geo_assign_wishes(rows, CROWD, edges, FEW, loss, column_of, NULL, NULL);
        took[i] = (bench_now_us() - begin) / 1e3;
    }
    bench_say(NAME, "wishes, 500 for 200", "gridbeat", "ms", took, RUNS);
}

int main(void)
{
    g_autoptr(GRand) random = g_rand_new_with_seed(6);
    bool same = bench_least(random);
    bench_wishes(random);
    bench_crowd(random);
    bench_machine(NAME);
    return same ? EXIT_SUCCESS : EXIT_FAILURE;
}
