/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of deeds in memory. Nothing here fails once deeds.c has judged, so that there is nothing
 * to take back. */
#include <string.h>

#include "geo/model/dutyclock.h"
#include "geo/model/error.h"
#include "geo/store/memory.h"

struct GeoMemoryDeeds {
    GeoCaseLog *log;       /* events of all incidents, by seq */
    GHashTable *reports;   /* incident id -> GeoReport, both owned */
    GeoMessages *messages; /* all of them */
    GHashTable *marks;     /* source -> int64_t seq, both owned */
};

GeoMemoryDeeds *geo_memory_deeds_new(void)
{
    GeoMemoryDeeds *deeds = g_new0(GeoMemoryDeeds, 1);
    deeds->log = geo_caselog_new();
    deeds->reports =
        g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, (GDestroyNotify)geo_report_free);
    deeds->messages = geo_messages_new();
    deeds->marks = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
    return deeds;
}

void geo_memory_deeds_free(GeoMemoryDeeds *deeds)
{
    geo_caselog_free(deeds->log);
    g_hash_table_unref(deeds->reports);
    geo_messages_free(deeds->messages);
    g_hash_table_unref(deeds->marks);
    g_free(deeds);
}

static GeoMemoryDeeds *of(GeoBackend *backend)
{
    return geo_memory_of(backend)->deeds;
}

GeoMemoryPart *geo_memory_part(const GeoMemory *memory, int64_t unit_id)
{
    for (guint i = memory->parts->len; i-- > 0;) {
        GeoMemoryPart *part = &g_array_index(memory->parts, GeoMemoryPart, i);
        if (part->unit_id == unit_id && part->to_ms == GEO_DUTY_OPEN)
            return part;
    }
    return NULL;
}

/* ---- transactions ---- */

static bool begin(GeoBackend *backend, const GeoAct *act, bool *done, int64_t *version,
                  GError **error)
{
    *version = 0;
    *done = geo_memory_was_done(geo_memory_of(backend), act, version);
    return true;
}

static bool end(GeoBackend *backend, const GeoAct *act, GeoOp op, const char *entity, int64_t id,
                int64_t version, const char *detail, GError **error)
{
    geo_memory_note(geo_memory_of(backend), act, op, entity, id, version);
    return true;
}

static bool fail(GeoBackend *backend)
{
    return false;
}

static bool log_change(GeoBackend *backend, const GeoAct *act, const char *entity, int64_t id,
                       int64_t version, GError **error)
{
    geo_memory_note_change(geo_memory_of(backend), act, entity, id, version);
    return true;
}

static bool begin_read(GeoBackend *backend, GError **error)
{
    return true;
}

static void end_read(GeoBackend *backend)
{
}

/* ---- reading ---- */

static bool has_log(const GeoMemoryDeeds *deeds, int64_t incident_id)
{
    for (guint i = 0; i < deeds->log->events->len; i++)
        if (g_array_index(deeds->log->events, GeoCaseEvent, i).incident_id == incident_id)
            return true;
    return false;
}

static GeoBatch *rows(GeoBackend *backend, GeoKind kind, const GeoQuery *query, GError **error)
{
    GeoBatch *found = geo_memory_load(backend, kind, query, error);
    if (!query->logged)
        return found;
    GeoBatch *logged = geo_batch_new(kind);
    for (guint i = 0; i < found->rows->len; i++)
        if (has_log(of(backend), geo_batch_row(found, i)->id))
            geo_batch_copy_row(logged, found, i);
    geo_batch_free(found);
    return logged;
}

static GeoCaseLog *load_log(GeoBackend *backend, int64_t incident_id, GError **error)
{
    const GArray *events = of(backend)->log->events;
    GeoCaseLog *log = geo_caselog_new();
    for (guint i = 0; i < events->len; i++) {
        const GeoCaseEvent *event = &g_array_index(events, GeoCaseEvent, i);
        if (event->incident_id == incident_id)
            geo_caselog_add(log, event);
    }
    return log;
}

static bool find_unit(GeoBackend *backend, int64_t id, GeoUnitNow *now, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    const GeoRow *row = geo_memory_live_row(memory, GEO_KIND_UNIT, id, error);
    if (!row)
        return false;
    const GeoMemoryPart *part = geo_memory_part(memory, id);
    *now = (GeoUnitNow){row->version, part ? part->incident_id : 0,
                        (GeoUnitStatus)((const GeoUnit *)row)->status,
                        part ? part->before : GEO_STATUS_AVAILABLE, ""};
    g_strlcpy(now->code, row->code ? row->code : "", sizeof now->code);
    return true;
}

static GArray *touched(GeoBackend *backend, int64_t deed_id, GError **error)
{
    const GArray *events = of(backend)->log->events;
    GArray *ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    for (guint i = 0; i < events->len; i++) {
        const GeoCaseEvent *event = &g_array_index(events, GeoCaseEvent, i);
        bool known = event->deed_id != deed_id;
        for (guint k = 0; k < ids->len; k++)
            known |= g_array_index(ids, int64_t, k) == event->incident_id;
        if (!known)
            g_array_append_val(ids, event->incident_id);
    }
    return ids;
}

static bool find_report(GeoBackend *backend, const char *source, const char *source_no,
                        int64_t *incident_id, GError **error)
{
    GHashTableIter iter;
    gpointer id, value;
    *incident_id = 0;
    g_hash_table_iter_init(&iter, of(backend)->reports);
    while (g_hash_table_iter_next(&iter, &id, &value)) {
        const GeoReport *report = value;
        if (!g_strcmp0(report->source, source) && !g_strcmp0(report->source_no, source_no))
            *incident_id = *(int64_t *)id;
    }
    return true;
}

static bool next_seq(GeoBackend *backend, int64_t *seq, GError **error)
{
    *seq = (int64_t)of(backend)->log->events->len + 1;
    return true;
}

static GeoReport *load_report(GeoBackend *backend, int64_t incident_id, GError **error)
{
    const GeoReport *report = g_hash_table_lookup(of(backend)->reports, &incident_id);
    return report ? geo_report_copy(report) : NULL;
}

static bool is_asked(const GeoMessage *message, const GeoMessageQuery *query)
{
    return (!query->id || message->id == query->id) &&
           (!query->open || message->state <= GEO_MESSAGE_SENT) &&
           (!query->incident_id || message->incident_id == query->incident_id) &&
           (!query->unit_id || message->unit_id == query->unit_id) && message->id > query->after_id;
}

static void join_incident(GeoMemory *memory, GeoMessages *messages, GeoMessage *message)
{
    GeoRow *row = geo_memory_row(memory, GEO_KIND_INCIDENT, message->incident_id);
    const GeoIncident *incident = (const GeoIncident *)row;
    if (!row)
        return;
    message->code = geo_messages_text(messages, row->code);
    message->category = geo_messages_text(messages, incident->category);
    message->place = geo_messages_text(messages, incident->place);
    message->priority = incident->priority;
    if (!geo_batch_first(memory->shelves[GEO_KIND_INCIDENT].rows, row, &message->at))
        message->at = (GeoLonLat){0, 0};
}

static GeoMessages *load_messages(GeoBackend *backend, const GeoMessageQuery *query, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    const GArray *all = memory->deeds->messages->rows;
    GeoMessages *messages = geo_messages_new();
    for (guint i = 0; i < all->len; i++) {
        GeoMessage message = g_array_index(all, GeoMessage, i);
        if (!is_asked(&message, query))
            continue;
        const GeoRow *unit = geo_memory_row(memory, GEO_KIND_UNIT, message.unit_id);
        message.channel = geo_messages_text(messages, message.channel);
        message.note = geo_messages_text(messages, message.note);
        message.unit_code = geo_messages_text(messages, unit ? unit->code : NULL);
        join_incident(memory, messages, &message);
        g_array_append_val(messages->rows, message);
    }
    return messages;
}

/* The incident that this one was merged into before that event and still is; 0: none. */
static int64_t merged_into(GeoMemory *memory, int64_t incident_id, int64_t before_seq)
{
    const GArray *events = memory->deeds->log->events;
    const GeoIncident *incident =
        (const GeoIncident *)(const void *)geo_memory_row(memory, GEO_KIND_INCIDENT, incident_id);
    if (!incident || incident->state != GEO_INCIDENT_DUPLICATE)
        return 0;
    for (guint i = events->len; i-- > 0;) {
        const GeoCaseEvent *event = &g_array_index(events, GeoCaseEvent, i);
        if (event->incident_id == incident_id && event->what == GEO_DEED_MERGE)
            return event->seq < before_seq ? event->detail.other_id : 0;
    }
    return 0;
}

/* It is the event's incident, or by now a duplicate of it. */
static bool hears(GeoMemory *memory, int64_t incident_id, const GeoCaseEvent *event)
{
    while (incident_id && incident_id != event->incident_id)
        incident_id = merged_into(memory, incident_id, event->seq);
    return incident_id != 0;
}

static void tell(GeoMemory *memory, GeoOutbox *outbox, const GeoCaseEvent *event, int64_t id,
                 const GeoReport *report)
{
    int64_t into = event->what == GEO_DEED_MERGE ? event->detail.other_id
                   : event->incident_id != id    ? event->incident_id
                                                 : 0;
    const GeoRow *incident = geo_memory_row(memory, GEO_KIND_INCIDENT, id);
    const GeoIncident *other =
        (const GeoIncident *)(const void *)geo_memory_row(memory, GEO_KIND_INCIDENT, into);
    GeoOutboxRow row = {.seq = event->seq,
                        .incident_id = id,
                        .code = geo_outbox_text(outbox, incident ? incident->code : NULL),
                        .source = geo_outbox_text(outbox, report->source),
                        .source_no = geo_outbox_text(outbox, report->source_no),
                        .what = event->what,
                        .from = (GeoIncidentState)MAX(event->from, 0),
                        .to = (GeoIncidentState)event->to,
                        .at_ms = event->at_ms,
                        .level = event->detail.level ? geo_level_words[event->detail.level] : NULL,
                        .department = geo_outbox_text(outbox, event->detail.department),
                        .reason = geo_outbox_text(outbox, event->detail.reason),
                        .into = geo_outbox_text(outbox, other ? other->row.code : NULL),
                        .into_state = other ? (GeoIncidentState)other->state : 0};
    g_array_append_val(outbox->rows, row);
}

static gint by_id(gconstpointer a, gconstpointer b)
{
    int64_t one = *(const int64_t *)a, other = *(const int64_t *)b;
    return (one > other) - (one < other);
}

static GeoOutbox *load_outbox(GeoBackend *backend, const char *source, size_t max, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    const GArray *events = memory->deeds->log->events;
    GeoOutbox *outbox = geo_outbox_new();
    g_autoptr(GList) ids = g_list_sort(g_hash_table_get_keys(memory->deeds->reports), by_id);
    for (guint i = 0; i < events->len && (!max || outbox->rows->len < max); i++) {
        const GeoCaseEvent *event = &g_array_index(events, GeoCaseEvent, i);
        for (const GList *at = event->from != event->to ? ids : NULL; at; at = at->next) {
            int64_t id = *(const int64_t *)at->data;
            const GeoReport *report = g_hash_table_lookup(memory->deeds->reports, &id);
            if (!report->source_no || (source && strcmp(report->source, source)))
                continue;
            const int64_t *mark = g_hash_table_lookup(memory->deeds->marks, report->source);
            if ((!mark || event->seq > *mark) && hears(memory, id, event))
                tell(memory, outbox, event, id, report);
        }
    }
    return outbox;
}

/* ---- writing ---- */

static bool put_incident(GeoBackend *backend, const GeoBatch *incident, bool is_new, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    const GeoRow *row = geo_batch_row(incident, 0);
    const GeoRow *was = geo_memory_row(memory, GEO_KIND_INCIDENT, row->id);
    if (is_new && was) { /* of an import that was undone: the first thing that is written */
        g_set_error(error, GEO_ERROR, GEO_ERROR_DATA,
                    "incident %" G_GINT64_FORMAT " exists already", row->id);
        return false;
    }
    geo_memory_put_row(memory, incident, 0, was ? was->import_id : 0, row->version);
    return true;
}

static bool put_report(GeoBackend *backend, int64_t incident_id, const GeoReport *report,
                       GError **error)
{
    g_hash_table_replace(of(backend)->reports, g_memdup2(&incident_id, sizeof incident_id),
                         geo_report_copy(report));
    return true;
}

static bool add_event(GeoBackend *backend, GeoCaseEvent *event, GError **error)
{
    GeoCaseLog *log = of(backend)->log;
    event->seq = (int64_t)log->events->len + 1;
    if (event->deed_id == 0)
        event->deed_id = event->seq;
    geo_caselog_add(log, event)->undone = false;
    return true;
}

static void put_job(GeoMemory *memory, const GeoPart *part)
{
    GArray *entries = memory->book->entries;
    if (part->what == GEO_PART_OPEN) {
        GeoDutyEntry job = {.unit_id = part->unit_id,
                            .what = GEO_DUTY_INCIDENT,
                            .from_ms = part->at_ms,
                            .to_ms = GEO_DUTY_OPEN};
        g_array_append_val(entries, job);
        return;
    }
    for (guint i = entries->len; i-- > 0;) {
        GeoDutyEntry *job = &g_array_index(entries, GeoDutyEntry, i);
        if (job->what != GEO_DUTY_INCIDENT || job->unit_id != part->unit_id)
            continue;
        job->to_ms = part->what == GEO_PART_CLOSE ? MAX(job->from_ms, part->at_ms) : GEO_DUTY_OPEN;
        return;
    }
}

static bool put_part(GeoBackend *backend, const GeoPart *part, GError **error)
{
    GeoMemory *memory = geo_memory_of(backend);
    put_job(memory, part);
    if (part->what == GEO_PART_OPEN) {
        GeoMemoryPart opened = {part->incident_id, part->unit_id, GEO_DUTY_OPEN, part->before};
        g_array_append_val(memory->parts, opened);
        return true;
    }
    for (guint i = memory->parts->len; i-- > 0;) {
        GeoMemoryPart *known = &g_array_index(memory->parts, GeoMemoryPart, i);
        if (known->unit_id != part->unit_id || known->incident_id != part->incident_id)
            continue;
        known->to_ms = part->what == GEO_PART_CLOSE ? part->at_ms : GEO_DUTY_OPEN;
        break;
    }
    return true;
}

static bool put_status(GeoBackend *backend, int64_t unit_id, GeoUnitStatus status, GError **error)
{
    GeoRow *row = geo_memory_row(geo_memory_of(backend), GEO_KIND_UNIT, unit_id);
    ((GeoUnit *)row)->status = status;
    row->version++;
    return true;
}

static bool add_message(GeoBackend *backend, const GeoMessage *message, GError **error)
{
    GeoMessage added = *message;
    GArray *all = of(backend)->messages->rows;
    added.id = (int64_t)all->len + 1;
    g_array_append_val(all, added);
    return true;
}

static bool set_message(GeoBackend *backend, const GeoMessage *message, GError **error)
{
    GeoMessages *all = of(backend)->messages;
    GeoMessage *kept = &g_array_index(all->rows, GeoMessage, message->id - 1);
    *kept = *message;
    kept->channel = geo_messages_text(all, message->channel);
    kept->note = geo_messages_text(all, message->note);
    kept->code = kept->category = kept->place = kept->unit_code = NULL;
    return true;
}

static bool confirm_outbox(GeoBackend *backend, const GeoAct *act, const char *source, int64_t seq,
                           GError **error)
{
    GHashTable *marks = of(backend)->marks;
    const int64_t *was = g_hash_table_lookup(marks, source);
    int64_t next = was ? MAX(*was, seq) : seq;
    g_hash_table_replace(marks, g_strdup(source), g_memdup2(&next, sizeof next));
    return true;
}

const GeoDeedOps geo_memory_deed_ops = {
    .begin = begin,
    .end = end,
    .fail = fail,
    .log_change = log_change,
    .begin_read = begin_read,
    .end_read = end_read,
    .rows = rows,
    .log = load_log,
    .find_unit = find_unit,
    .touched = touched,
    .find_report = find_report,
    .next_seq = next_seq,
    .report = load_report,
    .messages = load_messages,
    .outbox = load_outbox,
    .put_incident = put_incident,
    .put_report = put_report,
    .add_event = add_event,
    .put_part = put_part,
    .put_status = put_status,
    .add_message = add_message,
    .set_message = set_message,
    .confirm_outbox = confirm_outbox,
};
