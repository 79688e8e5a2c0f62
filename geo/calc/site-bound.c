/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The bound: "a group counts only if somebody who sees it is picked" is dropped and paid for
 * instead. Each group has a price between nothing and what its first view is worth; a candidate is
 * worth the prices of what it sees, and the best choice is then simply the dearest candidates. That
 * choice, plus what groups are worth above their price, is never below the true best, whatever the
 * prices (Lagrangian relaxation; Galvao and ReVelle 1996). Prices move along the subgradient, seen
 * too often down and too seldom up, deflected by the steps before (Camerini, Fratta, Maffioli
 * 1975). Budgets are paid for likewise; the count and "one of a site" are kept exactly.
 * A candidate whose choice, or whose absence, would pull the bound to what is known already is out,
 * or in, for good. */
#include "geo/calc/site-model.h"

#include <float.h>
#include <math.h>
#include <string.h>

#define FIRST_PACE 1.0
#define PATIENCE 12 /* steps without a better bound before the pace is cut */
#define PACE_CUT 0.6
#define LEAST_PACE 0.002
#define DEFLECT 0.4
#define LEAN_KEEP 0.93 /* of candidates' lean, a step */

typedef struct {
    double key;
    uint32_t id;
} Item;

typedef struct {
    GeoSiteBound *bound;
    const GeoSiteModel *model;
    double *price, toll[GEO_SITE_MAX_ROWS];   /* of this step; bound's are the best ones */
    double *way, toll_way[GEO_SITE_MAX_ROWS]; /* direction of the step before */
    int32_t *views;                           /* of a group, by the inner choice */
    double *value;                            /* of a candidate at these prices */
    uint32_t *live;                           /* candidates that are not out */
    uint32_t *best, *second;                  /* of a site: open candidates */
    uint32_t *sites;                          /* that have live ones */
    uint8_t *in_choice;                       /* of a candidate */
    Item *items;
    size_t n_live, n_sites, n_in, n_items, taken; /* taken: of items */
    double level, level_slack;                    /* the relaxed value, and its rounding */
    double threshold, next;                       /* the weakest taken, the best left */
    bool full;
} Run;

GeoSiteBound *geo_site_bound_new(const GeoSiteModel *model)
{
    GeoSiteBound *bound = g_new0(GeoSiteBound, 1);
    bound->model = model;
    bound->price = g_new0(double, MAX(model->n_groups, 1));
    bound->fate = g_new0(uint8_t, MAX(model->n, 1));
    bound->lean = g_new0(double, MAX(model->n, 1));
    bound->chosen = g_new0(uint32_t, MAX(model->n, 1));
    bound->bound = INFINITY;
    return bound;
}

void geo_site_bound_free(GeoSiteBound *bound)
{
    if (!bound)
        return;
    g_free(bound->price);
    g_free(bound->fate);
    g_free(bound->lean);
    g_free(bound->chosen);
    g_free(bound);
}

bool geo_site_bound_closed(const GeoSiteModel *model, double bound, double known)
{
    double scale = fmax(known + model->base, bound);
    if (model->whole) /* rounding is far below one, and choices differ by one at least */
        return bound < known + 0.999 && scale < 1e9;
    return bound <= known + 1e-9 * scale;
}

static void run_begin(Run *run, GeoSiteBound *bound)
{
    const GeoSiteModel *model = bound->model;
    size_t groups = MAX(model->n_groups, 1), n = MAX(model->n, 1);
    *run = (Run){.bound = bound, .model = model};
    run->price = g_memdup2(bound->price, groups * sizeof *run->price);
    memcpy(run->toll, bound->toll, sizeof run->toll);
    run->way = g_new0(double, groups);
    run->views = g_new0(int32_t, groups);
    run->value = g_new0(double, n);
    run->live = g_new(uint32_t, n);
    run->best = g_new(uint32_t, MAX(model->n_sites, 1));
    run->second = g_new(uint32_t, MAX(model->n_sites, 1));
    run->sites = g_new(uint32_t, MAX(model->n_sites, 1));
    run->in_choice = g_new0(uint8_t, n);
    run->items = g_new(Item, n);
    memset(run->best, 0xff, MAX(model->n_sites, 1) * sizeof *run->best);
}

static void run_clear(Run *run)
{
    g_free(run->price);
    g_free(run->way);
    g_free(run->views);
    g_free(run->value);
    g_free(run->live);
    g_free(run->best);
    g_free(run->second);
    g_free(run->sites);
    g_free(run->in_choice);
    g_free(run->items);
}

/* Lists who is not out; prices of groups that nobody is left to see rise to their worth. */
static void gather_live(Run *run)
{
    const GeoSiteModel *model = run->model;
    run->n_live = run->n_in = 0;
    memset(run->views, 0, model->n_groups * sizeof *run->views);
    for (uint32_t j = 0; j < model->n; j++) {
        if (run->bound->fate[j] == GEO_SITE_OUT) {
            run->bound->lean[j] = 0;
            continue;
        }
        run->live[run->n_live++] = j;
        run->n_in += run->bound->fate[j] == GEO_SITE_IN;
        for (uint32_t e = model->first[j]; e < model->first[j + 1]; e++)
            run->views[model->group[e]] = 1;
    }
    for (uint32_t g = 0; g < model->n_groups; g++)
        if (!run->views[g])
            run->price[g] = geo_site_worth(model, g, 0);
}

static double toll_of(const Run *run, uint32_t j)
{
    const GeoSiteModel *model = run->model;
    double toll = model->row[j] < GEO_SITE_MAX_ROWS ? run->toll[model->row[j]] : 0;
    if (model->row_all < GEO_SITE_MAX_ROWS)
        toll += run->toll[model->row_all];
    return toll * model->cost[j];
}

static inline bool before(Item a, Item b)
{
    return a.key > b.key || (a.key == b.key && a.id < b.id);
}

/* Puts the n dearest to the front (Hoare's selection); 0 < n <= size. */
static void select_items(Item *items, size_t size, size_t n)
{
    size_t low = 0, high = size - 1;
    while (low < high) {
        Item pivot = items[low + (high - low) / 2];
        size_t i = low, j = high;
        for (;; i++, j--) {
            while (before(items[i], pivot))
                i++;
            while (before(pivot, items[j]))
                j--;
            if (i >= j)
                break;
            Item swap = items[i];
            items[i] = items[j];
            items[j] = swap;
        }
        if (n - 1 <= j && j < high)
            high = j;
        else
            low = j + 1;
    }
}

/* The dearest open candidate of each site, and the one after it. */
static void rank_sites(Run *run)
{
    const GeoSiteModel *model = run->model;
    for (size_t s = 0; s < run->n_sites; s++)
        run->best[run->sites[s]] = UINT32_MAX;
    run->n_sites = 0;
    for (size_t k = 0; k < run->n_live; k++) {
        uint32_t j = run->live[k], s = model->site[j];
        if (run->bound->fate[j] == GEO_SITE_IN)
            continue;
        if (run->best[s] == UINT32_MAX) {
            run->sites[run->n_sites++] = s;
            run->best[s] = j;
            run->second[s] = UINT32_MAX;
        } else if (run->value[j] > run->value[run->best[s]]) {
            run->second[s] = run->best[s];
            run->best[s] = j;
        } else if (run->second[s] == UINT32_MAX || run->value[j] > run->value[run->second[s]]) {
            run->second[s] = j;
        }
    }
}

/* The best choice at these prices; its worth, and the weakest in it and the best left. */
static void choose(Run *run, double *worth, double *sums)
{
    const GeoSiteModel *model = run->model;
    GeoSiteBound *bound = run->bound;
    *worth = *sums = 0;
    bound->n_chosen = 0;
    for (size_t k = 0; k < run->n_live; k++) {
        uint32_t j = run->live[k];
        double sum = 0, toll = toll_of(run, j);
        for (uint32_t e = model->first[j]; e < model->first[j + 1]; e++)
            sum += run->price[model->group[e]];
        run->value[j] = sum - toll;
        run->in_choice[j] = bound->fate[j] == GEO_SITE_IN;
        if (run->in_choice[j]) {
            bound->chosen[bound->n_chosen++] = j;
            *worth += run->value[j];
            *sums += sum + toll;
        }
    }
    rank_sites(run);
    run->n_items = 0;
    for (size_t s = 0; s < run->n_sites; s++) {
        uint32_t j = run->best[run->sites[s]];
        if (run->value[j] > 0)
            run->items[run->n_items++] = (Item){run->value[j], j};
    }
    size_t places = model->count - MIN(run->n_in, model->count);
    run->taken = MIN(places, run->n_items);
    run->full = run->n_items >= places;
    if (run->taken > 0 && run->n_items > run->taken)
        select_items(run->items, run->n_items, run->taken);
    run->threshold = run->full ? INFINITY : 0;
    run->next = 0;
    for (size_t i = 0; i < run->n_items; i++) {
        uint32_t j = run->items[i].id;
        if (i >= run->taken) {
            run->next = fmax(run->next, run->value[j]);
            continue;
        }
        run->threshold = run->full ? fmin(run->threshold, run->value[j]) : 0;
        run->in_choice[j] = 1;
        bound->chosen[bound->n_chosen++] = j;
        *worth += run->value[j];
        *sums += run->value[j] + 2 * toll_of(run, j);
    }
}

/* The relaxed value at these prices with room for its rounding, and views by the choice. */
static void measure(Run *run)
{
    const GeoSiteModel *model = run->model;
    double worth, sums, above = 0, tolls = 0;
    choose(run, &worth, &sums);
    memset(run->views, 0, model->n_groups * sizeof *run->views);
    uint32_t longest = 0;
    for (size_t i = 0; i < run->bound->n_chosen; i++) {
        uint32_t j = run->bound->chosen[i];
        longest = MAX(longest, model->first[j + 1] - model->first[j]);
        for (uint32_t e = model->first[j]; e < model->first[j + 1]; e++)
            run->views[model->group[e]]++;
    }
    for (uint32_t g = 0; g < model->n_groups; g++)
        for (unsigned d = 0; d + model->depth[g] < model->cover; d++) {
            double more = geo_site_worth(model, g, d) - run->price[g];
            above += more > 0 ? more : 0;
        }
    for (size_t r = 0; r < model->n_rows; r++)
        tolls += isfinite(model->room[r]) ? run->toll[r] * model->room[r] : 0;
    double terms = (double)(model->problem->n_cells + model->cover * model->n_groups +
                            run->bound->n_chosen + longest + model->n_rows + 16);
    run->level = above + tolls + worth;
    run->level_slack = terms * DBL_EPSILON * (above + tolls + sums);
}

/* Closes what cannot be part of anything better than known; true when any fate changed. */
static bool close_fates(Run *run, double known)
{
    const GeoSiteModel *model = run->model;
    uint8_t *fate = run->bound->fate;
    double level = run->level + run->level_slack;
    bool changed = false;
    for (size_t k = 0; k < run->n_live; k++) {
        uint32_t j = run->live[k], s = model->site[j], best = run->best[s];
        if (fate[j] != GEO_SITE_OPEN)
            continue;
        double other; /* what leaves for j, or comes in its place */
        if (!run->in_choice[j]) {
            other = run->in_choice[best] ? run->value[best] : run->threshold;
            if (geo_site_bound_closed(model, level - other + run->value[j], known))
                fate[j] = GEO_SITE_OUT, changed = true;
            continue;
        }
        other = run->second[s] == UINT32_MAX ? 0 : fmax(0, run->value[run->second[s]]);
        other = run->full ? fmax(other, run->next) : other;
        if (geo_site_bound_closed(model, level - run->value[j] + other, known))
            fate[j] = GEO_SITE_IN, changed = true;
    }
    if (!changed)
        return false;
    for (size_t k = 0; k < run->n_live; k++) {
        uint32_t j = run->live[k], best = run->best[model->site[j]];
        if (fate[j] == GEO_SITE_OPEN && best != UINT32_MAX && fate[best] == GEO_SITE_IN)
            fate[j] = GEO_SITE_OUT; /* one of a site */
    }
    return true;
}

/* Moves the prices against the deflected subgradient. */
static void move(Run *run, double known, double pace)
{
    const GeoSiteModel *model = run->model;
    double norm = 0, spent[GEO_SITE_MAX_ROWS] = {0}, scale[GEO_SITE_MAX_ROWS] = {0};
    for (uint32_t g = 0; g < model->n_groups; g++) {
        double wanted = 0, price = run->price[g], top = geo_site_worth(model, g, 0);
        for (unsigned d = 0; d + model->depth[g] < model->cover; d++)
            wanted += geo_site_worth(model, g, d) > price;
        double way = run->views[g] - wanted;
        if (price >= top && run->views[g] == 0)
            way = 0; /* it can rise no further */
        way += DEFLECT * run->way[g];
        if ((price <= 0 && way > 0) || (price >= top && way < 0))
            way = 0;
        run->way[g] = way;
        norm += way * way;
    }
    for (size_t i = 0; i < run->bound->n_chosen; i++) {
        uint32_t j = run->bound->chosen[i];
        if (model->row[j] < GEO_SITE_MAX_ROWS)
            spent[model->row[j]] += model->cost[j];
        if (model->row_all < GEO_SITE_MAX_ROWS)
            spent[model->row_all] += model->cost[j];
    }
    double groups_norm = fmax(norm, 1);
    for (size_t r = 0; r < model->n_rows; r++) {
        if (!isfinite(model->room[r]))
            continue;
        /* A budget's toll moves on the scale of all groups together. */
        scale[r] = groups_norm / pow(fmax(model->room[r], 1e-9), 2);
        double way = model->room[r] - spent[r] + DEFLECT * run->toll_way[r];
        run->toll_way[r] = run->toll[r] <= 0 && way > 0 ? 0 : way;
        norm += scale[r] * run->toll_way[r] * run->toll_way[r];
    }
    if (norm <= 0)
        return;
    double step = pace * fmax(run->level - known, 1e-12 * run->level) / norm;
    for (uint32_t g = 0; g < model->n_groups; g++) {
        double price = run->price[g] - step * run->way[g];
        run->price[g] = CLAMP(price, 0, geo_site_worth(model, g, 0));
    }
    for (size_t r = 0; r < model->n_rows; r++)
        run->toll[r] = fmax(0, run->toll[r] - step * scale[r] * run->toll_way[r]);
}

static void keep_best(Run *run)
{
    GeoSiteBound *bound = run->bound;
    bound->bound = run->level + run->level_slack;
    memcpy(bound->price, run->price, run->model->n_groups * sizeof *run->price);
    memcpy(bound->toll, run->toll, sizeof run->toll);
}

static void lean(Run *run)
{
    for (size_t k = 0; k < run->n_live; k++) {
        double *lean = &run->bound->lean[run->live[k]];
        *lean = LEAN_KEEP * *lean + (1 - LEAN_KEEP) * run->in_choice[run->live[k]];
    }
}

static bool enough(const GeoSiteBound *bound, double known, double gap_share)
{
    double gap = bound->bound - known;
    return geo_site_bound_closed(bound->model, bound->bound, known) ||
           gap <= gap_share * (bound->bound + bound->model->given);
}

bool geo_site_bound_run(GeoSiteBound *bound, double *known, double gap_share, unsigned steps,
                        unsigned rest, GeoSiteHear hear, void *user, GeoProgress *progress,
                        GError **error)
{
    Run run;
    double pace = FIRST_PACE;
    unsigned idle = 0;
    bool more = true;
    run_begin(&run, bound);
    gather_live(&run);
    for (unsigned step = 1; step <= steps && more && pace > LEAST_PACE; step++) {
        bound->steps++;
        measure(&run);
        lean(&run);
        idle++;
        if (run.level + run.level_slack < bound->bound) {
            idle = run.level < bound->bound * (1 - 1e-5) ? 0 : idle;
            keep_best(&run);
        }
        if (rest > 0 && step % rest == 0)
            *known = fmax(*known, hear(bound, *known, user));
        if (enough(bound, *known, gap_share))
            break;
        if (close_fates(&run, *known))
            gather_live(&run);
        if (idle >= PATIENCE) {
            idle = 0;
            pace *= PACE_CUT;
            memcpy(run.price, bound->price, run.model->n_groups * sizeof *run.price);
            memcpy(run.toll, bound->toll, sizeof run.toll);
            continue; /* from the best prices again, with a shorter step */
        }
        move(&run, *known, pace);
        more = geo_progress_step(progress, (double)step / steps, error);
    }
    run_clear(&run);
    return more;
}
