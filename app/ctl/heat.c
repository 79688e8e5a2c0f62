/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "app/ctl/heat.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"
#include "geo/work/hotspot.h"

#define DEFAULT_TOP 10

static const AppOption options[] = {
    {"from", "TIME", "incidents at or after (the first)"},
    {"to", "TIME", "incidents before (the last)"},
    {"radius", "METRES", "of the kernel (by the city's extent, 150 to 400)"},
    {"top", "N", "how many of the hottest places (10)"},
    {NULL, NULL, NULL},
};

typedef struct {
    GeoHotspotOptions heat;
    gint64 top;
} Question;

static bool read_question(const AppArgs *args, const char *zone, Question *question, GError **error)
{
    gint64 from_ms = 0, to_ms = 0;
    *question = (Question){.heat = {.bounds = GEO_BOUNDS_EMPTY}, .top = DEFAULT_TOP};
    if (!app_when_option(args, "from", zone, &from_ms, error) ||
        !app_when_option(args, "to", zone, &to_ms, error) ||
        !app_args_number(args, "radius", &question->heat.radius_m, error) ||
        !app_args_integer(args, "top", 0, 1000, &question->top, error))
        return false;
    if (app_args_has(args, "radius") &&
        !(question->heat.radius_m >= 10 && question->heat.radius_m <= 10000)) {
        g_set_error(error, APP_USAGE, 0, "--radius '%s' is not from 10 to 10000 metres",
                    app_args_value(args, "radius", ""));
        return false;
    }
    if (from_ms != 0 && to_ms == 0)
        to_ms = G_MAXINT64;
    if (to_ms != 0 && from_ms == 0)
        from_ms = G_MININT64;
    if (to_ms < from_ms) {
        g_set_error_literal(error, APP_USAGE, 0, "--to is before --from");
        return false;
    }
    question->heat.from_ms = from_ms;
    question->heat.to_ms = to_ms;
    return true;
}

static char *dup_moment(gint64 at_ms, const char *zone)
{
    bool open = at_ms == 0 || at_ms == G_MININT64 || at_ms == G_MAXINT64;
    return open ? NULL : app_when_dup(at_ms, zone);
}

static void print_json(const GeoHotspot *hotspot, const char *zone, const GeoHotspotCell *cells,
                       size_t n, double load_ms)
{
    JsonBuilder *report = app_report_new("heat");
    g_autofree char *from = dup_moment(hotspot->from_ms, zone);
    g_autofree char *to = dup_moment(hotspot->to_ms, zone);
    app_report_text(report, "from", from);
    app_report_text(report, "to", to);
    app_report_integer(report, "incidents", (gint64)hotspot->n);
    app_report_integer(report, "unplaced", (gint64)hotspot->n_unplaced);
    app_report_text(report, "kernel", "quartic");
    app_report_number(report, "radius_m", hotspot->radius_m, 1);
    app_report_text(report, "unit", "incidents per km2");
    app_report_number(report, "peak", hotspot->peak, 2);
    app_report_integer(report, "columns", (gint64)hotspot->columns);
    app_report_integer(report, "rows", (gint64)hotspot->rows);
    json_builder_set_member_name(report, "cells");
    json_builder_begin_array(report);
    for (size_t i = 0; i < n; i++) {
        json_builder_begin_object(report);
        app_report_integer(report, "rank", (gint64)i + 1);
        app_report_number(report, "density", cells[i].density, 2);
        app_report_number(report, "lon", cells[i].at.lon, 6);
        app_report_number(report, "lat", cells[i].at.lat, 6);
        json_builder_end_object(report);
    }
    json_builder_end_array(report);
    app_report_text(report, "note", hotspot->n ? NULL : "no incidents with a place in this period");
    app_report_number(report, "work_ms", hotspot->work_ms, 3);
    app_report_number(report, "load_ms", load_ms, 1);
    app_report_print(report);
}

static void print_text(const GeoHotspot *hotspot, const char *zone, const GeoHotspotCell *cells,
                       size_t n, double load_ms)
{
    g_autofree char *from = dup_moment(hotspot->from_ms, zone);
    g_autofree char *to = dup_moment(hotspot->to_ms, zone);
    printf("%zu incidents from %s to %s, %zu without a place\n", hotspot->n,
           from ? from : "the first", to ? to : "the last", hotspot->n_unplaced);
    if (hotspot->n == 0) {
        printf("nothing to show: no incidents with a place in this period\n");
        return;
    }
    printf("quartic kernel, radius %.0f m; peak %.1f incidents per km2\n", hotspot->radius_m,
           hotspot->peak);
    for (size_t i = 0; i < n; i++)
        printf("%3zu  %10.1f per km2  at %.6f %.6f\n", i + 1, cells[i].density, cells[i].at.lon,
               cells[i].at.lat);
    printf("%zu x %zu cells in %.1f ms, loading %.0f ms\n", hotspot->columns, hotspot->rows,
           hotspot->work_ms, load_ms);
}

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, false, error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    Question question;
    if (!read_question(args, zone, &question, error))
        return APP_EXIT_USAGE;
    gint64 begun_us = g_get_monotonic_time();
    g_autoptr(GeoHotspot) hotspot = geo_hotspot_load(store, &question.heat, NULL, error);
    if (!hotspot)
        return APP_EXIT_DATA;
    g_autofree GeoHotspotCell *cells = g_new(GeoHotspotCell, (gsize)question.top + 1);
    size_t n = geo_hotspot_top(hotspot, cells, (size_t)question.top);
    double all_ms = (double)(g_get_monotonic_time() - begun_us) / 1000;
    double load_ms = all_ms - hotspot->work_ms;
    if (app_args_has(args, "json"))
        print_json(hotspot, zone, cells, n, load_ms);
    else
        print_text(hotspot, zone, cells, n, load_ms);
    return APP_EXIT_OK;
}

const AppCommand app_heat_command = {
    .name = "heat",
    .places = "CITY",
    .summary = "where incidents of a period are densest, per square kilometre",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
