/* SPDX-License-Identifier: GPL-3.0-or-later */
/* alike CITY: the open and recent incidents that a new report may be about, with the reasons. */
#include "app/ctl/alike.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/column.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/moment.h"
#include "app/ctl/when.h"
#include "geo/model/cycle.h"
#include "geo/store/cases.h"

static const AppOption options[] = {
    {"place", "LON,LAT", "where it is reported"},
    {"type", "CATEGORY", "what kind of matter"},
    {"words", "TEXT", "as it is told"},
    {"at", "TIME", "when (the newest position or report)"},
    {"road", NULL, "by road too, for the nearest"},
    {"top", "N", "this many, best first (10)"},
    {"least", "PERCENT", "tell no less alike ones (50)"},
    {NULL, NULL, NULL},
};

typedef struct {
    GeoAlikeQuestion question;
    gint64 at_ms, top;
    double least_percent;
    bool by_road;
} Call;

static bool read_call(const AppArgs *args, const char *zone, Call *call, GError **error)
{
    GeoAlikeQuestion *question = &call->question;
    *call = (Call){.top = 10, .least_percent = 100 * GEO_ALIKE_LEAST};
    question->placed = app_args_has(args, "place");
    question->category = app_args_value(args, "type", NULL);
    question->words = app_args_value(args, "words", NULL);
    call->by_road = app_args_has(args, "road");
    if (!app_lonlat_option(args, "place", &question->at, error) ||
        !app_when_option(args, "at", zone, &call->at_ms, error) ||
        !app_args_integer(args, "top", 1, 1000, &call->top, error) ||
        !app_args_number(args, "least", &call->least_percent, error))
        return false;
    if (!question->placed && !question->words && !question->category) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "nothing to compare with: give --place, --type or --words");
        return false;
    }
    if (!(call->least_percent > 0 && call->least_percent <= 100)) {
        g_set_error_literal(error, APP_USAGE, 0, "--least is above 0 and at most 100");
        return false;
    }
    question->least = call->least_percent / 100;
    question->max = (size_t)call->top;
    return true;
}

static void report_parts(JsonBuilder *report, const GeoAlikeScore *score)
{
    json_builder_set_member_name(report, "parts");
    json_builder_begin_array(report);
    for (int part = 0; part < GEO_ALIKE_N_PARTS; part++) {
        json_builder_begin_object(report);
        app_report_text(report, "part", geo_alike_words[part]);
        app_report_number(report, "share", score->share[part], 4);
        app_report_number(report, "points", score->points[part], 4);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_hit(JsonBuilder *report, const GeoAlikeHit *hit, const char *zone)
{
    g_autofree char *at = app_when_dup(hit->at_ms, zone), *reason = geo_alike_dup_reason(hit);
    json_builder_begin_object(report);
    app_report_text(report, "code", hit->code);
    app_report_integer(report, "id", hit->id);
    app_report_text(report, "at", at);
    app_report_text(report, "type", hit->category);
    app_report_text(report, "state", geo_incident_state_words[hit->state]);
    app_report_text(report, "place", hit->place);
    app_report_number(report, "lon", hit->placed ? hit->at.lon : NAN, 7);
    app_report_number(report, "lat", hit->placed ? hit->at.lat : NAN, 7);
    app_report_number(report, "distance_m", hit->score.distance_m, 1);
    app_report_number(report, "road_m", hit->road_m, 1);
    app_report_number(report, "apart_s", hit->score.apart_ms / 1000, 0);
    app_report_number(report, "score", hit->score.score, 4);
    app_report_switch(report, "likely", hit->score.score >= GEO_ALIKE_LIKELY);
    app_report_text(report, "limits", hit->score.kind->word);
    app_report_text(report, "reason", reason);
    report_parts(report, &hit->score);
    json_builder_end_object(report);
}

void app_alike_report(JsonBuilder *report, const GeoAlikes *alikes, const char *zone)
{
    json_builder_set_member_name(report, "alike");
    json_builder_begin_array(report);
    for (guint i = 0; alikes && i < alikes->hits->len; i++)
        report_hit(report, &g_array_index(alikes->hits, GeoAlikeHit, i), zone);
    json_builder_end_array(report);
}

static void print_json(const Call *call, const GeoAlikes *alikes, const char *zone)
{
    JsonBuilder *report = app_report_new("alike");
    g_autofree char *at = app_when_dup(call->at_ms, zone);
    app_report_text(report, "at", at);
    app_report_integer(report, "compared", (gint64)alikes->compared);
    app_alike_report(report, alikes, zone);
    app_report_number(report, "work_ms", alikes->work_ms, 3);
    app_report_print(report);
}

static void print_people(const GeoAlikes *alikes, int64_t at_ms, const char *zone)
{
    for (guint i = 0; i < alikes->hits->len; i++) {
        const GeoAlikeHit *hit = &g_array_index(alikes->hits, GeoAlikeHit, i);
        g_autofree char *clock = app_moment_dup_clock(hit->at_ms, zone);
        g_autofree char *reason = geo_alike_dup_reason(hit);
        g_autofree char *what = app_column_dup_line(hit->category);
        g_autofree char *where = app_column_dup_line(hit->place);
        printf("%3.0f  %-*s %s  %-10s %s  %s\n     %s:", 100 * hit->score.score,
               APP_COLUMN(hit->code ? hit->code : "-", 10), clock,
               geo_incident_state_words[hit->state], what ? what : "-", where ? where : "", reason);
        for (int part = 0; part < GEO_ALIKE_N_PARTS; part++)
            if (hit->score.points[part] > 0)
                printf(" %s %.0f", geo_alike_words[part], 100 * hit->score.points[part]);
        putchar('\n');
    }
    if (alikes->hits->len == 0)
        puts("no incident is like it");
    g_autofree char *when = app_moment_dup_clock(at_ms, zone);
    printf("of %zu near it in place and time, as of %s, in %.1f ms\n", alikes->compared, when,
           alikes->work_ms);
}

/* Reports go on where positions have stopped, and the last of them is what is reported twice. */
static bool mind_newest_report(GeoStore *store, int64_t *newest_ms, GError **error)
{
    GeoCaseQuery since = {.from_ms = *newest_ms, .to_ms = G_MAXINT64};
    g_autoptr(GPtrArray) newest = geo_store_cases(store, &since, error);
    for (guint i = 0; newest && i < newest->len; i++)
        *newest_ms = MAX(*newest_ms, ((const GeoCase *)newest->pdata[i])->created_ms);
    return newest != NULL;
}

static AppExit run(const AppArgs *args, GError **error)
{
    Call call;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    const GeoCity *city = geo_store_city(store);
    if (!read_call(args, city->zone, &call, error))
        return APP_EXIT_USAGE;
    int64_t newest_ms = call.at_ms;
    if (!app_args_has(args, "at") &&
        (!app_moment_of_city(store, app_when_now_ms(), &newest_ms, error) ||
         !mind_newest_report(store, &newest_ms, error)))
        return APP_EXIT_DATA;
    call.at_ms = newest_ms;
    call.question.at_ms = call.at_ms;
    g_autoptr(GeoFrame) frame = geo_frame_new(city->epsg, error);
    g_autoptr(GeoNetwork) network =
        frame && call.by_road ? geo_network_load(store, frame, NULL, error) : NULL;
    if (!frame || (call.by_road && !network))
        return APP_EXIT_DATA;
    call.question.network = network;
    g_autoptr(GeoAlikes) alikes = geo_alike_find(store, frame, &call.question, error);
    if (!alikes)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(&call, alikes, city->zone);
    else
        print_people(alikes, call.at_ms, city->zone);
    return APP_EXIT_OK;
}

const AppCommand app_alike_command = {
    .name = "alike",
    .places = "CITY",
    .summary = "incidents that a new report may be about, with the reasons",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
