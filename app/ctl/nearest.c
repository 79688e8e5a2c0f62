/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/nearest.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/column.h"
#include "app/ctl/freshness.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/work/fleet.h"

#define DEFAULT_K 5
#define MAX_LEFT 20

static const AppOption options[] = {
    {"k", "N", "how many units (5)"},
    {"by", "WAY", "road or air (road)"},
    {"at", "TIME", "the moment asked about (the newest position)"},
    {"max-age", "MINUTES", "older positions are not trusted (10)"},
    {NULL, NULL, NULL},
};

typedef struct {
    GeoLonLat place;
    gint64 k, at_ms, max_age_min;
    bool by_road;
    const char *no_road; /* why; where there is none */
} Question;

static bool read_question(const AppArgs *args, const char *zone, Question *question, GError **error)
{
    *question = (Question){.k = DEFAULT_K, .max_age_min = 10, .by_road = true};
    const char *by = app_args_value(args, "by", "road");
    if (!app_lonlat_places(args, 1, &question->place, error) ||
        !app_args_integer(args, "k", 1, 10000, &question->k, error) ||
        !app_args_integer(args, "max-age", 1, 100000, &question->max_age_min, error) ||
        !app_when_option(args, "at", zone, &question->at_ms, error))
        return false;
    question->by_road = !strcmp(by, "road");
    if (!question->by_road && strcmp(by, "air") != 0) {
        g_set_error(error, APP_USAGE, 0, "--by '%s' is neither road nor air", by);
        return false;
    }
    return true;
}

static GeoFleetArrival arrival_of(const GeoFleet *fleet, const GeoFleetHit *hit)
{
    return geo_fleet_arrival(fleet, hit->unit, hit->travel_s, hit->distance_m,
                             geo_fleet_heard(fleet));
}

/* One unit of the JSON: the contract's keys first. */
static void report_unit(JsonBuilder *report, const GeoFleet *fleet, const GeoFleetHit *hit,
                        bool left_out)
{
    const GeoFleetUnit *unit = geo_fleet_unit(fleet, hit->unit);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, unit->id);
    json_builder_begin_object(report);
    app_report_text(report, "id", unit->code ? unit->code : number);
    if (left_out)
        app_report_text(report, "reason", geo_left_words[hit->left]);
    app_report_number(report, "travel_s", hit->travel_s, 1);
    GeoFleetArrival arrival = arrival_of(fleet, hit);
    json_builder_set_member_name(report, "arrival");
    json_builder_begin_object(report);
    app_report_number(report, "earliest_s", arrival.earliest_s, 1);
    app_report_number(report, "latest_s", arrival.latest_s, 1);
    json_builder_end_object(report);
    app_report_number(report, "distance_m", hit->distance_m, 1);
    app_report_number(report, "air_m", hit->air_m, 1);
    app_report_number(report, "age_s", unit->age_s, 0);
    app_report_text(report, "status", geo_unit_status_words[unit->status]);
    app_report_text(report, "kind", geo_unit_kind_words[unit->kind]);
    app_report_text(report, "name", unit->name);
    app_report_number(report, "lon", unit->lonlat.lon, 6);
    app_report_number(report, "lat", unit->lonlat.lat, 6);
    json_builder_end_object(report);
}

static void report_units(JsonBuilder *report, const char *key, const GeoFleet *fleet,
                         const GArray *hits, bool left_out)
{
    json_builder_set_member_name(report, key);
    json_builder_begin_array(report);
    for (guint i = 0; i < hits->len; i++)
        report_unit(report, fleet, &g_array_index(hits, GeoFleetHit, i), left_out);
    json_builder_end_array(report);
}

static const char *note_on(const Question *question, const GeoFleet *fleet,
                           const GeoFleetAnswer *answer)
{
    bool on_road = !question->by_road;
    for (int profile = 0; profile < GEO_N_PROFILES; profile++)
        on_road |= answer->place[profile].edge >= 0;
    if (geo_fleet_n(fleet) == 0)
        return "the city has no units: import units, or try simulate --units N --place-only";
    if (answer->hits->len > 0)
        return NULL;
    if (!on_road)
        return question->no_road;
    return answer->n_left[GEO_LEFT_NOT] == 0 ? "no unit is free: see the reasons"
                                             : "no free unit can reach the place by road";
}

static void print_json(const Question *question, const char *zone, const GeoFleet *fleet,
                       const GeoFleetAnswer *answer, double work_ms, double load_ms)
{
    JsonBuilder *report = app_report_new("nearest");
    g_autofree char *at =
        geo_fleet_at_ms(fleet) ? app_when_dup(geo_fleet_at_ms(fleet), zone) : NULL;
    app_report_text(report, "at", at);
    app_report_number(report, "lon", question->place.lon, 7);
    app_report_number(report, "lat", question->place.lat, 7);
    app_report_text(report, "by", question->by_road ? "road" : "air");
    report_units(report, "units", fleet, answer->hits, false);
    report_units(report, "left_out", fleet, answer->left_out, true);
    json_builder_set_member_name(report, "fleet");
    json_builder_begin_object(report);
    app_report_integer(report, "units", (gint64)geo_fleet_n(fleet));
    for (int left = 0; left < GEO_N_LEFT; left++)
        app_report_integer(report, geo_left_words[left], (gint64)answer->n_left[left]);
    json_builder_end_object(report);
    app_report_text(report, "note", note_on(question, fleet, answer));
    app_report_number(report, "work_ms", work_ms, 3);
    app_report_number(report, "load_ms", load_ms, 1);
    app_report_print(report);
}

static void print_unit(const GeoFleet *fleet, const GeoFleetHit *hit, unsigned rank)
{
    const GeoFleetUnit *unit = geo_fleet_unit(fleet, hit->unit);
    g_autofree char *number = g_strdup_printf("%" G_GINT64_FORMAT, unit->id);
    g_autofree char *age =
        isnan(unit->age_s) ? g_strdup("at post") : g_strdup_printf("%.0f s", unit->age_s);
    g_autofree char *travel =
        isnan(hit->travel_s) ? NULL : g_strdup_printf("%.0f s", hit->travel_s);
    GeoFleetArrival arrival = arrival_of(fleet, hit);
    g_autofree char *between =
        g_strdup_printf("%.0f to %.0f s", arrival.earliest_s, arrival.latest_s);
    if (rank > 0)
        printf("%3u  %-*s %-6s %5.0f s  %-14s  %6.0f m  %-9s %-10s %s\n", rank,
               APP_COLUMN(unit->code ? unit->code : number, 16), geo_unit_kind_words[unit->kind],
               hit->travel_s, between, hit->distance_m, age, geo_unit_status_words[unit->status],
               unit->name && g_strcmp0(unit->name, unit->code) != 0 ? unit->name : "");
    else
        printf("  -  %-*s %-6s %6.0f m by air  %-9s %-10s %s%s%s\n",
               APP_COLUMN(unit->code ? unit->code : number, 16), geo_unit_kind_words[unit->kind],
               hit->air_m, age, geo_unit_status_words[unit->status], geo_left_words[hit->left],
               travel ? ": " : "", travel ? travel : "");
}

static void print_text(const Question *question, const char *zone, const GeoFleet *fleet,
                       const GeoFleetAnswer *answer, double work_ms, double load_ms)
{
    const char *note = note_on(question, fleet, answer);
    g_autofree char *at =
        geo_fleet_at_ms(fleet) ? app_when_dup(geo_fleet_at_ms(fleet), zone) : NULL;
    printf("%s%s\n", at ? "at " : "",
           at ? at : "no position came in yet: units are taken to be at their posts");
    if (answer->hits->len > 0)
        printf("     unit             kind    travel  between             way  position  status\n");
    for (guint i = 0; i < answer->hits->len; i++)
        print_unit(fleet, &g_array_index(answer->hits, GeoFleetHit, i), i + 1);
    if (answer->left_out->len > 0)
        printf("nearer by air, not offered:\n");
    for (guint i = 0; i < answer->left_out->len; i++)
        print_unit(fleet, &g_array_index(answer->left_out, GeoFleetHit, i), 0);
    if (note)
        printf("%s\n", note);
    printf("of %zu units %zu can be sent; %zu off duty, %zu busy, %zu with an old position, %zu "
           "without a place, %zu off the road\n",
           geo_fleet_n(fleet), answer->n_left[GEO_LEFT_NOT], answer->n_left[GEO_LEFT_OFF_DUTY],
           answer->n_left[GEO_LEFT_BUSY], answer->n_left[GEO_LEFT_STALE],
           answer->n_left[GEO_LEFT_NO_PLACE], answer->n_left[GEO_LEFT_OFF_ROAD]);
    printf("search %.3f ms, loading %.0f ms\n", work_ms, load_ms);
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    const GeoCity *city = geo_store_city(store);
    Question question;
    if (!read_question(args, city->zone, &question, error))
        return APP_EXIT_USAGE;
    app_lonlat_warn(store, question.place);
    gint64 begun_us = g_get_monotonic_time();
    g_autoptr(GeoFrame) frame = geo_frame_new(city->epsg, error);
    g_autoptr(GeoNetwork) network =
        frame && question.by_road ? geo_network_load(store, frame, NULL, error) : NULL;
    if (!frame || (question.by_road && !network))
        return APP_EXIT_DATA;
    if (network && network->facts.edges == 0) {
        fprintf(stderr, "gridbeatctl nearest: the city has no roads: by air instead\n");
        question.by_road = false;
    }
    if (network && !geo_network_set_now(network, store, question.at_ms, app_when_now_ms(), error))
        return APP_EXIT_DATA;
    GeoFleetOptions how = {.at_ms = question.at_ms, .max_age_ms = question.max_age_min * 60000};
    g_autoptr(GeoFleet) fleet =
        geo_fleet_load(store, frame, question.by_road ? network : NULL, &how, NULL, error);
    if (!fleet)
        return APP_EXIT_DATA;
    app_freshness_warn(fleet, question.at_ms, city->zone);
    gint64 loaded_us = g_get_monotonic_time();
    g_autoptr(GeoFleetAnswer) answer =
        geo_fleet_nearest(fleet, question.place, (size_t)question.k, question.by_road, MAX_LEFT);
    double work_ms = (double)(g_get_monotonic_time() - loaded_us) / 1000;
    double load_ms = (double)(loaded_us - begun_us) / 1000;
    g_autofree char *no_road =
        network ? geo_network_dup_no_road(network, geo_frame_xy(frame, question.place),
                                          GEO_NETWORK_PLACE_M)
                : NULL;
    question.no_road = no_road;
    if (app_args_has(args, "json"))
        print_json(&question, city->zone, fleet, answer, work_ms, load_ms);
    else
        print_text(&question, city->zone, fleet, answer, work_ms, load_ms);
    return APP_EXIT_OK;
}

const AppCommand app_nearest_command = {
    .name = "nearest",
    .places = "CITY LON LAT",
    .summary = "the units that come first to a place, and why nearer ones do not",
    .min_places = 3,
    .max_places = 3,
    .options = options,
    .run = run,
};
