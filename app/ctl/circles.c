/* SPDX-License-Identifier: GPL-3.0-or-later */
/* circles: where a free unit can be within some minutes, where not, and who could move up. */
#include "app/ctl/circles.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "app/ctl/city.h"
#include "app/ctl/column.h"
#include "app/ctl/freshness.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/work/circles.h"

typedef struct {
    GeoCirclesOptions options;
    gint64 at_ms, top, from_ms, to_ms;
} Question;

static bool read_minutes(const AppArgs *args, GeoCirclesOptions *options, GError **error)
{
    g_auto(GStrv) words = g_strsplit(app_args_value(args, "minutes", "1,3,5"), ",", -1);
    bool fine = words[0] != NULL;
    for (char **word = words; *word && fine; word++) {
        char *end;
        double minutes = g_ascii_strtod(*word, &end);
        fine = options->n < GEO_CIRCLES_MAX && *end == '\0' && minutes > 0 && minutes <= 30 &&
               (options->n == 0 || minutes * 60 > options->within_s[options->n - 1]);
        if (fine)
            options->within_s[options->n++] = minutes * 60;
    }
    if (!fine)
        g_set_error_literal(error, APP_USAGE, 0,
                            "--minutes is up to six rising numbers to 30, such as 1,3,5");
    options->judged = options->n / 2;
    return fine;
}

static bool read_question(const AppArgs *args, const char *zone, Question *question, GError **error)
{
    gint64 every = 30, moves = 3;
    *question = (Question){.top = 10};
    question->options.level = app_args_value(args, "by", "community");
    if (!read_minutes(args, &question->options, error) ||
        !app_when_option(args, "at", zone, &question->at_ms, error) ||
        !app_when_option(args, "from", zone, &question->from_ms, error) ||
        !app_when_option(args, "to", zone, &question->to_ms, error) ||
        !app_args_integer(args, "every", 1, 720, &every, error) ||
        !app_args_integer(args, "moves", 0, 20, &moves, error) ||
        !app_args_integer(args, "top", 0, 100000, &question->top, error))
        return false;
    question->options.moves = (size_t)moves;
    question->options.from_ms = question->from_ms;
    question->options.to_ms = question->to_ms;
    question->options.every_ms = every * 60000;
    if (!question->from_ms == !question->to_ms && question->to_ms >= question->from_ms)
        return true;
    g_set_error_literal(error, APP_USAGE, 0, "--from and --to come together, --from first");
    return false;
}

static const char *code_of(const GeoFleet *fleet, uint32_t unit)
{
    return unit == UINT32_MAX ? NULL : geo_fleet_unit(fleet, unit)->code;
}

static void print_text(const Question *question, const GeoFleet *fleet, const GeoCircles *circles)
{
    const GeoCirclesOptions *options = &question->options;
    for (size_t k = 0; k < options->n; k++)
        printf("within %4.0f s: %zu of %u areas, %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
               " people\n",
               options->within_s[k], circles->within[k], circles->all->len, circles->people[k],
               circles->all_people);
    if (options->to_ms)
        printf("minutes uncovered: beyond %.0f s, in %zu looks; %zu more without any position\n",
               options->within_s[options->judged], circles->looks, circles->unknown_looks);
    if (question->top > 0 && circles->all->len > 0)
        printf("the worst first, and who is there first:\n");
    for (guint i = 0; i < circles->all->len && (gint64)i < question->top; i++) {
        const GeoCirclesArea *area = &g_array_index(circles->all, GeoCirclesArea, i);
        const GeoArea *row = geo_areas_row(circles->areas, area->area);
        const char *code = code_of(fleet, area->unit);
        g_autofree char *soonest = !area->linked ? g_strdup("no road")
                                   : isfinite(area->soonest_s)
                                       ? g_strdup_printf("%.0f s", area->soonest_s)
                                       : g_strdup("nobody");
        printf("  %-*s %-*s %8s  %s", APP_COLUMN(row->row.code ? row->row.code : "-", 14),
               APP_COLUMN(row->row.name ? row->row.name : "", 16), soonest, code ? code : "");
        if (isfinite(area->uncovered_min))
            printf("  %.0f min uncovered", area->uncovered_min);
        printf("\n");
    }
    for (guint i = 0; i < circles->moves->len; i++) {
        const GeoCirclesMove *move = &g_array_index(circles->moves, GeoCirclesMove, i);
        const GeoArea *row = geo_areas_row(circles->areas, move->area);
        printf("move up: %s to %s %s, %.0f s; nobody else is left uncovered\n",
               code_of(fleet, move->unit), row->row.code ? row->row.code : "",
               row->row.name ? row->row.name : "", move->travel_s);
    }
}

static void report_area(JsonBuilder *json, const GeoFleet *fleet, const GeoCircles *circles,
                        const GeoCirclesArea *area)
{
    const GeoArea *row = geo_areas_row(circles->areas, area->area);
    json_builder_begin_object(json);
    app_report_text(json, "area", row->row.code);
    app_report_text(json, "name", row->row.name);
    app_report_integer(json, "people", row->population);
    app_report_switch(json, "linked", area->linked);
    app_report_number(json, "soonest_s", area->soonest_s, 1);
    app_report_text(json, "unit", code_of(fleet, area->unit));
    app_report_number(json, "uncovered_min", area->uncovered_min, 1);
    json_builder_end_object(json);
}

static void print_json(const Question *question, const GeoFleet *fleet, const GeoCircles *circles)
{
    const GeoCirclesOptions *options = &question->options;
    JsonBuilder *json = app_report_new("circles");
    app_report_integer(json, "areas", circles->all->len);
    app_report_integer(json, "people", circles->all_people);
    app_report_integer(json, "looks", (gint64)circles->looks);
    app_report_integer(json, "unknown_looks", (gint64)circles->unknown_looks);
    json_builder_set_member_name(json, "circles");
    json_builder_begin_array(json);
    for (size_t k = 0; k < options->n; k++) {
        json_builder_begin_object(json);
        app_report_number(json, "within_s", options->within_s[k], 0);
        app_report_integer(json, "areas", (gint64)circles->within[k]);
        app_report_integer(json, "people", circles->people[k]);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    json_builder_set_member_name(json, "worst");
    json_builder_begin_array(json);
    for (guint i = 0; i < circles->all->len && (gint64)i < question->top; i++)
        report_area(json, fleet, circles, &g_array_index(circles->all, GeoCirclesArea, i));
    json_builder_end_array(json);
    json_builder_set_member_name(json, "moves");
    json_builder_begin_array(json);
    for (guint i = 0; i < circles->moves->len; i++) {
        const GeoCirclesMove *move = &g_array_index(circles->moves, GeoCirclesMove, i);
        json_builder_begin_object(json);
        app_report_text(json, "area", geo_areas_row(circles->areas, move->area)->row.code);
        app_report_text(json, "unit", code_of(fleet, move->unit));
        app_report_number(json, "travel_s", move->travel_s, 1);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    app_report_number(json, "work_ms", circles->work_ms, 2);
    app_report_print(json);
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    Question question;
    if (!store)
        return APP_EXIT_DATA;
    if (!read_question(args, geo_store_city(store)->zone, &question, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(store)->epsg, error);
    g_autoptr(GeoNetwork) network = frame ? geo_network_load(store, frame, NULL, error) : NULL;
    GeoFleetOptions when = {.at_ms = question.at_ms};
    if (network && !geo_network_set_now(network, store, question.at_ms, app_when_now_ms(), error))
        return APP_EXIT_DATA;
    g_autoptr(GeoFleet) fleet =
        network ? geo_fleet_load(store, frame, network, &when, NULL, error) : NULL;
    if (fleet)
        app_freshness_warn(fleet, question.at_ms, geo_store_city(store)->zone);
    g_autoptr(GeoCircles) circles =
        fleet ? geo_circles_find(store, frame, network, fleet, &question.options, NULL, error)
              : NULL;
    if (!circles)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(&question, fleet, circles);
    else
        print_text(&question, fleet, circles);
    return APP_EXIT_OK;
}

static const AppOption options[] = {
    {"minutes", "LIST", "the circles (1,3,5); the middle one makes a hole"},
    {"by", "LEVEL", "areas of this level (community)"},
    {"at", "TIME", "the moment asked about (the newest position)"},
    {"from", "TIME", "and how many minutes areas were holes, from then"},
    {"to", "TIME", "until then"},
    {"every", "MINUTES", "a look in so many minutes (30)"},
    {"moves", "N", "who could move up, at most so many (3)"},
    {"top", "N", "areas that are listed, the worst first (10)"},
    {NULL, NULL, NULL},
};

const AppCommand app_circles_command = {
    .name = "circles",
    .places = "CITY",
    .summary = "where a free unit can be within 1, 3, 5 minutes, where not, who could move up",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
