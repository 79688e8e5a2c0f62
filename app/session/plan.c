/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pointer does goes to the what-if at once: a tenth of a millisecond for a camera. A step
 * is the states of the cameras it changed, before and after, so undoing is putting the one back. */
#include "app/session/plan.h"

#include <math.h>

#include "app/session/placing.h"
#include "geo/model/act.h"
#include "geo/model/error.h"
#include "geo/model/lens.h"
#include "geo/model/scenario.h"
#include "maps/paint/words.h"

#define REST_MS 700 /* an edit that rests so long is a step */
#define HEADINGS 24 /* that are tried for the best one */
#define NEW_HEIGHT_M 5.0
#define NEW_TILT_DEG 12.0

struct _AppPlan {
    GObject parent;
    AppSession *session; /* borrowed */
    const AppCity *city; /* the session's */
    AppJobs *jobs;       /* borrowed */
    GeoWhatIf *whatif;   /* owned; NULL until loaded */
    GeoLegalBook *book;  /* of its survey; owned, likewise */
    GeoCoverageOptions options;
    bool loading;
    int64_t chosen;
    GHashTable *cameras;   /* id -> AppPlanCamera, owned: those that differ */
    GArray *order;         /* int64_t: their ids by first change */
    AppPlanCamera pending; /* as it was before an edit that does not rest yet; id 0: none */
    guint rest;            /* source */
    AppScenario *scenario; /* owned; NULL: not read yet */
    guint asked;           /* acts on their way to the store */
    bool placing;
    AppPlacing place; /* what the job was asked */
    GeoBatch *types;  /* of camera that can be bought; owned */
    GStringChunk *text;
};

G_DEFINE_TYPE(AppPlan, app_plan, G_TYPE_OBJECT)

enum { LOADED, CHANGED, CHOSEN, SCENARIO, SAID, N_SIGNALS };
static guint signals[N_SIGNALS];

/* ---- loading ---- */

static void apply(AppPlan *self, const AppPlanCamera *camera)
{
    if (camera->state == GEO_WHATIF_KEPT)
        geo_whatif_restore(self->whatif, camera->id);
    else if (camera->state == GEO_WHATIF_REMOVED)
        geo_whatif_remove(self->whatif, camera->id);
    else
        geo_whatif_put(self->whatif, &camera->camera, camera->at);
}

typedef struct {
    GeoWhatIf *whatif;
    GeoLegalBook *book;
    GeoBatch *types;
} Loaded;

static void loaded_free(gpointer data)
{
    Loaded *loaded = data;
    geo_legal_book_free(loaded->book);
    geo_whatif_free(loaded->whatif);
    geo_batch_free(loaded->types);
    g_free(loaded);
}

static gpointer load(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    g_autoptr(GeoBatch) types = geo_store_load(store, GEO_KIND_LENS, NULL, error);
    GeoWhatIf *whatif = types ? geo_whatif_load(store, data, progress, error) : NULL;
    GeoLegalBook *book =
        whatif ? geo_legal_load(store, geo_whatif_survey(whatif)->sight, error) : NULL;
    if (!book) {
        geo_whatif_free(whatif);
        return NULL;
    }
    Loaded *loaded = g_new0(Loaded, 1);
    loaded->whatif = whatif;
    loaded->book = book;
    loaded->types = types->rows->len > 0 ? g_steal_pointer(&types) : geo_lens_defaults();
    return loaded;
}

static void on_loaded(gpointer result, const GError *error, gpointer user)
{
    AppPlan *self = user;
    self->loading = false;
    if (error && !g_error_matches(error, GEO_ERROR, GEO_ERROR_CANCELLED))
        g_signal_emit(self, signals[SAID], 0, error->message);
    if (result) {
        Loaded *loaded = result;
        geo_legal_book_free(self->book);
        geo_whatif_free(self->whatif);
        geo_batch_free(self->types);
        self->book = g_steal_pointer(&loaded->book);
        self->whatif = g_steal_pointer(&loaded->whatif);
        self->types = g_steal_pointer(&loaded->types);
        loaded_free(loaded);
        for (guint i = 0; i < self->order->len; i++)
            apply(self,
                  g_hash_table_lookup(self->cameras, &g_array_index(self->order, int64_t, i)));
        app_plan_open(self, self->scenario ? self->scenario->id : 0);
    }
    g_signal_emit(self, signals[LOADED], 0);
    g_signal_emit(self, signals[CHANGED], 0);
}

static void begin_load(AppPlan *self)
{
    self->loading = true;
    app_jobs_add(self->jobs, _("reading cameras and walls to plan with"), load, &self->options,
                 loaded_free, on_loaded, self);
}

void app_plan_load(AppPlan *self)
{
    if (!self->whatif && !self->loading)
        begin_load(self);
}

void app_plan_reload(AppPlan *self, GeoSightClass class, bool night)
{
    if (self->loading)
        return;
    app_plan_commit(self);
    self->options.class = class;
    self->options.night = night;
    begin_load(self);
}

bool app_plan_ready(AppPlan *self)
{
    return self->whatif != NULL;
}

GeoSightClass app_plan_class(AppPlan *self, bool *night)
{
    *night = self->options.night;
    return self->options.class;
}

GeoWhatIf *app_plan_whatif(AppPlan *self)
{
    return self->whatif;
}

GeoLegal *app_plan_legal(AppPlan *self, const AppPlanCamera *camera)
{
    return self->book ? geo_legal_camera(self->book, &camera->camera, camera->at, false) : NULL;
}

const GeoNolook *app_plan_room(AppPlan *self, const GeoLegalRoom *room)
{
    return (const GeoNolook *)(const void *)geo_batch_row(geo_legal_rooms(self->book), room->room);
}

/* ---- states ---- */

static const char *keep(AppPlan *self, const char *text)
{
    return text ? g_string_chunk_insert_const(self->text, text) : NULL;
}

static AppPlanCamera kept_copy(AppPlan *self, const AppPlanCamera *camera)
{
    AppPlanCamera copy = *camera;
    copy.camera.row.id = camera->id;
    copy.camera.row.code = keep(self, camera->camera.row.code);
    copy.camera.row.name = keep(self, camera->camera.row.name);
    copy.camera.place = keep(self, camera->camera.place);
    return copy;
}

bool app_plan_camera(AppPlan *self, int64_t id, AppPlanCamera *camera)
{
    const AppPlanCamera *known = g_hash_table_lookup(self->cameras, &id);
    GeoWhatIfCamera plain;
    if (known) {
        *camera = *known;
        return true;
    }
    if (!self->whatif || !geo_whatif_camera(self->whatif, id, &plain))
        return false;
    *camera = (AppPlanCamera){id, plain.state, plain.camera, plain.at, 1, NAN};
    return true;
}

/* The state of the camera from now on, without a step. */
static void put(AppPlan *self, const AppPlanCamera *camera)
{
    apply(self, camera);
    bool known = g_hash_table_contains(self->cameras, &camera->id);
    if (camera->state == GEO_WHATIF_KEPT) {
        g_hash_table_remove(self->cameras, &camera->id);
        for (guint i = self->order->len; known && i-- > 0;)
            if (g_array_index(self->order, int64_t, i) == camera->id)
                g_array_remove_index(self->order, i);
        return;
    }
    AppPlanCamera *copy = g_new(AppPlanCamera, 1);
    *copy = kept_copy(self, camera);
    g_hash_table_replace(self->cameras, &copy->id, copy);
    if (!known)
        g_array_append_val(self->order, copy->id);
}

static void changed(AppPlan *self)
{
    g_signal_emit(self, signals[CHANGED], 0);
}

/* ---- what is chosen ---- */

void app_plan_choose(AppPlan *self, int64_t id)
{
    AppPlanCamera camera;
    if (id != 0 && !app_plan_camera(self, id, &camera))
        return;
    if (id == self->chosen)
        return;
    app_plan_commit(self);
    self->chosen = id;
    g_signal_emit(self, signals[CHOSEN], 0);
}

int64_t app_plan_chosen(AppPlan *self)
{
    return self->chosen;
}

/* ---- the store ---- */

static AppPlanCamera from_row(AppPlan *self, const GeoBatch *planned, guint i)
{
    const GeoPlanned *row = &g_array_index(planned->rows, GeoPlanned, i);
    static const GeoWhatIfState states[] = {[GEO_PLANNED_KEEP] = GEO_WHATIF_KEPT,
                                            [GEO_PLANNED_ADD] = GEO_WHATIF_ADDED,
                                            [GEO_PLANNED_EDIT] = GEO_WHATIF_EDITED,
                                            [GEO_PLANNED_REMOVE] = GEO_WHATIF_REMOVED};
    AppPlanCamera camera = {.id = row->camera_id,
                            .state = states[row->what],
                            .camera = row->camera,
                            .phase = (int)row->phase,
                            .cost = row->cost};
    camera.camera.row.id = row->camera_id;
    camera.camera.row.version = row->base_version;
    geo_batch_first(planned, &row->camera.row, &camera.at);
    return camera;
}

/* The cameras become what the scenario says: those it does not name are the register's. */
static void take(AppPlan *self, const AppScenario *scenario)
{
    g_autoptr(GHashTable) named = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < scenario->planned->rows->len; i++)
        g_hash_table_add(named, &g_array_index(scenario->planned->rows, GeoPlanned, i).camera_id);
    g_autoptr(GArray) before = app_plan_changes(self);
    for (guint i = 0; i < before->len; i++) {
        AppPlanCamera *camera = &g_array_index(before, AppPlanCamera, i);
        if (g_hash_table_contains(named, &camera->id))
            continue;
        camera->state = GEO_WHATIF_KEPT;
        put(self, camera);
    }
    for (guint i = 0; i < scenario->planned->rows->len; i++) {
        AppPlanCamera camera = from_row(self, scenario->planned, i);
        put(self, &camera);
    }
}

static void keep_chosen(AppPlan *self)
{
    AppPlanCamera camera;
    if (self->chosen != 0 && !app_plan_camera(self, self->chosen, &camera))
        app_plan_choose(self, 0);
}

static void on_answered(GObject *source, GAsyncResult *result, gpointer data)
{
    g_autoptr(AppPlan) self = data;
    g_autoptr(GError) error = NULL;
    AppScenario *scenario = app_session_scenario_finish(APP_SESSION(source), result, &error);
    self->asked--;
    if (g_error_matches(error, G_IO_ERROR, G_IO_ERROR_CANCELLED))
        return;
    if (!scenario) {
        /* What was not taken down is not kept on screen either: nobody should plan on sand. */
        g_signal_emit(self, signals[SAID], 0, error->message);
        if (self->asked == 0)
            app_plan_open(self, self->scenario ? self->scenario->id : 0);
        return;
    }
    app_scenario_free(self->scenario);
    self->scenario = scenario;
    if (self->asked == 0 && self->pending.id == 0 && self->whatif) {
        take(self, scenario);
        keep_chosen(self);
    }
    if (scenario->said)
        g_signal_emit(self, signals[SAID], 0, scenario->said);
    g_signal_emit(self, signals[SCENARIO], 0);
    changed(self);
}

static void ask(AppPlan *self, AppScenarioAct act)
{
    if (act.want != APP_SCENARIO_OPEN && act.want != APP_SCENARIO_NEW && act.id == 0)
        act.id = self->scenario ? self->scenario->id : 0;
    self->asked++;
    app_session_scenario(self->session, act, on_answered, g_object_ref(self));
}

const AppScenario *app_plan_scenario(AppPlan *self)
{
    return self->scenario;
}

bool app_plan_saving(AppPlan *self)
{
    return self->asked > 0 || self->pending.id != 0;
}

void app_plan_open(AppPlan *self, int64_t id)
{
    ask(self, (AppScenarioAct){.want = APP_SCENARIO_OPEN, .id = id});
}

void app_plan_new_scenario(AppPlan *self)
{
    app_plan_commit(self);
    ask(self, (AppScenarioAct){.want = APP_SCENARIO_NEW});
}

void app_plan_rename(AppPlan *self, const char *name)
{
    if (self->scenario && self->scenario->id != 0)
        ask(self, (AppScenarioAct){.want = APP_SCENARIO_RENAME, .name = g_strdup(name)});
}

void app_plan_join(AppPlan *self, int64_t other)
{
    app_plan_commit(self);
    ask(self, (AppScenarioAct){.want = APP_SCENARIO_JOIN, .other = other});
}

void app_plan_drop(AppPlan *self)
{
    app_plan_commit(self);
    if (self->scenario && self->scenario->id != 0)
        ask(self, (AppScenarioAct){.want = APP_SCENARIO_DROP});
}

void app_plan_merge(AppPlan *self, int64_t phase, bool force)
{
    app_plan_commit(self);
    if (self->scenario && self->scenario->id != 0)
        ask(self, (AppScenarioAct){.want = APP_SCENARIO_MERGE, .phase = phase, .force = force});
}

/* ---- steps ---- */

static GeoPlannedWhat what_of(GeoWhatIfState state)
{
    static const GeoPlannedWhat whats[] = {[GEO_WHATIF_KEPT] = GEO_PLANNED_KEEP,
                                           [GEO_WHATIF_ADDED] = GEO_PLANNED_ADD,
                                           [GEO_WHATIF_EDITED] = GEO_PLANNED_EDIT,
                                           [GEO_WHATIF_REMOVED] = GEO_PLANNED_REMOVE};
    return whats[state];
}

static void add_step(AppPlan *self, const char *name, const AppPlanCamera *after)
{
    GeoBatch *planned = geo_batch_new(GEO_KIND_PLANNED);
    GeoPlanned *row =
        geo_scenario_add_planned(planned, &after->camera, after->at, what_of(after->state));
    row->camera_id = after->id;
    row->phase = after->phase;
    row->cost = after->cost;
    ask(self,
        (AppScenarioAct){.want = APP_SCENARIO_STEP, .name = g_strdup(name), .planned = planned});
}

void app_plan_commit(AppPlan *self)
{
    AppPlanCamera now;
    g_clear_handle_id(&self->rest, g_source_remove);
    if (self->pending.id == 0)
        return;
    int64_t id = self->pending.id;
    self->pending.id = 0;
    if (app_plan_camera(self, id, &now))
        add_step(self, "edit", &now);
    changed(self);
}

static gboolean on_rest(gpointer data)
{
    AppPlan *self = data;
    self->rest = 0;
    app_plan_commit(self);
    return G_SOURCE_REMOVE;
}

void app_plan_edit(AppPlan *self, const AppPlanCamera *camera)
{
    AppPlanCamera before, after = *camera;
    if (!self->whatif || !app_plan_camera(self, camera->id, &before))
        return;
    if (self->pending.id != camera->id)
        app_plan_commit(self);
    if (self->pending.id == 0)
        self->pending = kept_copy(self, &before);
    if (after.state == GEO_WHATIF_KEPT || after.state == GEO_WHATIF_REMOVED)
        after.state = GEO_WHATIF_EDITED;
    put(self, &after);
    g_clear_handle_id(&self->rest, g_source_remove);
    self->rest = g_timeout_add(REST_MS, on_rest, self);
    changed(self);
}

static const GeoLensType *type_at(AppPlan *self, guint i)
{
    return &g_array_index(self->types->rows, GeoLensType, i);
}

int app_plan_type_of(AppPlan *self, const GeoCamera *camera)
{
    for (guint i = 0; i < self->types->rows->len; i++) {
        const GeoLensType *type = type_at(self, i);
        if (type->lens == camera->lens && type->fov_deg == camera->fov_deg &&
            type->width_px == camera->width_px && type->range_m == camera->range_m &&
            type->night_range_m == camera->night_range_m)
            return (int)i;
    }
    return -1;
}

void app_plan_set_type(AppPlan *self, AppPlanCamera *camera, guint i)
{
    const GeoLensType *type = type_at(self, i);
    camera->camera.lens = type->lens;
    camera->camera.fov_deg = type->fov_deg;
    camera->camera.vfov_deg = type->vfov_deg;
    camera->camera.focal_mm = type->focal_mm;
    camera->camera.sensor_mm = type->sensor_mm;
    camera->camera.width_px = type->width_px;
    camera->camera.range_m = type->range_m;
    camera->camera.night_range_m = type->night_range_m;
    camera->cost = type->price;
}

static const GeoLensType *usual_type(AppPlan *self)
{
    return type_at(self, MIN(1, self->types->rows->len - 1));
}

GeoCamera app_plan_usual_camera(AppPlan *self)
{
    GeoCamera camera = geo_lens_camera(usual_type(self));
    camera.row.id = geo_act_new_id(g_get_real_time() / 1000);
    camera.owner = GEO_OWNER_GOVERNMENT;
    camera.mount = GEO_MOUNT_POLE;
    camera.height_m = NEW_HEIGHT_M;
    camera.tilt_deg = NEW_TILT_DEG;
    return camera;
}

void app_plan_add(AppPlan *self, GeoLonLat at)
{
    double gain_m;
    if (!self->whatif)
        return;
    app_plan_commit(self);
    AppPlanCamera camera = {.state = GEO_WHATIF_ADDED,
                            .camera = app_plan_usual_camera(self),
                            .at = at,
                            .phase = 1,
                            .cost = usual_type(self)->price};
    camera.id = camera.camera.row.id;
    camera.camera.heading_deg =
        geo_whatif_best_heading(self->whatif, &camera.camera, at, HEADINGS, &gain_m);
    put(self, &camera);
    add_step(self, "add", &camera);
    changed(self);
    app_plan_choose(self, camera.id);
}

static void set_state(AppPlan *self, int64_t id, GeoWhatIfState state)
{
    AppPlanCamera before;
    app_plan_commit(self);
    if (!self->whatif || !app_plan_camera(self, id, &before) || before.state == state)
        return;
    AppPlanCamera after = kept_copy(self, &before);
    bool gone = before.state == GEO_WHATIF_ADDED;
    after.state = gone ? GEO_WHATIF_KEPT : state;
    put(self, &after);
    add_step(self, gone || state == GEO_WHATIF_REMOVED ? "remove" : "restore", &after);
    if (gone && self->chosen == id)
        app_plan_choose(self, 0);
    changed(self);
}

void app_plan_remove(AppPlan *self, int64_t id)
{
    set_state(self, id, GEO_WHATIF_REMOVED);
}

void app_plan_restore(AppPlan *self, int64_t id)
{
    set_state(self, id, GEO_WHATIF_KEPT);
}

void app_plan_aim(AppPlan *self, int64_t id)
{
    AppPlanCamera camera;
    double gain_m;
    if (!self->whatif || !app_plan_camera(self, id, &camera))
        return;
    camera.camera.heading_deg =
        geo_whatif_best_heading(self->whatif, &camera.camera, camera.at, HEADINGS, &gain_m);
    camera.camera.heading_err_deg = 0;
    app_plan_edit(self, &camera);
    app_plan_commit(self);
}

/* All of it one step. */
static void take_placed(AppPlan *self, AppPlaced *placed)
{
    for (guint i = 0; i < placed->planned->rows->len; i++) {
        const GeoPlanned *row = &g_array_index(placed->planned->rows, GeoPlanned, i);
        AppPlanCamera camera = {.id = row->camera_id,
                                .state = row->what == GEO_PLANNED_ADD ? GEO_WHATIF_ADDED
                                                                      : GEO_WHATIF_EDITED,
                                .camera = row->camera,
                                .phase = row->phase,
                                .cost = row->cost};
        geo_batch_first(placed->planned, &row->camera.row, &camera.at);
        camera.camera.row.id = camera.id;
        put(self, &camera);
    }
    ask(self, (AppScenarioAct){.want = APP_SCENARIO_STEP,
                               .name = g_strdup(placed->step),
                               .planned = g_steal_pointer(&placed->planned)});
    g_signal_emit(self, signals[SAID], 0, placed->words);
}

static void on_placed(gpointer result, const GError *error, gpointer user)
{
    AppPlan *self = user;
    self->placing = false;
    if (error && !g_error_matches(error, GEO_ERROR, GEO_ERROR_CANCELLED))
        g_signal_emit(self, signals[SAID], 0, error->message);
    if (result && self->whatif)
        take_placed(self, result);
    g_clear_pointer(&result, app_placed_free);
    changed(self);
}

static void begin_placing(AppPlan *self, const GeoBounds *bounds, unsigned count, AppJobFunc work,
                          const char *words)
{
    if (!self->whatif || self->placing)
        return;
    app_plan_commit(self);
    self->placing = true;
    self->place = (AppPlacing){
        .options = {.class = self->options.class, .night = self->options.night, .count = count},
        .bounds = *bounds};
    app_jobs_add(self->jobs, words, work, &self->place, app_placed_free, on_placed, self);
    changed(self);
}

void app_plan_place(AppPlan *self, const GeoBounds *bounds, unsigned count)
{
    begin_placing(self, bounds, count, app_placed_find, _("choosing the best places"));
}

void app_plan_propose(AppPlan *self, const GeoBounds *bounds, unsigned count)
{
    begin_placing(self, bounds, count, app_placed_propose, _("making a proposal"));
}

bool app_plan_placing(AppPlan *self)
{
    return self->placing;
}

bool app_plan_can_undo(AppPlan *self)
{
    return app_plan_saving(self) || (self->scenario && self->scenario->can_undo);
}

bool app_plan_can_redo(AppPlan *self)
{
    return !app_plan_saving(self) && self->scenario && self->scenario->can_redo;
}

void app_plan_undo(AppPlan *self)
{
    app_plan_commit(self);
    if (self->whatif && app_plan_can_undo(self))
        ask(self, (AppScenarioAct){.want = APP_SCENARIO_UNDO});
}

void app_plan_redo(AppPlan *self)
{
    app_plan_commit(self);
    if (self->whatif && app_plan_can_redo(self))
        ask(self, (AppScenarioAct){.want = APP_SCENARIO_REDO});
}

const GeoBatch *app_plan_types(AppPlan *self)
{
    return self->types;
}

/* ---- what it comes to ---- */

GArray *app_plan_changes(AppPlan *self)
{
    GArray *changes = g_array_new(FALSE, FALSE, sizeof(AppPlanCamera));
    for (guint i = 0; i < self->order->len; i++) {
        const AppPlanCamera *camera =
            g_hash_table_lookup(self->cameras, &g_array_index(self->order, int64_t, i));
        g_array_append_val(changes, *camera);
    }
    return changes;
}

AppPlanSum app_plan_sum(AppPlan *self)
{
    AppPlanSum sum = {0};
    if (!self->whatif)
        return sum;
    sum.before = geo_whatif_before(self->whatif);
    sum.after = geo_whatif_after(self->whatif);
    for (guint i = 0; i < self->order->len; i++) {
        const AppPlanCamera *camera =
            g_hash_table_lookup(self->cameras, &g_array_index(self->order, int64_t, i));
        sum.added += camera->state == GEO_WHATIF_ADDED;
        sum.edited += camera->state == GEO_WHATIF_EDITED;
        sum.removed += camera->state == GEO_WHATIF_REMOVED;
        sum.cost += isfinite(camera->cost) ? camera->cost : 0;
    }
    return sum;
}

static void add_gap(AppPlan *self, GeoCoverageGaps *gaps, size_t i, const GeoWhatIfGap *found)
{
    const GeoArea *area = app_where_find(self->city->where, found->at);
    GeoCoverageGap gap = {.area_m2 = found->area_m2,
                          .weight = found->weight,
                          .at = found->at,
                          .bounds = GEO_BOUNDS_EMPTY,
                          .code = area ? area->row.code : NULL,
                          .street = found->street,
                          .part0 = gaps->parts->len};
    guint begin = gaps->points->len;
    geo_whatif_gap_outline(self->whatif, i, gaps->points, gaps->parts);
    gap.n_parts = gaps->parts->len - gap.part0;
    for (guint k = begin; k < gaps->points->len; k++)
        geo_bounds_add(&gap.bounds, g_array_index(gaps->points, GeoLonLat, k));
    if (gap.code)
        gap.code = g_string_chunk_insert_const(gaps->text, gap.code);
    if (gap.street)
        gap.street = g_string_chunk_insert_const(gaps->text, gap.street);
    g_array_append_val(gaps->gaps, gap);
}

GeoCoverageGaps *app_plan_gaps(AppPlan *self, size_t top)
{
    size_t n;
    g_return_val_if_fail(self->whatif, NULL);
    g_autofree GeoWhatIfGap *found = g_new(GeoWhatIfGap, MAX(top, 1));
    GeoCoverageGaps *gaps = g_new0(GeoCoverageGaps, 1);
    gaps->class = self->options.class;
    gaps->night = self->options.night;
    gaps->gaps = g_array_new(FALSE, FALSE, sizeof(GeoCoverageGap));
    gaps->parts = g_array_new(FALSE, FALSE, sizeof(uint32_t));
    gaps->points = g_array_new(FALSE, FALSE, sizeof(GeoLonLat));
    gaps->text = g_string_chunk_new(1024);
    gaps->found = geo_whatif_gaps(self->whatif, found, top, &n);
    for (size_t i = 0; i < n; i++)
        add_gap(self, gaps, i, &found[i]);
    return gaps;
}

/* ---- life ---- */

AppPlan *app_plan_new(AppSession *session, AppJobs *jobs)
{
    AppPlan *self = g_object_new(APP_TYPE_PLAN, NULL);
    const AppCity *city = app_session_city(session);
    self->session = session;
    self->city = city;
    self->jobs = jobs;
    self->options = (GeoCoverageOptions){.class = city->class, .night = city->night};
    return self;
}

static void finalize(GObject *object)
{
    AppPlan *self = APP_PLAN(object);
    g_clear_handle_id(&self->rest, g_source_remove);
    geo_legal_book_free(self->book);
    geo_whatif_free(self->whatif);
    g_hash_table_unref(self->cameras);
    g_array_unref(self->order);
    app_scenario_free(self->scenario);
    geo_batch_free(self->types);
    g_string_chunk_free(self->text);
    G_OBJECT_CLASS(app_plan_parent_class)->finalize(object);
}

static guint add_signal(const char *name, guint n_types, GType type)
{
    return g_signal_new(name, APP_TYPE_PLAN, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                        n_types, type);
}

static void app_plan_class_init(AppPlanClass *class)
{
    G_OBJECT_CLASS(class)->finalize = finalize;
    signals[LOADED] = add_signal("loaded", 0, G_TYPE_NONE);
    signals[CHANGED] = add_signal("changed", 0, G_TYPE_NONE);
    signals[CHOSEN] = add_signal("chosen", 0, G_TYPE_NONE);
    signals[SCENARIO] = add_signal("scenario", 0, G_TYPE_NONE);
    signals[SAID] = add_signal("said", 1, G_TYPE_STRING);
}

static void app_plan_init(AppPlan *self)
{
    self->cameras = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    self->order = g_array_new(FALSE, FALSE, sizeof(int64_t));
    self->types = geo_lens_defaults();
    self->text = g_string_chunk_new(1024);
}
