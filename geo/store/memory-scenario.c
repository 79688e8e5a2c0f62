/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/error.h"
#include "geo/model/scenario.h"
#include "geo/store/memory.h"

/* An open scenario of that version. */
static GeoScenario *find_open(GeoMemory *memory, int64_t id, int64_t version, GError **error)
{
    GeoScenario *scenario =
        (GeoScenario *)(void *)geo_memory_live_row(memory, GEO_KIND_SCENARIO, id, error);
    if (!scenario)
        return NULL;
    if (scenario->row.version != version) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_STALE, "scenario has changed since: look again");
        return NULL;
    }
    if (scenario->state == GEO_SCENARIO_OPEN)
        return scenario;
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "scenario is not open");
    return NULL;
}

static bool give(int64_t *new_version, int64_t version)
{
    if (new_version)
        *new_version = version;
    return true;
}

static bool name_is_free(GeoMemory *memory, const GeoRow *row, GError **error)
{
    g_autoptr(GeoBatch) all = geo_memory_load(&memory->base, GEO_KIND_SCENARIO, NULL, error);
    for (guint i = 0; i < all->rows->len; i++) {
        const GeoScenario *other = &g_array_index(all->rows, GeoScenario, i);
        if (other->row.id != row->id && other->state != GEO_SCENARIO_DROPPED &&
            g_strcmp0(other->row.name, row->name) == 0) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "there is a scenario '%s' already",
                        row->name);
            return false;
        }
    }
    return true;
}

static bool may_set(const GeoScenario *known, const GeoScenario *wanted, GError **error)
{
    bool merged = known->state == GEO_SCENARIO_MERGED || wanted->state == GEO_SCENARIO_MERGED;
    if (known->row.version != wanted->row.version)
        g_set_error(error, GEO_ERROR, GEO_ERROR_STALE, "scenario has changed since: look again");
    else if (merged)
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "only merging makes a scenario merged");
    return known->row.version == wanted->row.version && !merged;
}

bool geo_memory_put_scenario(GeoBackend *backend, const GeoAct *act, const GeoBatch *batch,
                             int64_t *new_version, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    const GeoScenario *wanted = (const GeoScenario *)(const void *)geo_batch_row(batch, 0);
    int64_t version;
    if (geo_memory_was_done(memory, act, &version))
        return give(new_version, version);
    const GeoScenario *known = (const GeoScenario *)(const void *)geo_memory_row(
        memory, GEO_KIND_SCENARIO, wanted->row.id);
    if (wanted->state != GEO_SCENARIO_DROPPED && !name_is_free(memory, &wanted->row, error))
        return false;
    if (known && !may_set(known, wanted, error))
        return false;
    g_autoptr(GeoBatch) next = geo_batch_new(GEO_KIND_SCENARIO);
    GeoScenario *row = geo_batch_copy_row(next, batch, 0);
    row->merged_phase = known ? known->merged_phase : 0;
    row->at_ms = known ? known->at_ms : act->now_ms;
    row->actor = geo_batch_text(next, known ? known->actor : act->actor);
    if (!known)
        row->state = GEO_SCENARIO_OPEN;
    version = known ? known->row.version + 1 : 1;
    geo_memory_put_row(memory, next, 0, 0, version);
    geo_memory_note(memory, act, GEO_OP_PLAN, "scenario", wanted->row.id, version);
    return give(new_version, version);
}

static GeoStep *step_row(GeoMemory *memory, int64_t id)
{
    return (GeoStep *)(void *)geo_memory_row(memory, GEO_KIND_STEP, id);
}

bool geo_memory_add_step(GeoBackend *backend, const GeoAct *act, int64_t version,
                         const GeoBatch *step, const GeoBatch *planned, int64_t *new_version,
                         GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    const GeoStep *wanted = (const GeoStep *)(const void *)geo_batch_row(step, 0);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return give(new_version, result);
    GeoScenario *scenario = find_open(memory, wanted->scenario, version, error);
    if (!scenario)
        return false;
    g_autoptr(GeoBatch) steps = geo_memory_load(backend, GEO_KIND_STEP, NULL, error);
    for (guint i = 0; i < steps->rows->len; i++) {
        const GeoStep *other = &g_array_index(steps->rows, GeoStep, i);
        if (other->scenario == wanted->scenario && other->state == GEO_STEP_UNDONE)
            step_row(memory, other->row.id)->state = GEO_STEP_DROPPED;
    }
    scenario->row.version++;
    version = scenario->row.version;
    g_autoptr(GeoBatch) own = geo_batch_new(GEO_KIND_STEP);
    GeoStep *row = geo_batch_copy_row(own, step, 0);
    row->state = GEO_STEP_DONE;
    row->at_ms = act->now_ms;
    row->actor = geo_batch_text(own, act->actor);
    geo_memory_put_row(memory, own, 0, 0, row->row.version);
    for (guint i = 0; i < planned->rows->len; i++)
        geo_memory_put_row(memory, planned, i, 0, geo_batch_row(planned, i)->version);
    geo_memory_note(memory, act, GEO_OP_PLAN, "scenario", wanted->scenario, version);
    return give(new_version, version);
}

bool geo_memory_undo_step(GeoBackend *backend, const GeoAct *act, int64_t scenario_id,
                          int64_t version, bool redo, int64_t *new_version, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return give(new_version, result);
    GeoScenario *scenario = find_open(memory, scenario_id, version, error);
    if (!scenario)
        return false;
    g_autoptr(GeoBatch) steps = geo_memory_load(backend, GEO_KIND_STEP, NULL, error);
    gssize which = redo ? geo_scenario_redoable(steps, scenario_id)
                        : geo_scenario_undoable(steps, scenario_id);
    if (which < 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "there is no step to %s",
                    redo ? "do again" : "take back");
        return false;
    }
    step_row(memory, geo_batch_row(steps, (size_t)which)->id)->state =
        redo ? GEO_STEP_DONE : GEO_STEP_UNDONE;
    scenario->row.version++;
    geo_memory_note(memory, act, GEO_OP_PLAN, "scenario", scenario_id, scenario->row.version);
    return give(new_version, scenario->row.version);
}

/* The first planned camera that the register has changed since; 0: none. */
static int64_t find_conflict(GeoMemory *memory, const GeoBatch *planned)
{
    for (guint i = 0; i < planned->rows->len; i++) {
        const GeoPlanned *one = &g_array_index(planned->rows, GeoPlanned, i);
        const GeoRow *row = geo_memory_live_row(memory, GEO_KIND_CAMERA, one->camera_id, NULL);
        if ((row ? row->version : 0) != one->base_version)
            return one->camera_id;
    }
    return 0;
}

static void put_camera(GeoMemory *memory, const GeoAct *act, const GeoBatch *planned, guint i)
{
    const GeoPlanned *one = &g_array_index(planned->rows, GeoPlanned, i);
    const GeoRow *row = geo_memory_live_row(memory, GEO_KIND_CAMERA, one->camera_id, NULL);
    int64_t version = (row ? row->version : 0) + 1, import_id = row ? row->import_id : 0;
    if (one->what == GEO_PLANNED_REMOVE) {
        geo_memory_drop_row(memory, GEO_KIND_CAMERA, one->camera_id);
    } else {
        g_autoptr(GeoBatch) camera = geo_batch_new(GEO_KIND_CAMERA);
        geo_scenario_add_camera(camera, planned, i);
        geo_memory_put_row(memory, camera, 0, import_id, version);
    }
    geo_memory_note_change(memory, act, "camera", one->camera_id, version);
}

bool geo_memory_merge_scenario(GeoBackend *backend, const GeoAct *act, int64_t scenario_id,
                               int64_t version, const GeoBatch *planned, int64_t phase, bool whole,
                               bool force, int64_t *conflict, int64_t *new_version, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    *conflict = 0;
    if (geo_memory_was_done(memory, act, &result))
        return give(new_version, result);
    GeoScenario *scenario = find_open(memory, scenario_id, version, error);
    if (!scenario)
        return false;
    if (!force && (*conflict = find_conflict(memory, planned)) != 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                    "camera %" G_GINT64_FORMAT " has changed in the register since it was planned",
                    *conflict);
        return false;
    }
    for (guint i = 0; i < planned->rows->len; i++)
        put_camera(memory, act, planned, i);
    scenario->merged_phase = phase;
    scenario->state = whole ? GEO_SCENARIO_MERGED : GEO_SCENARIO_OPEN;
    scenario->row.version++;
    geo_memory_note(memory, act, GEO_OP_PLAN, "scenario", scenario_id, scenario->row.version);
    return give(new_version, scenario->row.version);
}
