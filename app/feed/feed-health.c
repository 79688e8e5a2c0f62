/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/feed-health.h"

#include <json-glib/json-glib.h>
#include <math.h>

static void add_int(JsonBuilder *json, const char *name, uint64_t value)
{
    json_builder_set_member_name(json, name);
    json_builder_add_int_value(json, (gint64)value);
}

/* To a thousandth; what is not known is null. */
static void add_number(JsonBuilder *json, const char *name, double value)
{
    json_builder_set_member_name(json, name);
    if (isfinite(value))
        json_builder_add_double_value(json, round(value * 1000) / 1000);
    else
        json_builder_add_null_value(json);
}

static void add_text(JsonBuilder *json, const char *name, const char *value)
{
    json_builder_set_member_name(json, name);
    if (value)
        json_builder_add_string_value(json, value);
    else
        json_builder_add_null_value(json);
}

static void begin(JsonBuilder *json, const char *name)
{
    json_builder_set_member_name(json, name);
    json_builder_begin_object(json);
}

/* ---- sources ---- */

static void begin_source(JsonBuilder *json, const AppFeedState *state, const char *name,
                         uint32_t source)
{
    GeoIntakeHealth health = geo_admit_health(state->admit, source, state->now_ms);
    json_builder_begin_object(json);
    add_text(json, "name", name);
    add_text(json, "kind", name);
    add_number(json, "per_s", health.per_s);
    add_number(json, "usual_per_s", health.usual_per_s);
    add_number(json, "delay_p50_s", health.delay_p50_s);
    add_number(json, "delay_p95_s", health.delay_p95_s);
    add_number(json, "skew_s", health.skew_s);
    add_int(json, "last_heard_ms", (uint64_t)health.last_heard_ms);
    begin(json, "counts");
    for (size_t i = 0; i < GEO_N_INTAKES; i++)
        add_int(json, geo_intake_words[i], health.n[i]);
    json_builder_end_object(json);
}

static void add_jt808(JsonBuilder *json, const AppFeedState *state)
{
    const AppFeedJt808Counts *counts = state->jt808;
    begin_source(json, state, "jt808", state->source_of_jt808);
    add_int(json, "connected", counts->terminals);
    add_int(json, "frames", counts->frames);
    add_int(json, "dropped", counts->dropped);
    add_int(json, "unproven", counts->unproven);
    add_int(json, "refused", counts->refused);
    add_int(json, "replaced", counts->replaced);
    add_int(json, "texts", counts->texts);
    add_int(json, "texts_delivered", counts->texts_delivered);
    begin(json, "faults");
    for (int i = GEO_JT808_NO_FLAG; i <= GEO_JT808_TOO_LONG; i++)
        add_int(json, geo_jt808_fault_word((GeoJt808Fault)i), counts->faults[i]);
    json_builder_end_object(json);
    add_int(json, "loss_window_ms", 0);
    json_builder_end_object(json);
}

static void add_http(JsonBuilder *json, const AppFeedState *state)
{
    begin_source(json, state, "http", state->source_of_http);
    add_int(json, "connected", state->http->connections);
    add_int(json, "requests", state->http->requests);
    add_int(json, "refused", state->http->refused);
    add_int(json, "wrong", state->http->wrong);
    add_int(json, "loss_window_ms", 0);
    json_builder_end_object(json);
}

static void add_mqtt(JsonBuilder *json, const AppFeedState *state)
{
    begin_source(json, state, "mqtt", state->source_of_mqtt);
    add_int(json, "connected", state->mqtt->connected);
    add_int(json, "messages", state->mqtt->messages);
    add_int(json, "wrong", state->mqtt->wrong);
    add_int(json, "connections", state->mqtt->connections);
    add_text(json, "trouble", state->mqtt->trouble);
    add_int(json, "loss_window_ms", APP_FEED_MQTT_LOSS_MS);
    json_builder_end_object(json);
}

static void add_sources(JsonBuilder *json, const AppFeedState *state)
{
    json_builder_set_member_name(json, "sources");
    json_builder_begin_array(json);
    if (state->jt808)
        add_jt808(json, state);
    if (state->http)
        add_http(json, state);
    if (state->mqtt)
        add_mqtt(json, state);
    json_builder_end_array(json);
}

/* ---- the rest ---- */

static void add_connections(JsonBuilder *json, const AppFeedState *state)
{
    begin(json, "connections");
    add_int(json, "opened", state->board->opened);
    add_int(json, "closed", state->board->closed);
    add_int(json, "open", state->board->n_lines);
    add_int(json, "unproven", state->n_porch);
    add_int(json, "sent_away", state->sent_away);
    add_int(json, "silent", state->board->silent);
    add_int(json, "deaf", state->board->deaf);
    add_int(json, "slowed", state->board->slowed);
    json_builder_end_object(json);
}

static void add_kept(JsonBuilder *json, const AppFeedKept *kept)
{
    begin(json, "kept");
    add_int(json, "groups", kept->groups);
    add_int(json, "fixes", kept->fixes);
    add_int(json, "refused", kept->refused);
    add_int(json, "failures", kept->failures);
    add_int(json, "waiting", kept->waiting);
    add_number(json, "delay_p50_s", kept->kept_p50_s);
    add_number(json, "delay_p99_s", kept->kept_p99_s);
    add_number(json, "delay_max_s", kept->kept_max_s);
    add_number(json, "commit_p50_ms", kept->commit_p50_ms);
    add_number(json, "commit_max_ms", kept->commit_max_ms);
    add_text(json, "trouble", kept->trouble);
    json_builder_end_object(json);
}

static void add_no_roster(JsonBuilder *json, const GeoAdmit *admit)
{
    g_autoptr(GArray) areas = geo_admit_no_roster(admit);
    json_builder_set_member_name(json, "no_roster");
    json_builder_begin_array(json);
    for (guint i = 0; i < areas->len; i++) {
        const GeoAdmitNoRoster *one = &g_array_index(areas, GeoAdmitNoRoster, i);
        json_builder_begin_object(json);
        add_text(json, "area", one->area);
        add_int(json, "refused", one->refused);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void add_alarms(JsonBuilder *json, const AppFeedState *state)
{
    const GeoMuster *muster = geo_admit_muster(state->admit);
    json_builder_set_member_name(json, "sos");
    json_builder_begin_array(json);
    for (guint i = 0; i < state->alarms->len; i++) {
        const GeoAdmitSos *sos = &g_array_index(state->alarms, GeoAdmitSos, i);
        int64_t unit = geo_muster_number(muster, sos->unit_id);
        json_builder_begin_object(json);
        add_text(json, "unit", unit >= 0 ? geo_muster_code(muster, (uint32_t)unit) : NULL);
        add_text(json, "device", sos->key);
        add_int(json, "at_ms", (uint64_t)sos->at_ms);
        json_builder_set_member_name(json, "place");
        json_builder_begin_array(json);
        if (isfinite(sos->lon)) {
            json_builder_add_double_value(json, sos->lon);
            json_builder_add_double_value(json, sos->lat);
        }
        json_builder_end_array(json);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

GString *app_feed_health_write(const AppFeedState *state)
{
    g_autoptr(JsonBuilder) json = json_builder_new();
    json_builder_begin_object(json);
    add_int(json, "schema", 1);
    add_int(json, "at", (uint64_t)state->now_ms);
    add_int(json, "units", geo_muster_n(geo_admit_muster(state->admit)));
    add_int(json, "jt808_port", state->jt808_port);
    add_int(json, "http_port", state->http_port);
    add_sources(json, state);
    add_connections(json, state);
    add_kept(json, &state->kept);
    add_no_roster(json, state->admit);
    add_alarms(json, state);
    json_builder_end_object(json);
    g_autoptr(JsonGenerator) generator = json_generator_new();
    g_autoptr(JsonNode) root = json_builder_get_root(json);
    json_generator_set_root(generator, root);
    gsize n = 0;
    g_autofree char *text = json_generator_to_data(generator, &n);
    GString *out = g_string_new_len(text, (gssize)n);
    return g_string_append_c(out, '\n');
}
