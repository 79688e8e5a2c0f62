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
    for (guint i = 0; i < memory->parts->len && !*served; i++) {
        const GeoMemoryPart *part = &g_array_index(memory->parts, GeoMemoryPart, i);
        *served = part->incident_id == incident_id && part->unit_id == unit_id;
    }
    return true;
}

GArray *geo_memory_assignments(GeoBackend *backend, GError **error)
{
    const GeoMemory *memory = geo_memory_of(backend);
    GArray *found = g_array_new(FALSE, FALSE, sizeof(GeoAssignment));
    for (guint i = 0; i < memory->parts->len; i++) {
        const GeoMemoryPart *part = &g_array_index(memory->parts, GeoMemoryPart, i);
        GeoAssignment one = {part->incident_id, part->unit_id};
        if (part->to_ms == GEO_DUTY_OPEN)
            g_array_append_val(found, one);
    }
    g_array_sort(found, by_incident);
    return found;
}
