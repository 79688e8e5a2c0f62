/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/exact.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"

static const char denominator[] =
    "public streets and squares as polygons, without private ground, tunnels and buildings";

static double share(double part, double whole)
{
    return whole > 0 ? part / whole : NAN;
}

static void print_share(double part, double whole)
{
    if (whole > 0)
        printf("%6.2f %%", 100 * part / whole);
    else
        printf("    none");
}

static void print_people_areas(const GeoOfficial *official, const char *level)
{
    printf("\n%-24s %12s %12s %8s\n", level, "ground m2", "seen m2", "share");
    for (guint i = 0; i < official->areas->len; i++) {
        const GeoOfficialArea *area = &g_array_index(official->areas, GeoOfficialArea, i);
        printf("%-12s %12.1f %12.1f ", area->code ? area->code : "-", area->ground_m2,
               area->seen_m2);
        print_share(area->seen_m2, area->ground_m2);
        printf("  %s\n", area->name ? area->name : "");
    }
}

static void print_people(const GeoOfficial *official, const AppSightline *line, const char *level)
{
    g_autofree char *hour = app_sightline_words(line);
    printf("Camera coverage by exact polygons: %s\n", hour);
    printf("100 %% is %.1f m2 of public ground:\n  %s\n", official->ground_m2, denominator);
    static const char *const levels[GEO_EXACT_LEVELS] = {"one", "two", "three"};
    for (int k = 0; k < GEO_EXACT_LEVELS; k++) {
        printf("  by at least %-6s", levels[k]);
        print_share(official->seen_m2[k], official->ground_m2);
        printf(" %14.1f m2\n", official->seen_m2[k]);
    }
    printf("  one, by 1 m cells ");
    print_share(official->raster_m2, official->ground_m2);
    printf(" %14.1f m2: %.4f %% off\n", official->raster_m2,
           official->seen_m2[0] > 0
               ? 100 * fabs(official->raster_m2 - official->seen_m2[0]) / official->seen_m2[0]
               : 0);
    printf("Fields on any ground: %.1f m2\n", official->field_m2[0]);
    if (level)
        print_people_areas(official, level);
    printf("%.0f ms of work, %.0f ms of loading\n", official->work_ms, official->load_ms);
}

static void print_json(const GeoOfficial *official, const AppSightline *line, const char *level)
{
    JsonBuilder *report = app_report_new("coverage");
    app_sightline_report(report, line);
    app_report_switch(report, "night", official->night);
    app_report_text(report, "denominator", denominator);
    app_report_number(report, "ground_m2", official->ground_m2, 2);
    app_report_number(report, "ground_seen_m2", official->seen_m2[0], 2);
    app_report_number(report, "seen_2_m2", official->seen_m2[1], 2);
    app_report_number(report, "seen_3plus_m2", official->seen_m2[2], 2);
    app_report_number(report, "fields_m2", official->field_m2[0], 2);
    app_report_number(report, "ground_share", share(official->seen_m2[0], official->ground_m2), 8);
    app_report_number(report, "cells_m2", official->raster_m2, 2);
    app_report_text(report, "level", level);
    json_builder_set_member_name(report, "by");
    json_builder_begin_array(report);
    for (guint i = 0; i < official->areas->len; i++) {
        const GeoOfficialArea *area = &g_array_index(official->areas, GeoOfficialArea, i);
        json_builder_begin_object(report);
        app_report_text(report, "code", area->code);
        app_report_text(report, "name", area->name);
        app_report_number(report, "ground_m2", area->ground_m2, 2);
        app_report_number(report, "seen_m2", area->seen_m2, 2);
        app_report_number(report, "ground_share", share(area->seen_m2, area->ground_m2), 8);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_number(report, "load_ms", official->load_ms, 1);
    app_report_number(report, "work_ms", official->work_ms, 1);
    app_report_print(report);
}

AppExit app_exact_run(const AppArgs *args, GeoCoverageOptions *options, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    AppSightline line;
    if (!app_sightline_read(args, store, &line, error))
        return APP_EXIT_USAGE;
    app_sightline_ask(&line, options);
    g_autoptr(GeoOfficial) official = geo_official_measure(store, options, NULL, error);
    if (!official)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(official, &line, options->level);
    else
        print_people(official, &line, options->level);
    return APP_EXIT_OK;
}
