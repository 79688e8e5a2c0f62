/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* How much of an area's ground is seen: the cells of one polygon counted. */
#include "geo/calc/gaps.h"
#include "geo/calc/scan.h"

typedef struct {
    double ground_m2, seen_m2;
    double sole_m2;     /* by one camera only */
    double possible_m2; /* unseen in cover, seen in possible */
    double weight;      /* sum of weight x square metres over the unseen cells */
} GeoCensus;

typedef struct {
    const GeoGround *ground;
    const GeoCover *cover;
    const GeoCover *possible; /* NULL: none */
    GeoWeightFunc weight;     /* asked once for each 8 cells of a row; NULL: 0 */
    void *user;
} GeoCensusOf;

/* Counts the cells whose middle lies in the polygon, rings as geo_scan_polygon() takes them. All of
 * one box and cell; scan too. O(rows x corners + cells / 64). */
GeoCensus geo_census_take(const GeoCensusOf *of, GeoScan *scan, const GeoXY *points,
                          const uint32_t *part_first, size_t n_parts, size_t n_points);

/* A scan over the cells of a cover. */
GeoScan *geo_census_scan(const GeoCover *cover);
