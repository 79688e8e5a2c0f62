/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "geo/model/error.h"
#include "geo/store/sqlite.h"

static bool insert(GeoSqlite *self, const GeoBatch *closure, GError **error)
{
    g_autoptr(GByteArray) blob = g_byte_array_new();
    return geo_sqlite_insert_row(self, closure, 0, 0, blob, error);
}

bool geo_sqlite_put_closure(GeoBackend *backend, const GeoAct *act, const GeoBatch *closure,
                            GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!insert(self, closure, error))
        return geo_sqlite_fail(self);
    return geo_sqlite_end_act(self, act, GEO_OP_CLOSE_ROAD, "closure",
                              geo_batch_row(closure, 0)->id, 1, "close", error);
}

/* The row as it is, lifted now; NULL when there is none or it was lifted before. */
static GeoBatch *load_lifted(GeoSqlite *self, const GeoAct *act, int64_t id, GError **error)
{
    GeoQuery query = {.id = id};
    g_autoptr(GeoBatch) batch = geo_sqlite_load_rows(self, GEO_KIND_CLOSURE, &query, error);
    if (!batch)
        return NULL;
    GeoClosure *row = batch->rows->len ? &g_array_index(batch->rows, GeoClosure, 0) : NULL;
    if (!row || row->lifted_ms != 0) {
        g_set_error(error, GEO_ERROR, row ? GEO_ERROR_REFUSED : GEO_ERROR_MISSING,
                    row ? "closure %" G_GINT64_FORMAT " is lifted already"
                        : "there is no closure %" G_GINT64_FORMAT,
                    id);
        return NULL;
    }
    row->row.version++;
    row->lifted_ms = act->now_ms;
    row->lifted_by = geo_batch_text(batch, act->actor);
    return g_steal_pointer(&batch);
}

bool geo_sqlite_lift_closure(GeoBackend *backend, const GeoAct *act, int64_t id, GError **error)
{
    GeoSqlite *self = (GeoSqlite *)backend;
    bool done;
    int64_t version;
    if (!geo_sqlite_begin_act(self, act, &done, &version, error))
        return false;
    if (done)
        return true;
    g_autoptr(GeoBatch) lifted = load_lifted(self, act, id, error);
    if (!lifted || !geo_sqlite_delete_row(self, GEO_KIND_CLOSURE, id, error) ||
        !insert(self, lifted, error))
        return geo_sqlite_fail(self);
    return geo_sqlite_end_act(self, act, GEO_OP_CLOSE_ROAD, "closure", id,
                              geo_batch_row(lifted, 0)->version, "lift", error);
}
