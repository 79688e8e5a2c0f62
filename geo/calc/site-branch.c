/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the bound leaves open is searched to the end, as far as the caller allows: the candidate
 * that the prices are least sure of is taken in, then out, each time with the prices of the node
 * above and some steps more. Nodes that cannot beat what is known are cut. */
#include "geo/calc/site-branch.h"

#include <math.h>
#include <string.h>

#define NODE_STEPS 40

typedef struct {
    GeoSiteBound *bound;
    GeoSiteSet *set;
    GeoSiteKeep keep;
    void *user;
    double known, gap_share;
    unsigned nodes, most;
    GeoProgress *progress;
    GError **error;
    bool stopped;
} Branch;

/* Closes what no longer fits beside those that are in; false when they do not fit together. */
static bool propagate(const Branch *branch)
{
    const GeoSiteModel *model = branch->bound->model;
    uint8_t *fate = branch->bound->fate;
    GeoSiteSet *set = branch->set;
    geo_site_set_empty(set);
    for (uint32_t j = 0; j < model->n; j++)
        if (fate[j] == GEO_SITE_IN) {
            if (!geo_site_set_fits(set, j, UINT32_MAX))
                return false;
            geo_site_set_add(set, j);
        }
    for (uint32_t j = 0; j < model->n; j++)
        if (fate[j] == GEO_SITE_OPEN && !geo_site_set_fits(set, j, UINT32_MAX))
            fate[j] = GEO_SITE_OUT;
    return true;
}

/* The open candidate that was chosen nearest to half of the time; UINT32_MAX: none is open. */
static uint32_t unsure(const GeoSiteBound *bound)
{
    uint32_t found = UINT32_MAX;
    double least = INFINITY;
    for (uint32_t j = 0; j < bound->model->n; j++) {
        double off = fabs(bound->lean[j] - 0.5);
        if (bound->fate[j] == GEO_SITE_OPEN && off < least) {
            least = off;
            found = j;
        }
    }
    return found;
}

/* An upper bound of the node's choices, at least what is known. */
static double visit(Branch *branch, double above)
{
    GeoSiteBound *bound = branch->bound;
    const GeoSiteModel *model = bound->model;
    if (branch->stopped || branch->nodes >= branch->most)
        return above;
    branch->nodes++;
    if (!propagate(branch))
        return branch->known;
    bound->bound = above;
    branch->known = fmax(branch->known, branch->keep(branch->set, branch->user));
    if (!geo_site_bound_run(bound, &branch->known, branch->gap_share, NODE_STEPS, 0, NULL, NULL,
                            branch->progress, branch->error)) {
        branch->stopped = true;
        return above;
    }
    double here = fmin(bound->bound, above);
    if (!propagate(branch))
        return branch->known;
    branch->known = fmax(branch->known, branch->keep(branch->set, branch->user));
    if (geo_site_bound_closed(model, here, branch->known) ||
        here - branch->known <= branch->gap_share * (here + model->given))
        return fmax(here, branch->known);
    uint32_t j = unsure(bound);
    if (j == UINT32_MAX)
        return branch->known; /* all is settled, and the one choice left is known now */
    g_autofree uint8_t *fate = g_memdup2(bound->fate, model->n);
    g_autofree double *price = g_memdup2(bound->price, model->n_groups * sizeof *price);
    g_autofree double *leans = g_memdup2(bound->lean, model->n * sizeof *leans);
    double toll[GEO_SITE_MAX_ROWS], upper = branch->known;
    memcpy(toll, bound->toll, sizeof toll);
    for (int side = 0; side < 2; side++) {
        memcpy(bound->fate, fate, model->n);
        memcpy(bound->price, price, model->n_groups * sizeof *price);
        memcpy(bound->lean, leans, model->n * sizeof *leans);
        memcpy(bound->toll, toll, sizeof toll);
        bound->fate[j] = side == 0 ? GEO_SITE_IN : GEO_SITE_OUT;
        upper = fmax(upper, visit(branch, here));
    }
    memcpy(bound->fate, fate, model->n);
    return upper;
}

bool geo_site_branch(GeoSiteBound *bound, double *known, double gap_share, unsigned *nodes,
                     GeoSiteKeep keep, void *user, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoSiteSet) set = geo_site_set_new(bound->model);
    Branch branch = {.bound = bound,
                     .set = set,
                     .keep = keep,
                     .user = user,
                     .known = *known,
                     .gap_share = gap_share,
                     .most = *nodes,
                     .progress = progress,
                     .error = error};
    double upper = visit(&branch, bound->bound);
    *known = branch.known;
    *nodes = branch.nodes;
    bound->bound = upper;
    return !branch.stopped;
}
