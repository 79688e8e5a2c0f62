/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/recommend.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/freshness.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/recommend-report.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"

static const AppOption options[] = {
    {"place", "LON,LAT", "without an incident yet"},
    {"type", "TEXT", "with --place: its category, which chooses the plan"},
    {"priority", "N", "with --place: 1 most urgent to 4 (3)"},
    {"k", "N", "how many units (5)"},
    {"why-not", "UNIT", "what keeps this one from the list"},
    {"unaccepted", NULL, "instead: units that were sent and have not accepted, and who comes next"},
    {"after", "SECONDS", "with --unaccepted: so long ago (60)"},
    {"within", "MINUTES", "an area is covered by who reaches its middle so soon (3)"},
    {"at", "TIME", "the moment asked about (the newest position)"},
    {"max-age", "MINUTES", "older positions are not trusted (10)"},
    {NULL, NULL, NULL},
};

typedef struct {
    GeoRecommendAsk ask;
    const char *incident, *why_not;
    gint64 at_ms, max_age_min, k, after_s;
    bool unaccepted;
} Call;

/* Opened once, in the order that they borrow from each other. */
typedef struct {
    GeoFrame *frame;
    GeoNetwork *network;
    GeoFleet *fleet;
    GeoRecommend *recommend;
} Room;

static bool usage(GError **error, const char *text)
{
    g_set_error_literal(error, APP_USAGE, 0, text);
    return false;
}

static bool read_call(const AppArgs *args, const char *zone, Call *call, GError **error)
{
    gint64 priority = 3;
    double within_min = 3;
    *call = (Call){.incident = app_args_place(args, 1),
                   .why_not = app_args_value(args, "why-not", NULL),
                   .max_age_min = 10,
                   .k = 5,
                   .after_s = 60,
                   .unaccepted = app_args_has(args, "unaccepted")};
    if (!app_args_integer(args, "priority", 1, 4, &priority, error) ||
        !app_args_integer(args, "k", 1, 100, &call->k, error) ||
        !app_args_integer(args, "after", 1, 86400, &call->after_s, error) ||
        !app_args_integer(args, "max-age", 1, 100000, &call->max_age_min, error) ||
        !app_args_number(args, "within", &within_min, error) ||
        !app_when_option(args, "at", zone, &call->at_ms, error))
        return false;
    if (!(within_min > 0 && within_min <= 60))
        return usage(error, "--within is out of range: write minutes, above 0 and at most 60");
    bool place = app_args_has(args, "place");
    if (call->unaccepted + place + (call->incident != NULL) != 1)
        return usage(error, "one of INCIDENT, --place LON,LAT and --unaccepted is needed");
    if (!place && (app_args_has(args, "type") || app_args_has(args, "priority")))
        return usage(error, "--type and --priority go with --place: an incident has its own");
    call->ask.category = app_args_value(args, "type", NULL);
    call->ask.priority = priority;
    call->ask.k = (size_t)call->k;
    call->ask.within_s = within_min * 60;
    return app_lonlat_option(args, "place", &call->ask.place, error);
}

static void room_clear(Room *room)
{
    geo_recommend_free(room->recommend);
    geo_fleet_free(room->fleet);
    geo_network_free(room->network);
    geo_frame_free(room->frame);
}

static bool room_open(Room *room, GeoStore *store, const Call *call, GError **error)
{
    GeoFleetOptions how = {.at_ms = call->at_ms, .max_age_ms = call->max_age_min * 60000};
    room->frame = geo_frame_new(geo_store_city(store)->epsg, error);
    room->network = room->frame ? geo_network_load(store, room->frame, NULL, error) : NULL;
    if (room->network && room->network->facts.edges == 0) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                            "the city has no roads to come by: import roads or osm first");
        return false;
    }
    if (room->network &&
        !geo_network_set_now(room->network, store, call->at_ms, app_when_now_ms(), error))
        return false;
    room->fleet =
        room->network ? geo_fleet_load(store, room->frame, room->network, &how, NULL, error) : NULL;
    room->recommend =
        room->fleet ? geo_recommend_new(store, room->fleet, room->network, room->frame, NULL, error)
                    : NULL;
    return room->recommend != NULL;
}

static bool answer_one(const AppArgs *args, GeoStore *store, Room *room, Call *call,
                       gint64 begun_us, GError **error)
{
    uint32_t unit = 0;
    if (call->incident &&
        !geo_recommend_read(room->recommend, store, call->incident, &call->ask, error))
        return false;
    if (call->why_not && !geo_recommend_find(room->recommend, call->why_not, &unit, error))
        return false;
    gint64 loaded_us = g_get_monotonic_time();
    g_autoptr(GeoRecommendation) answer = geo_recommend_ask(room->recommend, &call->ask);
    double work_ms = (double)(g_get_monotonic_time() - loaded_us) / 1000;
    GeoWhyNot why_not = {0};
    if (call->why_not)
        why_not = geo_recommend_why_not(room->recommend, answer, unit);
    g_autofree char *no_road = geo_network_dup_no_road(
        room->network, geo_frame_xy(room->frame, answer->ask.place), GEO_NETWORK_PLACE_M);
    AppRecommendSaid said = {.store = store,
                             .recommend = room->recommend,
                             .no_road = no_road,
                             .fleet = room->fleet,
                             .answer = answer,
                             .why_not = call->why_not ? &why_not : NULL,
                             .incident = call->incident,
                             .zone = geo_store_city(store)->zone,
                             .work_ms = work_ms,
                             .load_ms = (double)(loaded_us - begun_us) / 1000};
    if (app_args_has(args, "json"))
        app_recommend_print_json(&said);
    else
        app_recommend_print_text(&said);
    return true;
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    Call call;
    if (!read_call(args, geo_store_city(store)->zone, &call, error))
        return APP_EXIT_USAGE;
    if (app_args_has(args, "place"))
        app_lonlat_warn(store, call.ask.place);
    gint64 begun_us = g_get_monotonic_time();
    Room room = {0};
    bool ok = room_open(&room, store, &call, error);
    if (ok)
        app_freshness_warn(room.fleet, call.at_ms, geo_store_city(store)->zone);
    if (ok && call.unaccepted) {
        int64_t now_ms =
            call.at_ms ? call.at_ms : MAX(app_when_now_ms(), geo_fleet_at_ms(room.fleet));
        g_autoptr(GArray) list =
            geo_recommend_unaccepted(room.recommend, now_ms, call.after_s * 1000);
        app_recommend_print_unaccepted(store, room.fleet, list, now_ms, geo_store_city(store)->zone,
                                       app_args_has(args, "json"));
    } else if (ok) {
        ok = answer_one(args, store, &room, &call, begun_us, error);
    }
    room_clear(&room);
    return ok ? APP_EXIT_OK : APP_EXIT_DATA;
}

const AppCommand app_recommend_command = {
    .name = "recommend",
    .places = "CITY [INCIDENT | --place LON,LAT | --unaccepted]",
    .summary = "whom to send to an incident, why, and what that leaves uncovered",
    .min_places = 1,
    .max_places = 2,
    .options = options,
    .run = run,
};
