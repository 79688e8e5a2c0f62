/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/incident-report.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/column.h"
#include "app/ctl/when.h"

GHashTable *app_incident_units(GeoStore *store, GError **error)
{
    g_autoptr(GeoBatch) units = geo_store_load(store, GEO_KIND_UNIT, NULL, error);
    if (!units)
        return NULL;
    GHashTable *codes = g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
    for (guint i = 0; i < units->rows->len; i++) {
        const GeoRow *row = geo_batch_row(units, i);
        g_hash_table_insert(codes, g_memdup2(&row->id, sizeof row->id),
                            g_strdup(row->code ? row->code : "?"));
    }
    return codes;
}

static const char *unit_of(const AppIncidentView *view, int64_t unit_id)
{
    const char *code = unit_id ? g_hash_table_lookup(view->units, &unit_id) : NULL;
    return code ? code : unit_id ? "?" : "";
}

static const char *or_dash(const char *text)
{
    return text && *text ? text : "-";
}

/* "0:03:07", "1:02:45", "2 d 03:10:59": always with hours, as a tired eye takes "3:07" for either.
 */
static char *dup_span(int64_t ms)
{
    if (ms < 0)
        return g_strdup("-");
    int64_t s = ms / 1000, days = s / 86400;
    int hours = (int)(s / 3600 % 24), minutes = (int)(s / 60 % 60), seconds = (int)(s % 60);
    if (days)
        return g_strdup_printf("%" G_GINT64_FORMAT " d %02d:%02d:%02d", days, hours, minutes,
                               seconds);
    return g_strdup_printf("%d:%02d:%02d", hours, minutes, seconds);
}

static bool is_placed(const GeoCase *one)
{
    return one->at.lon != 0 || one->at.lat != 0;
}

/* In words, else in degrees; the caller's. */
static char *dup_where(const GeoCase *one)
{
    g_autofree char *place = app_column_dup_line(one->place);
    if (place && *place)
        return g_strconcat(place, is_placed(one) ? NULL : " (not on the map yet)", NULL);
    return is_placed(one) ? g_strdup_printf("%.6f,%.6f", one->at.lon, one->at.lat)
                          : g_strdup("place not known");
}

/* The number by which people call an incident; the caller's. */
static char *dup_number(const AppIncidentView *view, int64_t incident_id)
{
    g_autoptr(GeoCase) one = geo_store_case(view->store, incident_id, NULL);
    return one && one->code ? g_strdup(one->code)
                            : g_strdup_printf("%" G_GINT64_FORMAT, incident_id);
}

/* ---- words ---- */

void app_incident_print_list(const GPtrArray *cases, const AppIncidentView *view)
{
    if (cases->len == 0) {
        puts("no incident is like that; incident CITY take LON LAT --words TEXT takes a new one");
        return;
    }
    printf("%-16s %4s %-12s %13s %13s  %-10s %-14s %s\n", "incident", "prio", "state", "age",
           "in state", "level", "department", "what, where");
    for (guint i = 0; i < cases->len; i++) {
        const GeoCase *one = g_ptr_array_index(cases, i);
        const GeoCaseHolder *holder = geo_case_holder(one);
        GeoCaseClocks clocks = geo_case_clocks(one, view->now_ms);
        g_autofree char *age = dup_span(clocks.age_ms);
        g_autofree char *in_state = dup_span(clocks.in_state_ms);
        g_autofree char *where = dup_where(one), *what = app_column_dup_line(one->category);
        printf("%-*s %4d %-12s %13s %13s  %-10s %-*s %s, %s\n", APP_COLUMN(or_dash(one->code), 16),
               (int)one->priority, geo_incident_state_words[one->state], age, in_state,
               holder ? geo_level_words[holder->level] : "-",
               APP_COLUMN(or_dash(holder ? holder->department : NULL), 14), or_dash(what), where);
    }
    printf("%u incident%s; clocks are hours:minutes:seconds\n", cases->len,
           cases->len == 1 ? "" : "s");
}

static void print_clock(const char *name, int64_t ms, const char *band)
{
    g_autofree char *span = dup_span(ms);
    if (ms >= 0)
        printf("  %-14s %13s%s%s\n", name, span, *band ? "  " : "", band);
}

static void print_clocks(const GeoCase *one, const AppIncidentView *view)
{
    GeoCaseClocks clocks = geo_case_clocks(one, view->now_ms);
    print_clock("age", clocks.age_ms, "");
    print_clock("in state", clocks.in_state_ms, "");
    print_clock("at this level", clocks.level_ms, "");
    if (clocks.held_ms > 0)
        print_clock("held", clocks.held_ms, "");
    print_clock("queue", clocks.queue_ms, "");
    print_clock(clocks.unaccepted ? "not accepted" : "accepted in", clocks.accept_ms,
                geo_case_band(GEO_BAND_ACCEPT, clocks.accept_ms));
    print_clock("out in", clocks.turnout_ms, geo_case_band(GEO_BAND_TURNOUT, clocks.turnout_ms));
    print_clock("there in", clocks.response_ms, "by button");
    print_clock("there in", clocks.response_gps_ms, "by position");
    print_clock("on scene", clocks.scene_ms, "");
    print_clock("reported in", clocks.report_ms, geo_case_band(GEO_BAND_REPORT, clocks.report_ms));
}

static size_t targets_of(const GeoCase *one, const AppIncidentView *view,
                         GeoCaseTarget targets[GEO_N_CASE_TARGETS])
{
    const GeoServiceItem *item = one->item ? geo_servicebook_find(view->services, one->item) : NULL;
    return geo_case_targets(one, item, view->now_ms, targets);
}

/* The item's targets; what was missed, or is being missed now, is named. */
static void print_targets(const GeoCase *one, const AppIncidentView *view)
{
    GeoCaseTarget targets[GEO_N_CASE_TARGETS];
    size_t n = targets_of(one, view, targets);
    for (size_t i = 0; i < n; i++)
        printf("%s%s in %d min%s", i ? ", " : "  targets        ", targets[i].what, targets[i].min,
               targets[i].late ? " (LATE)" : "");
    if (n)
        putchar('\n');
}

/* A correction stands beside what was recorded, and moves no clock of the incident's own. */
static void print_corrected(const char *whose, int state, GeoCaseTime time, const char *zone)
{
    if (time.corrected_ms == 0)
        return;
    g_autofree char *at = app_when_dup(time.corrected_ms, zone);
    g_autofree char *was =
        time.recorded_ms ? app_when_dup(time.recorded_ms, zone) : g_strdup("nothing");
    printf("  corrected      %s%s%s at %s, recorded as %s\n", whose, *whose ? " " : "",
           geo_incident_state_words[state], at, was);
}

static void print_corrections(const GeoCase *one, const AppIncidentView *view)
{
    for (int state = 0; state < GEO_N_INCIDENT_STATES; state++)
        print_corrected("", state, one->times[state], view->zone);
    for (guint i = 0; i < one->units->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, i);
        for (int stage = GEO_INCIDENT_DISPATCHED; stage <= GEO_INCIDENT_CLEARED; stage++)
            print_corrected(unit_of(view, unit->unit_id), stage,
                            unit->times[stage - GEO_INCIDENT_DISPATCHED], view->zone);
    }
}

static void print_units(const GeoCase *one, const AppIncidentView *view)
{
    if (one->state == GEO_INCIDENT_DISPATCHED && geo_case_n_units(one) == 0)
        puts("  unit           none: the department that holds it is to send somebody");
    for (guint i = 0; i < one->units->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, i);
        g_autofree char *sent = app_when_dup(geo_case_time(unit->times[0]), view->zone);
        printf("  unit %-*s %-12s sent %s%s\n", APP_COLUMN(unit_of(view, unit->unit_id), 12),
               geo_incident_state_words[unit->stage], sent,
               unit->open        ? ""
               : unit->preempted ? ", taken by a more urgent one"
               : unit->off_ms    ? ", taken off"
                                 : "");
    }
}

static void print_messages(const GeoMessages *messages, const AppIncidentView *view)
{
    for (guint i = 0; i < messages->rows->len; i++) {
        const GeoMessage *message = &g_array_index(messages->rows, GeoMessage, i);
        printf("  told %-*s %-10s %s%s%s\n", APP_COLUMN(or_dash(message->unit_code), 12),
               geo_message_words[message->what],
               message->state == GEO_MESSAGE_NO_CHANNEL ? "no channel: radio"
                                                        : geo_message_state_words[message->state],
               message->channel ? " by " : "", message->channel ? message->channel : "");
    }
}

static void print_report(const GeoReport *report)
{
    g_autofree char *number = app_column_dup_line(report->source_no);
    g_autofree char *caller = app_column_dup_line(report->caller);
    g_autofree char *phone = app_column_dup_line(report->phone);
    g_autofree char *words = app_column_dup_line(report->words);
    printf("  reported by    %s%s%s, caller %s, phone %s\n  words          %s\n", report->source,
           number ? " " : "", number ? number : "", or_dash(caller), or_dash(phone),
           or_dash(words));
}

void app_incident_print_case(const GeoCase *one, const GeoReport *report,
                             const GeoMessages *messages, const AppIncidentView *view)
{
    const GeoCaseHolder *holder = geo_case_holder(one);
    g_autofree char *where = dup_where(one);
    g_autofree char *main = one->duplicate_of ? dup_number(view, one->duplicate_of) : NULL;
    printf("%s: %s%s%s, priority %d, version %d\n", or_dash(one->code),
           geo_incident_state_words[one->state], main ? " of " : "", main ? main : "",
           (int)one->priority, (int)one->version);
    g_autofree char *what = app_column_dup_line(one->category);
    printf("  what           %s%s%s\n", or_dash(what), one->item ? ", item " : "",
           one->item ? one->item : "");
    if (is_placed(one) && one->place && *one->place)
        printf("  where          %s (%.6f,%.6f)\n", where, one->at.lon, one->at.lat);
    else
        printf("  where          %s\n", where);
    if (holder)
        printf("  with           %s of %s%s%s\n", or_dash(holder->department),
               geo_level_words[holder->level], holder->area ? " " : "",
               holder->area ? holder->area : "");
    if (one->wake_ms) {
        g_autofree char *until = app_when_dup(one->wake_ms, view->zone);
        printf("  until          %s\n", until);
    }
    if (report)
        print_report(report);
    if (one->result) {
        g_autofree char *result = app_column_dup_line(one->result);
        printf("  result         %s\n", result);
    }
    if (one->satisfied >= -1 && one->satisfied <= 1)
        printf("  satisfied      %s\n", app_incident_answers[one->satisfied + 1]);
    print_clocks(one, view);
    print_targets(one, view);
    print_corrections(one, view);
    print_units(one, view);
    print_messages(messages, view);
}

const char *const app_incident_answers[] = {"no", "unreached", "yes", NULL};

static void add_said(GString *said, const char *text)
{
    if (text && *text)
        g_string_append_printf(said, "%s%s", said->len ? ", " : "", text);
}

/* What an event says beyond its deed: who, to whom, when, why. */
static char *dup_said(const GeoCaseEvent *event, const AppIncidentView *view)
{
    const GeoDeedDetail *detail = &event->detail;
    GString *said = g_string_new(unit_of(view, detail->unit_id));
    g_autofree char *happened =
        detail->happened_ms ? app_when_dup(detail->happened_ms, view->zone) : NULL;
    g_autofree char *until = detail->until_ms ? app_when_dup(detail->until_ms, view->zone) : NULL;
    if (detail->level != GEO_LEVEL_NONE)
        add_said(said, geo_level_words[detail->level]);
    if (detail->level != GEO_LEVEL_NONE)
        add_said(said, detail->area);
    add_said(said, detail->department);
    add_said(said, detail->item);
    if (event->what == GEO_DEED_CORRECT && detail->value >= 0 &&
        detail->value < GEO_N_INCIDENT_STATES)
        add_said(said, geo_incident_state_words[detail->value]);
    if (event->what == GEO_DEED_CALL_BACK && detail->value >= -1 && detail->value <= 1)
        add_said(said, app_incident_answers[detail->value + 1]);
    if (event->what == GEO_DEED_UNDO && detail->other_id)
        g_string_append_printf(said, "of deed %" G_GINT64_FORMAT, detail->other_id);
    if ((event->what == GEO_DEED_MERGE || event->what == GEO_DEED_PREEMPT) && detail->other_id) {
        g_autofree char *other = dup_number(view, detail->other_id);
        g_autofree char *to =
            g_strconcat(event->what == GEO_DEED_MERGE ? "of " : "for ", other, NULL);
        add_said(said, to);
    }
    if (happened) {
        g_autofree char *then = g_strconcat("at ", happened, NULL);
        add_said(said, then);
    }
    if (until) {
        g_autofree char *then = g_strconcat("until ", until, NULL);
        add_said(said, then);
    }
    add_said(said, detail->reason);
    char *line = app_column_dup_line(said->str);
    g_string_free(said, TRUE);
    return line;
}

/* A device that acts is "unit 700000002 by mqtt": by its code. The caller's. */
static char *dup_actor(const GeoCaseEvent *event, const AppIncidentView *view)
{
    const char *actor = or_dash(event->actor);
    if (!g_str_has_prefix(actor, "unit "))
        return g_strdup(actor);
    char *rest;
    int64_t id = g_ascii_strtoll(actor + 5, &rest, 10);
    return id > 0 ? g_strconcat(unit_of(view, id), rest, NULL) : g_strdup(actor);
}

void app_incident_print_log(const GeoCase *one, const AppIncidentView *view)
{
    printf("%8s  %-25s  %-10s %-11s    %-11s %-16s %s\n", "deed", "when", "what", "from", "to",
           "who", "said");
    for (guint i = 0; i < one->log->events->len; i++) {
        const GeoCaseEvent *event = &g_array_index(one->log->events, GeoCaseEvent, i);
        g_autofree char *at = app_when_dup(event->at_ms, view->zone);
        g_autofree char *said = dup_said(event, view);
        g_autofree char *actor = dup_actor(event, view);
        printf("%8d  %s  %-10s %-11s -> %-11s %-*s %s%s\n", (int)event->deed_id, at,
               geo_deed_words[event->what],
               event->from < 0 ? "" : geo_incident_state_words[event->from],
               geo_incident_state_words[event->to], APP_COLUMN(actor, 16), said,
               event->undone ? "  (taken back)" : "");
    }
}

void app_incident_print_tally(const GeoCaseTally *tally, const char *by)
{
    printf("%-16s %6s %6s %7s %7s %6s %6s %6s %7s %6s %6s %6s %6s\n", by, "taken", "open",
           "waiting", "at work", "parked", "after", "closed", "called", "other", "raised", "return",
           "rework");
    for (guint i = 0; i <= tally->rows->len; i++) {
        const GeoCaseTallyRow *row =
            i < tally->rows->len ? &g_array_index(tally->rows, GeoCaseTallyRow, i) : &tally->all;
        printf("%-*s %6d %6d %7d %7d %6d %6d %6d %7d %6d %6d %6d %6d\n",
               APP_COLUMN(row == &tally->all ? "all" : or_dash(row->key), 16), (int)row->taken,
               (int)row->open, (int)row->waiting, (int)row->at_work, (int)row->parked,
               (int)row->after, (int)row->closed, (int)row->called_back,
               (int)(row->void_ + row->duplicate + row->transferred), (int)row->raised,
               (int)row->returned, (int)row->reworked);
    }
}

/* ---- JSON ---- */

static void report_time(JsonBuilder *json, const char *key, int64_t at_ms, const char *zone)
{
    g_autofree char *text = at_ms ? app_when_dup(at_ms, zone) : NULL;
    app_report_text(json, key, text);
}

static void report_span(JsonBuilder *json, const char *key, int64_t ms)
{
    app_report_number(json, key, ms < 0 ? NAN : (double)ms / 1000, 3);
}

static void report_clocks(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view)
{
    GeoCaseClocks clocks = geo_case_clocks(one, view->now_ms);
    json_builder_set_member_name(json, "clocks_s");
    json_builder_begin_object(json);
    report_span(json, "age", clocks.age_ms);
    report_span(json, "in_state", clocks.in_state_ms);
    report_span(json, "level", clocks.level_ms);
    report_span(json, "held", clocks.held_ms);
    report_span(json, "queue", clocks.queue_ms);
    report_span(json, "accept", clocks.accept_ms);
    report_span(json, "turnout", clocks.turnout_ms);
    report_span(json, "response", clocks.response_ms);
    report_span(json, "response_gps", clocks.response_gps_ms);
    report_span(json, "scene", clocks.scene_ms);
    report_span(json, "report", clocks.report_ms);
    json_builder_end_object(json);
}

static void report_targets(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view)
{
    GeoCaseTarget targets[GEO_N_CASE_TARGETS];
    size_t n = targets_of(one, view, targets);
    json_builder_set_member_name(json, "targets");
    json_builder_begin_array(json);
    for (size_t i = 0; i < n; i++) {
        json_builder_begin_object(json);
        app_report_text(json, "what", targets[i].what);
        app_report_integer(json, "minutes", targets[i].min);
        report_span(json, "took_s", targets[i].took_ms);
        app_report_switch(json, "done", targets[i].done);
        app_report_switch(json, "late", targets[i].late);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void report_times(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view)
{
    json_builder_set_member_name(json, "times");
    json_builder_begin_object(json);
    for (int state = 0; state < GEO_N_INCIDENT_STATES; state++)
        if (geo_case_time(one->times[state]))
            report_time(json, geo_incident_state_words[state], geo_case_time(one->times[state]),
                        view->zone);
    json_builder_end_object(json);
}

static void report_units(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view)
{
    json_builder_set_member_name(json, "units");
    json_builder_begin_array(json);
    for (guint i = 0; i < one->units->len; i++) {
        const GeoCaseUnit *unit = &g_array_index(one->units, GeoCaseUnit, i);
        json_builder_begin_object(json);
        app_report_text(json, "unit", unit_of(view, unit->unit_id));
        app_report_integer(json, "id", unit->unit_id);
        app_report_text(json, "stage", geo_incident_state_words[unit->stage]);
        app_report_switch(json, "on_it", unit->open);
        app_report_integer(json, "cycle", unit->cycle);
        app_report_switch(json, "preempted", unit->preempted);
        for (int stage = GEO_INCIDENT_DISPATCHED; stage <= GEO_INCIDENT_CLEARED; stage++)
            report_time(json, geo_incident_state_words[stage],
                        geo_case_time(unit->times[stage - GEO_INCIDENT_DISPATCHED]), view->zone);
        report_time(json, "arrived_by_position", unit->arrived_gps_ms, view->zone);
        report_time(json, "off", unit->off_ms, view->zone);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void report_holders(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view)
{
    json_builder_set_member_name(json, "holders");
    json_builder_begin_array(json);
    for (guint i = 0; i < one->holders->len; i++) {
        const GeoCaseHolder *holder = &g_array_index(one->holders, GeoCaseHolder, i);
        json_builder_begin_object(json);
        app_report_text(json, "level", geo_level_words[holder->level]);
        app_report_text(json, "ladder", geo_ladder_words[holder->ladder]);
        app_report_text(json, "area", holder->area);
        app_report_text(json, "department", holder->department);
        report_time(json, "since", holder->since_ms, view->zone);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void report_counts(JsonBuilder *json, const GeoCase *one)
{
    app_report_integer(json, "cycle", one->cycle);
    app_report_integer(json, "raised", one->raised);
    app_report_integer(json, "returned", one->returned);
    app_report_integer(json, "reworked", one->reworked);
    app_report_integer(json, "preempted", one->preempted);
    app_report_text(json, "satisfied",
                    one->satisfied == 2    ? NULL
                    : one->satisfied == 1  ? "yes"
                    : one->satisfied == -1 ? "no"
                                           : "unreached");
    app_report_text(json, "result", one->result);
}

void app_incident_report_case(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view)
{
    app_report_integer(json, "id", one->id);
    app_report_text(json, "incident", one->code);
    app_report_integer(json, "version", one->version);
    app_report_text(json, "state", geo_incident_state_words[one->state]);
    app_report_integer(json, "priority", one->priority);
    app_report_text(json, "category", one->category);
    app_report_text(json, "item", one->item);
    app_report_text(json, "place", one->place);
    bool placed = one->at.lon != 0 || one->at.lat != 0;
    app_report_number(json, "lon", placed ? one->at.lon : NAN, 6);
    app_report_number(json, "lat", placed ? one->at.lat : NAN, 6);
    report_time(json, "received", one->created_ms, view->zone);
    report_time(json, "wake", one->wake_ms, view->zone);
    app_report_integer(json, "duplicate_of", one->duplicate_of);
    report_counts(json, one);
    report_clocks(json, one, view);
    report_targets(json, one, view);
    report_times(json, one, view);
    report_holders(json, one, view);
    report_units(json, one, view);
}

static void report_message(JsonBuilder *json, const GeoMessage *message,
                           const AppIncidentView *view)
{
    json_builder_begin_object(json);
    app_report_integer(json, "id", message->id);
    app_report_text(json, "unit", message->unit_code);
    app_report_text(json, "what", geo_message_words[message->what]);
    app_report_text(json, "state", geo_message_state_words[message->state]);
    report_time(json, "queued", message->queued_ms, view->zone);
    report_time(json, "sent", message->sent_ms, view->zone);
    report_time(json, "delivered", message->delivered_ms, view->zone);
    report_time(json, "accepted", message->accepted_ms, view->zone);
    app_report_integer(json, "tries", message->tries);
    app_report_text(json, "channel", message->channel);
    app_report_text(json, "note", message->note);
    json_builder_end_object(json);
}

void app_incident_report_how(JsonBuilder *json, const GeoReport *report,
                             const GeoMessages *messages, const AppIncidentView *view)
{
    json_builder_set_member_name(json, "report");
    if (report) {
        json_builder_begin_object(json);
        app_report_text(json, "source", report->source);
        app_report_text(json, "number", report->source_no);
        app_report_text(json, "words", report->words);
        app_report_text(json, "caller", report->caller);
        app_report_text(json, "phone", report->phone);
        report_time(json, "call", report->call_ms, view->zone);
        report_time(json, "answer", report->answer_ms, view->zone);
        json_builder_end_object(json);
    } else
        json_builder_add_null_value(json);
    json_builder_set_member_name(json, "messages");
    json_builder_begin_array(json);
    for (guint i = 0; i < messages->rows->len; i++)
        report_message(json, &g_array_index(messages->rows, GeoMessage, i), view);
    json_builder_end_array(json);
}

static void report_event(JsonBuilder *json, const GeoCaseEvent *event, const AppIncidentView *view)
{
    const GeoDeedDetail *detail = &event->detail;
    json_builder_begin_object(json);
    app_report_integer(json, "seq", event->seq);
    app_report_integer(json, "deed", event->deed_id);
    report_time(json, "at", event->at_ms, view->zone);
    report_time(json, "happened", detail->happened_ms, view->zone);
    app_report_text(json, "what", geo_deed_words[event->what]);
    app_report_text(json, "from", event->from < 0 ? NULL : geo_incident_state_words[event->from]);
    app_report_text(json, "to", geo_incident_state_words[event->to]);
    app_report_text(json, "actor", event->actor);
    app_report_text(json, "role", event->role);
    app_report_text(json, "reason", detail->reason);
    app_report_text(json, "unit", detail->unit_id ? unit_of(view, detail->unit_id) : NULL);
    app_report_integer(json, "other", detail->other_id);
    app_report_text(json, "level", detail->level ? geo_level_words[detail->level] : NULL);
    app_report_text(json, "area", detail->area);
    app_report_text(json, "department", detail->department);
    app_report_switch(json, "undone", event->undone);
    json_builder_end_object(json);
}

void app_incident_report_log(JsonBuilder *json, const GeoCase *one, const AppIncidentView *view)
{
    json_builder_set_member_name(json, "log");
    json_builder_begin_array(json);
    for (guint i = 0; i < one->log->events->len; i++)
        report_event(json, &g_array_index(one->log->events, GeoCaseEvent, i), view);
    json_builder_end_array(json);
}

void app_incident_report_tally(JsonBuilder *json, const GeoCaseTally *tally)
{
    json_builder_set_member_name(json, "rows");
    json_builder_begin_array(json);
    for (guint i = 0; i <= tally->rows->len; i++) {
        bool all = i == tally->rows->len;
        const GeoCaseTallyRow *row =
            all ? &tally->all : &g_array_index(tally->rows, GeoCaseTallyRow, i);
        const struct {
            const char *key;
            int64_t n;
        } counts[] = {{"taken", row->taken},
                      {"open", row->open},
                      {"waiting", row->waiting},
                      {"at_work", row->at_work},
                      {"parked", row->parked},
                      {"after", row->after},
                      {"over", row->over},
                      {"closed", row->closed},
                      {"called_back", row->called_back},
                      {"void", row->void_},
                      {"duplicate", row->duplicate},
                      {"transferred", row->transferred},
                      {"raised", row->raised},
                      {"returned", row->returned},
                      {"reworked", row->reworked},
                      {"preempted", row->preempted},
                      {"reopened", row->reopened},
                      {"satisfied", row->satisfied},
                      {"unsatisfied", row->unsatisfied}};
        json_builder_begin_object(json);
        app_report_text(json, "key", all ? "all" : row->key);
        for (size_t k = 0; k < G_N_ELEMENTS(counts); k++)
            app_report_integer(json, counts[k].key, counts[k].n);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}
