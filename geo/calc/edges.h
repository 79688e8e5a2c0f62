/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Building walls as directed edges in a uniform grid: what hides one place from another. */
#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

typedef struct {
    GeoXY a, b;
    float height_m;    /* of its building; INFINITY when unknown: hides for ever */
    uint32_t building; /* index of the caller's */
} GeoEdge;

typedef struct GeoEdges GeoEdges;

/* Copies the edges and sorts them into cells of 25 m. Rings are anticlockwise outside, clockwise
 * holes. Zero-length and non-finite edges are dropped. O(n). */
GeoEdges *geo_edges_new(const GeoEdge *edges, size_t n);
void geo_edges_free(GeoEdges *edges);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoEdges, geo_edges_free)

size_t geo_edges_size(const GeoEdges *edges);
const GeoEdge *geo_edges_all(const GeoEdges *edges);

/* The building whose inside holds p, by ray casting over its edges; -1 when p is outside all. */
int64_t geo_edges_building_at(const GeoEdges *edges, GeoXY p);
