/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Deeds on incidents, for every back end: load the cases that are touched, judge all, then write
 * what has changed. */
#include "geo/store/deeds.h"

#include <string.h>

#include "geo/model/error.h"
#include "geo/model/status.h"
#include "geo/store/backend.h"

/* A case within an act, and who was on it before. */
typedef struct {
    GeoCase *one;
    GeoBatch *row;
    GArray *before;               /* GeoCaseUnit: open ones, as they were */
    const char *category, *place; /* as they were: what its units know; the case's */
    int64_t priority;
    GeoLonLat at;
    bool is_new;
    bool news;   /* something was done to it, and is being written */
    guint n_old; /* events that were there before */
} Touched;

typedef struct {
    GeoBackend *backend;
    const GeoDeedOps *ops;
    const GeoAct *act;
    GPtrArray *touched; /* Touched, in the order they came up */
    int64_t told;       /* the incident whose change the act's end writes down */
    char name[64];      /* of the unit that errors speak of */
} Desk;

static void touched_free(gpointer data)
{
    Touched *touched = data;
    geo_case_free(touched->one);
    geo_batch_free(touched->row);
    g_array_unref(touched->before);
    g_free(touched);
}

static void desk_init(Desk *desk, GeoBackend *backend, const GeoAct *act)
{
    *desk = (Desk){.backend = backend, .ops = backend->ops->deeds, .act = act};
    desk->touched = g_ptr_array_new_with_free_func(touched_free);
}

static void desk_clear(Desk *desk)
{
    g_ptr_array_unref(desk->touched);
}

static bool fail(GError **error, GeoErrorCode code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(GError **error, GeoErrorCode code, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    g_autofree char *text = g_strdup_vprintf(format, arguments);
    va_end(arguments);
    g_set_error_literal(error, GEO_ERROR, code, text);
    return false;
}

/* ---- the cases ---- */

static void note_before(Touched *touched)
{
    for (guint i = 0; i < touched->one->units->len; i++) {
        GeoCaseUnit unit = g_array_index(touched->one->units, GeoCaseUnit, i);
        if (unit.open)
            g_array_append_val(touched->before, unit);
    }
}

static Touched *add_touched(Desk *desk, GeoCase *one, GeoBatch *row, bool is_new)
{
    Touched *touched = g_new0(Touched, 1);
    touched->one = one;
    touched->row = row;
    touched->is_new = is_new;
    touched->n_old = one->log->events->len - is_new;
    touched->category = one->category;
    touched->place = one->place;
    touched->priority = one->priority;
    touched->at = one->at;
    touched->before = g_array_new(FALSE, TRUE, sizeof(GeoCaseUnit));
    note_before(touched);
    g_ptr_array_add(desk->touched, touched);
    return touched;
}

static Touched *find_touched(const Desk *desk, int64_t incident_id)
{
    for (guint i = 0; i < desk->touched->len; i++) {
        Touched *touched = g_ptr_array_index(desk->touched, i);
        if (touched->one->id == incident_id)
            return touched;
    }
    return NULL;
}

static bool fail_missing(GError **error, int64_t incident_id)
{
    return fail(error, GEO_ERROR_MISSING, "there is no incident %" G_GINT64_FORMAT, incident_id);
}

static GeoCase *touch(Desk *desk, int64_t incident_id, GError **error)
{
    Touched *known = find_touched(desk, incident_id);
    if (known)
        return known->one;
    g_autoptr(GeoBatch) row =
        desk->ops->rows(desk->backend, GEO_KIND_INCIDENT, &(GeoQuery){.id = incident_id}, error);
    if (!row)
        return NULL;
    if (row->rows->len == 0) {
        fail_missing(error, incident_id);
        return NULL;
    }
    GeoCase *one = geo_deeds_case(desk->backend, row, 0, error);
    if (!one)
        return NULL;
    /* One that came with an import first says what it was. */
    if (geo_case_lacks_beginning(one))
        geo_case_add_beginning(one, desk->act);
    return add_touched(desk, one, g_steal_pointer(&row), false)->one;
}

/* As errors call it: by its code, or else its number. */
static const char *name_unit(Desk *desk, int64_t unit_id, const GeoUnitNow *now)
{
    if (*now->code)
        g_snprintf(desk->name, sizeof desk->name, "unit %s", now->code);
    else
        g_snprintf(desk->name, sizeof desk->name, "unit %" G_GINT64_FORMAT, unit_id);
    return desk->name;
}

/* ---- judging what lies beyond one case ---- */

/* The incident that the unit is on, after what was done so far; 0: none. */
static int64_t incident_of(const Desk *desk, int64_t unit_id, const GeoUnitNow *now)
{
    for (guint i = 0; i < desk->touched->len; i++) {
        const Touched *touched = g_ptr_array_index(desk->touched, i);
        if (geo_case_unit(touched->one, unit_id))
            return touched->one->id;
    }
    return now->incident_id && !find_touched(desk, now->incident_id) ? now->incident_id : 0;
}

static bool take_off(Desk *desk, const GeoDeed *deed, int64_t other_id, const GeoUnitNow *now,
                     GError **error)
{
    GeoCase *one = find_touched(desk, deed->incident_id)->one;
    GeoCase *other = touch(desk, other_id, error);
    if (!other)
        return false;
    if (!deed->preempt)
        return fail(error, GEO_ERROR_REFUSED,
                    "%s is on %s: release it first, or take it off by pre-empting",
                    name_unit(desk, deed->detail.unit_id, now), geo_deeds_called(other));
    bool urgent = one->priority < other->priority;
    bool may = urgent || (deed->override && deed->detail.reason && *deed->detail.reason);
    if (!may)
        return fail(error, GEO_ERROR_REFUSED,
                    "%s (priority %" G_GINT64_FORMAT ") is not more urgent than %s (priority "
                    "%" G_GINT64_FORMAT "), which %s is on: override it with a reason",
                    geo_deeds_called(one), one->priority, geo_deeds_called(other), other->priority,
                    name_unit(desk, deed->detail.unit_id, now));
    GeoDeed off = {.what = GEO_DEED_PREEMPT,
                   .incident_id = other_id,
                   .detail = {.unit_id = deed->detail.unit_id,
                              .other_id = deed->incident_id,
                              .reason = deed->detail.reason}};
    return geo_case_do(other, &off, desk->act, error);
}

static bool judge_status(Desk *desk, const GeoDeed *deed, const GeoUnitNow *now, GError **error)
{
    if (geo_status_flags(now->status).available ||
        (now->status == GEO_STATUS_OFF && deed->on_duty) ||
        (deed->override && deed->detail.reason && *deed->detail.reason))
        return true;
    return fail(error, GEO_ERROR_REFUSED,
                "%s is %s and cannot be sent: %soverride it with a reason",
                name_unit(desk, deed->detail.unit_id, now), geo_unit_status_words[now->status],
                now->status == GEO_STATUS_OFF ? "sign it on, or " : "");
}

static bool judge_dispatch(Desk *desk, const GeoDeed *deed, GError **error)
{
    GeoUnitNow now;
    if (deed->detail.unit_id == 0)
        return true;
    if (!desk->ops->find_unit(desk->backend, deed->detail.unit_id, &now, error))
        return false;
    int64_t on = incident_of(desk, deed->detail.unit_id, &now);
    if (on == deed->incident_id)
        return true; /* the case says it better */
    return on ? take_off(desk, deed, on, &now, error) : judge_status(desk, deed, &now, error);
}

/* No ring of duplicates, and none of something that is no incident. */
static bool judge_merge(Desk *desk, const GeoDeed *deed, GError **error)
{
    if (deed->detail.other_id == 0 || deed->detail.other_id == deed->incident_id)
        return true;
    GeoCase *one = find_touched(desk, deed->incident_id)->one;
    GeoCase *main = touch(desk, deed->detail.other_id, error);
    if (!main)
        return false;
    if (main->state == GEO_INCIDENT_DUPLICATE || main->state == GEO_INCIDENT_VOID)
        return fail(error, GEO_ERROR_REFUSED, "%s is %s itself: %s cannot be a duplicate of it",
                    geo_deeds_called(main), geo_incident_state_words[main->state],
                    geo_deeds_called(one));
    return true;
}

/* Who takes a deed back may have done it; who does not name it means one of his own. */
static bool judge_undo(Desk *desk, const GeoCase *one, int64_t deed_id, bool named, GError **error)
{
    for (guint i = 0; i < one->log->events->len; i++) {
        const GeoCaseEvent *event = &g_array_index(one->log->events, GeoCaseEvent, i);
        GeoOp op = geo_deed_rule(event->what)->op;
        if (event->deed_id != deed_id)
            continue;
        if (!geo_rights_may(desk->act->role, op))
            return fail(error, GEO_ERROR_REFUSED, "%s: role '%s' may not %s, nor take it back",
                        geo_deeds_called(one), geo_role_words[desk->act->role], geo_op_words[op]);
        if (!named && g_strcmp0(event->actor, desk->act->actor))
            return fail(error, GEO_ERROR_REFUSED,
                        "%s: the last deed, %s, is of %s: name deed %" G_GINT64_FORMAT
                        " to take it back",
                        geo_deeds_called(one), geo_deed_words[event->what],
                        event->actor ? event->actor : "somebody else", deed_id);
    }
    return true;
}

static bool undo(Desk *desk, const GeoDeed *deed, GError **error)
{
    GeoCase *asked = find_touched(desk, deed->incident_id)->one;
    GeoDeed back = *deed;
    if (back.detail.other_id == 0)
        back.detail.other_id = geo_case_last_deed(asked, desk->act->now_ms);
    if (back.detail.other_id == 0)
        return fail(error, GEO_ERROR_REFUSED,
                    "%s: there is nothing of the last 60 s that can be taken back",
                    geo_deeds_called(asked));
    g_autoptr(GArray) ids = desk->ops->touched(desk->backend, back.detail.other_id, error);
    if (!ids)
        return false;
    if (ids->len == 0)
        return fail(error, GEO_ERROR_MISSING, "there is no deed %" G_GINT64_FORMAT,
                    back.detail.other_id);
    bool of_asked = false;
    for (guint i = 0; i < ids->len; i++)
        of_asked |= g_array_index(ids, int64_t, i) == asked->id;
    if (!of_asked) /* a number mistyped would take another incident's deed back unseen */
        return fail(error, GEO_ERROR_REFUSED,
                    "%s: deed %" G_GINT64_FORMAT " is of another incident", geo_deeds_called(asked),
                    back.detail.other_id);
    for (guint i = 0; i < ids->len; i++) {
        GeoCase *one = touch(desk, g_array_index(ids, int64_t, i), error);
        back.incident_id = one ? one->id : 0;
        back.version = one == asked ? deed->version : 0;
        if (!one || !judge_undo(desk, one, back.detail.other_id, deed->detail.other_id, error) ||
            !geo_case_do(one, &back, desk->act, error))
            return false;
    }
    return true;
}

static bool do_one(Desk *desk, const GeoDeed *deed, GError **error)
{
    GeoCase *one = touch(desk, deed->incident_id, error);
    if (!one)
        return false;
    if (deed->what == GEO_DEED_UNDO)
        return undo(desk, deed, error);
    if (deed->what == GEO_DEED_TAKE || deed->what == GEO_DEED_STEP ||
        deed->what == GEO_DEED_PREEMPT)
        return fail(error, GEO_ERROR_REFUSED, "%s: %s is not done by itself", geo_deeds_called(one),
                    geo_deed_words[deed->what]);
    if (deed->what == GEO_DEED_DISPATCH && !judge_dispatch(desk, deed, error))
        return false;
    if (deed->what == GEO_DEED_MERGE && !judge_merge(desk, deed, error))
        return false;
    GeoUnitNow now;
    GeoDeed named = *deed;
    if (deed->detail.unit_id &&
        desk->ops->find_unit(desk->backend, deed->detail.unit_id, &now, NULL))
        named.unit_code = now.code;
    return geo_case_do(one, &named, desk->act, error);
}

/* An undo may bring a unit back to where it was, while it is elsewhere by now. */
static bool judge_places(Desk *desk, const Touched *touched, GError **error)
{
    for (guint i = 0; i < touched->one->units->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(touched->one->units, GeoCaseUnit, i);
        GeoUnitNow now;
        if (!unit->open)
            continue;
        if (!desk->ops->find_unit(desk->backend, unit->unit_id, &now, error))
            return false;
        bool elsewhere = now.incident_id && now.incident_id != touched->one->id &&
                         !find_touched(desk, now.incident_id);
        for (guint k = 0; k < desk->touched->len; k++) {
            const Touched *other = g_ptr_array_index(desk->touched, k);
            elsewhere |= other != touched && geo_case_unit(other->one, unit->unit_id);
        }
        if (elsewhere)
            return fail(error, GEO_ERROR_REFUSED, "%s is on another incident by now",
                        name_unit(desk, unit->unit_id, &now));
    }
    return true;
}

/* ---- writing ---- */

static const GeoCaseUnit *was_on(const Touched *touched, int64_t unit_id)
{
    for (guint i = 0; i < touched->before->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(touched->before, GeoCaseUnit, i);
        if (unit->unit_id == unit_id)
            return unit;
    }
    return NULL;
}

static bool tell(Desk *desk, int64_t incident_id, int64_t unit_id, GeoMessageWhat what,
                 GError **error)
{
    GeoMessage message = {.incident_id = incident_id,
                          .unit_id = unit_id,
                          .what = what,
                          .state = GEO_MESSAGE_QUEUED,
                          .queued_ms = desk->act->now_ms};
    return desk->ops->add_message(desk->backend, &message, error);
}

/* The status that people see; an emergency stays in sight. */
static bool show(Desk *desk, int64_t unit_id, const GeoUnitNow *now, GeoUnitStatus status,
                 GError **error)
{
    if (now->status == GEO_STATUS_SOS)
        status = GEO_STATUS_SOS;
    return desk->ops->put_status(desk->backend, unit_id, status, error) &&
           desk->ops->log_change(desk->backend, desk->act, "unit", unit_id, now->version + 1,
                                 error);
}

/* What was done last to the unit in this act; NULL: something was taken back. */
static const GeoCaseEvent *deed_on(const Touched *touched, int64_t unit_id)
{
    const GArray *events = touched->one->log->events;
    for (guint i = events->len; i-- > touched->n_old;) {
        const GeoCaseEvent *event = &g_array_index(events, GeoCaseEvent, i);
        if (event->detail.unit_id == unit_id && !event->undone)
            return event;
    }
    return NULL;
}

/* What the units on it were told is another now, be it said or taken back. */
static bool was_changed(const Touched *touched)
{
    const GeoCase *one = touched->one;
    return one->at.lon != touched->at.lon || one->at.lat != touched->at.lat ||
           one->priority != touched->priority || g_strcmp0(one->place, touched->place) ||
           g_strcmp0(one->category, touched->category);
}

static bool end_part(Desk *desk, const Touched *touched, const GeoCaseUnit *unit, GError **error)
{
    GeoUnitNow now;
    GeoPart part = {GEO_PART_CLOSE, touched->one->id, unit->unit_id, desk->act->now_ms, 0};
    if (!desk->ops->find_unit(desk->backend, unit->unit_id, &now, error) ||
        !desk->ops->put_part(desk->backend, &part, error) ||
        !show(desk, unit->unit_id, &now, now.before, error))
        return false;
    const GeoCaseEvent *last = deed_on(touched, unit->unit_id);
    if (last && last->what == GEO_DEED_CLEAR)
        return true;
    GeoMessageWhat what = !last                            ? GEO_MESSAGE_UNDO
                          : last->what == GEO_DEED_PREEMPT ? GEO_MESSAGE_PREEMPT
                                                           : GEO_MESSAGE_CANCEL;
    return tell(desk, touched->one->id, unit->unit_id, what, error);
}

static bool begin_part(Desk *desk, const Touched *touched, const GeoCaseUnit *unit, GError **error)
{
    GeoUnitNow now;
    bool sent = deed_on(touched, unit->unit_id) != NULL;
    GeoPart part = {sent ? GEO_PART_OPEN : GEO_PART_RESUME, touched->one->id, unit->unit_id,
                    desk->act->now_ms, 0};
    if (!desk->ops->find_unit(desk->backend, unit->unit_id, &now, error))
        return false;
    part.before = geo_status_flags(now.status).available ? now.status : GEO_STATUS_AVAILABLE;
    return desk->ops->put_part(desk->backend, &part, error) &&
           show(desk, unit->unit_id, &now, geo_case_unit_status(unit->stage), error) &&
           tell(desk, touched->one->id, unit->unit_id, GEO_MESSAGE_DISPATCH, error);
}

static void set_accepted(GeoMessage *message, int64_t at_ms)
{
    message->accepted_ms = at_ms;
    message->state = at_ms                   ? GEO_MESSAGE_ACCEPTED
                     : message->delivered_ms ? GEO_MESSAGE_DELIVERED
                     : message->sent_ms      ? GEO_MESSAGE_SENT
                                             : GEO_MESSAGE_QUEUED;
}

/* The newest order to the unit is accepted by what its person says, and is not when that was taken
 * back: at_ms 0. */
static bool accept_message(Desk *desk, const Touched *touched, int64_t unit_id, int64_t at_ms,
                           GError **error)
{
    GeoMessageQuery query = {.incident_id = touched->one->id, .unit_id = unit_id};
    g_autoptr(GeoMessages) messages = desk->ops->messages(desk->backend, &query, error);
    if (!messages)
        return false;
    for (guint i = messages->rows->len; i-- > 0;) {
        GeoMessage *message = &g_array_index(messages->rows, GeoMessage, i);
        if (message->what != GEO_MESSAGE_DISPATCH)
            continue;
        if (!message->accepted_ms == !at_ms)
            return true;
        set_accepted(message, at_ms);
        return desk->ops->set_message(desk->backend, message, error);
    }
    return true;
}

static bool move_part(Desk *desk, const Touched *touched, const GeoCaseUnit *unit, int stage_before,
                      GError **error)
{
    GeoUnitNow now;
    if (unit->stage == stage_before)
        return true;
    return desk->ops->find_unit(desk->backend, unit->unit_id, &now, error) &&
           show(desk, unit->unit_id, &now, geo_case_unit_status(unit->stage), error) &&
           accept_message(desk, touched, unit->unit_id,
                          unit->stage == GEO_INCIDENT_DISPATCHED ? 0 : desk->act->now_ms, error);
}

/* Ends come before beginnings, over all cases: a unit is on one at a time. */
static bool write_ends(Desk *desk, const Touched *touched, GError **error)
{
    for (guint i = 0; i < touched->before->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(touched->before, GeoCaseUnit, i);
        if (!geo_case_unit(touched->one, unit->unit_id) && !end_part(desk, touched, unit, error))
            return false;
    }
    return true;
}

static bool write_beginnings(Desk *desk, const Touched *touched, GError **error)
{
    bool changed = was_changed(touched);
    for (guint i = 0; i < touched->one->units->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(touched->one->units, GeoCaseUnit, i);
        const GeoCaseUnit *was = was_on(touched, unit->unit_id);
        if (!unit->open)
            continue;
        if (was ? !move_part(desk, touched, unit, was->stage, error)
                : !begin_part(desk, touched, unit, error))
            return false;
        if (was && changed &&
            !tell(desk, touched->one->id, unit->unit_id, GEO_MESSAGE_CHANGE, error))
            return false;
    }
    return true;
}

static bool write_events(Desk *desk, const Touched *touched, int64_t *deed_id, GError **error)
{
    GArray *events = touched->one->log->events;
    for (guint i = 0; i < events->len; i++) {
        GeoCaseEvent *event = &g_array_index(events, GeoCaseEvent, i);
        bool beginning = event->what == GEO_DEED_STEP;
        if (event->seq != 0)
            continue;
        event->deed_id = beginning ? 0 : *deed_id;
        if (!desk->ops->add_event(desk->backend, event, error))
            return false;
        if (!beginning)
            *deed_id = event->deed_id;
    }
    return true;
}

static bool write_row(Desk *desk, Touched *touched, GError **error)
{
    g_autoptr(GeoBatch) row = geo_batch_new(GEO_KIND_INCIDENT);
    geo_batch_copy_row(row, touched->row, 0);
    geo_case_write(touched->one, row);
    return desk->ops->put_incident(desk->backend, row, touched->is_new, error);
}

static bool has_news(const Touched *touched)
{
    for (guint i = 0; i < touched->one->log->events->len; i++) {
        const GeoCaseEvent *event = &g_array_index(touched->one->log->events, GeoCaseEvent, i);
        if (event->seq == 0 && event->what != GEO_DEED_STEP)
            return true;
    }
    return false;
}

static bool write_all(Desk *desk, int64_t *deed_id, GError **error)
{
    bool ok = true;
    *deed_id = 0;
    for (guint i = 0; ok && i < desk->touched->len; i++) {
        Touched *touched = g_ptr_array_index(desk->touched, i);
        touched->news = has_news(touched);
        ok = !touched->news ||
             (write_row(desk, touched, error) && write_events(desk, touched, deed_id, error) &&
              write_ends(desk, touched, error) &&
              (touched->one->id == desk->told ||
               desk->ops->log_change(desk->backend, desk->act, "incident", touched->one->id,
                                     touched->one->version, error)));
    }
    for (guint i = 0; ok && i < desk->touched->len; i++) {
        const Touched *touched = g_ptr_array_index(desk->touched, i);
        ok = !touched->news || write_beginnings(desk, touched, error);
    }
    return ok;
}

/* ---- the operations ---- */

static bool judge_all(Desk *desk, const GeoDeed *deeds, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (!do_one(desk, &deeds[i], error))
            return false;
    for (guint i = 0; i < desk->touched->len; i++)
        if (!judge_places(desk, g_ptr_array_index(desk->touched, i), error))
            return false;
    return true;
}

static void tell_done(const Desk *desk, const GeoDeed *deeds, size_t n, int64_t deed_id,
                      GeoDeedDone *done)
{
    for (size_t i = 0; done && i < n; i++) {
        const GeoCase *one = find_touched(desk, deeds[i].incident_id)->one;
        done[i] = (GeoDeedDone){one->version, deed_id, (GeoIncidentState)one->state};
    }
}

/* A retry: what there is now. */
static bool tell_again(GeoBackend *backend, const GeoDeed *deeds, size_t n, GeoDeedDone *done,
                       GError **error)
{
    for (size_t i = 0; done && i < n; i++) {
        GeoQuery query = {.id = deeds[i].incident_id};
        g_autoptr(GeoBatch) row = backend->ops->load(backend, GEO_KIND_INCIDENT, &query, error);
        if (!row)
            return false;
        const GeoIncident *incident =
            row->rows->len ? &g_array_index(row->rows, GeoIncident, 0) : NULL;
        done[i] = (GeoDeedDone){incident ? incident->row.version : 0, 0,
                                incident ? (GeoIncidentState)incident->state : 0};
    }
    return true;
}

static char *dup_words(const GeoDeed *deeds, size_t n)
{
    GString *words = g_string_new(NULL);
    for (size_t i = 0; i < n && i < 8; i++) {
        g_string_append_printf(words, "%s%s", i ? ", " : "", geo_deed_words[deeds[i].what]);
        if (deeds[i].detail.unit_id)
            g_string_append_printf(words, " %" G_GINT64_FORMAT, deeds[i].detail.unit_id);
    }
    return g_string_free(words, FALSE);
}

bool geo_deeds_do(GeoBackend *backend, const GeoAct *act, const GeoDeed *deeds, size_t n,
                  GeoDeedDone *done, GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    bool again;
    int64_t version, deed_id;
    if (!ops->begin(backend, act, &again, &version, error))
        return false;
    if (again)
        return tell_again(backend, deeds, n, done, error);
    Desk desk;
    desk_init(&desk, backend, act);
    desk.told = deeds[0].incident_id;
    bool ok = judge_all(&desk, deeds, n, error) && write_all(&desk, &deed_id, error);
    if (ok) {
        const GeoCase *first = find_touched(&desk, deeds[0].incident_id)->one;
        g_autofree char *words = dup_words(deeds, n);
        tell_done(&desk, deeds, n, deed_id, done);
        ok = ops->end(backend, act, geo_deed_rule(deeds[0].what)->op, "incident", first->id,
                      first->version, words, error);
    } else
        ops->fail(backend);
    desk_clear(&desk);
    return ok;
}

/* The first event says everything that later ones may change. */
static GeoCase *begin_case(const GeoBatch *incident, const GeoAct *act)
{
    const GeoIncident *row = &g_array_index(incident->rows, GeoIncident, 0);
    GeoCaseLog *log = geo_caselog_new();
    GeoCaseEvent event = {.incident_id = row->row.id,
                          .at_ms = act->now_ms,
                          .what = GEO_DEED_TAKE,
                          .from = -1,
                          .to = GEO_INCIDENT_RECEIVED,
                          .actor = act->actor,
                          .role = geo_role_words[act->role],
                          .detail = {.category = row->category,
                                     .place = row->place,
                                     .priority = row->priority ? row->priority : 3}};
    if (!geo_batch_first(incident, &row->row, &event.detail.at))
        event.detail.at = (GeoLonLat){0, 0};
    geo_caselog_add(log, &event);
    return geo_case_new(incident, 0, log);
}

static bool take(Desk *desk, const GeoBatch *incident, const GeoReport *report, const GeoDeed *then,
                 size_t n_then, int64_t *version, GError **error)
{
    const GeoRow *head = geo_batch_row(incident, 0);
    GeoBatch *row = geo_batch_new(GEO_KIND_INCIDENT);
    geo_batch_copy_row(row, incident, 0);
    GeoCase *one = add_touched(desk, begin_case(incident, desk->act), row, true)->one;
    for (size_t i = 0; i < n_then; i++) {
        GeoDeed deed = then[i];
        deed.incident_id = head->id;
        deed.version = 0;
        if (!do_one(desk, &deed, error))
            return false;
    }
    one->version = 1;
    *version = 1;
    int64_t deed_id;
    return write_all(desk, &deed_id, error) &&
           (!report || desk->ops->put_report(desk->backend, head->id, report, error));
}

/* 1: an incident has that number, 0: none, -1: it could not be asked. */
static int has_number(GeoBackend *backend, const char *code, GError **error)
{
    g_autoptr(GeoBatch) rows =
        backend->ops->deeds->rows(backend, GEO_KIND_INCIDENT, &(GeoQuery){.code = code}, error);
    return !rows ? -1 : rows->rows->len > 0;
}

/* People call an incident by its number: no two are taken under one. */
static bool number(GeoBackend *backend, GeoBatch *incident, GError **error)
{
    GeoRow *row = geo_batch_row(incident, 0);
    int64_t seq;
    int has;
    if (row->code) {
        has = has_number(backend, row->code, error);
        return has == 0 || (has > 0 && fail(error, GEO_ERROR_REFUSED,
                                            "there is an incident '%s' already: leave its number "
                                            "out, and it gets the city's next",
                                            row->code));
    }
    if (!backend->ops->deeds->next_seq(backend, &seq, error))
        return false;
    g_autofree char *code = NULL;
    do { /* an import may have brought the next one */
        g_free(code);
        code = g_strdup_printf("N-%" G_GINT64_FORMAT, seq++);
    } while ((has = has_number(backend, code, error)) > 0);
    row->code = geo_batch_text(incident, code);
    return has == 0;
}

static void tell_taken(GeoTaken *taken, const GeoBatch *rows, int64_t id, bool already)
{
    const GeoRow *row = rows && rows->rows->len ? geo_batch_row(rows, 0) : NULL;
    *taken = (GeoTaken){.incident_id = id, .already = already};
    g_strlcpy(taken->code, row && row->code ? row->code : "", sizeof taken->code);
}

/* It was here before: by its command, or by its source and number. */
static bool tell_known(GeoBackend *backend, int64_t id, GeoTaken *taken, GError **error)
{
    g_autoptr(GeoBatch) rows =
        backend->ops->load(backend, GEO_KIND_INCIDENT, &(GeoQuery){.id = id}, error);
    tell_taken(taken, rows, id, true);
    return rows != NULL;
}

static bool take_new(GeoBackend *backend, const GeoAct *act, GeoBatch *incident,
                     const GeoReport *report, const GeoDeed *then, size_t n_then, GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    int64_t id = geo_batch_row(incident, 0)->id, version;
    g_autoptr(GeoBatch) rows = ops->rows(backend, GEO_KIND_INCIDENT, &(GeoQuery){.id = id}, error);
    if (!rows || rows->rows->len) {
        if (rows)
            fail(error, GEO_ERROR_DATA, "incident %" G_GINT64_FORMAT " exists already", id);
        return ops->fail(backend);
    }
    Desk desk;
    desk_init(&desk, backend, act);
    desk.told = id;
    bool ok = number(backend, incident, error) &&
              take(&desk, incident, report, then, n_then, &version, error);
    desk_clear(&desk);
    return ok ? ops->end(backend, act, GEO_OP_TAKE_INCIDENT, "incident", id, version, "take", error)
              : ops->fail(backend);
}

bool geo_deeds_take(GeoBackend *backend, const GeoAct *act, GeoBatch *incident,
                    const GeoReport *report, const GeoDeed *then, size_t n_then, GeoTaken *taken,
                    GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    int64_t id = geo_batch_row(incident, 0)->id, known = 0, version;
    bool again;
    if (!ops->begin(backend, act, &again, &version, error))
        return false;
    if (again)
        return tell_known(backend, id, taken, error);
    if (report && report->source_no &&
        !ops->find_report(backend, report->source, report->source_no, &known, error))
        return ops->fail(backend);
    if (known) {
        ops->fail(backend); /* nothing was written */
        return tell_known(backend, known, taken, error);
    }
    if (!take_new(backend, act, incident, report, then, n_then, error))
        return false;
    tell_taken(taken, incident, id, false);
    return true;
}

bool geo_deeds_free_unit(GeoBackend *backend, const GeoAct *act, int64_t unit_id, GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    GeoUnitNow now;
    bool again;
    int64_t version;
    if (!ops->begin(backend, act, &again, &version, error))
        return false;
    if (again)
        return true;
    if (!ops->find_unit(backend, unit_id, &now, error))
        return ops->fail(backend);
    if (now.incident_id == 0) {
        fail(error, GEO_ERROR_REFUSED, "unit %" G_GINT64_FORMAT " is on no incident", unit_id);
        return ops->fail(backend);
    }
    GeoPart part = {GEO_PART_CLOSE, now.incident_id, unit_id, act->now_ms, 0};
    if (!ops->put_part(backend, &part, error) ||
        !ops->put_status(backend, unit_id, now.status == GEO_STATUS_SOS ? now.status : now.before,
                         error))
        return ops->fail(backend);
    return ops->end(backend, act, GEO_OP_ASSIGN_UNIT, "unit", unit_id, now.version + 1, "release",
                    error);
}
