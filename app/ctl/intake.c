/* SPDX-License-Identifier: GPL-3.0-or-later */
/* intake CITY FILE --source NAME: reports of another system, from a table into the queue. */
#include "app/ctl/intake.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/column.h"
#include "app/ctl/report.h"
#include "geo/work/noticefile.h"
#include "geo/work/notices.h"

static const AppOption options[] = {
    {"source", "NAME", "whose reports these are: hotline-12345, city-app"},
    {"encoding", "NAME", "of the texts (detected)"},
    {"strict", NULL, "any refused row makes the exit code 1"},
    {NULL, NULL, NULL},
};

typedef struct {
    GeoStore *store;
    const char *source;
    JsonBuilder *report; /* NULL: for people */
    guint counts[GEO_N_NOTICE_FATES];
} Intake;

static void report_one(JsonBuilder *report, const GeoNotice *notice,
                       const GeoNoticeOutcome *outcome)
{
    const GeoCallTaken *call = &outcome->call;
    bool is_in = outcome->fate != GEO_NOTICE_REFUSED, is_new = outcome->fate == GEO_NOTICE_TAKEN;
    bool routed = is_new && call->route.department;
    json_builder_begin_object(report);
    app_report_integer(report, "line", notice->line);
    app_report_text(report, "number", notice->number);
    app_report_text(report, "state", geo_notice_fate_words[outcome->fate]);
    app_report_text(report, "incident", is_in ? call->taken.code : NULL);
    app_report_text(report, "item", is_new && call->item ? call->item->code : NULL);
    app_report_text(report, "matched", outcome->matched->len ? outcome->matched->str : NULL);
    app_report_text(report, "level", routed ? geo_level_words[call->route.tier] : NULL);
    app_report_text(report, "department", routed ? call->route.department->code : NULL);
    app_report_text(report, "reason", outcome->reason[0] ? outcome->reason : NULL);
    json_builder_end_object(report);
}

static void tell_one(const GeoNotice *notice, const GeoNoticeOutcome *outcome)
{
    if (outcome->fate != GEO_NOTICE_REFUSED)
        return;
    g_autofree char *number = app_column_dup_line(notice->number);
    g_autofree char *reason = app_column_dup_line(outcome->reason);
    fprintf(stderr, "line %" G_GINT64_FORMAT ", number '%s': %s\n", notice->line, number, reason);
}

static bool take_rows(Intake *intake, GeoNoticeFile *file, GError **error)
{
    g_autoptr(GeoRouting) routing = geo_routing_load(intake->store, error);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(geo_store_city(intake->store)->zone);
    GeoNotice notice;
    int more = routing ? 1 : -1;
    while (more > 0 && (more = geo_noticefile_next(file, &notice, error)) > 0) {
        GeoAct act = app_city_act();
        GeoNoticeOutcome outcome;
        geo_notice_outcome_init(&outcome);
        if (!geo_notices_take(intake->store, routing, &act, intake->source, zone, &notice, &outcome,
                              error))
            more = -1;
        intake->counts[outcome.fate] += more > 0;
        if (more > 0 && intake->report)
            report_one(intake->report, &notice, &outcome);
        else if (more > 0)
            tell_one(&notice, &outcome);
        geo_notice_outcome_clear(&outcome);
    }
    return more == 0;
}

static bool take_file(Intake *intake, GeoNoticeFile *file, const char *path, GError **error)
{
    if (!intake->report)
        return take_rows(intake, file, error);
    app_report_text(intake->report, "source", intake->source);
    app_report_text(intake->report, "file", path);
    json_builder_set_member_name(intake->report, "reports");
    json_builder_begin_array(intake->report);
    if (!take_rows(intake, file, error))
        return false;
    json_builder_end_array(intake->report);
    for (int fate = 0; fate < GEO_N_NOTICE_FATES; fate++)
        app_report_integer(intake->report, geo_notice_fate_words[fate], intake->counts[fate]);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    const char *path = app_args_place(args, 1);
    Intake intake = {.source = app_args_value(args, "source", NULL)};
    if (!geo_notice_is_source(intake.source)) {
        g_set_error(error, APP_USAGE, 0,
                    "--source names the system that the numbers are of: small letters, digits, "
                    "'-', '.' and '_', at most 32");
        return APP_EXIT_USAGE;
    }
    g_autoptr(GeoNoticeFile) file =
        geo_noticefile_open(path, app_args_value(args, "encoding", NULL), error);
    g_autoptr(GeoStore) store = file ? app_city_open(args, true, error) : NULL;
    if (!store)
        return APP_EXIT_DATA;
    intake.store = store;
    intake.report = app_args_has(args, "json") ? app_report_new("intake") : NULL;
    if (!take_file(&intake, file, path, error)) {
        g_clear_object(&intake.report);
        return APP_EXIT_DATA;
    }
    if (intake.report)
        app_report_print(intake.report);
    else
        printf("%u taken, %u known already, %u refused\n", intake.counts[GEO_NOTICE_TAKEN],
               intake.counts[GEO_NOTICE_KNOWN], intake.counts[GEO_NOTICE_REFUSED]);
    bool findings = app_args_has(args, "strict") && intake.counts[GEO_NOTICE_REFUSED] > 0;
    return findings ? APP_EXIT_FINDINGS : APP_EXIT_OK;
}

const AppCommand app_intake_command = {
    .name = "intake",
    .places = "CITY FILE",
    .summary = "reports of another system (CSV, XLSX) into the queue, never twice",
    .min_places = 2,
    .max_places = 2,
    .options = options,
    .notes =
        "Columns, by these names or the Chinese ones in brackets; number is needed, and one of\n"
        "words, item, category and place:\n"
        "  number (编号, 工单号)   time (时间; else now)     words (内容, 诉求内容)\n"
        "  lon, lat (经度, 纬度)   datum (坐标系: gcj02)     place (地点, 地址)\n"
        "  item (事项)   category (类别)   priority (级别)   caller (姓名)   phone (电话)\n"
        "A row that is refused is named with its line and why; the others are taken.\n",
    .run = run,
};
