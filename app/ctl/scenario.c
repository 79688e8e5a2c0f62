/* SPDX-License-Identifier: GPL-3.0-or-later */
/* scenario: plans for the camera register, from the first change to the merge. */
#include "app/ctl/scenario.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/scenario-report.h"
#include "geo/model/error.h"
#include "geo/work/draft.h"
#include "geo/work/import.h"

/* Words of a call: CITY VERB NAME OTHER. */
typedef struct {
    GeoStore *store;
    const AppArgs *args;
    GeoAct act;
    const char *name, *other;
    GeoDraftChoice choice;
    gint64 phase; /* 0: not given */
    double cost;  /* yuan; NAN: not given */
    double budget;
} Call;

static bool load_and(const Call *call, GeoDraft **draft, GError **error)
{
    *draft = geo_draft_find(call->store, call->name, error);
    return *draft != NULL;
}

/* ---- heads ---- */

static bool put_head(const Call *call, const GeoScenario *known, const char *name, int state,
                     GError **error)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_SCENARIO);
    GeoScenario *head = geo_batch_add(batch);
    head->row.id = known ? known->row.id : geo_act_new_id(call->act.now_ms);
    head->row.version = known ? known->row.version : 0;
    head->row.name = geo_batch_text(batch, name);
    head->note = geo_batch_text(
        batch, app_args_value(call->args, "note", known && known->note ? known->note : ""));
    head->budget = isfinite(call->budget) ? call->budget : known ? known->budget : NAN;
    head->state = state;
    return geo_store_put_scenario(call->store, &call->act, batch, NULL, error);
}

static bool new_head(const Call *call, GError **error)
{
    return put_head(call, NULL, call->name, GEO_SCENARIO_OPEN, error);
}

static bool set_head(const Call *call, const char *name, int state, GError **error)
{
    g_autoptr(GeoDraft) draft = NULL;
    return load_and(call, &draft, error) &&
           put_head(call, draft->head, name, state < 0 ? draft->head->state : state, error);
}

static bool edit_head(const Call *call, GError **error)
{
    return set_head(call, call->other ? call->other : call->name, -1, error);
}

static bool drop_head(const Call *call, GError **error)
{
    return set_head(call, call->name, GEO_SCENARIO_DROPPED, error);
}

static bool open_head(const Call *call, GError **error)
{
    return set_head(call, call->name, GEO_SCENARIO_OPEN, error);
}

/* ---- steps ---- */

static bool take_step(const Call *call, bool redo, GError **error)
{
    g_autoptr(GeoDraft) draft = NULL;
    return load_and(call, &draft, error) &&
           geo_store_undo_step(call->store, &call->act, draft->head->row.id,
                               draft->head->row.version, redo, NULL, error);
}

static bool undo(const Call *call, GError **error)
{
    return take_step(call, false, error);
}

static bool redo(const Call *call, GError **error)
{
    return take_step(call, true, error);
}

/* What the file says of a known camera; what it does not say stays as the register has it. */
static void take_said(GeoCamera *to, const GeoCamera *said)
{
    const struct {
        int64_t bit;
        double *to;
        double said;
    } fields[] = {
        {GEO_ASSUMED_HEADING, &to->heading_deg, said->heading_deg},
        {GEO_ASSUMED_HEADING, &to->heading_err_deg, said->heading_err_deg},
        {GEO_ASSUMED_FOV, &to->fov_deg, said->fov_deg},
        {GEO_ASSUMED_RANGE, &to->range_m, said->range_m},
        {GEO_ASSUMED_RANGE, &to->night_range_m, said->night_range_m},
        {GEO_ASSUMED_HEIGHT, &to->height_m, said->height_m},
        {GEO_ASSUMED_TILT, &to->tilt_deg, said->tilt_deg},
        {0, &to->focal_mm, said->focal_mm},
        {0, &to->sensor_mm, said->sensor_mm},
        {0, &to->vfov_deg, said->vfov_deg},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(fields); i++)
        if (!(said->assumed & fields[i].bit) && isfinite(fields[i].said)) {
            *fields[i].to = fields[i].said;
            to->assumed &= ~fields[i].bit;
        }
    if (!(said->assumed & GEO_ASSUMED_PIXELS)) {
        to->width_px = said->width_px;
        to->assumed &= ~(int64_t)GEO_ASSUMED_PIXELS;
    }
}

/* A camera that the plan or the register has, as the plan leaves it; texts are borrowed. */
typedef struct {
    GeoCamera camera; /* id and version are those of the register */
    GeoLonLat at;
    GeoPlannedWhat what; /* ADD: the register does not have it */
} Known;

static bool find_code(const GeoBatch *cameras, const GeoDraft *draft, const char *code,
                      Known *known)
{
    const GeoBatch *plan = draft->difference;
    known->at = (GeoLonLat){NAN, NAN};
    for (guint i = 0; code && i < plan->rows->len; i++) {
        const GeoPlanned *one = &g_array_index(plan->rows, GeoPlanned, i);
        if (one->what == GEO_PLANNED_REMOVE || g_strcmp0(one->camera.row.code, code) != 0)
            continue;
        known->camera = one->camera;
        known->camera.row.id = one->camera_id;
        known->camera.row.version = one->base_version;
        known->what = (GeoPlannedWhat)one->what;
        geo_batch_first(plan, &one->camera.row, &known->at);
        return true;
    }
    for (guint i = 0; code && i < cameras->rows->len; i++) {
        const GeoCamera *camera = &g_array_index(cameras->rows, GeoCamera, i);
        if (g_strcmp0(camera->row.code, code) != 0)
            continue;
        known->camera = *camera;
        known->what = GEO_PLANNED_EDIT;
        geo_batch_first(cameras, &camera->row, &known->at);
        return true;
    }
    return false;
}

static void add_planned(const Call *call, GeoBatch *planned, const GeoCamera *camera, GeoLonLat at,
                        GeoPlannedWhat what)
{
    GeoPlanned *one = geo_scenario_add_planned(planned, camera, at, what);
    one->phase = call->phase ? call->phase : 1;
    one->cost = call->cost;
}

static bool add_step(const Call *call, const GeoDraft *draft, const char *what, GeoBatch *planned,
                     GError **error)
{
    const char *name = app_args_value(call->args, "step", what);
    if (planned->rows->len > 0)
        return geo_draft_add_step(call->store, &call->act, draft, name, planned, NULL, error);
    g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "there is no camera to change");
    return false;
}

/* Cameras of a file: known by their code they are moved and turned, others are added. */
static bool change(const Call *call, GError **error)
{
    g_autoptr(GeoDraft) draft = NULL;
    GeoImportOptions options = {.now_ms = call->act.now_ms, .strict = true};
    if (!load_and(call, &draft, error))
        return false;
    g_autoptr(GeoImportRead) read =
        geo_import_read(call->other, "cameras", &options, geo_store_city(call->store), NULL, error);
    const GeoBatch *rows = read ? geo_import_read_rows(read, GEO_KIND_CAMERA) : NULL;
    g_autoptr(GeoBatch) cameras =
        read ? geo_store_load(call->store, GEO_KIND_CAMERA, NULL, error) : NULL;
    if (!cameras)
        return false;
    if (!rows || geo_import_read_report(read)->refused > 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "'%s' has rows that are no cameras; import --dry-run says which", call->other);
        return false;
    }
    g_autoptr(GeoBatch) planned = geo_batch_new(GEO_KIND_PLANNED);
    int64_t id = geo_act_new_id(call->act.now_ms);
    for (guint i = 0; i < rows->rows->len; i++) {
        const GeoCamera *said = &g_array_index(rows->rows, GeoCamera, i);
        Known one;
        if (find_code(cameras, draft, said->row.code, &one)) {
            take_said(&one.camera, said);
        } else {
            one = (Known){*said, {NAN, NAN}, GEO_PLANNED_ADD};
            one.camera.row.id = id + i;
            one.camera.state = GEO_CAMERA_PLANNED;
        }
        geo_batch_first(rows, &said->row, &one.at);
        add_planned(call, planned, &one.camera, one.at, one.what);
    }
    return add_step(call, draft, "change", planned, error);
}

/* A camera of the plan alone is kept out of it, one of the register goes. */
static bool take_out(const Call *call, GError **error)
{
    g_autoptr(GeoDraft) draft = NULL;
    g_autoptr(GeoBatch) cameras = geo_store_load(call->store, GEO_KIND_CAMERA, NULL, error);
    Known known;
    if (!cameras || !load_and(call, &draft, error))
        return false;
    if (!find_code(cameras, draft, call->other, &known)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no camera of code '%s'",
                    call->other);
        return false;
    }
    g_autoptr(GeoBatch) planned = geo_batch_new(GEO_KIND_PLANNED);
    add_planned(call, planned, &known.camera, known.at,
                known.what == GEO_PLANNED_ADD ? GEO_PLANNED_KEEP : GEO_PLANNED_REMOVE);
    return add_step(call, draft, "remove", planned, error);
}

static bool set_phase(const Call *call, GError **error)
{
    g_autoptr(GeoDraft) draft = NULL;
    if (!load_and(call, &draft, error))
        return false;
    for (guint i = 0; i < draft->difference->rows->len; i++) {
        const GeoPlanned *one = &g_array_index(draft->difference->rows, GeoPlanned, i);
        if (g_strcmp0(one->camera.row.code, call->other) == 0)
            return geo_draft_set_phase(call->store, &call->act, draft, &one->camera_id, 1,
                                       call->phase ? call->phase : 1, NULL, error);
    }
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "scenario '%s' changes no camera of code '%s'",
                call->name, call->other);
    return false;
}

static bool join(const Call *call, GError **error)
{
    g_autoptr(GeoDraft) mine = NULL;
    g_autoptr(GeoDraft) theirs = geo_draft_find(call->store, call->other, error);
    return theirs && load_and(call, &mine, error) &&
           geo_draft_join(call->store, &call->act, mine, theirs, call->choice, NULL, error);
}

static bool merge(const Call *call, GError **error)
{
    g_autoptr(GeoDraft) draft = NULL;
    return load_and(call, &draft, error) &&
           geo_draft_merge(call->store, &call->act, draft, call->phase, call->choice, NULL, NULL,
                           error);
}

/* ---- the call ---- */

typedef struct {
    const char *name;
    bool (*run)(const Call *call, GError **error); /* NULL: only reads */
    unsigned places;                               /* CITY VERB ..., at least */
    const char *wants;
} Verb;

static const Verb verbs[] = {
    {"list", NULL, 2, ""},
    {"show", NULL, 3, "NAME"},
    {"new", new_head, 3, "NAME"},
    {"edit", edit_head, 3, "NAME [NEWNAME]"},
    {"change", change, 4, "NAME FILE"},
    {"remove", take_out, 4, "NAME CODE"},
    {"phase", set_phase, 4, "NAME CODE --phase N"},
    {"undo", undo, 3, "NAME"},
    {"redo", redo, 3, "NAME"},
    {"join", join, 4, "NAME OTHER"},
    {"merge", merge, 3, "NAME"},
    {"drop", drop_head, 3, "NAME"},
    {"open", open_head, 3, "NAME"},
};

static const Verb *find_verb(const AppArgs *args, GError **error)
{
    const char *word = app_args_place(args, 1) ? app_args_place(args, 1) : "list";
    g_autoptr(GString) known = g_string_new(NULL);
    for (size_t i = 0; i < G_N_ELEMENTS(verbs); i++) {
        g_string_append_printf(known, " %s", verbs[i].name);
        if (strcmp(verbs[i].name, word) != 0)
            continue;
        if (app_args_n(args) >= verbs[i].places || verbs[i].places <= 2)
            return &verbs[i];
        g_set_error(error, APP_USAGE, 0, "too few words: scenario CITY %s %s", word,
                    verbs[i].wants);
        return NULL;
    }
    g_set_error(error, APP_USAGE, 0, "scenario has no '%s'; known are:%s", word, known->str);
    return NULL;
}

static bool read_call(const AppArgs *args, Call *call, GError **error)
{
    static const char *const choices[] = {"none", "mine", "theirs", NULL};
    const char *word = app_args_value(args, "choose", "none");
    int choice = geo_kind_word(choices, word);
    *call = (Call){.args = args,
                   .act = app_city_act(),
                   .name = app_args_place(args, 2),
                   .other = app_args_place(args, 3),
                   .choice = (GeoDraftChoice)MAX(choice, 0),
                   .cost = NAN,
                   .budget = NAN};
    if (choice < 0) {
        g_set_error(error, APP_USAGE, 0, "--choose '%s' is neither mine nor theirs", word);
        return false;
    }
    return app_args_integer(args, "phase", 1, 1000, &call->phase, error) &&
           app_args_number(args, "cost", &call->cost, error) &&
           app_args_number(args, "budget", &call->budget, error);
}

static AppExit run(const AppArgs *args, GError **error)
{
    Call call;
    const Verb *verb = find_verb(args, error);
    if (!verb || !read_call(args, &call, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, verb->run != NULL, error);
    call.store = store;
    if (!store || (verb->run && !verb->run(&call, error)))
        return APP_EXIT_DATA;
    const char *name = verb->run == edit_head && call.other ? call.other : call.name;
    bool told = verb->places == 2 ? app_scenario_report_list(args, store, error)
                                  : app_scenario_report(args, store, verb->name, name, error);
    return told ? APP_EXIT_OK : APP_EXIT_DATA;
}

static const AppOption options[] = {
    {"note", "TEXT", "new, edit: what it is for"},
    {"budget", "YUAN", "new, edit: what may be spent"},
    {"phase", "N", "change, remove, phase: when it is built; merge: up to this phase"},
    {"cost", "YUAN", "change, remove: of each camera"},
    {"step", "TEXT", "change, remove: a name for the step"},
    {"choose", "WHO", "join, merge: mine (the plan) or theirs where both changed a camera"},
    {NULL, NULL, NULL},
};

const AppCommand app_scenario_command = {
    .name = "scenario",
    .places = "CITY [list | show NAME | new NAME | edit NAME [NEWNAME] | change NAME FILE |\n"
              "  remove NAME CODE | phase NAME CODE | undo NAME | redo NAME | join NAME OTHER |\n"
              "  merge NAME | drop NAME | open NAME]",
    .summary = "plans for the camera register: change, undo, join, merge",
    .min_places = 1,
    .max_places = 4,
    .options = options,
    .run = run,
};
