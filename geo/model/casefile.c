/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The fold: what each event makes of a case. */
#include "geo/model/casefile.h"

#include <string.h>

#include "geo/model/casefile-judge.h"

GeoCaseLog *geo_caselog_new(void)
{
    GeoCaseLog *log = g_new0(GeoCaseLog, 1);
    log->events = g_array_new(FALSE, TRUE, sizeof(GeoCaseEvent));
    log->text = g_string_chunk_new(512);
    return log;
}

void geo_caselog_free(GeoCaseLog *log)
{
    if (!log)
        return;
    g_array_unref(log->events);
    g_string_chunk_free(log->text);
    g_free(log);
}

static const char *keep(GeoCaseLog *log, const char *text)
{
    return text && *text ? g_string_chunk_insert_const(log->text, text) : NULL;
}

GeoCaseEvent *geo_caselog_add(GeoCaseLog *log, const GeoCaseEvent *event)
{
    GeoCaseEvent copy = *event;
    const char **texts[] = {&copy.actor,         &copy.role,
                            &copy.detail.reason, &copy.detail.item,
                            &copy.detail.area,   &copy.detail.category,
                            &copy.detail.place,  &copy.detail.department};
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++)
        *texts[i] = keep(log, *texts[i]);
    g_array_append_val(log->events, copy);
    return &g_array_index(log->events, GeoCaseEvent, log->events->len - 1);
}

/* ---- the fold ---- */

static int64_t when(const GeoCaseEvent *event)
{
    return event->detail.happened_ms ? event->detail.happened_ms : event->at_ms;
}

static GeoCaseUnit *find_unit(const GeoCase *one, int64_t unit_id)
{
    for (guint i = one->units->len; i-- > 0;) {
        GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, i);
        if (unit->unit_id == unit_id && unit->open)
            return unit;
    }
    return NULL;
}

/* The state by who is at work: the farthest of those that are on it, and never back because another
 * is sent, or because one of several has cleared. Who cleared before it went back to the queue is
 * at an end: whoever is sent then begins anew. */
static int state_at_work(const GeoCase *one)
{
    int top = one->body;
    bool open = false, cleared = false;
    for (guint i = 0; i < one->units->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, i);
        if (unit->open) {
            open = true;
            top = MAX(top, unit->stage);
        } else if (i >= one->n_before)
            cleared |= unit->stage == GEO_INCIDENT_CLEARED;
    }
    if (open && cleared)
        return MAX(top, MIN(one->state, GEO_INCIDENT_HANDLING));
    if (open || one->body >= 0)
        return top;
    return cleared ? GEO_INCIDENT_CLEARED : one->waiting;
}

static void move_unit(GeoCase *one, const GeoCaseEvent *event)
{
    int stage = geo_deed_stage(event->what);
    GeoCaseUnit *unit = find_unit(one, event->detail.unit_id);
    if (event->what == GEO_DEED_DISPATCH) {
        GeoCaseUnit sent = {.unit_id = event->detail.unit_id, .open = true, .cycle = one->cycle};
        g_array_append_val(one->units, sent);
        unit = &g_array_index(one->units, GeoCaseUnit, one->units->len - 1);
    }
    if (!unit)
        return;
    if (event->what == GEO_DEED_ARRIVE && event->detail.value == 1) {
        unit->arrived_gps_ms = when(event);
        return;
    }
    if (stage >= 0) {
        unit->stage = stage;
        unit->times[stage - GEO_INCIDENT_DISPATCHED].recorded_ms = when(event);
    } else {
        unit->off_ms = when(event);
        unit->preempted = event->what == GEO_DEED_PREEMPT;
        one->preempted += unit->preempted;
    }
    unit->open = stage >= 0 && stage != GEO_INCIDENT_CLEARED;
}

static void push_holder(GeoCase *one, const GeoCaseEvent *event)
{
    const GeoDeedDetail *detail = &event->detail;
    const GeoCaseHolder *last = geo_case_holder(one);
    GeoCaseHolder holder = {detail->level ? detail->level
                            : last        ? last->level
                                          : 0,
                            detail->ladder, detail->area, detail->department, event->at_ms};
    if (last && !holder.area)
        holder.area = last->area;
    if (last && !holder.department)
        holder.department = last->department;
    g_array_append_val(one->holders, holder);
}

/* What the deed changes beside states and units. */
static void take_detail(GeoCase *one, const GeoCaseEvent *event)
{
    const GeoDeedDetail *detail = &event->detail;
    if (event->what == GEO_DEED_TAKE || (event->what == GEO_DEED_STEP && detail->priority)) {
        one->category = one->item = one->place = NULL; /* it says all of them */
        one->at = (GeoLonLat){0, 0};
    }
    if (detail->priority)
        one->priority = detail->priority;
    if (detail->item)
        one->item = detail->item;
    if (detail->category)
        one->category = detail->category;
    if (detail->place)
        one->place = detail->place;
    if (detail->at.lon != 0 || detail->at.lat != 0)
        one->at = detail->at;
}

static void correct(GeoCase *one, const GeoCaseEvent *event)
{
    const GeoDeedDetail *detail = &event->detail;
    GeoCaseTime *time = &one->times[detail->value];
    for (guint i = one->units->len; detail->unit_id && i-- > 0;) {
        GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, i);
        if (unit->unit_id == detail->unit_id) {
            time = &unit->times[detail->value - GEO_INCIDENT_DISPATCHED];
            break;
        }
    }
    time->corrected_ms = detail->happened_ms;
}

static void park(GeoCase *one, const GeoCaseEvent *event)
{
    one->before = one->state;
    one->wake_ms = event->detail.until_ms;
}

static void unpark(GeoCase *one, const GeoCaseEvent *event)
{
    one->held_ms += event->at_ms - one->state_ms;
    one->waiting = one->before;
    one->wake_ms = 0;
}

/* It waits for somebody again; an import may say so while units are on it. */
static int queue(GeoCase *one, int to)
{
    if (geo_case_n_units(one) == 0)
        one->n_before = one->units->len;
    one->body = -1;
    return one->waiting = to;
}

static void classify(GeoCase *one)
{
    int *shown[] = {&one->waiting, &one->before};
    for (size_t i = 0; i < G_N_ELEMENTS(shown); i++)
        if (*shown[i] == GEO_INCIDENT_RECEIVED || *shown[i] == GEO_INCIDENT_REOPENED)
            *shown[i] = GEO_INCIDENT_CLASSIFIED;
}

static bool is_parked(const GeoCase *one)
{
    return one->state == GEO_INCIDENT_HELD || one->state == GEO_INCIDENT_SCHEDULED;
}

static bool is_waiting(const GeoCase *one)
{
    return one->state == one->waiting;
}

static void reopen(GeoCase *one)
{
    one->cycle++;
    memset(one->times, 0, sizeof one->times);
    one->duplicate_of = 0;
    one->satisfied = 2;
    queue(one, GEO_INCIDENT_REOPENED);
}

/* Fields first, then the state that follows from them. */
static int state_after(GeoCase *one, const GeoCaseEvent *event)
{
    bool waited = is_waiting(one);
    int to = geo_deed_rule(event->what)->to;
    switch (event->what) {
    case GEO_DEED_TAKE:
    case GEO_DEED_STEP:
        to = event->to;
        if (is_parked(one) && to != one->state)
            unpark(one, event);
        one->body = to >= GEO_INCIDENT_ACCEPTED && to <= GEO_INCIDENT_HANDLING ? to : -1;
        if (to <= GEO_INCIDENT_CLASSIFIED || to == GEO_INCIDENT_REOPENED ||
            to == GEO_INCIDENT_RAISED)
            return queue(one, to);
        return to;
    case GEO_DEED_CLASSIFY:
        classify(one);
        return waited ? one->waiting : one->state;
    case GEO_DEED_ROUTE:
        push_holder(one, event);
        return one->state;
    case GEO_DEED_RAISE:
        if (is_parked(one))
            unpark(one, event);
        one->raised++;
        push_holder(one, event);
        return queue(one, to);
    case GEO_DEED_RETURN:
        one->returned++;
        g_array_set_size(one->holders, one->holders->len - 1);
        return queue(one, to);
    case GEO_DEED_DISPATCH:
    case GEO_DEED_ACCEPT:
    case GEO_DEED_GO:
    case GEO_DEED_ARRIVE:
    case GEO_DEED_HANDLE:
    case GEO_DEED_CLEAR:
    case GEO_DEED_RELEASE:
    case GEO_DEED_PREEMPT:
        if (is_parked(one))
            unpark(one, event);
        if (event->detail.unit_id)
            move_unit(one, event);
        else
            one->body = geo_deed_stage(event->what);
        to = state_at_work(one);
        if (one->body == GEO_INCIDENT_CLEARED)
            one->body = -1;
        return to;
    case GEO_DEED_REWORK:
        one->reworked++;
        return one->body = to;
    case GEO_DEED_REPORT:
        one->result = event->detail.reason;
        break;
    case GEO_DEED_CALL_BACK:
        one->satisfied = (int)event->detail.value;
        break;
    case GEO_DEED_HOLD:
    case GEO_DEED_SCHEDULE:
        park(one, event);
        return to;
    case GEO_DEED_WAKE:
        unpark(one, event);
        return one->waiting;
    case GEO_DEED_MERGE:
        one->duplicate_of = event->detail.other_id;
        break;
    case GEO_DEED_REOPEN:
        reopen(one);
        break;
    case GEO_DEED_REVIEW:
    case GEO_DEED_CLOSE:
    case GEO_DEED_TRANSFER:
    case GEO_DEED_VOID:
        break;
    case GEO_DEED_CORRECT:
        correct(one, event);
        return one->state;
    default: /* a note, a place */
        return one->state;
    }
    if (is_parked(one)) /* the time that it was held counts, however it ends */
        unpark(one, event);
    one->body = -1;
    return to;
}

static void apply(GeoCase *one, GeoCaseEvent *event)
{
    int from = one->state;
    if (event->what == GEO_DEED_NOTE) { /* may stand behind a deed that was taken back */
        event->to = event->to < 0 ? from : event->to;
        return;
    }
    take_detail(one, event);
    int to = state_after(one, event);
    if (event->to < 0)
        event->to = to;
    one->torn |= event->to != to || (event->from >= 0 && event->from != from);
    one->state = to;
    GeoCaseTime *time = &one->times[to];
    if (time->recorded_ms == 0)
        time->recorded_ms = when(event);
    if (to != from || event->what == GEO_DEED_REOPEN)
        one->state_ms = event->at_ms;
}

/* ---- the whole ---- */

static void begin(GeoCase *one)
{
    const GArray *events = one->log->events;
    const GeoCaseEvent *first = events->len ? &g_array_index(events, GeoCaseEvent, 0) : NULL;
    g_array_set_size(one->holders, 0);
    g_array_set_size(one->units, 0);
    memset(one->times, 0, sizeof one->times);
    one->state = first && first->from >= 0 ? first->from : first ? first->to : one->state;
    one->state_ms = first ? first->at_ms : one->created_ms;
    one->waiting = one->state <= GEO_INCIDENT_CLASSIFIED || one->state == GEO_INCIDENT_REOPENED ||
                           one->state == GEO_INCIDENT_RAISED
                       ? one->state
                       : GEO_INCIDENT_RECEIVED;
    one->before = one->waiting;
    one->body = one->state >= GEO_INCIDENT_ACCEPTED && one->state <= GEO_INCIDENT_HANDLING
                    ? one->state
                    : -1;
    one->cycle = 1;
    one->n_before = 0;
    one->wake_ms = one->held_ms = one->duplicate_of = 0;
    one->raised = one->returned = one->reworked = one->preempted = 0;
    one->satisfied = 2;
    one->result = one->item = NULL;
    one->torn = false;
}

static void fold(GeoCase *one)
{
    GArray *events = one->log->events;
    begin(one);
    for (guint i = 0; i < events->len; i++) {
        GeoCaseEvent *event = &g_array_index(events, GeoCaseEvent, i);
        if (event->what != GEO_DEED_UNDO && !event->undone)
            apply(one, event);
    }
}

static void mark_undone(GeoCaseLog *log)
{
    for (guint i = 0; i < log->events->len; i++) {
        const GeoCaseEvent *undo = &g_array_index(log->events, GeoCaseEvent, i);
        if (undo->what == GEO_DEED_UNDO)
            geo_case_mark_undone(log, undo->detail.other_id);
    }
}

void geo_case_mark_undone(GeoCaseLog *log, int64_t deed_id)
{
    for (guint i = 0; i < log->events->len; i++) {
        GeoCaseEvent *event = &g_array_index(log->events, GeoCaseEvent, i);
        if (event->what != GEO_DEED_UNDO && event->deed_id == deed_id)
            event->undone = true;
    }
}

/* The row is not what its log says: an import brought it anew. That is a step as well, and is
 * written with the next deed. */
static void add_import(GeoCase *one, const GeoBatch *incidents, const GeoIncident *row)
{
    GeoCaseEvent event = {.incident_id = one->id,
                          .at_ms = one->state_ms,
                          .what = GEO_DEED_STEP,
                          .from = one->state,
                          .to = row->state,
                          .actor = "import",
                          .detail = {.category = row->category,
                                     .place = row->place,
                                     .priority = row->priority ? row->priority : 3}};
    if (!geo_batch_first(incidents, &row->row, &event.detail.at))
        event.detail.at = (GeoLonLat){0, 0};
    geo_case_append(one, &event);
}

GeoCase *geo_case_new(const GeoBatch *incidents, size_t i, GeoCaseLog *log)
{
    const GeoIncident *row = (const GeoIncident *)(const void *)geo_batch_row(incidents, i);
    GeoCase *one = g_new0(GeoCase, 1);
    one->log = log;
    one->id = row->row.id;
    one->version = row->row.version;
    one->code = keep(log, row->row.code);
    one->name = keep(log, row->row.name);
    one->category = keep(log, row->category);
    one->place = keep(log, row->place);
    one->area = keep(log, row->area);
    one->priority = row->priority;
    one->created_ms = row->at_ms;
    one->state = row->state;
    if (!geo_batch_first(incidents, &row->row, &one->at))
        one->at = (GeoLonLat){0, 0};
    one->holders = g_array_new(FALSE, TRUE, sizeof(GeoCaseHolder));
    one->units = g_array_new(FALSE, TRUE, sizeof(GeoCaseUnit));
    mark_undone(log);
    fold(one);
    if (log->events->len && one->state != row->state)
        add_import(one, incidents, row);
    return one;
}

void geo_case_free(GeoCase *one)
{
    if (!one)
        return;
    g_array_unref(one->holders);
    g_array_unref(one->units);
    geo_caselog_free(one->log);
    g_free(one);
}

void geo_case_append(GeoCase *one, const GeoCaseEvent *event)
{
    GeoCaseEvent *kept = geo_caselog_add(one->log, event);
    if (kept->what != GEO_DEED_UNDO) {
        apply(one, kept);
        return;
    }
    int before = one->state;
    geo_case_mark_undone(one->log, kept->detail.other_id);
    fold(one);
    kept = &g_array_index(one->log->events, GeoCaseEvent, one->log->events->len - 1);
    kept->from = before;
    kept->to = one->state;
}

bool geo_case_lacks_beginning(const GeoCase *one)
{
    for (guint i = 0; i < one->log->events->len; i++)
        if (g_array_index(one->log->events, GeoCaseEvent, i).detail.priority > 0)
            return false;
    return true;
}

void geo_case_add_beginning(GeoCase *one, const GeoAct *act)
{
    GeoCaseEvent event = {.incident_id = one->id,
                          .at_ms = one->log->events->len ? act->now_ms : one->created_ms,
                          .what = GEO_DEED_STEP,
                          .from = one->log->events->len ? one->state : -1,
                          .to = one->state,
                          .actor = act->actor,
                          .role = geo_role_words[act->role],
                          .detail = {.category = one->category,
                                     .place = one->place,
                                     .priority = one->priority ? one->priority : 3,
                                     .at = one->at}};
    geo_case_append(one, &event);
}

/* ---- asking ---- */

const GeoCaseHolder *geo_case_holder(const GeoCase *one)
{
    return one->holders->len ? &g_array_index(one->holders, GeoCaseHolder, one->holders->len - 1)
                             : NULL;
}

const GeoCaseUnit *geo_case_unit(const GeoCase *one, int64_t unit_id)
{
    return find_unit(one, unit_id);
}

guint geo_case_n_units(const GeoCase *one)
{
    guint n = 0;
    for (guint i = 0; i < one->units->len; i++)
        n += g_array_index(one->units, GeoCaseUnit, i).open;
    return n;
}

int64_t geo_case_time(GeoCaseTime time)
{
    return time.corrected_ms ? time.corrected_ms : time.recorded_ms;
}

static void write_place(const GeoCase *one, GeoBatch *batch, GeoRow *row)
{
    if (one->at.lon == 0 && one->at.lat == 0) {
        row->shape = GEO_SHAPE_NONE;
        row->n_parts = 0;
    } else if (row->n_parts == 0)
        geo_batch_set_point(batch, one->at.lon, one->at.lat);
    else
        g_array_index(batch->points, GeoLonLat, g_array_index(batch->parts, uint32_t, row->part0)) =
            one->at;
}

void geo_case_write(const GeoCase *one, GeoBatch *batch)
{
    GeoIncident *incident = (GeoIncident *)(void *)geo_batch_row(batch, batch->rows->len - 1);
    incident->category = geo_batch_text(batch, one->category);
    incident->place = geo_batch_text(batch, one->place);
    incident->priority = one->priority;
    incident->state = one->state;
    incident->row.version = one->version;
    write_place(one, batch, &incident->row);
}

GeoUnitStatus geo_case_unit_status(int stage)
{
    static const GeoUnitStatus of[GEO_N_UNIT_STAGES] = {GEO_STATUS_DISPATCHED, GEO_STATUS_ACCEPTED,
                                                        GEO_STATUS_EN_ROUTE,   GEO_STATUS_ON_SCENE,
                                                        GEO_STATUS_HANDLING,   GEO_STATUS_CLEARED};
    return stage >= GEO_INCIDENT_DISPATCHED && stage <= GEO_INCIDENT_CLEARED
               ? of[stage - GEO_INCIDENT_DISPATCHED]
               : GEO_STATUS_AVAILABLE;
}
