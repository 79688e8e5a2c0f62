/* SPDX-License-Identifier: GPL-3.0-or-later */
#pragma once
/* The ways by GEOS that bench-coverage is measured against. */
#include <geos_c.h>
#include <math.h>

#include "geo/calc/view.h"

#define SHADOW_FAR 50.0 /* times the distance of the wall */

static inline GEOSGeometry *shadows_polygon(GEOSContextHandle_t geos, const GeoXY *points, size_t n)
{
    GEOSCoordSequence *sequence = GEOSCoordSeq_create_r(geos, (unsigned)n + 1, 2);
    for (size_t i = 0; i <= n; i++)
        GEOSCoordSeq_setXY_r(geos, sequence, (unsigned)i, points[i % n].x, points[i % n].y);
    return GEOSGeom_createPolygon_r(geos, GEOSGeom_createLinearRing_r(geos, sequence), NULL, 0);
}

/* Boxes of the edges in an STRtree, each with the number of its edge. */
static inline GEOSSTRtree *shadows_tree(GEOSContextHandle_t geos, const GeoEdge *edges, size_t n)
{
    GEOSSTRtree *tree = GEOSSTRtree_create_r(geos, 10);
    for (size_t i = 0; i < n; i++) {
        GEOSGeometry *box = GEOSGeom_createRectangle_r(
            geos, fmin(edges[i].a.x, edges[i].b.x), fmin(edges[i].a.y, edges[i].b.y),
            fmax(edges[i].a.x, edges[i].b.x), fmax(edges[i].a.y, edges[i].b.y));
        GEOSSTRtree_insert_r(geos, tree, box, GSIZE_TO_POINTER(i + 1));
        GEOSGeom_destroy_r(geos, box); /* the tree keeps its numbers only */
    }
    return tree;
}

static inline void shadows_found(void *item, void *found)
{
    g_array_append_val((GArray *)found, item);
}

static inline GEOSGeometry *shadows_sector(GEOSContextHandle_t geos, const GeoEye *eye)
{
    g_autoptr(GArray) points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    int steps = (int)ceil(eye->fov_deg / 5);
    for (int i = 0; i <= steps && (i < steps || eye->fov_deg < 360); i++) {
        double turn = (eye->heading_deg + eye->fov_deg * ((double)i / steps - 0.5)) * G_PI / 180;
        GeoXY p = {eye->at.x + eye->range_m * sin(turn), eye->at.y + eye->range_m * cos(turn)};
        g_array_append_val(points, p);
    }
    if (eye->fov_deg < 360)
        g_array_append_val(points, eye->at);
    return shadows_polygon(geos, (const GeoXY *)(const void *)points->data, points->len);
}

/* The sector without the union of what the walls that face the eye hide; its area. */
static inline double shadows_view(GEOSContextHandle_t geos, GEOSSTRtree *tree, const GeoEdge *edges,
                                  const GeoEye *eye)
{
    GEOSGeometry *sector = shadows_sector(geos, eye);
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(void *));
    GEOSSTRtree_query_r(geos, tree, sector, shadows_found, found);
    g_autoptr(GPtrArray) shadows = g_ptr_array_new();
    for (guint i = 0; i < found->len; i++) {
        const GeoEdge *edge = &edges[GPOINTER_TO_SIZE(g_array_index(found, void *, i)) - 1];
        double ax = edge->a.x - eye->at.x, ay = edge->a.y - eye->at.y;
        double bx = edge->b.x - eye->at.x, by = edge->b.y - eye->at.y;
        if (ax * by - ay * bx >= 0)
            continue; /* seen from within its building */
        GeoXY quad[4] = {edge->a,
                         edge->b,
                         {eye->at.x + bx * SHADOW_FAR, eye->at.y + by * SHADOW_FAR},
                         {eye->at.x + ax * SHADOW_FAR, eye->at.y + ay * SHADOW_FAR}};
        g_ptr_array_add(shadows, shadows_polygon(geos, quad, 4));
    }
    GEOSGeometry *all = GEOSGeom_createCollection_r(geos, GEOS_MULTIPOLYGON,
                                                    (GEOSGeometry **)shadows->pdata, shadows->len);
    GEOSGeometry *dark = GEOSUnaryUnion_r(geos, all);
    GEOSGeometry *seen = GEOSDifference_r(geos, sector, dark);
    double m2 = 0;
    GEOSArea_r(geos, seen, &m2);
    GEOSGeom_destroy_r(geos, seen);
    GEOSGeom_destroy_r(geos, dark);
    GEOSGeom_destroy_r(geos, all);
    GEOSGeom_destroy_r(geos, sector);
    return m2;
}
