/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Small placements of any shape: what comes back keeps to the rules, sees what it says, is never
 * worse than greedy nor better than the bound. */
#include <math.h>

#include "geo/calc/site.h"

#define MOST 24
#define CELLS 40

typedef struct {
    uint32_t first[MOST + 1], cell[MOST * CELLS], owner[MOST], site[MOST];
    double weight[CELLS], cost[MOST], budget[2];
    uint8_t seen[CELLS], rule[MOST];
} Arrays;

static uint8_t next(const uint8_t **at, const uint8_t *end)
{
    return *at < end ? *(*at)++ : 0;
}

static GeoSiteProblem read_problem(Arrays *a, const uint8_t *at, const uint8_t *end)
{
    uint8_t kind = next(&at, end);
    GeoSiteProblem problem = {.n = next(&at, end) % (MOST + 1),
                              .n_cells = CELLS,
                              .first = a->first,
                              .cell = a->cell,
                              .weight = a->weight,
                              .count = next(&at, end) % (MOST + 2),
                              .cover = 1 + kind % 3};
    if (kind & 4)
        problem.seen = a->seen;
    if (kind & 8)
        problem.rule = a->rule;
    if (kind & 16) {
        problem.cost = a->cost;
        problem.owner = a->owner;
        problem.budget = a->budget;
        problem.n_owners = 2;
        problem.budget_all = kind & 64 ? next(&at, end) : 0;
    }
    if (kind & 32) {
        problem.site = a->site;
        problem.n_sites = 8;
    }
    for (int i = 0; i < CELLS; i++) {
        a->weight[i] = next(&at, end) / (kind & 128 ? 7.0 : 1.0);
        a->seen[i] = next(&at, end) % 4;
    }
    a->budget[0] = next(&at, end);
    a->budget[1] = INFINITY;
    uint32_t total = 0;
    for (size_t j = 0; j < problem.n; j++) {
        a->first[j] = total;
        a->rule[j] = next(&at, end) % 16 == 0 ? GEO_SITE_MANDATORY : next(&at, end) % 3 % 2 * 2;
        a->cost[j] = next(&at, end);
        a->owner[j] = next(&at, end) % 2;
        a->site[j] = next(&at, end) % 8;
        unsigned step = 1 + next(&at, end) % 9, from = next(&at, end) % CELLS;
        for (unsigned c = from; c < CELLS && total < G_N_ELEMENTS(a->cell); c += step)
            a->cell[total++] = c;
    }
    a->first[problem.n] = total;
    return problem;
}

static void check(const GeoSiteProblem *problem, const GeoSiteAnswer *answer)
{
    uint32_t picks[MOST];
    double spent = 0;
    g_assert(answer->n <= problem->count && answer->n <= problem->n);
    for (size_t i = 0; i < answer->n; i++) {
        uint32_t j = picks[i] = answer->picks[i].candidate;
        g_assert(j < problem->n && answer->picks[i].gain >= -1e-9);
        g_assert(!problem->rule || problem->rule[j] != GEO_SITE_FORBIDDEN);
        for (size_t k = 0; k < i; k++)
            g_assert(picks[k] != j &&
                     !(problem->site && problem->site[picks[k]] == problem->site[j]));
        if (problem->cost)
            spent += problem->owner[j] == 0 ? problem->cost[j] : 0;
    }
    double slack = 1e-6 * (1 + answer->total);
    g_assert(!problem->budget || spent <= problem->budget[0] + 1e-9);
    g_assert(fabs(geo_site_value(problem, picks, answer->n) - answer->after) <= slack);
    g_assert(answer->after >= answer->greedy - slack && answer->after <= answer->bound + slack);
    g_assert(answer->gap_share >= 0 && answer->gap_share <= 1 + 1e-9);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static Arrays arrays;
    GeoSiteProblem problem = read_problem(&arrays, data, data + n);
    GeoSiteOptions options = {.steps = 60, .nodes = 4};
    g_autoptr(GeoSiteAnswer) answer = geo_site_solve(&problem, &options, NULL, NULL);
    if (answer)
        check(&problem, answer);
    return 0;
}
