/* SPDX-License-Identifier: GPL-3.0-or-later */
/* legal CITY: cameras, there or planned, that look into rooms which are not to be seen, and how
 * many dwellings cameras face. */
#include "app/ctl/legal.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "geo/model/error.h"
#include "geo/model/scenario.h"
#include "geo/work/draft.h"
#include "geo/work/legal.h"

#define DEFAULT_TOP 50

typedef struct {
    const char *scenario, *code;
    bool night, json;
    gint64 top;
    const GeoBatch *cameras; /* those asked about */
    double load_ms, work_ms;
} Answer;

static const GeoCamera *camera_of(const Answer *answer, const GeoLegalCamera *one)
{
    return (const GeoCamera *)(const void *)geo_batch_row(answer->cameras, one->camera);
}

static const GeoNolook *room_of(const GeoLegalBook *book, const GeoLegalRoom *room)
{
    return (const GeoNolook *)(const void *)geo_batch_row(geo_legal_rooms(book), room->room);
}

static const char *name_of(const GeoRow *row)
{
    return row->name ? row->name : row->code ? row->code : "without a name";
}

static void print_camera(const Answer *answer, const GeoLegalBook *book, const GeoLegalCamera *one)
{
    const GeoCamera *camera = camera_of(answer, one);
    printf("  %-22s %-10s %.6f %.6f  %zu dwellings faced\n",
           camera->row.code ? camera->row.code : "-", geo_owner_words[camera->owner], one->at.lon,
           one->at.lat, one->legal->dwellings);
    for (guint k = 0; k < one->legal->rooms->len; k++) {
        const GeoLegalRoom *room = &g_array_index(one->legal->rooms, GeoLegalRoom, k);
        const GeoNolook *row = room_of(book, room);
        printf("      %-10s %-10s %s: %.1f m off, %.1f m of its wall, %.1f m2 of it%s\n",
               room->forbidden ? "forbidden" : "consent", geo_nolook_words[row->class],
               name_of(&row->row), room->distance_m, room->wall_m, room->m2,
               room->distance_m == 0 ? ", the camera stands in it" : "");
    }
}

static void print_people(const Answer *answer, const GeoLegalBook *book, const GeoLegalList *list)
{
    printf(
        "Fields of %zu cameras%s%s, %s, as far as a person is detected, against %u rooms that are "
        "not to be seen\n",
        list->checked, answer->scenario ? " of the plan " : "",
        answer->scenario ? answer->scenario : "", answer->night ? "by night" : "by day",
        geo_legal_rooms(book)->rows->len);
    if (geo_legal_rooms(book)->rows->len == 0)
        printf("The city knows no such rooms: import them (import CITY nolooks FILE).\n");
    printf(
        "  look into forbidden rooms %6zu\n  look where consent is due %6zu\n"
        "  face homes                %6zu, %zu dwellings in all (one to each %.0f m2 of floor is "
        "assumed)\n",
        list->forbidden, list->consent, list->facing, list->dwellings, GEO_LEGAL_DWELLING_M2);
    for (guint i = 0; i < list->cameras->len && i < answer->top; i++)
        print_camera(answer, book, &g_array_index(list->cameras, GeoLegalCamera, i));
    printf("%.0f ms of work, %.0f ms of loading\n", answer->work_ms, answer->load_ms);
}

static void report_rooms(JsonBuilder *report, const GeoLegalBook *book, const GeoLegal *legal)
{
    json_builder_set_member_name(report, "rooms");
    json_builder_begin_array(report);
    for (guint k = 0; k < legal->rooms->len; k++) {
        const GeoLegalRoom *room = &g_array_index(legal->rooms, GeoLegalRoom, k);
        const GeoNolook *row = room_of(book, room);
        json_builder_begin_object(report);
        app_report_text(report, "code", row->row.code);
        app_report_text(report, "name", row->row.name);
        app_report_text(report, "class", geo_nolook_words[row->class]);
        app_report_switch(report, "forbidden", room->forbidden);
        app_report_number(report, "distance_m", room->distance_m, 2);
        app_report_number(report, "wall_m", room->wall_m, 2);
        app_report_number(report, "area_m2", room->m2, 2);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
}

static void print_json(const Answer *answer, const GeoLegalBook *book, const GeoLegalList *list)
{
    JsonBuilder *report = app_report_new("legal");
    app_report_text(report, "scenario", answer->scenario);
    app_report_switch(report, "night", answer->night);
    app_report_integer(report, "rooms", geo_legal_rooms(book)->rows->len);
    app_report_integer(report, "checked", (gint64)list->checked);
    app_report_integer(report, "forbidden", (gint64)list->forbidden);
    app_report_integer(report, "consent", (gint64)list->consent);
    app_report_integer(report, "facing_homes", (gint64)list->facing);
    app_report_integer(report, "dwellings", (gint64)list->dwellings);
    app_report_number(report, "dwelling_m2", GEO_LEGAL_DWELLING_M2, 0);
    json_builder_set_member_name(report, "cameras");
    json_builder_begin_array(report);
    for (guint i = 0; i < list->cameras->len && i < answer->top; i++) {
        const GeoLegalCamera *one = &g_array_index(list->cameras, GeoLegalCamera, i);
        json_builder_begin_object(report);
        app_report_text(report, "code", camera_of(answer, one)->row.code);
        app_report_text(report, "owner", geo_owner_words[camera_of(answer, one)->owner]);
        app_report_number(report, "lon", one->at.lon, 7);
        app_report_number(report, "lat", one->at.lat, 7);
        app_report_integer(report, "homes", (gint64)one->legal->homes);
        app_report_integer(report, "dwellings", (gint64)one->legal->dwellings);
        report_rooms(report, book, one->legal);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_number(report, "load_ms", answer->load_ms, 1);
    app_report_number(report, "work_ms", answer->work_ms, 1);
    app_report_print(report);
}

/* Cameras of the plan that will stand: added and changed ones. */
static GeoBatch *planned_cameras(GeoStore *store, const char *name, GError **error)
{
    g_autoptr(GeoDraft) draft = geo_draft_find(store, name, error);
    if (!draft)
        return NULL;
    GeoBatch *cameras = geo_batch_new(GEO_KIND_CAMERA);
    for (guint i = 0; i < draft->difference->rows->len; i++) {
        const GeoPlanned *planned = &g_array_index(draft->difference->rows, GeoPlanned, i);
        if (planned->what == GEO_PLANNED_ADD || planned->what == GEO_PLANNED_EDIT)
            geo_scenario_add_camera(cameras, draft->difference, i);
    }
    return cameras;
}

/* The list, with its times; NULL with error. */
static GeoLegalList *look(Answer *answer, const GeoLegalBook *book, GError **error)
{
    gint64 begin = g_get_monotonic_time();
    GeoLegalList *list =
        geo_legal_list(book, answer->cameras, answer->code, answer->night, NULL, error);
    answer->work_ms = (double)(g_get_monotonic_time() - begin) / 1000;
    if (list && answer->code && list->checked == 0) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_MISSING, "no camera has the code '%s'",
                    answer->code);
        g_clear_pointer(&list, geo_legal_list_free);
    }
    return list;
}

static AppExit run(const AppArgs *args, GError **error)
{
    Answer answer = {.scenario = app_args_value(args, "scenario", NULL),
                     .code = app_args_value(args, "camera", NULL),
                     .night = app_args_has(args, "night"),
                     .top = DEFAULT_TOP};
    if (!app_args_integer(args, "top", 1, 1000000, &answer.top, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    gint64 begin = g_get_monotonic_time();
    GeoSightOptions options = {.night = answer.night, .with_off = true, .metres_only = true};
    g_autoptr(GeoSight) sight = geo_sight_load(store, &options, NULL, error);
    g_autoptr(GeoLegalBook) book = sight ? geo_legal_load(store, sight, error) : NULL;
    g_autoptr(GeoBatch) planned =
        book && answer.scenario ? planned_cameras(store, answer.scenario, error) : NULL;
    if (!book || (answer.scenario && !planned))
        return APP_EXIT_DATA;
    answer.cameras = answer.scenario ? planned : sight->cameras;
    answer.load_ms = (double)(g_get_monotonic_time() - begin) / 1000;
    g_autoptr(GeoLegalList) list = look(&answer, book, error);
    if (!list)
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(&answer, book, list);
    else
        print_people(&answer, book, list);
    return list->forbidden > 0 ? APP_EXIT_FINDINGS : APP_EXIT_OK;
}

static const AppOption options[] = {
    {"scenario", "NAME", "the cameras that this plan adds or changes, not those of the register"},
    {"camera", "CODE", "this one alone, also when it meets no room"},
    {"night", NULL, "by the reach at night"},
    {"top", "N", "list this many (50)"},
    {NULL, NULL, NULL}};

const AppCommand app_legal_command = {
    .name = "legal",
    .places = "CITY",
    .summary = "cameras that look into rooms which are not to be seen",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
