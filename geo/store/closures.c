/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/store/closures.h"

#include <math.h>

#include "geo/model/error.h"
#include "geo/store/backend.h"

#define MAX_RADIUS_M 20000.0

static const char *flaw_of(const GeoBatch *batch)
{
    const GeoClosure *closure = &g_array_index(batch->rows, GeoClosure, 0);
    size_t n = 0;
    if (closure->row.n_parts == 1)
        geo_batch_part(batch, &closure->row, 0, &n);
    bool line = closure->row.shape == GEO_SHAPE_LINE && n >= 2;
    bool point = closure->row.shape == GEO_SHAPE_POINT && closure->radius_m > 0 &&
                 closure->radius_m <= MAX_RADIUS_M;
    if (!line && !point)
        return "needs a line of two places or more, or a place with a radius of at most 20 km";
    if (closure->from_ms <= 0 || (closure->to_ms != 0 && closure->to_ms <= closure->from_ms))
        return "ends before it begins";
    if (!closure->reason || !*closure->reason)
        return "needs a reason";
    if ((closure->foot | closure->ebike | closure->car) != 1)
        return "closes the road to nobody";
    return NULL;
}

bool geo_store_put_closure(GeoStore *store, const GeoAct *act, const GeoBatch *closure,
                           GError **error)
{
    g_return_val_if_fail(closure && closure->kind == GEO_KIND_CLOSURE && closure->rows->len == 1,
                         false);
    if (!geo_store_may(store, act, GEO_OP_CLOSE_ROAD, error) ||
        !geo_store_check_rows(closure, error))
        return false;
    const char *flaw = flaw_of(closure);
    if (flaw) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA, "a closure %s", flaw);
        return false;
    }
    g_autoptr(GeoBatch) kept = geo_batch_new(GEO_KIND_CLOSURE);
    GeoClosure *row = geo_batch_copy_row(kept, closure, 0);
    row->row.version = 1;
    row->at_ms = act->now_ms;
    row->actor = geo_batch_text(kept, act->actor);
    row->lifted_ms = 0;
    row->lifted_by = NULL;
    GeoBackend *backend = geo_store_backend(store);
    return backend->ops->put_closure(backend, act, kept, error);
}

bool geo_store_lift_closure(GeoStore *store, const GeoAct *act, int64_t id, GError **error)
{
    GeoBackend *backend = geo_store_backend(store);
    return geo_store_may(store, act, GEO_OP_CLOSE_ROAD, error) &&
           backend->ops->lift_closure(backend, act, id, error);
}
