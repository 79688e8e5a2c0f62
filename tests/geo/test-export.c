/* SPDX-License-Identifier: GPL-3.0-or-later */
#include <glib.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "geo/model/error.h"
#include "geo/store/export.h"
#include "geo/store/source.h"

static char *folder;

static char *path_of(const char *name)
{
    return g_build_filename(folder, name, NULL);
}

static char *read_back(const char *path)
{
    char *text = NULL;
    g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
    return text;
}

static GeoBatch *some_facilities(void)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_FACILITY);
    GeoFacility *school = geo_batch_add(batch);
    school->row.code = geo_batch_text(batch, "34010200001320000001");
    school->row.name = geo_batch_text(batch, "=HYPERLINK(\"x\")");
    school->class = GEO_FACILITY_SCHOOL;
    school->must_see = 1;
    geo_batch_set_point(batch, 117.283042, 31.861191);
    GeoFacility *other = geo_batch_add(batch);
    other->row.name = geo_batch_text(batch, "逍遥津, \"北门\"");
    return batch;
}

static GeoBatch *some_areas(void)
{
    static const GeoLonLat outer[] = {{0, 0}, {4, 0}, {4, 4}, {0, 4}, {0, 0}};
    static const GeoLonLat hole[] = {{1, 1}, {1, 2}, {2, 2}, {1, 1}};
    static const GeoLonLat second[] = {{6, 0}, {8, 0}, {8, 2}, {6, 0}};
    GeoBatch *batch = geo_batch_new(GEO_KIND_AREA);
    GeoArea *area = geo_batch_add(batch);
    area->row.code = geo_batch_text(batch, "A");
    area->level = geo_batch_word(batch, "beat");
    geo_batch_part_from(batch, GEO_SHAPE_POLYGON, outer, G_N_ELEMENTS(outer));
    geo_batch_part_from(batch, GEO_SHAPE_POLYGON, hole, G_N_ELEMENTS(hole));
    geo_batch_part_from(batch, GEO_SHAPE_POLYGON, second, G_N_ELEMENTS(second));
    return batch;
}

static void test_csv(void)
{
    g_autoptr(GeoBatch) batch = some_facilities();
    g_autofree char *path = path_of("f.csv");
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_export_batch(batch, path, NULL, &error));
    g_assert_no_error(error);
    g_autofree char *text = read_back(path);
    g_assert_cmpstr(text, ==,
                    "code,name,class,must_see,address,lon,lat\n"
                    "34010200001320000001,\"'=HYPERLINK(\"\"x\"\")\",school,1,,117.2830420,"
                    "31.8611910\n"
                    ",\"逍遥津, \"\"北门\"\"\",other,0,,,\n");
}

static void test_geojson(void)
{
    g_autoptr(GeoBatch) batch = some_areas();
    g_autofree char *path = path_of("a.geojson");
    static const char *const fields[] = {"code", "population", NULL};
    static const char *const names[] = {"code", "incidents", NULL};
    GeoExportOptions options = {.fields = fields, .names = names, .note = "(c) \"us\""};
    g_assert_true(geo_export_batch(batch, path, &options, NULL));
    g_autofree char *text = read_back(path);
    g_assert_nonnull(strstr(text, "\"attribution\":\"(c) \\\"us\\\"\""));
    g_assert_nonnull(strstr(text, "{\"code\":\"A\",\"incidents\":0}"));
    g_assert_true(geo_export_batch(batch, path, &options, NULL));
    g_autofree char *again = read_back(path);
    g_assert_cmpstr(text, ==, again);
}

/* What is written is read again with the same shape and values, by the same door. */
static void assert_round_trip(const char *name, size_t n_columns)
{
    g_autoptr(GeoBatch) batch = some_areas();
    g_autofree char *path = path_of(name);
    g_autoptr(GError) error = NULL;
    g_assert_true(geo_export_batch(batch, path, NULL, &error));
    g_assert_no_error(error);
    g_autoptr(GeoSource) source = geo_source_open(path, NULL, &error);
    g_assert_no_error(error);
    GeoSourceRow row;
    g_assert_cmpint(geo_source_next(source, &row, &error), ==, 1);
    g_assert_cmpuint(row.n_values, ==, n_columns);
    g_assert_cmpstr(row.values[0], ==, "A");
    g_assert_cmpuint(row.n_parts, ==, 3);
    g_assert_cmpuint(row.n_points, ==, 13);
    g_assert_cmpint(geo_source_next(source, &row, &error), ==, 0);
}

static void test_round_trips(void)
{
    assert_round_trip("r.geojson", 5);
    assert_round_trip("r.gpkg", 5);
    assert_round_trip("r.shp", 5);
}

static void test_crs(void)
{
    g_autoptr(GeoBatch) batch = some_facilities();
    g_autofree char *path = path_of("c.csv");
    GeoExportOptions mars = {.crs = "gcj02"}, gauss = {.crs = "EPSG:4548"};
    g_assert_true(geo_export_batch(batch, path, &mars, NULL));
    g_autofree char *text = read_back(path);
    g_assert_nonnull(strstr(text, "117.28856"));
    g_assert_true(geo_export_batch(batch, path, &gauss, NULL));
    g_autofree char *metres = read_back(path);
    g_assert_nonnull(strstr(metres, ",526785."));
    g_autofree char *json = path_of("c.geojson");
    g_assert_true(geo_export_batch(batch, json, &mars, NULL));
    g_autofree char *marked = read_back(json);
    g_assert_nonnull(strstr(marked, "\"datum\":\"gcj02\""));
}

static void assert_fails(const GeoBatch *batch, const char *path, const GeoExportOptions *options,
                         const char *words)
{
    g_autoptr(GError) error = NULL;
    g_assert_false(geo_export_batch(batch, path, options, &error));
    g_assert_true(error->domain == GEO_ERROR);
    if (!strstr(error->message, words))
        g_error("'%s' does not say '%s'", error->message, words);
}

static void test_failures_leave_nothing(void)
{
    g_autoptr(GeoBatch) batch = some_facilities();
    g_autofree char *doc = path_of("x.doc"), *kml = path_of("x.kml"), *csv = path_of("x.csv");
    g_autofree char *sub = path_of("sub"), *away = path_of("nowhere/x.csv");
    GeoExportOptions gauss = {.crs = "EPSG:4548"}, xian = {.crs = "EPSG:4610"};
    static const char *const fields[] = {"secret", NULL};
    GeoExportOptions secret = {.fields = fields};
    assert_fails(batch, doc, NULL, "unknown ending");
    assert_fails(batch, kml, &gauss, "WGS 84");
    assert_fails(batch, csv, &xian, "not public");
    assert_fails(batch, csv, &secret, "no field 'secret'");
    assert_fails(batch, away, NULL, "cannot write");
    g_assert_cmpint(g_mkdir(sub, 0700), ==, 0);
    g_assert_false(g_file_test(csv, G_FILE_TEST_EXISTS));
    GDir *dir = g_dir_open(folder, 0, NULL);
    for (const char *name; (name = g_dir_read_name(dir));)
        g_assert_false(g_str_has_prefix(name, ".gridbeat"));
    g_dir_close(dir);
    assert_fails(batch, "/proc/x.csv", NULL, "cannot write");
    g_assert_true(geo_export_batch(batch, kml, NULL, NULL));
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    folder = g_dir_make_tmp("gridbeat-test-XXXXXX", NULL);
    g_test_add_func("/export/csv-escapes-formulas", test_csv);
    g_test_add_func("/export/geojson-is-the-same-each-time", test_geojson);
    g_test_add_func("/export/comes-back", test_round_trips);
    g_test_add_func("/export/crs", test_crs);
    g_test_add_func("/export/failures-leave-nothing", test_failures_leave_nothing);
    int result = g_test_run();
    g_autofree char *sweep = g_strdup_printf("rm -rf '%s'", folder);
    g_spawn_command_line_sync(sweep, NULL, NULL, NULL, NULL);
    g_free(folder);
    return result;
}
