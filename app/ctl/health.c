/* SPDX-License-Identifier: GPL-3.0-or-later */
/* health CITY: how old positions are, area by area, and where an area has gone quiet. */
#include "app/ctl/health.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/column.h"
#include "app/ctl/moment.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/work/health.h"

static const AppOption options[] = {
    {"level", "LEVEL", "of areas: district, street, community (district)"},
    {"at", "TIME", "as of then (the city's newest moment)"},
    {NULL, NULL, NULL},
};

static void print_people(const GeoHealth *health)
{
    printf("%-14s %-16s %8s %7s %7s %7s %7s\n", "area", "name", "on duty", "live", "late", "stale",
           "silent");
    for (guint i = 0; i < health->areas->len; i++) {
        const GeoHealthArea *area = &g_array_index(health->areas, GeoHealthArea, i);
        printf("%-*s %-*s %8u %7u %7u %7u %7u%s\n", APP_COLUMN(area->code, 14),
               APP_COLUMN(area->name ? area->name : "", 16), area->on_duty,
               area->by_age[GEO_AGE_LIVE], area->by_age[GEO_AGE_LATE], area->by_age[GEO_AGE_STALE],
               area->by_age[GEO_AGE_SILENT],
               area->quiet.alarm ? "  QUIET: so many at once are no chance" : "");
    }
    if (health->areas->len == 0)
        printf("no areas of that level: gridbeatctl import CITY areas FILE --level district\n");
}

static void print_json(const GeoHealth *health, const char *level, const char *zone)
{
    JsonBuilder *report = app_report_new("health");
    g_autofree char *at = app_when_dup(health->at_ms, zone);
    app_report_text(report, "at", at);
    app_report_text(report, "level", level);
    app_report_number(report, "usual_silent_share", health->usual_share, 4);
    json_builder_set_member_name(report, "areas");
    json_builder_begin_array(report);
    for (guint i = 0; i < health->areas->len; i++) {
        const GeoHealthArea *area = &g_array_index(health->areas, GeoHealthArea, i);
        json_builder_begin_object(report);
        app_report_text(report, "code", area->code);
        app_report_text(report, "name", area->name);
        app_report_integer(report, "on_duty", area->on_duty);
        for (int age = 0; age < GEO_N_AGES; age++)
            app_report_integer(report, geo_age_words[age], area->by_age[age]);
        app_report_number(report, "chance", area->quiet.chance, 9);
        app_report_switch(report, "quiet", area->quiet.alarm);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_print(report);
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    const char *level = app_args_value(args, "level", "district");
    gint64 at_ms = 0;
    if (!app_when_option(args, "at", zone, &at_ms, error))
        return APP_EXIT_USAGE;
    if (at_ms == 0 && !app_moment_of_city(store, app_when_now_ms(), &at_ms, error))
        return APP_EXIT_DATA;
    g_autoptr(GeoHealth) health = geo_health_load(store, level, at_ms, NULL, error);
    if (!health)
        return APP_EXIT_DATA;
    bool any = false;
    for (guint i = 0; i < health->areas->len; i++)
        any = any || g_array_index(health->areas, GeoHealthArea, i).quiet.alarm;
    if (app_args_has(args, "json"))
        print_json(health, level, zone);
    else
        print_people(health);
    return any ? APP_EXIT_FINDINGS : APP_EXIT_OK;
}

const AppCommand app_health_command = {
    .name = "health",
    .places = "CITY",
    .summary = "how old positions are by area, and which area has gone quiet",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
