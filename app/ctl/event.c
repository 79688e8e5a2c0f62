/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/event.h"

#include "app/ctl/city.h"
#include "app/ctl/event-report.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"

#define LONGEST_MS (INT64_C(3) * 86400000) /* rosters are known for so long */

static const AppOption options[] = {
    {"place", "LON,LAT", "where"},
    {"from", "TIME", "when it begins"},
    {"to", "TIME", "and ends"},
    {"radius", "METRES", "how far it reaches (200)"},
    {"name", "TEXT", "what it is called"},
    {"type", "TEXT", "what it is: chooses the plan (crowd)"},
    {"priority", "N", "1 most urgent to 4 (2)"},
    {"within", "MINUTES", "an area is covered by who reaches its middle so soon (3)"},
    {NULL, NULL, NULL},
};

typedef struct {
    GeoStore *store;
    GeoFrame *frame;
    GeoNetwork *network;
    GeoFleet *fleet;
    GeoRecommend *recommend;
    GeoEvent *event;
} Call;

static bool usage(GError **error, const char *text)
{
    g_set_error_literal(error, APP_USAGE, 0, text);
    return false;
}

static bool read_ask(const AppArgs *args, const char *zone, GeoEventAsk *ask, GError **error)
{
    gint64 priority = 2, from_ms = 0, to_ms = 0;
    double within_min = 3, radius_m = 200;
    if (!app_args_has(args, "place") || !app_args_has(args, "from") || !app_args_has(args, "to"))
        return usage(error, "--place LON,LAT, --from TIME and --to TIME are needed");
    if (!app_lonlat_option(args, "place", &ask->place, error) ||
        !app_when_option(args, "from", zone, &from_ms, error) ||
        !app_when_option(args, "to", zone, &to_ms, error) ||
        !app_args_integer(args, "priority", 1, 4, &priority, error) ||
        !app_args_number(args, "within", &within_min, error) ||
        !app_args_number(args, "radius", &radius_m, error))
        return false;
    if (!(within_min > 0 && within_min <= 60))
        return usage(error, "--within is out of range: write minutes, above 0 and at most 60");
    if (!(radius_m >= 10 && radius_m <= 2000))
        return usage(error, "--radius is out of range: write 10 to 2000 metres");
    if (from_ms >= to_ms || to_ms - from_ms > LONGEST_MS)
        return usage(error, "--to must lie after --from, by three days at most");
    ask->name = app_args_value(args, "name", NULL);
    ask->type = app_args_value(args, "type", NULL);
    ask->priority = priority;
    ask->from_ms = from_ms;
    ask->to_ms = to_ms;
    ask->radius_m = radius_m;
    ask->within_s = within_min * 60;
    return true;
}

static bool load(Call *call, const GeoEventAsk *ask, GError **error)
{
    GeoFleetOptions how = {.at_ms = ask->from_ms, .at_posts = true};
    call->frame = geo_frame_new(geo_store_city(call->store)->epsg, error);
    call->network = call->frame ? geo_network_load(call->store, call->frame, NULL, error) : NULL;
    if (call->network && call->network->facts.edges == 0) {
        g_set_error_literal(error, GEO_ERROR, GEO_ERROR_MISSING,
                            "the city has no roads to come by: import roads or osm first");
        return false;
    }
    if (call->network &&
        !geo_network_set_now(call->network, call->store, ask->from_ms, app_when_now_ms(), error))
        return false;
    call->fleet = call->network
                      ? geo_fleet_load(call->store, call->frame, call->network, &how, NULL, error)
                      : NULL;
    call->recommend = call->fleet ? geo_recommend_new(call->store, call->fleet, call->network,
                                                      call->frame, NULL, error)
                                  : NULL;
    return call->recommend != NULL;
}

static void call_clear(Call *call)
{
    geo_event_free(call->event);
    geo_recommend_free(call->recommend);
    geo_fleet_free(call->fleet);
    geo_network_free(call->network);
    geo_frame_free(call->frame);
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    GeoEventAsk ask = {0};
    if (!read_ask(args, geo_store_city(store)->zone, &ask, error))
        return APP_EXIT_USAGE;
    app_lonlat_warn(store, ask.place);
    Call call = {.store = store};
    gint64 begun_us = g_get_monotonic_time();
    bool ok = load(&call, &ask, error);
    gint64 loaded_us = g_get_monotonic_time();
    call.event = ok ? geo_event_load(store, call.recommend, &ask, NULL, error) : NULL;
    if (call.event) {
        AppEventSaid said = {.event = call.event,
                             .recommend = call.recommend,
                             .fleet = call.fleet,
                             .zone = geo_store_city(store)->zone,
                             .work_ms = (double)(g_get_monotonic_time() - loaded_us) / 1000,
                             .load_ms = (double)(loaded_us - begun_us) / 1000};
        if (app_args_has(args, "json"))
            app_event_print_json(&said);
        else
            app_event_print_text(&said);
    }
    AppExit code = call.event ? APP_EXIT_OK : APP_EXIT_DATA;
    call_clear(&call);
    return code;
}

const AppCommand app_event_command = {
    .name = "event",
    .places = "CITY --place LON,LAT --from TIME --to TIME",
    .summary = "one sheet for a coming matter: who, who sees it, what is left, what to think of",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
