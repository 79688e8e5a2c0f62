/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/assign.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/column.h"
#include "app/ctl/freshness.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"
#include "geo/work/allot.h"

static const AppOption options[] = {
    {"do", NULL, "send them: one act for each incident"},
    {"within", "MINUTES", "an area is covered by who reaches its middle so soon (3)"},
    {"at", "TIME", "the moment asked about (the newest position)"},
    {"max-age", "MINUTES", "older positions are not trusted (10)"},
    {NULL, NULL, NULL},
};

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    GeoNetwork *network;
    GeoFleet *fleet;
    GeoRecommend *recommend;
    GeoAllotment *allotment;
    GArray *done; /* NULL: only suggested */
    gint64 at_ms; /* the moment asked about; 0: the newest */
    double load_ms, work_ms;
} Call;

static const char *code_of(const Call *call, uint32_t unit)
{
    const GeoFleetUnit *one = geo_fleet_unit(call->fleet, unit);
    return one->code ? one->code : one->name ? one->name : "without a code";
}

/* By which people call it, else its id; the caller's. */
static char *dup_number(const Call *call, int64_t incident_id)
{
    for (guint c = 0; c < call->allotment->cases->len; c++) {
        const GeoAllotCase *one = &g_array_index(call->allotment->cases, GeoAllotCase, c);
        if (one->incident_id == incident_id && one->code)
            return g_strdup(one->code);
    }
    return g_strdup_printf("%" G_GINT64_FORMAT, incident_id);
}

/* Why the soonest does not go; NULL: it does. The caller's. */
static char *dup_reason(const Call *call, const GeoAllotPlace *place)
{
    if (place->soonest == UINT32_MAX)
        return g_strdup("no free unit that the plan asks for within half an hour");
    if (!place->served)
        return g_strdup("all units that the plan asks for go to others");
    if (place->unit == place->soonest)
        return NULL;
    const char *soonest = code_of(call, place->soonest);
    g_autofree char *number = dup_number(call, place->goes_to);
    if (place->goes_to == place->incident_id)
        return NULL;
    if (place->goes_to)
        return g_strdup_printf("%s would come in %.0f s and goes to incident %s", soonest,
                               place->soonest_s, number);
    return g_strdup_printf("%s would come in %.0f s and leaves more uncovered", soonest,
                           place->soonest_s);
}

static const GeoAllotPlace *place_of(const Call *call, guint i)
{
    return &g_array_index(call->allotment->places, GeoAllotPlace, i);
}

/* ---- JSON ---- */

static void report_place(const Call *call, JsonBuilder *report, const GeoAllotPlace *place)
{
    g_autofree char *reason = dup_reason(call, place);
    json_builder_begin_object(report);
    app_report_text(report, "id", place->served ? code_of(call, place->unit) : NULL);
    app_report_integer(report, "need", place->need);
    app_report_number(report, "expected_s", place->served ? place->expected_s : NAN, 1);
    app_report_number(report, "earliest_s", place->served ? place->earliest_s : NAN, 1);
    app_report_number(report, "latest_s", place->served ? place->latest_s : NAN, 1);
    app_report_number(report, "distance_m", place->served ? place->distance_m : NAN, 1);
    app_report_number(report, "uncovered_people", place->people, 0);
    app_report_integer(report, "fits", (gint64)place->fits);
    app_report_text(report, "reason", reason);
    json_builder_end_object(report);
}

static void report_cases(const Call *call, JsonBuilder *report)
{
    json_builder_set_member_name(report, "incidents");
    json_builder_begin_array(report);
    for (guint c = 0; c < call->allotment->cases->len; c++) {
        const GeoAllotCase *one = &g_array_index(call->allotment->cases, GeoAllotCase, c);
        json_builder_begin_object(report);
        app_report_integer(report, "incident", one->incident_id);
        app_report_text(report, "code", one->code);
        app_report_text(report, "category", one->category);
        app_report_integer(report, "priority", one->priority);
        app_report_text(report, "plan", one->plan->code);
        app_report_switch(report, "placed", one->placed);
        json_builder_set_member_name(report, "units");
        json_builder_begin_array(report);
        for (guint i = 0; i < one->n; i++)
            report_place(call, report, place_of(call, one->first + i));
        json_builder_end_array(report);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_done(const Call *call, JsonBuilder *report)
{
    json_builder_set_member_name(report, "done");
    json_builder_begin_array(report);
    for (guint i = 0; call->done && i < call->done->len; i++) {
        const GeoAllotDone *done = &g_array_index(call->done, GeoAllotDone, i);
        json_builder_begin_object(report);
        app_report_integer(report, "incident", done->incident_id);
        app_report_integer(report, "sent", (gint64)done->sent);
        app_report_text(report, "refused", done->refused);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void print_json(const Call *call)
{
    const GeoAllotment *allotment = call->allotment;
    JsonBuilder *report = app_report_new("assign");
    int64_t at_ms = geo_fleet_at_ms(call->fleet);
    g_autofree char *at = at_ms ? app_when_dup(at_ms, geo_store_city(call->store)->zone) : NULL;
    app_report_text(report, "at", at);
    app_report_text(report, "objective",
                    "most served by priority, then longest arrival by priority, then people left "
                    "uncovered, then sum of arrivals");
    report_cases(call, report);
    app_report_integer(report, "places", allotment->places->len);
    app_report_integer(report, "served", (gint64)allotment->served);
    app_report_integer(report, "unplaced", (gint64)allotment->unplaced);
    app_report_integer(report, "left_over", (gint64)allotment->left_over);
    json_builder_set_member_name(report, "longest_s");
    json_builder_begin_array(report);
    for (int i = 0; i < 4; i++)
        json_builder_add_double_value(report, allotment->longest_s[i]);
    json_builder_end_array(report);
    app_report_number(report, "uncovered_people", allotment->people, 0);
    report_done(call, report);
    app_report_number(report, "work_ms", call->work_ms, 1);
    app_report_integer(report, "rounds", allotment->rounds);
    app_report_number(report, "fetch_ms", allotment->fetch_ms, 1);
    app_report_number(report, "solve_ms", allotment->solve_ms, 1);
    app_report_number(report, "load_ms", call->load_ms, 1);
    app_report_print(report);
}

/* ---- text ---- */

static void print_place(const Call *call, const GeoAllotPlace *place)
{
    g_autofree char *reason = dup_reason(call, place);
    if (place->served)
        printf("    %-*s in %4.0f s (%.0f to %.0f)  %6.0f m%s%s\n",
               APP_COLUMN(code_of(call, place->unit), 12), place->expected_s, place->earliest_s,
               place->latest_s, place->distance_m, reason ? "; " : "", reason ? reason : "");
    else
        printf("    nobody: %s\n", reason);
}

static void print_text(const Call *call)
{
    const GeoAllotment *allotment = call->allotment;
    for (guint c = 0; c < allotment->cases->len; c++) {
        const GeoAllotCase *one = &g_array_index(allotment->cases, GeoAllotCase, c);
        g_autofree char *number = dup_number(call, one->incident_id);
        g_autofree char *what = app_column_dup_line(one->category);
        printf("%-*s priority %" G_GINT64_FORMAT "  %s%s\n", APP_COLUMN(number, 16), one->priority,
               what ? what : "", one->placed ? "" : "  no place near a road yet");
        for (guint i = 0; i < one->n; i++)
            print_place(call, place_of(call, one->first + i));
    }
    printf("%u incident%s to be sent to, whose plans still ask for %u unit%s: %zu go",
           allotment->cases->len, allotment->cases->len == 1 ? "" : "s", allotment->places->len,
           allotment->places->len == 1 ? "" : "s", allotment->served);
    for (int i = 0; i < 4; i++)
        if (allotment->longest_s[i] > 0)
            printf(", priority %d within %.0f s", i + 1, allotment->longest_s[i]);
    printf("\n");
    if (allotment->left_over > 0)
        printf("%zu more incidents wait: a thousand units are sent at once, then call it again\n",
               allotment->left_over);
    size_t refused = 0;
    for (guint i = 0; call->done && i < call->done->len; i++) {
        const GeoAllotDone *done = &g_array_index(call->done, GeoAllotDone, i);
        refused += done->refused != NULL;
        if (done->refused) {
            g_autofree char *number = dup_number(call, done->incident_id);
            printf("incident %s was refused: %s\n", number, done->refused);
        }
    }
    if (call->done)
        printf("%u incidents got their units; %zu were refused\n", call->done->len - (guint)refused,
               refused);
    else if (allotment->served > 0)
        printf("a suggestion: --do sends them\n");
    printf("work %.1f ms, loading %.0f ms\n", call->work_ms, call->load_ms);
}

/* ---- the call ---- */

static void call_clear(Call *call)
{
    geo_allot_done_free(call->done);
    geo_allotment_free(call->allotment);
    geo_recommend_free(call->recommend);
    geo_fleet_free(call->fleet);
    geo_network_free(call->network);
    geo_frame_free(call->frame);
}

static bool call_load(Call *call, const GeoFleetOptions *how, GError **error)
{
    gint64 begun_us = g_get_monotonic_time();
    call->frame = geo_frame_new(geo_store_city(call->store)->epsg, error);
    call->network = call->frame ? geo_network_load(call->store, call->frame, NULL, error) : NULL;
    if (call->network && call->network->facts.edges == 0) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                            "the city has no roads to come by: import roads or osm first");
        return false;
    }
    if (call->network &&
        !geo_network_set_now(call->network, call->store, how->at_ms, app_when_now_ms(), error))
        return false;
    call->fleet = call->network
                      ? geo_fleet_load(call->store, call->frame, call->network, how, NULL, error)
                      : NULL;
    call->recommend = call->fleet ? geo_recommend_new(call->store, call->fleet, call->network,
                                                      call->frame, NULL, error)
                                  : NULL;
    call->load_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    return call->recommend != NULL;
}

/* Something is left to be done by hand. */
static bool has_findings(const Call *call)
{
    bool refused = false;
    for (guint i = 0; call->done && i < call->done->len; i++)
        refused |= g_array_index(call->done, GeoAllotDone, i).refused != NULL;
    return refused || call->allotment->served < call->allotment->places->len ||
           call->allotment->unplaced > 0 || call->allotment->left_over > 0;
}

static bool work(Call *call, const AppArgs *args, const GeoAllotAsk *ask, GError **error)
{
    gint64 begun_us = g_get_monotonic_time();
    GeoAct act = app_city_act();
    call->allotment = geo_allot(call->recommend, ask, NULL, error);
    if (!call->allotment)
        return false;
    call->work_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    app_freshness_warn(call->fleet, call->at_ms, geo_store_city(call->store)->zone);
    if (app_args_has(args, "do"))
        call->done = geo_allot_do(call->recommend, call->allotment, call->store, &act);
    if (app_args_has(args, "json"))
        print_json(call);
    else
        print_text(call);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, app_args_has(args, "do"), error);
    if (!store)
        return APP_EXIT_DATA;
    gint64 at_ms = 0, max_age_min = 10;
    double within_min = 3;
    if (!app_args_integer(args, "max-age", 1, 100000, &max_age_min, error) ||
        !app_args_number(args, "within", &within_min, error) ||
        !app_when_option(args, "at", geo_store_city(store)->zone, &at_ms, error))
        return APP_EXIT_USAGE;
    if (!(within_min > 0 && within_min <= 60)) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "--within is out of range: write minutes, above 0 and at most 60");
        return APP_EXIT_USAGE;
    }
    Call call = {.store = store, .at_ms = at_ms};
    GeoFleetOptions how = {.at_ms = at_ms, .max_age_ms = max_age_min * 60000};
    GeoAllotAsk ask = {.within_s = within_min * 60};
    bool ok = call_load(&call, &how, error) && work(&call, args, &ask, error);
    AppExit code = !ok ? APP_EXIT_DATA : has_findings(&call) ? APP_EXIT_FINDINGS : APP_EXIT_OK;
    call_clear(&call);
    return code;
}

const AppCommand app_assign_command = {
    .name = "assign",
    .places = "CITY",
    .summary = "who goes where when many incidents wait: the best for all at once",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
