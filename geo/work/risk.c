/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Density of incidents by a quartic kernel on a coarse grid. */
#include "geo/work/risk.h"

#include <math.h>

#include "geo/calc/heat.h"

#define KERNEL_M 150.0
#define GRID_M 25.0
#define MAX_GRID_SIDE 4096
#define BASE_PER_KM2 1.0

double geo_risk_at(GeoXY p, void *user)
{
    const GeoRisk *risk = user;
    double density = BASE_PER_KM2;
    if (risk->columns > 0) {
        double x = (p.x - risk->box.min_x) / (risk->box.max_x - risk->box.min_x);
        double y = (p.y - risk->box.min_y) / (risk->box.max_y - risk->box.min_y);
        size_t column = (size_t)CLAMP(x * (double)risk->columns, 0, (double)risk->columns - 1);
        size_t row = (size_t)CLAMP(y * (double)risk->rows, 0, (double)risk->rows - 1);
        density += risk->density[row * risk->columns + column];
    }
    return density / 1e6;
}

static bool lay(GeoRisk *risk, GeoFrame *frame, const GeoBatch *incidents, GeoProgress *progress,
                GError **error)
{
    size_t n = incidents->points->len, finite = 0;
    if (n == 0 || !(risk->box.min_x <= risk->box.max_x))
        return true;
    g_autofree GeoXY *xy = g_new(GeoXY, n);
    geo_frame_to_xy(frame, (const GeoLonLat *)(const void *)incidents->points->data, xy, n);
    for (size_t i = 0; i < n; i++)
        if (isfinite(xy[i].x) && isfinite(xy[i].y))
            xy[finite++] = xy[i];
    double columns = ceil((risk->box.max_x - risk->box.min_x) / GRID_M);
    double rows = ceil((risk->box.max_y - risk->box.min_y) / GRID_M);
    risk->columns = (size_t)CLAMP(columns, 1, MAX_GRID_SIDE);
    risk->rows = (size_t)CLAMP(rows, 1, MAX_GRID_SIDE);
    risk->density = g_new0(double, risk->columns * risk->rows);
    return geo_heat_grid(xy, NULL, finite, &risk->box, risk->columns, risk->rows, KERNEL_M,
                         risk->density, progress, error);
}

GeoRisk *geo_risk_load(GeoStore *store, GeoFrame *frame, const GeoBox *box, GeoProgress *progress,
                       GError **error)
{
    g_autoptr(GeoRisk) risk = g_new0(GeoRisk, 1);
    gint64 begin = g_get_monotonic_time();
    risk->box = *box;
    geo_progress_begin(progress, "incidents");
    g_autoptr(GeoBatch) incidents = geo_store_load(store, GEO_KIND_INCIDENT, NULL, error);
    if (!incidents)
        return NULL;
    risk->load_ms = (double)(g_get_monotonic_time() - begin) / 1000;
    if (!lay(risk, frame, incidents, progress, error))
        return NULL;
    return g_steal_pointer(&risk);
}

void geo_risk_free(GeoRisk *risk)
{
    if (!risk)
        return;
    g_free(risk->density);
    g_free(risk);
}
