/* SPDX-License-Identifier: GPL-3.0-or-later */
/* services CITY: what can be reported, who handles it and how fast; which item a text suggests, and
 * where a report of it goes. */
#include "app/ctl/services.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "app/ctl/city.h"
#include "app/ctl/lonlat.h"
#include "app/ctl/report.h"
#include "geo/model/error.h"
#include "geo/work/routing.h"

static const AppOption options[] = {
    {"department", "CODE", "items of this department alone"},
    {"suggest", "TEXT", "the item that a narrative suggests, and its words"},
    {"at", "LON,LAT", "where a report of ITEM, or of what TEXT suggests, goes from there"},
    {"load", "FILE", "make this list (CSV) the city's own"},
    {"shipped", NULL, "take the program's own list again"},
    {NULL, NULL, NULL},
};

/* What is asked of one item. */
typedef struct {
    const GeoServiceItem *item; /* NULL: no word of the text suggests any */
    GString *matched;
    GeoPlaceAreas areas;
    GeoRoute route; /* where there is an item */
    bool placed;    /* it was said where */
} Answer;

/* ---- the list ---- */

static void report_item(JsonBuilder *report, const GeoServiceBook *book, const GeoServiceItem *item)
{
    app_report_text(report, "item", item->code);
    app_report_text(report, "name", item->name);
    app_report_text(report, "name_zh", item->name_zh);
    app_report_text(report, "group", g_array_index(book->groups, GeoServiceName, item->group).code);
    app_report_text(report, "department", geo_servicebook_department_of(book, item)->code);
    app_report_text(report, "first", geo_level_words[item->tier]);
    app_report_integer(report, "priority", item->priority);
    app_report_integer(report, "accept_min", item->accept_min);
    app_report_integer(report, "arrive_min", item->arrive_min);
    app_report_integer(report, "report_min", item->report_min);
    app_report_switch(report, "mediation", item->mediation);
}

static void print_list_json(const GeoServiceBook *book, int department)
{
    JsonBuilder *report = app_report_new("services");
    json_builder_set_member_name(report, "departments");
    json_builder_begin_array(report);
    for (guint i = 0; i < book->departments->len; i++) {
        const GeoServiceName *name = &g_array_index(book->departments, GeoServiceName, i);
        json_builder_begin_object(report);
        app_report_text(report, "department", name->code);
        app_report_text(report, "name", name->name);
        app_report_text(report, "name_zh", name->name_zh);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    json_builder_set_member_name(report, "items");
    json_builder_begin_array(report);
    for (guint i = 0; i < book->items->len; i++) {
        const GeoServiceItem *item = geo_servicebook_item(book, i);
        if (department >= 0 && item->department != (uint32_t)department)
            continue;
        json_builder_begin_object(report);
        report_item(report, book, item);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_print(report);
}

static void print_list(const GeoServiceBook *book, int department)
{
    guint n = 0;
    printf("%-20s %-11s %-9s prio accept arrive report    name\n", "item", "department", "first");
    for (guint i = 0; i < book->items->len; i++) {
        const GeoServiceItem *item = geo_servicebook_item(book, i);
        if (department >= 0 && item->department != (uint32_t)department)
            continue;
        n++;
        printf("%-20s %-11s %-9s %4d %6d %6d %6d min %s %s%s\n", item->code,
               geo_servicebook_department_of(book, item)->code, geo_level_words[item->tier],
               item->priority, item->accept_min, item->arrive_min, item->report_min, item->name,
               item->name_zh, item->mediation ? " (mediation)" : "");
    }
    printf("%u items of %u departments; minutes since the report to accept, arrive (0: nobody "
           "goes), report\n",
           n, department >= 0 ? 1 : book->departments->len);
}

static AppExit list(const AppArgs *args, const GeoServiceBook *book, GError **error)
{
    const char *word = app_args_value(args, "department", NULL);
    int department = word ? geo_servicebook_department(book, word) : -1;
    if (word && department < 0) {
        g_autoptr(GString) known = g_string_new(NULL);
        for (guint i = 0; i < book->departments->len; i++)
            g_string_append_printf(known, "%s%s", i ? ", " : "",
                                   g_array_index(book->departments, GeoServiceName, i).code);
        g_set_error(error, APP_USAGE, 0, "there is no department '%s'; there are %s", word,
                    known->str);
        return APP_EXIT_USAGE;
    }
    if (app_args_has(args, "json"))
        print_list_json(book, department);
    else
        print_list(book, department);
    return APP_EXIT_OK;
}

/* ---- one item ---- */

static void print_answer_json(const GeoServiceBook *book, const Answer *answer)
{
    static const GeoLevel places[] = {GEO_LEVEL_GRID, GEO_LEVEL_COMMUNITY, GEO_LEVEL_STREET,
                                      GEO_LEVEL_DISTRICT};
    JsonBuilder *report = app_report_new("services");
    json_builder_set_member_name(report, "found");
    if (answer->item) {
        json_builder_begin_object(report);
        report_item(report, book, answer->item);
        json_builder_end_object(report);
    } else {
        json_builder_add_null_value(report);
    }
    app_report_text(report, "matched", answer->matched->len ? answer->matched->str : NULL);
    json_builder_set_member_name(report, "place");
    json_builder_begin_object(report);
    for (size_t i = 0; i < G_N_ELEMENTS(places); i++)
        app_report_text(report, geo_level_words[places[i]], answer->areas.area[places[i]]);
    json_builder_end_object(report);
    json_builder_set_member_name(report, "ladder");
    json_builder_begin_array(report);
    GeoRoute route = answer->route;
    for (bool more = answer->item != NULL; more; more = geo_route_raise(&route, &answer->areas)) {
        json_builder_begin_object(report);
        app_report_text(report, "level", geo_level_words[route.tier]);
        app_report_text(report, "area", route.area);
        app_report_text(report, "department", route.department->code);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_print(report);
}

static void print_answer(const Answer *answer)
{
    if (!answer->item) {
        puts("no word of it suggests an item");
        return;
    }
    printf("%s: %s %s, priority %d%s\n", answer->item->code, answer->item->name,
           answer->item->name_zh, answer->item->priority,
           answer->item->mediation ? ", mediation" : "");
    if (answer->matched->len)
        printf("words: %s\n", answer->matched->str);
    GeoRoute route = answer->route;
    const char *word = "goes to";
    for (bool more = true; more; more = geo_route_raise(&route, &answer->areas)) {
        printf("%s %s%s%s, %s\n", word, geo_level_words[route.tier], route.area ? " " : "",
               route.area ? route.area : "", route.department->name);
        word = "raised to";
    }
    if (!answer->placed)
        puts("so without a place; --at LON,LAT says where it goes from there");
}

static AppExit answer(const AppArgs *args, GeoStore *store, GError **error)
{
    const char *name = app_args_place(args, 1), *text = app_args_value(args, "suggest", NULL);
    g_autoptr(GString) matched = g_string_new(NULL);
    GeoLonLat at = {NAN, NAN};
    if (!app_lonlat_option(args, "at", &at, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoRouting) routing = geo_routing_load(store, error);
    if (!routing)
        return APP_EXIT_DATA;
    const GeoServiceBook *book = geo_routing_book(routing);
    Answer found = {.matched = matched,
                    .areas = geo_routing_place(routing, at),
                    .placed = app_args_has(args, "at")};
    found.item =
        name ? geo_servicebook_find(book, name) : geo_servicebook_suggest(book, text, matched);
    if (name && !found.item) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING,
                    "there is no service item '%s'; services without a name lists them", name);
        return APP_EXIT_DATA;
    }
    if (found.item)
        found.route = geo_servicebook_route(book, found.item, &found.areas);
    if (app_args_has(args, "json"))
        print_answer_json(book, &found);
    else
        print_answer(&found);
    return APP_EXIT_OK;
}

static AppExit run(const AppArgs *args, GError **error)
{
    bool load = app_args_has(args, "load"), shipped = app_args_has(args, "shipped");
    if ((load && shipped) || (app_args_n(args) > 1 && app_args_has(args, "suggest"))) {
        g_set_error_literal(error, APP_USAGE, 0,
                            "give one of --load and --shipped, and one of ITEM and --suggest");
        return APP_EXIT_USAGE;
    }
    g_autoptr(GeoStore) store = app_city_open(args, load || shipped, error);
    if (!store)
        return APP_EXIT_DATA;
    GeoAct act = app_city_act();
    if ((load || shipped) &&
        !geo_routing_put_services(store, &act, app_args_value(args, "load", NULL), error))
        return APP_EXIT_DATA;
    if (app_args_n(args) > 1 || app_args_has(args, "suggest"))
        return answer(args, store, error);
    g_autoptr(GeoServiceBook) book = geo_routing_services(store, error);
    return book ? list(args, book, error) : APP_EXIT_DATA;
}

const AppCommand app_services_command = {
    .name = "services",
    .places = "CITY [ITEM]",
    .summary = "what can be reported, who handles it, and where it goes",
    .min_places = 1,
    .max_places = 2,
    .options = options,
    .run = run,
};
