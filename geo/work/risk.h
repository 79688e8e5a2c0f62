/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How much it matters that a place is seen: the incidents that its ground had. */
#include "geo/model/coord.h"
#include "geo/model/frame.h"
#include "geo/model/progress.h"
#include "geo/store/store.h"

typedef struct {
    GeoBox box;
    size_t columns, rows; /* 0: no incidents */
    double *density;      /* incidents per km2, owned */
    double load_ms;       /* spent in the store */
} GeoRisk;

/* Over box, which may be empty. */
GeoRisk *geo_risk_load(GeoStore *store, GeoFrame *frame, const GeoBox *box, GeoProgress *progress,
                       GError **error);
void geo_risk_free(GeoRisk *risk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoRisk, geo_risk_free)

/* Weight of a square metre at p, a GeoWeightFunc: incidents there, smoothed, plus one for each
 * square kilometre so that places without any still rank by size. risk is a GeoRisk. */
double geo_risk_at(GeoXY p, void *risk);
