/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/watch.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/moment.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "app/ctl/when.h"

#define MIN_MS INT64_C(60000)
#define DAY_MS INT64_C(86400000)

/* "FROM,TO" in the zone. */
static bool read_span(const char *text, const char *zone, int64_t *from_ms, int64_t *to_ms)
{
    g_auto(GStrv) parts = g_strsplit(text, ",", -1);
    return g_strv_length(parts) == 2 && app_moment_parse(g_strstrip(parts[0]), zone, from_ms) &&
           app_moment_parse(g_strstrip(parts[1]), zone, to_ms) && *from_ms < *to_ms;
}

static bool read_window(const AppArgs *args, const char *zone, GeoWatchOptions *options,
                        GError **error)
{
    const char *window = app_args_value(args, "window", "");
    if (!read_span(window, zone, &options->from_ms, &options->to_ms)) {
        g_set_error(error, APP_USAGE, 0,
                    "--window '%s' is not FROM,TO: write 2026-06-01,2026-06-08 or "
                    "2026-06-01T18:00,2026-06-02T06:00",
                    window);
        return false;
    }
    int64_t length_ms = options->to_ms - options->from_ms;
    if (length_ms >= MIN_MS && length_ms <= GEO_WATCH_MAX_DAYS * DAY_MS)
        return true;
    g_set_error(error, APP_USAGE, 0, "--window '%s' is not between a minute and %d days", window,
                GEO_WATCH_MAX_DAYS);
    return false;
}

/* Lines "code,from,to" into GeoWatchOutage; texts go to text. A first line that is no outage is
 * taken for a heading. */
static bool read_outages(const char *path, const char *zone, GArray *outages, GStringChunk *text,
                         GError **error)
{
    g_autofree char *content = NULL;
    if (!g_file_get_contents(path, &content, NULL, error))
        return false;
    g_auto(GStrv) lines = g_strsplit(content, "\n", -1);
    for (guint i = 0; lines[i]; i++) {
        char *line = g_strstrip(lines[i]), *comma = strchr(line, ',');
        GeoWatchOutage outage = {.code = ""};
        if (*line == '\0')
            continue;
        if (comma && read_span(comma + 1, zone, &outage.from_ms, &outage.to_ms)) {
            *comma = '\0';
            outage.code = g_string_chunk_insert_const(text, g_strstrip(line));
            g_array_append_val(outages, outage);
        } else if (i > 0) {
            g_set_error(error, APP_USAGE, 0, "'%s', line %u: '%s' is not code,from,to", path, i + 1,
                        line);
            return false;
        }
    }
    return true;
}

static void print_length(int32_t seconds)
{
    if (seconds == 0)
        printf("  never unseen        ");
    else if (seconds % 86400 == 0 && seconds > 86400)
        printf("  unseen <= %3d x 24 h", seconds / 86400);
    else if (seconds % 3600 == 0)
        printf("  unseen <= %3d h     ", seconds / 3600);
    else
        printf("  unseen <= %3d min   ", seconds / 60);
}

static void print_share(double street_m, double ground_m2, const GeoWatch *watch)
{
    printf("%5.1f %% %10.1f km   %5.1f %% %9.3f km2\n", 100 * street_m / fmax(watch->street_m, 1),
           street_m / 1000, 100 * ground_m2 / fmax(watch->ground_m2, 1), ground_m2 / 1e6);
}

static void print_people(const GeoWatch *watch, const AppSightline *line, size_t n_outages,
                         const char *zone)
{
    g_autofree char *from = app_when_dup(watch->from_ms, zone);
    g_autofree char *to = app_when_dup(watch->to_ms, zone);
    printf("Longest time unseen from %s to %s: %s (%g px/m)\n", from, to, line->code,
           app_sightline_px_per_m(line));
    printf("100 %% is %.1f km of public street and %.2f km2 of public ground:\n  %s\n",
           watch->street_m / 1000, watch->ground_m2 / 1e6, geo_coverage_denominator);
    printf("Cameras that work now, by day while the sun is up and by their night reach while it is "
           "not; %zu outages foreseen.\n",
           n_outages);
    for (guint i = 0; i < watch->sun->len && i < 4; i++) {
        const GeoSunChange *change = &g_array_index(watch->sun, GeoSunChange, i);
        g_autofree char *at = app_when_dup(change->at_ms, zone);
        printf("%s%s %s", i ? ", " : "  ", change->rises ? "sunrise" : "sunset", at);
    }
    printf("%s%s\n", watch->sun->len > 4 ? " ..." : "",
           watch->sun->len == 0 ? "  no sunrise or sunset in it" : " (NOAA's equations)");
    if (watch->without_cameras)
        printf("The city has no cameras: nothing is seen. Import cameras first.\n");
    if (!(watch->street_m > 0))
        printf("The city has no public streets: there is no share. Import roads first.\n");
    printf("                           of street metres           of ground\n");
    for (guint i = 0; i + 1 < watch->steps->len; i++) {
        const GeoWatchStep *step = &g_array_index(watch->steps, GeoWatchStep, i);
        bool more =
            i == 0 || step->street_m > step[-1].street_m || step->ground_m2 > step[-1].ground_m2;
        if (!more) /* a line that says the same as the one before */
            continue;
        print_length(step->limit_s);
        print_share(step->street_m, step->ground_m2, watch);
    }
    printf("  the whole window    ");
    print_share(watch->never_street_m, watch->never_ground_m2, watch);
    printf("%zu fields opened or shut, %.0f ms of work, %.0f ms of loading\n", watch->events,
           watch->work_ms, watch->load_ms);
}

static void report_steps(JsonBuilder *report, const GeoWatch *watch)
{
    json_builder_set_member_name(report, "unseen_at_most");
    json_builder_begin_array(report);
    for (guint i = 0; i < watch->steps->len; i++) {
        const GeoWatchStep *step = &g_array_index(watch->steps, GeoWatchStep, i);
        json_builder_begin_object(report);
        app_report_integer(report, "seconds", step->limit_s);
        app_report_number(report, "street_m", step->street_m, 1);
        app_report_number(report, "share", step->street_m / watch->street_m, 6);
        app_report_number(report, "ground_m2", step->ground_m2, 1);
        app_report_number(report, "ground_share", step->ground_m2 / watch->ground_m2, 6);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void print_json(const GeoWatch *watch, const AppSightline *line, size_t n_outages,
                       const char *zone)
{
    JsonBuilder *report = app_report_new("coverage");
    g_autofree char *from = app_when_dup(watch->from_ms, zone);
    g_autofree char *to = app_when_dup(watch->to_ms, zone);
    app_sightline_report(report, line);
    app_report_text(report, "from", from);
    app_report_text(report, "to", to);
    app_report_text(report, "denominator", geo_coverage_denominator);
    app_report_text(report, "note", watch->without_cameras ? "the city has no cameras" : NULL);
    app_report_integer(report, "outages", (gint64)n_outages);
    json_builder_set_member_name(report, "sun");
    json_builder_begin_array(report);
    for (guint i = 0; i < watch->sun->len; i++) {
        const GeoSunChange *change = &g_array_index(watch->sun, GeoSunChange, i);
        g_autofree char *at = app_when_dup(change->at_ms, zone);
        json_builder_begin_object(report);
        app_report_text(report, "what", change->rises ? "sunrise" : "sunset");
        app_report_text(report, "at", at);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_number(report, "street_m", watch->street_m, 1);
    app_report_number(report, "ground_m2", watch->ground_m2, 1);
    app_report_number(report, "never_seen_m", watch->never_street_m, 1);
    app_report_number(report, "never_seen_share", watch->never_street_m / watch->street_m, 6);
    app_report_number(report, "never_seen_m2", watch->never_ground_m2, 1);
    report_steps(report, watch);
    app_report_integer(report, "events", (gint64)watch->events);
    app_report_number(report, "load_ms", watch->load_ms, 1);
    app_report_number(report, "work_ms", watch->work_ms, 1);
    app_report_print(report);
}

AppExit app_watch_run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone, *path = app_args_value(args, "outages", NULL);
    g_autoptr(GArray) outages = g_array_new(FALSE, FALSE, sizeof(GeoWatchOutage));
    g_autoptr(GStringChunk) text = g_string_chunk_new(1024);
    GeoWatchOptions options = {0};
    AppSightline line;
    if (!app_sightline_read(args, store, &line, error) ||
        !read_window(args, zone, &options, error) ||
        (path && !read_outages(path, zone, outages, text, error)))
        return APP_EXIT_USAGE;
    options.class = line.class;
    options.px_per_m = line.px_per_m;
    options.outages = (const GeoWatchOutage *)(const void *)outages->data;
    options.n_outages = outages->len;
    g_autoptr(GeoWatch) watch = geo_watch_measure(store, &options, NULL, error);
    if (!watch)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(watch, &line, outages->len, zone);
    else
        print_people(watch, &line, outages->len, zone);
    return APP_EXIT_OK;
}
