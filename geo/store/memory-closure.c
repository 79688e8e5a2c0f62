/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/error.h"
#include "geo/store/memory.h"

bool geo_memory_put_closure(GeoBackend *backend, const GeoAct *act, const GeoBatch *closure,
                            GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result, id = geo_batch_row(closure, 0)->id;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    if (geo_memory_row(memory, GEO_KIND_CLOSURE, id)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "closure %" G_GINT64_FORMAT " is there", id);
        return false;
    }
    geo_memory_put_row(memory, closure, 0, 0, 1);
    geo_memory_note(memory, act, GEO_OP_CLOSE_ROAD, "closure", id, 1);
    return true;
}

bool geo_memory_lift_closure(GeoBackend *backend, const GeoAct *act, int64_t id, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    int64_t result;
    if (geo_memory_was_done(memory, act, &result))
        return true;
    GeoClosure *row = (GeoClosure *)geo_memory_live_row(memory, GEO_KIND_CLOSURE, id, NULL);
    if (!row || row->lifted_ms != 0) {
        g_set_error(error, GEO_ERROR, row ? GEO_ERROR_REFUSED : GEO_ERROR_MISSING,
                    row ? "closure %" G_GINT64_FORMAT " is lifted already"
                        : "there is no closure %" G_GINT64_FORMAT,
                    id);
        return false;
    }
    row->row.version++;
    row->lifted_ms = act->now_ms;
    row->lifted_by = geo_batch_text(memory->shelves[GEO_KIND_CLOSURE].rows, act->actor);
    geo_memory_note(memory, act, GEO_OP_CLOSE_ROAD, "closure", id, row->row.version);
    return true;
}
