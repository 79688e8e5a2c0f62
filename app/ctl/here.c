/* SPDX-License-Identifier: GPL-3.0-or-later */
/* here CITY LON LAT: the areas of a place, who sees it, what happened there. */
#include "app/ctl/here.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/moment.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/work/here.h"

static const AppOption options[] = {
    {"at", "TIME", "the moment asked about (the newest of the city)"},
    {"day", NULL, "by the cameras' reach by day (by the hour of TIME)"},
    {"night", NULL, "by their reach at night"},
    {"radius", "METRES", "of what happened near by (150)"},
    {NULL, NULL, NULL},
};

static const char *state_word(int state)
{
    return geo_incident_state_words[state];
}

static void print_people(const GeoHere *here, const GeoHereOptions *asked, const char *zone)
{
    g_autofree char *at = app_when_dup(asked->at_ms, zone);
    printf("%.6f %.6f at %s, cameras by %s\n", here->at.lon, here->at.lat, at,
           here->night ? "night" : "day");
    for (guint i = 0; i < here->areas->len; i++) {
        const GeoHereArea *area = &g_array_index(here->areas, GeoHereArea, i);
        printf("  %-10s %-20s %s\n", area->level ? area->level : "area",
               area->code ? area->code : "", area->name ? area->name : "");
    }
    printf("  %-10s %s\n", "on", here->street ? here->street : "no street with a name within 60 m");
    printf("cameras that see it: %u; faulty ones that would: %zu\n", here->cameras->len,
           here->n_off);
    for (guint i = 0; i < here->cameras->len; i++) {
        const GeoHereCamera *camera = &g_array_index(here->cameras, GeoHereCamera, i);
        printf("  %-22s %-10s %6.1f m %8.0f px/m  %-10s%s\n", camera->code ? camera->code : "-",
               geo_owner_words[camera->owner], camera->distance_m, camera->px_per_m,
               geo_sight_class_words[camera->class],
               camera->assumed ? " rests on assumptions" : "");
    }
    printf("within %.0f m: %zu incidents in 28 days, %zu in 365\n", here->radius_m,
           here->n_incidents_28d, here->n_incidents_year);
    for (guint i = 0; i < here->incidents->len; i++) {
        const GeoHereIncident *one = &g_array_index(here->incidents, GeoHereIncident, i);
        g_autofree char *when = app_when_dup(one->at_ms, zone);
        printf("  %s %5.0f m  %-11s %s\n", when, one->distance_m, state_word(one->state),
               one->name ? one->name : "");
    }
    printf("%.1f ms\n", here->work_ms);
}

static void report_areas(JsonBuilder *report, const GeoHere *here)
{
    json_builder_set_member_name(report, "areas");
    json_builder_begin_array(report);
    for (guint i = 0; i < here->areas->len; i++) {
        const GeoHereArea *area = &g_array_index(here->areas, GeoHereArea, i);
        json_builder_begin_object(report);
        app_report_text(report, "level", area->level);
        app_report_text(report, "code", area->code);
        app_report_text(report, "name", area->name);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_cameras(JsonBuilder *report, const GeoHere *here)
{
    json_builder_set_member_name(report, "cameras");
    json_builder_begin_array(report);
    for (guint i = 0; i < here->cameras->len; i++) {
        const GeoHereCamera *camera = &g_array_index(here->cameras, GeoHereCamera, i);
        json_builder_begin_object(report);
        app_report_text(report, "code", camera->code);
        app_report_text(report, "name", camera->name);
        app_report_text(report, "owner", geo_owner_words[camera->owner]);
        app_report_number(report, "lon", camera->at.lon, 7);
        app_report_number(report, "lat", camera->at.lat, 7);
        app_report_number(report, "distance_m", camera->distance_m, 1);
        app_report_number(report, "px_per_m", camera->px_per_m, 1);
        app_report_text(report, "class", geo_sight_class_words[camera->class]);
        app_report_number(report, "heading_deg", camera->heading_deg, 1);
        app_report_switch(report, "assumed", camera->assumed);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void report_incidents(JsonBuilder *report, const GeoHere *here, const char *zone)
{
    json_builder_set_member_name(report, "incidents");
    json_builder_begin_array(report);
    for (guint i = 0; i < here->incidents->len; i++) {
        const GeoHereIncident *one = &g_array_index(here->incidents, GeoHereIncident, i);
        g_autofree char *when = app_when_dup(one->at_ms, zone);
        json_builder_begin_object(report);
        app_report_text(report, "at", when);
        app_report_text(report, "name", one->name);
        app_report_integer(report, "priority", one->priority);
        app_report_text(report, "state", state_word(one->state));
        app_report_number(report, "distance_m", one->distance_m, 1);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void print_json(const GeoHere *here, const GeoHereOptions *asked, const char *zone)
{
    JsonBuilder *report = app_report_new("here");
    g_autofree char *at = app_when_dup(asked->at_ms, zone);
    app_report_text(report, "at", at);
    app_report_number(report, "lon", here->at.lon, 7);
    app_report_number(report, "lat", here->at.lat, 7);
    app_report_switch(report, "night", here->night);
    app_report_text(report, "street", here->street);
    report_areas(report, here);
    report_cameras(report, here);
    app_report_integer(report, "cameras_off", (gint64)here->n_off);
    app_report_number(report, "radius_m", here->radius_m, 1);
    app_report_integer(report, "incidents_28d", (gint64)here->n_incidents_28d);
    app_report_integer(report, "incidents_365d", (gint64)here->n_incidents_year);
    report_incidents(report, here, zone);
    app_report_number(report, "work_ms", here->work_ms, 1);
    app_report_print(report);
}

/* What the command line says; the moment and the hour may be left to the city. */
static bool read_question(const AppArgs *args, const char *zone, GeoLonLat *place,
                          GeoHereOptions *asked, GError **error)
{
    if (!app_lonlat_places(args, 1, place, error) ||
        !app_args_number(args, "radius", &asked->radius_m, error) ||
        !app_when_option(args, "at", zone, &asked->at_ms, error))
        return false;
    if (app_args_has(args, "radius") && !(asked->radius_m >= 1 && asked->radius_m <= 5000)) {
        g_set_error(error, APP_USAGE, 0, "--radius %g is not between 1 and 5000 m",
                    asked->radius_m);
        return false;
    }
    if (app_args_has(args, "day") && app_args_has(args, "night")) {
        g_set_error_literal(error, APP_USAGE, 0, "--day and --night are not one hour");
        return false;
    }
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    const GeoCity *city = geo_store_city(store);
    GeoLonLat place;
    GeoHereOptions asked = {0};
    if (!read_question(args, city->zone, &place, &asked, error))
        return APP_EXIT_USAGE;
    app_lonlat_warn(store, place);
    g_autoptr(GeoFrame) frame = geo_frame_new(city->epsg, error);
    if (!frame ||
        (asked.at_ms == 0 && !app_moment_of_city(store, app_when_now_ms(), &asked.at_ms, error)))
        return APP_EXIT_DATA;
    asked.night = app_args_has(args, "night") ||
                  (!app_args_has(args, "day") && app_moment_is_night(asked.at_ms, city->zone));
    g_autoptr(GeoHere) here = geo_here_load(store, frame, place, &asked, NULL, error);
    if (!here)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(here, &asked, city->zone);
    else
        print_people(here, &asked, city->zone);
    return APP_EXIT_OK;
}

const AppCommand app_here_command = {
    .name = "here",
    .places = "CITY LON LAT",
    .summary = "what is known of a place: areas, cameras that see it, incidents",
    .min_places = 3,
    .max_places = 3,
    .options = options,
    .run = run,
};
