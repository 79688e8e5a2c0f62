/* SPDX-License-Identifier: GPL-3.0-or-later */
/* who CITY LON LAT: the cameras that see a place, the one that tells most first. */
#include "app/ctl/who.h"

#include <math.h>
#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "geo/work/who.h"

#define DEFAULT_TOP 20
#define CAMERA_M 1500.0 /* farther than any camera of a street tells a person */
#define DEG_M 111000.0

typedef struct {
    GeoLonLat place;
    AppSightline line;
    gint64 top;
    size_t cameras;         /* within reach at all */
    size_t seen_by, broken; /* working ones that see it, faulty ones that would */
    double load_ms, work_ms, ask_us;
} Answer;

static const GeoCamera *camera_of(const GeoSight *sight, const GeoWhoSeer *seer)
{
    return (const GeoCamera *)(const void *)geo_batch_row(sight->cameras, seer->camera);
}

static bool is_assumed(const GeoCamera *camera, const Answer *answer)
{
    int64_t assumed;
    geo_sight_reach_m(camera, answer->line.class, answer->line.night, &assumed);
    return (assumed & (GEO_ASSUMED_HEADING | GEO_ASSUMED_FOV | GEO_ASSUMED_RANGE)) != 0;
}

static void print_people(const Answer *answer, const GeoSight *sight, const GArray *seers)
{
    g_autofree char *hour = app_sightline_words(&answer->line);
    printf("%.6f %.6f is seen by %zu working cameras: %s\n", answer->place.lon, answer->place.lat,
           answer->seen_by, hour);
    if (answer->cameras == 0)
        printf("No camera stands within %.0f m of it.\n", CAMERA_M);
    if (answer->broken > 0)
        printf("%zu faulty ones would see it too.\n", answer->broken);
    for (guint i = 0; i < seers->len && i < answer->top; i++) {
        const GeoWhoSeer *seer = &g_array_index(seers, GeoWhoSeer, i);
        const GeoCamera *camera = camera_of(sight, seer);
        printf("  %-22s %-10s %6.1f m %8.0f px/m  %-10s%s\n",
               camera->row.code ? camera->row.code : "-", geo_owner_words[camera->owner],
               seer->distance_m, seer->px_per_m, geo_sight_class_words[seer->class],
               is_assumed(camera, answer) ? " rests on assumptions" : "");
    }
    printf("%.0f us to ask, %.0f ms of work and %.0f ms of loading before\n", answer->ask_us,
           answer->work_ms, answer->load_ms);
}

static void report_cameras(JsonBuilder *report, const Answer *answer, const GeoSight *sight,
                           const GArray *seers)
{
    json_builder_set_member_name(report, "cameras");
    json_builder_begin_array(report);
    for (guint i = 0; i < seers->len && i < answer->top; i++) {
        const GeoWhoSeer *seer = &g_array_index(seers, GeoWhoSeer, i);
        const GeoCamera *camera = camera_of(sight, seer);
        GeoLonLat at = {NAN, NAN};
        geo_batch_first(sight->cameras, &camera->row, &at);
        json_builder_begin_object(report);
        app_report_integer(report, "rank", i + 1);
        app_report_text(report, "code", camera->row.code);
        app_report_text(report, "name", camera->row.name);
        app_report_text(report, "owner", geo_owner_words[camera->owner]);
        app_report_number(report, "lon", at.lon, 7);
        app_report_number(report, "lat", at.lat, 7);
        app_report_number(report, "distance_m", seer->distance_m, 1);
        app_report_number(report, "px_per_m", seer->px_per_m, 1);
        app_report_text(report, "class", geo_sight_class_words[seer->class]);
        app_report_switch(report, "assumed", is_assumed(camera, answer));
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void print_json(const Answer *answer, const GeoSight *sight, const GArray *seers)
{
    JsonBuilder *report = app_report_new("who");
    app_report_number(report, "lon", answer->place.lon, 7);
    app_report_number(report, "lat", answer->place.lat, 7);
    app_sightline_report(report, &answer->line);
    app_report_switch(report, "night", answer->line.night);
    app_report_integer(report, "seen_by", (gint64)answer->seen_by);
    app_report_integer(report, "faulty_that_would", (gint64)answer->broken);
    app_report_integer(report, "cameras_near", (gint64)answer->cameras);
    report_cameras(report, answer, sight, seers);
    app_report_number(report, "ask_us", answer->ask_us, 1);
    app_report_number(report, "load_ms", answer->load_ms, 1);
    app_report_number(report, "work_ms", answer->work_ms, 1);
    app_report_print(report);
}

/* The working ones in order; faulty ones are counted, planned ones left out. */
static GArray *ask(Answer *answer, const GeoSight *sight)
{
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoWho) who = geo_who_new(sight);
    gint64 ready = g_get_monotonic_time();
    GeoXY p = geo_frame_xy(sight->frame, answer->place);
    g_autofree GeoWhoSeer *all = g_new(GeoWhoSeer, MAX(sight->n, 1));
    size_t n = geo_who_find(who, p, all, sight->n);
    answer->ask_us = (double)(g_get_monotonic_time() - ready);
    answer->load_ms = sight->load_ms;
    answer->work_ms = sight->work_ms + (double)(ready - begin) / 1000;
    answer->cameras = sight->n;
    GArray *seers = g_array_new(FALSE, FALSE, sizeof(GeoWhoSeer));
    for (size_t i = 0; i < n; i++) {
        int state = camera_of(sight, &all[i])->state;
        if (state == GEO_CAMERA_WORKING)
            g_array_append_val(seers, all[i]);
        answer->broken += state == GEO_CAMERA_FAULTY;
    }
    answer->seen_by = seers->len;
    return seers;
}

static bool read_question(const AppArgs *args, Answer *answer, GError **error)
{
    answer->top = DEFAULT_TOP;
    return app_lonlat_places(args, 1, &answer->place, error) &&
           app_args_integer(args, "top", 1, 1000000, &answer->top, error);
}

static AppExit run(const AppArgs *args, GError **error)
{
    Answer answer = {0};
    if (!read_question(args, &answer, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    if (!app_sightline_read(args, store, &answer.line, error))
        return APP_EXIT_USAGE;
    GeoLonLat at = answer.place;
    app_lonlat_warn(store, at);
    double lat = CAMERA_M / DEG_M, lon = lat / fmax(cos(at.lat * G_PI / 180), 0.01);
    GeoBounds bounds = {at.lon - lon, at.lat - lat, at.lon + lon, at.lat + lat};
    GeoSightOptions options = {.bounds = &bounds,
                               .class = answer.line.class,
                               .px_per_m = answer.line.px_per_m,
                               .night = answer.line.night,
                               .with_off = true,
                               .metres_only = true};
    g_autoptr(GeoSight) sight = geo_sight_load(store, &options, NULL, error);
    if (!sight)
        return APP_EXIT_DATA;
    g_autoptr(GArray) seers = ask(&answer, sight);
    if (app_args_has(args, "json"))
        print_json(&answer, sight, seers);
    else
        print_people(&answer, sight, seers);
    return APP_EXIT_OK;
}

static const AppOption options[] = {{"class", "CLASS", "at least " APP_SIGHTLINE_HELP},
                                    {"night", NULL, "by the reach at night"},
                                    {"top", "N", "this many, the densest first (default 20)"},
                                    {NULL, NULL, NULL}};

const AppCommand app_who_command = {
    .name = "who",
    .places = "CITY LON LAT",
    .summary = "the cameras that see a place, the one that tells most first",
    .min_places = 3,
    .max_places = 3,
    .options = options,
    .run = run,
};
