/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The queue: incidents of the last day that still need somebody, most urgent first. */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "app/session/category.h"
#include "app/session/desk.h"
#include "geo/model/error.h"

#define ROADS_MS 300000 /* gates open and closures begin to the minute; five are near enough */

#define DAY_MS (INT64_C(24) * 3600 * 1000)

/* Somebody is to be sent, is on the way or at work; what follows is writing. */
static bool is_open(const GeoIncident *incident)
{
    switch ((GeoIncidentState)incident->state) {
    case GEO_INCIDENT_CLEARED:
    case GEO_INCIDENT_REPORTED:
    case GEO_INCIDENT_REVIEWED:
        return false;
    default:
        return !geo_cycle_done((GeoIncidentState)incident->state);
    }
}

const GeoIncident *app_desk_incident(const AppDesk *desk, int64_t id)
{
    for (guint i = 0; desk->open && i < desk->open->rows->len; i++) {
        const GeoIncident *incident = &g_array_index(desk->open->rows, GeoIncident, i);
        if (incident->row.id == id)
            return incident;
    }
    return NULL;
}

static void note_arrivals(AppDesk *desk, const GeoBatch *open, GArray *arrived)
{
    for (guint i = 0; i < open->rows->len; i++) {
        int64_t id = geo_batch_row(open, i)->id;
        if (app_desk_incident(desk, id))
            continue;
        g_hash_table_add(desk->fresh, g_memdup2(&id, sizeof id));
        g_array_append_val(arrived, id);
    }
}

bool app_desk_load_queue(AppDesk *desk, GArray *arrived, GError **error)
{
    int64_t at_ms = app_desk_clock(desk);
    GeoQuery query = {.from_ms = at_ms - DAY_MS, .to_ms = at_ms + DAY_MS};
    g_autoptr(GeoBatch) all = geo_store_load(desk->store, GEO_KIND_INCIDENT, &query, error);
    g_autoptr(GArray) assignments = all ? geo_store_assignments(desk->store, error) : NULL;
    if (!assignments)
        return false;
    g_autoptr(GeoBatch) open = geo_batch_new(GEO_KIND_INCIDENT);
    for (guint i = 0; i < all->rows->len; i++)
        if (is_open(&g_array_index(all->rows, GeoIncident, i)))
            geo_batch_copy_row(open, all, i);
    if (arrived)
        note_arrivals(desk, open, arrived);
    geo_batch_free(desk->open);
    desk->open = g_steal_pointer(&open);
    g_clear_pointer(&desk->assignments, g_array_unref);
    desk->assignments = g_steal_pointer(&assignments);
    return true;
}

/* ---- for screens ---- */

/* Nobody is on it yet. */
static bool waits(int state)
{
    return state == GEO_INCIDENT_RECEIVED || state == GEO_INCIDENT_CLASSIFIED ||
           state == GEO_INCIDENT_REOPENED || state == GEO_INCIDENT_RAISED;
}

static int rank(const AppIncident *incident)
{
    return waits(incident->state) ? 0 : incident->state == GEO_INCIDENT_HELD ? 2 : 1;
}

/* Waiting ones first, parked ones last; then by priority, then the oldest. */
static int by_urgency(const void *a, const void *b)
{
    const AppIncident *p = a, *q = b;
    if (rank(p) != rank(q))
        return rank(p) - rank(q);
    if (p->priority != q->priority)
        return p->priority < q->priority ? -1 : 1;
    return (p->at_ms > q->at_ms) - (p->at_ms < q->at_ms);
}

static const char *keep(AppNow *now, const char *text)
{
    return text ? g_string_chunk_insert(now->text, text) : NULL;
}

static const char *unit_code(const AppDesk *desk, int64_t id)
{
    for (size_t i = 0; desk->fleet && i < geo_fleet_n(desk->fleet); i++)
        if (geo_fleet_unit(desk->fleet, i)->id == id)
            return geo_fleet_unit(desk->fleet, i)->code;
    return NULL;
}

static const char *units_of(const AppDesk *desk, AppNow *now, int64_t incident_id)
{
    g_autoptr(GString) codes = g_string_new(NULL);
    for (guint i = 0; i < desk->assignments->len; i++) {
        const GeoAssignment *one = &g_array_index(desk->assignments, GeoAssignment, i);
        const char *code = one->incident_id == incident_id ? unit_code(desk, one->unit_id) : NULL;
        if (code)
            g_string_append_printf(codes, "%s%s", codes->len ? ", " : "", code);
    }
    return codes->len ? keep(now, codes->str) : NULL;
}

/* The last four digits or letters of the code, as people say it over the radio. */
static const char *number_of(AppNow *now, const GeoRow *row)
{
    g_autofree char *id = g_strdup_printf("%" G_GINT64_FORMAT, row->id);
    const char *code = row->code ? row->code : id;
    size_t length = strlen(code);
    return keep(now, length > 4 ? code + length - 4 : code);
}

void app_desk_fill_queue(AppDesk *desk, AppNow *now)
{
    size_t n = desk->open ? desk->open->rows->len : 0;
    now->queue = g_new0(AppIncident, n + 1);
    for (size_t i = 0; i < n; i++) {
        const GeoIncident *row = &g_array_index(desk->open->rows, GeoIncident, i);
        const char *name = row->row.name ? row->row.name : app_category_words(row->category);
        AppIncident shown = {.id = row->row.id,
                             .version = row->row.version,
                             .at_ms = row->at_ms,
                             .name = keep(now, name ? name : ""),
                             .place = keep(now, row->place),
                             .area = keep(now, row->area),
                             .number = number_of(now, &row->row),
                             .priority = row->priority,
                             .state = row->state,
                             .at = {NAN, NAN},
                             .units = units_of(desk, now, row->row.id),
                             .may_undo = app_desk_may_undo(desk, row->row.id),
                             .fresh = waits(row->state) &&
                                      g_hash_table_contains(desk->fresh, &row->row.id)};
        geo_batch_first(desk->open, &row->row, &shown.at);
        now->queue[now->n_queue++] = shown;
    }
    qsort(now->queue, now->n_queue, sizeof *now->queue, by_urgency);
}

/* ---- following ---- */

static bool reload_statuses(AppDesk *desk, GError **error)
{
    GeoQuery query = {.no_shapes = true};
    g_autoptr(GeoBatch) units = geo_store_load(desk->store, GEO_KIND_UNIT, &query, error);
    if (!units)
        return false;
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoUnit *unit = &g_array_index(units->rows, GeoUnit, i);
        geo_fleet_set_status(desk->fleet, unit->row.id, (GeoUnitStatus)unit->status);
    }
    return true;
}

bool app_desk_follow(AppDesk *desk, bool *news, bool *renewed, GArray *arrived, GError **error)
{
    g_autoptr(GArray) changes = geo_store_changes_since(desk->store, desk->seq, error);
    bool incidents = false, units = false, duty = false;
    bool roads = desk->network && ABS(app_desk_clock(desk) - desk->roads_ms) >= ROADS_MS;
    int64_t seq = desk->seq;
    if (!changes)
        return false;
    for (guint i = 0; i < changes->len; i++) {
        const GeoChange *change = &g_array_index(changes, GeoChange, i);
        seq = change->seq;
        bool incident = g_str_equal(change->entity, "incident");
        bool unit = g_str_equal(change->entity, "unit");
        incidents |= incident || unit;
        units |= unit;
        /* A job holds its unit beyond the shift: it is duty too. */
        roads |= g_str_equal(change->entity, "closure");
        duty |= unit || g_str_equal(change->entity, "duty") ||
                g_str_equal(change->entity, "admission") || g_str_equal(change->entity, "roster");
        /* Positions come every few seconds: they move units and redraw nothing else. */
        *renewed |= g_str_equal(change->entity, "import") || g_str_equal(change->entity, "camera");
    }
    *news = changes->len > 0;
    if (roads && desk->network && !app_desk_set_roads(desk, app_desk_clock(desk), error))
        return false;
    if (units && desk->fleet && !reload_statuses(desk, error))
        return false;
    if (duty && desk->fleet && !geo_fleet_renew_duty(desk->fleet, desk->store, error))
        return false;
    if ((incidents || *renewed) && !app_desk_load_queue(desk, arrived, error))
        return false;
    desk->seq = seq; /* only now: what could not be read is read at the next look */
    return true;
}
