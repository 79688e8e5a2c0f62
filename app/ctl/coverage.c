/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coverage CITY: the share of public street that the cameras see. */
#include "app/ctl/coverage.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "geo/work/coverage.h"

static void print_share(double part, double whole)
{
    if (whole > 0)
        printf("%5.1f %%", 100 * part / whole);
    else
        printf("   none");
}

static void print_people(const GeoCoverage *coverage)
{
    const GeoCoverShare *share = &coverage->share;
    g_autofree char *hour = app_sightline_words(coverage->class, coverage->night);
    printf("Camera coverage: %s\n", hour);
    printf("100 %% is %.1f km of public street and %.2f km2 of public ground:\n  %s\n",
           share->street_m / 1000, share->ground_m2 / 1e6, geo_coverage_denominator);
    if (coverage->without_streets)
        printf("The city has no public streets: there is no share. Import roads first.\n");
    if (coverage->without_cameras)
        printf("The city has no cameras: nothing is seen. Import cameras first.\n");
    printf("  street metres seen ");
    print_share(share->street_seen_m, share->street_m);
    printf("   (%.1f km)\n  ground seen        ", share->street_seen_m / 1000);
    print_share(share->ground_seen_m2, share->ground_m2);
    printf("   (by one camera %.3f km2, two %.3f, three or more %.3f)\n", share->seen_k_m2[0] / 1e6,
           share->seen_k_m2[1] / 1e6, share->seen_k_m2[2] / 1e6);
    printf("  must-see places    %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT "\n",
           coverage->mustsee_seen, coverage->mustsee);
    printf("  cameras            %" G_GINT64_FORMAT ": %" G_GINT64_FORMAT
           " working, %" G_GINT64_FORMAT " faulty, %" G_GINT64_FORMAT " planned; %" G_GINT64_FORMAT
           " working ones see nothing so\n",
           coverage->cameras, coverage->by_state[GEO_CAMERA_WORKING],
           coverage->by_state[GEO_CAMERA_FAULTY], coverage->by_state[GEO_CAMERA_PLANNED],
           coverage->blind);
    if (coverage->aimless > 0)
        printf("  of unknown heading %" G_GINT64_FORMAT ": they count as seeing nothing\n",
               coverage->aimless);
    printf("  assumed of these   heading %" G_GINT64_FORMAT ", field %" G_GINT64_FORMAT
           ", range %" G_GINT64_FORMAT ", pixels %" G_GINT64_FORMAT "\n",
           coverage->assumed_heading, coverage->assumed_fov, coverage->assumed_range,
           coverage->assumed_pixels);
}

static void print_people_areas(const GeoCoverage *coverage, const char *level)
{
    g_autofree char *hour = app_sightline_words(coverage->class, coverage->night);
    printf("\nShare of street metres by %s (%s):\n", level, hour);
    for (guint i = 0; i < coverage->areas->len; i++) {
        const GeoCoverageArea *area = &g_array_index(coverage->areas, GeoCoverageArea, i);
        printf("  %-20s ", area->code ? area->code : "-");
        print_share(area->seen_m, area->street_m);
        printf(" of %8.2f km  %s\n", area->street_m / 1000, area->name ? area->name : "");
    }
}

static void report_cameras(JsonBuilder *report, const GeoCoverage *coverage)
{
    json_builder_set_member_name(report, "cameras");
    json_builder_begin_object(report);
    app_report_integer(report, "total", coverage->cameras);
    for (int state = 0; state < GEO_N_CAMERA_STATES; state++)
        app_report_integer(report, geo_camera_state_words[state], coverage->by_state[state]);
    app_report_integer(report, "blind", coverage->blind);
    app_report_integer(report, "unknown_heading", coverage->aimless);
    app_report_integer(report, "assumed_heading", coverage->assumed_heading);
    app_report_integer(report, "assumed_fov", coverage->assumed_fov);
    app_report_integer(report, "assumed_range", coverage->assumed_range);
    app_report_integer(report, "assumed_pixels", coverage->assumed_pixels);
    json_builder_set_member_name(report, "owners");
    json_builder_begin_object(report);
    for (int owner = 0; owner < GEO_N_OWNERS; owner++)
        app_report_integer(report, geo_owner_words[owner], coverage->by_owner[owner]);
    json_builder_end_object(report);
    json_builder_end_object(report);
    json_builder_set_member_name(report, "mustsee");
    json_builder_begin_object(report);
    app_report_integer(report, "seen", coverage->mustsee_seen);
    app_report_integer(report, "of", coverage->mustsee);
    json_builder_end_object(report);
}

static void report_areas(JsonBuilder *report, const GeoCoverage *coverage, const char *level)
{
    json_builder_set_member_name(report, "by");
    json_builder_begin_array(report);
    for (guint i = 0; i < coverage->areas->len; i++) {
        const GeoCoverageArea *area = &g_array_index(coverage->areas, GeoCoverageArea, i);
        json_builder_begin_object(report);
        app_report_text(report, "level", level);
        app_report_text(report, "code", area->code);
        app_report_text(report, "name", area->name);
        app_report_number(report, "street_m", area->street_m, 1);
        app_report_number(report, "seen_m", area->seen_m, 1);
        app_report_number(report, "share", area->street_m > 0 ? area->seen_m / area->street_m : NAN,
                          6);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void print_json(const GeoCoverage *coverage, const char *level)
{
    const GeoCoverShare *share = &coverage->share;
    JsonBuilder *report = app_report_new("coverage");
    app_report_text(report, "class", geo_sight_class_words[coverage->class]);
    app_report_switch(report, "night", coverage->night);
    app_report_text(report, "denominator",
                    coverage->without_streets ? "none" : geo_coverage_denominator);
    app_report_text(report, "note", coverage->without_cameras ? "the city has no cameras" : NULL);
    app_report_number(report, "street_m", share->street_m, 1);
    app_report_number(report, "street_seen_m", share->street_seen_m, 1);
    app_report_number(report, "share", coverage->share_street, 6);
    app_report_number(report, "ground_m2", share->ground_m2, 1);
    app_report_number(report, "ground_seen_m2", share->ground_seen_m2, 1);
    app_report_number(report, "ground_share", coverage->share_ground, 6);
    app_report_number(report, "seen_1", share->seen_k_m2[0], 1);
    app_report_number(report, "seen_2", share->seen_k_m2[1], 1);
    app_report_number(report, "seen_3plus", share->seen_k_m2[2], 1);
    report_cameras(report, coverage);
    report_areas(report, coverage, level);
    app_report_number(report, "load_ms", coverage->load_ms, 1);
    app_report_number(report, "work_ms", coverage->work_ms, 1);
    app_report_print(report);
}

static AppExit run(const AppArgs *args, GError **error)
{
    GeoCoverageOptions options = {.level = app_args_value(args, "by", NULL)};
    if (!app_sightline_read(args, &options.class, &options.night, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    g_autoptr(GeoCoverage) coverage = geo_coverage_measure(store, &options, NULL, error);
    if (!coverage)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json")) {
        print_json(coverage, options.level);
        return APP_EXIT_OK;
    }
    print_people(coverage);
    if (options.level)
        print_people_areas(coverage, options.level);
    printf("%.0f ms of work, %.0f ms of loading\n", coverage->work_ms, coverage->load_ms);
    return APP_EXIT_OK;
}

static const AppOption options[] = {
    {"class", "CLASS", "detect (default), observe, recognise or identify"},
    {"night", NULL, "by the reach at night"},
    {"by", "LEVEL", "also by areas of this level: district, street, community, grid ..."},
    {NULL, NULL, NULL}};

const AppCommand app_coverage_command = {
    .name = "coverage",
    .places = "CITY",
    .summary = "share of public street that the cameras see",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
