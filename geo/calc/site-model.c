/* SPDX-License-Identifier: GPL-3.0-or-later */
/* From candidates and cells to the problem that is left: mandatory picks become views that are
 * already there, candidates that may not or cannot help are dropped, and cells that are seen by the
 * same candidates and equally often become one group. Groups are found by refining a partition:
 * each candidate splits every group into what it sees of it and what it does not, so the groups are
 * exact and cost O(entries), without a hash. (Aggregation of isomorphic clients: European Journal
 * of Operational Research 327, 2025.) */
#include <math.h>
#include <string.h>

#include "geo/calc/site-model.h"
#include "geo/model/error.h"

#define NO_GROUP UINT32_MAX
#define STEP_ENTRIES 2000000 /* between two questions for a cancel; some 10 ms */

typedef struct {
    const GeoSiteProblem *problem;
    uint8_t *seen;  /* of a cell, mandatory picks among it, at most cover */
    uint8_t *taken; /* of a site */
} Rest;

static void see(Rest *rest, uint32_t j, unsigned cover)
{
    const GeoSiteProblem *problem = rest->problem;
    for (uint32_t e = problem->first[j]; e < problem->first[j + 1]; e++) {
        uint8_t *seen = &rest->seen[problem->cell[e]];
        *seen = (uint8_t)MIN(*seen + 1u, cover);
    }
}

static double cost_of(const GeoSiteProblem *problem, uint32_t j)
{
    return problem->cost ? problem->cost[j] : 0;
}

static void open_rows(GeoSiteModel *model)
{
    const GeoSiteProblem *problem = model->problem;
    model->n_rows = problem->budget ? problem->n_owners : 0;
    for (size_t o = 0; o < model->n_rows; o++)
        model->room[o] = problem->budget[o];
    model->row_all = model->n_rows;
    if (problem->budget_all > 0)
        model->room[model->n_rows++] = problem->budget_all;
    else
        model->row_all = GEO_SITE_MAX_ROWS;
}

static bool refuse(GError **error, const char *why, uint32_t j)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                "the mandatory places cannot all be picked: %s at candidate %u; "
                "raise it or take a place off the list",
                why, j + 1);
    return false;
}

static bool take_mandatory(GeoSiteModel *model, Rest *rest, GError **error)
{
    const GeoSiteProblem *problem = model->problem;
    for (uint32_t j = 0; problem->rule && j < problem->n; j++) {
        if (problem->rule[j] != GEO_SITE_MANDATORY)
            continue;
        if (model->count == 0)
            return refuse(error, "the count is used up", j);
        model->count--;
        if (problem->site && rest->taken[problem->site[j]])
            return refuse(error, "two stand on one site", j);
        if (problem->site)
            rest->taken[problem->site[j]] = 1;
        size_t rows[2] = {problem->budget ? problem->owner ? problem->owner[j] : 0
                                          : GEO_SITE_MAX_ROWS,
                          model->row_all};
        for (int k = 0; k < 2; k++)
            if (rows[k] < GEO_SITE_MAX_ROWS) {
                model->room[rows[k]] -= cost_of(problem, j);
                if (model->room[rows[k]] < 0)
                    return refuse(error, "the budget is used up", j);
            }
        see(rest, j, model->cover);
    }
    return true;
}

/* May be picked, can be paid, and sees weight that still counts. */
static bool useful(const GeoSiteModel *model, const Rest *rest, uint32_t j)
{
    const GeoSiteProblem *problem = model->problem;
    if ((problem->rule && problem->rule[j] != GEO_SITE_FREE) ||
        (problem->site && rest->taken[problem->site[j]]))
        return false;
    size_t row = problem->budget ? problem->owner ? problem->owner[j] : 0 : GEO_SITE_MAX_ROWS;
    if ((row < GEO_SITE_MAX_ROWS && cost_of(problem, j) > model->room[row]) ||
        (model->row_all < GEO_SITE_MAX_ROWS && cost_of(problem, j) > model->room[model->row_all]))
        return false;
    for (uint32_t e = problem->first[j]; e < problem->first[j + 1]; e++)
        if (problem->weight[problem->cell[e]] * model->share[rest->seen[problem->cell[e]]] > 0)
            return true;
    return false;
}

static void keep_useful(GeoSiteModel *model, const Rest *rest)
{
    const GeoSiteProblem *problem = model->problem;
    model->candidate = g_new(uint32_t, MAX(problem->n, 1));
    for (uint32_t j = 0; model->count > 0 && j < problem->n; j++)
        if (useful(model, rest, j))
            model->candidate[model->n++] = j;
    model->candidate = g_renew(uint32_t, model->candidate, MAX(model->n, 1));
    model->cost = g_new(double, MAX(model->n, 1));
    model->row = g_new(uint8_t, MAX(model->n, 1));
    model->site = g_new(uint32_t, MAX(model->n, 1));
    model->n_sites = problem->site ? problem->n_sites : model->n;
    for (uint32_t i = 0; i < model->n; i++) {
        uint32_t j = model->candidate[i];
        model->cost[i] = cost_of(problem, j);
        model->row[i] = problem->budget ? (uint8_t)(problem->owner ? problem->owner[j] : 0)
                                        : (uint8_t)GEO_SITE_MAX_ROWS;
        model->site[i] = problem->site ? problem->site[j] : i;
    }
}

/* ---- groups ---- */

typedef struct {
    uint32_t *of;             /* cell -> group, NO_GROUP: counts for nothing more */
    uint32_t *size;           /* group -> cells; room for a group a cell */
    uint32_t *mark;           /* group -> the candidate that touched it last, plus 1 */
    uint32_t *touched, *heir; /* group -> cells touched by that candidate, and where they go */
    uint8_t *depth;
    uint32_t n;
} Parts;

static void parts_clear(Parts *parts)
{
    g_free(parts->of);
    g_free(parts->size);
    g_free(parts->mark);
    g_free(parts->touched);
    g_free(parts->heir);
    g_free(parts->depth);
}

/* One group for each number of views that are there already. */
static void parts_begin(Parts *parts, const GeoSiteModel *model, const Rest *rest)
{
    const GeoSiteProblem *problem = model->problem;
    size_t room = problem->n_cells + GEO_SITE_MAX_COVER;
    parts->of = g_new(uint32_t, room);
    parts->size = g_new0(uint32_t, room);
    parts->mark = g_new0(uint32_t, room);
    parts->touched = g_new(uint32_t, room);
    parts->heir = g_new(uint32_t, room);
    parts->depth = g_new(uint8_t, room);
    parts->n = model->cover;
    for (uint32_t d = 0; d < model->cover; d++)
        parts->depth[d] = (uint8_t)d;
    for (size_t c = 0; c < problem->n_cells; c++) {
        bool counts = problem->weight[c] * model->share[rest->seen[c]] > 0;
        parts->of[c] = counts ? rest->seen[c] : NO_GROUP;
        if (counts)
            parts->size[rest->seen[c]]++;
    }
}

/* What candidate j (its turn from 1) sees of each group becomes a group of its own. */
static void parts_split(Parts *parts, const uint32_t *cell, size_t n, uint32_t turn)
{
    for (size_t e = 0; e < n; e++) {
        uint32_t g = parts->of[cell[e]];
        if (g == NO_GROUP)
            continue;
        if (parts->mark[g] != turn) {
            parts->mark[g] = turn;
            parts->touched[g] = 0;
            parts->heir[g] = NO_GROUP;
        }
        parts->touched[g]++;
    }
    for (size_t e = 0; e < n; e++) {
        uint32_t g = parts->of[cell[e]];
        if (g == NO_GROUP ||
            parts->mark[g] != turn) /* an heir is not marked: its cells come once */
            continue;
        if (parts->heir[g] == NO_GROUP) {
            if (parts->touched[g] == parts->size[g])
                continue;
            parts->mark[parts->n] = 0;
            parts->depth[parts->n] = parts->depth[g];
            parts->size[parts->n] = parts->touched[g];
            parts->size[g] -= parts->touched[g];
            parts->heir[g] = parts->n++;
        }
        parts->of[cell[e]] = parts->heir[g];
    }
}

/* Runs over the candidates with a question for a cancel now and then. */
static bool parts_refine(Parts *parts, const GeoSiteModel *model, GeoProgress *progress,
                         GError **error)
{
    const GeoSiteProblem *problem = model->problem;
    size_t since = STEP_ENTRIES;
    for (size_t i = 0; i < model->n; i++) {
        uint32_t j = model->candidate[i];
        size_t n = problem->first[j + 1] - problem->first[j];
        if ((since += n) >= STEP_ENTRIES) {
            since = 0;
            if (!geo_progress_step(progress, (double)i / (double)model->n, error))
                return false;
        }
        parts_split(parts, problem->cell + problem->first[j], n, (uint32_t)i + 1);
    }
    return true;
}

/* The groups that some candidate sees, numbered as candidates meet them. */
static void lay_groups(GeoSiteModel *model, Parts *parts)
{
    const GeoSiteProblem *problem = model->problem;
    g_autoptr(GArray) groups = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    uint32_t *number = parts->heir;
    memset(number, 0xff, parts->n * sizeof *number);
    memset(parts->mark, 0, parts->n * sizeof *parts->mark);
    model->first = g_new(uint32_t, model->n + 1);
    for (uint32_t i = 0; i < model->n; i++) {
        uint32_t j = model->candidate[i];
        model->first[i] = groups->len;
        for (uint32_t e = problem->first[j]; e < problem->first[j + 1]; e++) {
            uint32_t g = parts->of[problem->cell[e]];
            if (g == NO_GROUP || parts->mark[g] == i + 1)
                continue;
            parts->mark[g] = i + 1;
            if (number[g] == NO_GROUP)
                number[g] = (uint32_t)model->n_groups++;
            g_array_append_val(groups, number[g]);
        }
    }
    model->first[model->n] = groups->len;
    model->weight = g_new0(double, MAX(model->n_groups, 1));
    model->depth = g_new0(uint8_t, MAX(model->n_groups, 1));
    for (uint32_t g = 0; g < parts->n; g++)
        if (number[g] != NO_GROUP)
            model->depth[number[g]] = parts->depth[g];
    for (size_t c = 0; c < problem->n_cells; c++)
        if (parts->of[c] != NO_GROUP && number[parts->of[c]] != NO_GROUP)
            model->weight[number[parts->of[c]]] += problem->weight[c];
    model->group = (uint32_t *)(void *)g_array_free(g_steal_pointer(&groups), FALSE);
}

static void lay_back(GeoSiteModel *model)
{
    uint32_t n = model->first[model->n];
    model->back_first = g_new0(uint32_t, model->n_groups + 2);
    model->back = g_new(uint32_t, MAX(n, 1));
    uint32_t *begin = model->back_first + 1;
    for (uint32_t e = 0; e < n; e++)
        begin[model->group[e] + 1]++;
    for (size_t g = 0; g < model->n_groups; g++)
        begin[g + 1] += begin[g];
    for (uint32_t i = 0; i < model->n; i++)
        for (uint32_t e = model->first[i]; e < model->first[i + 1]; e++)
            model->back[begin[model->group[e]]++] = i;
}

static bool find_groups(GeoSiteModel *model, const Rest *rest, GeoProgress *progress,
                        GError **error)
{
    Parts parts = {0};
    geo_progress_begin(progress, "groups of cells");
    parts_begin(&parts, model, rest);
    bool whole = parts_refine(&parts, model, progress, error);
    if (whole) {
        lay_groups(model, &parts);
        lay_back(model);
    }
    parts_clear(&parts);
    return whole;
}

/* ---- */

static void weigh(GeoSiteModel *model, const Rest *rest)
{
    const GeoSiteProblem *problem = model->problem;
    double upto[GEO_SITE_MAX_COVER + 1] = {0};
    for (unsigned d = 0; d < model->cover; d++)
        upto[d + 1] = upto[d] + model->share[d];
    for (size_t c = 0; c < problem->n_cells; c++) {
        unsigned before = problem->seen ? MIN(problem->seen[c], model->cover) : 0;
        model->base += problem->weight[c] * upto[rest->seen[c]];
        model->given += problem->weight[c] * (upto[rest->seen[c]] - upto[before]);
        model->total += problem->weight[c] * upto[model->cover];
    }
    model->whole = model->total < 0x1p50;
    for (uint32_t g = 0; g < model->n_groups && model->whole; g++)
        for (unsigned d = 0; d < model->cover; d++) {
            double worth = model->weight[g] * model->share[d];
            model->whole = model->whole && worth == floor(worth);
        }
}

GeoSiteModel *geo_site_model_new(const GeoSiteProblem *problem, GeoProgress *progress,
                                 GError **error)
{
    g_autoptr(GeoSiteModel) model = g_new0(GeoSiteModel, 1);
    Rest rest = {.problem = problem};
    model->problem = problem;
    model->cover = CLAMP(problem->cover, 1, GEO_SITE_MAX_COVER);
    model->count = problem->count;
    for (unsigned d = 0; d < model->cover; d++)
        model->share[d] = problem->share ? problem->share[d] : 1;
    rest.seen = g_new0(uint8_t, MAX(problem->n_cells, 1));
    rest.taken = g_new0(uint8_t, MAX(problem->n_sites, 1));
    for (size_t c = 0; problem->seen && c < problem->n_cells; c++)
        rest.seen[c] = (uint8_t)MIN(problem->seen[c], model->cover);
    open_rows(model);
    bool right = take_mandatory(model, &rest, error);
    if (right) {
        keep_useful(model, &rest);
        right = find_groups(model, &rest, progress, error);
    }
    if (right)
        weigh(model, &rest);
    g_free(rest.seen);
    g_free(rest.taken);
    return right ? g_steal_pointer(&model) : NULL;
}

void geo_site_model_free(GeoSiteModel *model)
{
    if (!model)
        return;
    g_free(model->candidate);
    g_free(model->first);
    g_free(model->group);
    g_free(model->back_first);
    g_free(model->back);
    g_free(model->weight);
    g_free(model->depth);
    g_free(model->site);
    g_free(model->cost);
    g_free(model->row);
    g_free(model);
}
