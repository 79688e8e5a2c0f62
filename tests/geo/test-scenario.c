/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The contract of scenarios, for every back end: a random walk of acts agrees with a plain list,
 * and what is merged is what the list says. */
#include "geo/model/scenario.h"

#include "tests/geo/fresh-city.h"

#define CAMERAS 6
#define WALK 300

static const char *const backends[] = {"memory", "sqlite", NULL};

static int64_t next_id = 5000;

static FreshCity *city_with_cameras(const char *backend)
{
    FreshCity *city = fresh_city_new(backend);
    fresh_import(city->store, 102, fresh_points(GEO_KIND_CAMERA, 21, CAMERAS));
    return city;
}

static int64_t put_scenario(GeoStore *store, int64_t id, int64_t version, const char *name,
                            int state, GError **error)
{
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_SCENARIO);
    GeoScenario *scenario = geo_batch_add(batch);
    scenario->row.id = id;
    scenario->row.version = version;
    scenario->row.name = geo_batch_text(batch, name);
    scenario->budget = 1e6;
    scenario->state = state;
    int64_t now = 0;
    return geo_store_put_scenario(store, &act, batch, &now, error) ? now : 0;
}

static GeoCamera camera_of(GeoStore *store, int64_t id, GeoLonLat *at)
{
    g_autoptr(GeoBatch) cameras = fresh_load(store, GEO_KIND_CAMERA, NULL);
    for (guint i = 0; i < cameras->rows->len; i++)
        if (geo_batch_row(cameras, i)->id == id) {
            geo_batch_first(cameras, geo_batch_row(cameras, i), at);
            GeoCamera camera = g_array_index(cameras->rows, GeoCamera, i);
            camera.row.code = camera.row.name = camera.place = NULL;
            return camera;
        }
    return (GeoCamera){.row.id = 0};
}

/* A step that turns the camera to heading, or takes it away, or keeps it. */
static bool add_step(GeoStore *store, int64_t scenario, int64_t *version, int64_t camera_id,
                     GeoPlannedWhat what, double heading, int64_t phase, GError **error)
{
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_autoptr(GeoBatch) step = geo_batch_new(GEO_KIND_STEP);
    g_autoptr(GeoBatch) planned = geo_batch_new(GEO_KIND_PLANNED);
    GeoLonLat at = {117.5, 31.5};
    GeoStep *head = geo_batch_add(step);
    head->row.id = next_id++;
    head->scenario = scenario;
    GeoCamera camera = what == GEO_PLANNED_ADD ? (GeoCamera){.row.id = camera_id}
                                               : camera_of(store, camera_id, &at);
    camera.row.id = camera_id;
    camera.heading_deg = heading;
    GeoPlanned *one = geo_scenario_add_planned(planned, &camera, at, what);
    one->camera.row.id = next_id++;
    one->step = head->row.id;
    one->phase = phase;
    return geo_store_add_step(store, &act, *version, step, planned, version, error);
}

static GeoBatch *fold(GeoStore *store, int64_t scenario, int64_t merged)
{
    g_autoptr(GeoBatch) steps = fresh_load(store, GEO_KIND_STEP, NULL);
    g_autoptr(GeoBatch) planned = fresh_load(store, GEO_KIND_PLANNED, NULL);
    return geo_scenario_fold(steps, planned, scenario, merged);
}

/* ---- the plain twin: a list of steps and how many of them stand ---- */

typedef struct {
    int64_t camera_id;
    GeoPlannedWhat what;
    double heading;
} Act;

typedef struct {
    Act acts[WALK];
    int n, done;
} Plain;

static void check(GeoStore *store, int64_t scenario, const Plain *plain)
{
    g_autoptr(GeoBatch) folded = fold(store, scenario, 0);
    guint expected = 0;
    for (int64_t id = 21; id < 21 + CAMERAS; id++) {
        const Act *last = NULL;
        const GeoPlanned *found = NULL;
        for (int i = 0; i < plain->done; i++)
            if (plain->acts[i].camera_id == id)
                last = &plain->acts[i];
        for (guint i = 0; i < folded->rows->len; i++)
            if (g_array_index(folded->rows, GeoPlanned, i).camera_id == id)
                found = &g_array_index(folded->rows, GeoPlanned, i);
        bool differs = last && last->what != GEO_PLANNED_KEEP;
        g_assert_true((found != NULL) == differs);
        expected += differs;
        if (found) {
            g_assert_cmpint(found->what, ==, last->what);
            g_assert_cmpfloat(found->camera.heading_deg, ==, last->heading);
            g_assert_cmpint(found->base_version, ==, 1);
        }
    }
    g_assert_cmpuint(folded->rows->len, ==, expected);
}

static void walk_agrees_with_a_list(gconstpointer backend)
{
    g_autoptr(FreshCity) city = city_with_cameras(backend);
    g_autoptr(GError) error = NULL;
    int64_t version = put_scenario(city->store, 900, 0, "walk", GEO_SCENARIO_OPEN, &error);
    g_assert_no_error(error);
    Plain plain = {.n = 0};
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    for (int i = 0; i < WALK; i++) {
        int what = g_test_rand_int_range(0, 6);
        if (what < 3) {
            Act next = {21 + g_test_rand_int_range(0, CAMERAS),
                        what == 0   ? GEO_PLANNED_EDIT
                        : what == 1 ? GEO_PLANNED_REMOVE
                                    : GEO_PLANNED_KEEP,
                        g_test_rand_int_range(0, 360)};
            g_assert_true(add_step(city->store, 900, &version, next.camera_id, next.what,
                                   next.heading, 1, &error));
            plain.n = plain.done;
            plain.acts[plain.n++] = next;
            plain.done = plain.n;
        } else {
            bool redo = what == 3, may = redo ? plain.done < plain.n : plain.done > 0;
            bool did = geo_store_undo_step(city->store, &act, 900, version, redo, &version, &error);
            if (did != may)
                g_test_message("%s", error ? error->message : "done");
            g_assert_true(did == may);
            if (!did)
                g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
            g_clear_error(&error);
            plain.done += !may ? 0 : redo ? 1 : -1;
        }
        if (i % 10 == 0)
            check(city->store, 900, &plain);
    }
    check(city->store, 900, &plain);
}

static void heads_are_kept_apart(gconstpointer backend)
{
    g_autoptr(FreshCity) city = city_with_cameras(backend);
    g_autoptr(GError) error = NULL;
    g_assert_cmpint(put_scenario(city->store, 900, 0, "one", GEO_SCENARIO_OPEN, &error), ==, 1);
    g_assert_cmpint(put_scenario(city->store, 901, 0, "one", GEO_SCENARIO_OPEN, &error), ==, 0);
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_cmpint(put_scenario(city->store, 900, 7, "two", GEO_SCENARIO_OPEN, &error), ==, 0);
    g_assert_error(error, GEO_ERROR, GEO_ERROR_STALE);
    g_clear_error(&error);
    g_assert_cmpint(put_scenario(city->store, 900, 1, "", GEO_SCENARIO_OPEN, &error), ==, 0);
    g_assert_error(error, GEO_ERROR, GEO_ERROR_DATA);
    g_clear_error(&error);
    g_assert_cmpint(put_scenario(city->store, 900, 1, "two", GEO_SCENARIO_DROPPED, &error), ==, 2);
    int64_t version = 2;
    g_assert_false(add_step(city->store, 900, &version, 21, GEO_PLANNED_EDIT, 1, 1, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    g_clear_error(&error);
    g_assert_cmpint(put_scenario(city->store, 901, 0, "two", GEO_SCENARIO_OPEN, &error), ==, 1);
    g_assert_cmpint(put_scenario(city->store, 900, 2, "old", GEO_SCENARIO_OPEN, &error), ==, 3);
    GeoAct patrol = {.actor = "a", .role = GEO_ROLE_DISPATCHER, .now_ms = FRESH_NOW};
    g_assert_false(geo_store_undo_step(city->store, &patrol, 900, 3, false, NULL, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
}

static bool merge(GeoStore *store, int64_t *version, int64_t merged, int64_t phase, bool whole,
                  bool force, int64_t *conflict, GError **error)
{
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_autoptr(GeoBatch) all = fold(store, 900, merged);
    g_autoptr(GeoBatch) now = geo_batch_new(GEO_KIND_PLANNED);
    for (guint i = 0; i < all->rows->len; i++)
        if (g_array_index(all->rows, GeoPlanned, i).phase <= phase)
            geo_batch_copy_row(now, all, i);
    return geo_store_merge_scenario(store, &act, 900, *version, now, phase, whole, force, conflict,
                                    version, error);
}

static void merging_changes_the_register(gconstpointer backend)
{
    g_autoptr(FreshCity) city = city_with_cameras(backend);
    g_autoptr(GError) error = NULL;
    GeoLonLat at;
    int64_t conflict, version = put_scenario(city->store, 900, 0, "m", GEO_SCENARIO_OPEN, &error);
    g_assert_true(add_step(city->store, 900, &version, 21, GEO_PLANNED_EDIT, 77, 1, &error));
    g_assert_true(add_step(city->store, 900, &version, 22, GEO_PLANNED_REMOVE, 0, 1, &error));
    g_assert_true(add_step(city->store, 900, &version, 800, GEO_PLANNED_ADD, 33, 2, &error));
    g_assert_true(add_step(city->store, 900, &version, 23, GEO_PLANNED_EDIT, 88, 2, &error));
    g_assert_true(merge(city->store, &version, 0, 1, false, false, &conflict, &error));
    g_assert_cmpfloat(camera_of(city->store, 21, &at).heading_deg, ==, 77);
    g_assert_cmpint(camera_of(city->store, 21, &at).row.version, ==, 2);
    g_assert_cmpint(camera_of(city->store, 22, &at).row.id, ==, 0);
    g_assert_cmpint(camera_of(city->store, 800, &at).row.id, ==, 0);
    g_autoptr(GeoBatch) left = fold(city->store, 900, 1);
    g_assert_cmpuint(left->rows->len, ==, 2);
    /* Another has turned camera 23 meanwhile. */
    g_autoptr(GeoBatch) edited = geo_batch_new(GEO_KIND_CAMERA);
    GeoCamera *camera = geo_batch_add(edited);
    GeoRow row = camera->row;
    *camera = camera_of(city->store, 23, &at);
    row.id = 23;
    row.version = camera->row.version;
    camera->row = row;
    geo_batch_set_point(edited, at.lon, at.lat);
    GeoAct act = geo_act_local(NULL, FRESH_NOW);
    g_assert_true(geo_store_edit_camera(city->store, &act, edited, &error));
    g_assert_false(merge(city->store, &version, 1, 2, true, false, &conflict, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_STALE);
    g_clear_error(&error);
    g_assert_cmpint(conflict, ==, 23);
    g_assert_cmpint(camera_of(city->store, 800, &at).row.id, ==, 0); /* all or none */
    g_assert_true(merge(city->store, &version, 1, 2, true, true, &conflict, &error));
    g_assert_cmpfloat(camera_of(city->store, 800, &at).heading_deg, ==, 33);
    g_assert_cmpfloat(at.lon, ==, 117.5);
    g_assert_cmpfloat(camera_of(city->store, 23, &at).heading_deg, ==, 88);
    g_assert_cmpint(camera_of(city->store, 23, &at).row.version, ==, 3);
    g_assert_false(add_step(city->store, 900, &version, 24, GEO_PLANNED_EDIT, 1, 1, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
}

/* A command that is sent twice is done once. */
static void retries_are_done_once(gconstpointer backend)
{
    g_autoptr(FreshCity) city = city_with_cameras(backend);
    g_autoptr(GError) error = NULL;
    int64_t first, again, version = put_scenario(city->store, 900, 0, "r", 0, &error);
    g_assert_true(add_step(city->store, 900, &version, 21, GEO_PLANNED_EDIT, 5, 1, &error));
    g_assert_true(add_step(city->store, 900, &version, 22, GEO_PLANNED_EDIT, 6, 1, &error));
    GeoAct act = geo_act_local("undo-1", FRESH_NOW);
    g_assert_true(geo_store_undo_step(city->store, &act, 900, version, false, &first, &error));
    g_assert_true(geo_store_undo_step(city->store, &act, 900, version, false, &again, &error));
    g_assert_cmpint(first, ==, again);
    g_autoptr(GeoBatch) left = fold(city->store, 900, 0);
    g_assert_cmpuint(left->rows->len, ==, 1);
}

static void add(const char *path, void (*test)(gconstpointer))
{
    for (int i = 0; backends[i]; i++) {
        g_autofree char *name = g_strdup_printf("/scenario/%s/%s", backends[i], path);
        g_test_add_data_func(name, backends[i], test);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("a-walk-agrees-with-a-list", walk_agrees_with_a_list);
    add("heads-are-kept-apart", heads_are_kept_apart);
    add("merging-changes-the-register", merging_changes_the_register);
    add("retries-are-done-once", retries_are_done_once);
    return g_test_run();
}
