/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Input is snapped to centimetres once; overlays are GEOS's floating ones (snapping each of them
 * costs 2.4 times as much), and where one gives up it is done again on a grid of 0.1 mm. */
#include "geo/calc/region.h"

#include <geos_c.h>
#include <math.h>
#include <string.h>

#include "geo/model/error.h"

#define CENTIMETRES 100.0
#define FAR_M 1e7
#define QUADRANT 16       /* corners of a quarter circle */
#define RETRY_GRID_M 1e-4 /* where floating overlay gives up */
#define STRAIGHT_M 1e-6   /* a corner so near the line of its neighbours is none */

struct GeoShaper {
    GEOSContextHandle_t geos; /* owned */
    char *complaint;          /* of GEOS, the last; owned */
    bool failed;              /* some overlay did, even on the grid */
    GeoXY origin;
};

static void hear(const char *text, void *user)
{
    GeoShaper *shaper = user;
    g_free(shaper->complaint);
    shaper->complaint = g_strdup(text);
}

GeoShaper *geo_shaper_new(GeoXY origin)
{
    GeoShaper *shaper = g_new0(GeoShaper, 1);
    shaper->geos = GEOS_init_r();
    GEOSContext_setErrorMessageHandler_r(shaper->geos, hear, shaper);
    shaper->origin = origin;
    return shaper;
}

void geo_shaper_free(GeoShaper *shaper)
{
    if (!shaper)
        return;
    GEOS_finish_r(shaper->geos);
    g_free(shaper->complaint);
    g_free(shaper);
}

bool geo_shaper_sound(GeoShaper *shaper, GError **error)
{
    if (!shaper->failed)
        return true;
    shaper->failed = false;
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "cannot join polygons: %s",
                shaper->complaint ? shaper->complaint : "no reason given");
    return false;
}

void geo_region_free(GeoShaper *shaper, GeoRegion *shape)
{
    if (shape)
        GEOSGeom_destroy_r(shaper->geos, shape);
}

GeoRegion *geo_region_copy(GeoShaper *shaper, const GeoRegion *shape)
{
    return shape ? GEOSGeom_clone_r(shaper->geos, shape) : NULL;
}

double geo_region_area_m2(GeoShaper *shaper, const GeoRegion *shape)
{
    double m2 = 0;
    if (shape && !GEOSArea_r(shaper->geos, shape, &m2))
        shaper->failed = true;
    return m2;
}

/* Takes the array's shapes, not the array. */
static GeoRegion *collect(GeoShaper *shaper, GPtrArray *shapes, int type)
{
    return GEOSGeom_createCollection_r(shaper->geos, type, (GEOSGeometry **)shapes->pdata,
                                       shapes->len);
}

/* Copies of the polygons that a geometry consists of. */
void geo_region_split(GeoShaper *shaper, const GEOSGeometry *whole, GPtrArray *polygons)
{
    int n = GEOSGetNumGeometries_r(shaper->geos, whole);
    for (int i = 0; i < n; i++) {
        const GEOSGeometry *part = GEOSGetGeometryN_r(shaper->geos, whole, i);
        int type = GEOSGeomTypeId_r(shaper->geos, part);
        if (type == GEOS_POLYGON && !GEOSisEmpty_r(shaper->geos, part))
            g_ptr_array_add(polygons, geo_region_copy(shaper, part));
        else if (type == GEOS_MULTIPOLYGON || type == GEOS_GEOMETRYCOLLECTION)
            geo_region_split(shaper, part, polygons);
    }
}

/* Overlays leave points and lines where polygons only touch: they have no area. Takes whole. */
static GeoRegion *polygons_only(GeoShaper *shaper, GEOSGeometry *whole)
{
    if (!whole)
        return NULL;
    int type = GEOSGeomTypeId_r(shaper->geos, whole);
    bool empty = GEOSisEmpty_r(shaper->geos, whole);
    if (!empty && (type == GEOS_POLYGON || type == GEOS_MULTIPOLYGON))
        return whole;
    GeoRegion *shape = NULL;
    if (!empty && type == GEOS_GEOMETRYCOLLECTION) {
        g_autoptr(GPtrArray) polygons = g_ptr_array_new();
        geo_region_split(shaper, whole, polygons);
        if (polygons->len > 0)
            shape = collect(shaper, polygons, GEOS_MULTIPOLYGON);
    }
    GEOSGeom_destroy_r(shaper->geos, whole);
    return shape;
}

typedef GEOSGeometry *(*Overlay)(GEOSContextHandle_t, const GEOSGeometry *, const GEOSGeometry *);
typedef GEOSGeometry *(*GridOverlay)(GEOSContextHandle_t, const GEOSGeometry *,
                                     const GEOSGeometry *, double);

static GeoRegion *overlay(GeoShaper *shaper, Overlay plain, GridOverlay grid, const GeoRegion *a,
                          const GeoRegion *b)
{
    GEOSGeometry *whole = plain(shaper->geos, a, b);
    if (!whole)
        whole = grid(shaper->geos, a, b, RETRY_GRID_M);
    if (!whole)
        shaper->failed = true;
    return polygons_only(shaper, whole);
}

GeoRegion *geo_region_and(GeoShaper *shaper, const GeoRegion *a, const GeoRegion *b)
{
    return a && b ? overlay(shaper, GEOSIntersection_r, GEOSIntersectionPrec_r, a, b) : NULL;
}

GeoRegion *geo_region_minus(GeoShaper *shaper, const GeoRegion *a, const GeoRegion *b)
{
    return a && b ? overlay(shaper, GEOSDifference_r, GEOSDifferencePrec_r, a, b)
                  : geo_region_copy(shaper, a);
}

/* Takes both. */
GeoRegion *geo_region_or(GeoShaper *shaper, GeoRegion *a, GeoRegion *b)
{
    if (!a || !b)
        return a ? a : b;
    GeoRegion *both = overlay(shaper, GEOSUnion_r, GEOSUnionPrec_r, a, b);
    geo_region_free(shaper, a);
    geo_region_free(shaper, b);
    return both;
}

/* Takes the array's shapes. */
GeoRegion *geo_region_union(GeoShaper *shaper, GPtrArray *shapes)
{
    if (shapes->len == 0)
        return NULL;
    GEOSGeometry *all = collect(shaper, shapes, GEOS_GEOMETRYCOLLECTION);
    GEOSGeometry *whole = GEOSUnaryUnion_r(shaper->geos, all);
    if (!whole)
        whole = GEOSUnaryUnionPrec_r(shaper->geos, all, RETRY_GRID_M);
    if (!whole)
        shaper->failed = true;
    GEOSGeom_destroy_r(shaper->geos, all);
    return polygons_only(shaper, whole);
}

static bool snap(const GeoShaper *shaper, GeoXY p, GeoXY *q)
{
    *q = (GeoXY){round((p.x - shaper->origin.x) * CENTIMETRES) / CENTIMETRES,
                 round((p.y - shaper->origin.y) * CENTIMETRES) / CENTIMETRES};
    return fabs(q->x) <= FAR_M && fabs(q->y) <= FAR_M;
}

/* Snapped, without repeated places; empty where a place is not finite. */
static GArray *snap_all(const GeoShaper *shaper, const GeoXY *points, size_t n)
{
    GArray *snapped = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    for (size_t i = 0; i < n; i++) {
        GeoXY p;
        if (!snap(shaper, points[i], &p)) {
            g_array_set_size(snapped, 0);
            break;
        }
        const GeoXY *last =
            snapped->len > 0 ? &g_array_index(snapped, GeoXY, snapped->len - 1) : NULL;
        if (!last || last->x != p.x || last->y != p.y)
            g_array_append_val(snapped, p);
    }
    return snapped;
}

/* GEOS reads closed rings of at least four places; NULL where there are not so many. */
static GEOSGeometry *ring_of(GeoShaper *shaper, const GeoXY *points, size_t n)
{
    g_autoptr(GArray) snapped = snap_all(shaper, points, n);
    if (snapped->len < 3)
        return NULL;
    GeoXY first = g_array_index(snapped, GeoXY, 0);
    GeoXY last = g_array_index(snapped, GeoXY, snapped->len - 1);
    if (first.x != last.x || first.y != last.y)
        g_array_append_val(snapped, first);
    if (snapped->len < 4)
        return NULL;
    GEOSCoordSequence *sequence = GEOSCoordSeq_copyFromBuffer_r(
        shaper->geos, (const double *)(const void *)snapped->data, snapped->len, 0, 0);
    return sequence ? GEOSGeom_createLinearRing_r(shaper->geos, sequence) : NULL;
}

/* Takes the polygon: where it is not valid, the same lines read even-odd. */
static GeoRegion *mend(GeoShaper *shaper, GEOSGeometry *polygon)
{
    if (!polygon || GEOSisValid_r(shaper->geos, polygon) == 1)
        return polygons_only(shaper, polygon);
    GEOSGeometry *mended = GEOSMakeValid_r(shaper->geos, polygon);
    shaper->failed |= !mended;
    GEOSGeom_destroy_r(shaper->geos, polygon);
    return polygons_only(shaper, mended);
}

/* The first ring with the others as its holes is what fields and footprints mostly are; what is
 * otherwise is put together ring by ring. */
static GeoRegion *polygon_of_rings(GeoShaper *shaper, GPtrArray *rings)
{
    GEOSGeometry *shell = GEOSGeom_clone_r(shaper->geos, g_ptr_array_index(rings, 0));
    g_autoptr(GPtrArray) holes = g_ptr_array_new();
    for (guint i = 1; i < rings->len; i++)
        g_ptr_array_add(holes, GEOSGeom_clone_r(shaper->geos, g_ptr_array_index(rings, i)));
    GEOSGeometry *polygon =
        GEOSGeom_createPolygon_r(shaper->geos, shell, (GEOSGeometry **)holes->pdata, holes->len);
    if (rings->len == 1 || !polygon || GEOSisValid_r(shaper->geos, polygon) == 1)
        return mend(shaper, polygon);
    GEOSGeom_destroy_r(shaper->geos, polygon);
    GeoRegion *shape = NULL;
    for (guint i = 0; i < rings->len; i++) {
        GEOSGeometry *ring = GEOSGeom_clone_r(shaper->geos, g_ptr_array_index(rings, i));
        GeoRegion *one = mend(shaper, GEOSGeom_createPolygon_r(shaper->geos, ring, NULL, 0));
        if (!shape || !one) {
            shape = shape ? shape : one;
            continue;
        }
        GeoRegion *both = overlay(shaper, GEOSSymDifference_r, GEOSSymDifferencePrec_r, shape, one);
        geo_region_free(shaper, shape);
        geo_region_free(shaper, one);
        shape = both;
    }
    return shape;
}

GeoRegion *geo_region_of_rings(GeoShaper *shaper, const GeoXY *points, size_t n_points,
                               const uint32_t *part_first, size_t n_parts)
{
    g_autoptr(GPtrArray) rings = g_ptr_array_new();
    n_parts = part_first ? n_parts : 1;
    for (size_t k = 0; k < n_parts; k++) {
        size_t from = part_first ? part_first[k] : 0;
        size_t to = k + 1 < n_parts ? part_first[k + 1] : n_points;
        GEOSGeometry *ring = ring_of(shaper, points + from, to - from);
        if (ring)
            g_ptr_array_add(rings, ring);
    }
    GeoRegion *shape = rings->len > 0 ? polygon_of_rings(shaper, rings) : NULL;
    for (guint i = 0; i < rings->len; i++)
        GEOSGeom_destroy_r(shaper->geos, g_ptr_array_index(rings, i));
    return shape;
}

GeoRegion *geo_region_of_line(GeoShaper *shaper, const GeoXY *line, size_t n, double width_m)
{
    g_autoptr(GArray) snapped = snap_all(shaper, line, n);
    if (snapped->len < 2)
        return NULL;
    GEOSCoordSequence *sequence = GEOSCoordSeq_copyFromBuffer_r(
        shaper->geos, (const double *)(const void *)snapped->data, snapped->len, 0, 0);
    GEOSGeometry *bare = sequence ? GEOSGeom_createLineString_r(shaper->geos, sequence) : NULL;
    GEOSGeometry *wide = bare ? GEOSBuffer_r(shaper->geos, bare, width_m / 2, QUADRANT) : NULL;
    shaper->failed |= !wide;
    geo_region_free(shaper, bare);
    return polygons_only(shaper, wide);
}

GeoRegion *geo_region_of_box(GeoShaper *shaper, const GeoBox *box)
{
    return GEOSGeom_createRectangle_r(shaper->geos, box->min_x, box->min_y, box->max_x, box->max_y);
}

GeoRegionRings *geo_region_rings_new(void)
{
    GeoRegionRings *rings = g_new0(GeoRegionRings, 1);
    rings->points = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    rings->ring_first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    rings->polygon_first = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    rings->area_m2 = g_array_new(FALSE, FALSE, sizeof(double));
    return rings;
}

void geo_region_rings_free(GeoRegionRings *rings)
{
    if (!rings)
        return;
    g_array_unref(rings->points);
    g_array_unref(rings->ring_first);
    g_array_unref(rings->polygon_first);
    g_array_unref(rings->area_m2);
    g_free(rings);
}

void geo_region_rings_end(GeoRegionRings *rings)
{
    g_array_append_val(rings->polygon_first, rings->ring_first->len);
    g_array_append_val(rings->ring_first, rings->points->len);
}

bool geo_region_box(GeoShaper *shaper, const GeoRegion *shape, GeoBox *box)
{
    return GEOSGeom_getXMin_r(shaper->geos, shape, &box->min_x) &&
           GEOSGeom_getYMin_r(shaper->geos, shape, &box->min_y) &&
           GEOSGeom_getXMax_r(shaper->geos, shape, &box->max_x) &&
           GEOSGeom_getYMax_r(shaper->geos, shape, &box->max_y);
}

static double twice_area(const GeoXY *ring, size_t n)
{
    double sum = 0;
    for (size_t i = 0, j = n - 1; i < n; j = i++)
        sum += (ring[j].x - ring[0].x) * (ring[i].y - ring[0].y) -
               (ring[i].x - ring[0].x) * (ring[j].y - ring[0].y);
    return sum;
}

static bool is_straight(GeoXY a, GeoXY p, GeoXY b)
{
    double dx = b.x - a.x, dy = b.y - a.y, length = hypot(dx, dy);
    double forth = (p.x - a.x) * dx + (p.y - a.y) * dy;
    if (length <= STRAIGHT_M)
        return hypot(p.x - a.x, p.y - a.y) <= STRAIGHT_M;
    return fabs(dx * (p.y - a.y) - dy * (p.x - a.x)) <= STRAIGHT_M * length &&
           forth >= -STRAIGHT_M * length && forth <= (length + STRAIGHT_M) * length;
}

/* Without its last, repeated place and without corners that are none: cutting at tiles leaves
 * them. Returns how many are left. */
static size_t straighten(GeoXY *ring, size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++) {
        while (kept >= 2 && is_straight(ring[kept - 2], ring[kept - 1], ring[i]))
            kept--;
        ring[kept++] = ring[i];
    }
    while (kept >= 3 && is_straight(ring[kept - 2], ring[kept - 1], ring[0]))
        kept--;
    size_t first = 0;
    while (kept - first >= 3 && is_straight(ring[kept - 1], ring[first], ring[first + 1]))
        first++;
    memmove(ring, ring + first, (kept - first) * sizeof *ring);
    return kept - first;
}

static void add_ring(GeoShaper *shaper, GeoRegionRings *rings, const GEOSGeometry *line, bool hole)
{
    const GEOSCoordSequence *sequence = GEOSGeom_getCoordSeq_r(shaper->geos, line);
    unsigned n = 0;
    if (!sequence || !GEOSCoordSeq_getSize_r(shaper->geos, sequence, &n) || n < 4)
        return;
    g_autofree GeoXY *ring = g_new(GeoXY, n);
    if (!GEOSCoordSeq_copyToBuffer_r(shaper->geos, sequence, (double *)(void *)ring, 0, 0))
        return;
    size_t kept = straighten(ring, n - 1);
    if (kept < 3)
        return;
    bool turn = (twice_area(ring, kept) > 0) == hole;
    uint32_t first = rings->points->len;
    g_array_append_val(rings->ring_first, first);
    for (size_t i = 0; i <= kept; i++) {
        GeoXY p = ring[turn ? (kept - i) % kept : i % kept];
        p = (GeoXY){p.x + shaper->origin.x, p.y + shaper->origin.y};
        g_array_append_val(rings->points, p);
    }
}

void geo_region_rings_add(GeoRegionRings *rings, GeoShaper *shaper, const GeoRegion *polygon,
                          double min_m2)
{
    double m2 = geo_region_area_m2(shaper, polygon);
    uint32_t first = rings->ring_first->len;
    if (m2 < min_m2)
        return;
    add_ring(shaper, rings, GEOSGetExteriorRing_r(shaper->geos, polygon), false);
    if (rings->ring_first->len == first)
        return; /* a sliver thinner than what counts as straight */
    int holes = GEOSGetNumInteriorRings_r(shaper->geos, polygon);
    for (int i = 0; i < holes; i++)
        add_ring(shaper, rings, GEOSGetInteriorRingN_r(shaper->geos, polygon, i), true);
    g_array_append_val(rings->polygon_first, first);
    g_array_append_val(rings->area_m2, m2);
}
