/* SPDX-License-Identifier: GPL-3.0-or-later */
/* contain: the fewest posts that close the roads around a place in time, and what stays open. */
#include "app/ctl/contain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/column.h"
#include "app/ctl/freshness.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"
#include "geo/work/fleet.h"

#define MARGIN_S 30.0

static const char *const profiles[] = {"foot", "ebike", "car", NULL};

typedef struct {
    GeoLonLat place;
    double minutes, elapsed_s, margin_s;
    gint64 at_ms;
    int profile;
    bool any_way;
} Question;

static bool read_question(const AppArgs *args, const char *zone, Question *question, GError **error)
{
    gint64 since_ms = 0;
    *question = (Question){.minutes = 5, .margin_s = MARGIN_S, .profile = GEO_PROFILE_CAR};
    const char *profile = app_args_value(args, "profile", "car");
    if (!app_lonlat_places(args, 1, &question->place, error) ||
        !app_args_number(args, "minutes", &question->minutes, error) ||
        !app_args_number(args, "elapsed", &question->elapsed_s, error) ||
        !app_args_number(args, "margin", &question->margin_s, error) ||
        !app_when_option(args, "at", zone, &question->at_ms, error) ||
        !app_when_option(args, "since", zone, &since_ms, error))
        return false;
    if (since_ms && question->at_ms)
        question->elapsed_s = (double)(question->at_ms - since_ms) / 1000;
    question->profile = geo_kind_word(profiles, profile);
    question->any_way = app_args_has(args, "any-way");
    const char *wrong = NULL;
    if (question->profile < 0)
        wrong = "--profile is foot, ebike or car";
    else if (!(question->minutes > 0 && question->minutes <= 60))
        wrong = "--minutes is out of range: write minutes, above 0 and at most 60";
    else if (!(question->margin_s >= 0))
        wrong = "--margin is out of range: write seconds, 0 or more";
    else if (since_ms && !question->at_ms)
        wrong =
            "--since needs --at: the moment that the units are asked about, which may not be now";
    else if (since_ms && app_args_has(args, "elapsed"))
        wrong = "--since and --elapsed say the same: give one";
    else if (!(question->elapsed_s >= 0 && question->elapsed_s <= 3600))
        wrong = "--elapsed, or from --since to --at, is out of range: 0 to 3600 s";
    if (wrong)
        g_set_error_literal(error, APP_USAGE, 0, wrong);
    return !wrong;
}

typedef struct {
    GeoNetwork *network;
    GeoFleet *fleet;
    GeoFrame *frame;
    const GeoRoads *roads;
} City;

/* "X Road, Y Road": the streets that meet there. */
static char *dup_crossing(const City *city, uint32_t node)
{
    size_t n;
    const uint32_t *edges = geo_roads_node_edges(city->roads, node, &n);
    GString *names = g_string_new(NULL);
    for (size_t i = 0; i < n; i++) {
        const char *name = geo_network_road(city->network, edges[i])->row.name;
        if (name && !strstr(names->str, name))
            g_string_append_printf(names, "%s%s", names->len ? " / " : "", name);
    }
    if (names->len == 0)
        g_string_append(names, "a street without a name");
    return g_string_free(names, FALSE);
}

/* "117.28310,31.86110  X Road / Y Road": many streets have no name; the caller's. */
static char *dup_place(const City *city, const GeoContainPost *post)
{
    g_autofree char *crossing = dup_crossing(city, post->node);
    GeoLonLat at;
    geo_frame_to_lonlat(city->frame, &post->at, &at, 1);
    return g_strdup_printf("%.5f,%.5f  %s", at.lon, at.lat, crossing);
}

/* A unit may be there in time and yet have no post there, as others want it: it is not late. */
static void print_open(const GeoContainPost *post, double margin_s, const char *where)
{
    double late_s = margin_s - post->spare_s;
    printf("  OPEN         passed at %4.0f s, ", post->he_s);
    if (!isfinite(post->unit_s))
        printf("nobody comes  %s\n", where);
    else if (late_s > 0)
        printf("nobody there in time (%.0f s late)  %s\n", late_s, where);
    else
        printf("nobody left for it (who is posted elsewhere could be there %.0f s before)  %s\n",
               post->spare_s, where);
}

static const char *code_of(const City *city, int64_t unit)
{
    const GeoFleetUnit *its = unit >= 0 ? geo_fleet_unit(city->fleet, (size_t)unit) : NULL;
    return its && its->code ? its->code : NULL;
}

static void report_posts(JsonBuilder *json, const char *key, const City *city, const GArray *posts)
{
    json_builder_set_member_name(json, key);
    json_builder_begin_array(json);
    for (guint i = 0; i < posts->len; i++) {
        const GeoContainPost *post = &g_array_index(posts, GeoContainPost, i);
        g_autofree char *where = dup_crossing(city, post->node);
        GeoLonLat at;
        geo_frame_to_lonlat(city->frame, &post->at, &at, 1);
        json_builder_begin_object(json);
        app_report_text(json, "where", where);
        app_report_number(json, "lon", at.lon, 6);
        app_report_number(json, "lat", at.lat, 6);
        app_report_text(json, "unit", code_of(city, post->unit));
        app_report_number(json, "unit_s", post->unit_s, 1);
        app_report_number(json, "he_s", post->he_s, 1);
        app_report_number(json, "spare_s", post->spare_s, 1);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
}

static void print_posts(const City *city, const GeoContained *contained, const Question *question)
{
    printf("%zu crossings within reach, %zu ways out; %u posts, %u ways stay open\n",
           contained->n_within, contained->n_exits, contained->posts->len, contained->open->len);
    if (contained->n_exits > 0)
        printf("closing all takes at least %zu posts\n", contained->bound);
    if (contained->n_exits == 0)
        puts(
            "nothing to close: all roads that begin here end within reach; where they go on beyond "
            "the map is not known");
    for (guint i = 0; i < contained->posts->len; i++) {
        const GeoContainPost *post = &g_array_index(contained->posts, GeoContainPost, i);
        g_autofree char *where = dup_place(city, post);
        const char *code = code_of(city, post->unit);
        printf("  %-*s there in %4.0f s, %4.0f s to spare  %s\n", APP_COLUMN(code ? code : "?", 12),
               post->unit_s, post->spare_s, where);
    }
    for (guint i = 0; i < contained->open->len; i++) {
        const GeoContainPost *post = &g_array_index(contained->open, GeoContainPost, i);
        g_autofree char *where = dup_place(city, post);
        print_open(post, question->margin_s, where);
    }
}

static void say(const AppArgs *args, const City *city, const GeoContained *contained,
                const Question *question, double work_ms)
{
    if (!app_args_has(args, "json")) {
        print_posts(city, contained, question);
        return;
    }
    JsonBuilder *json = app_report_new("contain");
    app_report_switch(json, "closed", contained->closed);
    app_report_number(json, "elapsed_s", question->elapsed_s, 1);
    app_report_number(json, "horizon_s", question->minutes * 60, 1);
    app_report_integer(json, "crossings", (gint64)contained->n_within);
    app_report_integer(json, "exits", (gint64)contained->n_exits);
    app_report_integer(json, "bound", (gint64)contained->bound);
    app_report_integer(json, "bound_open", (gint64)contained->bound_open);
    app_report_integer(json, "rounds", contained->rounds);
    report_posts(json, "posts", city, contained->posts);
    report_posts(json, "open", city, contained->open);
    app_report_number(json, "work_ms", work_ms, 2);
    app_report_print(json);
}

static bool ask(const AppArgs *args, City *city, const Question *question, GError **error)
{
    GeoXY at;
    geo_frame_to_xy(city->frame, &question->place, &at, 1);
    GeoContainAsk asked = {.profile = (GeoProfile)question->profile,
                           .any_way = question->any_way,
                           .elapsed_s = question->elapsed_s,
                           .horizon_s = question->minutes * 60,
                           .margin_s = question->margin_s};
    asked.place = geo_network_snap(city->network, at, asked.profile, GEO_NETWORK_PLACE_M);
    if (asked.place.edge < 0) {
        g_autofree char *why = geo_network_dup_no_road(city->network, at, GEO_NETWORK_PLACE_M);
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_DATA, why);
        return false;
    }
    GeoContainUnits units = geo_fleet_contain_units(city->fleet);
    g_autoptr(GeoContain) engine = geo_contain_new(city->roads);
    gint64 begun = g_get_monotonic_time();
    g_autoptr(GeoContained) contained = geo_contain_find(engine, &asked, &units, NULL, error);
    if (!contained)
        return false;
    say(args, city, contained, question, (double)(g_get_monotonic_time() - begun) / 1000);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    Question question;
    if (!store)
        return APP_EXIT_DATA;
    if (!read_question(args, geo_store_city(store)->zone, &question, error))
        return APP_EXIT_USAGE;
    app_lonlat_warn(store, question.place);
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(store)->epsg, error);
    g_autoptr(GeoNetwork) network = frame ? geo_network_load(store, frame, NULL, error) : NULL;
    GeoFleetOptions options = {.at_ms = question.at_ms};
    if (network && !geo_network_set_now(network, store, question.at_ms, app_when_now_ms(), error))
        return APP_EXIT_DATA;
    g_autoptr(GeoFleet) fleet =
        network ? geo_fleet_load(store, frame, network, &options, NULL, error) : NULL;
    if (!fleet)
        return APP_EXIT_DATA;
    app_freshness_warn(fleet, question.at_ms, geo_store_city(store)->zone);
    City city = {network, fleet, frame, network->roads};
    return ask(args, &city, &question, error) ? APP_EXIT_OK : APP_EXIT_DATA;
}

static const AppOption options[] = {
    {"minutes", "M", "how far ahead to look (5)"},
    {"elapsed", "SECONDS", "since somebody was at the place (0)"},
    {"since", "TIME", "when that was; with --at"},
    {"at", "TIME", "the moment asked about (the newest position)"},
    {"profile", "NAME", "moving by car, ebike or foot (car)"},
    {"any-way", NULL, "against one-ways, too"},
    {"margin", "SECONDS", "a post stands so long before (30)"},
    {NULL, NULL, NULL},
};

const AppCommand app_contain_command = {
    .name = "contain",
    .places = "CITY LON LAT",
    .summary = "the fewest posts that close the roads around a place in time",
    .min_places = 3,
    .max_places = 3,
    .options = options,
    .run = run,
};
