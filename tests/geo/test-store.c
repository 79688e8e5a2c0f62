/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of the store's rows and imports: every claim holds for every back end. */
#include "tests/geo/fresh-city.h"

static const char *const backends[] = {"memory", "sqlite", NULL};

#define assert_refused(call, error, is)                                                            \
    G_STMT_START                                                                                   \
    {                                                                                              \
        g_assert_false(call);                                                                      \
        g_assert_error(error, GEO_ERROR, is);                                                      \
        g_clear_error(&error);                                                                     \
    }                                                                                              \
    G_STMT_END

/* ---- imports ---- */

static void staged_rows_are_not_seen(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GeoBatch) cameras = fresh_points(GEO_KIND_CAMERA, 1, 5);
    int64_t counts[GEO_N_KINDS];
    GeoBounds bounds;
    fresh_stage(city->store, 100, NULL, cameras);
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, NULL), ==, 0);
    g_assert_true(geo_store_count(city->store, counts, NULL, NULL));
    g_assert_cmpint(counts[GEO_KIND_CAMERA], ==, 0);
    g_assert_true(geo_store_bounds(city->store, GEO_KIND_CAMERA, &bounds, NULL));
    g_assert_true(geo_bounds_empty(&bounds));
    fresh_finish(city->store, 100);
    g_autoptr(GeoBatch) live = fresh_load(city->store, GEO_KIND_CAMERA, NULL);
    g_assert_true(geo_batch_equal(live, cameras));
    g_assert_cmpint(geo_batch_row(live, 0)->import_id, ==, 100);
    g_assert_true(geo_store_count(city->store, counts, NULL, NULL));
    g_assert_cmpint(counts[GEO_KIND_CAMERA], ==, 5);
    g_assert_true(geo_store_bounds(city->store, GEO_KIND_CAMERA, &bounds, NULL));
    g_assert_cmpfloat(bounds.west, ==, 117.0);
    g_assert_cmpfloat(bounds.north, ==, 31.0 + 0.01 * 4);
}

static void an_import_is_undone_as_a_whole(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    bool left = true;
    fresh_import(city->store, 100, fresh_points(GEO_KIND_CAMERA, 1, 5));
    fresh_import(city->store, 101, fresh_points(GEO_KIND_CAMERA, 50, 2));
    g_assert_true(geo_store_import_undo(city->store, &act, 100, &error));
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, NULL), ==, 2);
    assert_refused(geo_store_import_undo(city->store, &act, 100, &error), error, GEO_ERROR_REFUSED);
    assert_refused(geo_store_import_finish(city->store, &act, 100, 0, &error), error,
                   GEO_ERROR_REFUSED);
    while (left)
        g_assert_true(geo_store_sweep(city->store, FRESH_NOW, 1000, &left, &error));
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, NULL), ==, 2);
    /* Swept rows are gone: their ids are free again. */
    fresh_import(city->store, 102, fresh_points(GEO_KIND_CAMERA, 1, 5));
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, NULL), ==, 7);
}

static void an_import_replaces_the_kinds_it_names(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GeoBatch) newer = fresh_points(GEO_KIND_CAMERA, 50, 2);
    fresh_import(city->store, 100, fresh_points(GEO_KIND_CAMERA, 1, 5));
    fresh_import(city->store, 101, fresh_points(GEO_KIND_FACILITY, 1, 4));
    fresh_stage(city->store, 102, "roads,cameras", newer);
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, NULL), ==, 5);
    fresh_finish(city->store, 102);
    g_autoptr(GeoBatch) live = fresh_load(city->store, GEO_KIND_CAMERA, NULL);
    g_assert_true(geo_batch_equal(live, newer));
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_FACILITY, NULL), ==, 4);
}

static void imports_are_listed_newest_first(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GeoBatch) rows = fresh_points(GEO_KIND_UNIT, 1, 3);
    fresh_stage(city->store, 7, NULL, rows);
    fresh_import(city->store, 9, fresh_points(GEO_KIND_CAMERA, 1, 2));
    GArray *imports = geo_store_imports(city->store, NULL);
    g_assert_cmpuint(imports->len, ==, 2);
    const GeoImport *live = &g_array_index(imports, GeoImport, 0);
    const GeoImport *staged = &g_array_index(imports, GeoImport, 1);
    g_assert_cmpint(live->id, ==, 9);
    g_assert_cmpstr(live->state, ==, "live");
    g_assert_cmpstr(live->kind, ==, "cameras");
    g_assert_cmpstr(live->source, ==, "rows.csv");
    g_assert_cmpstr(live->note, ==, "a note");
    g_assert_null(live->source_hash);
    g_assert_cmpint(live->rows, ==, 2);
    g_assert_cmpint(live->refused, ==, 3);
    g_assert_cmpint(live->at_ms, ==, FRESH_NOW);
    g_assert_cmpstr(staged->state, ==, "staged");
    g_assert_cmpint(staged->rows, ==, 3);
    geo_imports_free(imports);
}

static void rows_go_into_staged_imports_only(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) rows = fresh_points(GEO_KIND_CAMERA, 1, 3);
    g_autoptr(GeoBatch) others = fresh_points(GEO_KIND_CAMERA, 20, 3);
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    assert_refused(geo_store_import_put(city->store, &act, 55, rows, &error), error,
                   GEO_ERROR_REFUSED);
    fresh_stage(city->store, 100, NULL, rows);
    assert_refused(geo_store_import_put(city->store, &act, 100, rows, &error), error,
                   GEO_ERROR_DATA);
    fresh_finish(city->store, 100);
    assert_refused(geo_store_import_put(city->store, &act, 100, others, &error), error,
                   GEO_ERROR_REFUSED);
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, NULL), ==, 3);
}

static void impossible_rows_are_refused(gconstpointer backend)
{
    static const GeoLonLat places[] = {{NAN, 31}, {31.8, 117.3}, {181, 0}, {117, INFINITY}};
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) good = fresh_points(GEO_KIND_CAMERA, 1, 1);
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    fresh_stage(city->store, 100, NULL, good);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++) {
        g_autoptr(GeoBatch) bad = geo_batch_new(GEO_KIND_CAMERA);
        fresh_row(bad, 10, "bad");
        geo_batch_set_point(bad, places[i].lon, places[i].lat);
        assert_refused(geo_store_import_put(city->store, &act, 100, bad, &error), error,
                       GEO_ERROR_DATA);
    }
    g_autoptr(GeoBatch) bad = fresh_points(GEO_KIND_CAMERA, 10, 1);
    ((GeoCamera *)(void *)geo_batch_row(bad, 0))->owner = GEO_N_OWNERS;
    assert_refused(geo_store_import_put(city->store, &act, 100, bad, &error), error,
                   GEO_ERROR_DATA);
    ((GeoCamera *)(void *)geo_batch_row(bad, 0))->owner = 0;
    geo_batch_row(bad, 0)->name = "\xb0\xb2";
    assert_refused(geo_store_import_put(city->store, &act, 100, bad, &error), error,
                   GEO_ERROR_DATA);
    geo_batch_row(bad, 0)->name = NULL;
    geo_batch_row(bad, 0)->id = 0;
    assert_refused(geo_store_import_put(city->store, &act, 100, bad, &error), error,
                   GEO_ERROR_DATA);
    fresh_finish(city->store, 100);
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, NULL), ==, 1);
}

/* ---- rows as they were ---- */

static void add_square(GeoBatch *batch, double west, double south, double side, bool clockwise)
{
    GeoLonLat ring[5] = {{west, south},
                         {west + side, south},
                         {west + side, south + side},
                         {west, south + side},
                         {west, south}};
    if (clockwise) {
        GeoLonLat corner = ring[1];
        ring[1] = ring[3];
        ring[3] = corner;
    }
    geo_batch_part_from(batch, GEO_SHAPE_POLYGON, ring, 5);
}

static void shapes_keep_their_holes(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GeoBatch) areas = geo_batch_new(GEO_KIND_AREA);
    ((GeoArea *)fresh_row(areas, 1, "34010200100000000001"))->level = "beat";
    add_square(areas, 117.1, 31.1, 0.1, false);
    add_square(areas, 117.12, 31.12, 0.02, true);
    add_square(areas, 117.16, 31.16, 0.02, true);
    add_square(areas, 117.5, 31.5, 0.1, false);
    ((GeoArea *)fresh_row(areas, 2, "2"))->level = "beat"; /* and no shape at all */
    fresh_stage(city->store, 100, NULL, areas);
    fresh_finish(city->store, 100);
    g_autoptr(GeoBatch) live = fresh_load(city->store, GEO_KIND_AREA, NULL);
    g_assert_true(geo_batch_equal(live, areas));
    g_assert_cmpuint(geo_batch_row(live, 0)->n_parts, ==, 4);
    g_autoptr(GeoBatch) bare =
        fresh_load(city->store, GEO_KIND_AREA, &(GeoQuery){.no_shapes = true});
    g_assert_cmpuint(bare->points->len, ==, 0);
    g_assert_cmpstr(geo_batch_row(bare, 0)->code, ==, "34010200100000000001");
}

static void lines_keep_every_point(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GeoBatch) roads = geo_batch_new(GEO_KIND_ROAD);
    fresh_row(roads, 1, NULL);
    for (int part = 0; part < 2; part++) {
        geo_batch_begin(roads, GEO_SHAPE_LINE);
        for (int i = 0; i < 50; i++)
            geo_batch_point(roads, 117 + g_test_rand_double() / 7, 31 + g_test_rand_double() / 7);
    }
    fresh_stage(city->store, 100, NULL, roads);
    fresh_finish(city->store, 100);
    g_autoptr(GeoBatch) live = fresh_load(city->store, GEO_KIND_ROAD, NULL);
    g_assert_true(geo_batch_equal(live, roads));
}

/* Every field of every kind, at its edges: absent and extreme. */
static void fill_field(GeoBatch *batch, const GeoField *field, GeoRow *row, bool absent)
{
    void *value = (char *)row + field->offset;
    switch (field->type) {
    case GEO_FIELD_TEXT:
        *(const char **)value = absent ? NULL : geo_batch_text(batch, "安庆路 1号 'x'; --");
        break;
    case GEO_FIELD_REAL:
        *(double *)value = absent ? NAN : -1.0 / 3;
        break;
    case GEO_FIELD_ENUM:
        *(int *)value = absent || !field->words[1] ? 0 : 1;
        break;
    default:
        *(int64_t *)value = absent ? 0 : INT64_MIN + 1;
    }
}

static void absent_and_extreme_values_return(gconstpointer backend)
{
    for (int kind = 0; kind < GEO_N_KINDS; kind++) {
        g_autoptr(FreshCity) city = fresh_city_new(backend);
        const GeoKindInfo *info = geo_kind_info((GeoKind)kind);
        g_autoptr(GeoBatch) rows = geo_batch_new((GeoKind)kind);
        for (int i = 0; i < 2; i++) {
            GeoRow *row = fresh_row(rows, i == 0 ? 1 : INT64_MAX, NULL);
            for (size_t f = 0; f < info->n_fields; f++)
                fill_field(rows, &info->fields[f], row, i == 0);
        }
        fresh_stage(city->store, 100, NULL, rows);
        fresh_finish(city->store, 100);
        g_autoptr(GeoBatch) live = fresh_load(city->store, (GeoKind)kind, NULL);
        g_assert_true(geo_batch_equal(live, rows));
    }
}

static void codes_of_20_digits_stay_text(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GeoBatch) cameras = geo_batch_new(GEO_KIND_CAMERA);
    fresh_row(cameras, 1, "34010200001320000001");
    fresh_row(cameras, 2, "34010200001320000002");
    fresh_row(cameras, 3, "007");
    fresh_stage(city->store, 100, NULL, cameras);
    fresh_finish(city->store, 100);
    g_autoptr(GeoBatch) found =
        fresh_load(city->store, GEO_KIND_CAMERA, &(GeoQuery){.code = "34010200001320000002"});
    g_assert_cmpuint(found->rows->len, ==, 1);
    g_assert_cmpint(geo_batch_row(found, 0)->id, ==, 2);
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, &(GeoQuery){.code = "7"}), ==, 0);
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, &(GeoQuery){.code = "007"}), ==, 1);
}

/* ---- queries ---- */

static void a_load_by_bounds_is_exact(gconstpointer backend)
{
    static const GeoKind kinds[] = {GEO_KIND_CAMERA, GEO_KIND_INCIDENT, GEO_KIND_POPULATION};
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    GeoBounds edge = {117.01, 31.01, 117.03, 31.03}; /* rows 1, 2, 3; two of them on the border */
    GeoBounds inside = {117.0100001, 31.0100001, 117.0299999, 31.0299999};
    for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
        fresh_import(city->store, 100 + (int64_t)k, fresh_points(kinds[k], 1, 10));
        g_autoptr(GeoBatch) found =
            fresh_load(city->store, kinds[k], &(GeoQuery){.bounds = &inside});
        g_assert_cmpuint(found->rows->len, ==, 1);
        g_assert_cmpint(geo_batch_row(found, 0)->id, ==, 3);
        g_assert_cmpuint(fresh_count(city->store, kinds[k], &(GeoQuery){.bounds = &edge}), >=, 2);
    }
}

static void a_load_by_time_is_half_open(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    GeoBatch *incidents = fresh_points(GEO_KIND_INCIDENT, 1, 10);
    for (guint i = 0; i < 10; i++)
        ((GeoIncident *)(void *)geo_batch_row(incidents, i))->at_ms = FRESH_NOW + 1000 * i;
    fresh_import(city->store, 100, incidents);
    GeoQuery query = {.from_ms = FRESH_NOW + 2000, .to_ms = FRESH_NOW + 5000};
    g_autoptr(GeoBatch) found = fresh_load(city->store, GEO_KIND_INCIDENT, &query);
    g_assert_cmpuint(found->rows->len, ==, 3);
    g_assert_cmpint(geo_batch_row(found, 0)->id, ==, 3);
    fresh_import(city->store, 101, fresh_roster(1, "u", FRESH_NOW, FRESH_NOW + 3000));
    fresh_import(city->store, 102, fresh_roster(2, "u", FRESH_NOW, FRESH_NOW + 2000));
    fresh_import(city->store, 103, fresh_roster(3, "u", FRESH_NOW + 5000, FRESH_NOW + 9000));
    g_autoptr(GeoBatch) shifts = fresh_load(city->store, GEO_KIND_ROSTER, &query);
    g_assert_cmpuint(shifts->rows->len, ==, 1);
    g_assert_cmpint(geo_batch_row(shifts, 0)->id, ==, 1);
}

static void levels_are_counted(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    GeoBatch *areas = geo_batch_new(GEO_KIND_AREA);
    for (int i = 0; i < 9; i++) {
        GeoArea *area = fresh_row(areas, i + 1, NULL);
        area->level = i < 6 ? "community" : i < 8 ? "district" : NULL;
    }
    fresh_import(city->store, 100, areas);
    g_autoptr(GHashTable) levels = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
    int64_t counts[GEO_N_KINDS];
    g_assert_true(geo_store_count(city->store, counts, levels, NULL));
    g_assert_cmpint(counts[GEO_KIND_AREA], ==, 9);
    g_assert_cmpuint(g_hash_table_size(levels), ==, 2);
    g_assert_cmpint(GPOINTER_TO_INT(g_hash_table_lookup(levels, "community")), ==, 6);
    g_assert_cmpint(GPOINTER_TO_INT(g_hash_table_lookup(levels, "district")), ==, 2);
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_AREA, &(GeoQuery){.level = "district"}), ==,
                     2);
}

static void settings_are_kept(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local("set-1", FRESH_NOW), next = geo_act_local("set-2", FRESH_NOW);
    g_assert_null(geo_store_dup_setting(city->store, "default_level", &error));
    g_assert_no_error(error);
    g_assert_true(geo_store_put_setting(city->store, &act, "default_level", "beat", &error));
    g_assert_true(geo_store_put_setting(city->store, &next, "default_level", "grid", &error));
    g_assert_true(geo_store_put_setting(city->store, &act, "default_level", "beat", &error));
    g_autofree char *value = geo_store_dup_setting(city->store, "default_level", &error);
    g_assert_cmpstr(value, ==, "grid"); /* the retry of the first command did nothing */
}

static void a_sound_city_has_no_findings(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    fresh_import(city->store, 100, fresh_points(GEO_KIND_CAMERA, 1, 50));
    fresh_import(city->store, 101, fresh_points(GEO_KIND_ADDRESS, 1, 50));
    g_autoptr(GPtrArray) findings = geo_store_check(city->store, NULL);
    for (guint i = 0; i < findings->len; i++)
        g_test_message("%s", (const char *)g_ptr_array_index(findings, i));
    g_assert_cmpuint(findings->len, ==, 0);
    g_assert_cmpstr(geo_store_city(city->store)->name, ==, "Test");
    g_assert_cmpint(geo_store_city(city->store)->epsg, ==, 4548);
}

#define CLAIM(path, function)                                                                      \
    {                                                                                              \
        path, function                                                                             \
    }

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestDataFunc run;
    } claims[] = {
        CLAIM("staged-rows-are-not-seen", staged_rows_are_not_seen),
        CLAIM("an-import-is-undone-as-a-whole", an_import_is_undone_as_a_whole),
        CLAIM("an-import-replaces-the-kinds-it-names", an_import_replaces_the_kinds_it_names),
        CLAIM("imports-are-listed-newest-first", imports_are_listed_newest_first),
        CLAIM("rows-go-into-staged-imports-only", rows_go_into_staged_imports_only),
        CLAIM("impossible-rows-are-refused", impossible_rows_are_refused),
        CLAIM("shapes-keep-their-holes", shapes_keep_their_holes),
        CLAIM("lines-keep-every-point", lines_keep_every_point),
        CLAIM("absent-and-extreme-values-return", absent_and_extreme_values_return),
        CLAIM("codes-of-20-digits-stay-text", codes_of_20_digits_stay_text),
        CLAIM("a-load-by-bounds-is-exact", a_load_by_bounds_is_exact),
        CLAIM("a-load-by-time-is-half-open", a_load_by_time_is_half_open),
        CLAIM("levels-are-counted", levels_are_counted),
        CLAIM("settings-are-kept", settings_are_kept),
        CLAIM("a-sound-city-has-no-findings", a_sound_city_has_no_findings),
    };
    g_test_init(&argc, &argv, NULL);
    for (const char *const *backend = backends; *backend; backend++)
        for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
            g_autofree char *path = g_strdup_printf("/store/%s/%s", *backend, claims[i].path);
            g_test_add_data_func(path, *backend, claims[i].run);
        }
    return g_test_run();
}
