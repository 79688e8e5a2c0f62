/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/outbox-json.h"

#include <json-glib/json-glib.h>

static void add_text(JsonBuilder *builder, const char *key, const char *text)
{
    json_builder_set_member_name(builder, key);
    if (text)
        json_builder_add_string_value(builder, text);
    else
        json_builder_add_null_value(builder);
}

static void add_row(JsonBuilder *builder, const GeoOutboxRow *row)
{
    g_autoptr(GDateTime) moment = g_date_time_new_from_unix_utc(row->at_ms / 1000);
    g_autofree char *at = moment ? g_date_time_format(moment, "%Y-%m-%dT%H:%M:%SZ") : NULL;
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "seq");
    json_builder_add_int_value(builder, row->seq);
    add_text(builder, "number", row->source_no);
    add_text(builder, "incident", row->code);
    add_text(builder, "act", geo_deed_words[row->what]);
    add_text(builder, "from", geo_incident_state_words[row->from]);
    add_text(builder, "to", geo_incident_state_words[row->to]);
    add_text(builder, "at", at);
    add_text(builder, "level", row->level);
    add_text(builder, "department", row->department);
    add_text(builder, "reason", row->reason);
    add_text(builder, "into", row->into);
    add_text(builder, "into_state", row->into ? geo_incident_state_words[row->into_state] : NULL);
    json_builder_end_object(builder);
}

static int64_t seq_of(const GeoOutbox *outbox, guint i)
{
    return g_array_index(outbox->rows, GeoOutboxRow, i).seq;
}

char *app_feed_outbox_json(const GeoOutbox *outbox, const char *source, guint first, guint max,
                           int64_t *last)
{
    g_autoptr(JsonBuilder) builder = json_builder_new();
    guint end = MIN(outbox->rows->len, first + max);
    while (end > first && end < outbox->rows->len && seq_of(outbox, end) == seq_of(outbox, end - 1))
        end++; /* one seq is confirmed as a whole */
    *last = end > first ? seq_of(outbox, end - 1) : 0;
    json_builder_begin_object(builder);
    add_text(builder, "source", source);
    json_builder_set_member_name(builder, "last");
    json_builder_add_int_value(builder, *last);
    json_builder_set_member_name(builder, "rows");
    json_builder_begin_array(builder);
    for (guint i = first; i < end; i++)
        add_row(builder, &g_array_index(outbox->rows, GeoOutboxRow, i));
    json_builder_end_array(builder);
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    return json_to_string(root, FALSE);
}
