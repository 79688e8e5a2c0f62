/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The tiles against one plain union of everything by GEOS, and against the raster. */
#include "geo/calc/exact.h"

#include <geos_c.h>
#include <math.h>

#include "geo/calc/cover.h"
#include "geo/calc/view.h"
#include "geo/model/error.h"
#include "tests/geo/scene.h"

static const GeoXY origin = {500000.37, 3500000.91};

static const GeoXY *points_of(const GArray *polygon)
{
    return (const GeoXY *)(const void *)polygon->data;
}

/* A random star over a square of side metres. */
static GArray *random_star(double side)
{
    GArray *polygon = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    GeoXY at = {origin.x + scene_real(0, side), origin.y + scene_real(0, side)};
    int n = g_test_rand_int_range(3, 30);
    for (int i = 0; i < n; i++) {
        double turn = 2 * G_PI * i / n, far = scene_real(1, 150);
        GeoXY p = {at.x + far * cos(turn), at.y + far * sin(turn)};
        g_array_append_val(polygon, p);
    }
    return polygon;
}

/* ---- the plain twin: counts of all at once, no tiles ---- */

static GEOSGeometry *plain_polygon(GEOSContextHandle_t geos, const GArray *polygon)
{
    guint n = polygon->len;
    GEOSCoordSequence *sequence = GEOSCoordSeq_create_r(geos, n + 1, 2);
    for (guint i = 0; i <= n; i++) {
        GeoXY p = points_of(polygon)[i % n];
        GEOSCoordSeq_setXY_r(geos, sequence, i, round((p.x - origin.x) * 100) / 100,
                             round((p.y - origin.y) * 100) / 100);
    }
    GEOSGeometry *ring = GEOSGeom_createLinearRing_r(geos, sequence);
    GEOSGeometry *whole = GEOSGeom_createPolygon_r(geos, ring, NULL, 0);
    GEOSGeometry *valid = GEOSMakeValid_r(geos, whole);
    GEOSGeom_destroy_r(geos, whole);
    return valid;
}

static GEOSGeometry *plain_union(GEOSContextHandle_t geos, GEOSGeometry **shapes, guint n)
{
    GEOSGeometry *all = GEOSGeom_createCollection_r(geos, GEOS_GEOMETRYCOLLECTION, shapes, n);
    GEOSGeometry *whole = GEOSUnaryUnion_r(geos, all);
    GEOSGeom_destroy_r(geos, all);
    g_assert_nonnull(whole);
    return whole;
}

static double plain_area(GEOSContextHandle_t geos, GEOSGeometry *whole)
{
    double m2;
    g_assert_true(GEOSArea_r(geos, whole, &m2));
    GEOSGeom_destroy_r(geos, whole);
    return m2;
}

/* By at least k: the union of all intersections of k of them. */
static double plain_level(GEOSContextHandle_t geos, GPtrArray *polygons, unsigned k)
{
    guint n = polygons->len;
    g_autofree GEOSGeometry **shapes = g_new(GEOSGeometry *, n + 1);
    g_autoptr(GPtrArray) parts = g_ptr_array_new();
    for (guint i = 0; i < n; i++)
        shapes[i] = plain_polygon(geos, g_ptr_array_index(polygons, i));
    for (guint i = 0; i < n && k == 1; i++)
        g_ptr_array_add(parts, GEOSGeom_clone_r(geos, shapes[i]));
    for (guint i = 0; i < n && k > 1; i++)
        for (guint j = 0; j < i; j++) {
            GEOSGeometry *two = GEOSIntersection_r(geos, shapes[i], shapes[j]);
            for (guint l = 0; l < j && k == 3; l++)
                g_ptr_array_add(parts, GEOSIntersection_r(geos, two, shapes[l]));
            if (k == 2)
                g_ptr_array_add(parts, two);
            else
                GEOSGeom_destroy_r(geos, two);
        }
    for (guint i = 0; i < n; i++)
        GEOSGeom_destroy_r(geos, shapes[i]);
    return plain_area(geos, plain_union(geos, (GEOSGeometry **)parts->pdata, parts->len));
}

static double area_of(GeoExact *exact, unsigned k)
{
    double m2 = NAN;
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_exact_area(exact, k, &m2, NULL, &error));
    g_assert_no_error(error);
    return m2;
}

static void put(GeoExact *exact, int64_t id, const GeoXY *points, size_t n)
{
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_exact_put(exact, id, points, n, NULL, 1, &error));
    g_assert_no_error(error);
}

static void check_levels(GeoExact *exact, GEOSContextHandle_t geos, GPtrArray *polygons)
{
    for (unsigned k = 1; k <= GEO_EXACT_LEVELS; k++)
        g_assert_cmpfloat_with_epsilon(area_of(exact, k), plain_level(geos, polygons, k), 1e-3);
}

static void test_random(void)
{
    GEOSContextHandle_t geos = GEOS_init_r();
    for (int round = 0; round < 6; round++) {
        g_autoptr(GPtrArray) polygons =
            g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
        g_autoptr(GPtrArray) ids = g_ptr_array_new();
        g_autoptr(GeoExact) exact = geo_exact_new(origin, round % 2 ? 200 : 77.7);
        for (int64_t id = 1; id <= 18; id++) {
            GArray *polygon = random_star(500);
            g_ptr_array_add(polygons, polygon);
            g_ptr_array_add(ids, GSIZE_TO_POINTER((gsize)id));
            put(exact, id, points_of(polygon), polygon->len);
        }
        check_levels(exact, geos, polygons);
        for (int change = 0; change < 9; change++) {
            guint i = (guint)g_test_rand_int_range(0, (gint32)polygons->len);
            int64_t id = (int64_t)GPOINTER_TO_SIZE(g_ptr_array_index(ids, i));
            if (change % 3 == 0) { /* taken away */
                geo_exact_remove(exact, id);
                g_ptr_array_remove_index(polygons, i);
                g_ptr_array_remove_index(ids, i);
                continue;
            }
            GArray *other = random_star(500); /* replaced */
            put(exact, id, points_of(other), other->len);
            g_ptr_array_remove_index(polygons, i);
            g_ptr_array_remove_index(ids, i);
            g_ptr_array_add(polygons, other);
            g_ptr_array_add(ids, GSIZE_TO_POINTER((gsize)id));
        }
        check_levels(exact, geos, polygons);
        while (ids->len > 0) {
            geo_exact_remove(exact, (int64_t)GPOINTER_TO_SIZE(g_ptr_array_index(ids, 0)));
            g_ptr_array_remove_index(ids, 0);
        }
        g_assert_cmpuint(geo_exact_tiles(exact, NULL), ==, 0);
        g_assert_cmpfloat(area_of(exact, 1), ==, 0);
    }
    GEOS_finish_r(geos);
}

static void test_dirty(void)
{
    g_autoptr(GeoExact) exact = geo_exact_new(origin, 200);
    for (int64_t id = 0; id < 200; id++) {
        g_autoptr(GArray) polygon = random_star(2000);
        put(exact, id, points_of(polygon), polygon->len);
    }
    size_t dirty;
    area_of(exact, 2);
    g_assert_cmpuint(geo_exact_tiles(exact, &dirty), >, 80);
    g_assert_cmpuint(dirty, ==, 0);
    GeoXY small[3] = {{origin.x + 390, origin.y + 10},
                      {origin.x + 410, origin.y + 10},
                      {origin.x + 400, origin.y + 30}};
    put(exact, 1000, small, 3);
    geo_exact_tiles(exact, &dirty);
    g_assert_cmpuint(dirty, ==, 2);
    area_of(exact, 1);
    geo_exact_tiles(exact, &dirty);
    g_assert_cmpuint(dirty, ==, 0);
    geo_exact_remove(exact, 4711);
    geo_exact_tiles(exact, &dirty);
    g_assert_cmpuint(dirty, ==, 0);
}

static double ring_area(const GeoXY *ring, size_t n)
{
    double m2 = 0;
    for (size_t i = 0; i + 1 < n; i++)
        m2 += ((ring[i].x - ring[0].x) * (ring[i + 1].y - ring[0].y) -
               (ring[i + 1].x - ring[0].x) * (ring[i].y - ring[0].y)) /
              2;
    return m2;
}

/* Each polygon's rings have its area, the first turns left and the others right; their sum. */
static double check_rings(const GeoRegionRings *rings)
{
    double sum = 0;
    for (guint i = 0; i + 1 < rings->polygon_first->len; i++) {
        uint32_t first = g_array_index(rings->polygon_first, uint32_t, i);
        uint32_t end = g_array_index(rings->polygon_first, uint32_t, i + 1);
        double own = 0;
        g_assert_cmpuint(first, <, end);
        for (uint32_t r = first; r < end; r++) {
            uint32_t from = g_array_index(rings->ring_first, uint32_t, r);
            uint32_t to = g_array_index(rings->ring_first, uint32_t, r + 1);
            const GeoXY *ring = &g_array_index(rings->points, GeoXY, from);
            g_assert_cmpuint(to - from, >=, 4);
            g_assert_true(ring[0].x == ring[to - from - 1].x && ring[0].y == ring[to - from - 1].y);
            double m2 = ring_area(ring, to - from);
            g_assert_true((m2 > 0) == (r == first));
            own += m2;
        }
        g_assert_cmpfloat_with_epsilon(own, g_array_index(rings->area_m2, double, i), 1e-2);
        sum += own;
    }
    return sum;
}

static guint n_polygons(GeoExact *exact, bool merged, double *area_m2)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoRegionRings) rings = geo_exact_rings(exact, 1, merged, 0, NULL, &error);
    g_assert_no_error(error);
    *area_m2 = check_rings(rings);
    return rings->area_m2->len;
}

static void test_rings(void)
{
    GEOSContextHandle_t geos = GEOS_init_r();
    for (int round = 0; round < 5; round++) {
        g_autoptr(GPtrArray) polygons =
            g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
        g_autoptr(GeoExact) exact = geo_exact_new(origin, 100);
        g_autofree GEOSGeometry **shapes = g_new(GEOSGeometry *, 60);
        for (int64_t id = 0; id < 60; id++) {
            GArray *polygon = random_star(1500);
            g_ptr_array_add(polygons, polygon);
            put(exact, id, points_of(polygon), polygon->len);
            shapes[id] = plain_polygon(geos, polygon);
        }
        GEOSGeometry *whole = plain_union(geos, shapes, 60);
        guint n_plain = (guint)GEOSGetNumGeometries_r(geos, whole);
        double merged_m2, tiles_m2, plain_m2 = plain_area(geos, whole);
        g_assert_cmpuint(n_polygons(exact, true, &merged_m2), ==, n_plain);
        g_assert_cmpuint(n_polygons(exact, false, &tiles_m2), >, n_plain);
        g_assert_cmpfloat_with_epsilon(merged_m2, plain_m2, 0.02);
        g_assert_cmpfloat_with_epsilon(tiles_m2, plain_m2, 0.02);
    }
    GEOS_finish_r(geos);
}

/* A square of 1 km over 25 tiles is four corners again when they are put together. */
static void test_merge_leaves_corners(void)
{
    g_autoptr(GeoExact) exact = geo_exact_new(origin, 200);
    GeoXY square[4] = {{origin.x + 13, origin.y - 57},
                       {origin.x + 1013, origin.y - 57},
                       {origin.x + 1013, origin.y + 943},
                       {origin.x + 13, origin.y + 943}};
    put(exact, 1, square, 4);
    g_autoptr(GeoRegionRings) rings = geo_exact_rings(exact, 1, true, 0, NULL, NULL);
    g_assert_cmpuint(rings->area_m2->len, ==, 1);
    g_assert_cmpuint(rings->points->len, ==, 5);
    g_assert_cmpfloat_with_epsilon(g_array_index(rings->area_m2, double, 0), 1e6, 1e-6);
    g_autoptr(GeoRegionRings) none = geo_exact_rings(exact, 2, true, 0, NULL, NULL);
    g_assert_cmpuint(none->area_m2->len, ==, 0);
    g_autoptr(GeoRegionRings) large = geo_exact_rings(exact, 1, true, 2e6, NULL, NULL);
    g_assert_cmpuint(large->area_m2->len, ==, 0);
}

static void test_joins(void)
{
    g_autoptr(GError) error = NULL;
    for (int round = 0; round < 5; round++) {
        g_autoptr(GeoExact) seen = geo_exact_new(origin, 200);
        g_autoptr(GeoExact) ground = geo_exact_new(origin, 200);
        g_autoptr(GeoExact) both = geo_exact_new(origin, 200);
        for (int64_t id = 0; id < 25; id++) {
            g_autoptr(GArray) polygon = random_star(900);
            put(id % 2 ? seen : ground, id, points_of(polygon), polygon->len);
            put(both, id, points_of(polygon), polygon->len);
        }
        g_autoptr(GeoExact) meet = geo_exact_join(seen, 1, GEO_EXACT_AND, ground, NULL, &error);
        g_assert_no_error(error);
        g_autoptr(GeoExact) gap = geo_exact_join(ground, 1, GEO_EXACT_MINUS, seen, NULL, &error);
        g_assert_no_error(error);
        double within;
        g_assert_true(geo_exact_area_within(seen, 1, ground, &within, NULL, NULL));
        g_assert_cmpfloat_with_epsilon(area_of(meet, 1), within, 1e-3);
        g_assert_cmpfloat_with_epsilon(area_of(gap, 1) + within, area_of(ground, 1), 1e-3);
        g_assert_cmpfloat_with_epsilon(area_of(gap, 1) + area_of(seen, 1), area_of(both, 1), 1e-3);
        double zero;
        g_assert_true(geo_exact_area_within(gap, 1, seen, &zero, NULL, NULL));
        g_assert_cmpfloat_with_epsilon(zero, 0, 1e-3);
    }
}

static void test_rings_of_one(void)
{
    g_autoptr(GeoExact) exact = geo_exact_new(origin, 200);
    g_autoptr(GError) error = NULL;
    GeoXY o = origin;
    /* A square with a hole, a square in the hole, and one apart; all in one polygon. */
    GeoXY nested[16] = {{o.x + 0, o.y + 0},     {o.x + 100, o.y + 0},   {o.x + 100, o.y + 100},
                        {o.x + 0, o.y + 100},   {o.x + 20, o.y + 20},   {o.x + 20, o.y + 80},
                        {o.x + 80, o.y + 80},   {o.x + 80, o.y + 20},   {o.x + 40, o.y + 40},
                        {o.x + 60, o.y + 40},   {o.x + 60, o.y + 60},   {o.x + 40, o.y + 60},
                        {o.x + 300, o.y + 300}, {o.x + 310, o.y + 300}, {o.x + 310, o.y + 310},
                        {o.x + 300, o.y + 310}};
    uint32_t first[4] = {0, 4, 8, 12};
    g_assert_true(geo_exact_put(exact, 1, nested, 16, first, 4, &error));
    g_assert_cmpfloat_with_epsilon(area_of(exact, 1), 10000 - 3600 + 400 + 100, 1e-6);
    g_assert_true(geo_exact_put(exact, 1, nested, 8, first, 2, &error));
    g_assert_cmpfloat_with_epsilon(area_of(exact, 1), 6400, 1e-6);
    /* A line is as wide as it should be: 64 corners make a circle 0.16 % smaller. */
    GeoXY line[3] = {{o.x, o.y}, {o.x + 100, o.y}, {o.x + 100, o.y + 150}};
    g_assert_true(geo_exact_put_line(exact, 1, line, 3, 10, &error));
    double circle = G_PI * 25 * 0.9984, corner = 25 - circle / 4;
    g_assert_cmpfloat_with_epsilon(area_of(exact, 1), 2500 + circle - corner, 0.3);
}

static void test_degenerate(void)
{
    g_autoptr(GeoExact) exact = geo_exact_new(origin, 200);
    g_autoptr(GError) error = NULL;
    GeoXY o = origin;
    GeoXY bow[4] = {{o.x, o.y}, {o.x + 10, o.y + 10}, {o.x + 10, o.y}, {o.x, o.y + 10}};
    put(exact, 1, bow, 4);
    g_assert_cmpfloat_with_epsilon(area_of(exact, 1), 50, 1e-6);
    GeoXY spike[5] = {
        {o.x, o.y}, {o.x + 10, o.y}, {o.x + 90, o.y}, {o.x + 10, o.y}, {o.x, o.y + 10}};
    put(exact, 1, spike, 5);
    g_assert_cmpfloat_with_epsilon(area_of(exact, 1), 50, 1e-6);
    GeoXY touch[8] = {{o.x, o.y},           {o.x + 20, o.y}, {o.x + 10, o.y + 10},
                      {o.x + 20, o.y + 20}, {o.x, o.y + 20}, {o.x + 10, o.y + 10},
                      {o.x, o.y},           {o.x, o.y}};
    put(exact, 1, touch, 8);
    g_assert_cmpfloat_with_epsilon(area_of(exact, 1), 200, 1e-6);
    GeoXY sliver[3] = {{o.x, o.y}, {o.x + 100, o.y + 0.003}, {o.x + 50, o.y}};
    put(exact, 1, sliver, 3); /* thinner than a centimetre: nothing */
    g_assert_cmpfloat(area_of(exact, 1), ==, 0);
    GeoXY broken[3] = {{o.x, o.y}, {NAN, o.y}, {o.x, INFINITY}};
    put(exact, 1, broken, 3);
    put(exact, 2, NULL, 0);
    put(exact, 3, &o, 1);
    g_assert_cmpfloat(area_of(exact, 1), ==, 0);
    GeoXY vast[3] = {{o.x - 5e6, o.y}, {o.x + 5e6, o.y}, {o.x, o.y + 5e6}};
    g_assert_false(geo_exact_put(exact, 1, vast, 3, NULL, 1, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_assert_cmpuint(geo_exact_tiles(exact, NULL), ==, 0);
    geo_exact_free(NULL);
}

static void test_same_spot(void)
{
    g_autoptr(GeoExact) exact = geo_exact_new(origin, 200);
    g_autoptr(GArray) polygon = random_star(10);
    for (int64_t id = 0; id < 500; id++)
        put(exact, id, points_of(polygon), polygon->len);
    double once = area_of(exact, 1);
    g_assert_cmpfloat(once, >, 0);
    g_assert_cmpfloat_with_epsilon(area_of(exact, 2), once, 1e-3);
    g_assert_cmpfloat_with_epsilon(area_of(exact, 3), once, 1e-3);
    for (int64_t id = 2; id < 500; id++)
        geo_exact_remove(exact, id);
    g_assert_cmpfloat_with_epsilon(area_of(exact, 2), once, 1e-3);
    g_assert_cmpfloat_with_epsilon(area_of(exact, 3), 0, 1e-9);
}

static void test_cancel(void)
{
    g_autoptr(GeoExact) exact = geo_exact_new(origin, 200);
    for (int64_t id = 0; id < 50; id++) {
        g_autoptr(GArray) polygon = random_star(1000);
        put(exact, id, points_of(polygon), polygon->len);
    }
    g_autoptr(GeoProgress) progress = geo_progress_new(NULL, NULL);
    geo_progress_cancel(progress);
    g_autoptr(GError) error = NULL;
    double m2 = -1;
    for (unsigned k = 1; k <= GEO_EXACT_LEVELS; k++) {
        g_assert_false(geo_exact_area(exact, k, &m2, progress, &error));
        g_assert_error(error, GEO_ERROR, GEO_ERROR_CANCELLED);
        g_clear_error(&error);
    }
    g_assert_cmpfloat(m2, ==, -1);
    g_assert_null(geo_exact_rings(exact, 1, true, 0, progress, NULL));
    g_assert_null(geo_exact_join(exact, 1, GEO_EXACT_AND, exact, progress, NULL));
    g_assert_cmpfloat(area_of(exact, 1), >, 0);
}

/* Fields of a town of houses: what the raster says is what the tiles say. */
static void test_raster(void)
{
    g_autoptr(GArray) town = scene_town(3000, 2000);
    g_autoptr(GeoEdges) edges = scene_edges(town);
    GeoBox box = {-200, -200, 2200, 2200};
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    g_autoptr(GeoExact) exact = geo_exact_new((GeoXY){-200, -200}, 200);
    for (int64_t id = 0; id < 1500; id++) {
        GeoEye eye = {.at = {scene_real(0, 2000), scene_real(0, 2000)},
                      .heading_deg = scene_real(0, 360),
                      .fov_deg = scene_real(40, 360),
                      .range_m = scene_real(40, 150),
                      .height_m = NAN};
        g_autoptr(GArray) polygon = g_array_new(FALSE, FALSE, sizeof(GeoXY));
        geo_view_polygon(edges, &eye, polygon);
        geo_cover_add(cover, points_of(polygon), polygon->len);
        put(exact, id, points_of(polygon), polygon->len);
    }
    double whole = (box.max_x - box.min_x) * (box.max_y - box.min_y);
    for (unsigned k = 1; k <= GEO_EXACT_LEVELS; k++) {
        double raster = geo_cover_area_m2(cover, (uint8_t)k), sharp = area_of(exact, k);
        g_test_message("by %u: raster %.0f m2, exact %.1f m2, %.4f %% of the town off", k, raster,
                       sharp, 100 * (raster - sharp) / whole);
        g_assert_cmpfloat(fabs(raster - sharp), <, 1e-4 * whole);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/exact/levels-equal-plain-overlay-after-changes", test_random);
    g_test_add_func("/exact/only-touched-tiles-become-dirty", test_dirty);
    g_test_add_func("/exact/rings-are-those-of-one-union", test_rings);
    g_test_add_func("/exact/merging-leaves-true-corners-only", test_merge_leaves_corners);
    g_test_add_func("/exact/joins-add-up", test_joins);
    g_test_add_func("/exact/rings-of-one-polygon-are-even-odd", test_rings_of_one);
    g_test_add_func("/exact/degenerate-input-is-defined", test_degenerate);
    g_test_add_func("/exact/same-polygon-many-times-counts-so", test_same_spot);
    g_test_add_func("/exact/cancel-leaves-it-usable", test_cancel);
    g_test_add_func("/exact/raster-agrees-within-a-ten-thousandth", test_raster);
    return g_test_run();
}
