/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The inside of geo/calc/site: the problem after the mandatory picks, over groups of equal cells,
 * and a set of picks that knows what each change would bring. */
#include "geo/calc/site.h"

#define GEO_SITE_MAX_ROWS 65 /* budgets: owners' and the whole's */

typedef struct {
    const GeoSiteProblem *problem;
    size_t n;            /* candidates that are free, fit and add something */
    uint32_t *candidate; /* n: their number in the problem */
    size_t n_groups;
    uint32_t *first, *group;     /* n + 1: the groups of a candidate, rising */
    uint32_t *back_first, *back; /* n_groups + 1: the candidates of a group, rising */
    double *weight;              /* of a group */
    uint8_t *depth;              /* of a group: how many see it, mandatory picks among them */
    double share[GEO_SITE_MAX_COVER + 1]; /* 0 from cover on */
    unsigned cover;
    size_t count; /* picks left */
    size_t n_sites;
    uint32_t *site; /* n */
    double *cost;   /* n */
    size_t n_rows;
    double room[GEO_SITE_MAX_ROWS]; /* money left in a budget */
    uint8_t *row;                   /* n: owner's budget, n_rows: none */
    size_t row_all;                 /* the whole's budget, n_rows: none */
    double base;                    /* seen already and by the mandatory */
    double given;                   /* of it, by the mandatory */
    double total;
    bool whole; /* all that a view can be worth is a whole number below 2^50 */
} GeoSiteModel;

/* Fails as geo_site_solve() does. */
GeoSiteModel *geo_site_model_new(const GeoSiteProblem *problem, GeoProgress *progress,
                                 GError **error);
void geo_site_model_free(GeoSiteModel *model);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSiteModel, geo_site_model_free)

/* What the view number `more` (from 0) beyond those there is worth in a group. */
static inline double geo_site_worth(const GeoSiteModel *model, uint32_t group, unsigned more)
{
    unsigned d = model->depth[group] + more;
    return model->weight[group] * model->share[MIN(d, model->cover)];
}

/* ---- a set of picks ---- */

typedef struct {
    const GeoSiteModel *model;
    uint32_t *views;     /* of a group, by picks */
    double *next, *last; /* of a group: what one view more adds, one less takes */
    double *gain;        /* of a candidate; only kept after geo_site_set_follow() */
    bool follows;
    uint32_t *pick; /* in order of adding */
    size_t n;
    uint8_t *picked; /* of a candidate */
    uint8_t *taken;  /* of a site */
    double spent[GEO_SITE_MAX_ROWS];
    double value; /* beyond the model's base */
} GeoSiteSet;

GeoSiteSet *geo_site_set_new(const GeoSiteModel *model);
void geo_site_set_free(GeoSiteSet *set);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSiteSet, geo_site_set_free)

void geo_site_set_empty(GeoSiteSet *set);
void geo_site_set_add(GeoSiteSet *set, uint32_t j);
void geo_site_set_take(GeoSiteSet *set,
                       size_t place); /* the pick at that place; the last fills it */
double geo_site_set_gain(const GeoSiteSet *set, uint32_t j);

/* Budgets, sites and count allow j; out (or UINT32_MAX) leaves for it. */
bool geo_site_set_fits(const GeoSiteSet *set, uint32_t j, uint32_t out);

/* Fills up by gain, or by gain for its cost; closed (may be NULL) says which candidates are out. */
void geo_site_set_greedy(GeoSiteSet *set, const uint8_t *closed, bool by_cost);

/* Swaps one for one, and adds, while that helps; false on cancel. */
bool geo_site_set_swap(GeoSiteSet *set, const uint8_t *closed, GeoProgress *progress,
                       GError **error);

/* ---- the bound ---- */

typedef enum { GEO_SITE_OPEN = 0, GEO_SITE_OUT = 1, GEO_SITE_IN = 2 } GeoSiteFate;

/* Multipliers, and what the best of them says. */
typedef struct {
    const GeoSiteModel *model;
    double *price;                  /* of a group, 0 .. worth of its first view; owned */
    double toll[GEO_SITE_MAX_ROWS]; /* of a yuan in a budget */
    uint8_t *fate;                  /* of a candidate: GeoSiteFate; owned */
    double *lean;     /* of a candidate: how often it was chosen of late, 0..1; owned */
    uint32_t *chosen; /* by the last step; owned */
    size_t n_chosen;
    double bound; /* beyond the base, rounded up; of all choices that keep to the fates and beat
                     known */
    unsigned steps;
} GeoSiteBound;

GeoSiteBound *geo_site_bound_new(const GeoSiteModel *model);
void geo_site_bound_free(GeoSiteBound *bound);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSiteBound, geo_site_bound_free)

/* Up to so many steps of subgradient from the present prices, towards known (what some choice
 * reaches); fates are closed on the way where known proves it. Stops once nothing better than known
 * is possible, or the gap to it is no wider than gap_share of the bound. After every `rest` steps
 * (0: never) tells hear(), which may give a better known. False on cancel. */
typedef double (*GeoSiteHear)(GeoSiteBound *bound, double known, void *user);
bool geo_site_bound_run(GeoSiteBound *bound, double *known, double gap_share, unsigned steps,
                        unsigned rest, GeoSiteHear hear, void *user, GeoProgress *progress,
                        GError **error);

/* Nothing above known is possible under the bound: equal, within rounding, or less than a whole
 * unit above where all is whole. */
bool geo_site_bound_closed(const GeoSiteModel *model, double bound, double known);
