/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/work/draft.h"

#include <math.h>
#include <string.h>

#include "geo/model/error.h"

#define WHOLE INT64_MAX /* a phase beyond all */

static const GeoPlanned *planned_at(const GeoBatch *planned, guint i)
{
    return &g_array_index(planned->rows, GeoPlanned, i);
}

void geo_draft_free(GeoDraft *draft)
{
    if (!draft)
        return;
    geo_batch_free(draft->heads);
    geo_batch_free(draft->steps);
    geo_batch_free(draft->planned);
    geo_batch_free(draft->difference);
    g_free(draft);
}

/* ---- reading ---- */

static bool take_steps(GeoDraft *draft, GeoStore *store, GError **error)
{
    g_autoptr(GeoBatch) all = geo_store_load(store, GEO_KIND_STEP, NULL, error);
    draft->steps = geo_batch_new(GEO_KIND_STEP);
    for (guint i = 0; all && i < all->rows->len; i++) {
        const GeoStep *step = &g_array_index(all->rows, GeoStep, i);
        if (step->scenario != draft->head->row.id)
            continue;
        geo_batch_copy_row(draft->steps, all, i);
        draft->n_done += step->state == GEO_STEP_DONE;
        draft->n_undone += step->state == GEO_STEP_UNDONE;
    }
    return all != NULL;
}

static bool take_planned(GeoDraft *draft, GeoStore *store, GError **error)
{
    g_autoptr(GeoBatch) all = geo_store_load(store, GEO_KIND_PLANNED, NULL, error);
    g_autoptr(GHashTable) own = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < draft->steps->rows->len; i++)
        g_hash_table_add(own, &geo_batch_row(draft->steps, i)->id);
    draft->planned = geo_batch_new(GEO_KIND_PLANNED);
    for (guint i = 0; all && i < all->rows->len; i++)
        if (g_hash_table_contains(own, &planned_at(all, i)->step))
            geo_batch_copy_row(draft->planned, all, i);
    return all != NULL;
}

/* Takes heads. */
static GeoDraft *load_draft(GeoStore *store, GeoBatch *heads, GError **error)
{
    g_autoptr(GeoDraft) draft = g_new0(GeoDraft, 1);
    draft->heads = heads;
    draft->head = &g_array_index(heads->rows, GeoScenario, 0);
    if (!take_steps(draft, store, error) || !take_planned(draft, store, error))
        return NULL;
    draft->difference = geo_scenario_fold(draft->steps, draft->planned, draft->head->row.id,
                                          draft->head->merged_phase);
    for (guint i = 0; i < draft->difference->rows->len; i++)
        draft->cost += isfinite(planned_at(draft->difference, i)->cost)
                           ? planned_at(draft->difference, i)->cost
                           : 0;
    return g_steal_pointer(&draft);
}

/* Row i of heads as a draft. */
static GeoDraft *load_row(GeoStore *store, const GeoBatch *heads, guint i, GError **error)
{
    GeoBatch *one = geo_batch_new(GEO_KIND_SCENARIO);
    geo_batch_copy_row(one, heads, i);
    return load_draft(store, one, error);
}

GeoDraft *geo_draft_find(GeoStore *store, const char *name, GError **error)
{
    g_return_val_if_fail(store && name, NULL);
    g_autoptr(GeoBatch) heads = geo_store_load(store, GEO_KIND_SCENARIO, NULL, error);
    if (!heads)
        return NULL;
    gssize found = -1;
    for (guint i = 0; i < heads->rows->len; i++) {
        const GeoScenario *head = &g_array_index(heads->rows, GeoScenario, i);
        if (g_strcmp0(head->row.name, name) == 0 &&
            (found < 0 || head->state != GEO_SCENARIO_DROPPED))
            found = (gssize)i;
    }
    if (found >= 0)
        return load_row(store, heads, (guint)found, error);
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no scenario '%s'", name);
    return NULL;
}

GeoDraft *geo_draft_load(GeoStore *store, int64_t scenario_id, GError **error)
{
    g_autoptr(GeoBatch) heads = geo_store_load(store, GEO_KIND_SCENARIO, NULL, error);
    for (guint i = 0; heads && i < heads->rows->len; i++)
        if (geo_batch_row(heads, i)->id == scenario_id)
            return load_row(store, heads, i, error);
    if (heads)
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no scenario %" G_GINT64_FORMAT,
                    scenario_id);
    return NULL;
}

/* ---- steps ---- */

int64_t geo_draft_new_id(const GeoBatch *rows, int64_t now_ms)
{
    /* A later millisecond rather than a number more: next to a known id another scenario may count,
     * too. */
    int64_t at_ms = now_ms;
    for (guint i = 0; i < rows->rows->len; i++)
        at_ms = MAX(at_ms, geo_act_id_ms(geo_batch_row(rows, i)->id) + 1);
    return geo_act_new_id(at_ms);
}

bool geo_draft_add_step(GeoStore *store, const GeoAct *act, const GeoDraft *draft, const char *name,
                        GeoBatch *planned, int64_t *new_version, GError **error)
{
    g_autoptr(GeoBatch) steps = geo_batch_new(GEO_KIND_STEP);
    GeoStep *step = geo_batch_add(steps);
    step->row.id = geo_draft_new_id(draft->steps, act->now_ms);
    step->row.name = geo_batch_text(steps, name);
    step->row.version = 1;
    step->scenario = draft->head->row.id;
    int64_t id = geo_draft_new_id(draft->planned, act->now_ms);
    for (guint i = 0; i < planned->rows->len; i++) {
        GeoPlanned *one = &g_array_index(planned->rows, GeoPlanned, i);
        one->camera.row.id = id + i;
        one->camera.row.version = 1;
        one->step = step->row.id;
        /* A phase that is in the register already would never come into it again. */
        one->phase = MAX(one->phase, draft->head->merged_phase + 1);
    }
    return geo_store_add_step(store, act, draft->head->row.version, steps, planned, new_version,
                              error);
}

static gssize find_camera(const GeoBatch *planned, int64_t camera_id)
{
    for (guint i = 0; i < planned->rows->len; i++)
        if (planned_at(planned, i)->camera_id == camera_id)
            return (gssize)i;
    return -1;
}

bool geo_draft_set_phase(GeoStore *store, const GeoAct *act, const GeoDraft *draft,
                         const int64_t *camera_ids, size_t n, int64_t phase, int64_t *new_version,
                         GError **error)
{
    g_return_val_if_fail(phase > 0, false);
    g_autoptr(GeoBatch) moved = geo_batch_new(GEO_KIND_PLANNED);
    g_autofree char *name = g_strdup_printf("phase %" G_GINT64_FORMAT, phase);
    for (size_t k = 0; k < n; k++) {
        gssize i = find_camera(draft->difference, camera_ids[k]);
        if (i < 0) {
            g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                        "scenario '%s' does not change camera %" G_GINT64_FORMAT,
                        draft->head->row.name, camera_ids[k]);
            return false;
        }
        ((GeoPlanned *)geo_batch_copy_row(moved, draft->difference, (size_t)i))->phase = phase;
    }
    if (phase > draft->head->merged_phase)
        return geo_draft_add_step(store, act, draft, name, moved, new_version, error);
    g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                "phase %" G_GINT64_FORMAT " of scenario '%s' is in the register already", phase,
                draft->head->row.name);
    return false;
}

/* ---- two sides ---- */

static int by_camera(const void *a, const void *b)
{
    const GeoDraftConflict *p = a, *q = b;
    return (p->camera_id > q->camera_id) - (p->camera_id < q->camera_id);
}

GArray *geo_draft_conflicts(GeoStore *store, const GeoDraft *draft, int64_t phase, GError **error)
{
    g_autoptr(GeoBatch) cameras = geo_store_load(store, GEO_KIND_CAMERA, NULL, error);
    if (!cameras)
        return NULL;
    g_autoptr(GHashTable) versions = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < cameras->rows->len; i++) {
        GeoRow *row = geo_batch_row(cameras, i);
        g_hash_table_insert(versions, &row->id, &row->version);
    }
    GArray *conflicts = g_array_new(FALSE, FALSE, sizeof(GeoDraftConflict));
    for (guint i = 0; i < draft->difference->rows->len; i++) {
        const GeoPlanned *one = planned_at(draft->difference, i);
        const int64_t *now = g_hash_table_lookup(versions, &one->camera_id);
        GeoDraftConflict conflict = {one->camera_id, one->base_version, now ? *now : 0};
        if (conflict.is != conflict.planned_on && (phase == 0 || one->phase <= phase))
            g_array_append_val(conflicts, conflict);
    }
    g_array_sort(conflicts, by_camera);
    return conflicts;
}

/* What comes to be is the same, whatever step or version it came from. */
static bool is_same(const GeoBatch *a, guint i, const GeoBatch *b, guint k)
{
    g_autoptr(GeoBatch) one = geo_batch_new(GEO_KIND_PLANNED);
    g_autoptr(GeoBatch) other = geo_batch_new(GEO_KIND_PLANNED);
    GeoPlanned *p = geo_batch_copy_row(one, a, i), *q = geo_batch_copy_row(other, b, k);
    q->camera.row.id = p->camera.row.id;
    q->step = p->step;
    q->base_version = p->base_version;
    return geo_batch_equal(one, other);
}

GArray *geo_draft_clashes(const GeoDraft *mine, const GeoDraft *theirs)
{
    GArray *clashes = g_array_new(FALSE, FALSE, sizeof(GeoDraftConflict));
    for (guint i = 0; i < theirs->difference->rows->len; i++) {
        const GeoPlanned *their = planned_at(theirs->difference, i);
        gssize k = find_camera(mine->difference, their->camera_id);
        if (k < 0 || is_same(mine->difference, (guint)k, theirs->difference, i))
            continue;
        GeoDraftConflict clash = {their->camera_id,
                                  planned_at(mine->difference, (guint)k)->base_version,
                                  their->base_version};
        g_array_append_val(clashes, clash);
    }
    g_array_sort(clashes, by_camera);
    return clashes;
}

bool geo_draft_join(GeoStore *store, const GeoAct *act, const GeoDraft *mine,
                    const GeoDraft *theirs, GeoDraftChoice choice, int64_t *new_version,
                    GError **error)
{
    g_autoptr(GArray) clashes = geo_draft_clashes(mine, theirs);
    if (clashes->len > 0 && choice == GEO_DRAFT_NONE) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "scenarios '%s' and '%s' both change %u cameras, the first is %" G_GINT64_FORMAT
                    ": choose mine or theirs",
                    mine->head->row.name, theirs->head->row.name, clashes->len,
                    g_array_index(clashes, GeoDraftConflict, 0).camera_id);
        return false;
    }
    g_autoptr(GeoBatch) taken = geo_batch_new(GEO_KIND_PLANNED);
    for (guint i = 0; i < theirs->difference->rows->len; i++) {
        gssize k = find_camera(mine->difference, planned_at(theirs->difference, i)->camera_id);
        bool same = k >= 0 && is_same(mine->difference, (guint)k, theirs->difference, i);
        if (same || (k >= 0 && choice != GEO_DRAFT_THEIRS))
            continue;
        geo_batch_copy_row(taken, theirs->difference, i);
    }
    if (taken->rows->len == 0) {
        if (new_version)
            *new_version = mine->head->row.version;
        return true;
    }
    g_autofree char *name = g_strdup_printf("join %s", theirs->head->row.name);
    return geo_draft_add_step(store, act, mine, name, taken, new_version, error);
}

static bool is_in_conflict(const GArray *conflicts, int64_t camera_id)
{
    for (guint i = 0; i < conflicts->len; i++)
        if (g_array_index(conflicts, GeoDraftConflict, i).camera_id == camera_id)
            return true;
    return false;
}

bool geo_draft_merge(GeoStore *store, const GeoAct *act, const GeoDraft *draft, int64_t phase,
                     GeoDraftChoice choice, size_t *n_merged, int64_t *new_version, GError **error)
{
    g_autoptr(GArray) conflicts = geo_draft_conflicts(store, draft, phase, error);
    if (!conflicts)
        return false;
    if (conflicts->len > 0 && choice == GEO_DRAFT_NONE) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                    "%u cameras of scenario '%s' have changed in the register since they were "
                    "planned, the first is %" G_GINT64_FORMAT ": choose mine or theirs",
                    conflicts->len, draft->head->row.name,
                    g_array_index(conflicts, GeoDraftConflict, 0).camera_id);
        return false;
    }
    int64_t until = phase == 0 ? WHOLE : phase, last = draft->head->merged_phase, conflict;
    g_autoptr(GeoBatch) now = geo_batch_new(GEO_KIND_PLANNED);
    for (guint i = 0; i < draft->difference->rows->len; i++) {
        const GeoPlanned *one = planned_at(draft->difference, i);
        last = MAX(last, one->phase);
        bool left = choice == GEO_DRAFT_THEIRS && is_in_conflict(conflicts, one->camera_id);
        if (one->phase <= until && !left)
            geo_batch_copy_row(now, draft->difference, i);
    }
    if (!geo_store_merge_scenario(store, act, draft->head->row.id, draft->head->row.version, now,
                                  MAX(MIN(until, last), draft->head->merged_phase), last <= until,
                                  choice == GEO_DRAFT_MINE, &conflict, new_version, error))
        return false;
    if (n_merged)
        *n_merged = now->rows->len;
    return true;
}

static bool make_scenario(GeoStore *store, const GeoAct *act, const char *name, GError **error)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_SCENARIO);
    GeoScenario *scenario = geo_batch_add(batch);
    scenario->row.id = geo_act_new_id(act->now_ms);
    scenario->row.name = geo_batch_text(batch, name);
    return geo_store_put_scenario(store, act, batch, NULL, error);
}

GeoDraft *geo_draft_find_or_make(GeoStore *store, const GeoAct *act, const char *name,
                                 GError **error)
{
    g_autoptr(GError) missing = NULL;
    GeoDraft *draft = geo_draft_find(store, name, &missing);
    if (draft)
        return draft;
    if (!g_error_matches(missing, GEO_ERROR, GEO_ERROR_MISSING)) {
        g_propagate_error(error, g_steal_pointer(&missing));
        return NULL;
    }
    return make_scenario(store, act, name, error) ? geo_draft_find(store, name, error) : NULL;
}
