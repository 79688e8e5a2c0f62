/* SPDX-License-Identifier: GPL-3.0-or-later */
/* closure: roads closed by hand for a time; routes and nearest units mind them at once. */
#include "app/ctl/closure.h"

#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"
#include "geo/store/closures.h"
#include "geo/work/network.h"

typedef struct {
    const AppArgs *args;
    GeoStore *store;
    GeoAct act;
    const char *zone;
} Call;

/* ---- adding ---- */

static bool read_profiles(const AppArgs *args, GeoClosure *closure, GError **error)
{
    g_auto(GStrv) words = g_strsplit(app_args_value(args, "profiles", "foot,ebike,car"), ",", -1);
    for (char **word = words; *word; word++) {
        if (!strcmp(*word, "foot"))
            closure->foot = 1;
        else if (!strcmp(*word, "ebike"))
            closure->ebike = 1;
        else if (!strcmp(*word, "car"))
            closure->car = 1;
        else {
            g_set_error(error, APP_USAGE, 0, "--profiles '%s' is none of foot, ebike and car",
                        *word);
            return false;
        }
    }
    return true;
}

static bool read_shape(const Call *call, GeoBatch *batch, GError **error)
{
    unsigned n = app_args_n(call->args);
    GeoClosure *closure = &g_array_index(batch->rows, GeoClosure, 0);
    closure->radius_m = 0;
    if (!app_args_number(call->args, "radius", &closure->radius_m, error))
        return false;
    for (unsigned i = 2; i < n; i++) {
        GeoLonLat at;
        if (!app_lonlat_read("a corner", app_args_place(call->args, i), &at, error))
            return false;
        if (n == 3)
            geo_batch_set_point(batch, at.lon, at.lat);
        else {
            if (i == 2)
                geo_batch_begin(batch, GEO_SHAPE_LINE);
            geo_batch_point(batch, at.lon, at.lat);
        }
    }
    return true;
}

/* How many stretches of road it meets: a line drawn beside the road closes nothing. */
static bool count_edges(const Call *call, const GeoBatch *batch, size_t *n, GError **error)
{
    g_autoptr(GeoFrame) frame = geo_frame_new(geo_store_city(call->store)->epsg, error);
    g_autoptr(GeoNetwork) network =
        frame ? geo_network_load(call->store, frame, NULL, error) : NULL;
    if (network)
        *n = geo_network_closes(network, batch, 0);
    return network != NULL;
}

static bool add(const Call *call, GError **error)
{
    g_autoptr(GeoBatch) batch = geo_batch_new(GEO_KIND_CLOSURE);
    GeoClosure *closure = geo_batch_add(batch);
    size_t n = 0;
    gint64 from_ms = call->act.now_ms, to_ms = 0;
    closure->row.id = geo_act_new_id(call->act.now_ms);
    if (!app_args_has(call->args, "reason")) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "--reason TEXT is needed: who meets the closure reads why");
        return false;
    }
    closure->row.name = geo_batch_text(batch, app_args_value(call->args, "name", NULL));
    closure->reason = geo_batch_text(batch, app_args_value(call->args, "reason", NULL));
    if (!app_when_option(call->args, "from", call->zone, &from_ms, error) ||
        !app_when_option(call->args, "to", call->zone, &to_ms, error) ||
        !read_profiles(call->args, closure, error) || !read_shape(call, batch, error))
        return false;
    closure = &g_array_index(batch->rows, GeoClosure, 0);
    closure->from_ms = from_ms;
    closure->to_ms = to_ms;
    if (!geo_store_put_closure(call->store, &call->act, batch, error) ||
        !count_edges(call, batch, &n, error))
        return false;
    if (!app_args_has(call->args, "json")) {
        printf("closed: %" G_GINT64_FORMAT ", %zu stretches of road\n", closure->row.id, n);
        if (n == 0)
            printf("it meets no road and closes nothing: closure CITY lift %" G_GINT64_FORMAT
                   ", then draw it across one\n",
                   closure->row.id);
        return true;
    }
    JsonBuilder *json = app_report_new("closure add");
    app_report_integer(json, "id", closure->row.id);
    app_report_integer(json, "edges", (gint64)n);
    app_report_print(json);
    return true;
}

/* ---- lifting ---- */

static bool lift(const Call *call, GError **error)
{
    char *end;
    const char *word = app_args_place(call->args, 2);
    int64_t id = g_ascii_strtoll(word, &end, 10);
    if (*end || id <= 0) {
        g_set_error(error, APP_USAGE, 0, "'%s' is no number of a closure: list says them", word);
        return false;
    }
    if (!geo_store_lift_closure(call->store, &call->act, id, error))
        return false;
    if (!app_args_has(call->args, "json")) {
        printf("open again\n");
        return true;
    }
    JsonBuilder *json = app_report_new("closure lift");
    app_report_integer(json, "id", id);
    app_report_print(json);
    return true;
}

/* ---- listing ---- */

static const char *state_of(const GeoClosure *closure, int64_t now_ms)
{
    if (closure->lifted_ms)
        return "lifted";
    if (geo_network_in_force(closure, now_ms))
        return "in force";
    return now_ms < closure->from_ms ? "to come" : "over";
}

static void report_time(JsonBuilder *json, const char *key, int64_t at_ms, const char *zone)
{
    g_autofree char *text = at_ms ? app_when_dup(at_ms, zone) : NULL;
    app_report_text(json, key, text);
}

static void list_json(const Call *call, const GeoBatch *batch, int64_t at_ms)
{
    JsonBuilder *json = app_report_new("closure list");
    json_builder_set_member_name(json, "closures");
    json_builder_begin_array(json);
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoClosure *closure = &g_array_index(batch->rows, GeoClosure, i);
        json_builder_begin_object(json);
        app_report_integer(json, "id", closure->row.id);
        app_report_text(json, "state", state_of(closure, at_ms));
        report_time(json, "from", closure->from_ms, call->zone);
        report_time(json, "to", closure->to_ms, call->zone);
        app_report_switch(json, "foot", closure->foot == 1);
        app_report_switch(json, "ebike", closure->ebike == 1);
        app_report_switch(json, "car", closure->car == 1);
        app_report_text(json, "reason", closure->reason);
        app_report_text(json, "actor", closure->actor);
        app_report_text(json, "lifted_by", closure->lifted_by);
        json_builder_end_object(json);
    }
    json_builder_end_array(json);
    app_report_print(json);
}

static bool list(const Call *call, GError **error)
{
    gint64 at_ms = call->act.now_ms;
    g_autoptr(GeoBatch) batch = geo_store_load(call->store, GEO_KIND_CLOSURE, NULL, error);
    if (!batch || !app_when_option(call->args, "at", call->zone, &at_ms, error))
        return false;
    if (app_args_has(call->args, "json")) {
        list_json(call, batch, at_ms);
        return true;
    }
    if (batch->rows->len == 0)
        puts("nothing was ever closed; closure CITY add LON,LAT LON,LAT --reason TEXT does");
    for (guint i = 0; i < batch->rows->len; i++) {
        const GeoClosure *closure = &g_array_index(batch->rows, GeoClosure, i);
        g_autofree char *from = app_when_dup(closure->from_ms, call->zone);
        g_autofree char *to =
            closure->to_ms ? app_when_dup(closure->to_ms, call->zone) : g_strdup("lifted");
        printf("%" G_GINT64_FORMAT "  %-8s  %s until %s  %s%s%s  %s (%s)\n", closure->row.id,
               state_of(closure, at_ms), from, to, closure->foot == 1 ? "foot " : "",
               closure->ebike == 1 ? "ebike " : "", closure->car == 1 ? "car" : "",
               closure->reason ? closure->reason : "", closure->actor ? closure->actor : "");
    }
    return true;
}

/* ---- the call ---- */

static AppExit run(const AppArgs *args, GError **error)
{
    const char *verb = app_args_n(args) > 1 ? app_args_place(args, 1) : "list";
    bool adds = !strcmp(verb, "add") && app_args_n(args) >= 3;
    bool lifts = !strcmp(verb, "lift") && app_args_n(args) == 3;
    if (!adds && !lifts && (strcmp(verb, "list") != 0 || app_args_n(args) > 2)) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "write: closure CITY [list | add LON,LAT [LON,LAT ...] | lift NUMBER]");
        return APP_EXIT_USAGE;
    }
    g_autoptr(GeoStore) store = app_city_open(args, adds || lifts, error);
    if (!store)
        return APP_EXIT_DATA;
    Call call = {args, store, app_city_act(), geo_store_city(store)->zone};
    bool ok = adds ? add(&call, error) : lifts ? lift(&call, error) : list(&call, error);
    return ok ? APP_EXIT_OK : APP_EXIT_DATA;
}

static const AppOption options[] = {
    {"radius", "METRES", "add: around one place instead of along a line"},
    {"from", "TIME", "add: since when (now)"},
    {"to", "TIME", "add: until when (until it is lifted)"},
    {"profiles", "LIST", "add: to whom (foot,ebike,car)"},
    {"reason", "TEXT", "add: why; needed"},
    {"name", "TEXT", "add: what it is called"},
    {"at", "TIME", "list: the moment asked about (now)"},
    {NULL, NULL, NULL},
};

const AppCommand app_closure_command = {
    .name = "closure",
    .places = "CITY [list | add LON,LAT [LON,LAT ...] | lift NUMBER]",
    .summary = "close roads by hand for a time, and open them again",
    .min_places = 1,
    .max_places = 40,
    .options = options,
    .run = run,
};
