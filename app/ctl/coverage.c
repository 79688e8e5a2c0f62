/* SPDX-License-Identifier: GPL-3.0-or-later */
/* coverage CITY: the share of public street that the cameras see. */
#include "app/ctl/coverage.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/exact.h"
#include "app/ctl/outage.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "app/ctl/watch.h"
#include "geo/work/coverage.h"

static const char no_connection[] =
    "the register says whether a camera works, not whether its picture arrives";

static void print_share(double part, double whole)
{
    if (whole > 0)
        printf("%5.1f %%", 100 * part / whole);
    else
        printf("   none");
}

static void print_people(const GeoCoverage *coverage, const AppSightline *line)
{
    const GeoCoverShare *share = &coverage->share;
    g_autofree char *hour = app_sightline_words(line);
    printf("Camera coverage: %s\n", hour);
    printf("100 %% is %.1f km of public street and %.2f km2 of public ground:\n  %s\n",
           share->street_m / 1000, share->ground_m2 / 1e6, geo_coverage_denominator);
    if (coverage->without_streets)
        printf("The city has no public streets: there is no share. Import roads first.\n");
    if (coverage->without_cameras)
        printf("The city has no cameras: nothing is seen. Import cameras first.\n");
    printf("  street metres seen ");
    print_share(share->street_seen_m, share->street_m);
    printf("   (%.1f km)", share->street_seen_m / 1000);
    if (coverage->with_doubt && coverage->uncertain > 0 && share->street_m > 0)
        printf(" as registered; %.1f to %.1f %% as the headings of %" G_GINT64_FORMAT
               " cameras may be off",
               100 * coverage->sure.street_seen_m / share->street_m,
               100 * coverage->possible.street_seen_m / share->street_m, coverage->uncertain);
    printf("\n  ground seen        ");
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

static const char *name_of(const char *code, const char *name)
{
    return name ? name : code ? code : "without a name";
}

static void print_rate(const char *who, const GeoCoverageCameras *cameras)
{
    int64_t working = cameras->by_state[GEO_CAMERA_WORKING];
    int64_t built = working + cameras->by_state[GEO_CAMERA_FAULTY];
    if (built + cameras->by_state[GEO_CAMERA_PLANNED] == 0)
        return;
    printf("  %-12s ", who);
    print_share((double)working, (double)built);
    printf(" of %6" G_GINT64_FORMAT " built work", built);
    if (cameras->by_state[GEO_CAMERA_PLANNED] > 0)
        printf(", %" G_GINT64_FORMAT " more planned", cameras->by_state[GEO_CAMERA_PLANNED]);
    printf("\n");
}

static void print_people_cameras(const GeoCoverage *coverage)
{
    GeoCoverageCameras all = {{0}};
    memcpy(all.by_state, coverage->by_state, sizeof all.by_state);
    printf("\nCameras that work, out of those built (working and faulty), by owner:\n");
    for (int owner = 0; owner < GEO_N_OWNERS; owner++)
        print_rate(geo_owner_words[owner], &coverage->of_owner[owner]);
    print_rate("all", &all);
    printf("  connected: unknown (%s)\n", no_connection);
}

static void print_people_places(const GeoCoverage *coverage, const AppSightline *line, bool list)
{
    g_autofree char *hour = app_sightline_words(line);
    printf("\nMust-see places whose front is seen (%s), and by which class at most:\n"
           "  %-12s %6s %6s %8s %8s %9s %9s %8s %8s\n",
           hour, "", "places", "seen", "detect", "observe", "recognise", "identify", "none",
           "unsure");
    for (int kind = 0; kind < GEO_N_FACILITIES; kind++) {
        const GeoCoveragePlaces *of = &coverage->of_kind[kind];
        int64_t unseen = of->places;
        for (int class = 0; class < GEO_N_SIGHT_CLASSES; class ++)
            unseen -= of->by_class[class];
        if (of->places > 0)
            printf("  %-12s %6d %6d %8d %8d %9d %9d %8d %8d\n", geo_facility_words[kind],
                   (int)of->places, (int)of->seen, (int)of->by_class[GEO_SIGHT_DETECT],
                   (int)of->by_class[GEO_SIGHT_OBSERVE], (int)of->by_class[GEO_SIGHT_RECOGNISE],
                   (int)of->by_class[GEO_SIGHT_IDENTIFY], (int)unseen, (int)of->unsure);
    }
    for (size_t i = 0; list && i < coverage->places->n; i++) {
        const GeoPlace *place = &coverage->places->all[i];
        if (!place->seen)
            printf("  %s: %-12s %12.6f %11.6f  %s\n", place->unsure ? "unsure" : "unseen",
                   geo_facility_words[place->kind], place->at.lon, place->at.lat,
                   name_of(place->code, place->name));
    }
    if (!list && coverage->mustsee_seen < coverage->mustsee)
        printf("  --places lists the %" G_GINT64_FORMAT " that are not seen\n",
               coverage->mustsee - coverage->mustsee_seen);
}

static void print_people_areas(const GeoCoverage *coverage, const AppSightline *line,
                               const char *level)
{
    g_autofree char *hour = app_sightline_words(line);
    printf("\nBy %s (%s): street metres seen (and as headings may be off), ground seen, must-see "
           "places seen, cameras that work:\n",
           level, hour);
    for (guint i = 0; i < coverage->areas->len; i++) {
        const GeoCoverageArea *area = &g_array_index(coverage->areas, GeoCoverageArea, i);
        printf("  %-20s ", area->code ? area->code : "-");
        int64_t working = area->cameras.by_state[GEO_CAMERA_WORKING];
        print_share(area->seen_m, area->street_m);
        if (area->street_m > 0 && area->possible_m > area->sure_m)
            printf(" (%.1f-%.1f)", 100 * area->sure_m / area->street_m,
                   100 * area->possible_m / area->street_m);
        printf(" of %8.2f km ", area->street_m / 1000);
        print_share(area->ground_seen_m2, area->ground_m2);
        printf(" of %7.3f km2 %4" G_GINT64_FORMAT " of %-4" G_GINT64_FORMAT " %5" G_GINT64_FORMAT
               " of %-5" G_GINT64_FORMAT "  %s\n",
               area->ground_m2 / 1e6, area->mustsee_seen, area->mustsee, working,
               working + area->cameras.by_state[GEO_CAMERA_FAULTY], area->name ? area->name : "");
    }
}

static void report_states(JsonBuilder *report, const GeoCoverageCameras *cameras)
{
    for (int state = 0; state < GEO_N_CAMERA_STATES; state++)
        app_report_integer(report, geo_camera_state_words[state], cameras->by_state[state]);
    app_report_number(report, "working_rate", geo_coverage_working_rate(cameras), 6);
}

static void report_cameras(JsonBuilder *report, const GeoCoverage *coverage)
{
    json_builder_set_member_name(report, "cameras");
    json_builder_begin_object(report);
    app_report_integer(report, "total", coverage->cameras);
    GeoCoverageCameras all = {{0}};
    memcpy(all.by_state, coverage->by_state, sizeof all.by_state);
    report_states(report, &all);
    app_report_text(report, "connected", NULL);
    app_report_text(report, "connected_why", no_connection);
    app_report_integer(report, "blind", coverage->blind);
    app_report_integer(report, "unknown_heading", coverage->aimless);
    app_report_integer(report, "uncertain_heading", coverage->uncertain);
    app_report_integer(report, "assumed_heading", coverage->assumed_heading);
    app_report_integer(report, "assumed_fov", coverage->assumed_fov);
    app_report_integer(report, "assumed_range", coverage->assumed_range);
    app_report_integer(report, "assumed_pixels", coverage->assumed_pixels);
    json_builder_set_member_name(report, "owners");
    json_builder_begin_object(report);
    for (int owner = 0; owner < GEO_N_OWNERS; owner++)
        app_report_integer(report, geo_owner_words[owner], coverage->by_owner[owner]);
    json_builder_end_object(report);
    json_builder_set_member_name(report, "by_owner");
    json_builder_begin_array(report);
    for (int owner = 0; owner < GEO_N_OWNERS; owner++) {
        json_builder_begin_object(report);
        app_report_text(report, "owner", geo_owner_words[owner]);
        report_states(report, &coverage->of_owner[owner]);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    json_builder_end_object(report);
}

static void report_kinds(JsonBuilder *report, const GeoCoverage *coverage)
{
    json_builder_set_member_name(report, "by_kind");
    json_builder_begin_array(report);
    for (int kind = 0; kind < GEO_N_FACILITIES; kind++) {
        const GeoCoveragePlaces *of = &coverage->of_kind[kind];
        if (of->places == 0)
            continue;
        int64_t unseen = of->places;
        json_builder_begin_object(report);
        app_report_text(report, "kind", geo_facility_words[kind]);
        app_report_integer(report, "of", of->places);
        app_report_integer(report, "seen", of->seen);
        app_report_integer(report, "unsure", of->unsure);
        for (int class = 0; class < GEO_N_SIGHT_CLASSES; class ++) {
            app_report_integer(report, geo_sight_class_words[class], of->by_class[class]);
            unseen -= of->by_class[class];
        }
        app_report_integer(report, "none", unseen);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_places(JsonBuilder *report, const GeoCoverage *coverage)
{
    json_builder_set_member_name(report, "mustsee");
    json_builder_begin_object(report);
    app_report_integer(report, "seen", coverage->mustsee_seen);
    app_report_integer(report, "of", coverage->mustsee);
    report_kinds(report, coverage);
    json_builder_set_member_name(report, "unseen");
    json_builder_begin_array(report);
    for (size_t i = 0; i < coverage->places->n; i++) {
        const GeoPlace *place = &coverage->places->all[i];
        if (place->seen)
            continue;
        json_builder_begin_object(report);
        app_report_text(report, "kind", geo_facility_words[place->kind]);
        app_report_text(report, "code", place->code);
        app_report_text(report, "name", place->name);
        app_report_number(report, "lon", place->at.lon, 7);
        app_report_number(report, "lat", place->at.lat, 7);
        app_report_text(report, "class",
                        place->class >= 0 ? geo_sight_class_words[place->class] : NULL);
        app_report_switch(report, "unsure", place->unsure);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
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
        app_report_number(report, "sure_m", area->sure_m, 1);
        app_report_number(report, "possible_m", area->possible_m, 1);
        app_report_number(report, "ground_m2", area->ground_m2, 1);
        app_report_number(report, "ground_seen_m2", area->ground_seen_m2, 1);
        app_report_number(report, "seen_1", area->sole_m2, 1);
        app_report_integer(report, "mustsee", area->mustsee);
        app_report_integer(report, "mustsee_seen", area->mustsee_seen);
        report_states(report, &area->cameras);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void print_json(const GeoCoverage *coverage, const AppSightline *line,
                       const GeoOutage *outage, const char *level)
{
    const GeoCoverShare *share = &coverage->share;
    JsonBuilder *report = app_report_new("coverage");
    app_sightline_report(report, line);
    app_report_switch(report, "night", coverage->night);
    app_report_text(report, "denominator",
                    coverage->without_streets ? "none" : geo_coverage_denominator);
    app_report_text(report, "note", coverage->without_cameras ? "the city has no cameras" : NULL);
    app_report_number(report, "street_m", share->street_m, 1);
    app_report_number(report, "street_seen_m", share->street_seen_m, 1);
    app_report_number(report, "share", coverage->share_street, 6);
    app_report_number(report, "share_sure", coverage->sure.street_seen_m / share->street_m, 6);
    app_report_number(report, "share_possible", coverage->possible.street_seen_m / share->street_m,
                      6);
    app_report_number(report, "ground_m2", share->ground_m2, 1);
    app_report_number(report, "ground_seen_m2", share->ground_seen_m2, 1);
    app_report_number(report, "ground_share", coverage->share_ground, 6);
    app_report_number(report, "ground_share_sure", coverage->sure.ground_seen_m2 / share->ground_m2,
                      6);
    app_report_number(report, "ground_share_possible",
                      coverage->possible.ground_seen_m2 / share->ground_m2, 6);
    app_report_number(report, "seen_1", share->seen_k_m2[0], 1);
    app_report_number(report, "seen_2", share->seen_k_m2[1], 1);
    app_report_number(report, "seen_3plus", share->seen_k_m2[2], 1);
    report_cameras(report, coverage);
    report_places(report, coverage);
    report_areas(report, coverage, level);
    if (outage)
        app_outage_report(report, outage);
    app_report_number(report, "load_ms", coverage->load_ms, 1);
    app_report_number(report, "work_ms", coverage->work_ms, 1);
    app_report_print(report);
}

/* Everything asked of one survey; outage stays NULL when nothing is asked of it. */
static bool measure(GeoStore *store, const GeoCoverageOptions *options, const AppOutageWords *words,
                    GeoCoverage **coverage, GeoOutage **outage, GError **error)
{
    g_autoptr(GeoSurvey) survey = geo_survey_load(store, options, NULL, error);
    *coverage = survey ? geo_coverage_of_survey(store, survey, options, NULL, error) : NULL;
    if (!*coverage)
        return false;
    if (!words->asked)
        return true;
    *outage = geo_outage_measure(store, survey, options, &words->options, NULL, error);
    return *outage != NULL;
}

/* True when none of the others is asked for beside the word. */
static bool alone(const AppArgs *args, const char *word, const char *const *others, GError **error)
{
    for (const char *const *other = others; *other; other++)
        if (app_args_has(args, *other)) {
            g_set_error(error, APP_USAGE, 0, "--%s and --%s are two questions: ask for one", word,
                        *other);
            return false;
        }
    return true;
}

static AppExit run_window(const AppArgs *args, GError **error)
{
    static const char *const others[] = {"night",         "by",  "places", "without",
                                         "without-owner", "top", "exact",  NULL};
    if (!app_args_has(args, "window")) {
        g_set_error_literal(error, APP_USAGE, 0, "--outages belongs to a --window FROM,TO");
        return APP_EXIT_USAGE;
    }
    if (!alone(args, "window", others, error))
        return APP_EXIT_USAGE;
    return app_watch_run(args, error);
}

static AppExit run_exact(const AppArgs *args, GeoCoverageOptions *options, GError **error)
{
    static const char *const others[] = {"places", "without", "without-owner", "top", NULL};
    if (!alone(args, "exact", others, error))
        return APP_EXIT_USAGE;
    return app_exact_run(args, options, error);
}

static AppExit run(const AppArgs *args, GError **error)
{
    GeoCoverageOptions options = {
        .level = app_args_value(args, "by", NULL), .classes = true, .doubt = true};
    g_auto(AppOutageWords) words = {0};
    if (!app_outage_read(args, &words, error))
        return APP_EXIT_USAGE;
    if (app_args_has(args, "window") || app_args_has(args, "outages"))
        return run_window(args, error);
    if (app_args_has(args, "exact"))
        return run_exact(args, &options, error);
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    AppSightline line;
    if (!app_sightline_read(args, store, &line, error))
        return APP_EXIT_USAGE;
    app_sightline_ask(&line, &options);
    g_autoptr(GeoCoverage) coverage = NULL;
    g_autoptr(GeoOutage) outage = NULL;
    if (!measure(store, &options, &words, &coverage, &outage, error))
        return APP_EXIT_DATA;
    if (app_args_has(args, "json")) {
        print_json(coverage, &line, outage, options.level);
        return APP_EXIT_OK;
    }
    print_people(coverage, &line);
    if (coverage->cameras > 0)
        print_people_cameras(coverage);
    if (coverage->mustsee > 0)
        print_people_places(coverage, &line, app_args_has(args, "places"));
    if (options.level)
        print_people_areas(coverage, &line, options.level);
    if (outage)
        app_outage_print(outage, &line);
    printf("%.0f ms of work, %.0f ms of loading\n",
           coverage->work_ms + (outage ? outage->work_ms : 0),
           coverage->load_ms + (outage ? outage->load_ms : 0));
    return APP_EXIT_OK;
}

static const AppOption options[] = {
    {"class", "CLASS", APP_SIGHTLINE_HELP},
    {"night", NULL, "by the reach at night"},
    {"by", "LEVEL", "also by areas of this level: district, street, community, grid ..."},
    {"exact", NULL, "square metres by exact polygons instead of 1 m cells; seconds"},
    {"places", NULL, "also list the must-see places that are not seen"},
    {"without", "CODES", "what is lost when these cameras fail: codes with commas between"},
    {"without-owner", "OWNER", "when all of this owner fail: government, unit, shop, compound"},
    {"top", "N", "the N cameras whose loss costs most, and N gaps that open (10)"},
    {"window", "FROM,TO", "how long nobody saw each metre from FROM to TO, day and night"},
    {"outages", "FILE", "of a window: lines of camera code,from,to that do not work then"},
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
