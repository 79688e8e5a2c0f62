/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/feed/reports.h"

#include <json-glib/json-glib.h>
#include <string.h>

#include "app/feed/outbox-json.h"
#include "geo/decode/report-json.h"
#include "geo/model/error.h"
#include "geo/work/notices.h"

#define MAX_JOBS 64
#define MAX_ROWS 1000
#define DEFAULT_ROWS 200

/* Of the clerk's thread. */
typedef struct {
    GeoRouting *routing; /* NULL: not read yet */
    GTimeZone *zone;
    int64_t since; /* the change of the city that it is as of */
} Desk;

struct AppFeedReports {
    AppFeedHttp *http;
    AppFeedClerk *clerk;
    Desk desk;
};

typedef struct {
    AppFeedReports *reports;
    uint64_t request;
    char *source;    /* owned, as below */
    GArray *notices; /* GeoNotice; NULL: of the outbox */
    int64_t after, max, confirm;
    unsigned status;
    char *answer;
} Job;

static void job_free(Job *job)
{
    g_free(job->source);
    g_free(job->answer);
    if (job->notices)
        g_array_unref(job->notices);
    g_free(job);
}

/* ---- in the clerk's thread ---- */

static void fail(Job *job, const GError *error)
{
    bool refused = g_error_matches(error, GEO_ERROR, GEO_ERROR_REFUSED);
    job->status = refused ? 403 : 503;
    job->answer = g_strdup_printf("%s%s\n", error->message, refused ? "" : ": try again");
}

/* Areas and service items change with an import or a setting. */
static bool is_stale(Desk *desk, GeoStore *store)
{
    g_autoptr(GArray) changes = geo_store_changes_since(store, desk->since, NULL);
    bool stale = !desk->routing;
    for (guint i = 0; changes && i < changes->len; i++) {
        const GeoChange *change = &g_array_index(changes, GeoChange, i);
        stale |= !strcmp(change->entity, "import") || !strcmp(change->entity, "setting");
        desk->since = change->seq;
    }
    return stale;
}

static bool prepare(Desk *desk, GeoStore *store, GError **error)
{
    if (!is_stale(desk, store))
        return true;
    GeoRouting *routing = geo_routing_load(store, error);
    if (!routing)
        return false;
    geo_routing_free(desk->routing);
    desk->routing = routing;
    if (!desk->zone)
        desk->zone = g_time_zone_new_identifier(geo_store_city(store)->zone);
    return true;
}

static void add_text(JsonBuilder *builder, const char *key, const char *text)
{
    json_builder_set_member_name(builder, key);
    if (text && *text)
        json_builder_add_string_value(builder, text);
    else
        json_builder_add_null_value(builder);
}

static void add_outcome(JsonBuilder *builder, const GeoNotice *notice,
                        const GeoNoticeOutcome *outcome)
{
    const GeoCallTaken *call = &outcome->call;
    bool is_in = outcome->fate != GEO_NOTICE_REFUSED, is_new = outcome->fate == GEO_NOTICE_TAKEN;
    bool routed = is_new && call->route.department;
    json_builder_begin_object(builder);
    add_text(builder, "number", notice->number);
    add_text(builder, "state", geo_notice_fate_words[outcome->fate]);
    add_text(builder, "incident", is_in ? call->taken.code : NULL);
    add_text(builder, "item", is_new && call->item ? call->item->code : NULL);
    add_text(builder, "matched", outcome->matched->str);
    add_text(builder, "level", routed ? geo_level_words[call->route.tier] : NULL);
    add_text(builder, "department", routed ? call->route.department->code : NULL);
    add_text(builder, "reason", outcome->reason);
    json_builder_end_object(builder);
}

static void take_all(GeoStore *store, gpointer data)
{
    Job *job = data;
    Desk *desk = &job->reports->desk;
    g_autoptr(GError) error = NULL;
    g_autoptr(JsonBuilder) builder = json_builder_new();
    gint64 counts[GEO_N_NOTICE_FATES] = {0};
    bool ok = prepare(desk, store, &error);
    json_builder_begin_object(builder);
    json_builder_set_member_name(builder, "reports");
    json_builder_begin_array(builder);
    for (guint i = 0; ok && i < job->notices->len; i++) {
        GeoNotice *notice = &g_array_index(job->notices, GeoNotice, i);
        GeoAct act = app_feed_clerk_act();
        GeoNoticeOutcome outcome;
        geo_notice_outcome_init(&outcome);
        ok = geo_notices_take(store, desk->routing, &act, job->source, desk->zone, notice, &outcome,
                              &error);
        if (ok)
            add_outcome(builder, notice, &outcome);
        counts[outcome.fate]++;
        geo_notice_outcome_clear(&outcome);
    }
    if (!ok) { /* those before it are on disk: sent again they are known */
        fail(job, error);
        return;
    }
    json_builder_end_array(builder);
    for (int fate = 0; fate < GEO_N_NOTICE_FATES; fate++) {
        json_builder_set_member_name(builder, geo_notice_fate_words[fate]);
        json_builder_add_int_value(builder, counts[fate]);
    }
    json_builder_end_object(builder);
    g_autoptr(JsonNode) root = json_builder_get_root(builder);
    job->answer = json_to_string(root, FALSE);
    job->status = 200;
}

static void read_outbox(GeoStore *store, gpointer data)
{
    Job *job = data;
    g_autoptr(GError) error = NULL;
    g_autoptr(GeoOutbox) outbox = geo_store_outbox(store, job->source, 0, &error);
    int64_t last;
    if (!outbox) {
        fail(job, error);
        return;
    }
    guint first = 0;
    while (first < outbox->rows->len &&
           g_array_index(outbox->rows, GeoOutboxRow, first).seq <= job->after)
        first++;
    job->answer = app_feed_outbox_json(outbox, job->source, first, (guint)job->max, &last);
    job->status = 200;
}

static void confirm(GeoStore *store, gpointer data)
{
    Job *job = data;
    g_autoptr(GError) error = NULL;
    GeoAct act = app_feed_clerk_act();
    if (!geo_store_confirm_outbox(store, &act, job->source, job->confirm, &error)) {
        fail(job, error);
        return;
    }
    job->answer = g_strdup("kept\n");
    job->status = 200;
}

/* ---- in the main loop ---- */

static void answer_job(gpointer data)
{
    Job *job = data;
    app_feed_http_answer_later(job->reports->http, job->request, job->status, job->answer);
    job_free(job);
}

static void give(AppFeedReports *reports, AppFeedHttpCall *call, AppFeedWork work, const Job *asked)
{
    if (app_feed_clerk_n(reports->clerk) >= MAX_JOBS) {
        app_feed_http_answer(call, 503, "too much waits to be written: try again\n");
        if (asked->notices)
            g_array_unref(asked->notices);
        return;
    }
    Job *job = g_memdup2(asked, sizeof *asked);
    job->reports = reports;
    job->source = g_strdup(app_feed_http_query(call, "source"));
    job->request = app_feed_http_wait(call);
    app_feed_clerk_give(reports->clerk, work, answer_job, job);
}

/* Whose reports these are, and that it may say so; else it is answered. */
static bool is_allowed(AppFeedHttpCall *call)
{
    const char *source = app_feed_http_query(call, "source");
    if (geo_notice_is_source(source))
        return app_feed_http_may(call, APP_FEED_REPORTS_USE, source);
    app_feed_http_answer(call, 400,
                         "say whose reports these are: ?source=NAME, of small letters, digits, "
                         "'-', '.' and '_'\n");
    return false;
}

static void serve_reports(AppFeedHttpCall *call, gpointer user)
{
    AppFeedReports *reports = user;
    if (!app_feed_http_is(call, "POST")) {
        app_feed_http_answer(call, 405, "POST reports as JSON to /reports?source=NAME\n");
        return;
    }
    if (!is_allowed(call))
        return;
    g_autoptr(GBytes) body = app_feed_http_body(call);
    gsize n;
    const char *text = g_bytes_get_data(body, &n);
    g_autoptr(GArray) notices = g_array_new(FALSE, FALSE, sizeof(GeoNotice));
    GeoReportJsonResult result = geo_report_json_read(text ? text : "", n, notices);
    if (result != GEO_REPORT_JSON_FINE) {
        g_autofree char *words = g_strdup_printf("%s\n", geo_report_json_words(result));
        app_feed_http_answer(call, 400, words);
        return;
    }
    Job job = {.notices = g_steal_pointer(&notices)};
    give(reports, call, take_all, &job);
}

/* A whole number of the query, from min on; otherwise when it is not said. */
static bool read_number(const AppFeedHttpCall *call, const char *name, int64_t min, int64_t max,
                        int64_t *number)
{
    const char *text = app_feed_http_query(call, name);
    return !text || g_ascii_string_to_signed(text, 10, min, max, number, NULL);
}

static void serve_outbox(AppFeedHttpCall *call, gpointer user)
{
    AppFeedReports *reports = user;
    bool get = app_feed_http_is(call, "GET");
    Job job = {.max = DEFAULT_ROWS};
    if (!get && !app_feed_http_is(call, "POST")) {
        app_feed_http_answer(call, 405,
                             "GET, or POST with &seq=SEQ, /reports/outbox?source=NAME\n");
        return;
    }
    if (!is_allowed(call))
        return;
    if (!read_number(call, "after", 0, G_MAXINT64, &job.after) ||
        !read_number(call, "max", 1, MAX_ROWS, &job.max) ||
        !read_number(call, "seq", 1, G_MAXINT64, &job.confirm) || (!get && job.confirm == 0)) {
        app_feed_http_answer(call, 400,
                             "after and seq are numbers of rows, max is 1 to 1000; to confirm POST "
                             "with &seq=SEQ\n");
        return;
    }
    give(reports, call, get ? read_outbox : confirm, &job);
}

AppFeedReports *app_feed_reports_new(AppFeedHttp *http, AppFeedClerk *clerk)
{
    AppFeedReports *reports = g_new0(AppFeedReports, 1);
    reports->http = http;
    reports->clerk = clerk;
    app_feed_http_serve(http, "/reports", serve_reports, reports);
    app_feed_http_serve(http, "/reports/outbox", serve_outbox, reports);
    return reports;
}

void app_feed_reports_free(AppFeedReports *reports)
{
    if (!reports)
        return;
    geo_routing_free(reports->desk.routing);
    g_clear_pointer(&reports->desk.zone, g_time_zone_unref);
    g_free(reports);
}
