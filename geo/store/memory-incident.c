/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/dutyclock.h"
#include "geo/model/error.h"
#include "geo/store/memory.h"

static bool fail_stale(GError **error, const GeoKindInfo *info, int64_t id, int64_t seen,
                       int64_t is)
{
    g_set_error(error, GEO_ERROR, GEO_ERROR_STALE,
                "%s %" G_GINT64_FORMAT " has changed: it is version %" G_GINT64_FORMAT
                ", not %" G_GINT64_FORMAT "; read it again",
                info->name, id, is, seen);
    return false;
}

bool geo_memory_take_incident(GeoBackend *backend, const GeoAct *act, const GeoBatch *incident,
                              GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result, id = geo_batch_row(incident, 0)->id;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    if (geo_memory_row(memory, GEO_KIND_INCIDENT, id)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "incident %" G_GINT64_FORMAT " exists already", id);
        return false;
    }
    geo_memory_put_row(memory, incident, 0, 0, 1);
    geo_memory_note(memory, act, GEO_OP_TAKE_INCIDENT, "incident", id, 1);
    return true;
}

bool geo_memory_step_incident(GeoBackend *backend, const GeoAct *act, int64_t incident_id,
                              int64_t version, GeoIncidentState to, const char *reason,
                              int64_t *new_version, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result)) {
        if (new_version)
            *new_version = result;
        return true;
    }
    GeoRow *row = geo_memory_live_row(memory, GEO_KIND_INCIDENT, incident_id, error);
    if (!row)
        return false;
    if (row->version != version)
        return fail_stale(error, geo_kind_info(GEO_KIND_INCIDENT), incident_id, version,
                          row->version);
    GeoIncident *incident = (GeoIncident *)row;
    if (!geo_cycle_may((GeoIncidentState)incident->state, to)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "incident %" G_GINT64_FORMAT " is %s and cannot become %s", incident_id,
                    geo_incident_state_words[incident->state], geo_incident_state_words[to]);
        return false;
    }
    incident->state = (int)to;
    row->version++;
    geo_memory_note(memory, act, GEO_OP_STEP_INCIDENT, "incident", incident_id, row->version);
    if (new_version)
        *new_version = row->version;
    return true;
}

static bool may_assign(GeoMemory *memory, const GeoRow *incident, int64_t unit_id, GError **error)
{
    const int64_t *other = g_hash_table_lookup(memory->assigned, &unit_id);
    if (other)
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "unit %" G_GINT64_FORMAT " is on incident %" G_GINT64_FORMAT
                    ": release it first",
                    unit_id, *other);
    else if (geo_cycle_done((GeoIncidentState)((const GeoIncident *)incident)->state))
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "unit %" G_GINT64_FORMAT " cannot go to incident %" G_GINT64_FORMAT
                    ", which is over",
                    unit_id, incident->id);
    else
        return true;
    return false;
}

bool geo_memory_assign_unit(GeoBackend *backend, const GeoAct *act, int64_t incident_id,
                            int64_t unit_id, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    GeoRow *incident = geo_memory_live_row(memory, GEO_KIND_INCIDENT, incident_id, error);
    GeoRow *unit = incident ? geo_memory_live_row(memory, GEO_KIND_UNIT, unit_id, error) : NULL;
    if (!unit || !may_assign(memory, incident, unit_id, error))
        return false;
    g_hash_table_insert(memory->assigned, g_memdup2(&unit_id, sizeof unit_id),
                        g_memdup2(&incident_id, sizeof incident_id));
    GeoAssignment served = {incident_id, unit_id};
    g_array_append_val(memory->served, served);
    GeoDutyEntry job = {.unit_id = unit_id,
                        .what = GEO_DUTY_INCIDENT,
                        .from_ms = act->now_ms,
                        .to_ms = GEO_DUTY_OPEN};
    g_array_append_val(memory->book->entries, job);
    ((GeoUnit *)unit)->status = GEO_STATUS_DISPATCHED;
    unit->version++;
    /* The first unit takes the incident to dispatched. */
    int *state = &((GeoIncident *)incident)->state;
    if (geo_cycle_may((GeoIncidentState)*state, GEO_INCIDENT_DISPATCHED)) {
        *state = GEO_INCIDENT_DISPATCHED;
        incident->version++;
        geo_memory_note_change(memory, act, "incident", incident_id, incident->version);
    }
    geo_memory_note(memory, act, GEO_OP_ASSIGN_UNIT, "unit", unit_id, unit->version);
    return true;
}

static void end_job(GeoMemory *memory, int64_t unit_id, int64_t now_ms)
{
    for (guint i = 0; i < memory->book->entries->len; i++) {
        GeoDutyEntry *job = &g_array_index(memory->book->entries, GeoDutyEntry, i);
        if (job->what == GEO_DUTY_INCIDENT && job->unit_id == unit_id &&
            job->to_ms == GEO_DUTY_OPEN)
            job->to_ms = now_ms;
    }
}

bool geo_memory_release_unit(GeoBackend *backend, const GeoAct *act, int64_t unit_id,
                             GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    GeoRow *unit = geo_memory_live_row(memory, GEO_KIND_UNIT, unit_id, error);
    if (!unit)
        return false;
    if (!g_hash_table_remove(memory->assigned, &unit_id)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "unit %" G_GINT64_FORMAT " is on no incident", unit_id);
        return false;
    }
    end_job(memory, unit_id, act->now_ms);
    ((GeoUnit *)unit)->status = GEO_STATUS_AVAILABLE;
    unit->version++;
    geo_memory_note(memory, act, GEO_OP_ASSIGN_UNIT, "unit", unit_id, unit->version);
    return true;
}

bool geo_memory_edit_camera(GeoBackend *backend, const GeoAct *act, const GeoBatch *camera,
                            GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    const GeoRow *edited = geo_batch_row(camera, 0);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    const GeoRow *row = geo_memory_live_row(memory, GEO_KIND_CAMERA, edited->id, error);
    if (!row)
        return false;
    if (row->version != edited->version)
        return fail_stale(error, geo_kind_info(GEO_KIND_CAMERA), edited->id, edited->version,
                          row->version);
    int64_t version = row->version + 1;
    geo_memory_put_row(memory, camera, 0, row->import_id, version);
    geo_memory_note(memory, act, GEO_OP_EDIT_CAMERA, "camera", edited->id, version);
    return true;
}

static int by_incident(const void *a, const void *b)
{
    const GeoAssignment *p = a, *q = b;
    if (p->incident_id != q->incident_id)
        return p->incident_id < q->incident_id ? -1 : 1;
    return (p->unit_id > q->unit_id) - (p->unit_id < q->unit_id);
}

bool geo_memory_has_served(GeoBackend *backend, int64_t incident_id, int64_t unit_id, bool *served,
                           GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    *served = false;
    for (guint i = 0; i < memory->served->len && !*served; i++) {
        const GeoAssignment *one = &g_array_index(memory->served, GeoAssignment, i);
        *served = one->incident_id == incident_id && one->unit_id == unit_id;
    }
    return true;
}

GArray *geo_memory_assignments(GeoBackend *backend, GError **error)
{
    GeoMemory *memory = (GeoMemory *)backend;
    GArray *found = g_array_new(FALSE, FALSE, sizeof(GeoAssignment));
    GHashTableIter iter;
    gpointer unit, incident;
    g_hash_table_iter_init(&iter, memory->assigned);
    while (g_hash_table_iter_next(&iter, &unit, &incident)) {
        GeoAssignment one = {*(int64_t *)incident, *(int64_t *)unit};
        g_array_append_val(found, one);
    }
    g_array_sort(found, by_incident);
    return found;
}
