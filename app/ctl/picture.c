/* SPDX-License-Identifier: GPL-3.0-or-later */
/* picture: one view of a city at one moment, painted into a PNG or PDF file. */
#include "app/ctl/picture.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ctl/city.h"
#include "app/ctl/language.h"
#include "app/ctl/place.h"
#include "app/ctl/report.h"
#include "app/ctl/scene.h"
#include "app/ctl/when.h"
#include "geo/model/error.h"

#define MIN_SIDE 200
#define MAX_SIDE 8192
#define PT_PER_PX 0.75

static const AppOption options[] = {
    {"lon", "DEG", "middle of the picture (default: the densest part of the city)"},
    {"lat", "DEG", "middle of the picture"},
    {"zoom", "Z", "as on web maps, 3 to 20 (default: 15.6)"},
    {"size", "WxH", "pixels (default: 1920x1080)"},
    {"scale", "N", "size of lines and letters, 0.5 to 4 (default: 1)"},
    {"style", "NAME", "night (default) or day"},
    {"layers", "LIST",
     "of base,grids,fields,gaps,heat,units,incidents,labels,legend (default: all)"},
    {"class", "NAME", APP_SIGHTLINE_HELP},
    {"hours", "NAME", "what cameras see by day or by night (default: as the moment is)"},
    {"at", "TIME", "2026-11-21T23:14, in the city's zone (default: its newest moment)"},
    {"lang", "NAME", "en or zh (default: as the locale says)"},
    {NULL, NULL, NULL}};

typedef struct {
    AppSceneOptions scene;
    const char *file;
    bool pdf, place_given, zoom_given;
} Order;

static bool refuse(GError **error, const char *option, const char *word, const char *known)
{
    g_set_error(error, APP_USAGE, 0, "--%s '%s' is not %s", option, word, known);
    return false;
}

static bool read_size(const AppArgs *args, MapsView *view, GError **error)
{
    const char *word = app_args_value(args, "size", "1920x1080");
    unsigned width, height;
    int end = 0;
    if (sscanf(word, "%5ux%5u%n", &width, &height, &end) != 2 || word[end] != '\0' ||
        width < MIN_SIDE || height < MIN_SIDE || width > MAX_SIDE || height > MAX_SIDE)
        return refuse(error, "size", word, "WIDTHxHEIGHT with sides of 200 to 8192 pixels");
    view->width = width;
    view->height = height;
    return true;
}

/* The place of a word in a list; -1 when it is not there. */
static int place_in(const char *const *words, const char *word)
{
    return geo_kind_word(words, word);
}

static bool read_layers(const char *text, unsigned *layers, GError **error)
{
    g_auto(GStrv) words = g_strsplit(text, ",", -1);
    *layers = 0;
    for (char **word = words; *word; word++) {
        int layer = place_in(maps_layer_words, g_strstrip(*word));
        if (layer < 0 && !strcmp(*word, "all"))
            *layers = MAPS_LAYER_ALL;
        else if (layer < 0)
            return refuse(error, "layers", *word,
                          "a layer; known: base, grids, fields, gaps, heat, units, incidents, "
                          "labels, legend, all");
        else
            *layers |= 1u << layer;
    }
    return true;
}

static bool read_words(const AppArgs *args, AppSceneOptions *scene, GError **error)
{
    static const char *const styles[] = {"night", "day", NULL};
    static const char *const hours[] = {"day", "night", NULL};
    static const char *const languages[] = {"en", "zh", NULL};
    const char *style = app_args_value(args, "style", "night");
    const char *hour = app_args_value(args, "hours", NULL);
    const char *lang = app_args_value(args, "lang", NULL);
    if (place_in(styles, style) < 0)
        return refuse(error, "style", style, "night or day");
    if (hour && place_in(hours, hour) < 0)
        return refuse(error, "hours", hour, "day or night");
    if (lang && place_in(languages, lang) < 0)
        return refuse(error, "lang", lang, "en or zh");
    scene->view.style = strcmp(style, "day") ? MAPS_STYLE_NIGHT : MAPS_STYLE_DAY;
    scene->night = hour ? place_in(hours, hour) : -1;
    scene->view.lang = app_language_set(lang);
    scene->layers = MAPS_LAYER_ALL;
    const char *layers = app_args_value(args, "layers", NULL);
    return !layers || read_layers(layers, &scene->layers, error);
}

static bool read_numbers(const AppArgs *args, Order *order, GError **error)
{
    MapsView *view = &order->scene.view;
    view->scale = 1;
    view->zoom = NAN;
    view->middle = (GeoLonLat){NAN, NAN};
    if (!app_args_number(args, "lon", &view->middle.lon, error) ||
        !app_args_number(args, "lat", &view->middle.lat, error) ||
        !app_args_number(args, "zoom", &view->zoom, error) ||
        !app_args_number(args, "scale", &view->scale, error))
        return false;
    order->zoom_given = app_args_has(args, "zoom");
    order->place_given = app_args_has(args, "lon") && app_args_has(args, "lat");
    if (app_args_has(args, "lon") != app_args_has(args, "lat")) {
        g_set_error(error, APP_USAGE, 0, "--lon and --lat go together");
        return false;
    }
    if (order->place_given && (!geo_coord_valid(view->middle) || fabs(view->middle.lat) > 85)) {
        g_set_error(error, APP_USAGE, 0, "--lon %g --lat %g is no place on the map",
                    view->middle.lon, view->middle.lat);
        return false;
    }
    if (order->zoom_given && !(view->zoom >= 3 && view->zoom <= 20))
        return refuse(error, "zoom", app_args_value(args, "zoom", ""), "3 to 20");
    if (!(view->scale >= 0.5 && view->scale <= 4))
        return refuse(error, "scale", app_args_value(args, "scale", ""), "0.5 to 4");
    return read_size(args, view, error);
}

static bool read_file(const char *file, bool *pdf, GError **error)
{
    g_autofree char *folder = g_path_get_dirname(file);
    g_autofree char *lower = g_ascii_strdown(file, -1);
    *pdf = g_str_has_suffix(lower, ".pdf");
    if (!*pdf && !g_str_has_suffix(lower, ".png")) {
        g_set_error(error, APP_USAGE, 0, "'%s' ends neither in .png nor in .pdf", file);
        return false;
    }
    errno = 0;
    if (g_access(folder, W_OK) != 0 || g_file_test(file, G_FILE_TEST_IS_DIR)) {
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s': %s", file,
                    errno ? g_strerror(errno) : "it is a folder");
        return false;
    }
    return true;
}

/* ---- painting ---- */

static cairo_status_t paint_png(const char *file, const MapsView *view, const MapsScene *scene)
{
    cairo_surface_t *surface =
        cairo_image_surface_create(CAIRO_FORMAT_RGB24, (int)view->width, (int)view->height);
    cairo_t *cr = cairo_create(surface);
    maps_paint_scene(cr, view, scene);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_write_to_png(surface, file);
    cairo_surface_destroy(surface);
    return status;
}

static cairo_status_t paint_pdf(const char *file, const MapsView *view, const MapsScene *scene)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create(file, view->width * PT_PER_PX, view->height * PT_PER_PX);
    cairo_t *cr = cairo_create(surface);
    cairo_scale(cr, PT_PER_PX, PT_PER_PX);
    maps_paint_scene(cr, view, scene);
    cairo_show_page(cr);
    cairo_status_t status = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    return status;
}

/* Into a new file that then takes the name, so that a picture is never half of one. */
static bool paint_file(const Order *order, const MapsScene *scene, GError **error)
{
    g_autofree char *part = g_strconcat(order->file, ".part", NULL);
    cairo_status_t status = order->pdf ? paint_pdf(part, &order->scene.view, scene)
                                       : paint_png(part, &order->scene.view, scene);
    if (status != CAIRO_STATUS_SUCCESS || g_rename(part, order->file) != 0) {
        const char *why = status != CAIRO_STATUS_SUCCESS && status != CAIRO_STATUS_WRITE_ERROR
                              ? cairo_status_to_string(status)
                              : g_strerror(errno);
        g_set_error(error, GEO_ERROR, GEO_ERROR_IO, "cannot write '%s': %s", order->file, why);
        g_unlink(part);
        return false;
    }
    return true;
}

static void report(const Order *order, const AppScene *scene, double load_ms, double paint_ms)
{
    const MapsView *view = &order->scene.view;
    const MapsScene *maps = app_scene_maps(scene);
    JsonBuilder *builder = app_report_new("picture");
    app_report_text(builder, "file", order->file);
    app_report_integer(builder, "width", (gint64)view->width);
    app_report_integer(builder, "height", (gint64)view->height);
    app_report_number(builder, "lon", view->middle.lon, 6);
    app_report_number(builder, "lat", view->middle.lat, 6);
    app_report_number(builder, "zoom", view->zoom, 2);
    app_report_integer(builder, "at_ms", app_scene_at_ms(scene));
    app_report_text(builder, "style", view->style == MAPS_STYLE_DAY ? "day" : "night");
    app_report_integer(builder, "fields", (gint64)maps->fields.n);
    app_report_integer(builder, "gaps", (gint64)maps->gaps.n);
    app_report_integer(builder, "heat_incidents", (gint64)maps->heat.n);
    app_report_integer(builder, "units", (gint64)maps->units.n);
    app_report_integer(builder, "trails", (gint64)maps->units.n_trails);
    app_report_integer(builder, "incidents", (gint64)maps->incidents.n);
    app_report_number(builder, "load_ms", load_ms, 0);
    app_report_number(builder, "work_ms", paint_ms, 0);
    app_report_print(builder);
}

static AppExit run(const AppArgs *args, GError **error)
{
    Order order = {.file = app_args_place(args, 1)};
    if (!read_words(args, &order.scene, error) || !read_numbers(args, &order, error) ||
        !read_file(order.file, &order.pdf, error))
        return APP_EXIT_USAGE;
    gint64 begin = g_get_monotonic_time();
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    if (!app_sightline_read(args, store, &order.scene.line, error))
        return APP_EXIT_USAGE;
    if (!app_when_option(args, "at", geo_store_city(store)->zone, &order.scene.at_ms, error))
        return APP_EXIT_USAGE;
    MapsView *view = &order.scene.view;
    GeoLonLat middle = {0, 0};
    double zoom = 15.6;
    if (!order.place_given && !app_place_default(store, &middle, &zoom, error))
        return APP_EXIT_DATA;
    if (!order.place_given)
        view->middle = middle;
    if (!order.zoom_given)
        view->zoom = zoom;
    g_autoptr(AppScene) scene = app_scene_load(store, &order.scene, NULL, error);
    if (!scene)
        return APP_EXIT_DATA;
    gint64 loaded = g_get_monotonic_time();
    if (!paint_file(&order, app_scene_maps(scene), error))
        return APP_EXIT_DATA;
    double load_ms = (double)(loaded - begin) / 1000;
    double paint_ms = (double)(g_get_monotonic_time() - loaded) / 1000;
    if (app_args_has(args, "json"))
        report(&order, scene, load_ms, paint_ms);
    else
        printf("%s: %.0fx%.0f, %.5f %.5f, zoom %.1f (loaded in %.1f s, painted in %.1f s)\n",
               order.file, view->width, view->height, view->middle.lon, view->middle.lat,
               view->zoom, load_ms / 1000, paint_ms / 1000);
    return APP_EXIT_OK;
}

const AppCommand app_picture_command = {
    .name = "picture",
    .places = "CITY FILE.png|FILE.pdf",
    .summary = "paint a part of the city with its overlays",
    .min_places = 2,
    .max_places = 2,
    .options = options,
    .run = run,
};
