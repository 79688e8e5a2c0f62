/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Which candidates to pick so that the most weight is seen, and how far from the best that can be.
 */
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/progress.h"

typedef enum { GEO_SITE_FREE, GEO_SITE_MANDATORY, GEO_SITE_FORBIDDEN } GeoSiteRule;

#define GEO_SITE_MAX_COVER 8

/* Candidate j sees the cells cell[first[j]] .. cell[first[j + 1] - 1]. All arrays are the caller's
 * and borrowed for the call. */
typedef struct {
    size_t n, n_cells;
    const uint32_t *first; /* n + 1 */
    const uint32_t *cell;  /* below n_cells, none twice within a candidate */
    const double *weight;  /* of a cell, finite, 0 and more */
    const uint8_t *seen;   /* how many see a cell already; NULL: none */
    const uint8_t *rule;   /* GeoSiteRule of a candidate; NULL: all free */
    const double *cost;    /* of a candidate, finite, 0 and more; NULL: nothing costs */
    const uint32_t
        *owner;           /* who pays for a candidate, below n_owners; NULL: nobody in particular */
    const double *budget; /* of an owner; INFINITY: any sum; NULL: any sum for all */
    const uint32_t *site; /* where a candidate stands, below n_sites; at most one is picked of a
                             site; NULL: each has its own */
    size_t n_owners, n_sites;
    double budget_all;   /* of all picks; 0: any sum */
    size_t count;        /* picks at most, the mandatory among them */
    unsigned cover;      /* the first so many views of a cell count; 0: 1 */
    const double *share; /* cover numbers, none above the one before: the d-th view of a cell is
                            worth share[d] of its weight; NULL: 1 each */
} GeoSiteProblem;

typedef struct {
    double gap_share; /* good enough: stop once the proven gap is no wider */
    unsigned steps;   /* of the bound at the most; 0: 600 */
    unsigned nodes;   /* of the exact search at the most, 40 steps each; 0: none */
} GeoSiteOptions;

typedef struct {
    uint32_t candidate;
    double gain; /* weight that it adds to the mandatory ones and to the picks before it */
    double cost;
    bool mandatory;
} GeoSitePick;

typedef struct {
    GeoSitePick *picks; /* n of them, mandatory first, then by falling gain; owned */
    size_t n;
    double total;         /* what could be seen if every cell were */
    double before, after; /* seen without and with the picks */
    double greedy;        /* after, had the greedy choice been kept: never above after */
    double bound;     /* no choice sees more. Rounded up: the error that its sums can have at the
                         worst is added, about 1e-10 of it */
    double gap_share; /* (bound - after) / (bound - before), 0 where nothing can be gained */
    size_t useful;    /* candidates that could add anything */
    size_t groups;    /* kinds of cell: seen by the same candidates and as often already */
    size_t open;      /* candidates that a better choice, if there is one, could hold */
    unsigned steps, nodes;
} GeoSiteAnswer;

/* Fails when the mandatory ones alone break a count, budget or site, and on cancel. The same answer
 * for the same arrays, always. O(entries of cell) a step. */
GeoSiteAnswer *geo_site_solve(const GeoSiteProblem *problem, const GeoSiteOptions *options,
                              GeoProgress *progress, GError **error);
void geo_site_answer_free(GeoSiteAnswer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoSiteAnswer, geo_site_answer_free)

/* The weight that these candidates see together with who sees already, counted plainly. O(cells +
 * their entries). */
double geo_site_value(const GeoSiteProblem *problem, const uint32_t *candidates, size_t n);
