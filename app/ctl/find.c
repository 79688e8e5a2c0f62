/* SPDX-License-Identifier: GPL-3.0-or-later */
/* find CITY TEXT: places by name, code or coordinates, or as people say them. */
#include "app/ctl/find.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/place.h"
#include "app/ctl/report.h"
#include "geo/work/finder.h"

#define DEFAULT_TOP 10

static const AppOption options[] = {
    {"top", "N", "this many, best first (10)"},
    {"near", "LON,LAT", "of equals, the nearer to this place first (where pictures look)"},
    {NULL, NULL, NULL},
};

/* How long each step took. */
typedef struct {
    double load_ms, work_ms;
} Cost;

static void print_people(const GeoFinder *finder, const GArray *found, Cost cost)
{
    for (guint i = 0; i < found->len; i++) {
        const GeoFound *hit = &g_array_index(found, GeoFound, i);
        printf("%-11s %11.6f %10.6f  %s", hit->level ? hit->level : geo_found_words[hit->kind],
               hit->at.lon, hit->at.lat, hit->title);
        if (hit->code && strcmp(hit->code, hit->title) != 0)
            printf("  %s", hit->code);
        printf("%s%s\n", hit->district ? "  in " : "", hit->district ? hit->district : "");
        g_autofree char *reason = geo_found_dup_reason(hit);
        printf("     %3.0f  %s\n", 100 * hit->score, reason);
    }
    if (found->len == 0)
        puts("nothing of that name or code; patrol units are not searched: duty CITY --unit UNIT "
             "finds one");
    printf("of %zu names and codes (%.0f MB) in %.1f ms, %.0f ms of loading\n",
           geo_finder_size(finder), (double)geo_finder_bytes(finder) / 1e6, cost.work_ms,
           cost.load_ms);
}

/* Why it is told, and what was done to its point. */
static void report_reason(JsonBuilder *report, const GeoFound *hit)
{
    bool figures = hit->kind == GEO_FOUND_COORDINATES, between = hit->why & GEO_WHY_BETWEEN;
    g_autofree char *reason = geo_found_dup_reason(hit);
    app_report_number(report, "score", hit->score, 4);
    app_report_text(report, "reason", reason);
    json_builder_set_member_name(report, "why");
    json_builder_begin_array(report);
    for (int bit = 0; bit < GEO_N_WHY; bit++)
        if (hit->why >> bit & 1)
            json_builder_add_string_value(report, geo_why_words[bit]);
    json_builder_end_array(report);
    app_report_switch(report, "estimated", hit->estimated);
    app_report_number(report, "number_below", between ? hit->between[0] : INFINITY, 0);
    app_report_number(report, "number_above", between ? hit->between[1] : INFINITY, 0);
    app_report_text(report, "move", geo_move_words[hit->move]);
    app_report_number(report, "moved_m", hit->moved_m, 1);
    app_report_number(report, "bearing_deg", hit->move ? hit->bearing_deg : INFINITY, 1);
    app_report_text(report, "datum", figures ? geo_datum_words[hit->datum] : NULL);
    app_report_number(report, "outside_m", hit->outside_m, 0);
    app_report_text(report, "unused", hit->unused);
}

static void report_hit(JsonBuilder *report, const GeoFound *hit)
{
    bool box = !geo_bounds_empty(&hit->bounds);
    json_builder_begin_object(report);
    app_report_text(report, "kind", geo_found_words[hit->kind]);
    app_report_text(report, "title", hit->title);
    app_report_text(report, "code", hit->code);
    app_report_text(report, "level", hit->level);
    app_report_text(report, "district", hit->district);
    app_report_integer(report, "rank", hit->rank);
    report_reason(report, hit);
    app_report_number(report, "lon", hit->at.lon, 7);
    app_report_number(report, "lat", hit->at.lat, 7);
    app_report_number(report, "west", box ? hit->bounds.west : INFINITY, 7);
    app_report_number(report, "south", box ? hit->bounds.south : INFINITY, 7);
    app_report_number(report, "east", box ? hit->bounds.east : INFINITY, 7);
    app_report_number(report, "north", box ? hit->bounds.north : INFINITY, 7);
    json_builder_end_object(report);
}

static void print_json(const char *text, const GeoFinder *finder, const GArray *found, Cost cost)
{
    JsonBuilder *report = app_report_new("find");
    app_report_text(report, "text", text);
    app_report_integer(report, "searched", (gint64)geo_finder_size(finder));
    json_builder_set_member_name(report, "found");
    json_builder_begin_array(report);
    for (guint i = 0; i < found->len; i++)
        report_hit(report, &g_array_index(found, GeoFound, i));
    json_builder_end_array(report);
    app_report_number(report, "load_ms", cost.load_ms, 1);
    app_report_number(report, "work_ms", cost.work_ms, 3);
    app_report_print(report);
}

static double since_ms(gint64 begun_us)
{
    return (double)(g_get_monotonic_time() - begun_us) / 1000;
}

static AppExit run(const AppArgs *args, GError **error)
{
    GeoLonLat near = {0, 0};
    if (!app_lonlat_option(args, "near", &near, error))
        return APP_EXIT_USAGE;
    gint64 top = DEFAULT_TOP;
    const char *text = app_args_place(args, 1);
    if (!app_args_integer(args, "top", 1, 1000, &top, error))
        return APP_EXIT_USAGE;
    if (!g_utf8_validate(text, -1, NULL)) {
        g_set_error_literal(error, APP_USAGE, 0, "TEXT is not UTF-8");
        return APP_EXIT_USAGE;
    }
    if (text[strspn(text, " \t\r\n")] == '\0') {
        g_set_error_literal(error, APP_USAGE, 0,
                            "TEXT is empty: give a name, a code, coordinates or what was said");
        return APP_EXIT_USAGE;
    }
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    Cost cost;
    GeoLonLat middle;
    double zoom;
    gint64 begun_us = g_get_monotonic_time();
    g_autoptr(GeoFinder) finder = geo_finder_load(store, NULL, error);
    if (!finder || !app_place_default(store, &middle, &zoom, error))
        return APP_EXIT_DATA;
    cost.load_ms = since_ms(begun_us);
    if (app_args_has(args, "near"))
        middle = near;
    begun_us = g_get_monotonic_time();
    g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(GeoFound));
    geo_finder_search(finder, text, middle, (size_t)top, found);
    cost.work_ms = since_ms(begun_us);
    if (app_args_has(args, "json"))
        print_json(text, finder, found, cost);
    else
        print_people(finder, found, cost);
    return APP_EXIT_OK;
}

const AppCommand app_find_command = {
    .name = "find",
    .places = "CITY TEXT",
    .summary = "places by name, code, coordinates or as they are said; never people",
    .min_places = 2,
    .max_places = 2,
    .options = options,
    .run = run,
};
