/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How much it matters that a place is seen: the incidents that its ground had, the people around,
 * or its size alone. */
#include "geo/model/coord.h"
#include "geo/model/frame.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"

typedef enum {
    GEO_RISK_INCIDENTS,
    GEO_RISK_POPULATION,
    GEO_RISK_EQUAL,
    GEO_RISK_HOUR, /* incidents of the hour asked: while the sun was up, or while it was not */
    GEO_N_RISKS
} GeoRiskOf;

extern const char *const geo_risk_words[]; /* "incidents" ...; NULL-terminated */

typedef struct {
    GeoRiskOf of;
    double found; /* incidents, or people, in all */
    GeoBox box;
    size_t columns, rows; /* 0: nothing found */
    double *density;      /* incidents or people per km2, owned */
    double load_ms;       /* spent in the store */
} GeoRisk;

/* Over box, which may be empty. */
GeoRisk *geo_risk_load(GeoStore *store, GeoFrame *frame, const GeoBox *box, GeoProgress *progress,
                       GError **error);

/* By something else; night is asked by the hour only. A city without population points is
 * GEO_ERROR_MISSING when asked for them. */
GeoRisk *geo_risk_load_of(GeoStore *store, GeoFrame *frame, GeoRiskOf of, bool night,
                          const GeoBox *box, GeoProgress *progress, GError **error);
void geo_risk_free(GeoRisk *risk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRisk, geo_risk_free)

/* Weight of a square metre at p, a GeoWeightFunc: incidents or people there, smoothed, plus one for
 * each square kilometre so that places without any still rank by size; 1 by size. risk is a
 * GeoRisk. */
double geo_risk_at(GeoXY p, void *risk);
