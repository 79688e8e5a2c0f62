/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Maximum covering location (Church and ReVelle 1974) with mandatory and forbidden candidates,
 * budgets, one pick a site and several views a cell. Cells become groups (site-model.c), lazy
 * greedy gives a first choice and swaps better it (site-set.c), a Lagrangian bound says how far
 * from the best it can be and its prices point at better choices (site-bound.c), and what stays
 * open is searched to the end where the caller allows it (site-branch.c). */
#include "geo/calc/site.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "geo/calc/dice.h"
#include "geo/calc/site-branch.h"
#include "geo/calc/site-model.h"

#define DEFAULT_STEPS 600
#define REST 25 /* steps of the bound between two tries for a better choice */
#define MENDS 60
#define RUIN 4 /* picks that a try to mend takes out together */

typedef struct {
    const GeoSiteModel *model;
    GeoSiteSet *set; /* to work in */
    uint32_t *best;  /* picks of the best choice, owned */
    size_t n_best;
    double known; /* its value beyond the base, counted anew */
    GeoProgress *progress;
    GError **error;
    bool stopped;
} Search;

static int by_number(const void *a, const void *b)
{
    uint32_t p = *(const uint32_t *)a, q = *(const uint32_t *)b;
    return (p > q) - (p < q);
}

/* The value of a set without what rounding left in the running sum. */
static double counted(const GeoSiteSet *set)
{
    double value = 0;
    for (uint32_t g = 0; g < set->model->n_groups; g++)
        for (uint32_t v = 0; v < set->views[g] && v < set->model->cover; v++)
            value += geo_site_worth(set->model, g, v);
    return value;
}

static void keep_if_better(Search *search, const GeoSiteSet *set)
{
    double value = counted(set);
    if (search->n_best > 0 && value <= search->known)
        return;
    search->known = value;
    search->n_best = set->n;
    memcpy(search->best, set->pick, set->n * sizeof *set->pick);
    qsort(search->best, set->n, sizeof *search->best, by_number);
}

static double keep_node(GeoSiteSet *set, void *user)
{
    Search *search = user;
    geo_site_set_greedy(set, NULL, false);
    keep_if_better(search, set);
    return search->known;
}

typedef struct {
    double value;
    uint32_t id;
} Ranked;

static int by_value(const void *a, const void *b)
{
    const Ranked *p = a, *q = b;
    if (p->value != q->value)
        return p->value > q->value ? -1 : 1;
    return by_number(&p->id, &q->id);
}

/* A choice from where the prices point: what they choose oftenest first, filled up and swapped. */
static double hear(GeoSiteBound *bound, double known, void *user)
{
    Search *search = user;
    const GeoSiteModel *model = search->model;
    if (search->stopped)
        return known;
    g_autofree Ranked *ranked = g_new(Ranked, MAX(model->n, 1));
    size_t n = 0;
    for (uint32_t j = 0; j < model->n; j++)
        if (bound->lean[j] > 0.2 || bound->fate[j] == GEO_SITE_IN)
            ranked[n++] = (Ranked){bound->fate[j] == GEO_SITE_IN ? 2 : bound->lean[j], j};
    qsort(ranked, n, sizeof *ranked, by_value);
    geo_site_set_empty(search->set);
    for (size_t i = 0; i < n; i++)
        if (geo_site_set_fits(search->set, ranked[i].id, UINT32_MAX) &&
            geo_site_set_gain(search->set, ranked[i].id) > 0)
            geo_site_set_add(search->set, ranked[i].id);
    geo_site_set_greedy(search->set, bound->fate, false);
    search->stopped = !geo_site_set_swap(search->set, bound->fate, search->progress, search->error);
    keep_if_better(search, search->set);
    return search->known;
}

/* Greedy both ways, and what swaps make of the better one. */
static bool search_begin(Search *search, double *greedy)
{
    GeoSiteSet *set = search->set;
    for (int by_cost = 0; by_cost < (search->model->n_rows > 0 ? 2 : 1); by_cost++) {
        geo_site_set_empty(set);
        geo_site_set_greedy(set, NULL, by_cost);
        *greedy = fmax(*greedy, counted(set));
        keep_if_better(search, set);
        if (!geo_site_set_swap(set, NULL, search->progress, search->error))
            return false;
        keep_if_better(search, set);
    }
    return true;
}

/* Prices to begin with: by how often the first choice sees a group. */
static void price_groups(GeoSiteBound *bound, const Search *search)
{
    const GeoSiteModel *model = search->model;
    geo_site_set_empty(search->set);
    for (size_t i = 0; i < search->n_best; i++)
        geo_site_set_add(search->set, search->best[i]);
    for (uint32_t g = 0; g < model->n_groups; g++) {
        double next = search->set->next[g], last = search->set->last[g];
        bound->price[g] = search->set->views[g] == 0 ? next : next + 0.6 * (last - next);
    }
}

/* The picks that see something of what the pick sees, itself first; at most RUIN. */
static size_t company(const GeoSiteSet *set, uint32_t pick, uint32_t *others)
{
    const GeoSiteModel *model = set->model;
    size_t n = 0;
    others[n++] = pick;
    for (uint32_t e = model->first[pick]; e < model->first[pick + 1]; e++) {
        uint32_t g = model->group[e];
        for (uint32_t b = model->back_first[g]; b < model->back_first[g + 1] && n < RUIN; b++) {
            bool met = !set->picked[model->back[b]];
            for (size_t k = 0; k < n && !met; k++)
                met = others[k] == model->back[b];
            if (!met)
                others[n++] = model->back[b];
        }
    }
    return n;
}

static void take_out(GeoSiteSet *set, uint32_t j)
{
    for (size_t place = 0; place < set->n; place++)
        if (set->pick[place] == j) {
            geo_site_set_take(set, place);
            return;
        }
}

/* The best choice without a few picks that lie together, filled up by others, and swapped
 * (iterated local search; Lourenco, Martin, Stuetzle 2003): where swaps of one for one are at their
 * end, a few at once may still help. */
static void mend(Search *search, const GeoSiteBound *bound, double gap_share)
{
    const GeoSiteModel *model = search->model;
    GeoDice dice = geo_dice_new(0, 0);
    g_autofree uint8_t *closed = g_new(uint8_t, MAX(model->n, 1));
    double wanted = bound->bound - gap_share * (bound->bound + model->given);
    geo_progress_begin(search->progress, "mending");
    for (unsigned k = 0; k < MENDS && search->n_best > 0 && search->known < wanted; k++) {
        uint32_t out[RUIN];
        memcpy(closed, bound->fate, model->n);
        geo_site_set_empty(search->set);
        for (size_t i = 0; i < search->n_best; i++)
            geo_site_set_add(search->set, search->best[i]);
        size_t n = company(search->set,
                           search->best[geo_dice_below(&dice, (uint32_t)search->n_best)], out);
        for (size_t i = 0; i < n; i++) {
            take_out(search->set, out[i]);
            closed[out[i]] = GEO_SITE_OUT;
        }
        geo_site_set_greedy(search->set, closed, false);
        search->stopped =
            !geo_progress_step(search->progress, (double)k / MENDS, search->error) ||
            !geo_site_set_swap(search->set, bound->fate, search->progress, search->error);
        if (search->stopped)
            return;
        keep_if_better(search, search->set);
    }
}

static void prove(Search *search, const GeoSiteOptions *options, GeoSiteAnswer *answer)
{
    const GeoSiteModel *model = search->model;
    g_autoptr(GeoSiteBound) bound = geo_site_bound_new(model);
    price_groups(bound, search);
    geo_progress_begin(search->progress, "bound");
    unsigned steps = options->steps > 0 ? options->steps : DEFAULT_STEPS, nodes = options->nodes;
    double known = search->known;
    search->stopped = !geo_site_bound_run(bound, &known, options->gap_share, steps, REST, hear,
                                          search, search->progress, search->error) ||
                      search->stopped;
    if (!search->stopped)
        hear(bound, known, search);
    if (!search->stopped && !geo_site_bound_closed(model, bound->bound, search->known))
        mend(search, bound, options->gap_share);
    known = search->known;
    bool done = geo_site_bound_closed(model, bound->bound, known) ||
                bound->bound - known <= options->gap_share * (bound->bound + model->given);
    answer->steps = bound->steps;
    if (!search->stopped && !done && nodes > 0) {
        geo_progress_begin(search->progress, "exact search");
        search->stopped = !geo_site_branch(bound, &known, options->gap_share, &nodes, keep_node,
                                           search, search->progress, search->error);
        answer->nodes = nodes;
        done = geo_site_bound_closed(model, bound->bound, search->known);
    }
    for (uint32_t j = 0; j < model->n; j++)
        answer->open += bound->fate[j] == GEO_SITE_OPEN;
    /* Where all is whole, nothing lies between what is known and one more. */
    bool equal = model->whole && geo_site_bound_closed(model, bound->bound, search->known);
    answer->bound = model->base + (equal ? search->known : fmax(bound->bound, search->known));
}

/* ---- the answer ---- */

static void add_pick(GeoSiteAnswer *answer, const GeoSiteProblem *problem, uint32_t j, double gain,
                     bool mandatory)
{
    double cost = problem->cost ? problem->cost[j] : 0;
    answer->picks[answer->n++] = (GeoSitePick){j, gain, cost, mandatory};
}

typedef struct {
    const GeoSiteProblem *problem;
    double share[GEO_SITE_MAX_COVER + 1];
    unsigned cover;
    uint8_t *views; /* of a cell, at most cover */
} Count;

static void count_begin(Count *count, const GeoSiteProblem *problem)
{
    *count = (Count){.problem = problem, .cover = CLAMP(problem->cover, 1, GEO_SITE_MAX_COVER)};
    for (unsigned d = 0; d < count->cover; d++)
        count->share[d] = problem->share ? problem->share[d] : 1;
    count->views = g_new0(uint8_t, MAX(problem->n_cells, 1));
    for (size_t c = 0; problem->seen && c < problem->n_cells; c++)
        count->views[c] = (uint8_t)MIN(problem->seen[c], count->cover);
}

static double count_add(Count *count, uint32_t j)
{
    const GeoSiteProblem *problem = count->problem;
    double gain = 0;
    for (uint32_t e = problem->first[j]; e < problem->first[j + 1]; e++) {
        uint8_t *views = &count->views[problem->cell[e]];
        gain += problem->weight[problem->cell[e]] * count->share[*views];
        *views = (uint8_t)MIN(*views + 1u, count->cover);
    }
    return gain;
}

static double count_all(const Count *count)
{
    double value = 0;
    for (size_t c = 0; c < count->problem->n_cells; c++)
        for (unsigned d = 0; d < count->views[c]; d++)
            value += count->problem->weight[c] * count->share[d];
    return value;
}

double geo_site_value(const GeoSiteProblem *problem, const uint32_t *candidates, size_t n)
{
    Count count;
    count_begin(&count, problem);
    for (size_t i = 0; i < n; i++)
        count_add(&count, candidates[i]);
    double value = count_all(&count);
    g_free(count.views);
    return value;
}

/* Mandatory ones as they come, then always the one that adds most. */
static void write_picks(GeoSiteAnswer *answer, const Search *search)
{
    const GeoSiteModel *model = search->model;
    const GeoSiteProblem *problem = model->problem;
    Count count;
    count_begin(&count, problem);
    answer->before = count_all(&count);
    answer->picks = g_new0(GeoSitePick, MAX(problem->count, 1));
    for (uint32_t j = 0; problem->rule && j < problem->n; j++)
        if (problem->rule[j] == GEO_SITE_MANDATORY)
            add_pick(answer, problem, j, count_add(&count, j), true);
    GeoSiteSet *set = search->set;
    g_autofree uint8_t *closed = g_malloc(MAX(model->n, 1));
    memset(closed, GEO_SITE_OUT, model->n);
    for (size_t i = 0; i < search->n_best; i++)
        closed[search->best[i]] = GEO_SITE_OPEN;
    geo_site_set_empty(set);
    geo_site_set_greedy(set, closed, false); /* leaves out who adds nothing */
    for (size_t i = 0; i < set->n; i++) {
        uint32_t j = model->candidate[set->pick[i]];
        add_pick(answer, problem, j, count_add(&count, j), false);
    }
    answer->after = count_all(&count);
    g_free(count.views);
}

static bool valid(const GeoSiteProblem *problem)
{
    g_return_val_if_fail(problem->first || problem->n == 0, false);
    g_return_val_if_fail(problem->n < UINT32_MAX && problem->n_cells < UINT32_MAX - 16, false);
    g_return_val_if_fail(problem->cover <= GEO_SITE_MAX_COVER, false);
    g_return_val_if_fail(problem->n_owners < GEO_SITE_MAX_ROWS, false);
    for (unsigned d = 1; problem->share && d < problem->cover; d++)
        g_return_val_if_fail(problem->share[d] <= problem->share[d - 1], false);
    return true;
}

GeoSiteAnswer *geo_site_solve(const GeoSiteProblem *problem, const GeoSiteOptions *options,
                              GeoProgress *progress, GError **error)
{
    static const GeoSiteOptions plain;
    options = options ? options : &plain;
    if (!valid(problem))
        return NULL;
    g_autoptr(GeoSiteModel) model = geo_site_model_new(problem, progress, error);
    if (!model)
        return NULL;
    g_autoptr(GeoSiteSet) set = geo_site_set_new(model);
    Search search = {.model = model, .set = set, .progress = progress, .error = error};
    search.best = g_new(uint32_t, MAX(model->n, 1));
    g_autofree uint32_t *best = search.best;
    g_autoptr(GeoSiteAnswer) answer = g_new0(GeoSiteAnswer, 1);
    double greedy = 0;
    geo_progress_begin(progress, "search");
    if (!search_begin(&search, &greedy))
        return NULL;
    prove(&search, options, answer);
    if (search.stopped)
        return NULL;
    write_picks(answer, &search);
    answer->total = model->total;
    answer->useful = model->n;
    answer->groups = model->n_groups;
    answer->greedy = fmin(model->base + greedy, answer->after);
    double all = model->total * (1 + (double)problem->n_cells * DBL_EPSILON);
    answer->bound = fmax(fmin(answer->bound, all), answer->after);
    double room = answer->bound - answer->before;
    answer->gap_share = room > 0 ? (answer->bound - answer->after) / room : 0;
    return g_steal_pointer(&answer);
}

void geo_site_answer_free(GeoSiteAnswer *answer)
{
    if (!answer)
        return;
    g_free(answer->picks);
    g_free(answer);
}
