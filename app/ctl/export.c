/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export: a layer of a city for other programs and other people. */
#include "app/ctl/export.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "geo/model/error.h"
#include "geo/store/export.h"
#include "geo/work/publish.h"

static bool read_audience(const AppArgs *args, GeoAudience *audience, GError **error)
{
    const char *word = app_args_value(args, "audience", "internal");
    int number = geo_kind_word(geo_audience_words, word);
    if (number < 0)
        g_set_error(error, APP_USAGE, 0,
                    "there is no audience '%s'; known are: internal partner public", word);
    else
        *audience = (GeoAudience)number;
    return number >= 0;
}

static bool read_layer(const AppArgs *args, GeoKind *kind, GError **error)
{
    int number = geo_kind_find(app_args_place(args, 1));
    if (number >= 0) {
        *kind = (GeoKind)number;
        return true;
    }
    g_autoptr(GString) known = g_string_new(NULL);
    for (int i = 0; i < GEO_N_KINDS; i++)
        g_string_append_printf(known, " %s", geo_kind_info((GeoKind)i)->plural);
    g_set_error(error, APP_USAGE, 0, "there is no layer '%s'; known are:%s",
                app_args_place(args, 1), known->str);
    return false;
}

static void print_json(const AppArgs *args, const GeoPublication *publication, const char *audience)
{
    JsonBuilder *json = app_report_new("export");
    app_report_text(json, "file", app_args_place(args, 2));
    app_report_text(json, "layer", app_args_place(args, 1));
    app_report_text(json, "audience", audience);
    app_report_text(json, "crs", app_args_value(args, "crs", "EPSG:4326"));
    app_report_integer(json, "rows", publication->rows->rows->len);
    app_report_integer(json, "held_back", publication->held_back);
    app_report_print(json);
}

static AppExit run(const AppArgs *args, GError **error)
{
    GeoAudience audience;
    GeoKind kind;
    if (!read_audience(args, &audience, error) || !read_layer(args, &kind, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    g_autoptr(GeoPublication) publication =
        geo_publish_layer(store, kind, app_args_value(args, "level", NULL), audience, error);
    if (!publication)
        return APP_EXIT_DATA;
    const char *note = geo_store_city(store)->note;
    GeoExportOptions options = {
        .crs = app_args_value(args, "crs", NULL),
        .fields = (const char *const *)publication->fields->pdata,
        .names = (const char *const *)publication->names->pdata,
        .note = *note ? note : NULL,
    };
    if (!geo_export_batch(publication->rows, app_args_place(args, 2), &options, error))
        return APP_EXIT_DATA;
    if (app_args_has(args, "json"))
        print_json(args, publication, geo_audience_words[audience]);
    else
        printf("%u rows of %s written to '%s' for the audience '%s'\n",
               publication->rows->rows->len, app_args_place(args, 1), app_args_place(args, 2),
               geo_audience_words[audience]);
    if (!app_args_has(args, "json") && publication->held_back > 0)
        printf("%" G_GINT64_FORMAT " rows held back: fewer than 5 together\n",
               publication->held_back);
    return APP_EXIT_OK;
}

static const AppOption options[] = {
    {"crs", "CRS", "of the coordinates written: EPSG:4548, gcj02, bd09 ...; default WGS 84"},
    {"audience", "WHO", "internal, partner or public; default internal"},
    {"level", "WORD", "areas of one level"},
    {NULL, NULL, NULL},
};

const AppCommand app_export_command = {
    .name = "export",
    .places = "CITY LAYER FILE",
    .summary = "write a layer as GeoJSON, CSV, GeoPackage, Shapefile or KML, by the ending",
    .min_places = 3,
    .max_places = 3,
    .options = options,
    .run = run,
};
