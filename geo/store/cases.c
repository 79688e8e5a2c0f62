/* SPDX-License-Identifier: GPL-3.0-or-later */
/* The front of deeds, reports, messages and the outbox: rights and arguments, once for every back
 * end. */
#include "geo/store/cases.h"

#include <string.h>

#include "geo/model/error.h"
#include "geo/store/backend.h"

const char *const geo_message_words[] = {"dispatch", "change", "cancel", "preempt",
                                         "undo",     "seen",   0};
const char *const geo_message_state_words[] = {"queued",    "no_channel", "sent",
                                               "delivered", "accepted",   0};

/* ---- what is returned ---- */

GeoReport *geo_report_copy(const GeoReport *report)
{
    GeoReport *copy = g_new0(GeoReport, 1);
    *copy =
        (GeoReport){g_strdup(report->source), g_strdup(report->source_no), g_strdup(report->words),
                    g_strdup(report->caller), g_strdup(report->phone),     report->call_ms,
                    report->answer_ms};
    return copy;
}

void geo_report_free(GeoReport *report)
{
    if (!report)
        return;
    g_free((char *)report->source);
    g_free((char *)report->source_no);
    g_free((char *)report->words);
    g_free((char *)report->caller);
    g_free((char *)report->phone);
    g_free(report);
}

GeoMessages *geo_messages_new(void)
{
    GeoMessages *messages = g_new0(GeoMessages, 1);
    messages->rows = g_array_new(FALSE, TRUE, sizeof(GeoMessage));
    messages->text = g_string_chunk_new(512);
    return messages;
}

const char *geo_messages_text(GeoMessages *messages, const char *text)
{
    return text ? g_string_chunk_insert_const(messages->text, text) : NULL;
}

void geo_messages_free(GeoMessages *messages)
{
    if (!messages)
        return;
    g_array_unref(messages->rows);
    g_string_chunk_free(messages->text);
    g_free(messages);
}

GeoOutbox *geo_outbox_new(void)
{
    GeoOutbox *outbox = g_new0(GeoOutbox, 1);
    outbox->rows = g_array_new(FALSE, TRUE, sizeof(GeoOutboxRow));
    outbox->text = g_string_chunk_new(512);
    return outbox;
}

const char *geo_outbox_text(GeoOutbox *outbox, const char *text)
{
    return text ? g_string_chunk_insert_const(outbox->text, text) : NULL;
}

void geo_outbox_free(GeoOutbox *outbox)
{
    if (!outbox)
        return;
    g_array_unref(outbox->rows);
    g_string_chunk_free(outbox->text);
    g_free(outbox);
}

/* ---- arguments ---- */

static bool check_texts(const char *const *texts, size_t n, GError **error)
{
    for (size_t i = 0; i < n; i++)
        if (texts[i] && !g_utf8_validate(texts[i], -1, NULL)) {
            g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA, "a text is not UTF-8");
            return false;
        }
    return true;
}

static bool check_deed(GeoStore *store, const GeoAct *act, const GeoDeed *deed, bool taking,
                       GError **error)
{
    const GeoDeedDetail *detail = &deed->detail;
    const char *texts[] = {detail->reason, detail->item, detail->category,
                           detail->place,  detail->area, detail->department};
    if (deed->what >= GEO_N_DEEDS || detail->level < 0 || detail->level >= GEO_N_LEVELS ||
        detail->ladder < 0 || detail->ladder >= GEO_N_LADDERS) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA, "there is no such deed or level");
        return false;
    }
    /* Who takes a report says what it is and whose; to take a dispatch back is to dispatch. */
    bool first = taking && (deed->what == GEO_DEED_CLASSIFY || deed->what == GEO_DEED_ROUTE);
    GeoOp op = first ? GEO_OP_TAKE_INCIDENT
               : deed->what == GEO_DEED_UNDO && !geo_rights_may(act->role, GEO_OP_STEP_INCIDENT)
                   ? GEO_OP_ASSIGN_UNIT
                   : geo_deed_rule(deed->what)->op;
    return geo_store_may(store, act, op, error) && check_texts(texts, G_N_ELEMENTS(texts), error);
}

/* ---- reports and deeds ---- */

bool geo_store_take_report(GeoStore *store, const GeoAct *act, const GeoBatch *incident,
                           const GeoReport *report, const GeoDeed *then, size_t n_then,
                           GeoTaken *taken, GError **error)
{
    g_return_val_if_fail(
        incident && incident->kind == GEO_KIND_INCIDENT && incident->rows->len == 1, false);
    if (!geo_store_may(store, act, GEO_OP_TAKE_INCIDENT, error) ||
        !geo_store_check_rows(incident, error))
        return false;
    for (size_t i = 0; i < n_then; i++)
        if (!check_deed(store, act, &then[i], true, error))
            return false;
    GeoReport said = report ? *report : (GeoReport){0};
    const char *texts[] = {said.source, said.source_no, said.words, said.caller, said.phone};
    if (!check_texts(texts, G_N_ELEMENTS(texts), error))
        return false;
    if (!said.source)
        said.source = "desk";
    g_autoptr(GeoBatch) received = geo_batch_new(GEO_KIND_INCIDENT);
    GeoIncident *row = geo_batch_copy_row(received, incident, 0);
    row->state = GEO_INCIDENT_RECEIVED;
    row->row.version = 1;
    if (row->priority == 0)
        row->priority = 3;
    GeoTaken nobody_asks;
    return geo_deeds_take(geo_store_backend(store), act, received, report ? &said : NULL, then,
                          n_then, taken ? taken : &nobody_asks, error);
}

bool geo_store_take_incident(GeoStore *store, const GeoAct *act, const GeoBatch *incident,
                             GError **error)
{
    return geo_store_take_report(store, act, incident, NULL, NULL, 0, NULL, error);
}

bool geo_store_do(GeoStore *store, const GeoAct *act, const GeoDeed *deeds, size_t n,
                  GeoDeedDone *done, GError **error)
{
    g_return_val_if_fail(deeds && n > 0, false);
    for (size_t i = 0; i < n; i++)
        if (!check_deed(store, act, &deeds[i], false, error))
            return false;
    return geo_deeds_do(geo_store_backend(store), act, deeds, n, done, error);
}

bool geo_store_assign_unit(GeoStore *store, const GeoAct *act, int64_t incident_id, int64_t unit_id,
                           GError **error)
{
    GeoDeed deed = {GEO_DEED_DISPATCH, incident_id, 0, {.unit_id = unit_id}, false, false};
    return geo_store_do(store, act, &deed, 1, NULL, error);
}

/* What the unit is on; *gone: an incident that is no more. */
static bool find_job(GeoBackend *backend, int64_t unit_id, int64_t *incident_id, bool *gone,
                     GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    GeoUnitNow now;
    if (!ops->begin_read(backend, error))
        return false;
    bool ok = ops->find_unit(backend, unit_id, &now, error);
    if (ok) {
        g_autoptr(GeoBatch) row =
            ops->rows(backend, GEO_KIND_INCIDENT, &(GeoQuery){.id = now.incident_id}, error);
        *incident_id = now.incident_id;
        *gone = row && now.incident_id && row->rows->len == 0;
        ok = row != NULL;
    }
    ops->end_read(backend);
    return ok;
}

bool geo_store_release_unit(GeoStore *store, const GeoAct *act, int64_t unit_id, GError **error)
{
    GeoBackend *backend = geo_store_backend(store);
    int64_t incident_id;
    bool gone;
    if (!geo_store_may(store, act, GEO_OP_ASSIGN_UNIT, error) ||
        !find_job(backend, unit_id, &incident_id, &gone, error))
        return false;
    if (incident_id == 0 || gone) /* a retry finds it free, too */
        return geo_deeds_free_unit(backend, act, unit_id, error);
    GeoDeed deed = {GEO_DEED_RELEASE, incident_id, 0, {.unit_id = unit_id}, false, false};
    return geo_store_do(store, act, &deed, 1, NULL, error);
}

GPtrArray *geo_store_cases(GeoStore *store, const GeoCaseQuery *query, GError **error)
{
    g_return_val_if_fail(store && query, NULL);
    return geo_deeds_cases(geo_store_backend(store), query, error);
}

GeoCase *geo_store_case(GeoStore *store, int64_t incident_id, GError **error)
{
    GeoCaseQuery query = {.incident_id = incident_id};
    if (incident_id > 0) {
        g_autoptr(GPtrArray) cases = geo_store_cases(store, &query, error);
        if (!cases)
            return NULL;
        if (cases->len)
            return g_ptr_array_steal_index(cases, 0);
    }
    g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no incident %" G_GINT64_FORMAT,
                incident_id);
    return NULL;
}

/* ---- who reported ---- */

static void mask(const char **text, bool end_shows)
{
    const char *was = *text;
    size_t n = was ? strlen(was) : 0;
    if (!was)
        return;
    *text = end_shows && n > 4 ? g_strconcat("***", was + n - 2, NULL) : g_strdup("*");
    g_free((char *)was);
}

static GeoReport *load_report(GeoBackend *backend, int64_t incident_id, GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    if (!ops->begin_read(backend, error))
        return NULL;
    GeoReport *report = ops->report(backend, incident_id, error);
    ops->end_read(backend);
    return report;
}

GeoReport *geo_store_read_report(GeoStore *store, const GeoAct *act, int64_t incident_id,
                                 bool with_caller, GError **error)
{
    GeoBackend *backend = geo_store_backend(store);
    if (with_caller) {
        if (!geo_store_may(store, act, GEO_OP_READ_CALLER, error))
            return NULL;
        if (!act->purpose || !*act->purpose) {
            g_set_error_literal(error, GEO_ERROR, GEO_ERROR_REFUSED,
                                "who reported is told for a purpose only: say one");
            return NULL;
        }
        /* on disk before anything is read */
        if (!backend->ops->note_read(backend, act, GEO_OP_READ_CALLER, "report", incident_id, NULL,
                                     error))
            return NULL;
    }
    GeoReport *report = load_report(backend, incident_id, error);
    if (report && !with_caller) {
        mask(&report->caller, false);
        mask(&report->phone, strlen(report->phone ? report->phone : "") < 32);
    }
    return report;
}

/* ---- messages ---- */

static GeoMessages *load_messages(GeoBackend *backend, const GeoMessageQuery *query, GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    if (!ops->begin_read(backend, error))
        return NULL;
    GeoMessages *messages = ops->messages(backend, query, error);
    ops->end_read(backend);
    return messages;
}

GeoMessages *geo_store_messages(GeoStore *store, const GeoMessageQuery *query, GError **error)
{
    g_return_val_if_fail(store && query, NULL);
    return load_messages(geo_store_backend(store), query, error);
}

static bool fail_message(GError **error, int64_t id, const char *is, const char *to)
{
    g_set_error(error, GEO_ERROR, is ? GEO_ERROR_REFUSED : GEO_ERROR_MISSING,
                is ? "message %" G_GINT64_FORMAT " is %s and does not go back to %s"
                   : "there is no message %" G_GINT64_FORMAT,
                id, is, to);
    return false;
}

static bool move_message(GeoMessage *message, GeoMessageState to, int64_t now_ms, GError **error)
{
    bool again = to == message->state && (to == GEO_MESSAGE_SENT || to == GEO_MESSAGE_DELIVERED);
    bool back = to == GEO_MESSAGE_QUEUED && message->state == GEO_MESSAGE_NO_CHANNEL;
    if (to <= message->state && !again && !back)
        return fail_message(error, message->id, geo_message_state_words[message->state],
                            geo_message_state_words[to]);
    message->state = to;
    if (to == GEO_MESSAGE_SENT) {
        message->tries++;
        if (message->sent_ms == 0)
            message->sent_ms = now_ms;
    } else if (to == GEO_MESSAGE_DELIVERED && !again)
        message->delivered_ms = now_ms;
    else if (to == GEO_MESSAGE_ACCEPTED)
        message->accepted_ms = now_ms;
    return true;
}

static bool mark(GeoBackend *backend, const GeoAct *act, int64_t id, GeoMessageState state,
                 const char *channel, const char *note, int64_t *incident_id, GError **error)
{
    const GeoDeedOps *ops = backend->ops->deeds;
    GeoMessageQuery query = {.id = id};
    g_autoptr(GeoMessages) messages = ops->messages(backend, &query, error);
    if (!messages)
        return false;
    GeoMessage *message =
        messages->rows->len ? &g_array_index(messages->rows, GeoMessage, 0) : NULL;
    if (!message || id <= 0)
        return fail_message(error, id, NULL, NULL);
    *incident_id = message->incident_id;
    if (!move_message(message, state, act->now_ms, error))
        return false;
    if (channel)
        message->channel = channel;
    message->note = note;
    return ops->set_message(backend, message, error);
}

bool geo_store_mark_message(GeoStore *store, const GeoAct *act, int64_t id, GeoMessageState state,
                            const char *channel, const char *note, GError **error)
{
    g_return_val_if_fail(state < GEO_N_MESSAGE_STATES, false);
    GeoBackend *backend = geo_store_backend(store);
    const char *texts[] = {channel, note};
    const GeoDeedOps *ops = backend->ops->deeds;
    bool done;
    int64_t version, incident_id = 0;
    if (!geo_store_may(store, act, GEO_OP_DELIVER, error) ||
        !check_texts(texts, G_N_ELEMENTS(texts), error) ||
        !ops->begin(backend, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!mark(backend, act, id, state, channel, note, &incident_id, error))
        return ops->fail(backend);
    return ops->end(backend, act, GEO_OP_DELIVER, "message", id, (int64_t)state + 1,
                    geo_message_state_words[state], error);
}

bool geo_store_tell_seen(GeoStore *store, const GeoAct *act, int64_t unit_id, GError **error)
{
    GeoBackend *backend = geo_store_backend(store);
    const GeoDeedOps *ops = backend->ops->deeds;
    bool done;
    int64_t version;
    GeoUnitNow now;
    GeoMessage seen = {.unit_id = unit_id,
                       .what = GEO_MESSAGE_SEEN,
                       .state = GEO_MESSAGE_QUEUED,
                       .queued_ms = act->now_ms};
    if (!geo_store_may(store, act, GEO_OP_DELIVER, error) ||
        !ops->begin(backend, act, &done, &version, error))
        return false;
    if (done)
        return true;
    if (!ops->find_unit(backend, unit_id, &now, error))
        return ops->fail(backend);
    if (now.status != GEO_STATUS_SOS) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED, "unit %" G_GINT64_FORMAT " is in no SOS",
                    unit_id);
        return ops->fail(backend);
    }
    if (!ops->add_message(backend, &seen, error))
        return ops->fail(backend);
    return ops->end(backend, act, GEO_OP_DELIVER, "message", unit_id, 1, "seen", error);
}

/* ---- outbox ---- */

GeoOutbox *geo_store_outbox(GeoStore *store, const char *source, size_t max, GError **error)
{
    GeoBackend *backend = geo_store_backend(store);
    const GeoDeedOps *ops = backend->ops->deeds;
    if (!ops->begin_read(backend, error))
        return NULL;
    GeoOutbox *outbox = ops->outbox(backend, source, max, error);
    ops->end_read(backend);
    return outbox;
}

bool geo_store_confirm_outbox(GeoStore *store, const GeoAct *act, const char *source, int64_t seq,
                              GError **error)
{
    g_return_val_if_fail(source, false);
    GeoBackend *backend = geo_store_backend(store);
    const GeoDeedOps *ops = backend->ops->deeds;
    bool done;
    int64_t version;
    if (!geo_store_may(store, act, GEO_OP_DELIVER, error) || !check_texts(&source, 1, error) ||
        !ops->begin(backend, act, &done, &version, error))
        return false;
    if (done)
        return true;
    int64_t next;
    if (!ops->next_seq(backend, &next, error))
        return ops->fail(backend);
    if (seq <= 0 || seq >= next) { /* else it would never hear of what is still to come */
        g_set_error(error, GEO_ERROR, GEO_ERROR_REFUSED,
                    "row %" G_GINT64_FORMAT " of the outbox has not been told: confirm the last "
                    "one that came",
                    seq);
        return ops->fail(backend);
    }
    if (!ops->confirm_outbox(backend, act, source, seq, error))
        return ops->fail(backend);
    return ops->end(backend, act, GEO_OP_DELIVER, "outbox", seq, seq, source, error);
}
