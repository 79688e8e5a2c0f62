/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* Building walls as directed edges in a uniform grid: what hides one place from another. */
#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "geo/model/coord.h"

typedef struct {
    GeoXY a, b;
    float height_m;    /* of its building; INFINITY when unknown: hides for ever */
    uint32_t building; /* index of the caller's; edges of one building lie together,
                          numbers rise */
} GeoEdge;

typedef struct GeoEdges GeoEdges;

/* A piece of an edge within one cell of the grid. */
typedef struct {
    GeoXY a, b;
    uint32_t edge; /* in geo_edges_all() */
    uint32_t building;
    float height_m;
    bool sound; /* of a footprint that does not cross itself, inside on its left: hides nothing from
                   behind */
} GeoEdgePiece;

typedef struct {
    GeoXY origin;
    double cell_m;
    int columns, rows;         /* 0 without edges */
    const uint32_t *first;     /* columns * rows + 1, row by row from the south: pieces of a cell */
    const GeoEdgePiece *piece; /* borrowed */
} GeoEdgeGrid;

#define GEO_EDGES_SNAP_M 1e-6

/* To the micrometre: differences are nothing or large enough to divide by. */
static inline GeoXY geo_edges_snap(GeoXY p)
{
    return (GeoXY){rint(p.x / GEO_EDGES_SNAP_M) * GEO_EDGES_SNAP_M,
                   rint(p.y / GEO_EDGES_SNAP_M) * GEO_EDGES_SNAP_M};
}

/* Copies the edges, to the micrometre, and cuts them at the borders of cells of 25 m (wider where
 * the extent is beyond 100 km). Rings are anticlockwise outside, clockwise holes; a footprint that
 * is otherwise, or crosses itself, hides from both sides. Edges of no length, not finite or beyond
 * 1e7 m are dropped. O(n), and O(m^2) within a footprint of m edges. */
GeoEdges *geo_edges_new(const GeoEdge *edges, size_t n);
void geo_edges_free(GeoEdges *edges);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(GeoEdges, geo_edges_free)

size_t geo_edges_size(const GeoEdges *edges);
const GeoEdge *geo_edges_all(const GeoEdges *edges);
const GeoEdgeGrid *geo_edges_grid(const GeoEdges *edges);

/* The buildings whose inside holds p (even-odd over the edges of each), at most max, in no order;
 * returns how many, at most max. O(cells of the widest building). */
size_t geo_edges_buildings_at(const GeoEdges *edges, GeoXY p, uint32_t *buildings, size_t max);
