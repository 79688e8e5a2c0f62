/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaps CITY: the public ground that no camera sees, the worst first: piece by piece, by area, by
 * street; or what one camera alone sees. */
#include "app/ctl/gaps.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "geo/work/coverage.h"

#define DEFAULT_TOP 20

static const char *const weight_words[GEO_N_RISKS] = {
    "incidents that fell on this ground, smoothed over 150 m; 1 more a km2",
    "people who live about this ground, smoothed over 150 m; 1 more a km2",
    "size: metres of street, or square metres of a piece",
    "incidents of that hour (the sun up by day, down at night), smoothed over 150 m; 1 more a km2",
};

static double share_of(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static void print_weight(GeoRiskOf weigh, bool without_weight)
{
    if (without_weight)
        printf("The city has no incidents%s: all ground weighs the same.\n",
               weigh == GEO_RISK_HOUR ? " of that hour" : "");
    printf("Weight: %s.\n", weight_words[weigh]);
}

static void print_cameras(bool without_cameras)
{
    if (without_cameras)
        printf("The city has no cameras: nothing is seen. Import cameras first.\n");
}

static void print_where(const char *street, const char *code)
{
    printf("%s%s%s", street ? street : "", street && code ? ", " : "", code ? code : "");
}

static void report_head(JsonBuilder *report, const AppSightline *line, GeoRiskOf weigh,
                        bool without_weight, size_t found)
{
    app_sightline_report(report, line);
    app_report_switch(report, "night", line->night);
    app_report_text(report, "denominator", geo_coverage_denominator);
    app_report_text(report, "weigh", geo_risk_words[weigh]);
    app_report_switch(report, "without_weight", without_weight);
    app_report_integer(report, "found", (gint64)found);
}

static void report_tail(JsonBuilder *report, double load_ms, double work_ms)
{
    app_report_number(report, "load_ms", load_ms, 1);
    app_report_number(report, "work_ms", work_ms, 1);
    app_report_print(report);
}

static void report_place(JsonBuilder *report, GeoLonLat at, const char *code, const char *street)
{
    app_report_number(report, "lon", at.lon, 7);
    app_report_number(report, "lat", at.lat, 7);
    app_report_text(report, "code", code);
    app_report_text(report, "street", street);
}

/* ---- piece by piece ---- */

static const char *verdict(const GeoCoverageGap *gap)
{
    return gap->unsure ? "unsure" : "gap";
}

static void print_gaps(const GeoCoverageGaps *gaps, const AppSightline *line)
{
    g_autofree char *hour = app_sightline_words(line);
    printf("Public ground that no camera sees: %s\n", hour);
    printf("%zu gaps, %.2f km2 in all, out of: %s\n", gaps->found, gaps->area_m2 / 1e6,
           geo_coverage_denominator);
    if (gaps->found_unsure > 0)
        printf("%zu of them are unsure; %.2f km2 of all may be seen\n", gaps->found_unsure,
               gaps->unsure_m2 / 1e6);
    print_cameras(gaps->without_cameras);
    if (gaps->gaps->len == 0)
        return;
    print_weight(gaps->weigh, gaps->without_weight);
    printf(
        "Unsure: the part that may be seen, as headings may be off; from %.0f %% on the whole is "
        "called unsure, not gap.\n\n"
        "%5s %-6s %11s %9s %7s %12s %11s  %s\n",
        100 * GEO_COVERAGE_UNSURE, "rank", "", "weight", "area m2", "unsure", "lon", "lat",
        "where");
    for (guint i = 0; i < gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, i);
        printf("%5u %-6s %11.4f %9.0f %5.0f %% %12.6f %11.6f  ", i + 1, verdict(gap), gap->weight,
               gap->area_m2, 100 * gap->unsure_m2 / gap->area_m2, gap->at.lon, gap->at.lat);
        print_where(gap->street, gap->code);
        printf("\n");
    }
}

static void report_gaps(const GeoCoverageGaps *gaps, const AppSightline *line)
{
    JsonBuilder *report = app_report_new("gaps");
    report_head(report, line, gaps->weigh, gaps->without_weight, gaps->found);
    app_report_integer(report, "found_unsure", (gint64)gaps->found_unsure);
    app_report_number(report, "area_m2", gaps->area_m2, 1);
    app_report_number(report, "unsure_m2", gaps->unsure_m2, 1);
    json_builder_set_member_name(report, "gaps");
    json_builder_begin_array(report);
    for (guint i = 0; i < gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, i);
        json_builder_begin_object(report);
        app_report_integer(report, "rank", i + 1);
        app_report_number(report, "area_m2", gap->area_m2, 1);
        app_report_number(report, "weight", gap->weight, 6);
        app_report_text(report, "verdict", verdict(gap));
        app_report_number(report, "unsure", gap->unsure_m2 / gap->area_m2, 4);
        report_place(report, gap->at, gap->code, gap->street);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    report_tail(report, gaps->load_ms, gaps->work_ms);
}

/* ---- by area, by street ---- */

static void print_ranking(const GeoCoverageRanking *ranking, const AppSightline *line,
                          const char *level)
{
    g_autofree char *hour = app_sightline_words(line);
    printf("Public street that no camera sees, by %s: %s\n", level ? level : "street", hour);
    printf("%.1f of %.1f km %s (%.1f %%), %.1f km of these unsure, as headings may be off; out of: "
           "%s\n",
           ranking->unseen_m / 1000, ranking->street_m / 1000,
           level ? "within these areas" : "in all",
           100 * ranking->unseen_m / fmax(ranking->street_m, 1), ranking->unsure_m / 1000,
           geo_coverage_denominator);
    print_cameras(ranking->without_cameras);
    if (ranking->rows->len == 0)
        return;
    print_weight(ranking->weigh, ranking->without_weight);
    printf("\n%5s %12s %11s %7s %7s", "rank", "weight", "unseen m", "share", "unsure");
    if (level)
        printf(" %11s %7s", "unseen m2", "share");
    printf("  %s\n", level ? level : "street");
    for (guint i = 0; i < ranking->rows->len; i++) {
        const GeoCoverageRow *row = &g_array_index(ranking->rows, GeoCoverageRow, i);
        printf("%5u %12.4f %11.0f %5.1f %% %5.1f %%", i + 1, row->weight, row->unseen_m,
               100 * row->unseen_m / fmax(row->street_m, 1),
               100 * row->unsure_m / fmax(row->unseen_m, 1));
        if (level)
            printf(" %11.0f %5.1f %%", row->unseen_m2,
                   100 * row->unseen_m2 / fmax(row->ground_m2, 1));
        printf("  %s%s%s\n", row->code ? row->code : "", row->code && row->name ? "  " : "",
               row->name   ? row->name
               : row->code ? ""
                           : "(all streets without a name)");
    }
}

static void report_ranking(const GeoCoverageRanking *ranking, const AppSightline *line,
                           const char *level)
{
    JsonBuilder *report = app_report_new("gaps");
    report_head(report, line, ranking->weigh, ranking->without_weight, ranking->found);
    app_report_text(report, "by", level ? level : "street");
    app_report_number(report, "street_m", ranking->street_m, 1);
    app_report_number(report, "unseen_m", ranking->unseen_m, 1);
    app_report_number(report, "unsure_m", ranking->unsure_m, 1);
    json_builder_set_member_name(report, level ? "areas" : "streets");
    json_builder_begin_array(report);
    for (guint i = 0; i < ranking->rows->len; i++) {
        const GeoCoverageRow *row = &g_array_index(ranking->rows, GeoCoverageRow, i);
        json_builder_begin_object(report);
        app_report_integer(report, "rank", i + 1);
        if (level)
            app_report_text(report, "code", row->code);
        app_report_text(report, "name", row->name);
        app_report_number(report, "weight", row->weight, 6);
        app_report_number(report, "street_m", row->street_m, 1);
        app_report_number(report, "unseen_m", row->unseen_m, 1);
        app_report_number(report, "unsure_m", row->unsure_m, 1);
        app_report_number(report, "share", share_of(row->unseen_m, row->street_m), 6);
        if (level) {
            app_report_number(report, "ground_m2", row->ground_m2, 1);
            app_report_number(report, "unseen_m2", row->unseen_m2, 1);
            app_report_number(report, "unsure_m2", row->unsure_m2, 1);
            app_report_number(report, "ground_share", share_of(row->unseen_m2, row->ground_m2), 6);
        }
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    report_tail(report, ranking->load_ms, ranking->work_ms);
}

/* ---- seen by one camera only ---- */

static void print_soles(const GeoCoverageSoles *soles, const AppSightline *line)
{
    g_autofree char *hour = app_sightline_words(line);
    printf("Public ground that one camera alone sees, lost when it fails: %s\n", hour);
    printf("%zu pieces, %.2f km2 in all, out of: %s\n", soles->found, soles->area_m2 / 1e6,
           geo_coverage_denominator);
    print_cameras(soles->without_cameras);
    if (soles->pieces->len == 0)
        return;
    print_weight(soles->weigh, soles->without_weight);
    printf("\n%5s %11s %9s  %-22s %-10s %12s %11s  %s\n", "rank", "weight", "area m2", "camera",
           "owner", "lon", "lat", "where");
    for (guint i = 0; i < soles->pieces->len; i++) {
        const GeoCoverageSole *one = &g_array_index(soles->pieces, GeoCoverageSole, i);
        printf("%5u %11.4f %9.0f  %-22s %-10s %12.6f %11.6f  ", i + 1, one->weight, one->area_m2,
               one->camera ? one->camera : "-", geo_owner_words[one->owner], one->at.lon,
               one->at.lat);
        print_where(one->street, one->code);
        printf("\n");
    }
}

static void report_soles(const GeoCoverageSoles *soles, const AppSightline *line)
{
    JsonBuilder *report = app_report_new("gaps");
    report_head(report, line, soles->weigh, soles->without_weight, soles->found);
    app_report_integer(report, "seen_by", 1);
    app_report_number(report, "area_m2", soles->area_m2, 1);
    json_builder_set_member_name(report, "pieces");
    json_builder_begin_array(report);
    for (guint i = 0; i < soles->pieces->len; i++) {
        const GeoCoverageSole *one = &g_array_index(soles->pieces, GeoCoverageSole, i);
        json_builder_begin_object(report);
        app_report_integer(report, "rank", i + 1);
        app_report_number(report, "area_m2", one->area_m2, 1);
        app_report_number(report, "weight", one->weight, 6);
        app_report_text(report, "camera", one->camera);
        app_report_text(report, "camera_name", one->camera_name);
        app_report_text(report, "owner", geo_owner_words[one->owner]);
        report_place(report, one->at, one->code, one->street);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    report_tail(report, soles->load_ms, soles->work_ms);
}

/* ---- the call ---- */

typedef struct {
    GeoCoverageOptions options;
    AppSightline line;
    gint64 top;
    bool json, soles, ranking;
} Question;

static bool read_question(const AppArgs *args, Question *question, GError **error)
{
    GeoCoverageOptions *options = &question->options;
    gint64 seen_by = 0;
    question->top = DEFAULT_TOP;
    question->json = app_args_has(args, "json");
    options->level = app_args_value(args, "by", NULL);
    options->doubt = true;
    if (!app_args_integer(args, "top", 1, 1000000, &question->top, error) ||
        !app_args_integer(args, "seen-by", 0, 1, &seen_by, error))
        return false;
    question->soles = seen_by == 1;
    question->ranking = options->level || app_args_has(args, "streets");
    if ((options->level != NULL) + app_args_has(args, "streets") + question->soles > 1) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "--by, --streets and --seen-by are three lists: ask for one");
        return false;
    }
    /* Lists of metres rank by metres unless told otherwise. */
    const char *word = app_args_value(
        args, "weigh", geo_risk_words[question->ranking ? GEO_RISK_EQUAL : GEO_RISK_INCIDENTS]);
    int weigh = geo_kind_word(geo_risk_words, word);
    if (weigh < 0) {
        g_set_error(error, APP_USAGE, 0,
                    "--weigh '%s' is none of incidents, hour, population, equal", word);
        return false;
    }
    options->weigh = (GeoRiskOf)weigh;
    return true;
}

static bool answer_ranking(GeoStore *store, const Question *question, GError **error)
{
    g_autoptr(GeoCoverageRanking) ranking =
        geo_coverage_rank(store, &question->options, (size_t)question->top, NULL, error);
    if (!ranking)
        return false;
    if (question->json) {
        report_ranking(ranking, &question->line, question->options.level);
        return true;
    }
    print_ranking(ranking, &question->line, question->options.level);
    printf("%.0f ms of work, %.0f ms of loading\n", ranking->work_ms, ranking->load_ms);
    return true;
}

static bool answer_soles(GeoStore *store, const Question *question, GError **error)
{
    g_autoptr(GeoCoverageSoles) soles =
        geo_coverage_find_soles(store, &question->options, (size_t)question->top, NULL, error);
    if (!soles)
        return false;
    if (question->json) {
        report_soles(soles, &question->line);
        return true;
    }
    print_soles(soles, &question->line);
    printf("%.0f ms of work, %.0f ms of loading\n", soles->work_ms, soles->load_ms);
    return true;
}

static bool answer_gaps(GeoStore *store, const Question *question, GError **error)
{
    g_autoptr(GeoCoverageGaps) gaps =
        geo_coverage_find_gaps(store, &question->options, (size_t)question->top, NULL, error);
    if (!gaps)
        return false;
    if (question->json) {
        report_gaps(gaps, &question->line);
        return true;
    }
    print_gaps(gaps, &question->line);
    printf("%.0f ms of work, %.0f ms of loading\n", gaps->work_ms, gaps->load_ms);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    Question question = {0};
    if (!read_question(args, &question, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    if (!app_sightline_read(args, store, &question.line, error))
        return APP_EXIT_USAGE;
    app_sightline_ask(&question.line, &question.options);
    bool done = question.ranking ? answer_ranking(store, &question, error)
                : question.soles ? answer_soles(store, &question, error)
                                 : answer_gaps(store, &question, error);
    return done ? APP_EXIT_OK : APP_EXIT_DATA;
}

static const AppOption options[] = {
    {"top", "N", "this many, worst first (default 20)"},
    {"class", "CLASS", APP_SIGHTLINE_HELP},
    {"night", NULL, "by the reach at night"},
    {"by", "LEVEL", "areas of this level by what is unseen: grid, community, street ..."},
    {"streets", NULL, "streets by their unseen metres"},
    {"seen-by", "N", "1: places that one camera alone sees, lost when it fails"},
    {"weigh", "WHAT",
     "rank by incidents (default), hour (those of that hour), population or equal (default of "
     "areas)"},
    {NULL, NULL, NULL}};

const AppCommand app_gaps_command = {
    .name = "gaps",
    .places = "CITY",
    .summary = "public ground that no camera sees, the worst first",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
