/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the pointer does goes to the what-if at once: a tenth of a millisecond for a camera. A step
 * is the states of the cameras it changed, before and after, so undoing is putting the one back. */
#include "app/session/plan.h"

#include <math.h>

#include "geo/model/act.h"
#include "geo/model/error.h"
#include "maps/paint/words.h"

#define REST_MS 700 /* an edit that rests so long is a step */
#define HEADINGS 24 /* that are tried for the best one */
#define NEW_FOV_DEG 70.0
#define NEW_RANGE_M 80.0
#define NEW_NIGHT_M 50.0
#define NEW_HEIGHT_M 5.0
#define NEW_TILT_DEG 12.0
#define NEW_WIDTH_PX 3840

typedef struct {
    AppPlanCamera before, after;
} Change;

struct _AppPlan {
    GObject parent;
    const AppCity *city; /* borrowed */
    AppJobs *jobs;       /* borrowed */
    GeoWhatIf *whatif;   /* owned; NULL until loaded */
    GeoCoverageOptions options;
    bool loading;
    int64_t chosen;
    GHashTable *cameras;   /* id -> AppPlanCamera, owned: those that differ */
    GArray *order;         /* int64_t: their ids by first change */
    GArray *done, *undone; /* Change */
    Change pending;        /* of an edit that does not rest yet; id 0: none */
    guint rest;            /* source */
    GStringChunk *text;
};

G_DEFINE_TYPE(AppPlan, app_plan, G_TYPE_OBJECT)

enum { LOADED, CHANGED, CHOSEN, SAID, N_SIGNALS };
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

static gpointer load(GeoStore *store, gpointer data, GeoProgress *progress, GError **error)
{
    return geo_whatif_load(store, data, progress, error);
}

static void on_loaded(gpointer result, const GError *error, gpointer user)
{
    AppPlan *self = user;
    self->loading = false;
    if (error && !g_error_matches(error, GEO_ERROR, GEO_ERROR_CANCELLED))
        g_signal_emit(self, signals[SAID], 0, error->message);
    if (result) {
        geo_whatif_free(self->whatif);
        self->whatif = result;
        for (guint i = 0; i < self->order->len; i++)
            apply(self,
                  g_hash_table_lookup(self->cameras, &g_array_index(self->order, int64_t, i)));
    }
    g_signal_emit(self, signals[LOADED], 0);
    g_signal_emit(self, signals[CHANGED], 0);
}

static void begin_load(AppPlan *self)
{
    self->loading = true;
    app_jobs_add(self->jobs, _("reading cameras and walls to plan with"), load, &self->options,
                 (GDestroyNotify)geo_whatif_free, on_loaded, self);
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
    *camera = (AppPlanCamera){id, plain.state, plain.camera, plain.at, 1, 0};
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

/* ---- steps ---- */

static void add_step(AppPlan *self, const AppPlanCamera *before, const AppPlanCamera *after)
{
    Change change = {kept_copy(self, before), kept_copy(self, after)};
    g_array_append_val(self->done, change);
    g_array_set_size(self->undone, 0);
}

void app_plan_commit(AppPlan *self)
{
    AppPlanCamera now;
    g_clear_handle_id(&self->rest, g_source_remove);
    if (self->pending.before.id == 0)
        return;
    AppPlanCamera before = self->pending.before;
    self->pending.before.id = 0;
    if (app_plan_camera(self, before.id, &now))
        add_step(self, &before, &now);
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
    if (self->pending.before.id != camera->id)
        app_plan_commit(self);
    if (self->pending.before.id == 0)
        self->pending.before = kept_copy(self, &before);
    if (after.state == GEO_WHATIF_KEPT || after.state == GEO_WHATIF_REMOVED)
        after.state = GEO_WHATIF_EDITED;
    put(self, &after);
    g_clear_handle_id(&self->rest, g_source_remove);
    self->rest = g_timeout_add(REST_MS, on_rest, self);
    changed(self);
}

GeoCamera app_plan_usual_camera(void)
{
    return (GeoCamera){.row.id = geo_act_new_id(g_get_real_time() / 1000),
                       .owner = GEO_OWNER_GOVERNMENT,
                       .lens = GEO_LENS_FIXED,
                       .mount = GEO_MOUNT_POLE,
                       .state = GEO_CAMERA_PLANNED,
                       .fov_deg = NEW_FOV_DEG,
                       .range_m = NEW_RANGE_M,
                       .night_range_m = NEW_NIGHT_M,
                       .height_m = NEW_HEIGHT_M,
                       .tilt_deg = NEW_TILT_DEG,
                       .width_px = NEW_WIDTH_PX,
                       .cameras = 1};
}

void app_plan_add(AppPlan *self, GeoLonLat at)
{
    double gain_m;
    if (!self->whatif)
        return;
    app_plan_commit(self);
    AppPlanCamera camera = {
        .state = GEO_WHATIF_ADDED, .camera = app_plan_usual_camera(), .at = at, .phase = 1};
    camera.id = camera.camera.row.id;
    camera.camera.heading_deg =
        geo_whatif_best_heading(self->whatif, &camera.camera, at, HEADINGS, &gain_m);
    AppPlanCamera before = camera;
    before.state = GEO_WHATIF_KEPT; /* for one that is added: it is not there */
    put(self, &camera);
    add_step(self, &before, &camera);
    changed(self);
    app_plan_choose(self, camera.id);
}

static void set_state(AppPlan *self, int64_t id, GeoWhatIfState state)
{
    AppPlanCamera before;
    app_plan_commit(self);
    if (!self->whatif || !app_plan_camera(self, id, &before) || before.state == state)
        return;
    AppPlanCamera after = before;
    bool gone = before.state == GEO_WHATIF_ADDED;
    after.state = gone ? GEO_WHATIF_KEPT : state;
    put(self, &after);
    if (after.state == GEO_WHATIF_KEPT && !gone)
        app_plan_camera(self, id, &after); /* as the register has it */
    add_step(self, &before, &after);
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

bool app_plan_can_undo(AppPlan *self)
{
    return self->done->len > 0 || self->pending.before.id != 0;
}

bool app_plan_can_redo(AppPlan *self)
{
    return self->undone->len > 0;
}

static void go(AppPlan *self, GArray *from, GArray *to, bool back)
{
    app_plan_commit(self);
    if (!self->whatif || from->len == 0)
        return;
    Change change = g_array_index(from, Change, from->len - 1);
    const AppPlanCamera *wanted = back ? &change.before : &change.after;
    AppPlanCamera there;
    g_array_set_size(from, from->len - 1);
    g_array_append_val(to, change);
    put(self, wanted);
    app_plan_choose(self, app_plan_camera(self, wanted->id, &there) ? wanted->id : 0);
    changed(self);
}

void app_plan_undo(AppPlan *self)
{
    go(self, self->done, self->undone, true);
}

void app_plan_redo(AppPlan *self)
{
    go(self, self->undone, self->done, false);
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
        sum.cost += camera->cost;
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

AppPlan *app_plan_new(const AppCity *city, AppJobs *jobs)
{
    AppPlan *self = g_object_new(APP_TYPE_PLAN, NULL);
    self->city = city;
    self->jobs = jobs;
    self->options = (GeoCoverageOptions){.class = city->class, .night = city->night};
    return self;
}

static void finalize(GObject *object)
{
    AppPlan *self = APP_PLAN(object);
    g_clear_handle_id(&self->rest, g_source_remove);
    geo_whatif_free(self->whatif);
    g_hash_table_unref(self->cameras);
    g_array_unref(self->order);
    g_array_unref(self->done);
    g_array_unref(self->undone);
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
    signals[SAID] = add_signal("said", 1, G_TYPE_STRING);
}

static void app_plan_init(AppPlan *self)
{
    self->cameras = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
    self->order = g_array_new(FALSE, FALSE, sizeof(int64_t));
    self->done = g_array_new(FALSE, FALSE, sizeof(Change));
    self->undone = g_array_new(FALSE, FALSE, sizeof(Change));
    self->text = g_string_chunk_new(1024);
}
