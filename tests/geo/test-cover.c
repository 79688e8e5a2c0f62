/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/calc/cover.h"

#include <string.h>

#include "geo/calc/view.h"
#include "tests/geo/scene.h"

static const GeoBox box = {-37.5, 1012.25, 300, 1250};

/* A random star; now and then partly or wholly outside the box. */
static GArray *random_polygon(void)
{
    GArray *polygon = g_array_new(FALSE, FALSE, sizeof(GeoXY));
    GeoXY at = {scene_real(-100, 360), scene_real(950, 1310)};
    int n = g_test_rand_int_range(3, 40);
    for (int i = 0; i < n; i++) {
        double turn = 2 * G_PI * i / n, far = scene_real(1, 120);
        GeoXY p = {at.x + far * cos(turn), at.y + far * sin(turn)};
        g_array_append_val(polygon, p);
    }
    return polygon;
}

static const GeoXY *points_of(const GArray *polygon)
{
    return (const GeoXY *)(const void *)polygon->data;
}

static uint8_t *plain_counts(GPtrArray *polygons, int64_t columns, int64_t rows, double cell_m)
{
    uint8_t *counts = g_new0(uint8_t, (gsize)(columns * rows));
    for (guint k = 0; k < polygons->len; k++) {
        const GArray *polygon = g_ptr_array_index(polygons, k);
        for (int64_t y = 0; y < rows; y++)
            for (int64_t x = 0; x < columns; x++) {
                GeoXY p = {box.min_x + ((double)x + 0.5) * cell_m,
                           box.min_y + ((double)y + 0.5) * cell_m};
                counts[y * columns + x] =
                    (uint8_t)(counts[y * columns + x] +
                              scene_in_polygon(points_of(polygon), polygon->len, p));
            }
    }
    return counts;
}

static void check_equal(const GeoCover *cover, const uint8_t *plain)
{
    int64_t columns, rows;
    GeoXY origin;
    geo_cover_size(cover, &columns, &rows, &origin);
    double cell_m = geo_cover_cell_m(cover), seen[4] = {0};
    g_autofree uint8_t *row = g_malloc((gsize)columns + 20);
    for (int64_t y = 0; y < rows; y++) {
        geo_cover_row(cover, -10, y, (size_t)columns + 20, row);
        g_assert_cmpmem(row + 10, (gsize)columns, plain + y * columns, (gsize)columns);
        g_assert_true(row[9] == 0 && row[columns + 10] == 0);
        for (int64_t x = 0; x < columns; x++) {
            uint8_t count = plain[y * columns + x];
            GeoXY p = {origin.x + ((double)x + 0.3) * cell_m,
                       origin.y + ((double)y + 0.7) * cell_m};
            g_assert_cmpuint(geo_cover_at(cover, p), ==, count);
            for (int k = 1; k < 4; k++)
                seen[k] += count >= k ? cell_m * cell_m : 0;
        }
    }
    for (uint8_t k = 1; k < 4; k++)
        g_assert_cmpfloat_with_epsilon(geo_cover_area_m2(cover, k), seen[k], 1e-6);
}

static void test_counts(void)
{
    double cells[3] = {1, 2.5, 0.7};
    for (int round = 0; round < 9; round++) {
        double cell_m = cells[round % 3];
        g_autoptr(GPtrArray) polygons =
            g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
        g_autoptr(GeoCover) cover = geo_cover_new(&box, cell_m);
        for (int k = 0; k < 12; k++) {
            GArray *polygon = random_polygon();
            g_ptr_array_add(polygons, polygon);
            geo_cover_add(cover, points_of(polygon), polygon->len);
        }
        int64_t columns, rows;
        GeoXY origin;
        geo_cover_size(cover, &columns, &rows, &origin);
        g_assert_cmpint(columns, ==, (int64_t)ceil(337.5 / cell_m));
        g_autofree uint8_t *plain = plain_counts(polygons, columns, rows, cell_m);
        check_equal(cover, plain);
        /* Taking half of them away leaves what the others make. */
        for (int k = 0; k < 6; k++) {
            const GArray *polygon = g_ptr_array_index(polygons, 0);
            geo_cover_remove(cover, points_of(polygon), polygon->len);
            g_ptr_array_remove_index(polygons, 0);
        }
        g_autofree uint8_t *left = plain_counts(polygons, columns, rows, cell_m);
        check_equal(cover, left);
    }
}

/* Combs of so many teeth that a row meets each of them; turned, so that no border is plumb. */
static void test_combs(void)
{
    for (int round = 0; round < 12; round++) {
        double cell_m = round % 2 ? 0.7 : 1;
        g_autoptr(GPtrArray) polygons =
            g_ptr_array_new_with_free_func((GDestroyNotify)g_array_unref);
        g_autoptr(GeoCover) cover = geo_cover_new(&box, cell_m);
        for (int teeth = 1; teeth < 40; teeth += 6) {
            GArray *comb = g_array_new(FALSE, FALSE, sizeof(GeoXY));
            double turn = scene_real(0, 2 * G_PI), pitch = scene_real(1.5, 9);
            for (int i = 0; i <= 2 * teeth; i++) {
                double x = i * pitch / 2, y = i % 2 ? scene_real(3, 50) : 0;
                GeoXY p = {100 + x * cos(turn) - y * sin(turn),
                           1130 + x * sin(turn) + y * cos(turn)};
                g_array_append_val(comb, p);
            }
            GeoXY back = {100 + 9 * sin(turn), 1130 - 9 * cos(turn)};
            g_array_append_val(comb, back);
            g_ptr_array_add(polygons, comb);
            geo_cover_add(cover, points_of(comb), comb->len);
        }
        int64_t columns, rows;
        GeoXY origin;
        geo_cover_size(cover, &columns, &rows, &origin);
        g_autofree uint8_t *plain = plain_counts(polygons, columns, rows, cell_m);
        check_equal(cover, plain);
        for (guint i = 0; i < polygons->len; i++) {
            const GArray *comb = g_ptr_array_index(polygons, i);
            geo_cover_remove(cover, points_of(comb), comb->len);
        }
        g_assert_cmpfloat(geo_cover_area_m2(cover, 1), ==, 0);
    }
}

/* A field of several rings is counted once, however they are numbered. */
static void test_rings(void)
{
    GeoXY rings[12] = {{10, 1100}, {50, 1100}, {50, 1140}, {10, 1140}, {20, 1110}, {20, 1130},
                       {40, 1130}, {40, 1110}, {60, 1100}, {70, 1100}, {70, 1120}, {60, 1120}};
    uint32_t first[3] = {700, 704, 708};
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    geo_cover_add_rings(cover, rings, 12, first, 3);
    g_assert_cmpfloat(geo_cover_area_m2(cover, 1), ==, 1600 - 400 + 200);
    g_assert_cmpfloat(geo_cover_area_m2(cover, 2), ==, 0);
    g_assert_cmpuint(geo_cover_at(cover, (GeoXY){30.1, 1120.1}), ==, 0);
    geo_cover_remove_rings(cover, rings, 12, first, 3);
    g_assert_cmpfloat(geo_cover_area_m2(cover, 1), ==, 0);
    geo_cover_add_rings(cover, rings, 4, first, 1);
    g_assert_cmpfloat(geo_cover_area_m2(cover, 1), ==, 1600);
}

static void test_views(void)
{
    g_autoptr(GArray) town = scene_town(300, 600);
    g_autoptr(GeoEdges) edges = scene_edges(town);
    GeoBox all = {-200, -200, 800, 800};
    g_autoptr(GeoCover) cover = geo_cover_new(&all, 1);
    double raster_m2 = 0, exact_m2 = 0;
    for (int k = 0; k < 300; k++) {
        GeoEye eye = {{scene_real(0, 600), scene_real(0, 600)},
                      scene_real(0, 360),
                      scene_real(40, 360),
                      scene_real(40, 150),
                      NAN};
        g_autoptr(GArray) polygon = g_array_new(FALSE, FALSE, sizeof(GeoXY));
        size_t n = geo_view_polygon(edges, &eye, polygon);
        const GeoXY *p = points_of(polygon);
        for (size_t i = 0; i < n; i++)
            exact_m2 += (p[i].x * p[(i + 1) % n].y - p[i].y * p[(i + 1) % n].x) / 2;
        geo_cover_add(cover, p, n);
        raster_m2 += geo_cover_area_m2(cover, 1);
        geo_cover_remove(cover, p, n);
        g_assert_cmpfloat(geo_cover_area_m2(cover, 1), ==, 0);
    }
    g_test_message("raster %.0f m2, exact %.0f m2: %.4f %% off", raster_m2, exact_m2,
                   100 * (raster_m2 / exact_m2 - 1));
    g_assert_cmpfloat(fabs(raster_m2 / exact_m2 - 1), <, 0.001);
}

static void test_saturates(void)
{
    GeoXY square[4] = {{0, 1100}, {10, 1100}, {10, 1110}, {0, 1110}};
    GeoXY p = {5.1, 1105.1};
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    for (int i = 0; i < 254; i++)
        geo_cover_add(cover, square, 4);
    g_assert_cmpuint(geo_cover_at(cover, p), ==, 254);
    geo_cover_remove(cover, square, 4);
    g_assert_cmpuint(geo_cover_at(cover, p), ==, 253);
    for (int i = 0; i < 50000; i++)
        geo_cover_add(cover, square, 4);
    g_assert_cmpuint(geo_cover_at(cover, p), ==, 255);
    geo_cover_remove(cover, square, 4);
    g_assert_cmpuint(geo_cover_at(cover, p), ==, 255);
}

static void test_row_seen(void)
{
    for (int round = 0; round < 2000; round++) {
        uint8_t counts[GEO_TILE_CELLS];
        for (int i = 0; i < GEO_TILE_CELLS; i++)
            counts[i] = (uint8_t)(g_test_rand_int_range(0, 256) >> g_test_rand_int_range(0, 8));
        uint8_t k = (uint8_t)(round < 128 ? round + 1 : g_test_rand_int_range(1, 5));
        uint64_t seen = geo_cover_row_seen(counts, k);
        for (int i = 0; i < GEO_TILE_CELLS; i++)
            g_assert_cmpuint(seen >> i & 1, ==, counts[i] >= k);
    }
}

static void test_degenerate(void)
{
    GeoBox empty = GEO_BOX_EMPTY, point = {5, 5, 5, 5}, vast = {-1e9, -1e9, 1e9, 1e9};
    GeoXY triangle[3] = {{0, 0}, {100, 0}, {0, 100}};
    GeoXY broken[3] = {{0, 0}, {NAN, 0}, {0, INFINITY}};
    GeoXY far[3] = {{1e12, 1e12}, {-1e12, 1e12}, {0, -1e12}};
    const GeoBox *boxes[3] = {&empty, &point, &box};
    for (int i = 0; i < 3; i++) {
        g_autoptr(GeoCover) cover = geo_cover_new(boxes[i], 1);
        geo_cover_add(cover, triangle, 3);
        geo_cover_add(cover, triangle, 2);
        geo_cover_add(cover, NULL, 0);
        geo_cover_add(cover, broken, 3);
        g_assert_cmpuint(geo_cover_at(cover, (GeoXY){NAN, 5}), ==, 0);
        g_assert_cmpfloat(geo_cover_area_m2(cover, 2), ==, 0);
    }
    g_autoptr(GeoCover) cover = geo_cover_new(&box, 1);
    geo_cover_add(cover, far, 3);
    g_assert_cmpfloat(geo_cover_area_m2(cover, 1), ==, 338 * 238);
    g_autoptr(GeoCover) wide = geo_cover_new(&vast, 1);
    int64_t columns, rows;
    GeoXY origin;
    geo_cover_size(wide, &columns, &rows, &origin);
    g_assert_cmpint(columns, ==, 1 << 19);
    geo_cover_free(NULL);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/cover/counts-equal-point-in-polygon-and-removal-restores", test_counts);
    g_test_add_func("/cover/rows-of-many-crossings-count-right", test_combs);
    g_test_add_func("/cover/rings-of-one-field-count-once", test_rings);
    g_test_add_func("/cover/area-is-within-a-thousandth-of-exact", test_views);
    g_test_add_func("/cover/counts-saturate-and-stay", test_saturates);
    g_test_add_func("/cover/row-seen-equals-comparison", test_row_seen);
    g_test_add_func("/cover/degenerate-input-is-defined", test_degenerate);
    return g_test_run();
}
