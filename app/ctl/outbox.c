/* SPDX-License-Identifier: GPL-3.0-or-later */
/* outbox CITY --source NAME: what became of another system's reports, as far as it does not know.
 */
#include "app/ctl/outbox.h"

#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/model/notice.h"
#include "geo/store/cases.h"
#include "geo/work/pushlist.h"

static const AppOption options[] = {
    {"source", "NAME", "of these reports (all)"},
    {"max", "N", "about so many rows, oldest first; one seq stays whole"},
    {"confirm", "SEQ", "the source knows all rows up to this one"},
    {"push", "URL", "where a running feed sends the source's rows; 'none': nowhere"},
    {NULL, NULL, NULL},
};

static void print_quoted(const char *text)
{
    putchar('"');
    for (const char *c = text ? text : ""; *c; c++) {
        if (*c == '"')
            putchar('"');
        putchar(*c);
    }
    putchar('"');
}

/* What became of the incident that the report is a duplicate of. */
static const char *into_state(const GeoOutboxRow *row)
{
    return row->into ? geo_incident_state_words[row->into_state] : NULL;
}

static void print_rows(const GeoOutbox *outbox, const char *zone)
{
    puts("seq,source,number,incident,act,from,to,at,level,department,reason,into,into_state");
    for (guint i = 0; i < outbox->rows->len; i++) {
        const GeoOutboxRow *row = &g_array_index(outbox->rows, GeoOutboxRow, i);
        g_autofree char *at = app_when_dup(row->at_ms, zone);
        const char *const texts[] = {row->source,
                                     row->source_no,
                                     row->code,
                                     geo_deed_words[row->what],
                                     geo_incident_state_words[row->from],
                                     geo_incident_state_words[row->to],
                                     at,
                                     row->level,
                                     row->department,
                                     row->reason,
                                     row->into,
                                     into_state(row)};
        printf("%" G_GINT64_FORMAT, row->seq);
        for (size_t k = 0; k < G_N_ELEMENTS(texts); k++) {
            putchar(',');
            print_quoted(texts[k]);
        }
        putchar('\n');
    }
}

static void print_json(const GeoOutbox *outbox, const char *zone)
{
    JsonBuilder *report = app_report_new("outbox");
    json_builder_set_member_name(report, "rows");
    json_builder_begin_array(report);
    for (guint i = 0; i < outbox->rows->len; i++) {
        const GeoOutboxRow *row = &g_array_index(outbox->rows, GeoOutboxRow, i);
        g_autofree char *at = app_when_dup(row->at_ms, zone);
        json_builder_begin_object(report);
        app_report_integer(report, "seq", row->seq);
        app_report_text(report, "source", row->source);
        app_report_text(report, "number", row->source_no);
        app_report_text(report, "incident", row->code);
        app_report_text(report, "act", geo_deed_words[row->what]);
        app_report_text(report, "from", geo_incident_state_words[row->from]);
        app_report_text(report, "to", geo_incident_state_words[row->to]);
        app_report_text(report, "at", at);
        app_report_text(report, "level", row->level);
        app_report_text(report, "department", row->department);
        app_report_text(report, "reason", row->reason);
        app_report_text(report, "into", row->into);
        app_report_text(report, "into_state", into_state(row));
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_print(report);
}

static bool change(const AppArgs *args, GeoStore *store, const char *source, gint64 confirm,
                   GError **error)
{
    const char *url = app_args_value(args, "push", NULL);
    GeoAct act = app_city_act();
    if (confirm > 0 && !geo_store_confirm_outbox(store, &act, source, confirm, error))
        return false;
    return !url || geo_pushlist_put(store, &act, source, strcmp(url, "none") ? url : NULL, error);
}

static AppExit run(const AppArgs *args, GError **error)
{
    const char *source = app_args_value(args, "source", NULL);
    gint64 max = 0, confirm = 0;
    bool write = app_args_has(args, "confirm") || app_args_has(args, "push");
    if (!app_args_integer(args, "max", 1, G_MAXINT32, &max, error) ||
        !app_args_integer(args, "confirm", 1, G_MAXINT64, &confirm, error))
        return APP_EXIT_USAGE;
    if ((write || source) && !geo_notice_is_source(source)) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "--confirm and --push need --source NAME: small letters, digits, '-', "
                            "'.' and '_'");
        return APP_EXIT_USAGE;
    }
    g_autoptr(GeoStore) store = app_city_open(args, write, error);
    if (!store || !change(args, store, source, confirm, error))
        return APP_EXIT_DATA;
    g_autoptr(GeoOutbox) outbox = geo_store_outbox(store, source, (size_t)max, error);
    if (!outbox)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    if (app_args_has(args, "json"))
        print_json(outbox, zone);
    else
        print_rows(outbox, zone);
    return APP_EXIT_OK;
}

const AppCommand app_outbox_command = {
    .name = "outbox",
    .places = "CITY",
    .summary = "what became of other systems' reports, as CSV, until they confirm it",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
