/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What the desk does to incidents, each by the store's operation of that name. */
#include <math.h>

#include "app/session/category.h"
#include "app/session/desk.h"
#include "geo/model/error.h"
#include "geo/store/cases.h"
#include "maps/paint/words.h"

#define UNDO_US (60 * G_USEC_PER_SEC)
#define STAGED_CATEGORY "盗窃电动车"
#define STAGED_PRIORITY 2
#define SNAP_M 500.0
#define MODEL_MS (INT64_C(28) * 24 * 3600 * 1000)
#define RAISE_MS 150000 /* about 580 a day: the demo's own rate is 410 */

static const char *name_of(const GeoIncident *incident)
{
    const char *name =
        incident->row.name ? incident->row.name : app_category_words(incident->category);
    return name ? name : "";
}

char *app_desk_take(AppDesk *desk, GeoBatch *incident, GError **error)
{
    GeoAct act = app_desk_act(desk);
    GeoIncident *row = &g_array_index(incident->rows, GeoIncident, 0);
    if (row->row.id == 0)
        row->row.id = geo_act_new_id(act.now_ms);
    if (row->at_ms == 0)
        row->at_ms = act.now_ms;
    if (!geo_store_take_incident(desk->store, &act, incident, error))
        return NULL;
    return g_strdup_printf(_("Taken: %s"), name_of(row));
}

static const GeoFleetUnit *unit_of(const AppDesk *desk, int64_t id)
{
    for (size_t i = 0; desk->fleet && i < geo_fleet_n(desk->fleet); i++)
        if (geo_fleet_unit(desk->fleet, i)->id == id)
            return geo_fleet_unit(desk->fleet, i);
    return NULL;
}

char *app_desk_dispatch(AppDesk *desk, int64_t incident_id, int64_t unit_id, GError **error)
{
    GeoAct act = app_desk_act(desk);
    const GeoIncident *incident = app_desk_incident(desk, incident_id);
    const GeoFleetUnit *unit = unit_of(desk, unit_id);
    if (!incident || !unit) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                            incident ? _("this unit is gone") : _("this incident is over"));
        return NULL;
    }
    GeoDeed deed = {.what = GEO_DEED_DISPATCH,
                    .incident_id = incident_id,
                    .detail = {.unit_id = unit_id},
                    .on_duty = unit->left == GEO_LEFT_NOT};
    GeoDeedDone done;
    if (!geo_store_do(desk->store, &act, &deed, 1, &done, error))
        return NULL;
    desk->undo = (AppDeskUndo){incident_id, unit_id, done.deed_id, g_get_monotonic_time()};
    return g_strdup_printf(_("%s goes to %s. Ctrl+Z takes it back for 60 s."),
                           unit->code ? unit->code : "?", name_of(incident));
}

bool app_desk_may_undo(const AppDesk *desk, int64_t incident_id)
{
    return desk->undo.unit_id != 0 && desk->undo.incident_id == incident_id &&
           g_get_monotonic_time() - desk->undo.done_us <= UNDO_US;
}

/* The unit is free again and is told so, and the incident waits as before unless others are on it:
 * one more event, nothing is overwritten. */
char *app_desk_undo(AppDesk *desk, GError **error)
{
    GeoAct act = app_desk_act(desk);
    AppDeskUndo undo = desk->undo;
    if (undo.unit_id == 0 || g_get_monotonic_time() - undo.done_us > UNDO_US) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_REFUSED,
                            undo.unit_id ? _("more than 60 s have passed: release the unit instead")
                                         : _("there is nothing to take back"));
        return NULL;
    }
    GeoDeed deed = {GEO_DEED_UNDO, undo.incident_id, 0, {.other_id = undo.deed_id}, false, false};
    if (!geo_store_do(desk->store, &act, &deed, 1, NULL, error))
        return NULL;
    desk->undo = (AppDeskUndo){0};
    if (!app_desk_load_queue(desk, NULL, error))
        return NULL;
    const GeoFleetUnit *unit = unit_of(desk, undo.unit_id);
    return g_strdup_printf(_("Taken back: %s is free again."),
                           unit && unit->code ? unit->code : "?");
}

/* ---- the simulator's own incidents ---- */

static guint32 draw(AppDesk *desk)
{
    desk->dice ^= desk->dice << 13; /* xorshift32, Marsaglia 2003 */
    desk->dice ^= desk->dice >> 17;
    desk->dice ^= desk->dice << 5;
    return desk->dice;
}

static const GeoIncident *waiting_within(const AppDesk *desk, const GeoBounds *bounds)
{
    const GeoIncident *best = NULL;
    for (guint i = 0; i < desk->open->rows->len; i++) {
        const GeoIncident *one = &g_array_index(desk->open->rows, GeoIncident, i);
        GeoLonLat p;
        if ((one->state != GEO_INCIDENT_RECEIVED && one->state != GEO_INCIDENT_CLASSIFIED) ||
            !geo_batch_first(desk->open, &one->row, &p) || p.lon < bounds->west ||
            p.lon > bounds->east || p.lat < bounds->south || p.lat > bounds->north)
            continue;
        if (!best || one->priority < best->priority)
            best = one;
    }
    return best;
}

/* The place is moved onto the nearest street, whose name it takes. */
static GeoBatch *incident_at(AppDesk *desk, GeoLonLat at, const char *category, int64_t priority,
                             const char *place)
{
    GeoBatch *batch = geo_batch_new(GEO_KIND_INCIDENT);
    GeoIncident *row = geo_batch_add(batch);
    GeoSnap snap = desk->network->facts.edges > 0
                       ? geo_network_snap(desk->network, geo_frame_xy(desk->frame, at),
                                          GEO_PROFILE_CAR, SNAP_M)
                       : (GeoSnap){.edge = -1};
    const GeoRoad *road = snap.edge >= 0 ? geo_network_road(desk->network, snap.edge) : NULL;
    GeoLonLat p = road ? geo_frame_lonlat(desk->frame, snap.at) : at;
    row->category = geo_batch_word(batch, category);
    row->priority = priority;
    row->place = geo_batch_word(batch, place ? place : road ? road->row.name : NULL);
    row->at_ms = app_desk_clock(desk);
    row->row.id = geo_act_new_id(row->at_ms);
    g_autofree char *code = g_strdup_printf("S%06u", draw(desk) % 1000000);
    row->row.code = geo_batch_text(batch, code);
    geo_batch_set_point(batch, p.lon, p.lat);
    return batch;
}

bool app_desk_stage(AppDesk *desk, GeoLonLat at, const GeoBounds *bounds, int64_t *id,
                    GError **error)
{
    *id = 0;
    if (!desk->simulate) /* the desk invents nothing in a real city */
        return true;
    const GeoIncident *waits = bounds ? waiting_within(desk, bounds) : NULL;
    if (waits) {
        *id = waits->row.id;
        return true;
    }
    g_autoptr(GeoBatch) batch = incident_at(desk, at, STAGED_CATEGORY, STAGED_PRIORITY, NULL);
    g_autofree char *said = app_desk_take(desk, batch, error);
    return said != NULL;
}

static bool load_model(AppDesk *desk, GError **error)
{
    int64_t at_ms = app_desk_clock(desk);
    GeoQuery query = {.from_ms = at_ms - MODEL_MS, .to_ms = at_ms};
    if (!desk->model)
        desk->model = geo_store_load(desk->store, GEO_KIND_INCIDENT, &query, error);
    return desk->model != NULL;
}

bool app_desk_raise(AppDesk *desk, GError **error)
{
    int64_t at_ms = app_desk_clock(desk);
    if (!desk->simulate || desk->paused || at_ms < desk->next_raise_ms)
        return true;
    bool first = desk->next_raise_ms == 0;
    desk->next_raise_ms = at_ms + RAISE_MS / 2 + draw(desk) % RAISE_MS;
    if (first)
        return true;
    if (!load_model(desk, error))
        return false;
    if (desk->model->rows->len == 0)
        return true;
    guint i = draw(desk) % desk->model->rows->len;
    const GeoIncident *like = &g_array_index(desk->model->rows, GeoIncident, i);
    GeoLonLat p;
    if (!geo_batch_first(desk->model, &like->row, &p))
        return true;
    g_autoptr(GeoBatch) batch = incident_at(desk, p, like->category, like->priority, like->place);
    g_autofree char *said = app_desk_take(desk, batch, error);
    return said != NULL;
}
