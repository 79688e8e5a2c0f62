/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Two plans and a register that a third one edits, in a random walk: what the store comes to is
 * what plain lists say, on every back end. */
#include "geo/work/draft.h"

#include "tests/geo/fresh-city.h"

#define CAMERAS 5
#define FIRST 21
#define WALK 250
#define MAX_STEPS 400

static const char *const backends[] = {"memory", "sqlite", NULL};

/* ---- the plain twin ---- */

typedef struct {
    bool set;
    int what;
    double heading_deg;
    int64_t base, phase;
} Line;

typedef struct {
    int64_t id, version, merged;
    int state, n, done;
    Line steps[MAX_STEPS][CAMERAS];
} Plan;

typedef struct {
    bool there;
    int64_t version;
    double heading_deg;
} Entry;

typedef struct {
    FreshCity *city;
    GeoAct act;
    Plan plans[2];
    Entry entries[CAMERAS];
    int64_t next_id;
} Walk;

static void difference(const Plan *plan, Line lines[CAMERAS])
{
    for (int c = 0; c < CAMERAS; c++) {
        lines[c] = (Line){false};
        for (int s = 0; s < plan->done; s++)
            if (plan->steps[s][c].set)
                lines[c] = plan->steps[s][c];
        if (lines[c].what == GEO_PLANNED_KEEP || lines[c].phase <= plan->merged)
            lines[c].set = false;
    }
}

static void push(Plan *plan, const Line lines[CAMERAS])
{
    plan->n = plan->done;
    g_assert_cmpint(plan->n, <, MAX_STEPS);
    for (int c = 0; c < CAMERAS; c++) {
        plan->steps[plan->n][c] = lines[c];
        plan->steps[plan->n][c].phase = MAX(lines[c].phase, plan->merged + 1);
    }
    plan->done = ++plan->n;
}

static bool same_line(const Line *a, const Line *b)
{
    return a->what == b->what && a->heading_deg == b->heading_deg && a->phase == b->phase;
}

/* ---- the store beside it ---- */

static void open_plan(Walk *walk, Plan *plan)
{
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) heads = geo_batch_new(GEO_KIND_SCENARIO);
    GeoScenario *head = geo_batch_add(heads);
    *plan = (Plan){.id = walk->next_id++, .version = 1};
    head->row.id = plan->id;
    g_autofree char *name = g_strdup_printf("plan %d", (int)plan->id);
    head->row.name = geo_batch_text(heads, name);
    g_assert_true(
        geo_store_put_scenario(walk->city->store, &walk->act, heads, &plan->version, &error));
    g_assert_no_error(error);
}

static GeoDraft *load(const Walk *walk, const Plan *plan)
{
    g_autoptr(GError) error = NULL;
    GeoDraft *draft = geo_draft_load(walk->city->store, plan->id, &error);
    g_assert_no_error(error);
    return draft;
}

static void check_plan(const Walk *walk, const Plan *plan)
{
    Line lines[CAMERAS];
    g_autoptr(GeoDraft) draft = load(walk, plan);
    guint n = 0;
    difference(plan, lines);
    g_assert_cmpint(draft->head->row.version, ==, plan->version);
    g_assert_cmpint(draft->head->state, ==, plan->state);
    g_assert_cmpint(draft->head->merged_phase, ==, plan->merged);
    g_assert_cmpint(draft->n_done, ==, plan->done);
    g_assert_cmpint(draft->n_undone, ==, plan->n - plan->done);
    for (int c = 0; c < CAMERAS; c++)
        n += lines[c].set;
    g_assert_cmpuint(draft->difference->rows->len, ==, n);
    for (guint i = 0; i < n; i++) {
        const GeoPlanned *one = &g_array_index(draft->difference->rows, GeoPlanned, i);
        const Line *line = &lines[one->camera_id - FIRST];
        g_assert_true(line->set);
        g_assert_cmpint(one->what, ==, line->what);
        g_assert_cmpint(one->phase, ==, line->phase);
        g_assert_cmpint(one->base_version, ==, line->base);
        g_assert_cmpfloat(one->camera.heading_deg, ==, line->heading_deg);
    }
}

static void check(const Walk *walk)
{
    g_autoptr(GeoBatch) cameras = fresh_load(walk->city->store, GEO_KIND_CAMERA, NULL);
    guint n = 0;
    for (int c = 0; c < CAMERAS; c++)
        n += walk->entries[c].there;
    g_assert_cmpuint(cameras->rows->len, ==, n);
    for (guint i = 0; i < n; i++) {
        const GeoCamera *camera = &g_array_index(cameras->rows, GeoCamera, i);
        const Entry *entry = &walk->entries[camera->row.id - FIRST];
        g_assert_true(entry->there);
        g_assert_cmpint(camera->row.version, ==, entry->version);
        g_assert_true(isnan(entry->heading_deg) ? isnan(camera->heading_deg)
                                                : camera->heading_deg == entry->heading_deg);
    }
    check_plan(walk, &walk->plans[0]);
    check_plan(walk, &walk->plans[1]);
}

/* ---- moves ---- */

static void change(Walk *walk, Plan *plan)
{
    Line lines[CAMERAS] = {{false}};
    g_autoptr(GeoBatch) planned = geo_batch_new(GEO_KIND_PLANNED);
    g_autoptr(GeoDraft) draft = load(walk, plan);
    g_autoptr(GError) error = NULL;
    for (int k = g_test_rand_int_range(1, 3); k > 0; k--) {
        int c = g_test_rand_int_range(0, CAMERAS);
        if (lines[c].set)
            continue;
        bool there = walk->entries[c].there;
        int what = !there                             ? GEO_PLANNED_ADD
                   : g_test_rand_int_range(0, 4) == 0 ? GEO_PLANNED_REMOVE
                                                      : GEO_PLANNED_EDIT;
        what = g_test_rand_int_range(0, 6) == 0 ? GEO_PLANNED_KEEP : what;
        GeoCamera camera = {.row = {.id = FIRST + c, .version = walk->entries[c].version},
                            .heading_deg = g_test_rand_int_range(0, 4)};
        GeoPlanned *one =
            geo_scenario_add_planned(planned, &camera, (GeoLonLat){117.2, 31.8}, what);
        one->phase = g_test_rand_int_range(1, 4);
        lines[c] = (Line){true, what, camera.heading_deg, one->base_version, one->phase};
    }
    bool did = geo_draft_add_step(walk->city->store, &walk->act, draft, "change", planned,
                                  &plan->version, &error);
    g_assert_no_error(error);
    g_assert_true(did);
    push(plan, lines);
}

static void step_back(Walk *walk, Plan *plan, bool redo)
{
    g_autoptr(GError) error = NULL;
    bool may = redo ? plan->done < plan->n : plan->done > 0;
    bool did = geo_store_undo_step(walk->city->store, &walk->act, plan->id, plan->version, redo,
                                   &plan->version, &error);
    g_assert_true(did == may);
    if (!did)
        g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    plan->done += !may ? 0 : redo ? 1 : -1;
}

static void join(Walk *walk, Plan *mine, const Plan *theirs, GeoDraftChoice choice)
{
    Line own[CAMERAS], other[CAMERAS], taken[CAMERAS] = {{false}};
    g_autoptr(GeoDraft) a = load(walk, mine), b = load(walk, theirs);
    g_autoptr(GArray) clashes = geo_draft_clashes(a, b);
    g_autoptr(GError) error = NULL;
    guint n = 0, n_taken = 0;
    difference(mine, own);
    difference(theirs, other);
    for (int c = 0; c < CAMERAS; c++) {
        bool clash = own[c].set && other[c].set && !same_line(&own[c], &other[c]);
        if (clash)
            g_assert_cmpint(g_array_index(clashes, GeoDraftConflict, n).camera_id, ==, FIRST + c);
        n += clash;
        if (other[c].set && (!own[c].set || (clash && choice == GEO_DRAFT_THEIRS)))
            taken[c] = other[c];
        n_taken += taken[c].set;
    }
    g_assert_cmpuint(clashes->len, ==, n);
    bool may = n == 0 || choice != GEO_DRAFT_NONE;
    bool did = geo_draft_join(walk->city->store, &walk->act, a, b, choice, &mine->version, &error);
    g_assert_true(did == may);
    if (!did)
        g_assert_error(error, GEO_ERROR, GEO_ERROR_REFUSED);
    if (did && n_taken > 0)
        push(mine, taken);
}

static void merge(Walk *walk, Plan *plan, int64_t phase, GeoDraftChoice choice)
{
    Line lines[CAMERAS];
    g_autoptr(GeoDraft) draft = load(walk, plan);
    g_autoptr(GError) error = NULL;
    int64_t last = plan->merged, until = phase ? phase : INT64_MAX;
    guint n = 0;
    difference(plan, lines);
    for (int c = 0; c < CAMERAS; c++) {
        const Entry *entry = &walk->entries[c];
        last = lines[c].set ? MAX(last, lines[c].phase) : last;
        bool stale = lines[c].base != (entry->there ? entry->version : 0);
        bool now = lines[c].set && lines[c].phase <= until;
        n += now && stale;
        lines[c].set = now && !(stale && choice == GEO_DRAFT_THEIRS);
    }
    size_t n_merged;
    bool did = geo_draft_merge(walk->city->store, &walk->act, draft, phase, choice, &n_merged,
                               &plan->version, &error);
    g_assert_true(did == (n == 0 || choice != GEO_DRAFT_NONE));
    if (!did) {
        g_assert_error(error, GEO_ERROR, GEO_ERROR_STALE);
        return;
    }
    for (int c = 0; c < CAMERAS; c++)
        if (lines[c].set) {
            Entry *entry = &walk->entries[c];
            int64_t version = (entry->there ? entry->version : 0) + 1;
            *entry = (Entry){lines[c].what != GEO_PLANNED_REMOVE, version, lines[c].heading_deg};
        }
    plan->state = last <= until ? GEO_SCENARIO_MERGED : GEO_SCENARIO_OPEN;
    plan->merged = MAX(plan->merged, MIN(last, until));
    if (plan->state == GEO_SCENARIO_MERGED) {
        check_plan(walk, plan);
        open_plan(walk, plan);
    }
}

/* Somebody else turns a camera of the register. */
static void edit_register(Walk *walk)
{
    int c = g_test_rand_int_range(0, CAMERAS);
    Entry *entry = &walk->entries[c];
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoBatch) cameras = geo_batch_new(GEO_KIND_CAMERA);
    if (!entry->there)
        return;
    GeoCamera *camera = geo_batch_add(cameras);
    camera->row.id = FIRST + c;
    camera->row.version = entry->version;
    camera->heading_deg = entry->heading_deg = g_test_rand_int_range(0, 360);
    geo_batch_set_point(cameras, 117.2, 31.8);
    g_assert_true(geo_store_edit_camera(walk->city->store, &walk->act, cameras, &error));
    entry->version++;
}

static void walk_agrees_with_lists(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    Walk walk = {.city = city, .act = geo_act_local(NULL, FRESH_NOW), .next_id = 900};
    fresh_import(city->store, 102, fresh_points(GEO_KIND_CAMERA, FIRST, CAMERAS));
    g_autoptr(GeoBatch) cameras = fresh_load(city->store, GEO_KIND_CAMERA, NULL);
    for (int c = 0; c < CAMERAS; c++)
        walk.entries[c] = (Entry){true, 1, g_array_index(cameras->rows, GeoCamera, c).heading_deg};
    open_plan(&walk, &walk.plans[0]);
    open_plan(&walk, &walk.plans[1]);
    for (int i = 0; i < WALK; i++) {
        int side = g_test_rand_int_range(0, 2), move = g_test_rand_int_range(0, 20);
        Plan *plan = &walk.plans[side];
        GeoDraftChoice choice = (GeoDraftChoice)g_test_rand_int_range(0, 3);
        if (move < 10)
            change(&walk, plan);
        else if (move < 14)
            step_back(&walk, plan, move == 13);
        else if (move < 17)
            join(&walk, plan, &walk.plans[!side], choice);
        else if (move < 19)
            merge(&walk, plan, g_test_rand_int_range(0, 4), choice);
        else
            edit_register(&walk);
        check(&walk);
    }
}

static void a_missing_one_is_said(gconstpointer backend)
{
    g_autoptr(FreshCity) city = fresh_city_new(backend);
    g_autoptr(GError) error = NULL;
    g_assert_null(geo_draft_find(city->store, "none", &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
    g_clear_error(&error);
    g_assert_null(geo_draft_load(city->store, 77, &error));
    g_assert_error(error, GEO_ERROR, GEO_ERROR_MISSING);
}

static void add(const char *path, void (*test)(gconstpointer))
{
    for (int i = 0; backends[i]; i++) {
        g_autofree char *name = g_strdup_printf("/draft/%s/%s", backends[i], path);
        g_test_add_data_func(name, backends[i], test);
    }
}

int main(int argc, char **argv)
{
    g_test_init(&argc, &argv, NULL);
    add("a-walk-agrees-with-lists", walk_agrees_with_lists);
    add("a-missing-one-is-said", a_missing_one_is_said);
    return g_test_run();
}
