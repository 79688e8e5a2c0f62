/* SPDX-License-Identifier: GPL-3.0-or-later */
/* gaps CITY: the public ground that no camera sees, where most happens first. */
#include "app/ctl/gaps.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "geo/work/coverage.h"

#define DEFAULT_TOP 20

static void print_people(const GeoCoverageGaps *gaps)
{
    g_autofree char *hour = app_sightline_words(gaps->class, gaps->night);
    printf("Public ground that no camera sees: %s\n", hour);
    printf("%zu gaps, %.2f km2 in all, out of: %s\n", gaps->found, gaps->area_m2 / 1e6,
           geo_coverage_denominator);
    if (gaps->gaps->len == 0)
        return;
    printf("Weight: incidents that fell on this ground, smoothed over 150 m; 1 more a km2.\n\n"
           "%5s %9s %9s %12s %11s  %s\n",
           "rank", "weight", "area m2", "lon", "lat", "where");
    for (guint i = 0; i < gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, i);
        printf("%5u %9.4f %9.0f %12.6f %11.6f  %s%s%s\n", i + 1, gap->weight, gap->area_m2,
               gap->at.lon, gap->at.lat, gap->street ? gap->street : "",
               gap->street && gap->code ? ", " : "", gap->code ? gap->code : "");
    }
}

static void print_json(const GeoCoverageGaps *gaps)
{
    JsonBuilder *report = app_report_new("gaps");
    app_report_text(report, "class", geo_sight_class_words[gaps->class]);
    app_report_switch(report, "night", gaps->night);
    app_report_text(report, "denominator", geo_coverage_denominator);
    app_report_integer(report, "found", (gint64)gaps->found);
    app_report_number(report, "area_m2", gaps->area_m2, 1);
    json_builder_set_member_name(report, "gaps");
    json_builder_begin_array(report);
    for (guint i = 0; i < gaps->gaps->len; i++) {
        const GeoCoverageGap *gap = &g_array_index(gaps->gaps, GeoCoverageGap, i);
        json_builder_begin_object(report);
        app_report_integer(report, "rank", i + 1);
        app_report_number(report, "area_m2", gap->area_m2, 1);
        app_report_number(report, "weight", gap->weight, 6);
        app_report_number(report, "lon", gap->at.lon, 7);
        app_report_number(report, "lat", gap->at.lat, 7);
        app_report_text(report, "code", gap->code);
        app_report_text(report, "street", gap->street);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_number(report, "load_ms", gaps->load_ms, 1);
    app_report_number(report, "work_ms", gaps->work_ms, 1);
    app_report_print(report);
}

static AppExit run(const AppArgs *args, GError **error)
{
    GeoCoverageOptions options = {0};
    gint64 top = DEFAULT_TOP;
    if (!app_sightline_read(args, &options.class, &options.night, error) ||
        !app_args_integer(args, "top", 1, 1000000, &top, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    g_autoptr(GeoCoverageGaps) gaps =
        geo_coverage_find_gaps(store, &options, (size_t)top, NULL, error);
    if (!gaps)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json")) {
        print_json(gaps);
        return APP_EXIT_OK;
    }
    print_people(gaps);
    printf("%.0f ms of work, %.0f ms of loading\n", gaps->work_ms, gaps->load_ms);
    return APP_EXIT_OK;
}

static const AppOption options[] = {
    {"top", "N", "this many, worst first (default 20)"},
    {"class", "CLASS", "detect (default), observe, recognise or identify"},
    {"night", NULL, "by the reach at night"},
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
