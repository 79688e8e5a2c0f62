/* SPDX-License-Identifier: GPL-3.0-or-later */
/* restore: a city from its backup. */
#include "app/ctl/restore.h"

#include <stdio.h>

#include "app/ctl/report.h"
#include "geo/store/store.h"

static AppExit run(const AppArgs *args, GError **error)
{
    const char *file = app_args_place(args, 0), *city = app_args_place(args, 1);
    if (!geo_store_restore(file, city, error))
        return APP_EXIT_DATA;
    if (app_args_has(args, "json")) {
        JsonBuilder *report = app_report_new("restore");
        app_report_text(report, "city", city);
        app_report_print(report);
    } else {
        printf("%s: restored, every hash right\n", city);
    }
    return APP_EXIT_OK;
}

const AppCommand app_restore_command = {
    .name = "restore",
    .places = "FILE CITY",
    .summary = "make a new city from a backup",
    .min_places = 2,
    .max_places = 2,
    .run = run,
};
