/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Cases as their logs give them, for every back end: to be read, checked, and asked what a unit on
 * one shows. */
#include "geo/model/error.h"
#include "geo/store/backend.h"
#include "geo/store/deeds.h"

const char *geo_deeds_called(const GeoCase *one)
{
    return one->code ? one->code : "the incident";
}

GeoCase *geo_deeds_case(GeoBackend *backend, const GeoBatch *rows, size_t i, GError **error)
{
    GeoCaseLog *log = backend->ops->deeds->log(backend, geo_batch_row(rows, i)->id, error);
    return log ? geo_case_new(rows, i, log) : NULL;
}

/* ---- what a unit shows ---- */

bool geo_deeds_unit_status(GeoBackend *backend, int64_t unit_id, GeoUnitStatus *status,
                           GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    GeoUnitNow now;
    if (!ops->find_unit(backend, unit_id, &now, error))
        return false;
    *status = GEO_STATUS_AVAILABLE;
    if (now.incident_id == 0)
        return true;
    g_autoptr(GeoBatch) row =
        ops->rows(backend, GEO_KIND_INCIDENT, &(GeoQuery){.id = now.incident_id}, error);
    if (!row)
        return false;
    g_autoptr(GeoCase) one = row->rows->len ? geo_deeds_case(backend, row, 0, error) : NULL;
    if (row->rows->len && !one)
        return false;
    const GeoCaseUnit *unit = one ? geo_case_unit(one, unit_id) : NULL;
    *status = geo_case_unit_status(unit ? unit->stage : GEO_INCIDENT_DISPATCHED);
    return true;
}

/* ---- reading ---- */

static int by_time(const void *a, const void *b)
{
    int64_t p = (*(GeoCase *const *)a)->created_ms, q = (*(GeoCase *const *)b)->created_ms;
    return (p > q) - (p < q);
}

static int by_id(const void *a, const void *b)
{
    int64_t p = (*(GeoCase *const *)a)->id, q = (*(GeoCase *const *)b)->id;
    return (p > q) - (p < q);
}

static int newest_first(const void *a, const void *b)
{
    return -by_time(a, b);
}

static bool load_cases(GeoBackend *backend, const GeoCaseQuery *query, GPtrArray *cases,
                       GError **error)
{
    GeoQuery asked = {.id = query->incident_id,
                      .code = query->code,
                      .open = query->open,
                      .from_ms = query->from_ms,
                      .to_ms = query->to_ms};
    g_autoptr(GeoBatch) rows = backend->ops->deeds->rows(backend, GEO_KIND_INCIDENT, &asked, error);
    for (guint i = 0; rows && i < rows->rows->len; i++) {
        GeoCase *one = geo_deeds_case(backend, rows, i, error);
        if (!one)
            return false;
        g_ptr_array_add(cases, one);
    }
    return rows != NULL;
}

GPtrArray *geo_deeds_cases(GeoBackend *backend, const GeoCaseQuery *query, GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    g_autoptr(GPtrArray) cases = g_ptr_array_new_with_free_func((GDestroyNotify)geo_case_free);
    if (!ops->begin_read(backend, error))
        return NULL;
    bool ok = load_cases(backend, query, cases, error);
    ops->end_read(backend);
    if (!ok)
        return NULL;
    if (query->max && cases->len > query->max) {
        g_ptr_array_sort(cases, newest_first);
        g_ptr_array_set_size(cases, (gint)query->max);
    }
    g_ptr_array_sort(cases, by_id);
    return g_steal_pointer(&cases);
}

static void check_case(const GeoCase *one, int state, GPtrArray *findings)
{
    if (one->torn)
        g_ptr_array_add(findings,
                        g_strdup_printf("incident %s: its log holds a step that the life cycle "
                                        "does not give",
                                        geo_deeds_called(one)));
    if (one->log->events->len && one->state != state)
        g_ptr_array_add(findings,
                        g_strdup_printf("incident %s is %s, its log says %s", geo_deeds_called(one),
                                        geo_incident_state_words[state],
                                        geo_incident_state_words[one->state]));
}

bool geo_deeds_check(GeoBackend *backend, GPtrArray *findings, GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    if (!ops->begin_read(backend, error))
        return false;
    g_autoptr(GeoBatch) rows =
        ops->rows(backend, GEO_KIND_INCIDENT, &(GeoQuery){.logged = true}, error);
    bool ok = rows != NULL;
    for (guint i = 0; ok && i < rows->rows->len; i++) {
        g_autoptr(GeoCase) one = geo_deeds_case(backend, rows, i, error);
        ok = one != NULL;
        if (!one)
            break;
        check_case(one, g_array_index(rows->rows, GeoIncident, i).state, findings);
        for (guint k = 0; ok && k < one->units->len; k++) {
            const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, k);
            GeoUnitNow now = {0};
            if (!unit->open)
                continue;
            g_autoptr(GError) gone = NULL;
            if (!ops->find_unit(backend, unit->unit_id, &now, &gone) || now.incident_id != one->id)
                g_ptr_array_add(findings,
                                g_strdup_printf("incident %s: its log has unit %" G_GINT64_FORMAT
                                                " on it, the unit is not",
                                                geo_deeds_called(one), unit->unit_id));
        }
    }
    ops->end_read(backend);
    return ok;
}
