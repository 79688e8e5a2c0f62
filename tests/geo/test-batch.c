/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <math.h>

#include "geo/model/batch.h"

static GeoBatch *two_cameras(void)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_CAMERA);
    for (int i = 0; i < 2; i++) {
        GeoCamera *camera = geo_batch_add(batch);
        camera->row.id = i + 1;
        camera->row.code = geo_batch_text(batch, "34010300001310000001");
        camera->heading_deg = 90 * i;
        geo_batch_set_point(batch, 117 + i, 31);
    }
    return batch;
}

static void rows_begin_empty(void)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_CAMERA);
    GeoCamera *camera = geo_batch_add(batch);
    g_assert_true(isnan(camera->height_m));
    g_assert_null(camera->row.code);
    g_assert_cmpuint(camera->row.n_parts, ==, 0);
    g_assert_cmpint(camera->row.version, ==, 1);
}

static void rings_are_closed(void)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_AREA);
    GeoLonLat ring[] = {{0, 0}, {1, 0}, {1, 1}};
    geo_batch_add(batch);
    geo_batch_part_from(batch, GEO_SHAPE_POLYGON, ring, 3);
    size_t n;
    const GeoLonLat *points = geo_batch_part(batch, geo_batch_row(batch, 0), 0, &n);
    g_assert_cmpuint(n, ==, 4);
    g_assert_true(points[3].lon == 0 && points[3].lat == 0);
}

static void a_part_may_be_empty(void)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_ROAD);
    geo_batch_add(batch);
    geo_batch_part_from(batch, GEO_SHAPE_LINE, NULL, 0);
    size_t n = 1;
    g_assert_null(geo_batch_part(batch, geo_batch_row(batch, 0), 0, &n));
    g_assert_cmpuint(n, ==, 0);
    GeoBounds bounds = geo_batch_row_bounds(batch, geo_batch_row(batch, 0));
    g_assert_true(bounds.west > bounds.east);
}

static void copies_are_equal_and_changes_are_seen(void)
{
    g_autoptr(GeoBatch) a = two_cameras();
    g_autoptr(GeoBatch) b = geo_batch_new(GEO_KIND_CAMERA);
    for (guint i = 0; i < a->rows->len; i++)
        geo_batch_copy_row(b, a, i);
    g_assert_true(geo_batch_equal(a, b));
    ((GeoCamera *)geo_batch_row(b, 1))->heading_deg = 91;
    g_assert_false(geo_batch_equal(a, b));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/batch/rows-begin-empty", rows_begin_empty);
    g_test_add_func("/batch/rings-are-closed", rings_are_closed);
    g_test_add_func("/batch/a-part-may-be-empty", a_part_may_be_empty);
    g_test_add_func("/batch/copies-are-equal-and-changes-are-seen",
                    copies_are_equal_and_changes_are_seen);
    return g_test_run();
}
