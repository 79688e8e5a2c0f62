/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/scenario.h"

#include <math.h>

static const GeoStep *step_at(const GeoBatch *steps, guint i)
{
    return &g_array_index(steps->rows, GeoStep, i);
}

static const GeoPlanned *planned_at(const GeoBatch *planned, guint i)
{
    return &g_array_index(planned->rows, GeoPlanned, i);
}

/* Ids of the scenario's steps that stand. */
static GHashTable *done_steps(const GeoBatch *steps, int64_t scenario)
{
    GHashTable *done = g_hash_table_new(g_int64_hash, g_int64_equal);
    for (guint i = 0; i < steps->rows->len; i++)
        if (step_at(steps, i)->scenario == scenario && step_at(steps, i)->state == GEO_STEP_DONE)
            g_hash_table_add(done, (gpointer)&step_at(steps, i)->row.id);
    return done;
}

GeoBatch *geo_scenario_fold(const GeoBatch *steps, const GeoBatch *planned, int64_t scenario,
                            int64_t merged_phase)
{
    g_autoptr(GHashTable) done = done_steps(steps, scenario);
    g_autoptr(GHashTable) last = g_hash_table_new(g_int64_hash, g_int64_equal);
    g_autoptr(GArray) order = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < planned->rows->len; i++) {
        const GeoPlanned *one = planned_at(planned, i);
        if (!g_hash_table_contains(done, &one->step))
            continue;
        if (!g_hash_table_contains(last, &one->camera_id))
            g_array_append_val(order, one->camera_id);
        g_hash_table_replace(last, (gpointer)&one->camera_id, GUINT_TO_POINTER(i));
    }
    GeoBatch *folded = geo_batch_new(GEO_KIND_PLANNED);
    for (guint k = 0; k < order->len; k++) {
        guint i = GPOINTER_TO_UINT(g_hash_table_lookup(last, &g_array_index(order, int64_t, k)));
        const GeoPlanned *one = planned_at(planned, i);
        if (one->what != GEO_PLANNED_KEEP && one->phase > merged_phase)
            geo_batch_copy_row(folded, planned, i);
    }
    return folded;
}

/* The members that are not the row's own, with texts that live in the batch. */
static void copy_members(GeoBatch *batch, GeoCamera *to, const GeoCamera *from)
{
    GeoRow row = to->row;
    *to = *from;
    row.code = geo_batch_text(batch, from->row.code);
    row.name = geo_batch_text(batch, from->row.name);
    to->row = row;
    to->place = geo_batch_text(batch, from->place);
}

GeoCamera *geo_scenario_add_camera(GeoBatch *cameras, const GeoBatch *planned, guint i)
{
    const GeoPlanned *one = planned_at(planned, i);
    GeoCamera *camera = geo_batch_add(cameras);
    GeoLonLat at;
    copy_members(cameras, camera, &one->camera);
    camera->row.id = one->camera_id;
    camera->row.version = one->base_version;
    if (geo_batch_first(planned, &one->camera.row, &at))
        geo_batch_set_point(cameras, at.lon, at.lat);
    return camera;
}

GeoPlanned *geo_scenario_add_planned(GeoBatch *planned, const GeoCamera *camera, GeoLonLat at,
                                     GeoPlannedWhat what)
{
    GeoPlanned *one = geo_batch_add(planned);
    copy_members(planned, &one->camera, camera);
    one->camera_id = camera->row.id;
    one->what = (int)what;
    one->base_version = what == GEO_PLANNED_ADD ? 0 : camera->row.version;
    one->phase = 1;
    one->cost = NAN;
    if (isfinite(at.lon) && isfinite(at.lat))
        geo_batch_set_point(planned, at.lon, at.lat);
    return one;
}

gssize geo_scenario_undoable(const GeoBatch *steps, int64_t scenario)
{
    for (guint i = steps->rows->len; i-- > 0;)
        if (step_at(steps, i)->scenario == scenario && step_at(steps, i)->state == GEO_STEP_DONE)
            return (gssize)i;
    return -1;
}

gssize geo_scenario_redoable(const GeoBatch *steps, int64_t scenario)
{
    for (guint i = 0; i < steps->rows->len; i++)
        if (step_at(steps, i)->scenario == scenario && step_at(steps, i)->state == GEO_STEP_UNDONE)
            return (gssize)i;
    return -1;
}
