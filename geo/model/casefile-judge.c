/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The judge: may this be done to the case now, and does it say what it must? */
#include "geo/model/casefile-judge.h"

#include "geo/model/error.h"

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

static const char *called(const GeoCase *one)
{
    return one->code ? one->code : one->name ? one->name : "the incident";
}

static bool is_in(uint32_t states, int state)
{
    return state >= 0 && (states >> state & 1) != 0;
}

/* Words of the deeds that the state allows, for the message. */
static char *dup_allowed(int state)
{
    GString *text = g_string_new(NULL);
    for (int what = 0; what < GEO_N_DEEDS; what++)
        if (what != GEO_DEED_UNDO && what != GEO_DEED_PREEMPT &&
            is_in(geo_deed_rule((GeoDeedWhat)what)->from, state))
            g_string_append_printf(text, "%s%s", text->len ? ", " : "", geo_deed_words[what]);
    return g_string_free(text, FALSE);
}

static bool judge_state(const GeoCase *one, const GeoDeed *deed, GError **error)
{
    const GeoDeedRule *rule = geo_deed_rule(deed->what);
    if (!is_in(rule->from, one->state)) {
        g_autofree char *allowed = dup_allowed(one->state);
        return fail(error, GEO_ERROR_REFUSED, "%s is %s, that allows no %s: %s", called(one),
                    geo_incident_state_words[one->state], geo_deed_words[deed->what], allowed);
    }
    if (rule->without_units && geo_case_n_units(one) > 0)
        return fail(error, GEO_ERROR_REFUSED, "%s: units are on it; clear or release them first",
                    called(one));
    if (rule->needs_reason && (!deed->detail.reason || !*deed->detail.reason))
        return fail(error, GEO_ERROR_DATA, "%s: %s needs a reason", called(one),
                    geo_deed_words[deed->what]);
    return true;
}

typedef char UnitName[64];

static const char *unit_of(const GeoDeed *deed, UnitName name)
{
    if (deed->unit_code && *deed->unit_code)
        g_snprintf(name, sizeof(UnitName), "unit %s", deed->unit_code);
    else
        g_snprintf(name, sizeof(UnitName), "unit %" G_GINT64_FORMAT, deed->detail.unit_id);
    return name;
}

static bool judge_unit(const GeoCase *one, const GeoDeed *deed, GError **error)
{
    UnitName name;
    const GeoDeedRule *rule = geo_deed_rule(deed->what);
    int64_t unit_id = deed->detail.unit_id;
    const GeoCaseUnit *unit = geo_case_unit(one, unit_id);
    if (deed->what == GEO_DEED_DISPATCH)
        return !unit || unit_id == 0 ||
               fail(error, GEO_ERROR_REFUSED, "%s is on %s already", unit_of(deed, name),
                    called(one));
    if (!unit)
        return fail(error, GEO_ERROR_REFUSED, "%s is not on %s", unit_of(deed, name), called(one));
    if (deed->what == GEO_DEED_ARRIVE && deed->detail.value == 1)
        return unit->arrived_gps_ms == 0 ||
               fail(error, GEO_ERROR_REFUSED, "%s was seen there already", unit_of(deed, name));
    return is_in(rule->stage, unit->stage) ||
           fail(error, GEO_ERROR_REFUSED, "%s is %s: %s comes before that", unit_of(deed, name),
                geo_incident_state_words[unit->stage], geo_deed_words[deed->what]);
}

/* A department takes the steps itself where no unit is on it. */
static bool judge_body(const GeoCase *one, const GeoDeed *deed, GError **error)
{
    if (geo_case_n_units(one) > 0)
        return fail(error, GEO_ERROR_REFUSED, "%s: units are on it; %s needs a unit", called(one),
                    geo_deed_words[deed->what]);
    int stage = geo_deed_stage(deed->what);
    if (stage < 0 || deed->what == GEO_DEED_GO || deed->what == GEO_DEED_ARRIVE)
        return fail(error, GEO_ERROR_DATA, "%s: %s needs a unit", called(one),
                    geo_deed_words[deed->what]);
    return one->body < stage || fail(error, GEO_ERROR_REFUSED, "%s: who holds it is %s already",
                                     called(one), geo_incident_state_words[one->body]);
}

/* To who holds it already there is nothing to route, and no clock to start again. */
static bool judge_route(const GeoCase *one, const GeoDeedDetail *detail, GError **error)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    if (detail->level <= 0 || detail->level >= GEO_N_LEVELS ||
        (!detail->area && !detail->department))
        return fail(error, GEO_ERROR_DATA, "%s: a route names a level and an area or a department",
                    called(one));
    bool same = holder && holder->level == detail->level && holder->ladder == detail->ladder &&
                (!detail->area || !g_strcmp0(detail->area, holder->area)) &&
                (!detail->department || !g_strcmp0(detail->department, holder->department));
    return !same ||
           fail(error, GEO_ERROR_REFUSED, "%s: %s of %s holds it already", called(one),
                holder->department ? holder->department : "nobody", geo_level_words[holder->level]);
}

static bool judge_levels(const GeoCase *one, GeoDeed *deed, GError **error)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    GeoDeedDetail *detail = &deed->detail;
    if (deed->what == GEO_DEED_RETURN)
        return holder ||
               fail(error, GEO_ERROR_REFUSED,
                    "%s: nobody held it before, there is nobody to return it to", called(one));
    if (deed->what == GEO_DEED_ROUTE)
        return judge_route(one, detail, error);
    if (!holder)
        return fail(error, GEO_ERROR_REFUSED, "%s: nobody holds it yet: route it first",
                    called(one));
    GeoLevel above = geo_ladder_above((GeoLadder)holder->ladder, (GeoLevel)holder->level);
    if (above == GEO_LEVEL_NONE)
        return fail(error, GEO_ERROR_REFUSED, "%s is at the highest level, %s", called(one),
                    geo_level_words[holder->level]);
    if (detail->level != GEO_LEVEL_NONE && detail->level != (int)above)
        return fail(error, GEO_ERROR_REFUSED, "%s goes from %s to %s, not to %s", called(one),
                    geo_level_words[holder->level], geo_level_words[above],
                    geo_level_words[detail->level]);
    detail->level = (int)above;
    detail->ladder = holder->ladder;
    return true;
}

/* From its dispatch to its clearing a unit, and the case, has its times in the order of its way. */
static bool keeps_order(const GeoCase *one, const GeoDeed *deed, const GeoCaseTime *times,
                        GError **error)
{
    int stage = (int)deed->detail.value - GEO_INCIDENT_DISPATCHED;
    int64_t at_s = deed->detail.happened_ms / 1000;
    for (int i = 0; i < GEO_N_UNIT_STAGES; i++) {
        int64_t other_s = geo_case_time(times[i]) / 1000; /* people write seconds */
        bool wrong = i < stage ? other_s > at_s : i > stage && other_s && other_s < at_s;
        if (wrong)
            return fail(error, GEO_ERROR_REFUSED,
                        "%s: it would be %s %s it was %s: correct that one first", called(one),
                        geo_incident_state_words[deed->detail.value],
                        i < stage ? "before" : "after",
                        geo_incident_state_words[GEO_INCIDENT_DISPATCHED + i]);
    }
    return true;
}

static bool judge_correction(const GeoCase *one, const GeoDeed *deed, int64_t now_ms,
                             GError **error)
{
    const GeoDeedDetail *detail = &deed->detail;
    if (detail->value < 0 || detail->value >= GEO_N_INCIDENT_STATES)
        return fail(error, GEO_ERROR_DATA, "%s: a correction names a state", called(one));
    bool staged = detail->value >= GEO_INCIDENT_DISPATCHED && detail->value <= GEO_INCIDENT_CLEARED;
    const GeoCaseTime *time = &one->times[detail->value];
    const GeoCaseTime *times = staged ? &one->times[GEO_INCIDENT_DISPATCHED] : NULL;
    if (detail->unit_id) {
        time = times = NULL;
        for (guint i = one->units->len; !times && staged && i-- > 0;) {
            const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, i);
            if (unit->unit_id == detail->unit_id)
                times = unit->times;
        }
        time = times ? &times[detail->value - GEO_INCIDENT_DISPATCHED] : NULL;
    }
    if (!time || time->recorded_ms == 0)
        return fail(error, GEO_ERROR_REFUSED, "%s has no time of %s that could be corrected",
                    called(one), geo_incident_state_words[detail->value]);
    if (detail->happened_ms <= 0 || detail->happened_ms > now_ms)
        return fail(error, GEO_ERROR_DATA, "%s: the corrected time is missing or still to come",
                    called(one));
    return !times || keeps_order(one, deed, times, error);
}

static bool judge_words(const GeoCase *one, const GeoDeed *deed, int64_t now_ms, GError **error)
{
    const GeoDeedDetail *detail = &deed->detail;
    bool placed = detail->at.lon != 0 || detail->at.lat != 0;
    switch (deed->what) {
    case GEO_DEED_CLASSIFY:
        return detail->item || detail->category || detail->priority ||
               fail(error, GEO_ERROR_DATA, "%s: say an item, a category or a priority",
                    called(one));
    case GEO_DEED_MOVE:
        return detail->place || placed ||
               fail(error, GEO_ERROR_DATA, "%s: say a place", called(one));
    case GEO_DEED_HOLD:
    case GEO_DEED_SCHEDULE:
        return detail->until_ms > now_ms ||
               fail(error, GEO_ERROR_DATA, "%s: say until when; that time has to be still to come",
                    called(one));
    case GEO_DEED_MERGE:
        return (detail->other_id && detail->other_id != one->id) ||
               fail(error, GEO_ERROR_DATA, "%s: say of which other incident it is a duplicate",
                    called(one));
    case GEO_DEED_CALL_BACK:
        return (detail->value >= -1 && detail->value <= 1) ||
               fail(error, GEO_ERROR_DATA, "%s: satisfied is 1, -1 or 0", called(one));
    case GEO_DEED_CLOSE:
        return one->state == GEO_INCIDENT_REVIEWED || (detail->reason && *detail->reason) ||
               fail(error, GEO_ERROR_DATA, "%s: closing it without anybody's work needs a reason",
                    called(one));
    case GEO_DEED_REPORT:
        return (detail->reason && *detail->reason) ||
               fail(error, GEO_ERROR_DATA, "%s: say the result", called(one));
    case GEO_DEED_CORRECT:
        return judge_correction(one, deed, now_ms, error);
    default:
        return true;
    }
}

static bool judge_detail(const GeoCase *one, const GeoDeed *deed, int64_t now_ms, GError **error)
{
    const GeoDeedDetail *detail = &deed->detail;
    if (detail->priority < 0 || detail->priority > 4)
        return fail(error, GEO_ERROR_DATA, "%s: priority %" G_GINT64_FORMAT " is not 1 to 4",
                    called(one), detail->priority);
    if (detail->happened_ms < 0 || detail->happened_ms > now_ms)
        return fail(error, GEO_ERROR_DATA, "%s: it cannot have happened in time to come",
                    called(one));
    if (!geo_coord_valid(detail->at))
        return fail(error, GEO_ERROR_DATA, "%s: that is no place on the earth", called(one));
    return judge_words(one, deed, now_ms, error);
}

/* ---- taking back ---- */

/* Notes and undone deeds do not stand in the way of taking back what came before them. */
static const GeoCaseEvent *last_standing(const GeoCase *one)
{
    for (guint i = one->log->events->len; i-- > 0;) {
        const GeoCaseEvent *event = &g_array_index(one->log->events, GeoCaseEvent, i);
        if (!event->undone && event->what != GEO_DEED_UNDO && event->what != GEO_DEED_NOTE)
            return event;
    }
    return NULL;
}

/* All that the deed did here can be taken back; what brought the case in cannot. */
static bool may_be_undone(const GeoCase *one, int64_t deed_id)
{
    bool any = false;
    for (guint i = 0; i < one->log->events->len; i++) {
        const GeoCaseEvent *event = &g_array_index(one->log->events, GeoCaseEvent, i);
        if (event->deed_id != deed_id)
            continue;
        if (!geo_deed_rule(event->what)->may_be_undone)
            return false;
        any = true;
    }
    return any;
}

int64_t geo_case_last_deed(const GeoCase *one, int64_t now_ms)
{
    const GeoCaseEvent *last = last_standing(one);
    return last && may_be_undone(one, last->deed_id) && now_ms - last->at_ms <= GEO_DEED_UNDO_MS
               ? last->deed_id
               : 0;
}

static bool judge_undo(const GeoCase *one, const GeoDeed *deed, int64_t now_ms, GError **error)
{
    const GeoCaseEvent *last = last_standing(one);
    if (!last || last->deed_id != deed->detail.other_id)
        return fail(error, GEO_ERROR_REFUSED,
                    "%s: only the last deed can be taken back, and that is another", called(one));
    if (!may_be_undone(one, last->deed_id))
        return fail(error, GEO_ERROR_REFUSED,
                    "%s: what it came in with cannot be taken back: void it, or say what is right",
                    called(one));
    return now_ms - last->at_ms <= GEO_DEED_UNDO_MS ||
           fail(error, GEO_ERROR_REFUSED,
                "%s: more than 60 s have passed since %s: do the opposite instead", called(one),
                geo_deed_words[last->what]);
}

/* ---- all of it ---- */

static bool names_unit(GeoDeedWhat what)
{
    return geo_deed_stage(what) >= 0 || what == GEO_DEED_RELEASE || what == GEO_DEED_PREEMPT;
}

static bool judge(const GeoCase *one, GeoDeed *deed, int64_t now_ms, GError **error)
{
    if (deed->version != 0 && deed->version != one->version)
        return fail(error, GEO_ERROR_STALE,
                    "%s has changed since (version %" G_GINT64_FORMAT ", you saw %" G_GINT64_FORMAT
                    "): look again",
                    called(one), one->version, deed->version);
    if (deed->what == GEO_DEED_UNDO)
        return judge_undo(one, deed, now_ms, error);
    if (!judge_state(one, deed, error) || !judge_detail(one, deed, now_ms, error))
        return false;
    if (names_unit(deed->what))
        return deed->detail.unit_id ? judge_unit(one, deed, error) : judge_body(one, deed, error);
    if (deed->what == GEO_DEED_ROUTE || deed->what == GEO_DEED_RAISE ||
        deed->what == GEO_DEED_RETURN)
        return judge_levels(one, deed, error);
    return true;
}

bool geo_case_do(GeoCase *one, const GeoDeed *deed, const GeoAct *act, GError **error)
{
    GeoDeed said = *deed;
    const GArray *events = one->log->events;
    int64_t now_ms = act->now_ms;
    if (events->len) /* a machine's clock may be set back, the log's is not */
        now_ms = MAX(now_ms, g_array_index(events, GeoCaseEvent, events->len - 1).at_ms);
    if (!judge(one, &said, now_ms, error))
        return false;
    GeoCaseEvent event = {.incident_id = one->id,
                          .at_ms = now_ms,
                          .what = said.what,
                          .from = one->state,
                          .to = -1,
                          .actor = act->actor,
                          .role = geo_role_words[act->role],
                          .detail = said.detail};
    geo_case_append(one, &event);
    one->version++;
    return true;
}
