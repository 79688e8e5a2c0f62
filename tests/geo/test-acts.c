/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of the store's acts: incidents, units, cameras, positions, change log, audit and
 * rights; every claim holds for every back end. */
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

static FreshCity *staffed_city(const char *backend)
{
    FreshCity *city = fresh_city_new(backend);
    fresh_import(city->store, 100, fresh_points(GEO_KIND_INCIDENT, 1, 3));
    fresh_import(city->store, 101, fresh_points(GEO_KIND_UNIT, 11, 3));
    fresh_import(city->store, 102, fresh_points(GEO_KIND_CAMERA, 21, 3));
    return city;
}

static GeoIncident incident_of(GeoStore *store, guint i)
{
    g_autoptr(GeoBatch) batch = fresh_load(store, GEO_KIND_INCIDENT, NULL);
    return *(GeoIncident *)(void *)geo_batch_row(batch, i);
}

static GeoUnit unit_of(GeoStore *store, guint i)
{
    g_autoptr(GeoBatch) batch = fresh_load(store, GEO_KIND_UNIT, NULL);
    return *(GeoUnit *)(void *)geo_batch_row(batch, i);
}

static void a_step_needs_the_version_and_the_table(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    int64_t version = 0;
    g_assert_true(fresh_do(city->store, &act, fresh_classify(1, 1), &version, &error));
    g_assert_cmpint(version, ==, 2);
    assert_refused(fresh_do(city->store, &act, fresh_classify(1, 1), &version, &error), error,
                   GEO_ERROR_STALE);
    assert_refused(fresh_do(city->store, &act, (GeoDeed){GEO_DEED_REVIEW, 1, 2, {0}, false, false},
                            &version, &error),
                   error, GEO_ERROR_REFUSED);
    assert_refused(fresh_do(city->store, &act, fresh_classify(99, 1), &version, &error), error,
                   GEO_ERROR_MISSING);
    g_assert_cmpint(version, ==, 2);
    GeoIncident incident = incident_of(city->store, 0);
    g_assert_cmpint(incident.state, ==, GEO_INCIDENT_CLASSIFIED);
    g_assert_cmpint(incident.row.version, ==, 2);
}

static void a_retry_is_done_once(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local("desk-1-0007", FRESH_NOW);
    for (int i = 0; i < 3; i++) {
        int64_t version = 0;
        g_assert_true(fresh_do(city->store, &act, fresh_classify(1, 1), &version, &error));
        g_assert_cmpint(version, ==, 2);
    }
    g_assert_cmpint(incident_of(city->store, 0).row.version, ==, 2);
    g_autoptr(GArray) changes = geo_store_changes_since(city->store, 0, &error);
    guint n = 0;
    for (guint i = 0; i < changes->len; i++)
        n += !strcmp(g_array_index(changes, GeoChange, i).entity, "incident");
    g_assert_cmpuint(n, ==, 1);
    /* A command that was refused may be tried again under the same id. */
    GeoAct other = geo_act_local("desk-1-0008", FRESH_NOW);
    assert_refused(fresh_do(city->store, &other, fresh_classify(2, 9), NULL, &error), error,
                   GEO_ERROR_STALE);
    g_assert_true(fresh_do(city->store, &other, fresh_classify(2, 1), NULL, &error));
}

static void a_taken_incident_is_received(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) call = fresh_points(GEO_KIND_INCIDENT, 9, 1);
    GeoIncident *row = (GeoIncident *)(void *)geo_batch_row(call, 0);
    row->row.code = NULL; /* that of an imported one */
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    row->state = GEO_INCIDENT_CLOSED;
    row->row.version = 70;
    row->at_ms = FRESH_NOW;
    g_assert_true(geo_store_take_incident(city->store, &act, call, &error));
    GeoIncident taken = incident_of(city->store, 3);
    g_assert_cmpint(taken.row.id, ==, 9);
    g_assert_cmpint(taken.row.version, ==, 1);
    g_assert_cmpint(taken.row.import_id, ==, 0);
    g_assert_cmpint(taken.state, ==, GEO_INCIDENT_RECEIVED);
    assert_refused(geo_store_take_incident(city->store, &act, call, &error), error, GEO_ERROR_DATA);
}

static void a_unit_is_never_on_two(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_assert_true(geo_store_assign_unit(city->store, &act, 1, 11, &error));
    assert_refused(geo_store_assign_unit(city->store, &act, 2, 11, &error), error,
                   GEO_ERROR_REFUSED);
    assert_refused(geo_store_assign_unit(city->store, &act, 1, 11, &error), error,
                   GEO_ERROR_REFUSED);
    assert_refused(geo_store_assign_unit(city->store, &act, 1, 77, &error), error,
                   GEO_ERROR_MISSING);
    assert_refused(geo_store_release_unit(city->store, &act, 12, &error), error, GEO_ERROR_REFUSED);
    g_assert_cmpint(unit_of(city->store, 0).status, ==, GEO_STATUS_DISPATCHED);
    g_assert_cmpint(incident_of(city->store, 0).state, ==, GEO_INCIDENT_DISPATCHED);
    g_assert_cmpint(incident_of(city->store, 0).row.version, ==, 2);
    g_autoptr(GArray) sent = geo_store_assignments(city->store, &error);
    g_assert_cmpuint(sent->len, ==, 1);
    g_assert_cmpint(g_array_index(sent, GeoAssignment, 0).incident_id, ==, 1);
    g_assert_cmpint(g_array_index(sent, GeoAssignment, 0).unit_id, ==, 11);
    g_assert_true(geo_store_release_unit(city->store, &act, 11, &error));
    g_autoptr(GArray) none = geo_store_assignments(city->store, &error);
    g_assert_cmpuint(none->len, ==, 0);
    g_assert_cmpint(unit_of(city->store, 0).status, ==, GEO_STATUS_AVAILABLE);
    g_assert_true(geo_store_assign_unit(city->store, &act, 2, 11, &error));
    GeoDeed wrong = {GEO_DEED_VOID, 3, 1, {.reason = "a test call"}, false, false};
    g_assert_true(fresh_do(city->store, &act, wrong, NULL, &error));
    assert_refused(geo_store_assign_unit(city->store, &act, 3, 12, &error), error,
                   GEO_ERROR_REFUSED);
}

static void a_camera_edit_needs_the_version(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_autoptr(GeoBatch) before = fresh_load(city->store, GEO_KIND_CAMERA, NULL);
    g_autoptr(GeoBatch) edit = geo_batch_new(GEO_KIND_CAMERA);
    GeoCamera *camera = geo_batch_copy_row(edit, before, 1);
    camera->heading_deg = 42.5;
    camera->lens = GEO_LENS_PTZ;
    g_array_index(edit->points, GeoLonLat, 0) = (GeoLonLat){117.9, 31.9};
    g_assert_true(geo_store_edit_camera(city->store, &act, edit, &error));
    assert_refused(geo_store_edit_camera(city->store, &act, edit, &error), error, GEO_ERROR_STALE);
    GeoBounds there = {117.89, 31.89, 117.91, 31.91};
    g_autoptr(GeoBatch) after =
        fresh_load(city->store, GEO_KIND_CAMERA, &(GeoQuery){.bounds = &there});
    g_assert_true(geo_batch_equal(after, edit));
    g_assert_cmpint(geo_batch_row(after, 0)->version, ==, 2);
    g_assert_cmpint(geo_batch_row(after, 0)->import_id, ==, 102);
    g_assert_cmpuint(fresh_count(city->store, GEO_KIND_CAMERA, NULL), ==, 3);
}

/* ---- positions ---- */

static GeoFix fix_of(int64_t unit_id, int64_t at_ms, double lon, double lat)
{
    return (GeoFix){unit_id, at_ms, lon, lat, NAN, 90, NAN};
}

static size_t ingest(GeoStore *store, const GeoFix *fixes, size_t n)
{
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    size_t refused = 99;
    g_assert_true(geo_store_ingest_fixes(store, &act, fixes, n, &refused, &error));
    g_assert_no_error(error);
    return refused;
}

static void the_last_position_never_goes_back(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    GeoFix fixes[] = {fix_of(12, FRESH_NOW - 2000, 117.2, 31.2),
                      fix_of(11, FRESH_NOW - 1000, 117.1, 31.1),
                      fix_of(11, FRESH_NOW - 5000, 117.5, 31.5)};
    GeoFix late = fix_of(11, FRESH_NOW - 3000, 117.9, 31.9);
    int64_t at_ms = 0;
    g_assert_cmpuint(ingest(city->store, fixes, 3), ==, 0);
    g_assert_cmpuint(ingest(city->store, &late, 1), ==, 0);
    g_autoptr(GArray) last = geo_store_last_fixes(city->store, FRESH_NOW, 60000, NULL);
    g_assert_cmpuint(last->len, ==, 2);
    g_assert_cmpint(g_array_index(last, GeoFix, 0).unit_id, ==, 11);
    g_assert_cmpint(g_array_index(last, GeoFix, 0).at_ms, ==, FRESH_NOW - 1000);
    g_assert_cmpfloat_with_epsilon(g_array_index(last, GeoFix, 0).lon, 117.1, 2.3e-6);
    g_assert_true(isnan(g_array_index(last, GeoFix, 0).speed_mps));
    g_assert_cmpfloat(g_array_index(last, GeoFix, 0).heading_deg, ==, 90);
    g_autoptr(GArray) then = geo_store_last_fixes(city->store, FRESH_NOW - 3000, 60000, NULL);
    g_assert_cmpuint(then->len, ==, 1);
    g_assert_cmpfloat_with_epsilon(g_array_index(then, GeoFix, 0).lon, 117.9, 2.3e-6);
    g_autoptr(GArray) young = geo_store_last_fixes(city->store, FRESH_NOW, 1500, NULL);
    g_assert_cmpuint(young->len, ==, 1);
    g_autoptr(GArray) all =
        geo_store_load_fixes(city->store, FRESH_NOW - 5000, FRESH_NOW - 1000, NULL);
    g_assert_cmpuint(all->len, ==, 3);
    g_assert_cmpint(g_array_index(all, GeoFix, 0).at_ms, ==, FRESH_NOW - 5000);
    g_assert_cmpint(g_array_index(all, GeoFix, 2).unit_id, ==, 12);
    g_assert_true(geo_store_last_fix_at(city->store, &at_ms, NULL));
    g_assert_cmpint(at_ms, ==, FRESH_NOW - 1000);
}

static void impossible_fixes_are_counted_not_kept(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    GeoFix fixes[] = {
        fix_of(11, FRESH_NOW, NAN, 31),        fix_of(11, FRESH_NOW, 31.8, 117.3),
        fix_of(11, FRESH_NOW, 0, 0),           fix_of(11, FRESH_NOW + 86400000, 117.1, 31.1),
        fix_of(77, FRESH_NOW, 117.1, 31.1),    fix_of(11, 0, 117.1, 31.1),
        fix_of(11, FRESH_NOW - 9, 117.1, 31.1)};
    g_assert_cmpuint(ingest(city->store, fixes, G_N_ELEMENTS(fixes)), ==, 6);
    g_autoptr(GArray) kept = geo_store_load_fixes(city->store, 0, FRESH_NOW * 2, NULL);
    g_assert_cmpuint(kept->len, ==, 1);
    g_assert_cmpuint(ingest(city->store, fixes + 6, 1), ==, 0); /* a feed repeats itself */
    g_autoptr(GArray) again = geo_store_load_fixes(city->store, 0, FRESH_NOW * 2, NULL);
    g_assert_cmpuint(again->len, ==, 1);
}

static void off_duty_is_not_tracked(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    GeoFix fixes[] = {fix_of(11, FRESH_NOW - 5000, 117, 31), fix_of(11, FRESH_NOW - 2000, 117, 31),
                      fix_of(11, FRESH_NOW - 1000, 117, 31), fix_of(12, FRESH_NOW - 2000, 117, 31)};
    g_assert_cmpuint(ingest(city->store, fixes, 4), ==, 0); /* no roster: always on duty */
    fresh_import(city->store, 200, fresh_roster(1, "unit-0", FRESH_NOW - 4000, FRESH_NOW - 1000));
    g_assert_cmpuint(ingest(city->store, fixes, 4), ==, 3);
}

/* Duty ends at the later of the shift's end and the release; neither is before it begins. */
static void a_job_holds_a_unit_on_duty(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    GeoAct act = geo_act_local(NULL, FRESH_NOW - 3000);
    GeoFix fixes[] = {fix_of(11, FRESH_NOW - 5000, 117, 31), fix_of(11, FRESH_NOW - 3500, 117, 31),
                      fix_of(11, FRESH_NOW - 2500, 117, 31), fix_of(11, FRESH_NOW - 500, 117, 31),
                      fix_of(12, FRESH_NOW - 500, 117, 31)};
    fresh_import(city->store, 200, fresh_roster(1, "unit-0", FRESH_NOW - 4000, FRESH_NOW - 3000));
    g_assert_cmpuint(ingest(city->store, fixes, 5), ==, 4);
    g_assert_true(geo_store_assign_unit(city->store, &act, 2, 11, NULL));
    g_assert_cmpuint(ingest(city->store, fixes, 5), ==, 2);
    act.now_ms = FRESH_NOW - 1000;
    g_assert_true(geo_store_release_unit(city->store, &act, 11, NULL));
    GeoFix after[] = {fix_of(11, FRESH_NOW - 1001, 117, 31), fix_of(11, FRESH_NOW - 1000, 117, 31)};
    g_assert_cmpuint(ingest(city->store, after, 2), ==, 1);
    /* What was refused never reached the store. */
    g_autoptr(GArray) kept = geo_store_load_fixes(city->store, 0, FRESH_NOW * 2, NULL);
    g_assert_cmpuint(kept->len, ==, 4);
    for (guint i = 0; i < kept->len; i++) {
        g_assert_cmpint(g_array_index(kept, GeoFix, i).unit_id, ==, 11);
        g_assert_cmpint(g_array_index(kept, GeoFix, i).at_ms, >=, FRESH_NOW - 4000);
    }
}

/* ---- following, audit, rights ---- */

static void changes_and_audit_follow_each_act(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    g_autoptr(GError) error = NULL;
    g_autoptr(GArray) old = geo_store_changes_since(city->store, 0, &error);
    g_autoptr(GArray) old_audit = geo_store_audit_since(city->store, 0, &error);
    int64_t seq = g_array_index(old, GeoChange, old->len - 1).seq;
    int64_t audit_seq = g_array_index(old_audit, GeoAuditRow, old_audit->len - 1).seq;
    GeoAct act = {.actor = "chen", .role = GEO_ROLE_DISPATCHER, .now_ms = FRESH_NOW + 5};
    g_assert_true(fresh_do(city->store, &act, fresh_classify(2, 1), NULL, &error));
    g_autoptr(GArray) changes = geo_store_changes_since(city->store, seq, &error);
    g_assert_cmpuint(changes->len, ==, 1);
    const GeoChange *change = &g_array_index(changes, GeoChange, 0);
    g_assert_cmpstr(change->entity, ==, "incident");
    g_assert_cmpint(change->entity_id, ==, 2);
    g_assert_cmpint(change->version, ==, 2);
    g_assert_cmpint(change->at_ms, ==, FRESH_NOW + 5);
    g_autoptr(GArray) audit = geo_store_audit_since(city->store, audit_seq, &error);
    g_assert_cmpuint(audit->len, ==, 1);
    const GeoAuditRow *row = &g_array_index(audit, GeoAuditRow, 0);
    g_assert_cmpstr(row->actor, ==, "chen");
    g_assert_cmpstr(row->role, ==, "dispatcher");
    g_assert_cmpstr(row->op, ==, "step incident");
    g_assert_cmpstr(row->entity, ==, "incident");
    g_assert_cmpint(row->entity_id, ==, 2);
    /* The first unit moves its incident too: whoever follows learns of both. */
    g_assert_true(geo_store_assign_unit(city->store, &act, 2, 11, &error));
    g_autoptr(GArray) both = geo_store_changes_since(city->store, change->seq, &error);
    g_assert_cmpuint(both->len, ==, 2);
    g_autoptr(GArray) none =
        geo_store_changes_since(city->store, g_array_index(both, GeoChange, 1).seq, &error);
    g_assert_cmpuint(none->len, ==, 0);
}

static void a_role_does_only_what_it_may(gconstpointer backend)
{
    g_autoptr(FreshCity) city = staffed_city(backend);
    g_autoptr(GError) error = NULL;
    GeoAct act = {.actor = "wang", .role = GEO_ROLE_AUDITOR, .now_ms = FRESH_NOW};
    GeoImport import = {.id = 900, .kind = "cameras", .source = "x.csv"};
    GeoFix fix = fix_of(11, FRESH_NOW, 117, 31);
    g_autoptr(GArray) before = geo_store_changes_since(city->store, 0, NULL);
    g_assert_false(fresh_do(city->store, &act, fresh_classify(1, 1), NULL, &error));
    g_assert_nonnull(strstr(error->message, "wang"));
    g_assert_nonnull(strstr(error->message, "auditor"));
    g_assert_nonnull(strstr(error->message, "step incident"));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    assert_refused(geo_store_import_begin(city->store, &act, &import, &error), error,
                   GEO_ERROR_REFUSED);
    assert_refused(geo_store_import_undo(city->store, &act, 100, &error), error, GEO_ERROR_REFUSED);
    assert_refused(geo_store_assign_unit(city->store, &act, 1, 11, &error), error,
                   GEO_ERROR_REFUSED);
    assert_refused(geo_store_ingest_fixes(city->store, &act, &fix, 1, NULL, &error), error,
                   GEO_ERROR_REFUSED);
    assert_refused(geo_store_put_setting(city->store, &act, "a", "b", &error), error,
                   GEO_ERROR_REFUSED);
    assert_refused(geo_store_backup(city->store, &act, "/nonexistent/x", &error), error,
                   GEO_ERROR_REFUSED);
    g_autoptr(GArray) after = geo_store_changes_since(city->store, 0, NULL);
    g_assert_cmpuint(after->len, ==, before->len);
}

/* SQLite alone: memory has no file to open for reading. */
static void a_read_only_city_refuses_writes(void)
{
    g_autoptr(FreshCity) city = staffed_city("sqlite");
    g_autoptr(GError) error = NULL;
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_autoptr(GeoStore) reader =
        geo_store_open(city->path, &(GeoStoreOptions){.read_only = true}, &error);
    g_assert_no_error(error);
    g_assert_true(geo_store_is_read_only(reader));
    assert_refused(fresh_do(reader, &act, fresh_classify(1, 1), NULL, &error), error,
                   GEO_ERROR_REFUSED);
    g_assert_cmpuint(fresh_count(reader, GEO_KIND_CAMERA, NULL), ==, 3);
}

int main(int argc, char **argv)
{
    static const struct {
        const char *path;
        GTestDataFunc run;
    } claims[] = {
        {"a-step-needs-the-version-and-the-table", a_step_needs_the_version_and_the_table},
        {"a-retry-is-done-once", a_retry_is_done_once},
        {"a-taken-incident-is-received", a_taken_incident_is_received},
        {"a-unit-is-never-on-two", a_unit_is_never_on_two},
        {"a-camera-edit-needs-the-version", a_camera_edit_needs_the_version},
        {"the-last-position-never-goes-back", the_last_position_never_goes_back},
        {"impossible-fixes-are-counted-not-kept", impossible_fixes_are_counted_not_kept},
        {"off-duty-is-not-tracked", off_duty_is_not_tracked},
        {"a-job-holds-a-unit-on-duty", a_job_holds_a_unit_on_duty},
        {"changes-and-audit-follow-each-act", changes_and_audit_follow_each_act},
        {"a-role-does-only-what-it-may", a_role_does_only_what_it_may},
    };
    g_test_init(&argc, &argv, NULL);
    for (const char *const *backend = backends; *backend; backend++)
        for (size_t i = 0; i < G_N_ELEMENTS(claims); i++) {
            g_autofree char *path = g_strdup_printf("/acts/%s/%s", *backend, claims[i].path);
            g_test_add_data_func(path, *backend, claims[i].run);
        }
    g_test_add_func("/acts/sqlite/a-read-only-city-refuses-writes",
                    a_read_only_city_refuses_writes);
    return g_test_run();
}
