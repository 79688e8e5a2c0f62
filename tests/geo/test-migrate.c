/* SPDX-License-Identifier: GPL-3.0-or-later */
/* A city of the first schema: read as it is, brought up to date by the first who may write, left
 * alone when that fails. */
#include "geo/store/db.h"
#include "geo/store/sqlite.h"
#include "tests/geo/fresh-city.h"

static void run(GeoDb *db, const char *sql)
{
    g_autoptr(GError) error = NULL;
    geo_db_set_migrating(db, true);
    geo_db_run(db, sql, &error);
    g_assert_no_error(error);
    geo_db_set_migrating(db, false);
}

static GeoDb *open_file(const FreshCity *city)
{
    g_autoptr(GError) error = NULL;
    g_autofree char *file = g_build_filename(city->path, GEO_SQLITE_CITY, NULL);
    GeoDb *db = geo_db_open(file, GEO_DB_WRITE, true, &error);
    g_assert_no_error(error);
    return db;
}

/* What the first schema did not have is taken out again. */
static FreshCity *old_city(void)
{
    static const char *const later[] = {
        "density",   "lens",   "site",   "nolook",  "scenario",    "step", "planned", "duty",
        "admission", "device", "report", "message", "outbox_mark", "turn", "barrier", "closure"};
    FreshCity *city = fresh_city_new("sqlite");
    fresh_import(city->store, 100, fresh_points(GEO_KIND_INCIDENT, 1, 40));
    fresh_import(city->store, 101, fresh_points(GEO_KIND_CAMERA, 101, 5));
    g_clear_pointer(&city->store, geo_store_close);
    GeoDb *db = open_file(city);
    run(db, "DROP VIEW live_sites; DROP VIEW live_nolooks; DROP VIEW live_turns; DROP VIEW "
            "live_barriers; DROP VIEW live_closures; DROP VIEW live_cameras; DROP VIEW "
            "live_units;"
            "ALTER TABLE unit DROP COLUMN force; ALTER TABLE unit DROP COLUMN skills;"
            "CREATE VIEW live_units AS SELECT rowid AS rowid, code, geom FROM unit;"
            "DELETE FROM views_geometry_columns WHERE view_name IN ('live_sites', 'live_nolooks', "
            "'live_turns', 'live_barriers', 'live_closures');"
            "SELECT DisableSpatialIndex('incident', 'geom'), DisableSpatialIndex('site', 'geom'),"
            " DisableSpatialIndex('nolook', 'geom');"
            "DROP TABLE idx_incident_geom; DROP TABLE idx_site_geom; DROP TABLE idx_nolook_geom;"
            "DELETE FROM geometry_columns WHERE f_table_name IN ('site', 'nolook', 'planned', "
            "'turn', 'barrier', 'closure');"
            "ALTER TABLE camera DROP COLUMN focal_mm; ALTER TABLE camera DROP COLUMN sensor_mm;"
            "ALTER TABLE camera DROP COLUMN vfov_deg;"
            "DROP INDEX incident_open; DROP INDEX incident_code; DROP TABLE incident_event;"
            "ALTER TABLE assignment DROP COLUMN before;"
            "CREATE TABLE incident_event (seq INTEGER PRIMARY KEY, incident_id INTEGER NOT NULL,"
            " from_state TEXT, to_state TEXT NOT NULL, at_ms INTEGER NOT NULL, actor TEXT NOT"
            " NULL, reason TEXT);"
            "CREATE VIEW live_cameras AS SELECT rowid AS rowid, code, geom FROM camera;");
    for (gsize i = 0; i < G_N_ELEMENTS(later); i++) {
        g_autofree char *sql = g_strdup_printf("DROP TABLE \"%s\";", later[i]);
        run(db, sql);
    }
    run(db, "PRAGMA user_version = 1");
    geo_db_close(db);
    return city;
}

static GeoStore *open_city(const FreshCity *city, bool read_only)
{
    g_autoptr(GError) error = NULL;
    GeoStoreOptions options = {.read_only = read_only};
    GeoStore *store = geo_store_open(city->path, &options, &error);
    g_assert_no_error(error);
    return store;
}

static int64_t version_of(const FreshCity *city)
{
    g_autoptr(GError) error = NULL;
    int64_t version = 0;
    GeoDb *db = open_file(city);
    geo_db_scalar(db, "PRAGMA user_version", 0, &version, &error);
    g_assert_no_error(error);
    geo_db_close(db);
    return version;
}

static void check_rows(GeoStore *store)
{
    GeoBounds bounds = {117.095, 31.095, 117.125, 31.125};
    GeoQuery near = {.bounds = &bounds};
    g_autoptr(GeoBatch) incidents = fresh_load(store, GEO_KIND_INCIDENT, &near);
    g_autoptr(GeoBatch) cameras = fresh_load(store, GEO_KIND_CAMERA, NULL);
    g_autoptr(GeoBatch) sites = fresh_load(store, GEO_KIND_SITE, NULL);
    g_assert_cmpuint(incidents->rows->len, ==, 3);
    g_assert_cmpuint(cameras->rows->len, ==, 5);
    g_assert_true(isnan(g_array_index(cameras->rows, GeoCamera, 0).focal_mm));
    g_assert_cmpuint(sites->rows->len, ==, 0);
}

static void an_old_city_is_read_as_it_is(void)
{
    g_autoptr(FreshCity) city = old_city();
    g_autoptr(GError) error = NULL;
    int64_t counts[GEO_N_KINDS];
    city->store = open_city(city, true);
    check_rows(city->store);
    g_assert_true(geo_store_count(city->store, counts, NULL, &error));
    g_assert_cmpint(counts[GEO_KIND_INCIDENT], ==, 40);
    g_assert_cmpint(counts[GEO_KIND_SCENARIO], ==, 0);
    g_clear_pointer(&city->store, geo_store_close);
    g_assert_cmpint(version_of(city), ==, 1);
}

static void a_writer_brings_it_up_to_date(void)
{
    g_autoptr(FreshCity) city = old_city();
    g_autoptr(GError) error = NULL;
    city->store = open_city(city, false);
    g_assert_nonnull(strstr(geo_store_warning(city->store), "schema-1"));
    check_rows(city->store);
    fresh_import(city->store, 300, fresh_points(GEO_KIND_SITE, 400, 3));
    g_autoptr(GPtrArray) findings = geo_store_check(city->store, &error);
    g_assert_no_error(error);
    g_assert_cmpuint(findings->len, ==, 0);
    g_clear_pointer(&city->store, geo_store_close);
    g_assert_cmpint(version_of(city), ==, GEO_SQLITE_USER_VERSION);
    city->store = open_city(city, false);
    g_assert_null(geo_store_warning(city->store));
    g_autofree char *copy = g_strconcat(city->path, "/" GEO_SQLITE_CITY ".schema-1", NULL);
    GeoDb *before = geo_db_open(copy, GEO_DB_READ, true, &error);
    int64_t version = 0;
    g_assert_no_error(error);
    g_assert_true(geo_db_scalar(before, "PRAGMA user_version", 0, &version, &error));
    g_assert_cmpint(version, ==, 1);
    geo_db_close(before);
}

/* A table that is there already makes the new schema's script fail half way. */
static void a_failure_leaves_it_as_it_was(void)
{
    g_autoptr(FreshCity) city = old_city();
    g_autoptr(GError) error = NULL;
    GeoDb *db = open_file(city);
    run(db, "CREATE TABLE scenario (other TEXT)");
    geo_db_close(db);
    g_assert_null(geo_store_open(city->path, NULL, &error));
    g_assert_nonnull(strstr(error->message, "stays as it was"));
    g_clear_error(&error);
    g_assert_cmpint(version_of(city), ==, 1);
    city->store = open_city(city, true);
    check_rows(city->store);
    db = open_file(city);
    int64_t n = 1;
    geo_db_scalar(db, "SELECT count(*) FROM sqlite_schema WHERE name = 'lens'", 0, &n, &error);
    g_assert_cmpint(n, ==, 0);
    geo_db_close(db);
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/migrate/an-old-city-is-read-as-it-is", an_old_city_is_read_as_it_is);
    g_test_add_func("/migrate/a-writer-brings-it-up-to-date", a_writer_brings_it_up_to_date);
    g_test_add_func("/migrate/a-failure-leaves-it-as-it-was", a_failure_leaves_it_as_it_was);
    return g_test_run();
}
