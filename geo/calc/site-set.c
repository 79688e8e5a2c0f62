/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Greedy choice and swaps. Greedy is lazy: gains only fall as picks are added, so the best of the
 * last known gains that still holds when counted anew is the best of all (Minoux 1978; CELF,
 * Leskovec et al. 2007). A swap of i for j changes the value by gain(j) - loss(i) + what both see
 * and i's leaving makes worth more; gains of all candidates are kept up to date group by group, so
 * the best partner of i costs the entries of i's groups and one look at each candidate. */
#include "geo/calc/heap.h"
#include "geo/calc/site-model.h"

#include <math.h>
#include <string.h>

#define WORTHWHILE                                                                                 \
    1e-9 /* of the value: what a swap must bring, so that rounding makes no circle                 \
          */

GeoSiteSet *geo_site_set_new(const GeoSiteModel *model)
{
    GeoSiteSet *set = g_new0(GeoSiteSet, 1);
    set->model = model;
    set->views = g_new0(uint32_t, MAX(model->n_groups, 1));
    set->next = g_new0(double, MAX(model->n_groups, 1));
    set->last = g_new0(double, MAX(model->n_groups, 1));
    set->gain = g_new0(double, MAX(model->n, 1));
    set->pick = g_new0(uint32_t, MAX(model->n, 1));
    set->picked = g_new0(uint8_t, MAX(model->n, 1));
    set->taken = g_new0(uint8_t, MAX(model->n_sites, 1));
    geo_site_set_empty(set);
    return set;
}

void geo_site_set_free(GeoSiteSet *set)
{
    if (!set)
        return;
    g_free(set->views);
    g_free(set->next);
    g_free(set->last);
    g_free(set->gain);
    g_free(set->pick);
    g_free(set->picked);
    g_free(set->taken);
    g_free(set);
}

void geo_site_set_empty(GeoSiteSet *set)
{
    const GeoSiteModel *model = set->model;
    memset(set->views, 0, model->n_groups * sizeof *set->views);
    memset(set->last, 0, model->n_groups * sizeof *set->last);
    memset(set->picked, 0, model->n);
    memset(set->taken, 0, model->n_sites);
    memset(set->spent, 0, sizeof set->spent);
    for (uint32_t g = 0; g < model->n_groups; g++)
        set->next[g] = geo_site_worth(model, g, 0);
    set->n = 0;
    set->value = 0;
    set->follows = false;
}

double geo_site_set_gain(const GeoSiteSet *set, uint32_t j)
{
    const GeoSiteModel *model = set->model;
    double gain = 0;
    for (uint32_t e = model->first[j]; e < model->first[j + 1]; e++)
        gain += set->next[model->group[e]];
    return gain;
}

static void follow(GeoSiteSet *set)
{
    for (uint32_t j = 0; j < set->model->n; j++)
        set->gain[j] = geo_site_set_gain(set, j);
    set->follows = true;
}

static inline void next_becomes(GeoSiteSet *set, uint32_t g, double next)
{
    const GeoSiteModel *model = set->model;
    double more = next - set->next[g];
    set->next[g] = next;
    if (!set->follows || more == 0)
        return;
    for (uint32_t e = model->back_first[g]; e < model->back_first[g + 1]; e++)
        set->gain[model->back[e]] += more;
}

static void pay(GeoSiteSet *set, uint32_t j, double sign)
{
    const GeoSiteModel *model = set->model;
    if (model->row[j] < GEO_SITE_MAX_ROWS)
        set->spent[model->row[j]] += sign * model->cost[j];
    if (model->row_all < GEO_SITE_MAX_ROWS)
        set->spent[model->row_all] += sign * model->cost[j];
}

void geo_site_set_add(GeoSiteSet *set, uint32_t j)
{
    const GeoSiteModel *model = set->model;
    for (uint32_t e = model->first[j]; e < model->first[j + 1]; e++) {
        uint32_t g = model->group[e];
        set->value += set->next[g];
        set->last[g] = set->next[g];
        next_becomes(set, g, geo_site_worth(model, g, ++set->views[g]));
    }
    pay(set, j, 1);
    set->taken[model->site[j]] = 1;
    set->picked[j] = 1;
    set->pick[set->n++] = j;
}

void geo_site_set_take(GeoSiteSet *set, size_t place)
{
    const GeoSiteModel *model = set->model;
    uint32_t j = set->pick[place];
    for (uint32_t e = model->first[j]; e < model->first[j + 1]; e++) {
        uint32_t g = model->group[e];
        uint32_t views = --set->views[g];
        set->value -= set->last[g];
        next_becomes(set, g, set->last[g]);
        set->last[g] = views > 0 ? geo_site_worth(model, g, views - 1) : 0;
    }
    pay(set, j, -1);
    set->taken[model->site[j]] = 0;
    set->picked[j] = 0;
    set->pick[place] = set->pick[--set->n];
}

static bool affords(const GeoSiteSet *set, size_t row, uint32_t j, uint32_t out)
{
    const GeoSiteModel *model = set->model;
    double spent = set->spent[row] + model->cost[j];
    if (out != UINT32_MAX && (model->row[out] == row || model->row_all == row))
        spent -= model->cost[out];
    return spent <= model->room[row] * (1 + 1e-12); /* sums of sums: rounding is not a fault */
}

bool geo_site_set_fits(const GeoSiteSet *set, uint32_t j, uint32_t out)
{
    const GeoSiteModel *model = set->model;
    bool none = out == UINT32_MAX;
    if (set->picked[j] || (none && set->n >= model->count))
        return false;
    if (set->taken[model->site[j]] && (none || model->site[out] != model->site[j]))
        return false;
    return (model->row[j] >= GEO_SITE_MAX_ROWS || affords(set, model->row[j], j, out)) &&
           (model->row_all >= GEO_SITE_MAX_ROWS || affords(set, model->row_all, j, out));
}

static double rank_of(const GeoSiteSet *set, uint32_t j, bool by_cost)
{
    double gain = geo_site_set_gain(set, j), cost = set->model->cost[j];
    return by_cost ? gain / MAX(cost, 1e-9) : gain;
}

void geo_site_set_greedy(GeoSiteSet *set, const uint8_t *closed, bool by_cost)
{
    const GeoSiteModel *model = set->model;
    GeoHeap heap = {0};
    for (uint32_t j = 0; j < model->n; j++)
        if (!(closed && closed[j] == GEO_SITE_OUT) && geo_site_set_fits(set, j, UINT32_MAX))
            geo_heap_push(&heap, -rank_of(set, j, by_cost), j);
    while (heap.n > 0 && set->n < model->count) {
        GeoHeapItem best = geo_heap_pop(&heap);
        if (!geo_site_set_fits(set, best.id, UINT32_MAX))
            continue; /* what does not fit now will not fit later */
        double rank = rank_of(set, best.id, by_cost);
        if (rank <= 0)
            continue;
        GeoHeapItem now = {-rank, best.id};
        if (heap.n == 0 || geo_heap_before(now, heap.items[0]))
            geo_site_set_add(set, best.id);
        else
            geo_heap_push(&heap, -rank, best.id);
    }
    geo_heap_clear(&heap);
}

/* What leaving of the pick makes worth more to others, onto extra[]; what it takes. */
static double leave(const GeoSiteSet *set, uint32_t i, double sign, double *extra)
{
    const GeoSiteModel *model = set->model;
    double loss = 0;
    for (uint32_t e = model->first[i]; e < model->first[i + 1]; e++) {
        uint32_t g = model->group[e];
        double more = set->last[g] - set->next[g];
        loss += set->last[g];
        if (more <= 0)
            continue;
        for (uint32_t b = model->back_first[g]; b < model->back_first[g + 1]; b++)
            extra[model->back[b]] = sign > 0 ? extra[model->back[b]] + more : 0;
    }
    return loss;
}

/* The best candidate in place of the pick, or UINT32_MAX. */
static uint32_t partner(const GeoSiteSet *set, uint32_t i, const uint8_t *closed, double *extra)
{
    const GeoSiteModel *model = set->model;
    double loss = leave(set, i, 1, extra);
    double best = loss + WORTHWHILE * (set->value + 1e-300);
    uint32_t found = UINT32_MAX;
    for (uint32_t j = 0; j < model->n; j++)
        if (set->gain[j] + extra[j] > best && !(closed && closed[j] == GEO_SITE_OUT) &&
            geo_site_set_fits(set, j, i)) {
            best = set->gain[j] + extra[j];
            found = j;
        }
    leave(set, i, -1, extra);
    return found;
}

/* Adds the best that fits, as long as there is one. */
static bool add_more(GeoSiteSet *set, const uint8_t *closed)
{
    size_t before = set->n;
    while (set->n < set->model->count) {
        double best = WORTHWHILE * set->value;
        uint32_t found = UINT32_MAX;
        for (uint32_t j = 0; j < set->model->n; j++)
            if (set->gain[j] > best && !(closed && closed[j] == GEO_SITE_OUT) &&
                geo_site_set_fits(set, j, UINT32_MAX)) {
                best = set->gain[j];
                found = j;
            }
        if (found == UINT32_MAX)
            break;
        geo_site_set_add(set, found);
    }
    return set->n > before;
}

bool geo_site_set_swap(GeoSiteSet *set, const uint8_t *closed, GeoProgress *progress,
                       GError **error)
{
    g_autofree double *extra = g_new0(double, MAX(set->model->n, 1));
    follow(set);
    bool more = true;
    for (size_t idle = 0, place = 0; more && set->n > 0 && idle < set->n; place++) {
        place = place >= set->n ? 0 : place;
        if (place % 8 == 0)
            more = geo_progress_step(progress, -1, error);
        uint32_t i = set->pick[place], j = partner(set, i, closed, extra);
        idle++;
        if (j != UINT32_MAX) {
            geo_site_set_take(set, place);
            geo_site_set_add(set, j); /* stands last; the former last stands here now */
            idle = 0;
        }
        if (add_more(set, closed))
            idle = 0;
    }
    set->follows = false;
    return more;
}
