/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Tables of deeds: events, reports, assignments, messages, outbox marks. */
#include <math.h>

#include "geo/model/error.h"
#include "geo/store/sqlite.h"

static GeoSqlite *of(GeoBackend *backend)
{
    return (GeoSqlite *)(void *)backend;
}

/* ---- transactions ---- */

static bool begin(GeoBackend *backend, const GeoAct *act, bool *done, int64_t *version,
                  GError **error)
{
    return geo_sqlite_begin_act(of(backend), act, done, version, error);
}

static bool end(GeoBackend *backend, const GeoAct *act, GeoOp op, const char *entity, int64_t id,
                int64_t version, const char *detail, GError **error)
{
    return geo_sqlite_end_act(of(backend), act, op, entity, id, version, detail, error);
}

static bool fail(GeoBackend *backend)
{
    return geo_sqlite_fail(of(backend));
}

static bool log_change(GeoBackend *backend, const GeoAct *act, const char *entity, int64_t id,
                       int64_t version, GError **error)
{
    return geo_sqlite_log_change(of(backend), act, entity, id, version, error);
}

static bool begin_read(GeoBackend *backend, GError **error)
{
    return geo_db_begin_read(of(backend)->db, error);
}

static void end_read(GeoBackend *backend)
{
    geo_db_rollback(of(backend)->db);
}

/* ---- reading ---- */

static GeoBatch *rows(GeoBackend *backend, GeoKind kind, const GeoQuery *query, GError **error)
{
    return geo_sqlite_load_rows(of(backend), kind, query, error);
}

static int word_of(const char *const *words, const char *word)
{
    return word ? geo_kind_word(words, word) : -1;
}

enum {
    COLUMN_SEQ,
    COLUMN_DEED_ID,
    COLUMN_AT,
    COLUMN_DEED,
    COLUMN_FROM,
    COLUMN_TO,
    COLUMN_ACTOR,
    COLUMN_REASON,
    COLUMN_ROLE,
    COLUMN_UNIT,
    COLUMN_OTHER,
    COLUMN_HAPPENED,
    COLUMN_UNTIL,
    COLUMN_ITEM,
    COLUMN_CATEGORY,
    COLUMN_PLACE,
    COLUMN_AREA,
    COLUMN_DEPARTMENT,
    COLUMN_LEVEL,
    COLUMN_LADDER,
    COLUMN_PRIORITY,
    COLUMN_LON,
    COLUMN_LAT,
    COLUMN_VALUE
};

/* Texts are borrowed from the statement until its next step. */
static GeoDeedDetail read_detail(GeoStatement *row)
{
    GeoDeedDetail detail = {.unit_id = geo_db_int(row, COLUMN_UNIT),
                            .other_id = geo_db_int(row, COLUMN_OTHER),
                            .happened_ms = geo_db_int(row, COLUMN_HAPPENED),
                            .until_ms = geo_db_int(row, COLUMN_UNTIL),
                            .reason = geo_db_text(row, COLUMN_REASON),
                            .item = geo_db_text(row, COLUMN_ITEM),
                            .category = geo_db_text(row, COLUMN_CATEGORY),
                            .place = geo_db_text(row, COLUMN_PLACE),
                            .area = geo_db_text(row, COLUMN_AREA),
                            .department = geo_db_text(row, COLUMN_DEPARTMENT),
                            .priority = geo_db_int(row, COLUMN_PRIORITY),
                            .value = geo_db_int(row, COLUMN_VALUE)};
    detail.level = MAX(word_of(geo_level_words, geo_db_text(row, COLUMN_LEVEL)), 0);
    detail.ladder = MAX(word_of(geo_ladder_words, geo_db_text(row, COLUMN_LADDER)), 0);
    GeoLonLat at = {geo_db_real(row, COLUMN_LON), geo_db_real(row, COLUMN_LAT)};
    if (isfinite(at.lon) && isfinite(at.lat))
        detail.at = at;
    return detail;
}

static void read_event(GeoStatement *row, int64_t incident_id, bool old, GeoCaseLog *log)
{
    GeoCaseEvent event = {.seq = geo_db_int(row, COLUMN_SEQ),
                          .deed_id = geo_db_int(row, COLUMN_DEED_ID),
                          .incident_id = incident_id,
                          .at_ms = geo_db_int(row, COLUMN_AT),
                          .from = word_of(geo_incident_state_words, geo_db_text(row, COLUMN_FROM)),
                          .to = word_of(geo_incident_state_words, geo_db_text(row, COLUMN_TO)),
                          .actor = geo_db_text(row, COLUMN_ACTOR)};
    int what = word_of(geo_deed_words, geo_db_text(row, COLUMN_DEED));
    event.what = what < 0 ? GEO_DEED_STEP : (GeoDeedWhat)what;
    event.detail.reason = geo_db_text(row, COLUMN_REASON);
    if (!old) {
        event.role = geo_db_text(row, COLUMN_ROLE);
        event.detail = read_detail(row);
    }
    geo_caselog_add(log, &event);
}

static GeoCaseLog *load_log(GeoBackend *backend, int64_t incident_id, GError **error)
{
    static const char SQL_LOG[] =
        "SELECT seq, coalesce(deed_id, seq), at_ms, deed, from_state, to_state, actor, reason,"
        " role, unit_id, other_id, happened_ms, until_ms, item, category, place, area,"
        " department, level, ladder, priority, lon, lat, value"
        " FROM incident_event WHERE incident_id = ? ORDER BY seq";
    static const char SQL_OLD[] = "SELECT seq, seq, at_ms, NULL, from_state, to_state, actor,"
                                  " reason FROM incident_event WHERE incident_id = ? ORDER BY seq";
    GeoSqlite *self = of(backend);
    bool old = self->version < GEO_DEEDS_SCHEMA;
    GeoStatement *statement = geo_db_statement(self->db, old ? SQL_OLD : SQL_LOG, error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, incident_id);
    g_autoptr(GeoCaseLog) log = geo_caselog_new();
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW)
        read_event(statement, incident_id, old, log);
    geo_db_reset(statement);
    return step == GEO_DB_DONE ? g_steal_pointer(&log) : NULL;
}

static bool find_unit(GeoBackend *backend, int64_t id, GeoUnitNow *now, GError **error)
{
    static const char SQL_FIND[] =
        "SELECT unit.version, unit.status, coalesce(incident_id, 0), before, unit.code"
        " FROM unit LEFT JOIN assignment ON unit_id = unit.id AND to_ms IS NULL"
        " WHERE unit.id = ? AND (import_id = 0 OR import_id IN"
        " (SELECT id FROM import WHERE state = 'live'))";
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, SQL_FIND, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    if (step == GEO_DB_ROW) {
        int before = word_of(geo_unit_status_words, geo_db_text(statement, 3));
        *now =
            (GeoUnitNow){geo_db_int(statement, 0), geo_db_int(statement, 2),
                         (GeoUnitStatus)word_of(geo_unit_status_words, geo_db_text(statement, 1)),
                         before < 0 ? GEO_STATUS_AVAILABLE : (GeoUnitStatus)before, ""};
        const char *code = geo_db_text(statement, 4);
        g_strlcpy(now->code, code ? code : "", sizeof now->code);
        geo_db_reset(statement);
    } else if (step == GEO_DB_DONE)
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "there is no unit %" G_GINT64_FORMAT, id);
    return step == GEO_DB_ROW;
}

static GArray *touched(GeoBackend *backend, int64_t deed_id, GError **error)
{
    static const char SQL_TOUCHED[] =
        "SELECT DISTINCT incident_id FROM incident_event WHERE deed_id = ? ORDER BY 1";
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, SQL_TOUCHED, error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, deed_id);
    g_autoptr(GArray) ids = g_array_new(FALSE, FALSE, sizeof(int64_t));
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        int64_t id = geo_db_int(statement, 0);
        g_array_append_val(ids, id);
    }
    return step == GEO_DB_DONE ? g_steal_pointer(&ids) : NULL;
}

static bool find_report(GeoBackend *backend, const char *source, const char *source_no,
                        int64_t *incident_id, GError **error)
{
    static const char SQL_FIND[] =
        "SELECT incident_id FROM report WHERE source = ? AND source_no = ?";
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, SQL_FIND, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, source);
    geo_db_bind_text(statement, 2, source_no);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    *incident_id = step == GEO_DB_ROW ? geo_db_int(statement, 0) : 0;
    geo_db_reset(statement);
    return step != GEO_DB_FAILED;
}

static bool next_seq(GeoBackend *backend, int64_t *seq, GError **error)
{
    return geo_db_scalar(of(backend)->db, "SELECT coalesce(max(seq), 0) + 1 FROM incident_event", 1,
                         seq, error);
}

static GeoReport *load_report(GeoBackend *backend, int64_t incident_id, GError **error)
{
    static const char SQL_REPORT[] = "SELECT source, source_no, words, caller, phone, call_ms,"
                                     " answer_ms FROM report WHERE incident_id = ?";
    GeoSqlite *self = of(backend);
    if (self->version < GEO_DEEDS_SCHEMA)
        return NULL;
    GeoStatement *statement = geo_db_statement(self->db, SQL_REPORT, error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, incident_id);
    if (geo_db_step(self->db, statement, error) != GEO_DB_ROW)
        return NULL;
    GeoReport found = {geo_db_text(statement, 0), geo_db_text(statement, 1),
                       geo_db_text(statement, 2), geo_db_text(statement, 3),
                       geo_db_text(statement, 4), geo_db_int(statement, 5),
                       geo_db_int(statement, 6)};
    GeoReport *report = geo_report_copy(&found);
    geo_db_reset(statement);
    return report;
}

static void read_message(GeoStatement *row, GeoMessages *messages)
{
    GeoMessage message = {.id = geo_db_int(row, 0),
                          .incident_id = geo_db_int(row, 1),
                          .unit_id = geo_db_int(row, 2),
                          .queued_ms = geo_db_int(row, 5),
                          .sent_ms = geo_db_int(row, 6),
                          .delivered_ms = geo_db_int(row, 7),
                          .accepted_ms = geo_db_int(row, 8),
                          .tries = geo_db_int(row, 9),
                          .channel = geo_messages_text(messages, geo_db_text(row, 10)),
                          .note = geo_messages_text(messages, geo_db_text(row, 11)),
                          .code = geo_messages_text(messages, geo_db_text(row, 12)),
                          .category = geo_messages_text(messages, geo_db_text(row, 13)),
                          .place = geo_messages_text(messages, geo_db_text(row, 14)),
                          .priority = geo_db_int(row, 15),
                          .unit_code = geo_messages_text(messages, geo_db_text(row, 16))};
    message.what = (GeoMessageWhat)MAX(word_of(geo_message_words, geo_db_text(row, 3)), 0);
    message.state = (GeoMessageState)MAX(word_of(geo_message_state_words, geo_db_text(row, 4)), 0);
    GeoLonLat at = {geo_db_real(row, 17), geo_db_real(row, 18)};
    if (isfinite(at.lon) && isfinite(at.lat))
        message.at = at;
    g_array_append_val(messages->rows, message);
}

/* A parameter that may be none would keep the planner from every index: so one text for each way to
 * ask. */
const char *geo_sqlite_messages_sql(const GeoMessageQuery *query)
{
#define SELECT_MESSAGES                                                                            \
    "SELECT m.id, m.incident_id, m.unit_id, m.what, m.state, m.queued_ms, m.sent_ms,"              \
    " m.delivered_ms, m.accepted_ms, m.tries, m.channel, m.note, i.code, i.category, i.place,"     \
    " i.priority, u.code, ST_X(i.geom), ST_Y(i.geom) FROM message m"                               \
    " LEFT JOIN incident i ON i.id = m.incident_id LEFT JOIN unit u ON u.id = m.unit_id"           \
    " WHERE (?1 = 0 OR m.state IN ('queued', 'no_channel', 'sent'))"                               \
    " AND (?3 = 0 OR m.unit_id = ?3)"
    static const char SQL_ONE[] =
        SELECT_MESSAGES " AND (?2 = 0 OR m.incident_id = ?2) AND m.id > ?4 AND m.id = ?5";
    static const char SQL_OF_INCIDENT[] =
        SELECT_MESSAGES " AND m.incident_id = ?2 AND +m.id > ?4 ORDER BY m.id";
    static const char SQL_AFTER[] = SELECT_MESSAGES " AND m.id > ?4 ORDER BY m.id";
#undef SELECT_MESSAGES
    return query->id ? SQL_ONE : query->incident_id ? SQL_OF_INCIDENT : SQL_AFTER;
}

static GeoMessages *load_messages(GeoBackend *backend, const GeoMessageQuery *query, GError **error)
{
    GeoSqlite *self = of(backend);
    g_autoptr(GeoMessages) messages = geo_messages_new();
    if (self->version < GEO_DEEDS_SCHEMA)
        return g_steal_pointer(&messages);
    GeoStatement *statement = geo_db_statement(self->db, geo_sqlite_messages_sql(query), error);
    if (!statement)
        return NULL;
    geo_db_bind_int(statement, 1, query->open);
    if (query->id || query->incident_id)
        geo_db_bind_int(statement, 2, query->incident_id);
    geo_db_bind_int(statement, 3, query->unit_id);
    geo_db_bind_int(statement, 4, query->after_id);
    if (query->id)
        geo_db_bind_int(statement, 5, query->id);
    GeoDbStep step;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW)
        read_message(statement, messages);
    return step == GEO_DB_DONE ? g_steal_pointer(&messages) : NULL;
}

/* Of one source: from its mark on, by the events' own order; the rest is known to it. An event
 * tells of its incident and of all that are duplicates of it by now. "+": not by all the reports of
 * the source for each event. */
const char *geo_sqlite_outbox_sql(bool of_source)
{
#define SELECT_OUTBOX                                                                              \
    "SELECT e.seq, r.incident_id, i.code, r.source, r.source_no, e.deed, e.from_state,"            \
    " e.to_state, e.at_ms, e.level, e.department, e.reason, n.code, n.state"                       \
    " FROM incident_event e CROSS JOIN report r ON r.incident_id IN (WITH RECURSIVE same(id) AS"   \
    " (SELECT e.incident_id UNION SELECT m.incident_id FROM same JOIN incident_event m"            \
    " ON m.other_id = same.id AND m.deed = 'merge' AND m.seq < e.seq JOIN incident d"              \
    " ON d.id = m.incident_id AND d.state = 'duplicate' WHERE NOT EXISTS (SELECT 1"                \
    " FROM incident_event l WHERE l.incident_id = m.incident_id AND l.deed = 'merge'"              \
    " AND l.seq > m.seq)) SELECT id FROM same)"                                                    \
    " JOIN incident i ON i.id = r.incident_id LEFT JOIN incident n ON n.id ="                      \
    " CASE WHEN e.deed = 'merge' THEN e.other_id WHEN e.incident_id <> r.incident_id"              \
    " THEN e.incident_id END"
#define IS_NEWS " AND r.source_no IS NOT NULL AND e.from_state IS NOT e.to_state"
    static const char SQL_SOURCE[] = SELECT_OUTBOX
        " WHERE e.seq > (SELECT coalesce(max(seq), 0) FROM outbox_mark WHERE source = ?1)"
        " AND +r.source = ?1" IS_NEWS " ORDER BY e.seq, r.incident_id";
    static const char SQL_ALL[] =
        SELECT_OUTBOX " LEFT JOIN outbox_mark m ON m.source = r.source"
                      " WHERE e.seq > coalesce(m.seq, 0)" IS_NEWS " AND ?1 IS NULL ORDER BY e.seq,"
                      " r.incident_id";
#undef SELECT_OUTBOX
#undef IS_NEWS
    return of_source ? SQL_SOURCE : SQL_ALL;
}

static GeoOutbox *load_outbox(GeoBackend *backend, const char *source, size_t max, GError **error)
{
    GeoSqlite *self = of(backend);
    g_autoptr(GeoOutbox) outbox = geo_outbox_new();
    if (self->version < GEO_DEEDS_SCHEMA)
        return g_steal_pointer(&outbox);
    GeoStatement *statement =
        geo_db_statement(self->db, geo_sqlite_outbox_sql(source != NULL), error);
    if (!statement)
        return NULL;
    geo_db_bind_text(statement, 1, source);
    GeoDbStep step;
    int64_t last = 0;
    while ((step = geo_db_step(self->db, statement, error)) == GEO_DB_ROW) {
        int64_t seq = geo_db_int(statement, 0);
        if (max && outbox->rows->len >= max && seq != last) {
            geo_db_reset(statement);
            return g_steal_pointer(&outbox);
        }
        last = seq;
        int what = word_of(geo_deed_words, geo_db_text(statement, 5));
        int from = word_of(geo_incident_state_words, geo_db_text(statement, 6));
        GeoOutboxRow row = {
            .seq = seq,
            .incident_id = geo_db_int(statement, 1),
            .code = geo_outbox_text(outbox, geo_db_text(statement, 2)),
            .source = geo_outbox_text(outbox, geo_db_text(statement, 3)),
            .source_no = geo_outbox_text(outbox, geo_db_text(statement, 4)),
            .what = what < 0 ? GEO_DEED_STEP : (GeoDeedWhat)what,
            .from = (GeoIncidentState)MAX(from, 0),
            .to = (GeoIncidentState)word_of(geo_incident_state_words, geo_db_text(statement, 7)),
            .at_ms = geo_db_int(statement, 8),
            .level = geo_outbox_text(outbox, geo_db_text(statement, 9)),
            .department = geo_outbox_text(outbox, geo_db_text(statement, 10)),
            .reason = geo_outbox_text(outbox, geo_db_text(statement, 11)),
            .into = geo_outbox_text(outbox, geo_db_text(statement, 12)),
            .into_state = (GeoIncidentState)MAX(
                word_of(geo_incident_state_words, geo_db_text(statement, 13)), 0)};
        g_array_append_val(outbox->rows, row);
    }
    return step == GEO_DB_DONE ? g_steal_pointer(&outbox) : NULL;
}

/* ---- writing ---- */

static bool import_of(GeoSqlite *self, int64_t id, int64_t *import_id, GError **error)
{
    static const char SQL_IMPORT[] = "SELECT import_id FROM incident WHERE id = ?";
    GeoStatement *statement = geo_db_statement(self->db, SQL_IMPORT, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, id);
    GeoDbStep step = geo_db_step(self->db, statement, error);
    *import_id = step == GEO_DB_ROW ? geo_db_int(statement, 0) : 0;
    geo_db_reset(statement);
    return step != GEO_DB_FAILED;
}

static bool put_incident(GeoBackend *backend, const GeoBatch *incident, bool is_new, GError **error)
{
    GeoSqlite *self = of(backend);
    int64_t id = geo_batch_row(incident, 0)->id, import_id = 0;
    g_autoptr(GByteArray) blob = g_byte_array_new();
    return (is_new || (import_of(self, id, &import_id, error) &&
                       geo_sqlite_delete_row(self, GEO_KIND_INCIDENT, id, error))) &&
           geo_sqlite_insert_row(self, incident, 0, import_id, blob, error);
}

static void bind_time(GeoStatement *statement, int i, int64_t at_ms)
{
    if (at_ms)
        geo_db_bind_int(statement, i, at_ms);
}

static bool put_report(GeoBackend *backend, int64_t incident_id, const GeoReport *report,
                       GError **error)
{
    static const char SQL_PUT[] =
        "INSERT INTO report (incident_id, source, source_no, words, caller, phone, call_ms,"
        " answer_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)";
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, SQL_PUT, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, incident_id);
    geo_db_bind_text(statement, 2, report->source);
    geo_db_bind_text(statement, 3, report->source_no);
    geo_db_bind_text(statement, 4, report->words);
    geo_db_bind_text(statement, 5, report->caller);
    geo_db_bind_text(statement, 6, report->phone);
    bind_time(statement, 7, report->call_ms);
    bind_time(statement, 8, report->answer_ms);
    return geo_db_finish(self->db, statement, error);
}

static void bind_detail(GeoStatement *statement, int i, const GeoDeedDetail *detail)
{
    const int64_t numbers[] = {detail->unit_id, detail->other_id, detail->happened_ms,
                               detail->until_ms};
    const char *const texts[] = {detail->item, detail->category, detail->place, detail->area,
                                 detail->department};
    for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++, i++)
        bind_time(statement, i, numbers[k]);
    for (size_t k = 0; k < G_N_ELEMENTS(texts); k++, i++)
        geo_db_bind_text(statement, i, texts[k]);
    if (detail->level) {
        geo_db_bind_text(statement, i, geo_level_words[detail->level]);
        geo_db_bind_text(statement, i + 1, geo_ladder_words[detail->ladder]);
    }
    bind_time(statement, i + 2, detail->priority);
    if (detail->at.lon != 0 || detail->at.lat != 0) {
        geo_db_bind_real(statement, i + 3, detail->at.lon);
        geo_db_bind_real(statement, i + 4, detail->at.lat);
    }
    bind_time(statement, i + 5, detail->value);
}

static bool set_deed_id(GeoSqlite *self, int64_t seq, GError **error)
{
    static const char SQL_SET[] = "UPDATE incident_event SET deed_id = seq WHERE seq = ?";
    GeoStatement *statement = geo_db_statement(self->db, SQL_SET, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, seq);
    return geo_db_finish(self->db, statement, error);
}

static bool add_event(GeoBackend *backend, GeoCaseEvent *event, GError **error)
{
    static const char SQL_ADD[] =
        "INSERT INTO incident_event (incident_id, from_state, to_state, at_ms, actor, reason, deed,"
        " deed_id, role, unit_id, other_id, happened_ms, until_ms, item, category, place, area,"
        " department, level, ladder, priority, lon, lat, value)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " RETURNING seq";
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, SQL_ADD, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, event->incident_id);
    if (event->from >= 0)
        geo_db_bind_text(statement, 2, geo_incident_state_words[event->from]);
    geo_db_bind_text(statement, 3, geo_incident_state_words[event->to]);
    geo_db_bind_int(statement, 4, event->at_ms);
    geo_db_bind_text(statement, 5, event->actor);
    geo_db_bind_text(statement, 6, event->detail.reason);
    geo_db_bind_text(statement, 7, geo_deed_words[event->what]);
    bind_time(statement, 8, event->deed_id);
    geo_db_bind_text(statement, 9, event->role);
    bind_detail(statement, 10, &event->detail);
    if (geo_db_step(self->db, statement, error) != GEO_DB_ROW)
        return false;
    event->seq = geo_db_int(statement, 0);
    geo_db_reset(statement);
    if (event->deed_id)
        return true;
    event->deed_id = event->seq;
    return set_deed_id(self, event->seq, error);
}

static bool put_part(GeoBackend *backend, const GeoPart *part, GError **error)
{
    static const char SQL_OPEN[] =
        "INSERT INTO assignment (from_ms, unit_id, incident_id, before) VALUES (?, ?, ?, ?)";
    static const char SQL_CLOSE[] =
        "UPDATE assignment SET to_ms = max(from_ms, ?) WHERE unit_id = ?"
        " AND incident_id = ? AND to_ms IS NULL";
    static const char SQL_RESUME[] =
        "UPDATE assignment SET to_ms = NULL WHERE id = (SELECT max(id) FROM assignment"
        " WHERE ?1 > 0 AND unit_id = ?2 AND incident_id = ?3)";
    static const char *const sql[] = {SQL_OPEN, SQL_CLOSE, SQL_RESUME};
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, sql[part->what], error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, part->at_ms);
    geo_db_bind_int(statement, 2, part->unit_id);
    geo_db_bind_int(statement, 3, part->incident_id);
    if (part->what == GEO_PART_OPEN)
        geo_db_bind_text(statement, 4, geo_unit_status_words[part->before]);
    return geo_db_finish(self->db, statement, error);
}

static bool put_status(GeoBackend *backend, int64_t unit_id, GeoUnitStatus status, GError **error)
{
    return geo_sqlite_set_unit(of(backend), unit_id, status, error);
}

static bool add_message(GeoBackend *backend, const GeoMessage *message, GError **error)
{
    static const char SQL_ADD[] = "INSERT INTO message (incident_id, unit_id, what, state,"
                                  " queued_ms) VALUES (?, ?, ?, ?, ?)";
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, SQL_ADD, error);
    if (!statement)
        return false;
    geo_db_bind_int(statement, 1, message->incident_id);
    geo_db_bind_int(statement, 2, message->unit_id);
    geo_db_bind_text(statement, 3, geo_message_words[message->what]);
    geo_db_bind_text(statement, 4, geo_message_state_words[message->state]);
    geo_db_bind_int(statement, 5, message->queued_ms);
    return geo_db_finish(self->db, statement, error);
}

static bool set_message(GeoBackend *backend, const GeoMessage *message, GError **error)
{
    static const char SQL_SET[] = "UPDATE message SET state = ?, sent_ms = ?, delivered_ms = ?,"
                                  " accepted_ms = ?, tries = ?, channel = ?, note = ? WHERE id = ?";
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, SQL_SET, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, geo_message_state_words[message->state]);
    bind_time(statement, 2, message->sent_ms);
    bind_time(statement, 3, message->delivered_ms);
    bind_time(statement, 4, message->accepted_ms);
    geo_db_bind_int(statement, 5, message->tries);
    geo_db_bind_text(statement, 6, message->channel);
    geo_db_bind_text(statement, 7, message->note);
    geo_db_bind_int(statement, 8, message->id);
    return geo_db_finish(self->db, statement, error);
}

static bool confirm_outbox(GeoBackend *backend, const GeoAct *act, const char *source, int64_t seq,
                           GError **error)
{
    static const char SQL_MARK[] =
        "INSERT INTO outbox_mark (source, seq, at_ms) VALUES (?, ?, ?) ON CONFLICT (source)"
        " DO UPDATE SET seq = max(seq, excluded.seq), at_ms = excluded.at_ms";
    GeoSqlite *self = of(backend);
    GeoStatement *statement = geo_db_statement(self->db, SQL_MARK, error);
    if (!statement)
        return false;
    geo_db_bind_text(statement, 1, source);
    geo_db_bind_int(statement, 2, seq);
    geo_db_bind_int(statement, 3, act->now_ms);
    return geo_db_finish(self->db, statement, error);
}

const GeoDeedOps geo_sqlite_deeds = {
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
