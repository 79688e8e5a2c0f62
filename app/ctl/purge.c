/* SPDX-License-Identifier: GPL-3.0-or-later */
/* purge CITY --before TIME: deletes positions whose time to be kept is over. */
#include "app/ctl/purge.h"

#include <stdio.h>

#include "app/ctl/city.h"
#include "app/ctl/report.h"
#include "app/ctl/when.h"

static const AppOption options[] = {
    {"before", "TIME", "positions of the UTC days that end by then"},
    {NULL, NULL, NULL},
};

static AppExit run(const AppArgs *args, GError **error)
{
    g_autoptr(GeoStore) store = app_city_open(args, true, error);
    if (!store)
        return APP_EXIT_DATA;
    const char *zone = geo_store_city(store)->zone;
    gint64 before_ms = -1;
    size_t n_days;
    GeoAct act = app_city_act();
    if (!app_when_option(args, "before", zone, &before_ms, error))
        return APP_EXIT_USAGE;
    if (before_ms < 0) {
        g_set_error_literal(error, APP_USAGE, 0, "--before TIME is needed");
        return APP_EXIT_USAGE;
    }
    if (!geo_store_purge_tracks(store, &act, before_ms, &n_days, error))
        return APP_EXIT_DATA;
    g_autofree char *before = app_when_dup(before_ms, zone);
    if (app_args_has(args, "json")) {
        JsonBuilder *report = app_report_new("purge");
        app_report_text(report, "before", before);
        app_report_integer(report, "days", (gint64)n_days);
        app_report_print(report);
    } else {
        printf("positions of %zu days before %s are deleted; the audit says which\n", n_days,
               before);
    }
    return APP_EXIT_OK;
}

const AppCommand app_purge_command = {
    .name = "purge",
    .places = "CITY",
    .summary = "delete positions of days whose time to be kept is over",
    .min_places = 1,
    .max_places = 1,
    .options = options,
    .run = run,
};
