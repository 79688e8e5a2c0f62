/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Density of incidents or people by a quartic kernel on a coarse grid. */
#include "geo/work/risk.h"

#include <math.h>

#include "geo/calc/heat.h"
#include "geo/calc/sun.h"
#include "geo/model/error.h"

#define KERNEL_M 150.0
#define GRID_M 25.0
#define MAX_GRID_SIDE 4096
#define BASE_PER_KM2 1.0

const char *const geo_risk_words[] = {"incidents", "population", "equal", "hour", NULL};

double geo_risk_at(GeoXY p, void *user)
{
    const GeoRisk *risk = user;
    double density = BASE_PER_KM2;
    if (risk->of == GEO_RISK_EQUAL)
        return 1;
    if (risk->columns > 0) {
        double x = (p.x - risk->box.min_x) / (risk->box.max_x - risk->box.min_x);
        double y = (p.y - risk->box.min_y) / (risk->box.max_y - risk->box.min_y);
        size_t column = (size_t)CLAMP(x * (double)risk->columns, 0, (double)risk->columns - 1);
        size_t row = (size_t)CLAMP(y * (double)risk->rows, 0, (double)risk->rows - 1);
        density += risk->density[row * risk->columns + column];
    }
    return density / 1e6;
}

/* Points with a weight each; NULL: 1. */
static bool lay(GeoRisk *risk, GeoFrame *frame, const GeoBatch *points, double *weights,
                GeoProgress *progress, GError **error)
{
    size_t n = points->points->len, finite = 0;
    if (n == 0 || !(risk->box.min_x <= risk->box.max_x))
        return true;
    g_autofree GeoXY *xy = g_new(GeoXY, n);
    geo_frame_to_xy(frame, (const GeoLonLat *)(const void *)points->points->data, xy, n);
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(xy[i].x) || !isfinite(xy[i].y))
            continue;
        if (weights)
            weights[finite] = weights[i];
        risk->found += weights ? weights[i] : 1;
        xy[finite++] = xy[i];
    }
    double columns = ceil((risk->box.max_x - risk->box.min_x) / GRID_M);
    double rows = ceil((risk->box.max_y - risk->box.min_y) / GRID_M);
    risk->columns = (size_t)CLAMP(columns, 1, MAX_GRID_SIDE);
    risk->rows = (size_t)CLAMP(rows, 1, MAX_GRID_SIDE);
    risk->density = g_new0(double, risk->columns * risk->rows);
    return geo_heat_grid(xy, weights, finite, &risk->box, risk->columns, risk->rows, KERNEL_M,
                         risk->density, progress, error);
}

/* People of each point of the batch, whose rows have one each; the caller's. */
static double *people_of(const GeoBatch *batch)
{
    double *people = g_new0(double, MAX(batch->points->len, 1));
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoPopulation *row = (const GeoPopulation *)(const void *)geo_batch_row(batch, i);
        size_t n;
        if (row->row.n_parts == 0 || !(row->people > 0))
            continue;
        const GeoLonLat *point = geo_batch_part(batch, &row->row, 0, &n);
        people[point - (const GeoLonLat *)(const void *)batch->points->data] = row->people;
    }
    return people;
}

/* 1 for each incident of the hour, 0 for the others, by their points; the caller's. */
static double *hour_of(const GeoBatch *batch, bool night)
{
    double *weights = g_new0(double, MAX(batch->points->len, 1));
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoIncident *row = (const GeoIncident *)(const void *)geo_batch_row(batch, i);
        size_t n;
        if (row->row.n_parts == 0)
            continue;
        const GeoLonLat *point = geo_batch_part(batch, &row->row, 0, &n);
        weights[point - (const GeoLonLat *)(const void *)batch->points->data] =
            geo_sun_is_up(*point, row->at_ms) != night;
    }
    return weights;
}

GeoRisk *geo_risk_load_of(GeoStore *store, GeoFrame *frame, GeoRiskOf of, bool night,
                          const GeoBox *box, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoRisk) risk = g_new0(GeoRisk, 1);
    gint64 begin = g_get_monotonic_time();
    risk->of = of;
    risk->box = *box;
    if (of == GEO_RISK_EQUAL)
        return g_steal_pointer(&risk);
    bool people = of == GEO_RISK_POPULATION;
    geo_progress_begin(progress, people ? "population" : "incidents");
    g_autoptr(GeoBatch) points =
        geo_store_load(store, people ? GEO_KIND_POPULATION : GEO_KIND_INCIDENT, NULL, error);
    if (!points)
        return NULL;
    risk->load_ms = (double)(g_get_monotonic_time() - begin) / 1000;
    if (people && points->points->len == 0) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                            "the city has no population to weigh by: import population points, or "
                            "weigh by incidents or equal");
        return NULL;
    }
    g_autofree double *weights = people                ? people_of(points)
                                 : of == GEO_RISK_HOUR ? hour_of(points, night)
                                                       : NULL;
    if (!lay(risk, frame, points, weights, progress, error))
        return NULL;
    return g_steal_pointer(&risk);
}

GeoRisk *geo_risk_load(GeoStore *store, GeoFrame *frame, const GeoBox *box, GeoProgress *progress,
                       GError **error)
{
    return geo_risk_load_of(store, frame, GEO_RISK_INCIDENTS, false, box, progress, error);
}

void geo_risk_free(GeoRisk *risk)
{
    if (!risk)
        return;
    g_free(risk->density);
    g_free(risk);
}
