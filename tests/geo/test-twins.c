/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Random acts on two cities side by side, one in memory and one in SQLite: after each act both say
 * the same, errors included. */
#include "tests/geo/fresh-city.h"

enum { ROUNDS = 6, ACTS = 60, IDS = 6 };

typedef struct {
    FreshCity *city[2];
    int64_t now_ms, next_import;
} Twins;

static int64_t pick(int64_t first)
{
    return first + g_test_rand_int_range(0, IDS);
}

static int code_of(bool ok, GError **error)
{
    int code = ok ? -1 : (*error)->code;
    if (!ok)
        g_assert_true((*error)->domain == GEO_ERROR);
    g_clear_error(error);
    return code;
}

/* Does the same on both with the same arguments; the results must be the same. */
#define BOTH(twins, expression)                                                                    \
    G_STMT_START                                                                                   \
    {                                                                                              \
        int codes[2];                                                                              \
        for (int side = 0; side < 2; side++) {                                                     \
            GeoStore *store = (twins)->city[side]->store;                                          \
            GError *error = NULL;                                                                  \
            codes[side] = code_of(expression, &error);                                             \
        }                                                                                          \
        g_assert_cmpint(codes[0], ==, codes[1]);                                                   \
    }                                                                                              \
    G_STMT_END

static GeoBatch *random_rows(GeoKind kind)
{
    GeoBatch *batch = geo_batch_new(kind);
    int n = g_test_rand_int_range(0, 4);
    for (int i = 0; i < n; i++) {
        g_autofree char *code = g_strdup_printf("u%d", g_test_rand_int_range(0, IDS));
        fresh_row(batch, pick(1), code);
        if (kind == GEO_KIND_ROSTER) {
            GeoRoster *roster = (GeoRoster *)(void *)geo_batch_row(batch, (size_t)i);
            roster->from_ms = FRESH_NOW + g_test_rand_int_range(0, 60000);
            roster->to_ms = roster->from_ms + g_test_rand_int_range(0, 60000);
        } else if (g_test_rand_bit()) {
            geo_batch_set_point(batch, 117 + g_test_rand_double(), 31 + g_test_rand_double());
        }
    }
    return batch;
}

static void import_some(Twins *twins, const GeoAct *act)
{
    static const GeoKind kinds[] = {GEO_KIND_CAMERA, GEO_KIND_INCIDENT, GEO_KIND_UNIT,
                                    GEO_KIND_ROSTER};
    GeoKind kind = kinds[g_test_rand_int_range(0, G_N_ELEMENTS(kinds))];
    g_autoptr(GeoBatch) rows = random_rows(kind);
    GeoImport import = {.id = twins->next_import++,
                        .kind = geo_kind_info(kind)->plural,
                        .source = "x",
                        .replaces = g_test_rand_bit() ? "cameras,rosters" : NULL};
    bool finish = g_test_rand_bit() || g_test_rand_bit();
    BOTH(twins, geo_store_import_begin(store, act, &import, &error));
    GeoAct more = *act;
    more.command_id = NULL;
    BOTH(twins, geo_store_import_put(store, &more, import.id, rows, &error));
    if (finish)
        BOTH(twins, geo_store_import_finish(store, &more, import.id, 1, &error));
}

static void sweep(Twins *twins)
{
    for (int side = 0; side < 2; side++)
        for (bool left = true; left;)
            g_assert_true(geo_store_sweep(twins->city[side]->store, FRESH_NOW, 1000, &left, NULL));
}

static GeoDeed random_deed(int64_t now_ms)
{
    static const char *const reasons[] = {NULL, "x"};
    static const char *const words[] = {NULL, "theft", "noise"};
    return (GeoDeed){.what = (GeoDeedWhat)g_test_rand_int_range(0, GEO_N_DEEDS),
                     .incident_id = pick(1),
                     .version = g_test_rand_int_range(0, 4),
                     .preempt = g_test_rand_bit(),
                     .override = g_test_rand_bit(),
                     .detail = {.unit_id = g_test_rand_bit() ? pick(1) : 0,
                                .other_id = g_test_rand_bit() ? 0 : pick(1),
                                .until_ms = now_ms + g_test_rand_int_range(-5, 50),
                                .reason = reasons[g_test_rand_bit()],
                                .category = words[g_test_rand_int_range(0, 3)],
                                .department = words[g_test_rand_int_range(0, 3)],
                                .level = g_test_rand_int_range(0, GEO_N_LEVELS),
                                .priority = g_test_rand_int_range(0, 5),
                                .value = g_test_rand_int_range(0, 3)}};
}

static void step_some(Twins *twins, const GeoAct *act)
{
    GeoDeed deeds[2] = {random_deed(twins->now_ms), random_deed(twins->now_ms)};
    size_t n = (size_t)g_test_rand_int_range(1, 3);
    GeoDeedDone done[2][2] = {{{0}}};
    BOTH(twins, geo_store_do(store, act, deeds, n, done[side], &error));
    for (size_t i = 0; i < n; i++) {
        g_assert_cmpint(done[0][i].version, ==, done[1][i].version);
        g_assert_cmpint(done[0][i].state, ==, done[1][i].state);
    }
}

static void edit_some(Twins *twins, const GeoAct *act)
{
    g_autoptr(GeoBatch) camera = geo_batch_new(GEO_KIND_CAMERA);
    GeoCamera *row = fresh_row(camera, pick(1), "edited");
    row->row.version = g_test_rand_int_range(1, 4);
    row->heading_deg = g_test_rand_double() * 360;
    geo_batch_set_point(camera, 117 + g_test_rand_double(), 31 + g_test_rand_double());
    BOTH(twins, geo_store_edit_camera(store, act, camera, &error));
}

static void ingest_some(Twins *twins, const GeoAct *act)
{
    GeoFix fixes[5];
    size_t refused[2] = {0, 0}, n = (size_t)g_test_rand_int_range(1, 6);
    for (size_t i = 0; i < n; i++)
        fixes[i] = (GeoFix){.unit_id = pick(1),
                            .at_ms = FRESH_NOW + g_test_rand_int_range(0, 200) * 1000,
                            .lon = 117 + g_test_rand_int_range(0, 1000) / 1000.0,
                            .lat = 31 + g_test_rand_int_range(0, 1000) / 1000.0,
                            .speed_mps = NAN,
                            .heading_deg = NAN,
                            .accuracy_m = NAN};
    BOTH(twins, geo_store_ingest_fixes(store, act, fixes, n, &refused[side], &error));
    g_assert_cmpuint(refused[0], ==, refused[1]);
}

static void act_at_random(Twins *twins)
{
    /* Some ids come twice: those acts are retries. */
    g_autofree char *command = g_strdup_printf("c%d", g_test_rand_int_range(0, ACTS));
    GeoAct act = geo_act_local(g_test_rand_bit() ? command : NULL, twins->now_ms++);
    int64_t unit = pick(1), incident = pick(1), import = g_test_rand_int_range(1000, 1020);
    g_autoptr(GeoBatch) call = fresh_points(GEO_KIND_INCIDENT, pick(1), 1);
    switch (g_test_rand_int_range(0, 10)) {
    case 0:
    case 1:
        import_some(twins, &act);
        break;
    case 2:
        BOTH(twins, geo_store_import_undo(store, &act, import, &error));
        break;
    case 3:
        sweep(twins);
        break;
    case 4:
        step_some(twins, &act);
        break;
    case 5:
        BOTH(twins, geo_store_assign_unit(store, &act, incident, unit, &error));
        break;
    case 6:
        BOTH(twins, geo_store_release_unit(store, &act, unit, &error));
        break;
    case 7:
        edit_some(twins, &act);
        break;
    case 8:
        ingest_some(twins, &act);
        break;
    default:
        BOTH(twins, geo_store_take_incident(store, &act, call, &error));
    }
}

/* ---- comparing ---- */

static void compare_kind(Twins *twins, GeoKind kind)
{
    GeoBounds bounds = {117.2, 31.2, 117.7, 31.7};
    GeoQuery queries[] = {{0},
                          {.bounds = &bounds},
                          {.code = "u1"},
                          {.from_ms = FRESH_NOW, .to_ms = FRESH_NOW + 9000}};
    for (size_t q = 0; q < G_N_ELEMENTS(queries); q++) {
        g_autoptr(GeoBatch) a = fresh_load(twins->city[0]->store, kind, &queries[q]);
        g_autoptr(GeoBatch) b = fresh_load(twins->city[1]->store, kind, &queries[q]);
        g_assert_true(geo_batch_equal(a, b));
        for (guint i = 0; i < a->rows->len; i++) {
            g_assert_cmpint(geo_batch_row(a, i)->version, ==, geo_batch_row(b, i)->version);
            g_assert_cmpint(geo_batch_row(a, i)->import_id, ==, geo_batch_row(b, i)->import_id);
        }
    }
}

static void compare_fixes(Twins *twins)
{
    GArray *lists[2][2];
    for (int side = 0; side < 2; side++) {
        lists[0][side] =
            geo_store_load_fixes(twins->city[side]->store, FRESH_NOW, FRESH_NOW * 2, NULL);
        lists[1][side] =
            geo_store_last_fixes(twins->city[side]->store, FRESH_NOW + 90000, 60000, NULL);
    }
    for (int list = 0; list < 2; list++) {
        g_assert_cmpuint(lists[list][0]->len, ==, lists[list][1]->len);
        for (guint i = 0; i < lists[list][0]->len; i++) {
            const GeoFix *a = &g_array_index(lists[list][0], GeoFix, i);
            const GeoFix *b = &g_array_index(lists[list][1], GeoFix, i);
            g_assert_cmpint(a->unit_id, ==, b->unit_id);
            g_assert_cmpint(a->at_ms, ==, b->at_ms);
            g_assert_cmpfloat_with_epsilon(a->lon, b->lon, 1e-7);
            g_assert_cmpfloat_with_epsilon(a->lat, b->lat, 1e-7);
        }
        g_array_unref(lists[list][0]);
        g_array_unref(lists[list][1]);
    }
}

static void compare_logs(Twins *twins)
{
    g_autoptr(GArray) changes = geo_store_changes_since(twins->city[0]->store, 0, NULL);
    g_autoptr(GArray) others = geo_store_changes_since(twins->city[1]->store, 0, NULL);
    g_assert_cmpuint(changes->len, ==, others->len);
    for (guint i = 0; i < changes->len; i++) {
        const GeoChange *a = &g_array_index(changes, GeoChange, i);
        const GeoChange *b = &g_array_index(others, GeoChange, i);
        g_assert_cmpstr(a->entity, ==, b->entity);
        g_assert_cmpint(a->entity_id, ==, b->entity_id);
        g_assert_cmpint(a->version, ==, b->version);
        g_assert_cmpint(a->at_ms, ==, b->at_ms);
    }
    g_autoptr(GArray) rows = geo_store_audit_since(twins->city[0]->store, 0, NULL);
    g_autoptr(GArray) other_rows = geo_store_audit_since(twins->city[1]->store, 0, NULL);
    g_assert_cmpuint(rows->len, ==, other_rows->len);
    for (guint i = 0; i < rows->len; i++)
        g_assert_cmpstr(g_array_index(rows, GeoAuditRow, i).op, ==,
                        g_array_index(other_rows, GeoAuditRow, i).op);
}

static void compare_imports(Twins *twins)
{
    GArray *a = geo_store_imports(twins->city[0]->store, NULL);
    GArray *b = geo_store_imports(twins->city[1]->store, NULL);
    g_assert_cmpuint(a->len, ==, b->len);
    for (guint i = 0; i < a->len; i++) {
        const GeoImport *p = &g_array_index(a, GeoImport, i), *q = &g_array_index(b, GeoImport, i);
        g_assert_cmpint(p->id, ==, q->id);
        g_assert_cmpstr(p->state, ==, q->state);
        g_assert_cmpint(p->refused, ==, q->refused);
    }
    geo_imports_free(a);
    geo_imports_free(b);
}

static void any_acts_have_equal_results(void)
{
    for (int round = 0; round < ROUNDS; round++) {
        g_autoptr(FreshCity) memory = fresh_city_new("memory");
        g_autoptr(FreshCity) sqlite = fresh_city_new("sqlite");
        Twins twins = {{memory, sqlite}, FRESH_NOW + 100000, 1000};
        for (int i = 0; i < ACTS; i++) {
            act_at_random(&twins);
            static const GeoKind kinds[] = {GEO_KIND_CAMERA, GEO_KIND_INCIDENT, GEO_KIND_UNIT,
                                            GEO_KIND_ROSTER};
            for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++)
                compare_kind(&twins, kinds[k]);
            compare_fixes(&twins);
            compare_logs(&twins);
            compare_imports(&twins);
        }
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    g_test_add_func("/twins/any-acts-have-equal-results", any_acts_have_equal_results);
    return g_test_run();
}
