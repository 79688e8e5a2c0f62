/* SPDX-License-Identifier: GPL-3.0-or-later */
/* export: a layer of a city for other programs and other people. */
#include "app/ctl/export.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/sightline.h"
#include "geo/model/error.h"
#include "geo/store/export.h"
#include "geo/work/official.h"

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

/* A kind of the city's rows, or one of what is computed from them. */
typedef struct {
    int kind, official; /* -1: not that */
    GeoCoverageOptions sight;
} Layer;

static bool read_layer(const AppArgs *args, Layer *layer, GError **error)
{
    const char *word = app_args_place(args, 1);
    layer->kind = geo_kind_find(word);
    layer->official = layer->kind < 0 ? geo_kind_word(geo_official_words, word) : -1;
    if (layer->official >= 0 || layer->kind >= 0)
        return true;
    g_autoptr(GString) known = g_string_new(NULL);
    for (int i = 0; i < GEO_N_KINDS; i++)
        g_string_append_printf(known, " %s", geo_kind_info((GeoKind)i)->plural);
    for (int i = 0; i < GEO_N_OFFICIALS; i++)
        g_string_append_printf(known, " %s", geo_official_words[i]);
    g_set_error(error, APP_USAGE, 0, "there is no layer '%s'; known are:%s", word, known->str);
    return false;
}

static GeoPublication *publish(GeoStore *store, const Layer *layer, const AppArgs *args,
                               GeoAudience audience, GError **error)
{
    if (layer->official >= 0)
        return geo_official_publish(store, (GeoOfficialLayer)layer->official, &layer->sight,
                                    audience, NULL, error);
    return geo_publish_layer(store, (GeoKind)layer->kind, app_args_value(args, "level", NULL),
                             audience, error);
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
    Layer layer = {0};
    if (!read_audience(args, &audience, error) || !read_layer(args, &layer, error))
        return APP_EXIT_USAGE;
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    AppSightline line;
    if (layer.official >= 0 && !app_sightline_read(args, store, &line, error))
        return APP_EXIT_USAGE;
    if (layer.official >= 0)
        app_sightline_ask(&line, &layer.sight);
    g_autoptr(GeoPublication) publication = publish(store, &layer, args, audience, error);
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
    {"class", "CLASS", "of fields, covered and gaps: " APP_SIGHTLINE_HELP},
    {"night", NULL, "fields, covered and gaps by the reach at night"},
    {NULL, NULL, NULL},
};

const AppCommand app_export_command = {
    .name = "export",
    .places = "CITY LAYER FILE",
    .summary = "write a layer, or exact fields, covered or gaps, as GeoJSON, CSV, GPKG, SHP or KML",
    .min_places = 3,
    .max_places = 3,
    .options = options,
    .run = run,
};
