/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Density of incidents: the quartic (biweight) kernel in metres. */
#include <stdbool.h>
#include <stddef.h>

#include "geo/model/coord.h"
#include "geo/model/progress.h"

/* Incidents per square kilometre at the middle of each cell of a grid of columns x rows over box,
 * row 0 in the south; weight NULL: each counts 1. density has columns * rows numbers, the caller's.
 * Binned and separable-free: within 0.5 % of the peak of geo_heat_exact(). */
bool geo_heat_grid(const GeoXY *points, const double *weight, size_t n, const GeoBox *box,
                   size_t columns, size_t rows, double radius_m, double *density,
                   GeoProgress *progress, GError **error);

/* The slow twin: every event against every cell. */
void geo_heat_exact(const GeoXY *points, const double *weight, size_t n, const GeoBox *box,
                    size_t columns, size_t rows, double radius_m, double *density);
